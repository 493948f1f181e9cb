"""Which span goes where, by what was learned: sentences that no rule was written for."""

from itertools import pairwise
from typing import Any

import pytest

from engine.builtin import toolbox, traits, weighed
from engine.builtin.affinity import Request
from engine.builtin.fill import assemble, fill
from engine.builtin.wanted import nouns_of
from tests.engine.builtin.office import NUMBER, TEXT, tool

DECIMAL = {"type": "number"}
LIST = {"type": "array", "items": TEXT}


def said(description: str, schema: dict[str, Any] = TEXT) -> dict[str, Any]:
    return {**schema, "description": description}


def request(text: str, definition: dict[str, Any]) -> Request:
    tools = toolbox.read([definition])
    return Request(text, next(iter(tools.values())), nouns_of(tools.values()))


def arguments(text: str, definition: dict[str, Any]) -> dict[str, Any]:
    return assemble(fill(request(text, definition)).values)


FERRY = tool("findFerry", "Find a ferry.", ("departure_port", "arrival_port"), departure_port=TEXT, arrival_port=TEXT, cars=NUMBER)
TILES = tool(
    "countTiles", "Count the tiles of a floor.", ("length", "width"), length=DECIMAL, width=DECIMAL, waste=said("Waste in percent.", DECIMAL)
)
MIX = tool("mixSum", "Add two numbers.", ("num1", "num2"), num1=NUMBER, num2=NUMBER)
FALL = tool("fallTime", "Work out a fall.", ("mass", "drop"), mass=said("In kilograms.", DECIMAL), drop=said("How deep, in meters.", DECIMAL))
NOTE = tool("sendNote", "Send a note.", ("recipient", "text"), recipient=TEXT, text=TEXT)
TASTE = tool("rankJams", "Rank jams.", ("fruits",), fruits=said("Fruits.", LIST), sugar=said("Most sugar in percent.", DECIMAL))
SHELL = tool("runShell", "Run a command of a shell.", ("command",), command=said("The command to run."))
LOAN = tool("loanCost", "Cost of a loan.", ("rate",), rate=said("Interest rate as a decimal, such as 0.05.", DECIMAL))
WEATHER = tool("getWeather", "Get the weather of a place.", ("location",), location=said("The city and country, e.g. 'Lyon, France'."))
CASES = [
    ("a ferry from Dover to Calais for 2 cars", FERRY, {"departure_port": "Dover", "arrival_port": "Calais", "cars": 2}),
    ("I want to go to Patras from Bari", FERRY, {"departure_port": "Bari", "arrival_port": "Patras"}),
    ("tiles for a length of 4.5 meters and a width of 3", TILES, {"length": 4.5, "width": 3}),
    ("60 m for something of 3 kg", FALL, {"mass": 3, "drop": 60}),
    ("what is 17 plus 4?", MIX, {"num1": 17, "num2": 4}),
    ("tell Mona 'dinner is ready'", NOTE, {"recipient": "Mona", "text": "dinner is ready"}),
    ("rank jams of plums, figs and cherries", TASTE, {"fruits": ["plums", "figs", "cherries"]}),
    ("execute the command git status --short", SHELL, {"command": "git status --short"}),
    ("what does a loan cost at a rate of 5%?", LOAN, {"rate": 0.05}),
    ("how is the weather in Bergen, Norway?", WEATHER, {"location": "Bergen, Norway"}),
]


@pytest.mark.parametrize(("text", "definition", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_values_find_their_fields(text: str, definition: dict[str, Any], wanted: dict[str, Any]):
    assert arguments(text, definition) == wanted


MISSING = [
    ("find me a ferry please", FERRY),
    ("I'd like to know the weather", WEATHER),
    ("can you send a note for me?", NOTE),
]


@pytest.mark.parametrize(("text", "definition"), MISSING, ids=[case[0] for case in MISSING])
def test_a_needed_value_that_is_not_there_is_not_made_of_other_words(text: str, definition: dict[str, Any]):
    assert arguments(text, definition) == {}


def test_the_same_request_is_filled_once():
    asked = request("a ferry from Dover to Calais", FERRY)
    assert fill(asked) is fill(asked)


def test_no_word_is_used_twice():
    found = weighed.assigned(here := request("from Rome to Rome Fiumicino", FERRY), here.tool.fields)
    places = sorted((span.start, span.end) for _, span in found)
    assert all(one[1] <= other[0] for one, other in pairwise(places))


def test_what_is_chosen_from_a_list_is_nothing_else():
    here = request("a ferry from Dover to Calais", FERRY)
    assert {span.text for _, span in weighed.assigned(here, here.tool.fields, {("dov",), ("dover",)})} == {"Calais"}


def test_an_id_that_is_said_to_be_one_is_not_looked_up():
    role = tool("giveRole", "Give a role.", ("roleId",), roleId={**TEXT, "x-supplied-by": [{"operation": "listRoles", "pointer": "/*/id"}]})
    here = request('give the role with the ID "role123"', role)
    assert [span.kind for _, span in weighed.assigned(here, here.tool.fields)] == ["id"]


def test_a_value_keeps_to_the_bounds_of_its_schema():
    room = tool("bookRoom", "Book a room.", ("nights",), nights={**NUMBER, "maximum": 30})
    assert arguments("book a room for 400 nights", room) == {}
    assert arguments("book a room for 3 nights", room) == {"nights": 3}


def test_every_weight_is_one_of_a_trait():
    here, places = weighed.staged(request("a ferry from Dover to Calais", FERRY), toolbox.read([FERRY])["findFerry"].fields)
    made = {trait for number in range(len(here.fields)) for span, place in places for trait in traits.of_pair(here, number, span, place)}
    assert len(made & weighed.weights().keys()) > len(made) / 2
