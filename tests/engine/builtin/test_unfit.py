"""Values that a field cannot take: they are passed on, so that the field is asked for with the reason."""

import pytest

from tests.engine.builtin.office import TEXT, Talk, tool

SHIP = tool(
    "sendParcel", "Send a parcel.", ("recipient",),
    recipient={"type": "string", "maxLength": 10}, speed={"enum": ["normal", "express"]}, note=TEXT, weight={"type": "number", "minimum": 0},
)  # fmt: skip
LIST = tool("listParcels", "List parcels.", (), speed={"enum": ["normal", "express"]})


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("send a parcel for recipient 'Anna' with speed turbo", {"recipient": "Anna", "speed": "turbo"}),
        ("send a parcel for recipient 'Anna' with speed express", {"recipient": "Anna", "speed": "express"}),
        ("send a parcel for recipient 'Anna von Hohenstein'", {"recipient": "Anna von Hohenstein"}),
        ("send a parcel for recipient 'Anna' with weight -5", {"recipient": "Anna", "weight": -5}),
    ],
)
def test_what_does_not_fit_is_not_lost(text, arguments):
    assert Talk([SHIP]).say(text).call == ("sendParcel", arguments)


def test_a_list_is_not_asked_with_what_it_does_not_know():
    assert Talk([LIST]).say("list parcels with speed turbo").call == ("listParcels", {})
