"""Signing in to a product, over HTTP: the address to open, and where the product's authorization server sends the customer back to."""

import html
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from engine.accept import Turns
from engine.connections import Chats, document_of, known
from runtime.bodies import StrictJson
from runtime.errors import InvalidRequest, ParlanceError
from tools.call import Wire
from tools.oauth import Reach
from tools.security import Name, load_connection
from tools.signin import Pending, base_url_of, begin, client_of, finish, from_whom, taken
from tools.store import load_settings
from tools.tokens import CredentialsFailed

log = structlog.get_logger()
router = APIRouter(tags=["connections"], route_class=StrictJson)
CALLBACK = "/v1/oauth/callback"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LONGEST = 300  # characters of what a server says that are shown
OVER = "This sign-in is over, or was never begun here. Go back and begin it again."
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; color-scheme: light dark }}</style></head>
<body><main><h1>{title}</h1><p>{text}</p></main></body></html>
"""


class SigningIn(BaseModel):
    """`scheme`: which security scheme, where the connection has several to sign in for."""

    model_config = ConfigDict(extra="forbid")

    scheme: Name | None = None


class Address(BaseModel):
    url: str


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
    found = await begin(wire, held, who.user, redirect_uri(request), (reach, document))
    if isinstance(found, CredentialsFailed):
        raise InvalidRequest(found.reason, code="sign_in_impossible")
    return Address(url=found)


def redirect_uri(request: Request) -> str:
    """Where the customer comes back to: only loopback needs no setting, since a request could name any host."""
    public = request.app.state.settings.public_url
    if public is None and (request.url.hostname or "") not in LOOPBACK:
        raise InvalidRequest("Set PARLANCE_PUBLIC_URL to where browsers reach Parlance; customers come back there.", code="public_url_missing")
    return (public or str(request.base_url).rstrip("/")) + CALLBACK


@router.get(CALLBACK, response_class=Response)
async def callback(busy: Busy, said: Annotated[CameBack, Query()]) -> Response:
    """No API key: the state says whose sign-in it is."""
    wire = busy.parts.wire
    pending = await taken(wire.redis, wire.ring, said.state) if said.state else None
    if pending is None:
        return page("Not signed in", OVER, 400)
    problem = from_whom(pending, said.iss) or await taken_in(wire, pending, said)
    log.info("signed_in" if problem is None else "sign_in_failed", tenant=pending.tenant, connection=pending.connection)
    if problem is not None:
        return page("Not signed in", problem, 400)
    return page("You are signed in", "You are signed in. You can close this window.", 200)


async def taken_in(wire: Wire, pending: Pending, said: CameBack) -> str | None:
    """Why it came to nothing; None when the tokens are stored."""
    if said.code is None:
        reason = "; ".join(each[:LONGEST] for each in (said.error, said.error_description) if each)
        return f"The product's server did not let you sign in: {reason or 'it gave no reason.'}"
    settings = await load_settings(wire.redis, pending.tenant, pending.spec)
    try:
        connection = await load_connection(wire.redis, wire.ring, pending.tenant, pending.connection, pending.user)
    except ParlanceError as gone:
        return gone.detail
    return await finish(wire, pending, connection, said.code, settings.hosts)


def page(title: str, text: str, status: int) -> Response:
    """Static: no script, and what a server said as text."""
    body = PAGE.format(title=html.escape(title), text=html.escape(text))
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")
