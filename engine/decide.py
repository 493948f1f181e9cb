"""What comes next in a session, from its events alone. Pure: no clock, no model, no Redis."""

from dataclasses import dataclass
from typing import TypeAlias

from engine.budget import Cost, cost
from engine.events import ModelReplied, Question, ReplyRejected
from engine.session import Call, Session, Turn


@dataclass(frozen=True, slots=True)
class Limits:
    """Per turn. Seconds are the loop's own matter, since time is not in events. An unknown price reaches every limit of money."""

    model_calls: int = 12
    tool_calls: int = 24
    tokens: int | None = None
    nano_dollars: int | None = None


@dataclass(frozen=True, slots=True)
class AskModel:
    """Ask for the next step, or for a better reply than the one that was rejected."""


@dataclass(frozen=True, slots=True)
class Check:
    call: Call


@dataclass(frozen=True, slots=True)
class Send:
    """Calls that passed every checkpoint: several safe ones together, or one changing one."""

    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Reconcile:
    """A changing call was started and nobody wrote down what came of it."""

    call: Call


@dataclass(frozen=True, slots=True)
class Finish:
    """End the turn: with the model's last text if `text`, else with a reply made by code. `limit` names a bound that was reached."""

    text: str | None
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do until the customer says something."""

    questions: tuple[Question, ...] = ()


Action: TypeAlias = AskModel | Check | Send | Reconcile | Finish | Wait


def decide(session: Session, limits: Limits, safe: frozenset[str]) -> Action:
    """The one next action. `safe` holds the ids of operations and own tools that change nothing."""
    turn = session.running
    if turn is None:
        return Wait()
    for call in turn.calls:
        if call.started and not call.settled:
            return Reconcile(call)
    open_calls = [c for c in turn.calls if not c.settled]
    for call in open_calls:
        if call.approved is None and not call.waiting:
            return Check(call)
    if open_calls:
        return _send(open_calls, safe)
    return _think(turn, limits)


def _send(calls: list[Call], safe: frozenset[str]) -> Action:
    """Safe calls run together, up to the first changing one; that runs alone and only when everything before it is settled.

    While the customer is to sign in, nothing is sent: it would be refused for the same reason.
    """
    asked = tuple(c.question for c in calls if c.question)
    if any(question.kind == "sign_in" for question in asked):
        return Wait(asked)
    ready: list[Call] = []
    for call in calls:
        if call.wish.tool not in safe:
            break
        if call.approved:
            ready.append(call)
    if ready:
        return Send(tuple(ready))
    if calls[0].approved:
        return Send((calls[0],))
    return Wait(asked)


def _think(turn: Turn, limits: Limits) -> Action:
    last = turn.replies[-1] if turn.replies else None
    rejected = _rejected(turn)
    if last and not last.calls and not rejected:
        return Finish(last.text)
    if (rejected and (len(turn.rejected) >= 2 or turn.rejected[-1].final)) or _may_not_ask(turn):
        return Finish(None)
    limit = reached(cost(turn), limits)
    return Finish(None, limit=limit) if limit else AskModel()


def reached(used: Cost, limits: Limits) -> str | None:
    """The limit that stands against another question to the model."""
    if used.model_calls >= limits.model_calls:
        return "model calls"
    if used.tool_calls >= limits.tool_calls:
        return "tool calls"
    if limits.tokens is not None and used.tokens >= limits.tokens:
        return "tokens"
    if limits.nano_dollars is not None and used.unpriced:
        return "price"
    return "money" if limits.nano_dollars is not None and used.nano_dollars >= limits.nano_dollars else None


def _may_not_ask(turn: Turn) -> bool:
    """Whether moderation let no question of the model through: without its answer there is nothing to go on with."""
    return any(call.rejected and call.rejected.checkpoint == "moderated" and call.rejected.final for call in turn.calls)


def _rejected(turn: Turn) -> bool:
    """Whether the newest reply was rejected: it is mended once, then replaced by a reply made by code."""
    newest = next((e for _, e in reversed(turn.trail) if isinstance(e, ReplyRejected | ModelReplied)), None)
    return isinstance(newest, ReplyRejected)
