"""Nothing of a customer's words is logged: a whole line that lives through good turns, bad requests and every kind of failure, then a look at what
its process wrote."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from redis.asyncio import Redis

from runtime.redis import key
from tests.canaries import found_in
from tests.line import Client, Worker, await_ready, customer, of_type, worker
from tests.tools.desk import ID, STRING, body, one
from tests.tools.product import Product, drop, run
from tests.vendor import Reply, Vendor, Wish, in_turn

JSON = Any
CANARIES = {
    name: f"Qx7-{name}-Zw9"
    for name in ("said", "answered", "hidden", "called", "returned", "file", "content", "view", "sort", "path", "query", "header", "token",
                 "comment", "correction", "wish", "written", "refusal", "stored")
}  # fmt: skip
C = CANARIES
DOCUMENT = {
    "openapi": "3.1.0", "info": {"title": "Desk", "version": "1"},
    "paths": {
        "/users/{id}": one("get", "getUser", "Get a user", parameters=ID),
        "/users": one("post", "createUser", "Create a user", requestBody=body(
            ["name", "nick", "password"], name=STRING, nick=STRING, password={**STRING, "writeOnly": True})),
    },
}  # fmt: skip
# What others would have written: the vendors' packages every request, asyncio what it waits for, Python all warnings.
TALKATIVE = {"OPENAI_LOG": "debug", "LANGCHAIN_VERBOSE": "true", "PYTHONASYNCIODEBUG": "1", "PYTHONWARNINGS": "always"}


@dataclass
class Line:
    client: Client
    product: Product
    vendor: Vendor
    worker: Worker
    redis: Redis
    tenant: str


@asynccontextmanager
async def standing(redis_url: str, redis: Redis) -> AsyncIterator[Line]:
    async with AsyncExitStack() as stack:
        product = Product()
        stack.push_async_callback((await run(product)).cleanup)
        vendor = await stack.enter_async_context(Vendor(lambda _: ""))
        # Debug writes all that the other levels do.
        about = {"model": "openai:scripted", "model_url": vendor.url, "model_key": "sk-test", "log_level": "debug"}
        process = stack.enter_context(worker(redis_url, TALKATIVE, **about))
        await asyncio.to_thread(await_ready, process)
        client = await stack.enter_async_context(customer(redis, process.url))
        await client.upload(json.dumps(DOCUMENT).encode())
        await client.ask("PUT", f"/v1/specs/{client.spec}/settings", json={"base_url": product.url})
        await client.connect(product.url, {"type": "bearer", "token": C["token"]})
        await client.begin(consent=True)
        (name,) = [each async for each in redis.scan_iter(match=f"*:session:{client.session}}}:head")]
        yield Line(client, product, vendor, process, redis, name.decode().split("{")[1].split(":")[0])


async def knock(line: Line, method: str, path: str, **more: Any) -> int:
    headers = {"Authorization": f"Bearer {line.client.key}", "X-Note": C["header"]}
    async with line.client.http.request(method, line.client.url + path, headers=headers, **more) as answer:
        await answer.read()
        return answer.status


async def good_turns(line: Line) -> None:
    """Said, asked, answered, hidden, approved, sent, returned, attached, shown and rated."""
    client = line.client
    line.product.otherwise = lambda _: web.json_response([{"name": C["returned"], "n": n, "long": C["returned"] * 200} for n in range(60)])
    kept = await client.ask("POST", f"/v1/sessions/{client.session}/files?name={C['file']}.txt", 201, data=C["content"].encode())
    line.vendor.script = in_turn(Wish("getUser", {"id": C["called"]}), then=f"It is {C['written']}.")
    message = {"id": C["header"], "text": f"Get the user '{C['called']}', {C['said']}", "files": [kept["handle"]]}
    read = await client.ask("POST", f"/v1/sessions/{client.session}/messages", json=message)
    artifact = of_type(read, "CallReturned")[0]["call_id"]
    view = quote(json.dumps({"kind": "table", "result": artifact, "path": "", "columns": ["name"], "title": C["view"]}))
    for query in (f"view={view}&sort={C['sort']}", f"view={C['view']}", f"format=csv&view={view}", f"format={C['view']}"):
        assert await knock(line, "GET", f"/v1/sessions/{client.session}/artifacts/{artifact}?{query}") in (200, 422)
    line.vendor.script = in_turn(Wish("createUser", {"name": C["called"]}))
    asked = await client.say(f"Create a user '{C['called']}' {C['said']}")
    (question,) = [each["question"] for each in of_type(asked, "QuestionAsked")]
    await client.answer(question, 422, values={C["wish"]: C["answered"]})
    shown = await client.answer(question, values={each["name"]: C["hidden" if each["hidden"] else "answered"] for each in question["fields"]})
    (approval,) = [each["question"] for each in of_type(shown, "QuestionAsked")]
    await client.answer(approval, approved=True)
    rating = {"turn": 1, "rating": "down", "comment": C["comment"], "correction": C["correction"]}
    await client.ask("POST", f"/v1/sessions/{client.session}/feedback", 201, json=rating)


async def failing_turns(line: Line) -> None:
    """A product and a model that fail in every way, each with words in it."""
    client = line.client
    line.vendor.script = in_turn(Wish("getUser", {"id": C["called"]}))
    for answer in (
        lambda _: web.json_response({"message": C["returned"]}, status=500),
        lambda _: web.json_response({"errors": {"name": C["returned"]}}, status=422, headers={"X-Told": C["returned"]}),
        lambda _: web.Response(body=C["returned"].encode() + b"\xff{", content_type="application/json"),
        drop,
    ):
        line.product.otherwise = answer
        await client.say(f"Get the user '{C['called']}'")
    line.product.otherwise = lambda _: web.json_response({"name": C["returned"]})
    for reply in (
        Reply(status=400, body={"error": {"message": f"{C['refusal']} is wrong", "code": C["refusal"]}}),
        Reply(raw=f"data: {C['written']}\n\n".encode()),
        Reply(raw=f'data: {{"choices": "{C["written"]}"}}\n\n'.encode()),
        Reply(C["written"] * 40, cut="torn"),
        Reply(calls=[Wish(C["wish"], {"id": C["wish"]})]),
        Reply(calls=[Wish("getUser", f'{{"id": {C["wish"]}')]),
    ):
        line.vendor.script = lambda _, reply=reply: reply
        await client.say(f"Get the user '{C['called']}'", (200, 202))


async def bad_requests(line: Line) -> None:
    """What no customer of a well-made panel sends: each is refused, and some of it is quoted in what refuses it."""
    client, session = line.client, f"/v1/sessions/{line.client.session}"
    for method, path, more in (
        ("POST", f"{session}/messages", {"json": {"id": "m", "text": C["said"], "wish": C["said"]}}),
        ("POST", f"{session}/messages", {"json": {"id": C["said"] * 20, "text": [C["said"]]}}),
        ("POST", f"{session}/messages", {"data": f'{{"id": "{C["said"]}'.encode()}),
        ("POST", f"{session}/messages", {"json": {"id": "n", "answers": [{"question_id": C["answered"], "values": {"a": C["answered"]}}]}}),
        ("POST", f"{session}/feedback", {"json": {"turn": C["comment"], "rating": C["comment"]}}),
        ("POST", f"{session}/files?name={C['file']}", {"data": b""}),
        ("POST", "/v1/sessions", {"json": {"spec_id": client.spec, "timezone": C["said"]}}),
        ("POST", "/v1/connections", {"json": {"spec_id": client.spec, "credential": {"type": "bearer", "token": f"{C['token']}\n"}}}),
        ("POST", "/v1/connections", {"json": {"spec_id": client.spec, "credential": {"type": C["token"], "token": C["token"]}}}),
        ("GET", f"/v1/{C['path']}?q={C['query']}", {}),
        ("GET", f"/v1/sessions/{C['path']}?after={C['query']}", {}),
        ("GET", f"{session}/artifacts/{C['path']}", {}),
        ("GET", f"/v1/oauth/callback?state={C['query']}&code={C['token']}&error_description={C['query']}", {}),
        ("GET", f"/v1/ratings?after={C['query']}", {}),
        ("POST", "/v1/specs", {"data": f"{{{C['said']}: ".encode()}),
    ):
        assert await knock(line, method, path, **more) < 500
    where = urlsplit(client.url)
    upgrade = f"GET /v1/ws?{C['query']} HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n"
    for request in (f"GET /{C['path']} HTTP/9\r\n\r\n", f"{C['path']}\r\n\r\n", upgrade):
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(request.encode())
        writer.write_eof()
        await asyncio.wait_for(reader.read(), 5)
        writer.close()


async def faults_of_ours(line: Line) -> None:
    """Stored records that cannot be read, so that errors which nobody expected quote what is in them."""
    client, redis = line.client, line.redis
    [name] = [each async for each in redis.scan_iter(match=f"parlance:{{{line.tenant}:rating:*")]
    await redis.set(name, json.dumps({"format": 1, "comment": C["stored"], "user": {C["stored"]: 1}}))
    await client.ask("GET", "/v1/ratings", 500)
    await redis.rpush(key(line.tenant, "session", client.session, "events"), json.dumps({"type": "UserSaid", "text": [C["stored"]]}))
    await client.ask("GET", f"/v1/sessions/{client.session}", 500)
    await client.begin()
    line.vendor.script = in_turn(Wish("getUser", {"id": C["called"]}))
    await redis.hset(key(line.tenant, "session", client.session, "head"), "epoch", C["stored"])
    await client.say(C["said"], 500)


async def test_no_word_of_a_customer_and_no_data_of_a_product_is_logged(redis_url: str, redis: Redis) -> None:
    async with standing(redis_url, redis) as line:
        await good_turns(line)
        await failing_turns(line)
        await bad_requests(line)
        await faults_of_ours(line)
        prompts = [json.dumps(request.body) for request in line.vendor.requests]
        sent = prompts + [repr(seen) for seen in line.product.seen]
        line.worker.process.terminate()
        await asyncio.to_thread(line.worker.process.wait, 10)
        written = line.worker.said().splitlines()
    assert found_in(sent, [C["said"], C["hidden"], C["answered"], C["token"]]), "nothing went through that could be found"
    assert found_in(prompts, [line.tenant, line.client.session, C["hidden"], C["token"], C["content"]]) == []
    logged = [json.loads(each) for each in written if each.startswith("{")]
    assert len([each for each in logged if each["event"] == "request"]) > 30
    assert [each["error"] for each in logged if each["event"] == "unexpected_error"]
    assert found_in(written, CANARIES.values()) == []
