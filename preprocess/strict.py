"""Runs openapi-spec-validator as a process of its own, which can be killed: JSON on standard input, one problem a line on standard output.

Imports nothing of this repository, so that it starts alone. Nothing is fetched: references that leave the document are cut out first.
"""

import json
import resource
import sys
from typing import Any

MEMORY = 3 * 1024**3
PROCESSOR_SECONDS = 120
MOST = 200  # problems
MESSAGE = 300


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    document = json.load(sys.stdin.buffer)
    cut(document)
    for number, error in enumerate(errors(document)):
        if number == MOST:
            return
        pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in getattr(error, "absolute_path", ()))
        line = {"pointer": pointer, "message": " ".join(str(getattr(error, "message", error)).split())[:MESSAGE]}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def errors(document: dict[str, Any]) -> Any:
    from jsonschema_path import SchemaPath
    from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV30SpecValidator, OpenAPIV31SpecValidator, OpenAPIV32SpecValidator

    version = str(document.get("openapi", document.get("swagger")))[:3]
    validator = {"2.0": OpenAPIV2SpecValidator, "3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator}.get(version, OpenAPIV32SpecValidator)
    return validator(SchemaPath.from_dict(document, handlers={})).iter_errors()


def cut(document: Any) -> None:
    """Takes out every `$ref` that does not begin with "#"."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if isinstance(node.get("$ref"), str) and not node["$ref"].startswith("#"):
                del node["$ref"]
            waiting.extend(node.values())


if __name__ == "__main__":
    main()
