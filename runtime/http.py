"""The web edge of every worker: one app shape, problem documents (RFC 9457) for every failure, limits, security headers, health."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from redis.exceptions import RedisError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from runtime.errors import InvalidRequest, ParlanceError, SettingsInvalid, TooLarge, TooMany, Unauthenticated, Unavailable
from runtime.redis import AWAY, connect, refuse_cluster
from runtime.settings import Settings, load

log = structlog.get_logger()

JSON = "application/json"
DEFAULT_MAX_BYTES = 32 * 2**20
RETRY_AFTER = "1"  # seconds; a client's back-off does the rest
PAGES = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
LOCKED = "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FILES = ("text/html", "text/javascript", "text/css", "image/", "font/")  # may be kept and asked for again; data may not
# Popups: our pages must keep hold of the window that they opened for a sign-in; who opens our pages still has none of them.
OPENER = "same-origin-allow-popups"
SECURITY_HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": OPENER}
PROBES = ("/healthz", "/readyz")  # asked every few seconds
STATUS_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
}

MEMBERS = {"status": {"type": "integer"}, **{name: {"type": "string"} for name in ("type", "title", "code", "detail")}}
PROBLEM = {"type": "object", "properties": MEMBERS, "required": list(MEMBERS)}
FAILURES: dict[int | str, dict[str, Any]] = {
    "default": {"description": "A problem (RFC 9457); `code` is stable.", "content": {"application/problem+json": {"schema": PROBLEM}}}
}


def create_app(title: str, routers: Sequence[APIRouter], lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """`lifespan` puts `redis` and `settings` on app.state. The interactive documentation is left out: it loads scripts from elsewhere."""
    app = FastAPI(title=title, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.leaving = asyncio.Event()  # set when the server stops: streams that wait for more end then
    app.add_exception_handler(ParlanceError, on_known)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_status)
    for error in AWAY:
        app.add_exception_handler(error, on_redis_away)
    app.add_middleware(BodyLimit)
    app.add_middleware(Edge)
    for router in (health, *routers):
        app.include_router(router, responses=FAILURES)
    return app


def standing(settings: Settings | None = None) -> Lifespan[FastAPI]:
    """What every worker stands on, on app.state: `settings` (read at start if not given) and `redis`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        known = settings or load()
        if known.redis_url is None:
            raise SettingsInvalid("REDIS_URL is not set; `parlance serve` and `parlance demo` start a Redis of their own")
        app.state.settings, app.state.redis = known, connect(known.redis_url)
        try:
            await refuse_cluster(app.state.redis)
            yield
        finally:
            await app.state.redis.aclose()

    return lifespan


def problem(error: ParlanceError) -> Response:
    headers = {"www-authenticate": "Bearer"} if isinstance(error, Unauthenticated) else {}
    if error.status == 503:
        headers["retry-after"] = RETRY_AFTER
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.retry_after)
    return answer(error.status, error.problem(), headers)


def answer(status: int, document: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    body = orjson.dumps(document, default=str, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status, headers, media_type="application/problem+json")


async def on_known(_: Request, error: Exception) -> Response:
    assert isinstance(error, ParlanceError)
    return problem(error)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Where and why, without the values: they may be secrets."""
    assert isinstance(error, RequestValidationError)
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return problem(InvalidRequest(f"the body is not usable JSON: {unreadable(error.errors()[0])}", code="json_invalid"))
    if request.headers.get("content-type", "").partition(";")[0].strip() != JSON and any(each["loc"] == ("body",) for each in error.errors()):
        return problem(InvalidRequest(f"send the body as JSON, with `Content-Type: {JSON}`"))
    found = [{"in": str(each["loc"][0]), "pointer": pointer(each["loc"][1:]), "message": each["msg"]} for each in error.errors()]
    where = "; ".join(f"{each['in']} {each['pointer']}: {each['message']}".replace("  ", " ") for each in found[:5])
    return problem(InvalidRequest(where or "the request does not fit", errors=found[:50]))


def unreadable(error: Mapping[str, Any]) -> str:
    """Why, and where where the parser knows it: its place is a number of characters, no JSON pointer."""
    why, at = str(error.get("ctx", {}).get("error", "it cannot be read")), error["loc"][-1]
    return f"{why} (at character {at + 1})" if isinstance(at, int) and at else why


async def on_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = STATUS_CODES.get(error.status_code, "http_error")
    detail = f"{request.method} {request.url.path} does not exist here" if error.status_code == 404 else str(error.detail)
    title = HTTPStatus(error.status_code).phrase
    document = {"type": f"urn:parlance:{code}", "title": title, "status": error.status_code, "code": code, "detail": detail}
    return answer(error.status_code, document, error.headers or {})


async def on_redis_away(_: Request, error: Exception) -> Response:
    log.warning("redis_away", error=type(error).__name__)
    return problem(Unavailable("Redis does not answer; nothing was lost, try again in a moment"))


def pointer(parts: Sequence[str | int]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


health = APIRouter(include_in_schema=False)


@health.get("/healthz")
async def alive() -> dict[str, str]:
    return {"status": "ok"}


@health.get("/readyz")
async def ready(request: Request) -> dict[str, str]:
    redis = getattr(request.app.state, "redis", None)
    if redis is None:
        raise Unavailable("Parlance is starting")
    try:
        await asyncio.wait_for(redis.ping(), 2)
    except (RedisError, TimeoutError, OSError):
        raise Unavailable("Redis does not answer") from None
    return {"status": "ready"}


class BodyLimit:
    """Refuses a request body over the limit, also one whose length nobody announced."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        settings = getattr(scope["app"].state, "settings", None)
        most = settings.max_request_bytes if settings else DEFAULT_MAX_BYTES
        refusal = problem(TooLarge(f"a request body may have {most:,} bytes at most"))
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or len(announced) > 18 or int(announced) > most:
            return await refusal(scope, receive, send)
        await self.counted(scope, receive, send, most, refusal)

    async def counted(self, scope: Scope, receive: Receive, send: Send, most: int, refusal: Response) -> None:
        read, started = 0, False

        async def counting() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise TooLarge("")
            return message

        async def sending(message: Message) -> None:
            nonlocal started
            if read > most and not started:
                return  # what the framework made of our TooLarge; the refusal follows
            started = True
            await send(message)

        try:
            await self.app(scope, counting, sending)
        except TooLarge:
            if read <= most:
                raise
        if read > most and not started:
            await refusal(scope, receive, send)


class Edge:
    """The outermost ring: security headers, one log line a request, and an answer for what nobody expected."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                secure(MutableHeaders(scope=message))
            await send(message)

        try:
            await self.app(scope, until(scope["app"].state.leaving, receive), sending)
        except Exception as error:
            log.exception("unexpected_error", exc_info=error, method=scope["method"], route=route(scope))
            if not status:
                await problem(ParlanceError("this was not expected and has been logged; nothing else is known to be wrong"))(scope, receive, sending)
        taken = round((time.perf_counter() - began) * 1000, 1)
        tell = log.debug if route(scope) in PROBES else log.info
        tell("request", method=scope["method"], route=route(scope), status=status, milliseconds=taken)


def until(leaving: asyncio.Event, receive: Receive) -> Receive:
    """After the request's body the next message is the client going away; a server that stops looks the same to whoever waits for it."""
    whole = False

    async def receiving() -> Message:
        nonlocal whole
        if not whole:
            message = await receive()
            whole = not message.get("more_body", False)
            return message
        told, gone = asyncio.ensure_future(leaving.wait()), asyncio.ensure_future(receive())
        try:
            await asyncio.wait({told, gone}, return_when=asyncio.FIRST_COMPLETED)
            return gone.result() if gone.done() else {"type": "http.disconnect"}
        finally:
            told.cancel()
            gone.cancel()

    return receiving


def route(scope: Scope) -> str:
    """The path's template, never the path: it may hold names."""
    return getattr(scope.get("route"), "path", "-")


def secure(headers: MutableHeaders) -> None:
    kind = headers.get("content-type", "")
    headers.setdefault("content-security-policy", (PAGES if kind.startswith("text/html") else "default-src 'none'") + LOCKED)
    headers.setdefault("cache-control", "no-cache" if kind.startswith(FILES) else "no-store")
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
