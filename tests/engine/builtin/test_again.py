"""Messages that mean the one before them with another value, and times that are said in Korean."""

import pytest

from engine.builtin.lookup import unfit
from tests.engine.builtin.office import YESTERDAY, Talk

CLOSED = {"from": "parlance", "rejected": "closed", "reason": "The customer went on to something else.", "final": True}


@pytest.mark.parametrize("text", ["no, I meant person2", "person2 instead", "sorry, person2"])
def test_another_value_takes_the_place_of_the_one_before(text):
    talk = Talk().say("Delete the person person1").result(CLOSED).say(text)
    assert talk.call == ("deletePerson", {"login": "person2"})


def test_what_was_only_read_is_not_put_right_into_a_change():
    talk = Talk().say("Show the person person1").done({"login": "person1"}).say("no, I meant person2")
    assert talk.call is None or talk.call[0] != "deletePerson"


def test_a_time_in_korean_is_resolved_in_the_customers_own_words():
    talk = Talk().say("어제 doorEvents 보여줘")
    assert talk.call == ("resolve_dates", {"text": "어제"})
    assert talk.result({**YESTERDAY, "text": "어제"}).call == ("listDoorEvents", {"since": YESTERDAY["start"], "until": YESTERDAY["end"]})


def test_a_time_that_could_not_be_worked_out_is_said_to_be_left_out():
    talk = Talk().say("List door events from yesterday").result({"from": "parlance", "rejected": "sourced", "reason": "No time.", "final": False})
    assert talk.call == ("listDoorEvents", {})
    talk.done({"items": [{"id": 1}], "total": 23}, rows=23, total=23)
    assert "yesterday was left out" in talk.text


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("delete the person 김철수", ("deletePerson", {"login": "김철수"})),
        ("lsit persons", ("listPersons", {})),
    ],
)
def test_names_and_slips_stay_what_they_are(text, call):
    assert Talk().say(text).call == call


def test_a_documents_own_pattern_keeps_nobody_waiting():
    assert unfit("^(a+)+$", "a" * 40 + "!")
    assert unfit("^[a-z]+$", "Soo Lee")
    assert not unfit("[", "x")
