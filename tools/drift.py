"""How a product's answers differ from what its document declares: counted in Redis for the product's team, and forgotten after a while."""

from collections.abc import Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from runtime.redis import key

LIFETIME = 30 * 86_400  # seconds since the last difference
MOST = 500  # differences of one document; further ones are not kept, those known are still counted


@dataclass(frozen=True, slots=True)
class Difference:
    """`count`: answers of the operation in which it was seen."""

    operation: str
    what: str
    count: int


def place(tenant: str, spec: str) -> str:
    return key(tenant, "drift", spec)


async def note(redis: Redis, tenant: str, spec: str, operation: str, found: Sequence[str]) -> None:
    """`found` names places and what was expected there, never a value."""
    name = place(tenant, spec)
    fields = [f"{operation}\n{what}" for what in dict.fromkeys(found)]
    async with redis.pipeline(transaction=False) as pipe:
        for field in fields:
            pipe.hincrby(name, field, 1)
        pipe.hlen(name)
        pipe.expire(name, LIFETIME)
        *counts, length, _ = await pipe.execute()
    new = [field for field, count in zip(fields, counts, strict=True) if count == 1]
    if new and length > MOST:
        await redis.hdel(name, *new)


async def differences(redis: Redis, tenant: str, spec: str) -> list[Difference]:
    """The most frequent first."""
    kept = await redis.hgetall(place(tenant, spec))
    parted = [(name.decode().partition("\n"), int(count)) for name, count in kept.items() if isinstance(name, bytes)]
    found = [Difference(operation, what, count) for (operation, _, what), count in parted]
    return sorted(found, key=lambda each: (-each.count, each.operation, each.what))


async def forget(redis: Redis, tenant: str, spec: str) -> None:
    await redis.delete(place(tenant, spec))
