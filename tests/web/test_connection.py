"""Lost connections, refusals and reloads: nothing typed is lost, nothing is sent twice."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.web.standin import StandIn
from tests.web.test_chat import say

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUSY = {"status": 409, "code": "session_busy", "detail": "Another message is being worked on."}


async def test_a_stream_that_breaks_is_resumed_after_its_last_event(page: Page, stand_in: StandIn) -> None:
    async with page.expect_request(lambda request: "/events" in request.url) as resumed:
        await say(page, "drop")
        await expect(page.get_by_text("Half a sent")).to_be_visible()
        stand_in.talks["s_1"].go_on.set()
    assert (await resumed.value).headers["last-event-id"] == "0-0"
    stand_in.talks["s_1"].go_on.set()
    await expect(page.locator("main").get_by_text("It came back.")).to_be_visible()
    await expect(page.get_by_text("Half a sent")).to_have_count(0)
    assert len(stand_in.posted("/messages")) == 1


async def test_a_turn_that_outlasts_its_request_is_followed(page: Page, stand_in: StandIn) -> None:
    await say(page, "later")
    await expect(page.get_by_text("Working…")).to_be_visible()
    stand_in.talks["s_1"].go_on.set()
    await expect(page.locator("main").get_by_text("It took longer.")).to_be_visible()


async def test_a_reload_resumes_the_conversation_and_its_open_question(page: Page, stand_in: StandIn) -> None:
    await say(page, "approve")
    await expect(page.get_by_text("Needs your approval")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="Approve").click()
    await expect(page.locator("main").get_by_text("user2 was created.")).to_be_visible()
    assert len(stand_in.talks) == 1


async def test_a_reload_in_the_middle_of_a_turn_follows_it_to_its_end(page: Page, stand_in: StandIn) -> None:
    await say(page, "stream")
    await expect(page.get_by_text("Looking this up")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Working…")).to_be_visible()
    stand_in.talks["s_1"].go_on.set()
    await expect(page.locator("main").get_by_text("Here it is.")).to_be_visible()
    assert len(stand_in.posted("/messages")) == 1


async def test_a_busy_session_keeps_the_text_and_takes_it_again_under_the_same_id(page: Page, stand_in: StandIn) -> None:
    stand_in.refuse = [BUSY]
    await say(page, "get user1")
    await expect(page.get_by_text("Another message is being worked on. Your text is kept.")).to_be_visible()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("main").get_by_text("This is user1.")).to_be_visible()
    first, second = stand_in.posted("/messages")
    assert first == second


async def test_a_refused_text_can_be_taken_back_and_changed(page: Page, stand_in: StandIn) -> None:
    stand_in.refuse = [BUSY]
    await say(page, "get user1")
    await page.get_by_role("button", name="Edit").click()
    await expect(page.get_by_label("Your message")).to_have_value("get user1")
    await expect(page.get_by_text("Your text is kept.")).to_have_count(0)


async def test_an_unreachable_server_is_tried_again_under_the_same_id(page: Page, stand_in: StandIn) -> None:
    left = 1

    async def once(route: Route) -> None:
        nonlocal left
        left -= 1
        await (route.abort() if left >= 0 else route.continue_())

    await page.route("**/messages", once)
    await say(page, "get user1")
    await expect(page.locator("main").get_by_text("This is user1.")).to_be_visible()
    assert len(stand_in.posted("/messages")) == 1


async def test_a_text_of_unknown_fate_is_offered_again_after_a_reload(page: Page) -> None:
    await page.route("**/messages", lambda route: route.abort())
    await say(page, "get user1")
    await expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
    await page.unroute("**/messages")
    await page.reload()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("main").get_by_text("This is user1.")).to_be_visible()


async def test_an_answer_that_is_refused_stays_in_its_form(page: Page, stand_in: StandIn) -> None:
    await say(page, "create a user")
    await page.get_by_label("User name").fill("user2")
    await page.get_by_label("Password").fill("s3cret pass")
    stand_in.refuse = [BUSY]
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("Another message is being worked on.")).to_be_visible()
    await expect(page.get_by_label("User name")).to_have_value("user2")
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("Needs your approval")).to_be_visible()
    _, first, second = stand_in.posted("/messages")
    assert first == second


async def test_a_question_that_was_answered_elsewhere_is_closed_and_said(page: Page, stand_in: StandIn) -> None:
    await say(page, "approve")
    await expect(page.get_by_text("Needs your approval")).to_be_visible()
    stand_in.talks["s_1"].add(
        {"type": "QuestionAnswered", "question_id": "approval", "message_id": "x", "approved": False, "values": {}, "edits": {}, "closed": False}
    )
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_text("This question is no longer open.")).to_be_visible()
    await expect(page.get_by_text("You declined this")).to_be_visible()


async def test_a_conversation_that_is_gone_makes_room_for_a_new_one(page: Page, stand_in: StandIn) -> None:
    await say(page, "get user1")
    await expect(page.locator("main").get_by_text("This is user1.")).to_be_visible()
    stand_in.talks.clear()
    await page.reload()
    await expect(page.get_by_text("The earlier conversation is no longer there.")).to_be_visible()
    await say(page, "get user1")
    await expect(page.locator("main").get_by_text("This is user1.")).to_be_visible()


async def test_a_document_that_is_gone_is_said_to_be_at_once_and_another_can_be_chosen(page: Page, stand_in: StandIn) -> None:
    await say(page, "get user1")
    await expect(page.locator("main").get_by_text("This is user1.")).to_be_visible()
    stand_in.specs["spec_3"] = stand_in.specs.pop("spec_1") | {"id": "spec_3", "title": "Another product"}
    stand_in.talks.clear()
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("This document is no longer there It was removed, so there is nothing to talk with.")
    await expect(page.get_by_label("Your message")).to_have_count(0)
    await expect(page.get_by_text("What you write now")).to_have_count(0)
    await page.get_by_role("button", name="Choose another document").click()
    await page.get_by_role("button", name="Another product").click()
    await expect(page.get_by_label("Your message")).to_be_visible()
    await expect(page.get_by_role("heading", name="Another product")).to_be_visible()


async def test_a_key_that_may_not_read_documents_learns_that_one_is_gone_from_its_first_message(page: Page, stand_in: StandIn) -> None:
    await page.route("**/v1/specs/*", lambda route: route.fulfill(status=403, json={"code": "forbidden", "detail": "This key may not do that"}))
    await page.reload()
    stand_in.specs.pop("spec_1")
    await say(page, "get user1")
    await expect(page.get_by_role("heading", name="This document is no longer there")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_have_count(0)


async def test_a_wrong_key_says_so_and_keeps_the_text(page: Page) -> None:
    await page.evaluate("sessionStorage.setItem('parlance.key', 'pk_wrong')")
    await page.reload()
    await say(page, "get user1")
    await expect(page.get_by_text("This API key is not known. Your text is kept.")).to_be_visible()


@pytest.mark.parametrize("kind", ["type=module", "defer"])
async def test_a_panel_in_another_sites_page_talks_to_where_its_script_came_from(page: Page, base: str, kind: str) -> None:
    async def script(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, headers={**answer.headers, "access-control-allow-origin": "*"})

    html = f'<script {kind} src="{base}/static/panel.js"></script><parlance-chat api-key="pk_a" spec-id="spec_1"></parlance-chat>'
    await page.route("**/static/panel.js", script)
    await page.route("http://product.test/", lambda route: route.fulfill(content_type="text/html", body=html))
    await page.goto("http://product.test/")
    await expect(page.get_by_label("Your message")).to_be_visible()
    assert await page.evaluate("document.querySelector('parlance-chat').api.base") == base
