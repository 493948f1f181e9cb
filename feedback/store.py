"""Ratings in Redis, and what of a session they copy. Knows a session as its stored events; imports nothing of the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from runtime.errors import Conflict, NotFound, SessionBusy
from runtime.redis import key

# EXPIRE ... GT is Redis 7's.
LENGTHEN = "if redis.call('TTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('EXPIRE', KEYS[1], ARGV[1]) end"
PRUNED = 100  # names of old ratings that are looked at with each new one
LONGEST_TURN = 500  # events; a turn's limits end it long before
PARTS = ("events", "head", "seen", "inbox", "artifacts", "sealed")  # as the engine's store names them; the script needs this order

# Only without a live lease and without a turn that a worker left unfinished (what became of its change is still to be said), and only the
# conversation that was read (its epoch): a reset sent twice must not clear what came after the first.
# The raised fence and epoch keep out a worker that still believes it owns the session.
RESET = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local h = redis.call('HMGET', KEYS[2], 'epoch', 'fence', 'owner', 'expires', 'status')
if redis.call('EXISTS', KEYS[1]) == 0 then return 'missing' end
if (h[3] or '') ~= '' and tonumber(h[4] or 0) > now then return 'busy' end
if tonumber(h[1] or 0) ~= tonumber(ARGV[1]) then return 'changed' end
if h[5] == 'running' then return 'unfinished' end
redis.call('LTRIM', KEYS[1], 0, 0)
redis.call('HSET', KEYS[2], 'epoch', ARGV[1] + 1, 'fence', tonumber(h[2] or 0) + 1)
redis.call('HSET', KEYS[2], 'owner', '', 'expires', 0, 'status', 'idle', 'snapshot', 0, 'tail', 0)
redis.call('DEL', KEYS[3], KEYS[4], KEYS[5], KEYS[6])
redis.call('PUBLISH', KEYS[2], 'event')
return 'reset'
"""


class Rating(BaseModel):
    """A customer's judgement of one turn, with the turn as it was. Rating a turn again replaces the rating."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1  # of the stored record; another number is refused
    id: str
    session: str
    epoch: int
    turn: int  # number of the turn's UserSaid event
    rating: Literal["up", "down"]
    comment: str | None = None
    correction: str | None = None
    user: str
    spec: str
    document: str
    consent: bool
    events: tuple[dict[str, Any], ...]
    created: int  # epoch ms
    locale: str = "en"  # of the session; ratings from before do not say
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class RatedTurn:
    started: dict[str, Any]
    epoch: int
    events: tuple[dict[str, Any], ...]


async def read_turn(redis: Redis, tenant: str, user: str, session: str, turn: int) -> RatedTurn:
    """A finished turn of this user's session, with the session's first event. One transaction: a reset comes before or after it."""
    events, head, *_ = session_keys(tenant, session)
    async with redis.pipeline(transaction=True) as pipe:
        pipe.lindex(events, 0)
        pipe.hget(head, "epoch")
        pipe.lrange(events, turn, turn + LONGEST_TURN)
        first, epoch, rest = await pipe.execute()
    if first is None:
        raise NotFound(f"there is no session {session}", code="session_not_found")
    started = orjson.loads(first)
    if started["user"] != user:
        raise NotFound(f"there is no such turn in a session {session} of yours", code="turn_not_found")
    return RatedTurn(started, int(epoch or 0), whole_turn([orjson.loads(each) for each in rest], turn))


def whole_turn(events: Sequence[dict[str, Any]], number: int) -> tuple[dict[str, Any], ...]:
    """From the customer's message up to their next one."""
    if not events or events[0]["type"] != "UserSaid":
        raise NotFound(f"event {number} does not begin a turn of this session", code="turn_not_found")
    end = next((at for at, event in enumerate(events[1:], 1) if event["type"] == "UserSaid"), len(events))
    turn = tuple(event for event in events[:end] if event["type"] != "Snapshot")
    if not any(event["type"] in ("Replied", "TurnFailed") for event in turn):
        raise Conflict("this turn has not ended yet; rate it when the answer is there", code="turn_not_ended")
    return turn


async def save(redis: Redis, tenant: str, rating: Rating, lifetime: int, longest: int | None = None) -> None:
    """`lifetime` in seconds; `longest`: of any rating, earlier ones among them, unless the operator has lowered it since.

    The session's own list of its ratings comes first: by it the engine finds the copies when it erases the session. No list's end comes earlier than
    it was: it may name copies from before.
    """
    index, own, record = key(tenant, "ratings"), key(tenant, "session", rating.session, "ratings"), key(tenant, "rating", rating.id)
    longest = longest or lifetime
    async with redis.pipeline(transaction=False) as pipe:
        pipe.sadd(own, rating.id)
        pipe.eval(LENGTHEN, 1, own, longest)
        pipe.set(record, rating.model_dump_json(), ex=lifetime)
        pipe.zadd(index, {rating.id: rating.created})
        pipe.eval(LENGTHEN, 1, index, longest)
        pipe.exists(session_keys(tenant, rating.session)[0])
        there = (await pipe.execute())[-1]
    if not there:  # erased while this was written
        for each in (own, record):
            await redis.delete(each)
        await redis.zrem(index, rating.id)
        raise NotFound(f"there is no session {rating.session}", code="session_not_found")
    await prune(redis, tenant, rating.created - longest * 1000)


async def find(redis: Redis, tenant: str, identifier: str) -> Rating:
    try:
        record = await redis.get(key(tenant, "rating", identifier))
    except ValueError:
        record = None
    if record is None:
        raise NotFound(f"There is no rating {identifier[:200]!r}, or no more.", code="rating_not_found")
    return Rating.model_validate_json(record)


async def earlier(redis: Redis, tenant: str, rating: Rating) -> tuple[dict[str, Any], ...]:
    """The session's events before the rated turn; none if it was erased or begun anew since."""
    events, head, *_ = session_keys(tenant, rating.session)
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hget(head, "epoch")
        pipe.lrange(events, 1, max(1, rating.turn - 1))
        epoch, found = await pipe.execute()
    if rating.turn == 1 or int(epoch or 0) != rating.epoch:
        return ()
    return tuple(event for event in map(orjson.loads, found) if event["type"] != "Snapshot")


async def prune(redis: Redis, tenant: str, before: int) -> None:
    """Of the names of ratings that should be gone by now, those that are."""
    index = key(tenant, "ratings")
    names: list[Any] = await redis.zrangebyscore(index, "-inf", before, start=0, num=PRUNED)
    for name in names:
        if not await redis.exists(key(tenant, "rating", name.decode())):
            await redis.zrem(index, name)


async def page(redis: Redis, tenant: str, limit: int, after: str | None = None) -> tuple[list[Rating], str | None]:
    """Ratings, newest first, from behind the cursor `after` on; and the next cursor, None at the end."""
    index = key(tenant, "ratings")
    start = await place_of(redis, index, after) if after else 0
    listed: list[Any] = await redis.zrevrange(index, start, start + limit - 1, withscores=True)
    found = [(member.decode(), int(score)) for member, score in listed]
    if not found:
        return [], None
    records = [await redis.get(key(tenant, "rating", name)) for name, _ in found]
    last, score = found[-1]
    return [Rating.model_validate_json(record) for record in records if record], f"{score}.{last}" if len(found) == limit else None


async def place_of(redis: Redis, index: str, cursor: str) -> int:
    """Behind the cursor's rating, also when newer ones came in front; if it is gone, behind its time."""
    score, _, name = cursor.partition(".")
    if not (score.isascii() and score.isdigit()) or not name:
        raise NotFound("this cursor is not one of ours; begin again without it", code="cursor_unknown")
    rank: Any = await redis.zrevrank(index, name)  # without a score: a number or None
    return rank + 1 if rank is not None else int(await redis.zcount(index, f"({score}", "+inf"))


async def reset(redis: Redis, tenant: str, session: str, epoch: int) -> None:
    """Begins the session anew: its first event stays, all else goes."""
    answer = await redis.eval(RESET, len(PARTS), *session_keys(tenant, session), epoch)
    if answer == b"busy":
        raise SessionBusy("the rating was kept; the session was not reset, since a turn of it is running. Try again when it has ended.")
    if answer == b"unfinished":
        detail = "the rating was kept; the session was not reset, since a worker left a turn of it unfinished. Another goes on; try again after that."
        raise SessionBusy(detail)
    if answer != b"reset":
        raise Conflict("the rating was kept; the session was reset or removed by somebody else", code="session_changed")


def session_keys(tenant: str, session: str) -> list[str]:
    try:
        return [key(tenant, "session", session, part) for part in PARTS]
    except ValueError:
        raise NotFound("there is no such session", code="session_not_found") from None
