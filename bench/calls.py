"""What checking and building a request costs, for an operation of twenty arguments: `python -m bench.calls [--json]`

Beside it, on the same arguments and in the same run, the check alone by openapi-schema-validator, which has no repairs and builds nothing.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from openapi_schema_validator import OAS31Validator

from bench.parts import table
from preprocess.compile import compile_document
from tools.arguments import check
from tools.request import Request, Target, build
from tools.schema import definition
from tools.settings import DocumentSettings

AIM = 0.3  # ms for check() and build() together
ROUNDS = 2_000

TEXT, COUNT, TAGS = {"type": "string", "maxLength": 200}, {"type": "integer", "minimum": 0}, {"type": "array", "items": {"type": "string"}}
POSTCODE = {"type": "string", "pattern": "^[0-9A-Z ]+$"}
ADDRESS = {"type": "object", "required": ["city"], "properties": {"street": TEXT, "city": TEXT, "postcode": POSTCODE}}
LINE = {"type": "object", "required": ["sku", "count"], "properties": {"sku": TEXT, "count": COUNT, "note": TEXT}}
PARAMETERS = [
    {"name": "shop", "in": "path", "required": True, "schema": TEXT},
    {"name": "expand", "in": "query", "schema": TAGS},
    {"name": "fields", "in": "query", "explode": False, "schema": TAGS},
    {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object", "additionalProperties": TEXT}},
    {"name": "dry_run", "in": "query", "schema": {"type": "boolean"}},
    {"name": "X-Trace", "in": "header", "schema": TEXT},
    {"name": "theme", "in": "cookie", "schema": TEXT},
]
BODY: dict[str, Any] = {
    "type": "object",
    "required": ["customer", "lines"],
    "properties": {
        "customer": TEXT, "email": {"type": "string", "format": "email"}, "state": {"enum": ["new", "paid", "sent"]}, "priority": COUNT,
        "total": {"type": "number"}, "gift": {"type": "boolean"}, "tags": TAGS, "note": TEXT, "due": {"type": "string", "format": "date"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}, "billing": {"$ref": "#/components/schemas/Address"},
        "shipping": {"$ref": "#/components/schemas/Address"}, "lines": {"type": "array", "items": LINE},
    },
}  # fmt: skip
ARGUMENTS: dict[str, Any] = {
    "shop": "shop 7", "expand": ["customer", "lines"], "fields": ["id", "total"], "filter": {"state": "new", "since": "2026-01-01"}, "dry_run": True,
    "X-Trace": "t-1", "theme": "dark", "customer": "cus_1", "email": "ada@shop.test", "state": "new", "priority": 3, "total": 614.5, "gift": False,
    "tags": ["a", "b"], "note": "Leave it at the door.", "due": "2026-05-31", "currency": "EUR",
    "billing": {"street": "High Street 1", "city": "Ulm", "postcode": "89073"}, "shipping": {"street": "High Street 1", "city": "Ulm"},
    "lines": [{"sku": "A-1", "count": 2}, {"sku": "B-2", "count": 1, "note": "blue"}],
}  # fmt: skip
TREE = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/shops/{shop}/orders": {"post": {
        "operationId": "createOrder", "parameters": PARAMETERS, "responses": {"200": {"description": "ok"}},
        "requestBody": {"required": True, "content": {"application/json": {"schema": BODY}}},
    }}},
    "components": {"schemas": {"Address": ADDRESS}},
}  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """Median ms of CPU."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time_ns()
        work()
        spent.append((time.process_time_ns() - begun) / 1e6)
    return statistics.median(spent)


def measured() -> dict[str, float]:
    operation = compile_document(json.dumps(TREE).encode()).operation("createOrder")
    tool, target = definition(operation, DocumentSettings()), Target("https://shop.test/v1", {})
    assert len(tool.fields) == len(ARGUMENTS) == 20
    assert check(tool, ARGUMENTS).problems == ()
    assert isinstance(build(operation, tool, ARGUMENTS, target), Request)
    schema = {"type": "object", "properties": {each.name: each.schema for each in tool.fields}, "$defs": dict(tool.definitions)}
    theirs = OAS31Validator(schema)
    assert list(theirs.iter_errors(ARGUMENTS)) == []
    return {
        "check() with repairs": timed(lambda: check(tool, ARGUMENTS)),
        "build()": timed(lambda: build(operation, tool, ARGUMENTS, target)),
        "check() and build()": timed(lambda: build(operation, tool, check(tool, ARGUMENTS).arguments, target)),
        "openapi-schema-validator, its check alone": timed(lambda: list(theirs.iter_errors(ARGUMENTS))),
    }


def main() -> None:
    found = measured()
    if "--json" in sys.argv:
        print(json.dumps(found))
        return
    both = found["check() and build()"]
    print(table(["twenty arguments", "ms of CPU", "ratio"], [[name, f"{spent:.3f}", f"{spent / both:.1f}"] for name, spent in found.items()]))
    print(f"aim: check() and build() within {AIM} ms: {'reached' if both <= AIM else 'not reached'}")


if __name__ == "__main__":
    main()
