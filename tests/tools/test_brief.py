"""A tool definition within an allowance."""

import gc
from itertools import combinations
from typing import Any
from weakref import ref

import pytest

from specs.words import tokens
from tests.tools.product import operation
from tools.brief import brief, cost
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

PARTS = ("alpha", "bravo", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima", "mike", "oscar", "papa", "romeo", "tango")
TEXT = "One of the many things that can be said of a parcel, told at some length."


def parcel(**more: Any) -> ToolDefinition:
    """A definition of some 1,000 tokens."""
    properties = {name: {"type": "string", "description": TEXT} for name in PARTS}
    body = {"required": ["sender"], "properties": {**properties, "sender": {"type": "string"}, "speed": {"enum": ["overnight", "slow"]}, **more}}
    described = {"operationId": "send", "summary": "Send a parcel", "description": f"{TEXT} " * 5}
    content = {"application/json": {"schema": body}}
    return definition(operation({"/parcels": {"post": {**described, "requestBody": {"content": content}}}}), DocumentSettings())


def shown(tool: ToolDefinition) -> set[str]:
    return set(tool.parameters["properties"])


def test_what_fits_stays_as_it_is() -> None:
    whole = parcel()
    assert brief(whole, (), cost(whole)) is whole


@pytest.mark.parametrize(
    ("sentence", "mentioned"),
    [
        ("send a parcel", set()),
        ("with a tango", {"tango"}),
        ("at high speed", {"speed"}),
        ("overnight please", {"speed"}),  # a value of an enum
    ],
)
def test_what_is_required_and_what_is_mentioned_stays(sentence: str, mentioned: set[str]) -> None:
    whole = parcel()
    small = brief(whole, tokens(sentence), 200)
    assert {"sender", *mentioned} <= shown(small) < shown(whole)
    assert cost(small) <= 200
    assert small.parameters["required"] == ["sender"]
    assert small.fields == whole.fields


def test_what_is_left_out_is_named() -> None:
    small = brief(parcel(), (), 200)
    assert "find_operations" in small.parameters["description"]
    assert len(small.description) <= 160


def test_properties_keep_their_order() -> None:
    whole = parcel()
    order = list(whole.parameters["properties"])
    small = brief(whole, tokens("romeo overnight"), 300)
    assert list(small.parameters["properties"]) == [one for one in order if one in shown(small)]


def test_what_is_required_stays_also_where_there_is_no_room_for_it() -> None:
    small = brief(parcel(), tokens("tango"), 1)
    assert shown(small) == {"sender"}
    assert cost(small) > 1


def test_a_property_that_had_no_room_in_the_whole_is_shown_when_it_is_mentioned() -> None:
    whole = parcel(**{f"room_{n}": {"type": "string", "description": TEXT} for n in range(60)})
    (left, *_) = (name for name in whole.more if name.startswith("room_"))
    assert left not in shown(brief(whole, (), 10_000))
    assert left in shown(brief(whole, tokens(left), 10_000))


def test_a_brief_is_made_once_while_it_is_kept_and_not_all_are_kept() -> None:
    whole = parcel()
    first = ref(brief(whole, tokens("tango"), 200))
    assert brief(whole, tokens("tango"), 200) is first()
    for one, other in combinations(PARTS, 2):
        brief(whole, tokens(f"{one} {other}"), 250)
    gc.collect()
    assert first() is None
    assert "tango" in shown(brief(whole, tokens("tango"), 200))
