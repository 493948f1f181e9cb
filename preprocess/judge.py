"""The doctor over stored documents: off the event loop, one at a time, within a limit; the last judgements are kept, since documents never change."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from redis.asyncio import Redis

from preprocess.check import judged, proposal
from preprocess.doctor import diagnose
from preprocess.doctor_why import RULES
from runtime.errors import InvalidRequest
from specs import store
from specs.document import Document
from specs.model import Problem
from specs.store import SpecEntry

SECONDS = 30.0  # after these the doctor stops where it is, and says so
_KEPT = 8
# What others find and write into the entry.
_FURTHER = frozenset(("openapi_invalid", "validation_unfinished", "setting_without_operation", "setting_without_field", "overlay_left_out"))


_Key: TypeAlias = tuple[str, str, tuple[Problem, ...]]  # tenant, hash, and what others have found


@dataclass(frozen=True, slots=True)
class Judgement:
    """`overlay` is empty when nothing can be proposed."""

    report: dict[str, Any]
    overlay: bytes


class Judge:
    """Of one process."""

    def __init__(self, redis: "Redis", *, days: float = store.DAYS, seconds: float = SECONDS) -> None:
        self._redis = redis
        self._days = days
        self._seconds = seconds
        self._working = asyncio.Semaphore(1)
        self._known: OrderedDict[_Key, Judgement] = OrderedDict()

    async def judgement(self, entry: SpecEntry) -> Judgement:
        """With what the strict validator has found by now, and what the settings name in vain."""
        if entry.state != "ready" or entry.hash is None:
            raise InvalidRequest(f"The document is {entry.state}; there is a report when it is ready.", code="spec_not_ready")
        further = tuple(replace(one, why=RULES[one.code].why) for one in entry.problems if one.code in _FURTHER)
        key = entry.tenant, entry.hash, further
        known = self._kept(key)  # before the wait: what is known needs no place
        if known is None:
            async with self._working:
                known = self._kept(key) or await self._made(key)
        return known

    def _kept(self, key: _Key) -> Judgement | None:
        if (known := self._known.get(key)) is not None:
            self._known.move_to_end(key)
        return known

    async def _made(self, key: _Key) -> Judgement:
        tenant, digest, further = key
        document = await store.load(self._redis, tenant, digest, days=self._days)
        source = await store.source(self._redis, tenant, digest)
        made = self._known[key] = await asyncio.to_thread(self._judged, document, source, further)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return made

    def _judged(self, document: Document, data: bytes | None, further: tuple[Problem, ...]) -> Judgement:
        end = time.monotonic() + self._seconds

        def going() -> bool:
            return time.monotonic() < end

        found = diagnose(document, going)
        return Judgement(judged(document, found, data, further, going), proposal(document, found))
