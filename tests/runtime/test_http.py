import asyncio
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from logging import root

import httpx
import pytest
import structlog
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from runtime import telemetry
from runtime.auth import Principal, create_key, require
from runtime.errors import DocumentRefused, SessionBusy
from runtime.http import create_app
from runtime.redis import connect


class Wish(BaseModel):
    text: str
    age: int = 0


@contextmanager
def logging() -> Iterator[None]:
    """Inside of a test: standard error of its set-up is another one."""
    telemetry.configure("info", "json")
    yield
    structlog.reset_defaults()
    root.handlers.clear()


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/v1/mine")
    async def mine(who: Principal = Depends(require("chat"))) -> dict[str, str]:
        return {"tenant": who.tenant}

    @router.post("/v1/wishes")
    async def wishes(wish: Wish) -> Wish:
        return wish

    @router.post("/v1/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @router.get("/v1/fails/{how}")
    async def fails(how: str, request: Request) -> None:
        if how == "document":
            raise DocumentRefused("it is empty", code="document_empty", pointer="/paths", line=3)
        if how == "redis":
            await connect("redis://127.0.0.1:1").ping()
        raise SessionBusy("another turn is running") if how == "busy" else ZeroDivisionError("hunter2 went wrong")

    return router


@pytest.fixture
async def client(redis, settings):
    @asynccontextmanager
    async def lifespan(app: FastAPI):
        app.state.redis, app.state.settings = redis, settings.model_copy(update={"max_request_bytes": 1000})
        yield

    app = create_app("test", [routes()], lifespan)
    async with lifespan(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        yield client


def is_problem(response, status, code):
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["status"], body["code"], body["type"]) == (status, status, code, f"urn:parlance:{code}")
    return body


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer pk_wrong"}, {"Authorization": "Basic eDp5"}])
async def test_nobody_gets_in_without_a_key(client, header):
    response = await client.get("/v1/mine", headers=header)
    is_problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_key_without_the_scope_is_refused_and_one_with_it_is_let_in(client, redis):
    for scopes, status in ((["ratings"], 403), (["chat"], 200), (["admin"], 200)):
        secret = await create_key(redis, "acme", "ann", scopes)
        assert (await client.get("/v1/mine", headers={"Authorization": f"Bearer {secret}"})).status_code == status


async def test_a_known_error_keeps_its_code_and_says_where(client):
    body = is_problem(await client.get("/v1/fails/document"), 422, "document_empty")
    assert (body["pointer"], body["line"], body["detail"]) == ("/paths", 3, "it is empty")
    is_problem(await client.get("/v1/fails/busy"), 409, "session_busy")


async def test_an_invalid_body_is_explained_without_repeating_it(client):
    response = await client.post("/v1/wishes", json={"text": 5, "age": "hunter2"})
    body = is_problem(response, 422, "invalid_request")
    assert {each["pointer"] for each in body["errors"]} == {"/text", "/age"}
    assert "hunter2" not in response.text


async def test_a_body_that_is_not_json_is_a_problem_that_says_where(client):
    response = await client.post("/v1/wishes", content=b'{"text": x}', headers={"content-type": "application/json"})
    assert "at character 10" in is_problem(response, 422, "json_invalid")["detail"]


async def test_a_json_body_under_another_name_is_told_the_right_one(client):
    for headers in ({}, {"content-type": "text/plain"}):
        response = await client.post("/v1/wishes", content=b'{"text": "x"}', headers=headers)
        assert "Content-Type: application/json" in is_problem(response, 422, "invalid_request")["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"), [("GET", "/v1/none", 404, "not_found"), ("PUT", "/v1/wishes", 405, "method_not_allowed")]
)
async def test_what_does_not_exist_is_a_problem_too(client, method, path, status, code):
    is_problem(await client.request(method, path), status, code)


async def test_an_unexpected_error_is_answered_and_logged_without_its_words(client, capsys):
    with logging():
        response = await client.get("/v1/fails/unexpectedly")
    is_problem(response, 500, "internal_error")
    logged = capsys.readouterr().err
    assert "hunter2" not in response.text + logged
    assert "ZeroDivisionError" in logged


async def test_redis_away_is_unavailable_and_says_when_to_come_back(client):
    response = await client.get("/v1/fails/redis")
    is_problem(response, 503, "unavailable")
    assert response.headers["retry-after"] == "1"


@pytest.mark.parametrize("path", ["/v1/raw", "/v1/wishes"])
async def test_a_body_over_the_limit_is_refused(client, path):
    is_problem(await client.post(path, content=b"x" * 1001), 413, "too_large")


@pytest.mark.parametrize("path", ["/v1/raw", "/v1/wishes"])
async def test_a_body_of_unknown_length_is_refused_when_it_passes_the_limit(client, path):
    async def parts():
        for _ in range(20):
            yield b"x" * 100

    is_problem(await client.post(path, content=parts()), 413, "too_large")


async def test_a_body_at_the_limit_is_read(client):
    assert (await client.post("/v1/raw", content=b"x" * 1000)).json() == 1000


async def test_every_answer_carries_the_security_headers(client):
    for path in ("/healthz", "/v1/mine", "/v1/fails/unexpectedly", "/nowhere"):
        with logging():
            headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


async def test_health_needs_no_key_and_readiness_asks_redis(client):
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_a_stream_that_waits_ends_when_the_server_stops(serving):
    router = APIRouter()

    @router.get("/v1/stream")
    async def stream() -> StreamingResponse:
        async def parts():
            yield b"first"
            await asyncio.Event().wait()

        return StreamingResponse(parts())

    async with httpx.AsyncClient() as client:
        async with serving(create_app("test", [router])) as url:
            request = client.build_request("GET", f"{url}/v1/stream")
            response = await client.send(request, stream=True)
            parts = response.aiter_raw()
            assert await anext(parts) == b"first"
        with pytest.raises(httpx.RemoteProtocolError):  # cut off, and the server did not wait for its grace to end
            await anext(parts)
        await response.aclose()


async def test_without_redis_a_worker_lives_and_is_not_ready(settings):
    app = create_app("test", [])
    app.state.settings, app.state.redis = settings, connect("redis://127.0.0.1:1")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        health, readiness = await asyncio.gather(client.get("/healthz"), client.get("/readyz"))
    assert health.status_code == 200
    is_problem(readiness, 503, "unavailable")


async def test_our_own_document_says_what_failures_look_like(client):
    document = (await client.get("/openapi.json")).json()
    answers = document["paths"]["/v1/wishes"]["post"]["responses"]
    assert set(answers) == {"200", "default"}
    told = answers["default"]["content"]["application/problem+json"]["schema"]["required"]
    assert set(is_problem(await client.post("/v1/wishes", json={}), 422, "invalid_request")) >= set(told)
