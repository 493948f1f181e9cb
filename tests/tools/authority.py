"""An authorization server over loopback that speaks the real protocol: clients, PKCE, codes used once, rotated refresh tokens, token exchange.

It believes nothing: what a client must prove it checks, and what it refuses it notes.
"""

import asyncio
import base64
import hashlib
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlencode

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from tools.call import Wire
from tools.oauth import Reach
from tools.security import AuthorizationCode, ClientCredentials, Connection, TokenExchange
from tools.signin import Back, begin, client_of, finish, from_whom, handed_in, parked, taken

CLIENT, SECRET = "client:1", "s3cret+value/=&é"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


class Refusal(Exception):
    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.status = error, status


@dataclass
class Code:
    challenge: str
    redirect_uri: str
    customer: str
    scope: str


@dataclass
class Authority:
    """`answers`: what the next requests for tokens get instead; `after`: what they get after all was done, as when an answer is lost."""

    url: str = ""
    customer: str = "ann"  # who is in front of the browser
    denies: bool = False
    lifetime: int | None = 3600
    rotates: bool = True
    names_itself: bool = True  # RFC 9207
    refreshable: bool = True
    public: bool = False  # the client has no secret (RFC 6749, 2.1)
    slow: float = 0.0
    alone: bool = False  # its pages take leave of who opened their window
    codes: dict[str, Code] = field(default_factory=dict)
    refreshes: dict[str, str] = field(default_factory=dict)  # token -> customer
    used: set[str] = field(default_factory=set)
    valid: dict[str, str] = field(default_factory=dict)  # access token -> customer
    subjects: dict[str, str] = field(default_factory=dict)  # tokens that may be exchanged
    issued: list[str] = field(default_factory=list)  # kinds of grants
    asked: list[dict[str, str]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)  # all that nobody but the two may know
    refusals: list[str] = field(default_factory=list)
    answers: deque[web.Response] = field(default_factory=deque)
    after: deque[Callable[[web.Request], web.Response]] = field(default_factory=deque)
    discoveries: int = 0

    async def authorize(self, request: web.Request) -> web.Response:
        """The customer's browser: he is known here and says yes, or no."""
        asked = request.query
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 32
        more = {"iss": self.url} if self.names_itself else {}
        if self.denies:
            answer = {"error": "access_denied", "error_description": "<b>He said no</b>"}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = Code(asked["code_challenge"], asked["redirect_uri"], self.customer, asked.get("scope", ""))
            self.secrets.add(code)
            answer = {"code": code}
        alone = {"Cross-Origin-Opener-Policy": "same-origin"} if self.alone else {}
        back = f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state'], **more})}"
        return web.Response(status=302, headers={"Location": back, **alone})

    async def token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        await asyncio.sleep(self.slow)
        if self.answers:
            return self.answers.popleft()
        try:
            self.check_client(request.headers.get("Authorization", ""), form)
            answer = web.json_response(getattr(self, KINDS[form["grant_type"]])(form))
        except Refusal as refusal:
            self.refusals.append(refusal.error)
            return web.json_response({"error": refusal.error, "error_description": form.get("refresh_token", "")}, status=refusal.status)
        return self.after.popleft()(request) if self.after else answer

    def check_client(self, authorization: str, form: Mapping[str, str]) -> None:
        given = (form.get("client_id"), form.get("client_secret"))
        if authorization:
            name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            given = (unquote_plus(name), unquote_plus(secret))
        if given != (CLIENT, None if self.public else SECRET):
            raise Refusal("invalid_client", 401)

    def code(self, form: Mapping[str, str]) -> dict[str, Any]:
        known = self.codes.pop(form["code"], None)
        verifier = form.get("code_verifier", "")
        self.secrets.add(verifier)
        proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if known is None or known.redirect_uri != form["redirect_uri"] or known.challenge != proof or not 43 <= len(verifier) <= 128:
            raise Refusal("invalid_grant")
        return self.tokens("code", known.customer, refresh=self.refreshable)

    def refresh(self, form: Mapping[str, str]) -> dict[str, Any]:
        token = form["refresh_token"]
        if token in self.used:  # RFC 9700, 4.14.2: used twice, it was stolen
            customer = self.refreshes.get(token)
            self.refreshes = {each: whose for each, whose in self.refreshes.items() if whose != customer}
            raise Refusal("invalid_grant")
        if token not in self.refreshes:
            raise Refusal("invalid_grant")
        if self.rotates:
            self.used.add(token)
        return self.tokens("refresh", self.refreshes[token], refresh=self.rotates)

    def client(self, form: Mapping[str, str]) -> dict[str, Any]:
        return self.tokens("client", "the tenant", refresh=False)

    def exchange(self, form: Mapping[str, str]) -> dict[str, Any]:
        assert form["subject_token_type"].startswith("urn:ietf:params:oauth:token-type:")
        if form["subject_token"] not in self.subjects:
            raise Refusal("invalid_grant")
        return self.tokens("exchange", self.subjects[form["subject_token"]], refresh=False)

    def tokens(self, kind: str, customer: str, *, refresh: bool) -> dict[str, Any]:
        self.issued.append(kind)
        access = secrets.token_urlsafe(24) + "+/="
        self.valid[access] = customer
        found: dict[str, Any] = {"access_token": access, "token_type": "Bearer"}
        if self.lifetime is not None:
            found["expires_in"] = self.lifetime
        if refresh:
            found["refresh_token"] = secrets.token_urlsafe(24)
            self.refreshes[found["refresh_token"]] = customer
        self.secrets |= {found[name] for name in ("access_token", "refresh_token") if name in found}
        return found

    async def discovery(self, request: web.Request) -> web.Response:
        self.discoveries += 1
        more = {"authorization_response_iss_parameter_supported": True} if self.names_itself else {}
        addresses = {"authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token"}
        return web.json_response({"issuer": self.url, **addresses, **more})

    def revoke(self) -> None:
        """Access tokens end before their time."""
        self.valid.clear()


KINDS = {"authorization_code": "code", "refresh_token": "refresh", "client_credentials": "client", EXCHANGE: "exchange"}


async def run(authority: Authority) -> web.AppRunner:
    app = web.Application()
    app.router.add_get("/authorize", authority.authorize)
    app.router.add_post("/token", authority.token)
    app.router.add_get("/.well-known/openid-configuration", authority.discovery)
    runner = web.AppRunner(app, handler_cancellation=False, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    authority.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return runner


async def walk(address: str) -> dict[str, str]:
    """The customer's browser at the authorization server: what it is sent back with."""
    async with aiohttp.ClientSession() as browser, browser.get(URL(address, encoded=True), allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return dict(URL(answer.headers["Location"]).query)


async def sign_in(wire: Wire, connection: Connection, scheme: str | None = None) -> str | None:
    """From the first address to the stored tokens, for who uses the connection. Why it did not work; None when it did."""
    held = client_of(connection, scheme)
    assert held is not None
    assert connection.acting is not None
    address = await begin(wire, held, connection.acting, Back("http://127.0.0.1/v1/oauth/callback"), (Reach(connection.tenant, ""), None))
    assert isinstance(address, str), address
    back = await walk(address)
    pending = await taken(wire.redis, wire.ring, back["state"])
    assert pending is not None
    if wrong := from_whom(pending, back.get("iss")):
        return wrong
    ticket = await parked(wire, pending, back["code"])
    found = await handed_in(wire.redis, wire.ring, ticket, (connection.tenant, connection.acting))
    assert found is not None
    return await finish(wire, found[0], connection, found[1], ())


def guarding(authority: Authority) -> Callable[[web.Request], web.Response]:
    """A product that takes this server's tokens and says whose they are."""

    def answer(request: web.Request) -> web.Response:
        whose = authority.valid.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return web.json_response({"whose": whose} if whose else {"detail": "token expired"}, status=200 if whose else 401)

    return answer


def tenants(authority: Authority, **more: Any) -> Connection:
    client = ClientCredentials(client_id=CLIENT, client_secret=SecretStr(SECRET), token_url=f"{authority.url}/token", **more)
    return Connection(id="cn_1", tenant="t", spec="s", credential=client)


def customers(authority: Authority, acting: str = "ann", **more: Any) -> Connection:
    """A client that everybody of the tenant signs in with, as one of them uses it."""
    usual = {"client_secret": SecretStr(SECRET), "authorization_url": f"{authority.url}/authorize", "token_url": f"{authority.url}/token"}
    client = AuthorizationCode(client_id=CLIENT, **{**usual, **more})
    return Connection(id="cn_1", tenant="t", spec="s", acting=acting, credential=client)


def exchanging(authority: Authority, subject: str = "his-own-token", **more: Any) -> Connection:
    client = {"client_id": CLIENT, "client_secret": SecretStr(SECRET), "token_url": f"{authority.url}/token", **more}
    credential = TokenExchange(subject_token=SecretStr(subject), **client)
    return Connection(id="cn_1", tenant="t", spec="s", user="ann", acting="ann", credential=credential)
