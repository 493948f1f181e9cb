"""Idempotency keys: which one a changing call is sent with, so that the product knows a retry as one. Pure."""

import json
from collections.abc import Iterable
from hashlib import sha256

from engine.events import JSON
from engine.session import Call, Session, Turn

KEPT = 20  # keys without a conclusive answer that outlast their turns
BEFORE_THE_KEY = (401, 403, 407, 408)  # said before the product looks at an idempotency key


def key_for(session: Session, call: Call) -> str:
    """A retry that the customer wishes after an unknown outcome has the key of what it retries; every other call has its own."""
    return unsettled(session, session.turns).get(wish_of(call)) or own_key(session, call)


def own_key(session: Session, call: Call) -> str:
    """Deterministic, so that even a lost record is deduplicated by the product. The call's id holds step and index."""
    assert session.turn is not None
    parts = [session.started.tenant, session.id, session.epoch, session.turn.said.message_id, call.id, call.wish.tool]
    return sha256(canonical([*parts, dict(call.arguments)])).hexdigest()[:40]


def unsettled(session: Session, turns: Iterable[Turn]) -> dict[str, str]:
    """By the wish, the keys of changes that no answer has settled, up to the end of these turns; the newest last."""
    found = dict(session.past.unsettled) if session.past else {}
    for call in (call for turn in turns for call in turn.calls if call.started):
        wish, returned = wish_of(call), call.returned
        if returned and not conclusive(returned.outcome, returned.status):
            continue  # what was not settled before is not by this
        found.pop(wish, None)
        if call.started and returned is None:
            found[wish] = call.started.key
    return found


def conclusive(outcome: str, status: int | None) -> bool:
    """Whether an answer is about the key, and so about the attempts before it, too. What stands before the product's own work is not."""
    if outcome == "rejected":
        return status is not None and status >= 400 and status not in BEFORE_THE_KEY
    return outcome == "done"


def wish_of(call: Call) -> str:
    """The same for the same operation with equal arguments."""
    return sha256(canonical([call.wish.tool, dict(call.arguments)])).hexdigest()[:40]


def canonical(value: JSON) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
