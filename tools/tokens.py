"""Tokens that were fetched: stored sealed before anybody uses them, and renewed by one worker for all. Knows nothing of how they are fetched."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from runtime.redis import AWAY, by_name, key
from runtime.secrets import KeyRing, SealBroken
from tools.security import LIFETIME, SLOTS, TOKEN_PARTS, token_key

if TYPE_CHECKING:
    from tools.call import Wire

MARGIN = 5  # a token this close to its end may be refused on arrival
LOCK_SPARE = 4  # seconds a refresh may take beyond its two exchanges
LOOK_AGAIN = 0.03
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 0.5  # seconds between two attempts to store what was fetched
FAILED_FOR = 1_000  # milliseconds in which those who waited for a renewal that failed do not try it again each
SIGN_IN_AGAIN = "The product no longer takes this sign-in; sign in again."

RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
# Only if nobody signed in anew, or stored what he fetched, since it was read: the later one is worth more.
KEEP = """
if (redis.call('get', KEYS[2]) or '') ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
if ARGV[4] ~= '' then redis.call('set', KEYS[2], ARGV[4], 'PX', ARGV[5]) end
return 1
"""
REFUSE = """
if (redis.call('get', KEYS[2]) or '') ~= ARGV[1] then return 0 end
redis.call('del', KEYS[1])
redis.call('set', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class CredentialsFailed:
    """`lasting`: trying again will not help."""

    reason: str
    lasting: bool
    sign_in: bool = False  # it will help when the customer signs in again


@dataclass(frozen=True, slots=True)
class Token:
    """`version` names it, for saying later that it was refused."""

    value: str
    version: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token server gave. `lifetime` in seconds. `refresh` None: it gave none, and an earlier one goes on."""

    access: str
    lifetime: float
    refresh: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What outlasts an access token. `refused`: by the token server, until somebody signs in anew. `raw`: as it was read."""

    refresh: str | None = None
    refused: bool = False
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a token lies. `name` "": the only one of its connection."""

    tenant: str
    connection: str
    name: str = ""

    def key(self, part: str) -> str:
        return token_key(self.tenant, self.connection, part, self.name)

    def purpose(self, part: str) -> str:
        return ":".join(filter(None, ("connection", self.connection, part, self.name)))


@dataclass(frozen=True, slots=True)
class Lock:
    """Of one renewal. `until`: the monotonic time at which it ends."""

    owner: str
    until: float


Renew = Callable[[str | None], Awaitable[Grant | CredentialsFailed]]  # takes the refresh token


async def current(wire: "Wire", slot: Slot, stale: Collection[str], renew: Renew) -> Token | CredentialsFailed:
    """The stored token, or a new one: one worker fetches it, all others wait for what it stores. `stale`: versions that were refused."""
    owner, lock, waited = secrets.token_hex(8), slot.key("refreshing"), False
    longest = 2 * wire.limits.seconds + LOCK_SPARE  # a discovery, and what it was for
    for _ in range(int(1.5 * longest / LOOK_AGAIN)):
        if (token := await stored(wire, slot)) and token.version not in stale:
            return token
        if waited and (failed := await failure(wire, slot)):
            return failed
        began = time.monotonic()
        if await wire.redis.set(lock, owner, nx=True, px=int(longest * 1000)):
            # Whoever waits may be cancelled; a token that was rotated must be stored all the same, else the sign-in is lost.
            return await asyncio.shield(asyncio.ensure_future(alone(wire, slot, stale, renew, Lock(owner, began + longest))))
        waited = True
        await asyncio.sleep(LOOK_AGAIN)
    return CredentialsFailed("Another worker has been asking for a new token for too long.", lasting=False)


async def alone(wire: "Wire", slot: Slot, stale: Collection[str], renew: Renew, lock: Lock) -> Token | CredentialsFailed:
    try:
        return await renewed(wire, slot, stale, renew, lock.until)
    finally:
        with suppress(*AWAY):  # it ends by itself; what was found out is worth more
            await wire.redis.eval(RELEASE, 1, slot.key("refreshing"), lock.owner)


async def renewed(wire: "Wire", slot: Slot, stale: Collection[str], renew: Renew, until: float) -> Token | CredentialsFailed:
    # Between the look and the lock somebody may have finished.
    if (token := await stored(wire, slot)) and token.version not in stale:
        return token
    kept = await kept_of(wire.redis, wire.ring, slot)
    if kept.refused:
        return CredentialsFailed(SIGN_IN_AGAIN, lasting=True, sign_in=True)
    grant = await renew(kept.refresh)
    if isinstance(grant, Grant):
        return await keep(wire, slot, grant, kept, until)
    if grant.sign_in and (kept.raw or token):
        await refuse(wire, slot, kept, until)
    told = orjson.dumps({"reason": grant.reason, "lasting": grant.lasting, "sign_in": grant.sign_in})
    await wire.redis.set(slot.key("failed"), told, px=FAILED_FOR)
    return grant


async def failure(wire: "Wire", slot: Slot) -> CredentialsFailed | None:
    told = await wire.redis.get(slot.key("failed"))
    return CredentialsFailed(**orjson.loads(told)) if told else None


async def stored(wire: "Wire", slot: Slot) -> Token | None:
    plain = opened(wire.ring, slot, "token", await wire.redis.get(slot.key("token")))
    return Token(plain["token"], plain["version"]) if plain else None


async def kept_of(redis: Redis, ring: KeyRing, slot: Slot) -> Kept:
    raw = await redis.get(slot.key("kept"))
    plain = opened(ring, slot, "kept", raw)
    found = raw if isinstance(raw, bytes) else b""
    return Kept(plain["refresh"], plain["refused"], found) if plain else Kept(raw=found)


def opened(ring: KeyRing, slot: Slot, part: str, raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, bytes):
        return None
    try:
        found: dict[str, Any] = orjson.loads(ring.open(raw, tenant=slot.tenant, purpose=slot.purpose(part)))
    except SealBroken:
        return None  # sealed with a key that is gone: a new token costs one exchange
    return found


def sealed(ring: KeyRing, slot: Slot, part: str, plain: dict[str, Any]) -> bytes:
    return ring.seal(orjson.dumps(plain), tenant=slot.tenant, purpose=slot.purpose(part))


async def repeated(write: Callable[[], Awaitable[Any]], until: float) -> Any:
    """A server that rotates gives each token once: a Redis that is away for a moment must not lose it. Each of these writes may be done twice."""
    pause = SHORTEST_PAUSE
    while True:
        try:
            return await write()
        except (*AWAY, ResponseError) as error:
            passes = not isinstance(error, ResponseError) or isinstance(by_name(error), AWAY)
            if not passes or time.monotonic() + pause > until:
                raise
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def keep(wire: "Wire", slot: Slot, grant: Grant, before: Kept, until: float) -> Token | CredentialsFailed:
    """Both tokens at once, before either is used. Redis forgets the access token shortly before it expires, so its end needs no clock of ours."""
    token = Token(grant.access, secrets.token_hex(8))
    access = sealed(wire.ring, slot, "token", {"token": token.value, "version": token.version})
    rotated = sealed(wire.ring, slot, "kept", {"refresh": grant.refresh, "refused": False}) if grant.refresh else b""

    async def write() -> Any:
        await noted(wire.redis, slot)
        values = (before.raw, access, milliseconds(grant.lifetime), rotated, LIFETIME * 1000)
        return await wire.redis.eval(KEEP, 2, slot.key("token"), slot.key("kept"), *values)

    if await repeated(write, until):
        return token
    return await stored(wire, slot) or CredentialsFailed("The sign-in was changed meanwhile.", lasting=False)


async def refuse(wire: "Wire", slot: Slot, before: Kept, until: float) -> None:
    """No worker asks with it again. A sign-in of now stays."""
    marked = sealed(wire.ring, slot, "kept", {"refresh": before.refresh, "refused": True})

    async def write() -> None:
        await noted(wire.redis, slot)
        await wire.redis.eval(REFUSE, 2, slot.key("token"), slot.key("kept"), before.raw, marked, LIFETIME * 1000)

    await repeated(write, until)


async def start(wire: "Wire", slot: Slot, grant: Grant) -> None:
    """A new sign-in takes the place of all that was there."""
    access = sealed(wire.ring, slot, "token", {"token": grant.access, "version": secrets.token_hex(8)})
    kept = sealed(wire.ring, slot, "kept", {"refresh": grant.refresh, "refused": False})

    async def write() -> None:
        await noted(wire.redis, slot)
        async with wire.redis.pipeline(transaction=True) as pipe:
            pipe.set(slot.key("token"), access, px=milliseconds(grant.lifetime))
            pipe.set(slot.key("kept"), kept, ex=LIFETIME)
            pipe.delete(slot.key("failed"))
            await pipe.execute()

    await repeated(write, time.monotonic() + LOCK_SPARE)


async def noted(redis: Redis, slot: Slot) -> None:
    """So that it is found when its connection is removed."""
    if slot.name:
        listed = key(slot.tenant, "connection", slot.connection, SLOTS)
        async with redis.pipeline(transaction=False) as pipe:
            pipe.sadd(listed, slot.name)
            pipe.expire(listed, LIFETIME)
            await pipe.execute()


async def drop(redis: Redis, slot: Slot) -> bool:
    """What was fetched for one, and that it was. True: there was something."""
    listed = key(slot.tenant, "connection", slot.connection, SLOTS)
    gone = await redis.delete(*(slot.key(part) for part in TOKEN_PARTS))
    return bool(await redis.srem(listed, slot.name)) or gone > 0


def milliseconds(lifetime: float) -> int:
    return max(1, int(1000 * (lifetime - min(MARGIN, lifetime / 10))))


async def standing(redis: Redis, ring: KeyRing, slot: Slot) -> tuple[bool, int | None]:
    """Whether somebody is signed in, and until when the access token holds: seconds since the epoch, by the clock of Redis."""
    async with redis.pipeline(transaction=False) as pipe:
        pipe.pttl(slot.key("token"))
        pipe.time()
        left, (now, _) = await pipe.execute()
    kept = await kept_of(redis, ring, slot)
    if kept.refused or (left <= 0 and not kept.refresh):
        return False, None
    return True, int(now + left / 1000) if left > 0 else None
