"""Credentials in the request: several at once, cookies in one line, and what a document's or a discovery's addresses may be."""

import base64
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from tests.tools.authority import CLIENT, SECRET, Authority, customers, guarding, sign_in
from tests.tools.product import Product, document, work
from tools.call import Wire
from tools.credentials import Credentials, with_credentials
from tools.execute import attempt
from tools.oauth import addresses, usable, with_addresses
from tools.security import ApiKey, AuthorizationCode, Basic, Bearer, ClientCredentials, Connection, TokenExchange, load_connection, save_connection
from tools.settings import DocumentSettings

S = SecretStr


def secured(*alternatives: Any, schemes: dict[str, Any], **more: Any) -> Any:
    return document({"/things": {"get": {"security": list(alternatives), **more}}}, components={"securitySchemes": schemes})


def connection(**named: Any) -> Connection:
    return Connection(id="cn_1", tenant="t", spec="s", credentials=named)


def key(location: str, name: str) -> dict[str, str]:
    return {"type": "apiKey", "in": location, "name": name}


async def test_all_schemes_of_an_alternative_go_out_at_once(wire: Wire, product: Product) -> None:
    schemes = {
        "h": key("header", "X-App"),
        "q": key("query", "key"),
        "a": key("cookie", "sid"),
        "b": key("cookie", "csrf"),
        "o": {"type": "http", "scheme": "bearer"},
    }
    compiled = secured({"nothing": []}, {name: [] for name in schemes}, schemes=schemes)
    held = connection(h=ApiKey(value=S("1")), q=ApiKey(value=S("2 &")), a=ApiKey(value=S("a==")), b=ApiKey(value=S("x;y")), o=Bearer(token=S("t")))
    await attempt(wire, work(compiled, {}, DocumentSettings(base_url=product.url), held))
    (seen,) = product.seen
    assert seen.target == "/things?key=2%20%26"
    assert [seen.headers[name] for name in ("x-app", "authorization", "cookie")] == ["1", "Bearer t", "sid=a==; csrf=x%3By"]


@pytest.mark.parametrize("optional", [{}, {"nothing": []}])
async def test_a_credential_no_scheme_wants_and_a_public_operation_send_nothing(wire: Wire, product: Product, optional: dict) -> None:
    schemes = {"o": {"type": "oauth2", "flows": {}}, "k": key("header", "X-Key"), "nothing": key("header", "X-None")}
    settings = DocumentSettings(base_url=product.url)
    held = connection(o=Bearer(token=S("t"))).model_copy(update={"credential": Basic(username="u", password=S("p"))})
    for compiled in (secured({"k": []}, optional, schemes=schemes), secured(schemes=schemes)):
        await attempt(wire, work(compiled, {}, settings, held))
    assert not any({"authorization", "x-key", "cookie"} & seen.headers.keys() for seen in product.seen)
    assert len(product.seen) == 2


async def test_a_certificate_is_said_to_be_impossible(wire: Wire, product: Product) -> None:
    returned = await attempt(wire, work(secured({"m": []}, schemes={"m": {"type": "mutualTLS"}}), {}, DocumentSettings(base_url=product.url)))
    assert (returned.outcome, product.seen) == ("rejected", [])
    assert "mutual TLS" in returned.message


async def test_two_credentials_for_one_header_are_refused_in_words(wire: Wire, product: Product) -> None:
    schemes = {"a": {"type": "http", "scheme": "basic"}, "b": {"type": "http", "scheme": "bearer"}}
    held = connection(a=Basic(username="u", password=S("p")), b=Bearer(token=S("t")))
    returned = await attempt(wire, work(secured({"a": [], "b": []}, schemes=schemes), {}, DocumentSettings(base_url=product.url), held))
    assert (returned.outcome, product.seen) == ("rejected", [])
    assert "same header" in returned.message


@pytest.mark.parametrize(
    ("headers", "held", "expected"),
    [
        ([("Accept", "x")], Credentials(), (("Accept", "x"),)),
        ([("Cookie", "a=1; b=2")], Credentials(), (("Cookie", "a=1; b=2"),)),
        ([("Cookie", "a=1; b=2")], Credentials(cookies=(("s", "3"),)), (("Cookie", "a=1; b=2; s=3"),)),
        ([("cookie", "a=1;s=2;")], Credentials(cookies=(("s", "3"), ("t", "4"))), (("Cookie", "a=1; s=3; t=4"),)),
        ([("authorization", "x"), ("Y", "y")], Credentials((("Authorization", "z"),)), (("Y", "y"), ("Authorization", "z"))),
    ],
)
def test_credentials_win_and_cookies_are_one_line(headers: Any, held: Credentials, expected: Any) -> None:
    assert with_credentials(headers, held) == expected


async def test_openid_connect_names_its_endpoints_which_are_asked_for_once(wire: Wire, product: Product, authority: Authority) -> None:
    product.otherwise = guarding(authority)
    where = f"{authority.url}/.well-known/openid-configuration"
    plain = customers(authority, authorization_url=None, token_url=None, open_id_connect_url=where)
    assert await sign_in(wire, plain) is None
    compiled = secured({"i": []}, schemes={"i": {"type": "openIdConnect", "openIdConnectUrl": where}})
    returned = await attempt(wire, work(compiled, {}, DocumentSettings(base_url=product.url), plain))
    assert returned.data == {"whose": "ann"}
    client = ClientCredentials(client_id=CLIENT, client_secret=S(SECRET))  # the document says where
    returned = await attempt(wire, work(compiled, {}, DocumentSettings(base_url=product.url), connection(i=client)))
    assert returned.data == {"whose": "the tenant"}
    assert authority.discoveries == 1


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b"x" * 300_000, b'{"token_endpoint": "file:///etc/passwd"}', b'{"token_endpoint": "http://u:p@a.test/"}',
        b'{"token_endpoint": "https://a.test/t", "authorization_endpoint": "javascript:alert(1)"}', b'{"token_endpoint": 5}',
    ],
)  # fmt: skip
async def test_a_discovery_that_names_no_usable_address_is_refused(wire: Wire, product: Product, body: bytes) -> None:
    product.otherwise = lambda request: web.Response(body=body)
    client = ClientCredentials(client_id=CLIENT, client_secret=S(SECRET), open_id_connect_url=f"{product.url}/x")
    compiled = document({"/things": {"get": {}}})
    returned = await attempt(
        wire, work(compiled, {}, DocumentSettings(base_url=product.url), Connection(id="c", tenant="t", spec="s", credential=client))
    )
    assert (returned.outcome, returned.message) == ("rejected", "The OpenID Connect configuration names no token address.")
    assert product.targets == ["/x"]


@pytest.mark.parametrize(("status", "outcome"), [(404, "rejected"), (302, "rejected"), (503, "not_executed"), (429, "not_executed")])
async def test_a_discovery_that_fails_is_lasting_or_not(wire: Wire, product: Product, status: int, outcome: str) -> None:
    product.otherwise = lambda request: web.Response(status=status)
    client = ClientCredentials(client_id=CLIENT, client_secret=S(SECRET), open_id_connect_url=f"{product.url}/x")
    compiled = document({"/things": {"get": {}}})
    returned = await attempt(
        wire, work(compiled, {}, DocumentSettings(base_url=product.url), Connection(id="c", tenant="t", spec="s", credential=client))
    )
    assert (returned.outcome, returned.sign_in) == (outcome, False)


@pytest.mark.parametrize("authentication", ["basic", "body"])
async def test_a_client_proves_itself_in_the_header_or_in_the_body(wire: Wire, product: Product, authority: Authority, authentication: str) -> None:
    product.otherwise = guarding(authority)
    held = customers(authority, authentication=authentication)
    assert await sign_in(wire, held) is None
    assert ("client_secret" in authority.asked[0]) is (authentication == "body")


async def test_a_public_client_names_itself_and_proves_itself_by_pkce_alone(wire: Wire, product: Product, authority: Authority) -> None:
    authority.public, product.otherwise = True, guarding(authority)
    held = customers(authority, client_secret=None)
    job = work(document({"/things": {"get": {}}}), {}, DocumentSettings(base_url=product.url), held)
    assert await sign_in(wire, held) is None
    authority.revoke()
    first = await attempt(wire, job)
    assert (await attempt(wire, job, first.stale)).data == {"whose": "ann"}
    assert authority.issued == ["code", "refresh"]


async def test_the_tenants_app_key_and_client_go_out_with_what_is_each_customers_own(wire: Wire, product: Product, authority: Authority) -> None:
    product.otherwise = guarding(authority)
    client = TokenExchange(client_id=CLIENT, client_secret=S(SECRET), token_url=f"{authority.url}/token", audience="things")
    shared = connection(k=ApiKey(value=S("app-key")), o=client).model_copy(update={"id": "cn_s", "base_url": product.url})
    await save_connection(wire.redis, wire.ring, shared)
    compiled = secured({"k": [], "o": []}, schemes={"k": key("header", "X-App"), "o": {"type": "oauth2", "flows": {}}})
    for user in ("ann", "bob"):
        authority.subjects[f"token of {user}"] = user
        own = Connection(id=f"cn_{user}", tenant="t", spec="s", user=user, credential=TokenExchange(subject_token=S(f"token of {user}")))
        await save_connection(wire.redis, wire.ring, own)
    for user in ("ann", "bob", "ann", "bob"):
        loaded = await load_connection(wire.redis, wire.ring, "t", f"cn_{user}", user)
        returned = await attempt(wire, work(compiled, {}, DocumentSettings(), loaded))
        assert returned.data == {"whose": user}
    assert {seen.headers["x-app"] for seen in product.seen} == {"app-key"}
    assert [form["audience"] for form in authority.asked] == ["things", "things"]


def test_addresses_come_from_the_scheme_and_the_credentials_own_win() -> None:
    flows = {
        "authorizationCode": {"authorizationUrl": "https://a.test/a", "tokenUrl": "/t", "refreshUrl": "/r", "scopes": {"x": ""}},
        "clientCredentials": {"tokenUrl": "/cc"},
    }
    schemes = secured(
        {"o": []}, schemes={"o": {"type": "oauth2", "flows": flows}, "i": {"type": "openIdConnect", "openIdConnectUrl": "/d"}}
    ).security_schemes
    assert schemes["o"].flows["authorizationCode"].scopes == ("x",)
    code = AuthorizationCode(client_id="c", refresh_url="https://own.test/r")
    assert addresses(with_addresses(code, schemes["o"])) == {
        "authorization_url": "https://a.test/a",
        "token_url": "/t",
        "refresh_url": "https://own.test/r",
    }
    assert addresses(with_addresses(code, schemes["i"])) == {"open_id_connect_url": "/d", "refresh_url": "https://own.test/r"}
    assert addresses(with_addresses(ClientCredentials(client_id="c", client_secret=S("s")), schemes["o"])) == {"token_url": "/cc"}
    pinned = TokenExchange(client_id="c", token_url="https://own.test/t")
    assert with_addresses(pinned, schemes["o"]) is pinned


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.test/authorize?tenant=1", True), ("http://127.0.0.1:8/x", True), ("javascript:alert(1)", False), ("//a.test", False),
        ("https://u:p@a.test/", False), ("https://a.test/#x", False), ("https://a.test/ x", False), ("https:///x", False), ("file:///x", False),
        ("https://a.test:99999/", False), ("https://a.test/\r\nx", False), ("https://[x", False), ("data:text/html,x", False),
    ],
)  # fmt: skip
def test_an_address_to_sign_in_at_is_one_a_browser_may_be_sent_to(url: str, expected: bool) -> None:
    assert usable(url) is expected


async def test_basic_is_written_as_the_rfc_says(wire: Wire, product: Product) -> None:
    held = connection(b=Basic(username="ann", password=S("pä:ss")))
    await attempt(
        wire, work(secured({"b": []}, schemes={"b": {"type": "http", "scheme": "Basic"}}), {}, DocumentSettings(base_url=product.url), held)
    )
    assert product.seen[0].headers["authorization"] == "Basic " + base64.b64encode("ann:pä:ss".encode()).decode()
