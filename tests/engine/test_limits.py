"""What a turn may use, and what a tenant may: a scripted vendor over loopback, a product that answers as it is told, a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from langchain_core.outputs import ChatResult
from redis.asyncio import Redis

from engine import app as sessions
from engine import tenants
from engine.accept import Incoming
from engine.builtin.model import BuiltinModel
from engine.events import CallStarted, Replied, TurnFailed
from engine.quota import Held, Quota
from engine.worker import drain, engine
from runtime.auth import create_key
from runtime.errors import InvalidRequest, SessionBusy, TooMany
from runtime.http import create_app
from runtime.limits import Limits
from runtime.redis import key
from runtime.settings import Settings
from runtime.tenants import ModerationSettings, TenantSettings, save_tenant
from tests.engine.inside import ADA, Inside, told
from tests.tools.product import document
from tests.vendor import Reply, Vendor, Wish, results

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
PAGE = {"name": "page", "in": "query", "schema": {"type": "integer"}}
THINGS = document({
    "/things": {"get": {"operationId": "listThings", "summary": "List things", "parameters": [PAGE]}},
    "/things/{id}": {"delete": {"operationId": "deleteThing", "summary": "Delete a thing", "parameters": [ID]}},
})  # fmt: skip
READ = (1_000, 100)
pytestmark = pytest.mark.usefixtures("one_day")


def reads(request: Any) -> Reply:
    """Looks once and says so."""
    return Reply(text="Here they are.", usage=READ) if results(request) else Reply(calls=[Wish("listThings")], usage=READ)


def reads_for_ever(request: Any) -> Reply:
    """Never twice the same, or it is stopped for that."""
    return Reply(calls=[Wish("listThings", {"page": len(results(request))})], usage=READ)


@asynccontextmanager
async def desks(settings: Settings, redis: Redis, script: Callable[[Any], Any], **more: Any) -> AsyncIterator[tuple[Inside, Vendor]]:
    async with Vendor(script) as vendor:
        scripted = settings.model_copy(update={"model": "compatible:any", "model_url": vendor.url, **more})
        async with told(scripted, redis, THINGS) as desk:
            yield desk, vendor


def priced(desk: Inside, nano: int | None) -> None:
    """As if the table had this price for each token."""
    desk.turns.parts = replace(desk.turns.parts, price=lambda read, written, _: None if nano is None else (read + written) * nano)


async def limited(desk: Inside, **limits: Any) -> None:
    await save_tenant(desk.store.redis, ADA.tenant, TenantSettings(limits=Limits(**limits)))


def reply_of(turn: Any) -> Replied:
    assert isinstance(turn.ended, Replied)
    return turn.ended


@pytest.mark.parametrize(("limits", "words", "calls"), [
    ({"max_model_calls": 2}, "limit of model calls for one turn", 2), ({"max_tool_calls": 1}, "limit of tool calls for one turn", 1),
    ({"turn_tokens": 2_000}, "limit of tokens for one turn", 2), ({"turn_dollars": 0.000_001_1}, "limit of money for one turn", 1),
])  # fmt: skip
async def test_a_turn_ends_at_its_tenants_limit_and_says_which_and_what_was_done(
    settings: Settings, redis: Redis, limits: dict[str, Any], words: str, calls: int
) -> None:
    async with desks(settings, redis, reads_for_ever) as (desk, vendor):
        priced(desk, 1)
        await limited(desk, **limits)
        turn = await desk.say("List things")
    assert words in reply_of(turn).text
    assert [line.outcome for line in reply_of(turn).receipt].count("done") >= 1
    assert len(vendor.requests) == len(turn.replies) == calls
    assert all(call.settled for call in turn.calls)


async def test_the_limit_is_said_in_korean(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, reads_for_ever, turn_tokens=1_000) as (desk, _):
        await desk.begin(locale="ko")
        text = reply_of(await desk.say("목록 보여줘")).text
    assert "토큰 한도" in text


async def test_a_tenant_may_only_be_lower_than_the_operator(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, reads_for_ever, max_model_calls=2) as (desk, vendor):
        await limited(desk, max_model_calls=9)
        await desk.say("List things")
    assert len(vendor.requests) == 2


async def test_time_ends_a_turn_but_not_while_a_question_is_open(settings: Settings, redis: Redis) -> None:
    """The clock is ours: a day passes before the answer, and a minute while the model thinks afterwards."""
    now = [1_790_000_000.0]

    def slow(request: Any) -> Reply:
        if results(request):
            now[0] += 60
            return reads_for_ever(request)
        return Reply(calls=[Wish("deleteThing", {"id": "t1"})], usage=READ)

    async with desks(settings, redis, slow, turn_seconds=30) as (desk, _):
        desk.turns.parts = replace(desk.turns.parts, clock=lambda: now[0])
        (card,) = (await desk.say("Delete thing t1")).questions()
        now[0] += 86_400
        (card,) = (await desk.answer(card, approved=True)).questions()  # the first yes has expired
        turn = await desk.answer(card, approved=True)
    assert "limit of time for one turn" in reply_of(turn).text
    assert [line.outcome for line in reply_of(turn).receipt if line.changing] == ["done"]


async def test_what_a_turn_used_is_in_its_events_and_in_the_tenants_day(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, reads) as (desk, _):
        priced(desk, 3)
        for _ in range(2):
            turn = await desk.say("List things")
        assert [reply.usage.nano_dollars for reply in turn.replies] == [3_300, 3_300]
        today = await desk.turns.parts.quota.today(ADA.tenant)
    assert (today.turns, today.used.model_calls, today.used.tool_calls) == (2, 4, 2)
    assert (today.used.input_tokens, today.used.output_tokens, today.used.nano_dollars, today.used.unpriced) == (4_000, 400, 13_200, 0)


async def test_a_vendor_that_reports_no_usage_counts_with_what_it_can_have_been(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, lambda _: Reply(text="Nothing to do?", usage=None)) as (desk, vendor):
        (reply, *_) = (await desk.say("List things")).replies
    assert reply.usage.estimated
    assert reply.usage.input_tokens >= sum(len(each["content"]) for each in vendor.requests[0].body["messages"])
    assert reply.usage.nano_dollars is None


async def test_the_longest_answer_is_told_to_the_vendor(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, reads, max_reply_tokens=500) as (desk, vendor):
        await desk.say("List things")
    assert {each.body["max_tokens"] for each in vendor.requests} == {500}


@pytest.mark.parametrize(("limits", "words"), [({"tokens_per_day": 1_000}, "tokens for today"), ({"dollars_per_day": 0.000_001}, "money for today")])
async def test_a_turn_ends_when_the_tenants_day_is_used_up_and_no_message_is_taken_in_after_it(
    settings: Settings, redis: Redis, limits: dict[str, Any], words: str
) -> None:
    async with desks(settings, redis, reads) as (desk, vendor):
        priced(desk, 1)
        await limited(desk, **limits)
        turn = await desk.say("List things", "m1")
        assert words in reply_of(turn).text
        assert [line.outcome for line in reply_of(turn).receipt] == ["done"]
        before = await desk.events()
        with pytest.raises(TooMany) as refused:
            await desk.say("List things", "m2")
        assert refused.value.code in ("tokens_used_up", "dollars_used_up")
        assert 0 < refused.value.retry_after <= 86_400
        await desk.send("m1", text="List things")  # known: the same turn, and no refusal
        assert await desk.events() == before
        assert len(vendor.requests) == 1


@pytest.mark.parametrize("later", [{"tokens_per_day": 1_000_000}, {}], ids=["raised", "removed"])
async def test_a_days_limit_that_was_raised_at_another_worker_refuses_no_longer(settings: Settings, redis: Redis, later: dict[str, int]) -> None:
    async with desks(settings, redis, reads) as (desk, _):
        await limited(desk, tokens_per_day=1_000)
        await desk.say("List things", "m1")
        with pytest.raises(TooMany):
            await desk.say("List things", "m2")
        await limited(desk, **later)
        assert "today" not in reply_of(await desk.say("List things", "m2")).text


async def test_a_limit_of_money_lets_nothing_through_that_has_no_price(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, reads) as (desk, vendor):
        await limited(desk, dollars_per_day=1)
        turn = await desk.say("List things")
    assert "the price of the language model is not known" in reply_of(turn).text
    assert vendor.requests == []


async def test_a_model_without_a_price_is_refused_at_start_where_money_is_limited(settings: Settings, redis: Redis) -> None:
    unpriced = settings.model_copy(update={"model": "compatible:any@http://127.0.0.1:1/v1", "dollars_per_day": 5.0})
    with pytest.raises(InvalidRequest, match="PARLANCE_DOLLARS_PER_DAY: the price of compatible:any"):
        async with engine(unpriced, redis):
            pass


async def test_messages_over_the_limit_are_refused_and_repeated_ones_are_not_counted(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, reads, messages_per_minute=2) as (desk, _):
        await desk.say("List things", "m1")
        for _ in range(3):
            await desk.send("m1", text="List things")
        await desk.say("List things", "m2")
        before = await desk.events()
        with pytest.raises(TooMany) as refused:
            await desk.say("List things", "m3")
        assert (refused.value.code, refused.value.status) == ("too_many_messages", 429)
        assert 0 < refused.value.retry_after <= 60
        await desk.send("m1", text="List things")
        assert await desk.events() == before


async def test_a_message_that_a_busy_session_refuses_is_not_counted(settings: Settings, redis: Redis) -> None:
    held = asyncio.Event()
    async with desks(settings, redis, lambda _: Reply(text="Nothing?", until=held), messages_per_minute=2) as (desk, _):
        first = await desk.turns.begin(ADA, desk.session, Incoming(id="m1", text="List things"))
        for message in ("m2", "m3"):
            with pytest.raises(SessionBusy):
                await desk.turns.begin(ADA, desk.session, Incoming(id=message, text="List things"))
        held.set()
        assert first.task
        await asyncio.wait({first.task})
        await desk.say("List things")
        with pytest.raises(TooMany):
            await desk.say("List things")


async def test_of_turns_at_once_the_one_too_many_is_refused_until_another_has_ended(settings: Settings, redis: Redis) -> None:
    held = asyncio.Event()
    async with desks(settings, redis, lambda _: Reply(text="Nothing?", until=held), turns_at_once=1) as (desk, _):
        first = await desk.turns.begin(ADA, desk.session, Incoming(id="m1", text="List things"))
        other = Inside(desk.turns, desk.product, None, document=THINGS)
        await other.begin()
        with pytest.raises(TooMany) as refused:
            await other.send("m1", text="List things")
        assert (refused.value.code, refused.value.retry_after) == ("too_many_turns", 1)
        assert len(await other.events()) == 1
        held.set()
        assert first.task
        await asyncio.wait({first.task})
        assert (await other.say("List things")).ended
        assert await redis.zcard(key(ADA.tenant, "limits", "now", "running")) == 0


async def test_a_turn_whose_session_was_erased_runs_no_longer(settings: Settings, redis: Redis) -> None:
    """What was let in of a minute's messages stays counted: else whoever erases may send more."""
    held = asyncio.Event()
    async with desks(settings, redis, lambda _: Reply(calls=[Wish("listThings")], until=held), turns_at_once=1, messages_per_minute=5) as (desk, _):
        begun = await desk.turns.begin(ADA, desk.session, Incoming(id="m1", text="List things"))
        await desk.store.erase(ADA.tenant, desk.session)
        held.set()
        assert begun.task
        await asyncio.wait({begun.task}, timeout=10)
        assert await redis.zcard(key(ADA.tenant, "limits", "now", "running")) == 0
        assert await redis.zcard(key(ADA.tenant, "limits", "now", "minute")) == 1


@pytest.mark.parametrize("more", [{}, {"tokens_per_day": 50_000}], ids=["", "calls counted one by one"])
async def test_a_turn_that_another_worker_goes_on_with_neither_ends_nor_counts_here(
    settings: Settings, redis: Redis, more: dict[str, int]
) -> None:
    """The append is fenced. The other worker has the turn, and its place among those at once; the question to the model was asked here."""
    held = asyncio.Event()
    async with desks(settings, redis, lambda _: Reply(text="Nothing?", until=held), turns_at_once=1, **more) as (desk, vendor):
        begun = await desk.turns.begin(ADA, desk.session, Incoming(id="m1", text="List things"))
        await redis.hincrby(key(ADA.tenant, "session", desk.session, "head"), "fence", 1)
        held.set()
        assert begun.task
        await asyncio.wait({begun.task}, timeout=10)
        today = await desk.turns.parts.quota.today(ADA.tenant)
        assert (today.turns, today.used.model_calls) == (0, len(vendor.requests) if more else 0)
        assert await redis.zcard(key(ADA.tenant, "limits", "now", "running")) == 1


async def test_the_same_message_twice_at_once_is_one_running_turn(settings: Settings, redis: Redis) -> None:
    held = asyncio.Event()
    async with desks(settings, redis, lambda _: Reply(text="Nothing?", until=held), turns_at_once=1) as (desk, _):
        message = Incoming(id="m1", text="List things")
        await asyncio.gather(*(desk.turns.begin(ADA, desk.session, message) for _ in range(4)))
        assert await redis.zcard(key(ADA.tenant, "limits", "now", "running")) == 1
        held.set()
        await asyncio.wait(desk.turns.tasks)
        await desk.send("m1", text="List things")
        assert await redis.zcard(key(ADA.tenant, "limits", "now", "running")) == 0


async def test_a_step_of_the_model_does_not_wait_for_its_own_reservation(settings: Settings, redis: Redis) -> None:
    """The first wish is refused by the checkpoints, so that nothing is sent between the two questions."""

    def mends(request: Any) -> Reply:
        return Reply(text="Nothing to be done.", usage=READ) if results(request) else Reply(calls=[Wish("noSuchThing")], usage=READ)

    async with desks(settings, redis, mends, tokens_per_day=3_000) as (desk, vendor):
        turn = await desk.say("List things")
        assert len(vendor.requests) == 2
        assert "today" not in reply_of(turn).text


class Watched(Quota):
    """Says when a call has been told to wait."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self.waits = asyncio.Event()

    async def reserve(self, tenant: str, held: Held, limits: Limits) -> str:
        word = await super().reserve(tenant, held, limits)
        if word == "tokens held":
            self.waits.set()
        return word


@asynccontextmanager
async def waiting(settings: Settings, redis: Redis, **more: Any) -> AsyncIterator[tuple[Inside, asyncio.Task[None]]]:
    """A turn that waits for what somebody else has reserved, which nobody settles."""
    async with desks(settings, redis, reads, tokens_per_day=3_000, lease_seconds=60.0, heartbeat=0.05, **more) as (desk, vendor):
        quota = Watched(redis)
        desk.turns.parts = replace(desk.turns.parts, quota=quota)
        await quota.reserve(ADA.tenant, Held("others", (3_000, 0)), Limits(tokens_per_day=3_000))
        begun = await desk.turns.begin(ADA, desk.session, Incoming(id="m1", text="List things"))
        assert begun.task
        async with asyncio.timeout(10):
            await quota.waits.wait()
        yield desk, begun.task
        assert begun.task.done()
        assert vendor.requests == []


async def ended(task: asyncio.Task[None]) -> None:
    async with asyncio.timeout(10):  # less than reservations are waited for
        await asyncio.wait({task})


async def test_who_stops_a_turn_that_waits_for_reservations_is_not_told_of_the_day(settings: Settings, redis: Redis) -> None:
    async with waiting(settings, redis) as (desk, task):
        await desk.turns.cancel(ADA, desk.session)
        await ended(task)
        text = reply_of(await desk.turn()).text
    assert text == "All right. Nothing more is done."


async def test_a_turns_time_is_over_also_while_it_waits_for_reservations(settings: Settings, redis: Redis) -> None:
    async with waiting(settings, redis, turn_seconds=1) as (desk, task):
        await ended(task)
        assert "limit of time for one turn" in reply_of(await desk.turn()).text


async def test_a_stopping_worker_hands_back_a_turn_that_waits_for_reservations(settings: Settings, redis: Redis) -> None:
    async with waiting(settings, redis) as (desk, task):
        await drain(desk.turns)
        await ended(task)
        page = await desk.store.read(ADA.tenant, desk.session)
        assert (page.status, page.left_ms) == ("running", 0)


class Faulty(BuiltinModel):
    """A fault of ours while the model is asked."""

    async def _agenerate(self, *_: Any, **__: Any) -> ChatResult:
        raise ZeroDivisionError


async def test_a_fault_while_the_model_is_asked_gives_back_what_was_held_for_it(settings: Settings, redis: Redis) -> None:
    async with desks(settings, redis, reads, tokens_per_day=50_000) as (desk, _):
        desk.turns.parts = replace(desk.turns.parts, model=Faulty())
        assert isinstance((await desk.say("List things")).ended, TurnFailed)
        assert await redis.hget(key(ADA.tenant, "limits", "now", "sum"), "tokens") == b"0"
        assert (await desk.turns.parts.quota.today(ADA.tenant)).used.model_calls == 0


async def test_a_fault_after_the_model_has_answered_counts_what_it_used(settings: Settings, redis: Redis) -> None:
    async def faulty(_: Sequence[str]) -> tuple[str, ...]:
        raise ZeroDivisionError

    async with desks(settings, redis, reads, tokens_per_day=50_000) as (desk, vendor):
        desk.turns.parts = replace(desk.turns.parts, flagged=faulty)
        await save_tenant(redis, ADA.tenant, TenantSettings(moderation=ModerationSettings(by="openai")))
        assert isinstance((await desk.say("List things")).ended, TurnFailed)
        used = (await desk.turns.parts.quota.today(ADA.tenant)).used
        assert (used.model_calls, used.tokens) == (len(vendor.requests), len(vendor.requests) * sum(READ)) == (2, 2 * sum(READ))
        assert await redis.hget(key(ADA.tenant, "limits", "now", "sum"), "tokens") == b"0"


async def test_who_waits_for_an_answer_does_not_count_as_a_running_turn(settings: Settings, redis: Redis) -> None:
    def asks(request: Any) -> Reply:
        return Reply(text="Done?") if results(request) else Reply(calls=[Wish("deleteThing", {"id": "t1"})])

    async with desks(settings, redis, asks, turns_at_once=1) as (desk, _):
        (card,) = (await desk.say("Delete thing t1")).questions()
        other = Inside(desk.turns, desk.product, None, document=THINGS)
        await other.begin()
        await other.say("Delete thing t1")
        turn = await desk.answer(card, approved=True)
        assert [event for _, event in turn.trail if isinstance(event, CallStarted)]
        assert await redis.zcard(key(ADA.tenant, "limits", "now", "running")) == 0


async def test_turns_of_several_workers_pass_a_days_tokens_by_one_call_at_most(settings: Settings, redis: Redis) -> None:
    """Whole turns: two workers, sixty sessions at once. What is held by one is waited for by the others."""
    limit = 30_000
    async with desks(settings, redis, reads, tokens_per_day=limit, max_reply_tokens=200) as (desk, vendor), AsyncExitStack() as stack:
        second = await stack.enter_async_context(engine(desk.turns.parts.settings, redis))
        places = [Inside((desk.turns, second)[n % 2], desk.product, None, document=THINGS) for n in range(60)]
        for place in places:
            await place.begin()
        ends = await asyncio.gather(*(place.say("List things") for place in places), return_exceptions=True)
    used = len(vendor.requests) * sum(READ)
    assert limit - sum(READ) < used < limit + sum(READ)
    stopped = [end for end in ends if isinstance(end, TooMany) or "tokens for today" in reply_of(end).text]
    assert 0 < len(stopped) < 60


async def test_no_limit_costs_no_round_trip(settings: Settings, redis: Redis) -> None:
    """Nothing is counted of messages, and nothing reserved, for whoever has no limits."""
    async with desks(settings, redis, reads) as (desk, _):
        await desk.say("List things")
        kept = {each.decode().rpartition(":")[2] async for each in redis.scan_iter("*limits:now*")}
    assert kept == {"day", "counted"}


@asynccontextmanager
async def served(settings: Settings, redis: Redis) -> AsyncIterator[tuple[httpx.AsyncClient, Inside]]:
    async with desks(settings, redis, reads) as (desk, _):
        app = create_app("test", [sessions.router, tenants.router])
        app.state.redis, app.state.settings, app.state.turns = redis, settings, desk.turns
        headers = {"Authorization": f"Bearer {await create_key(redis, ADA.tenant, ADA.user, ('chat', 'admin'))}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=headers) as http:
            yield http, desk


async def test_a_tenant_sets_its_limits_and_sees_what_its_day_and_its_turns_used(settings: Settings, redis: Redis) -> None:
    async with served(settings, redis) as (http, desk):
        assert (await http.put("/v1/settings", json={"limits": {"messages_per_minute": 1}})).status_code == 200
        path = f"/v1/sessions/{desk.session}"
        assert (await http.post(f"{path}/messages", json={"id": "m1", "text": "List things"})).status_code == 200
        refused = await http.post(f"{path}/messages", json={"id": "m2", "text": "List things"})
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_messages")
        assert 0 < int(refused.headers["retry-after"]) <= 60
        used = {"model_calls": 2, "tool_calls": 1, "input_tokens": 2_000, "output_tokens": 200, "dollars": None}
        assert (await http.get(path)).json()["usage"] == [{"turn": 1, **used}]
        today = (await http.get("/v1/usage")).json()
        assert {name: today[name] for name in used} == used
        assert today["turns"] == 1
        assert today["limits"]["messages_per_minute"] == 1
        assert today["limits"]["max_model_calls"] == settings.max_model_calls


async def test_what_cannot_be_kept_is_refused_when_it_is_set(settings: Settings, redis: Redis) -> None:
    async with served(settings, redis) as (http, _):
        wrong = (("max_model_calls", 99, "limit_too_high"), ("turn_dollars", 1, "price_unknown"), ("turn_tokens", 0, "invalid_request"))
        for name, value, code in wrong:
            answer = await http.put("/v1/settings", json={"limits": {name: value}})
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert (await http.get("/v1/settings")).json()["limits"]["max_model_calls"] is None


async def test_only_an_admin_sees_what_was_used(settings: Settings, redis: Redis) -> None:
    async with served(settings, redis) as (http, _):
        chat = {"Authorization": f"Bearer {await create_key(redis, ADA.tenant, ADA.user, ('chat',))}"}
        assert (await http.get("/v1/usage", headers=chat)).status_code == 403
