"""The whole line for end-to-end tests: worker processes on one Redis, the example product, and a client that talks to them over HTTP."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from redis.asyncio import Redis

from demo.app import PRODUCT, create_app
from demo.product import Product
from demo.serve import serve
from demo.tokens import CLIENT_ID, CLIENT_SECRET
from runtime.auth import create_key

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "specs/examples/identity.yaml"
JSON = Any
SECRET_KEY = "cGFybGFuY2UgdGVzdCBrZXksIDMyIGJ5dGVzIGxvbmc="
STARTS = 30.0  # seconds; a shared machine may be slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Worker:
    url: str
    process: "subprocess.Popen[bytes]"
    output: Path

    def said(self) -> str:
        """What the process wrote: its log."""
        return self.output.read_text(errors="replace")


@contextmanager
def worker(redis_url: str, variables: Mapping[str, str] | None = None, **settings: object) -> Iterator[Worker]:
    """A Parlance process of its own, `parlance serve all`. Lease and timeouts are short unless `settings` say otherwise.

    `variables`: of its environment, beside ours.
    """
    port = free_port()
    short = {"lease_seconds": 3, "heartbeat": 1, "product_timeout": 2, "allow_private_hosts": True, "secret_keys": SECRET_KEY, "log_format": "json"}
    given = {f"PARLANCE_{name.upper()}": str(value) for name, value in {**short, **settings}.items()}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PARLANCE_")} | given
    environment |= {"REDIS_URL": redis_url, "PYTHONUNBUFFERED": "1", **(variables or {})}
    with tempfile.NamedTemporaryFile(prefix="parlance-worker-", suffix=".log") as log:
        command = [sys.executable, str(ROOT / "parlance.py"), "serve", "all", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield Worker(f"http://127.0.0.1:{port}", process, Path(log.name))
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def await_ready(worker: Worker) -> None:
    deadline = time.monotonic() + STARTS
    while time.monotonic() < deadline:
        assert worker.process.poll() is None, worker.said()
        try:
            with urllib.request.urlopen(f"{worker.url}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"no worker within {STARTS} s: {worker.said()}")


@contextmanager
def workers(redis_url: str, count: int, **settings: object) -> Iterator[list[Worker]]:
    with ExitStack() as stack:
        started = [stack.enter_context(worker(redis_url, **settings)) for _ in range(count)]
        for each in started:
            await_ready(each)
        yield started


class Spawner:
    """A process that forks workers: see tests/spawner.py."""

    def __init__(self, output: Any = sys.stderr, **settings: object) -> None:
        self.settings = {"allow_private_hosts": True, "secret_keys": SECRET_KEY, **settings}
        command = [sys.executable, "-m", "tests.spawner"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PARLANCE_")}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output)

    def spawn(self, **settings: object) -> tuple[int, str]:
        """A new worker's process id and address."""
        port = free_port()
        given = {**self.settings, **settings}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"settings": given, "port": port}).encode() + b"\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline()), f"http://127.0.0.1:{port}"

    def end(self) -> None:
        """Its workers end with it."""
        self.process.kill()
        self.process.communicate()


@asynccontextmanager
async def product(**options: Any) -> AsyncIterator[tuple[str, Product]]:
    app: web.Application = create_app(**options)
    async with serve(app) as url:
        yield url, app[PRODUCT]


@dataclass
class Client:
    """One customer. `url` is the worker that gets the next request; a test may change it between requests."""

    http: aiohttp.ClientSession
    url: str
    key: str
    session: str = ""
    spec: str = ""
    connection: str | None = None
    epoch: int = 0
    events: list[JSON] = field(default_factory=list)

    async def ask(self, method: str, path: str, expect: int | tuple[int, ...] = 200, **more: Any) -> JSON:
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        async with self.http.request(method, self.url + path, headers=headers, **more) as answer:
            text = await answer.text()
            wanted = expect if isinstance(expect, tuple) else (expect,)
            assert answer.status in wanted, f"{method} {path}: {answer.status} {text}"
            return await answer.json(content_type=None) if text else None

    async def upload(self, data: bytes) -> str:
        self.spec = (await self.ask("POST", "/v1/specs", 202, data=data))["id"]
        async with asyncio.timeout(STARTS):
            while (entry := await self.ask("GET", f"/v1/specs/{self.spec}"))["state"] == "reading":  # noqa: ASYNC110 - over HTTP there is no event
                await asyncio.sleep(0.02)
        assert entry["state"] == "ready", entry
        return self.spec

    async def connect(self, base_url: str, credential: Mapping[str, JSON]) -> None:
        body = {"spec_id": self.spec, "base_url": base_url, "credential": credential}
        self.connection = (await self.ask("POST", "/v1/connections", 201, json=body))["id"]

    async def begin(self, **more: JSON) -> None:
        body = {"spec_id": self.spec, "connection": self.connection, **more}
        self.session = (await self.ask("POST", "/v1/sessions", 201, json=body))["id"]
        self.events.clear()

    async def say(self, text: str, expect: int | tuple[int, ...] = 200, message_id: str | None = None) -> JSON:
        return await self._send({"id": message_id or uuid.uuid4().hex, "text": text}, expect)

    async def answer(self, question: JSON, expect: int | tuple[int, ...] = 200, message_id: str | None = None, **answer: JSON) -> JSON:
        return await self._send({"id": message_id or uuid.uuid4().hex, "answers": [{"question_id": question["id"], **answer}]}, expect)

    async def _send(self, message: JSON, expect: int | tuple[int, ...]) -> JSON:
        answer = await self.ask("POST", f"/v1/sessions/{self.session}/messages", expect, json=message)
        self.events += answer.get("events", ())
        return answer


def of_type(answer: JSON, kind: str) -> list[JSON]:
    return [event for event in answer["events"] if event["type"] == kind]


def question(answer: JSON, kind: str) -> JSON:
    """The one question of this kind that the answer asks."""
    found = [event["question"] for event in of_type(answer, "QuestionAsked") if event["question"]["kind"] == kind]
    assert len(found) == 1, answer
    return found[0]


def replied(answer: JSON) -> JSON:
    found = of_type(answer, "Replied")
    assert answer["status"] == "replied", answer
    assert len(found) == 1, answer
    return found[0]


def credential(product_url: str) -> JSON:
    """The example product's client credentials, with tokens from this address."""
    secret = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "token_url": f"{product_url}/oauth/token"}
    return {"type": "client_credentials", **secret}


@asynccontextmanager
async def customer(redis: Redis, url: str, product_url: str | None = None) -> AsyncIterator[Client]:
    """A customer of a fresh tenant, with the example product's document and a connection to it."""
    tenant = f"t{uuid.uuid4().hex[:12]}"
    key = await create_key(redis, tenant, "ada", ("chat", "specs", "ratings"))
    # A connection kept open is closed by an idle worker just when a slow test uses it again.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as http:
        client = Client(http, url, key)
        await client.upload(DOCUMENT.read_bytes())
        if product_url:
            await client.connect(product_url, credential(product_url))
        await client.begin(timezone="Europe/Berlin")
        yield client
