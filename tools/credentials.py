"""Credentials to a request's headers. OAuth2 tokens are fetched once for all workers and stored sealed before anybody uses them."""

import asyncio
import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

import orjson

from runtime.guard import Answer, Outgoing
from runtime.redis import key
from runtime.secrets import SealBroken
from specs.model import Operation, SecurityScheme
from tools.request import absolute
from tools.security import ApiKey, Basic, Bearer, ClientCredentials, Connection, NoCredential

if TYPE_CHECKING:
    from tools.call import Wire

UNKNOWN_LIFETIME = 3_600  # seconds, of a token whose issuer does not say
MARGIN = 5  # a token this close to its end may be refused on arrival
LOCK_SPARE = 4  # seconds a refresh may take beyond the exchange itself
LOOK_AGAIN = 0.03
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request gets beside what was built. `version` names the token, for saying later that it was refused.

    `secrets`: what of it must not come back in an answer. `by_customer`: who signed in for these can do so again when they are refused.
    """

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    version: str | None = None
    secrets: tuple[str, ...] = ()
    by_customer: bool = False


@dataclass(frozen=True, slots=True)
class CredentialsFailed:
    """`lasting`: trying again will not help."""

    reason: str
    lasting: bool
    sign_in: bool = False  # it will help when the customer signs in again


@dataclass(frozen=True, slots=True)
class Place:
    """What is called with the credentials: `base_url` is where relative token addresses begin."""

    operation: Operation
    schemes: Mapping[str, SecurityScheme]
    base_url: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    value: str
    version: str


async def credentials(wire: "Wire", connection: Connection, place: Place, stale: str | None = None) -> Credentials | CredentialsFailed:
    """`stale`: the version of a token the product has just refused."""
    match connection.credential:
        case NoCredential():
            return Credentials()
        case Bearer(token=token):
            return Credentials(authorization("Bearer", token.get_secret_value()), secrets=(token.get_secret_value(),))
        case Basic(username=username, password=password):
            pair = basic(username, password.get_secret_value())
            return Credentials(authorization("Basic", pair), secrets=(password.get_secret_value(), pair))
        case ApiKey() as api_key:
            return with_api_key(api_key, place)
        case ClientCredentials() as client:
            found = await token_for(wire, connection, client, place, stale)
            if isinstance(found, CredentialsFailed):
                return found
            return Credentials(authorization("Bearer", found.value), version=found.version, secrets=(found.value,))


def authorization(scheme: str, value: str) -> tuple[tuple[str, str], ...]:
    return (("Authorization", f"{scheme} {value}"),)


def basic(username: str, password: str) -> str:
    return base64.b64encode(f"{username}:{password}".encode()).decode()


def with_api_key(api_key: ApiKey, place: Place) -> Credentials | CredentialsFailed:
    declared = next((each for each in candidates(place) if each.type == "apiKey" and each.parameter), None)
    name = api_key.name or (declared.parameter if declared else None)
    location = api_key.location if api_key.name or not declared else declared.location
    if name is None:
        return CredentialsFailed("The document does not say where its API key goes; give the connection's credential a name.", lasting=True)
    value = api_key.value.get_secret_value()
    if location == "query":
        return Credentials(query=((name, value),), secrets=(value,))
    header = ("Cookie", f"{name}={quote_plus(value)}") if location == "cookie" else (name, value)
    return Credentials((header,), secrets=(value,))


def candidates(place: Place) -> list[SecurityScheme]:
    """The operation's own schemes first, then the document's others."""
    own = [name for alternative in place.operation.security for name in alternative]
    return [place.schemes[name] for name in dict.fromkeys((*own, *place.schemes)) if name in place.schemes]


async def token_for(wire: "Wire", connection: Connection, client: ClientCredentials, place: Place, stale: str | None) -> Token | CredentialsFailed:
    """The stored token, or a new one: one worker fetches it, all others wait for what it stores."""
    owner = secrets.token_hex(8)
    lock = key(connection.tenant, "connection", connection.id, "refreshing")
    patience = wire.limits.seconds + LOCK_SPARE
    for _ in range(int(2 * patience / LOOK_AGAIN)):
        if (token := await stored(wire, connection)) and token.version != stale:
            return token
        if await wire.redis.set(lock, owner, nx=True, px=int(patience * 1000)):
            try:
                # Between the look and the lock somebody may have finished.
                token = await stored(wire, connection)
                return token if token and token.version != stale else await fetched(wire, connection, client, place)
            finally:
                await wire.redis.eval(RELEASE, 1, lock, owner)
        await asyncio.sleep(LOOK_AGAIN)
    return CredentialsFailed("Another worker has been asking for a new token for too long.", lasting=False)


def token_key(connection: Connection) -> str:
    return key(connection.tenant, "connection", connection.id, "token")


def token_purpose(connection: Connection) -> str:
    return f"connection:{connection.id}:token"


async def stored(wire: "Wire", connection: Connection) -> Token | None:
    sealed = await wire.redis.get(token_key(connection))
    if not isinstance(sealed, bytes):
        return None
    try:
        plain = orjson.loads(wire.ring.open(sealed, tenant=connection.tenant, purpose=token_purpose(connection)))
    except SealBroken:
        return None  # sealed with a key that is gone: a new token costs one exchange
    return Token(plain["token"], plain["version"])


async def fetched(wire: "Wire", connection: Connection, client: ClientCredentials, place: Place) -> Token | CredentialsFailed:
    """A new token, stored sealed before it is used. Redis forgets it shortly before it expires, so its end needs no clock of ours."""
    declared = next((each.token_url for each in candidates(place) if each.token_url), None)
    url = client.token_url or declared
    if not url:
        return CredentialsFailed("No token URL is known; give the connection's credential a token_url.", lasting=True)
    answer = await wire.http.send(token_request(client, absolute(place.base_url, url), place.hosts), wire.limits)
    if not isinstance(answer, Answer):
        return CredentialsFailed(f"No token could be fetched: {answer.reason}.", lasting=False)
    found = read_token(answer)
    if isinstance(found, CredentialsFailed):
        return found
    value, lifetime = found
    token = Token(value, secrets.token_hex(8))
    plain = orjson.dumps({"token": token.value, "version": token.version})
    sealed = wire.ring.seal(plain, tenant=connection.tenant, purpose=token_purpose(connection))
    await wire.redis.set(token_key(connection), sealed, px=max(1, int(1000 * (lifetime - min(MARGIN, lifetime / 10)))))
    return token


def token_request(client: ClientCredentials, url: str, hosts: tuple[str, ...]) -> Outgoing:
    form = {"grant_type": "client_credentials", **({"scope": " ".join(client.scopes)} if client.scopes else {})}
    headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
    secret = client.client_secret.get_secret_value()
    if client.authentication == "body":
        form |= {"client_id": client.client_id, "client_secret": secret}
    else:
        # RFC 6749, 2.3.1: both are form-encoded before they become Basic.
        headers.append(("Authorization", f"Basic {basic(quote_plus(client.client_id), quote_plus(secret))}"))
    return Outgoing("POST", url, tuple(headers), urlencode(form).encode(), hosts, fresh=True)


def read_token(answer: Answer) -> tuple[str, float] | CredentialsFailed:
    if not 200 <= answer.status < 300:
        return CredentialsFailed(f"The token server answered {answer.status}.", lasting=400 <= answer.status < 500 and answer.status != 429)
    try:
        body: Any = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        body = None
    value = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value:
        return CredentialsFailed("The token server gave no usable token.", lasting=True)
    lifetime = body.get("expires_in")
    known = isinstance(lifetime, int | float) and not isinstance(lifetime, bool) and 0 < lifetime < 10**9
    return value, float(lifetime) if known else UNKNOWN_LIFETIME
