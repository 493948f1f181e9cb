"""The soak's product: orders, over HTTP, with a ledger of what it really did. Each fault belongs to one order's name and strikes once."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from demo.serve import serve

FAULTS = ("slow", "hang", "error", "error_committed", "unavailable", "busy", "drop", "drop_committed", "huge", "malformed", "expired", "accepted")
BEFORE = {"error": 500, "unavailable": 503, "busy": 429}
HUGE = b'{"name": "' + b"x" * 3_000_000 + b'"}'


@dataclass(frozen=True)
class Effect:
    """One change that was carried out. `client`: whose token it came with."""

    client: str
    operation: str
    name: str
    key: str | None


@dataclass
class Orders:
    """`honours`: clients whose keys count. `asked`: every key that came for a change, carried out or not."""

    honours: frozenset[str]
    slow: float
    hang: float
    ledger: list[Effect] = field(default_factory=list)
    asked: dict[tuple[str, str], list[str | None]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    struck: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, str] = field(default_factory=dict)
    orders: dict[tuple[str, str], Any] = field(default_factory=dict)
    answered: dict[tuple[str, str], Any] = field(default_factory=dict)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/token", self.token)
        app.router.add_post("/orders", self.create)
        app.router.add_get("/orders/{name}", self.read)
        app.router.add_post("/orders/{name}/ship", self.ship)
        async with serve(app) as url:
            yield url

    def done(self, client: str, operation: str, name: str) -> int:
        return sum((e.client, e.operation, e.name) == (client, operation, name) for e in self.ledger)

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        token = f"token-{len(self.tokens)}-{id(request)}"
        self.tokens[token] = str(form["client_id"])
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": 600})

    async def read(self, request: web.Request) -> web.StreamResponse:
        client, name = self._client(request), request.match_info["name"]
        order = self.orders.get((client, name))
        answer = web.json_response(order) if order else web.json_response({"message": "no such order"}, status=404)
        return await self._disturbed(request, name, answer)

    async def create(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        return await self._change(request, "createOrder", str(body["name"]), {**body, "status": "new"})

    async def ship(self, request: web.Request) -> web.StreamResponse:
        return await self._change(request, "shipOrder", request.match_info["name"], {"status": "running"})

    async def _change(self, request: web.Request, operation: str, name: str, made: Any) -> web.StreamResponse:
        client, key = self._client(request), request.headers.get("Idempotency-Key")
        self.asked.setdefault((operation, name), []).append(key)
        fault = self.faults.get(name)
        if fault in BEFORE or fault == "drop":
            self._strike(name)
            if fault == "drop":
                return cut(request)
            return web.json_response({"message": "not now"}, status=BEFORE[fault], headers={"Retry-After": "0"} if fault == "busy" else {})
        known = self.answered.get((client, str(key))) if client in self.honours and key else None
        if known is None:
            self.ledger.append(Effect(client, operation, name, key))
            if operation == "createOrder":
                self.orders[client, name] = made
            self.answered[client, str(key)] = made
        return await self._disturbed(request, name, web.json_response(made, status=202 if operation == "shipOrder" or fault == "accepted" else 201))

    def _client(self, request: web.Request) -> str:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.match_info.get("name") and self.faults.get(request.match_info["name"]) == "expired":
            self._strike(request.match_info["name"])
            self.tokens.pop(token, None)
        if token not in self.tokens:
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return self.tokens[token]

    def _strike(self, name: str) -> str:
        kind = self.faults.pop(name)
        self.struck[f"product {kind}"] += 1
        return kind

    async def _disturbed(self, request: web.Request, name: str, answer: web.Response) -> web.StreamResponse:
        """After whatever was to be done is done."""
        if name not in self.faults:
            return answer
        match self._strike(name):
            case "slow":
                await asyncio.sleep(self.slow)
            case "hang":
                await asyncio.sleep(self.hang)
            case "error_committed" | "error":
                return web.json_response({"message": "something broke"}, status=500)
            case "drop_committed" | "drop":
                return cut(request)
            case "huge":
                return web.Response(body=HUGE, status=answer.status, content_type="application/json")
            case "malformed":
                return web.Response(body=b'{"name": ', status=answer.status, content_type="application/json")
            case "unavailable" | "busy":
                return web.json_response({"message": "later"}, status=503)
        return answer


def cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)


def document(*, honours: bool) -> bytes:
    """The description of it; with the header declared where keys count."""
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}, "description": "Sent twice, it is carried out once."}
    name = {"name": "name", "in": "path", "required": True, "description": "The order's name.", "schema": {"type": "string"}}
    fields = {"name": {"type": "string", "description": "The order's name."}, "quantity": {"type": "integer", "description": "How many."}}
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object", "required": ["name", "quantity"], "properties": fields}}}}
    answer = {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}
    changing = {"parameters": [key]} if honours else {}
    create = {"operationId": "createOrder", "summary": "Create an order", "requestBody": body, "responses": {"201": answer, "202": answer}}
    ship = {"operationId": "shipOrder", "summary": "Ship an order", "responses": {"202": answer}}
    read = {"operationId": "getOrder", "summary": "Get an order", "responses": {"200": answer}}
    paths = {
        "/orders": {"post": {**create, **changing}},
        "/orders/{name}": {"parameters": [name], "get": read},
        "/orders/{name}/ship": {"parameters": [name], "post": {**ship, **changing}},
    }
    flow = {"clientCredentials": {"tokenUrl": "https://orders.example.com/token", "scopes": {}}}
    scheme = {"orders": {"type": "oauth2", "flows": flow}}
    return json.dumps(
        {
            "openapi": "3.1.0", "info": {"title": "Orders", "version": "1"}, "servers": [{"url": "https://orders.example.com"}], "paths": paths,
            "security": [{"orders": []}], "components": {"securitySchemes": scheme},
        }
    ).encode()  # fmt: skip
