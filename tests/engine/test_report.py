"""Several changes in one turn: each is told once, in order and with what it was about, whoever words the reply."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events import CallRejected, Replied, ReplyRejected
from engine.replies import check_reply, compose, failed
from tests.engine.talk import Talk

WORDED = {
    "done": ("Locked user {name}.", "완료: Lock a user ({name})."),
    "accepted": ("works on it still: lock a user {name}.", "아직 처리 중입니다: lock a user {name}."),
    "rejected": ("Not done: Lock a user ({name}). The product refused it: no such", "하지 못함: Lock a user ({name}). 제품이 거절했습니다: no such"),
    "not_executed": ("Not done: Lock a user ({name}): no connection.", "하지 못함: Lock a user ({name}): no connection."),
    "unknown": ("“lock a user {name}” but cannot know whether", "“lock a user {name}” 요청을 보냈지만"),
    "declined": ("Not done: lock a user {name}, as you declined.", "거절하셔서 하지 않음: lock a user {name}."),
    "refused": ("I did not lock {name}.", "I did not lock {name}."),
}  # fmt: skip
COMES = {
    "done": {},
    "accepted": {"accepted": True, "status": 202},
    "rejected": {"outcome": "rejected", "status": 404, "message": "no such user"},
    "not_executed": {"outcome": "not_executed", "status": None, "message": "no connection"},
    "unknown": {"unknown": True},
}


def lock(conversation: Talk, name: str, outcome: str) -> None:
    if outcome in COMES:
        conversation.change("lockUser", {"username": name}, {}, **COMES[outcome])
    elif outcome == "declined":
        conversation.call("lockUser", username=name)
        conversation.approve(yes=False)
    else:
        call = conversation.wish("lockUser", username=name)
        conversation.add(CallRejected(call_id=call, checkpoint="within_intent", reason="no", told=f"I did not lock {name}.", final=True))


def locked(*outcomes: str, locale: str = "en") -> Talk:
    """A turn that locks one user after the other: user1, user2 ..."""
    names = [f"user{n}" for n in range(1, len(outcomes) + 1)]
    conversation = Talk(f"Lock the users {', '.join(names)}", locale=locale)
    for name, outcome in zip(names, outcomes, strict=True):
        lock(conversation, name, outcome)
    return conversation


def in_order(text: str, wanted: list[str]) -> bool:
    places = [text.find(each) for each in wanted]
    return -1 not in places and places == sorted(places) and all(text.count(each) == 1 for each in wanted)


OUTCOMES = st.lists(st.sampled_from(list(WORDED)), min_size=1, max_size=9)


@given(OUTCOMES, st.booleans())
def test_code_tells_each_change_once_and_in_order(outcomes: list[str], korean: bool) -> None:
    facts = locked(*outcomes, locale="ko" if korean else "en").reply_facts()
    reply = compose(facts, None)
    assert [(line.outcome, line.changing) for line in reply.receipt] == [(outcome, True) for outcome in outcomes]
    worded = [WORDED[outcome][korean].format(name=f"user{n}") for n, outcome in enumerate(outcomes, 1)]
    assert in_order(reply.text, worded), reply.text


@given(OUTCOMES, st.sets(st.integers(0, 8)))
def test_a_models_reply_is_completed_with_what_it_leaves_out(outcomes: list[str], told: set[int]) -> None:
    """The model tells truly of some that were done: the rest is added, and nothing twice."""
    facts = locked(*outcomes).reply_facts()
    said = [f"user{n + 1}" for n, outcome in enumerate(outcomes) if outcome == "done" and n in told]
    reply = check_reply(f"I locked {' and '.join(said)}." if said else "Here is what came of it.", facts)
    assert isinstance(reply, Replied)
    assert [line.outcome for line in reply.receipt] == outcomes
    for n in range(1, len(outcomes) + 1):
        once = reply.text.count(f"user{n}")
        assert once == 1 or (once == 0 and set(outcomes) == {"done"}), reply.text


@given(OUTCOMES.filter(lambda outcomes: set(outcomes) != {"done"}), st.data())
def test_no_reply_calls_done_what_was_not(outcomes: list[str], data: st.DataObject) -> None:
    facts = locked(*outcomes).reply_facts()
    names = [f"user{n}" for n in range(1, len(outcomes) + 1)]
    lie = data.draw(st.sampled_from([name for name, outcome in zip(names, outcomes, strict=True) if outcome != "done"]))
    others = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    said = ", ".join(dict.fromkeys([*others, lie]))
    for text in (f"I locked {said}.", f"{said} have been locked.", "All users have been locked.", "Everything is done.", "Done."):
        assert isinstance(check_reply(text, facts), ReplyRejected), text


@dataclass(frozen=True)
class Case:
    text: str
    passes: bool


PARTLY = [
    Case("I locked user1, but user2 could not be locked.", passes=True),
    Case("user1 is locked now; user2 was refused by the product: no such user.", passes=True),
    Case("user1 was locked and user2 was not.", passes=True),
    Case("I locked user1, not user2.", passes=True),
    Case("user2 was refused, user1 was locked.", passes=True),
    Case("I locked user1 and user2.", passes=False),
    Case("user1 and user2 are now locked.", passes=False),
    Case("Both users are locked now.", passes=False),
    Case("I locked them.", passes=False),
    Case("The users have been locked.", passes=False),
    Case("All done.", passes=False),
    Case("사용자 user1은 잠금 처리했고 user2는 제품이 거절했습니다.", passes=True),
    Case("user1과 user2를 모두 잠갔습니다.", passes=False),
    Case("user1 그리고 user2를 잠갔습니다.", passes=False),
    Case("모든 작업이 완료되었습니다.", passes=False),
]


@pytest.mark.parametrize("case", PARTLY, ids=lambda case: case.text)
def test_what_may_be_said_when_one_of_two_was_done(case: Case) -> None:
    verdict = check_reply(case.text, locked("done", "rejected").reply_facts())
    assert isinstance(verdict, Replied) is case.passes, verdict


def test_the_second_of_several_does_not_make_good_the_first() -> None:
    text = compose(locked("rejected", "done").reply_facts(), None).text
    assert text == "Not done: Lock a user (user1). The product refused it: no such user.\nLocked user user2."


def test_a_call_without_what_the_product_minded_makes_it_good() -> None:
    conversation = Talk("Create a user 'bob' in 'Oslo'")
    conversation.change("createUser", {"email": "b@x.test"}, None, outcome="rejected", status=422, errors={"email": "taken"})
    conversation.change("createUser", {"email": "bob@x.test"}, {})
    assert compose(conversation.reply_facts(), None).text == "Created user bob@x.test."


def test_changes_that_read_alike_are_told_by_more_of_their_arguments() -> None:
    conversation = Talk("Add user1 to g1 and to g2")
    for group in ("g1", "g2"):
        conversation.change("addGroupMember", {"group_id": group, "username": "user1"}, {})
    assert compose(conversation.reply_facts(), None).text == "Added user to a group (user1, g1).\nAdded user to a group (user1, g2)."


def test_of_two_changes_about_the_same_the_one_that_was_not_done_is_told() -> None:
    conversation = Talk("Add user1 to g1 and to g2")
    conversation.change("addGroupMember", {"group_id": "g1", "username": "user1"}, None, outcome="rejected", status=409, message="full")
    conversation.change("addGroupMember", {"group_id": "g2", "username": "user1"}, {})
    facts = conversation.reply_facts()
    refused = "Not done: Add a user to a group (user1, g1). The product refused it: full."
    assert compose(facts, None).text == f"{refused}\nAdded user to a group (user1, g2)."
    told = check_reply("I added user1 to g2.", facts)
    assert isinstance(told, Replied)
    assert told.text == f"I added user1 to g2.\n\n{refused}"
    for lie in ("I added user1 to g1 and g2.", "I added user1 to g1.", "I added user1."):
        assert isinstance(check_reply(lie, facts), ReplyRejected), lie


def test_changes_that_cannot_be_told_apart_are_counted() -> None:
    conversation = Talk("Lock them")
    for _ in range(2):
        conversation.change("lockUser", {}, {})
    assert compose(conversation.reply_facts(), None).text == "Locked user. (2 times)"


def test_the_same_change_once_more_is_told_with_the_first() -> None:
    conversation = Talk("Lock user1")
    conversation.change("lockUser", {"username": "user1"}, {})
    conversation.call("lockUser", username="user1")
    assert conversation.session.turn
    assert conversation.session.turn.calls[-1].rejected
    reply = compose(conversation.reply_facts(), None)
    assert (reply.text, [line.outcome for line in reply.receipt]) == ("Locked user user1.", ["done"])


def test_what_was_not_begun_when_the_time_was_up_is_told() -> None:
    conversation = locked("done")
    conversation.wish("lockUser", username="user2")
    reply = compose(conversation.reply_facts(), "time")
    assert [line.outcome for line in reply.receipt] == ["done", "not_executed"]
    assert reply.text.splitlines()[:2] == ["Locked user user1.", "Not done: Lock a user (user2)."]


def test_a_turn_that_ends_with_an_error_tells_of_all_its_changes() -> None:
    text = failed("model_failed", "The model did not answer.", locked("done", "rejected", "unknown").reply_facts()).text
    assert in_order(text, ["The model did not answer.", "Locked user user1.", "(user2)", "lock a user user3"])
