"""Who has Korean for a locale, or writes in it, is answered in it: every sentence of the built-in model and the reasons of the engine."""

import re
import string
from typing import Any

import pytest

from engine.builtin import reply
from engine.builtin.requests import Goal
from engine.builtin.told import ENGLISH, KOREAN, Told, counted, told
from engine.builtin.toolbox import read
from engine.phrases import particle, reasoned
from tests.engine.builtin.office import OFFICE, PERSON1, SYSTEM, Talk
from tests.engine.talk import Talk as Turn
from tools.call import WHO_SETS_IT

HANGUL, ENGLISH_WORD = re.compile("[가-힣]"), re.compile(r"[A-Za-z]{3,}")
TOOLS = read(OFFICE)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_each_sentence_is_there_in_both_languages():
    assert ENGLISH.keys() == KOREAN.keys()


@pytest.mark.parametrize("key", KOREAN)
def test_korean_holds_no_english_and_the_same_values(key: str):
    assert HANGUL.search(KOREAN[key])
    assert not ENGLISH_WORD.search(re.sub(r"\{[^}]*\}", "", KOREAN[key]))
    assert fields(KOREAN[key]) <= fields(ENGLISH[key])


def test_what_is_always_said_the_same_way_has_both_languages():
    constants = [value for name, value in vars(reply).items() if name.isupper() and isinstance(value, Told)]
    assert len(constants) >= 8
    assert all(HANGUL.search(each.korean) and not HANGUL.search(each) for each in constants)


@pytest.mark.parametrize(
    ("word", "wanted", "found"),
    [
        ("그룹", "을", "을"), ("사용자", "을", "를"), ("user1", "을", "을"), ("user2", "을", "를"), ("Finance", "을", "를"), ("admin", "이", "이"),
        ("서울", "으로", "로"), ("부산", "으로", "으로"), ("user1", "으로", "로"), ("anna", "과", "와"), ("c_10", "은", "은"),
        ("“운영팀”", "이라", "이라"),
        ("", "을", "를"),
    ],
)  # fmt: skip
def test_a_particle_goes_by_the_last_sound(word: str, wanted: str, found: str):
    assert particle(word, wanted) == found


def test_people_are_counted_otherwise_than_things():
    assert told("found", count=counted(3, Told("users", "사용자")), thing=Told("users", "사용자"), filters="").korean == "사용자 3명을 찾았습니다."
    assert counted(3, reply.thing_of(TOOLS["listTeams"], 3)).korean == "3건"


def test_a_reason_of_ours_is_said_in_korean():
    assert reasoned("The product could not be reached: it did not answer in time.") == "제품에 연결하지 못했습니다: 제시간에 응답하지 않았습니다"
    assert not ENGLISH_WORD.search(reasoned(f"The product's address is not known. {WHO_SETS_IT}").replace("URL", ""))
    assert reasoned("username is too long") == "너무 깁니다"
    assert reasoned("no such pet") == "no such pet"
    assert reasoned("is too long", korean=False) == "is too long"


def korean(text: str) -> Talk:
    return Talk().say(text)


def test_an_outcome_is_told_in_korean():
    talk = korean("person1 정보 보여줘")
    assert talk.call == ("getPerson", {"login": "person1"})
    assert talk.done(PERSON1).text == "person1입니다."


def test_a_count_is_told_in_korean():
    talk = korean("팀 몇 개야?")
    assert talk.call == ("listTeams", {})
    assert talk.done([{"id": "t1", "name": "a"}, {"id": "t2", "name": "b"}], rows=2, total=2).text == "팀은 모두 2건입니다."


def test_a_change_is_told_in_korean():
    talk = korean("person2 삭제해줘")
    assert talk.call == ("deletePerson", {"login": "person2"})
    assert talk.done(None).text == "person2를 삭제했습니다."


def test_a_refusal_is_told_in_korean_with_the_products_own_words():
    talk = korean("person2 삭제해줘")
    assert talk.rejected(message="Locked records stay.", final=True).text == "하지 못했습니다: Locked records stay."


def test_the_locale_decides_where_the_words_are_english():
    from langchain_core.messages import SystemMessage

    talk = Talk(messages=[SystemMessage(SYSTEM.replace("Locale: en", "Locale: ko-KR"))]).say("delete person2")
    assert talk.done(None).text == "person2를 삭제했습니다."


def test_english_stays_english():
    assert Talk().say("delete person2").done(None).text == "Deleted person2."


@pytest.mark.parametrize(
    ("text", "wanted"), [("person1 삭제하지 마", "아무것도 하지 않았습니다."), ("안녕하세요", "안녕하세요."), ("고마워요", "천만에요.")]
)
def test_small_talk_is_answered_in_korean(text: str, wanted: str):
    assert korean(text).text.startswith(wanted)


def test_a_greeting_before_a_request_is_no_greeting_only():
    assert korean("안녕하세요 팀 목록 보여주세요").call == ("listTeams", {})


@pytest.mark.parametrize(("text", "wanted"), [("user1 잠가줘", True), ("lock user1", False)])
def test_the_engine_speaks_the_language_of_the_message(text: str, wanted: bool):
    assert Turn(text).reply_facts().korean is wanted


def test_the_outcome_sentences_name_the_thing_in_korean():
    goal = Goal(TOOLS["listTeams"], "list teams")
    step: Any = type("Step", (), {"result": {}, "data": [], "count": 0, "arguments": {"name": "a"}})()
    assert reply.outcome(goal, step).korean == "a 조건의 팀을 찾지 못했습니다."
