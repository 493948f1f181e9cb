"""HTTP of the preprocess worker: upload a document or its next version, follow its reading, compare versions, list, remove."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile

from preprocess.fetch import address_in, fetched, shown
from preprocess.judge import Judge
from preprocess.worker import Reader, removed
from runtime.auth import Principal, require
from runtime.errors import InvalidRequest, NotFound, TooLarge
from runtime.guard import guarded_session
from specs import store
from specs.document import Document
from specs.load import MAX_BYTES
from specs.overlay import together
from specs.schema_diff import Change
from specs.store import SpecEntry
from tools.drift import Difference, differences
from tools.store import load_settings

_ENVELOPE = 64 * 1024  # what multipart may add around the file


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Uploads that are being read end with the app."""
    try:
        yield
    finally:
        if (running := getattr(app.state, "reader", None)) is not None:
            await running.stop()


router = APIRouter(prefix="/v1/specs", tags=["documents"], lifespan=lifespan)

FileName = Annotated[str, Query(max_length=300, description="What the document is called until its own title is known, or where it has none.")]
From = Annotated[str | None, Query(alias="from", max_length=64, description="Hash of a former version; by default the one before the current.")]
Known = Annotated[Principal, Depends(require("specs"))]


class Accepted(BaseModel):
    id: str
    state: str


class Entries(BaseModel):
    specs: list[SpecEntry]


class OperationLine(BaseModel):
    id: str
    method: str
    path: str
    summary: str
    service: str


class Operations(BaseModel):
    operations: list[OperationLine]


class Drift(BaseModel):
    differences: list[Difference]


class Named(BaseModel):
    hash: str
    title: str
    version: str


class ChangedOperation(BaseModel):
    method: str
    path: str
    breaking: bool
    changes: list[Change]


class LostSetting(BaseModel):
    """`set`: the settings that name an operation of this id; `now`: what it is called in the later version, if it is there."""

    operation: str
    now: str | None
    set: list[str]


class Differences(BaseModel):
    """Operations as method and path. `document`: what changed for all operations that say nothing else."""

    before: Named = Field(alias="from")
    to: Named
    added: list[tuple[str, str]]
    removed: list[tuple[str, str]]
    changed: list[ChangedOperation]
    document: list[Change]
    breaking: bool
    settings: list[LostSetting]


def reader(request: Request) -> Reader:
    """One for the app; made when the first upload comes."""
    state = request.app.state
    if getattr(state, "reader", None) is None:
        state.reader = Reader(state.redis, days=state.settings.document_days)
    found: Reader = state.reader
    return found


def judge(request: Request) -> Judge:
    """One for the app, likewise."""
    state = request.app.state
    if getattr(state, "judge", None) is None:
        state.judge = Judge(state.redis, days=state.settings.document_days)
    found: Judge = state.judge
    return found


async def known(request: Request, spec_id: str, principal: Known) -> SpecEntry:
    """The tenant's entry of this id; looking at it is a use of it."""
    state = request.app.state
    return await store.load_entry(state.redis, principal.tenant, spec_id, days=state.settings.document_days)


Found = Annotated[SpecEntry, Depends(known)]
Reading = Annotated[Reader, Depends(reader)]
Judging = Annotated[Judge, Depends(judge)]
_MEDIA = ("application/json", "application/yaml", "application/octet-stream", "multipart/form-data")
_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {name: {} for name in _MEDIA}}}


@router.post("", status_code=202, openapi_extra=_BODY)
async def add(request: Request, principal: Known, reading: Reading, name: FileName = "") -> Accepted:
    """The document as the body, or as the field `file` of a form; JSON or YAML, gzip or not. `name` is the file's, if it is the body.

    In place of the document its address: `{"url": "https://..."}` as the whole JSON body, or the field `url` of a form. It is fetched before this
    call answers, by https and from public hosts only. A form may bring an OpenAPI Overlay 1.0 as the field `overlay`: the document is read as that
    leaves it.
    """
    data, own_name = await _uploaded(request)
    entry = await reading.accept(principal.tenant, data, own_name or name)
    return Accepted(id=entry.id, state=entry.state)


@router.get("")
async def entries(request: Request, principal: Known) -> Entries:
    return Entries(specs=await store.list_entries(request.app.state.redis, principal.tenant))


@router.get("/{spec_id}")
async def entry(found: Found, reading: Reading) -> SpecEntry:
    await reading.revive(found)
    return found


@router.put("/{spec_id}", status_code=202, openapi_extra=_BODY)
async def replace(request: Request, found: Found, reading: Reading, name: FileName = "") -> Accepted:
    """The document's next version, as for POST. The current one stays in use until this one is read, and for sessions that began with it."""
    listed = (await load_settings(request.app.state.redis, found.tenant, found.id)).hosts
    data, own_name = await _uploaded(request, listed)
    entry = await reading.replace(found.tenant, found.id, data, own_name or name)
    return Accepted(id=entry.id, state=entry.replacement.state if entry.replacement else entry.state)


@router.get("/{spec_id}/operations", response_class=Response, responses={200: {"model": Operations}})
async def operations(request: Request, entry: Found) -> Response:
    """Every operation of the current version: id, method, path, summary and service."""
    if entry.state != "ready" or entry.hash is None:
        raise InvalidRequest(f"The document {entry.id} is not ready: it is {entry.state}.", code="spec_not_ready")
    state = request.app.state
    document = await store.load(state.redis, entry.tenant, entry.hash, days=state.settings.document_days)
    return Response(await asyncio.to_thread(listed, document), media_type="application/json")


@router.get("/{spec_id}/diff", response_class=Response, responses={200: {"model": Differences}})
async def diff(entry: Found, reading: Reading, former: From = None) -> Response:
    """What changed since a former version: operations added, removed, changed, and what of it breaks a caller."""
    return Response(orjson.dumps(await reading.difference(entry, former)), media_type="application/json")


@router.get("/{spec_id}/report")
async def report(entry: Found, judging: Judging) -> dict[str, Any]:
    """What will go wrong with a model and a customer: problems with their lines, and what the operations cost a model in tokens."""
    return (await judging.judgement(entry)).report


@router.get("/{spec_id}/drift")
async def drift(request: Request, entry: Found, principal: Known) -> Drift:
    """Where the product's answers differ from what the document declares, the most frequent first; customers are not told."""
    return Drift(differences=await differences(request.app.state.redis, principal.tenant, entry.id))


@router.get("/{spec_id}/overlay", response_class=Response, responses={200: {"content": {"application/yaml": {"schema": {"type": "string"}}}}})
async def overlay(entry: Found, judging: Judging) -> Response:
    """The changes that the report proposes, as an OpenAPI Overlay 1.0 to be edited and uploaded beside the document."""
    proposed = (await judging.judgement(entry)).overlay
    if not proposed:
        raise NotFound("There is nothing to propose for this document.", code="overlay_empty")
    name = f'attachment; filename="{entry.id}.overlay.yaml"'
    return Response(proposed, media_type="application/yaml", headers={"content-disposition": name})


@router.delete("/{spec_id}", status_code=204)
async def remove(request: Request, spec_id: str, principal: Known) -> Response:
    await removed(request.app.state.redis, principal.tenant, spec_id)
    return Response(status_code=204)


def listed(document: Document) -> bytes:
    lines = [{name: getattr(one, name) for name in ("id", "method", "path", "summary", "service")} for one in document.catalogue]
    return orjson.dumps({"operations": lines})


async def _uploaded(request: Request, listed: Sequence[str] = ()) -> tuple[bytes, str]:
    """The document, and the name that a form or an address gives it. `listed`: hosts that may be fetched from although they are not public."""
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("multipart/form-data"):
        return await _field(request, listed)
    data = await _body(request, MAX_BYTES)
    if not data:
        raise InvalidRequest("Send the document as the request's body, or as the field 'file' of a form.", code="document_empty")
    address = address_in(content_type, data)
    return (data, "") if address is None else (await _fetched(request, address, listed), shown(address))


async def _fetched(request: Request, address: str, listed: Sequence[str]) -> bytes:
    settings = request.app.state.settings
    async with guarded_session(allow_private=settings.allow_private_hosts, plain_http=settings.allow_http) as http:
        return await fetched(address, http, listed)


async def _body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise TooLarge(f"A document may have {MAX_BYTES // 1024**2} MB.", code="document_too_large")
    return bytes(data)


async def _field(request: Request, listed: Sequence[str]) -> tuple[bytes, str]:
    announced = request.headers.get("content-length", "")
    if not announced.isdecimal() or len(announced) > 18 or int(announced) > MAX_BYTES + _ENVELOPE:
        raise TooLarge(f"A document may have {MAX_BYTES // 1024**2} MB; a form must say its length.", code="document_too_large")
    async with request.form(max_files=2, max_fields=10) as form:
        file, address = form.get("file"), form.get("url")
        document, overlay = await _content(file), await _content(form.get("overlay"))
        name = file.filename or "" if isinstance(file, UploadFile) else ""
    if document is None and isinstance(address, str):
        document, name = await _fetched(request, address, listed), shown(address)
    if document is None:
        raise InvalidRequest("The form has no field 'file' or 'url'.", code="document_missing")
    return together(document, overlay) if overlay else document, name


async def _content(field: UploadFile | str | None) -> bytes | None:
    return await field.read() if isinstance(field, UploadFile) else field.encode() if isinstance(field, str) else None
