"""What a turn comes to, said as data: for `ask --dry-run` and for evaluation. A dry turn stops before its first request."""

import secrets
from dataclasses import replace
from typing import Any

from engine.accept import LONGEST, Incoming, Turns
from engine.approval import body_of
from engine.budget import of_replies
from engine.checkpoints import sources_of
from engine.events import Question, Replied, SessionStarted, TurnFailed
from engine.run import facts
from engine.session import Call, Turn
from engine.sources import trace
from engine.work import Run
from runtime.auth import Principal
from runtime.errors import InvalidRequest, Unavailable
from specs.pointers import unescape
from tools.own import OWN
from tools.request import Request, build
from tools.schema import definition

ME = Principal("local", "me", frozenset({"chat", "specs"}))
JSON = Any


def spoken(identifier: str, text: str) -> Incoming:
    if not text.strip() or len(text) > LONGEST:
        raise InvalidRequest(f"A message has 1 to {LONGEST:,} characters; this one has {len(text):,}.", code="message_invalid")
    return Incoming(id=identifier, text=text)


async def created(turns: Turns, started: SessionStarted) -> str:
    return (await turns.parts.store.create(f"s_{secrets.token_urlsafe(12)}", started)).id


async def dry_turn(turns: Turns, started: SessionStarted, text: str) -> dict[str, JSON]:
    session_id = await created(turns, started)
    try:
        return report(await taken(replace(turns, dry=True), session_id, spoken("m1", text)))
    finally:  # else the sweep takes it for a turn whose worker died, and sends what was only to be said
        await turns.parts.store.erase(ME.tenant, session_id)


async def taken(turns: Turns, session_id: str, message: Incoming) -> Run:
    """The work that a message began, when it waits or has ended. Whatever broke it off is an error."""
    begun = await turns.begin(ME, session_id, message)
    if begun.task is None or begun.work is None:
        raise Unavailable("The turn could not be begun.", code="turn_interrupted")
    await begun.task
    turn = begun.work.turn
    if not (turns.dry or turn.ended or turn.questions()):
        raise Unavailable("The turn was broken off; the log says by what.", code="turn_interrupted")
    return begun.work


def report(work: Run) -> dict[str, JSON]:
    """Of the last turn. `failed`: the code of what ended it, where that was no reply."""
    turn, ended = work.turn, work.turn.ended
    open_questions = turn.questions()
    calls = [c for c in turn.calls if c.wish.tool not in OWN and work.product.document.has(c.wish.tool) and not c.rejected]
    return {
        "action": action(turn, open_questions), "calls": [call_report(c, work) for c in calls],
        "question": open_questions[0].model_dump(mode="json", exclude={"seal"}) if open_questions else None,
        "text": ended.text if ended else open_questions[0].text if open_questions else "",
        "failed": ended.code if isinstance(ended, TurnFailed) else None,
    }  # fmt: skip


def action(turn: Turn, questions: list[Question]) -> str:
    if questions:
        return "confirm" if questions[0].kind == "approval" else "clarify"
    if turn.ended is None or any(call.returned and call.wish.tool not in OWN for call in turn.calls):
        return "call"
    return "reply" if isinstance(turn.ended, Replied) and turn.ended.kind != "refusal" else "refuse"


def usage(work: Run) -> dict[str, JSON]:
    """Of all turns of the session that are loaded. `cost`: US dollars; None where the price of a call is not known."""
    used = of_replies([reply for turn in work.session.turns for reply in turn.replies])
    cost = None if used.unpriced else used.nano_dollars / 1_000_000_000
    return {"calls": used.model_calls, "input_tokens": used.input_tokens, "output_tokens": used.output_tokens, "cost": cost}


def named(place: str) -> str:
    """An argument's name; what lies inside an argument keeps its JSON pointer."""
    return unescape(place[1:]) if place.count("/") == 1 else place


def call_report(call: Call, work: Run) -> dict[str, JSON]:
    product, operation = work.product, work.product.document.operation(call.wish.tool)
    arguments, tool = dict(call.arguments), definition(operation, work.product.settings)
    sources = sources_of(call) or trace(facts(work, call), tool, arguments)
    made = None
    if call.approved or (call.question and call.question.preview):
        request = build(operation, tool, arguments, product.target(operation))
        if isinstance(request, Request):
            made = {"method": request.method, "url": request.url, "headers": dict(request.headers), "body": body_of(request)}
    return {
        "method": operation.method, "path": operation.path, "arguments": arguments, "request": made,
        "sources": {named(place): source.model_dump(mode="json", exclude_none=True) for place, source in sources.items()},
    }  # fmt: skip
