"""Conversations with the built-in model, message by message, as a vendor's model would hold them."""

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from engine.builtin.model import BuiltinModel
from tests.engine.builtin.office import NUMBER, OFFICE, PERSON1, SYSTEM, TEXT, YESTERDAY, Talk, tool

TEAMS = {"items": [{"id": "t_1", "name": "admins"}, {"id": "t_2", "name": "Admins of the night"}], "total": 2}


def test_details_are_read_and_copied_into_a_new_record_without_secrets_and_ids():
    talk = Talk().say("Get the person details of 'person1' and create a new person 'person2' with those details")
    assert talk.call == ("getPerson", {"login": "person1"})
    talk.done(PERSON1)
    assert talk.call == ("createPerson", {"login": "person2", "first_name": "Una", "email": "una@example.test", "level": "editor"})
    talk.done({**PERSON1, "login": "person2"}, status=201)
    assert talk.text == "Here is person1. Created person2."


def test_nothing_is_copied_when_the_words_do_not_ask_for_it():
    talk = Talk().say("Get person1 and create a new person 'person2'").done(PERSON1)
    assert talk.call == ("createPerson", {"login": "person2"})


def test_a_relative_date_is_resolved_by_the_tool_and_its_words_are_passed_on():
    talk = Talk().say("Show me all door events from yesterday")
    assert talk.call == ("resolve_dates", {"text": "yesterday"})
    talk.result(YESTERDAY)
    assert talk.call == ("listDoorEvents", {"since": YESTERDAY["start"], "until": YESTERDAY["end"]})
    talk.done({"items": [{"id": 1}], "total": 23}, rows=23, total=23)
    assert talk.text == "Found 23 door events."


def test_what_is_missing_is_left_out_and_called_anyway():
    assert Talk().say("Create a new person").call == ("createPerson", {})
    assert Talk().say("Create a person called 'person1'").call == ("createPerson", {"login": "person1"})


def test_a_refused_description_is_mended_and_secrets_are_passed_on_as_they_are():
    refusal = {"from": "product", "outcome": "rejected", "status": 422, "errors": {"description": "may hold letters, digits and spaces only"}}
    messages = [
        SystemMessage(SYSTEM),
        HumanMessage("Create person 'person1' with the description 'This is an admin person!'"),
        called("c1", "createPerson", {"login": "person1", "description": "This is an admin person!", "password": "secret:1"}),
        ToolMessage(json.dumps(refusal), tool_call_id="c1"),
    ]
    answer = BuiltinModel().bind_tools(OFFICE).invoke(messages)
    assert answer.tool_calls[0]["args"] == {"login": "person1", "description": "This is an admin person", "password": "secret:1"}


def test_what_cannot_be_mended_is_told_with_the_reason():
    talk = Talk().say("Create person 'person1'").rejected(errors={"login": "is taken"}, message="Conflict")
    assert talk.text == "This was not done: login is taken."


def test_mending_ends_after_two_tries():
    talk = Talk().say("Create person 'person1' with the description 'a!b?c.d'")
    talk.rejected(errors={"description": 'must not contain "!"'}).rejected(errors={"description": 'must not contain "?"'})
    assert talk.call == ("createPerson", {"login": "person1", "description": "abc.d"})
    assert talk.rejected(errors={"description": 'must not contain "."'}).call is None


def test_what_a_text_is_to_say_is_the_text_and_chooses_nothing():
    talk = Talk().say("Create person 'person1' and write a short description that says she is an editor")
    assert talk.call == ("createPerson", {"login": "person1", "description": "She is an editor"})


def test_a_final_rejection_ends_the_turn():
    talk = Talk().say("Delete person1").result({"from": "parlance", "rejected": "approved", "reason": "Do not try it again.", "final": True})
    assert talk.text == "Nothing was changed."


@pytest.mark.parametrize("again", ["try again", "Do it again, please", "once more", "please retry"])
def test_asked_to_try_again_it_makes_the_last_request_anew(again: str):
    declined = {"from": "parlance", "rejected": "approved", "reason": "", "final": True}
    assert Talk().say("Delete person1").result(declined).say(again).call == ("deletePerson", {"login": "person1"})


NEGATED = ["Please do not delete person1", "don't create anything", "never unlock door 7", "you should not delete person1", "no, don't"]


@pytest.mark.parametrize("text", NEGATED)
def test_a_negated_wish_is_no_wish(text: str):
    talk = Talk().say(text)
    assert talk.call is None
    assert talk.text == "Nothing was done."


def test_what_is_not_negated_beside_it_is_done():
    assert Talk().say("Don't delete person1, unlock door 7").call == ("unlockDoor", {"door_id": 7})
    assert Talk().say("list all persons but don't delete any").call == ("listPersons", {})


@pytest.mark.parametrize("text", ["cancel", "Never mind.", "stop", "please stop it", "forget it", "no, cancel", "ok stop now"])
def test_words_that_stop_ask_nothing_of_the_product(text: str):
    cancel = tool("cancelVisit", "Cancel a visit.", ("visit_id",), visit_id=NUMBER)
    assert Talk([*OFFICE, cancel]).say(text).text == "All right. Nothing more is done."
    assert Talk([*OFFICE, cancel]).say("cancel visit 7").call == ("cancelVisit", {"visit_id": 7})


def test_a_reason_that_ends_with_a_full_stop_gets_no_second_one():
    assert Talk().say("Delete person1").rejected(message="Nobody answers (Refused).").text == "This was not done: Nobody answers (Refused)."
    assert Talk().say("Delete person1").rejected(errors={"login": "is in use."}).text == "This was not done: login is in use."


def test_a_header_takes_a_time_only_where_it_is_named():
    orders = tool("listOrders", "List orders.", (), **{"If-Modified-Since": {"type": "string", "format": "date-time"}})
    talk = Talk([orders, DATES]).say("show orders from yesterday")
    assert talk.call == ("listOrders", {})
    assert talk.done({"items": [{"id": 1}]}, rows=1).text == "Found 1 order. This cannot be narrowed by a time, so yesterday was left out."
    talk = Talk([orders, DATES]).say("show orders modified since yesterday")
    assert talk.result(YESTERDAY).call == ("listOrders", {"If-Modified-Since": YESTERDAY["start"]})


SHELF = {"owner": TEXT, "shelf": TEXT}
SHELVES = [
    tool("notes_list", "List notes of the person who is signed in.", (), state={"enum": ["open", "closed"]}),
    tool("notes_list-for-shelf", "List shelf notes.", ("owner", "shelf"), **SHELF, state={"enum": ["open", "closed"]}),
    tool("notes_update", "Change a note.", ("owner", "shelf", "number"), **SHELF, number=NUMBER, state={"enum": ["open", "closed"]}),
    tool("getAnna", "Get Anna. Anna as a picture."),
]


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("list the open notes of anna/blue-sky", "notes_list-for-shelf", {"owner": "anna", "shelf": "blue-sky", "state": "open"}),
        ("close note 12 in anna/blue-sky", "notes_update", {"owner": "anna", "shelf": "blue-sky", "number": 12, "state": "closed"}),
        ("list the open notes", "notes_list", {"state": "open"}),
        ("list the open and/or closed notes", "notes_list", {"state": "open"}),
    ],
)
def test_two_names_with_a_slash_between_say_whose_and_which(text: str, name: str, arguments: dict[str, Any]):
    assert Talk(SHELVES).say(text).call == (name, arguments)


def test_what_is_listed_is_not_what_it_belongs_to():
    assert Talk([tool("getAnna", "Get Anna."), tool("listNotes", "List notes.", (), owner=TEXT)]).say("list the notes of Anna").call == (
        "listNotes",
        {"owner": "Anna"},
    )


def test_help_and_thanks_are_answered_and_a_wish_beside_them_is_heard():
    assert Talk().say("thanks!").text == "You are welcome."
    assert Talk().say("What can you do?").text.startswith("I look things up and change them in Office")
    assert Talk().say("thanks, delete person1").call == ("deletePerson", {"login": "person1"})
    assert Talk().say("hi, delete person1").call == ("deletePerson", {"login": "person1"})


def test_all_of_a_kind_are_not_taken_for_one():
    talk = Talk().say("delete all persons")
    assert talk.call is not None
    name, asked = talk.call
    assert name == "ask_user"
    assert asked["question"] == "This can only be done for one person at a time. Which person is meant?"
    assert talk.result({"from": "customer", "answers": {"login": "person1"}}).call == ("deletePerson", {"login": "person1"})


@pytest.mark.parametrize("text", ["delete all persons in Finance", "delete persons from the 'Finance'", "delete persons"])
def test_what_many_are_in_is_not_one_of_them(text: str):
    talk = Talk().say(text)
    assert talk.call is not None
    assert talk.call[0] == "ask_user"


def test_two_lists_are_two_lists():
    talk = Talk([*OFFICE]).say("list persons and teams")
    assert talk.call == ("listPersons", {})
    assert talk.done({"items": []}, rows=0).call == ("listTeams", {})


def test_a_bulk_operation_is_used_for_all_where_there_is_one():
    bulk = tool("deleteAllPersons", "Delete all persons.")
    assert Talk([*OFFICE, bulk]).say("delete all persons").call == ("deleteAllPersons", {})


def test_a_list_that_comes_back_empty_is_asked_for_once_more_by_another_field():
    persons = tool("listPersons", "List persons.", (), search=TEXT, department={"type": "string", "description": "Only persons of this department."})
    talk = Talk([persons]).say("list all persons in Moreno")
    assert talk.call == ("listPersons", {"department": "Moreno"})
    talk.done({"items": []}, rows=0, total=0)
    assert talk.call == ("listPersons", {"search": "Moreno"})
    assert talk.done({"items": []}, rows=0, total=0).text == "Found no persons with department Moreno."


MOVED = [
    ("set the team of person1 to Sales", {"login": "person1", "team": "Sales"}),
    ("move person1 to Sales", {"login": "person1", "team": "Sales"}),
    ("turn person1 into an editor", {"login": "person1", "level": "editor"}),
    ("give person1 the level editor", {"login": "person1", "level": "editor"}),
]


@pytest.mark.parametrize(("text", "arguments"), MOVED)
def test_what_something_is_set_to_is_told_from_whose_it_is(text: str, arguments: dict[str, Any]):
    person = tool("updatePerson", "Change a person.", ("login",), login=TEXT, team=TEXT, level={"enum": ["guest", "editor"]})
    password = tool("setPersonPassword", "Set a person's password.", ("login",), login=TEXT, password={"type": "string", "format": "password"})
    assert Talk([password, person]).say(text).call == ("updatePerson", arguments)


EVENTS = tool(
    "listEvents", "List events. The newest first.", (),
    since={"type": "string", "format": "date-time"}, action={"enum": ["person.signed_in", "door.opened", "door.closed"]},
    result={"enum": ["success", "failure"]}, actor={"type": "string", "description": "Only what this person did."},
)  # fmt: skip
DATES = tool("resolve_dates", "Turn words for a time into bounds.", ("text",), text=TEXT)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("show failed sign-ins", {"action": "person.signed_in", "result": "failure"}),
        ("events where somebody signed in", {"action": "person.signed_in"}),
        ("who opened a door?", {"action": "door.opened"}),
        ("events of person1", {"actor": "person1"}),
    ],
)
def test_listed_values_are_found_in_other_forms_of_their_words(text: str, arguments: dict[str, Any]):
    assert Talk([EVENTS]).say(text).call == ("listEvents", arguments)


def test_a_day_is_nobodys_name_and_an_open_end_is_left_out():
    talk = Talk([tool("listLogins", "List logins.", (), login=TEXT), EVENTS, DATES]).say("show failed sign-ins since Monday")
    assert talk.call == ("resolve_dates", {"text": "since Monday"})
    talk.result({**YESTERDAY, "open": "end"})
    assert talk.call == ("listEvents", {"action": "person.signed_in", "result": "failure", "since": YESTERDAY["start"]})


def test_a_time_that_a_list_cannot_be_narrowed_by_is_told():
    talk = Talk().say("list the teams of last week").done({"items": [{"id": "t_1"}]}, rows=1, total=1)
    assert talk.text == "Found 1 team. This cannot be narrowed by a time, so last week was left out."


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("which persons are suspended?", "suspended"),
        ("list all inactive persons", "inactive"),
        ("show persons that are still unpaid in May", "unpaid"),
        ("which persons are not guests?", "not guests"),
    ],
)
def test_a_word_that_a_list_cannot_be_narrowed_by_is_told(text: str, word: str):
    persons = tool("listPersons", "List persons.", (), level={"enum": ["guest", "person", "editor"]})
    talk = Talk([persons]).say(text).done({"items": [{"login": "a"}, {"login": "b"}]}, rows=2, total=2)
    assert talk.text.startswith("Found 2 persons. ")
    assert f"This list cannot be narrowed by “{word}”, so that was left out." in talk.text


@pytest.mark.parametrize(
    "text",
    ["list all persons", "list the existing persons", "how many persons are there?", "which persons are locked?", "which persons are editors?"],
)
def test_what_narrowed_a_list_or_says_nothing_is_not_told(text: str):
    persons = tool("listPersons", "List persons.", (), state={"enum": ["active", "locked"]}, level={"enum": ["guest", "editor"]})
    assert "narrowed" not in Talk([persons]).say(text).done({"items": [{"login": "a"}]}, rows=1, total=1).text


def test_a_name_that_no_field_takes_is_told_and_a_month_is_a_time():
    talk = Talk([tool("listTeams", "List teams.")]).say("list the teams of Moreno from October as JSON").done({"items": [{"id": 1}]}, rows=1, total=1)
    assert "narrowed by “Moreno”, so" in talk.text


def test_a_column_of_the_whole_list_holds_what_no_field_takes():
    talk = Talk().say("which teams are dormant?").done({"items": [{"name": "a", "mood": "dormant"}, {"name": "b", "mood": "awake"}]}, rows=2, total=2)
    assert talk.call is not None
    assert talk.call[0] == "show"
    assert talk.call[1]["filter"] == {"mood": "dormant"}
    assert talk.result({"from": "parlance", "tool": "show", "rows": 1}).text == "Found 1 team with mood dormant."


def test_not_the_one_of_two_values_is_the_other():
    assert Talk().say("which persons are not locked?").call == ("listPersons", {"state": "active"})


DIARY = tool(
    "listLogEntries", "List log entries. What was done here.", (),
    since={"type": "string", "format": "date-time"}, until={"type": "string", "format": "date-time"},
    actor={"type": "string", "description": "Only what this person did."},
    action={"enum": ["team.deleted", "person.created", "person.signed_in"]}, outcome={"enum": ["success", "failure"]},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("what did person1 do yesterday?", {"actor": "person1"}),
        ("show me what person1 did yesterday", {"actor": "person1"}),
        ("what happened yesterday?", {}),
        ("what has changed yesterday?", {}),
        ("what happened to person1 yesterday?", {}),
        ("who deleted a team yesterday?", {"action": "team.deleted"}),
        ("who created person1 yesterday?", {"action": "person.created"}),
        ("who failed to log in yesterday?", {"action": "person.signed_in", "outcome": "failure"}),
        ("which persons logged in yesterday?", {"action": "person.signed_in"}),
    ],
)
def test_what_was_done_is_read_from_the_log(text: str, arguments: dict[str, Any]):
    tools = [t for t in OFFICE if t["function"]["name"] != "listDoorEvents"]
    talk = Talk([*tools, DIARY]).say(text)
    assert talk.call == ("resolve_dates", {"text": "yesterday"})
    assert talk.result(YESTERDAY).call == ("listLogEntries", {**arguments, "since": YESTERDAY["start"], "until": YESTERDAY["end"]})


def test_without_a_log_such_questions_are_about_the_things_themselves():
    tools = [t for t in OFFICE if t["function"]["name"] != "listDoorEvents"]
    assert Talk(tools).say("what did person1 do?").call == ("getPerson", {"login": "person1"})


def test_records_called_alike_are_offered_to_choose_from():
    twins = {"items": [{"id": "t_1", "name": "Night"}, {"id": "t_2", "name": "Night"}]}
    talk = Talk().say("delete team Night").done(twins, rows=2)
    assert talk.call is not None
    assert talk.call[1]["fields"][0]["choices"] == ["Night (t_1)", "Night (t_2)"]
    assert talk.result({"from": "customer", "answers": {"team_id": "Night (t_2)"}}).call == ("deleteTeam", {"team_id": "t_2"})


def test_a_name_that_is_answered_where_an_id_is_needed_is_looked_up():
    talk = Talk().say("delete all teams").result({"from": "customer", "answers": {"team_id": "admins"}})
    assert talk.call == ("listTeams", {"name": "admins"})
    assert talk.done(TEAMS).call == ("deleteTeam", {"team_id": "t_1"})


def test_what_to_change_is_asked_in_a_form():
    talk = Talk().say("change person1")
    assert talk.call is not None
    assert talk.call[0] == "ask_user"
    assert talk.result({"from": "customer", "answers": {"detail": "first_name", "value": "Ida"}}).call == (
        "updatePerson",
        {"login": "person1", "first_name": "Ida"},
    )


def test_she_is_the_one_spoken_of():
    named = {"person_name": TEXT}
    tools = [tool("getPerson", "Get a person.", ("person_name",), **named), tool("listTeams", "List teams.")]
    talk = Talk([*tools, tool("listPersonTeams", "List the teams of a person.", ("person_name",), **named)])
    talk.say("show person1").done({"person_name": "person1"})
    assert talk.say("what teams is she in?").call == ("listPersonTeams", {"person_name": "person1"})


def test_one_plain_word_behind_a_verb_is_what_it_is_done_to():
    lock = tool("lockPerson", "Lock a person.", ("login",), login=TEXT)
    assert Talk([lock]).say("lock anna").call == ("lockPerson", {"login": "anna"})
    assert Talk([lock]).say("lock it").call == ("lockPerson", {})


def test_who_calculates_wants_the_calculator():
    tools = [tool("listAlarms", "List alarms."), tool("Calculator", "Works out a formula.", ("formula",), formula=TEXT)]
    assert Talk(tools).say("calculate 2*21").call == ("Calculator", {"formula": "2*21"})


def test_who_am_i_is_asked_of_the_one_signed_in():
    me = tool("getCurrentUser", "Get the authenticated user.")
    assert Talk([*OFFICE, me]).say("Who am I?").call == ("getCurrentUser", {})


def test_a_question_about_one_is_no_command():
    assert Talk().say("is person1 locked?").call == ("getPerson", {"login": "person1"})


STRANGE = ["Who was the first president of the USA?", "Tell me a joke", "What is the weather in Paris?", "disable the weather"]


@pytest.mark.parametrize("text", STRANGE)
def test_what_no_tool_supports_is_refused_with_what_can_be_done(text: str):
    talk = Talk().say(text)
    assert talk.call is None
    assert "only help with Office" in talk.text


def test_knowledge_is_refused_also_after_a_date_was_resolved():
    messages = [SystemMessage(SYSTEM), HumanMessage("Who was president in 1990?"), called("c1", "resolve_dates", {"text": "in 1990"})]
    answer = BuiltinModel().bind_tools(OFFICE).invoke([*messages, ToolMessage(json.dumps(YESTERDAY), tool_call_id="c1")])
    assert not answer.tool_calls
    assert "only help with" in answer.text


def test_a_greeting_is_answered_with_what_can_be_done():
    assert Talk().say("Hello!").text.startswith("Hello.")


def test_an_id_is_looked_up_by_the_name_that_was_said():
    talk = Talk().say("delete team admins")
    assert talk.call == ("listTeams", {"name": "admins"})
    assert talk.done(TEAMS).call == ("deleteTeam", {"team_id": "t_1"})
    assert talk.done(None, status=204).text == "Deleted admins."


def test_an_id_that_was_said_is_not_looked_up():
    assert Talk().say("delete team t_77").call == ("deleteTeam", {"team_id": "t_77"})


def test_a_name_that_nothing_has_is_told():
    talk = Talk().say("delete team ghosts").done({"items": [], "total": 0}, rows=0)
    assert talk.text == "There is no team called ghosts."


def test_each_name_goes_to_the_field_of_its_noun():
    talk = Talk().say("add person1 to the team admins").done(TEAMS)
    assert talk.call == ("addTeamMember", {"team_id": "t_1", "login": "person1"})


def test_two_commands_are_carried_out_in_order_and_it_means_what_was_made():
    talk = Talk().say("create a team 'Night shift' and add person1 to it")
    assert talk.call == ("createTeam", {"name": "Night shift"})
    talk.done({"id": "t_9", "name": "Night shift"}, status=201)
    assert talk.call == ("addTeamMember", {"team_id": "t_9", "login": "person1"})
    assert talk.done({}, status=204).text == "Created Night shift. Added person1."


def test_each_of_several_names_gets_its_own_call():
    talk = Talk().say("delete person1 and person2")
    assert talk.call == ("deletePerson", {"login": "person1"})
    assert talk.done(None).call == ("deletePerson", {"login": "person2"})
    assert talk.done(None).text == "Deleted person1. Deleted person2."


def test_each_of_several_is_added_where_two_ids_are_needed():
    talk = Talk().say("add person1 and person2 to the team admins").done(TEAMS)
    assert talk.call == ("addTeamMember", {"team_id": "t_1", "login": "person1"})
    assert talk.done(None).call == ("addTeamMember", {"team_id": "t_1", "login": "person2"})


def test_the_things_of_somebody_are_a_list():
    session = [tool("getSession", "Get a session.", ("session_id",), session_id=TEXT), tool("listSessions", "List sessions.", (), username=TEXT)]
    assert Talk(session).say("show the sessions of anna7").call == ("listSessions", {"username": "anna7"})
    assert Talk(session).say("show the session s_7").call == ("getSession", {"session_id": "s_7"})


def test_it_and_the_second_one_mean_results_of_earlier_turns():
    people = {"items": [{"login": "anna"}, {"login": "bert"}]}
    assert Talk().say("list all persons").done(people, rows=2).say("delete the second one").call == ("deletePerson", {"login": "bert"})
    assert Talk().say("show me person1").done(PERSON1).say("delete it").call == ("deletePerson", {"login": "person1"})


CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("list all persons", "listPersons", {}),
    ("how many persons are there?", "listPersons", {}),
    ("list all locked persons", "listPersons", {"state": "locked"}),
    ("show me person1", "getPerson", {"login": "person1"}),
    ("show the teams of person3", "listPersonTeams", {"login": "person3"}),
    ("change person1's email to a@b.test", "updatePerson", {"login": "person1", "email": "a@b.test"}),
    ("disable person1", "updatePerson", {"login": "person1", "enabled": False}),
    ("enable person1", "updatePerson", {"login": "person1", "enabled": True}),
    ("make person1 an editor", "updatePerson", {"login": "person1", "level": "editor"}),
    ("unlock door 7", "unlockDoor", {"door_id": 7}),
    ("Show the door events of person1", "listDoorEvents", {"actor": "person1"}),
    ("Create a person bob with email bob@x.test, level editor and first name Bob", "createPerson",
     {"login": "bob", "email": "bob@x.test", "level": "editor", "first_name": "Bob"}),
    ("Create a person with login: jane2, email: j@x.test", "createPerson", {"login": "jane2", "email": "j@x.test"}),
    ("Create a team called Night shift", "createTeam", {"name": "Night shift"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "arguments"), CALLS, ids=[text for text, _, _ in CALLS])
def test_words_become_one_call(text: str, name: str, arguments: dict[str, Any]):
    assert Talk().say(text).call == (name, arguments)


def test_a_listed_value_is_picked_by_its_word():
    pets = [
        tool("findPetsByStatus", "Finds Pets by status.", ("status",), status={"type": "string", "enum": ["available", "pending", "sold"]}),
        tool("findPetsByTags", "Finds Pets by tags.", ("tags",), tags={"type": "array", "items": {"type": "string"}}),
        tool("getPetById", "Find pet by ID.", ("petId",), petId={"type": "integer"}),
    ]
    assert Talk(pets).say("find pets that are sold").call == ("findPetsByStatus", {"status": "sold"})


def test_numbers_of_a_reply_are_those_of_the_data():
    assert Talk().say("how many persons are there?").done({"items": [], "total": 42}, rows=20, total=42).text == "There are 42 persons."
    assert Talk().say("list all persons").done({"items": [], "total": 0}, rows=0, total=0).text == "Found no persons."
    assert Talk().say("What is the email of person1?").done(PERSON1).text == "The email of person1 is una@example.test."


def test_a_secret_is_never_taken_from_the_words():
    assert Talk().say("Create a person called 'person1' with the password 'hunter22'").call == ("createPerson", {"login": "person1"})


def test_an_unknown_outcome_is_told_as_unknown():
    talk = Talk().say("delete person1").result({"from": "parlance", "outcome": "unknown", "reason": "Do not repeat it.", "final": True})
    assert talk.text == "It is not known whether this was carried out."


def test_the_same_messages_give_the_same_call_and_later_ones_another_id():
    one, two = Talk().say("list all persons"), Talk().say("list all persons")
    assert one.last.tool_calls == two.last.tool_calls
    first = one.last.tool_calls[0]["id"]
    assert one.done({"items": []}, rows=0).say("list all persons").last.tool_calls[0]["id"] != first


async def test_it_answers_awaited_like_any_chat_model():
    model = BuiltinModel()
    answer = await model.bind_tools(OFFICE).ainvoke([SystemMessage(SYSTEM), HumanMessage("list all persons")])
    assert isinstance(answer, AIMessage)
    assert answer.tool_calls[0]["name"] == "listPersons"
    assert model.reads_suppliers


def called(call_id: str, name: str, arguments: dict[str, Any]) -> AIMessage:
    return AIMessage("", tool_calls=[{"type": "tool_call", "id": call_id, "name": name, "args": arguments}])
