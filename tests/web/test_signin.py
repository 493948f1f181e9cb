"""The console against a real worker and a real authorization server: a customer signs in in a window of its own."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from runtime.auth import create_key
from runtime.redis import connect
from tests.line import Client, Worker, workers
from tests.tools.authority import CLIENT, SECRET, Authority, run

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def worker(redis_url: str) -> Iterator[Worker]:
    with workers(redis_url, 1) as started:
        yield started[0]


@pytest_asyncio.fixture(loop_scope="session")
async def authority() -> AsyncIterator[Authority]:
    made = Authority()
    runner = await run(made)
    yield made
    await runner.cleanup()


def document(authority: Authority) -> bytes:
    flow = {"authorizationUrl": f"{authority.url}/authorize", "tokenUrl": f"{authority.url}/token", "scopes": {"read": ""}}
    schemes: dict[str, Any] = {
        "sso": {"type": "oauth2", "flows": {"authorizationCode": flow}},
        "app": {"type": "apiKey", "in": "header", "name": "X-App"},
        "certificate": {"type": "mutualTLS"},
    }
    paths = {"/things": {"get": {"operationId": "list_things", "summary": "List things", "responses": {"200": {"description": "Things"}}}}}
    head = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "security": [{"sso": [], "app": []}]}
    return json.dumps({**head, "paths": paths, "components": {"securitySchemes": schemes}}).encode()


@pytest_asyncio.fixture(loop_scope="session")
async def console(browser: Browser, worker: Worker, redis_url: str, authority: Authority) -> AsyncIterator[Page]:
    """The console, opened on a document of that server. A fault of a script fails the test."""
    redis = connect(redis_url)
    key = await create_key(redis, "t", "team", ("chat", "specs"))
    await redis.aclose()
    async with aiohttp.ClientSession() as http:
        spec = await Client(http, worker.url, key).upload(document(authority))
    faults: list[str] = []
    context = await browser.new_context(viewport={"width": 1100, "height": 900})
    page = await context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.set_default_timeout(15_000)
    await page.goto(f"{worker.url}/console#key={key}&spec={spec}")
    yield page
    await context.close()
    assert faults == []


async def add(page: Page, scheme: str, **values: str) -> None:
    await page.get_by_label("Security scheme of the document").select_option(scheme)
    for name, value in values.items():
        await page.locator(f"parlance-connections input[name={name}]").fill(value)


async def test_a_customer_signs_in_in_another_window_and_the_page_says_when_it_is_done(console: Page, authority: Authority) -> None:
    form = console.locator("parlance-connections")
    await add(console, "sso", client_id=CLIENT, client_secret=SECRET)
    await expect(form.get_by_label("Sign in with")).to_have_value("authorization_code")
    await expect(form.get_by_label("Security scheme of the document").locator("option")).to_have_count(3)  # none for the certificate
    await form.get_by_role("button", name="Add connection").click()
    await expect(form.get_by_text("sso: OAuth2 sign-in of each customer")).to_be_visible()
    await expect(form.get_by_text("Not signed in", exact=True)).to_be_visible()
    async with console.context.expect_page() as opened:
        await form.get_by_role("button", name="Sign in for sso").click()
    window = await opened.value
    await expect(form.get_by_text("Signed in.", exact=True)).to_be_visible()
    await expect(form.get_by_text("Signed in", exact=True)).to_be_visible()
    await expect(form.get_by_label("Code")).to_have_count(0)
    if not window.is_closed():
        await window.wait_for_event("close")
    assert authority.issued == ["code"]
    # An operation that wants two schemes at once: the other one goes to the same connection.
    await add(console, "app", value="app-key")
    await form.get_by_label("Belongs to").select_option(index=1)
    await form.get_by_role("button", name="Add connection").click()
    await expect(form.get_by_text("app: API key")).to_be_visible()
    await expect(form.locator("input[name=value]")).to_have_value("")


async def test_a_refused_sign_in_is_told_in_its_window_and_can_be_tried_again(console: Page, authority: Authority) -> None:
    form = console.locator("parlance-connections")
    await add(console, "sso", client_id=CLIENT, client_secret=SECRET)
    await form.get_by_role("button", name="Add connection").click()
    authority.denies = True
    async with console.context.expect_page() as opened:
        await form.get_by_role("button", name="Sign in for sso").click()
    window = await opened.value
    await expect(window.get_by_text("access_denied; <b>He said no</b>")).to_be_visible()
    await expect(form.get_by_text("Not signed in", exact=True)).to_be_visible()
    authority.denies = False
    async with console.context.expect_page():
        await form.get_by_role("button", name="Sign in for sso").click()
    await expect(form.get_by_text("Signed in.", exact=True)).to_be_visible()
