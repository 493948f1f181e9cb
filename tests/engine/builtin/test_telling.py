"""Values that say themselves where they belong, and what is said of several or of somebody's things."""

import pytest

from tests.engine.builtin.office import NUMBER, PERSON1, TEXT, Talk, tool

VAULTS = [
    tool("listKeys", "List keys.", vault_id=TEXT, kind={"enum": ["card", "metal"]}, limit={**NUMBER, "minimum": 1, "maximum": 50}),
    tool("listVisits", "List visits.", username={**TEXT, "description": "Only visits of this user."}, state={"enum": ["open", "ended"]}),
    tool("moveKey", "Move a key to another vault.", ("key_id",), key_id=TEXT, vault_id=TEXT, label=TEXT),
    tool("lockPerson", "Lock a person.", ("login",), login={**TEXT, "description": "The name the person signs in with."}),
]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("Show the card keys in vault_12", ("listKeys", {"vault_id": "vault_12", "kind": "card"})),
        ("Move the key key_310 to vault_13", ("moveKey", {"key_id": "key_310", "vault_id": "vault_13"})),
        ("Show me 5 keys", ("listKeys", {"limit": 5})),
        ("Show me five keys", ("listKeys", {"limit": 5})),
        ("Show me 500 keys", ("listKeys", {})),
    ],
)
def test_what_says_where_it_belongs_is_put_there(text, call):
    assert Talk(tools=VAULTS).say(text).call == call


def test_two_names_behind_one_verb_are_two_calls():
    talk = Talk(tools=VAULTS).say("Lock gmoreno and jdoe")
    assert talk.call == ("lockPerson", {"login": "gmoreno"})
    assert talk.done({**PERSON1, "login": "gmoreno"}).call == ("lockPerson", {"login": "jdoe"})


def test_his_things_are_those_of_whom_was_spoken_of():
    talk = Talk(tools=VAULTS).say("Lock gmoreno and then show his open visits").done({**PERSON1, "username": "gmoreno"})
    assert talk.call == ("listVisits", {"username": "gmoreno", "state": "open"})


def test_the_same_for_another_changes_the_name_and_no_listed_value():
    talk = Talk(tools=VAULTS).say("Show the open visits of gmoreno").done({"items": []}, rows=0, total=0)
    assert talk.say("the same for jdoe").call == ("listVisits", {"username": "jdoe", "state": "open"})


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("Set the weeks of box_12 to 900", {"box_id": "box_12", "weeks": 900}),
        ("Set the weeks of box_12 to 12", {"box_id": "box_12", "weeks": 12}),
    ],
)
def test_a_number_beyond_the_bounds_of_what_is_named_is_passed_on_to_be_asked_for(text, arguments):
    box = tool("updateBox", "Change a box.", ("box_id",), box_id=TEXT, weeks={**NUMBER, "minimum": 1, "maximum": 52}, note=TEXT)
    assert Talk(tools=[box]).say(text).call == ("updateBox", arguments)


def test_a_tool_named_for_a_secret_is_not_meant_where_that_is_not_said():
    person = tool("updatePerson", "Change a person.", ("login",), login=TEXT, team=TEXT)
    password = tool("setPersonPassword", "Set a person's password.", ("login",), login=TEXT, password={**TEXT, "format": "password"})
    assert Talk(tools=[password, person]).say("move person1 to Sales").call == ("updatePerson", {"login": "person1", "team": "Sales"})
