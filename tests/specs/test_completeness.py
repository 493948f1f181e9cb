"""All that a document describes is found: methods, servers, path items, webhooks and callbacks, and what OpenAPI 3.2 adds."""

from typing import Any

import pytest

from specs.model import Server, ServerVariable
from tests.specs.documents import answering, compiled, only, taking
from tests.specs.test_document import codes

METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]


def test_every_method_of_a_path_item_is_an_operation() -> None:
    document = compiled({"/a": {method: {} for method in METHODS}}, openapi="3.2.0")
    assert [entry.method for entry in document.catalogue] == [method.upper() for method in METHODS]


def test_methods_without_a_field_of_their_own_are_operations_too() -> None:
    item = {"parameters": [{"name": "q", "in": "query"}], "get": {}, "additionalOperations": {"COPY": {"summary": "Copy it"}, "x-Purge": {}}}
    document = compiled({"/a": item}, openapi="3.2.0")
    assert [(entry.method, entry.summary) for entry in document.catalogue] == [("GET", ""), ("COPY", "Copy it"), ("X-PURGE", "")]
    assert [one.name for one in document.operation("copy_a").parameters] == ["q"]
    assert codes(document) == []


@pytest.mark.parametrize(
    ("name", "code"), [("GET", "method_unusable"), ("A B", "method_unusable"), ("", "method_unusable"), ("COPY", "operation_malformed")]
)
def test_an_additional_operation_that_cannot_be_used_is_told(name: str, code: str) -> None:
    document = compiled({"/a": {"additionalOperations": {name: "text"}}}, openapi="3.2.0")
    assert [(one.code, one.pointer) for one in document.problems] == [(code, f"/paths/~1a/additionalOperations/{name}")]


def test_a_problem_in_an_additional_operation_is_told_where_it_stands() -> None:
    item = {"parameters": [5], "additionalOperations": {"COPY": {"parameters": [6]}}}
    document = compiled({"/a": item}, openapi="3.2.0")
    assert [one.pointer for one in document.operation_problems("copy_a")] == [
        "/paths/~1a/parameters/0",
        "/paths/~1a/additionalOperations/COPY/parameters/0",
    ]


def test_an_urlencoded_query_as_a_whole_is_a_parameter_of_its_members() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    whole = {"name": "q", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    (parameter,) = only(compiled({"/a": {"get": {"parameters": [whole]}}}, openapi="3.2.0")).parameters
    assert (parameter.location, parameter.style, parameter.explode, parameter.schema) == ("query", "form", True, schema)


def test_a_json_query_as_a_whole_is_one_parameter() -> None:
    whole = {"name": "q", "in": "querystring", "required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    (parameter,) = only(compiled({"/a": {"get": {"parameters": [whole]}}}, openapi="3.2.0")).parameters
    assert (parameter.location, parameter.style, parameter.media_type, parameter.required) == ("query", "querystring", "application/json", True)


def test_another_query_as_a_whole_is_left_out_and_told() -> None:
    whole = {"name": "q", "in": "querystring", "content": {"application/xml": {"schema": {}}}}
    document = compiled({"/a": {"get": {"parameters": [whole]}}}, openapi="3.2.0")
    assert only(document).parameters == ()
    assert codes(document) == ["querystring_unsupported"]


def test_media_types_may_be_references() -> None:
    content = {"content": {"application/json": {"$ref": "#/components/mediaTypes/Pet"}}}
    document = compiled(
        {"/a": {"post": {"requestBody": content, "responses": {"200": {"description": "", **content}}}}},
        openapi="3.2.0",
        components={"mediaTypes": {"Pet": {"schema": {"type": "object"}}}},
    )
    operation = only(document)
    assert operation.body is not None
    assert operation.body.content[0].schema == operation.responses[0].content[0].schema == {"type": "object"}


def test_what_else_is_new_in_3_2_does_no_harm() -> None:
    flows = {"deviceAuthorization": {"deviceAuthorizationUrl": "https://id.test/d", "tokenUrl": "https://id.test/t", "scopes": {"read": ""}}}
    document = compiled(
        {f"/{tag}{n}": {"get": {"tags": [tag]}} for tag in ("cats", "pets") for n in range(30)} | {"/pets": {"get": {"tags": ["pets"]}}},
        openapi="3.2.0",
        tags=[{"name": "pets", "summary": "Pets", "kind": "nav"}, {"name": "cats", "parent": "pets", "description": "All cats"}],
        servers=[{"url": "https://shop.test", "name": "main"}],
        components={"securitySchemes": {"device": {"type": "oauth2", "deprecated": True, "flows": flows, "oauth2MetadataUrl": "https://id.test"}}},
        **{"$self": "http://127.0.0.1:1/openapi.json"},
    )
    assert document.security_schemes["device"].scopes == ("read",)
    assert document.security_schemes["device"].token_url is None
    assert [(service.name, service.description) for service in document.services] == [("Cats", "All cats"), ("Pets", "")]
    assert codes(document) == []


def test_servers_keep_their_variables_at_every_level() -> None:
    def server(where: str) -> dict[str, Any]:
        return {"url": f"https://{{v}}.{where}.test", "variables": {"v": {"default": where, "enum": [where, 5]}}}

    document = compiled(
        {"/a": {"servers": [server("path")], "get": {}, "put": {"servers": [server("operation")]}}, "/b": {"get": {}}}, servers=[server("document")]
    )
    levels = ["path", "operation", "document"]
    assert [document.operation(entry.id).servers for entry in document.catalogue] == [
        (Server(f"https://{{v}}.{where}.test", {"v": ServerVariable(where, (where,))}),) for where in levels
    ]


def test_a_path_item_by_reference_brings_its_parameters_and_servers_and_what_is_written_beside_it_wins() -> None:
    shared = {
        "parameters": [{"name": "id", "in": "path", "required": True}],
        "servers": [{"url": "https://shared.test"}],
        "get": {"summary": "shared"},
    }
    document = compiled(
        {"/a/{id}": {"$ref": "#/components/pathItems/A", "servers": [{"url": "https://own.test"}], "put": {}}},
        components={"pathItems": {"A": shared}},
    )
    assert [entry.method for entry in document.catalogue] == ["GET", "PUT"]
    operation = document.operation(document.catalogue[0].id)
    assert (operation.servers[0].url, [one.name for one in operation.parameters], codes(document)) == ("https://own.test", ["id"], [])


def test_webhooks_and_callbacks_are_listed_and_never_operations() -> None:
    sent = {"post": {"summary": "An order was paid", "requestBody": {}}}
    document = compiled(
        {
            "/orders": {
                "post": {
                    "operationId": "order",
                    "callbacks": {"paid": {"{$request.body#/url}": sent}, "shared": {"$ref": "#/components/callbacks/C"}},
                }
            },
            "/other": {"get": {"callbacks": {"bad": {"$ref": "#/nowhere"}, "worse": 5}}},
        },
        webhooks={"orderPaid": {"$ref": "#/components/pathItems/Paid"}, "bad": 5, "odd": {"get": 5}},
        components={"pathItems": {"Paid": sent}, "callbacks": {"C": {"https://fixed.test": {"put": {}}}}},
    )
    assert [entry.id for entry in document.catalogue] == ["order", "get_other"]
    (hook,) = document.webhooks
    assert (hook.name, hook.method, hook.summary, hook.pointer) == ("orderPaid", "POST", "An order was paid", "/components/pathItems/Paid/post")
    assert [(one.operation, one.name, one.address, one.method, one.summary, one.pointer) for one in document.callbacks] == [
        ("order", "paid", "{$request.body#/url}", "POST", "An order was paid", "/paths/~1orders/post/callbacks/paid/{$request.body#~1url}/post"),
        ("order", "shared", "https://fixed.test", "PUT", "", "/components/callbacks/C/https:~1~1fixed.test/put"),
    ]


def test_a_link_to_an_operation_id_that_does_not_fit_leads_to_the_operation_that_has_it() -> None:
    link = {"operationId": "pets/get one", "parameters": {"id": "$response.body#/pet/key"}}
    listed = answering({"type": "object"})
    listed["responses"]["200"]["links"] = {"one": link}
    document = compiled({"/pets": {"get": listed}, "/pets/{id}": {"get": {"operationId": "pets/get one"}}})
    assert [entry.id for entry in document.catalogue] == ["get_pets", "pets_get_one"]
    assert [(one.operation, one.pointer) for one in document.operation("pets_get_one").suppliers["id"]] == [("get_pets", "/pet/key")]


def test_a_link_to_an_operation_id_that_two_have_leads_to_the_first() -> None:
    listed = answering({"type": "object"})
    listed["responses"]["200"]["links"] = {"one": {"operationId": "get", "parameters": {"id": "$response.body#/pet/key"}}}
    document = compiled({"/pets": {"get": listed}, "/pets/{id}": {"get": {"operationId": "get"}}, "/dogs/{id}": {"get": {"operationId": "get"}}})
    assert [entry.id for entry in document.catalogue] == ["get_pets", "get", "get_2"]
    assert "id" in document.operation("get").suppliers
    assert "id" not in document.operation("get_2").suppliers


def test_schemas_of_every_kind_arrive_whole() -> None:
    schema = {
        "type": ["object", "null"],
        "allOf": [{"$ref": "#/components/schemas/Node"}],
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        "anyOf": [{"minProperties": 1}],
        "not": {"required": ["c"]},
        "additionalProperties": {"type": "string"},
        "properties": {"none": False, "any": True},
    }
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    operation = only(compiled({"/a": {"post": taking(schema)}}, components={"schemas": {"Node": node}}))
    assert operation.body is not None
    assert operation.body.content[0].schema == {**schema, "allOf": [{"$ref": "#/$defs/Node"}]}
    assert operation.definitions == {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}}
