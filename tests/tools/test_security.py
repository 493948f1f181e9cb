"""Connections and settings as they are stored: sealed, by tenant, with a lifetime."""

import orjson
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from runtime.errors import NotFound, ParlanceError, SettingsInvalid
from runtime.secrets import KeyRing, SealBroken
from tools.security import (
    REMOVED,
    Basic,
    Bearer,
    Connection,
    change_connection,
    connection_exists,
    default_connection,
    list_connections,
    load_connection,
    remove_connection,
    save_connection,
)
from tools.settings import DocumentSettings
from tools.store import load_settings, save_settings


def connection(name: str = "cn_1", **more: object) -> Connection:
    return Connection(id=name, **{"tenant": "t", "spec": "s", "credential": Bearer(token=SecretStr("very-secret")), **more})


async def test_a_connection_comes_back_whole_and_lies_sealed(redis: Redis, ring: KeyRing) -> None:
    await save_connection(redis, ring, connection(base_url="https://a.test", constants={"region": "eu"}))
    assert await load_connection(redis, ring, "t", "cn_1") == connection(base_url="https://a.test", constants={"region": "eu"})
    for name in await redis.keys("*"):
        assert await redis.ttl(name) > 0
        dumped = await redis.dump(name)
        assert b"very-secret" not in (dumped or b"")


async def test_a_connection_of_another_tenant_is_not_there_and_its_seal_fits_no_other(redis: Redis, ring: KeyRing) -> None:
    await save_connection(redis, ring, connection())
    with pytest.raises(NotFound):
        await load_connection(redis, ring, "other", "cn_1")
    await redis.copy("parlance:{t:connection:cn_1}", "parlance:{other:connection:cn_1}")
    with pytest.raises(SealBroken):
        await load_connection(redis, ring, "other", "cn_1")
    assert not await connection_exists(redis, "other", "ann", "cn_1", "s")


@pytest.mark.parametrize("name", ["", "a b", "x:y", "{x}", "\n"])
async def test_an_impossible_id_is_not_found(redis: Redis, ring: KeyRing, name: str) -> None:
    with pytest.raises(NotFound):
        await load_connection(redis, ring, "t", name)


async def test_users_see_the_shared_ones_and_their_own(redis: Redis, ring: KeyRing) -> None:
    for each in (connection("cn_a"), connection("cn_b", user="ann"), connection("cn_c", user="bob")):
        await save_connection(redis, ring, each)
    assert [each.id for each in await list_connections(redis, "t", "ann")] == ["cn_a", "cn_b"]
    assert not await connection_exists(redis, "t", "ann", "cn_c", "s")
    assert await connection_exists(redis, "t", "ann", "cn_b", "s")
    assert not await connection_exists(redis, "t", "ann", "cn_b", "another")
    assert await default_connection(redis, "t", "ann", "s") == "cn_b"
    assert await default_connection(redis, "t", "eve", "s") == "cn_a"
    assert await default_connection(redis, "t", "eve", "other") is None


async def left(redis: Redis) -> list[bytes]:
    """But for the mark that keeps out who is fetching a token just now."""
    return [name for name in await redis.keys("*") if await redis.type(name) != b"string" or await redis.get(name) != REMOVED]


async def test_a_removed_connection_leaves_nothing(redis: Redis, ring: KeyRing) -> None:
    await save_connection(redis, ring, connection())
    await redis.set("parlance:{t:connection:cn_1}:token", b"x")
    await remove_connection(redis, "t", "cn_1")
    assert await left(redis) == []


def test_a_credential_shows_no_secret_in_any_text() -> None:
    one = connection(credential=Basic(username="ann", password=SecretStr("very-secret")))
    assert "very-secret" not in repr(one) + one.model_dump_json() + str(one.model_dump())


async def test_settings_come_back_as_the_same_object_while_nothing_changed(redis: Redis) -> None:
    assert await load_settings(redis, "t", "s") == DocumentSettings()
    await save_settings(redis, "t", "s", DocumentSettings(base_url="https://a.test", tips={"x": "y"}))
    first = await load_settings(redis, "t", "s")
    assert first.base_url == "https://a.test"
    assert await load_settings(redis, "t", "s") is first
    assert await load_settings(redis, "other", "s") == DocumentSettings()
    await redis.set("parlance:{t:settings:s}", b'{"unknown": 1}')
    with pytest.raises(SettingsInvalid):
        await load_settings(redis, "t", "s")


def test_rules_and_constants_of_settings() -> None:
    settings = DocumentSettings(approval="always", approvals={"x": "never"}, constants={"a": 1})
    assert (settings.rule("x"), settings.rule("y")) == ("never", "always")
    assert settings.with_constants({"b": 2}).constants == {"a": 1, "b": 2}
    assert settings.with_constants({}) is settings


async def test_a_connection_of_another_version_is_said_to_be_unreadable_without_its_secrets(redis: Redis, ring: KeyRing) -> None:
    await save_connection(redis, ring, connection())
    newer = orjson.dumps({"id": "cn_1", "tenant": "t", "spec": "s", "credential": {"type": "bearer", "token": "very-secret"}, "newer": 1})
    await redis.set("parlance:{t:connection:cn_1}", ring.seal(newer, tenant="t", purpose="connection:cn_1"))
    await redis.hset("parlance:{t:connections}", "cn_1", b'{"newer": 1}')
    for reading in (load_connection(redis, ring, "t", "cn_1"), list_connections(redis, "t")):
        with pytest.raises(ParlanceError) as caught:
            await reading
        assert caught.value.code == "connection_unreadable"
        assert "very-secret" not in str(caught.value)


async def test_a_customers_own_is_laid_over_the_shared_one_of_its_document(redis: Redis, ring: KeyRing) -> None:
    own = connection("cn_own", user="ann", constants={"plan": 2})
    await save_connection(redis, ring, own)
    assert (await load_connection(redis, ring, "t", "cn_own")).under is None
    await save_connection(redis, ring, connection("cn_other", spec="another", base_url="https://other.test"))
    await save_connection(redis, ring, connection("cn_shared", base_url="https://a.test", constants={"plan": 1, "region": "eu"}))
    found = await load_connection(redis, ring, "t", "cn_own", "ann")
    assert (found.base_url, found.constants, found.acting) == ("https://a.test", {"plan": 2, "region": "eu"}, "ann")
    assert found.under is not None
    assert found.under.id == "cn_shared"
    shared = await load_connection(redis, ring, "t", "cn_shared", "ann")
    assert (shared.acting, shared.under) == ("ann", None)


async def test_of_two_shared_ones_none_is_guessed(redis: Redis, ring: KeyRing) -> None:
    for each in (connection("cn_own", user="ann"), connection("cn_a", base_url="https://a.test"), connection("cn_b", base_url="https://b.test")):
        await save_connection(redis, ring, each)
    assert (await load_connection(redis, ring, "t", "cn_own")).base_url is None
    await remove_connection(redis, "t", "cn_b")
    assert (await load_connection(redis, ring, "t", "cn_own")).base_url == "https://a.test"


async def test_what_is_laid_over_and_who_acts_is_never_stored(redis: Redis, ring: KeyRing) -> None:
    await save_connection(redis, ring, connection("cn_shared", base_url="https://a.test", credential=Bearer(token=SecretStr("of the tenant"))))
    await save_connection(redis, ring, connection("cn_own", user="ann"))
    loaded = await load_connection(redis, ring, "t", "cn_own", "ann")
    dumped = loaded.model_dump_json(context="seal")
    assert not any(each in dumped for each in ("under", "acting", "passed", "of the tenant"))


async def test_a_connection_that_came_with_a_request_is_never_stored(redis: Redis, ring: KeyRing) -> None:
    passed = connection(passed=True)
    with pytest.raises(ParlanceError) as caught:
        await save_connection(redis, ring, passed)
    assert caught.value.code == "connection_passed"
    assert await redis.keys("*") == []
    assert passed.by_customer


async def test_a_change_does_not_bring_a_removed_connection_back_or_to_others(redis: Redis, ring: KeyRing) -> None:
    await save_connection(redis, ring, connection(user="ann"))
    await change_connection(redis, ring, "t", "cn_1", lambda before: before.model_copy(update={"revision": "2"}))
    assert (await load_connection(redis, ring, "t", "cn_1")).revision == "2"
    assert await list_connections(redis, "t", "bob") == []
    await remove_connection(redis, "t", "cn_1")
    with pytest.raises(NotFound):
        await change_connection(redis, ring, "t", "cn_1", lambda before: before)
    assert await left(redis) == []


async def test_credentials_for_several_schemes_lie_sealed_and_only_their_kinds_are_listed(redis: Redis, ring: KeyRing) -> None:
    several = {"a": Bearer(token=SecretStr("very-secret")), "b c/d": Basic(username="ann", password=SecretStr("more-secret"))}
    await save_connection(redis, ring, connection(credentials=several))
    assert (await load_connection(redis, ring, "t", "cn_1")).credentials == several
    (entry,) = await list_connections(redis, "t")
    assert entry.schemes == {"a": "bearer", "b c/d": "basic"}
    dumped = [await redis.dump(name) or b"" for name in await redis.keys("*")]
    assert not any(each in whole for whole in dumped for each in (b"very-secret", b"more-secret"))
