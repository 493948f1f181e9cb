"""What comes from models and products is text on the page, never markup, a link or a request; and everybody can use the page."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.web.console_scenes import FORMER
from tests.web.scenes import VECTORS
from tests.web.standin import StandIn
from tests.web.test_chat import say

pytestmark = pytest.mark.asyncio(loop_scope="session")
AXE = files("axe_playwright_python") / "axe.min.js"  # the package carries the script; nothing else of it is used
FOREIGN = """() => { const found = []; const walk = (root) => root.querySelectorAll('*').forEach((node) => {
    if (['SCRIPT', 'IFRAME', 'IMG', 'OBJECT', 'EMBED'].includes(node.tagName) && root !== document) found.push(node.tagName);
    if (node.tagName === 'A' && node.getAttribute('href') !== '/console') found.push(node.outerHTML);
    for (const name of node.getAttributeNames()) if (name.startsWith('on') || name === 'style') found.push(node.outerHTML);
    if (node.shadowRoot) walk(node.shadowRoot); }); walk(document); return found; }"""


@pytest.mark.parametrize("scene", ["markup", "attack", "hostile"])
async def test_markup_from_outside_is_shown_as_text_and_does_nothing(page: Page, base: str, scene: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await say(page, scene)
    await expect(page.locator("main :is(p, text)", has_text=VECTORS[2][:15]).first).to_be_visible()
    assert await page.evaluate(FOREIGN) == []
    assert await page.title() == "Parlance"
    assert [url for url in asked if not url.startswith(base)] == []


@pytest.mark.parametrize("text", ["create", "approve", "two", "show", "get", "fail", "attack", "bars", "line", "pie", "file", "hostile"])
async def test_a_phone_never_scrolls_sideways(page: Page, text: str) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await say(page, text)
    await expect(page.get_by_text("Working…")).to_have_count(0)
    main = "document.querySelector('parlance-chat').shadowRoot.querySelector('main')"
    await expect(page.locator(".said")).to_be_visible()
    assert await page.evaluate(f"[document.documentElement.scrollWidth, {main}.scrollWidth]") == [360, 360]


async def test_a_whole_turn_goes_by_keyboard_alone(page: Page) -> None:
    await page.get_by_label("Your message").focus()
    await page.keyboard.type("approve")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Create a user")).to_be_focused()
    for _ in range(4):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.textContent") == "Approve":
            break
    await page.keyboard.press("Enter")
    await expect(page.locator("main").get_by_text("user2 was created.")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_be_focused()


async def test_news_is_told_to_those_who_do_not_see_it(page: Page) -> None:
    await say(page, "get user1")
    await expect(page.locator("[aria-live=polite]")).to_have_text("This is user1.")


async def faults(page: Page) -> list[Any]:
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})")
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("text", ["", "create", "approve", "delete", "show", "get", "fail", "unknown", "bar", "line", "pie", "file"])
async def test_axe_finds_nothing_to_object_to_in_the_chat(page: Page, text: str, scheme: Any) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if text:
        await say(page, text)
        await expect(page.get_by_text("Working…")).to_have_count(0)
    assert await faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_to_object_to_where_the_document_is_gone(page: Page, stand_in: StandIn, scheme: Any) -> None:
    await page.emulate_media(color_scheme=scheme)
    stand_in.specs.pop("spec_1")
    await page.reload()
    await expect(page.get_by_role("button", name="Choose another document")).to_be_visible()
    assert await faults(page) == []


async def everything_open(page: Page, base: str) -> None:
    """The console with a document that has a former version, its next one asked for, and every fold open."""
    await page.goto(f"{base}/console")
    await expect(page.get_by_text("This breaks callers.")).to_be_visible()
    await expect(page.get_by_text("1 error")).to_be_visible()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    await expect(page.get_by_text("1 switched off")).to_be_visible()
    await page.get_by_role("button", name="Replace with a new version…").click()
    await page.evaluate("""() => { const walk = (root) => root.querySelectorAll('*').forEach((node) => {
        if (node.tagName === 'DETAILS') node.open = true; if (node.shadowRoot) walk(node.shadowRoot); }); walk(document); }""")


@pytest.fixture
def replaced(stand_in: StandIn) -> None:
    stand_in.specs["spec_1"]["former"] = FORMER
    stand_in.settings = {**stand_in.settings, "off": ["createUser"]}


@pytest.mark.usefixtures("replaced")
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_to_object_to_in_the_console(page: Page, base: str, scheme: Any) -> None:
    await page.emulate_media(color_scheme=scheme)
    await everything_open(page, base)
    assert await faults(page) == []


@pytest.mark.usefixtures("replaced")
async def test_the_console_fits_a_phone_and_shows_a_documents_words_as_text(page: Page, base: str) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await everything_open(page, base)
    main = "document.querySelector('parlance-console')"
    assert await page.evaluate(f"[document.documentElement.scrollWidth, {main}.scrollWidth]") == [360, 360]
    assert [one for one in await page.evaluate(FOREIGN) if not one.startswith('<a class="main" href="/#spec') and 'href="/#' not in one] == []
    await expect(page.get_by_text("<img src=x").first).to_be_visible()


async def test_a_document_is_replaced_by_keyboard_alone(page: Page, base: str) -> None:
    await page.goto(f"{base}/console")
    await page.get_by_role("button", name="Replace with a new version…").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("New version")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("New version")).to_have_count(0)
    await expect(page.get_by_role("button", name="Replace with a new version…")).to_be_focused()
