"""Files over HTTP: attached to a session by its own customer, named by a handle, given back as themselves, erased with the session."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from engine import app as sessions
from engine import uploads
from engine.events import SessionStarted
from engine.worker import engine
from runtime.auth import create_key
from runtime.http import create_app
from runtime.settings import Settings
from tests.canaries import redis_texts

UNKNOWN = "application/octet-stream"
BYTES = b"\x89PNG\x00canary-of-a-file"


@pytest.fixture
async def app(redis: Redis, settings: Settings) -> AsyncIterator[FastAPI]:
    made = create_app("test", [sessions.router, uploads.router])
    made.state.redis, made.state.settings = redis, settings
    async with engine(settings, redis) as turns:
        made.state.turns = turns
        started = SessionStarted(document="d", spec="sp", tenant="t", user="ann")
        await turns.parts.store.create("s_1", started)
        yield made


@pytest.fixture
async def http(app: FastAPI, redis: Redis) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncExitStack() as stack:
        headers = {"Authorization": f"Bearer {await create_key(redis, 't', 'ann', ('chat',))}"}
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=headers)
        yield await stack.enter_async_context(client)


async def attach(http: httpx.AsyncClient, name: str = "face.png", body: bytes = BYTES, kind: str = "image/png") -> httpx.Response:
    return await http.post(f"/v1/sessions/s_1/files?name={quote(name)}", content=body, headers={"Content-Type": kind})


async def test_a_file_is_kept_sealed_and_given_back_as_itself(http: httpx.AsyncClient, redis: Redis) -> None:
    made = await attach(http)
    assert made.status_code == 201
    assert {name: made.json()[name] for name in ("name", "media_type", "size")} == {"name": "face.png", "media_type": "image/png", "size": len(BYTES)}
    assert not any("canary-of-a-file" in text for text in await redis_texts(redis))
    back = await http.get(f"/v1/sessions/s_1/artifacts/{quote(made.json()['handle'])}")
    assert (back.status_code, back.content) == (200, BYTES)
    assert back.headers["content-disposition"].startswith("attachment")
    assert back.headers["x-content-type-options"] == "nosniff"


async def test_the_same_bytes_have_the_same_handle_and_another_name_another(http: httpx.AsyncClient) -> None:
    one, again, renamed = await attach(http), await attach(http), await attach(http, "other.png")
    assert one.json()["handle"] == again.json()["handle"] != renamed.json()["handle"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\a.txt", "a.txt"), ("a\r\nb.txt", "ab.txt"), ("...", "file"), ("\u202egpj.exe", "gpj.exe"),
        ("사진.png", "사진.png"),
    ],
)
async def test_a_name_has_no_folders_and_nothing_that_cannot_be_seen(http: httpx.AsyncClient, name: str, kept: str) -> None:
    assert (await attach(http, name)).json()["name"] == kept


@pytest.mark.parametrize(
    ("kind", "kept"),
    [("nonsense", UNKNOWN), ("", UNKNOWN), ("a/b/c", UNKNOWN), ("TEXT/html; charset=utf-8", "text/html")],
)
async def test_a_type_that_is_none_is_bytes(http: httpx.AsyncClient, kind: str, kept: str) -> None:
    assert (await attach(http, kind=kind)).json()["media_type"] == kept


async def test_an_empty_file_is_refused(http: httpx.AsyncClient) -> None:
    refused = await attach(http, body=b"")
    assert (refused.status_code, refused.json()["code"]) == (422, "file_empty")


async def test_another_customer_finds_neither_the_session_nor_its_file(app: FastAPI, http: httpx.AsyncClient, redis: Redis) -> None:
    handle = (await attach(http)).json()["handle"]
    bob = {"Authorization": f"Bearer {await create_key(redis, 't', 'bob', ('chat',))}"}
    assert (await http.post("/v1/sessions/s_1/files?name=a", content=b"x", headers=bob)).status_code == 404
    assert (await http.get(f"/v1/sessions/s_1/artifacts/{quote(handle)}", headers=bob)).status_code == 404


async def test_erasing_the_session_erases_its_files(http: httpx.AsyncClient, redis: Redis) -> None:
    handle = (await attach(http)).json()["handle"]
    assert (await http.delete("/v1/sessions/s_1")).status_code == 204
    assert (await http.get(f"/v1/sessions/s_1/artifacts/{quote(handle)}")).status_code == 404
    assert (await attach(http)).status_code == 404
    assert await redis.keys("*s_1*") == []
