"""Values that were asked for, typed instead of put into the form."""

import pytest

from tests.engine.builtin.office import YESTERDAY, Talk

LEFT = {"from": "parlance", "rejected": "closed", "reason": "The customer left this form open and wrote the next message.", "final": True}
CLOSED = {"from": "parlance", "rejected": "closed", "reason": "The customer went on to something else.", "final": True}


def asked(said: str, *names: str) -> Talk:
    """A conversation whose last turn ended in a form for these arguments."""
    return Talk().say(said).result({**LEFT, "asked": list(names)})


@pytest.mark.parametrize(
    ("said", "names", "answer", "call"),
    [
        ("Delete a person", ("login",), "The login is person1.", ("deletePerson", {"login": "person1"})),
        ("Delete a person", ("login",), "Sure, it is person1", ("deletePerson", {"login": "person1"})),
        ("Create a team with the description 'Nights'", ("name",), "Night shift", ("createTeam", {"name": "Night shift", "description": "Nights"})),
        ("Unlock a door", ("door_id",), "number 12", ("unlockDoor", {"door_id": 12})),
        ("Unlock a door", ("door_id",), "12, please", ("unlockDoor", {"door_id": 12})),
        ("Add a person to a team", ("team_id", "login"), "person1 and team_7", ("addTeamMember", {"login": "person1", "team_id": "team_7"})),
        ("Delete a person", ("login",), "김철수요", ("deletePerson", {"login": "김철수"})),
        ("Add a person to a team", ("team_id", "login"), "the team team_7, person1", ("addTeamMember", {"login": "person1", "team_id": "team_7"})),
        ("Add a person to a team", ("team_id", "login"), "person1 and the team Support", ("listTeams", {"name": "Support"})),
        ("Create a person", ("login", "email"), "person7\na@b.example", ("createPerson", {"login": "person7", "email": "a@b.example"})),
        ("Unlock a door", ("door_id",), "3번이요", ("unlockDoor", {"door_id": 3})),
        ("팀 만들어 줘", ("name",), "야간 근무팀이요", ("createTeam", {"name": "야간 근무팀"})),
        ("Add a person to a team", ("team_id", "login"), "person1, team_7이요", ("addTeamMember", {"login": "person1", "team_id": "team_7"})),
        (
            "person 만들어 줘",
            ("login", "email"),
            "아이디는 person7이고 이메일은 a@b.example 입니다",
            ("createPerson", {"login": "person7", "email": "a@b.example"}),
        ),
        ("door events 보여줘", ("since", "until"), "어제요", ("resolve_dates", {"text": "어제"})),
        ("person 삭제해 줘", ("login",), "person1이요", ("deletePerson", {"login": "person1"})),
    ],
)
def test_typed_values_go_on_with_the_call_that_lacks_them(said, names, answer, call):
    assert asked(said, *names).say(answer).call == call


def test_what_was_said_before_is_not_lost_and_what_is_still_missing_may_be_asked_again():
    talk = asked("Create a person called person7 as an editor", "password", "first_name").say("her first name is Una")
    name, arguments = talk.call
    assert (name, arguments["login"], arguments["level"], arguments["first_name"]) == ("createPerson", "person7", "editor", "Una")
    talk.result({**LEFT, "asked": ["password", "email"]}).say("una@example.test")
    assert talk.call == ("createPerson", {"login": "person7", "level": "editor", "first_name": "Una", "email": "una@example.test"})


def test_the_newest_value_wins():
    talk = asked("Unlock the door 3", "door_id").say("no, 4")
    assert talk.call == ("unlockDoor", {"door_id": 4})


@pytest.mark.parametrize("text", ["Show me the person person2", "List teams", "What teams are there?", "Delete the team team_3"])
def test_a_request_of_its_own_drops_the_one_before(text):
    talk = asked("Create a person called person7", "password").say(text)
    assert talk.call is not None
    assert talk.call == Talk().say(text).call


@pytest.mark.parametrize("text", ["never mind", "thanks", "hello", "cancel", "forget it", "no", "취소", "I don't know yet"])
def test_words_that_say_no_value_make_no_call(text):
    assert asked("Delete a person", "login").say(text).call is None


def test_a_call_that_waited_for_a_yes_is_not_made_again_by_words_that_do_not_put_it_right():
    talk = Talk().say("Delete the person person1").result(CLOSED).say("person2 was here")
    assert talk.call is None or talk.call[0] == "getPerson"
    again = Talk().say("Create a team called Nights").result(CLOSED).say("actually with the description 'Late desk' instead")
    assert again.call == ("createTeam", {"name": "Nights", "description": "Late desk"})


def test_a_time_in_the_answer_is_resolved_and_the_words_before_it_stay():
    talk = Talk().say("List door events of actor 'person1'")
    talk.result({**LEFT, "asked": ["since", "until"]}).say("yesterday")
    assert talk.call == ("resolve_dates", {"text": "yesterday"})
    name, arguments = talk.result(YESTERDAY).call
    assert (name, arguments["actor"], arguments["since"], arguments["until"]) == ("listDoorEvents", "person1", YESTERDAY["start"], YESTERDAY["end"])


def test_a_reading_call_is_made_again_with_what_is_added_to_it():
    talk = Talk().say("List persons").done({"items": []}, rows=3, total=3).say("the state is locked")
    assert talk.call == ("listPersons", {"state": "locked"})
