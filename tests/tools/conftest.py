"""The loopback product and a wire to it."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from runtime.guard import Limits, guarded_session
from runtime.secrets import KeyRing, new_key
from tests.tools.authority import Authority
from tests.tools.authority import run as authority_run
from tests.tools.product import Product, run
from tools.call import Repeats, Wire


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    made = Product()
    runner = await run(made)
    yield made
    await runner.cleanup()


@pytest.fixture
async def authority() -> AsyncIterator[Authority]:
    made = Authority()
    runner = await authority_run(made)
    yield made
    await runner.cleanup()


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing.of([new_key()])


@pytest.fixture
async def wire(redis: Redis, ring: KeyRing) -> AsyncIterator[Wire]:
    async with guarded_session(allow_private=True) as http:
        yield Wire(http, redis, ring, Limits(seconds=1.0, connect=0.5, bytes=200_000), Repeats(wait=0.5))
