"""Which tool is chosen among those offered, how sure that is, and that the weights know every feature they weigh."""

import pytest

from engine.builtin import toolbox
from engine.builtin.choose import alone, rank
from engine.builtin.choosing import CHOOSING, MEANING
from engine.builtin.requests import goals, how_to
from engine.builtin.wanted import asking
from tests.engine.builtin.office import NUMBER, OFFICE, TEXT, tool

TRIPS = [
    tool("findProvider", "Search for a hair stylist by city.", ("city",), city={"type": "string", "description": "City where the salon is located"}),
    tool("findFilms", "Search for films by location and genre.", ("location",), location={"type": "string", "description": "City"}, genre=TEXT),
    tool("getTimes", "Get show times for a film on a date.", ("film_name", "location", "show_date"), film_name=TEXT, location=TEXT, show_date=TEXT),
    tool("getWeather", "Get the weather of a location.", ("city",), city=TEXT, date={"type": "string", "format": "date"}),
    tool("convertMoney", "Convert an amount of money.", ("amount",), amount=NUMBER),
]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Find me a hairdresser in Fremont", "findProvider"),
        ("I want to see a movie in San Bruno", "findFilms"),
        ("Will it rain in Oslo tomorrow?", "getWeather"),
    ],
)
def test_words_like_those_of_a_tool_find_it(text: str, name: str):
    assert rank(text, toolbox.read(TRIPS))[0].tool.name == name


def test_what_the_sentence_turns_to_the_reader_with_is_what_is_asked():
    text = "I share facts with my colleagues every day. Can you find me a film in Oslo? They love it."
    start, end = asking(text)
    assert text[start:end] == "Can you find me a film in Oslo?"
    assert rank(text, toolbox.read(TRIPS))[0].tool.name == "findFilms"


def test_without_such_a_sentence_all_of_it_is_asked():
    assert asking("Films in Oslo. Cheap ones.") == (0, 26)


@pytest.mark.parametrize("text", ["What is the largest planet in the universe?", "tell me a joke about penguins", "translate 'hello' into French"])
def test_what_no_tool_comes_near_to_is_not_meant(text: str):
    tools = toolbox.read(OFFICE)
    assert rank(text, tools)[0].meant < 0.25
    assert goals(text, tools) == []


def test_a_question_that_only_reads_chooses_no_change():
    assert rank("which person was created first?", toolbox.read(OFFICE))[0].tool.reads


def test_a_deed_that_is_asked_about_is_the_one_a_checkpoint_tells_of():
    tools = toolbox.read(OFFICE)
    assert how_to("How do I delete person1?") == "delete person1"
    assert [goal.tool.name for goal in goals("How do I delete person1?", tools)] == ["deletePerson"]
    assert [goal.tool.name for goal in goals("how can I see all persons?", tools)] == ["listPersons"]


def test_two_tools_of_one_name_are_read_apart():
    one, other = (toolbox.read([tool("find", "Find it.", (), **{name: TEXT})])["find"] for name in ("city", "genre"))
    assert one != other
    scores = [rank("find the genre", {"find": each})[0].score for each in (one, other)]
    assert scores[0] < scores[1]


def test_every_weight_is_of_a_feature_that_is_measured():
    features = rank("list persons", toolbox.read(OFFICE))[0].features
    assert set(CHOOSING) <= features.keys()
    assert set(MEANING) <= {*features, *alone(features), "margin", "always"}
