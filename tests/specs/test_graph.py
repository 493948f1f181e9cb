"""The dependency graph: which list holds the id that an operation needs."""

from typing import Any

import pytest

from specs.graph import Graph
from tests.specs.documents import answering, compiled, taking

USER = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "team": {"type": "object", "properties": {"id": {"type": "string"}}}},
}


def suppliers(paths: dict[str, Any], operation: str, **more: Any) -> dict[str, list[tuple[str, str]]]:
    found = compiled(paths, **more).operation(operation).suppliers
    return {name: [(one.operation, one.pointer) for one in several] for name, several in found.items()}


def path(name: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def reading(path_: str, schema: Any) -> dict[str, Any]:
    return {path_: {"get": {"operationId": "list", **answering(schema)}}}


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "array", "items": USER}, "/*/id"),
        ({"type": "object", "properties": {"total": {"type": "integer"}, "items": {"type": "array", "items": USER}}}, "/items/*/id"),
        ({"type": "object", "properties": {"data": {"properties": {"rows": {"items": USER}}}}}, "/data/rows/*/id"),
        ({"allOf": [{"type": "object"}, {"properties": {"users": {"items": {"allOf": [USER]}}}}]}, "/users/*/id"),
        ({"allOf": [{"properties": {"data": {"items": {"type": "object"}}}}, {"properties": {"data": {"items": USER}}}]}, "/data/*/id"),
        ({"type": "array", "items": {"properties": {"user_id": {"type": "string"}, "id": {"type": "string"}}}}, "/*/user_id"),
        ({"type": "array", "items": {"properties": {"id": {"type": "integer"}}}}, None),
        ({"type": "array", "items": {"properties": {"colour": {"type": "string"}}}}, None),
        ({}, None),
        (True, None),
    ],
)
def test_the_list_above_a_record_supplies_its_id_where_its_response_has_it(schema: Any, pointer: str | None) -> None:
    paths = {**reading("/users", schema), "/users/{user_id}": {"delete": {"operationId": "remove", "parameters": [path("user_id")]}}}
    assert suppliers(paths, "remove") == ({"user_id": [("list", pointer)]} if pointer else {})


def test_ids_in_bodies_and_queries_are_supplied_by_lists_of_their_noun() -> None:
    paths = {
        **reading("/users", {"type": "array", "items": USER}),
        "/orders": {
            "post": {
                "operationId": "order",
                "parameters": [{"name": "ownerUserId", "in": "query"}],
                **taking({"properties": {"user_id": {}, "note": {}}}),
            }
        },
    }
    assert suppliers(paths, "order") == {"ownerUserId": [("list", "/*/id")], "user_id": [("list", "/*/id")]}


def test_a_field_named_like_another_paths_placeholder_is_supplied_by_that_paths_list() -> None:
    paths = {
        **reading("/users", {"type": "array", "items": {"properties": {"username": {"type": "string"}}}}),
        "/users/{username}": {"get": {"operationId": "one", "parameters": [path("username")]}},
        "/groups/{group}/members": {
            "post": {"operationId": "join", "parameters": [path("group")], **taking({"properties": {"username": {"type": "string"}}})}
        },
    }
    assert suppliers(paths, "join") == {"username": [("list", "/*/username")]}


def test_what_a_collection_makes_anew_is_not_looked_up_in_it() -> None:
    listed = {**answering({"type": "array", "items": {"properties": {"username": {"type": "string"}}}}), "operationId": "list"}
    made = {"operationId": "make", **taking({"properties": {"username": {"type": "string"}}})}
    assert suppliers({"/users": {"get": listed, "post": made}, "/users/{username}": {"get": {"parameters": [path("username")]}}}, "make") == {}


def test_links_come_first() -> None:
    linked = {"operationId": "recent", **answering({"type": "object"})}
    linked["responses"]["200"]["links"] = {"one": {"operationId": "remove", "parameters": {"path.user_id": "$response.body#/last/id"}}}
    paths = {
        "/recent": {"get": linked},
        **reading("/users", {"type": "array", "items": USER}),
        "/users/{user_id}": {"delete": {"operationId": "remove", "parameters": [path("user_id")]}},
    }
    assert suppliers(paths, "remove") == {"user_id": [("recent", "/last/id"), ("list", "/*/id")]}


def test_only_reading_operations_supply() -> None:
    paths = {
        "/users": {"post": {"operationId": "make", **answering({"type": "array", "items": USER})}},
        "/users/{user_id}": {"delete": {"operationId": "remove", "parameters": [path("user_id")]}},
    }
    assert suppliers(paths, "remove") == {}


def test_cyclic_schemas_end() -> None:
    schemas = {
        "Node": {
            "properties": {"id": {"type": "string"}, "nodes": {"items": {"$ref": "#/components/schemas/Node"}}},
            "allOf": [{"$ref": "#/components/schemas/Node"}],
        }
    }
    paths = {
        **reading("/nodes", {"$ref": "#/components/schemas/Node"}),
        "/nodes/{node_id}": {"get": {"operationId": "one", "parameters": [path("node_id")]}},
    }
    assert suppliers(paths, "one", components={"schemas": schemas}) == {"node_id": [("list", "/nodes/*/id")]}


def test_operations_on_a_resource_have_roles() -> None:
    paths = {
        "/users": {key: {} for key in ("get", "post")},
        "/users/{id}": {key: {} for key in ("get", "post", "put", "patch", "delete")},
        "/users/{id}/lock": {"post": {}},
        "/health": {"get": {}},
        "/prefs": {"put": {}},
    }
    document = compiled(paths)
    graph = Graph.loads(document.graph.dumps(), document.catalogue.ids)
    roles = {(entry.method, entry.path): graph.role(number) for number, entry in enumerate(document.catalogue)}
    assert roles == {
        ("GET", "/users"): "list", ("POST", "/users"): "create",
        ("GET", "/users/{id}"): "read", ("POST", "/users/{id}"): "update", ("PUT", "/users/{id}"): "update", ("PATCH", "/users/{id}"): "update",
        ("DELETE", "/users/{id}"): "delete", ("POST", "/users/{id}/lock"): "", ("GET", "/health"): "", ("PUT", "/prefs"): "update",
    }  # fmt: skip


def test_a_list_whose_name_says_nothing_supplies_by_its_looks() -> None:
    film = {"properties": {"id": {"type": "string"}, "title": {}, "runtime": {}, "budget": {}}}
    person = {"properties": {"id": {"type": "string"}, "born": {}, "gender": {}}}
    cast = {"properties": {"cast": {"items": {"properties": {"id": {"type": "string"}, "born": {}, "gender": {}, "character": {}}}}}}
    paths = {
        "/films/popular": {"get": {"operationId": "popular", **answering({"properties": {"results": {"items": film}}})}},
        "/films/{film_id}": {"get": {"operationId": "film", "parameters": [path("film_id")], **answering(film)}},
        "/films/{film_id}/credits": {"get": {"operationId": "credits", "parameters": [path("film_id")], **answering(cast)}},
        "/people/{person_id}": {"get": {"operationId": "person", "parameters": [path("person_id")], **answering(person)}},
    }
    assert suppliers(paths, "film") == {"film_id": [("popular", "/results/*/id")]}
    assert suppliers(paths, "person") == {"person_id": [("credits", "/cast/*/id")]}


def test_records_inside_of_others_and_ids_in_others_supply() -> None:
    shops = {"items": {"properties": {"id": {"type": "string"}}}}
    order = {"properties": {"id": {"type": "string"}, "customer_id": {"type": "string"}, "shops": shops}}
    paths = {
        "/orders": {"get": {"operationId": "orders", **answering({"type": "object", **order})}},
        "/shops/{shop_id}": {"delete": {"operationId": "close", "parameters": [path("shop_id")]}},
        "/customers/{customer_id}": {"delete": {"operationId": "forget", "parameters": [path("customer_id")]}},
    }
    assert suppliers(paths, "close") == {"shop_id": [("orders", "/shops/*/id")]}
    assert suppliers(paths, "forget") == {"customer_id": [("orders", "/customer_id")]}
