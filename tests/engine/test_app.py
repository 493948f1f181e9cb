"""The engine over HTTP: streams, deadlines, cancelling, erasing, artifacts. Worker processes, the example product, the built-in model."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from redis.asyncio import Redis

from demo.product import Fault, Product
from tests.line import JSON, Client, Worker, customer, of_type, product, question, replied, workers

PASSWORD = "correct horse 7 battery staple"
ORIGIN = "https://app.example.com"


@pytest.fixture(scope="module")
def pair(redis_server: str) -> Iterator[list[Worker]]:
    """Two workers that answer within a second, whatever a turn takes."""
    with workers(redis_server, 2, respond_within=1, allowed_origins=ORIGIN) as started:
        yield started


@pytest.fixture
async def stage(pair: list[Worker], redis_url: str, redis: Redis) -> AsyncIterator[tuple[Client, Product]]:
    async with AsyncExitStack() as stack:
        url, running = await stack.enter_async_context(product())
        yield await stack.enter_async_context(customer(redis, pair[0].url, url)), running


def path(client: Client, rest: str = "") -> str:
    return f"/v1/sessions/{client.session}{rest}"


async def streamed(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str, JSON]]:
    """(event, id, data) of a stream of server-sent events."""
    kind, number = "", ""
    async for raw in answer.content:
        name, _, value = raw.decode().rstrip("\n").partition(": ")
        if name == "event":
            kind = value
        elif name == "id":
            number = value
        elif name == "data":
            yield kind, number, json.loads(value)
            number = ""


async def test_a_message_can_be_answered_as_a_stream_that_ends_with_the_status(stage: tuple[Client, Product]) -> None:
    client, _ = stage
    headers = {"Authorization": f"Bearer {client.key}", "Accept": "text/event-stream"}
    body = {"id": "m1", "text": "Show me the user 'user1'"}
    async with client.http.post(client.url + path(client, "/messages"), json=body, headers=headers) as answer:
        assert answer.content_type == "text/event-stream"
        found = [item async for item in streamed(answer)]
    assert [data["type"] for kind, _, data in found if kind == "event"][-1] == "Replied"
    assert [number for kind, number, _ in found if kind == "event"] == [f"0-{n}" for n in range(1, len(found))]
    assert found[-1] == ("status", "", {"status": "replied", "epoch": 0})


async def test_a_follower_on_another_worker_resumes_by_number_and_misses_nothing(stage: tuple[Client, Product], pair: list[Worker]) -> None:
    client, _ = stage
    await client.say("Show me the user 'user1'")
    headers = {"Authorization": f"Bearer {client.key}", "Last-Event-ID": "0-2"}
    seen: list[int] = []
    async with asyncio.timeout(20), client.http.get(pair[1].url + path(client, "/events"), headers=headers) as answer:
        second = asyncio.create_task(client.say("Show me the user 'hkim'"))
        async for _, _, data in streamed(answer):
            seen.append(data["number"])
            if data["type"] == "Replied" and data["number"] > 6:
                break
    await second
    assert seen == list(range(3, seen[-1] + 1))


async def test_numbers_of_another_epoch_begin_anew(stage: tuple[Client, Product], pair: list[Worker]) -> None:
    client, _ = stage
    await client.say("Show me the user 'user1'")
    await client.ask("POST", path(client, "/feedback"), 201, json={"turn": 1, "rating": "down", "reset": True})
    headers = {"Authorization": f"Bearer {client.key}", "Last-Event-ID": "0-5"}
    async with asyncio.timeout(20), client.http.get(client.url + path(client, "/events"), headers=headers) as answer:
        async for _, number, data in streamed(answer):
            assert (number, data["type"]) == ("1-0", "SessionStarted")
            break
    end = replied(await client.say("Show me the user 'hkim'"))
    assert [r["outcome"] for r in end["receipt"]] == ["done"]


async def test_a_slow_turn_is_answered_with_202_and_its_end_is_found_by_asking_again(stage: tuple[Client, Product]) -> None:
    client, running = stage
    fault = Fault("hold", "getUser")
    running.faults.append(fault)
    early = await client.say("Show me the user 'user1'", expect=202, message_id="slow")
    assert early["status"] == "running"
    assert (await client.say("another", expect=409))["code"] == "session_busy"
    fault.release.set()
    async with asyncio.timeout(20):
        while (again := await client.say("Show me the user 'user1'", expect=(200, 202), message_id="slow"))["status"] == "running":
            pass
    assert [r["outcome"] for r in replied(again)["receipt"]] == ["done"]


async def test_who_does_not_want_to_wait_need_not(stage: tuple[Client, Product]) -> None:
    client, running = stage
    fault = Fault("hold", "getUser")
    running.faults.append(fault)
    body = {"id": "m1", "text": "Show me the user 'user1'"}
    answer = await client.ask("POST", path(client, "/messages"), 202, json=body, headers={"Prefer": "respond-async"})
    assert (answer["status"], [e["type"] for e in answer["events"]]) == ("running", ["UserSaid"])
    fault.release.set()


async def test_cancelling_closes_open_questions_and_nothing_is_sent(stage: tuple[Client, Product]) -> None:
    client, running = stage
    question(await client.say("Delete the user 'user1'"), "approval")
    assert (await client.ask("POST", path(client, "/cancel")))["status"] == "replied"
    assert list(running.ledger) == []
    replied(await client.say("Show me the user 'user1'"))


async def test_a_turn_whose_connection_was_removed_can_be_cancelled(stage: tuple[Client, Product]) -> None:
    client, running = stage
    question(await client.say("Delete the user 'user1'"), "approval")
    await client.ask("DELETE", f"/v1/connections/{client.connection}", 204)
    assert (await client.ask("POST", path(client, "/cancel")))["status"] == "failed"
    assert list(running.ledger) == []


async def test_a_running_turn_is_stopped_after_the_step_it_is_in(stage: tuple[Client, Product], pair: list[Worker]) -> None:
    client, running = stage
    fault = Fault("hold", "getUser")
    running.faults.append(fault)
    sentence = "Get the user details of 'user1' and create a new user 'user2' with those details"
    await client.say(sentence, expect=202, message_id="m1")
    await client.ask("POST", path(client, "/cancel"))
    fault.release.set()
    async with asyncio.timeout(20):
        while (end := await client.say(sentence, expect=(200, 202), message_id="m1"))["status"] == "running":
            pass
    assert [r["outcome"] for r in replied(end)["receipt"]] in (["done"], ["done", "declined"])
    assert list(running.ledger) == []


async def test_a_new_request_closes_what_is_open_and_both_turns_have_an_end(stage: tuple[Client, Product]) -> None:
    client, running = stage
    question(await client.say("Delete the user 'user1'"), "approval")
    answer = await client.say("Show me the user 'hkim'")
    assert [r["operation"] for r in replied(answer)["receipt"]] == ["getUser"]
    whole = await client.ask("GET", path(client))
    assert [e["type"] for e in whole["events"]].count("Replied") == 2
    assert list(running.ledger) == []


async def test_free_text_answers_the_one_open_field_and_never_an_approval(stage: tuple[Client, Product]) -> None:
    client, running = stage
    form = question(await client.say("Delete a user"), "values")
    assert [f["name"] for f in form["fields"]] == ["username"]
    card = question(await client.say("hkim"), "approval")
    assert card["values"][0]["value"] == "hkim"
    await client.say("hkim", expect=200)
    assert list(running.ledger) == []


@pytest.mark.parametrize("text", ["yes", "OK, go ahead!", "Yes please, do it.", "네", "approve"])
async def test_a_typed_yes_neither_approves_nor_takes_the_request_away(stage: tuple[Client, Product], text: str) -> None:
    client, running = stage
    card = question(await client.say("Lock the user 'user1'"), "approval")
    refused = await client.say(text, expect=409)
    assert refused["code"] == "approval_needs_a_press"
    assert list(running.ledger) == []
    replied(await client.answer(card, approved=True))
    assert len(running.ledger) == 1


async def test_a_lone_word_while_a_hidden_field_is_open_is_not_kept(stage: tuple[Client, Product], redis: Redis) -> None:
    client, _ = stage
    form = question(await client.say("Create a user called 'carol'"), "values")
    refused = await client.say("hunter22hunter", expect=409)
    assert refused["code"] == "secret_in_the_open"
    (events,) = [name async for name in redis.scan_iter(f"*{client.session}*:events")]
    assert b"hunter22hunter" not in b"".join(await redis.lrange(events, 0, -1))
    question(await client.answer(form, values={"password": PASSWORD}), "approval")
    again = question(await client.say("Create a user called 'dora'"), "values")
    replied(await client.say("cancel"))
    await client.answer(again, expect=409, values={"password": PASSWORD})


async def test_a_result_is_read_whole_as_json_and_as_csv(stage: tuple[Client, Product]) -> None:
    client, _ = stage
    (view,) = replied(await client.say("Show me all audit logs from yesterday"))["views"]
    rows = (await client.ask("GET", path(client, f"/artifacts/{view['result']}")))["items"]
    address = client.url + path(client, f"/artifacts/{view['result']}?format=csv")
    async with client.http.get(address, headers={"Authorization": f"Bearer {client.key}"}) as answer:
        lines = (await answer.text()).splitlines()
    assert len(lines) == len(rows) + 1 > 100
    assert (await client.ask("GET", path(client, "/artifacts/none"), 404))["code"] == "artifact_not_found"


async def test_an_erased_session_leaves_nothing(stage: tuple[Client, Product], redis: Redis) -> None:
    client, _ = stage
    form = question(await client.say("Create a new user"), "values")
    await client.answer(form, values={"username": "carol", "password": PASSWORD})
    await client.ask("DELETE", path(client), 204)
    assert [name async for name in redis.scan_iter(f"*{client.session}*")] == []
    assert (await client.ask("GET", path(client), 404))["code"] == "session_not_found"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"id": "m"}, "invalid_request"),
        ({"id": "", "text": "x"}, "invalid_request"),
        ({"id": "m", "text": "   "}, "invalid_request"),
        ({"id": "m", "text": "\0 \0"}, "invalid_request"),
        ({"id": "m", "text": "x" * 9000}, "invalid_request"),
        ({"id": "m", "text": "x", "more": 1}, "invalid_request"),
        ({"id": "m", "answers": [{"question_id": "q9"}]}, "question_not_open"),
        ({"id": "m", "text": "x", "answers": [{"question_id": "q9", "approved": True}]}, "invalid_request"),
    ],
)
async def test_a_message_that_cannot_be_used_says_why_and_leaves_the_session_as_it_was(stage: tuple[Client, Product], body: JSON, code: str) -> None:
    client, _ = stage
    refused = await client.ask("POST", path(client, "/messages"), (409, 422), json=body)
    assert refused["code"] == code
    assert (await client.ask("GET", path(client)))["status"] == "replied"
    replied(await client.say("Show me the user 'user1'"))


@pytest.mark.parametrize(
    "answer", [{}, {"values": {}}, {"values": {"username": "x"}}, {"values": {"other": 1}}, {"approved": True}, {"values": {"username": ["x"]}}]
)
async def test_an_answer_that_does_not_fit_its_question_leaves_it_open(stage: tuple[Client, Product], answer: JSON) -> None:
    client, _ = stage
    form = question(await client.say("Create a new user"), "values")
    refused = await client.answer(form, expect=422, **answer)
    assert refused["code"] in ("answer_invalid", "answer_incomplete")
    question(await client.answer(form, values={"username": "carol", "password": PASSWORD}), "approval")


async def test_a_page_of_an_allowed_origin_may_embed_the_panel(stage: tuple[Client, Product]) -> None:
    client, _ = stage
    asking = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    async with client.http.options(f"{client.url}/v1/sessions", headers=asking) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    async with client.http.options(f"{client.url}/v1/sessions", headers=asking | {"Origin": "https://other.example"}) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_other_sessions_events_and_broken_ids_are_not_found(stage: tuple[Client, Product]) -> None:
    client, _ = stage
    for session in ("s_nobody", "a:b", "%00", "x" * 300, "{t}"):
        assert (await client.ask("GET", f"/v1/sessions/{session}", 404))["code"] in ("session_not_found", "not_found")


async def test_answering_is_once_for_two_who_answer_at_the_same_time(stage: tuple[Client, Product]) -> None:
    client, running = stage
    card = question(await client.say("Lock the user 'hkim'"), "approval")
    both = await asyncio.gather(*(client.answer(card, expect=(200, 202, 409), approved=True) for _ in range(2)))
    assert sum("code" not in answer for answer in both) == 1
    assert sum(change.operation == "lockUser" for change in running.ledger) == 1
    assert len(of_type({"events": client.events}, "Replied")) == 1
