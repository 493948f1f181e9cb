"""Token servers: where they are, what they are asked, and what their answers mean (RFC 6749, 7636, 8693; OpenID Connect Discovery 1.0)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote_plus, urlencode, urlsplit

import orjson

from runtime.guard import Answer, NotSent, Outgoing
from runtime.redis import key
from specs.model import SecurityScheme
from tools.request import absolute
from tools.security import LIFETIME, AnyCredential, AuthorizationCode, ClientCredentials, OAuth, TokenExchange
from tools.tokens import CredentialsFailed, Grant

if TYPE_CHECKING:
    from tools.call import Wire

Client: TypeAlias = ClientCredentials | AuthorizationCode | TokenExchange
UNKNOWN_LIFETIME = 3_600  # seconds, of a token whose issuer does not say
DISCOVERED_FOR = 86_400
DISCOVERY_BYTES = 256 * 1024
ADDRESSES = ("token_url", "authorization_url", "refresh_url")
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
# RFC 6749, 5.2; RFC 8693, 2.2.2. What else a server says could be what it was sent.
OF_THE_CLIENT = frozenset(("invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope", "invalid_target"))
OF_THE_GRANT = frozenset(("invalid_grant",))
# RFC 8693, 2.2.2: a subject token that is not taken is an invalid_request; a target that is not served is a matter of the client.
OF_THE_EXCHANGE = OF_THE_GRANT | {"invalid_request"}
KNOWN_ERRORS = OF_THE_CLIENT | OF_THE_EXCHANGE
REFUSING = frozenset((400, 401, 403))  # the standard has the first two; large providers say invalid_grant with 403
PASSING = frozenset((408, 425, 429))
# RFC 6749, 7.1: a token whose type one does not understand is not used. These are bound to a key that we do not have.
BOUND = frozenset(("dpop", "mac", "pop"))


@dataclass(frozen=True, slots=True)
class Server:
    """An authorization server. `says_who`: its answers name their issuer (RFC 9207)."""

    token_url: str = ""
    authorization_url: str = ""
    refresh_url: str = ""
    issuer: str = ""
    says_who: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How far addresses go: where relative ones begin, and the hosts that may be private."""

    tenant: str
    base_url: str
    hosts: tuple[str, ...] = ()


def addresses(credential: AnyCredential) -> dict[str, str]:
    """Those it names itself, which only a product's team may."""
    if not isinstance(credential, OAuth):
        return {}
    named = (name for name in type(credential).model_fields if name.endswith("_url") or name in ("issuer", "resource"))
    return {name: value for name in named if (value := getattr(credential, name))}


def with_addresses(client: Client, scheme: SecurityScheme | None) -> Client:
    """The client with the addresses the document says, where it has none of its own."""
    if scheme is None or client.token_url or client.open_id_connect_url:
        return client
    if isinstance(client, AuthorizationCode):
        flow = scheme.flows.get("authorizationCode")
        said = {"authorization_url": flow.authorization_url, "token_url": flow.token_url, "refresh_url": flow.refresh_url} if flow else {}
    else:
        said = {"token_url": scheme.token_url or next((flow.token_url for flow in scheme.flows.values() if flow.token_url), None)}
    own = {name: value for name in said if (value := getattr(client, name))}
    return client.model_copy(update={**said, **own, "open_id_connect_url": scheme.open_id_connect_url})


async def server_of(wire: "Wire", client: OAuth, reach: Reach) -> Server | CredentialsFailed:
    found: Server | CredentialsFailed = Server()
    if client.open_id_connect_url and not client.token_url:
        found = await discovered(wire, absolute(reach.base_url, client.open_id_connect_url), reach)
    if isinstance(found, CredentialsFailed):
        return found
    addresses = {name: absolute(reach.base_url, value) for name in ADDRESSES if (value := getattr(client, name, None) or getattr(found, name))}
    if "token_url" not in addresses:
        return CredentialsFailed("No token URL is known; give the connection's credential a token_url.", lasting=True)
    wrong = next((name for name, value in addresses.items() if not usable(value)), None)
    if wrong:
        return CredentialsFailed(f"The {wrong} is no address that can be called.", lasting=True)
    return Server(**addresses, issuer=getattr(client, "issuer", None) or found.issuer, says_who=found.says_who)


def usable(url: str) -> bool:
    """An address a browser may be sent to, and we may call. RFC 6749, 3.1: it may have a query, and no fragment."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(named) and parts.username is None and parts.password is None and url.isprintable() and not any(c in url for c in ' #\\"<>')


async def discovered(wire: "Wire", url: str, reach: Reach) -> Server | CredentialsFailed:
    """What the discovery document says, as it was at most a day ago."""
    place = key(reach.tenant, "discovery", hashlib.sha256(url.encode()).hexdigest()[:32])
    if cached := await wire.redis.get(place):
        return Server(**orjson.loads(cached))
    if not usable(url):
        return CredentialsFailed("The address of the OpenID Connect configuration cannot be called.", lasting=True)
    outgoing = Outgoing("GET", url, (("Accept", "application/json"),), None, reach.hosts)
    answer = await wire.http.send(outgoing, replace(wire.limits, bytes=DISCOVERY_BYTES))
    if not isinstance(answer, Answer):
        return CredentialsFailed(f"The OpenID Connect configuration could not be read: {answer.reason}.", lasting=False)
    if answer.status != 200:
        return CredentialsFailed(f"The OpenID Connect configuration could not be read: {answer.status}.", lasting=is_lasting(answer.status))
    found = server_in(parsed(answer.body))
    if found is None:
        return CredentialsFailed("The OpenID Connect configuration names no token address.", lasting=True)
    told = {name: getattr(found, name) for name in ("token_url", "authorization_url", "issuer", "says_who")}
    await wire.redis.set(place, orjson.dumps(told), ex=DISCOVERED_FOR)
    return found


def server_in(said: Mapping[str, Any]) -> Server | None:
    """OpenID Connect Discovery 1.0, 3."""
    texts = {name: said[name] for name in ("token_endpoint", "authorization_endpoint", "issuer") if isinstance(said.get(name), str)}
    token, authorization = texts.get("token_endpoint", ""), texts.get("authorization_endpoint", "")
    if not usable(token) or (authorization and not usable(authorization)):
        return None
    return Server(token, authorization, issuer=texts.get("issuer", ""), says_who=said.get("authorization_response_iss_parameter_supported") is True)


def parsed(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def client_form(client: OAuth) -> dict[str, str]:
    return {"grant_type": "client_credentials", **scope_of(client)}


def code_form(code: str, redirect_uri: str, verifier: str) -> dict[str, str]:
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}


def refresh_form(refresh: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh}


def exchange_form(client: TokenExchange, subject: str) -> dict[str, str]:
    more = {"audience": client.audience, "resource": client.resource}
    form = {"grant_type": EXCHANGE, "subject_token": subject, "subject_token_type": client.subject_token_type}
    return {**form, **{name: value for name, value in more.items() if value}, **scope_of(client)}


def scope_of(client: OAuth) -> dict[str, str]:
    return {"scope": " ".join(client.scopes)} if client.scopes else {}


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def basic(username: str, password: str) -> str:
    return base64.b64encode(f"{username}:{password}".encode()).decode()


async def asked(wire: "Wire", client: OAuth, url: str, form: Mapping[str, str], hosts: tuple[str, ...]) -> Grant | CredentialsFailed:
    """One request to a token server, and what came of it."""
    answer = await wire.http.send(token_request(client, url, form, hosts), wire.limits)
    if not isinstance(answer, Answer):
        # What the guard refuses it will refuse again.
        return CredentialsFailed(f"No token could be fetched: {answer.reason}.", lasting=isinstance(answer, NotSent) and answer.refused)
    return read_grant(answer, form["grant_type"])


def token_request(client: OAuth, url: str, form: Mapping[str, str], hosts: tuple[str, ...]) -> Outgoing:
    body, headers = dict(form), [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
    name, secret = client.client_id, client.client_secret.get_secret_value() if client.client_secret else None
    if name and secret and client.authentication == "basic":
        # RFC 6749, 2.3.1: both are form-encoded before they become Basic.
        headers.append(("Authorization", f"Basic {basic(quote_plus(name), quote_plus(secret))}"))
    elif name:
        body |= {"client_id": name, **({"client_secret": secret} if secret else {})}
    return Outgoing("POST", url, tuple(headers), urlencode(body).encode(), hosts, fresh=True)


def read_grant(answer: Answer, kind: str) -> Grant | CredentialsFailed:
    body = parsed(answer.body)
    if not 200 <= answer.status < 300:
        return refused(answer.status, str(body.get("error")), kind)
    value, refresh = body.get("access_token"), body.get("refresh_token")
    if not is_token(value) or str(body.get("token_type", "")).lower() in BOUND:
        # What broke off may be whole the next time.
        return CredentialsFailed("The token server gave no usable token.", lasting=answer.whole)
    return Grant(str(value), lifetime_of(body.get("expires_in")), refresh if is_token(refresh) else None)


def refused(status: int, code: str, kind: str) -> CredentialsFailed:
    """Only the standard's own words end anything: what a gateway says, or a page of its maintenance, is over when that is."""
    words = f"The token server answered {status}{f' ({code})' if code in KNOWN_ERRORS else ''}."
    if status in REFUSING and code in (OF_THE_EXCHANGE if kind == EXCHANGE else OF_THE_GRANT):
        return CredentialsFailed(words, lasting=True, sign_in=True)
    return CredentialsFailed(words, lasting=status in REFUSING and code in OF_THE_CLIENT)


def is_lasting(status: int) -> bool:
    return 300 <= status < 500 and status not in PASSING


def is_token(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value)


def lifetime_of(seconds: Any) -> float:
    """Some servers write the number as a text. 0: it is not said."""
    if isinstance(seconds, str) and seconds.isdecimal() and len(seconds) < 10:
        seconds = int(seconds)
    known = isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds < 10**9
    return float(seconds) if known else 0


def with_lifetime(grant: Grant, *, renewable: bool) -> Grant:
    """A token without a known end is used until it is refused, where another one would cost the customer a sign-in."""
    return grant if grant.lifetime else replace(grant, lifetime=UNKNOWN_LIFETIME if renewable else LIFETIME)
