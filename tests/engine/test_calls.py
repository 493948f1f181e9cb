"""What is said of changing calls whose outcome is not certain, over the example product."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from demo.product import Fault
from engine.accept import Incoming
from engine.calls import pause_after
from engine.events import (
    CallApproved,
    CallReturned,
    CallStarted,
    CallUnknown,
    Event,
    ModelReplied,
    Question,
    QuestionAsked,
    QuestionField,
    Replied,
    ToolCall,
    UserSaid,
)
from engine.store import Accepted, Extra, Lease, SessionStore
from runtime.errors import QuestionNotOpen
from runtime.redis import key
from runtime.settings import Settings
from tests.engine.inside import ADA, Inside, inside
from tests.engine.talk import NOW
from tests.tools.product import Product, run
from tools.call import SOON, Returned
from tools.security import load_connection, save_connection
from tools.tokens import Slot


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    short = settings.model_copy(update={"product_timeout": 0.3})
    async with inside(short, redis) as found:
        yield found


async def test_a_change_that_is_still_being_carried_out_is_not_called_not_executed(desk: Inside) -> None:
    hold = Fault("hold", "lockUser")
    desk.product.faults.append(hold)
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    turn = await desk.answer(card, approved=True)
    hold.release.set()
    assert turn.ended is not None
    assert [line.outcome for line in turn.ended.receipt] == ["unknown"]


@pytest.mark.parametrize("status", [429, 401, 403])
async def test_a_refusal_after_a_lost_answer_does_not_prove_that_nothing_was_done(desk: Inside, status: int) -> None:
    desk.product.faults += [Fault("lose", "lockUser"), *(Fault("refuse", "lockUser", status=status) for _ in range(3))]
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    turn = await desk.answer(card, approved=True)
    assert len(desk.product.ledger) == 1
    assert turn.ended is not None
    assert [line.outcome for line in turn.ended.receipt] == ["unknown"]


@pytest.mark.parametrize(
    ("retry_in", "pauses"),
    [
        (SOON, [0.2, 2.0, 8.0]),  # the product does not say: longer each time, and no longer than one answer is waited for
        (3.0, [3.0, 3.0, 3.0]),
        (0.0, [0.0, 0.0, 0.0]),  # a token that is renewed first, or "Retry-After: 0"
    ],
)
def test_a_change_is_repeated_after_what_the_product_says_and_else_after_longer_each_time(retry_in: float, pauses: list[float]) -> None:
    assert [pause_after(number, Returned("unknown", retry_in=retry_in), 8.0) for number in (1, 2, 3)] == pauses


UNKNOWN: list[Event] = [
    ModelReplied(calls=(ToolCall(id="c2_0", tool="lockUser", arguments={"username": "hkim"}), ToolCall(id="c2_1", tool="ask_user", arguments={}))),
    CallApproved(call_id="c2_0", arguments={"username": "hkim"}),
    CallStarted(call_id="c2_0", key="k"),
    CallUnknown(call_id="c2_0", reason="No answer."),
    QuestionAsked(question=Question(id="q6", kind="values", call="c2_1", text="Why?", fields=(QuestionField(name="why", label="Why", form={}),))),
]


async def waiting_with_an_unknown_change(desk: Inside) -> Lease:
    accepted = await desk.store.accept(ADA.tenant, desk.session, ADA.user, UserSaid(message_id="m1", text="Lock the user 'hkim'", at=NOW))
    assert isinstance(accepted, Accepted)
    return await desk.store.append(accepted.lease, UNKNOWN, Extra("waiting", release=True))


@pytest.mark.parametrize("message", [{"answers": [{"question_id": "q6", "values": {"why": "left"}}]}, {"text": "Show me the user 'user1'"}, None])
async def test_a_late_result_is_taken_up_whoever_claims_next(desk: Inside, message: dict[str, Any] | None) -> None:
    lease = await waiting_with_an_unknown_change(desk)
    await desk.store.late(lease, CallReturned(call_id="c2_0", outcome="done", status=200), 1)
    if message is None:
        await desk.turns.cancel(ADA, desk.session)
    else:
        await desk.send(**message)
    ends = [e for e in await desk.events() if isinstance(e, Replied)]
    assert [line.outcome for line in ends[0].receipt if line.operation == "lockUser"] == ["done"]


async def test_a_late_refusal_of_an_older_attempt_says_nothing_of_the_newer_one(desk: Inside) -> None:
    lease = await waiting_with_an_unknown_change(desk)
    await desk.store.late(lease, CallReturned(call_id="c2_0", outcome="rejected", status=403), 2)
    await desk.turns.cancel(ADA, desk.session)
    (end,) = (e for e in await desk.events() if isinstance(e, Replied))
    assert [line.outcome for line in end.receipt if line.operation == "lockUser"] == ["unknown"]


async def test_a_change_whose_lease_ended_meanwhile_is_reported_late(desk: Inside, redis: Redis) -> None:
    hold = Fault("hold_answer", "lockUser")
    desk.product.faults.append(hold)
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    message = Incoming.model_validate({"id": "yes", "answers": [{"question_id": card.id, "approved": True}]})
    begun = await desk.turns.begin(ADA, desk.session, message)
    await hold.reached.wait()
    await redis.hset(key(ADA.tenant, "session", desk.session, "head"), "expires", 0)  # as if this process had been frozen
    taken = await SessionStore(redis, owner="other", lease_ms=60_000, lifetime_ms=60_000).claim(ADA.tenant, desk.session)
    hold.release.set()
    assert begun.task
    await begun.task
    (late,) = await redis.lrange(key(ADA.tenant, "session", desk.session, "inbox"), 0, -1)
    assert b'"done"' in late
    assert taken.lease.session.turn
    assert taken.lease.session.turn.calls[-1].started


async def test_an_erased_session_does_not_come_back_with_a_late_result_or_a_wish_to_stop(desk: Inside, redis: Redis) -> None:
    lease = await waiting_with_an_unknown_change(desk)
    await desk.store.erase(ADA.tenant, desk.session)
    await desk.store.late(lease, CallReturned(call_id="c2_0", outcome="done"), 1)
    assert not await desk.store.ask_to_stop(ADA.tenant, desk.session)
    assert [name async for name in redis.scan_iter(f"*{desk.session}*")] == []


@pytest.mark.parametrize("item", [b"{", b"[]", b'{"epoch": 0, "attempt": 1, "event": {"call_id": "c2_0", "outcome": "done", "newer": 1}}'])
async def test_a_late_result_that_cannot_be_read_does_not_stop_the_session(desk: Inside, redis: Redis, item: bytes) -> None:
    lease = await waiting_with_an_unknown_change(desk)
    await redis.rpush(key(ADA.tenant, "session", desk.session, "inbox"), item)
    await desk.store.late(lease, CallReturned(call_id="c2_0", outcome="done", status=200), 1)
    await desk.turns.cancel(ADA, desk.session)
    (end,) = (e for e in await desk.events() if isinstance(e, Replied))
    assert [line.outcome for line in end.receipt if line.operation == "lockUser"] == ["done"]


@pytest.mark.parametrize(("moved", "outcome"), [(False, "done"), (True, "unknown")])
async def test_only_the_request_that_was_approved_is_sent_again(desk: Inside, redis: Redis, moved: bool, outcome: str) -> None:
    hold, elsewhere = Fault("hold_answer", "lockUser"), Product()
    desk.product.faults.append(hold)
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    message = Incoming.model_validate({"id": "yes", "answers": [{"question_id": card.id, "approved": True}]})
    begun = await desk.turns.begin(ADA, desk.session, message)
    await hold.reached.wait()
    assert begun.task
    begun.task.cancel()  # the worker dies
    await redis.hset(key(ADA.tenant, "session", desk.session, "head"), "expires", 0)
    runner = await run(elsewhere)
    if moved:
        known = await load_connection(redis, desk.turns.parts.ring, ADA.tenant, desk.connection)
        await save_connection(redis, desk.turns.parts.ring, known.model_copy(update={"base_url": elsewhere.url}))
    hold.release.set()
    await desk.turns.resume(ADA.tenant, desk.session)
    await asyncio.wait(desk.turns.tasks)
    await runner.cleanup()
    turn = await desk.turn()
    assert turn.ended is not None
    assert [line.outcome for line in turn.ended.receipt] == [outcome]
    assert len(desk.product.ledger) < 2  # 0: the first one's connection went before its turn came
    assert elsewhere.seen == []


async def test_a_retry_after_an_unknown_outcome_has_the_same_key_and_the_next_wish_its_own(desk: Inside) -> None:
    async def lock_again(outcome: str) -> str:
        (card,) = (await desk.say("Lock the user 'hkim'")).questions()
        turn = await desk.answer(card, approved=True)
        assert turn.ended
        assert [line.outcome for line in turn.ended.receipt] == [outcome]
        return [e.key for e in await desk.events() if isinstance(e, CallStarted)][-1]

    desk.product.faults += [Fault("lose", "lockUser") for _ in range(3)]
    first = await lock_again("unknown")
    desk.product.faults += [Fault("refuse", "lockUser", status=403)]  # says nothing of the first
    assert await lock_again("rejected") == first
    assert await lock_again("done") == first
    assert len(desk.product.ledger) == 1
    assert await lock_again("rejected") != first  # it is locked: a wish of its own


async def errors(redis: Redis) -> int:
    return sum(int(each["count"]) for each in (await redis.info("errorstats")).values())


@pytest.mark.parametrize("refusal", ["replica", "full"])
async def test_an_answer_of_the_product_outlasts_a_redis_that_takes_no_writes(desk: Inside, redis: Redis, refusal: str) -> None:
    hold = Fault("hold_answer", "lockUser")
    desk.product.faults.append(hold)
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    message = Incoming.model_validate({"id": "yes", "answers": [{"question_id": card.id, "approved": True}]})
    begun = await desk.turns.begin(ADA, desk.session, message)
    await hold.reached.wait()
    assert begun.task
    await (redis.replicaof("127.0.0.1", "1") if refusal == "replica" else redis.config_set("maxmemory", 1))  # type: ignore[no-untyped-call]
    try:
        before = await errors(redis)
        hold.release.set()
        async with asyncio.timeout(10):
            while await errors(redis) == before:
                assert not begun.task.done()
                await asyncio.sleep(0.01)
    finally:
        await redis.replicaof("NO", "ONE")  # type: ignore[no-untyped-call]
        await redis.config_set("maxmemory", 0)
    await begun.task
    turn = await desk.turn()
    assert turn.ended
    assert [line.outcome for line in turn.ended.receipt] == ["done"]


async def test_a_refused_answer_leaves_a_started_change_to_be_reconciled(desk: Inside) -> None:
    accepted = await desk.store.accept(ADA.tenant, desk.session, ADA.user, UserSaid(message_id="m1", text="Lock the user 'hkim'", at=NOW))
    assert isinstance(accepted, Accepted)
    started = [event for event in UNKNOWN if not isinstance(event, CallUnknown)]
    await desk.store.append(accepted.lease, started, Extra("running", release=True))
    with pytest.raises(QuestionNotOpen):
        await desk.send(answers=[{"question_id": "another", "values": {"why": "left"}}])
    assert (await desk.store.read(ADA.tenant, desk.session)).status == "running"


async def test_an_answer_that_redis_would_not_append_is_put_into_the_inbox(desk: Inside, redis: Redis) -> None:
    hold = Fault("hold_answer", "lockUser")
    desk.product.faults.append(hold)
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    message = Incoming.model_validate({"id": "yes", "answers": [{"question_id": card.id, "approved": True}]})
    begun = await desk.turns.begin(ADA, desk.session, message)
    await hold.reached.wait()
    assert begun.task
    # An append needs this command, a late result does not. By name: the client's own `acl_setuser` turns the user off as well.
    await redis.execute_command("ACL", "SETUSER", "default", "-llen")
    try:
        hold.release.set()
        await begun.task
    finally:
        await redis.execute_command("ACL", "SETUSER", "default", "+llen")
    await redis.hset(key(ADA.tenant, "session", desk.session, "head"), "expires", 0)
    await desk.turns.resume(ADA.tenant, desk.session)
    await asyncio.wait(desk.turns.tasks)
    turn = await desk.turn()
    assert turn.ended
    assert [line.outcome for line in turn.ended.receipt] == ["done"]
    assert [e.attempt for e in await desk.events() if isinstance(e, CallStarted)] == [1]  # it was not sent again


async def test_waiting_for_the_token_that_a_dead_worker_was_renewing_costs_no_attempt(settings: Settings, redis: Redis) -> None:
    short = settings.model_copy(update={"lease_seconds": 1.2, "heartbeat": 0.3, "product_timeout": 0.3})
    async with inside(short, redis) as desk:
        (card,) = (await desk.say("Lock the user 'hkim'")).questions()
        assert desk.connection
        await redis.set(Slot(ADA.tenant, desk.connection).key("refreshing"), "somebody who is gone", px=2_500)
        message = Incoming.model_validate({"id": "yes", "answers": [{"question_id": card.id, "approved": True}]})
        begun = await desk.turns.begin(ADA, desk.session, message)
        async with asyncio.timeout(10):
            while not any(isinstance(e, CallStarted) for e in await desk.events()):
                assert begun.task
                await asyncio.sleep(0.01)
        assert begun.task
        begun.task.cancel()
        await asyncio.wait({begun.task})
        await redis.hset(key(ADA.tenant, "session", desk.session, "head"), "expires", 0)
        await desk.turns.resume(ADA.tenant, desk.session)
        await asyncio.wait(desk.turns.tasks)
        assert [e.attempt for e in await desk.events() if isinstance(e, CallStarted)] == [1, 2]
        assert [c.operation for c in desk.product.ledger] == ["lockUser"]
