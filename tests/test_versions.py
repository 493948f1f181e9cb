"""A document is replaced while customers talk: over HTTP, with two worker processes and the example product."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import orjson
import pytest
import yaml
from playwright.async_api import async_playwright, expect
from redis.asyncio import Redis

from tests.line import DOCUMENT, JSON, Client, Worker, customer, of_type, product, workers
from tests.web.screens import FLAGS

ASKED = "Show me all audit logs from yesterday"


@pytest.fixture(scope="module")
def started(redis_server: str) -> Iterator[list[Worker]]:
    with workers(redis_server, 2) as found:
        yield found


@pytest.fixture
async def client(started: list[Worker], redis: Redis) -> AsyncIterator[Client]:
    async with product() as (url, _), customer(redis, started[0].url, url) as found:
        yield found


def without_audit() -> bytes:
    root = yaml.safe_load(DOCUMENT.read_text())
    root["paths"] = {path: item for path, item in root["paths"].items() if "audit" not in path}
    return orjson.dumps(root, default=str)


def undescribed() -> bytes:
    """With an operation that does not say what it does, for which the doctor proposes words."""
    root = yaml.safe_load(DOCUMENT.read_text())
    for field in ("summary", "description"):
        root["paths"]["/users"]["get"].pop(field, None)
    return orjson.dumps(root, default=str)


def tools(answer: JSON) -> set[str]:
    return {call["tool"] for event in of_type(answer, "ModelReplied") for call in event["calls"]}


async def replaced(client: Client, data: bytes) -> JSON:
    await client.ask("PUT", f"/v1/specs/{client.spec}", 202, data=data)
    async with asyncio.timeout(20):
        while (entry := await client.ask("GET", f"/v1/specs/{client.spec}"))["replacement"]:  # noqa: ASYNC110 - over HTTP there is no event
            await asyncio.sleep(0.02)
    return entry


async def test_a_session_stays_on_the_version_it_began_with_and_a_new_one_sees_the_new(client: Client, started: list[Worker]) -> None:
    (name,) = tools(await client.say(ASKED)) - {"resolve_dates", "show"}
    entry = await replaced(client, without_audit())
    assert len(entry["former"]) == 1
    for worker in started:  # one of them has the old document in memory, the other has not
        client.url = worker.url
        answer = await client.say(ASKED)
        assert name in tools(answer)
        assert [event["outcome"] for event in of_type(answer, "CallReturned")] == ["done"] * len(of_type(answer, "CallReturned"))
    old = client.session
    for worker in started:
        client.url = worker.url
        await client.begin(timezone="Europe/Berlin")
        assert client.session != old
        assert name not in tools(await client.say(ASKED))
    found = await client.ask("GET", f"/v1/specs/{client.spec}/diff")
    assert found["breaking"]
    assert {path for _, path in found["removed"]} == {path for path in yaml.safe_load(DOCUMENT.read_text())["paths"] if "audit" in path}


async def test_what_the_team_set_stays_and_can_be_saved_after_an_operation_went(client: Client) -> None:
    (name,) = tools(await client.say(ASKED)) - {"resolve_dates", "show"}
    await client.ask("PUT", f"/v1/specs/{client.spec}/settings", json={"off": [name], "hosts": ["127.0.0.1"]})
    entry = await replaced(client, without_audit())
    assert "setting_without_operation" in {problem["code"] for problem in entry["problems"]}
    settings = await client.ask("GET", f"/v1/specs/{client.spec}/settings")
    assert settings["off"] == [name]
    await client.ask("PUT", f"/v1/specs/{client.spec}/settings", json={**settings, "approval": "always"})
    await client.ask("PUT", f"/v1/specs/{client.spec}/settings", 422, json={**settings, "off": [name, "neverHeardOf"]})


async def test_the_console_mends_replaces_and_compares_a_document(client: Client, started: list[Worker], chromium: str) -> None:
    """A real browser on a real worker: the proposed overlay goes up again with a text that breaks callers."""
    await client.upload(undescribed())
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page()
        page.set_default_timeout(20_000)
        await page.goto(f"{started[0].url}/console#key={client.key}&spec={client.spec}")
        await expect(page.get_by_text("Shown to a model, all operations take")).to_be_visible(timeout=20_000)
        await page.get_by_label("Find an operation").fill("audit")
        await expect(page.locator("parlance-operations").get_by_text("/audit").first).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("button", name="Download the proposed overlay").click()
        overlay = await (await download.value).path()

        await page.get_by_role("button", name="Replace with a new version…").click()
        await page.get_by_label("New version").set_input_files({"name": "api.json", "mimeType": "application/json", "buffer": without_audit()})
        await page.get_by_text("With an overlay").last.click()
        await page.get_by_label("Overlay").last.set_input_files({"name": "mine.yaml", "mimeType": "application/yaml", "buffer": overlay.read_bytes()})
        await page.get_by_role("button", name="Upload this version").click()
        await expect(page.get_by_text("This breaks callers.")).to_be_visible(timeout=20_000)
        await expect(page.locator("parlance-diff").get_by_text("/audit").first).to_be_visible()
        await expect(page.get_by_text("1 former version")).to_be_visible()
        await browser.close()
