"""Whose what is stored is, for an erasure: every connection of a tenant, found by scanning, also what cannot be read any more."""

from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from redis.asyncio import Redis

from runtime.errors import ParlanceError
from runtime.redis import id_in, matching
from runtime.secrets import KeyRing, SealBroken
from tools.security import SLOTS, Connection, index, purpose, readable, record

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Owned:
    """`connection` None: there is no record, or none that can be read. `user`: whose it is, as far as anything says it."""

    id: str
    user: str | None
    connection: Connection | None


async def owned(redis: Redis, ring: KeyRing, tenant: str) -> list[Owned]:
    """By their records; by the tokens and the entries that are left of others."""
    listed: Any = await redis.hkeys(index(tenant))
    found = {name.decode() for name in listed}
    for rest in ((), (SLOTS,)):
        async for name in redis.scan_iter(match=matching(tenant, "connection", *rest), count=1000):
            found.add(id_in(name))
    return [await _owned(redis, ring, tenant, each) for each in sorted(found)]


async def _owned(redis: Redis, ring: KeyRing, tenant: str, connection: str) -> Owned:
    sealed: Any = await redis.get(record(tenant, connection))  # no use of it, which would lengthen its life
    found, user = _read(ring, tenant, connection, sealed)
    if found is not None:
        return Owned(connection, found.user, found)
    if sealed is not None:
        log.warning("connection_unreadable", tenant=tenant, connection=connection)
    return Owned(connection, user or user_in(await redis.hget(index(tenant), connection)), None)


def _read(ring: KeyRing, tenant: str, connection: str, sealed: Any) -> tuple[Connection | None, str | None]:
    """Another version's record cannot be read as a connection; whose it is may be said there all the same."""
    try:
        plain = ring.open(sealed or b"", tenant=tenant, purpose=purpose(connection))
    except SealBroken:
        return None, None
    try:
        return readable(Connection, plain), None
    except ParlanceError:
        return None, user_in(plain)


def user_in(record: Any) -> str | None:
    """Whose a stored record says that it is."""
    try:
        found = orjson.loads(record or b"")
    except orjson.JSONDecodeError:
        return None
    known = found.get("user") if isinstance(found, dict) else None
    return known if isinstance(known, str) else None
