"""Credentials to a request's headers, query and cookies, as the operation's security requirements want them."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never
from urllib.parse import quote

import orjson

from specs.document import Document
from specs.model import Operation, SecurityScheme
from tools.alternatives import Applied, Held, Unusable, chosen, held_by
from tools.fields import plain_name
from tools.headers import FRAMING, TOKEN
from tools.oauth import Reach, asked, basic, client_form, exchange_form, refresh_form, server_of, with_addresses, with_lifetime
from tools.security import ApiKey, AuthorizationCode, Basic, Bearer, ClientCredentials, Connection, NoCredential, OAuth, TokenExchange
from tools.tokens import CredentialsFailed, Grant, Slot, Token, current

if TYPE_CHECKING:
    from tools.call import Wire

__all__ = ["Credentials", "CredentialsFailed", "Place", "credentials", "slot_of", "with_credentials"]

COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]+")  # RFC 6265, 4.1.1: no space, quote, comma, semicolon or backslash
NOT_SIGNED_IN = "You are not signed in to the product yet; sign in to go on."
NOTHING_TO_EXCHANGE = "The product wants a token of the customer, and the connection holds none."


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
    cookies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What is called with the credentials: `base_url` is where relative token addresses begin, `taken` where something stands already."""

    operation: Operation
    document: Document
    base_url: str
    hosts: tuple[str, ...] = ()
    taken: frozenset[tuple[str, str]] = frozenset()  # place and name, of headers in lower case


@dataclass(frozen=True, slots=True)
class Use:
    """One attempt. `acting`: for whom; `stale`: the versions of what the product has just refused."""

    wire: "Wire"
    place: Place
    acting: str | None = None
    stale: tuple[str, ...] = ()


async def credentials(wire: "Wire", connection: Connection, place: Place, stale: str | None = None) -> Credentials | CredentialsFailed:
    """`stale`: the version of what the product has just refused."""
    document = place.document
    found = chosen(place.operation, document.security_schemes, lambda: document.secured, held_by(connection))
    if isinstance(found, Unusable):
        return CredentialsFailed(found.reason, lasting=True)
    use = Use(wire, place, connection.acting, tuple(stale.split(".")) if stale else ())
    made: list[Credentials] = []
    for each in found:
        one = await sent(use, each)
        if isinstance(one, CredentialsFailed):
            return one
        made.append(one)
    return together(made)


async def sent(use: Use, applied: Applied) -> Credentials | CredentialsFailed:
    by_customer = applied.held.owner.by_customer
    match applied.held.credential:
        case NoCredential():
            return Credentials()
        case Bearer(token=token):
            return replace(bearer(token.get_secret_value()), by_customer=by_customer)
        case Basic(username=username, password=password):
            pair = basic(username, password.get_secret_value())
            return Credentials((("Authorization", f"Basic {pair}"),), secrets=(password.get_secret_value(), pair), by_customer=by_customer)
        case ApiKey() as api_key:
            found = with_api_key(api_key, applied.scheme, use.place.taken if by_customer else frozenset())
            return found if isinstance(found, CredentialsFailed) else replace(found, by_customer=by_customer)
        case ClientCredentials() | AuthorizationCode() | TokenExchange() as client:
            return await with_token(use, applied, with_addresses(client, applied.scheme))
        case other:
            assert_never(other)


def bearer(token: str, version: str | None = None) -> Credentials:
    return Credentials((("Authorization", f"Bearer {token}"),), version=version, secrets=(token,))


def with_api_key(api_key: ApiKey, scheme: SecurityScheme | None, taken: frozenset[tuple[str, str]]) -> Credentials | CredentialsFailed:
    """`taken`: what was asked for stays, whatever a customer calls his credential; where the document puts it, it may."""
    declared = scheme.parameter if scheme else None
    name, location = (declared, scheme.location) if scheme and declared else (api_key.name, api_key.location)
    if name is None:
        return CredentialsFailed("The document does not say where its API key goes; give the connection's credential a name.", lasting=True)
    if location != "query" and (not TOKEN.fullmatch(name) or (location == "header" and plain_name(name) in FRAMING)):
        return CredentialsFailed("The API key cannot go where the document says: the name is none that a request can have.", lasting=True)
    if not declared and (location, name.lower() if location == "header" else name) in taken:
        return CredentialsFailed("The credential has the name of an argument that is sent; give it the one the product reads it from.", lasting=True)
    value = api_key.value.get_secret_value()
    if location == "query":
        return Credentials(query=((name, value),), secrets=(value,))
    if location == "cookie":
        return Credentials(cookies=((name, written := cookie_value(value)),), secrets=(value, written))
    return Credentials(((name, value),), secrets=(value,))


def cookie_value(text: str) -> str:
    """As it is where that is possible, since a session's id may hold = or +; else encoded whole, so that it can be read back."""
    return text if COOKIE_VALUE.fullmatch(text) else quote(text, safe="")


async def with_token(use: Use, applied: Applied, client: OAuth) -> Credentials | CredentialsFailed:
    owner = applied.held.owner
    reach = Reach(owner.tenant, use.place.base_url, use.place.hosts)
    lacks_his = isinstance(client, TokenExchange) and client.subject_token is None
    by_customer = owner.by_customer or isinstance(client, AuthorizationCode) or lacks_his

    async def renew(refresh: str | None) -> Grant | CredentialsFailed:
        found = await granted(use.wire, client, refresh, reach)
        return replace(found, sign_in=False) if isinstance(found, CredentialsFailed) and not by_customer else found

    if owner.passed:
        found: Grant | Token | CredentialsFailed = await renew(None)  # kept nowhere, so each call fetches its own
    else:
        found = await current(use.wire, slot_of(applied.held, use.acting), use.stale, renew)
    match found:
        case CredentialsFailed():
            return found
        case Grant(access=value):
            return replace(bearer(value, secrets.token_hex(8)), by_customer=by_customer)
        case Token(value=value, version=version):
            return replace(bearer(value, version), by_customer=by_customer)


def slot_of(held: Held, acting: str | None) -> Slot:
    """Customers never share a token: what one signed in for lies under his name."""
    user = acting if isinstance(held.credential, AuthorizationCode) else None
    parts = (held.scheme, user, held.owner.revision)
    name = hashlib.sha256(orjson.dumps(parts)).hexdigest()[:32] if any(parts) else ""
    return Slot(held.owner.tenant, held.owner.id, name)


async def granted(wire: "Wire", client: OAuth, refresh: str | None, reach: Reach) -> Grant | CredentialsFailed:
    """A new token. What is missing is said before anybody is asked."""
    subject = client.subject_token if isinstance(client, TokenExchange) else None
    if isinstance(client, AuthorizationCode) and refresh is None:
        return CredentialsFailed(NOT_SIGNED_IN, lasting=True, sign_in=True)
    if isinstance(client, TokenExchange) and subject is None:
        return CredentialsFailed(NOTHING_TO_EXCHANGE, lasting=True, sign_in=True)
    server = await server_of(wire, client, reach)
    if isinstance(server, CredentialsFailed):
        return server
    url, form = server.token_url, client_form(client)
    if refresh is not None:
        url, form = server.refresh_url or server.token_url, refresh_form(refresh)
    elif isinstance(client, TokenExchange) and subject is not None:
        form = exchange_form(client, subject.get_secret_value())
    found = await asked(wire, client, url, form, reach.hosts)
    return with_lifetime(found, renewable=True) if isinstance(found, Grant) else found


def together(made: Sequence[Credentials]) -> Credentials | CredentialsFailed:
    """Several schemes at once. Their versions are one text: the product does not say which token it refused."""
    names = [name.lower() for each in made for name, _ in each.headers]
    if len(set(names)) < len(names):
        return CredentialsFailed("The document wants two credentials in the same header, which has room for one.", lasting=True)
    return Credentials(
        headers=tuple(pair for each in made for pair in each.headers),
        query=tuple(pair for each in made for pair in each.query),
        version=".".join(each.version for each in made if each.version) or None,
        secrets=tuple(secret for each in made for secret in each.secrets),
        by_customer=any(each.by_customer for each in made),
        cookies=tuple(pair for each in made for pair in each.cookies),
    )


def with_credentials(headers: Sequence[tuple[str, str]], held: Credentials) -> tuple[tuple[str, str], ...]:
    """A request's headers with those of its credentials, which win; all cookies in one line (RFC 6265, 5.4)."""
    own = {name.lower() for name, _ in held.headers}
    kept = [(name, value) for name, value in headers if name.lower() not in own and (name.lower() != "cookie" or not held.cookies)]
    if not held.cookies:
        return (*kept, *held.headers)
    cookies: Mapping[str, str] = dict(held.cookies)
    given = [pair.strip() for name, line in headers if name.lower() == "cookie" for pair in line.split(";")]
    pairs = [*(pair for pair in given if pair and pair.partition("=")[0] not in cookies), *(f"{name}={value}" for name, value in cookies.items())]
    return (*kept, *held.headers, ("Cookie", "; ".join(pairs)))
