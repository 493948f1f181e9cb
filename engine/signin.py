"""Signing in to a product, over HTTP: the address to open, where the product's authorization server sends the customer back to, and the ticket.

A callback is anybody's who opened the address, so it signs nobody in: it gives a ticket, which counts with the key of who began.
"""

import re
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from engine.accept import Turns
from engine.callback import failure, handing
from engine.connections import Chats, document_of, known
from runtime.auth import barred, refuse_barred
from runtime.bodies import StrictJson
from runtime.errors import InvalidRequest
from tools.oauth import Reach
from tools.security import Name, load_connection
from tools.signin import Back, abandoned, base_url_of, begin, client_of, finish, from_whom, handed_in, parked, signed_out, taken
from tools.store import load_settings
from tools.tokens import CredentialsFailed

log = structlog.get_logger()
router = APIRouter(tags=["connections"], route_class=StrictJson)
CALLBACK = "/v1/oauth/callback"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LONGEST = 300  # characters of what a server says that are shown
OVER = "This sign-in is over, or was never begun here. Go back and begin it again."
NOT_REDEEMED = "This code is over, was used before, or belongs to another sign-in. Begin the sign-in again."


class SigningIn(BaseModel):
    """`scheme`: which security scheme, where the connection has several to sign in for."""

    model_config = ConfigDict(extra="forbid")

    scheme: Name | None = None


class Address(BaseModel):
    url: str


class CameBackWith(BaseModel):
    """What the window was given, as the page got it or as a person copied it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    ticket: Annotated[str, Field(max_length=100)]


def turns(request: Request) -> Turns:
    found: Turns = request.app.state.turns
    return found


Busy = Annotated[Turns, Depends(turns)]
Said = Annotated[str | None, Field(max_length=8_000)]


class CameBack(BaseModel):
    """RFC 6749, 4.1.2; RFC 9207. What else a server adds is let be."""

    state: Said = None
    code: Said = None
    iss: Said = None
    error: Said = None
    error_description: Said = None


@router.post("/v1/connections/{connection_id}/authorize")
async def authorize(request: Request, connection_id: str, body: SigningIn, who: Chats, busy: Busy) -> Address:
    """The address at which this customer signs in. It works once, for ten minutes."""
    await known(request, connection_id, who)
    wire = busy.parts.wire
    connection = await load_connection(wire.redis, wire.ring, who.tenant, connection_id, who.user)
    held = client_of(connection, body.scheme)
    if held is None:
        raise InvalidRequest("This connection has nothing to sign in for: no credential of type authorization_code.", code="nothing_to_sign_in_for")
    document, settings = await document_of(request, who, connection.spec), await load_settings(wire.redis, who.tenant, connection.spec)
    reach = Reach(who.tenant, base_url_of(connection, settings, document), settings.hosts)
    found = await begin(wire, held, who.user, back_of(request), (reach, document))
    if isinstance(found, CredentialsFailed):
        raise InvalidRequest(found.reason, code="sign_in_impossible")
    await refuse_barred(wire.redis, who, lambda: abandoned(wire.redis, wire.ring, (who.tenant, who.user)))
    return Address(url=found)


def back_of(request: Request) -> Back:
    """A page is told of the ticket if it is ours or may embed the panel. `Origin` is what a browser says of the page that asks (RFC 6454, 7)."""
    address = redirect_uri(request)
    ours, origin = urlsplit(address), request.headers.get("origin", "")
    known = (f"{ours.scheme}://{ours.netloc}".lower(), *request.app.state.settings.allowed_origins)
    return Back(address, origin if origin in known else "")


def redirect_uri(request: Request) -> str:
    """Where the customer comes back to: only loopback needs no setting, since a request could name any host."""
    public = request.app.state.settings.public_url
    if public is None and (request.url.hostname or "") not in LOOPBACK:
        raise InvalidRequest("Set PARLANCE_PUBLIC_URL to where browsers reach Parlance; customers come back there.", code="public_url_missing")
    return (public or str(request.base_url).rstrip("/")) + CALLBACK


@router.get(CALLBACK, response_class=Response)
async def callback(busy: Busy, said: Annotated[CameBack, Query()]) -> Response:
    """No API key: the state says which sign-in it is, and nothing says who is here."""
    wire = busy.parts.wire
    pending = await taken(wire.redis, wire.ring, said.state) if said.state else None
    if pending is None:
        return failure("Not signed in", OVER)
    problem = from_whom(pending, said.iss) or (None if said.code else refusal(said))
    log.info("came_back" if problem is None else "sign_in_failed", tenant=pending.tenant, connection=pending.connection)
    if problem is not None or said.code is None:
        return failure("Not signed in", problem or OVER)
    ticket = await parked(wire, pending, said.code)
    if await barred(wire.redis, pending.tenant, pending.user):
        await abandoned(wire.redis, wire.ring, (pending.tenant, pending.user))
        return failure("Not signed in", OVER)
    return handing(ticket, pending.origin)


def refusal(said: CameBack) -> str:
    reason = "; ".join(each[:LONGEST] for each in (said.error, said.error_description) if each)
    return f"The product's server did not let you sign in: {reason or 'it gave no reason.'}"


@router.post("/v1/connections/{connection_id}/signed-in", status_code=204)
async def signed_in(request: Request, connection_id: str, body: CameBackWith, who: Chats, busy: Busy) -> Response:
    """The code becomes tokens, if the sign-in was begun by this customer with this connection. A ticket works once, for two minutes."""
    await known(request, connection_id, who)
    wire = busy.parts.wire
    found = await handed_in(wire.redis, wire.ring, re.sub(r"[\s-]", "", body.ticket).lower(), (who.tenant, who.user))
    if found is None:
        raise InvalidRequest(NOT_REDEEMED, code="ticket_unusable")
    pending, code = found
    connection = await load_connection(wire.redis, wire.ring, who.tenant, connection_id, who.user)
    settings = await load_settings(wire.redis, who.tenant, pending.spec)
    problem = await finish(wire, pending, connection, code, settings.hosts)
    await refuse_barred(wire.redis, who, lambda: signed_out(wire.redis, wire.ring, (who.tenant, who.user)))
    log.info("signed_in" if problem is None else "sign_in_failed", tenant=who.tenant, connection=pending.connection)
    if problem is not None:
        raise InvalidRequest(problem, code="sign_in_failed")
    return Response(status_code=204)
