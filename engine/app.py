"""The engine over HTTP: sessions, messages, events, artifacts. Knows requests and answers; what happens in between is accept.py's and run.py's."""

import asyncio
import secrets
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from engine.accept import Begun, Incoming, Turns
from engine.budget import by_turn
from engine.downloads import as_csv, as_file, as_json, page_of, rows_of, view_of
from engine.events import CallReturned, SessionStarted
from engine.lifetimes import lifetimes
from engine.store import Status
from engine.stream import answer_of, follow, outcome, pages, public
from runtime.auth import Principal, refuse_barred, require
from runtime.bodies import StrictJson
from runtime.errors import InvalidRequest, NotFound
from runtime.tenants import load_tenant
from specs.store import load_entry
from tools.security import connection_exists, default_connection
from tools.show import View

router = APIRouter(prefix="/v1/sessions", tags=["sessions"], route_class=StrictJson)
Who = Annotated[Principal, Depends(require("chat"))]
After = Annotated[int, Query(ge=-1, le=2**53)]


class NewSession(BaseModel):
    """`credential`: "passed" when the customer's own comes with each message instead of being kept in a connection."""

    model_config = ConfigDict(extra="forbid")

    spec_id: str
    connection: str | None = None
    locale: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    timezone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    consent: bool = False
    credential: Literal["stored", "passed"] = "stored"


def turns(request: Request) -> Turns:
    found: Turns = request.app.state.turns
    return found


Busy = Annotated[Turns, Depends(turns)]


@router.post("", status_code=201)
async def create(body: NewSession, who: Who, busy: Busy) -> dict[str, object]:
    """A new session on the document's current version, which it keeps."""
    store = busy.parts.store
    entry = await load_entry(store.redis, who.tenant, body.spec_id, days=busy.parts.settings.document_days)
    if entry.state != "ready" or entry.hash is None:
        raise InvalidRequest(f"The document {entry.id} is not ready for use: it is {entry.state}.", code="spec_not_ready")
    try:
        ZoneInfo(body.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as "Europe"
        raise InvalidRequest(f"{body.timezone!r} is not an IANA time zone such as Europe/Berlin.", code="timezone_unknown") from None
    if body.connection and not await connection_exists(store.redis, who.tenant, who.user, body.connection, entry.id):
        raise NotFound(f"There is no connection {body.connection} to the product of {entry.id}.", code="connection_not_found")
    connection = body.connection or await default_connection(store.redis, who.tenant, who.user, entry.id)
    started = SessionStarted(
        document=entry.hash, spec=entry.id, tenant=who.tenant, user=who.user, connection=connection, locale=body.locale,
        timezone=body.timezone, consent=body.consent, passes=body.credential == "passed", at=busy.parts.now(),
    )  # fmt: skip
    keep = lifetimes((await load_tenant(store.redis, who.tenant)).retention, busy.parts.settings)
    session = await store.create(f"s_{secrets.token_urlsafe(16)}", started, keep)
    await refuse_barred(store.redis, who, lambda: store.erase(who.tenant, session.id))
    return {"id": session.id, "spec_id": entry.id, "created": started.at}


@router.post("/{session_id}/messages", response_model=None)
async def message(session_id: str, body: Incoming, who: Who, busy: Busy, request: Request) -> Response:
    """Take a message in and work on it: 200 with what came of it, or 202 when that takes longer than a gateway waits."""
    begun = await busy.begin(who, session_id, body)
    if "text/event-stream" in request.headers.get("accept", ""):
        return _stream(busy, who, session_id, begun.first - 1, until_quiet=True)
    if "respond-async" not in request.headers.get("prefer", ""):
        await _patiently(busy, who, session_id, begun)
    shown = await _state(busy, who, session_id, begun)
    return Response(orjson.dumps(shown), 202 if shown["status"] == "running" else 200, media_type="application/json")


async def _patiently(busy: Turns, who: Principal, session_id: str, begun: Begun) -> None:
    """Wait for the turn, but not longer than a gateway would."""

    async def elsewhere() -> None:
        async for _ in follow(busy.parts.store, who.tenant, session_id, begun.first, until_quiet=True):
            pass

    working = begun.task or asyncio.create_task(elsewhere())
    await asyncio.wait({working}, timeout=busy.parts.settings.respond_within)
    if begun.task is None and not working.done():
        working.cancel()


async def _state(busy: Turns, who: Principal, session_id: str, begun: Begun) -> dict[str, Any]:
    work = begun.work
    if work and begun.task and begun.task.done() and work.lease.session is work.session:  # all of it is saved: no need to read it back
        trail = sorted(item for turn in work.session.turns for item in turn.trail if item[0] >= begun.first)
        found = [public(n, e) for n, e in trail]
        status: Status = "idle" if work.session.running is None else "waiting" if work.session.running.questions() else "running"
        return {"status": outcome(status, (str(e["type"]) for e in found)), "epoch": work.session.epoch, "events": found}
    page = await busy.parts.store.read(who.tenant, session_id, begun.first - 1)
    return answer_of(page)


@router.get("/{session_id}")
async def read(session_id: str, who: Who, busy: Busy, after: After = -1) -> dict[str, object]:
    """The session's state, its events and what each turn has used. A turn that nobody works on any more is taken up again."""
    await busy.owned(who, session_id)
    page = await busy.parts.store.read(who.tenant, session_id, after)
    if page.status == "running" and not page.left_ms:
        await busy.resume(who.tenant, session_id)
    status = outcome(page.status, (e.type for e in page.events))
    return {"id": session_id, "status": status, "epoch": page.epoch, "events": pages(page), "usage": by_turn(page.events, page.first)}


@router.get("/{session_id}/events", response_model=None)
async def events(session_id: str, who: Who, busy: Busy, after: After = -1, last_event_id: Annotated[str | None, Header()] = None) -> Response:
    """The numbered events as they come (SSE). Resumes by Last-Event-ID, which is EPOCH-NUMBER: numbers of another epoch start over."""
    await busy.owned(who, session_id)
    page = await busy.parts.store.read(who.tenant, session_id, 2**53)
    if page.status == "running" and not page.left_ms:
        await busy.resume(who.tenant, session_id)
    if last_event_id:
        epoch, _, number = last_event_id.partition("-")
        after = int(number) if epoch == str(page.epoch) and number.isdecimal() and len(number) < 16 else -1
    return _stream(busy, who, session_id, after, until_quiet=False)


def _stream(busy: Turns, who: Principal, session_id: str, after: int, *, until_quiet: bool) -> Response:
    items = follow(busy.parts.store, who.tenant, session_id, after, until_quiet=until_quiet)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse((item.sse() async for item in items), media_type="text/event-stream", headers=headers)


class Wanted(BaseModel):
    """Of an artifact. `view`: a view of it as the events hold it (JSON), which gives its rows; `sort`: in another order than its own."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "csv"] = "json"
    view: Annotated[str, StringConstraints(max_length=16_000)] | None = None
    sort: Annotated[str, StringConstraints(max_length=200)] | None = None
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100


@router.get("/{session_id}/artifacts/{artifact_id}", response_model=None)
async def artifact(session_id: str, artifact_id: str, who: Who, busy: Busy, wanted: Annotated[Wanted, Query()]) -> Response:
    """A result's whole body as it is, its rows as CSV, or a page of the rows that a view shows; a file as itself."""
    await busy.owned(who, session_id)
    page = await busy.parts.store.read(who.tenant, session_id)
    found = next((e.result for e in page.events if isinstance(e, CallReturned) and e.call_id == artifact_id and e.result), None)
    if found is not None and found.whole and found.file is None:
        body = orjson.dumps(found.data)
    else:
        kept = await busy.parts.artifacts.get(who.tenant, session_id, artifact_id)
        if kept is None:
            raise NotFound(f"There is no artifact {artifact_id}, or it is no longer kept; ask again for the data.", code="artifact_not_found")
        if kept.kind == "file":
            return as_file(kept)
        body = kept.body
    if wanted.view is None and wanted.format == "json":
        return as_json(body)
    path = found.path if found else ""
    view = View(kind="table", result=artifact_id, path=path) if wanted.view is None else view_of(wanted.view, page.started.timezone)
    if wanted.format == "csv":
        return as_csv(await asyncio.to_thread(rows_of, body, view, wanted.sort), view, artifact_id)
    part = slice(wanted.offset, wanted.offset + wanted.limit)
    return Response(await asyncio.to_thread(page_of, body, view, wanted.sort, part), media_type="application/json")


@router.post("/{session_id}/cancel")
async def cancel(session_id: str, who: Who, busy: Busy) -> dict[str, object]:
    """Stop: what was sent stays sent and is in the receipt, nothing further is done."""
    await busy.cancel(who, session_id)
    page = await busy.parts.store.read(who.tenant, session_id)
    return {"id": session_id, "status": outcome(page.status, (e.type for e in page.events)), "epoch": page.epoch}


@router.delete("/{session_id}", status_code=204)
async def erase(session_id: str, who: Who, busy: Busy) -> None:
    """The session with everything that was said, returned and sealed in it, and what ratings copied of it."""
    await busy.owned(who, session_id)
    await busy.parts.store.erase(who.tenant, session_id)
    await busy.parts.artifacts.erase(who.tenant, session_id)
