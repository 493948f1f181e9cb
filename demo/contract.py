"""The product's own document: which operations there are, and what a request must look like."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from demo.messages import JSON, Refused, invalid

DOCUMENT = Path(__file__).parent.parent / "specs" / "examples" / "identity.yaml"
KEY_HEADER = "Idempotency-Key"
WORDS = {"email": "is not an email address", "date-time": "is not a date-time of RFC 3339"}


@dataclass(frozen=True, slots=True)
class Declared:
    """One operation of the document, as far as a request is checked against it."""

    id: str
    method: str
    path: str
    query: Mapping[str, Mapping[str, Any]]  # schema by parameter name
    check_query: Callable[[JSON], Iterator[jsonschema_rs.ValidationError]]
    check_body: Callable[[JSON], Iterator[jsonschema_rs.ValidationError]] | None
    takes_key: bool

    @property
    def changing(self) -> bool:
        return self.method != "GET"


@cache
def document() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(DOCUMENT.read_bytes())
    return parsed


@cache
def operations() -> tuple[Declared, ...]:
    """Longer literal paths first, so that /audit-logs/report is not taken for an entry's id."""
    found = [
        _declared(path, method, operation, item.get("parameters", []))
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]
    return tuple(sorted(found, key=lambda operation: operation.path.count("{")))


def _declared(path: str, method: str, operation: dict[str, Any], shared: list[Any]) -> Declared:
    parameters = [_resolved(parameter) for parameter in [*shared, *operation.get("parameters", [])]]
    query = {p["name"]: _resolved(p["schema"]) for p in parameters if p["in"] == "query"}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return Declared(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        query=query,
        check_query=_checker({"type": "object", "properties": query, "additionalProperties": False}),
        check_body=_checker(body) if body else None,
        takes_key=any(p["name"] == KEY_HEADER for p in parameters),
    )


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        _, *steps = node["$ref"].split("/")
        node = document()
        for step in steps:
            node = node[step]
    return node


def _checker(schema: dict[str, Any]) -> Callable[[JSON], Iterator[jsonschema_rs.ValidationError]]:
    whole = {**schema, "components": {"schemas": document()["components"]["schemas"]}}
    # Masked: a refused password must not be repeated in the answer.
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True, mask="it").iter_errors


def read_query(operation: Declared, given: Mapping[str, str]) -> dict[str, Any]:
    """The query as the document types it, with its defaults."""
    typed = {name: _typed(value, operation.query.get(name, {})) for name, value in given.items()}
    _refuse(operation.check_query(typed))
    defaults = {name: schema["default"] for name, schema in operation.query.items() if "default" in schema}
    return {**defaults, **typed}


def _typed(value: str, schema: Mapping[str, Any]) -> str | int:
    return int(value) if schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]{1,9}", value) else value


def read_body(operation: Declared, body: JSON) -> JSON:
    if operation.check_body is None:
        return None
    _refuse(operation.check_body(body))
    return body


def read_key(operation: Declared, given: str | None) -> str | None:
    if not operation.takes_key or given is None:
        return None
    if not 8 <= len(given) <= 128:
        raise invalid((KEY_HEADER, "must be 8 to 128 characters long"))
    return given


def _refuse(errors: Iterator[jsonschema_rs.ValidationError]) -> None:
    found = tuple(pair for error in errors for pair in _worded(error))
    if found:
        raise invalid(*found)


def _worded(error: jsonschema_rs.ValidationError) -> list[tuple[str, str]]:
    """(field, message) without the value itself."""
    field = ".".join(str(step) for step in error.instance_path) or "body"
    wanted = error.kind.as_dict()
    match error.kind.name:
        case "required":
            return [(wanted["property"], "is required")]
        case "additionalProperties":
            return [(name, "is not known") for name in wanted["unexpected"]]
        case "enum":
            return [(field, "must be one of " + ", ".join(map(str, wanted["options"])))]
        case "format":
            return [(field, WORDS.get(wanted["format"], f"is not a {wanted['format']}"))]
        case _:
            return [(field, error.message.removeprefix("it "))]


def malformed() -> Refused:
    return Refused(400, "malformed_body", "the body is not JSON")
