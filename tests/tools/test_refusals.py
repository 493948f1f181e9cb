"""A product's refusal in its own words, by our argument names: the forms that frameworks give it."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.model import MediaType, Operation, Parameter, RequestBody
from tools.complaints import message_of
from tools.redact import redacted, secret_names
from tools.refusals import MESSAGES, refusal
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

STRING = {"type": "string"}
PRICED = {"type": "object", "properties": {"price": {"type": "number"}, "name": STRING}}
PROPERTIES = {
    "description": STRING, "id": STRING, "address": {"type": "object", "properties": {"city": STRING}}, "first_name": STRING, "dueDate": STRING,
    "items": {"type": "array", "items": PRICED}, "title": STRING, "email": STRING, "body": STRING, "password": {**STRING, "writeOnly": True},
}  # fmt: skip


def tool(body: dict[str, Any], *parameters: Parameter) -> tuple[Operation, ToolDefinition]:
    operation = Operation("make", "POST", "/x/{id}", parameters=parameters, body=RequestBody(True, (MediaType("application/json", body),)))
    return operation, definition(operation, DocumentSettings(sensitive=("pet_name",)))


LIMIT = Parameter("limit", "query", False, STRING)
OTHERS = Parameter("id", "path", True, STRING), LIMIT, Parameter("X-Trace", "header", False, STRING)
OPERATION, TOOL = tool({"type": "object", "properties": PROPERTIES}, *OTHERS)
_, WHOLE_BODY = tool({"type": "array", "items": PRICED}, LIMIT)
SAYS = "Letters only."

ABOUT_DESCRIPTION: dict[str, Any] = {
    "a list by field": {"errors": [{"field": "description", "message": SAYS}]},
    "RFC 9457": {"type": "about:blank", "title": "Bad", "status": 422, "errors": [{"pointer": "#/description", "detail": SAYS}]},
    "a pointer without a hash": {"errors": [{"pointer": "/description", "detail": SAYS}]},
    "RFC 7807's example": {"invalid-params": [{"name": "description", "reason": SAYS}]},
    "JSON:API": {"errors": [{"status": "422", "source": {"pointer": "/data/attributes/description"}, "title": "Invalid", "detail": SAYS}]},
    "JSON:API without detail": {"errors": [{"source": {"pointer": "/data/description"}, "title": SAYS}]},
    "FastAPI": {"detail": [{"loc": ["body", "description"], "msg": SAYS, "type": "string_type", "input": 5}]},
    "Rails": {"errors": {"description": [SAYS]}},
    "Rails details": {"errors": {"description": [{"error": SAYS}]}},
    "a map in another case": {"errors": {"Description": SAYS}},
    "Laravel": {"message": "The given data was invalid.", "errors": {"description": [SAYS]}},
    "DRF": {"description": [SAYS]},
    "DRF with a status": {"description": [SAYS], "status_code": 400},
    "Flask-RESTful": {"message": {"description": SAYS}},
    "marshmallow under json": {"errors": {"json": {"description": [SAYS]}}},
    "Stripe": {"error": {"type": "invalid_request_error", "param": "description", "message": SAYS, "doc_url": "https://x.test"}},
    "Google": {"error": {"code": 3, "message": "Bad", "details": [{"fieldViolations": [{"field": "description", "description": SAYS}]}]}},
    "Google, older": {"error": {"errors": [{"reason": "x", "location": "description", "locationType": "parameter", "message": SAYS}], "code": 400}},
    "Spring": {"status": 400, "errors": [{"objectName": "x", "field": "description", "rejectedValue": "!", "codes": ["A"], "defaultMessage": SAYS}]},
    "bean validation": {"violations": [{"field": "create.request.description", "message": SAYS}]},
    "Symfony": {"title": "x", "violations": [{"propertyPath": "description", "message": SAYS, "code": "uuid"}]},
    "HAL": {"_embedded": {"errors": [{"path": "/description", "message": SAYS}]}},
    "ajv": {"errors": [{"instancePath": "/description", "schemaPath": "#/x", "keyword": "pattern", "params": {"pattern": "x"}, "message": SAYS}]},
    "ajv as the body": [{"instancePath": "/description", "keyword": "pattern", "params": {}, "message": SAYS}],
    "ajv, older": {"errors": [{"dataPath": ".description", "message": SAYS}]},
    "ajv, required": {"errors": [{"instancePath": "", "keyword": "required", "params": {"missingProperty": "description"}, "message": SAYS}]},
    "Zod": {"success": False, "error": {"name": "ZodError", "issues": [{"code": "invalid_type", "path": ["description"], "message": SAYS}]}},
    "Zod, as text": {"success": False, "error": {"name": "ZodError", "message": orjson.dumps([{"path": ["description"], "message": SAYS}]).decode()}},
    "Zod, flattened": {"error": {"formErrors": [], "fieldErrors": {"description": [SAYS]}}},
    "Zod, as a tree": {"errors": {"description": {"_errors": [SAYS]}, "_errors": []}},
    "ASP.NET": {"type": "x", "title": "Invalid", "status": 400, "traceId": "0", "errors": {"$.description": [SAYS]}},
    "ASP.NET, by property": {"errors": {"Description": [SAYS]}},
    "express-validator": {"errors": [{"type": "field", "value": "!", "msg": SAYS, "path": "description", "location": "body"}]},
    "joi": {"details": [{"message": SAYS, "path": ["description"], "type": "string.pattern"}]},
    "mongoose": {"message": "failed", "errors": {"description": {"message": SAYS, "name": "ValidatorError", "path": "description", "kind": "x"}}},
    "OData": {"error": {"code": "x", "message": "Bad", "details": [{"code": "y", "target": "description", "message": SAYS}]}},
    "Salesforce": [{"message": SAYS, "errorCode": "X", "fields": ["Description"]}],
    "Jira": {"errorMessages": [], "errors": {"description": SAYS}},
    "a record's name before it": {"errors": {"user.description": [SAYS]}},
    "brackets": {"errors": [{"field": "user[description]", "message": SAYS}]},
    "within data": {"data": {"errors": [{"field": "description", "message": SAYS}]}},
    "PayPal": {"name": "X", "message": "bad", "details": [{"field": "/description", "location": "body", "issue": "X", "description": SAYS}]},
}


@pytest.mark.parametrize("form", ABOUT_DESCRIPTION)
def test_field_errors_are_read_from_the_usual_forms(form: str) -> None:
    assert refusal(ABOUT_DESCRIPTION[form], TOOL).errors == {"description": SAYS}


PLACES: list[tuple[Any, dict[str, str]]] = [
    ({"errors": [{"pointer": "#/address/city", "detail": SAYS}]}, {"address": f"city: {SAYS}"}),
    ({"error": {"param": "items[0][price]", "message": "Too low"}}, {"items": "0.price: Too low"}),
    ({"detail": [{"loc": ["body", "items", 0, "price"], "msg": "Too low"}]}, {"items": "0.price: Too low"}),
    ({"errors": {"items.0.price": ["Too low"], "items.1.name": ["Too long"]}}, {"items": "0.price: Too low; 1.name: Too long"}),
    ({"items": [{"price": ["Too low"]}, {}]}, {"items": "0.price: Too low"}),
    ({"errors": {"Items[0].Price": ["Too low"]}}, {"items": "0.Price: Too low"}),
    ({"errors": [{"instancePath": "/items/0", "params": {"missingProperty": "price"}, "message": "required"}]}, {"items": "0.price: required"}),
    ({"errors": [{"field": "firstName", "message": "Empty"}]}, {"first_name": "Empty"}),
    ({"errors": [{"field": "due_date", "message": "Past"}]}, {"dueDate": "Past"}),
    ({"errors": {"DueDate": ["Past"], "FirstName": ["Empty", "Short"]}}, {"dueDate": "Past", "first_name": "Empty Short"}),
    ({"errors": [{"resource": "Issue", "field": "title", "code": "missing_field"}]}, {"title": "missing field"}),
    ({"errors": {"title": "too short", "description": "too long"}}, {"title": "too short", "description": "too long"}),
    ({"title": ["too short"], "description": ["too long"]}, {"title": "too short", "description": "too long"}),
    ({"detail": [{"loc": ["query", "limit"], "msg": "Too big"}, {"loc": ["path", "id"], "msg": "No"}]}, {"limit": "Too big", "id": "No"}),
    ({"detail": [{"loc": ["body", "id"], "msg": "No"}, {"loc": ["body", "body"], "msg": "Empty"}]}, {"body_id": "No", "body": "Empty"}),
    ({"errors": [{"source": {"parameter": "limit"}, "detail": "Too big"}]}, {"limit": "Too big"}),
    ({"errors": [{"source": {"header": "X-Trace"}, "detail": "Bad"}]}, {"X-Trace": "Bad"}),
    ({"errors": [{"message": "Both", "fields": ["title", "email"]}]}, {"title": "Both", "email": "Both"}),
    ({"errors": ["First name can't be blank", "Title is too long"]}, {"first_name": "First name can't be blank", "title": "Title is too long"}),
    ({"message": ["title must be a string", "items.0.price must be positive"], "error": "Bad Request"},
     {"title": "title must be a string", "items": "items.0.price must be positive"}),
    ({"message": "body must have required property 'title'", "code": "FST_ERR_VALIDATION"}, {"title": "body must have required property 'title'"}),
    ({"message": "body/title must be string"}, {"title": "body/title must be string"}),
    ({"message": '"email" is not allowed to be empty'}, {"email": '"email" is not allowed to be empty'}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "errors"), PLACES)
def test_the_argument_that_caused_it_is_found_and_the_place_inside_is_said(body: Any, errors: dict[str, str]) -> None:
    assert refusal(body, TOOL).errors == errors


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"path": [0, "price"], "message": "Too low"}]},
        {"errors": {"[0].price": ["Too low"]}},
        {"detail": [{"loc": ["body", 0, "price"], "msg": "Too low"}]},
    ],
)
def test_a_body_that_is_one_argument_gets_what_is_wrong_inside_of_it(body: Any) -> None:
    assert refusal(body, WHOLE_BODY).errors == {"body": "0.price: Too low"}


NO_FIELD: list[tuple[Any, str]] = [
    (None, ""),
    ([], ""),
    ("x", "x"),
    ({}, ""),
    ({"errors": None}, ""),
    ({"errors": [None, 5, {"field": None}]}, ""),
    ({"errors": {"other": "x"}}, "other: x"),
    ({"detail": {"a": {"b": {}}}}, ""),
    ({"message": "Bad", "errors": [{"field": "colour", "message": "unknown"}, {"message": "and more"}]}, "Bad; colour: unknown; and more"),
    ({"non_field_errors": ["These do not fit.", "Really."]}, "These do not fit. Really."),
    ({"errors": {"base": ["Closed."]}, "message": "Closed."}, "Closed."),
    ({"errorMessages": ["One.", "Two."], "errors": {}}, "One. Two."),
    ({"errors": "Not found"}, "Not found"),
    ({"error": {"message": '[{"message": "Closed."}]'}}, "Closed."),
    ({"message": "{oops"}, "{oops"),
    ({"errors": [{"code": "insufficient_funds", "message": "No money"}]}, "No money"),
    ({"detail": [{"loc": ["rows", 0, "title"], "msg": "Too low"}]}, "rows.0.title: Too low"),
]


@pytest.mark.parametrize(("body", "message"), NO_FIELD)
def test_what_names_no_argument_stays_in_the_message(body: Any, message: str) -> None:
    found = refusal(body, TOOL)
    assert (found.errors, found.message) == ({}, message)


def test_what_is_about_one_field_and_what_is_about_the_whole_are_both_kept() -> None:
    body = {"title": "Invalid", "errors": {"email": ["Taken."], "colour": ["Unknown."], "base": ["Closed on Sundays."]}}
    found = refusal(body, TOOL)
    assert found.errors == {"email": "Taken."}
    assert found.message == "Invalid; colour: Unknown. Closed on Sundays."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"title": "Conflict", "detail": "The name is taken."}, "The name is taken."),
        ({"message": "no\nsuch   thing\x00"}, "no such thing"),
        ({"error": {"message": "deep"}}, "deep"),
        ("plain words", "plain words"),
        ("<html><body>oops</body></html>", ""),
        ({"message": "x" * 1_000}, "x" * 299 + "…"),
        ([1], ""),
        (None, ""),
    ],
)
def test_the_message_is_one_bounded_line(body: object, message: str) -> None:
    assert message_of(body) == message


SOME = "errors error detail message field path loc title items 0 description fields source code x"
WORDS = st.sampled_from(SOME.split())
TREES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(max_size=5), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=40,
)


@given(TREES)
def test_whatever_comes_is_read_within_bounds(body: Any) -> None:
    found = refusal(body, TOOL)
    assert len(found.message) <= MESSAGES
    assert set(found.errors) <= set(TOOL.by_name)
    assert all(len(text) <= 400 for text in found.errors.values())


def test_many_and_deep_errors_are_read_within_bounds() -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = {"errors": [deep, deep]}
    assert refusal(deep, TOOL).errors == {}
    wide = {"errors": [{"field": "title", "message": f"wrong {n}"} for n in range(10_000)]}
    assert 200 < len(refusal(wide, TOOL).errors["title"]) <= 300


def test_marked_names_and_sent_secrets_are_masked_everywhere() -> None:
    names = secret_names(OPERATION, TOOL)
    data = {"rows": [{"password": "a", "pet_name": "Rex", "note": "it is hunter22"}], "passwordSet": True, "password": {"set": True}}
    assert redacted(data, names, ["hunter22"]) == {
        "rows": [{"password": "••••••••", "pet_name": "••••••••", "note": "it is ••••••••"}], "passwordSet": True, "password": {"set": "••••••••"},
    }  # fmt: skip
    clean = {"a": [1, {"b": "c"}]}
    assert redacted(clean, names, ["hunter22"]) is clean
