"""What is taken in of messages and answers, and what is not: refused ones, repeated ones, ones that no JSON reader could give back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from engine.accept import Begun, Incoming
from engine.answers import sealable
from engine.app import _state  # the answer to a message, without HTTP around it
from engine.events import EVENT, QuestionAnswered, Replied, SessionStarted, TurnFailed, UserSaid
from engine.store import OPEN, SessionStore
from engine.worker import sweep
from runtime.errors import NotFound, QuestionNotOpen, SessionBusy, Unavailable
from runtime.redis import key
from runtime.settings import Settings
from tests.engine.inside import ADA, Inside, inside
from tools.security import remove_connection


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with inside(settings, redis) as found:
        yield found


async def test_of_answers_that_are_refused_none_is_kept(desk: Inside) -> None:
    (form,) = (await desk.say("Create a new user")).questions()
    good = {"question_id": form.id, "values": {"username": "carol", "password": "correct horse"}}
    for second in ({"question_id": "q99", "approved": True}, good):
        with pytest.raises(QuestionNotOpen):
            await desk.send(answers=[good, second])
    assert not [e for e in await desk.events() if isinstance(e, QuestionAnswered)]
    assert [q.kind for q in (await desk.answer(form, values=good["values"])).questions()] == ["approval"]


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", [nested(220), 10**30, float("nan"), "x" * 200_000, [["x" * 30_000] * 5], "a\0b", [{"a\0": 1}]])
@pytest.mark.parametrize("field", ["values", "edits"])
def test_an_answer_that_cannot_be_stored_and_read_back_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError):
        Incoming.model_validate({"id": "m", "answers": [{"question_id": "q", field: {"username": value}}]})


@pytest.mark.parametrize(("value", "text"), [("a b", b"a b"), (1234, b"1234"), (True, b"true"), (["a"], b'["a"]')])
def test_a_hidden_answer_is_kept_as_the_text_that_can_be_read_again(value: Any, text: bytes) -> None:
    assert sealable(value) == text


async def test_lone_surrogates_are_replaced_wherever_they_stand(desk: Inside) -> None:
    (form,) = (await desk.say("Create a new user")).questions()
    await desk.answer(form, values={"username": "caro\ud800l", "password": "\ud800correct horse"})
    found = [e.values["username"] for e in await desk.events() if isinstance(e, QuestionAnswered)]
    assert found == ["caro\ufffdl"]
    Incoming.model_validate({"id": "m", "answers": [{"question_id": "q", "values": {"a": [{"\ud800": "\ud800"}]}}]}).model_dump_json()


async def test_the_same_answer_sent_twice_at_once_is_one_answer_for_both(desk: Inside, redis: Redis) -> None:
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    message = Incoming.model_validate({"id": "yes", "answers": [{"question_id": card.id, "approved": True}]})
    both = await asyncio.gather(*(desk.turns.begin(ADA, desk.session, message) for _ in range(2)), return_exceptions=True)
    begun = [each for each in both if isinstance(each, Begun)]
    assert all(isinstance(each, Begun | SessionBusy) for each in both)
    await asyncio.gather(*(each.task for each in begun if each.task))
    again = await desk.turns.begin(ADA, desk.session, message)
    assert again.task is None
    assert [c.operation for c in desk.product.ledger] == ["lockUser"]


@contextlib.asynccontextmanager
async def fence_taken(redis: Redis, head: str) -> AsyncIterator[None]:
    """Again and again, as by other workers."""

    begun, over = asyncio.Event(), asyncio.Event()

    async def take() -> None:
        while not over.is_set():
            await redis.hincrby(head, "fence", 1)
            begun.set()

    async with asyncio.TaskGroup() as taking:
        for _ in range(4):
            taking.create_task(take())
        await begun.wait()
        try:
            yield
        finally:
            over.set()


async def test_an_answer_whose_keeping_is_unknown_is_not_refused_and_counts_once_when_sent_again(desk: Inside, redis: Redis) -> None:
    """A lease that was lost over it does not tell whether another append of the same answer had been written before."""
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    head = key(ADA.tenant, "session", desk.session, "head")
    async with fence_taken(redis, head):
        with pytest.raises(Unavailable):
            await desk.send("yes", answers=[{"question_id": card.id, "approved": True}])
    await redis.hset(head, "expires", 0)
    turn = (await desk.answer(card, "yes", approved=True)).ended
    assert isinstance(turn, Replied)
    assert [c.operation for c in desk.product.ledger] == ["lockUser"]


async def test_a_message_sent_again_later_is_answered_with_its_own_turn(desk: Inside) -> None:
    first = await desk.send("m1", text="Show me the user 'user1'")
    once = await _state(desk.turns, ADA, desk.session, first)
    (card,) = (await desk.say("Lock the user 'hkim'", "m2")).questions()
    asked = await _state(desk.turns, ADA, desk.session, await desk.send("m2", text="Lock the user 'hkim'"))
    await desk.answer(card, approved=True)
    assert await _state(desk.turns, ADA, desk.session, await desk.send("m1", text="Show me the user 'user1'")) == once
    assert once["status"] == "replied"
    again = await _state(desk.turns, ADA, desk.session, await desk.send("m2", text="Lock the user 'hkim'"))
    assert (again["events"], again["status"]) == (asked["events"], "waiting")


async def test_what_a_worker_remembers_is_what_it_stored(desk: Inside) -> None:
    begun = await desk.send(text="Show me the user 'user1'")
    assert begun.work
    assert begun.work.lease.session is begun.work.session
    remembered = await _state(desk.turns, ADA, desk.session, begun)
    begun.work.session = begun.work.lease.session.add(Replied(text="not saved"))
    assert await _state(desk.turns, ADA, desk.session, begun) == remembered


async def test_a_turn_whose_connection_is_gone_ends_and_says_so(desk: Inside, redis: Redis) -> None:
    (card,) = (await desk.say("Lock the user 'hkim'")).questions()
    await remove_connection(redis, ADA.tenant, desk.connection)
    with pytest.raises(NotFound, match="no connection"):
        await desk.answer(card, approved=True)
    assert isinstance((await desk.turn()).ended, TurnFailed)
    turn = await desk.say("Show me the user 'user1'")
    assert isinstance(turn.ended, TurnFailed)
    assert (await desk.store.read(ADA.tenant, desk.session)).status == "idle"


BROKEN = {
    "another version's": [b'{"type":"SessionStarted","format":99}'],
    "out of order": [EVENT.dump_json(SessionStarted(document="d", spec="sp", tenant=ADA.tenant, user=ADA.user)), b'{"type":"ModelReplied"}'],
}


@pytest.mark.parametrize("events", BROKEN.values(), ids=BROKEN)
async def test_a_session_that_cannot_be_read_does_not_keep_the_sweep_from_the_others(desk: Inside, redis: Redis, events: list[bytes]) -> None:
    broken, dead = "s_broken", SessionStore(redis, owner="dead", lease_ms=1, lifetime_ms=60_000)
    await redis.rpush(key(ADA.tenant, "session", broken, "events"), *events)
    await redis.hset(key(ADA.tenant, "session", broken, "head"), mapping={"status": "running", "user": ADA.user, "tail": 0, "snapshot": 0})
    await dead.opened(ADA.tenant, broken, 0)
    await dead.accept(ADA.tenant, desk.session, ADA.user, UserSaid(message_id="m1", text="Show me the user 'user1'", at=desk.turns.parts.now()))
    sweeping = asyncio.create_task(sweep(desk.turns, 0.01))
    async with asyncio.timeout(10):
        while (await desk.store.read(ADA.tenant, desk.session)).status == "running":
            assert not sweeping.done()
            await asyncio.sleep(0.01)
    sweeping.cancel()
    assert await redis.zscore(OPEN, f"{ADA.tenant} {broken}") > desk.turns.parts.now() - 1  # looked at again later
    assert isinstance((await desk.turn()).ended, Replied)
