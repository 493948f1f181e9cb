"""What a rating may keep of a turn: everything within the customer's consent; without it what kind of things happened, and no words or data. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

# By event type: the fields that hold no word of the customer and no data of the product.
SHAPE: Mapping[str, tuple[str, ...]] = {
    "UserSaid": (),
    "ModelReplied": ("model", "usage"),
    "CallApproved": ("call_id",),
    "CallRejected": ("call_id", "checkpoint", "final"),
    "QuestionAsked": (),
    "QuestionAnswered": ("question_id", "approved", "closed"),
    "CallStarted": ("call_id", "attempt"),
    "CallReturned": ("call_id", "outcome", "status"),
    "CallUnknown": ("call_id",),
    "ReplyRejected": ("checkpoint",),
    "Replied": ("kind",),
    "TurnFailed": ("code",),
}
INSIDE: Mapping[str, tuple[str, ...]] = {
    "calls": ("id", "tool"),
    "receipt": ("call", "operation", "changing", "outcome", "status"),
}
QUESTION = ("id", "kind", "call", "operation")


def copied(events: Sequence[Mapping[str, Any]], consent: bool) -> tuple[dict[str, Any], ...]:
    return tuple(whole(event) if consent else shape(event) for event in events)


def whole(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event without the seal: a copy must not be able to approve anything."""
    question = event.get("question")
    return {**event, "question": {**question, "seal": None}} if isinstance(question, Mapping) else dict(event)


def shape(event: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"type": event["type"], "at": event.get("at", 0), **only(event, SHAPE.get(event["type"], ()))}
    for name, fields in INSIDE.items():
        if name in event:
            kept[name] = [only(each, fields) for each in event[name]]
    if isinstance(question := event.get("question"), Mapping):
        kept["question"] = only(question, QUESTION)
    return kept


def only(fields: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}
