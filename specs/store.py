"""Documents and their entries in Redis. A document's record never changes (its key is its hash); an entry says what is known of an upload."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from runtime.errors import NotFound
from runtime.redis import key
from specs import record
from specs.document import Document
from specs.model import Problem

DAYS = 90
_KEPT = 16  # documents in this process
_RENEW = 3600.0  # seconds between renewals of a record that is used all the time


class ServiceLine(BaseModel):
    """A service as an entry shows it: its operations as method and path."""

    model_config = ConfigDict(frozen=True)

    name: str
    description: str = ""
    operations: tuple[tuple[str, str], ...] = ()


class Refused(BaseModel):
    model_config = ConfigDict(frozen=True)

    code: str
    message: str
    pointer: str | None = None
    line: int | None = None


class SpecEntry(BaseModel):
    """An upload and what came of it. `validated` once the strict validator's problems are among `problems`."""

    model_config = ConfigDict(frozen=True)

    id: str
    tenant: str
    hash: str | None = None
    state: Literal["reading", "ready", "refused"] = "reading"
    progress: float = 0.0
    title: str = ""
    version: str = ""
    operations: int = 0
    services: tuple[ServiceLine, ...] = ()
    examples: tuple[str, ...] = ()  # sentences to begin with
    problems: tuple[Problem, ...] = ()
    validated: bool = False
    refused: Refused | None = None
    created: int = 0  # epoch ms


_cache: "OrderedDict[tuple[str, str], tuple[Document, float]]" = OrderedDict()


async def save(redis: "Redis", tenant: str, document: Document, *, days: float = DAYS) -> None:
    fields: Any = record.dumps(document)
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hset(_record(tenant, document.hash), mapping=fields)
        pipe.expire(_record(tenant, document.hash), _seconds(days))
        await pipe.execute()
    _remember(tenant, replace(document, source=None))


async def load(redis: "Redis", tenant: str, digest: str, *, days: float = DAYS) -> Document:
    """The document of this hash; kept in this process, since it cannot change."""
    known = _cache.get((tenant, digest))
    if known is not None:
        _cache.move_to_end((tenant, digest))
        if time.monotonic() - known[1] > _RENEW:
            await redis.expire(_record(tenant, digest), _seconds(days))
            _remember(tenant, known[0])
        return known[0]
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hmget(_record(tenant, digest), list(record.FIELDS))
        pipe.expire(_record(tenant, digest), _seconds(days))
        found, _ = await pipe.execute()
    if found[0] is None:
        raise NotFound("There is no such document; it may have been removed or not used for too long. Upload it again.", code="document_not_found")
    document = record.loads(dict(zip(record.FIELDS, found, strict=True)))
    _remember(tenant, document)
    return document


async def source(redis: "Redis", tenant: str, digest: str) -> bytes | None:
    """The bytes as they were uploaded, for whoever wants to show a place in them."""
    found = await cast("Awaitable[bytes | None]", redis.hget(_record(tenant, digest), "source"))
    return record.unpacked(found) if found else None


async def save_entry(redis: "Redis", entry: SpecEntry, *, days: float = DAYS) -> None:
    await redis.set(_entry(entry.tenant, entry.id), entry.model_dump_json(), ex=_seconds(days))
    await _list(redis, entry, days)


async def update_entry(redis: "Redis", entry: SpecEntry, *, days: float = DAYS) -> bool:
    """What came of an upload since. False: it was removed meanwhile, and stays so."""
    if not await redis.set(_entry(entry.tenant, entry.id), entry.model_dump_json(), ex=_seconds(days), xx=True):
        return False
    await _list(redis, entry, days)
    return True


async def _list(redis: "Redis", entry: SpecEntry, days: float) -> None:
    async with redis.pipeline(transaction=True) as pipe:
        pipe.zadd(key(entry.tenant, "specs"), {entry.id: entry.created})
        pipe.expire(key(entry.tenant, "specs"), _seconds(days))
        await pipe.execute()


async def load_entry(redis: "Redis", tenant: str, identifier: str, *, days: float = DAYS) -> SpecEntry:
    found = await _found(redis, tenant, identifier)
    if found is None:
        raise NotFound("There is no document of this id.", code="spec_not_found")
    await redis.expire(_entry(tenant, identifier), _seconds(days))
    return found


async def list_entries(redis: "Redis", tenant: str) -> list[SpecEntry]:
    """Newest first. What has outlived its lifetime is taken off the index."""
    stored: Any = await redis.zrevrange(key(tenant, "specs"), 0, -1)
    identifiers: list[str] = [one.decode() for one in stored]
    entries = await asyncio.gather(*(_found(redis, tenant, one) for one in identifiers))
    gone = [identifier for identifier, entry in zip(identifiers, entries, strict=True) if entry is None]
    if gone:
        await redis.zrem(key(tenant, "specs"), *gone)
    return [entry for entry in entries if entry is not None]


async def remove(redis: "Redis", tenant: str, identifier: str) -> None:
    """The entry, and the record unless another entry shows the same document."""
    entry = await load_entry(redis, tenant, identifier)
    await redis.delete(_entry(tenant, identifier))
    await redis.delete(_upload(tenant, identifier), _claim(tenant, identifier))
    await redis.zrem(key(tenant, "specs"), identifier)
    if entry.hash:
        await drop(redis, tenant, entry.hash)


async def drop(redis: "Redis", tenant: str, digest: str) -> None:
    """The record, unless an entry shows it."""
    if all(one.hash != digest for one in await list_entries(redis, tenant)):
        await redis.delete(_record(tenant, digest))
        _cache.pop((tenant, digest), None)


async def keep_upload(redis: "Redis", tenant: str, identifier: str, packed: bytes) -> None:
    """The bytes as they came, for an hour: if the worker that reads them dies, another can."""
    await redis.set(_upload(tenant, identifier), packed, ex=3600)


async def upload(redis: "Redis", tenant: str, identifier: str) -> bytes | None:
    found = await redis.get(_upload(tenant, identifier))
    return found if isinstance(found, bytes) else None


async def claim_upload(redis: "Redis", tenant: str, identifier: str, seconds: int) -> bool:
    """True for the one worker that may read this upload now."""
    return bool(await redis.set(_claim(tenant, identifier), "1", nx=True, ex=seconds))


async def renew_claim(redis: "Redis", tenant: str, identifier: str, seconds: int) -> None:
    await redis.expire(_claim(tenant, identifier), seconds)


async def drop_upload(redis: "Redis", tenant: str, identifier: str) -> None:
    await redis.delete(_upload(tenant, identifier), _claim(tenant, identifier))


async def _found(redis: "Redis", tenant: str, identifier: str) -> SpecEntry | None:
    try:
        name = _entry(tenant, identifier)
    except ValueError:  # not usable in a key, so it was never one
        return None
    stored = await redis.get(name)
    return SpecEntry.model_validate_json(stored) if stored else None


def _remember(tenant: str, document: Document) -> None:
    _cache[tenant, document.hash] = (document, time.monotonic())
    _cache.move_to_end((tenant, document.hash))
    while len(_cache) > _KEPT:
        _cache.popitem(last=False)


def _record(tenant: str, digest: str) -> str:
    return key(tenant, "document", digest)


def _entry(tenant: str, identifier: str) -> str:
    return key(tenant, "spec", identifier)


def _upload(tenant: str, identifier: str) -> str:
    return key(tenant, "spec", identifier, "upload")


def _claim(tenant: str, identifier: str) -> str:
    return key(tenant, "spec", identifier, "claim")


def _seconds(days: float) -> int:
    return int(days * 86_400)
