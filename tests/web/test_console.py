"""The console in a real browser against the stand-in."""

from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.web.console_scenes import MARKUP, OVERLAY, entry
from tests.web.standin import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def document() -> dict[str, object]:
    return {"name": "api.yaml", "mimeType": "application/yaml", "buffer": b"openapi: 3.1.0"}


async def test_a_document_is_uploaded_and_watched_until_it_is_ready(page: Page, base: str, document: dict[str, object]) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_label("OpenAPI document").set_input_files(document)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Upload", exact=True).click()
    await expect(page.get_by_role("heading", name="api.yaml")).to_be_visible()
    await expect(page.get_by_role("heading", name="Uploaded")).to_be_visible()
    await expect(page.get_by_text("Version 1.4 · 15 operations · 2 services · Ready")).to_be_visible()


async def test_what_is_chosen_or_uploaded_comes_into_view_and_so_does_why_it_is_refused(page: Page, base: str, stand_in: StandIn) -> None:
    stand_in.specs.update({f"many_{n}": entry(f"many_{n}", title=f"Product {n}") for n in range(30)})
    await page.set_viewport_size({"width": 1100, "height": 600})
    await page.goto(f"{base}/console")
    heading = page.locator("parlance-spec h2")
    await expect(page.get_by_role("button", name="Product 29")).to_be_attached()
    await expect(heading).not_to_be_in_viewport()
    await page.get_by_role("button", name="Product 2 1.4").click()
    await expect(heading).to_have_text("Product 2")
    await expect(heading).to_be_focused()
    await expect(heading).to_be_in_viewport()
    await page.get_by_label("OpenAPI document").set_input_files({"name": "bad.txt", "mimeType": "text/plain", "buffer": b"hello"})
    await page.get_by_role("button", name="Upload", exact=True).click()
    await expect(heading).to_have_text("bad.txt")
    await expect(heading).to_be_focused()
    await expect(page.get_by_text("This document cannot be used. This is no OpenAPI document.")).to_be_in_viewport(ratio=1)
    await expect(page.locator("[aria-live=polite]")).to_have_text("bad.txt: Refused. This is no OpenAPI document.")


async def test_an_empty_file_is_said_to_be_empty(page: Page, base: str, stand_in: StandIn) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_label("OpenAPI document").set_input_files({"name": "api.yaml", "mimeType": "application/yaml", "buffer": b""})
    await page.get_by_role("button", name="Upload", exact=True).click()
    await expect(page.get_by_role("alert").get_by_text("api.yaml is empty. Choose another file.")).to_be_visible()
    assert stand_in.posted("/specs") == []


async def test_operations_are_folded_by_service_and_found_by_what_they_do(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_text("users 2 operations").click()
    await expect(page.locator("parlance-operations").get_by_text("POST /users")).to_be_visible()
    await expect(page.get_by_text("Create a user")).to_be_visible()
    await page.get_by_label("Find an operation").fill("audit list")
    await expect(page.get_by_text("List audit events")).to_be_visible()
    await expect(page.get_by_text("1 of 15 operations")).to_be_visible()
    await expect(page.get_by_text("users 2 operations")).to_have_count(0)


async def test_problems_are_grouped_with_why_and_where_and_what_to_do(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    await expect(page.get_by_text("1 error · 40 warnings · 1 remark")).to_be_visible()
    await expect(page.get_by_text("line 212 · /paths/~1groups/get/responses/200")).to_be_visible()
    await expect(page.get_by_text("Did you mean Group?")).to_be_visible()
    await page.get_by_text("Summary missing (40) summary_missing").click()
    await expect(page.get_by_text("A model that does not know what an operation is for")).to_have_count(1)
    await expect(page.get_by_text("GET /p20 has no summary.")).to_be_visible()
    await page.get_by_role("button", name="Show 5 more").click()
    await expect(page.get_by_text("GET /p25 has no summary.")).to_be_visible()
    await expect(page.get_by_text("all operations take 18,250 tokens, the largest 2,400")).to_be_visible()


async def test_a_report_that_does_not_come_is_no_clean_one(page: Page, base: str, stand_in: StandIn) -> None:
    stand_in.specs["spec_1"]["problems"] = []
    await page.route("**/report", lambda route: route.fulfill(status=503, content_type="application/problem+json", body='{"detail": "Try again."}'))
    await page.goto(f"{base}/console")
    await expect(page.get_by_text("The document was not looked through")).to_be_visible()
    await expect(page.get_by_text("No problems were found in it.")).to_have_count(0)


async def test_the_proposed_overlay_is_downloaded(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download the proposed overlay").click()
    found = await download.value
    assert found.suggested_filename == "Identity-administration-overlay.yaml"
    assert Path(await found.path()).read_text() == OVERLAY


async def test_a_new_version_takes_the_place_of_the_old_and_what_changed_is_shown(
    page: Page, base: str, stand_in: StandIn, document: dict[str, object]
) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_role("button", name="Replace with a new version…").click()
    await page.get_by_label("New version").set_input_files(document)  # type: ignore[arg-type]
    await page.get_by_text("With an overlay").last.click()
    await page.get_by_label("Overlay").last.set_input_files({"name": "mine.yaml", "mimeType": "application/yaml", "buffer": b"overlay: 1.0.0"})
    await page.get_by_role("button", name="Upload this version").click()
    await expect(page.get_by_text("Version 1.5 · 15 operations · 2 services · 2 former versions · Ready")).to_be_visible()
    assert stand_in.uploads == [{"file": "api.yaml", "overlay": "mine.yaml"}]
    await expect(page.get_by_text("Operations: 1 added, 1 removed, 2 changed. This breaks callers.")).to_be_visible()
    await expect(page.get_by_text("DELETE /users/{username}")).to_be_visible()
    await expect(page.get_by_text("breaking body/department A required field was added.")).to_be_visible()
    await expect(page.get_by_text("switched off, tips for deleteUser: there is no such operation any more.")).to_be_visible()
    await expect(page.get_by_text(f"The default changed from none to {MARKUP}.")).to_be_visible()
    await page.get_by_label("Since").select_option("h1")
    await expect(page.get_by_text("Nothing that a caller could notice.")).to_be_visible()


async def test_a_refused_version_leaves_the_old_one_and_says_why(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_role("button", name="Replace with a new version…").click()
    await page.get_by_label("New version").set_input_files({"name": "bad.json", "mimeType": "application/json", "buffer": b"{"})
    await page.get_by_role("button", name="Upload this version").click()
    await expect(
        page.get_by_text("bad.json cannot be used; the version before stays in use. The document is not valid JSON. (line 3)")
    ).to_be_visible()
    await expect(page.get_by_text("Version 1.4 · 15 operations · 2 services · Ready")).to_be_visible()
    await expect(page.get_by_role("link", name="Try it in the chat")).to_be_visible()


async def test_a_refused_document_says_why(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_role("button", name="spec_2").click()
    await expect(page.get_by_text("this is not an OpenAPI document. (line 1)")).to_be_visible()
    await expect(page.locator("parlance-spec p.muted")).to_have_text("Refused")
    await expect(page.get_by_text("Try it in the chat")).to_have_count(0)


RULES = [
    {"operation": "pay", "field": "amount", "op": ">", "value": 1000.5},
    {"operation": "*", "field": "/order/currency", "op": "in", "value": ["EUR"]},
]


async def test_settings_keep_what_the_page_does_not_show(page: Page, base: str, stand_in: StandIn) -> None:
    stand_in.settings = {"base_url": None, "approval": "changing", "off": ["deleteUser"], "tips": {"createUser": "Ask first"}, "when": RULES}
    await page.goto(f"{base}/console")
    await page.get_by_label("Base URL Empty: the server the document names.").fill("https://api.example.test")
    await page.get_by_label("Private hosts").fill("localhost, 10.0.0.7")
    await page.get_by_label("What needs a yes").select_option("always")
    await page.get_by_role("button", name="Save settings").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    assert stand_in.settings == {
        "base_url": "https://api.example.test",
        "hosts": ["localhost", "10.0.0.7"],
        "approval": "always",
        "off": ["deleteUser"],
        "tips": {"createUser": "Ask first"},
        "when": RULES,
    }


async def test_an_operation_is_switched_off_and_on_by_keyboard_and_other_settings_stay(page: Page, base: str, stand_in: StandIn) -> None:
    kept = {"base_url": "https://api.example.test", "approval": "always", "tips": {"createUser": "Ask first"}}
    stand_in.settings = {**kept, "off": ["ofAFormerVersion", "listEvents"]}
    await page.goto(f"{base}/console")
    await expect(page.get_by_text("audit 1 operation · 1 switched off")).to_be_visible()
    await page.get_by_text("users 2 operations").click()
    switch = page.get_by_role("switch", name="Offer POST /users")
    await expect(switch).to_be_checked()
    await switch.focus()
    await page.keyboard.press("Space")
    await expect(page.get_by_text("POST /users is switched off.")).to_be_attached()
    await expect(page.get_by_text("users 2 operations · 1 switched off")).to_be_visible()
    assert stand_in.settings == {**kept, "off": ["ofAFormerVersion", "listEvents", "createUser"]}
    await expect(switch).to_be_focused()
    await page.keyboard.press("Space")
    await expect(page.get_by_text("POST /users is switched on.")).to_be_attached()
    assert stand_in.settings == {**kept, "off": ["ofAFormerVersion", "listEvents"]}


async def test_saving_the_settings_leaves_switched_off_what_was_switched_off_since(page: Page, base: str, stand_in: StandIn) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_text("users 2 operations").click()
    for name in ("Offer GET /users", "Offer POST /users"):
        await page.get_by_role("switch", name=name).uncheck()
    await page.get_by_label("What needs a yes").select_option("always")
    await page.get_by_role("button", name="Save settings").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    assert stand_in.settings == {"base_url": None, "approval": "always", "off": ["listUsers", "createUser"]}


async def test_an_operation_that_cannot_be_switched_off_stays_on_and_says_why(page: Page, base: str, stand_in: StandIn) -> None:
    async def refused(route: Route) -> None:
        refusing = route.request.method == "PUT"
        await (route.fulfill(status=422, json={"code": "settings_invalid", "detail": "It is not known."}) if refusing else route.continue_())

    await page.goto(f"{base}/console")
    await page.get_by_text("users 2 operations").click()
    await page.route("**/settings", refused)
    switch = page.get_by_role("switch", name="Offer POST /users")
    await switch.click()
    await expect(page.get_by_role("alert").get_by_text("It is still on: It is not known.")).to_be_visible()
    await expect(switch).to_be_checked()
    await page.unroute("**/settings")
    await switch.click()
    await expect(page.get_by_text("It is still on")).to_have_count(0)
    await expect(page.get_by_text("POST /users is switched off.")).to_be_attached()


async def test_credentials_go_in_hidden_and_leave_the_page(page: Page, base: str, stand_in: StandIn) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_label("Sign in with").select_option("client_credentials")
    await page.get_by_label("Client id").fill("demo")
    secret = page.get_by_label("Client secret")
    await expect(secret).to_have_attribute("type", "password")
    await secret.fill("s3cret")
    await page.get_by_label("Scopes").fill("users:read users:write")
    await page.get_by_role("button", name="Add connection").click()
    await expect(page.get_by_text("OAuth2 client credentials c_1")).to_be_visible()
    await expect(secret).to_have_value("")
    credential = {"type": "client_credentials", "client_id": "demo", "client_secret": "s3cret", "scopes": ["users:read", "users:write"]}
    assert stand_in.posted("/connections") == [{"spec_id": "spec_1", "credential": credential}]
    await expect(page.get_by_role("link", name="Try it in the chat")).to_have_attribute("href", "/#spec=spec_1&connection=c_1")


async def test_a_document_is_removed_after_a_second_look(page: Page, base: str, stand_in: StandIn) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_role("button", name="Remove…").click()
    await page.get_by_role("button", name="Yes, remove this document").click()
    await expect(page.get_by_role("button", name="Identity administration")).to_have_count(0)
    assert "spec_1" not in stand_in.specs


async def test_without_a_key_the_console_asks_for_one(page: Page, base: str) -> None:
    await page.evaluate("sessionStorage.clear()")
    await page.goto(f"{base}/console")
    await page.get_by_label("API key").fill("pk_stand_in")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", name="Documents")).to_be_visible()
