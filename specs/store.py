"""Documents and their entries in Redis. A document's record never changes (its key is its hash); an entry says what is known of an upload."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis
from redis.exceptions import WatchError

from runtime.errors import NotFound, Unavailable
from runtime.redis import key
from specs import record, uploads
from specs.document import Document
from specs.model import Problem
from specs.uploads import Upload

DAYS = 90
_KEPT = 16  # documents in this process
_TRIES = 100  # of a change to an entry that others change too
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


class Version(BaseModel):
    """What an entry showed before. Sessions that began with it go on with it."""

    model_config = ConfigDict(frozen=True)

    hash: str
    title: str
    version: str
    operations: int
    since: int  # epoch ms: when it became current


class Replacement(BaseModel):
    """A text that is to become the entry's next version; until it is ready, and if it is refused, the current one stays."""

    model_config = ConfigDict(frozen=True)

    hash: str
    state: Literal["reading", "refused"] = "reading"
    progress: float = 0.0
    name: str = ""  # the file's
    refused: Refused | None = None


class SpecEntry(BaseModel):
    """An upload and what came of it. `validated` once the strict validator's problems are among `problems`.

    `hash` is that of the text shown, or of the one that is being read while there is none to show.
    """

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
    overlay: bool = False  # whether this version is read with one
    refused: Refused | None = None
    created: int = 0  # epoch ms
    since: int = 0  # epoch ms: when this version became current
    replacement: Replacement | None = None
    former: tuple[Version, ...] = ()  # newest first
    older: tuple[str, ...] = ()  # hashes of the versions before those

    @property
    def hashes(self) -> frozenset[str]:
        """Of every record that is the entry's."""
        own = (self.hash, self.replacement and self.replacement.hash)
        return frozenset(one for one in (*own, *(version.hash for version in self.former), *self.older) if one)


Change = Callable[[SpecEntry], SpecEntry | None]

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


async def add_entry(redis: "Redis", entry: SpecEntry, *, days: float = DAYS) -> bool:
    """False: there is one of this id, which stays as it is."""
    if not await redis.set(_entry(entry.tenant, entry.id), entry.model_dump_json(), ex=_seconds(days), nx=True):
        return False
    await _list(redis, entry, days)
    return True


async def change_entry(redis: "Redis", tenant: str, identifier: str, change: Change, *, days: float = DAYS) -> SpecEntry | None:
    """What another wrote meanwhile is seen by `change`. None: the entry is gone, and stays so, or `change` had nothing to do."""
    name = _entry(tenant, identifier)
    async with redis.pipeline(transaction=True) as pipe:
        for _ in range(_TRIES):
            await pipe.watch(name)
            stored = await pipe.get(name)
            changed = change(SpecEntry.model_validate_json(stored)) if stored else None
            if changed is None:
                return None
            pipe.multi()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            pipe.set(name, changed.model_dump_json(), ex=_seconds(days))
            try:
                await pipe.execute()
            except WatchError:
                continue
            await _list(redis, changed, days)
            return changed
    raise Unavailable(f"The document {identifier} is being changed by others all the time; try again.", code="spec_busy")


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
    """The entry, and the records of all its versions unless another entry names them."""
    entry = await load_entry(redis, tenant, identifier)
    await redis.delete(_entry(tenant, identifier))
    await redis.zrem(key(tenant, "specs"), identifier)
    for digest in filter(None, (entry.hash, entry.replacement.hash if entry.replacement else None)):
        await uploads.drop(redis, Upload(tenant, identifier, digest))
    await drop(redis, tenant, entry.hashes)


async def drop(redis: "Redis", tenant: str, digests: Collection[str]) -> None:
    """The records that no entry names."""
    named = frozenset[str]().union(*(one.hashes for one in await list_entries(redis, tenant)))
    for digest in frozenset(digests) - named:
        await redis.delete(_record(tenant, digest))
        _cache.pop((tenant, digest), None)


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


def _seconds(days: float) -> int:
    return int(days * 86_400)
