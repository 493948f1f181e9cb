"""Words that fit no operation as they stand: misspelt, in Korean, or about something whose kind is not said."""

from typing import Any

import pytest
from hypothesis import given, strategies

from engine.builtin import hangul, spelling
from engine.builtin.toolbox import read
from engine.builtin.wanted import nouns_of
from tests.engine.builtin.office import OFFICE, TEXT, Talk, tool

FIND = tool("find_operations", "Find further operations.", ("text",), text=TEXT)


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("lsit all persns", "listPersons", {}),
        ("delte person anna", "deletePerson", {"login": "anna"}),
        ("find grace", "listPersons", {"search": "grace"}),
        ("make anna an editor", "updatePerson", {"login": "anna", "level": "editor"}),
        ("is anna an editor?", "getPerson", {"login": "anna"}),
        ("사람 person1 삭제해줘", "deletePerson", {"login": "person1"}),
    ],
)
def test_what_is_meant_is_found_all_the_same(text: str, name: str, arguments: dict[str, Any]):
    assert Talk().say(text).call == (name, arguments)


@pytest.mark.parametrize("text", ["delete person 'persn'", "lock Delte", "show persn7", "list the persons of brevt"])
def test_names_quotes_and_ids_are_left_as_they_are(text: str):
    tools = read(OFFICE)
    assert spelling.things_mended(spelling.verb_mended(text, nouns_of(tools.values())), tools) == text


@given(*[strategies.text("abcde", max_size=9)] * 2)
def test_words_with_too_many_letters_of_their_own_are_too_far_from_each_other(one: str, other: str):
    far = spelling.distance(one, other)
    assert spelling.may_be(one, other, far)


def test_of_which_kind_a_name_is_is_asked():
    talk = Talk().say("delete slee")
    assert talk.call is not None
    name, asked = talk.call
    assert (name, asked["question"], asked["fields"][0]["choices"]) == ("ask_user", "What is slee?", ["person", "team"])
    assert talk.result({"from": "customer", "answers": {"kind": "person"}}).call == ("deletePerson", {"login": "slee"})


def test_further_operations_are_looked_for_where_the_words_speak_of_a_detail():
    offered = [t for t in OFFICE if t["function"]["name"] == "createPerson"]
    talk = Talk([*offered, FIND]).say("editors in engineering")
    assert talk.call is not None
    assert talk.call[0] == "find_operations"
    assert talk.result({"from": "parlance", "data": {}}).call is None


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("사용자 목록 보여줘", "show users"),
        ("어제 감사 로그 보여줘", "show audit logs yesterday"),
        ("hkim 잠금 해제해줘", "unlock hkim"),
        ("gmoreno 사용자를 삭제해줘", "delete user gmoreno"),
        ("사용자를 삭제해줘", "delete user"),
        ("사용자를 모두 삭제해줘", "delete all users"),
        ("모든 노드를 삭제해줘", "delete all nodes"),
        ("n-1 노드를 삭제해줘", "delete node n-1"),
        ("prod 네임스페이스의 web-1 파드를 삭제해줘", "delete namespace prod pod web-1"),
        ("prod 프로젝트의 web-1 저장소를 삭제해줘", "delete project prod repository web-1"),
        ("재무팀(Finance) 사용자 몇 명이야?", "how many users in Finance"),
        ("list users", "list users"),
        ("create a team '사용자'", "create a team '사용자'"),
    ],
)
def test_korean_is_put_into_the_english_that_the_rules_read(korean: str, english: str):
    assert hangul.english(korean) == english


def test_several_of_a_list_are_offered_to_choose_from():
    people = {"items": [{"login": "anna"}, {"login": "bert"}]}
    talk = Talk().say("list all persons").done(people, rows=2).say("delete them")
    assert talk.call is not None
    name, asked = talk.call
    assert (name, asked["fields"][0]["choices"]) == ("ask_user", ["anna", "bert"])
    assert talk.result({"from": "customer", "answers": {"login": "bert"}}).call == ("deletePerson", {"login": "bert"})


def test_no_wish_to_delete_leads_to_a_new_record():
    offered = [t for t in OFFICE if t["function"]["name"] in ("createPerson", "listPersons")]
    talk = Talk(offered).say("delete person anna")
    assert talk.call is None or talk.call[0] == "listPersons"


def test_a_word_that_joins_two_of_an_operations_name_is_read_as_both():
    tools = read([tool("deleteLunchBox", "", ("name",), name=TEXT), tool("getUserName", "", ("username",), username=TEXT)])
    assert spelling.parted("delete the lunchbox red-box", tools) == "delete the lunch box red-box"
    assert spelling.parted("set the username to lunchbox1 or 'lunchbox'", tools) == "set the username to lunchbox1 or 'lunchbox'"
