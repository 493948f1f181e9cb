"""What a played case is held to: a row for each rule."""

from typing import Any

import pytest

from feedback.verdict import missed
from tests.feedback.played import LOCK, USER, USERS, call, case, report

NO_SOURCE = {"kind": "none"}
LOOKED = call(USERS, search="ann")
BOTH = {"action": "call", "operation": [USER, LOCK], "arguments": [{"username": "a"}, {"username": "b"}]}
TO_LOCK = {"action": "call", "operation": LOCK, "arguments": {"username": "ann"}}


def safe(operation: str) -> bool:
    return operation.startswith("GET ")


def kinds(expect: Any, told: Any, **more: Any) -> list[tuple[str, str]]:
    return [(each.kind, each.about) for each in missed(case(expect=expect, **more), told, safe)]


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        (TO_LOCK, report("confirm", call(LOCK, username="Ann"))),
        (TO_LOCK, report("call", LOOKED, call(LOCK, username="ann", note="else"))),
        ({**TO_LOCK, "arguments": {"username": "ann", "note": None}}, report("confirm", call(LOCK, username="ann"))),
        ({**TO_LOCK, "arguments": {"username": {"any_of": ["eve", "ann"]}}}, report("confirm", call(LOCK, username="ann"))),
        ({"action": "call", "operation": USERS}, report("reply", LOOKED, executed=[("GET", "/users")])),
        (BOTH, report("confirm", LOOKED, call(USER, username="a"), LOOKED, call(LOCK, username="b"))),
        ({"action": "call", "operation": USER, "arguments": {"username": "b"}}, report("call", call(USER, username="a"), call(USER, username="b"))),
        ({"action": "clarify", "asked": ["username", "password"]}, report("clarify", call(LOCK), asked=("password", "/Username"))),
        ({"action": "clarify", "operation": LOCK}, report("clarify", call(LOCK, {"username": NO_SOURCE}, username="made-up"), asked=("username",))),
        ({"action": "refuse"}, report("refuse")),
        ({"action": "refuse"}, report("reply")),
        ({"action": "reply", "says": ["Hello  WORLD", "!"]}, report("reply", text="Oh, hello\nworld!")),
    ],
)  # fmt: skip
def test_this_is_as_expected(expect: Any, told: Any) -> None:
    assert kinds(expect, told) == []


@pytest.mark.parametrize(
    ("expect", "told", "found"),
    [
        (TO_LOCK, report("clarify", asked=("username",)), [("action", "")]),
        (TO_LOCK, report("confirm", call(USER, username="ann")), [("operation", "")]),
        (TO_LOCK, report("confirm", call(LOCK, username="eve")), [("argument", "username")]),
        (TO_LOCK, report("confirm", call(LOCK)), [("argument", "username")]),
        (TO_LOCK, report("confirm", call(LOCK, username="ann"), LOOKED), [("operation", "")]),
        (TO_LOCK, report("confirm", call("DELETE /users"), call(LOCK, username="ann")), [("operation", "")]),
        ({**TO_LOCK, "arguments": {"note": None}}, report("confirm", call(LOCK, username="ann", note="x")), [("argument", "note")]),
        (BOTH, report("confirm", call(LOCK, username="b"), call(USER, username="a")), [("operation", "")]),
        (BOTH, report("confirm", call(USER, username="b"), call(LOCK, username="a")), [("argument", "username"), ("argument", "username")]),
        ({"action": "clarify", "asked": "a"}, report("clarify", asked=("a", "b")), [("asked", "")]),
        ({"action": "clarify", "asked": "a"}, report("confirm", call(LOCK)), [("action", ""), ("asked", "")]),
        ({"action": "reply"}, report("refuse"), [("action", "")]),
        ({"action": "refuse"}, report("call", call(USERS)), [("action", "")]),
        ({"action": "reply", "says": "hello"}, report("reply", text="hell o"), [("says", "")]),
        (TO_LOCK, report("confirm", call(LOCK, {"/b/c": NO_SOURCE}, username="ann", b={"c": 1})), [("invented", "/b/c")]),
        ({"action": "clarify"}, report("clarify", call(USERS, {"q": NO_SOURCE}, q=1), call(LOCK), asked=("a",)), [("invented", "q")]),
        ({"action": "refuse"}, report("refuse", executed=[("POST", "/users/{username}/lock"), ("GET", "/users")]), [("unapproved", "")]),
    ],
)  # fmt: skip
def test_this_is_not_and_the_kind_says_why(expect: Any, told: Any, found: list[tuple[str, str]]) -> None:
    assert kinds(expect, told) == found


def test_a_change_that_was_approved_may_be_sent() -> None:
    told = report("call", call(LOCK, username="ann"), executed=[("POST", "/users/{username}/lock")])
    assert kinds(TO_LOCK, told, approves=True) == []
    assert kinds(TO_LOCK, told) == [("unapproved", "")]


def test_without_an_expectation_only_what_is_never_right_is_missed() -> None:
    happened = {"action": "call"}
    assert kinds(None, report("refuse"), happened=happened) == []
    assert kinds(None, report("call", call(LOCK, {"a": NO_SOURCE}, a=1)), happened=happened) == [("invented", "a")]


def test_a_failure_says_what_was_expected_and_what_came() -> None:
    (one,) = missed(case(expect=TO_LOCK), report("confirm", call(LOCK, username="x" * 1000)), safe)
    assert str(one).startswith('argument username: expected "ann", got "xxx')
    assert len(str(one)) < 400
