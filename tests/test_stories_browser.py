"""Stories 2, 3 and 4 as a customer sees them: the panel in a real browser, a real worker, the example product, the built-in model."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect
from redis.asyncio import Redis

from demo.product import Product
from demo.seed import Seed
from tests.line import Client, Worker, customer, product, workers
from tests.web.screens import FLAGS

PASSWORD = "correct horse 7 battery staple"


@pytest.fixture(scope="module")
def worker(redis_server: str) -> Iterator[Worker]:
    with workers(redis_server, 1) as started:
        yield started[0]


@dataclass
class Panel:
    page: Page
    client: Client
    product: Product

    @property
    def main(self) -> Locator:
        """What is seen; the same texts are repeated for screen readers outside of it."""
        return self.page.locator("main")

    async def say(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Your message").fill(text)
        await self.page.get_by_role("button", name="Send", exact=True).click()

    def created(self) -> list[dict[str, object]]:
        return [dict(change.body) for change in self.product.ledger if change.operation == "createUser"]


@pytest.fixture
async def panel(worker: Worker, chromium: str, redis_url: str, redis: Redis) -> AsyncIterator[Panel]:
    async with AsyncExitStack() as stack:
        url, running = await stack.enter_async_context(product(seed=Seed(without=("user1",))))
        client = await stack.enter_async_context(customer(redis, worker.url, url))
        tool = await stack.enter_async_context(async_playwright())
        browser = await tool.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(timezone_id="Europe/Berlin", locale="en-GB")
        page.set_default_timeout(15_000)
        await page.goto(f"{worker.url}/#key={client.key}&spec={client.spec}&connection={client.connection}")
        yield Panel(page, client, running)
        await browser.close()


async def test_2_a_table_of_all_audit_logs_of_yesterday(panel: Panel) -> None:
    await panel.say("Show me all audit logs from yesterday")
    table = panel.main.get_by_role("table")
    await expect(table).to_be_visible()
    read = sum(operation == "listAuditLogs" for operation, _ in panel.product.seen)
    assert read > 1  # every page
    await expect(panel.main.get_by_text("Found", exact=False)).to_be_visible()
    assert await table.get_by_role("row").count() > 20


async def test_3_a_form_asks_for_what_is_missing_and_a_card_shows_what_will_be_sent(panel: Panel) -> None:
    await panel.say("Create a new user")
    await panel.main.get_by_label("Username").fill("carol")
    secret = panel.main.get_by_label("Password")
    assert await secret.get_attribute("type") == "password"
    await secret.fill(PASSWORD)
    await panel.main.get_by_role("button", name="Send answer").click()

    card = panel.main.get_by_role("region", name="Create a user")
    await expect(card.get_by_text("carol").first).to_be_visible()
    assert PASSWORD not in await panel.page.content()
    assert panel.created() == []
    await card.get_by_role("button", name="Approve").click()
    await expect(panel.main.get_by_text("Created", exact=False).first).to_be_visible()
    assert [(body["username"], body["password"]) for body in panel.created()] == [("carol", PASSWORD)]


async def test_4_the_password_is_asked_in_a_hidden_field_and_the_value_can_be_edited_before(panel: Panel) -> None:
    await panel.say("Create a user called 'user1'")
    await expect(panel.main.get_by_label("Username")).to_have_count(0)
    await panel.main.get_by_label("Password").fill(PASSWORD)
    await panel.main.get_by_role("button", name="Send answer").click()

    card = panel.main.get_by_role("region", name="Create a user")
    await card.get_by_role("button", name="Edit").click()
    await card.get_by_label("Username").fill("user9")
    await card.get_by_role("button", name="Preview the change").click()
    again = panel.main.get_by_role("region", name="Create a user").last
    await expect(again.get_by_text("user9").first).to_be_visible()
    assert panel.created() == []
    await again.get_by_role("button", name="Approve").click()
    await expect(panel.main.get_by_text("Created", exact=False).first).to_be_visible()
    assert [(body["username"], body["password"]) for body in panel.created()] == [("user9", PASSWORD)]


async def test_a_reload_goes_on_with_the_same_conversation(panel: Panel) -> None:
    await panel.say("Delete the user 'hkim'")
    await expect(panel.main.get_by_role("button", name="Decline")).to_be_visible()
    await panel.page.reload()
    await panel.main.get_by_role("button", name="Decline").click()
    await expect(panel.main.get_by_role("button", name="Decline")).to_have_count(0)
    assert list(panel.product.ledger) == []
