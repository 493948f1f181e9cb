"""Every word of a question is in an argument, in what is shown, or said to be left out."""

from typing import Any

import pytest

from tests.engine.builtin.office import NUMBER, OFFICE, TEXT, YESTERDAY, Talk, tool

SHELF = [
    tool("listBooks", "List books.", (), genre={"enum": ["fiction", "science"]}, owner=TEXT, maxPrice=NUMBER),
    tool("listPersons", "List persons.", (), search=TEXT),
    *[t for t in OFFICE if t["function"]["name"] in ("show", "resolve_dates", "ask_user")],
]
BOOKS = [
    {"title": "Dune", "price": 12.5, "genre": "fiction", "owner": "anna", "sold_at": None},
    {"title": "Cosmos", "price": 15, "genre": "science", "owner": "bert", "sold_at": "2026-11-02T10:00:00Z"},
    {"title": "SPQR", "price": 18, "genre": "history", "owner": "anna", "sold_at": "2026-11-03T10:00:00Z"},
]


def asked(text: str, arguments: dict[str, Any]) -> Talk:
    talk = Talk(SHELF).say(text)
    assert talk.call == ("listBooks", arguments)
    return talk.done({"items": BOOKS, "total": 3}, rows=3, total=3)


@pytest.mark.parametrize(
    ("text", "arguments", "shown"),
    [
        ("which book is the most expensive?", {}, {"sort": "-price", "limit": 1}),
        ("the cheapest book", {}, {"sort": "price", "limit": 1}),
        ("books with a price above 13", {}, {"sort": "-price", "limit": 2}),
        ("books that were never sold", {}, {"filter": {"sold_at": None}}),
        ("history books", {}, {"filter": {"genre": "history"}}),
    ],
)
def test_what_no_field_takes_is_done_on_the_rows(text: str, arguments: dict[str, Any], shown: dict[str, Any]):
    talk = asked(text, arguments)
    assert talk.call is not None
    name, given = talk.call
    given.pop("result")
    assert (name, given) == ("show", shown)


@pytest.mark.parametrize(
    ("text", "said"),
    [("books whose title starts with D", "“starts with D”"), ("glossy books", "“glossy”"), ("list books signed by the printer", "“signed”")],
)
def test_what_neither_a_field_nor_a_row_can_do_is_told(text: str, said: str):
    assert said in asked(text, {}).text


@pytest.mark.parametrize(
    ("text", "arguments"),
    [("list all books", {}), ("list books cheaper than 13", {"maxPrice": 13}), ("what books does anna own?", {"owner": "anna"})],
)
def test_nothing_is_told_where_every_word_is_used(text: str, arguments: dict[str, Any]):
    assert "left out" not in asked(text, arguments).text


def test_whom_a_question_is_about_narrows_the_list():
    talk = Talk().say("what did anna do yesterday?").result(YESTERDAY)
    assert talk.call is not None
    assert talk.call[1]["actor"] == "anna"


def test_how_many_is_asked_of_a_list():
    log = [tool("getEntry", "Get a log entry.", ("entry_id",), entry_id=TEXT), tool("listLogs", "List logs.")]
    assert Talk(log).say("how many log entries are there?").call == ("listLogs", {})


def test_who_somebody_is_tells_of_that_one():
    assert Talk().say("who is person1?").call == ("getPerson", {"login": "person1"})
    assert Talk().say("which teams is anna in?").call == ("listPersonTeams", {"login": "anna"})
