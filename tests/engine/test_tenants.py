"""A tenant's own settings over HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest
from redis.asyncio import Redis

from engine.tenants import router
from engine.worker import engine
from runtime.auth import create_key
from runtime.http import create_app
from runtime.settings import Settings


@pytest.fixture
async def client(redis: Redis, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("test", [router])
    app.state.redis, app.state.settings = redis, settings
    async with engine(settings, redis) as app.state.turns, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as made:
        yield made


async def who(redis: Redis, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await create_key(redis, 't', 'team', scopes)}"}


async def test_only_an_admin_reads_and_sets_what_holds_for_the_tenant(client: httpx.AsyncClient, redis: Redis) -> None:
    others = await who(redis, "chat", "specs", "ratings")
    assert (await client.get("/v1/settings", headers=others)).status_code == 403
    assert (await client.put("/v1/settings", headers=others, json={})).status_code == 403
    admin = await who(redis, "admin")
    set_now = (await client.put("/v1/settings", headers=admin, json={})).json()
    assert (await client.get("/v1/settings", headers=admin)).json() == set_now


async def test_a_setting_nobody_reads_is_refused_by_name(client: httpx.AsyncClient, redis: Redis) -> None:
    answer = await client.put("/v1/settings", headers=await who(redis, "admin"), json={"retain": 1})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/retain"
