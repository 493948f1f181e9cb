"""A stage for signing in, and what is logged."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
import structlog
from redis.asyncio import Redis

from engine import app as sessions
from engine import connections, signin
from engine.worker import engine
from preprocess.compile import compile_document
from runtime.http import create_app
from runtime.settings import Settings
from specs.store import SpecEntry, add_entry, save
from tests.engine.stage import Stage, document
from tests.tools.authority import Authority, run
from tests.tools.product import Product
from tests.tools.product import run as run_product

DAYS_END = 20  # seconds: longer than any test of a day


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """Every event with all its fields, before anything is cut or left out; and what libraries write, but for those of the test itself."""
    caplog.set_level(logging.DEBUG)
    lines: list[str] = []

    def note(_: Any, __: str, fields: Any) -> Any:
        lines.append(repr(fields))
        raise structlog.DropEvent

    def written() -> list[str]:
        foreign = [record for record in caplog.records if record.name not in ("httpx", "aiohttp.access")]
        return [*lines, *(f"{record.getMessage()} {record.exc_text}" for record in foreign)]

    before = structlog.get_config()
    structlog.configure(processors=[note], cache_logger_on_first_use=False)
    yield written
    structlog.configure(**before)


@pytest.fixture
async def one_day(redis: Redis) -> None:
    """A tenant's day ends at midnight UTC by Redis' clock: what is counted in one is not begun just before that."""
    seconds, _ = await redis.time()
    left = 86_400 - seconds % 86_400
    if left <= DAYS_END:
        await asyncio.sleep(left)


@pytest.fixture
async def echoing() -> AsyncIterator[Product]:
    """A product over loopback that keeps what it was sent."""
    made = Product()
    runner = await run_product(made)
    yield made
    await runner.cleanup()


@pytest.fixture
async def stage(redis: Redis, settings: Settings) -> AsyncIterator[Stage]:
    authority = Authority()
    async with AsyncExitStack() as stack:
        runner = await run(authority)
        stack.push_async_callback(runner.cleanup)
        app = create_app("test", [sessions.router, connections.router, signin.router])
        app.state.redis, app.state.settings = redis, settings
        app.state.turns = await stack.enter_async_context(engine(settings, redis))
        compiled = compile_document(document(authority))
        await save(redis, "t", compiled)
        await add_entry(redis, SpecEntry(id="sp_1", tenant="t", hash=compiled.hash, state="ready"))
        transport = httpx.ASGITransport(app)
        yield Stage(app, await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080")), redis, authority)
