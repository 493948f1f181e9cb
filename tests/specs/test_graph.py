"""The dependency graph: which list holds the id that an operation needs."""

from typing import Any

import pytest

from specs.document import Document
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


LISTED = answering({"type": "array", "items": USER})


def graph(paths: dict[str, Any], **more: Any) -> tuple[Document, Graph]:
    """As it comes back from where it was stored."""
    document = compiled(paths, **more)
    return document, Graph.loads(document.graph.dumps(), document.catalogue.ids)


USERS = {
    "/users": {"get": {"operationId": "list", "parameters": [{"name": "q", "in": "query"}], **LISTED}},
    "/users/{user_id}": {
        "get": {"operationId": "one", "parameters": [path("user_id")], **answering(USER)},
        "delete": {"operationId": "remove", "parameters": [path("user_id")]},
    },
    "/users/{user_id}/posts": {"get": {"operationId": "posts", "parameters": [path("user_id")]}},
    "/search": {"post": {"operationId": "search", "parameters": [{"name": "query", "in": "query"}]}},
}


def test_a_graph_comes_back_as_it_was_stored() -> None:
    document, found = graph(USERS)
    assert found.dumps() == document.graph.dumps()
    for number in range(len(document.catalogue)):
        assert found.needs(number) == document.graph.needs(number)
        assert found.suppliers(number) == document.graph.suppliers(number) == document.operation(document.catalogue.ids[number]).suppliers
        assert found.searches(number) == document.graph.searches(number)
        for place in found.needs(number).values():
            assert found.supply(place) == document.graph.supply(place)
            assert found.reader(place) == document.graph.reader(place)


@pytest.mark.parametrize("paths", [{}, {"/a": {"get": {}}}])
def test_a_graph_without_suppliers_comes_back(paths: dict[str, Any]) -> None:
    document, found = graph(paths)
    assert [found.needs(number) for number in range(len(document.catalogue))] == [{}] * len(paths)
    assert found.dumps() == document.graph.dumps()


def test_what_needs_the_same_shares_one_list_whose_reader_is_known() -> None:
    document, found = graph(USERS)
    places = {found.needs(document.number(one))["user_id"] for one in ("one", "remove", "posts")}
    (place,) = places
    assert [(document.catalogue.ids[number], pointer) for number, pointer in found.supply(place)] == [("list", "/*/id")]
    assert found.reader(place) == document.number("one")


def test_what_only_changes_or_reads_something_below_reads_no_record() -> None:
    paths = {name: {method: one for method, one in item.items() if one["operationId"] != "one"} for name, item in USERS.items()}
    document, found = graph(paths)
    assert found.reader(found.needs(document.number("remove"))["user_id"]) is None


def test_reading_operations_that_take_a_text_to_look_for_search() -> None:
    document, found = graph(USERS)
    assert [one for one in document.catalogue.ids if found.searches(document.number(one))] == ["list"]


def test_at_most_so_many_suppliers_are_told_and_never_the_operation_itself() -> None:
    lists = {f"/{n}/users": {"get": {"operationId": f"list{n}", **LISTED}} for n in range(6)}
    document, found = graph({**lists, **USERS})
    number = document.number("remove")
    assert [one.operation for one in found.suppliers(number, 3)["user_id"]] == ["list", "list0", "list1"]
    assert len(found.suppliers(number, 1)["user_id"]) == 1
    assert all(one.operation != "list0" for one in found.suppliers(document.number("list0")).get("user_id", ()))


FILM = {"properties": {"id": {"type": "integer"}, "runtime": {}, "budget": {}, "tagline": {}}}
FILMS = {
    "/movie/{movie_id}": {"get": {"operationId": "one", "parameters": [path("movie_id", "integer")], **answering(FILM)}},
    "/person/{person_id}": {"get": {"operationId": "person", **answering({"properties": {"id": {"type": "integer"}, "born": {}}})}},
}


@pytest.mark.parametrize(
    ("place", "schema", "pointer"),
    [
        ("/popular", {"properties": {"results": {"items": FILM}}}, "/results/*/id"),  # by its looks a list of films
        ("/popular", {"properties": {"results": {"items": {"properties": {"id": {"type": "integer"}, "colour": {}}}}}}, None),
        ("/popular", {"properties": {"results": {"items": {"properties": {**FILM["properties"], "id": {"type": "string"}}}}}}, None),
        ("/popular", FILM, None),  # one film is no list
        ("/popular", {"properties": {"favourite_movie": {"items": {"properties": {"id": {"type": "integer"}}}}}}, "/favourite_movie/*/id"),
        ("/popular", {"properties": {"movie": {"properties": {"id": {"type": "integer"}}}}}, "/movie/id"),
        ("/ratings", {"items": {"properties": {"movie_id": {"type": "integer"}, "stars": {}}}}, "/*/movie_id"),  # holds another's id
        ("/ratings", {"items": {"properties": {"film_id": {"type": "integer"}, "stars": {}}}}, None),
    ],
)
def test_records_are_known_by_their_looks_by_the_property_that_holds_them_and_by_ids_in_them(place: str, schema: Any, pointer: str | None) -> None:
    found = suppliers({**FILMS, **reading(place, schema)}, "one").get("movie_id", [])
    assert found == ([("list", pointer)] if pointer else [])


@pytest.mark.parametrize("odd", [5, "x", [], {}, None])
def test_odd_links_and_responses_supply_nothing(odd: Any) -> None:
    users = {"/users/{user_id}": {"delete": {"operationId": "remove", "parameters": [path("user_id")]}}}
    for response in (odd, {"links": odd}, {"links": {"a": odd}}, {"links": {"a": {"operationId": odd, "operationRef": odd, "parameters": odd}}}):
        assert suppliers({"/users": {"get": {"operationId": "list", "responses": {"200": response}}}, **users}, "remove") == {}
    assert suppliers({"/users": {"get": {"operationId": "list", "responses": odd}}, **users}, "remove") == {}


def test_a_link_leads_by_reference_also_to_a_field_without_a_place() -> None:
    linked = {"operationId": "recent", **answering({})}
    linked["responses"]["200"]["links"] = {
        "one": {"operationRef": "#/paths/~1users~1{user_id}/delete", "parameters": {"user_id": "$response.body#/id"}},
        "none": {"operationRef": "https://elsewhere.example/", "parameters": {"user_id": "$response.body#/other"}},
        "header": {"operationId": "remove", "parameters": {"user_id": "$response.header.id"}},
    }
    users = {"/users/{user_id}": {"delete": {"operationId": "remove", "parameters": [path("user_id")]}}}
    assert suppliers({"/recent": {"get": linked}, **users}, "remove") == {"user_id": [("recent", "/id")]}


def test_where_a_response_has_no_schema_its_example_tells_what_it_holds() -> None:
    content = {"content": {"application/json": {"example": {"users": [{"id": "u1", "name": "Ann"}]}}}}
    paths = {
        "/users": {"get": {"operationId": "list", "responses": {"200": {"description": "", **content}}}},
        "/users/{user_id}": {"delete": {"operationId": "remove", "parameters": [path("user_id")]}},
    }
    assert suppliers(paths, "remove") == {"user_id": [("list", "/users/*/id")]}


def test_a_list_that_shares_only_an_id_with_a_record_is_not_of_its_kind() -> None:
    listed = {"properties": {"results": {"items": {"properties": {"id": {"type": "string"}, "total": {}}}}}}
    film = {"properties": {"id": {"type": "string"}}}
    paths = {
        "/invoices-of-today": {"get": {"operationId": "today", **answering(listed)}},
        "/films/{film_id}": {"get": {"operationId": "film", "parameters": [path("film_id")], **answering(film)}},
    }
    assert suppliers(paths, "film") == {}
