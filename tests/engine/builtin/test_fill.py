"""Words to arguments, one tool at a time."""

from typing import Any

import pytest

from engine.builtin import toolbox
from engine.builtin.affinity import Request
from engine.builtin.fill import assemble, fill
from engine.builtin.wanted import nouns_of
from tests.engine.builtin.office import NUMBER, SWITCH, TEXT, tool


def arguments(text: str, required: tuple[str, ...] = (), /, name: str = "findThing", **properties: Any) -> dict[str, Any]:
    tools = toolbox.read([tool(name, "Find a thing.", required, **properties)])
    return assemble(fill(Request(text, tools[name], nouns_of(tools.values()))).values)


UUID = "8c4f2a10-1c1d-4c8e-9f1e-0123456789ab"
LIST = {"type": "array", "items": TEXT}
CITY = {"start_city": TEXT, "end_city": TEXT}
SIZE = {"type": "object", "properties": {"width": NUMBER, "height": NUMBER}, "required": ["width", "height"]}
WORDS = [
    ("things with the label 'X 1'", (), {"label": TEXT}, {"label": "X 1"}),
    ("a thing of color: red, with size 5", (), {"color": TEXT, "size": NUMBER}, {"color": "red", "size": 5}),
    ("from Rome to New York", ("start_city", "end_city"), CITY, {"start_city": "Rome", "end_city": "New York"}),
    ("between Rome and Pisa", ("start_city", "end_city"), CITY, {"start_city": "Rome", "end_city": "Pisa"}),
    ("the weather in Paris for 5 days", ("location",), {"location": TEXT, "days": NUMBER}, {"location": "Paris", "days": 5}),
    ("with tags 'a', 'b' and 'c'", (), {"tags": LIST}, {"tags": ["a", "b", "c"]}),
    ("width 20 and height 12cm", (), {"size": SIZE}, {"size": {"width": 20, "height": 12}}),
    ("without pictures", (), {"include_pictures": SWITCH}, {"include_pictures": False}),
    ("with pictures", (), {"include_pictures": SWITCH}, {"include_pictures": True}),
    ("price of $1,250.50", (), {"price": {"type": "number"}}, {"price": 1250.5}),
    ("only the blue ones", (), {"color": {"enum": ["red", "blue"]}}, {"color": "blue"}),
    ("a thing with two bedrooms", (), {"number_of_beds": {"type": "integer", "enum": [1, 2, 3]}}, {"number_of_beds": 2}),
    ("a thing whose role is admin", (), {"role": {"enum": ["person", "thing", "admin"]}}, {"role": "admin"}),
    ("a thing called Vault owned by Anna", ("title",), {"title": TEXT, "owner": TEXT}, {"title": "Vault", "owner": "Anna"}),
    ("blue things", ("kind",), {"kind": TEXT}, {"kind": "blue"}),
    ("concert things in Rome", ("city",), {"city": TEXT}, {"city": "Rome"}),
    ("what is (5*6)/(2+3)?", ("formula",), {"formula": TEXT}, {"formula": "(5*6)/(2+3)"}),
    ("say 'hello' to French", ("src", "tgt"), {"src": TEXT, "tgt": TEXT}, {"tgt": "French", "src": "hello"}),
    ("in the state 'on hold'", (), {"state": {"enum": ["on hold", "open"]}}, {"state": "on hold"}),
    ("see https://a.test/x?y=1 now", (), {"link": TEXT}, {"link": "https://a.test/x?y=1"}),
    (f"thing {UUID}", ("id",), {"id": {"type": "string", "format": "uuid"}}, {"id": UUID}),
]


@pytest.mark.parametrize(("text", "required", "properties", "wanted"), WORDS, ids=[w[0] for w in WORDS])
def test_words_fill_the_fields_they_speak_of(text: str, required: tuple[str, ...], properties: dict[str, Any], wanted: dict[str, Any]):
    assert arguments(text, required, **properties) == wanted


def test_a_whole_number_is_no_fraction():
    assert repr(arguments("thing 614", ("number",), number={"type": "number"})) == "{'number': 614}"


FILTERS = {"search": TEXT, "department": TEXT, "owner": TEXT}
NARROWED = [
    ("things in Finance", {"department": "Finance"}),
    ("things in finance", {"department": "finance"}),
    ("things by Anna", {"owner": "Anna"}),
    ("things in total", {}),
    ("what is the size of thing7", {}),
    ("the thing Finance", {"search": "Finance"}),
]


@pytest.mark.parametrize(("text", "wanted"), NARROWED, ids=[t for t, _ in NARROWED])
def test_a_filter_of_its_own_is_preferred_to_a_search(text: str, wanted: dict[str, Any]):
    assert arguments(text, name="listThings", **FILTERS) == wanted


NOTHING = [
    ("find a thing", {"color": TEXT, "size": NUMBER, "on": SWITCH}),
    ("find a thing 'x'", {"color": TEXT}),
    ("the thing says 'blue is nice'", {"color": {"enum": ["red", "blue"]}}),
    ("five things", {"mail": {"type": "string", "format": "email"}}),
]


@pytest.mark.parametrize(("text", "properties"), NOTHING, ids=[t for t, _ in NOTHING])
def test_what_the_words_do_not_hold_is_left_out(text: str, properties: dict[str, Any]):
    assert arguments(text, **properties) == {}


def test_a_chosen_value_is_nothing_elses_name():
    nested = {"type": "object", "properties": {"name": TEXT}}
    wanted = {"state": "sold", "id": 7}
    assert (
        arguments("set the state of thing 7 to sold", ("id",), name="updateThing", id=NUMBER, state={"enum": ["new", "sold"]}, category=nested)
        == wanted
    )


def test_the_verb_of_a_request_is_no_state_of_what_it_makes():
    assert arguments("place an order", name="placeOrder", state={"enum": ["placed", "approved"]}) == {}


def test_defaults_and_examples_are_no_source():
    assert arguments("find a thing", ("color",), color={"type": "string", "default": "red", "examples": ["blue"]}) == {}


def test_references_into_definitions_are_followed():
    definition = tool("makeThing", "Make a thing.", ("kind",), kind={"$ref": "#/$defs/Kind"})
    definition["function"]["parameters"]["$defs"] = {"Kind": {"type": "string", "enum": ["round", "square"]}}
    tools = toolbox.read([definition])
    assert assemble(fill(Request("make a square thing", tools["makeThing"], frozenset({"thing"}))).values) == {"kind": "square"}


JOINED = [
    ("delete thing annaSmith", "annaSmith"),
    ("delete thing myThing", "myThing"),
    ("delete the thing called theThing", "theThing"),
    ("delete thing blue-Box", "blue-Box"),
    ("delete thing blue.Box", "blue.Box"),
]


@pytest.mark.parametrize(("text", "wanted"), JOINED, ids=[t for t, _ in JOINED])
def test_a_joined_name_is_taken_whole(text: str, wanted: str):
    assert arguments(text, ("thing_name",), name="deleteThing", thing_name=TEXT) == {"thing_name": wanted}


KEYED = {"acme-tenant-id": TEXT, "id": {"type": "string", "format": "uuid"}}
FORMED = [
    ("add a thing called Tim Miller with phone 555-1234", {}),
    (f"add thing {UUID}", {"id": UUID}),
    (f"add thing {UUID} for tenant t-12", {"id": UUID, "acme-tenant-id": "t-12"}),
]


@pytest.mark.parametrize(("text", "wanted"), FORMED, ids=[t for t, _ in FORMED])
def test_an_id_takes_its_own_form_and_an_id_in_a_header_what_is_said_to_be_it(text: str, wanted: dict[str, Any]):
    assert arguments(text, ("acme-tenant-id", "id"), name="addThing", **KEYED) == wanted


def test_a_secret_is_deleted_by_its_name():
    assert arguments("delete the secret db-login", ("label",), name="deleteSecret", label=TEXT) == {"label": "db-login"}
    assert arguments("find the thing with the secret db-login", ("label",), label=TEXT) == {}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("create a thing with caption hello", {"caption": "hello"}),
        ("create a thing, caption hello, currency eur", {"caption": "hello", "currency": "eur"}),
        ("create a thing with a caption of spring and currency eur", {"caption": "spring", "currency": "eur"}),
        ("create a thing with caption and currency", {}),
        ("create a thing about the caption hello", {}),
    ],
)
def test_a_word_beside_the_field_it_names_is_given_to_a_change(text: str, wanted: dict[str, Any]):
    assert arguments(text, name="createThing", caption=TEXT, currency=TEXT) == wanted
