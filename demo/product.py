"""The running product: carries out one request after the checks of the edge, and lets tests see and disturb what it does. Knows no web server."""

import asyncio
import hashlib
import json
import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Literal

from demo import accounts, audit, groups, safes, sessions, users
from demo.contract import Declared
from demo.database import Database, insert, one
from demo.messages import JSON, Ask, Refused, Reply, conflict
from demo.tokens import Tokens

HANDLERS = users.OPERATIONS | groups.OPERATIONS | safes.OPERATIONS | accounts.OPERATIONS | sessions.OPERATIONS | audit.OPERATIONS
KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    per_minute: int = 1200  # requests of one client
    report_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was carried out, as it was asked for. Answers given again for the same key are not in the ledger."""

    operation: str
    path: str
    body: JSON
    key: str | None
    status: int


@dataclass(slots=True)
class Fault:
    """What happens to the next request of `operation` (None: any). For tests; a product in use has none.

    refuse: answered with `status` (429 and 503 with Retry-After), not carried out. hold: waits for `release` before it is carried out.
    hold_answer: carried out, the answer waits for `release`. lose: carried out, then the connection is cut. `reached` is set when it strikes.
    """

    kind: Literal["refuse", "hold", "hold_answer", "lose"]
    operation: str | None = None
    status: int = 429
    retry_after: int = 1
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)


class ConnectionCut(Exception):
    """The answer must not reach the client."""


class Product:
    """`ledger`, `seen` (operation, status) and `tokens.granted` are for tests; `faults` are used up in their order."""

    def __init__(self, database: Database, tokens: Tokens, clock: Callable[[], datetime], limits: Limits) -> None:
        self.database, self.tokens, self.clock, self.limits = database, tokens, clock, limits
        self.ledger: deque[Change] = deque(maxlen=KEPT)
        self.seen: deque[tuple[str, int]] = deque(maxlen=KEPT)
        self.faults: list[Fault] = []
        self._in_flight: set[str] = set()
        self._minute, self._counts = 0, dict[str, int]()

    def admit(self, client: str) -> None:
        """The rate limit: so many requests in a minute of the clock."""
        now = self.clock()
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        self._counts[client] = self._counts.get(client, 0) + 1
        if self._counts[client] > self.limits.per_minute:
            raise _busy(429, 60 - int(now.timestamp()) % 60)

    def fault(self, operation: str) -> Fault | None:
        """The fault that strikes this request, used up; `refuse` strikes at once."""
        found = next((fault for fault in self.faults if fault.operation in (None, operation)), None)
        if found is None:
            return None
        self.faults.remove(found)
        found.reached.set()
        if found.kind == "refuse":
            raise _busy(found.status, found.retry_after)
        return found

    async def answer(self, operation: Declared, ask: Ask, key: str | None, fault: Fault | None) -> Reply:
        """Carries the request out, once for a key."""
        slot = f"{ask.client}:{operation.id}:{key}"
        if key is not None and slot in self._in_flight:
            raise conflict("key_in_flight", "a request with this Idempotency-Key is being carried out")
        self._in_flight.add(slot)
        try:
            reply = await self._carried_out(operation, ask, (slot, key), fault)
        finally:
            self._in_flight.discard(slot)
        if fault is not None and fault.kind == "lose":
            raise ConnectionCut
        return reply

    async def _carried_out(self, operation: Declared, ask: Ask, once: tuple[str, str | None], fault: Fault | None) -> Reply:
        if fault is not None and fault.kind == "hold":
            await fault.release.wait()
        if operation.id == "getAuditReport":
            await asyncio.sleep(self.limits.report_seconds)
        slot, key = once
        work = HANDLERS[operation.id] if key is None else partial(_once, slot=slot)
        reply = await self.database.run(lambda db: work(db, ask))
        if operation.changing and "Idempotency-Replayed" not in reply.headers:
            self.ledger.append(Change(operation.id, _filled(operation.path, ask), ask.body, key, reply.status))
        if fault is not None and fault.kind == "hold_answer":
            await fault.release.wait()
        return reply


def _once(db: sqlite3.Connection, ask: Ask, slot: str) -> Reply:
    """Change and answer are kept in one transaction; a refused request keeps nothing, so its key can be used again."""
    fingerprint = hashlib.sha256(json.dumps([dict(ask.path), ask.body], sort_keys=True).encode()).hexdigest()
    earlier = one(db, "SELECT fingerprint, status, body FROM answered WHERE slot = ?", [slot])
    if earlier is None:
        reply = HANDLERS[ask.operation](db, ask)
        insert(db, "answered", {"slot": slot, "fingerprint": fingerprint, "status": reply.status, "body": json.dumps(reply.body)})
        return reply
    if earlier["fingerprint"] != fingerprint:
        raise Refused(422, "key_reused", "this Idempotency-Key was used for another request")
    return Reply(earlier["status"], json.loads(earlier["body"]), {"Idempotency-Replayed": "true"})


def _busy(status: int, seconds: int) -> Refused:
    code, message = ("rate_limited", "too many requests") if status == 429 else ("unavailable", "try again later")
    return Refused(status, code, message, headers={"Retry-After": str(seconds)} if status in (429, 503) else {})


def _filled(path: str, ask: Ask) -> str:
    for name, value in ask.path.items():
        path = path.replace("{" + name + "}", value)
    return path
