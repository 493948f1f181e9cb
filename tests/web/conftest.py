"""A browser, the stand-in engine, and a page opened on it."""

from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from tests.web.screens import FLAGS
from tests.web.standin import KEY, StandIn, create_app


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as tool:
        found = await tool.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        await found.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stand_in() -> StandIn:
    return StandIn()


@pytest_asyncio.fixture(loop_scope="session")
async def base(stand_in: StandIn) -> AsyncIterator[str]:
    runner = web.AppRunner(create_app(stand_in), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, base: str) -> AsyncIterator[Page]:
    """The chat, opened by the address that `parlance demo` prints. A fault of a script fails the test."""
    faults: list[str] = []
    context = await browser.new_context(viewport={"width": 1100, "height": 800}, timezone_id="Europe/Berlin", locale="en-GB")
    found = await context.new_page()
    found.on("pageerror", lambda error: faults.append(str(error)))
    found.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    found.set_default_timeout(10_000)
    await found.goto(f"{base}/#key={KEY}&spec=spec_1")
    yield found
    await context.close()
    assert faults == []
