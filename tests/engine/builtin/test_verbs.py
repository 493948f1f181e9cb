"""Which word of a clause is its verb, and what follows from it for the operation and its arguments."""

from typing import Any

import pytest

from engine.builtin import verbs, words
from tests.engine.builtin.office import NUMBER, TEXT, Talk, tool

STATE = {"enum": ["open", "sent", "cancelled"]}
SHOP = [
    tool("listOrders", "List orders.", (), status=STATE, customer=TEXT),
    tool("placeOrder", "Place an order.", ("book_title", "customer", "quantity"), book_title=TEXT, customer=TEXT, quantity=NUMBER),
    tool("listBooks", "List books.", (), genre={"enum": ["fiction", "science"]}, author=TEXT),
    tool("addBook", "Add a book.", ("title", "author"), title=TEXT, author=TEXT, genre={"enum": ["fiction", "science"]}),
]
THINGS = frozenset({"order", "book", "user"})


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("list orders", "list"),
        ("orders of Kim", None),
        ("the cheapest book", None),
        ("order 7", None),
        ("users created this month", None),
        ("order 2 copies of Dune", "order"),
        ("please book the second one", "book"),
        ("I want user1 deleted", "deleted"),
        ("is user1 locked", "is"),
        ("delete the order", "delete"),
    ],
)
def test_a_thing_or_what_was_done_to_it_is_no_verb(text: str, verb: str | None):
    tokens = words.tokens(text)
    place = verbs.place(tokens, THINGS)
    assert (tokens[place].text if place is not None else None) == verb


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("list orders", "listOrders", {}),
        ("show all orders", "listOrders", {}),
        ("list the open orders", "listOrders", {"status": "open"}),
    ],
)
def test_no_value_is_sent_for_a_word_that_only_resembles_one(text: str, name: str, arguments: dict[str, Any]):
    assert Talk(SHOP).say(text).call == (name, arguments)
