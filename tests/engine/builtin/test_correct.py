"""Refusals of the product, and the call that is made after them."""

import pytest

from engine.builtin.correct import TRIES
from tests.engine.builtin.office import NUMBER, OFFICE, TEXT, Talk, tool

LOGIN = {**TEXT, "x-supplied-by": [{"operation": "listPersons", "pointer": "/items/*/login"}]}
LOCK = tool("lockPerson", "Lock a person.", ("login",), login=LOGIN)
TOOLS = [*(each for each in OFFICE if each["function"]["name"] in ("listPersons", "ask_user")), LOCK]
ANNA = {"items": [{"login": "p77", "first_name": "Anna", "name": "Anna Smith"}]}
CREATE = tool(
    "createTicket", "Create a ticket.", ("title",), title=TEXT, queue=TEXT, urgency={"enum": ["low", "high"]}, token={**TEXT, "format": "password"}
)
ASK = next(each for each in OFFICE if each["function"]["name"] == "ask_user")


def test_what_is_not_known_as_an_id_is_looked_up_as_a_name():
    talk = Talk(TOOLS).say("lock anna").rejected(status=404, message="No such person.")
    assert talk.call == ("listPersons", {"search": "anna"})
    talk.done(ANNA, rows=1)
    assert talk.call == ("lockPerson", {"login": "p77"})
    assert talk.done().text == "Locked p77."


def test_a_name_that_nobody_has_ends_it():
    talk = Talk(TOOLS).say("lock anna").rejected(status=404, message="No such person.").done({"items": []}, rows=0)
    assert talk.text == "This was not done: No such person."


def test_a_look_up_that_is_refused_too_ends_it():
    talk = Talk(TOOLS).say("lock anna").rejected(status=404, message="No such person.").rejected(status=403, message="Not for you.")
    assert talk.text == "This was not done: No such person."


def test_the_second_not_found_ends_it():
    talk = Talk(TOOLS).say("lock anna").rejected(status=404, message="No such person.").done(ANNA, rows=1)
    assert talk.rejected(status=404, message="Still none.").text == "This was not done: Still none."


def test_what_else_is_needed_is_asked_for_in_one_form():
    talk = Talk([CREATE, ASK]).say("create a ticket 'Lamp'")
    talk.rejected(errors={"queue": "is required", "urgency": "must be given"})
    assert talk.call is not None
    name, asked = talk.call
    assert name == "ask_user"
    assert asked["question"] == "Queue and urgency are needed, too."
    assert [(f["name"], f["type"]) for f in asked["fields"]] == [("queue", "text"), ("urgency", "choice")]
    talk.result({"from": "customer", "answers": {"queue": "Light", "urgency": "low"}})
    assert talk.call == ("createTicket", {"title": "Lamp", "queue": "Light", "urgency": "low"})
    assert talk.rejected(errors={"queue": "is required"}).text == "This was not done: queue is required."


def test_a_secret_is_not_asked_for_where_it_could_be_seen():
    assert Talk([CREATE, ASK]).say("create a ticket 'Lamp'").rejected(errors={"token": "is required"}).text == "This was not done: token is required."


def test_a_filter_that_a_list_does_not_take_is_left_out_and_said():
    people = tool("listPeople", "List people.", (), city={"type": "string", "description": "Only people of this city."}, limit=NUMBER)
    talk = Talk([people]).say("list people in Oslo")
    assert talk.call == ("listPeople", {"city": "Oslo"})
    talk.rejected(status=400, errors={"city": "unknown parameter"})
    assert talk.call == ("listPeople", {})
    assert "Oslo" in talk.done({"items": [{"id": 1}, {"id": 2}]}, rows=2).text


def test_a_part_of_a_change_is_never_left_out():
    talk = Talk([CREATE]).say("create a ticket 'Lamp' in the queue 'Light'").rejected(errors={"queue": "unknown field"})
    assert talk.call is None


def test_one_argument_that_cannot_be_mended_ends_it_for_all():
    talk = Talk([CREATE]).say("create a ticket 'Lamp!' in the queue 'Light'")
    talk.rejected(errors={"title": 'must not contain "!"', "queue": "is closed"})
    assert talk.text == 'This was not done: title must not contain "!"; queue is closed.'


def test_the_tries_end():
    talk = Talk(TOOLS).say("list persons with the search 'a!b?c.d'")
    for mark in "!?.":
        talk.rejected(errors={"search": f'must not contain "{mark}"'})
    assert talk.call is None
    assert TRIES == 2


@pytest.mark.parametrize("status", [401, 403, 409, 500])
def test_other_refusals_are_told(status):
    assert Talk(TOOLS).say("lock anna").rejected(status=status, message="No.").text == "This was not done: No."
