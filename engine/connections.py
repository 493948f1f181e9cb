"""Ways into products, over HTTP: connections, whose credentials can be written and never read, and the settings of a document."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from redis.asyncio import Redis

from runtime.auth import Principal, require
from runtime.bodies import StrictJson
from runtime.errors import Forbidden, InvalidRequest, NotFound, SettingsInvalid
from runtime.secrets import KeyRing
from specs.document import Document
from specs.store import load, load_entry
from tools.request import Target, address_problem
from tools.security import (
    AnyCredential,
    ClientCredentials,
    Connection,
    ConnectionEntry,
    NoCredential,
    list_connections,
    new_id,
    remove_connection,
    save_connection,
)
from tools.settings import DocumentSettings
from tools.store import load_settings, save_settings

router = APIRouter(tags=["connections"], route_class=StrictJson)
Chats = Annotated[Principal, Depends(require("chat"))]
Sets = Annotated[Principal, Depends(require("specs"))]


class NewConnection(BaseModel):
    """`shared`: for everybody of the tenant, which takes the scope `specs`; else for the asking user alone."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    spec_id: str
    base_url: Annotated[str, Field(max_length=2_000)] | None = None
    credential: AnyCredential = NoCredential()
    constants: dict[str, Any] = {}
    shared: bool | None = None


class Created(BaseModel):
    id: str


class Connections(BaseModel):
    connections: list[ConnectionEntry]


def team(who: Principal) -> bool:
    return bool(who.scopes & {"specs", "admin"})


@router.post("/v1/connections", status_code=201)
async def create(request: Request, body: NewConnection, who: Chats) -> Created:
    """Sealed at once; what was sent is never shown again."""
    redis: Redis = request.app.state.redis
    shared = team(who) if body.shared is None else body.shared
    addressed = body.base_url or (isinstance(body.credential, ClientCredentials) and body.credential.token_url)
    if not team(who) and (shared or addressed or body.constants):
        raise Forbidden("Only the product's team (scope `specs`) may share a connection or give it an address or constants.")
    document = await document_of(request, who, body.spec_id)
    if body.base_url and (reason := address_problem(Target(body.base_url, {}))):
        raise InvalidRequest(reason, code="base_url_unusable")
    if isinstance(body.credential, ClientCredentials) and (url := body.credential.token_url) and (reason := address_problem(Target(url, {}))):
        raise InvalidRequest(reason.replace("base URL", "token address"), code="token_url_unusable")
    connection = Connection(
        id=new_id(), tenant=who.tenant, spec=body.spec_id, user=None if shared else who.user, base_url=body.base_url,
        credential=pinned(body.credential, document), constants=body.constants,
    )  # fmt: skip
    await save_connection(redis, KeyRing.from_settings(request.app.state.settings), connection)
    return Created(id=connection.id)


def pinned(credential: AnyCredential, document: Document | None) -> AnyCredential:
    """The token address of today: a document replaced later must not have the client's secret sent elsewhere."""
    if not isinstance(credential, ClientCredentials) or credential.token_url or document is None:
        return credential
    declared = next((each.token_url for each in document.security_schemes.values() if each.token_url), None)
    return credential.model_copy(update={"token_url": declared})


async def document_of(request: Request, who: Principal, spec: str) -> Document | None:
    """None while it is still being read. NotFound when there is no such upload."""
    redis, days = request.app.state.redis, request.app.state.settings.document_days
    entry = await load_entry(redis, who.tenant, spec, days=days)
    return await load(redis, who.tenant, entry.hash, days=days) if entry.state == "ready" and entry.hash else None


@router.get("/v1/connections")
async def entries(request: Request, who: Chats) -> Connections:
    return Connections(connections=await list_connections(request.app.state.redis, who.tenant, who.user))


@router.get("/v1/connections/{connection_id}")
async def entry(request: Request, connection_id: str, who: Chats) -> ConnectionEntry:
    return await known(request, connection_id, who)


@router.delete("/v1/connections/{connection_id}", status_code=204)
async def remove(request: Request, connection_id: str, who: Chats) -> Response:
    found = await known(request, connection_id, who)
    if found.user is None and not team(who):
        raise Forbidden("This connection is shared; only the product's team (scope `specs`) may remove it.")
    await remove_connection(request.app.state.redis, who.tenant, connection_id)
    return Response(status_code=204)


async def known(request: Request, connection: str, who: Principal) -> ConnectionEntry:
    found = await list_connections(request.app.state.redis, who.tenant, who.user)
    for each in found:
        if each.id == connection:
            return each
    raise NotFound("There is no connection of this id.", code="connection_not_found")


@router.get("/v1/specs/{spec_id}/settings")
async def settings(request: Request, spec_id: str, who: Sets) -> DocumentSettings:
    state = request.app.state
    await load_entry(state.redis, who.tenant, spec_id, days=state.settings.document_days)
    return await load_settings(request.app.state.redis, who.tenant, spec_id)


@router.put("/v1/specs/{spec_id}/settings")
async def put_settings(request: Request, spec_id: str, body: DocumentSettings, who: Sets) -> DocumentSettings:
    redis: Redis = request.app.state.redis
    document = await document_of(request, who, spec_id)
    if body.base_url and (reason := address_problem(Target(body.base_url, body.server_variables))):
        raise SettingsInvalid(reason)
    if document:
        known = await load_settings(redis, who.tenant, spec_id)  # may name operations of a former version
        operations = {each.id for each in document.catalogue}.union(known.approvals, known.tips, known.off)
        unknown = sorted({*body.approvals, *body.tips, *body.off} - operations)
        if unknown:
            raise SettingsInvalid(f"The document has no operation {', '.join(unknown[:10])}.")
    await save_settings(redis, who.tenant, spec_id, body)
    return body
