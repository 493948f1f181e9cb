"""Erasing a user's connections and sign-ins: what no list names any more, what cannot be read, and what comes back meanwhile."""

from pathlib import Path

import orjson
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from engine.artifacts import Artifacts
from engine.erasing import Erased, erase_user
from engine.store import SessionStore
from runtime.auth import bar
from runtime.redis import key
from runtime.secrets import KeyRing, new_key
from tests.engine.stage import Stage
from tests.tools.authority import walk
from tools.security import Bearer, Connection, save_connection

TOKENS = "parlance:{t:connection:*}:*"


@pytest.fixture
def ring(stage: Stage) -> KeyRing:
    found: KeyRing = stage.app.state.turns.parts.ring
    return found


async def erase(redis: Redis, ring: KeyRing, folder: Path, user: str) -> Erased:
    store = SessionStore(redis, owner="x", lease_ms=1_000, lifetime_ms=1_000)
    return await erase_user(Artifacts(store, ring, folder), ring, "t", user)


async def kept(redis: Redis, ring: KeyRing, name: str, user: str | None) -> None:
    await save_connection(redis, ring, Connection(id=name, tenant="t", spec="sp_1", user=user, credential=Bearer(token=SecretStr("very-secret"))))


def newer(ring: KeyRing, name: str, user: str | None) -> bytes:
    """A record that this version cannot read as a connection."""
    plain = orjson.dumps({"id": name, "tenant": "t", "spec": "sp_1", "user": user, "newer": 1})
    return ring.seal(plain, tenant="t", purpose=f"connection:{name}")


async def records(redis: Redis) -> set[str]:
    return {name.decode() for name in await redis.keys("parlance:{t:connection:*}")}


async def test_connections_and_tokens_that_no_list_names_any_more_are_erased(stage: Stage, redis: Redis, ring: KeyRing, tmp_path: Path) -> None:
    shared, ann = await stage.shared(), await stage.who("ann")
    assert (await stage.sign_in(shared, ann)).status_code == 204
    await kept(redis, ring, "cn_ann", "ann")
    await kept(redis, ring, "cn_bob", "bob")
    await redis.delete(key("t", "connections"), key("t", "connections", "shared"))
    found = await erase(redis, ring, tmp_path, "ann")
    assert (found.connections, found.sign_ins) == (1, 1)
    assert await records(redis) == {key("t", "connection", shared), key("t", "connection", "cn_bob")}
    assert not (await redis.keys(f"parlance:{{t:connection:{shared}}}:token*"))


async def test_tokens_whose_connection_is_gone_are_erased(stage: Stage, redis: Redis, ring: KeyRing, tmp_path: Path) -> None:
    shared, ann = await stage.shared(), await stage.who("ann")
    assert (await stage.sign_in(shared, ann)).status_code == 204
    assert await redis.keys(TOKENS)
    await redis.delete(key("t", "connections"), key("t", "connections", "shared"), key("t", "connection", shared))
    await erase(redis, ring, tmp_path, "ann")
    assert await redis.keys(TOKENS) == []


async def test_what_cannot_be_read_stops_no_erasure(stage: Stage, redis: Redis, ring: KeyRing, tmp_path: Path) -> None:
    """Of a team's connection, of another user's, of another version's and of a key that is gone; with the entries that the lists have of them."""
    shared, ann = await stage.shared(), await stage.who("ann")
    assert (await stage.sign_in(shared, ann)).status_code == 204
    for name, user in (("cn_1", "ann"), ("cn_2", "bob"), ("cn_3", "ann"), ("cn_4", "bob"), ("cn_5", "ann")):
        await kept(redis, ring, name, user)
    for name, user in (("cn_1", "ann"), ("cn_2", "bob")):
        await redis.set(key("t", "connection", name), newer(ring, name, user))
        await redis.hset(key("t", "connections"), name, b"no JSON")
    for name, user in (("cn_3", "ann"), ("cn_4", "bob")):
        await redis.set(key("t", "connection", name), newer(KeyRing.of([new_key()]), name, user))
    found = await erase(redis, ring, tmp_path, "ann")
    assert (found.connections, found.sign_ins) == (3, 1)
    assert await records(redis) == {key("t", "connection", name) for name in (shared, "cn_2", "cn_4")}
    assert await redis.keys(f"parlance:{{t:connection:{shared}}}:token*") == []


async def test_a_list_of_connections_lives_as_long_as_what_it_names(stage: Stage, redis: Redis) -> None:
    shared, ann = await stage.shared(), await stage.who("ann")
    lists = (key("t", "connections"), key("t", "connections", "shared"))
    for each in lists:
        await redis.expire(each, 100)
    await stage.address(shared, ann)  # uses it
    assert [await redis.ttl(each) for each in lists] == [await redis.ttl(key("t", "connection", shared))] * 2


async def test_who_comes_back_from_signing_in_during_an_erasure_gets_no_ticket(stage: Stage, redis: Redis) -> None:
    """It has set the bar and not yet looked at what was begun."""
    shared, bob = await stage.shared(), await stage.who("bob")
    came = await walk(await stage.address(shared, await stage.who("ann")))
    await bar(redis, "t", "ann")
    page = await stage.back(**came)
    assert (page.status_code, "data-ticket" in page.text) == (400, False)
    assert await redis.keys("parlance:{-:signin:*") + await redis.keys("parlance:{-:ticket:*") == []
    assert (await stage.sign_in(shared, bob)).status_code == 204
