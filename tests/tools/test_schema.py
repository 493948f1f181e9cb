"""An operation as a model sees it."""

import gc
import json
import time
from weakref import ref

import jsonschema_rs
import pytest

from tests.specs.documents import compiled, only, taking
from tests.tools.product import operation
from tools.schema import BUDGET, KEPT, KEPT_SCHEMAS, definition
from tools.settings import DocumentSettings

STRING = {"type": "string"}
NONE = DocumentSettings()


def post(schema: dict, *parameters: dict, **more: object) -> dict:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"/things/{id}": {"post": {"operationId": "make", "parameters": list(parameters), "requestBody": body, **more}}}


ID = {"name": "id", "in": "path", "required": True, "schema": STRING}


def test_parameters_and_body_properties_stand_side_by_side() -> None:
    schema = {"type": "object", "required": ["name"], "properties": {"name": STRING, "id": STRING, "created": {**STRING, "readOnly": True}}}
    made = definition(operation(post(schema, ID, {"name": "dry", "in": "query", "schema": {"type": "boolean"}})), NONE)
    assert [(each.name, each.location, each.wire, each.required) for each in made.fields] == [
        ("id", "path", "id", True),
        ("dry", "query", "dry", False),
        ("name", "body", "name", True),
        ("body_id", "body", "id", False),
    ]
    assert made.parameters["required"] == ["id", "name"]
    assert list(made.parameters["properties"]) == ["id", "name", "dry", "body_id"]


def test_a_body_that_is_no_object_is_one_field() -> None:
    made = definition(operation(post({"type": "array", "items": STRING}, ID)), NONE)
    assert [(each.name, each.wire, each.location) for each in made.fields] == [("id", "id", "path"), ("body", "", "body")]


@pytest.mark.parametrize(
    "name",
    ["Accept", "content-type", "Authorization", "X-API-Key", "Idempotency-Key", "Host", "Cookie", "X-Forwarded-For", "a b"],
)
def test_headers_of_the_transport_and_of_credentials_are_never_fields(name: str) -> None:
    header = {"name": name, "in": "header", "required": True, "schema": STRING}
    made = definition(operation({"/x": {"get": {"parameters": [header, {"name": "X-Note", "in": "header", "schema": STRING}]}}}), NONE)
    assert [each.name for each in made.fields] == ["X-Note"]
    assert made.unsupported is None


def test_a_secret_is_shown_but_never_demanded_from_a_model() -> None:
    schema = {"type": "object", "required": ["name", "password"], "properties": {"name": STRING, "password": STRING}}
    made = definition(operation(post(schema, ID)), NONE)
    assert made.parameters["required"] == ["id", "name"]
    assert "hidden field" in made.parameters["properties"]["password"]["description"]
    assert made.by_name["password"].required
    assert made.by_name["password"].secret


def test_the_description_is_summary_text_and_the_teams_tip() -> None:
    text = "First sentence. " + "More words follow here. " * 40
    found = operation(post({"type": "object", "properties": {}}, ID, summary="Make a thing", description=text))
    made = definition(found, DocumentSettings(tips={"make": 'Example: "make a box" -> {"name": "box"}'}))
    assert made.description.startswith("Make a thing. First sentence. More words")
    assert made.description.endswith('follow here. Tip: Example: "make a box" -> {"name": "box"}')
    assert len(made.description) < 600


def test_a_definition_is_made_once_for_an_operation_and_its_settings() -> None:
    found = operation(post({"type": "object", "properties": {"a": STRING}}, ID))
    assert definition(found, NONE) is definition(found, DocumentSettings())
    assert definition(found, NONE) is not definition(found, DocumentSettings(sensitive=("a",)))
    assert definition(found, NONE).validator is definition(found, NONE).validator


def test_a_recursive_schema_ends() -> None:
    node = {"type": "object", "properties": {"name": STRING, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}}}
    found = operation(post({"$ref": "#/components/schemas/Node"}, ID), components={"schemas": {"Node": node}})
    made = definition(found, NONE)
    assert "$ref" not in json.dumps(made.parameters)
    assert list(made.validator.iter_errors({"id": "x", "children": [{"children": [{"name": 5}]}]}))
    assert made.kind_at("/children/0/children/1/name") == "plain"


def wide(count: int, depth: int) -> dict:
    inner = wide(count, depth - 1) if depth else {**STRING, "description": "A sentence about it. " * 20}
    return {"type": "object", "required": ["f0"], "properties": {f"f{n}": inner for n in range(count)}, "description": "Something wide. " * 10}


@pytest.mark.parametrize(("count", "depth"), [(5, 0), (12, 1), (8, 3), (300, 0), (60, 1)])
def test_a_definition_stays_within_its_budget_and_is_a_whole_schema(count: int, depth: int) -> None:
    made = definition(operation(post(wide(count, depth), ID)), NONE)
    text = json.dumps(made.parameters, separators=(",", ":"))
    assert len(text) <= BUDGET + 100
    jsonschema_rs.Draft202012Validator(made.parameters)
    assert {"id", "f0"} <= made.parameters["properties"].keys()
    assert not text.count("…") or "description" in text
    assert len(made.fields) == count + 1


def test_what_is_left_out_of_the_view_is_still_accepted() -> None:
    made = definition(operation(post(wide(300, 0), ID)), NONE)
    hidden = next(name for name in made.by_name if name not in made.parameters["properties"])
    assert made.validator.is_valid({"id": "x", "f0": "y", hidden: "z"})
    assert "Also accepted" in made.parameters["description"]


def test_a_very_wide_operation_is_cut_in_one_pass() -> None:
    """Measuring the rest anew for each field that goes takes a minute."""
    began = time.process_time()
    made = definition(operation(post(wide(20_000, 0), ID)), NONE)
    assert time.process_time() - began < 10
    assert BUDGET - 1_000 < len(json.dumps(made.parameters, separators=(",", ":"))) <= BUDGET + 100


def test_schemas_that_extend_one_another_without_end_are_cut() -> None:
    chain = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}], "properties": {f"p{n}": STRING}} for n in range(2_000)}
    made = definition(operation(post({"$ref": "#/components/schemas/S0"}, ID), components={"schemas": chain}), NONE)
    assert {"p0", "p9"} <= made.by_name.keys()


def test_compositions_are_one_flat_object() -> None:
    base = {"type": "object", "required": ["name"], "properties": {"name": STRING}}
    cat = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"claws": {"type": "integer"}}}]}
    dog = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"bark": STRING}}]}
    found = operation(post({"oneOf": [cat, dog]}, ID), components={"schemas": {"Base": base}})
    made = definition(found, NONE)
    assert {each.name: each.required for each in made.fields} == {"id": True, "name": True, "claws": False, "bark": False}
    assert made.checks_of(made.forms[0]).body is not None


def test_a_field_fed_by_another_operation_says_so() -> None:
    paths = {
        "/users": {
            "get": {
                "operationId": "list_users",
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
                    "type": "array", "items": {"type": "object", "properties": {"id": STRING, "name": STRING}}}}}}},
            },
        },
        "/users/{user_id}": {"delete": {"operationId": "delete_user", "parameters": [{**ID, "name": "user_id"}]}},
    }  # fmt: skip
    from tests.tools.product import document

    made = definition(document(paths).operation("delete_user"), NONE)
    shown = made.parameters["properties"]["user_id"]
    assert shown["x-supplied-by"][0]["operation"] == "list_users"
    assert "Comes from list_users." in shown["description"]


def test_a_constant_of_the_team_is_not_shown_and_fits_only_itself() -> None:
    schema = {"type": "object", "required": ["tenant"], "properties": {"tenant": STRING, "name": STRING}}
    made = definition(operation(post(schema, ID)), DocumentSettings(constants={"tenant": "acme"}))
    assert "tenant" not in made.parameters["properties"]
    assert made.by_name["tenant"].constant
    assert not made.validator.is_valid({"id": "x", "tenant": "other"})


@pytest.mark.parametrize("place", ["query", "header", "cookie", "path"])
def test_a_parameter_of_a_type_that_is_no_text_is_said_not_to_be_built(place: str) -> None:
    parameter = {"name": "f", "in": place, "required": True, "content": {"image/png": {}}}
    path = "/x/{f}" if place == "path" else "/x"
    assert "f is sent as image/png" in (definition(operation({path: {"get": {"parameters": [parameter]}}}), NONE).unsupported or "")
    if place != "path":
        optional = definition(operation({"/x": {"get": {"parameters": [{**parameter, "required": False}]}}}), NONE)
        assert (optional.unsupported, optional.fields) == (None, ())


def test_a_reference_that_leaves_the_document_is_never_fetched() -> None:
    from specs.model import MediaType, Operation, RequestBody

    body = RequestBody(True, (MediaType("application/json", {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/x"}}}),))
    assert definition(Operation("x", "POST", "/x", body=body), NONE).validator.is_valid({})


def test_kinds_are_known_inside_of_objects() -> None:
    person = {"type": "object", "properties": {"email": STRING, "login": {"type": "object", "properties": {"password": STRING}}}}
    made = definition(operation(post({"type": "object", "properties": {"people": {"type": "array", "items": person}}}, ID)), NONE)
    assert made.kind_at("/people/0/email") == "sink"
    assert made.kind_at("/people/0/login/password") == "secret"
    assert made.kind_at("/id") == "identifier"
    assert made.schema_at("/people/3/email") == STRING


def test_a_credential_in_the_query_is_a_field_only_without_a_security_scheme() -> None:
    parameter = {"name": "access_token", "in": "query", "required": True, "schema": STRING}
    schemes = {"components": {"securitySchemes": {"k": {"type": "apiKey", "in": "query", "name": "access_token"}}}}
    open_one = definition(operation({"/x": {"get": {"parameters": [parameter]}}}), NONE)
    assert open_one.by_name["access_token"].kind == "secret"
    assert definition(operation({"/x": {"get": {"parameters": [parameter], "security": [{"k": []}]}}}, **schemes), NONE).fields == ()


def test_a_change_is_not_sent_without_the_body_it_was_asked_for() -> None:
    form = {"content": {"multipart/form-data": {"schema": STRING}}}
    assert "multipart" in (definition(operation({"/x": {"post": {"requestBody": {"required": True, **form}}}}), NONE).unsupported or "")
    assert definition(operation({"/x": {"delete": {"requestBody": form}}}), NONE).unsupported is None


def test_a_definition_is_made_once_for_an_operation_and_settings() -> None:
    one = operation(post(STRING, ID))
    assert definition(one, NONE) is definition(one, NONE)
    told = DocumentSettings(tips={"make": "Be brief."})
    assert definition(one, told) is not definition(one, NONE)
    assert definition(operation(post(STRING, ID)), NONE) is not definition(one, NONE)


def test_a_document_that_nobody_uses_any_more_leaves_nothing_behind() -> None:
    document = compiled(post({"$ref": "#/components/schemas/A"}, ID), components={"schemas": {"A": {"properties": {"name": STRING}}}})
    one = document.operation("make")
    kept, tree, reached = ref(definition(one, NONE)), ref(document.tree), ref(one.definitions)
    assert kept() is not None
    del document, one
    gc.collect()
    assert (kept(), tree(), reached()) == (None, None, None)


def test_compositions_of_compositions_are_followed_so_far_and_no_further() -> None:
    reference = "#/components/schemas/S{}"
    schemas = {f"S{n}": {"properties": {f"p{n}": STRING}, "allOf": [{"$ref": reference.format(n + 1)}]} for n in range(1000)}
    shown = definition(operation(post({"$ref": reference.format(0)}), components={"schemas": schemas}), NONE).by_name
    assert {"p0", "p20"} <= shown.keys()
    assert len(shown) < 100


def test_ten_thousand_properties_are_measured_once_each() -> None:
    begun = time.process_time()
    made = definition(operation(post({"properties": {f"p{n}": STRING for n in range(10_000)}})), NONE)
    assert time.process_time() - begun < 4
    assert 0 < len(made.parameters["properties"]) < len(made.more)
    assert len(made.fields) == 10_001
    assert len(json.dumps(made.parameters, separators=(",", ":"))) <= BUDGET


def test_definitions_that_copy_many_schemas_do_not_fill_the_memory() -> None:
    chain = {f"S{n}": {"properties": {"next": {"$ref": f"#/components/schemas/S{n + 1}"}}} for n in range(150)} | {"S150": {}}
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    paths = {f"/things{n}": {"post": {"operationId": f"make{n}", "requestBody": content, "responses": {}}} for n in range(400)}
    document = compiled(paths, components={"schemas": chain})
    for entry in document.catalogue:
        definition(document.operation(entry.id), DocumentSettings())
    assert sum(len(made.definitions) for _, made in KEPT.values()) <= KEPT_SCHEMAS + 151


@pytest.mark.parametrize("location", ["query", "header", "path", "cookie"])
@pytest.mark.parametrize("schema", [{"type": "string"}, {"$ref": "#/components/schemas/Text"}])
def test_a_parameter_that_its_document_calls_sensitive_is_a_secret(location, schema):
    parameter = {"name": "code", "in": location, "required": True, "x-sensitive": True, "schema": schema}
    path = "/users/{code}" if location == "path" else "/users"
    found = only(compiled({path: {"get": {"parameters": [parameter]}}}, components={"schemas": {"Text": {"type": "string"}}}))
    tool = definition(found, DocumentSettings())
    assert tool.kind_at("/code") == "secret"
    assert tool.parameters.get("required", []) == []


def test_all_that_a_secret_object_holds_is_secret():
    vault = {"type": "object", "x-sensitive": True, "properties": {"notch": {"type": "string"}, "more": {"type": "array", "items": {
        "type": "object", "properties": {"turns": {"type": "integer"}}}}}}  # fmt: skip
    body = {"type": "object", "properties": {"lock": {"type": "object", "properties": {"vault": vault, "colour": {"type": "string"}}}}}
    tool = definition(only(compiled({"/locks": {"post": taking(body)}})), DocumentSettings())
    assert tool.kind_at("/lock/vault/notch") == tool.kind_at("/lock/vault/more/0/turns") == "secret"
    assert tool.kind_at("/lock/colour") == "plain"
