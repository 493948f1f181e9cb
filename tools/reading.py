"""Reading: a safe call, repeated within the limits and read to its last page within the budget."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from tools.call import Exchange, Returned, Wire, Work
from tools.execute import exchanged
from tools.following import followed, home_of
from tools.links import within
from tools.pages import THERE_ARE_MORE, NextUrl, Page, certain, follows, next_page, widened, with_rows

MOST_EMPTY = 3  # pages in a row that name a next one but hold no rows


async def execute(wire: Wire, work: Work) -> Returned:
    """A safe call: repeated within the limits, and read to its last page within the budget."""
    wide = replace(work, arguments=widened(work.definition, work.arguments))
    first = await repeated(wire, wide, None)
    if first.returned.outcome == "rejected" and refuses_size(first.returned, work, wide):
        first, wide = await repeated(wire, work, None), work
    if first.page is None:
        return await followed(wire, work, first.returned)
    if not follows(work.definition, work.arguments):
        return with_rows(first.returned, first.page, first.page.rows.items, certain(first.page))
    return await all_pages(wire, wide, first.returned, first.page)


def refuses_size(returned: Returned, work: Work, wide: Work) -> bool:
    """The size of a page that was put in here may not be what makes the product refuse a call."""
    added = wide.arguments.keys() - work.arguments.keys()
    return returned.status in {400, 413, 422} and any(name in returned.errors or name.lower() in returned.message.lower() for name in added)


async def repeated(wire: Wire, work: Work, url: str | None) -> Exchange:
    stale: str | None = None
    for number in range(wire.repeats.attempts):
        exchange = await exchanged(wire, work, stale, url)
        pause = exchange.returned.retry_in
        if exchange.returned.outcome != "not_executed" or pause is None or pause > wire.repeats.wait or number + 1 == wire.repeats.attempts:
            break
        stale = exchange.returned.stale
        await asyncio.sleep(pause if stale else min(max(pause, 0.0) * 2**number, wire.repeats.wait))
    return exchange


async def all_pages(wire: Wire, work: Work, returned: Returned, page: Page) -> Returned:
    """The last page's frame around the rows of all. Together they may have the bytes of one answer."""
    budget, began, room = wire.repeats, time.monotonic(), wire.limits.bytes - page.bytes
    rows, broken, empty, home = list(page.rows.items), "", 0, home_of(work)
    arguments: Mapping[str, Any] = work.arguments
    seen, known = {place_of(None, arguments)}, {print_of(page)}
    following = next_page(work.definition, arguments, page)
    while following and page.number + 1 < budget.pages and len(rows) < budget.rows and room > 0 and time.monotonic() - began < budget.seconds:
        url = following.url if isinstance(following, NextUrl) else None
        arguments = arguments if isinstance(following, NextUrl) else following.arguments
        if empty >= MOST_EMPTY or place_of(url, arguments) in seen or (url is not None and not within(url, home)):
            break
        seen.add(place_of(url, arguments))
        exchange = await repeated(replace(wire, limits=replace(wire.limits, bytes=room)), replace(work, arguments=arguments), url)
        if exchange.page is None:
            broken = exchange.returned.message or "a further page could not be read, or was too large with those before it"
            break
        room -= exchange.page.bytes
        page = replace(exchange.page, before=len(rows), number=page.number + 1)
        empty = 0 if page.rows.items else empty + 1
        repeats = bool(page.rows.items) and print_of(page) in known
        following = None if repeats else next_page(work.definition, arguments, page)
        rows += [] if repeats else page.rows.items
        known.add(print_of(page))
    return with_rows(returned, page, rows, broken or (THERE_ARE_MORE if following else certain(page)))


def place_of(url: str | None, arguments: Mapping[str, Any]) -> bytes:
    """Two links that lead to each other would be followed for ever."""
    return orjson.dumps(url if url is not None else dict(arguments), option=orjson.OPT_SORT_KEYS)


def print_of(page: Page) -> int:
    """By which rows that came before are known again."""
    return hash(orjson.dumps(page.rows.items))
