"""A session in Redis: the list of its events, and the scripts that keep two workers apart (shared/turn-protocol.md, "Steps").

Keys of a session, all in one cluster slot: events (list) · head (hash: epoch, fence, owner, expires, status, snapshot, tail, user, format, keep) ·
seen (hash: message id -> number of its event) · inbox (list of late results) · artifacts (hash) · sealed (hash: handle -> ciphertext) ·
ratings (set: the ids of the copies that feedback/store.py made; only erasing reads it).
Times are Redis's own. Every script renews the lifetimes of all keys it finds.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha1
from typing import Any, Literal

import structlog
from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError, ResponseError

from engine.events import EVENT, FORMAT, CallReturned, Event, Late, SessionStarted, Snapshot, UserSaid
from engine.lifetimes import Lifetimes
from engine.scripts import ACCEPT, APPEND, CLAIM, LATE, NAME, PUT, READ, RENEW, STOP, UNLIST
from engine.session import Session
from engine.stored import beginning, event_of, format_unknown, grown, started_of
from runtime.errors import LeaseLost, NotFound, SessionBusy
from runtime.redis import SHARED, key, refused, run_script

log = structlog.get_logger()
Status = Literal["idle", "running", "waiting"]
PARTS = ("events", "head", "seen", "inbox", "artifacts", "sealed")
OPEN = key(SHARED, "open")  # sorted set of "tenant session" by the time their lease ends: what a sweep looks at


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to append to one session until it expires or is given back. `stop`: the customer asked to end the turn."""

    tenant: str
    session: Session
    fence: int
    inbox: tuple[bytes, ...] = ()
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """This message was accepted before: `number` is its event's. `running`: its session's turn has not ended; `left`: and nobody works on it."""

    number: int
    epoch: int
    running: bool
    left: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """`kept`: the message is an event now. Else the session waits for answers, or another turn of it was left unfinished."""

    lease: Lease
    state: Literal["accepted", "waiting", "unfinished", "claimed"]


@dataclass(frozen=True, slots=True)
class Page:
    """Events of a session from `first` on, as followers read them; no lease is taken."""

    epoch: int
    status: Status
    left_ms: int  # of the lease of whoever works on it
    started: SessionStarted
    first: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A script on keys of another slot, which shares an append's round trip and nothing else."""

    script: str
    keys: tuple[str, ...]
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Extra:
    """What an append writes beside the events, in the same step."""

    status: Status = "running"
    release: bool = False
    message: tuple[str, int] | None = None  # (message id, number of its event)
    artifacts: Mapping[str, bytes] = field(default_factory=dict)  # as artifacts.py stows them
    sealed: Mapping[str, bytes] = field(default_factory=dict)
    inbox_done: int = 0
    lifetimes: Lifetimes | None = None  # from now on; None: as they are
    beside: Step | None = None  # also where the append is fenced
    after: Step | None = None  # only when it was written, in a round trip of its own


class SessionStore:
    """Sessions of one Redis. Keeps the sessions it loaded last, so that a claim is sent only what is newer."""

    def __init__(self, redis: "Redis", *, owner: str, lease_ms: int, lifetime_ms: int, remember: int = 256) -> None:
        self.redis = redis
        self.owner = owner
        self.lease_ms = lease_ms
        self.lifetimes = Lifetimes(lifetime_ms)  # the operator's: the bound of a tenant's, and what counts until those are known
        self._remember = remember
        self._loaded: OrderedDict[tuple[str, str], Session] = OrderedDict()
        self._unlist = redis.register_script(UNLIST)
        self._scripts = {text: redis.register_script(text) for text in (ACCEPT, CLAIM, READ, APPEND, RENEW, LATE, STOP, PUT)}

    async def create(self, session_id: str, started: SessionStarted, lifetimes: Lifetimes | None = None) -> Session:
        keys, keep, user = _keys(started.tenant, session_id), lifetimes or self.lifetimes, started.user
        about: dict[Any, Any] = {"format": FORMAT, "epoch": 0, "fence": 0, "snapshot": 0, "tail": 0}
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.rpush(keys[0], EVENT.dump_json(started))
            pipe.hset(keys[1], mapping={**about, "status": "idle", "user": user, "keep": str(keep)})
            for name in keys[:2]:
                pipe.pexpire(name, keep.session)
            await pipe.execute()
        return Session(session_id, started)

    async def accept(self, tenant: str, session_id: str, user: str, said: UserSaid) -> Accepted | Known:
        """Accept and claim in one step. SessionBusy: nothing of the message was kept. NotFound also where the session is another user's."""
        return await self._claim(ACCEPT, tenant, session_id, [user, said.message_id, EVENT.dump_json(said)])

    async def claim_for(self, tenant: str, session_id: str, user: str, message_id: str) -> Accepted | Known:
        """The lease, for a message that is an event only after a look at what it answers."""
        return await self._claim(CLAIM, tenant, session_id, [user, message_id])

    async def claim(self, tenant: str, session_id: str) -> Accepted:
        """The lease of a session nobody works on, whoever's it is."""
        accepted = await self._claim(CLAIM, tenant, session_id, ["", ""])
        assert isinstance(accepted, Accepted)  # no message, so none that is known
        return accepted

    async def knows(self, tenant: str, session_id: str, message_id: str) -> bool:
        """Whether this message was accepted before."""
        return bool(await self.redis.hexists(_keys(tenant, session_id)[2], message_id))

    async def _claim(self, script: str, tenant: str, session_id: str, more: list[Any]) -> Accepted | Known:
        known = self._loaded.get((tenant, session_id))
        args = [self.owner, self.lease_ms, str(self.lifetimes), known.epoch if known else -1, known.length if known else -1, *more]
        answer: list[Any] = await self._listed_and_run(script, tenant, session_id, args)
        _refuse_strange(answer[0], session_id)
        if answer[0] == b"busy":
            raise SessionBusy("A turn of this session is still running. Nothing of this message was kept; send it again when the turn has ended.")
        return _known(answer) or self._accepted(tenant, session_id, answer, known)

    def _accepted(self, tenant: str, session_id: str, answer: list[Any], known: Session | None) -> Accepted:
        """`known`: what the script was told is known here. By now it may be forgotten, or longer."""
        word, fence, epoch, _, first, events, start, inbox = answer
        if known is None or known.epoch != int(epoch) or known.length != int(start):
            known = beginning(session_id, int(epoch), first, int(start))
        session = grown(known, events)
        self._keep(tenant, session)
        return Accepted(Lease(tenant, session, int(fence), tuple(inbox)), word.decode())

    def _keep(self, tenant: str, session: Session) -> None:
        self._loaded[tenant, session.id] = session
        self._loaded.move_to_end((tenant, session.id))
        while len(self._loaded) > self._remember:
            self._loaded.popitem(last=False)

    async def append(self, lease: Lease, events: Sequence[Event], extra: Extra, grown: Session | None = None) -> Lease:
        """Append under my fence. LeaseLost: another worker goes on; nothing of this was written. `grown`: the session with the events, if known."""
        start, session = lease.session.length, grown or lease.session
        for event in () if grown else events:
            session = session.add(event)
        lease_ms, keep = -self.lease_ms if extra.release else self.lease_ms, str(extra.lifetimes or "")
        args: list[Any] = [lease.fence, session.epoch, start, keep, lease_ms, extra.status]
        args += [*_snapshot(start, events), *(extra.message or ("", 0)), extra.inbox_done, len(events), *(EVENT.dump_json(e) for e in events)]
        args += [*_flat(extra.artifacts), "", *_flat(extra.sealed)]
        if extra.beside is None:
            answer = await self._run(APPEND, lease.tenant, session.id, args)
        else:
            answer = await self._run_beside(extra.beside, APPEND, lease, args)
        if answer == b"fenced":
            self._loaded.pop((lease.tenant, session.id), None)
            raise LeaseLost("This worker's lease on the session has ended; another worker goes on with it.")
        self._keep(lease.tenant, session)
        if extra.after:
            await self._step(extra.after, session.id)
        return replace(lease, session=session, inbox=lease.inbox[extra.inbox_done :], stop=answer == b"stop")

    async def ask_to_stop(self, tenant: str, session_id: str) -> bool:
        """Whoever has the lease ends the turn. False: nobody has it."""
        return bool(await self._run(STOP, tenant, session_id, []))

    async def renew(self, lease: Lease) -> bool:
        """True: the customer asked to end the turn."""
        answer = await self._run(RENEW, lease.tenant, lease.session.id, [lease.fence, self.lease_ms])
        if answer == b"fenced":
            raise LeaseLost("This worker's lease on the session has ended; another worker goes on with it.")
        return bool(answer == b"stop")

    async def late(self, lease: Lease, event: CallReturned, attempt: int) -> None:
        """A result that came after the lease was lost: on purpose without the fence; the next claim decides about it."""
        item = Late(epoch=lease.session.epoch, attempt=attempt, event=event).model_dump_json()
        await self._run(LATE, lease.tenant, lease.session.id, [lease.session.epoch, str(self.lifetimes), item])

    async def read(self, tenant: str, session_id: str, after: int = -1) -> Page:
        answer = await self._run(READ, tenant, session_id, [min(after + 1, 2**53)])
        _refuse_strange(answer[0], session_id)
        _, left, epoch, status, first, events, start = answer
        return Page(int(epoch), status.decode(), int(left), started_of(event_of(first)), int(start), tuple(map(event_of, events)))

    async def standing(self, tenant: str, session_id: str) -> Page | None:
        """How a session stands, without its events; None when it is gone."""
        try:
            return await self.read(tenant, session_id, 2**53)
        except NotFound:
            return None

    async def put_artifact(self, tenant: str, session_id: str, name: str, value: bytes, under: tuple[int, int] | None) -> bool:
        """Before the append that needs it, `under` its fence and epoch (LeaseLost: nothing was written), or by itself. False: the session is gone."""
        fence, epoch = under or ("", 0)
        answer = await self._run(PUT, tenant, session_id, [fence, epoch, str(self.lifetimes), name, value])
        if answer == b"fenced":
            raise LeaseLost("This worker's lease on the session has ended; another worker goes on with it.")
        return bool(answer == b"ok")

    async def artifacts(self, tenant: str, session_id: str, ids: Sequence[str]) -> dict[str, bytes]:
        """As they are stored: artifacts.py opens them."""
        return await self._fields(_keys(tenant, session_id)[4], ids)

    async def short_artifacts(self, tenant: str, session_id: str) -> list[bytes]:
        """Those that may be names of files (scripts.py, NAME)."""
        name = _keys(tenant, session_id)[4]
        fields = await self.redis.hkeys(name)
        async with self.redis.pipeline(transaction=False) as pipe:
            for each in fields:
                pipe.hstrlen(name, each)
            sizes = await pipe.execute()
        short = [field for field, size in zip(fields, sizes, strict=True) if size < NAME]
        found = await self.redis.hmget(name, short) if short else []
        return [value for value in found if isinstance(value, bytes)]

    async def sealed(self, tenant: str, session_id: str, handles: Sequence[str]) -> dict[str, bytes]:
        return await self._fields(_keys(tenant, session_id)[5], handles)

    async def _fields(self, name: str, fields: Sequence[str]) -> dict[str, bytes]:
        found = await self.redis.hmget(name, list(fields)) if fields else []
        return {field: value for field, value in zip(fields, found, strict=True) if isinstance(value, bytes)}

    async def erase(self, tenant: str, session_id: str) -> None:
        """The session, and the copies that ratings made of it: first those, so that an erasure that broke off can be asked for again."""
        self._loaded.pop((tenant, session_id), None)
        ratings = key(tenant, "session", session_id, "ratings")
        await self._erase_copies(tenant, await self.redis.smembers(ratings))
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.smembers(ratings)
            pipe.delete(*_keys(tenant, session_id), ratings)
            later = (await pipe.execute())[0]
        await self._erase_copies(tenant, later)
        await self.redis.publish(self.feed(tenant, session_id), "event")
        await self.redis.zrem(OPEN, f"{tenant} {session_id}")

    async def _erase_copies(self, tenant: str, names: set[Any]) -> None:
        """The feedback worker's keys (feedback/store.py): its records and their index."""
        for name in names:
            await self.redis.delete(key(tenant, "rating", name.decode()))
            await self.redis.zrem(key(tenant, "ratings"), name)

    def feed(self, tenant: str, session_id: str) -> str:
        """The pub/sub channel that wakes followers and carries deltas."""
        return _keys(tenant, session_id)[1]

    async def opened(self, tenant: str, session_id: str, due_ms: int) -> None:
        """List the session for the sweep: if nobody has finished it by `due_ms`, somebody should look."""
        await self.redis.zadd(OPEN, {f"{tenant} {session_id}": due_ms})

    async def closed(self, tenant: str, session_id: str, due_ms: float) -> None:
        """Take the session off the sweep's list, unless a newer turn has put it there again."""
        await self._unlist(keys=[OPEN], args=[f"{tenant} {session_id}", due_ms])

    async def unlist_gone(self, tenant: str) -> None:
        """Take the tenant's sessions that are no more off the sweep's list, at once."""
        async for item, _ in self.redis.zscan_iter(OPEN, count=1000):
            whose, session = item.decode().split(" ", 1)
            if whose == tenant and not await self.redis.exists(_keys(tenant, session)[0]):
                await self.redis.zrem(OPEN, item)

    async def overdue(self, now_ms: int, limit: int = 16) -> list[tuple[str, str, float]]:
        """(tenant, session, due) of listed sessions whose time has come."""
        await self.redis.pexpire(OPEN, self.lifetimes.session)
        found: Any = await self.redis.zrangebyscore(OPEN, 0, now_ms, start=0, num=limit, withscores=True)
        return [(tenant, session, due) for item, due in found for tenant, session in [item.decode().split(" ", 1)]]

    async def _listed_and_run(self, script: str, tenant: str, session_id: str, args: list[Any]) -> Any:
        """The script, with the session listed for the sweep in the same round trip: if nobody has finished it when its lease ends, somebody looks."""
        keys = _keys(tenant, session_id)
        pipe = self.redis.pipeline(transaction=False)
        pipe.zadd(OPEN, {f"{tenant} {session_id}": int(time.time() * 1000) + self.lease_ms})
        pipe.evalsha(self._scripts[script].sha, len(keys), *keys, *args)
        return await self._answered((await pipe.execute(raise_on_error=False))[1], script, tenant, session_id, args)

    async def _run_beside(self, step: Step, script: str, lease: Lease, args: list[Any]) -> Any:
        """The script first. The step is worth no turn: what becomes of it is in the log only."""
        keys = _keys(lease.tenant, lease.session.id)
        pipe = self.redis.pipeline(transaction=False)
        pipe.evalsha(self._scripts[script].sha, len(keys), *keys, *args)
        pipe.evalsha(_sha(step.script), len(step.keys), *step.keys, *step.args)
        answer, other = await pipe.execute(raise_on_error=False)
        if isinstance(other, NoScriptError):
            await self._step(step, lease.session.id)
        elif isinstance(other, Exception):
            _unstepped(lease.session.id, other)
        return await self._answered(answer, script, lease.tenant, lease.session.id, args)

    async def _step(self, step: Step, session_id: str) -> None:
        try:
            await self.redis.eval(step.script, len(step.keys), *step.keys, *step.args)
        except RedisError as error:
            _unstepped(session_id, error)

    async def _answered(self, answer: Any, script: str, tenant: str, session_id: str, args: list[Any]) -> Any:
        """What a pipeline gave for the script."""
        if isinstance(answer, NoScriptError):
            return await self._run(script, tenant, session_id, args)
        if isinstance(answer, ResponseError):
            raise await refused(self.redis, answer)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _run(self, script: str, tenant: str, session_id: str, args: list[Any]) -> Any:
        return await run_script(self.redis, self._scripts[script], _keys(tenant, session_id), args)


def _unstepped(session_id: str, error: Exception) -> None:
    log.warning("step_failed", session=session_id, error=type(error).__name__)


@lru_cache(maxsize=16)
def _sha(script: str) -> str:
    return sha1(script.encode()).hexdigest()  # noqa: S324 - Redis names scripts by it


@lru_cache(maxsize=4096)
def _keys(tenant: str, session_id: str) -> tuple[str, ...]:
    try:
        return tuple(key(tenant, "session", session_id, part) for part in PARTS)
    except ValueError as error:
        raise NotFound("There is no such session.", code="session_not_found") from error


def _refuse_strange(word: bytes, session_id: str) -> None:
    if word == b"missing":
        raise NotFound(f"There is no session {session_id}.", code="session_not_found")
    if word == b"format":
        raise format_unknown()


def _known(answer: list[Any]) -> Known | None:
    if answer[0] != b"known":
        return None
    _, number, epoch, status, live = answer
    return Known(int(number), int(epoch), running=status == b"running", left=status == b"running" and not live)


def _snapshot(start: int, events: Sequence[Event]) -> tuple[Any, Any]:
    for number, event in enumerate(events, start):
        if isinstance(event, Snapshot):
            return number, event.tail
    return "", ""


def _flat(fields: Mapping[str, bytes]) -> list[Any]:
    return [part for pair in fields.items() for part in pair]
