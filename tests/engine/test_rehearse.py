"""Scenes played with the whole engine: what is sent, to whom, and what is told of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from engine.loopback import operation_at
from engine.rehearse import rehearsing
from engine.store import OPEN
from preprocess.compile import compile_document
from runtime.errors import InvalidRequest
from runtime.settings import Settings
from specs.document import Document
from tests.tools.product import document
from tests.vendor import Reply, Vendor, Wish, in_turn
from tools.scene import Play, Response, Scene

IDENTITY = compile_document((Path(__file__).resolve().parents[2] / "specs/examples/identity.yaml").read_bytes())
USER = "/users/{username}"
ROOM = {"name": "room", "in": "path", "required": True, "schema": {"type": "string"}}
ROOMS = document({"/rooms/{room}": {"get": {"operationId": "getRoom", "summary": "Show a room", "parameters": [ROOM]}}})


@pytest.fixture
async def play(settings: Settings) -> AsyncIterator[Play]:
    async with rehearsing(settings) as played:
        yield played


def sent(report: Any) -> list[tuple[str, str]]:
    return list(report["executed"])


async def test_a_rehearsal_leaves_no_turn_that_somebody_else_would_finish(play: Play, redis: Redis) -> None:
    said = await play(IDENTITY, Scene(("Show me the user 'user1'",)))
    assert (said["action"], sent(said), said["requests"], said["failed"]) == ("call", [], [], None)
    assert said["calls"][0]["request"]["url"] == "http://127.0.0.1:8600/users/user1"  # the document's own server
    assert said["usage"] == {"calls": 1, "input_tokens": 0, "output_tokens": 0, "cost": 0}
    assert said["seconds"] > 0
    assert await redis.zcard(OPEN) == 0
    assert [name async for name in redis.scan_iter("*s[e]*s*") if b"session" in name or b"scene" in name] == []


async def test_recorded_responses_are_served_in_their_order_and_the_last_one_again(play: Play) -> None:
    responses = tuple(Response("GET", "/users/{name}", 200, {"username": "user1", "email": f"{n}@example.test"}) for n in (1, 2))
    scene = Scene(("Show me the user 'user1'",) * 3, responses=responses)
    said = await play(IDENTITY, scene)
    assert (said["action"], said["text"] != "") == ("call", True)
    assert sent(said) == [("GET", USER)] * 3
    assert said["requests"][0].splitlines()[0] == "GET /users/user1"
    other = await play(IDENTITY, Scene(("Show me the user 'user1'",), responses=(Response("GET", "/teams", 200, []),)))
    assert (sent(other), "No response was recorded" in other["text"]) == ([("GET", USER), ("GET", "/users")], True)  # unknown, so it may be a name


@pytest.mark.parametrize(("approves", "action"), [(False, "confirm"), (True, "call")])
async def test_a_change_is_carried_out_only_where_the_customer_approves(play: Play, approves: bool, action: str) -> None:
    said = await play(IDENTITY, Scene(("Lock the user 'user1'",), made_up=True, approves=approves))
    assert said["action"] == action
    assert sent(said) == ([("POST", f"{USER}/lock")] if approves else [])


async def test_without_a_product_the_messages_before_the_last_are_played_and_the_last_sends_nothing(play: Play) -> None:
    said = await play(IDENTITY, Scene(("Show me the user 'user1'", "Lock the user 'user2'"), approves=True))
    assert (said["action"], sent(said)) == ("confirm", [("GET", USER)])
    assert said["calls"][0]["arguments"]["username"] == "user2"
    assert said["usage"]["calls"] == 3


async def test_an_answer_in_words_goes_to_the_question_that_was_asked_before(play: Play) -> None:
    assert (await play(ROOMS, Scene(("Show me a room",))))["action"] == "clarify"
    said = await play(ROOMS, Scene(("Show me a room", "R-12")))
    assert (said["action"], said["calls"][0]["arguments"]) == ("call", {"room": "R-12"})


async def test_the_clock_stands_where_the_scene_says(play: Play) -> None:
    since = {"name": "since", "in": "query", "required": True, "schema": {"type": "string", "format": "date"}}
    logs = document({"/logs": {"get": {"operationId": "listLogs", "summary": "List the logs of a day", "parameters": [since]}}})
    scene = Scene(("List the logs since yesterday",), now=datetime(2024, 3, 1, 12, tzinfo=UTC), timezone="Asia/Seoul")
    assert (await play(logs, scene))["calls"][0]["arguments"] == {"since": "2024-02-29"}


async def test_what_a_path_holds_can_be_found_in_the_request(play: Play) -> None:
    said = await play(ROOMS, Scene(("Show me the room 'R 1/x'",), made_up=True))
    assert sent(said) == [("GET", "/rooms/{room}")]
    assert "/rooms/R 1/x" in said["requests"][0]


async def test_only_the_loopback_is_reached(play: Play) -> None:
    """Whatever a response names: the next page of another origin is not read."""
    listing = tree_with_pages()
    response = Response("GET", "/orders", 200, {"items": [{"id": 1}], "next": "http://127.0.0.1:9/orders?page=2"})
    said = await play(listing, Scene(("List all orders",), responses=(response,)))
    assert sent(said) == [("GET", "/orders")]


def tree_with_pages() -> Document:
    return document({"/orders": {"get": {"operationId": "listOrders", "summary": "List orders", "parameters": [
        {"name": "page", "in": "query", "schema": {"type": "integer"}}]}}})  # fmt: skip


async def test_a_models_failure_is_told_by_its_code(settings: Settings) -> None:
    async with Vendor(lambda _: Reply(status=400)) as vendor:
        given = {**settings.model_dump(), "model": "openai:gpt-4o", "model_url": vendor.url, "model_key": "sk-test"}
        async with rehearsing(Settings(**given)) as play:
            said = await play(IDENTITY, Scene(("Show me the user 'user1'",)))
            assert (said["action"], said["failed"]) == ("refuse", "model_failed")
            vendor.script = in_turn(Wish("getUser", {"username": "user1"}))
            again = await play(IDENTITY, Scene(("Show me the user 'user1'",)))
    assert (again["usage"]["calls"], again["usage"]["input_tokens"], again["usage"]["cost"]) == (1, 11, None)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a/b", "/a/b"), ("/a/1", "/a/{x}"), ("/a/1.json", "/a/{x}.json"), ("/a/1/c/?n=1", "/a/{x}/c"), ("/q?n=1&do=run", "/q?do=run"),
        ("/q?do=stop", "/q?do=stop"), ("/q", None), ("/a", None),
    ],
)  # fmt: skip
def test_a_request_is_of_the_operation_that_fits_it_best(target: str, path: str | None) -> None:
    paths: Any = {each: {"get": {}} for each in ("/a/{x}", "/a/b", "/a/{x}.json", "/a/{x}/c", "/q?do=run", "/q?do=stop")}
    found = operation_at(document(paths), "GET", target)
    assert (found.path if found else None) == path


@pytest.mark.parametrize("messages", [(), (" ",), ("x" * 8_001,)])
async def test_a_scene_that_cannot_be_said_is_refused(play: Play, messages: tuple[str, ...]) -> None:
    with pytest.raises(InvalidRequest):
        await play(IDENTITY, Scene(messages))
