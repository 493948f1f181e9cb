"""Reads uploads off the event loop: entry, document, then the strict validator's problems. Knows nothing of HTTP."""

import asyncio
import time
import zlib
from collections.abc import Coroutine
from typing import Any

import structlog
from redis.asyncio import Redis

from preprocess.compile import compile_document, digest, without_operations
from preprocess.validate import SECONDS, strict_problems
from runtime.errors import DocumentRefused, NotFound, Unavailable
from specs import store
from specs.document import Document
from specs.head import UNTITLED
from specs.load import canonical
from specs.model import Entry
from specs.store import Refused, ServiceLine, SpecEntry
from tools.fields import words
from tools.store import remove_settings

log = structlog.get_logger()
_TICK = 0.5  # seconds between reports of progress
_CLAIM = 30  # seconds after which another worker may read an upload that nobody reports on
_KEPT_PROBLEMS = 500
LONGEST_NAME = 200
LONGEST_EXAMPLE = 60
BEGINNING = {
    "GET": frozenset(["list", "get", "show", "search", "find", "view", "retrieve", "see"]),
    "POST": frozenset(["create", "add", "make", "invite", "book", "register"]),
}


class Reader:
    """The uploads one process is reading. Few at once: each may need a core and a few hundred MB."""

    def __init__(self, redis: "Redis", *, days: float = store.DAYS, at_once: int = 2, validator_seconds: float = SECONDS) -> None:
        self._redis = redis
        self._days = days
        self._seconds = validator_seconds
        self._compiling = asyncio.Semaphore(at_once)
        self._validating = asyncio.Semaphore(at_once)
        self._running: set[asyncio.Task[None]] = set()

    async def accept(self, tenant: str, data: bytes, name: str = "") -> SpecEntry:
        """Writes the upload down and starts reading it; `name` is the file's. The same bytes again are the same entry."""
        identifier = f"sp_{digest(data)[:20]}"
        try:
            known = await store.load_entry(self._redis, tenant, identifier)
        except NotFound:
            known = None
        if known is not None and known.state == "ready" and await self._kept(known):
            return known
        title = file_name(name) or (known.title if known else "")
        entry = SpecEntry(id=identifier, tenant=tenant, title=title, created=known.created if known else int(time.time() * 1000))
        packed = await asyncio.to_thread(zlib.compress, data, 1)
        await store.keep_upload(self._redis, tenant, identifier, packed)
        await store.save_entry(self._redis, entry, days=self._days)
        self._start(self._read(entry))
        return entry

    async def revive(self, entry: SpecEntry) -> None:
        """Goes on with an upload whose worker died; does nothing while that one lives."""
        if entry.state == "reading":
            self._start(self._read(entry))

    async def finished(self) -> None:
        """Waits until everything accepted here has been read and validated."""
        while self._running:
            await asyncio.gather(*self._running)

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _kept(self, entry: SpecEntry) -> bool:
        try:
            await store.load(self._redis, entry.tenant, entry.hash or "-", days=self._days)
        except (NotFound, Unavailable):  # or stored by another version
            return False
        return True

    async def _read(self, entry: SpecEntry) -> None:
        if not await store.claim_upload(self._redis, entry.tenant, entry.id, _CLAIM):
            return
        async with self._compiling:
            read = await self._made(entry)
        if read is not None:
            async with self._validating:
                await self._validate(*read)

    async def _made(self, entry: SpecEntry) -> tuple[SpecEntry, Document] | None:
        """The document, stored and usable; None when it was refused, or removed while it was read."""
        packed = await store.upload(self._redis, entry.tenant, entry.id)
        if packed is None:
            return None
        try:
            document = await self._compiled(entry, zlib.decompress(packed))
            if not document.catalogue:
                raise without_operations(document)
            await store.save(self._redis, entry.tenant, document, days=self._days)
        except DocumentRefused as refused:
            await self._refuse(entry, Refused(code=refused.code, message=refused.detail, **_place(refused)))
            return None
        except Exception:
            log.exception("document_not_compiled", spec=entry.id)
            message = "The document could not be read, by a fault of ours that has been logged."
            await self._refuse(entry, Refused(code="internal_error", message=message))
            return None
        ready = described(entry, document)
        if not await store.update_entry(self._redis, ready, days=self._days):
            await store.drop(self._redis, entry.tenant, document.hash)
            return None
        await store.drop_upload(self._redis, entry.tenant, entry.id)
        return ready, document

    async def _compiled(self, entry: SpecEntry, data: bytes) -> Document:
        """In a thread, with a report of progress and a renewed claim every half second."""
        reached = [0.0]
        work = asyncio.create_task(asyncio.to_thread(compile_document, data, reached.append))
        while not (await asyncio.wait({work}, timeout=_TICK))[0]:
            await store.renew_claim(self._redis, entry.tenant, entry.id, _CLAIM)
            await store.update_entry(self._redis, entry.model_copy(update={"progress": reached[-1]}), days=self._days)
        return await work

    async def _refuse(self, entry: SpecEntry, refused: Refused) -> None:
        await store.update_entry(self._redis, entry.model_copy(update={"state": "refused", "refused": refused, "progress": 1.0}), days=self._days)
        await store.drop_upload(self._redis, entry.tenant, entry.id)

    async def _validate(self, entry: SpecEntry, document: Document) -> None:
        """Later and slower: GitHub's document takes ten seconds."""
        found = await strict_problems(canonical(document.tree.plain()), self._seconds)
        try:
            current = await store.load_entry(self._redis, entry.tenant, entry.id)
        except NotFound:  # removed in the meantime
            return
        problems = (*current.problems, *found)[:_KEPT_PROBLEMS]
        await store.update_entry(self._redis, current.model_copy(update={"problems": problems, "validated": True}), days=self._days)


async def removed(redis: "Redis", tenant: str, identifier: str) -> None:
    """The document with what the team set for it."""
    await store.remove(redis, tenant, identifier)
    await remove_settings(redis, tenant, identifier)


def file_name(name: str) -> str:
    """What people call the upload until its own title is known, or where it has none."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:LONGEST_NAME]


def described(entry: SpecEntry, document: Document) -> SpecEntry:
    """The entry of a document that can be used."""
    return entry.model_copy(
        update={
            "state": "ready",
            "progress": 1.0,
            "hash": document.hash,
            "title": entry.title or document.title if document.title == UNTITLED else document.title,
            "version": document.version,
            "operations": len(document.catalogue),
            "services": tuple(service_lines(document)),
            "examples": examples(document),
            "problems": document.problems[:_KEPT_PROBLEMS],
        }
    )


def examples(document: Document) -> tuple[str, ...]:
    """What one may say first, in the document's own words: something to see, something to make, something of another service to see."""
    found: dict[str, str] = {}  # sentence -> service
    for method in ("GET", "POST", "GET"):
        able = [(text, one.service) for one in document.catalogue if one.method == method and "{" not in one.path and (text := sentence(one))]
        able = [(text, service) for text, service in able if text not in found]
        others = [(text, service) for text, service in able if service not in found.values()]
        found |= dict([*others, *able][:1])
    return tuple(found)


def sentence(entry: Entry) -> str:
    """ "Finds users." -> "Find users". Empty where an operation is not plainly one to see or to make something with, or is told at length."""
    text = " ".join(entry.summary.split()).rstrip(".") or " ".join(words(entry.id))
    verb, _, rest = text.partition(" ")
    known = next((each for each in (verb.lower(), verb.lower().removesuffix("s")) if each in BEGINNING[entry.method]), "")
    return f"{known.capitalize()} {rest}" if known and rest and len(text) <= LONGEST_EXAMPLE and rest.isprintable() else ""


def service_lines(document: Document) -> list[ServiceLine]:
    return [
        ServiceLine(
            name=service.name,
            description=service.description,
            operations=tuple((document.entry(one).method, document.entry(one).path) for one in service.operations),
        )
        for service in document.services
    ]


def _place(refused: DocumentRefused) -> dict[str, Any]:
    return {name: refused.more.get(name) for name in ("pointer", "line")}
