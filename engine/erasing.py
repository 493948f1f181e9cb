"""Erasing a user: everything of theirs in Redis and in the folder of artifacts. What broke off is asked for again.

Found by scanning and not by an index: what was made by earlier versions is found too, and nothing has to be kept in step. Erasing is rare.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from engine.artifacts import Artifacts
from runtime.auth import bar, check_names
from runtime.redis import id_in, key, matching
from runtime.secrets import KeyRing
from tools.security import remove_connection
from tools.signin import abandoned, signed_out
from tools.whose import owned, user_in

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each there were."""

    keys: int
    sessions: int
    ratings: int
    connections: int
    sign_ins: int


async def erase_user(artifacts: Artifacts, ring: KeyRing, tenant: str, user: str) -> Erased:
    """First nobody can begin anything in the user's name, then everything goes."""
    check_names(tenant, user)
    redis = artifacts.store.redis
    keys = await bar(redis, tenant, user)
    ratings = await erase_ratings(redis, tenant, user)  # those that come now are found by their sessions
    sessions = [session async for session in sessions_of(redis, tenant, user)]
    for session in sessions:
        await artifacts.store.erase(tenant, session)
        await artifacts.erase(tenant, session)
    await artifacts.store.unlist_gone(tenant)
    await artifacts.erase_dead(tenant)
    own = [each.id for each in await owned(redis, ring, tenant) if each.user == user]
    for connection in own:
        await remove_connection(redis, tenant, connection)
    sign_ins = await signed_out(redis, ring, (tenant, user)) + await abandoned(redis, ring, (tenant, user))
    return Erased(keys, len(sessions), ratings, len(own), sign_ins)


async def sessions_of(redis: Redis, tenant: str, user: str) -> AsyncIterator[str]:
    """By their heads, or by what they began with."""
    async for names in portions(redis.scan_iter(match=matching(tenant, "session", "events"), count=1000)):
        async with redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.hget(key(tenant, "session", id_in(name), "head"), "user")
                pipe.lindex(name, 0)
            found = await pipe.execute()
        for name, known, first in zip(names, found[::2], found[1::2], strict=True):
            if user in {known.decode() if known else None, user_in(first)}:
                yield id_in(name)


async def erase_ratings(redis: Redis, tenant: str, user: str) -> int:
    """The feedback worker's keys (feedback/store.py), also of sessions that are past their lifetime."""
    count = 0
    async for names in portions(redis.scan_iter(match=matching(tenant, "rating"), count=1000)):
        for name, record in zip(names, await redis.mget(names), strict=True):
            if user_in(record) == user:
                count += await redis.delete(name)
    await tidy_ratings(redis, tenant)
    return count


async def tidy_ratings(redis: Redis, tenant: str) -> None:
    """Names of ratings that are no more hold their sessions' ids."""
    index = key(tenant, "ratings")
    async for names in portions(member async for member, _ in redis.zscan_iter(index, count=1000)):
        if gone := await missing_ratings(redis, tenant, names):
            await redis.zrem(index, *gone)
    async for lists in portions(redis.scan_iter(match=matching(tenant, "session", "ratings"), count=1000)):
        for name in lists:
            async for names in portions(redis.sscan_iter(name, count=1000)):
                if gone := await missing_ratings(redis, tenant, names):
                    await redis.srem(name, *gone)


async def missing_ratings(redis: Redis, tenant: str, names: Sequence[bytes]) -> list[bytes]:
    async with redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.exists(key(tenant, "rating", name.decode()))
        found = await pipe.execute()
    return [name for name, there in zip(names, found, strict=True) if not there]


async def portions(names: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    found: list[bytes] = []
    async for name in names:
        found.append(name)
        if len(found) == AT_ONCE:
            yield found
            found = []
    if found:
        yield found
