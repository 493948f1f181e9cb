"""What an operation takes and gives, in outline."""

from typing import Any

import pytest

from specs.catalogue import operations
from specs.outline import Input, Outlines, Records
from tests.specs.documents import answering, taking, tree

ROW = {"properties": {"id": {"type": "integer"}, "name": {"type": ["string", "null"]}, "tags": {"type": "array"}, "any": {}}}
TYPES = {"id": "integer", "name": "string", "tags": "array", "any": None}


def outlined(operation: dict[str, Any], item: dict[str, Any] | None = None, **more: Any) -> tuple[list[Input], tuple[Records, ...]]:
    root = tree({"/a/{x}": {**(item or {}), "post": operation}}, **more)
    (raw,) = operations(root)[0]
    outlines = Outlines(root)
    return outlines.inputs(raw), outlines.records(raw)


def query(name: Any, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def nested(depth: int, schema: Any) -> Any:
    return {"properties": {"a": nested(depth - 1, schema)}} if depth else schema


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        (ROW, {"": TYPES}),
        ({"type": "array", "items": ROW}, {"/*": TYPES}),
        ({"properties": {"total": {}, "rows": {"items": ROW}}}, {"/rows/*": TYPES, "": {"total": None, "rows": None}}),
        ({"properties": {"a/b~": {"items": ROW}}}, {"/a~1b~0/*": TYPES, "": {"a/b~": None}}),
        ({"allOf": [ROW, {"properties": {"more": {"type": "boolean"}}}]}, {"": {**TYPES, "more": "boolean"}}),
        ({"oneOf": [ROW, {"properties": {"other": {}}}]}, {"": TYPES}),  # the first alternative
        ({"$ref": "#/components/schemas/Row"}, {"": TYPES}),
        ({"items": {"$ref": "#/components/schemas/Row"}}, {"/*": TYPES}),
        ({"items": {"items": ROW}}, {}),
        ({"$ref": "#/components/schemas/None"}, {}),
        ({"$ref": 5}, {}),
        ({"properties": []}, {}),
        ({"properties": {"a": 5}}, {"": {"a": None}}),
        ({"items": 5}, {}),
        ("x", {}),
        (None, {}),
        (nested(3, {"items": ROW}), {"/a/a/a/*": TYPES, "": {"a": None}, "/a": {"a": None}, "/a/a": {"a": None}}),
        (nested(4, {"items": ROW}), {"": {"a": None}, "/a": {"a": None}, "/a/a": {"a": None}, "/a/a/a": {"a": None}}),
        ({"properties": {"x" * 201: {}, "y": {}}}, {"": {"y": None}}),  # such a name would be repeated everywhere
    ],
)
def test_records_of_a_response_and_where_they_lie(schema: Any, found: dict[str, Any]) -> None:
    _, records = outlined(answering(schema), components={"schemas": {"Row": ROW}})
    assert {one.pointer: dict(one.types) for one in records} == found
    assert [one.listed for one in records] == sorted((one.listed for one in records), reverse=True), "lists come first"


@pytest.mark.parametrize(
    ("responses", "found"),
    [
        ({"201": ROW, "default": {}}, [""]),
        ({"2XX": ROW}, [""]),
        ({"404": ROW}, []),
        ({"204": ROW}, []),
    ],
)
def test_only_what_succeeds_counts(responses: dict[str, Any], found: list[str]) -> None:
    described = {status: answering(schema)["responses"]["200"] for status, schema in responses.items()}
    assert [one.pointer for one in outlined({"responses": described})[1]] == found


@pytest.mark.parametrize("content", [None, [], {}, {"text/html": {"schema": ROW}}, {"application/json": 5}, {"application/json": {"schema": 5}}])
def test_a_response_that_is_no_json_has_no_records(content: Any) -> None:
    assert outlined({"responses": {"200": {"content": content}}})[1] == ()


@pytest.mark.parametrize(
    ("parameter", "found"),
    [
        (query("q", type="string"), [Input("q", "query", False, "string", "", ())]),
        (query("q", type="array", items={"type": "integer"}), [Input("q", "query", False, "integer", "", ())]),
        (query("q", enum=["a", 5, "b"]), [Input("q", "query", False, None, "", ("a", "b"))]),
        (query("q", items={"enum": ["a"]}), [Input("q", "query", False, None, "", ("a",))]),
        ({**query("q", description="of the schema"), "required": True}, [Input("q", "query", True, None, "of the schema", ())]),
        ({**query("q", description="of the schema"), "description": "own"}, [Input("q", "query", False, None, "own", ())]),
        ({"name": "x", "in": "path"}, [Input("x", "path", True, None, "", ())]),
        ({"$ref": "#/components/parameters/P"}, [Input("p", "query", False, None, "", ())]),
        ({"name": "h", "in": "header"}, []),
        (query("q" * 201), []),
        (query(""), []),
        (query(None), []),
        ({"name": "q", "in": ["query"]}, []),
        ({"$ref": "#/components/parameters/None"}, []),
        (5, []),
    ],
)
def test_parameters(parameter: Any, found: list[Input]) -> None:
    assert outlined({"parameters": [parameter]}, components={"parameters": {"P": query("p")}})[0] == found


def test_parameters_of_the_operation_come_before_those_of_its_path_and_then_the_body() -> None:
    body = taking({"required": ["b"], "properties": {"b": {"type": "string", "description": "B"}, "c": {}}})
    inputs, _ = outlined({"parameters": [query("q", type="string")], **body}, {"parameters": [query("q", type="integer"), query("r")]})
    assert [(one.name, one.location, one.required, one.type) for one in inputs] == [
        ("q", "query", False, "string"),
        ("r", "query", False, None),
        ("b", "body", True, "string"),
        ("c", "body", False, None),
    ]


@pytest.mark.parametrize("odd", [5, "x", [], {"content": 5}, {"content": {"application/json": 5}}, {"content": {"application/json": {"schema": 5}}}])
def test_odd_bodies_and_parameters_give_nothing(odd: Any) -> None:
    assert outlined({"requestBody": odd, "parameters": odd})[0] == []


def test_what_is_shared_is_read_once_and_of_very_many_operations_less_of_each() -> None:
    shared = {"components": {"schemas": {"Row": {"properties": {f"p{n}": {"items": ROW} for n in range(100)}}}}}
    reference = {"$ref": "#/components/schemas/Row"}
    root = tree({f"/{n}": {"post": {**taking(reference), **answering(reference)}} for n in range(2)}, **shared)
    raws, few, many = operations(root)[0], Outlines(root), Outlines(root, 100_000)
    first, second = (few.records(raw) for raw in raws)
    assert len(first) == 60
    assert all(one.types is other.types for one, other in zip(first, second, strict=True))
    assert (len(few.inputs(raws[0])), len(many.inputs(raws[0])), len(many.records(raws[0]))) == (100, 20, 5)
