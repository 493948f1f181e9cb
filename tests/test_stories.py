"""The seven stories, end to end over HTTP: two worker processes, the example product, the built-in model and a scripted vendor's."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from redis.asyncio import Redis

from demo.product import Product
from demo.seed import Seed
from tests.line import Client, Worker, customer, free_port, of_type, product, question, replied, workers
from tests.vendor import Reply, Vendor, Wish, offered, results, said

JSON = Any
PASSWORD = "correct horse 7 battery staple"
VENDOR_PORT = free_port()
Script = Callable[[JSON], Reply | str]


@pytest.fixture(scope="module")
def builtin(redis_server: str) -> Iterator[list[Worker]]:
    with workers(redis_server, 2) as started:
        yield started


@pytest.fixture(scope="module")
def scripted(redis_server: str) -> Iterator[list[Worker]]:
    with workers(redis_server, 2, model="openai:scripted", model_url=f"http://127.0.0.1:{VENDOR_PORT}/v1", model_key="sk-test") as started:
        yield started


@dataclass
class Stage:
    """Where a story plays: `other` is the second worker's address; `told` everything a vendor's model was shown."""

    client: Client
    product: Product
    other: str
    vendor: Vendor | None
    workers: list[Worker]
    redis: Redis

    def elsewhere(self) -> None:
        """The next request goes to the other worker process."""
        self.client.url, self.other = self.other, self.client.url

    def script(self, play: Script) -> None:
        if self.vendor:
            self.vendor.script = play

    def created(self) -> list[JSON]:
        return [change.body for change in self.product.ledger if change.operation == "createUser"]


@pytest.fixture
def seed() -> Seed:
    """What the product holds; a test that needs something else parametrizes it."""
    return Seed()


@pytest.fixture(params=["builtin", "vendor"])
async def stage(request: pytest.FixtureRequest, seed: Seed, redis_url: str, redis: Redis) -> AsyncIterator[Stage]:
    started: list[Worker] = request.getfixturevalue("builtin" if request.param == "builtin" else "scripted")
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(Vendor(lambda _: "", port=VENDOR_PORT))
        url, running = await stack.enter_async_context(product(seed=seed))
        client = await stack.enter_async_context(customer(redis, started[0].url, url))
        yield Stage(client, running, started[1].url, vendor if request.param == "vendor" else None, started, redis)


def steps(*plays: Callable[[JSON, list[JSON]], Reply | str]) -> Script:
    """The n-th play answers when n results have come since the customer's last message."""

    def play(request: JSON) -> Reply | str:
        found = results(request)
        return plays[min(len(found), len(plays) - 1)](request, found)

    return play


def call(name: str, **arguments: JSON) -> Callable[[JSON, list[JSON]], Reply]:
    return lambda request, found: Reply(calls=[Wish(name, arguments)])


def say(text: str) -> Callable[[JSON, list[JSON]], str]:
    return lambda request, found: text


def copy_user1(request: JSON, found: list[JSON]) -> Reply:
    shared = ("first_name", "last_name", "email", "phone", "role", "department", "job_title", "description")
    return Reply(calls=[Wish("createUser", {"username": "user2", **{name: found[0]["data"][name] for name in shared}})])


async def test_1_details_of_one_user_become_another(stage: Stage) -> None:
    stage.script(steps(call("getUser", username="user1"), copy_user1, say("Created user2.")))
    asked = await stage.client.say("Get the user details of 'user1' and create a new user 'user2' with those details")
    secret = question(asked, "values")
    assert [(f["name"], f["hidden"]) for f in secret["fields"]] == [("password", True)]

    card = question(await stage.client.answer(secret, values={"password": PASSWORD}), "approval")
    values = {v["name"].lstrip("/"): v for v in card["values"]}
    assert values["username"]["value"] == "user2"
    assert values["username"]["source"]["kind"] == "user"
    for name in ("first_name", "email", "role", "department"):
        assert values[name]["source"]["label"] == "from user1's record"
    assert values["email"]["source"]["mark"] == values["role"]["source"]["mark"] == "show"
    assert PASSWORD not in json.dumps(card)
    assert stage.created() == []

    end = replied(await stage.client.answer(card, approved=True))
    assert [(r["changing"], r["outcome"]) for r in end["receipt"]] == [(False, "done"), (True, "done")]
    (body,) = stage.created()
    assert (body["username"], body["first_name"], body["role"], body["password"]) == ("user2", "Ada", "operator", PASSWORD)
    assert "those" not in json.dumps(body)


def since(request: JSON, found: list[JSON]) -> Reply:
    return Reply(calls=[Wish("listAuditLogs", {"from": found[0]["start"], "to": found[0]["end"]})])


async def test_2_all_audit_logs_of_yesterday(stage: Stage) -> None:
    stage.script(steps(call("resolve_dates", text="yesterday"), since, say("Here are the audit logs.")))
    answer = await stage.client.say("Show me all audit logs from yesterday")
    end = replied(answer)
    dates, logs = (e["result"] for e in of_type(answer, "CallReturned"))
    day = dates["data"]
    assert day["start"].endswith(("T00:00:00+01:00", "T00:00:00+02:00"))  # midnight in the session's time zone
    (table,) = end["views"]
    assert table["kind"] == "table"
    assert logs["rows"] == logs["total"] > 100  # more than one page
    body = await stage.client.ask("GET", f"/v1/sessions/{stage.client.session}/artifacts/{table['result']}")
    rows = body["items"]
    assert len(rows) == logs["rows"]
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(day["start_utc"] <= row["at"] < day["end_utc"] for row in rows), (day, rows[0])
    assert sum(operation == "listAuditLogs" for operation, _ in stage.product.seen) > 1


async def test_3_what_is_missing_is_asked_and_another_worker_goes_on(stage: Stage) -> None:
    stage.script(steps(call("createUser"), say("Created the user.")))
    form = question(await stage.client.say("Create a new user"), "values")
    fields = {f["name"]: f for f in form["fields"]}
    assert set(fields) == {"username", "password"}
    assert fields["password"]["hidden"]
    assert not fields["username"]["hidden"]

    stage.elsewhere()
    card = question(await stage.client.answer(form, values={"username": "carol", "password": PASSWORD}), "approval")
    assert {v["name"].lstrip("/"): v["source"]["kind"] for v in card["values"]} == {"username": "answer", "password": "answer"}
    stage.elsewhere()
    replied(await stage.client.answer(card, approved=True))
    assert [body["username"] for body in stage.created()] == ["carol"]


async def test_3b_what_a_form_asks_for_is_typed_instead_and_the_request_goes_on(stage: Stage) -> None:
    first, second = (
        Wish("createSafe", {"description": "Card keys"}),
        Wish("createSafe", {"name": "Vault 9", "owner": "hkim", "description": "Card keys"}),
    )
    stage.script(lambda request: "Stopped." if "never mind" in said(request) else Reply(calls=[second if "Vault 9" in said(request) else first]))
    form = question(await stage.client.say('Create a safe with the description "Card keys"'), "values")
    assert {"name", "owner"} <= {f["name"] for f in form["fields"]}

    stage.elsewhere()
    answer = await stage.client.say("The name is 'Vault 9' and the owner is hkim")
    card = question(answer, "approval")
    values = {v["name"].lstrip("/"): (v["value"], v["source"]["kind"]) for v in card["values"]}
    assert (values["name"], values["owner"], values["description"]) == (("Vault 9", "user"), ("hkim", "user"), ("Card keys", "user"))
    assert card["notes"] == []  # it is what the words ask for, though they were said in two messages
    assert [change.operation for change in stage.product.ledger] == []
    assert (await stage.client.say("yes", expect=409))["code"] == "approval_needs_a_press"
    replied(await stage.client.say("never mind"))
    assert [change.operation for change in stage.product.ledger] == []


@pytest.mark.parametrize("stage", ["builtin"], indirect=True)
async def test_3c_a_name_in_a_typed_answer_is_looked_up_and_the_change_is_still_what_was_asked_for(stage: Stage) -> None:
    form = question(await stage.client.say("Add a user to a group"), "values")
    assert {f["name"] for f in form["fields"]} == {"group_id", "username"}
    answer = await stage.client.say("hkim and the group Auditors")
    card = question(answer, "approval")
    assert card["notes"] == []
    assert {v["name"].lstrip("/"): v["source"]["kind"] for v in card["values"]} == {"group_id": "response", "username": "user"}
    replied(await stage.client.answer(card, approved=True))
    assert [change.operation for change in stage.product.ledger] == ["addGroupMember"]


@pytest.mark.parametrize("seed", [Seed(without=("user1",))], ids=[""])
async def test_4_a_password_is_never_invented_and_never_seen(stage: Stage) -> None:
    invented = {"username": "user1", "password": "Passw0rd!"}
    stage.script(steps(call("createUser", **invented), say("Created user1.")))
    secret = question(await stage.client.say("Create a user called 'user1'"), "values")
    assert [(f["name"], f["hidden"]) for f in secret["fields"]] == [("password", True)]
    card = question(await stage.client.answer(secret, values={"password": PASSWORD}), "approval")
    replied(await stage.client.answer(card, approved=True))
    assert [body["password"] for body in stage.created()] == [PASSWORD]
    await no_secret_anywhere(stage)


async def no_secret_anywhere(stage: Stage) -> None:
    """The password in no prompt, log, event or plain-text Redis value, in any usual spelling of it."""
    plain = PASSWORD.encode()
    spellings = (plain, base64.b64encode(plain), plain.hex().encode(), PASSWORD.replace(" ", "%20").encode(), PASSWORD.replace(" ", "+").encode())
    places: dict[str, bytes] = {"events": json.dumps(stage.client.events).encode()}
    places["the session as read"] = json.dumps(await stage.client.ask("GET", f"/v1/sessions/{stage.client.session}")).encode()
    for number, each in enumerate(stage.workers):
        places[f"log of worker {number}"] = each.said().encode()
    if stage.vendor:
        places["prompts"] = json.dumps([r.body for r in stage.vendor.requests]).encode()
        assert stage.vendor.requests
    async for name in stage.redis.scan_iter("*"):
        places[name.decode()] = await whole(stage.redis, name)
    for place, content in places.items():
        assert not any(spelling in content for spelling in spellings), place


async def whole(redis: Redis, name: bytes) -> bytes:
    kind = (await redis.type(name)).decode()
    match kind:
        case "string":
            return bytes(await redis.get(name))
        case "list":
            return b"\n".join(await redis.lrange(name, 0, -1))
        case "hash":
            return b"\n".join(part for pair in (await redis.hgetall(name)).items() for part in pair)
        case "set":
            return b"\n".join(await redis.smembers(name))
        case "zset":
            return b"\n".join(await redis.zrange(name, 0, -1))
    raise AssertionError(kind)


def mended(request: JSON, found: list[JSON]) -> Reply:
    """The model composes; after the product's 422 it leaves out what the product does not admit."""
    earlier = next(m for m in reversed(request["messages"]) if m.get("tool_calls"))["tool_calls"][0]["function"]["arguments"]
    return Reply(calls=[Wish("createUser", {**json.loads(earlier), "description": "This is an admin user"})])


@pytest.mark.parametrize("seed", [Seed(without=("user1",))], ids=[""])
async def test_5_a_refused_description_is_mended_and_shown_again(stage: Stage) -> None:
    composed = {"username": "user1", "description": "This is an admin user!"}
    stage.script(steps(call("createUser", **composed), mended, say("Created user1.")))
    sentence = "Create user 'user1' and write a short description that says she is an admin"
    if stage.vendor is None:  # the built-in model writes no text of its own: the words are the customer's
        sentence = "Create user 'user1' with the description 'This is an admin user!'"
    secret = question(await stage.client.say(sentence), "values")
    first = question(await stage.client.answer(secret, values={"password": PASSWORD}), "approval")
    written = next(v for v in first["values"] if v["name"].lstrip("/") == "description")
    assert written["value"] == "This is an admin user!"
    assert (written["source"]["kind"], written["source"]["mark"]) == (("composed", "show") if stage.vendor else ("user", ""))

    answer = await stage.client.answer(first, approved=True)
    assert [e["status"] for e in of_type(answer, "CallReturned")] == [422]
    second = question(answer, "approval")
    again = next(v for v in second["values"] if v["name"].lstrip("/") == "description")
    assert (again["value"], again["before"], again["changed"]) == ("This is an admin user", "This is an admin user!", True)

    end = replied(await stage.client.answer(second, approved=True))
    assert [r["outcome"] for r in end["receipt"]] == ["rejected", "done"]
    assert [body["description"] for body in stage.created()] == ["This is an admin user"]


async def test_6_an_expired_token_is_refreshed_once_unseen_by_the_customer(stage: Stage) -> None:
    stage.script(steps(call("getUser", username="user1"), say("Here is user1.")))
    await stage.client.say("Show me the user 'user1'")
    granted = stage.product.tokens.granted
    stage.product.tokens.expire_all()
    others = [await another(stage, number) for number in range(5)]
    stage.product.tokens.open.clear()  # until all five have heard that theirs is expired: who comes later finds the new one
    stage.product.seen.clear()
    said = [asyncio.create_task(each.say("Show me the user 'user1'")) for each in others]
    while [status for _, status in stage.product.seen].count(401) < len(others) and not any(each.done() for each in said):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    stage.product.tokens.open.set()
    for answer in await asyncio.gather(*said):
        replied(answer)
        assert [e["status"] for e in of_type(answer, "CallReturned")] == [200]
    assert stage.product.tokens.granted - granted == 1


async def another(stage: Stage, number: int) -> Client:
    """Another session of the same customer, on one worker or the other."""
    first = stage.client
    url = stage.other if number % 2 else first.url
    client = Client(first.http, url, first.key, spec=first.spec, connection=first.connection)
    await client.begin()
    return client


@pytest.mark.parametrize("dates_first", [False, True])
async def test_7_what_is_not_about_the_product_is_refused(stage: Stage, dates_first: bool) -> None:
    own_knowledge = say("The first president of the USA was George Washington, in 1789.")
    stage.script(steps(call("resolve_dates", text="the first of May"), own_knowledge) if dates_first else steps(own_knowledge))
    end = replied(await stage.client.say("Who was the first president of the USA?"))
    assert end["kind"] == "refusal"
    assert "Washington" not in end["text"]
    assert "Users" in end["text"]  # what can be done here
    assert list(stage.product.seen) == []
    if stage.vendor:
        assert "createUser" in offered(stage.vendor.requests[0].body) or offered(stage.vendor.requests[0].body)


async def test_a_declined_change_is_not_made(stage: Stage) -> None:
    stage.script(steps(call("deleteUser", username="user1"), say("Nothing was changed.")))
    card = question(await stage.client.say("Delete the user 'user1'"), "approval")
    end = replied(await stage.client.answer(card, approved=False))
    assert [r["outcome"] for r in end["receipt"]] == ["declined"]
    assert list(stage.product.ledger) == []


async def test_the_same_message_twice_is_one_turn(stage: Stage) -> None:
    stage.script(steps(call("getUser", username="user1"), say("Here is user1.")))
    both = await asyncio.gather(*(stage.client.say("Show me the user 'user1'", message_id="m-1") for _ in range(2)))
    assert both[0]["events"] == both[1]["events"]
    assert len(of_type(both[0], "Replied")) == 1


async def test_an_answer_to_a_question_that_is_not_open_is_refused(stage: Stage) -> None:
    stage.script(steps(call("createUser"), say("Created.")))
    form = question(await stage.client.say("Create a new user"), "values")
    refused = await stage.client.answer({"id": "q0"}, expect=409, values={"username": "x"})
    assert refused["code"] == "question_not_open"
    await stage.client.answer(form, values={"username": "dave", "password": PASSWORD})
    assert (await stage.client.answer(form, expect=409, values={"username": "x", "password": "y"}))["code"] == "question_not_open"


async def test_another_user_of_the_tenant_does_not_see_the_session(stage: Stage, redis: Redis) -> None:
    async with aiohttp.ClientSession(), customer(redis, stage.client.url) as stranger:
        stranger.session = stage.client.session
        for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/events"), ("POST", "/cancel")):
            assert (await stranger.ask(method, f"/v1/sessions/{stranger.session}{path}", 404))["code"] == "session_not_found"
