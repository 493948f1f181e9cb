"""No secret where none may be, through whole turns: a product that says everything back, and a model that says all it was told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr, TypeAdapter
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from engine.events import EVENT
from engine.stream import follow
from runtime.settings import Settings
from specs.document import Document
from tests.canaries import found_in, redis_texts
from tests.engine.inside import ADA, Inside, told
from tests.tools.product import document, drop
from tests.vendor import Reply, Vendor, Wish, results, said
from tools.request import MASK
from tools.security import AnyCredential, Connection, save_connection

CANARY, ANSWER = "canary/7f+Q9=&x%é", "hidden answer/5+Z8=&y%é"
CARD, PERSON = "4012888888881881", "850126-6401473"
CREDENTIALS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {  # with the security scheme that wants it
    "header": ({"type": "api_key", "value": CANARY, "name": "X-Key"}, {"type": "apiKey", "in": "header", "name": "X-Key"}),
    "query": ({"type": "api_key", "value": CANARY, "name": "key", "location": "query"}, {"type": "apiKey", "in": "query", "name": "key"}),
    "cookie": ({"type": "api_key", "value": CANARY, "name": "sid", "location": "cookie"}, {"type": "apiKey", "in": "cookie", "name": "sid"}),
    "bearer": ({"type": "bearer", "token": "canary-7f-Q9.x~y_z+/=="}, {"type": "http", "scheme": "bearer"}),
    "basic": ({"type": "basic", "username": "ann", "password": CANARY}, {"type": "http", "scheme": "basic"}),
    "client": (
        {"type": "client_credentials", "client_id": "client", "client_secret": "s3cret-value"},
        {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://as.test/token", "scopes": {}}}},
    ),
}
SECRETS = ("value", "token", "password", "client_secret")
USED = {str(value) for credential, _ in CREDENTIALS.values() for name, value in credential.items() if name in SECRETS}
USED.add("token-1")  # what the product gives the client
USER = {
    "type": "object", "additionalProperties": False,
    "properties": {"name": {"type": "string"}, "nick": {"type": "string", "x-sensitive": True}, "rows": {"type": "array", "items": {"type": "null"}}},
}  # fmt: skip
NICK = "The-Nick-Of-Ann-77"
SHOWN: list[dict[str, Any]] = [
    {"group": ["nick", "card"]}, {"aggregate": "max", "of": "card"}, {"select": "rows[].{a: person, b: nick}", "group": ["a", "b"]},
    {"select": "rows[0].card"}, {"sort": "ghost"}, {"filter": {"ghost": 1}}, {"chart": "bar", "x": "person", "y": "n"},
]  # fmt: skip


def compiled(scheme: dict[str, Any]) -> Document:
    responses = {"200": {"description": "ok", "content": {"application/json": {"schema": USER}}}}
    properties = {"name": {"type": "string"}, "password": {"type": "string", "format": "password"}}
    body = {"type": "object", "required": ["name", "password"], "properties": properties}
    paths = {
        "/users/{name}": {
            "get": {
                "operationId": "getUser", "summary": "Get a user", "responses": responses,
                "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
            }
        },
        "/users": {
            "post": {
                "operationId": "createUser", "summary": "Create a user", "responses": responses,
                "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            }
        },
    }  # fmt: skip
    return document(paths, security=[{"m": []}], components={"securitySchemes": {"m": scheme}})


def echo(status: int) -> Callable[[web.Request], Any]:
    """The worst product: it says back what it was sent, in every way, and its customers' numbers, as values, as names and in words."""

    async def answer(request: web.Request) -> web.Response:
        sent = f"{dict(request.headers)} {request.raw_path} {dict(request.query)} {await request.text()}"
        rows = [{"nick": NICK, "card": CARD, "person": PERSON, CARD: n, "n": n} for n in range(3)]
        names = {CARD: sent, PERSON: [CARD], sent[:2_000]: 1}
        all_sent = [*request.headers.values(), *request.query.values(), *request.cookies.values()]
        data = {"message": f"{sent} {CARD} {PERSON}", "errors": {"name": f"{CARD} {sent}"}, "all": all_sent, "by": names, "rows": rows}
        return web.json_response(data, status=status)

    return answer


def play(request: Any) -> Reply | str:
    """Reads a user and shows it in every way, or makes one; then says all that it was told."""
    found = results(request)
    call = str(found[0].get("call", "none")) if found else ""
    shows = [Wish("show", {"result": call, **arguments}) for arguments in SHOWN]
    wishes = [Wish("getUser", {"name": "anna"}), *shows] if said(request).startswith("Show") else [Wish("createUser", {"name": "bob"})]
    return Reply(calls=[wishes[len(found)]]) if len(found) < len(wishes) else json.dumps(found, ensure_ascii=False)


async def say(desk: Inside, text: str) -> None:
    """The customer says it, fills in what he is asked for, and agrees to everything."""
    turn = await desk.say(text)
    while turn.questions():
        (question,) = turn.questions()
        filled = {"values": {each.name: ANSWER for each in question.fields}} if question.kind == "values" else {"approved": True}
        turn = await desk.answer(question, **filled)
    assert turn.ended is not None


async def streamed(desk: Inside, feed: PubSub) -> list[str]:
    """What followers were sent: text as it was written, and every event."""
    found: list[str] = []
    while message := await feed.get_message(ignore_subscribe_messages=True, timeout=0.01):
        found.append(message["data"].decode())
    return found + [item.sse().decode() async for item in follow(desk.store, ADA.tenant, desk.session, -1, until_quiet=True)]


@pytest.mark.parametrize("answer", [200, 400, 500, "drop"])
@pytest.mark.parametrize("kind", list(CREDENTIALS))
async def test_no_secret_leaves_a_turn(settings: Settings, redis: Redis, logs: Callable[[], list[str]], kind: str, answer: int | str) -> None:
    credential, scheme = CREDENTIALS[kind]
    async with Vendor(play) as vendor:
        scripted = settings.model_copy(update={"model": "openai:scripted", "model_url": vendor.url, "model_key": SecretStr("sk-of-the-model")})
        async with told(scripted, redis, compiled(scheme)) as desk:
            more = {"token_url": f"{desk.product.url}/token"} if kind == "client" else {}
            given: AnyCredential = TypeAdapter(AnyCredential).validate_python({**credential, **more})
            made = Connection(id="cn_1", tenant=ADA.tenant, user=ADA.user, spec="sp", credential=given)
            await save_connection(redis, desk.turns.parts.ring, made)
            desk.connection = "cn_1"
            await desk.begin()
            desk.product.otherwise = drop if answer == "drop" else echo(int(answer))
            async with redis.pubsub() as feed:
                await feed.subscribe(desk.store.feed(ADA.tenant, desk.session))
                await say(desk, "Show me the user 'anna'")
                await say(desk, "Create a user named 'bob'")
                followers = await streamed(desk, feed)
            assert found_in(map(repr, desk.product.seen), USED), "no credential was sent that could be found"
            assert found_in([seen.body.decode() for seen in desk.product.seen], [ANSWER]), "no answer was sent that could be found"
            never = {*USED, ANSWER, CARD, PERSON, NICK}
            kept = [await desk.turns.parts.artifacts.get(ADA.tenant, desk.session, call.id) for call in (await desk.turn()).calls]
            assert (answer != 200) or found_in([each.body.decode() for each in kept if each], [NICK]), "the customer cannot see what is his"
            prompts = [json.dumps(request.body, ensure_ascii=False) for request in vendor.requests]
            assert len(prompts) >= len(SHOWN) + 2
            assert (answer != 200) or MASK in prompts[-1]
            assert found_in(prompts, never) == []
            assert found_in([EVENT.dump_json(event).decode() for event in await desk.events()], never) == []
            assert found_in(followers, never) == []
            assert found_in(logs(), never) == []
            assert found_in(await redis_texts(redis), never) == []
