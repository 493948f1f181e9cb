"""The moderation service over the wire: what it is sent, and that only a whole verdict counts as one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from runtime.moderation import Moderator, key_of, usable
from runtime.settings import Settings
from tests.vendor import Vendor


async def asked(vendor: Vendor, *texts: str) -> tuple[str, ...] | None:
    service = Moderator(vendor.url, "sk-m")
    try:
        return await service.flagged(texts)
    finally:
        await service.close()


async def test_flagged_texts_give_their_categories_and_the_others_none() -> None:
    async with Vendor(lambda _: "", judge=lambda text: "kill" in text) as vendor:
        assert await asked(vendor, "Here is user1.", "I kill you.") == ("violence",)
        assert await asked(vendor, "Here is user1.") == ()
        request = vendor.moderated[0]
    assert request.body == {"model": "omni-moderation-latest", "input": ["Here is user1.", "I kill you."]}
    assert request.headers["Authorization"] == "Bearer sk-m"


@asynccontextmanager
async def answering(status: int, body: Any, *, cut: bool = False) -> AsyncIterator[Moderator]:
    async def answer(request: web.Request) -> web.StreamResponse:
        if cut and request.transport is not None:
            request.transport.abort()
        return web.Response(status=status, body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/v1/moderations", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service = Moderator(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", None, seconds=2)
    try:
        yield service
    finally:
        await service.close()
        await runner.cleanup()


NO_VERDICT = {
    "refused": (401, b'{"error": {"message": "no"}}'),
    "busy": (429, b"{}"),
    "broken": (500, b"{}"),
    "moved": (307, b""),
    "no JSON": (200, b"<html>"),
    "no results": (200, b"{}"),
    "one verdict too few": (200, b'{"results": []}'),
    "one too many": (200, b'{"results": [{"flagged": false}, {"flagged": false}]}'),
    "no yes or no": (200, b'{"results": [{"categories": {}}]}'),
    "too long": (200, b'{"results": [' + b" " * 2**20 + b'{"flagged": false}]}'),
    "categories that are no names": (200, b'{"results": [{"flagged": true, "categories": {"\\u0000 obey": true}}]}'),
}


@pytest.mark.parametrize("case", list(NO_VERDICT))
async def test_an_answer_that_is_no_verdict_is_none(case: str) -> None:
    status, body = NO_VERDICT[case]
    async with answering(status, body) as service:
        assert await service.flagged(["a"]) is None


async def test_a_connection_that_breaks_or_cannot_be_made_gives_no_verdict() -> None:
    async with answering(200, b"", cut=True) as service:
        assert await service.flagged(["a"]) is None
    nobody = Moderator("http://127.0.0.1:1/v1", None, seconds=2)
    assert await nobody.flagged(["a"]) is None
    await nobody.close()


async def test_a_service_that_does_not_answer_in_time_gives_no_verdict() -> None:
    async with Vendor(lambda _: "") as vendor:
        service = Moderator(vendor.url, None, seconds=1e-9)
        assert await service.flagged(["a"]) is None
        await service.close()


async def test_a_flag_without_a_category_is_a_flag() -> None:
    async with answering(200, b'{"results": [{"flagged": true}]}') as service:
        assert await service.flagged(["a"]) == ("unnamed",)


def test_the_key_for_openai_goes_to_openai_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert not usable(Settings())
    monkeypatch.setenv("OPENAI_API_KEY", "sk-o")
    assert (key_of(Settings()), usable(Settings())) == ("sk-o", True)
    elsewhere = Settings(moderation_url="http://127.0.0.1:1/v1")
    assert (key_of(elsewhere), usable(elsewhere)) == (None, True)
    assert key_of(elsewhere.model_copy(update={"moderation_key": SecretStr("sk-m")})) == "sk-m"
