"""Listed values and switches that words mean without saying them, and codes that stand for names."""

from typing import Any

import pytest

from engine.builtin import toolbox
from engine.builtin.affinity import Request
from engine.builtin.coded import coded
from engine.builtin.fill import assemble, fill
from engine.builtin.wanted import nouns_of
from tests.engine.builtin.office import SWITCH, TEXT, tool


def arguments(text: str, required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    tools = toolbox.read([tool("findThing", "Find a thing.", required, **properties)])
    return assemble(fill(Request(text, tools["findThing"], nouns_of(tools.values()))).values)


def listed(*values: Any, said: str = "") -> dict[str, Any]:
    return {"enum": list(values), "description": said}


SERVICE = listed(1, 2, said="Id of the service: '1' represents cleaning service and '2' represents ironing service.")
CASES = [
    ("things in descending order", {"sort": listed("ASC", "DESC")}, {"sort": "DESC"}),
    ("start immediately", {"begin": listed("immediate", "scheduled")}, {"begin": "immediate"}),
    ("every day at 6:00 AM", {"time": listed("06:00", "18:00")}, {"time": "06:00"}),
    ("every day at 6pm", {"time": listed("06:00", "18:00")}, {"time": "18:00"}),
    ("who does ironing?", {"service_id": SERVICE}, {"service_id": 2}),
    ("read it in Spanish", {"language": listed("en-US", "es-ES")}, {"language": "es-ES"}),
    ("run daily", {"frequency": listed("daily", "weekly")}, {"frequency": "daily"}),
    ("something child-friendly", {"good_for_kids": SWITCH}, {"good_for_kids": True}),
    ("apply normalization", {"normalize": SWITCH}, {"normalize": True}),
    ("with historical records", {"include_historical_data": SWITCH}, {"include_historical_data": True}),
    ("with videos\nNo, without videos please", {"include_video": SWITCH}, {"include_video": False}),
    ("sort in descending order", {"ascending": SWITCH}, {"ascending": False}),
    ("sort in ascending order", {"ascending": SWITCH}, {"ascending": True}),
    ("only public things", {"private": SWITCH}, {"private": False}),
    ("ignoring air resistance", {"air_resistance": SWITCH}, {"air_resistance": False}),
    ("in fall\nCan you check summer instead?", {"season": listed("fall", "summer")}, {"season": "summer"}),
]


@pytest.mark.parametrize(("text", "properties", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_a_listed_value_is_found_by_what_means_it(text: str, properties: dict[str, Any], wanted: dict[str, Any]):
    assert arguments(text, **properties) == wanted


def test_the_nearest_value_is_taken_only_where_one_has_to_be_chosen():
    kinds = listed("Music", "Sports")
    assert arguments("a concert please", ("category",), category=kinds) == {"category": "Music"}
    assert arguments("a concert please", category=kinds) == {}


COUNTRY = {**TEXT, "description": "Two-letter country code, such as CN."}
CODED = [
    ("holidays of the United States", {"countryCode": COUNTRY}, {"countryCode": "US"}),
    ("holidays of France", {"countryCode": TEXT}, {"countryCode": "FR"}),
    ("tax in California", {"state": {**TEXT, "description": "State abbreviation, e.g. 'NY'."}}, {"state": "CA"}),
    ("holidays of France", {"country": {**TEXT, "description": "Country of the holidays."}}, {"country": "France"}),
]


@pytest.mark.parametrize(("text", "properties", "wanted"), CODED, ids=[f"{case[0]}, {next(iter(case[1]))}" for case in CODED])
def test_a_field_for_a_code_takes_the_code_of_a_name(text: str, properties: dict[str, Any], wanted: dict[str, Any]):
    assert arguments(text, tuple(properties), **properties) == wanted


def test_codes_are_written_as_the_examples_are():
    field = toolbox.read([tool("say", "Say.", (), lang={**TEXT, "description": "Language code such as 'en' or 'hi'."})])["say"].fields[0]
    found = coded(field)
    assert found is not None
    assert [found.code(name) for name in ("French", "DE", "Klingon")] == ["fr", "de", None]
