"""Ways into products, over HTTP: connections, whose credentials can be written and never read, and the settings of a document."""

import asyncio
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from redis.asyncio import Redis

from runtime.auth import Principal, refuse_barred, require
from runtime.bodies import StrictJson
from runtime.errors import Forbidden, InvalidRequest, NotFound, SettingsInvalid
from runtime.secrets import KeyRing
from specs.document import Document
from specs.model import SecurityScheme
from specs.store import load, load_entry
from tools.alternatives import fits, kinds_for
from tools.fieldless import fieldless
from tools.oauth import addresses, usable, with_addresses
from tools.request import Target, address_problem
from tools.rules import ALL
from tools.security import (
    AnyCredential,
    Connection,
    ConnectionEntry,
    Name,
    NoCredential,
    OAuth,
    change_connection,
    drop_tokens,
    list_connections,
    load_connection,
    new_id,
    remove_connection,
    save_connection,
)
from tools.settings import DocumentSettings
from tools.signin import stands
from tools.store import load_settings, save_settings

router = APIRouter(tags=["connections"], route_class=StrictJson)
Chats = Annotated[Principal, Depends(require("chat"))]
MOST_SCOPES = 200
Sets = Annotated[Principal, Depends(require("specs"))]


class NewConnection(BaseModel):
    """`credential` for a product with one security scheme, `credentials` by the schemes' names.

    `shared`: for everybody of the tenant, which takes the scope `specs`; else for the asking user alone.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    spec_id: str
    base_url: Annotated[str, Field(max_length=2_000)] | None = None
    credential: AnyCredential = NoCredential()
    credentials: Annotated[dict[Name, AnyCredential], Field(max_length=20)] = {}
    constants: dict[str, Any] = {}
    shared: bool | None = None


class Created(BaseModel):
    id: str


class NewCredential(BaseModel):
    """`scheme`: the security scheme it is for; the connection's only one without."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    credential: AnyCredential
    scheme: Name | None = None


class Standing(ConnectionEntry):
    """`signed_in`: calls can go out with it. `expires`: when its first token ends, seconds since the epoch."""

    signed_in: bool
    expires: int | None = None


class Scheme(BaseModel):
    """A security scheme of a document. `kinds`: types of credential, the likeliest first; none can be sent for mutual TLS."""

    name: str
    type: str
    kinds: list[str]
    scopes: list[str]


class Schemes(BaseModel):
    schemes: list[Scheme]


class Connections(BaseModel):
    connections: list[ConnectionEntry]


def team(who: Principal) -> bool:
    return bool(who.scopes & {"specs", "admin"})


@router.post("/v1/connections", status_code=201)
async def create(request: Request, body: NewConnection, who: Chats) -> Created:
    """Sealed at once; what was sent is never shown again."""
    redis: Redis = request.app.state.redis
    shared = team(who) if body.shared is None else body.shared
    given = [(None, body.credential), *body.credentials.items()]
    addressed = body.base_url or any(addresses(each) for _, each in given)
    if not team(who) and (shared or addressed or body.constants):
        raise Forbidden("Only the product's team (scope `specs`) may share a connection or give it an address or constants.")
    document = await document_of(request, who, body.spec_id)
    if body.base_url and (reason := address_problem(Target(body.base_url, {}))):
        raise InvalidRequest(reason, code="base_url_unusable")
    connection = Connection(
        id=new_id(), tenant=who.tenant, spec=body.spec_id, user=None if shared else who.user, base_url=body.base_url,
        credential=pinned(body.credential, None, document), constants=body.constants,
        credentials={name: pinned(each, name, document) for name, each in body.credentials.items()},
    )  # fmt: skip
    await save_connection(redis, KeyRing.from_settings(request.app.state.settings), connection)
    if not shared:
        await refuse_barred(redis, who, lambda: remove_connection(redis, who.tenant, connection.id))
    return Created(id=connection.id)


def pinned(credential: AnyCredential, name: str | None, document: Document | None) -> AnyCredential:
    """With the addresses of today: a document replaced later must not have the client's secret sent elsewhere."""
    for field, url in addresses(credential).items():
        if not usable(url):
            raise InvalidRequest(f"The {field} must begin with https:// or http:// and a host.", code=f"{field}_unusable")
    if document is None or isinstance(credential, NoCredential):
        return credential
    schemes = document.security_schemes
    if name is not None and name not in schemes:
        raise InvalidRequest(f"The document has no security scheme {name}.", code="scheme_unknown")
    if name is not None and not fits(credential, schemes[name]):
        what = "wants a certificate of the client, which cannot be sent" if schemes[name].type == "mutualTLS" else "is of another kind"
        raise InvalidRequest(f"The security scheme {name} {what}.", code="scheme_unfit")
    if not isinstance(credential, OAuth):
        return credential
    fitting = [schemes[name]] if name is not None else [each for each in schemes.values() if each.flows or each.open_id_connect_url]
    found = [with_addresses(credential, each) for each in fitting]
    return next((each for each in found if addresses(each)), credential)


async def document_of(request: Request, who: Principal, spec: str) -> Document | None:
    """None while it is still being read. NotFound when there is no such upload."""
    redis, days = request.app.state.redis, request.app.state.settings.document_days
    entry = await load_entry(redis, who.tenant, spec, days=days)
    return await load(redis, who.tenant, entry.hash, days=days) if entry.state == "ready" and entry.hash else None


@router.get("/v1/connections")
async def entries(request: Request, who: Chats) -> Connections:
    return Connections(connections=await list_connections(request.app.state.redis, who.tenant, who.user))


@router.get("/v1/connections/{connection_id}")
async def entry(request: Request, connection_id: str, who: Chats) -> Standing:
    found = await known(request, connection_id, who)
    redis, ring = request.app.state.redis, KeyRing.from_settings(request.app.state.settings)
    signed_in, expires = await stands(redis, ring, await load_connection(redis, ring, who.tenant, connection_id, who.user))
    return Standing(**found.model_dump(), signed_in=signed_in, expires=expires)


@router.put("/v1/connections/{connection_id}/credential", status_code=204)
async def put_credential(request: Request, connection_id: str, body: NewCredential, who: Chats) -> Response:
    """In place of the one that was refused. Tokens fetched with the former are not used any more."""
    found = await known(request, connection_id, who)
    if not team(who) and (found.user is None or addresses(body.credential)):
        raise Forbidden("Only the product's team (scope `specs`) may change a shared connection, or give an address.")
    redis, ring = request.app.state.redis, KeyRing.from_settings(request.app.state.settings)
    credential = pinned(body.credential, body.scheme, await document_of(request, who, found.spec))

    def change(before: Connection) -> Connection:
        update = {"credential": credential} if body.scheme is None else {"credentials": {**before.credentials, body.scheme: credential}}
        return before.model_copy(update={**update, "revision": secrets.token_hex(8)})

    await change_connection(redis, ring, who.tenant, connection_id, change)
    await drop_tokens(redis, who.tenant, connection_id)
    return Response(status_code=204)


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


@router.get("/v1/specs/{spec_id}/schemes")
async def schemes(request: Request, spec_id: str, who: Chats) -> Schemes:
    """What the document says of signing in: each scheme with the kinds of credential that fit it."""
    document = await document_of(request, who, spec_id)
    return Schemes(schemes=[scheme_of(each) for each in document.security_schemes.values()] if document else [])


def scheme_of(scheme: SecurityScheme) -> Scheme:
    scopes = dict.fromkeys(scope for flow in scheme.flows.values() for scope in flow.scopes)
    return Scheme(name=scheme.name, type=scheme.type, kinds=list(kinds_for(scheme)), scopes=list(scopes)[:MOST_SCOPES])


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
        operations = {each.id for each in document.catalogue}.union(known.operations())
        if unknown := sorted({*body.operations()} - operations):
            raise SettingsInvalid(f"The document has no operation {', '.join(unknown[:10])}.")
        new = body.model_copy(update={"when": tuple(rule for rule in body.when if rule not in known.when)})
        for rule in await asyncio.to_thread(fieldless, document, new):
            lacking = "No changing operation has a" if rule.operation == ALL else f"The operation {rule.operation} has no"
            raise SettingsInvalid(f"{lacking} field {rule.field}, which a rule of `when` names.")
    await save_settings(redis, who.tenant, spec_id, body)
    return body
