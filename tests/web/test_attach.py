"""Files and sign-ins in a real browser against the stand-in."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.web.standin import TICKET, StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHOTO = {"name": "photo.png", "mimeType": "image/png", "buffer": b"12345"}


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def test_an_attached_file_is_named_and_goes_with_the_message(page: Page, stand_in: StandIn) -> None:
    await page.get_by_label("Attach").set_input_files([PHOTO, {**PHOTO, "name": "notes.txt", "mimeType": "text/plain", "buffer": b"123"}])
    await expect(page.get_by_role("button", name="Remove notes.txt")).to_be_visible()
    await page.get_by_role("button", name="Remove photo.png").click()
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    await say(page, "who was it?")
    await expect(page.get_by_role("list", name="Attached")).to_have_text("notes.txt 3 bytes")
    assert stand_in.posted("/messages")[-1]["files"] == ["file:3"]
    await say(page, "who was it?")
    await expect(page.locator("main").get_by_text("I can only help with")).to_have_count(2)
    assert "files" not in stand_in.posted("/messages")[-1]


async def test_a_message_does_not_leave_before_its_file(page: Page, stand_in: StandIn) -> None:
    go_on = asyncio.Event()

    async def held(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    await page.route("**/files?*", held)
    await page.get_by_label("Your message").fill("who was it?")
    await page.get_by_label("Attach").set_input_files(PHOTO)
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    await page.get_by_label("Your message").press("Enter")
    await expect(page.get_by_label("Your message")).to_have_value("who was it?")
    go_on.set()
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("main").get_by_text("I can only help with")).to_be_visible()
    assert [each["files"] for each in stand_in.posted("/messages")] == [["file:5"]]


async def test_a_file_that_is_refused_is_said_and_the_text_is_kept(page: Page) -> None:
    await page.get_by_label("Your message").fill("upload it")
    await page.get_by_label("Attach").set_input_files({**PHOTO, "buffer": b"1" * 2_000})
    await expect(page.get_by_text("photo.png was not attached: A request may have 1,000 bytes at most.")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_have_value("upload it")


async def test_a_form_takes_a_file(page: Page, stand_in: StandIn) -> None:
    await say(page, "photo")
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("This is needed.")).to_be_visible()
    await page.get_by_label("Choose a file").set_input_files(PHOTO)
    await expect(page.get_by_role("button", name="Remove photo.png")).to_be_visible()
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("Needs your approval")).to_be_visible()
    assert stand_in.posted("/messages")[-1]["answers"] == [{"question_id": "photo", "values": {"photo": "file:5"}}]


async def test_a_sign_in_in_a_window_of_its_own_lets_the_turn_go_on(page: Page, stand_in: StandIn) -> None:
    await say(page, "window")
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("You signed in", exact=True)).to_be_visible()
    assert stand_in.posted("/signed-in") == [{"ticket": TICKET}]
    assert stand_in.posted("/messages")[-1]["answers"] == [{"question_id": "signed", "approved": True}]
    window = await opened.value
    if not window.is_closed():
        await window.wait_for_event("close")


async def test_where_no_window_can_be_opened_a_link_and_a_code_do(page: Page, stand_in: StandIn) -> None:
    await page.evaluate("window.open = () => null")
    await say(page, "window")
    await page.get_by_role("button", name="Sign in").click()
    async with page.context.expect_page() as opened:
        await page.get_by_role("link", name="Open the sign-in").click()
    code = (await opened.value).locator("#ticket")
    await expect(code).to_be_visible()
    await page.get_by_label("Code").fill("zzzz-zzzz-zzzz-zzzz")
    await expect(page.get_by_text("This code is over.")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in")).to_be_enabled()
    await page.get_by_label("Code").press("Enter")
    await page.get_by_label("Code").fill(await code.inner_text())
    await expect(page.get_by_text("You signed in", exact=True)).to_be_visible()
    assert stand_in.posted("/signed-in")[-1] == {"ticket": TICKET}
    assert len(stand_in.posted("/messages")) == 2


async def test_a_new_credential_is_typed_hidden_and_goes_to_the_connection_only(page: Page, stand_in: StandIn) -> None:
    await say(page, "token")
    token = page.get_by_label("Token")
    await expect(token).to_have_attribute("type", "password")
    await token.fill("tok-1")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("You signed in", exact=True)).to_be_visible()
    assert stand_in.posted("/credential") == [{"credential": {"type": "bearer", "token": "tok-1"}, "scheme": None}]
    assert "tok-1" not in str(stand_in.posted("/messages"))


async def test_a_sign_in_can_be_left(page: Page, stand_in: StandIn) -> None:
    await say(page, "window")
    await page.get_by_role("button", name="Not now").click()
    await expect(page.get_by_text("You did not sign in")).to_be_visible()
    assert stand_in.posted("/messages")[-1]["answers"] == [{"question_id": "signed", "approved": False}]


async def test_a_page_that_passes_the_credential_is_told_and_sends_it_with_each_message(page: Page, stand_in: StandIn) -> None:
    chat = page.locator("parlance-chat")
    await chat.evaluate("""chat => {
      chat.credential = {type: 'bearer', token: 'one'};
      chat.addEventListener('parlance-sign-in', () => { chat.credential = {type: 'bearer', token: 'two'}; });
    }""")
    await say(page, "passed")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("You signed in", exact=True)).to_be_visible()
    assert stand_in.posted("/sessions")[-1]["credential"] == "passed"
    assert [each["credential"]["token"] for each in stand_in.posted("/messages")] == ["one", "two"]
