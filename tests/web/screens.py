"""Pictures of every state of the panel, to be looked at: `python -m tests.web.screens FOLDER` (desktop and phone, light and dark)."""

import asyncio
import shutil
import sys
from pathlib import Path

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from tests.web.standin import KEY, StandIn, create_app

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SIZES = {"desk": (1100, 800), "phone": (360, 740)}
STATES = {
    "welcome": (),
    "table": ("show me all audit logs from yesterday",),
    "record": ("get user1",),
    "form": ("create a new user",),
    "approval": ("approve it",),
    "delete": ("delete user2",),
    "failed": ("fail please",),
    "unknown": ("unknown",),
    "refusal": ("who was the first president?",),
    "markup": ("markup",),
    "orders": ("orders",),
    "grouped": ("grouped",),
    "bar": ("bar",),
    "bars": ("bars",),
    "line": ("line",),
    "pie": ("pie",),
    "file": ("file",),
}


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.keyboard.press("Enter")
    await page.get_by_label("Your message").blur()
    await page.wait_for_function("() => !document.querySelector('parlance-chat').conversation.running")


async def mend(page: Page) -> None:
    await say(page, "approve")
    await page.get_by_role("button", name="Edit").click()


async def edited(page: Page) -> None:
    await mend(page)
    await page.get_by_label("description").fill("This is an admin user")
    await page.get_by_role("button", name="Preview the change").click()
    await page.get_by_text("Changed", exact=True).wait_for()


async def done(page: Page) -> None:
    await say(page, "approve it")
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_role("button", name="Bad answer").click()


async def wrong(page: Page) -> None:
    await say(page, "create")
    await page.get_by_role("button", name="Send answer").click()


MOVES = {"editing": mend, "edited": edited, "done": done, "wrong": wrong}


async def shoot(browser: Browser, base: str, folder: Path, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    for name in [*STATES, *MOVES, "busy", "nokey", "console"]:
        context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(
            base + ("/" if name == "nokey" else "/console" if name == "console" else "/") + ("" if name == "nokey" else f"#key={KEY}&spec=spec_1")
        )
        if name in MOVES:
            await MOVES[name](page)
        for text in STATES.get(name, ()):
            await say(page, text)
        await page.wait_for_timeout(300)
        await page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=name == "console")
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            print(f"{name} on {size} is {wide} wide")
        await context.close()


async def main(folder: Path) -> None:
    runner = web.AppRunner(create_app(StandIn(refuse=[])))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for size, scheme in (("desk", "light"), ("phone", "light"), ("desk", "dark"), ("phone", "dark")):
            await shoot(browser, base, folder, size, scheme)
        await browser.close()
    await runner.cleanup()


if __name__ == "__main__":
    wanted = Path(sys.argv[1])
    wanted.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(wanted))
