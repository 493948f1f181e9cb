"""Carries out the engine's own tools: dates, finding operations, showing results. They change nothing and ask nobody."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.events import JSON, CallReturned, Result
from engine.results import secrets_of
from engine.session import Call
from engine.work import Run
from tools.dates import resolve
from tools.redact import without_personal
from tools.search import offer
from tools.show import view
from tools.unseen import Known, known_of
from tools.wanted import Unshowable


async def own(work: Run, call: Call) -> CallReturned:
    match call.wish.tool:
        case "resolve_dates":
            made = _dates(work, call)
        case "find_operations":
            made = _find(work, call)
        case "show":
            made = await _show(work, call)
        case _:  # ask_user: the answers are in the events; context.py shows them to the model
            made = CallReturned(call_id=call.id, outcome="done")
    return made.model_copy(update={"at": work.parts.now()})


def _dates(work: Run, call: Call) -> CallReturned:
    started = work.session.started
    now = datetime.fromtimestamp(work.parts.clock(), UTC)
    found = resolve(str(call.arguments.get("text", "")), now, started.timezone, started.locale)
    if found is None:
        return CallReturned(call_id=call.id, outcome="rejected", message="No date was found in this text.")
    work.bodies[call.id] = found
    return CallReturned(call_id=call.id, outcome="done", result=Result(id=call.id, data=found, outline="a range of time"))


def _find(work: Run, call: Call) -> CallReturned:
    document = work.product.document
    names = offer(document, str(call.arguments.get("text", "")), (), work.product.settings).operations
    data = {"operations": [{"name": n, "summary": document.entry(n).summary} for n in names]}
    return CallReturned(call_id=call.id, outcome="done", result=Result(id=call.id, data=data), offered=names)


async def _show(work: Run, call: Call) -> CallReturned:
    wanted = str(call.arguments.get("result", ""))
    shown = next((c for t in work.session.turns for c in t.calls if c.id == wanted and c.returned and c.returned.result), None)
    if shown is None or shown.returned is None or shown.returned.result is None or wanted not in work.bodies:
        return CallReturned(call_id=call.id, outcome="rejected", message=f"There is no result {wanted!r} to show.")
    document, settings = work.product.document, work.product.settings
    hidden = secrets_of(document.operation(shown.wish.tool), settings) if document.has(shown.wish.tool) else frozenset[str]()
    asked = (work.bodies[wanted], _plain(call.arguments), wanted, shown.returned.result.path, work.session.started.timezone)
    # Over 50,000 rows it takes a moment, in which other sessions' leases are renewed.
    made = await asyncio.to_thread(_view, asked, hidden)
    if isinstance(made, Unshowable):
        return CallReturned(call_id=call.id, outcome="rejected", message=without_personal(made.reason, ""))
    return CallReturned(call_id=call.id, outcome="done", view=made.view, result=Result(id=call.id, data=made.told))


def _view(asked: tuple[JSON, dict[str, Any], str, str, str], hidden: frozenset[str]) -> Known | Unshowable:
    body, arguments, *_ = asked
    made = view(*asked)
    return made if isinstance(made, Unshowable) else known_of(made, body, arguments, hidden)


def _plain(arguments: Mapping[str, JSON]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != "result"}
