"""A user's whole life in everything that keeps something, then his erasure and a look at every byte that is left."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from engine import app as sessions
from engine import connections, signin, uploads, users
from engine.artifacts import SMALL, Artifacts
from engine.erasing import erase_user
from engine.store import SessionStore
from engine.worker import engine
from feedback import app as feedback
from preprocess.compile import compile_document
from runtime.auth import BARRED_SECONDS
from runtime.http import create_app
from runtime.redis import key
from runtime.settings import Settings
from specs.store import SpecEntry, add_entry, save
from tests.canaries import found_in, from_bytes, redis_texts
from tests.engine.stage import Stage, document
from tests.tools.authority import Authority, run, walk
from tests.tools.product import Product
from tests.tools.product import run as run_product
from tests.vendor import Reply, Vendor, Wish, results, said
from tools.security import REMOVED, REMOVED_SECONDS
from tools.settings import DocumentSettings
from tools.store import save_settings

USER = {"type": "object", "required": ["name", "password"],
        "properties": {"name": {"type": "string"}, "password": {"type": "string", "format": "password"}}}  # fmt: skip
BODY = {"required": True, "content": {"application/json": {"schema": USER}}}
NAME = [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}]
OPEN: dict[str, Any] = {"responses": {"200": {"description": ""}}, "security": []}
PATHS = {
    "/users/{name}": {"get": {"operationId": "getUser", "summary": "Get a user", "parameters": NAME, **OPEN}},
    "/users": {"post": {"operationId": "createUser", "summary": "Create a user", "requestBody": BODY, **OPEN}},
}


def play(request: Any) -> Reply | str:
    name = said(request).split("'")[1]
    wish = Wish("createUser", {"name": name}) if said(request).startswith("Create") else Wish("getUser", {"name": name})
    return "Done." if results(request) else Reply(calls=[wish])


@dataclass
class Life:
    """What one user left behind; all of it is his alone."""

    user: str
    headers: dict[str, str]
    words: list[str]
    sessions: list[str] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)


@dataclass
class World:
    stage: Stage
    settings: Settings
    product: Product
    shared: str
    folder: Path
    held: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def http(self) -> httpx.AsyncClient:
        return self.stage.http

    async def answer(self, request: web.Request) -> web.Response:
        """Large enough to be an artifact, with what was asked for in it; where the name says so, only when it is let go."""
        name = request.path.rpartition("/")[2]
        if name.startswith("slow"):
            self.reached.set()
            await self.held.wait()
        return web.json_response([{"name": name, "n": n, "more": name * 40} for n in range(SMALL // 200)])

    async def say(self, life: Life, session: str, **message: Any) -> list[dict[str, Any]]:
        """The questions that are asked back."""
        sent = {"id": f"m-{life.user}-{len(life.words)}-{json.dumps(message, sort_keys=True)}"[:120].replace(" ", ""), **message}
        answer = await self.http.post(f"/v1/sessions/{session}/messages", json=sent, headers=life.headers)
        assert answer.status_code in (200, 202), answer.text
        return [event["question"] for event in answer.json()["events"] if event["type"] == "QuestionAsked"]

    async def begin(self, life: Life) -> str:
        made = await self.http.post("/v1/sessions", json={"spec_id": "sp_1", "consent": True}, headers=life.headers)
        assert made.status_code == 201, made.text
        life.sessions.append(made.json()["id"])
        return life.sessions[-1]

    async def rate(self, life: Life, session: str) -> None:
        given = {"turn": 1, "rating": "down", "comment": f"{life.words[0]}-comment", "correction": f"{life.words[0]}-correction"}
        rated = await self.http.post(f"/v1/sessions/{session}/feedback", json=given, headers=life.headers)
        assert rated.status_code == 201, rated.text


async def lived(world: World, user: str, tenant: str = "t") -> Life:
    """Said, answered openly and hidden, sent, returned, attached, rated, connected, signed in, and left in the middle of everything."""
    word = f"Qx7-{user}-Zw9"
    life = Life(user, await world.stage.who(user, "chat", tenant=tenant), [word])
    await connected(world, life)
    first = await world.begin(life)
    file = await world.http.post(f"/v1/sessions/{first}/files?name={word}.txt", content=(word * SMALL).encode()[: 2 * SMALL], headers=life.headers)
    assert file.status_code == 201, file.text
    await world.say(life, first, text=f"Get the user '{word}'", files=[file.json()["handle"]])
    await world.rate(life, first)
    (form,) = await world.say(life, first, text=f"Create a user called '{word}'")
    (card,) = await world.say(life, first, answers=[{"question_id": form["id"], "values": {"password": f"{word}-hidden"}}])
    await world.say(life, first, answers=[{"question_id": card["id"], "approved": True}])
    second = await world.begin(life)
    assert await world.say(life, second, text=f"Create a user called '{word}-2'")  # a question stays open
    await world.stage.redis.hdel(key(tenant, "session", second, "head"), "user")  # as if an earlier version had made it
    third = await world.begin(life)
    await world.say(life, third, text=f"Get the user '{word}-3'")
    await world.rate(life, third)
    for part in ("events", "head", "seen", "inbox", "artifacts", "sealed"):  # past its lifetime; its rating is not
        await world.stage.redis.delete(key(tenant, "session", third, part))
    return life


async def connected(world: World, life: Life) -> None:
    """An own connection with credentials, a sign-in at the shared one, one that was begun, and one that came back and was not redeemed."""
    own = {"spec_id": "sp_1", "shared": False, "credentials": {"k": {"type": "api_key", "value": f"{life.words[0]}-key"}}}
    made = await world.http.post("/v1/connections", json=own, headers=life.headers)
    assert made.status_code == 201, made.text
    life.connections.append(made.json()["id"])
    world.stage.authority.customer = life.user
    assert (await world.stage.sign_in(world.shared, life.headers)).status_code == 204
    await world.stage.address(world.shared, life.headers)
    await world.stage.back(**await walk(await world.stage.address(world.shared, life.headers)))


@pytest.fixture
async def world(redis: Redis, settings: Settings, tmp_path: Path) -> AsyncIterator[World]:
    authority, product = Authority(), Product()
    async with AsyncExitStack() as stack:
        for runner in (await run(authority), await run_product(product)):
            stack.push_async_callback(runner.cleanup)
        vendor = await stack.enter_async_context(Vendor(play))
        about = {"model": "openai:x", "model_url": vendor.url, "model_key": SecretStr("sk"), "artifacts": tmp_path}
        kept = settings.model_copy(update=about)
        app = create_app("test", [each.router for each in (sessions, uploads, connections, signin, users, feedback)])
        app.state.redis, app.state.settings = redis, kept
        app.state.turns = await stack.enter_async_context(engine(kept, redis))
        described = json.loads(document(authority))
        compiled = compile_document(json.dumps({**described, "paths": {**described["paths"], **PATHS}}).encode())
        for tenant in ("t", "t2"):
            await save(redis, tenant, compiled)
            await add_entry(redis, SpecEntry(id="sp_1", tenant=tenant, hash=compiled.hash, state="ready"))
            await save_settings(redis, tenant, "sp_1", DocumentSettings(base_url=product.url))
        http = await stack.enter_async_context(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080"))
        stage = Stage(app, http, redis, authority)
        made = World(stage, kept, product, await stage.shared(), tmp_path)
        product.otherwise = made.answer  # type: ignore[assignment] - it may be awaited
        yield made


async def texts(redis: Redis) -> list[str]:
    """Names, values of every type, and what Redis itself would write to disk of them; when the marks of removed connections have ended."""
    for name in await redis.keys("*:kept*"):
        if await redis.get(name) == REMOVED:
            assert 0 < await redis.ttl(name) <= REMOVED_SECONDS
            await redis.delete(name)
    dumps = [from_bytes(await redis.dump(name) or b"") for name in await redis.keys("*")]
    return [*await redis_texts(redis), *dumps]


async def others(redis: Redis, life: Life) -> dict[bytes, bytes]:
    """Every key that says nothing of the user, as it is on disk; not what is shared or changes by itself."""
    found = {}
    for name in await redis.keys("*"):
        counted = b"{-:open}" in name or b":limits:" in name or name.endswith(b":slots")
        shared = counted or name in (key("t", "connections").encode(), key("t", "ratings").encode())
        if not shared and not found_in([name.decode()], [life.user, *life.sessions, *life.connections]):
            found[name] = await redis.dump(name) or b""
    return found


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


async def erase(world: World, user: str, tenant: str = "t") -> dict[str, int]:
    answer = await world.http.delete(f"/v1/users/{user}", headers=await world.stage.who("boss", "admin", tenant=tenant))
    assert answer.status_code == 200, answer.text
    found: dict[str, int] = answer.json()
    return found


def traces(life: Life) -> list[str]:
    return [life.user, *life.words, *life.sessions, *life.connections]


async def test_nothing_is_left_of_a_user_and_everything_of_the_others(world: World, redis: Redis) -> None:
    bob = await lived(world, "bob")
    await world.stage.app.state.turns.parts.artifacts.erase_dead("t")  # of his session that is past its lifetime
    of_bob = files(world.folder)
    assert of_bob
    ann = await lived(world, "ann-Kp4")
    assert len(found_in(await texts(redis), traces(ann))) > 20
    assert files(world.folder) > of_bob
    theirs = await others(redis, ann)
    running = await world.begin(ann)
    turn = {"id": "slow", "text": f"Get the user 'slow-{ann.words[0]}'"}
    answer = await world.http.post(f"/v1/sessions/{running}/messages", json=turn, headers={**ann.headers, "Prefer": "respond-async"})
    assert answer.status_code == 202, answer.text
    await asyncio.wait_for(world.reached.wait(), 5)
    assert await erase(world, ann.user) == {"keys": 1, "sessions": 3, "ratings": 2, "connections": 1, "sign_ins": 3}
    world.held.set()
    await asyncio.wait(world.stage.app.state.turns.tasks)
    assert found_in(await texts(redis), traces(ann)) == []
    assert files(world.folder) == of_bob
    left = await others(redis, ann)
    # Of what names nobody, only what was his is gone: his key, his tokens, what he began to sign in with.
    gone = {name.decode() for name in theirs.keys() - left.keys()}
    his = ("{-:apikey:", "{-:signin:", "{-:ticket:", f":connection:{world.shared}}}:")
    assert [name for name in gone if not any(each in name for each in his)] == []
    assert {name: left[name] for name in theirs.keys() & left.keys()} == {name: theirs[name] for name in theirs.keys() & left.keys()}
    assert (await world.stage.standing(world.shared, bob.headers))["signed_in"]
    ratings = (await world.http.get("/v1/ratings", headers=await world.stage.who("boss", "ratings"))).json()["ratings"]
    assert {each["user"] for each in ratings} == {"bob"}
    assert len(ratings) == 2
    assert await erase(world, ann.user) == {"keys": 0, "sessions": 0, "ratings": 0, "connections": 0, "sign_ins": 0}


async def test_the_same_name_in_another_tenant_is_somebody_else(world: World, redis: Redis) -> None:
    life = Life("ann", await world.stage.who("ann", "chat", tenant="t2"), ["Qx7-other-Zw9"])
    session = await world.begin(life)
    await world.say(life, session, text=f"Get the user '{life.words[0]}'")
    await world.rate(life, session)
    mine = await world.begin(Life("ann", await world.stage.who("ann"), []))
    before = {name: await redis.dump(name) for name in await redis.keys("parlance:{t2:*")}
    assert len(before) > 5
    assert (await erase(world, "ann"))["sessions"] == 1
    assert await redis.keys(f"*{mine}*") == []
    assert {name: await redis.dump(name) for name in await redis.keys("parlance:{t2:*")} == before
    assert (await world.http.get(f"/v1/sessions/{session}", headers=life.headers)).status_code == 200


@pytest.mark.parametrize("tenant", ["*", "[a-z]", "?", "t\\*"])
async def test_a_tenants_name_is_no_pattern(world: World, redis: Redis, tenant: str) -> None:
    life = Life("ann", await world.stage.who("ann"), ["Qx7-said-Zw9"])
    session = await world.begin(life)
    assert (await erase(world, "ann", tenant))["sessions"] == 0
    assert await redis.exists(key("t", "session", session, "events"))


class Breaking(Redis):
    """Away for good after so many commands, a pipeline counting as one."""

    left = 0

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise RedisConnectionError("as scripted")

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        self.spend()
        return await super().execute_command(*args, **options)

    def pipeline(self, *args: Any, **options: Any) -> Any:
        self.spend()
        return super().pipeline(*args, **options)


async def test_wherever_it_breaks_off_it_goes_on_when_it_is_asked_again(world: World, redis: Redis, redis_url: str) -> None:
    ann = await lived(world, "ann-Kp4")
    ring = world.stage.app.state.turns.parts.ring
    breaking = Breaking.from_url(redis_url)
    store = SessionStore(breaking, owner="x", lease_ms=1_000, lifetime_ms=1_000)
    for broke in range(1_000):
        breaking.left = broke
        try:
            await erase_user(Artifacts(store, ring, world.folder), ring, "t", ann.user)
        except RedisConnectionError:
            continue
        break
    else:
        pytest.fail("it never came to its end")
    await breaking.aclose()
    assert broke > 10
    assert found_in(await texts(redis), traces(ann)) == []
    assert files(world.folder) == set()


async def test_whoever_was_let_in_before_the_erasure_leaves_nothing_after_it(world: World, redis: Redis) -> None:
    """A request that passed with the key which was revoked meanwhile: here the key is made anew."""
    await erase(world, "ann")
    ann = await world.stage.who("ann")
    own = {"spec_id": "sp_1", "shared": False, "credential": {"type": "bearer", "token": "Qx7-token-Zw9"}}
    for refused in (
        await world.http.post("/v1/sessions", json={"spec_id": "sp_1"}, headers=ann),
        await world.http.post("/v1/connections", json=own, headers=ann),
        await world.http.post(f"/v1/connections/{world.shared}/authorize", json={}, headers=ann),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "user_being_erased")
    assert await redis.keys("parlance:{t:session:*") == []
    assert await redis.keys("parlance:{-:signin:*") == []
    (bar,) = await redis.keys("*barred*")
    assert 0 < await redis.ttl(bar) <= BARRED_SECONDS
    await redis.delete(bar)
    assert (await world.http.post("/v1/sessions", json={"spec_id": "sp_1"}, headers=ann)).status_code == 201


async def test_only_an_admin_erases_and_a_name_that_cannot_be_is_refused(world: World) -> None:
    for scope in ("chat", "specs", "ratings"):
        assert (await world.http.delete("/v1/users/ann", headers=await world.stage.who("eve", scope))).status_code == 403
    refused = await world.http.delete("/v1/users/a%20b", headers=await world.stage.who("boss", "admin"))
    assert refused.json()["code"] == "name_unusable"
