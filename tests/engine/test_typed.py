"""What a text says that is typed while a form is open."""

from typing import Any

import pytest

from engine.answers import typed_answer
from engine.checkpoints import NeedsAnswer, NeedsApproval
from engine.events import Question, QuestionAnswered, QuestionField, Replied
from engine.typed import says_values, stops
from tests.engine.talk import Talk

ID = {"type": "string"}
NUMBER = {"type": "integer"}
DAY = {"type": "string", "format": "date"}
KINDS = {"type": "string", "enum": ["user", "group", "audit log"]}


def form(name: str, schema: dict[str, Any]) -> list[Question]:
    field = QuestionField(name=name, label=name.replace("_", " ").capitalize(), form=schema)
    return [Question(id="q1", kind="values", call="c1", text="?", fields=(field,))]


@pytest.mark.parametrize(
    ("name", "schema", "text", "value"),
    [
        ("case_id", ID, "58794X", "58794X"),
        ("case_id", ID, "The case ID is 58794X.", "58794X"),
        ("case_id", ID, "Sure, it's 58794X", "58794X"),
        ("case_id", ID, "case id: 58794X is mine and the group is Admins", None),
        ("username", ID, "user1 and the group Admins", None),
        ("username", ID, "김철수요", "김철수"),
        ("username", ID, "사용자 이름은 김철수입니다", "김철수"),
        ("city", ID, "Seoul.", "Seoul"),
        ("company", ID, "Acme Inc.", "Acme Inc."),
        ("company", ID, "Rock and Sons", "Rock and Sons"),
        ("title", ID, "Water the plants. It is late.", "Water the plants. It is late."),
        ("note", ID, "The note is short", "The note is short"),
        ("guests", NUMBER, "4", 4),
        ("guests", NUMBER, "The number of guests is 4", 4),
        ("day", DAY, "2026-12-01", "2026-12-01"),
        ("day", DAY, "내일 두 시요", None),
        ("day", DAY, "tomorrow", None),
        ("kind", KINDS, "Group", "group"),
        ("kind", KINDS, "the second one", "group"),
        ("kind", KINDS, "3", "audit log"),
        ("kind", KINDS, "I mean the log", None),
        ("kind", KINDS, "a user, please", "user"),
        ("kind", KINDS, "not the user", None),
        ("kind", KINDS, "the fourth", None),
        ("username", ID, "never mind", None),
        ("username", ID, "취소", None),
        ("username", ID, "Delete the user bob", None),
    ],
)
def test_a_typed_sentence_answers_with_the_value_it_says(name: str, schema: dict[str, Any], text: str, value: Any) -> None:
    assert typed_answer(text, form(name, schema)) == (None if value is None else {name: value})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The image index is 3", True),
        ("Seoul, tomorrow, two people", True),
        ("user1 and the group Admins", True),
        ("The speed is 60. Set the temperature to 200 degrees", True),
        ("내일 두 시요", True),
        ("Delete the user bob", False),
        ("Show me all users", False),
        ("what is an index?", False),
        ("사용자 목록 보여줘", False),
        ("never mind", False),
    ],
)
def test_values_are_told_from_requests(text: str, says: bool) -> None:
    assert says_values(text) is says


@pytest.mark.parametrize(
    ("text", "is_so"), [("never mind", True), ("stop that", True), ("please cancel that", True), ("cancel order 7", False), ("no, 4", False)]
)
def test_who_stops_says_nothing_else(text: str, is_so: bool) -> None:
    assert stops(text) is is_so


def left(asked: str, text: str, closed_by: str = "m2", **arguments: str) -> Talk:
    """A question is left open, and this is written instead."""
    talk = Talk(asked)
    verdict = talk.call("deleteUser", arguments)
    assert isinstance(verdict, NeedsApproval if arguments else NeedsAnswer)
    talk.add(QuestionAnswered(question_id=verdict.question.id, message_id=closed_by, closed=True))
    talk.add(Replied(text="Not done yet."))
    talk.say(text)
    return talk


def test_words_for_a_form_ask_for_what_the_words_before_them_asked_for() -> None:
    talk = left("Delete a user", "it's hkim")
    assert talk.facts(talk.wish("deleteUser", username="hkim")).words == "Delete a user\nit's hkim"
    verdict = talk.check(talk.last())
    assert isinstance(verdict, NeedsApproval)
    assert verdict.question.notes == ()


@pytest.mark.parametrize(
    ("text", "closed_by", "arguments"),
    [
        ("hkim", "cancel", {}),  # the question was closed by something else
        ("hkim", "m2", {"username": "bob"}),  # a yes was asked for, and no value
        ("Show me the user hkim", "m2", {}),
        ("never mind", "m2", {}),
    ],
)
def test_words_that_answer_no_form_stand_alone(text: str, closed_by: str, arguments: dict[str, str]) -> None:
    talk = left("Delete the user bob" if arguments else "Delete a user", text, closed_by, **arguments)
    assert talk.facts(talk.wish("deleteUser", username="hkim")).words == text
