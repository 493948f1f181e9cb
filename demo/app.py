"""The example product over HTTP: identity administration, as its document in specs/examples/identity.yaml describes it."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import unquote_plus

from aiohttp import web
from aiohttp.typedefs import Handler

from demo.contract import DOCUMENT, KEY_HEADER, Declared, document, malformed, operations, read_body, read_key, read_query
from demo.database import Database
from demo.messages import JSON, Ask, Refused, Reply
from demo.product import ConnectionCut, Limits, Product
from demo.seed import Seed, plant
from demo.tokens import Tokens

PRODUCT = web.AppKey("product", Product)


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    database: str = ":memory:",
    *,
    clock: Callable[[], datetime] = utc_now,
    token_seconds: int = 60,
    seed: Seed = Seed(),
    limits: Limits = Limits(),
) -> web.Application:
    """`database` is a file or ":memory:". `app[PRODUCT]` shows tests the ledger and takes faults."""
    app = web.Application(middlewares=[_refusals])
    app[PRODUCT] = product = Product(Database(database), Tokens(clock, token_seconds), clock, limits)

    async def opened(_: web.Application) -> AsyncIterator[None]:
        await product.database.open(lambda db: plant(db, clock(), seed))
        yield
        await product.database.close()

    app.cleanup_ctx.append(opened)
    for operation in operations():
        app.router.add_route(operation.method, operation.path, partial(_answer, operation))
    app.router.add_post("/oauth/token", _token)
    app.router.add_get("/openapi.yaml", _document_yaml, allow_head=False)
    app.router.add_get("/openapi.json", _document_json, allow_head=False)
    return app


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        reply = refused.reply()
    except ConnectionCut:
        if request.transport is not None:
            request.transport.abort()
        reply = Reply(503)
    except web.HTTPException as refused:
        reply = Reply(refused.status, {"code": refused.reason.lower().replace(" ", "_"), "message": refused.reason})
    return _sent(reply)


async def _answer(operation: Declared, request: web.Request) -> web.StreamResponse:
    product = request.app[PRODUCT]
    try:
        reply = await _carried_out(operation, request, product)
    except Refused as refused:
        reply = refused.reply()
    product.seen.append((operation.id, reply.status))
    return _sent(reply)


async def _carried_out(operation: Declared, request: web.Request, product: Product) -> Reply:
    scope = "identity:write" if operation.changing else "identity:read"
    client = product.tokens.client(request.headers.get("Authorization"), scope)
    product.admit(client)
    fault = product.fault(operation.id)
    ask = Ask(
        operation=operation.id,
        path=dict(request.match_info),
        query=read_query(operation, dict(request.query)),
        body=read_body(operation, await _body(operation, request)),
        client=client,
        at=product.clock(),
    )
    return await product.answer(operation, ask, read_key(operation, request.headers.get(KEY_HEADER)), fault)


async def _body(operation: Declared, request: web.Request) -> JSON:
    if operation.check_body is None:
        return None
    try:
        return json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise malformed() from error


async def _token(request: web.Request) -> web.StreamResponse:
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    tokens = request.app[PRODUCT].tokens
    await tokens.open.wait()
    return _sent(tokens.grant(form, _basic(request.headers.get("Authorization"))))


def _basic(authorization: str | None) -> tuple[str, str] | None:
    """RFC 6749, 2.3.1: id and secret are form-encoded before they are joined."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client, _, secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        return ("", "")
    return unquote_plus(client), unquote_plus(secret)


async def _document_yaml(_: web.Request) -> web.StreamResponse:
    return web.Response(body=DOCUMENT.read_bytes(), content_type="application/yaml")


async def _document_json(request: web.Request) -> web.StreamResponse:
    """The same, with the address it is served at."""
    served: dict[str, Any] = {**document(), "servers": [{"url": str(request.url.origin())}]}
    return _sent(Reply(200, served))


def _sent(reply: Reply) -> web.Response:
    if reply.body is None:
        return web.Response(status=reply.status, headers=reply.headers)
    body = json.dumps(reply.body, ensure_ascii=False).encode()
    return web.Response(body=body, status=reply.status, headers=reply.headers, content_type="application/json")
