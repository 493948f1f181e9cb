"""What a model wrote, mended where nothing is lost, and everything that is wrong with it at once."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.model import MediaType, Operation, Parameter, RequestBody
from tools.arguments import check
from tools.own import OWN
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

STRING = {"type": "string"}
BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {**STRING, "pattern": "^[a-z0-9]+$", "maxLength": 10},
        "age": {"type": "integer", "minimum": 0},
        "score": {"type": "number"},
        "active": {"type": "boolean"},
        "state": {"enum": ["Open", "closed"]},
        "tags": {"type": "array", "items": STRING},
        "address": {"type": "object", "required": ["city"], "properties": {"city": STRING, "zip": {"type": "integer"}}},
        "nick": {"type": ["string", "null"]},
        "password": STRING,
        "description": STRING,
        "free": {},
    },
}
HANDLE = "secret:abcd1234"


def tool(body: dict = BODY, **more: object) -> ToolDefinition:
    content = RequestBody(True, (MediaType("application/json", body),))
    operation = Operation("make", "POST", "/things/{id}", parameters=(Parameter("id", "path", True, STRING),), body=content)
    return definition(operation, DocumentSettings(**more))


TOOL = tool()


@pytest.mark.parametrize(
    ("name", "value", "mended"),
    [
        ("age", "5", 5), ("age", "05", "05"), ("age", "5.0", "5.0"), ("age", 5.0, 5), ("age", 5.5, 5.5), ("age", "five", "five"), ("age", "", ""),
        ("score", "1.5", 1.5), ("score", "2", 2), ("score", 614.0, 614), ("score", "614.0", 614),
        ("score", -0.5, -0.5), ("score", "NaN", "NaN"), ("score", "1e999", "1e999"),
        ("active", "true", True), ("active", "False", False), ("active", "yes", "yes"), ("active", 1, 1),
        ("name", 5, "5"), ("name", True, True), ("name", "x", "x"),
        ("state", "open", "Open"), ("state", " CLOSED ", "closed"), ("state", "opened", "opened"),
        ("tags", "a", ["a"]), ("tags", '["a", "b"]', ["a", "b"]), ("tags", [1], ["1"]), ("tags", {"a": 1}, [{"a": 1}]),
        ("address", '{"city": "x"}', {"city": "x"}), ("address", "x", "x"), ("address", {"city": "x", "zip": "7"}, {"city": "x", "zip": 7}),
        ("nick", None, None), ("free", "5", "5"),
    ],
)  # fmt: skip
def test_a_value_is_mended_only_where_nothing_is_lost(name: str, value: object, mended: object) -> None:
    given_all = {"id": "i", "name": "n", name: value}
    found = check(TOOL, given_all)
    assert found.arguments[name] == mended
    assert type(found.arguments[name]) is type(mended)
    assert bool(found.repairs) == (mended != value or type(mended) is not type(value))


OPTIONAL = {"anyOf": [{"type": "integer"}, {"type": "null"}]}


@pytest.mark.parametrize(
    ("schema", "value", "mended"),
    [
        (OPTIONAL, "5", 5), (OPTIONAL, None, None), (OPTIONAL, "five", "five"),
        ({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]}, "5", [5]),
        ({"oneOf": [{"const": "human"}, {"enum": ["json", "profile"]}]}, "Human", "human"),
        ({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, "true", True), ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "5", "5"),
        ({"anyOf": [{"type": "integer"}, {"type": "object"}]}, "5", "5"),
        ({"enum": [0, 1, 2]}, "1", 1), ({"enum": [True, "x"]}, "TRUE", True), ({"enum": ["1", 1]}, "1", "1"), ({"enum": [1, 1.0]}, "1", 1),
    ],
)  # fmt: skip
def test_alternatives_and_members_are_mended_too(schema: dict, value: object, mended: object) -> None:
    found = check(tool({**BODY, "properties": {**BODY["properties"], "a": schema}}), {"id": "i", "name": "n", "a": value})
    assert found.arguments["a"] == mended
    assert type(found.arguments["a"]) is type(mended)


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"oneOf": [{"type": "string"}, {"type": "string", "format": "date"}]}, "2026-01-01", True),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 5, True),
        ({"oneOf": [{"required": ["x"]}, {"required": ["y"]}]}, {"x": 1}, True),
        ({"oneOf": [{"required": ["x"]}, {"required": ["y"]}]}, {"x": 1, "y": 2}, False),
        ({"oneOf": [{"required": ["x"]}, {"required": ["x", "y"]}]}, {"x": 1, "y": 2}, True),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, "x", False),
    ],
)
def test_only_what_excludes_each_other_may_not_be_given_together(schema: dict, value: object, fits: bool) -> None:
    found = check(tool({**BODY, "properties": {**BODY["properties"], "a": schema}}), {"id": "i", "name": "n", "a": value})
    assert (not found.problems) is fits


def test_an_empty_value_is_allowed_where_the_document_says_so() -> None:
    number = Parameter("n", "query", False, {"type": "integer"}, allow_empty_value=True)
    other = replace(number, name="m", allow_empty_value=False)
    made = definition(Operation("list", "GET", "/things", parameters=(number, other)), DocumentSettings())
    assert check(made, {"n": ""}).problems == ()
    assert [each.field for each in check(made, {"n": "x", "m": ""}).problems] == ["n", "m"]


def test_null_is_left_out_where_it_is_not_allowed() -> None:
    found = check(TOOL, {"id": "i", "name": "n", "age": None, "address": {"city": "x", "zip": None}})
    assert found.arguments == {"id": "i", "name": "n", "address": {"city": "x"}}
    assert found.problems == ()


def test_names_are_mended_when_only_one_can_be_meant() -> None:
    assert check(TOOL, {"ID": "i", "Name": "n"}).arguments == {"id": "i", "name": "n"}
    assert check(TOOL, {"id": "i", "body": {"name": "n", "age": "5"}}).arguments == {"id": "i", "name": "n", "age": 5}
    both = check(TOOL, {"id": "i", "name": "n", "Name": "m"})
    assert [(each.field, each.code) for each in both.problems] == [("Name", "unknown")]


def test_all_problems_come_at_once_with_their_places() -> None:
    found = check(TOOL, {"name": "not ok!", "age": -1, "address": {"zip": "x"}, "extra": 1})
    assert {(each.pointer, each.field, each.code) for each in found.problems} == {
        ("/id", "id", "required"),
        ("/name", "name", "pattern"),
        ("/age", "age", "minimum"),
        ("/address/city", "address", "required"),
        ("/address/zip", "address", "type"),
        ("/extra", "extra", "unknown"),
    }
    assert all(each.message.endswith(".") for each in found.problems)


def test_a_handle_fits_a_field_for_secrets_and_no_other() -> None:
    handles = frozenset({HANDLE})
    strict = tool({**BODY, "properties": {**BODY["properties"], "password": {**STRING, "maxLength": 5, "pattern": "^x"}}})
    assert check(strict, {"id": "i", "name": "n", "password": HANDLE}, handles).problems == ()
    assert check(strict, {"id": "i", "name": "n", "password": HANDLE}).problems
    misplaced = check(TOOL, {"id": "i", "name": "n", "description": HANDLE}, handles)
    assert [(each.field, each.code) for each in misplaced.problems] == [("description", "secret_misplaced")]
    nested = check(TOOL, {"id": "i", "name": "n", "free": {"a": [HANDLE]}}, handles)
    assert [each.pointer for each in nested.problems] == ["/free/a/0"]


@pytest.mark.parametrize("value", ["..", ".", "", "a\nb"])
def test_a_path_value_that_leads_elsewhere_is_a_problem(value: str) -> None:
    assert [each.code for each in check(TOOL, {"id": value, "name": "n"}).problems] == ["path"]


def test_a_body_whose_parts_depend_on_each_other_is_checked_as_a_whole() -> None:
    properties, one = {"id": STRING, "mail": STRING}, [{"required": ["id"]}, {"required": ["mail"]}]
    either = tool({"type": "object", "properties": properties, "anyOf": one, "minProperties": 1})
    assert check(either, {"id": "i", "body_id": "x"}).problems == ()
    assert check(either, {"id": "i", "mail": "x"}).problems == ()
    both = tool({"type": "object", "properties": properties, "oneOf": one})
    assert [each.code for each in check(both, {"id": "i", "body_id": "x", "mail": "y"}).problems]


def test_constants_of_the_team_are_filled_in() -> None:
    found = check(tool(constants={"description": "made by us"}), {"id": "i", "name": "n"})
    assert found.arguments["description"] == "made by us"
    assert found.problems == ()


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf"), [[[["x"] * 3] * 5] * 200] * 20])
def test_what_cannot_be_json_is_refused_without_looking_further(value: object) -> None:
    assert check(TOOL, {"id": "i", "name": "n", "free": value}).problems


def test_deep_nesting_is_refused() -> None:
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert [each.code for each in check(TOOL, {"id": "i", "name": "n", "free": deep}).problems] == ["too_large"]


def test_the_engines_own_tools_are_checked_too() -> None:
    assert check(OWN["resolve_dates"], {"text": "yesterday"}).problems == ()
    assert [each.code for each in check(OWN["show"], {}).problems] == ["required"]
    question = {"question": "Which?", "fields": [{"name": "a", "label": "A", "type": "secret"}]}
    assert check(OWN["ask_user"], question).problems == ()
    assert check(OWN["ask_user"], {**question, "fields": []}).problems


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=1_000, deadline=None)
@given(st.dictionaries(st.sampled_from([*TOOL.by_name, "body", "ID", "x/y", "~"]) | st.text(max_size=5), JSON, max_size=6))
def test_nothing_a_model_writes_breaks_the_check_and_what_passes_is_valid(arguments: dict) -> None:
    found = check(TOOL, arguments, frozenset({HANDLE}))
    if not found.problems:
        assert TOOL.validator.is_valid(found.arguments)
        assert check(TOOL, found.arguments).arguments == found.arguments
