"""Documents made to hurt whoever reads them: each is read whole or refused in a child process with little time and memory, and nothing is fetched."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from bench.ingest_all import judged
from specs.catalogue import operations
from specs.fields import inputs_of_each
from specs.outline import Outlines
from tests.specs.documents import EVAL, answering, taking, tree

SECONDS, MEGABYTES = 20, 400
HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
GENERATOR = EVAL / "gen_hostile.py"


def reference(name: Any) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def schemas(paths: dict[str, Any], named: dict[str, Any]) -> bytes:
    return orjson.dumps(tree(paths, components={"schemas": named}))


def chained_schemas() -> bytes:
    named = {f"S{n}": {"properties": {"next": reference(f"S{n + 1}")}} for n in range(10_000)}
    return schemas({f"/{n}": {"post": taking(reference("S0"))} for n in range(2_000)}, named)


def tangled_schemas() -> bytes:
    named = {
        f"S{n}": {"properties": {key: reference(f"S{(n * key_number + 1) % 5_000}") for key_number, key in ((7, "a"), (3, "b"))}}
        for n in range(5_000)
    }
    return schemas({f"/{n}": {"post": taking(reference(f"S{n}"))} for n in range(5_000)}, named)


def doubling_schemas() -> bytes:
    named = {f"S{n}": {"properties": {key: reference(f"S{n + 1}") for key in "ab"}} for n in range(200)}
    return schemas({"/a": {"post": taking(reference("S0"))}}, named)


def shared_item(operations: int, parameters: int) -> bytes:
    item = {"parameters": [{"name": f"p{n}", "in": "query"} for n in range(parameters)], "get": {}}
    return orjson.dumps(tree({f"/{n}": {"$ref": "#/components/pathItems/A"} for n in range(operations)}, components={"pathItems": {"A": item}}))


def shared_body() -> bytes:
    item = {"post": taking({"properties": {f"p{n}": {"type": "string"} for n in range(20_000)}})}
    return orjson.dumps(tree({f"/{n}": {"$ref": "#/components/pathItems/A"} for n in range(500)}, components={"pathItems": {"A": item}}))


def shared_form() -> bytes:
    item = {"parameters": [{"name": f"f{n}", "in": "formData", "type": "strin"} for n in range(500)], "post": {}}
    return orjson.dumps({"swagger": "2.0", "x-items": {"a": item}, "paths": {f"/{n}": {"$ref": "#/x-items/a"} for n in range(500)}})


def shared(item: Any, operations: int, **more: Any) -> bytes:
    paths: dict[str, Any] = {f"/r{n}": {"$ref": "#/components/pathItems/A"} for n in range(operations)}
    return orjson.dumps(tree(paths | more.pop("paths", {}), components={"pathItems": {"A": item}, **more}))


def schemas_that_hand_on() -> bytes:
    """Each takes over the properties of eight others, these those of eight others, and so on."""
    named = {
        f"S{n}": {"properties": {f"p{n}_{k}": {} for k in range(100)}, "allOf": [reference(f"S{(n * 8 + k + 1) % 1_000}") for k in range(8)]}
        for n in range(1_000)
    }
    return schemas({f"/{n}": {"post": taking(reference(f"S{n}"))} for n in range(1_000)}, named)


def ids_that_all_need() -> bytes:
    lists = {f"/p{n}": {"get": answering({"items": {"properties": {"id": {}}}})} for n in range(100)}
    return shared({"post": taking({"properties": {f"p{n}_id": {} for n in range(100)}})}, 30_000, paths=lists)


def lists_of_one_kind() -> bytes:
    """By their looks all are lists of what each of the ids identifies."""
    record = {"properties": {f"zzq{n}": {} for n in range(10)} | {"id": {"type": "string"}}}
    paths = {f"/things/{{a{n}}}": {"get": answering(record)} for n in range(8_000)}
    return orjson.dumps(tree(paths | {f"/list/x{n}": {"get": answering({"items": record})} for n in range(8_000)}))


def lists_in_lists() -> bytes:
    named = {"L": {"properties": {f"l{n}": {"items": reference("R")} for n in range(60)}}, "R": {"properties": {f"p{n}_id": {} for n in range(100)}}}
    return shared({"get": answering(reference("L"))}, 20_000, schemas=named, paths={"/x/{y_id}": {"get": {}}})


def parameters(*schemas: Any) -> bytes:
    listed = [{"name": f"p{n}", "in": "query", "schema": schema} for n, schema in enumerate(schemas)]
    return orjson.dumps(tree({"/a": {"get": {"parameters": listed}}}))


def swagger_with_many_types() -> bytes:
    types = [f"application/x{n}" for n in range(2_000)]
    body = {"name": "b", "in": "body", "schema": {"properties": {f"p{n}": {"type": "strin"} for n in range(20)}}}
    return orjson.dumps(
        {"swagger": "2.0", "consumes": types, "produces": types, "paths": {f"/{n}": {"post": {"parameters": [body]}} for n in range(500)}}
    )


def doubling(line: str) -> bytes:
    lines = [line.format(name=f"m{n}", many=",".join([f"*m{n - 1}"] * 9)) for n in range(1, 30)]
    return (HEAD + "m0: &m0 {a: 1}\n" + "\n".join(lines) + "\npaths: {}\n").encode()


DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    # what it is -> its bytes, and how many operations are found or the code it is refused with
    "aliases that multiply": (lambda: doubling("{name}: &{name} [{many}]"), "document_too_many_aliases"),
    "merge keys that multiply": (lambda: doubling("{name}: &{name} {{<<: [{many}], k{name}: 1}}"), "document_too_many_aliases"),
    "deep JSON": (lambda: b'{"openapi": "3.1.0", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "document_too_deep"),
    "deep YAML": (lambda: b"openapi: 3.1.0\nx: " + b"{a: " * 100_000, "document_too_deep"),
    "deep YAML of dashes": (lambda: b"openapi: 3.1.0\nx:\n" + b"- " * 100_000, "document_too_deep"),
    "a chain of schemas for many operations": (chained_schemas, "2000"),
    "schemas that all lead to all": (tangled_schemas, "5000"),
    "schemas that double": (doubling_schemas, "1"),
    "references to references": (lambda: schemas({"/a": {"post": taking(reference(0))}}, {str(n): reference(n + 1) for n in range(50_000)}), "1"),
    "one path item for many paths": (lambda: shared_item(200, 2_000), "200"),
    "one path item for too many paths": (lambda: shared_item(2_000, 2_000), "document_too_large"),
    "one body for many paths": (shared_body, "500"),
    "too many operations": (lambda: orjson.dumps(tree({f"/{n}": {"get": {}} for n in range(100_001)})), "document_too_large"),
    "a wide allOf": (lambda: parameters({"allOf": [{"properties": {f"p{n}": {}}} for n in range(50_000)]}), "1"),
    "a long enum": (lambda: parameters({"enum": [f"v{n}" for n in range(300_000)]}), "1"),
    "patterns that repeat": (lambda: parameters({"pattern": "((a{1,100}){1,100}){1,100}"}, {"pattern": "(a+)+" * 900}), "1"),
    "a path of placeholders": (lambda: orjson.dumps(tree({"/" + "".join(f"{{{n}}}" for n in range(1_300)): {"get": {}}})), "1"),
    "a path of braces": (lambda: orjson.dumps(tree({"/" + "{" * 1_000_000: {"get": {}}, "/a": {"get": {}}})), "1"),
    "long names": (lambda: parameters({"properties": {letter * 1_000_000: {"type": "strin"} for letter in "abc"}}), "1"),
    "half a character": (lambda: b'{"openapi": "3.1.0", "paths": {"/a": {"get": {"summary": "\\ud800"}}}}', "document_not_json"),
    "numbers that are none": (lambda: b'{"openapi": "3.1.0", "paths": {"/a": {"get": {"x": NaN, "y": -Infinity}}}}', "1"),
    "numbers beyond all bounds": (lambda: b'{"openapi": "3.1.0", "paths": {"/a": {"get": {"x": 1e999, "y": ' + b"9" * 100_000 + b"}}}}", "1"),
    "one form for many paths": (shared_form, "500"),
    "an allOf of itself, many times": (lambda: schemas({"/a": {"post": taking(reference("A"))}}, {"A": {"allOf": [reference("A")] * 100}}), "1"),
    "many media types": (swagger_with_many_types, "500"),
    "a name of many words": (lambda: shared({"get": {"parameters": [{"name": "abc_" * 100_000 + "id", "in": "query"}]}}, 1), "1"),
    "one long operationId for many paths": (lambda: shared({"get": {"operationId": "ab " * 300_000}}, 2_000), "2000"),
    "one long tag for many paths": (lambda: shared({"get": {"tags": ["ab " * 300_000]}}, 2_000), "2000"),
    "schemas that hand on their properties": (schemas_that_hand_on, "1000"),
    "ids that all operations need": (ids_that_all_need, "30100"),
    "lists of one kind": (lists_of_one_kind, "16000"),
    "lists in lists": (lists_in_lists, "20001"),
}  # fmt: skip


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_hostile_document_is_read_or_refused_within_bounds(what: str, tmp_path: Path) -> None:
    made, expected = DOCUMENTS[what]
    path = tmp_path / "document.json"
    path.write_bytes(made())
    found = judged(path)
    assert (found["status"], str(found.get("operations", found.get("code")))) == ("ok" if expected.isdigit() else "rejected", expected)
    assert found["cpu_seconds"] < SECONDS
    assert found["peak_mb"] < MEGABYTES


def test_a_body_that_many_operations_share_is_looked_at_once() -> None:
    root = tree({f"/{n}": {"post": taking(reference("S"))} for n in range(2)}, components={"schemas": {"S": {"properties": {"a": {}}}}})
    outlines = Outlines(root)
    first, second = (outlines.inputs(raw) for raw in operations(root)[0])
    assert [one.name for one in first] == ["a"]
    assert first[0] is second[0]


@pytest.mark.parametrize(("many", "each"), [(0, 60), (1_000, 60), (10_000, 50), (100_000, 5)])
def test_of_very_many_operations_fewer_inputs_each_are_indexed(many: int, each: int) -> None:
    assert inputs_of_each(many) == each


if GENERATOR.exists():  # without the folder this test is not collected

    def test_the_generated_hostile_documents_are_read_or_refused(tmp_path: Path) -> None:
        done = subprocess.run([sys.executable, str(GENERATOR), str(tmp_path), "--small"], capture_output=True, check=True)
        for one in map(orjson.loads, done.stdout.splitlines()):
            found = judged(tmp_path / one["file"])
            assert found["status"] in {"reject": ("rejected",), "accept": ("ok",), "safe": ("ok", "rejected")}[one["expect"]], one
            assert found["cpu_seconds"] < SECONDS
            assert found["peak_mb"] < MEGABYTES
