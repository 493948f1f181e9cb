"""Which words name a time, and which field takes which end of it."""

import pytest

from engine.builtin import toolbox
from engine.builtin.dates import filled, phrases
from tests.engine.builtin.office import YESTERDAY, tool

MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
NAMED = [
    ("logs from yesterday", "yesterday"),
    ("what happened in the last 7 days?", "the last 7 days"),
    ("bookings on Monday", "Monday"),
    ("since last Tuesday please", "since last Tuesday"),
    ("sales between 1 May and 5 May 2026", "between 1 May and 5 May 2026"),
    ("from 2026-01-01 to 2026-02-01", "from 2026-01-01 to 2026-02-01"),
    ("figures for Q3 2026", "Q3 2026"),
    ("opened in May 2026", "May 2026"),
    ("three days ago", "three days ago"),
    ("am I free on the 13th?", "the 13th"),
    ("since October", "since October"),
    ("born 01-02-1980", "01-02-1980"),
]


@pytest.mark.parametrize(("text", "phrase"), NAMED)
def test_words_for_a_time_are_found_whole(text: str, phrase: str):
    assert [said for said, _, _ in phrases(text)] == [phrase]


@pytest.mark.parametrize("text", ["list all users", "may I see it", "the second one", "user1 and user2", "march on", "art of the 19th century"])
def test_other_words_are_no_time(text: str):
    assert phrases(text) == []


ENDS = [("from", "to"), ("start", "end"), ("since", "until"), ("after", "before"), ("created_from", "created_to"), ("minTime", "maxTime")]


@pytest.mark.parametrize(("begin", "finish"), ENDS)
def test_both_ends_are_filled_whatever_their_names(begin: str, finish: str):
    fields = toolbox.read([tool("listLogs", "List logs.", (), **{begin: MOMENT, finish: MOMENT})])["listLogs"].fields
    assert filled(fields, YESTERDAY, "yesterday") == {(begin,): YESTERDAY["start"], (finish,): YESTERDAY["end"]}


def test_the_kind_of_field_decides_between_day_and_moment_and_its_description_between_end_and_last():
    inclusive = {**MOMENT, "description": "The last moment, inclusive."}
    fields = toolbox.read([tool("listLogs", "List logs.", (), date_from=DAY, to=inclusive)])["listLogs"].fields
    assert filled(fields, YESTERDAY, "yesterday") == {("date_from",): "2026-11-19", ("to",): YESTERDAY["last"]}
    single = toolbox.read([tool("listLogs", "List logs.", (), date=DAY)])["listLogs"].fields
    assert filled(single, YESTERDAY, "yesterday") == {("date",): "2026-11-19"}


def test_a_date_in_quotation_marks_is_no_time():
    assert phrases("add a note 'call Anna tomorrow'") == []


def test_an_open_bound_is_left_out():
    fields = toolbox.read([tool("listLogs", "List logs.", (), **{"from": MOMENT, "to": MOMENT})])["listLogs"].fields
    assert filled(fields, {**YESTERDAY, "open": "start"}, "not after yesterday") == {("to",): YESTERDAY["end"]}
    assert filled(fields, {**YESTERDAY, "open": "end"}, "yesterday or later") == {("from",): YESTERDAY["start"]}
    single = toolbox.read([tool("listLogs", "List logs.", (), date=DAY)])["listLogs"].fields
    assert filled(single, {**YESTERDAY, "open": "start"}, "not after yesterday") == {}


def test_since_has_no_end():
    fields = toolbox.read([tool("listLogs", "List logs.", (), **{"from": MOMENT, "to": MOMENT})])["listLogs"].fields
    assert filled(fields, YESTERDAY, "since yesterday") == {("from",): YESTERDAY["start"]}
