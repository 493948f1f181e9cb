"""The console in a real browser against the stand-in."""

import pytest
from playwright.async_api import Page, expect

from tests.web.standin import StandIn

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def document() -> dict[str, object]:
    return {"name": "api.yaml", "mimeType": "application/yaml", "buffer": b"openapi: 3.1.0"}


async def test_a_document_is_uploaded_and_watched_until_it_is_ready(page: Page, base: str, document: dict[str, object]) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_label("OpenAPI document").set_input_files(document)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Upload").click()
    await expect(page.get_by_role("heading", name="api.yaml")).to_be_visible()
    await expect(page.get_by_role("heading", name="Uploaded")).to_be_visible()
    await expect(page.get_by_text("Version 1.4 · 15 operations · 2 services · Ready")).to_be_visible()


async def test_an_empty_file_is_said_to_be_empty(page: Page, base: str, stand_in: StandIn) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_label("OpenAPI document").set_input_files({"name": "api.yaml", "mimeType": "application/yaml", "buffer": b""})
    await page.get_by_role("button", name="Upload").click()
    await expect(page.get_by_role("alert").get_by_text("api.yaml is empty. Choose another file.")).to_be_visible()
    assert stand_in.posted("/specs") == []


async def test_services_and_problems_are_shown_with_their_places(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_text("users 2 operations").click()
    await expect(page.get_by_text("POST /users")).to_be_visible()
    await expect(page.get_by_text("line 212 · /paths/~1groups/get/responses/200 · reference_missing")).to_be_visible()
    await expect(page.get_by_text("Did you mean Group?")).to_be_visible()


async def test_a_refused_document_says_why(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_role("button", name="spec_2").click()
    await expect(page.get_by_text("this is not an OpenAPI document. (line 1)")).to_be_visible()
    await expect(page.get_by_text("Try it in the chat")).to_have_count(0)


async def test_settings_keep_what_the_page_does_not_show(page: Page, base: str, stand_in: StandIn) -> None:
    stand_in.settings = {"base_url": None, "approval": "changing", "off": ["deleteUser"], "tips": {"createUser": "Ask first"}}
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
    }


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
