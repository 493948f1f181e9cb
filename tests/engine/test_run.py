"""The loop around a turn: what a stopping worker hands back, and what a reset makes of old answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import orjson
import pytest
from redis.asyncio import Redis

from demo.product import Fault
from engine.accept import Incoming, product
from engine.artifacts import Artifact
from engine.events import CallReturned, ModelReplied, Result, ToolCall, UserSaid
from engine.run import heartbeat, load_bodies
from engine.store import Accepted, Extra, SessionStore
from engine.work import Run
from engine.worker import drain
from feedback.store import reset
from runtime.errors import ParlanceError, QuestionNotOpen
from runtime.redis import key
from runtime.settings import Settings
from tests.engine.inside import ADA, Inside, inside
from tools.security import load_connection, save_connection


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with inside(settings, redis) as found:
        yield found


async def test_an_answer_to_a_question_from_before_a_reset_answers_nothing(desk: Inside, redis: Redis) -> None:
    (old,) = (await desk.say("Lock the user 'hkim'")).questions()
    await reset(redis, ADA.tenant, desk.session, 0)
    await desk.say("Lock the user 'user1'")
    with pytest.raises(QuestionNotOpen):
        await desk.answer(old, approved=True)
    assert list(desk.product.ledger) == []


async def test_a_stopping_worker_sends_nothing_new_and_hands_its_session_back(desk: Inside, redis: Redis) -> None:
    hold = Fault("hold", "getUser")
    desk.product.faults.append(hold)
    sentence = "Get the user details of 'user1' and create a new user 'user2' with those details"
    begun = await desk.turns.begin(ADA, desk.session, Incoming.model_validate({"id": "m1", "text": sentence}))
    await hold.reached.wait()
    draining = asyncio.create_task(drain(desk.turns))
    await asyncio.sleep(0)
    hold.release.set()
    await draining
    assert begun.task
    assert begun.task.done()
    page = await desk.store.read(ADA.tenant, desk.session)
    assert (page.status, page.left_ms) == ("running", 0)
    assert [e.type for e in page.events][-1] == "CallReturned"
    other = SessionStore(redis, owner="other", lease_ms=1000, lifetime_ms=60_000)
    assert (await other.claim(ADA.tenant, desk.session)).lease.session.turn


async def test_what_an_operation_on_offer_keeps_secret_is_hidden_in_a_question_of_the_model(desk: Inside) -> None:
    said = UserSaid(message_id="m1", text="Create a new user", at=desk.turns.parts.now())
    lease = (await desk.store.accept(ADA.tenant, desk.session, ADA.user, said)).lease
    fields = [{"name": "password", "label": "Which one", "type": "choice", "choices": ["a", "b"]}]
    wish = ToolCall(id="c0_2_0", tool="ask_user", arguments={"question": "Which?", "fields": fields})
    await desk.store.append(lease, [ModelReplied(calls=(wish,))], Extra("running", release=True))
    await desk.turns.resume(ADA.tenant, desk.session)
    await asyncio.wait(desk.turns.tasks)
    assert [field.hidden for question in (await desk.turn()).questions() for field in question.fields] == [True]


async def test_a_session_of_a_newer_format_is_left_as_it_is(desk: Inside, redis: Redis) -> None:
    head = key(ADA.tenant, "session", desk.session, "head")
    await redis.hset(head, "format", 2)
    before = await redis.hgetall(head)
    with pytest.raises(ParlanceError) as refused:
        await desk.say("Show me the user 'user1'")
    assert refused.value.code == "session_format_unknown"
    assert await redis.hgetall(head) == before
    assert await redis.llen(key(ADA.tenant, "session", desk.session, "events")) == 1


RETURNED = {"c2_0": ("done", {"id": 1, "x": "x" * 5000}), "c2_1": ("done", {"id": 2}), "c2_2": ("rejected", {"id": 3}), "c2_3": ("done", {"id": 4})}


async def test_whoever_takes_a_turn_over_finds_the_same_sources_in_the_same_order(desk: Inside, redis: Redis) -> None:
    accepted = await desk.store.accept(ADA.tenant, desk.session, ADA.user, UserSaid(message_id="m1", text="Show me the user 'user1'", at=1))
    assert isinstance(accepted, Accepted)
    first = Run(desk.turns.parts, await product(desk.turns.parts, accepted.lease.session.started), accepted.lease)
    first.add(ModelReplied(calls=tuple(ToolCall(id=name, tool="getUser", arguments={"username": "user1"}) for name in RETURNED)))
    for name, (outcome, data) in reversed(RETURNED.items()):  # as they came back
        first.bodies[name] = data
        whole = len(orjson.dumps(data)) < 4000
        first.artifacts |= {} if whole else {name: Artifact("data", orjson.dumps(data))}
        first.add(CallReturned(call_id=name, outcome=outcome, result=Result(id=name, data=data if whole else None, whole=whole)))
    await first.save("running", release=True)
    lease = (await SessionStore(redis, owner="b", lease_ms=60_000, lifetime_ms=60_000).claim(ADA.tenant, desk.session)).lease
    second = Run(desk.turns.parts, first.product, lease)
    for work in (first, second):
        await load_bodies(work)
        assert list(work.bodies.items()) == [(name, data) for name, (_, data) in RETURNED.items()]


async def test_a_change_that_another_worker_let_pass_is_looked_at_again_before_it_is_sent(desk: Inside, redis: Redis) -> None:
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    desk.turns.leaving = True
    turn = await desk.answer(card, approved=True)
    assert turn.calls[-1].approved
    known = await load_connection(redis, desk.turns.parts.ring, ADA.tenant, desk.connection)
    await save_connection(redis, desk.turns.parts.ring, known.model_copy(update={"base_url": "http://127.0.0.1:1"}))
    desk.turns.leaving = False
    await desk.turns.resume(ADA.tenant, desk.session)
    await asyncio.wait(desk.turns.tasks)
    turn = await desk.turn()
    assert turn.questions()[0].preview.url.startswith("http://127.0.0.1:1/")
    assert not any(call.started for call in turn.calls)


async def test_a_heartbeat_ends_though_it_does_not_hear_that_it_is_cancelled() -> None:
    """As asyncio.wait_for on Python 3.11 when what it waits for ends in the same moment. A lease renewed for ever keeps everybody from the turn."""
    before, renewing = asyncio.all_tasks(), asyncio.Event()

    async def renew() -> None:
        renewing.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    async with heartbeat(renew, 0.001), asyncio.timeout(5):
        await renewing.wait()
    for _ in range(5):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
