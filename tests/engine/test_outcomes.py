"""What is said of an answer: work that goes on, work that failed, lists that were not read to their end."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from aiohttp import web
from redis.asyncio import Redis

from engine import context
from engine.events import CallReturned, Replied
from engine.session import Session
from runtime.settings import Settings
from tests.engine.inside import Inside, told
from tests.tools.product import document
from tools.call import Returned
from tools.following import ACCEPTED

NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
PATHS: dict[str, Any] = {
    "/users/{name}": {"delete": {"operationId": "deleteUser", "summary": "Delete a user", "parameters": [NAME]}},
    "/users": {"get": {"operationId": "listUsers", "summary": "List users"}},
}


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with told(settings, redis, document(PATHS)) as found:
        wire = found.turns.parts.wire
        found.turns.parts = replace(found.turns.parts, wire=replace(wire, repeats=replace(wire.repeats, follow=0.3, look=0.05)))
        yield found


async def deleted(desk: Inside, *statuses: str) -> Replied:
    """The reply to a deletion that goes on as a job, whose status is looked at."""
    job = web.json_response({"status": "queued"}, status=202, headers={"Location": "/jobs/7"})
    desk.product.answers += [job, *(web.json_response({"status": each, "message": "the user is locked"}) for each in statuses)]
    desk.product.otherwise = lambda _: web.json_response({"status": statuses[-1], "message": "the user is locked"})
    (card,) = (await desk.say("Delete the user 'anna'")).questions()
    ended = (await desk.answer(card, approved=True)).ended
    assert isinstance(ended, Replied)
    return ended


async def test_a_job_that_failed_is_not_called_done(desk: Inside) -> None:
    reply = await deleted(desk, "running", "failed")
    assert [line.outcome for line in reply.receipt] == ["rejected"]
    assert "the user is locked" in reply.text
    assert "Deleted" not in reply.text


async def test_a_job_that_still_runs_is_called_accepted(desk: Inside) -> None:
    reply = await deleted(desk, "running")
    assert [line.outcome for line in reply.receipt] == ["accepted"]
    assert "works on it still" in reply.text
    assert "Deleted" not in reply.text


async def test_a_job_that_ended_well_is_done(desk: Inside) -> None:
    reply = await deleted(desk, "running", "succeeded")
    assert [line.outcome for line in reply.receipt] == ["done"]
    assert ACCEPTED not in reply.text


async def test_a_list_that_was_not_read_to_its_end_is_said_so_to_the_customer_and_to_the_model(desk: Inside) -> None:
    desk.product.otherwise = lambda _: web.json_response({"items": [{"id": 1, "name": "anna"}, {"id": 2, "name": "bert"}], "total": 1240})
    turn = await desk.say("List all users")
    assert turn.ended is not None
    assert "2 of 1,240 read" in turn.ended.text
    first, *events = await desk.events()
    session = Session(desk.session, first)  # type: ignore[arg-type]
    for event in events:
        session = session.add(event)
    (tool,) = (message for message in context.messages(session, context.Surroundings("", "", "", frozenset())) if message.role == "tool")
    assert any("2 of 1,240 read" in each for each in orjson.loads(tool.text)["warnings"])


async def test_what_is_said_of_an_answer_is_in_the_sessions_language(desk: Inside) -> None:
    await desk.begin(locale="ko-KR")
    desk.product.otherwise = lambda _: web.json_response({"items": [{"id": 1, "name": "anna"}, {"id": 2, "name": "bert"}], "total": 1240})
    turn = await desk.say("사용자 목록을 보여줘")
    assert turn.ended is not None
    assert "전체 1,240건 중 2건을 읽었습니다." in turn.ended.text
    assert "read" not in turn.ended.text
    (result,) = [event.result for event in await desk.events() if isinstance(event, CallReturned)]
    assert result is not None
    assert result.warnings == ("전체 1,240건 중 2건을 읽었습니다.",)  # the panel shows them too


def test_a_returned_value_is_not_accepted_unless_it_says_so() -> None:
    assert not Returned("done").accepted
