"""The console against a real worker and a real authorization server: a customer signs in in a window of its own."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from runtime.auth import create_key
from runtime.redis import connect
from tests.line import Client, Worker, workers
from tests.tools.authority import CLIENT, SECRET, Authority, run

pytestmark = pytest.mark.asyncio(loop_scope="session")


# Opens a link, knocks at its window, and keeps what is said to it.
ONLOOKER = """<!doctype html><title>Shop</title><script>
  window.heard = [];
  window.addEventListener("message", (event) => heard.push(event.data));
  window.lure = (url) => { const held = window.open(url); setInterval(() => held.postMessage({parlance: "waiting"}, "*"), 50); };
</script>"""
# A page of another origin that has the connections on it.
EMBED = """async ([base, key, spec]) => {
  const ask = async (method, path, body) => {
    const headers = {Authorization: `Bearer ${key}`, "Content-Type": "application/json"};
    const text = await (await fetch(base + path, {method, headers, body: body && JSON.stringify(body)})).text();
    return text ? JSON.parse(text) : null;
  };
  const api = {base, get: (path) => ask("GET", path), send: ask};
  document.body.append(Object.assign(document.createElement("parlance-connections"), {api, spec}));
}"""
KNOWS_OPENER = "if (window.opener && location.protocol === 'http:') console.error('it knows its opener')"


@pytest_asyncio.fixture(loop_scope="session")
async def shop() -> AsyncIterator[str]:
    """A page of another origin than Parlance's."""

    async def front(_: web.Request) -> web.Response:
        return web.Response(text=ONLOOKER, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", front)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
def worker(redis_url: str, shop: str) -> Iterator[Worker]:
    with workers(redis_url, 1, allowed_origins=shop) as started:
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


@dataclass
class Team:
    """Who made the document's connections, and its key."""

    http: aiohttp.ClientSession
    url: str
    key: str
    spec: str

    async def ask(self, method: str, path: str, key: str = "", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {key or self.key}", **more.pop("headers", {})}
        async with self.http.request(method, self.url + path, headers=headers, **more) as answer:
            return await answer.json()

    async def connected(self) -> str:
        """A connection that everybody signs in to."""
        client = {"type": "authorization_code", "client_id": CLIENT, "client_secret": SECRET}
        return str((await self.ask("POST", "/v1/connections", json={"spec_id": self.spec, "credentials": {"sso": client}}))["id"])

    async def signed_in(self, connection: str, *keys: str) -> list[bool]:
        return [(await self.ask("GET", f"/v1/connections/{connection}", key))["signed_in"] for key in keys]


@pytest_asyncio.fixture(loop_scope="session")
async def team(worker: Worker, redis_url: str, authority: Authority) -> AsyncIterator[Team]:
    key = await key_of(redis_url, "team", "chat", "specs")
    async with aiohttp.ClientSession() as http:
        yield Team(http, worker.url, key, await Client(http, worker.url, key).upload(document(authority)))


async def key_of(redis_url: str, user: str, *scopes: str) -> str:
    redis = connect(redis_url)
    key = await create_key(redis, "t", user, scopes)
    await redis.aclose()
    return key


@pytest_asyncio.fixture(loop_scope="session")
async def browsing(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A customer's browser. A fault of a script fails the test, and so does what KNOWS_OPENER finds."""
    faults: list[str] = []

    def said(line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text or "knows its opener" in line.text:
            faults.append(line.text)

    context = await browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(15_000)
    context.on("console", said)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context
    await context.close()
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def console(browsing: BrowserContext, team: Team) -> Page:
    """The console, opened on a document of that server."""
    page = await browsing.new_page()
    await page.goto(f"{team.url}/console#key={team.key}&spec={team.spec}")
    return page


async def add(page: Page, scheme: str, **values: str) -> None:
    await page.get_by_label("Security scheme of the document").select_option(scheme)
    for name, value in values.items():
        await page.locator(f"parlance-connections input[name={name}]").fill(value)


async def test_a_customer_signs_in_in_another_window_and_the_page_says_when_it_is_done(console: Page, authority: Authority) -> None:
    await console.context.add_init_script(KNOWS_OPENER)  # no page in the window can lead ours elsewhere
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


async def test_a_link_that_somebody_else_opens_signs_nobody_in(console: Page, team: Team, shop: str, redis_url: str, authority: Authority) -> None:
    """Mallory begins and has Anna open her link: by hand, and from a page that looks on. Anna has Parlance open, and signs in at the product."""
    connection, mallory = await team.connected(), await key_of(redis_url, "mallory", "chat")

    async def link() -> str:
        asked = await team.ask("POST", f"/v1/connections/{connection}/authorize", mallory, json={}, headers={"Origin": team.url})
        return str(asked["url"])

    by_hand = await console.context.new_page()
    await by_hand.goto(await link())
    await expect(by_hand.get_by_text("Only if you began this sign-in there yourself.")).to_be_visible()
    assert (await by_hand.evaluate("location.href")) == f"{team.url}/v1/oauth/callback"
    evil = await console.context.new_page()
    await evil.goto(shop.replace("127.0.0.1", "localhost"))
    async with console.context.expect_page() as opened:
        await evil.evaluate("(url) => lure(url)", await link())
    lured = await opened.value
    await expect(lured.get_by_text("Only if you began this sign-in there yourself.")).to_be_visible()
    assert await evil.evaluate("heard") == []
    assert await team.signed_in(connection, team.key, mallory) == [False, False]
    assert (authority.asked, len(authority.codes)) == ([], 2)


async def test_a_panel_within_another_page_is_handed_what_its_window_brought(
    browsing: BrowserContext, team: Team, shop: str, authority: Authority
) -> None:
    await team.connected()
    page = await browsing.new_page()
    await page.goto(shop)
    await page.add_script_tag(url=f"{team.url}/static/console.js")
    await page.evaluate(EMBED, [team.url, team.key, team.spec])
    await page.get_by_role("button", name="Sign in for sso").click()
    await expect(page.get_by_text("Signed in.", exact=True)).to_be_visible()
    assert authority.issued == ["code"]


async def test_a_window_that_a_product_takes_from_us_shows_a_code(console: Page, team: Team, authority: Authority) -> None:
    await team.connected()
    await console.reload()
    authority.alone = True
    async with console.context.expect_page() as opened:
        await console.get_by_role("button", name="Sign in for sso").click()
    code = (await opened.value).locator("#ticket")
    await expect(code).to_be_visible()
    await console.get_by_label("Code").fill(await code.inner_text())
    await expect(console.get_by_text("Signed in.", exact=True)).to_be_visible()
    assert authority.issued == ["code"]
