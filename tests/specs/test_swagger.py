"""Swagger 2.0: everything it says arrives as if it had been said in OpenAPI 3, and problems name the place where it stands."""

from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.compile import compile_document
from specs.catalogue import operations
from specs.document import Document
from specs.lines import with_lines
from specs.model import Flow, Operation
from specs.schema import normalise
from tests.specs.documents import only
from tests.specs.test_document import MESS, codes
from tests.specs.test_schema import SCHEMAS


def swagger(paths: dict[str, Any] | None = None, **more: Any) -> Document:
    return compile_document(orjson.dumps({"swagger": "2.0", "info": {"title": "Shop", "version": "1"}, "paths": paths or {}, **more}))


def posted(*parameters: Any, **more: Any) -> Operation:
    operation = {"parameters": list(parameters), **{name: more.pop(name) for name in ("consumes", "schemes") if name in more}}
    return only(swagger({"/a": {"post": operation}}, **more))


def form(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "formData", "type": "string", **more}


@pytest.mark.parametrize(
    ("head", "urls"),
    [
        ({"host": "shop.test", "basePath": "/v1", "schemes": ["http", "https"]}, ["https://shop.test/v1", "http://shop.test/v1"]),
        ({"host": "shop.test:8080", "schemes": ["ws", "http"]}, ["http://shop.test:8080"]),
        ({"host": "shop.test", "basePath": "v1/"}, ["https://shop.test/v1"]),
        ({"host": "https://shop.test/"}, ["https://shop.test"]),
        ({"basePath": "/v1", "schemes": ["https"]}, ["/v1"]),
        ({}, ["/"]),
        ({"host": 5, "basePath": [], "schemes": {}}, ["/"]),
        ({"host": "shop.test", "schemes": [5, None, []]}, ["https://shop.test"]),
    ],
)
def test_host_base_path_and_schemes_are_servers(head: dict[str, Any], urls: list[str]) -> None:
    assert [server.url for server in swagger(**head).servers] == urls


def test_an_operations_own_schemes_are_its_servers() -> None:
    assert [one.url for one in posted(host="shop.test", schemes=["http"]).servers] == ["http://shop.test"]


def test_security_definitions_are_security_schemes() -> None:
    document = swagger(
        securityDefinitions={
            "user": {"type": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "app": {"type": "oauth2", "flow": "application", "tokenUrl": "https://id.test/token", "scopes": {"read": "", "write": ""}},
            "web": {
                "type": "oauth2",
                "flow": "accessCode",
                "authorizationUrl": "https://id.test",
                "tokenUrl": "https://id.test/t",
                "scopes": {"r": ""},
            },
            "odd": {"type": "oauth2", "flow": 5},
            "bad": {"type": "apiKey"},
        },
        security=[{"key": []}],
    )
    schemes = document.security_schemes
    assert (schemes["user"].type, schemes["user"].scheme) == ("http", "basic")
    assert (schemes["key"].location, schemes["key"].parameter) == ("header", "X-Key")
    assert (schemes["app"].token_url, schemes["app"].scopes) == ("https://id.test/token", ("read", "write"))
    assert (schemes["web"].token_url, schemes["web"].scopes) == (None, ("r",))
    assert schemes["web"].flows == {"authorizationCode": Flow("https://id.test", "https://id.test/t", None, ("r",))}
    assert document.security == ({"key": ()},)
    assert [(one.code, one.pointer) for one in document.problems] == [("security_scheme_malformed", "/securityDefinitions/bad")]


def test_what_describes_a_parameters_value_becomes_its_schema() -> None:
    operation = only(
        swagger(
            {
                "/a/{id}": {
                    "parameters": [
                        {"$ref": "#/parameters/limit"},
                        {"name": "id", "in": "path", "required": True, "type": "integer", "format": "int64"},
                    ],
                    "get": {
                        "parameters": [
                            {"name": "state", "in": "query", "type": "string", "enum": ["on", "off"], "x-example": "on", "x-nullable": True}
                        ]
                    },
                }
            },
            parameters={
                "limit": {"name": "limit", "in": "query", "description": "How many", "type": "integer", "maximum": 9, "exclusiveMaximum": True}
            },
        )
    )
    limit, identifier, state = operation.parameters
    assert (limit.name, limit.description, limit.schema) == ("limit", "How many", {"type": "integer", "exclusiveMaximum": 9})
    assert (identifier.required, identifier.schema, identifier.style) == (True, {"type": "integer", "format": "int64"}, "simple")
    assert (state.example, state.schema) == ("on", {"type": ["string", "null"], "enum": ["on", "off"]})


@pytest.mark.parametrize(
    ("collection_format", "style", "explode"),
    [
        (None, "form", False),
        ("csv", "form", False),
        ("multi", "form", True),
        ("ssv", "spaceDelimited", False),
        ("pipes", "pipeDelimited", False),
        ("tsv", "tabDelimited", False),
        ([], "form", False),
    ],
)
def test_collection_formats_are_styles(collection_format: Any, style: str, explode: bool) -> None:
    given_format = {} if collection_format is None else {"collectionFormat": collection_format}
    document = swagger(
        {"/a": {"get": {"parameters": [{"name": "ids", "in": "query", "type": "array", "items": {"type": "string"}, **given_format}]}}}
    )
    (parameter,) = only(document).parameters
    assert (parameter.style, parameter.explode, parameter.schema) == (style, explode, {"type": "array", "items": {"type": "string"}})
    assert codes(document) == []


@pytest.mark.parametrize(
    ("of_document", "of_operation", "types"),
    [
        (None, None, ["application/json"]),
        (["application/xml"], None, ["application/xml"]),
        (["application/xml"], ["application/json", "application/xml"], ["application/json", "application/xml"]),
        (["application/xml"], [], ["application/json"]),
        (None, ["*/*"], ["application/json"]),
        ("text", {"a": 1}, ["application/json"]),
    ],
)
def test_a_body_has_the_media_types_that_are_consumed(of_document: Any, of_operation: Any, types: list[str]) -> None:
    body = {"name": "b", "in": "body", "required": True, "description": "d", "schema": {"$ref": "#/definitions/Pet"}}
    operation = only(
        swagger(
            {"/a": {"post": {"parameters": [body], **({} if of_operation is None else {"consumes": of_operation})}}},
            **({} if of_document is None else {"consumes": of_document}),
            definitions={"Pet": {"type": "object", "discriminator": "kind", "properties": {"kind": {"type": "string"}}}},
        )
    )
    assert operation.body is not None
    assert (operation.body.required, operation.body.description, operation.parameters) == (True, "d", ())
    assert [(media.name, media.schema) for media in operation.body.content] == [(name, {"$ref": "#/$defs/Pet"}) for name in types]
    assert operation.definitions["Pet"] == {"type": "object", "properties": {"kind": {"type": "string"}}, "discriminator": {"propertyName": "kind"}}


@pytest.mark.parametrize(
    ("consumes", "fields", "types"),
    [
        (None, [form("a")], ["application/x-www-form-urlencoded"]),
        (["multipart/form-data"], [form("a")], ["multipart/form-data"]),
        (["application/x-www-form-urlencoded", "application/json"], [form("a")], ["application/x-www-form-urlencoded"]),
        (["application/json"], [form("a")], ["application/x-www-form-urlencoded"]),
        (["application/x-www-form-urlencoded"], [form("a"), form("f", type="file")], ["multipart/form-data"]),
    ],
)
def test_form_fields_are_one_body(consumes: Any, fields: Any, types: list[str]) -> None:
    body = posted(*fields, **({"consumes": consumes} if consumes else {})).body
    assert body is not None
    assert [media.name for media in body.content] == types


def test_a_forms_fields_keep_what_is_said_of_them() -> None:
    body = posted(form("name", required=True, description="Whose"), form("photo", type="file"), form("kind", enum=["a"])).body
    assert body is not None
    assert body.required
    assert body.content[0].schema == {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "Whose"},
            "photo": {"type": "string", "format": "binary"},
            "kind": {"type": "string", "enum": ["a"]},
        },
        "required": ["name"],
    }


def test_body_and_form_of_a_path_serve_its_operations_unless_they_have_their_own() -> None:
    body = {"name": "b", "in": "body", "schema": {"type": "integer"}}
    document = swagger(
        {
            "/a": {
                "parameters": [body],
                "put": {},
                "post": {"parameters": [form("x")]},
                "patch": {"parameters": [{**body, "schema": {"type": "string"}}]},
            }
        }
    )
    schemas = {entry.method: document.operation(entry.id).body for entry in document.catalogue}
    assert {method: one.content[0].schema for method, one in schemas.items() if one} == {
        "PUT": {"type": "integer"},
        "PATCH": {"type": "string"},
        "POST": {"type": "object", "properties": {"x": {"type": "string"}}},
    }


def test_a_body_and_a_form_together_are_told() -> None:
    document = swagger({"/a": {"post": {"parameters": [{"name": "b", "in": "body", "schema": {"type": "integer"}}, form("x")]}}})
    assert [(one.code, one.pointer) for one in document.problems] == [("body_and_form", "/paths/~1a/post/parameters")]
    assert only(document).body is not None


def test_a_body_of_the_path_is_not_replaced_by_form_fields_nor_they_by_a_body() -> None:
    body = {"name": "b", "in": "body", "schema": {"type": "integer"}}
    for shared, own in (([body], [form("x")]), ([form("x")], [body]), ([body, form("x")], []), ([body, {**body, "name": "c"}], [])):
        document = swagger({"/a": {"parameters": shared, "post": {"parameters": own}}})
        assert [(one.code, one.pointer) for one in document.problems] == [("body_and_form", "/paths/~1a/post/parameters")]


def test_responses_have_the_media_types_that_are_produced() -> None:
    missing_one = {"description": "", "schema": {"type": "string"}}
    several = {"200": {"$ref": "#/responses/Pets"}, "204": {"description": "none"}, "404": missing_one}
    listed = {"type": "array", "items": {"$ref": "#/definitions/Pet"}}
    document = swagger(
        {
            "/a": {"get": {"produces": ["application/json", "application/xml"], "responses": several}},
            "/file": {"get": {"produces": ["image/png"], "responses": {"200": {"description": "", "schema": {"type": "file"}}}}},
        },
        responses={"Pets": {"description": "pets", "schema": listed, "headers": {"X-Next": {"type": "string"}}}},
        definitions={"Pet": {"type": "object"}},
    )
    pets, none, missing = document.operation("get_a").responses
    assert [media.name for media in pets.content] == ["application/json", "application/xml"]
    assert (pets.description, pets.content[0].schema) == ("pets", {"type": "array", "items": {"$ref": "#/$defs/Pet"}})
    assert (none.content, missing.content[0].schema) == ((), {"type": "string"})
    (image,) = document.operation("get_file").responses[0].content
    assert (image.name, image.schema) == ("image/png", {"type": "string", "format": "binary"})


def test_ids_are_supplied_by_the_responses_of_lists() -> None:
    pets = {"description": "", "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}}}
    document = swagger(
        {
            "/pets": {"get": {"responses": {"200": pets}}},
            "/pets/{petId}": {"get": {"parameters": [{"name": "petId", "in": "path", "type": "string"}]}},
        },
        definitions={"Pet": {"type": "object", "properties": {"id": {"type": "string"}}}},
    )
    assert [(one.operation, one.pointer) for one in document.operation("get_pets_petId").suppliers["petId"]] == [("get_pets", "/*/id")]


def test_operations_are_found_by_their_parameters_and_the_fields_of_their_bodies() -> None:
    body = {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}
    document = swagger(
        {"/a": {"post": {"parameters": [body]}}, "/b": {"get": {"parameters": [{"name": "q", "in": "query", "type": "string", "enum": ["sold"]}]}}},
        definitions={"Pet": {"properties": {"nickname": {"type": "string"}}}},
    )
    assert [document.words.search(text, 1)[0][0] for text in ("nickname", "sold")] == ["post_a", "get_b"]


def test_problems_name_the_place_where_it_stands() -> None:
    text = b"""swagger: "2.0"
info: {title: t, version: "1"}
paths:
  /a/{id}:
    parameters:
    - {name: id, in: path, required: true, type: strin}
    post:
      parameters:
      - in: body
        name: b
        schema:
          properties:
            x: {type: moon}
      - $ref: "#/parameters/q"
      - {name: y, in: moon, type: string}
      responses:
        200: {description: "", schema: {type: sun}}
        404: {$ref: "#/responses/none"}
    put:
      parameters:
      - {name: f, in: formData, type: star}
parameters:
  q: {name: q, in: query, type: array, items: {type: planet}}
responses:
  none:
    description: ""
    schema: {minimum: low}
"""
    document = compile_document(text)
    found = with_lines([one for entry in document.catalogue for one in document.operation_problems(entry.id)], text)
    assert {(one.pointer, one.line) for one in found} == {
        ("/paths/~1a~1{id}/parameters/0/type", 6),
        ("/paths/~1a~1{id}/post/parameters/0/schema/properties/x/type", 13),
        ("/parameters/q/items/type", 23),
        ("/paths/~1a~1{id}/post/parameters/2", 15),
        ("/paths/~1a~1{id}/post/responses/200/schema/type", 17),
        ("/responses/none/schema/minimum", 27),
        ("/paths/~1a~1{id}/put/parameters/0/type", 21),
    }


@given(
    st.dictionaries(st.sampled_from(["paths", "host", "schemes", "consumes", "produces", "parameters", "responses", "definitions"]), MESS), MESS, MESS
)
def test_wrong_types_everywhere_never_crash(head: dict[str, Any], first: Any, second: Any) -> None:
    names = ("parameters", "responses", "consumes", "schemes", "items", "default")
    odd: list[Any] = [
        first,
        {"in": "body", "schema": second},
        {"in": "formData", "name": second, "type": "file"},
        {"name": "f", "in": "formData", "x": first},
    ]
    operation = {
        **dict.fromkeys(names, first),
        "parameters": odd,
        "responses": {"200": second, "201": {"schema": first, "headers": {"a": second}, "examples": first}},
    }
    paths = {"/a": {"parameters": second, "get": operation}, "/b": {"parameters": odd, "put": {"parameters": [], "responses": first}, "x": second}}
    for tree in ({"paths": paths, **head}, {**head, "paths": paths}):
        document = compile_document(
            orjson.dumps({**tree, "swagger": "2.0", "securityDefinitions": {"a": first, "b": {"type": "oauth2", "flow": second}}})
        )
        for entry in document.catalogue:
            document.operation(entry.id)


@given(SCHEMAS)
def test_whatever_schema_is_given_the_result_compiles(schema: Any) -> None:
    once = normalise(schema, "/definitions/A", old=True, home="/definitions/")
    jsonschema_rs.validator_for(once.schema)


def test_what_many_paths_share_is_seen_once() -> None:
    shared = {"parameters": [{"name": "q", "in": "query", "type": "string"}], "get": {}, "put": {}}
    found, _ = operations({"swagger": "2.0", "paths": {f"/{n}": {"$ref": "#/x-items/a"} for n in range(9)}, "x-items": {"a": shared}})
    assert len(found) == 18
    assert len({id(raw.operation) for raw in found}) == 2
    assert len({id(raw.item["parameters"]) for raw in found}) == 1
