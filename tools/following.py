"""What comes after an answer: the record that was created, and the end of work that goes on at the product. It only reads.

Whoever calls this for a change has saved before that the change was done: nothing here can make that untrue.
"""

import asyncio
import time
from dataclasses import replace

from tools.call import Exchange, Returned, Wire, Work
from tools.complaints import message_of
from tools.execute import exchanged, target
from tools.links import ACCEPTED, Follow, pointed, state_of, within
from tools.outcome import retry_after
from tools.request import base_of
from tools.schema import ToolDefinition

SLOWER = 1.5  # each pause is so many times the one before
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 3.0
ELSEWHERE = "its address is not within the product's base URL"


async def followed(wire: Wire, work: Work, returned: Returned) -> Returned:
    """The same outcome with what was found out. `returned` itself where there is nothing to follow."""
    follow = returned.follow
    if follow is None or returned.outcome != "done":
        return returned
    here = replace(returned, follow=None, warnings=tuple(each for each in returned.warnings if each != ACCEPTED))
    if follow.kind == "status":
        return await watched(wire, work, here, follow)
    return await fetched(wire, work, here, follow.url)


def home_of(work: Work) -> str:
    """The base URL as it is called: nothing that a product names leads out of it."""
    return base_of(target(work))


async def looked(wire: Wire, work: Work, url: str, seconds: float) -> Exchange:
    """One GET with the same credentials at an address that the product named; a token that has ended meanwhile is renewed once."""
    if not within(url, home_of(work)):
        return Exchange(Returned("rejected", message=ELSEWHERE))
    known = work.operation
    operation = replace(known, method="GET", path="/", parameters=(), body=None, responses=(), consequential=None)
    reading = replace(work, operation=operation, definition=ToolDefinition(known.id, "", {}), arguments={}, key=None)
    limits = replace(wire.limits, seconds=max(min(wire.limits.seconds, seconds), 0.1))
    first = await exchanged(replace(wire, limits=limits), reading, None, url)
    return first if first.returned.stale is None else await exchanged(replace(wire, limits=limits), reading, first.returned.stale, url)


async def fetched(wire: Wire, work: Work, returned: Returned, url: str) -> Returned:
    """With the record that lies there. That it was created is known, whatever comes of reading it."""
    found = (await looked(wire, work, url, wire.limits.seconds)).returned
    if found.outcome != "done" or (found.data is None and found.file is None):
        return told(returned, f"Done, but what came of it could not be read: {found.message or 'the answer is empty'}.".replace("..", "."))
    return with_result(returned, found)


async def watched(wire: Wire, work: Work, returned: Returned, follow: Follow) -> Returned:
    """Looked at until it says that it has ended, or the time is over."""
    until, pause, wait = time.monotonic() + wire.repeats.follow, wire.repeats.look, follow.wait
    word, latest = state_of(returned.data)[1], returned
    while (left := until - time.monotonic()) > 0 and (pause if wait is None else wait) <= left:
        await asyncio.sleep(pause if wait is None else max(wait, SHORTEST_PAUSE))
        exchange = await looked(wire, work, follow.url, until - time.monotonic())
        seen = exchange.returned
        wait, pause = retry_after(exchange.headers), min(pause * SLOWER, LONGEST_PAUSE)
        if seen.status == 303:
            result = pointed("created", follow.url, exchange.headers.get("location", ""))
            return await fetched(wire, work, replace(returned, accepted=False), result.url if result else "")
        if seen.outcome != "done" and seen.retry_in is None:
            return told(returned, f"Accepted, but how it goes on could not be read: {seen.message}")
        if seen.outcome == "done":
            latest = with_result(returned, seen)
            state, word = state_of(seen.data)
            if state != "running" and not (seen.status == 202 and state is None):
                return replace(latest, accepted=False) if state != "failed" else failed(latest)
    return told(latest, f"Accepted, still running: {word or 'the product does not say how far it is'}.")


def failed(returned: Returned) -> Returned:
    """The product took the request and could not do what it asks for: nothing of it is called done."""
    why = message_of(returned.data)
    return replace(returned, outcome="rejected", accepted=False, message=f"The product accepted this, but it failed{f': {why}' if why else '.'}")


def with_result(returned: Returned, found: Returned) -> Returned:
    return replace(
        returned, data=found.data, media_type=found.media_type, rows_path=found.rows_path, rows=found.rows, total=found.total, file=found.file,
        warnings=(*returned.warnings, *found.warnings),
    )  # fmt: skip


def told(returned: Returned, warning: str) -> Returned:
    return replace(returned, warnings=(*returned.warnings, warning))
