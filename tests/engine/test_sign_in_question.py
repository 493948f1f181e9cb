"""A refused sign-in stops a turn and loses nothing: what was approved is sent once the customer has signed in again, by whichever worker."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from redis.asyncio import Redis

from engine.accept import Incoming
from engine.events import Question
from runtime.errors import ApprovalNeedsPress, Forbidden, InvalidRequest
from runtime.settings import Settings
from tests.canaries import found_in, redis_texts
from tests.engine.inside import ADA, Inside, told
from tests.tools.product import document
from tools.security import Bearer, Connection, save_connection
from tools.settings import DocumentSettings
from tools.store import save_settings

NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
PATHS: dict[str, Any] = {
    "/users/{name}": {
        "get": {"operationId": "getUser", "summary": "Get a user", "parameters": [NAME]},
        "delete": {"operationId": "deleteUser", "summary": "Delete a user", "parameters": [NAME]},
    },
    "/news": {"get": {"operationId": "listNews", "summary": "List the news", "security": []}},
}
SECURED = {"security": [{"token": []}], "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}}
OLD, NEW = "canary-old-token-1", "canary-new-token-2"


def bearer(token: str) -> dict[str, str]:
    return {"type": "bearer", "token": token}


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with told(settings, redis, document(PATHS, **SECURED)) as found:
        found.product.guarded, found.product.valid = True, {NEW}
        yield found


async def own(desk: Inside, token: str) -> None:
    connection = Connection(id="cn_ada", tenant=ADA.tenant, user=ADA.user, spec="sp", credential=Bearer(token=SecretStr(token)))
    await save_connection(desk.store.redis, desk.turns.parts.ring, connection)


async def one(desk: Inside, text: str, **more: Any) -> Question:
    await desk.send(text=text, **more)
    (question,) = (await desk.turn()).questions()
    return question


async def test_a_change_goes_on_after_the_sign_in_with_the_same_yes_and_the_same_key(desk: Inside) -> None:
    await own(desk, OLD)
    desk.connection = "cn_ada"
    await desk.begin()
    (asked,) = (await desk.answer(await one(desk, "Delete the user 'anna'"), approved=True)).questions()
    assert asked.sign_in is not None
    assert (asked.sign_in.way, asked.sign_in.connection) == ("credential", "cn_ada")
    await own(desk, NEW)
    turn = await desk.answer(asked, approved=True)
    assert turn.ended is not None
    assert [line.outcome for line in turn.ended.receipt] == ["done"]
    refused, sent = desk.product.seen
    assert (refused.method, sent.method) == ("DELETE", "DELETE")
    assert refused.headers["idempotency-key"] == sent.headers["idempotency-key"]
    assert sum(event.type == "QuestionAsked" and event.question.kind == "approval" for _, event in turn.trail) == 1


async def test_who_does_not_sign_in_is_told_that_nothing_was_done(desk: Inside) -> None:
    await own(desk, OLD)
    desk.connection = "cn_ada"
    await desk.begin()
    (asked,) = (await desk.answer(await one(desk, "Delete the user 'anna'"), approved=True)).questions()
    turn = await desk.answer(asked, approved=False)
    assert turn.ended is not None
    assert [line.outcome for line in turn.ended.receipt] == ["not_executed"]
    assert "you did not sign in" in turn.ended.text
    assert len(desk.product.seen) == 1


async def test_typing_yes_is_no_sign_in(desk: Inside) -> None:
    await desk.begin(passes=True)
    await one(desk, "Show me the user 'anna'")
    with pytest.raises(ApprovalNeedsPress):
        await desk.send(text="yes", credential=bearer(NEW))
    assert desk.product.seen == []


async def test_a_credential_that_came_with_the_message_is_used_and_kept_nowhere(desk: Inside, redis: Redis) -> None:
    await desk.begin(passes=True)
    await desk.send(text="Show me the user 'anna'", credential=bearer(NEW))
    turn = await desk.turn()
    assert turn.ended is not None
    assert [line.outcome for line in turn.ended.receipt] == ["done"]
    assert desk.product.seen[0].headers["authorization"] == f"Bearer {NEW}"
    assert found_in(await redis_texts(redis), {NEW}) == []


async def test_a_worker_without_the_passed_credential_asks_for_it_and_the_turn_goes_on(desk: Inside, redis: Redis) -> None:
    await desk.begin(passes=True)
    card = await one(desk, "Delete the user 'anna'", credential=bearer(NEW))
    (asked,) = (await desk.answer(card, approved=True)).questions()  # its client forgot it, as a worker does that takes a turn over
    assert (asked.kind, asked.sign_in and asked.sign_in.way) == ("sign_in", "client")
    assert desk.product.seen == []
    await desk.send(answers=[{"question_id": asked.id, "approved": True}], credential=bearer(NEW))
    turn = await desk.turn()
    assert turn.ended is not None
    assert [line.outcome for line in turn.ended.receipt] == ["done"]
    assert found_in(await redis_texts(redis), {NEW}) == []


async def test_an_expired_passed_credential_is_asked_for_anew(desk: Inside) -> None:
    await desk.begin(passes=True)
    asked = await one(desk, "Show me the user 'anna'", credential=bearer(OLD))
    assert asked.kind == "sign_in"
    await desk.send(answers=[{"question_id": asked.id, "approved": True}], credential=bearer(NEW))
    assert [seen.headers["authorization"] for seen in desk.product.seen] == [f"Bearer {OLD}", f"Bearer {NEW}"]


async def test_what_needs_no_credentials_asks_for_none(desk: Inside) -> None:
    desk.product.guarded = False
    desk.product.otherwise = lambda request: web.json_response([{"title": "It rains"}])
    await desk.begin(passes=True)
    turn = await desk.say("List the news")
    assert turn.questions() == []
    assert "authorization" not in desk.product.seen[0].headers


async def test_a_credential_is_taken_only_where_the_session_passes_it_and_names_no_address(desk: Inside) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await desk.send(text="Show me the user 'anna'", credential=bearer(NEW))
    assert refused.value.code == "credential_not_expected"
    await desk.begin(passes=True)
    elsewhere = {"type": "token_exchange", "subject_token": NEW, "token_url": "https://evil.test/token"}
    with pytest.raises(Forbidden):
        await desk.send(text="Show me the user 'anna'", credential=elsewhere)
    assert desk.product.seen == []


async def test_a_change_is_never_repeated_with_another_ones_credentials(desk: Inside) -> None:
    """Its worker dies after it was sent; the product honours the key, but a key is one account's, and the customer's credential is gone."""
    store = desk.store
    await save_settings(store.redis, ADA.tenant, "sp", DocumentSettings(base_url=desk.product.url, honours_idempotency_key=True))
    shared = Connection(id="cn_team", tenant=ADA.tenant, spec="sp", credential=Bearer(token=SecretStr("of-the-tenant")))
    await save_connection(store.redis, desk.turns.parts.ring, shared)
    await desk.begin(passes=True)
    card = await one(desk, "Delete the user 'anna'", credential=bearer(NEW))
    sent = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        sent.set()
        await asyncio.sleep(30)
        return web.Response()

    desk.product.answers.append(hang)
    message = {"id": "m9", "answers": [{"question_id": card.id, "approved": True}], "credential": bearer(NEW)}
    begun = await desk.turns.begin(ADA, desk.session, Incoming.model_validate(message))
    await sent.wait()
    assert begun.task is not None
    begun.task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await begun.task
    await settled(desk)
    assert [seen.headers["authorization"] for seen in desk.product.seen] == [f"Bearer {NEW}"]
    ended = (await desk.turn()).ended
    assert ended is not None
    assert [line.outcome for line in ended.receipt] == ["unknown"]


async def settled(desk: Inside) -> None:
    """The sweep finds the turn when the lease of its dead worker has ended."""
    async with asyncio.timeout(30):
        while (await desk.store.read(ADA.tenant, desk.session)).status == "running":  # noqa: ASYNC110 - another worker's doing
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("security", [{}, {"security": [{"token": []}]}])
async def test_the_tenants_credentials_never_stand_for_a_missing_passed_one(settings: Settings, redis: Redis, security: dict[str, Any]) -> None:
    schemes = {"components": SECURED["components"], **security}
    async with told(settings, redis, document({"/users/{name}": {"get": PATHS["/users/{name}"]["get"]}}, **schemes)) as found:
        shared = Connection(id="cn_team", tenant=ADA.tenant, spec="sp", credential=Bearer(token=SecretStr("of-the-tenant")))
        await save_connection(redis, found.turns.parts.ring, shared)
        await found.begin(passes=True)
        assert (await one(found, "Show me the user 'anna'")).kind == "sign_in"
        assert found.product.seen == []


async def test_where_credentials_are_optional_nobody_is_asked(settings: Settings, redis: Redis) -> None:
    schemes = {"components": SECURED["components"], "security": [{}, {"token": []}]}
    async with told(settings, redis, document({"/news": {"get": {"operationId": "listNews", "summary": "List the news"}}}, **schemes)) as found:
        await found.begin(passes=True)
        assert (await found.say("List the news")).questions() == []
