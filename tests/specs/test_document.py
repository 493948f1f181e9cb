"""Documents as operations: what is found, what is completed, what becomes a problem, and that nothing is fetched."""

from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.compile import compile_document
from runtime.errors import DocumentRefused
from specs.document import Document
from specs.model import Encoding, Flow, Server
from tests.specs.documents import answering, compiled, only, taking, tree

ANY = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4), lambda inner: st.lists(inner, max_size=2), max_leaves=3)
WORDS = st.sampled_from(
    [
        "openapi",
        "info",
        "title",
        "paths",
        "/a",
        "/b/{x}",
        "get",
        "post",
        "parameters",
        "name",
        "in",
        "path",
        "query",
        "required",
        "schema",
        "$ref",
        "requestBody",
        "content",
        "application/json",
        "responses",
        "200",
        "components",
        "schemas",
        "A",
        "tags",
        "security",
        "servers",
        "url",
        "links",
        "operationId",
        "#/components/schemas/A",
        "type",
        "object",
        "properties",
        "items",
    ]
)
MESS = st.recursive(ANY | WORDS, lambda inner: st.dictionaries(WORDS, inner, max_size=5) | st.lists(inner, max_size=2), max_leaves=30)


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems] + [
        one.code for entry in document.catalogue for one in document.operation_problems(entry.id)
    ]


@given(st.dictionaries(WORDS, MESS, max_size=6))
def test_wrong_types_everywhere_never_crash(mess: dict[str, Any]) -> None:
    document = compile_document(orjson.dumps({**mess, "openapi": "3.0.3"}))
    for entry in document.catalogue:
        document.operation(entry.id)


def test_an_operation_has_everything_it_needs() -> None:
    document = compiled(
        {
            "/shops/{shop}/items": {
                "parameters": [
                    {"name": "shop", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "page", "in": "query", "schema": {"type": "integer"}},
                ],
                "post": {
                    "operationId": "addItem",
                    "tags": ["Items"],
                    "summary": "Add an item",
                    "parameters": [{"name": "page", "in": "query", "required": True, "schema": {"type": "string"}}],
                    "requestBody": {"$ref": "#/components/requestBodies/Item"},
                    "responses": {"201": {"$ref": "#/components/responses/Item"}},
                    "security": [{"key": []}, {}],
                    "x-openai-isConsequential": True,
                },
            }
        },
        servers=[{"url": "https://{place}.shop.test", "variables": {"place": {"default": "eu", "enum": ["eu", "us"]}}}],
        components={
            "schemas": {"Item": {"type": "object", "properties": {"parts": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}},
            "requestBodies": {"Item": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}},
            "responses": {"Item": {"description": "made", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
    )
    operation = only(document)
    assert (operation.id, operation.method, operation.path, operation.consequential) == ("addItem", "POST", "/shops/{shop}/items", True)
    assert [(one.name, one.location, one.required, one.style, one.explode) for one in operation.parameters] == [
        ("shop", "path", True, "simple", False),
        ("page", "query", True, "form", True),
    ]
    assert operation.body is not None
    assert operation.body.required
    assert operation.body.content[0].schema == {"$ref": "#/$defs/Item"}
    assert operation.definitions == {"Item": {"type": "object", "properties": {"parts": {"type": "array", "items": {"$ref": "#/$defs/Item"}}}}}
    assert operation.responses[0].status == "201"
    assert operation.security == ({"key": ()}, {})
    assert operation.servers[0].variables["place"].enum == ("eu", "us")
    assert document.security_schemes["key"].parameter == "X-Key"
    assert codes(document) == []


def test_only_reachable_schemas_travel_with_an_operation() -> None:
    schemas = {"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}, "B": {"type": "string"}, "C": {"type": "string"}}
    operation = only(compiled({"/a": {"get": answering({"$ref": "#/components/schemas/A"})}}, components={"schemas": schemas}))
    assert set(operation.definitions) == {"A", "B"}


@pytest.mark.parametrize("reference", ["#/components/schemas/A~1b", "#/components/schemas/A%20b", "#/paths/~1a/get/responses/200"])
def test_references_may_point_anywhere_in_the_document(reference: str) -> None:
    schemas = {"A/b": {"type": "string"}, "A b": {"type": "string"}}
    operation = only(compiled({"/a": {"get": {**taking({"$ref": reference}), **answering({})}}}, components={"schemas": schemas}))
    assert operation.body is not None
    jsonschema_rs.validator_for({"allOf": [operation.body.content[0].schema], "$defs": dict(operation.definitions)})
    assert len(operation.definitions) == 1


@pytest.mark.parametrize(
    "schemas",
    [
        {"A": {"$ref": "#/components/schemas/A"}},
        {"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"allOf": [{"$ref": "#/components/schemas/A"}]}},
    ],
)
def test_cycles_survive(schemas: Any) -> None:
    operation = only(compiled({"/a": {"post": taking({"$ref": "#/components/schemas/A"})}}, components={"schemas": schemas}))
    assert set(operation.definitions) == set(schemas)


def test_path_items_parameters_and_their_references_are_followed() -> None:
    document = compiled(
        {
            "/a": {"$ref": "#/components/pathItems/A"},
            "/b/{id}": {"$ref": "#/paths/~1c~1%7Bid%7D"},
            "/c/{id}": {"get": {"parameters": [{"$ref": "#/components/parameters/id"}]}},
        },
        components={
            "pathItems": {"A": {"get": {}}},
            "parameters": {"id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}},
        },
    )
    assert [(entry.method, entry.path) for entry in document.catalogue] == [("GET", "/a"), ("GET", "/b/{id}"), ("GET", "/c/{id}")]
    assert document.operation(document.catalogue[1].id).parameters[0].schema == {"type": "integer"}
    assert codes(document) == []


def test_one_bad_operation_is_a_problem_and_not_the_end() -> None:
    document = compiled(
        {
            "/a": {"get": "?", "post": {"parameters": {"a": 1}, "responses": []}},
            "/b": [],
            "c": {"get": {}},
            "/d": {"get": {"parameters": [5, {"name": "x", "in": "moon"}]}},
        }
    )
    assert [entry.path for entry in document.catalogue] == ["/a", "/d"]
    assert sorted(codes(document)) == sorted(
        [
            "operation_malformed",
            "path_item_malformed",
            "path_without_slash",
            "parameters_malformed",
            "responses_malformed",
            "object_malformed",
            "parameter_malformed",
        ]
    )


def test_what_a_path_names_but_nobody_declares_is_asked_for_anyway() -> None:
    document = compiled({"/a/{x}": {"get": {"parameters": [{"name": "y", "in": "path"}]}}})
    assert [(one.name, one.required) for one in only(document).parameters] == [("x", True)]
    assert sorted(codes(document)) == ["path_parameter_undeclared", "path_parameter_unused"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/schema.json", "file:///etc/passwd", "../../../etc/passwd"])
def test_references_to_elsewhere_are_problems_and_are_not_fetched(url: str) -> None:
    document = compiled({"/a": {"post": taking({"$ref": url})}, "/b": {"$ref": url}})
    operation = only(document)
    assert operation.body is not None
    assert operation.body.content[0].schema is True
    assert {problem.code for problem in document.problems} == {"reference_not_local"}


def test_dangling_references_are_told_where_they_stand() -> None:
    document = compiled({"/a": {"post": taking({"$ref": "#/components/schemas/None"})}})
    assert [(one.code, one.pointer) for one in document.problems] == [
        ("reference_not_found", "/paths/~1a/post/requestBody/content/application~1json/schema/$ref")
    ]
    only(document)


def test_what_looks_like_a_reference_inside_an_example_is_not_one() -> None:
    assert codes(compiled({"/a": {"post": taking({"type": "object", "example": {"$ref": "http://elsewhere.test"}})}})) == []


@pytest.mark.parametrize(
    ("operations", "ids"),
    [
        ({"/a": {"get": {"operationId": "x"}, "post": {"operationId": "x"}}}, ["x", "x_2"]),
        ({"/a": {"get": {"operationId": "repos/get-content"}}}, ["repos_get-content"]),
        ({"/a/{b}": {"get": {}}}, ["get_a_b"]),
        ({"/a": {"get": {"operationId": 5}}}, ["get_a"]),
        ({"/a": {"get": {"operationId": "show"}}}, ["show_2"]),
        ({"/a": {"get": {"operationId": ""}}}, ["get_operation"]),
    ],
)
def test_every_operation_has_an_id_of_its_own(operations: Any, ids: list[str]) -> None:
    assert [entry.id for entry in compiled(operations).catalogue] == ids


@given(st.lists(st.text(max_size=90), max_size=8))
def test_ids_always_fit_and_never_collide(names: list[str]) -> None:
    ids = [entry.id for entry in compiled({f"/{n}": {"get": {"operationId": name}} for n, name in enumerate(names)}).catalogue]
    assert len(set(ids)) == len(names)
    assert all(0 < len(one) <= 64 and one.isascii() and one.replace("-", "_").replace("_", "a").isalnum() for one in ids)


def test_ten_thousand_operations_of_one_name_take_no_time() -> None:
    document = compiled({f"/{n}": {"get": {"operationId": "x"}} for n in range(10_000)})
    assert len({entry.id for entry in document.catalogue}) == 10_000


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"swagger": "1.2"}, "document_version_unsupported"),
        ({"swagger": "2.1"}, "document_version_unsupported"),
        ({"swagger": "2.0", "openapi": "1"}, "document_version_unsupported"),
        ({"swaggerVersion": "1.2"}, "document_version_unsupported"),
        ({"openapi": "2.9"}, "document_version_unsupported"),
        ({"openapi": "4.0.0"}, "document_version_unsupported"),
        ({"openapi": ["3.0.0"]}, "document_version_unsupported"),
        ({"asyncapi": "3.0.0"}, "document_not_openapi"),
        ({}, "document_not_openapi"),
    ],
)
def test_other_formats_are_refused(head: Any, code: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        compile_document(orjson.dumps({**head, "info": {}, "paths": {}}))
    assert caught.value.code == code


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1", 3.1, "3.2.0", "3.1.0-rc1"])
def test_versions_of_openapi_3_are_read(version: Any) -> None:
    assert compile_document(orjson.dumps({**tree(), "openapi": version})).title == "Shop"


@pytest.mark.parametrize("version", ["2.0", 2.0])
def test_swagger_2_is_read(version: Any) -> None:
    assert compile_document(orjson.dumps({"swagger": version, "info": {"title": "Shop"}, "paths": {}})).openapi == "2.0"


def test_servers_of_an_operation_win_over_those_of_the_path_and_the_document() -> None:
    servers = [{"url": "https://doc.test"}]
    document = compiled(
        {"/a": {"servers": [{"url": "https://path.test"}], "get": {}, "post": {"servers": [{"url": "https://op.test"}]}}, "/b": {"get": {}}},
        servers=servers,
    )
    assert [document.operation(entry.id).servers for entry in document.catalogue] == [
        (Server("https://path.test"),),
        (Server("https://op.test"),),
        (Server("https://doc.test"),),
    ]


def test_client_credentials_keep_their_token_address() -> None:
    flows = {"clientCredentials": {"tokenUrl": "https://id.test/token", "scopes": {"read": "", "write": ""}}}
    document = compiled(
        components={
            "securitySchemes": {"o": {"type": "oauth2", "flows": flows}, "bad": {"type": "apiKey"}, "b": {"type": "http", "scheme": "Bearer"}}
        }
    )
    assert (document.security_schemes["o"].token_url, document.security_schemes["o"].scopes) == ("https://id.test/token", ("read", "write"))
    assert document.security_schemes["b"].scheme == "bearer"
    assert codes(document) == ["security_scheme_malformed"]


def test_what_says_how_something_is_sent_is_kept() -> None:
    tags = {"style": "deepObject", "explode": True, "allowReserved": True}
    encoding = {"photo": {"contentType": "image/png, image/jpeg"}, "tags": tags, "odd": {"style": 5}, "no": 5}
    media = {"schema": {"type": "object"}, "encoding": encoding}
    parameters = [{"name": "a", "in": place, "allowEmptyValue": True, "schema": {}} for place in ("query", "header")]
    answer = {"description": "", "headers": {"X-Next": {"schema": {}}, "Link": {}}}
    content, responses = {"multipart/form-data": media}, {"200": answer, "201": {"headers": 5}}
    operation = {"parameters": parameters, "requestBody": {"content": content}, "responses": responses}
    found = only(compiled({"/a": {"post": operation}}))
    assert found.body is not None
    assert dict(found.body.content[0].encoding) == {
        "photo": Encoding("image/png, image/jpeg"), "tags": Encoding(None, "deepObject", True, True), "odd": Encoding(),
    }  # fmt: skip
    assert [one.headers for one in found.responses] == [("X-Next", "Link"), ()]
    assert [one.allow_empty_value for one in found.parameters] == [True, False]


@pytest.mark.parametrize(("place", "url"), [("operation", "https://op.test"), ("item", "https://item.test"), ("document", "https://root.test")])
def test_the_nearest_servers_are_an_operations_own(place: str, url: str) -> None:
    operation = {"servers": [{"url": "https://op.test"}]} if place == "operation" else {}
    item = {"get": operation, "servers": [{"url": "https://item.test"}]} if place != "document" else {"get": operation}
    found = only(compiled({"/a": item}, servers=[{"url": "https://root.test"}]))
    assert [one.url for one in found.servers] == [url]
def test_every_flow_of_a_scheme_keeps_its_addresses_and_scopes_and_wrong_types_are_let_be() -> None:
    code = {"authorizationUrl": "https://id.test/a", "tokenUrl": "/t", "refreshUrl": "/r", "scopes": {"read": "", "all": ""}}
    flows = {"authorizationCode": code, "clientCredentials": {"tokenUrl": 5, "scopes": ["x"]}, "implicit": 7, "x-own": {}}
    schemes = {"o": {"type": "oauth2", "flows": flows}, "i": {"type": "openIdConnect", "openIdConnectUrl": "/d"}, "e": {"type": "openIdConnect"}}
    found = compiled(components={"securitySchemes": schemes}).security_schemes
    assert found["o"].flows["authorizationCode"] == Flow("https://id.test/a", "/t", "/r", ("read", "all"))
    assert found["o"].flows["clientCredentials"] == found["o"].flows["x-own"] == Flow()
    assert "implicit" not in found["o"].flows
    assert [found[name].open_id_connect_url for name in ("i", "e")] == ["/d", None]


@pytest.mark.parametrize(
    ("head", "own", "expected"),
    [
        ([{"k": []}], {}, (False, True)),
        ([{"k": []}], {"security": []}, (True, True)),
        (None, {"security": []}, (True, False)),
        (None, {"security": [{}]}, (False, False)),
        (None, {}, (False, False)),
        ([], {}, (False, False)),
        (None, {"security": 5}, (False, False)),
        (None, {"security": [{"k": []}]}, (False, True)),
    ],
)
def test_what_is_public_is_told_apart_from_what_says_nothing(head: Any, own: dict[str, Any], expected: tuple[bool, bool]) -> None:
    more = {} if head is None else {"security": head}
    document = compiled({"/a": {"get": {**own, "operationId": "a", **answering(True)}}}, **more)
    assert (document.operation("a").public, document.secured) == expected
