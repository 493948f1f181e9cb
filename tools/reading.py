"""Reading: a safe call, repeated within the limits and read to its last page within the budget."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from specs.pointers import with_value
from tools.call import Exchange, Returned, Wire, Work
from tools.execute import exchanged
from tools.pages import NextUrl, Page, follows, next_page


async def execute(wire: Wire, work: Work) -> Returned:
    """A safe call: repeated within the limits, and read to its last page within the budget."""
    first = await repeated(wire, work, None)
    if first.page is None:
        return first.returned
    if not follows(work.definition, work.arguments):
        return with_rows(first.returned, first.page, first.page.rows.items, "")
    return await all_pages(wire, work, first.returned, first.page)


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
    rows, pages, broken = list(page.rows.items), 1, ""
    arguments: Mapping[str, Any] = work.arguments
    following = next_page(work.definition, arguments, page)
    while following and pages < budget.pages and len(rows) < budget.rows and room > 0 and time.monotonic() - began < budget.seconds:
        url = following.url if isinstance(following, NextUrl) else None
        arguments = arguments if isinstance(following, NextUrl) else following.arguments
        exchange = await repeated(replace(wire, limits=replace(wire.limits, bytes=room)), replace(work, arguments=arguments), url)
        if exchange.page is None:
            broken = exchange.returned.message or "a further page could not be read, or was too large with those before it"
            break
        room -= exchange.page.bytes
        page = replace(exchange.page, before=len(rows))
        repeats = page.rows.items == rows[-len(page.rows.items) :]
        following = None if repeats else next_page(work.definition, arguments, page)
        rows += [] if repeats else page.rows.items
        pages += 1
    return with_rows(returned, page, rows, broken or ("there are more" if following else ""))


def with_rows(returned: Returned, page: Page, rows: Sequence[Any], missing: str) -> Returned:
    total = page.rows.total
    data = with_value(page.data, page.rows.path, list(rows))
    incomplete = missing or (total is not None and total > len(rows))
    of = f" of {total:,}" if total is not None and total >= len(rows) else ""
    warning = (f"{len(rows):,}{of} read{f': {missing}' if missing else ''}",) if incomplete else ()
    return replace(returned, data=data, rows=len(rows), total=total, warnings=(*returned.warnings, *warning))
