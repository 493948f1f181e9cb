"""How a list is shown: in the order, the part and the number that the words ask for."""

from typing import Any

import pytest

from tests.engine.builtin.office import Talk

ROWS = [
    {"id": 1, "login": "anna", "state": "active", "created_at": "2026-01-05T10:00:00Z", "last_login_at": "2026-11-01T10:00:00Z"},
    {"id": 2, "login": "bert", "state": "locked", "created_at": "2026-03-05T10:00:00Z", "last_login_at": "2026-10-01T10:00:00Z"},
]
LIST = {"items": ROWS}


def listed(text: str, data: Any = LIST) -> Talk:
    return Talk().say(text).done(data, rows=2, total=2)


def show(talk: Talk) -> dict[str, Any] | None:
    """What `show` is asked for, beside the result's id."""
    if talk.call is None:
        return None
    name, arguments = talk.call
    assert name == "show"
    return {key: value for key, value in arguments.items() if key != "result"}


PARTS = [
    ("show the newest person", {"sort": "-created_at", "limit": 1}),
    ("which person was created first?", {"sort": "created_at", "limit": 1}),
    ("show the person of the last login, the latest", {"sort": "-last_login_at", "limit": 1}),
    ("first 5 persons", {"limit": 5}),
    ("the two newest persons", {"sort": "-created_at", "limit": 2}),
    ("list the persons sorted by login", {"sort": "login"}),
    ("list the persons ordered by state, descending", {"sort": "-state"}),
]


@pytest.mark.parametrize(("text", "wanted"), PARTS, ids=[t for t, _ in PARTS])
def test_order_and_part_are_taken_from_the_words(text: str, wanted: dict[str, Any]):
    assert show(listed(text)) == wanted


@pytest.mark.parametrize(
    "text", ["list all persons", "show the persons of last week", "list persons called 'first 5'", "list persons with their last name"]
)
def test_other_words_leave_a_list_as_it_is(text: str):
    assert show(listed(text)) is None


def test_a_list_without_a_time_has_no_newest():
    assert show(listed("show the newest person", {"items": [{"id": 1}, {"id": 2}]})) == {"limit": 1}


def test_the_newest_is_named_where_all_are_known():
    talk = listed("show the newest person").result({"from": "parlance", "tool": "show", "value": None, "rows": 1})
    assert talk.text == "Here is the person: bert."


EARLIER = [
    ("how many are locked?", {"filter": {"state": "locked"}, "aggregate": "count"}),
    ("only the active ones", {"filter": {"state": "active"}}),
    ("the newest 2", {"sort": "-created_at", "limit": 2}),
    ("sort them by login", {"sort": "login"}),
    ("sort them by team id", {"sort": "id"}),
]


@pytest.mark.parametrize(("text", "wanted"), EARLIER, ids=[t for t, _ in EARLIER])
def test_words_about_the_last_list_show_it_anew(text: str, wanted: dict[str, Any]):
    assert show(listed("list all persons").say(text)) == wanted


def test_a_count_of_an_earlier_list_is_told():
    talk = listed("list all persons").say("how many are locked?")
    assert talk.result({"from": "parlance", "tool": "show", "value": 1, "rows": 1}).text == "There is 1."


@pytest.mark.parametrize("text", ["how many persons are there?", "list the teams", "show person1", "delete the second one"])
def test_a_new_request_is_no_word_about_the_last_list(text: str):
    call = listed("list all persons").say(text).call
    assert call is not None
    assert call[0] != "show"


def test_a_list_is_sorted_by_what_stands_behind_by():
    talk = listed("sort the persons by login")
    assert talk.call is not None
    assert talk.call[1]["sort"] == "login"
