"""Erasing a session while a turn runs in it: nothing is left, and nothing comes back."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from engine.accept import Incoming
from runtime.settings import Settings
from tests.engine.inside import ADA, told
from tests.tools.product import document

READ = {"/things": {"get": {"operationId": "listThings", "summary": "List things"}}}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("folder", [False, True], ids=["in Redis", "in a folder"])
@pytest.mark.parametrize("size", [10, 400_000], ids=["small", "large"])
async def test_a_turn_that_runs_while_its_session_is_erased_brings_nothing_back(
    settings: Settings, redis: Redis, tmp_path: Path, folder: bool, size: int
) -> None:
    reached, release = asyncio.Event(), asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        reached.set()
        await release.wait()
        return web.json_response({"text": "a" * size})

    kept = settings.model_copy(update={"artifacts": tmp_path if folder else None})
    async with told(kept, redis, document(READ)) as desk:
        product: Any = desk.product
        product.otherwise = answer
        begun = await desk.turns.begin(ADA, desk.session, Incoming.model_validate({"id": "m1", "text": "List all things"}))
        await asyncio.wait_for(reached.wait(), 5)
        await desk.store.erase(ADA.tenant, desk.session)
        await desk.turns.parts.artifacts.erase(ADA.tenant, desk.session)
        release.set()
        assert begun.task
        await begun.task
    assert [name async for name in redis.scan_iter(f"*{desk.session}*")] == []
    assert files(tmp_path) == []
