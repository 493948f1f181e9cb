"""What earlier turns supply: the same for another, the other one, and nothing of another kind."""

import pytest

from engine.again import follows, leans_back, other
from tests.engine.builtin.office import OFFICE, TEAM_ID, TEXT, Talk, tool

LOCK = tool("lockPerson", "Lock a person.", ("login",), login={**TEXT, "x-supplied-by": [{"operation": "listPersons", "pointer": "/items/*/login"}]})
BY_PLACE = tool("listVisitors", "List visitors.", (), city={"type": "string", "description": "Only visitors of this city."})
TOOLS = [*OFFICE, LOCK, BY_PLACE]
TEAMS = {"items": [{"id": "t_1", "name": "Night"}, {"id": "t_2", "name": "Day"}]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the same for person2", "person2"),
        ("Do the same for Anna Smith", "Anna Smith"),
        ("and person2?", "person2"),
        ("what about person2", "person2"),
        ("same for person2 please", "person2"),
        ("and for the person person2?", "person2"),
        ("now for 'x y'", "x y"),
    ],
)
def test_another_value_for_the_same(text, value):
    found = follows(text)
    assert found is not None
    assert found.value == value
    assert leans_back(text)


@pytest.mark.parametrize(
    "text", ["and delete person1", "now lock it", "and why?", "and how many?", "list persons", "and again later", "", "and then?"]
)
def test_no_other_value(text):
    assert follows(text) is None


@pytest.mark.parametrize(("text", "noun"), [("no, the other group", "group"), ("the other one please", "one"), ("delete the other group", None)])
def test_the_other_one(text, noun):
    assert other(text) == noun


@pytest.mark.parametrize("text", ["the same for person2", "and person2?", "what about person2?"])
def test_the_message_before_is_done_for_another(text):
    talk = Talk(TOOLS).say("lock person1").done().say(text)
    assert talk.call == ("lockPerson", {"login": "person2"})


def test_the_value_that_is_alike_is_replaced():
    talk = Talk(TOOLS).say("add person1 to the team Night").done(TEAMS, rows=2).done().say("the same for person2")
    assert talk.call == ("addTeamMember", {"login": "person2", "team_id": "t_1"})


def test_the_value_of_the_kind_that_is_said_is_replaced():
    talk = Talk(TOOLS).say("add person1 to the team Night").done(TEAMS, rows=2).done().say("and the team Day")
    assert talk.call == ("listTeams", {"name": "Day"})
    assert talk.done(TEAMS, rows=2).call == ("addTeamMember", {"login": "person1", "team_id": "t_2"})


def test_a_list_is_narrowed_by_what_is_added():
    talk = Talk(TOOLS).say("list visitors in Seoul").done({"items": []}, rows=0).say("and in Busan?")
    assert talk.call == ("listVisitors", {"city": "Busan"})
    talk = Talk(TOOLS).say("list visitors").done({"items": [{"id": 1}]}, rows=1).say("and in Busan?")
    assert talk.call == ("listVisitors", {"city": "Busan"})
    talk = Talk(TOOLS).say("list visitors").done({"items": [{"id": 1}]}, rows=1).say("show visitors in Busan")
    assert talk.call == ("listVisitors", {"city": "Busan"})


def test_a_thing_of_the_document_is_no_value():
    talk = Talk(TOOLS).say("list persons").done({"items": []}, rows=0).say("and teams")
    assert talk.call == ("listTeams", {})


def test_of_two_the_other_one_is_taken():
    talk = Talk(TOOLS).say("list teams").done(TEAMS, rows=2).say("delete the team Night")
    assert talk.call == ("deleteTeam", {"team_id": "t_1"})
    talk.result({"from": "parlance", "rejected": "approved", "reason": "The customer declined.", "final": True}).say("no, the other team")
    assert talk.call == ("deleteTeam", {"team_id": "t_2"})
    assert talk.done().text == "Deleted Day."


def test_of_several_others_one_is_asked_for():
    three = {"items": [*TEAMS["items"], {"id": "t_3", "name": "Late"}]}
    talk = Talk(TOOLS).say("list teams").done(three, rows=3).say("delete the team Night").done().say("the other one")
    assert talk.call is not None
    name, asked = talk.call
    assert (name, asked["fields"][0]["choices"]) == ("ask_user", ["Day", "Late"])
    assert talk.result({"from": "customer", "answers": {"team_id": "Late"}}).call == ("deleteTeam", {"team_id": "t_3"})


def test_where_no_list_is_known_it_is_read():
    talk = Talk(TOOLS).say("delete the team t_1").done().say("no, the other team")
    assert talk.call == ("listTeams", {})
    assert talk.done(TEAMS, rows=2).call == ("deleteTeam", {"team_id": "t_2"})


def test_an_id_of_another_kind_of_thing_is_not_filled():
    seat = {"type": "string", "x-supplied-by": [{"operation": "listSeats", "pointer": "/items/*/id"}]}
    tools = [
        tool("listTeams", "List teams."),
        tool("listSeats", "List seats.", (), area={"type": "string"}),
        tool("deleteTeam", "Delete a team.", ("team_id",), team_id=TEAM_ID),
        tool("freeSeat", "Free a seat.", ("seat_id",), seat_id=seat),
    ]
    talk = Talk(tools).say("list teams").done(TEAMS, rows=2).say("free it")
    assert talk.call is None or "t_" not in str(talk.call[1])
    talk = Talk(tools).say("list seats").done({"items": [{"id": "s_1"}]}, rows=1).say("list teams").done(TEAMS, rows=2).say("delete the seat")
    assert talk.call is None or talk.call[1].get("seat_id") not in ("t_1", "t_2")


def test_she_is_still_known_after_another_list():
    talk = Talk(TOOLS).say("show the person person1").done({"login": "person1"}).say("list teams").done(TEAMS, rows=2).say("lock her")
    assert talk.call == ("lockPerson", {"login": "person1"})
