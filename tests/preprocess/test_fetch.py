"""Uploads from an address: through the guard, within limits, with one clear reason when nothing comes of it."""

import asyncio
import gzip
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from fastapi import FastAPI
from redis.asyncio import Redis

from preprocess.fetch import LONGEST, address_in, fetched
from runtime.errors import InvalidRequest, ParlanceError
from runtime.guard import guarded_session
from runtime.settings import Settings
from specs.load import MAX_BYTES
from tests.preprocess.test_app import DOCUMENT, settled
from tests.preprocess.test_cli import ROOT
from tools.settings import DocumentSettings
from tools.store import save_settings


@dataclass
class Site:
    url: str = ""
    asked: list[str] = field(default_factory=list)
    answer: Callable[[web.Request], web.StreamResponse] = lambda request: web.Response(body=DOCUMENT)

    async def on(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        return self.answer(request)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made, app = Site(), web.Application()
    app.router.add_route("*", "/{rest:.*}", made.on)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


async def test_an_address_in_place_of_a_document_is_fetched_and_read(http: aiohttp.ClientSession, app: FastAPI, site: Site) -> None:
    async with http.post("/v1/specs", json={"url": f"{site.url}/shop.json?v=2"}) as answer:
        assert answer.status == 202
        accepted = await answer.json()
    entry = await settled(http, app, accepted["id"])
    assert (entry["state"], entry["title"], entry["operations"]) == ("ready", "Shop", 1)
    assert site.asked == ["/shop.json?v=2"]
    async with http.post("/v1/specs", data=DOCUMENT) as answer:  # the same bytes are the same entry
        assert (await answer.json())["id"] == accepted["id"]


async def test_a_form_may_name_the_address_beside_an_overlay(http: aiohttp.ClientSession, app: FastAPI, site: Site) -> None:
    overlay = {"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": [{"target": "$.info", "update": {"title": "Overlaid"}}]}
    form = aiohttp.FormData()
    form.add_field("url", f"{site.url}/shop.json")
    form.add_field("overlay", orjson.dumps(overlay), filename="overlay.json")
    async with http.post("/v1/specs", data=form) as answer:
        assert answer.status == 202
        assert (await settled(http, app, (await answer.json())["id"]))["title"] == "Overlaid"


@pytest.fixture
def closed(settings: Settings) -> Settings:
    """As an operator has it who allows nothing."""
    return settings.model_copy(update={"allow_private_hosts": False})


async def problem(http: aiohttp.ClientSession, method: str, path: str, url: str) -> tuple[int, str]:
    async with http.request(method, path, json={"url": url}) as answer:
        return answer.status, (await answer.json())["code"]


PRIVATE = "http://169.254.169.254/x https://[::1]/x file:///etc/passwd https://localhost/x http://example.test/x x"


async def test_only_public_hosts_by_https_are_fetched_from(
    http: aiohttp.ClientSession, app: FastAPI, site: Site, closed: Settings, redis: Redis
) -> None:
    async with http.post("/v1/specs", data=DOCUMENT) as answer:
        spec = (await answer.json())["id"]
    app.state.settings = closed
    for url in (site.url, *PRIVATE.split(), ""):
        assert await problem(http, "POST", "/v1/specs", url) == (422, "document_address_refused"), url
        assert await problem(http, "PUT", f"/v1/specs/{spec}", url) == (422, "document_address_refused"), url
    assert site.asked == []
    await save_settings(redis, "acme", spec, DocumentSettings(hosts=("127.0.0.1",)))
    site.answer = lambda request: web.Response(body=DOCUMENT + b"\n")
    async with http.put(f"/v1/specs/{spec}", json={"url": site.url}) as answer:  # the team has listed it for this document
        assert answer.status == 202
    assert len(site.asked) == 1


def moved(location: str, status: int = 302) -> Callable[[web.Request], web.StreamResponse]:
    return lambda request: web.Response(body=DOCUMENT) if request.path == "/there" else web.Response(status=status, headers={"Location": location})


async def refused(site: Site, path: str = "/") -> ParlanceError:
    async with guarded_session(allow_private=True) as guarded:
        with pytest.raises(ParlanceError) as raised:
            await fetched(f"{site.url}{path}", guarded)
    return raised.value


async def test_a_redirect_is_followed_on_the_same_host(site: Site) -> None:
    site.answer = moved("/there")
    async with guarded_session(allow_private=True) as guarded:
        assert await fetched(f"{site.url}/here", guarded) == DOCUMENT
    assert site.asked == ["/here", "/there"]


ELSEWHERE = "http://127.0.0.2:{port}/there http://localhost:{port}/there http://127.0.0.1:1/there //127.0.0.2/ ftp://127.0.0.1/ http://["


@pytest.mark.parametrize("location", ELSEWHERE.split())
async def test_a_redirect_elsewhere_is_said_and_not_followed(site: Site, location: str) -> None:
    site.answer = moved(location.replace("{port}", site.url.rpartition(":")[2]))
    error = await refused(site)
    assert (error.code, site.asked) == ("document_not_fetched", ["/"])
    assert "it redirects elsewhere, to " in error.detail


@pytest.mark.parametrize(
    ("answer", "code", "why"),
    [
        (lambda request: web.Response(status=404), "document_not_fetched", "it answered 404"),
        (lambda request: web.Response(status=204), "document_not_fetched", "it answered 204"),
        (moved("/again"), "document_not_fetched", "it redirects again and again"),
        (moved("", 304), "document_not_fetched", "it redirects elsewhere"),
        (lambda request: web.Response(body=b"x", headers={"Content-Encoding": "br"}), "document_not_fetched", "it is packed as br"),
        (lambda request: web.Response(body=BOMB, headers={"Content-Encoding": "gzip"}), "document_too_large", "32 MB"),
        (lambda request: web.Response(body=bytes(MAX_BYTES + 1)), "document_too_large", "32 MB"),
    ],
)
async def test_what_cannot_be_had_has_a_code_and_a_reason(site: Site, answer: Any, code: str, why: str) -> None:
    site.answer = answer
    error = await refused(site, "/x?token=secret")
    assert (error.code, why in error.detail, "secret" in error.detail) == (code, True, False)


BOMB = gzip.compress(bytes(MAX_BYTES + 1), mtime=0)


def test_a_document_is_never_taken_for_an_address() -> None:
    assert address_in("application/json; charset=utf-8", b'{"url": "https://a.test"}') == "https://a.test"
    long = b'{"url": "' + b"x" * LONGEST + b'"}'
    for body in (DOCUMENT, b'{"url": 5}', b'{"url": "x", "openapi": "3.1.0"}', b"{}", b"[]", b'"url"', b"url: x", long):
        assert address_in("application/json", body) is None, body[:40]
    for kind in ("", "application/yaml", "application/octet-stream"):
        assert address_in(kind, b'{"url": "https://a.test"}') is None


async def test_the_command_line_fetches_from_where_it_is_told_to(site: Site) -> None:
    command = [sys.executable, "-c", "import preprocess.cli; preprocess.cli.specs()", "check", f"{site.url}/shop.json", "--json"]
    done = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    found = orjson.loads((await done.communicate())[0])
    assert (done.returncode, found["title"], site.asked) == (0, "Shop", ["/shop.json"])
    with pytest.raises(InvalidRequest):
        async with guarded_session() as guarded:
            await fetched(site.url, guarded)
