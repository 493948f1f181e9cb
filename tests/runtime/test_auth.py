import pytest

from runtime.auth import create_key, list_keys, principal, revoke_key
from runtime.errors import InvalidRequest, NotFound, Unauthenticated


async def test_a_key_names_its_tenant_user_and_scopes(redis):
    who = await principal(redis, f"Bearer {await create_key(redis, 'acme', 'ann', ['chat', 'specs'])}")
    assert (who.tenant, who.user, who.scopes) == ("acme", "ann", frozenset({"chat", "specs"}))


async def test_redis_holds_no_key_in_plain_text(redis):
    secret = await create_key(redis, "acme", "ann", ["chat"])
    stored = [name + (await redis.get(name)) async for name in redis.scan_iter()]
    assert stored
    assert not any(secret.encode() in each or secret[3:].encode() in each for each in stored)


async def test_a_key_that_nobody_uses_is_forgotten_in_the_end(redis):
    await create_key(redis, "acme", "ann", ["chat"])
    assert all([await redis.ttl(name) > 0 async for name in redis.scan_iter()])


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer pk_wrong", "pk_x", "Bearer \ud800", "Bearer pk_{}:*"])
async def test_anything_but_a_known_key_is_nobody(redis, header):
    await create_key(redis, "acme", "ann", ["chat"])
    with pytest.raises(Unauthenticated):
        await principal(redis, header)


async def test_a_revoked_key_is_nobody_and_others_stay(redis):
    ann, bob = await create_key(redis, "acme", "ann", ["chat"]), await create_key(redis, "acme", "bob", ["chat"])
    known = {each.principal.user: each.id for each in await list_keys(redis)}
    await revoke_key(redis, known["ann"])
    with pytest.raises(Unauthenticated):
        await principal(redis, f"Bearer {ann}")
    assert (await principal(redis, f"Bearer {bob}")).user == "bob"


@pytest.mark.parametrize("key_id", ["", "*", "abc", "?" * 12, "0" * 12])
async def test_only_a_whole_known_id_revokes(redis, key_id):
    await create_key(redis, "acme", "ann", ["chat"])
    with pytest.raises(NotFound):
        await revoke_key(redis, key_id)
    assert len(await list_keys(redis)) == 1


@pytest.mark.parametrize(
    ("tenant", "user", "scopes"), [("acme", "ann", ["root"]), ("a:b", "ann", ["chat"]), ("acme", "", ["chat"]), ("-", "ann", ["chat"])]
)
async def test_a_key_needs_usable_names_and_known_scopes(redis, tenant, user, scopes):
    with pytest.raises(InvalidRequest):
        await create_key(redis, tenant, user, scopes)
