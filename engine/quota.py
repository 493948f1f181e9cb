"""A tenant's limits across all workers, in Redis: messages in a minute, turns at once, what a day has used. Each step is one script, by its clock.

Keys of a tenant, in one cluster slot apart from its sessions: day (hash: what was used since midnight UTC) · held (sorted set: "id tokens nano"
of model calls under way, by when the reservation ends) · sum (hash: what is held) · counted (sorted set: ids of what was counted, for two
minutes) · minute (sorted set: messages let in) · running (sorted set: messages whose turn runs, by when it must have ended).
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from redis.asyncio import Redis

from engine.budget import Cost
from engine.store import Step
from runtime.limits import Limits
from runtime.prices import NANO
from runtime.redis import key, run_script

NAMES = ("turns", *(each.name for each in fields(Cost)))
Admitted: TypeAlias = Literal["new", "again", "messages", "turns", "tokens", "money"]
EPOCH = date(1970, 1, 1)
HOLD_MS = 120_000  # longer than a model is asked (runtime/models.py, Patience): then its worker is gone

_TODAY = """
local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
local today, left = math.floor(now / 86400000), 86400000 - now % 86400000
local function used(day, name) return redis.call('HGET', day, 'day') == tostring(today) and tonumber(redis.call('HGET', day, name) or 0) or 0 end
local function tokens(day) return used(day, 'input_tokens') + used(day, 'output_tokens') end
local function give_back(sum, held)
  local read, nano = string.match(held, '(%d+) (%d+)$')
  redis.call('HINCRBY', sum, 'tokens', 0 - read)
  redis.call('HINCRBY', sum, 'money', 0 - nano)
end
"""
# KEYS: minute, running, day. ARGV: ticket, limits (0: none) of messages, turns, tokens and money, ms after which a turn has ended. What is refused
# is not counted; what was let in before is let in again.
ADMIT = _TODAY + """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) or redis.call('ZSCORE', KEYS[2], ARGV[1]) then return {'again', 0} end
local messages, turns, most, money = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if most > 0 and tokens(KEYS[3]) >= most then return {'tokens', left} end
if money > 0 and used(KEYS[3], 'nano_dollars') >= money then return {'money', left} end
if turns > 0 and redis.call('ZCARD', KEYS[2]) >= turns then return {'turns', 1000} end
if messages > 0 and redis.call('ZCARD', KEYS[1]) >= messages then
  return {'messages', redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] + 60000 - now}
end
if messages > 0 then redis.call('ZADD', KEYS[1], now, ARGV[1]); redis.call('PEXPIRE', KEYS[1], 60000) end
if turns > 0 then redis.call('ZADD', KEYS[2], now + ARGV[6], ARGV[1]); redis.call('PEXPIRE', KEYS[2], ARGV[6]) end
return {'new', 0}
"""
# KEYS: day, held, sum. ARGV: id, tokens and money of the call at most, limits (0: none), ms the reservation holds. One more call is let through
# while less than the limit is used or held, so that the last one is the only one that can pass it.
RESERVE = _TODAY + """
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('ZREM', KEYS[2], member)
  give_back(KEYS[3], member)
end
local most, money = tonumber(ARGV[4]), tonumber(ARGV[5])
local tokens_used, money_used = tokens(KEYS[1]), used(KEYS[1], 'nano_dollars')
if most > 0 and tokens_used >= most then return 'tokens' end
if money > 0 and money_used >= money then return 'money' end
local held = redis.call('HMGET', KEYS[3], 'tokens', 'money')
if most > 0 and tokens_used + (tonumber(held[1]) or 0) >= most then return 'tokens held' end
if money > 0 and money_used + (tonumber(held[2]) or 0) >= money then return 'money held' end
if redis.call('ZADD', KEYS[2], now + ARGV[6], ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3]) == 1 then
  redis.call('HINCRBY', KEYS[3], 'tokens', ARGV[2])
  redis.call('HINCRBY', KEYS[3], 'money', ARGV[3])
end
redis.call('PEXPIRE', KEYS[2], ARGV[6])
redis.call('PEXPIRE', KEYS[3], ARGV[6])
return 'ok'
"""
# KEYS: day, held, sum, counted, running. ARGV: ticket of a turn that runs no longer or '', then for each item: id, what is held for it ('' or
# 'tokens nano'), and what it used in the order of NAMES. An item that was counted is not counted again: an append may be repeated.
SETTLE = _TODAY + """
local names = {%s}
if redis.call('HGET', KEYS[1], 'day') ~= tostring(today) then redis.call('DEL', KEYS[1]); redis.call('HSET', KEYS[1], 'day', today) end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - 120000)
for i = 2, #ARGV, #names + 2 do
  if redis.call('ZADD', KEYS[4], 'NX', now, ARGV[i]) == 1 then
    for n, name in ipairs(names) do
      if ARGV[i + 1 + n] ~= '0' then redis.call('HINCRBY', KEYS[1], name, ARGV[i + 1 + n]) end
    end
    if ARGV[i + 1] ~= '' and redis.call('ZREM', KEYS[2], ARGV[i] .. ' ' .. ARGV[i + 1]) == 1 then give_back(KEYS[3], ARGV[i + 1]) end
  end
end
redis.call('PEXPIRE', KEYS[1], 172800000)
redis.call('PEXPIRE', KEYS[4], 120000)
if ARGV[1] ~= '' then redis.call('ZREM', KEYS[5], ARGV[1]) end
return 'ok'
""" % ", ".join(f"'{name}'" for name in NAMES)  # noqa: UP031 - Lua is full of braces
READ = _TODAY + """
return {today, redis.call('HGET', KEYS[1], 'day') == tostring(today) and redis.call('HGETALL', KEYS[1]) or {}}
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What one question to a model may use at most, reserved under an id of its own."""

    id: str
    most: tuple[int, int]  # tokens, billionths of a dollar


@dataclass(frozen=True, slots=True)
class Item:
    """What is counted once: of one model call, or of one turn's end."""

    id: str
    used: Cost
    turns: int = 0
    held: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Today:
    day: date
    turns: int
    used: Cost


class Quota:
    def __init__(self, redis: "Redis") -> None:
        self.redis = redis
        self._scripts = {text: redis.register_script(text) for text in (ADMIT, RESERVE, READ)}

    async def admit(self, tenant: str, ticket: str, limits: Limits, ends_ms: int) -> tuple[Admitted, int]:
        """The word, and for a refusal the milliseconds until it is worth another try."""
        bounds = [limits.messages_per_minute or 0, limits.turns_at_once or 0, limits.tokens_per_day or 0, nano(limits.dollars_per_day) or 0]
        word, wait = await self._run(ADMIT, _keys(tenant, "minute", "running", "day"), [ticket, *bounds, ends_ms])
        return word.decode(), int(wait)

    async def withdraw(self, tenant: str, ticket: str) -> None:
        """A message that was let in and not kept was none."""
        async with self.redis.pipeline(transaction=False) as pipe:
            for name in _keys(tenant, "minute", "running"):
                pipe.zrem(name, ticket)
            await pipe.execute()

    async def left(self, tenant: str, ticket: str) -> None:
        """The turn runs no longer, and was a message all the same."""
        await self.redis.zrem(_keys(tenant, "running")[0], ticket)

    async def reserve(self, tenant: str, held: Held, limits: Limits) -> str:
        """ "ok", or what stands against it: "tokens" or "money" are used up, or ("tokens held") only reserved by calls that are still under way."""
        args = [held.id, *held.most, limits.tokens_per_day or 0, nano(limits.dollars_per_day) or 0, HOLD_MS]
        word: bytes = await self._run(RESERVE, _keys(tenant, "day", "held", "sum"), args)
        return word.decode()

    def settlement(self, tenant: str, items: Sequence[Item], ticket: str = "") -> Step:
        """Goes beside an append of the session, in the same round trip."""
        args: list[Any] = [ticket]
        for item in items:
            args += [item.id, "{} {}".format(*item.held) if item.held else "", item.turns, *astuple(item.used)]
        return Step(SETTLE, _keys(tenant, "day", "held", "sum", "counted", "running"), tuple(args))

    async def today(self, tenant: str) -> Today:
        day, raw = await self._run(READ, _keys(tenant, "day"), [])
        found = dict(zip((name.decode() for name in raw[::2]), map(int, raw[1::2]), strict=True))
        used = Cost(**{each.name: found.get(each.name, 0) for each in fields(Cost)})
        return Today(EPOCH + timedelta(days=int(day)), found.get("turns", 0), used)

    async def _run(self, script: str, keys: Sequence[str], args: Sequence[Any]) -> Any:
        return await run_script(self.redis, self._scripts[script], keys, args)


def nano(dollars: float | None) -> int | None:
    return None if dollars is None else max(1, round(dollars * NANO))


@lru_cache(maxsize=4096)
def _keys(tenant: str, *parts: str) -> tuple[str, ...]:
    return tuple(key(tenant, "limits", "now", part) for part in parts)
