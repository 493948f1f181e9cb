"""What every test may use: a real Redis, emptied before each test that asks for one, and settings that know it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from redis import Redis as BlockingRedis
from redis.asyncio import Redis

from runtime.embedded import embedded_redis, server_binary
from runtime.redis import connect
from runtime.serve import answering, listening
from runtime.settings import PREFIX, Settings


def missing(what: str, remedy: str) -> None:
    """A part that tests need is not here: a failure where the whole must be proved (CI=true), else a skip that says so."""
    reason = f"{what} is missing: {remedy}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True, scope="session")
def own_environment() -> Iterator[None]:
    """Settings of whoever runs the tests must not change what they show."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(PREFIX) or name == "REDIS_URL":
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """One server a test session, on a unix socket in a folder of its own; nothing is written to disk."""
    if server_binary() is None:
        missing("a Redis server", "install redis-server, or run `make test`")
    with tempfile.TemporaryDirectory(prefix="parlance-test-") as folder, embedded_redis(Path(folder), keep=False) as embedded:
        yield embedded.url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    with BlockingRedis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def settings(redis_url: str) -> Settings:
    """The defaults, with this test's Redis; loopback products are allowed and waits are short."""
    return Settings(
        redis_url=redis_url, allow_private_hosts=True, secret_keys=("cGFybGFuY2UgdGVzdCBrZXksIDMyIGJ5dGVzIGxvbmc=",),
        lease_seconds=3, heartbeat=1, product_timeout=2,
    )  # fmt: skip


@asynccontextmanager
async def serve(app: FastAPI) -> AsyncIterator[str]:
    """The app over real HTTP on a free loopback port; yields its address."""
    with listening("127.0.0.1", 0) as listener:
        async with answering(app, listener) as url:
            yield url


@pytest.fixture
def serving() -> Callable[[FastAPI], AbstractAsyncContextManager[str]]:
    """`async with serving(app) as url`"""
    return serve


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; Playwright cannot download its own everywhere."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        missing("Chromium", "install chromium, or run `make test` as root, or set CHROMIUM to its path")
    return str(found)
