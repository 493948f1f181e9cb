"""The panel in a real browser against the stand-in: talking, questions, approvals, results, ratings."""

import asyncio
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.web.scenes import PDF
from tests.web.standin import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")


async def test_the_key_leaves_the_address_and_stays_for_a_reload(page: Page) -> None:
    assert "pk_" not in page.url
    await page.reload()
    await expect(page.get_by_label("Your message")).to_be_visible()


async def test_a_session_begins_with_the_first_message_and_the_browsers_time_zone(page: Page, stand_in: StandIn) -> None:
    assert not stand_in.posted("")
    await page.get_by_label("Keep this conversation").check()
    await say(page, "who was it?")
    await expect(page.locator("main").get_by_text("I can only help with")).to_be_visible()
    assert stand_in.posted("/sessions") == [{"spec_id": "spec_1", "locale": "en-GB", "timezone": "Europe/Berlin", "consent": True}]


async def test_an_example_is_a_click_away(page: Page, stand_in: StandIn) -> None:
    await page.get_by_role("group", name="Examples").get_by_role("button", name="Create a user").click()
    await expect(page.get_by_role("button", name="Send answer")).to_be_visible()
    await expect(page.get_by_role("group", name="Examples")).to_have_count(0)
    assert [each["text"] for each in stand_in.posted("/messages")] == ["Create a user"]


async def test_what_may_be_said_next_is_a_click_away_until_something_is_said(page: Page, stand_in: StandIn) -> None:
    await say(page, "partly")
    await page.get_by_role("group", name="What to say next").get_by_role("button", name="Undo that").click()
    await expect(page.locator("main").get_by_text("I can only help with")).to_be_visible()
    await expect(page.get_by_role("group", name="What to say next")).to_have_count(0)
    assert [each["text"] for each in stand_in.posted("/messages")] == ["partly", "Undo that"]


async def test_text_is_shown_as_it_is_written(page: Page, stand_in: StandIn) -> None:
    await say(page, "stream")
    await expect(page.get_by_text("Looking this up")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()
    stand_in.talks["s_1"].go_on.set()
    await expect(page.locator("main").get_by_text("Here it is.")).to_be_visible()
    await expect(page.get_by_text("Looking this up")).to_have_count(0)


async def test_a_turn_can_be_stopped(page: Page) -> None:
    await say(page, "stream")
    await page.get_by_role("button", name="Stop").click()
    await expect(page.locator("main").get_by_text("Stopped. Nothing was changed.")).to_be_visible()
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()


async def test_a_question_is_a_form_made_from_its_schema_and_takes_the_focus(page: Page, stand_in: StandIn) -> None:
    await say(page, "create a user")
    name = page.get_by_label("User name")
    await expect(name).to_be_focused()
    password = page.get_by_label("Password")
    await expect(password).to_have_attribute("type", "password")
    await expect(password).to_have_attribute("autocomplete", "new-password")
    await name.fill("user2")
    await password.fill("s3cret pass")
    await page.get_by_label("Age (optional)").fill("41")
    await page.get_by_label("editor").check()
    await page.get_by_label("Country").select_option("KR")
    await page.get_by_label("First day").fill("2026-11-05")
    await page.get_by_label("Access until").fill("2026-12-01T09:30")
    await page.get_by_label("No", exact=True).check()
    await page.get_by_label("audit").check()
    await page.get_by_label("night shift").check()
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("Needs your approval")).to_be_visible()
    assert stand_in.posted("/messages")[-1]["answers"] == [
        {
            "question_id": "form",
            "values": {
                "name": "user2",
                "password": "s3cret pass",
                "age": 41,
                "role": "editor",
                "country": "KR",
                "start": "2026-11-05",
                "until": "2026-12-01T09:30:00+01:00",
                "active": False,
                "groups": ["audit", "night shift"],
            },
        }
    ]


async def test_an_answered_secret_is_nowhere_on_the_page_or_in_its_storage(page: Page) -> None:
    await say(page, "create a user")
    await page.get_by_label("User name").fill("user2")
    await page.get_by_label("Password").fill("s3cret pass")
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("Password: hidden")).to_be_visible()
    assert "s3cret" not in await page.evaluate("JSON.stringify(sessionStorage) + document.querySelector('parlance-chat').shadowRoot.innerHTML")


async def test_what_is_missing_or_wrong_is_said_at_its_field(page: Page, stand_in: StandIn) -> None:
    await say(page, "create a user")
    await page.get_by_label("Age (optional)").fill("-3")
    await page.get_by_role("button", name="Send answer").click()
    await expect(page.get_by_text("This is needed.")).to_have_count(2)
    await expect(page.get_by_text("Enter 0 or more.")).to_be_visible()
    await expect(page.get_by_label("User name")).to_be_focused()
    assert len(stand_in.posted("/messages")) == 1


async def test_a_question_can_be_left_without_an_answer(page: Page, stand_in: StandIn) -> None:
    await say(page, "create a user")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("main").get_by_text("Stopped. Nothing was changed.")).to_be_visible()
    await expect(page.get_by_label("User name")).to_have_count(0)
    await expect(page.get_by_label("Your message")).to_be_focused()
    assert len(stand_in.posted("/messages")) == 1


async def test_our_own_page_says_which_product_one_talks_with(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Identity administration")).to_be_visible()
    await expect(page.get_by_text("Identity administration: users, audit")).to_be_visible()


async def test_a_question_says_what_was_wrong_with_the_value_before(page: Page) -> None:
    await say(page, "again")
    await expect(page.get_by_label("Email")).to_have_accessible_description("It is taken.")


async def test_without_key_and_document_both_are_asked_for(page: Page) -> None:
    await page.evaluate("sessionStorage.clear()")
    await page.reload()
    await page.get_by_label("API key").fill("pk_stand_in")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Identity administration").click()
    await expect(page.get_by_label("Your message")).to_be_visible()


async def test_an_approval_shows_the_exact_request_and_where_each_value_comes_from(page: Page, stand_in: StandIn) -> None:
    await say(page, "approve")
    card = page.get_by_role("region", name="Create a user: user2", exact=True)
    await expect(card.get_by_text("Create a user")).to_have_count(1)
    await expect(card.get_by_text("POST http://127.0.0.1:9000/v1/users")).to_be_visible()
    await card.get_by_text("Exact request").click()
    await expect(card.get_by_text('"name": "user2"')).to_be_visible()
    email = card.get_by_role("listitem").filter(has_text="ada@example.test")
    await expect(email).to_contain_text("Please check from user1's record")
    name = card.get_by_role("listitem").filter(has_text="your words")
    await expect(name).not_to_contain_text("Please check")
    await card.get_by_role("button", name="Approve").click()
    await expect(page.locator("main").get_by_text("user2 was created.")).to_be_visible()
    assert stand_in.posted("/messages")[-1]["answers"] == [{"question_id": "approval", "approved": True}]


async def test_the_focus_goes_to_an_approvals_heading_so_that_enter_approves_nothing(page: Page, stand_in: StandIn) -> None:
    await say(page, "approve")
    await expect(page.get_by_role("heading", name="Create a user")).to_be_focused()
    await page.keyboard.press("Enter")
    assert len(stand_in.posted("/messages")) == 1


async def test_an_edit_sends_only_what_was_changed_and_shows_a_new_preview(page: Page, stand_in: StandIn) -> None:
    await say(page, "approve")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("description").fill("This is an admin user")
    await page.get_by_role("button", name="Preview the change").click()
    await expect(page.get_by_text("before: This is an admin user!")).to_be_visible()
    assert stand_in.posted("/messages")[-1]["answers"] == [{"question_id": "approval", "edits": {"/description": "This is an admin user"}}]
    await page.get_by_role("button", name="Decline").click()
    await expect(page.get_by_text("Declined by you")).to_be_visible()
    assert stand_in.posted("/messages")[-1]["answers"] == [{"question_id": "mended", "approved": False}]


async def test_open_questions_are_answered_one_by_one(page: Page, stand_in: StandIn) -> None:
    await say(page, "two")
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_text("You approved this")).to_be_visible()
    await expect(page.get_by_role("button", name="Send answer")).to_be_enabled()
    assert [each["question_id"] for each in stand_in.posted("/messages")[-1]["answers"]] == ["approval"]


async def test_what_another_request_passes_over_is_closed_and_says_so(page: Page) -> None:
    await say(page, "approve")
    await expect(page.get_by_role("button", name="Approve")).to_be_visible()
    await say(page, "delete user2")
    for _ in ("at once", "after a reload"):
        await expect(page.get_by_role("heading", name="Delete user2")).to_be_visible()
        await expect(page.get_by_role("button", name="Approve")).to_have_count(1)
        await expect(page.locator(".closed")).to_have_text("Create a user: user2Not sent: you asked for something else")
        await expect(page.locator("main").get_by_text("Left undone: create a user. Nothing of it was sent.")).to_be_visible()
        await expect(page.locator(".receipt")).to_have_text("Not sent Create a user: user2")
        await page.reload()


async def test_a_request_that_passes_over_another_is_still_worked_on(page: Page, stand_in: StandIn) -> None:
    await say(page, "approve")
    await expect(page.get_by_role("button", name="Approve")).to_be_visible()
    await say(page, "stream")
    await expect(page.locator("main").get_by_text("Left undone: create a user. Nothing of it was sent.")).to_be_visible()
    await expect(page.get_by_text("Looking this up")).to_be_visible()
    await expect(page.get_by_role("button", name="Stop")).to_be_visible()
    stand_in.talks["s_1"].go_on.set()
    await expect(page.locator("main").get_by_text("Here it is.")).to_be_visible()


async def test_what_is_passed_over_is_closed_also_when_the_turn_before_cannot_be_read(page: Page) -> None:
    await say(page, "create")
    await expect(page.get_by_label("User name")).to_be_visible()
    await page.route("**/v1/sessions/*?after=*", lambda route: route.abort())
    await say(page, "approve")
    await expect(page.get_by_role("button", name="Approve")).to_be_visible()
    await expect(page.get_by_label("User name")).to_have_count(0)
    await expect(page.get_by_text("Not answered: you asked for something else")).to_be_visible()


async def test_a_table_is_sorted_counted_extended_and_downloaded(page: Page) -> None:
    await say(page, "show me the audit log")
    await expect(page.get_by_text("50 of 412 rows")).to_be_visible()
    await expect(page.get_by_text("120 of 412 read")).to_be_visible()
    await expect(page.get_by_role("cell", name="9007199254740993")).to_be_visible()
    heading = page.get_by_role("button", name="seconds")
    await heading.click()
    await heading.click()
    await expect(page.get_by_role("columnheader", name="seconds")).to_have_attribute("aria-sort", "descending")
    await expect(page.get_by_role("row").nth(1)).to_contain_text("100")
    await page.get_by_role("button", name="Show 50 more").click()
    await expect(page.get_by_text("100 of 412 rows")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download CSV").click()
    assert (await download.value).suggested_filename == "Audit-events-of-4-November-2026.csv"


async def test_a_large_table_is_read_page_by_page_as_it_is_asked_for(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/artifacts/" in request.url else None)
    await say(page, "orders")
    await expect(page.get_by_text("50 of 394 rows")).to_be_visible()
    await expect(page.get_by_role("row").nth(1)).to_contain_text("89.65")
    await page.get_by_role("button", name="Show 50 more").click()
    await expect(page.get_by_text("100 of 394 rows")).to_be_visible()
    await page.get_by_role("button", name="Id").click()
    await expect(page.get_by_text("50 of 394 rows")).to_be_visible()
    await expect(page.get_by_role("row").nth(1).get_by_role("cell").first).to_have_text("5")
    queries = [parse_qs(urlsplit(url).query) for url in asked]
    assert [(query["offset"], query["limit"], query.get("sort")) for query in queries] == [
        (["0"], ["50"], None), (["50"], ["50"], None), (["0"], ["50"], ["id"]),
    ]  # fmt: skip
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download CSV").click()
    lines = await asyncio.to_thread(Path(await (await download.value).path()).read_text)
    assert len(lines.splitlines()) == 395
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download JSON").click()
    assert (await download.value).suggested_filename == "Orders.json"
    rows = json.loads(await asyncio.to_thread(Path(await (await download.value).path()).read_text))
    assert (len(rows), list(rows[0])) == (394, ["id", "amount", "at"])


async def test_beside_groups_the_groups_are_downloaded_and_not_what_they_were_made_of(page: Page) -> None:
    await say(page, "grouped")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download JSON").click()
    rows = json.loads(await asyncio.to_thread(Path(await (await download.value).path()).read_text))
    assert (len(rows), {"state": "overdue", "count": 800, "sum_amount": 35180} in rows) == (3, True), rows


async def test_groups_are_shown_though_their_result_is_gone(page: Page, stand_in: StandIn) -> None:
    stand_in.artifacts.clear()
    await say(page, "grouped")
    await expect(page.get_by_role("row", name="overdue 800 35180")).to_be_visible()
    await expect(page.get_by_text("3 rows")).to_be_visible()
    await page.get_by_role("button", name="Download CSV").click()
    await expect(page.get_by_role("alert").get_by_text("The file cannot be downloaded: There is no such artifact.")).to_be_visible()


@pytest.mark.parametrize(
    ("kind", "name", "marks", "count"),
    [
        ("bar", "Bar chart: Amount by state. 3 values: paid 35,270, overdue 35,180, open 17,580", "rect", 3),
        ("bars", "Bar chart: Amount by city. 60 values: Ort 3 1,691.94", "rect", 40),
        ("line", "Line chart: Amount by at. 12 values: 2026-01", "circle", 12),
        ("pie", "Pie chart: Amount by state. 3 values: paid 35,270", "path", 3),
    ],
)
async def test_a_chart_has_a_name_its_words_as_text_and_its_numbers_in_a_table(page: Page, kind: str, name: str, marks: str, count: int) -> None:
    await say(page, kind)
    picture = page.get_by_role("img", name=name).first
    await expect(picture).to_be_visible()
    await expect(picture.locator(marks)).to_have_count(count)
    await expect(page.get_by_role("table")).to_have_count(0)
    await page.get_by_text("The numbers").first.click()
    await expect(page.get_by_role("table").first).to_be_visible()
    rows = 60 if kind == "bars" else count
    await expect(page.get_by_role("row")).to_have_count(rows + 1)


async def test_a_chart_takes_the_width_that_is_there(page: Page) -> None:
    await say(page, "line")
    picture = page.get_by_role("img", name="Line chart")
    assert (await picture.bounding_box() or {})["width"] > 900
    await page.set_viewport_size({"width": 360, "height": 740})
    await expect(picture).to_have_attribute("width", re.compile(r"2\d\d"))
    await expect(picture.get_by_text("2026-01")).to_be_visible()


async def test_a_file_is_named_and_handed_over_as_it_is(page: Page) -> None:
    await say(page, "file")
    await expect(page.get_by_text("application/pdf, 17 bytes")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download Jahresbericht 2026.pdf").click()
    found = await download.value
    assert found.suggested_filename == "Jahresbericht 2026.pdf"
    assert await asyncio.to_thread(Path(await found.path()).read_bytes) == PDF


async def test_times_are_the_sessions_and_headings_are_words(page: Page) -> None:
    await say(page, "show me the audit log")
    moment = page.get_by_role("cell", name="4 Nov 2026, 02:07:00")  # Europe/Berlin, en-GB
    await expect(moment).to_have_attribute("title", "2026-11-04T01:07:00Z")
    await expect(page.get_by_role("button", name="Actor", exact=True)).to_have_attribute("title", "actor")
    await expect(page.get_by_text("Times in Europe/Berlin")).to_be_visible()


async def test_a_table_that_goes_on_sideways_says_so(page: Page) -> None:
    hint = page.get_by_text("More columns: scroll sideways.")
    await say(page, "show me the audit log")
    await expect(page.get_by_text("50 of 412 rows")).to_be_visible()
    await expect(hint).to_have_count(0)
    await page.set_viewport_size({"width": 390, "height": 840})
    await expect(hint).to_be_visible()
    await expect(page.locator(".frame")).to_have_class("frame right")
    await page.get_by_role("region", name="Audit events").evaluate("box => box.scrollTo(9999, 0)")
    await expect(page.locator(".frame")).to_have_class("frame left")


async def test_a_table_takes_the_width_that_is_there(page: Page) -> None:
    await page.set_viewport_size({"width": 1280, "height": 800})
    await say(page, "show me the audit log")
    table = await page.locator("parlance-result").bounding_box()
    said = await page.locator(".said").bounding_box()
    assert table
    assert said
    assert table["width"] > 1000
    assert table["x"] > 16
    assert said["x"] + said["width"] < 1010  # what is read stays in the middle


async def test_on_a_phone_the_values_are_open_and_the_request_is_one_tap_away(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 840})
    await say(page, "approve")
    card = page.get_by_role("region", name="Create a user")
    await expect(card.get_by_role("listitem").filter(has_text="ada@example.test")).to_be_visible()
    await expect(card.get_by_text("POST http://127.0.0.1:9000/v1/users")).to_be_hidden()
    await card.get_by_text("Show the request").click()
    await expect(card.get_by_text("POST http://127.0.0.1:9000/v1/users")).to_be_visible()
    await expect(card.get_by_text('"name": "user2"')).to_be_visible()


async def test_a_record_and_a_value_are_shown(page: Page) -> None:
    await say(page, "get user1")
    await expect(page.get_by_role("definition").filter(has_text="Ada Lovelace")).to_be_visible()
    await expect(page.get_by_text("412", exact=True)).to_be_visible()
    await expect(page.get_by_text("What was done: 1 step")).to_be_visible()


async def test_what_the_product_refused_and_what_is_unknown_is_said(page: Page) -> None:
    await say(page, "fail")
    await expect(page.locator("main").get_by_text("Refused by the product (422): description: letters, digits and spaces only")).to_be_visible()
    await expect(page.get_by_role("group", name="Something went wrong")).to_contain_text("No user was created.")
    await say(page, "unknown")
    await expect(page.get_by_text("Outcome unknown", exact=True)).to_be_visible()


async def test_a_turn_is_rated_with_comment_and_correction(page: Page, stand_in: StandIn) -> None:
    await say(page, "get user1")
    await page.get_by_role("button", name="Bad answer").click()
    await page.get_by_label("What was wrong?").fill("Too much")
    await page.get_by_label("What should it have done?").fill("Only the name")
    await page.get_by_role("button", name="Send rating").click()
    await expect(page.get_by_text("Your rating is kept")).to_be_visible()
    assert stand_in.posted("/feedback") == [{"turn": 0, "rating": "down", "comment": "Too much", "correction": "Only the name", "epoch": 0}]


async def test_a_rating_can_start_the_conversation_over(page: Page, stand_in: StandIn) -> None:
    await say(page, "get user1")
    await page.get_by_role("button", name="Bad answer").click()
    await page.get_by_label("Then start over").check()
    await page.get_by_role("button", name="Send rating").click()
    await expect(page.get_by_text("What would you like to do?")).to_be_visible()
    await say(page, "get user1")
    await expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "false")
    assert stand_in.posted("/feedback")[0]["reset"] is True
    assert len(stand_in.talks) == 1


async def test_a_new_conversation_forgets_the_old_one(page: Page, stand_in: StandIn) -> None:
    await say(page, "get user1")
    await page.get_by_role("button", name="New conversation").click()
    await expect(page.get_by_text("What would you like to do?")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_be_focused()
    await say(page, "get user1")
    await expect(page.get_by_text(re.compile("Ada Lovelace"))).to_be_visible()
    assert len(stand_in.talks) == 2


async def test_the_last_messages_come_back_with_the_arrow_keys(page: Page) -> None:
    box = page.get_by_label("Your message")
    for text in ("get user1", "who was it?"):
        await say(page, text)
        await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    for key, text in (("ArrowUp", "who was it?"), ("ArrowUp", "get user1"), ("ArrowUp", "get user1"), ("ArrowDown", "who was it?"), ("ArrowDown", "")):
        await box.press(key)
        await expect(box).to_have_value(text)
    await box.fill("half a tho")
    await box.press("ArrowUp")
    await expect(box).to_have_value("half a tho")


@pytest.mark.parametrize("text", ["create a user", "approve"])
async def test_escape_leads_out_of_a_question_and_answers_nothing(page: Page, stand_in: StandIn, text: str) -> None:
    await say(page, text)
    await expect(page.get_by_label("Your message")).not_to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Your message")).to_be_focused()
    await expect(page.locator(".asking")).to_be_visible()
    assert len(stand_in.posted("/messages")) == 1


async def test_a_pattern_is_there_for_those_who_want_it(page: Page) -> None:
    await say(page, "form")
    await expect(page.get_by_text("^[a-z]+$")).to_be_hidden()
    await page.get_by_text("The form it must have").click()
    await expect(page.get_by_text("^[a-z]+$")).to_be_visible()


async def test_a_line_break_is_typed_with_shift(page: Page, stand_in: StandIn) -> None:
    await page.get_by_label("Your message").fill("who")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("was it?")
    await page.keyboard.press("Enter")
    await expect(page.locator("main").get_by_text("I can only help with")).to_be_visible()
    assert stand_in.posted("/messages")[0]["text"] == "who\nwas it?"
