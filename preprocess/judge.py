"""The doctor over stored documents: off the event loop, one at a time, within a limit; the last judgements are kept, since documents never change."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

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
_FURTHER = frozenset(("openapi_invalid", "validation_unfinished", "setting_without_operation", "overlay_left_out"))


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
        self._known: OrderedDict[tuple[str, str, tuple[Problem, ...]], Judgement] = OrderedDict()

    async def judgement(self, entry: SpecEntry) -> Judgement:
        """With what the strict validator has found by now, and what the settings name in vain."""
        if entry.state != "ready" or entry.hash is None:
            raise InvalidRequest(f"The document is {entry.state}; there is a report when it is ready.", code="spec_not_ready")
        further = tuple(replace(one, why=RULES[one.code].why) for one in entry.problems if one.code in _FURTHER)
        key = entry.tenant, entry.hash, further
        async with self._working:
            if key not in self._known:
                document = await store.load(self._redis, entry.tenant, entry.hash, days=self._days)
                source = await store.source(self._redis, entry.tenant, entry.hash)
                self._known[key] = await asyncio.to_thread(self._judged, document, source, further)
            self._known.move_to_end(key)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return self._known[key]

    def _judged(self, document: Document, data: bytes | None, further: tuple[Problem, ...]) -> Judgement:
        end = time.monotonic() + self._seconds

        def going() -> bool:
            return time.monotonic() < end

        found = diagnose(document, going)
        return Judgement(judged(document, found, data, further, going), proposal(document, found))
