"""Writes the requests we build for the golden set as JSON lines, for bench/crosscheck.py in an environment of its own.

    python -m bench.golden_requests | .oracle/bin/python bench/crosscheck.py
"""

import base64
import json
import sys
from typing import Any

from tests.tools.cases import Case, golden
from tools.request import Request


def line(case: Case, request: Request) -> dict[str, Any]:
    return {
        "id": case.id,
        "file": case.file,
        "document": case.source,
        "path": case.group["path"],
        "method": case.method,
        "base": case.base,
        "arguments": case.arguments,
        "json": case.raw.get("json"),
        "files": {handle: base64.b64encode(each.body).decode() for handle, each in case.files.items()},
        "url": request.url,
        "headers": request.headers,
        "body": None if request.body is None else base64.b64encode(request.body).decode(),
    }


def main() -> None:
    for case in golden():
        request = case.built(case.arguments)
        if isinstance(request, Request):
            print(json.dumps(line(case, request)))
        elif "refused" not in case.raw:
            print(f"not built: {case.id}: {request.reason}", file=sys.stderr)


if __name__ == "__main__":
    main()
