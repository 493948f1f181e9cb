"""Responses made from schemas: what is stated, ids, lists, what the request said, and an end in any schema."""

import json
from typing import Any

import pytest

from tests.tools.product import operation
from tools.made_up import ITEMS, MOST, made_up


def answered(schema: Any, *, status: str = "200", path: str = "/things/{thing_id}", said: Any = (), **more: Any) -> Any:
    response = {"description": "", "content": {"application/json": {"schema": schema}}}
    named = [{"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}] if "{" in path else []
    found = operation({path: {"get": {"operationId": "x", "parameters": named, "responses": {status: response}}}}, **more)
    return made_up(found, dict(said), "thing_id")


def properties(**named: Any) -> Any:
    return {"type": "object", "properties": named}


def test_what_the_document_states_comes_first() -> None:
    schema = properties(
        a={"type": "string", "examples": ["from examples"], "default": "no"}, b={"type": "string", "default": "usual"},
        c={"type": "string", "enum": ["open", "closed"]}, d={"const": 7}, e={"type": "string", "example": "from example"},
        f={"type": "array", "items": {"type": "integer"}, "example": [3, 4]}, g={"type": "boolean", "default": False},
    )  # fmt: skip
    made = {"a": "from examples", "b": "usual", "c": "open", "d": 7, "e": "from example", "f": [3, 4], "g": False}
    assert answered(schema) == (200, made)


def test_a_list_has_items_with_ids_of_their_own_and_no_next_page() -> None:
    item = properties(
        id={"type": "integer", "example": 5}, uuid={"type": "string", "format": "uuid"}, owner_id={"type": "string"}, name={"type": "string"}
    )
    schema = properties(items={"type": "array", "items": item}, next={"type": "string"}, has_more={"type": "boolean"}, total={"type": "integer"})
    _, body = answered(schema, path="/things")
    assert (len(body["items"]), body["total"], set(body)) == (ITEMS, ITEMS, {"items", "total"})
    for name in ("id", "uuid", "owner_id", "name"):
        assert len({each[name] for each in body["items"]}) == ITEMS
    assert answered(schema, path="/things") == answered(schema, path="/things")


def test_an_example_of_an_item_gets_an_id_of_its_own() -> None:
    _, body = answered({"type": "array", "items": {"type": "object", "example": {"id": "a", "name": "Ada"}}})
    assert [each["name"] for each in body] == ["Ada", "Ada"]
    assert len({each["id"] for each in body}) == ITEMS


def test_what_the_request_said_stands_in_the_answer() -> None:
    record = properties(id={"type": "integer"}, title={"type": "string"}, status={"type": "string"})
    assert answered(record, said={"thing_id": "42", "status": "open"})[1] == {"id": 42, "title": "title 1", "status": "open"}
    _, found = answered({"type": "array", "items": record}, path="/things", said={"query": "Titanic", "status": "open"})
    assert [each["title"] for each in found] == ["Titanic", "title 2"]
    assert {each["status"] for each in found} == {"open"}


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({}, (200, {})), ({"204": {"description": ""}}, (204, None)), ({"404": {"description": ""}}, (200, {})),
        ({"202": {"description": ""}, "404": {"description": ""}}, (202, {})),
        ({"204": {"description": ""}, "201": {"description": "", "content": {"application/json": {"schema": {"const": 1}}}}}, (201, 1)),
        ({"default": {"description": "", "content": {"application/json": {"schema": {"const": 1}}}}}, (200, 1)),
        ({"2XX": {"description": "", "content": {"application/json": {"schema": {"const": 1}}}}}, (200, 1)),
    ],
)  # fmt: skip
def test_the_status_is_the_first_success_that_says_something(responses: Any, expected: Any) -> None:
    assert made_up(operation({"/a": {"get": {"operationId": "x", "responses": responses or {"200": {"description": ""}}}}}), {}) == expected


def test_any_schema_has_an_end() -> None:
    node = properties(
        id={"type": "integer"},
        children={"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        parent={"$ref": "#/components/schemas/Node"},
    )
    wide = properties(**{f"p{n}": {"$ref": "#/components/schemas/Node"} for n in range(200)})
    _, body = answered(wide, components={"schemas": {"Node": {**node, "required": ["id", "children", "parent"]}}})
    assert len(json.dumps(body)) < 100 * MOST
    assert answered({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Loop"}]}, components={"schemas": {"Loop": {"anyOf": [
        {"$ref": "#/components/schemas/Loop"}]}}})[0] == 200  # fmt: skip


@pytest.mark.parametrize(
    "schema",
    [True, {}, {"type": "string", "minLength": "x", "maxLength": None}, {"type": "integer", "minimum": "1"}, {"enum": "no list"},
     {"type": "object", "examples": {"a": 1}}, {"type": ["string", "null"], "maxLength": 3}, {"allOf": [{"type": "string"}]}],
)  # fmt: skip
def test_whatever_a_document_writes_there_is_an_answer(schema: Any) -> None:
    status, body = answered(schema)
    assert (status, body is not None) == (200, True)
