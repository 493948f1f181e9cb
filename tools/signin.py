"""A customer signs in to a product: the authorization code flow with PKCE, from its first address to the stored tokens (RFC 6749, 7636, 9207).

Whoever opens the address comes back; only who began it redeems what that gave (RFC 9700, 4.7).
"""

import base64
import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import orjson
from redis.asyncio import Redis

from runtime.redis import SHARED, id_in, key, matching
from runtime.secrets import KeyRing, SealBroken
from specs.document import Document
from tools.alternatives import Held, held_by
from tools.credentials import slot_of
from tools.oauth import Reach, asked, challenge_of, code_form, scope_of, server_of, with_addresses, with_lifetime
from tools.request import Target, base_of
from tools.security import AuthorizationCode, Connection, TokenExchange, drop_tokens
from tools.settings import DocumentSettings
from tools.styles import Refused
from tools.tokens import CredentialsFailed, drop, kept_of, standing, start
from tools.whose import owned

if TYPE_CHECKING:
    from tools.call import Wire

STATE_SECONDS = 600  # for a customer to sign in at the product
TICKET_SECONDS = 120  # between coming back and redeeming
TICKET_BYTES = 10  # a person may have to copy it: 16 letters
CHANGED = "How one signs in was changed meanwhile; begin again."
WRONG_ISSUER = "The answer is from another server than the one that was asked; nothing was taken from it."


@dataclass(frozen=True, slots=True)
class Back:
    """Where the customer comes back to, and the origin of the page that waits for it ("": of none)."""

    redirect_uri: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that was begun: whose it is, and what its answer must fit. `connection` holds the client; `host` is that of the server;
    `origin` is that of the page that waits."""

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
    origin: str


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


async def begin(wire: "Wire", held: Held, user: str, back: Back, place: tuple[Reach, Document | None]) -> str | CredentialsFailed:
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
        redirect_uri=back.redirect_uri, token_url=server.token_url, host=urlsplit(server.authorization_url).netloc.lower(), issuer=server.issuer,
        says_who=server.says_who, origin=back.origin,
    )  # fmt: skip
    await put(wire, ("signin", state), asdict(pending), STATE_SECONDS)
    asking = {"response_type": "code", "client_id": str(client.client_id), "redirect_uri": back.redirect_uri, "state": state, **scope_of(client)}
    query = urlencode({**asking, "code_challenge": challenge_of(verifier), "code_challenge_method": "S256"})
    return f"{server.authorization_url}{'&' if '?' in server.authorization_url else '?'}{query}"


def name_of(secret: str) -> str:
    """Whoever reads Redis learns no state and no ticket that he could use."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def put(wire: "Wire", named: tuple[str, str], value: dict[str, Any], seconds: int) -> None:
    """Sealed under a kind and a secret, for one who knows the secret to use once."""
    kind, name = named[0], name_of(named[1])
    await wire.redis.set(key(SHARED, kind, name), wire.ring.seal(orjson.dumps(value), tenant=SHARED, purpose=f"{kind}:{name}"), ex=seconds)


async def used_up(redis: Redis, ring: KeyRing, named: tuple[str, str]) -> dict[str, Any] | None:
    kind, name = named[0], name_of(named[1])
    return opened(ring, kind, name, await redis.getdel(key(SHARED, kind, name)))


def opened(ring: KeyRing, kind: str, name: str, sealed: Any) -> dict[str, Any] | None:
    if not isinstance(sealed, bytes):
        return None
    try:
        found: dict[str, Any] = orjson.loads(ring.open(sealed, tenant=SHARED, purpose=f"{kind}:{name}"))
    except SealBroken:
        return None  # sealed with a key that is gone
    return found


def read(found: dict[str, Any]) -> Pending | None:
    try:
        return Pending(**found)
    except TypeError:
        return None  # begun by another version


async def taken(redis: Redis, ring: KeyRing, state: str) -> Pending | None:
    """What was begun with this state, which is used up."""
    found = await used_up(redis, ring, ("signin", state))
    return read(found) if found else None


async def parked(wire: "Wire", pending: Pending, code: str) -> str:
    """The ticket for a code. The window that came back may be anybody's: of what it is given nothing can be done without the key of who began."""
    ticket = base64.b32encode(secrets.token_bytes(TICKET_BYTES)).decode().lower()
    await put(wire, ("ticket", ticket), {"pending": asdict(pending), "code": code}, TICKET_SECONDS)
    return ticket


async def handed_in(redis: Redis, ring: KeyRing, ticket: str, whose: tuple[str, str]) -> tuple[Pending, str] | None:
    """The sign-in and its code, if this tenant and user began it. A ticket is used up also by somebody else: then it is known to somebody else."""
    found = await used_up(redis, ring, ("ticket", ticket))
    pending = read(found["pending"]) if found else None
    if found is None or pending is None or (pending.tenant, pending.user) != whose:
        return None
    return pending, str(found["code"])


async def abandoned(redis: Redis, ring: KeyRing, whose: tuple[str, str]) -> int:
    """Takes away what this tenant and user began and did not finish. How many there were."""
    count = 0
    for kind in ("signin", "ticket"):
        async for name in redis.scan_iter(match=matching(SHARED, kind), count=1000):
            found = opened(ring, kind, id_in(name), await redis.get(name))
            pending = read(found.get("pending", found)) if found else None
            if pending and (pending.tenant, pending.user) == whose:
                count += await redis.delete(name)
    return count


async def signed_out(redis: Redis, ring: KeyRing, whose: tuple[str, str]) -> int:
    """Takes away the tokens that the user signed in for at the tenant's connections. Of one that cannot be read, everybody's: nobody can use them."""
    tenant, user = whose
    count = 0
    for each in await owned(redis, ring, tenant):
        if each.connection is None:
            await drop_tokens(redis, tenant, each.id)
            continue
        slots = {slot_of(held, user) for held in held_by(each.connection) if isinstance(held.credential, AuthorizationCode)}
        count += sum([await drop(redis, slot) for slot in slots])
    return count


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
