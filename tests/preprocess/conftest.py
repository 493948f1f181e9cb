"""The preprocess worker over loopback, and a client of the team's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import uvicorn
from fastapi import FastAPI
from redis.asyncio import Redis

from preprocess.app import router
from runtime.auth import create_key
from runtime.http import create_app, standing
from runtime.settings import Settings
from specs import store


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="on"))
    ready = asyncio.Event()
    main = server.startup

    async def startup(sockets: Any = None) -> None:
        await main(sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    running = asyncio.create_task(server.serve())
    try:
        await asyncio.wait_for(ready.wait(), 10)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    store._cache.clear()
    return create_app("test", [router], standing(settings))


@pytest.fixture
async def http(app: FastAPI, redis: Redis) -> AsyncIterator[aiohttp.ClientSession]:
    token = await create_key(redis, "acme", "ann", ["specs"])
    async with serving(app) as address, aiohttp.ClientSession(address, headers={"authorization": f"Bearer {token}"}) as session:
        yield session
