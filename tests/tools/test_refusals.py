"""A product's refusal in its own words, by our argument names."""

import pytest

from specs.model import MediaType, Operation, Parameter, RequestBody
from tools.redact import redacted, secret_names
from tools.refusals import field_errors, message_of
from tools.schema import definition
from tools.settings import DocumentSettings

STRING = {"type": "string"}
PROPERTIES = {"description": STRING, "id": STRING, "address": {"type": "object"}, "password": {**STRING, "writeOnly": True}}
BODY = {"type": "object", "properties": PROPERTIES}
OPERATION = Operation(
    "make", "POST", "/x/{id}", parameters=(Parameter("id", "path", True, STRING),), body=RequestBody(True, (MediaType("application/json", BODY),))
)
TOOL = definition(OPERATION, DocumentSettings(sensitive=("pet_name",)))


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"field": "description", "message": "Letters only."}]},
        {"errors": [{"pointer": "/description", "detail": "Letters only."}]},
        {"errors": [{"pointer": "#/description", "detail": "Letters only."}]},
        {"errors": [{"source": {"pointer": "/data/description"}, "title": "Letters only."}]},
        {"detail": [{"loc": ["body", "description"], "msg": "Letters only.", "type": "x"}]},
        {"errors": {"description": ["Letters only."]}},
        {"errors": {"Description": "Letters only."}},
        {"error": {"message": "Bad", "details": [{"field": "description", "description": "Letters only."}]}},
        {"invalid-params": [{"name": "description", "reason": "Letters only."}]},
        {"errors": [{"path": "body.description", "message": "Letters only."}]},
    ],
)
def test_field_errors_are_read_from_the_usual_forms(body: object) -> None:
    assert field_errors(body, TOOL) == {"description": "Letters only."}


@pytest.mark.parametrize(
    "body", [None, [], "x", {}, {"errors": None}, {"errors": [None, 5, {"field": None}]}, {"errors": {"other": "x"}}, {"detail": {"a": {"b": {}}}}]
)
def test_what_names_no_argument_gives_no_field_error(body: object) -> None:
    assert field_errors(body, TOOL) == {}


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


def test_marked_names_and_sent_secrets_are_masked_everywhere() -> None:
    names = secret_names(OPERATION, TOOL)
    data = {"rows": [{"password": "a", "pet_name": "Rex", "note": "it is hunter22"}], "passwordSet": True, "password": {"set": True}}
    assert redacted(data, names, ["hunter22"]) == {
        "rows": [{"password": "••••••••", "pet_name": "••••••••", "note": "it is ••••••••"}], "passwordSet": True, "password": {"set": True},
    }  # fmt: skip
    clean = {"a": [1, {"b": "c"}]}
    assert redacted(clean, names, ["hunter22"]) is clean
