"""The invariants of shared/turn-protocol.md that a session's events show by themselves, in any state of the session. Knows no product."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

Event = dict[str, Any]
RESULTS = ("CallReturned", "CallUnknown", "CallRejected")
ENDS = ("Replied", "TurnFailed")


def broken(events: list[Event]) -> list[str]:
    """What is violated, each with its invariant's number. `events` as clients see them, from the first on."""
    return [*_order(events), *_answers(events), *_calls(events), *_approvals(events)]


def _order(events: list[Event]) -> Iterator[str]:
    numbers = [event["number"] for event in events]
    if numbers != sorted(set(numbers)):
        yield f"I4 numbers {numbers}"


def _answers(events: list[Event]) -> Iterator[str]:
    """I2, I5: a message is there once, and its answer comes before the next message."""
    for message, times in Counter(e["message_id"] for e in events if e["type"] == "UserSaid").items():
        if times != 1:
            yield f"I2 message {message} is there {times} times"
    running = False
    for event in events:
        if event["type"] == "UserSaid":
            if running:
                yield f"I2 message {event['message_id']} began before the one before it was answered"
            running = True
        elif event["type"] in ENDS:
            if not running:
                yield f"I2 a second answer at {event['number']}"
            running = False


def _calls(events: list[Event]) -> Iterator[str]:
    """I1: one key a call. I4: one result a call; only an answer of the product may follow an "unknown" or a first answer (decision 15)."""
    for wish in (wish["id"] for e in events if e["type"] == "ModelReplied" for wish in e["calls"]):
        own = [e for e in events if e.get("call_id") == wish]
        keys = {e["key"] for e in own if e["type"] == "CallStarted"}
        if len(keys) > 1:
            yield f"I1 {wish} was started with {len(keys)} keys"
        attempts = [e["attempt"] for e in own if e["type"] == "CallStarted"]
        if attempts != sorted(set(attempts)):
            yield f"I1 attempts {attempts} of {wish}"
        results = [e for e in own if e["type"] in RESULTS]
        for before, after in pairwise(results):
            if after["type"] != "CallReturned" or before["type"] == "CallRejected":
                yield f"I4 {wish}: {after['type']} after {before['type']}"
    ended = bool(events) and any(e["type"] in ENDS for e in events[-2:])
    if ended:
        yield from _unsettled(events)


def _unsettled(events: list[Event]) -> Iterator[str]:
    """I4: a change that was started has a result, a sign-in (decision 10) or an honest "unknown" when the turn has ended."""
    started = {e["call_id"] for e in events if e["type"] == "CallStarted"}
    settled = {e["call_id"] for e in events if e["type"] in RESULTS}
    asked = {e["question"]["call"] for e in events if e["type"] == "QuestionAsked" and e["question"]["kind"] == "sign_in"}
    for call in started - settled - asked:
        yield f"I4 {call} was started and has no result"


def _approvals(events: list[Event]) -> Iterator[str]:
    """I6: a question is answered once, and a change with an approval starts after its yes only."""
    answers = Counter(e["question_id"] for e in events if e["type"] == "QuestionAnswered")
    for question, times in answers.items():
        if times != 1:
            yield f"I6 question {question} was answered {times} times"
    yes: set[str] = set()
    asked = {e["question"]["id"]: e["question"] for e in events if e["type"] == "QuestionAsked"}
    for event in events:
        if event["type"] == "QuestionAnswered" and event.get("approved"):
            yes.add(asked[event["question_id"]]["call"])
        if event["type"] == "CallStarted" and event["call_id"] not in yes:
            yield f"I6 {event['call_id']} was started without a yes"
