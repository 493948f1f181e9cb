"""A tenant's limits across workers, on a real Redis. Times are Redis's own, so the past is written and not waited for."""

import asyncio
import json
import sys

import pytest
from redis.asyncio import Redis

from engine.budget import Cost
from engine.quota import Held, Item, Quota
from runtime.limits import Limits
from runtime.redis import key
from tests.line import ROOT

LIFE = 60_000
LIMIT = 30_000
ONE = 700  # tokens a call uses, of the 1,000 that are held for it


def name(part: str) -> str:
    return key("t", "limits", "now", part)


@pytest.fixture
def quota(redis: Redis, one_day: None) -> Quota:
    return Quota(redis)


async def settle(quota: Quota, *items: Item, ticket: str = "") -> None:
    step = quota.settlement("t", items, ticket)
    await quota.redis.eval(step.script, len(step.keys), *step.keys, *step.args)


async def test_messages_in_a_minute_are_counted_once_each(quota: Quota, redis: Redis) -> None:
    two = Limits(messages_per_minute=2)
    assert [(await quota.admit("t", each, two, LIFE))[0] for each in ("a", "b", "a", "b")] == ["new", "new", "again", "again"]
    word, wait = await quota.admit("t", "c", two, LIFE)
    assert word == "messages"
    assert 0 < wait <= 60_000
    assert await redis.zcard(name("minute")) == 2
    assert (await quota.admit("other", "c", two, LIFE))[0] == "new"
    await redis.zadd(name("minute"), {"a": 1})
    assert (await quota.admit("t", "c", two, LIFE))[0] == "new"


async def test_of_turns_at_once_one_more_begins_when_one_has_ended(quota: Quota) -> None:
    one = Limits(turns_at_once=1)
    assert (await quota.admit("t", "a", one, LIFE))[0] == "new"
    assert (await quota.admit("t", "b", one, LIFE))[0] == "turns"
    await settle(quota, ticket="a")
    assert (await quota.admit("t", "b", one, LIFE))[0] == "new"
    await quota.withdraw("t", "b")
    assert (await quota.admit("t", "c", one, LIFE))[0] == "new"


async def test_a_turn_that_nobody_ended_counts_no_longer_than_a_turn_can_last(quota: Quota) -> None:
    one = Limits(turns_at_once=1)
    assert (await quota.admit("t", "a", one, 1))[0] == "new"
    async with asyncio.timeout(5):
        while (await quota.admit("t", "b", one, LIFE))[0] != "new":
            pass


@pytest.mark.parametrize(("limits", "word"), [(Limits(tokens_per_day=100), "tokens"), (Limits(dollars_per_day=0.000_000_1), "money")])
async def test_what_a_day_has_used_counts_until_midnight(quota: Quota, redis: Redis, limits: Limits, word: str) -> None:
    await settle(quota, Item("a", Cost(1, 0, 60, 40, 100, 0)))
    refused, wait = await quota.admit("t", "m", limits, LIFE)
    assert refused == word
    assert 0 < wait <= 86_400_000
    assert await quota.reserve("t", Held("b", (1, 1)), limits) == word
    await redis.hincrby(name("day"), "day", -1)
    assert (await quota.admit("t", "m", limits, LIFE))[0] == "new"
    assert await quota.reserve("t", Held("b", (1, 1)), limits) == "ok"
    await settle(quota, Item("b", Cost(1, 0, 1, 1, 1, 0), held=(1, 1)))
    assert (await quota.today("t")).used == Cost(1, 0, 1, 1, 1, 0)


async def test_what_is_held_stands_against_another_call_until_it_is_settled(quota: Quota) -> None:
    limits = Limits(tokens_per_day=100)
    assert await quota.reserve("t", Held("a", (100, 0)), limits) == "ok"
    assert await quota.reserve("t", Held("b", (1, 0)), limits) == "tokens held"
    await settle(quota, Item("a", Cost(1, 0, 30, 30), held=(100, 0)))
    assert await quota.reserve("t", Held("b", (1, 0)), limits) == "ok"


async def test_a_settlement_that_is_repeated_counts_once(quota: Quota) -> None:
    limits = Limits(tokens_per_day=100)
    for each in ("a", "b"):
        assert await quota.reserve("t", Held(each, (40, 7)), limits) == "ok"
    for _ in range(3):
        await settle(quota, Item("a", Cost(1, 2, 10, 5, 7, 0), held=(40, 7)), Item("turn", Cost(tool_calls=2), turns=1))
    today = await quota.today("t")
    assert (today.turns, today.used) == (1, Cost(1, 4, 10, 5, 7, 0))
    assert await quota.redis.hgetall(name("sum")) == {b"tokens": b"40", b"money": b"7"}


async def test_a_reservation_whose_worker_died_ends_by_itself_and_what_comes_late_still_counts(quota: Quota, redis: Redis) -> None:
    limits = Limits(tokens_per_day=100)
    assert await quota.reserve("t", Held("a", (100, 0)), limits) == "ok"
    await redis.zadd(name("held"), {"a 100 0": 1})
    assert await quota.reserve("t", Held("b", (100, 0)), limits) == "ok"
    await settle(quota, Item("a", Cost(1, 0, 60, 0), held=(100, 0)))
    assert await redis.hget(name("sum"), "tokens") == b"100"
    assert (await quota.today("t")).used.tokens == 60


async def test_all_that_is_kept_for_it_has_a_lifetime(quota: Quota, redis: Redis) -> None:
    limits = Limits(messages_per_minute=5, turns_at_once=5, tokens_per_day=100)
    await quota.admit("t", "m", limits, LIFE)
    await quota.reserve("t", Held("a", (10, 0)), limits)
    await settle(quota, Item("b", Cost(1, 0, 1, 1)))
    kept = [each async for each in redis.scan_iter("*")]
    assert len(kept) == 6
    assert all([await redis.ttl(each) > 0 for each in kept])


async def spenders(url: str, count: int, loops: int, hold: int) -> list[dict[str, int]]:
    """As many turns at once in each of several processes, each of which asks its model until it is refused."""
    command = [sys.executable, "-m", "tests.engine.spenders", json.dumps({"url": url, "turns": count, "limit": LIMIT, "one": ONE, "hold": hold})]
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    started = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, **pipes) for _ in range(loops)]  # type: ignore[arg-type]
    for each in started:
        assert await each.stdout.readline() == b"ready\n"  # type: ignore[union-attr]
    return [json.loads(out) for out, _ in await asyncio.gather(*(each.communicate(b"go\n") for each in started))]


async def test_a_thousand_turns_at_once_pass_a_days_tokens_by_one_model_call_at_most(quota: Quota, redis_url: str) -> None:
    found = await spenders(redis_url, 500, 2, hold=1_000)
    used = (await quota.today("t")).used
    assert sum(each["tokens"] for each in found) == used.tokens == used.model_calls * ONE
    assert LIMIT <= used.tokens < LIMIT + ONE
    assert [each["refused"] for each in found] == [500] * 2


async def test_without_reservations_they_would_pass_it_by_far(quota: Quota, redis_url: str) -> None:
    """That the test above can fail: looking only at what was used lets through all that are under way."""
    await spenders(redis_url, 200, 1, hold=0)
    assert (await quota.today("t")).used.tokens > LIMIT + 10 * ONE
