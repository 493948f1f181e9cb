"""A product over loopback that answers as it is told: tokens that expire, refusals, dropped connections, huge and slow answers."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from preprocess.compile import compile_document
from specs.document import Document
from specs.model import Operation
from tools.call import Work
from tools.schema import definition
from tools.security import NO_CONNECTION, Connection
from tools.settings import DocumentSettings


@dataclass
class Seen:
    method: str
    target: str  # path and query as they came, still encoded
    headers: dict[str, str]
    body: bytes


@dataclass
class Product:
    """`answers`: what the next requests get, in order; when there are none left, `otherwise`."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    answers: deque[Any] = field(default_factory=deque)
    otherwise: Callable[[web.Request], web.Response] = lambda request: web.json_response({"id": 1})
    tokens: int = 0  # issued
    valid: set[str] = field(default_factory=set)
    guarded: bool = False  # wants a valid token
    token_lifetime: int | None = 3600

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        assert form["grant_type"] == "client_credentials"
        if request.headers.get("Authorization") != "Basic Y2xpZW50OnMzY3JldC12YWx1ZQ==":
            return web.json_response({"error": "invalid_client"}, status=401)
        await asyncio.sleep(0)
        self.tokens += 1
        self.valid.add(f"token-{self.tokens}")
        more = {} if self.token_lifetime is None else {"expires_in": self.token_lifetime}
        return web.json_response({"access_token": f"token-{self.tokens}", "token_type": "Bearer", **more})

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(Seen(request.method, request.raw_path, {k.lower(): v for k, v in request.headers.items()}, await request.read()))
        if self.guarded and request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.valid:
            return web.json_response({"detail": "token expired"}, status=401)
        next_one = self.answers.popleft() if self.answers else self.otherwise
        if callable(next_one):
            made = next_one(request)
            return await made if asyncio.iscoroutine(made) else made
        return next_one

    @property
    def targets(self) -> list[str]:
        return [each.target for each in self.seen]


def drop(request: web.Request) -> web.Response:
    """The request was carried out; the connection breaks before the answer."""
    request.transport.abort()
    return web.Response()


def job(product: Product, *states: Any) -> Callable[[web.Request], web.Response]:
    """Work that goes on: each look at /jobs/1 gets the next of these, the last one for ever. A dict is a body, a response is itself."""
    left = deque(states)

    def answer(request: web.Request) -> web.Response:
        if not request.path.startswith("/jobs/1"):
            return web.Response(status=202, headers={"Location": f"{product.url}/jobs/1", "Retry-After": "0"})
        state = left.popleft() if len(left) > 1 else left[0]
        return web.json_response(state, headers={"Retry-After": "0"}) if isinstance(state, dict) else state.clone()

    return answer


@dataclass(frozen=True)
class Told:
    """A response that may be given more than once."""

    status: int = 200
    body: Any = None
    headers: Any = ()

    def clone(self) -> web.Response:
        return web.json_response(self.body, status=self.status, headers=dict(self.headers))


async def run(product: Product) -> web.AppRunner:
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/token", product.token)
    app.router.add_route("*", "/{rest:.*}", product.answer)
    runner = web.AppRunner(app, handler_cancellation=False, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    product.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return runner


def document(paths: dict[str, Any], **more: Any) -> Document:
    """A compiled document with these paths; what a test does not say is filled in."""
    for item in paths.values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.setdefault("responses", {"200": {"description": "ok"}})
    return compile_document(json.dumps({"openapi": "3.1.0", "info": {"title": "Test", "version": "1"}, "paths": paths, **more}).encode())


def operation(paths: dict[str, Any], **more: Any) -> Operation:
    """The only operation of such a document."""
    compiled = document(paths, **more)
    return compiled.operation(compiled.catalogue[0].id)


def work(compiled: Document, arguments: dict[str, Any], settings: DocumentSettings, connection: Connection = NO_CONNECTION, **more: Any) -> Work:
    found = compiled.operation(compiled.catalogue[0].id)
    return Work(
        operation=found, definition=definition(found, settings), arguments=arguments, secrets=more.get("secrets", {}), connection=connection,
        settings=settings, document=compiled, key=more.get("key"),
    )  # fmt: skip
