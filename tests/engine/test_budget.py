import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.budget import Cost, by_turn, most_read, most_written, shown, ticket
from engine.context import Message
from engine.events import ModelReplied, QuestionAnswered, Replied, SessionStarted, ToolCall, Usage, UserSaid
from engine.phrases import stopped
from engine.session import Session
from tests.engine.talk import identity
from tools.own import OWN
from tools.schema import definition
from tools.settings import DocumentSettings

PRICED = Usage(input_tokens=100, output_tokens=10, nano_dollars=1_500)
TOOLS = [*OWN.values(), definition(identity().operation("getUser"), DocumentSettings())]
CALL = ToolCall(id="c1", tool="getUser", arguments={"username": "user1"})


@given(st.lists(st.text(max_size=200), max_size=5))
def test_what_is_reserved_for_a_prompt_is_no_less_than_its_bytes(texts: list[str]) -> None:
    said = sum(len(text.encode("utf-8", "replace")) for text in texts)
    assert most_read([Message("user", text) for text in texts], []) >= said
    assert most_read([Message("user", text) for text in texts], TOOLS) >= said + sum(len(tool.description) for tool in TOOLS)


def test_what_a_reply_can_have_taken_holds_its_words_and_its_calls() -> None:
    assert most_written(ModelReplied(text="좋아요", calls=(CALL,))) > len("좋아요".encode()) + len("getUseruser1")


def test_each_turn_is_shown_with_what_it_used_and_an_unknown_price_is_no_price() -> None:
    events = (
        SessionStarted(document="d", spec="s", tenant="t", user="u"),
        UserSaid(message_id="m1", text="a"), ModelReplied(calls=(CALL,), usage=PRICED), ModelReplied(usage=PRICED), Replied(text="."),
        UserSaid(message_id="m2", text="b"), ModelReplied(usage=PRICED), ModelReplied(usage=Usage(input_tokens=1)),
    )  # fmt: skip
    assert by_turn(events, 0) == [
        {"turn": 1, "model_calls": 2, "tool_calls": 1, "input_tokens": 200, "output_tokens": 20, "dollars": 0.000003},
        {"turn": 5, "model_calls": 2, "tool_calls": 0, "input_tokens": 101, "output_tokens": 10, "dollars": None},
    ]
    assert [each["turn"] for each in by_turn(events[3:], 3)] == [5]  # of a turn that began before nobody is told a part
    assert shown(Cost())["dollars"] == 0


def test_a_ticket_names_the_newest_message_and_nobodys_words() -> None:
    session = Session("s1", SessionStarted(document="d", spec="s", tenant="t", user="u"))
    said = session.add(UserSaid(message_id="my-secret-name", text="a"))
    answered = said.add(QuestionAnswered(question_id="q", message_id="m2"))
    assert len({ticket(said), ticket(answered), ticket(Session("s2", session.started).add(UserSaid(message_id="my-secret-name", text="a")))}) == 3
    assert ticket(said).isalnum()
    assert len(ticket(said)) == 20


@pytest.mark.parametrize("limit", ["model calls", "tool calls", "time", "tokens", "money", "tokens today", "money today", "cancelled", "price"])
def test_every_reason_to_stop_has_words_of_its_own_in_both_languages(limit: str) -> None:
    english, korean = stopped(limit, korean=False), stopped(limit, korean=True)
    assert english.isascii()
    assert not any("a" <= letter <= "z" for letter in korean.lower())
    assert ("today" in english) == limit.endswith("today")
    assert "limit of cancelled" not in english
