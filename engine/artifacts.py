"""What a session keeps beside its events: whole results and files. Sealed before they are stored, in Redis or in a folder that all workers share.

Redis: the fields of the session's `artifacts` hash, by artifact id. Small ones are written by the append itself; large ones before it, so that one
whose append was fenced is an orphan that goes with the session. With a folder, large ones are files, and their fields say so: what is in the hash is
what there is, and a file without a field is nobody's.
"""

import asyncio
import os
import re
import secrets
import shutil
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import orjson
import structlog

from engine.store import Lease, SessionStore
from runtime.errors import ParlanceError, TooLarge
from runtime.redis import SHARED
from runtime.secrets import KeyRing, SealBroken
from tools.files import File

log = structlog.get_logger()
LARGEST = 50 * 2**20  # bytes of one
SMALL = 256 * 1024  # what may ride on an append
REMEMBERED = 8_000  # bytes up to which a process keeps what it has read
REMEMBER = 1_024  # of those
REMEMBERED_SECONDS = 600  # after which it is looked at again: Redis may have forgotten it
FORMAT = b"\x01"  # of what is sealed: format, length of the header (4 bytes), header (JSON), body
IN_FOLDER = b"\x00"  # before the name of a file, in a field; sealed bytes begin otherwise
FILE_NAME = re.compile(r"\d{1,9}-[0-9a-f]{24}")  # its bytes, so that scripts.py can add them up, and what no other has
OWNER = "owner"  # in a session's folder: whose it is, sealed
YOUNG = 3_600  # seconds in which a file that was just written may be named


@dataclass(frozen=True, slots=True)
class Artifact:
    """`data`: a result's whole body as JSON. `file`: bytes with a name and a media type. Never changes once it is stored."""

    kind: Literal["data", "file"]
    body: bytes
    name: str = ""
    media_type: str = "application/json"


def file_of(artifact: Artifact) -> File:
    return File(artifact.name, artifact.media_type, artifact.body)


class ArtifactUnreadable(ParlanceError):
    code = "artifact_unreadable"
    title = "A stored result cannot be read"


def purpose(session_id: str, artifact_id: str) -> str:
    """What a sealed artifact is bound to beside its tenant: it cannot be read as another one."""
    return f"session:{session_id}:artifact:{artifact_id}"


def seal_artifact(ring: KeyRing, tenant: str, bound_to: str, artifact: Artifact) -> bytes:
    header = orjson.dumps({"kind": artifact.kind, "name": artifact.name, "media_type": artifact.media_type})
    return ring.seal(FORMAT + len(header).to_bytes(4, "big") + header + artifact.body, tenant=tenant, purpose=bound_to)


def open_artifact(ring: KeyRing, tenant: str, bound_to: str, sealed: bytes) -> Artifact:
    plain = ring.open(sealed, tenant=tenant, purpose=bound_to)
    if not plain.startswith(FORMAT):
        raise ArtifactUnreadable("This result is stored in a format that this worker does not know. It was left as it is.")
    start = len(FORMAT) + 4
    end = start + int.from_bytes(plain[len(FORMAT) : start], "big")
    header = orjson.loads(plain[start:end])
    return Artifact(header["kind"], plain[end:], header["name"], header["media_type"])


class Artifacts:
    """Those of one Redis. `folder`: where large ones go instead."""

    def __init__(self, store: SessionStore, ring: KeyRing, folder: Path | None = None) -> None:
        self.store = store
        self.ring = ring
        self.folder = folder
        self._read: OrderedDict[tuple[str, str, str], tuple[Artifact, float]] = OrderedDict()

    async def stow(self, lease: Lease, artifacts: Mapping[str, Artifact]) -> dict[str, bytes]:
        """For the append that makes them the session's: the fields that it shall write. Large ones are stored now, under the same fence."""
        fields: dict[str, bytes] = {}
        for name, artifact in artifacts.items():
            if len(artifact.body) > LARGEST:
                log.warning("artifact_too_large", session=lease.session.id, bytes=len(artifact.body))
                continue
            try:
                value = await self._value(lease.tenant, lease.session.id, name, artifact)
            except OSError as error:  # what the product answered must be written down all the same
                log.warning("artifact_not_written", session=lease.session.id, error=type(error).__name__)
                continue
            if len(artifact.body) <= SMALL or value.startswith(IN_FOLDER):
                fields[name] = value
            else:
                await self.store.put_artifact(lease.tenant, lease.session.id, name, value, (lease.fence, lease.session.epoch))
        return fields

    async def put(self, tenant: str, session_id: str, artifact_id: str, artifact: Artifact) -> bool:
        """Outside of an append, as an upload is. False: the session is gone. TooLarge."""
        if len(artifact.body) > LARGEST:
            raise TooLarge(f"A file of more than {LARGEST // 2**20} MB is not kept.", code="artifact_too_large")
        value = await self._value(tenant, session_id, artifact_id, artifact)
        there = await self.store.put_artifact(tenant, session_id, artifact_id, value, None)
        if not there:
            await self.erase(tenant, session_id)
        return there

    async def discard(self, lease: Lease, fields: Mapping[str, bytes]) -> None:
        """What was stowed for an append that was refused is nobody's; of a session that was erased meanwhile no folder comes back."""
        names = [value.removeprefix(IN_FOLDER).decode() for value in fields.values() if value.startswith(IN_FOLDER)]
        if names and await self.store.standing(lease.tenant, lease.session.id) is None:
            await self.erase(lease.tenant, lease.session.id)
        for name in names:
            (self._home(lease.tenant, lease.session.id) / name).unlink(missing_ok=True)

    async def _value(self, tenant: str, session_id: str, artifact_id: str, artifact: Artifact) -> bytes:
        """What stands in Redis: the sealed bytes, or the name of the file that holds them. Each writer has a file of its own: one that was fenced
        must not write over its successor's."""
        arguments = (self.ring, tenant, purpose(session_id, artifact_id), artifact)
        if len(artifact.body) <= SMALL:
            return seal_artifact(*arguments)
        sealed = await asyncio.to_thread(seal_artifact, *arguments)
        if self.folder is None:
            return sealed
        name = f"{len(sealed)}-{secrets.token_hex(12)}"
        await asyncio.to_thread(self._to_file, tenant, session_id, name, sealed)
        return IN_FOLDER + name.encode()

    def remember(self, lease: Lease, artifacts: Mapping[str, Artifact]) -> None:
        """Small results that later turns look at again, once they are the session's. They never change, and their ids are those of one epoch."""
        for name, artifact in artifacts.items():
            self._keep((lease.tenant, lease.session.id, name), artifact)

    def _keep(self, name: tuple[str, str, str], artifact: Artifact) -> None:
        if artifact.kind == "data" and len(artifact.body) <= REMEMBERED:
            self._read[name] = (artifact, time.monotonic() + REMEMBERED_SECONDS)
        while len(self._read) > REMEMBER:
            self._read.popitem(last=False)

    async def get(self, tenant: str, session_id: str, artifact_id: str) -> Artifact | None:
        return (await self.many(tenant, session_id, [artifact_id])).get(artifact_id)

    async def many(self, tenant: str, session_id: str, ids: Sequence[str]) -> dict[str, Artifact]:
        """Those that are still kept and can be read. One whose key is gone is as if it were no longer kept: the session goes on without it."""
        now = time.monotonic()
        found = {i: known[0] for i in ids if (known := self._read.get((tenant, session_id, i))) is not None and now < known[1]}
        for name, value in (await self.store.artifacts(tenant, session_id, [i for i in ids if i not in found])).items():
            try:
                found[name] = await self._opened(tenant, session_id, name, value)
            except (OSError, SealBroken, ArtifactUnreadable) as error:
                log.warning("artifact_unreadable", session=session_id, error=type(error).__name__)
            else:
                self._keep((tenant, session_id, name), found[name])
        return found

    async def _opened(self, tenant: str, session_id: str, artifact_id: str, value: bytes) -> Artifact:
        sealed = await asyncio.to_thread(self._from_file, tenant, session_id, value) if value.startswith(IN_FOLDER) else value
        arguments = (self.ring, tenant, purpose(session_id, artifact_id), sealed)
        return await asyncio.to_thread(open_artifact, *arguments) if len(sealed) > SMALL else open_artifact(*arguments)

    async def erase(self, tenant: str, session_id: str) -> None:
        """The session's files, and what this process remembers. Its keys go with the session's others (store.py)."""
        for name in [name for name in self._read if name[:2] == (tenant, session_id)]:
            del self._read[name]
        if self.folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._home(tenant, session_id), ignore_errors=True)

    async def erase_dead(self, tenant: str) -> None:
        """The folders of this tenant's sessions that are no more, at once: not in an hour, as `prune` does."""
        for home in await asyncio.to_thread(homes, self.folder, digest(tenant)[:32]) if self.folder else []:
            owner = await self._owner(home)
            if owner and owner["tenant"] == tenant and await self.store.standing(tenant, owner["session"]) is None:
                await self.erase(tenant, owner["session"])

    async def prune(self, now: float) -> int:
        """Removes the files that Redis does not name any more, and the folders of sessions that it has forgotten. How many folders."""
        found = await asyncio.to_thread(homes, self.folder) if self.folder else []
        return sum([await asyncio.to_thread(tidied, home, now - YOUNG, await self._named(home)) for home in found])

    async def _named(self, home: Path) -> frozenset[str]:
        """The files that a session's fields name: none of a session that is gone, or of a folder whose owner cannot be read."""
        owner = await self._owner(home)
        if owner is None:
            return frozenset()
        values = await self.store.short_artifacts(owner["tenant"], owner["session"])
        return frozenset(value.removeprefix(IN_FOLDER).decode(errors="replace") for value in values if value.startswith(IN_FOLDER))

    async def _owner(self, home: Path) -> dict[str, Any] | None:
        try:
            said = await asyncio.to_thread((home / OWNER).read_bytes)
            owner: dict[str, Any] = orjson.loads(self.ring.open(said, tenant=SHARED, purpose=home.name))
        except (OSError, SealBroken):
            return None
        return owner

    def _home(self, tenant: str, session_id: str) -> Path:
        assert self.folder is not None
        return self.folder / digest(tenant)[:32] / digest(tenant, session_id)

    def _to_file(self, tenant: str, session_id: str, name: str, sealed: bytes) -> None:
        home = self._home(tenant, session_id)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (home / OWNER).exists():
            owner = orjson.dumps({"tenant": tenant, "session": session_id})
            written(home / OWNER, self.ring.seal(owner, tenant=SHARED, purpose=home.name))
        written(home / name, sealed)

    def _from_file(self, tenant: str, session_id: str, value: bytes) -> bytes:
        name = value.removeprefix(IN_FOLDER).decode(errors="replace")
        if self.folder is None or not FILE_NAME.fullmatch(name):
            raise ArtifactUnreadable("This worker has no folder that holds this result.")
        return (self._home(tenant, session_id) / name).read_bytes()


def digest(*names: str) -> str:
    """A name for a file that says nothing and leads nowhere. Lengths first, so that no other names give the same."""
    return sha256(b"".join(len(part).to_bytes(4, "big") + part for part in (name.encode() for name in names))).hexdigest()


def homes(folder: Path, tenant: str = "*") -> list[Path]:
    return [home for home in folder.glob(f"{tenant}/*") if home.is_dir()]


def tidied(home: Path, before: float, named: frozenset[str]) -> bool:
    """Removes files that nothing names; young ones may be named in a moment. True: the folder is gone."""
    removed = False
    with suppress(FileNotFoundError):  # another worker does the same
        old = home.stat().st_mtime < before
        for file in home.iterdir():
            if file.name not in named and file.name != OWNER and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)
        if old and not named and all(file.name == OWNER for file in home.iterdir()):
            owner = (home / OWNER).read_bytes()
            (home / OWNER).unlink()
            try:
                home.rmdir()
                removed = True
            except OSError:  # somebody wrote into it just now
                written(home / OWNER, owner)
    return removed


def written(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by this user only."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
