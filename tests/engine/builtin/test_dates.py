"""Which words name a time, and which field takes which end of it."""

import pytest

from engine.builtin import toolbox
from engine.builtin.dates import as_said, filled, in_words, phrases, shares
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
    ("the forecast on Monday next week", "Monday next week"),
    ("what is on later today?", "later today"),
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


SPLIT = [
    ("it began in January 2021 and ended in March 2023", {"January 2021": ["start"], "March 2023": ["end"]}),
    ("from 1 May to 5 May 2026", {"from 1 May to 5 May 2026": ["start", "end"]}),
    ("from June 10th to June 15th\nPlease from June 16th to June 20th instead", {"from June 16th to June 20th": ["start", "end"]}),
]


@pytest.mark.parametrize(("text", "wanted"), SPLIT)
def test_two_times_are_the_ends_of_a_stretch_and_a_later_line_counts(text: str, wanted: dict[str, list[str]]):
    fields = toolbox.read([tool("findThings", "Find things.", (), start=DAY, end=DAY)])["findThings"].fields
    assert {phrase: [f.name for f in found] for phrase, found in shares(fields, text)} == wanted


def test_the_time_that_is_spoken_of_as_the_field_is_goes_into_it():
    filed = toolbox.read([tool("checkCase", "Check a case.", (), filed_date=DAY)])["checkCase"].fields
    assert shares(filed, "cases of the last 10 years. I filed it on May 1, 2023.")[0][0] == "May 1, 2023"


def test_a_reading_tool_that_states_no_form_is_told_the_time_in_words():
    plain, stated = {"type": "string", "description": "Date of the event"}, {"type": "string", "description": "Date in YYYY-MM-DD"}
    listing = toolbox.read([tool("listEvents", "List events.", (), date=plain, until_date=stated, day_date=DAY)])["listEvents"]
    assert [in_words(listing, f) for f in listing.fields] == [True, False, False]
    booking = toolbox.read([tool("bookEvent", "Book an event.", (), date=plain)])["bookEvent"]
    assert not in_words(booking, booking.fields[0])
    assert [as_said(phrase) for phrase in ("the 3rd of this month", "the 3rd", "March 4th")] == ["3rd of this month", "the 3rd", "March 4th"]
