"""Hidden answers, wherever a document or a team asks for them: sealed under handles, put in place for the product only, opened for nobody else."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from aiohttp import web
from pydantic import SecretStr
from redis.asyncio import Redis

from engine.calls import purpose
from engine.events import EVENT, QuestionAnswered
from engine.stream import follow
from feedback.copy import copied
from runtime.redis import key
from runtime.secrets import SealBroken
from runtime.settings import Settings
from specs.document import Document
from tests.canaries import found_in, redis_texts
from tests.engine.inside import ADA, Inside, told
from tests.tools.product import document
from tests.vendor import Reply, Script, Vendor, Wish, results
from tools.settings import DocumentSettings
from tools.store import save_settings

ANSWER, HANDLE = "hidden answer/5+Z8=&y%é", "secret:"
TEXT = {"type": "string"}
NESTED = {"type": "object", "required": ["pass"], "properties": {"pass": TEXT | {"x-sensitive": True}}}
# Where the secret is: (parameters, properties of the body, what a team calls sensitive)
PLACES: dict[str, tuple[list[dict[str, Any]], dict[str, Any], tuple[str, ...]]] = {
    "a property that is write-only": ([], {"code": TEXT | {"writeOnly": True}}, ()),
    "a password": ([], {"code": TEXT | {"format": "password"}}, ()),
    "a nested property": ([], {"vault": NESTED}, ()),
    "a property within a secret object": (
        [], {"vault": {"type": "object", "required": ["inner"], "properties": {"inner": {
            "type": "object", "x-sensitive": True, "required": ["code"], "properties": {"code": TEXT}}}}}, ()),
    "a list of secrets": ([], {"codes": {"type": "array", "minItems": 1, "items": TEXT | {"x-sensitive": True}}}, ()),
    "a secret in a list of objects": ([], {"vaults": {"type": "array", "minItems": 1, "items": NESTED}}, ()),
    "a field that the team names": ([], {"codeName": TEXT}, ("code_name",)),
    "a query parameter": ([{"name": "code", "in": "query", "required": True, "x-sensitive": True, "schema": TEXT}], {}, ()),
    "a query parameter's schema": ([{"name": "code", "in": "query", "required": True, "schema": TEXT | {"x-sensitive": True}}], {}, ()),
    "a header": ([{"name": "X-Code", "in": "header", "required": True, "x-sensitive": True, "schema": TEXT}], {}, ()),
    "a path parameter": ([{"name": "code", "in": "path", "required": True, "x-sensitive": True, "schema": TEXT}], {}, ()),
}  # fmt: skip


def compiled(parameters: list[dict[str, Any]], properties: dict[str, Any]) -> Document:
    body = {"type": "object", "required": ["name", *properties], "properties": {"name": TEXT, **properties}}
    made = {
        "operationId": "createUser", "summary": "Create a user", "parameters": parameters,
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}},
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
    }  # fmt: skip
    path = "/users/{code}" if any(each["in"] == "path" for each in parameters) else "/users"
    return document({path: {"post": made}})


async def echo(request: web.Request, status: int) -> web.Response:
    """Says back what it was sent: as values, as names, within a sentence."""
    sent = await request.text()
    query, path = dict(request.query), request.path
    said = {"message": f"got {sent} {query} {path} {request.headers.get('X-Code')}", "sent": json.loads(sent), "query": query, "by": {path: 1}}
    return web.json_response(said, status=status)


def play(request: Any) -> Reply | str:
    """Makes the user with nothing but its name, then says all it was told; where a list of objects is wanted, with one."""
    found = results(request)
    tool = next(each for each in request["tools"] if each["function"]["name"] == "createUser")["function"]
    more = {"vaults": [{}]} if "vaults" in tool["parameters"]["properties"] else {}
    return json.dumps(found, ensure_ascii=False) if found else Reply(calls=[Wish("createUser", {"name": "bob", **more})])


@asynccontextmanager
async def desks(settings: Settings, redis: Redis, described: Document, script: Script = play) -> AsyncIterator[tuple[Inside, Vendor]]:
    async with Vendor(script) as vendor:
        scripted = settings.model_copy(update={"model": "openai:scripted", "model_url": vendor.url, "model_key": SecretStr("sk-1")})
        async with told(scripted, redis, described) as desk:
            yield desk, vendor


async def through(desk: Inside, text: str) -> list[str]:
    """Answers everything; the kinds of questions there were."""
    turn, asked = await desk.say(text), []
    while turn.questions():
        (question,) = turn.questions()
        asked.append(question.kind)
        if question.kind == "values":
            assert all(each.hidden for each in question.fields), question.fields
            values = {each.name: [ANSWER] if each.form.get("type") == "array" else ANSWER for each in question.fields}
            turn = await desk.answer(question, values=values)
        else:
            turn = await desk.answer(question, approved=True)
    return asked


@pytest.mark.parametrize("status", [200, 422])
@pytest.mark.parametrize("place", list(PLACES))
async def test_a_hidden_answer_is_nowhere_but_in_the_request(
    settings: Settings, redis: Redis, logs: Callable[[], list[str]], place: str, status: int
) -> None:
    parameters, properties, sensitive = PLACES[place]
    async with desks(settings, redis, compiled(parameters, properties)) as (desk, vendor):
        await save_settings(redis, ADA.tenant, "sp", DocumentSettings(base_url=desk.product.url, sensitive=sensitive))
        desk.product.otherwise = lambda request: echo(request, status)  # type: ignore[assignment,return-value]
        asked = await through(desk, "Create a user named bob")
        assert asked[:2] == ["values", "approval"]
        sent = [f"{seen.target} {seen.headers} {seen.body.decode()}" for seen in desk.product.seen]
        assert found_in(sent, [ANSWER]), "the product did not get it"
        assert not any(HANDLE in each for each in sent)
        events = [EVENT.dump_json(event).decode() for event in await desk.events()]
        assert any(HANDLE in each for each in events), "nothing stands for it"
        followers = [item.sse().decode() async for item in follow(desk.store, ADA.tenant, desk.session, -1, until_quiet=True)]
        rated = [orjson.dumps(each).decode() for each in copied([orjson.loads(event) for event in events], consent=True)]
        prompts = [json.dumps(request.body, ensure_ascii=False) for request in vendor.requests]
        assert found_in([*events, *followers, *rated, *prompts, *logs()], [ANSWER]) == []
        assert found_in(await redis_texts(redis), [ANSWER]) == []


async def a_handle(desk: Inside) -> str:
    await through(desk, "Create a user named bob")
    given = [value for event in await desk.events() if isinstance(event, QuestionAnswered) for value in event.values.values()]
    return next(value for value in given if isinstance(value, str) and value.startswith(HANDLE))


async def test_a_handle_opens_only_in_its_own_session_and_tenant(settings: Settings, redis: Redis) -> None:
    parameters, properties, _ = PLACES["a password"]
    async with desks(settings, redis, compiled(parameters, properties)) as (desk, _):
        handle, first, ring = await a_handle(desk), desk.session, desk.turns.parts.ring
        kept = (await desk.store.sealed(ADA.tenant, first, [handle]))[handle]
        assert ring.open(kept, tenant=ADA.tenant, purpose=purpose(first, handle)).decode() == ANSWER
        for tenant, session, name in (("other", first, handle), (ADA.tenant, "s_other", handle), (ADA.tenant, first, "secret:other")):
            with pytest.raises(SealBroken):
                ring.open(kept, tenant=tenant, purpose=purpose(session, name))
        await desk.begin()  # another session of the same customer
        assert await desk.store.sealed(ADA.tenant, desk.session, [handle]) == {}
        assert await desk.store.sealed("other", first, [handle]) == {}


async def test_a_foreign_handle_in_a_models_call_is_asked_for_and_never_sent(settings: Settings, redis: Redis) -> None:
    parameters, properties, _ = PLACES["a password"]
    stolen: list[str] = []

    def steal(request: Any) -> Reply | str:
        return "Done." if results(request) else Reply(calls=[Wish("createUser", {"name": "bob", **({"code": stolen[0]} if stolen else {})})])

    async with desks(settings, redis, compiled(parameters, properties), steal) as (desk, _):
        stolen.append(await a_handle(desk))
        desk.product.seen.clear()
        await desk.begin()
        turn = await desk.say("Create a user named bob")
        assert [(each.kind, [field.hidden for field in each.fields]) for each in turn.questions()] == [("values", [True])]
        assert desk.product.seen == []


async def test_a_hidden_answer_lives_as_long_as_its_session_and_goes_with_it(settings: Settings, redis: Redis) -> None:
    parameters, properties, _ = PLACES["a password"]
    async with desks(settings, redis, compiled(parameters, properties)) as (desk, _):
        handle = await a_handle(desk)
        left = [await redis.pttl(name) for name in (key(ADA.tenant, "session", desk.session, part) for part in ("events", "sealed"))]
        assert left[0] > 0
        assert abs(left[0] - left[1]) < 5_000
        await desk.store.erase(ADA.tenant, desk.session)
        assert await desk.store.sealed(ADA.tenant, desk.session, [handle]) == {}
