"""The invariants of shared/turn-protocol.md over one session of the soak: its events, what its customers were told, and the product's ledger."""

from collections.abc import Iterator, Sequence
from typing import Any

from bench.soak_customers import Wish
from bench.soak_model import LIE
from bench.soak_product import Orders
from tests.invariants import ENDS, broken

JSON = Any
DONE = {"done", "accepted"}


def violations(events: list[JSON], wishes: Sequence[Wish], orders: Orders, limits: dict[str, float]) -> list[str]:
    """`wishes`: everything that was wanted in this session."""
    found = [*broken(events), *(each for wish in wishes for each in wish.problems), *_bounded(events, limits)]
    for wish in wishes:
        found += [*_messages(events, wish), *_effects(events, wish, orders)]
    if not _answered(events):
        found.append("I2 the last message has no answer")
    found += [f"I10 the turn failed with {e['code']}" for e in events if e["type"] == "TurnFailed" and e["code"] == "internal_error"]
    return found


def _answered(events: list[JSON]) -> bool:
    """Whether the last turn has ended, or waits for its customer."""
    closed = {e["question_id"] for e in events if e["type"] == "QuestionAnswered"}
    asked = {e["question"]["id"] for e in events if e["type"] == "QuestionAsked"}
    return bool(asked - closed) or _over(events)


def _over(events: list[JSON]) -> bool:
    last = max((place for place, event in enumerate(events) if event["type"] == "UserSaid"), default=0)
    return any(e["type"] in ENDS for e in events[last:])


def _messages(events: list[JSON], wish: Wish) -> Iterator[str]:
    kept = {e["message_id"] for e in events if "message_id" in e}
    for message in wish.heard - kept:
        yield f"I2 {message} was accepted and is lost"
    for message in wish.refused & kept:
        yield f"I8 {message} was refused and is kept"
    numbers = {e["number"]: e for e in events}
    for event in (e for answer in wish.told for e in answer["events"]):
        if numbers.get(event["number"]) != event:
            yield f"I4 event {event['number']} was told, and is another now"


def _effects(events: list[JSON], wish: Wish, orders: Orders) -> Iterator[str]:
    """I1, I3, I6, I9: what the ledger has of these names, against the receipts."""
    operation = "shipOrder" if wish.kind == "ship" else "createOrder"
    if wish.kind == "create two":
        order = [e.name for e in orders.ledger if e.name in wish.names and e.operation == operation]
        if order != sorted(order, key=wish.names.index):
            yield f"I5 {order} were asked for as {wish.names}"
    for name in wish.names if wish.kind != "show" else ():
        times = orders.done(wish.tenant.name, operation, name)
        keys = {key for key in orders.asked.get((operation, name), ()) if key}
        if times > 1:
            yield f"I1 {name} was carried out {times} times"
        if len(keys) > 1:
            yield f"I1 {name} was sent with {len(keys)} keys"
        if times and not wish.yes:
            yield f"I6 {name} was carried out, and nobody agreed"
        if any(e.name == name and e.client != wish.tenant.name for e in orders.ledger):
            yield f"I9 {name} was carried out with another tenant's credentials"
        yield from _told(events, (operation, name), times)


def _told(events: list[JSON], what: tuple[str, str], times: int) -> Iterator[str]:
    """What the events and receipts of all turns say of one change."""
    operation, name = what
    wished = {each["id"] for e in events if e["type"] == "ModelReplied" for each in e["calls"] if each["tool"] == operation and _named(each, name)}
    outcomes = {line["outcome"] for e in events if e["type"] in ENDS for line in e["receipt"] if line["call"] in wished}
    if times and not any(e["type"] == "CallStarted" and e["call_id"] in wished for e in events):
        yield f"I1 {name} was carried out without an intent"
    if times and _over(events) and not outcomes & {*DONE, "unknown"}:
        yield f"I3 {name} was carried out, and the receipt says {sorted(outcomes) or 'nothing'}"
    if not times and outcomes & DONE:
        yield f"I3 {name} was not carried out, and the receipt says {sorted(outcomes)}"
    lie = LIE.format(name=name)
    for event in (e for e in events if e["type"] == "Replied" and lie in e["text"]):
        if not any(line["outcome"] == "done" for line in event["receipt"]):
            yield f"I3 {name} is called finished at {event['number']}, and nothing was done in that turn"


def _named(wish: JSON, name: str) -> bool:
    return bool(wish["arguments"].get("name") == name)


def _bounded(events: list[JSON], limits: dict[str, float]) -> Iterator[str]:
    """I7: model calls, tool calls, time without the customer's own."""
    models, calls, begun = 0, set[str](), 0
    for event in events:
        if event["type"] in ("UserSaid", "QuestionAnswered"):
            begun = event["at"]
        if event["type"] == "UserSaid":
            models, calls = 0, set()
        models += event["type"] == "ModelReplied"
        calls |= {event["call_id"]} if event["type"] in ("CallReturned", "CallStarted") else set()
        if models > limits["models"] or len(calls) > limits["tools"]:
            yield f"I7 {models} model calls, {len(calls)} calls at {event['number']}"
        if event["type"] in ENDS and event["at"] - begun > limits["seconds"] * 1000:
            yield f"I7 a turn took {(event['at'] - begun) / 1000:.0f} s"
