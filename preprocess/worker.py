"""Reads uploads off the event loop: entry, document, then the strict validator's problems. Knows nothing of HTTP."""

import asyncio
import time
import zlib
from collections.abc import Coroutine
from contextlib import suppress
from itertools import count
from typing import Any

import structlog
from redis.asyncio import Redis

from preprocess import versions
from preprocess.compare import compared
from preprocess.compile import compile_document, digest, without_operations
from preprocess.validate import SECONDS, strict_problems
from preprocess.versions import KEPT_PROBLEMS
from runtime.errors import DocumentRefused, NotFound, Unavailable
from specs import store, uploads
from specs.diff import matched
from specs.document import Document
from specs.head import UNTITLED
from specs.lines import placed
from specs.load import canonical
from specs.model import Entry
from specs.overlay import apart
from specs.store import Refused, ServiceLine, SpecEntry
from specs.uploads import Upload
from tools.drift import forget
from tools.fieldless import fieldless
from tools.fields import words
from tools.settings import DocumentSettings
from tools.store import load_settings, remove_settings

log = structlog.get_logger()
_TICK = 0.5  # seconds between reports of progress
_CLAIM = 30  # seconds after which another worker may read an upload that nobody reports on
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
        self._reading: set[Upload] = set()  # or waiting for their turn

    async def accept(self, tenant: str, data: bytes, name: str = "") -> SpecEntry:
        """Writes the upload down and starts reading it; `name` is the file's. The same bytes again are the same entry."""
        found = digest(data)
        identifier, known = await self._place(tenant, found)
        if known is not None and known.state == "ready" and await self._kept(known):
            return known
        lost = known is not None and known.state == "ready"
        entry = SpecEntry(id=identifier, tenant=tenant, hash=found, title=file_name(name), created=_now())
        upload = await self._keep(entry, found, data)
        if known or not await store.add_entry(self._redis, entry, days=self._days):
            entry = await self._changed(upload, lambda now: versions.again(now, found, file_name(name), lost=lost)) or known or entry
        self._start(self._read(upload))
        return entry

    async def replace(self, tenant: str, identifier: str, data: bytes, name: str = "") -> SpecEntry:
        """The entry's next version: it becomes current when it is read. The bytes that are current are none."""
        found = digest(data)
        entry = await store.load_entry(self._redis, tenant, identifier, days=self._days)
        lost = entry.state == "ready" and not await self._kept(entry)
        upload = await self._keep(entry, found, data)
        changed = await self._changed(upload, lambda now: versions.awaiting(now, found, file_name(name), lost=lost))
        if changed is None:
            await uploads.drop(self._redis, upload)
            raise NotFound("There is no document of this id any more.", code="spec_not_found")
        given_up = {versions.awaited(entry), found} - {versions.awaited(changed), None}
        for each in filter(None, given_up):
            await uploads.drop(self._redis, Upload(tenant, identifier, each))
        await self.revive(changed)
        return changed

    async def revive(self, entry: SpecEntry) -> None:
        """Goes on with an upload whose worker died; does nothing while that one lives."""
        if found := versions.awaited(entry):
            self._start(self._read(Upload(entry.tenant, entry.id, found)))

    async def difference(self, entry: SpecEntry, former: str | None) -> dict[str, Any]:
        """Of a former version, by hash, and the current one; the last one before it by default."""
        known = [version.hash for version in entry.former]
        chosen = former or next(iter(known), None)
        if entry.state != "ready" or entry.hash is None or chosen is None or chosen not in (*known, entry.hash):
            raise NotFound("There is no such former version of this document to compare with.", code="version_not_found")
        before = await store.load(self._redis, entry.tenant, chosen, days=self._days)
        after = await store.load(self._redis, entry.tenant, entry.hash, days=self._days)
        settings = await load_settings(self._redis, entry.tenant, entry.id)
        async with self._compiling:
            return await asyncio.to_thread(compared, before, after, settings)

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

    async def _place(self, tenant: str, found: str) -> tuple[str, SpecEntry | None]:
        """Where these bytes are, or are to be: an id is made of the bytes that came first, and its entry may have moved on to others."""
        for number in count(1):
            identifier = f"sp_{found[:20]}" + (f"_{number}" if number > 1 else "")
            try:
                known = await store.load_entry(self._redis, tenant, identifier, days=self._days)
            except NotFound:
                return identifier, None
            if known.hash == found:
                return identifier, known
        raise AssertionError("unreachable")

    async def _keep(self, entry: SpecEntry, found: str, data: bytes) -> Upload:
        upload = Upload(entry.tenant, entry.id, found)
        await uploads.keep(self._redis, upload, await asyncio.to_thread(zlib.compress, data, 1))
        return upload

    async def _changed(self, upload: Upload, change: store.Change) -> SpecEntry | None:
        return await store.change_entry(self._redis, upload.tenant, upload.spec, change, days=self._days)

    async def _kept(self, entry: SpecEntry) -> bool:
        try:
            await store.load(self._redis, entry.tenant, entry.hash or "-", days=self._days)
        except (NotFound, Unavailable):  # or stored by another version
            return False
        return True

    async def _read(self, upload: Upload) -> None:
        if upload in self._reading:
            return
        self._reading.add(upload)
        try:
            async with self._compiling:
                # Not before its turn: a claim is renewed by who reads, and another worker may be free sooner.
                if not await uploads.claim(self._redis, upload, _CLAIM):
                    return
                document = await self._made(upload)
        finally:
            self._reading.discard(upload)
        await uploads.drop(self._redis, upload)
        if document is not None:
            async with self._validating:
                await self._validate(upload, document)

    async def _made(self, upload: Upload) -> Document | None:
        """The document, stored and current; None when it was refused, or another came, or the entry was removed while it was read."""
        packed = await uploads.packed(self._redis, upload)
        if packed is None:
            await self._refuse(upload, Refused(code="upload_lost", message="The upload was lost before it was read. Upload it again."))
            return None
        try:
            data = zlib.decompress(packed)
            document = await self._compiled(upload, data)
            overlaid = apart(data)[1] is not None
            if not document.catalogue:
                raise placed(without_operations(document), apart(data)[0])
            await store.save(self._redis, upload.tenant, document, days=self._days)
        except DocumentRefused as refused:
            await self._refuse(upload, Refused(code=refused.code, message=refused.detail, **_place(refused)))
            return None
        except Exception:
            log.exception("document_not_compiled", spec=upload.spec)
            message = "The document could not be read, by a fault of ours that has been logged."
            await self._refuse(upload, Refused(code="internal_error", message=message))
            return None
        if not await self._show(upload, document, overlaid):
            await store.drop(self._redis, upload.tenant, [document.hash])
            return None
        return document

    async def _show(self, upload: Upload, document: Document, overlaid: bool) -> bool:
        """Makes it the current version, unless it is no longer wanted."""
        settings = await load_settings(self._redis, upload.tenant, upload.spec)
        lost, fieldless_rules = await self._lost_settings(upload, document, settings), await asyncio.to_thread(fieldless, document, settings)
        at = _now()

        def change(entry: SpecEntry) -> SpecEntry | None:
            shown = versions.with_overlay(described(entry, document), overlaid)
            return versions.became(entry, upload, versions.with_lost_settings(shown, lost, fieldless_rules), at)

        return await self._changed(upload, change) is not None

    async def _lost_settings(self, upload: Upload, document: Document, settings: DocumentSettings) -> dict[str, str | None]:
        """Operations that the settings name and this version has not, with their new ids."""
        lost = [one for one in settings.operations() if not document.has(one)]
        if not lost:
            return {}
        now: dict[str, str] = {}
        with suppress(NotFound, Unavailable):  # or stored by another version: then nobody knows what it is called now
            entry = await store.load_entry(self._redis, upload.tenant, upload.spec, days=self._days)
            before = await store.load(self._redis, upload.tenant, entry.hash or "-", days=self._days)
            now = {old.id: new.id for old, new in (await asyncio.to_thread(matched, before, document))[0]}
        return {one: now.get(one) for one in lost}

    async def _compiled(self, upload: Upload, data: bytes) -> Document:
        """In a thread, with a report of progress and a renewed claim every half second."""
        reached = [0.0]
        work = asyncio.create_task(asyncio.to_thread(compile_document, data, reached.append))
        while not (await asyncio.wait({work}, timeout=_TICK))[0]:
            await uploads.renew(self._redis, upload, _CLAIM)
            await self._changed(upload, lambda entry: versions.progressed(entry, upload, reached[-1]))
        return await work

    async def _refuse(self, upload: Upload, refused: Refused) -> None:
        await self._changed(upload, lambda entry: versions.refused(entry, upload, refused))

    async def _validate(self, upload: Upload, document: Document) -> None:
        """Later and slower: GitHub's document takes ten seconds."""
        found = await strict_problems(canonical(document.tree.plain()), self._seconds)
        await self._changed(upload, lambda entry: versions.validated(entry, document.hash, found))


async def removed(redis: "Redis", tenant: str, identifier: str) -> None:
    """The document with what the team set for it."""
    await store.remove(redis, tenant, identifier)
    await remove_settings(redis, tenant, identifier)
    await forget(redis, tenant, identifier)


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
            "problems": document.problems[:KEPT_PROBLEMS],
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


def _now() -> int:
    return int(time.time() * 1000)


def _place(refused: DocumentRefused) -> dict[str, Any]:
    return {name: refused.more.get(name) for name in ("pointer", "line")}
