"""A customer signs in to a product: the authorization code flow with PKCE, from its first address to the stored tokens (RFC 6749, 7636, 9207)."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import orjson
from redis.asyncio import Redis

from runtime.redis import SHARED, key
from runtime.secrets import KeyRing, SealBroken
from specs.document import Document
from tools.alternatives import Held, held_by
from tools.credentials import slot_of
from tools.oauth import Reach, asked, challenge_of, code_form, scope_of, server_of, with_addresses, with_lifetime
from tools.request import Target, base_of
from tools.security import AuthorizationCode, Connection, TokenExchange
from tools.settings import DocumentSettings
from tools.styles import Refused
from tools.tokens import CredentialsFailed, kept_of, standing, start

if TYPE_CHECKING:
    from tools.call import Wire

STATE_SECONDS = 600  # for a customer to sign in at the product
CHANGED = "How one signs in was changed meanwhile; begin again."
WRONG_ISSUER = "The answer is from another server than the one that was asked; nothing was taken from it."


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that was begun: whose it is, and what its answer must fit. `connection` holds the client; `host` is that of the server."""

    tenant: str
    user: str
    spec: str
    connection: str
    revision: str
    scheme: str | None
    verifier: str
    redirect_uri: str
    token_url: str
    host: str
    issuer: str
    says_who: bool


def base_url_of(connection: Connection, settings: DocumentSettings, document: Document | None) -> str:
    """Where relative addresses of the document begin."""
    server = next(iter(document.servers), None) if document else None
    defaults = {name: variable.default for name, variable in (server.variables if server else {}).items()}
    given = connection.base_url or settings.base_url or (server.url if server else "")
    try:
        return base_of(Target(given, {**defaults, **settings.server_variables}))
    except Refused:
        return ""


def client_of(connection: Connection, scheme: str | None) -> Held | None:
    """What one can sign in with: the named scheme's, else the first."""
    found = [each for each in held_by(connection) if isinstance(each.credential, AuthorizationCode)]
    return next((each for each in found if scheme is None or each.scheme == scheme), None)


async def begin(wire: "Wire", held: Held, user: str, redirect_uri: str, place: tuple[Reach, Document | None]) -> str | CredentialsFailed:
    """The address at which the customer signs in. Its state works once, soon, and for this customer alone."""
    reach, document = place
    client = held.credential
    assert isinstance(client, AuthorizationCode)
    scheme = document.security_schemes.get(held.scheme) if document and held.scheme else None
    server = await server_of(wire, with_addresses(client, scheme), reach)
    if isinstance(server, CredentialsFailed):
        return server
    if not server.authorization_url:
        return CredentialsFailed("No authorization URL is known; give the connection's credential an authorization_url.", lasting=True)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    owner = held.owner
    pending = Pending(
        tenant=owner.tenant, user=user, spec=owner.spec, connection=owner.id, revision=owner.revision, scheme=held.scheme, verifier=verifier,
        redirect_uri=redirect_uri, token_url=server.token_url, host=urlsplit(server.authorization_url).netloc.lower(), issuer=server.issuer,
        says_who=server.says_who,
    )  # fmt: skip
    name = name_of(state)
    await wire.redis.set(key(SHARED, "signin", name), wire.ring.seal(orjson.dumps(asdict(pending)), tenant=SHARED, purpose=name), ex=STATE_SECONDS)
    asking = {"response_type": "code", "client_id": str(client.client_id), "redirect_uri": redirect_uri, "state": state, **scope_of(client)}
    query = urlencode({**asking, "code_challenge": challenge_of(verifier), "code_challenge_method": "S256"})
    return f"{server.authorization_url}{'&' if '?' in server.authorization_url else '?'}{query}"


def name_of(state: str) -> str:
    """Whoever reads Redis learns no state that he could use."""
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()


async def taken(redis: Redis, ring: KeyRing, state: str) -> Pending | None:
    """What was begun with this state, which is used up."""
    name = name_of(state)
    sealed = await redis.getdel(key(SHARED, "signin", name))
    if not isinstance(sealed, bytes):
        return None
    try:
        return Pending(**orjson.loads(ring.open(sealed, tenant=SHARED, purpose=name)))
    except (SealBroken, TypeError):
        return None  # begun by another version, or with a key that is gone


def from_whom(pending: Pending, issuer: str | None) -> str | None:
    """RFC 9207, 2.4: why the answer is not to be used; None when it is. Of a server whose issuer nobody says, the host must fit."""
    if issuer is None:
        return WRONG_ISSUER if pending.says_who else None
    if pending.issuer:
        return None if issuer == pending.issuer else WRONG_ISSUER
    try:
        same = urlsplit(issuer).netloc.lower() == pending.host
    except ValueError:
        same = False
    return None if same else WRONG_ISSUER


async def finish(wire: "Wire", pending: Pending, connection: Connection, code: str, hosts: tuple[str, ...]) -> str | None:
    """The code becomes tokens, stored sealed under the customer's name. Why it did not; None when it did."""
    held = client_of(connection, pending.scheme)
    if held is None or held.scheme != pending.scheme or held.owner.id != pending.connection or held.owner.revision != pending.revision:
        return CHANGED
    client = held.credential
    assert isinstance(client, AuthorizationCode)
    found = await asked(wire, client, pending.token_url, code_form(code, pending.redirect_uri, pending.verifier), hosts)
    if isinstance(found, CredentialsFailed):
        return found.reason
    await start(wire, slot_of(held, pending.user), with_lifetime(found, renewable=found.refresh is not None))
    return None


async def stands(redis: Redis, ring: KeyRing, connection: Connection) -> tuple[bool, int | None]:
    """Whether nothing is left to sign in for, and when the first token ends (seconds since the epoch)."""
    signed_in, ends = [], []
    for each in held_by(connection):
        slot = slot_of(each, connection.acting)
        if isinstance(each.credential, AuthorizationCode):
            done, end = await standing(redis, ring, slot)
            signed_in.append(done)
            ends.append(end)
        elif isinstance(each.credential, TokenExchange):
            signed_in.append(each.credential.subject_token is not None and not (await kept_of(redis, ring, slot)).refused)
        else:
            signed_in.append(True)
    return bool(signed_in) and all(signed_in), min((end for end in ends if end is not None), default=None)
