"""One call for each of several things: named ones, those of a list that is read first, those of a list that was read before."""

import pytest

from engine.builtin import words
from engine.builtin.each import MOST, named
from tests.engine.builtin.office import NUMBER, OFFICE, TEAM_ID, TEXT, Talk, tool

LOCK = tool("lockPerson", "Lock a person.", ("login",), login={**TEXT, "x-supplied-by": [{"operation": "listPersons", "pointer": "/items/*/login"}]})
MEMBERS = tool("listTeamMembers", "List the members of a team.", ("team_id",), team_id=TEAM_ID, limit=NUMBER)
TOOLS = [*OFFICE, LOCK, MEMBERS]
TICKET_ID = {"type": "integer", "x-supplied-by": [{"operation": "listTickets", "pointer": "/items/*/id"}]}
DESK = [
    tool("listTickets", "List tickets.", (), status={"enum": ["open", "solved"]}, queue=TEXT),
    tool("deleteTicket", "Delete a ticket.", ("ticket_id",), ticket_id=TICKET_ID),
    *(each for each in OFFICE if each["function"]["name"] == "ask_user"),
]
TICKETS = {"items": [{"id": 4, "title": "Printer", "status": "solved"}, {"id": 9, "title": "Lamp", "status": "solved"}]}
TEAMS = {"items": [{"id": "t_1", "name": "Night shift"}, {"id": "t_2", "name": "Day shift"}]}


@pytest.mark.parametrize("text", ["Lock persons a, b and c", "lock the persons a, b, and c", "Lock the persons 'a', 'b' and 'c'"])
def test_each_that_is_named_is_a_call_of_its_own(text):
    talk = Talk(TOOLS).say(text)
    for login in ("a", "b", "c"):
        assert talk.call == ("lockPerson", {"login": login})
        talk.done()
    assert talk.text == "Locked a. Locked b. Locked c."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lock persons anna, bert and cleo", "lock persons 'anna' and 'bert' and 'cleo'"),
        ("add persons anna and bert to the team x", "add persons 'anna' and 'bert' to the team x"),
        ("list persons and teams", "list persons and teams"),
        ("list persons that are active and locked", "list persons that are active and locked"),
        ("lock persons 'x, y and z'", "lock persons 'x, y and z'"),
    ],
)
def test_only_the_words_of_a_list_are_taken_for_names(text, wanted):
    assert named(text, frozenset(map(words.stem, ("person", "team")))) == wanted


def test_for_each_the_list_is_read_first():
    talk = Talk(TOOLS).say("for each team list its members")
    assert talk.call == ("listTeams", {})
    talk.done(TEAMS, rows=2)
    assert talk.call == ("listTeamMembers", {"team_id": "t_1"})
    talk.done({"items": [{"login": "anna"}]}, rows=1)
    assert talk.call == ("listTeamMembers", {"team_id": "t_2"})
    assert talk.done({"items": []}, rows=0).text == "Found 1 member of Night shift. Found no members of Day shift."


def test_all_that_the_words_narrow_are_changed_one_by_one():
    talk = Talk(DESK).say("delete all solved tickets")
    assert talk.call == ("listTickets", {"status": "solved"})
    talk.done(TICKETS, rows=2)
    assert talk.call == ("deleteTicket", {"ticket_id": 4})
    talk.done()
    assert talk.call == ("deleteTicket", {"ticket_id": 9})
    assert talk.done().text == "Deleted Printer. Deleted Lamp."


@pytest.mark.parametrize("who", ["everyone", "everybody"])
def test_everyone_is_nobodys_name(who):
    persons = tool("listPersons", "List persons.", (), status={"enum": ["active", "locked"]})
    unlock = {**LOCK["function"], "name": "unlockPerson", "description": "Unlock a person."}
    talk = Talk([*(each for each in OFFICE if each["function"]["name"] == "ask_user"), persons, {**LOCK, "function": unlock}])
    assert talk.say(f"unlock {who} who is locked").call == ("listPersons", {"status": "locked"})
    talk.done({"items": [{"login": "anna", "status": "locked"}, {"login": "bert", "status": "locked"}]}, rows=2)
    assert talk.call == ("unlockPerson", {"login": "anna"})
    assert talk.done().call == ("unlockPerson", {"login": "bert"})


def test_what_is_declined_leaves_the_others():
    talk = Talk(DESK).say("delete all solved tickets").done(TICKETS, rows=2)
    talk.result({"from": "parlance", "rejected": "approved", "reason": "The customer declined.", "final": True})
    assert talk.call == ("deleteTicket", {"ticket_id": 9})


def test_an_empty_list_ends_it():
    assert Talk(DESK).say("delete all solved tickets").done({"items": []}, rows=0).text == "Found no tickets with status solved."


def test_of_all_there_are_one_is_asked_for():
    assert Talk(DESK).say("delete all tickets").call == ("deleteTicket", {})  # which one the engine asks, as for any id


def test_no_more_than_a_turn_can_hold_and_the_rest_is_said():
    talk = Talk(TOOLS).say("lock all active persons")
    assert talk.call == ("listPersons", {"state": "active"})
    talk.done({"items": [{"login": f"p{n}"} for n in range(20)]}, rows=20, total=30)
    for n in range(MOST):
        assert talk.call == ("lockPerson", {"login": f"p{n}"})
        talk.done()
    assert talk.text.endswith(f"{30 - MOST} more persons were left: say it again to go on with them.")


@pytest.mark.parametrize(
    ("text", "logins"),
    [("delete both of them", ["a", "b"]), ("lock all of them", ["a", "b"]), ("delete the first two", ["a", "b"]), ("lock the last 2", ["a", "b"])],
)
def test_all_of_a_list_that_was_read_before(text, logins):
    talk = Talk(TOOLS).say("list all persons").done({"items": [{"login": login} for login in logins]}, rows=2).say(text)
    for login in logins:
        assert talk.call is not None
        assert talk.call[1] == {"login": login}
        talk.done()
    assert talk.call is None


def test_an_operation_for_all_of_a_kind_is_one_call():
    bulk = tool("deleteAllPersons", "Delete all persons.")
    assert Talk([*TOOLS, bulk]).say("delete all persons").call == ("deleteAllPersons", {})
