"""Which words become which value: a name where an id is wanted, a number that counts, a new name beside an id, a secret."""

from typing import Any

import pytest

from tests.engine.builtin.office import NUMBER, TEXT, Talk, tool

LOGIN = {"type": "string", "pattern": "^[a-z][a-z0-9]*$", "x-supplied-by": [{"operation": "listPersons", "pointer": "/items/*/login"}]}
BOOK_ID = {"type": "integer", "x-supplied-by": [{"operation": "listBooks", "pointer": "/items/*/id"}]}
GENRE = {"enum": ["fiction", "science"]}
PLACE = [
    tool("listPersons", "List persons.", (), search=TEXT),
    tool("deletePerson", "Delete a person.", ("login",), login=LOGIN),
    tool("listBooks", "List books.", (), q=TEXT),
    tool("placeOrder", "Place an order.", ("bookId", "customer", "quantity"), bookId=BOOK_ID, customer=TEXT, quantity=NUMBER),
    tool("replaceBook", "Update a book.", ("bookId", "title", "price"), bookId=BOOK_ID, title=TEXT, price=NUMBER, genre=GENRE),
    tool("updatePet", "Update a pet.", ("name",), id=NUMBER, name=TEXT, category={"type": "object", "properties": {"name": TEXT}}),
    tool("ask_user", "Ask the customer.", ("question",), question=TEXT),
]
PEOPLE: dict[str, Any] = {"items": [{"login": "slee", "first_name": "Soo", "last_name": "Lee"}, {"login": "soo", "first_name": "Soo"}]}


def test_a_name_that_cannot_be_the_value_is_looked_up():
    talk = Talk(PLACE).say("delete person Soo Lee")
    assert talk.call == ("listPersons", {"search": "Soo Lee"})
    assert talk.done(PEOPLE, rows=2).call == ("deletePerson", {"login": "slee"})


def test_a_value_that_fits_is_taken_as_it_is():
    assert Talk(PLACE).say("delete person slee").call == ("deletePerson", {"login": "slee"})


def test_a_number_before_a_plural_counts_and_one_behind_a_thing_is_its_id():
    assert Talk(PLACE).say("order book 2 for Kim").call == ("placeOrder", {"bookId": 2, "customer": "Kim"})
    talk = Talk(PLACE).say("order 2 copies of Cosmos for Kim")
    assert talk.call == ("listBooks", {"q": "Cosmos"})
    talk.done({"items": [{"id": 9, "title": "Cosmos"}]}, rows=1)
    assert talk.call == ("placeOrder", {"bookId": 9, "quantity": 2, "customer": "Kim"})


def test_a_new_name_leaves_the_id_that_was_said():
    assert Talk(PLACE).say("rename pet 7 to Max").call == ("updatePet", {"id": 7, "name": "Max"})


def test_required_details_that_were_said_are_changes():
    talk = Talk(PLACE).say("replace book 3 with title SPQR, price 20")
    assert talk.call == ("replaceBook", {"bookId": 3, "title": "SPQR", "price": 20})
    talk = Talk(PLACE).say("update book 3")
    assert talk.call is not None
    assert talk.call[1]["fields"][0]["choices"] == ["title", "price", "genre"]


ACCESS = [
    tool("createPerson", "Create a person.", ("login", "password"), login=TEXT, password={"type": "string", "format": "password"}),
    tool("setPassword", "Set a person's password.", ("login", "password"), login=TEXT, password={"type": "string", "format": "password"}),
]


def test_a_secret_in_words_fills_nothing_and_leads_to_the_hidden_field():
    talk = Talk(ACCESS).say("create person bob")
    assert talk.call == ("createPerson", {"login": "bob"})
    talk.result({"from": "parlance", "rejected": "sourced", "reason": "Not answered.", "final": True})
    assert talk.say("the password is hunter22hunter").call == ("createPerson", {"login": "bob"})
    assert talk.done({"login": "bob"}, status=201).text == "Created bob."


def test_a_secret_that_nothing_waits_for_is_turned_away():
    talk = Talk(ACCESS).say("my password is hunter22hunter")
    assert talk.call is None
    assert "hunter" not in talk.text


def test_a_secret_beside_a_name_is_no_name():
    assert Talk(ACCESS).say("set the password of anna7 to hunter22").call == ("setPassword", {"login": "anna7"})
    assert Talk(ACCESS).say("create person with password hunter22hunter").call == ("createPerson", {})


def test_a_search_that_does_not_know_both_names_is_asked_for_the_last():
    talk = Talk(PLACE).say("delete person Soo Lee").done({"items": []}, rows=0, total=0)
    assert talk.call == ("listPersons", {"search": "Lee"})
    assert talk.done(PEOPLE, rows=2).call == ("deletePerson", {"login": "slee"})


def test_the_things_of_a_plain_name_are_those_of_that_one():
    assert Talk().say("show the teams of anna").call == ("listPersonTeams", {"login": "anna"})


def test_she_is_the_one_whose_list_was_read():
    talk = Talk().say("show the teams of anna and delete her").done({"items": [{"id": "t_1"}, {"id": "t_2"}]}, rows=2)
    assert talk.call == ("deletePerson", {"login": "anna"})


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("set person1's first name to Ada", {"login": "person1", "first_name": "Ada"}),
        ("change Anna's first name to 'Ada'", {"login": "Anna", "first_name": "Ada"}),
        ("change person1's first name to Ada and the email to a@b.test", {"login": "person1", "first_name": "Ada", "email": "a@b.test"}),
        ("change the first name of person1 to Ada and the email to a@b.test", {"login": "person1", "first_name": "Ada", "email": "a@b.test"}),
    ],
)
def test_whose_detail_it_is_and_what_it_becomes_are_told_apart(text, arguments):
    assert Talk().say(text).call == ("updatePerson", arguments)


def test_a_name_is_no_uuid_where_nobody_can_look_it_up():
    crate = {"type": "string", "format": "uuid", "x-supplied-by": [{"operation": "listCrates", "pointer": "/*/id"}]}
    tools = [tool("deleteCrate", "Delete a crate.", ("crate_id",), crate_id=crate)]
    assert Talk(tools).say("delete the crate 'Blue'").call == ("deleteCrate", {})
    assert Talk([*tools, tool("listCrates", "List crates.", (), name=TEXT)]).say("delete the crate 'Blue'").call == ("listCrates", {"name": "Blue"})
    assert Talk([*tools, tool("listCrates", "List crates.", (), name=TEXT)]).say("delete crate c_12").call == ("listCrates", {"name": "c_12"})
