"""How long a tenant keeps things: within the operator's bounds, from the next event on, and what happens when something is past its time."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import orjson
import pytest
from redis.asyncio import Redis

from engine import app as sessions
from engine import tenants
from engine.artifacts import SMALL, Artifact
from engine.checkpoints import NeedsAnswer, NeedsApproval, check
from engine.events import CallReturned, Replied, Result, SessionStarted, UserSaid
from engine.lifetimes import Lifetimes, lifetimes
from engine.store import Accepted, Extra, Lease, SessionStore
from engine.worker import engine
from runtime.auth import create_key
from runtime.http import create_app
from runtime.redis import key
from runtime.settings import Settings
from runtime.tenants import Retention, TenantSettings, save_tenant
from specs.store import SpecEntry, add_entry, save
from tests.engine.inside import ADA, Inside, inside
from tests.engine.talk import Talk, identity
from tools.settings import DocumentSettings

DAY = 86_400_000
OPERATOR = Lifetimes(30 * DAY)
SHORT = Lifetimes(10 * DAY, artifacts=3 * DAY, sealed=DAY)
BOTH = {"artifacts": {"c1": b"1"}, "sealed": {"secret:1": b"2"}}


@pytest.fixture
def store(redis: Redis) -> SessionStore:
    return SessionStore(redis, owner="a", lease_ms=5_000, lifetime_ms=OPERATOR.session)


async def begun(store: SessionStore, keep: Lifetimes | None = None) -> Lease:
    await store.create("s", SessionStarted(document="d", spec="sp", tenant="t", user="u"), keep)
    return await said(store, "m1")


async def said(store: SessionStore, message: str) -> Lease:
    found = await store.accept("t", "s", "u", UserSaid(message_id=message, text="hello"))
    assert isinstance(found, Accepted)
    return found.lease


async def left(store: SessionStore) -> dict[str, int]:
    """Days until each key of the session goes."""
    names = [name.decode() async for name in store.redis.scan_iter("parlance:{t:session:s}:*")]
    return {name.rpartition(":")[2]: round(await store.redis.pttl(name) / DAY) for name in names}


async def test_a_tenants_shorter_lifetimes_count_from_the_first_event_on(store: SessionStore) -> None:
    lease = await begun(store, SHORT)
    await store.append(lease, [Replied(text="ok")], Extra("idle", release=True, lifetimes=SHORT, **BOTH))
    assert await left(store) == {"events": 10, "head": 10, "seen": 10, "artifacts": 3, "sealed": 1}


async def test_a_session_that_was_there_keeps_its_lifetimes_until_its_next_event(store: SessionStore) -> None:
    lease = await begun(store)
    lease = await store.append(lease, [Replied(text="ok")], Extra("idle", release=True, lifetimes=OPERATOR, **BOTH))
    assert set((await left(store)).values()) == {30}
    lease = await said(store, "m2")
    assert set((await left(store)).values()) == {30}
    await store.append(lease, [Replied(text="ok")], Extra("idle", release=True, lifetimes=SHORT))
    assert await left(store) == {"events": 10, "head": 10, "seen": 10, "artifacts": 3, "sealed": 1}


async def test_what_has_a_shorter_lifetime_is_renewed_by_what_is_written_and_by_nothing_else(store: SessionStore) -> None:
    lease = await begun(store, SHORT)
    await store.append(lease, [Replied(text="ok")], Extra("idle", release=True, lifetimes=SHORT, **BOTH))
    for part in ("artifacts", "sealed", "events"):
        await store.redis.pexpire(key("t", "session", "s", part), DAY // 2)
    lease = await said(store, "m2")
    lease = await store.append(lease, [Replied(text="ok")], Extra(lifetimes=SHORT))
    assert await store.redis.pttl(key("t", "session", "s", "artifacts")) <= DAY // 2
    assert await store.redis.pttl(key("t", "session", "s", "sealed")) <= DAY // 2
    assert (await left(store))["events"] == 10
    lease = await store.append(lease, [], Extra(lifetimes=SHORT, artifacts={"c2": b"1"}))
    assert await store.redis.pttl(key("t", "session", "s", "sealed")) <= DAY // 2
    assert (await left(store))["artifacts"] == 3
    await store.put_artifact("t", "s", "c3", b"1", None)
    assert (await left(store))["artifacts"] == 3


async def test_without_shorter_lifetimes_everything_lives_as_long_as_its_session(store: SessionStore) -> None:
    lease = await begun(store)
    await store.append(lease, [Replied(text="ok")], Extra("idle", release=True, **BOTH))
    for part in ("artifacts", "sealed", "events", "head"):
        await store.redis.pexpire(key("t", "session", "s", part), DAY)
    await said(store, "m2")
    assert set((await left(store)).values()) == {30}


async def test_a_session_of_before_has_its_lifetimes_from_the_next_append(store: SessionStore) -> None:
    await begun(store)
    await store.redis.hdel(key("t", "session", "s", "head"), "keep")
    await store.redis.hset(key("t", "session", "s", "head"), "expires", 0)
    lease = (await store.claim("t", "s")).lease
    assert set((await left(store)).values()) == {30}
    await store.append(lease, [Replied(text="ok")], Extra("idle", release=True, lifetimes=SHORT))
    assert set((await left(store)).values()) == {10}


@pytest.mark.parametrize(
    ("retention", "found"),
    [
        (Retention(), Lifetimes(30 * DAY)),
        (Retention(sessions=10, artifacts=3, secrets=1), SHORT),
        (Retention(sessions=10, artifacts=20), Lifetimes(10 * DAY)),
        (Retention(sessions=90, artifacts=60, secrets=0.5), Lifetimes(30 * DAY, sealed=DAY // 2)),  # the operator has lowered the bound since
    ],
)
def test_no_lifetime_is_longer_than_the_operators_or_the_sessions(retention: Retention, found: Lifetimes) -> None:
    assert lifetimes(retention, Settings(session_days=30)) == found


@pytest.fixture
async def http(redis: Redis, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("test", [tenants.router, sessions.router])
    app.state.redis, app.state.settings = redis, settings
    async with engine(settings, redis) as turns, httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as made:
        app.state.turns = turns
        made.headers["Authorization"] = f"Bearer {await create_key(redis, 't', 'ada', ('admin', 'chat'))}"
        yield made


async def test_a_tenant_may_keep_things_shorter_and_is_told_the_bound_where_it_wants_longer(http: httpx.AsyncClient) -> None:
    refused = await http.put("/v1/settings", json={"retention": {"sessions": 31, "artifacts": 5, "ratings": 366}})
    assert (refused.status_code, refused.json()["code"]) == (422, "retention_too_long")
    assert "sessions at most 30, ratings at most 365" in refused.json()["detail"]
    for wrong in ({"sessions": 0}, {"secrets": 0.001}, {"sessions": -1}, {"events": 5}):
        assert (await http.put("/v1/settings", json={"retention": wrong})).json()["code"] == "invalid_request"
    assert (await http.get("/v1/settings")).json()["retention"]["sessions"] is None
    kept = await http.put("/v1/settings", json={"retention": {"sessions": 30, "secrets": 0.5}})
    assert kept.status_code == 200
    assert (await http.get("/v1/settings")).json() == kept.json()


async def test_a_new_session_has_the_tenants_lifetime(http: httpx.AsyncClient, redis: Redis) -> None:
    await save(redis, "t", identity())
    await add_entry(redis, SpecEntry(id="sp_1", tenant="t", hash=identity().hash, state="ready"))
    await http.put("/v1/settings", json={"retention": {"sessions": 2}})
    made = (await http.post("/v1/sessions", json={"spec_id": "sp_1"})).json()["id"]
    assert 1.9 < await redis.pttl(key("t", "session", made, "events")) / DAY <= 2


async def test_a_result_past_its_time_is_said_to_be_no_longer_kept(http: httpx.AsyncClient, redis: Redis, settings: Settings) -> None:
    async with engine(settings, redis) as other:
        store, artifacts = other.parts.store, other.parts.artifacts
        await store.create("s_1", SessionStarted(document="d", spec="sp", tenant="t", user="ada"))
        found = await store.accept("t", "s_1", "ada", UserSaid(message_id="m", text="m"))
        assert isinstance(found, Accepted)
        body = Artifact("data", orjson.dumps([{"n": n} for n in range(SMALL)]))
        stowed = await artifacts.stow(found.lease, {"c1": body})
        returned = CallReturned(call_id="c1", outcome="done", result=Result(id="c1", whole=False))
        await store.append(found.lease, [returned, Replied(text="ok")], Extra("idle", release=True, artifacts=stowed))
    assert (await http.get("/v1/sessions/s_1/artifacts/c1")).json() == orjson.loads(body.body)
    await redis.delete(key("t", "session", "s_1", "artifacts"))
    gone = await http.get("/v1/sessions/s_1/artifacts/c1")
    assert (gone.status_code, gone.json()["code"]) == (404, "artifact_not_found")
    assert "ask again" in gone.json()["detail"]


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with inside(settings, redis) as found:
        yield found


async def test_a_turn_keeps_what_it_writes_as_long_as_the_tenant_says(desk: Inside, redis: Redis) -> None:
    await save_tenant(redis, ADA.tenant, TenantSettings(retention=Retention(sessions=10, secrets=1)))
    (form,) = (await desk.say("Create a new user called 'carol'")).questions()
    await desk.answer(form, values={"password": "correct horse 7"})
    days = {part: round(await redis.pttl(key(ADA.tenant, "session", desk.session, part)) / DAY) for part in ("events", "head", "sealed")}
    assert days == {"events": 10, "head": 10, "sealed": 1}


async def test_a_secret_past_its_time_is_asked_for_again_and_nothing_is_sent_without_it(desk: Inside, redis: Redis) -> None:
    (form,) = (await desk.say("Create a new user called 'carol'")).questions()
    assert [field.hidden for field in form.fields] == [True]
    (card,) = (await desk.answer(form, values={"password": "correct horse 7"})).questions()
    assert card.kind == "approval"
    await redis.delete(key(ADA.tenant, "session", desk.session, "sealed"))
    (again,) = (await desk.answer(card, approved=True)).questions()
    assert again.kind == "values"
    assert [(field.name, field.hidden) for field in again.fields] == [("password", True)]
    assert not desk.product.ledger
    (anew,) = (await desk.answer(again, values={"password": "another horse 8"})).questions()
    assert anew.kind == "approval"
    turn = await desk.answer(anew, approved=True)
    assert turn.ended
    assert turn.ended.type == "Replied"
    assert [change.body["password"] for change in desk.product.ledger] == ["another horse 8"]


@pytest.mark.parametrize("lost", [True, False])
def test_an_optional_secret_past_its_time_is_not_left_out_of_the_change_either(lost: bool) -> None:
    talk = Talk("Create a user called 'carol'", settings=DocumentSettings(sensitive=("department",)))
    talk.call("createUser", {"username": "carol"})
    talk.answer(password="secret:p1")
    talk.approve({"/department": "secret:d1"})
    facts = talk.facts(talk.last())
    gone = frozenset({"secret:d1"} if lost else ())
    verdict = check(replace(facts, handles=facts.handles - gone, lost=gone))
    assert isinstance(verdict, NeedsAnswer if lost else NeedsApproval)
    assert [field.name for field in verdict.question.fields] == (["department"] if lost else [])
