"""Two workers on one session: the scripts on a real Redis."""

import asyncio

import pytest
from redis.asyncio import Redis

from engine.context import snapshot
from engine.events import CallReturned, Event, ModelReplied, Replied, SessionStarted, UserSaid
from engine.scripts import ARTIFACTS
from engine.session import Session
from engine.store import Accepted, Extra, Known, Lease, SessionStore
from runtime.errors import LeaseLost, NotFound, SessionBusy

STARTED = SessionStarted(document="d", spec="sp", tenant="t", user="u")
IDLE = Extra("idle", release=True)


def worker(redis: Redis, name: str, lease_ms: int = 5000) -> SessionStore:
    return SessionStore(redis, owner=name, lease_ms=lease_ms, lifetime_ms=60_000)


def said(message_id: str) -> UserSaid:
    return UserSaid(message_id=message_id, text=message_id)


async def accepted(store: SessionStore, message_id: str) -> Lease:
    found = await store.accept("t", "s", "u", said(message_id))
    assert isinstance(found, Accepted)
    assert found.state == "accepted"
    return found.lease


async def test_a_message_is_accepted_once_and_known_afterwards(redis: Redis) -> None:
    store = worker(redis, "a")
    await store.create("s", STARTED)
    lease = await accepted(store, "m1")
    assert lease.session.turn is not None
    assert lease.session.turn.number == 1
    assert await store.accept("t", "s", "u", said("m1")) == Known(1, 0, running=True, left=False)
    await store.append(lease, [Replied(text="ok")], IDLE)
    assert await worker(redis, "b").accept("t", "s", "u", said("m1")) == Known(1, 0, running=False, left=False)


async def test_a_second_message_is_refused_while_a_turn_runs_and_nothing_of_it_is_kept(redis: Redis) -> None:
    store = worker(redis, "a")
    await store.create("s", STARTED)
    lease = await accepted(store, "m1")
    with pytest.raises(SessionBusy):
        await worker(redis, "b").accept("t", "s", "u", said("m2"))
    with pytest.raises(SessionBusy):
        await worker(redis, "b").claim_for("t", "s", "u", "m2")
    with pytest.raises(SessionBusy):
        await worker(redis, "b").claim("t", "s")
    await store.append(lease, [Replied(text="ok")], IDLE)
    assert (await accepted(worker(redis, "b"), "m2")).session.length == 4


async def test_of_two_workers_only_the_one_with_the_newer_fence_may_append(redis: Redis) -> None:
    first, second = worker(redis, "a", lease_ms=1), worker(redis, "b")
    await first.create("s", STARTED)
    old = await accepted(first, "m1")
    new = await taken_over(second)
    with pytest.raises(LeaseLost):
        await first.append(old, [Replied(text="old")], IDLE)
    with pytest.raises(LeaseLost):
        await first.renew(old)
    done = await second.append(new, [Replied(text="new")], IDLE)
    assert [e.text for e in (await second.read("t", "s")).events if isinstance(e, Replied)] == ["new"]
    assert done.session.length == 3


async def taken_over(store: SessionStore) -> Lease:
    while True:
        try:
            return (await store.claim("t", "s")).lease
        except SessionBusy:
            await asyncio.sleep(0)


async def test_an_append_whose_answer_was_lost_is_repeated_without_a_second_event(redis: Redis) -> None:
    store = worker(redis, "a")
    await store.create("s", STARTED)
    lease = await accepted(store, "m1")
    step = [ModelReplied(text="x")]
    once = await store.append(lease, step, Extra())
    assert (await store.append(lease, step, Extra())).session == once.session
    with pytest.raises(LeaseLost):
        await store.append(lease, [ModelReplied(text="y")], Extra())
    assert len((await store.read("t", "s")).events) == 3


async def test_an_unfinished_turn_of_a_dead_worker_is_gone_on_with_before_a_new_message(redis: Redis) -> None:
    dead = worker(redis, "a", lease_ms=1)
    await dead.create("s", STARTED)
    await accepted(dead, "m1")
    await (await dead.redis.client()).aclose()
    found = None
    while found is None:
        try:
            found = await worker(redis, "b").accept("t", "s", "u", said("m2"))
        except SessionBusy:
            await asyncio.sleep(0)
    assert isinstance(found, Accepted)
    assert found.state == "unfinished"
    assert [t.said.text for t in found.lease.session.turns] == ["m1"]


async def test_a_late_result_waits_in_the_inbox_and_leaves_with_the_append_that_took_it(redis: Redis) -> None:
    first, second = worker(redis, "a", lease_ms=1), worker(redis, "b")
    await first.create("s", STARTED)
    old = await accepted(first, "m1")
    await first.late(old, CallReturned(call_id="c1", outcome="done"), 1)
    dead = await taken_over(worker(redis, "c", lease_ms=1))
    assert len(dead.inbox) == 1  # and wrote nothing of it
    new = await taken_over(second)
    assert len(new.inbox) == 1
    await second.append(new, [Replied(text="ok")], Extra("idle", release=True, inbox_done=1))
    assert (await second.claim("t", "s")).lease.inbox == ()


async def test_what_an_append_writes_beside_events_is_written_with_them(redis: Redis) -> None:
    store = worker(redis, "a")
    await store.create("s", STARTED)
    lease = await accepted(store, "m1")
    await store.append(lease, [Replied(text="ok")], Extra("idle", True, ("m9", 2), {"c1": b"[1]"}, {"secret:x": b"sealed"}))
    assert await store.artifacts("t", "s", ["c1", "c2"]) == {"c1": b"[1]"}
    assert await store.sealed("t", "s", ["secret:x", "secret:y"]) == {"secret:x": b"sealed"}
    assert await store.claim_for("t", "s", "u", "m9") == Known(2, 0, running=False, left=False)


async def test_a_wish_to_stop_reaches_the_worker_with_its_next_append(redis: Redis) -> None:
    store = worker(redis, "a")
    await store.create("s", STARTED)
    lease = await accepted(store, "m1")
    await worker(redis, "b").ask_to_stop("t", "s")
    lease = await store.append(lease, [ModelReplied()], Extra())
    assert lease.stop
    await store.append(lease, [Replied(text="stopped")], IDLE)
    assert not (await accepted(store, "m2")).stop


async def test_every_key_of_a_session_has_a_lifetime_and_erasing_leaves_nothing(redis: Redis) -> None:
    store = worker(redis, "a")
    await store.create("s", STARTED)
    lease = await accepted(store, "m1")
    await store.append(lease, [Replied(text="ok")], Extra("idle", True, None, {"c1": b"1"}, {"h": b"2"}))
    await store.overdue(0)
    names = [name async for name in redis.scan_iter("*")]
    assert len(names) == 6  # five of the session, and the sweep's list
    assert all([await redis.pttl(name) > 0 for name in names])
    await store.erase("t", "s")
    assert [name async for name in redis.scan_iter("*")] == []


async def test_another_tenant_has_no_such_session(redis: Redis) -> None:
    await worker(redis, "a").create("s", STARTED)
    for tenant, session in (("other", "s"), ("t", "other"), ("t", "a:b"), ("t", "")):
        with pytest.raises(NotFound):
            await worker(redis, "a").accept(tenant, session, "u", said("m"))


async def grown(store: SessionStore, turns: int) -> Session:
    session = await store.create("s", STARTED)
    for i in range(turns):
        lease = await accepted(store, f"m{i}")
        end: list[Event] = [ModelReplied(text=str(i)), Replied(text=str(i))]
        session = (await store.append(lease, end, Extra())).session
        due = snapshot(session, {}, 0)
        lease = await store.append(Lease("t", session, lease.fence), [due] if due else [], IDLE)
        session = lease.session
    return session


async def test_a_worker_that_never_saw_a_long_session_loads_its_snapshot_and_tail_only(redis: Redis) -> None:
    known = await grown(worker(redis, "a"), 60)
    fresh = (await accepted(worker(redis, "b"), "next")).session
    assert fresh.past is not None
    assert len(fresh.turns) < 40
    assert (fresh.past, fresh.tail, fresh.turns[:-1]) == (known.past, known.tail, known.turns)


async def test_a_session_keeps_its_newest_artifacts_only(redis: Redis) -> None:
    store = worker(redis, "a")
    await store.create("s", STARTED)
    lease = await accepted(store, "m1")
    for first in range(0, ARTIFACTS + 20, 20):
        made = {f"c0_{number}_0": b"1" for number in range(first, first + 20)}
        lease = await store.append(lease, [ModelReplied(text=str(first))], Extra(artifacts=made))
    kept = sorted(int(name.split(b"_")[1]) for name in await redis.hkeys("parlance:{t:session:s}:artifacts"))
    assert kept == list(range(20, ARTIFACTS + 20))


async def test_a_session_that_is_forgotten_while_it_is_claimed_is_loaded_whole(redis: Redis) -> None:
    """What was sent of it is what follows on the part that was known when it was asked for."""
    store = SessionStore(redis, owner="a", lease_ms=5000, lifetime_ms=60_000, remember=1)

    async def claimed(name: str) -> int:
        lease = (await store.claim("t", name)).lease
        await store.append(lease, [], IDLE)
        return len(lease.session.turns)

    for name in ("s", "x"):
        await store.create(name, STARTED)
        found = await store.accept("t", name, "u", said("m1"))
        assert isinstance(found, Accepted)
        await store.append(found.lease, [Replied(text="ok")], IDLE)
    for order in [("s", "x"), ("x", "s")] * 10:
        await claimed(order[1])
        assert await asyncio.gather(*map(claimed, order)) == [1, 1]
