"""Which word of a clause is its verb, and what follows from it for the operation and its arguments."""

from typing import Any

import pytest

from engine.builtin import toolbox, verbs, words
from engine.builtin.choose import rank
from tests.engine.builtin.office import NUMBER, TEXT, Talk, tool

STATE = {"enum": ["open", "sent", "cancelled"]}
SHOP = [
    tool("listOrders", "List orders.", (), status=STATE, customer=TEXT),
    tool("placeOrder", "Place an order.", ("book_title", "customer", "quantity"), book_title=TEXT, customer=TEXT, quantity=NUMBER),
    tool("listBooks", "List books.", (), genre={"enum": ["fiction", "science"]}, author=TEXT),
    tool("addBook", "Add a book.", ("title", "author"), title=TEXT, author=TEXT, genre={"enum": ["fiction", "science"]}),
]
ASK = tool("ask_user", "Ask the customer.", ("question",), question=TEXT)
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


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("science books", "listBooks", {"genre": "science"}),
        ("orders of Kim", "listOrders", {"customer": "Kim"}),
        ("show the orders for Kim", "listOrders", {"customer": "Kim"}),
        ("the cheapest book", "listBooks", {}),
        ("books added yesterday", "listBooks", {}),
    ],
)
def test_words_without_a_verb_read(text: str, name: str, arguments: dict[str, Any]):
    assert Talk(SHOP).say(text).call == (name, arguments)


CLUB = [
    tool("createTeam", "Create a team.", ("name",), name=TEXT),
    tool("deleteTeam", "Delete a team.", ("team_name",), team_name=TEXT),
    tool("deletePerson", "Delete a person.", ("login",), login=TEXT),
    tool("addTeamMember", "Add a person to a team.", ("team_name", "login"), team_name=TEXT, login=TEXT),
    tool("removeTeamMember", "Remove a person from a team.", ("team_name", "login"), team_name=TEXT, login=TEXT),
]


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("add yuki tanaka to the rowers team", "addTeamMember", {"team_name": "rowers", "login": "yuki tanaka"}),
        ("add anna to Rowers", "addTeamMember", {"team_name": "Rowers", "login": "anna"}),
        ("remove anna from Rowers", "removeTeamMember", {"team_name": "Rowers", "login": "anna"}),
        ("add a team called Rowers", "createTeam", {"name": "Rowers"}),
    ],
)
def test_what_is_added_to_what_follows_the_little_word(text: str, name: str, arguments: dict[str, Any]):
    assert Talk(CLUB).say(text).call == (name, arguments)


def test_two_things_with_a_name_each_are_two_requests():
    talk = Talk(CLUB).say("delete the team Rowers and the person anna7")
    assert talk.call == ("deleteTeam", {"team_name": "Rowers"})
    assert talk.done(None).call == ("deletePerson", {"login": "anna7"})


def test_two_changes_that_fit_alike_are_asked_about():
    post = [tool("PostCards", "Create a card.", ("name",), name=TEXT), tool("PostCard", "Create a card.", ("name",), name=TEXT, colour=TEXT)]
    post[1]["function"]["description"] = "Create a card again."
    talk = Talk([tool("listCards", "List cards."), *post, ASK]).say("create a card called Max")
    assert talk.call is not None
    assert talk.call[1]["fields"][0]["choices"] == ["Create a card", "Create a card again"]
    assert talk.result({"from": "customer", "answers": {"operation": "Create a card again"}}).call == ("PostCard", {"name": "Max"})


DEPOT = [
    tool("deleteCollectionBox", "", ("shelf",), shelf=TEXT, label=TEXT),
    tool("deleteBox", "", ("shelf", "name"), shelf=TEXT, name=TEXT),
    tool("pruneJars", "Delete unused jars.", (), filters=TEXT),
    tool("deleteJar", "Remove a jar.", ("name",), name=TEXT, force={"type": "boolean"}),
    tool("lockDoors", "Lock all doors."),
    tool("lockDoor", "Lock a door.", ("door_id",), door_id=NUMBER),
    tool("deleteShelfBoxes", "Delete the boxes of a shelf.", ("shelf",), shelf=TEXT),
    ASK,
]
ONE_OR_ALL = [
    ("delete box blue-1 on the shelf top", "deleteBox"),
    ("delete the box 'blue' on the shelf top", "deleteBox"),
    ("delete a box", "deleteBox"),
    ("delete all boxes on the shelf top", "deleteCollectionBox"),
    ("delete the jar old-1", "deleteJar"),
    ("delete the jar data", "deleteJar"),
    ("delete the unused jars", "pruneJars"),
    ("lock door 7", "lockDoor"),
    ("lock the doors", "lockDoors"),
    ("lock every door", "lockDoors"),
]


@pytest.mark.parametrize(("text", "name"), ONE_OR_ALL, ids=[text for text, _ in ONE_OR_ALL])
def test_a_change_of_all_is_chosen_only_if_the_words_ask_for_all(text: str, name: str):
    tools = [each for each in DEPOT if each["function"]["name"] != "deleteShelfBoxes"]
    assert rank(text, toolbox.read(tools))[0].tool.name == name


def test_what_needs_the_whole_that_it_empties_is_for_no_single_one():
    tools = [each for each in DEPOT if each["function"]["name"] != "deleteCollectionBox"]
    assert "deleteShelfBoxes" not in [each.tool.name for each in rank("delete the box blue-1", toolbox.read(tools))]
    alone = [each for each in tools if each["function"]["name"] != "deleteBox"]
    assert rank("delete what is on the shelf top", toolbox.read(alone))[0].tool.name == "deleteShelfBoxes"


def test_what_a_thing_is_in_is_not_deleted_in_its_place():
    tools = toolbox.read([tool("deleteShelf", "Delete a shelf.", ("name",), name=TEXT), tool("listShelves", "List shelves.")])
    support = {text: rank(text, tools)[0].support for text in ("drop the crate c-1 in shelf top", "drop shelf top", "drop the shelf in the hall")}
    assert [value > 0 for value in support.values()] == [False, True, True]
    tools = toolbox.read([tool("deleteShelfBox", "Delete a box.", ("name",), shelf=TEXT, name=TEXT)])
    assert rank("drop the crate c-1 in shelf top", tools)[0].support == 0
    assert rank("drop c-1 in shelf top", tools)[0].support > 0
