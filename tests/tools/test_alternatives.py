"""Which credentials an operation gets: its security requirements against what a connection holds."""

from typing import Any

import pytest
from pydantic import SecretStr

from specs.model import Operation, SecurityScheme
from tools.alternatives import Unusable, chosen, fits, held_by
from tools.security import (
    NO_CONNECTION,
    AnyCredential,
    ApiKey,
    AuthorizationCode,
    Basic,
    Bearer,
    ClientCredentials,
    Connection,
    NoCredential,
    TokenExchange,
)

SECRET = SecretStr("x")
KEY, BEARER, BASIC = ApiKey(value=SECRET), Bearer(token=SECRET), Basic(username="u", password=SECRET)
CLIENT = ClientCredentials(client_id="c", client_secret=SECRET)
CODE = AuthorizationCode(client_id="c")
EXCHANGE = TokenExchange(client_id="c", subject_token=SECRET)
SCHEMES = {
    "key": SecurityScheme("key", "apiKey", location="header", parameter="X-Key"),
    "app": SecurityScheme("app", "apiKey", location="query", parameter="app"),
    "header": SecurityScheme("header", "apiKey", location="header", parameter="Authorization"),
    "basic": SecurityScheme("basic", "http", scheme="basic"),
    "bearer": SecurityScheme("bearer", "http", scheme="bearer"),
    "digest": SecurityScheme("digest", "http", scheme="digest"),
    "oauth": SecurityScheme("oauth", "oauth2"),
    "oidc": SecurityScheme("oidc", "openIdConnect"),
    "mtls": SecurityScheme("mtls", "mutualTLS"),
}


def connection(simple: AnyCredential | None = None, user: str | None = None, **named: AnyCredential) -> Connection:
    return Connection(id="cn", tenant="t", spec="s", user=user, credential=simple or NoCredential(), credentials=named)


def operation(*alternatives: tuple[str, ...], public: bool = False) -> Operation:
    return Operation("x", "GET", "/x", security=tuple(dict.fromkeys(each, ()) for each in alternatives), public=public)


def used(of: Operation, connection: Connection, schemes: Any = SCHEMES, *, secured: bool = True) -> list[tuple[str | None, str]] | Unusable:
    found = chosen(of, schemes, lambda: secured, held_by(connection))
    return found if isinstance(found, Unusable) else [(each.scheme.name if each.scheme else None, each.held.credential.type) for each in found]


@pytest.mark.parametrize(
    ("alternatives", "held", "expected"),
    [
        # The first alternative of which everything is there.
        ([("key",), ("basic",)], connection(key=KEY, basic=BASIC), [("key", "api_key")]),
        ([("key", "basic"), ("basic",)], connection(basic=BASIC), [("basic", "basic")]),
        ([("oauth",), ("key", "basic")], connection(key=KEY, basic=BASIC), [("key", "api_key"), ("basic", "basic")]),
        ([("key", "app")], connection(key=KEY, app=KEY), [("key", "api_key"), ("app", "api_key")]),
        # What no scheme of the operation wants is not sent.
        ([("key",)], connection(basic=BASIC, oauth=BEARER), []),
        ([("key",)], connection(BEARER), []),
        ([("digest",)], connection(BEARER), []),
        # The simple case: one credential without a name, of the same kind.
        ([("oauth",)], connection(BEARER), [("oauth", "bearer")]),
        ([("oidc",)], connection(CODE), [("oidc", "authorization_code")]),
        ([("bearer",), ("key",)], connection(KEY), [("key", "api_key")]),
        ([("header",)], connection(BEARER), [("header", "bearer")]),
        ([("nowhere",)], connection(BEARER), [(None, "bearer")]),
        # It stands for one scheme, not for two of its kind.
        ([("key", "app")], connection(KEY), [("key", "api_key")]),
        ([("key", "app")], connection(KEY, app=KEY), [("key", "api_key"), ("app", "api_key")]),
        # Documents ask for more than products do: what there is of an alternative is sent.
        ([("basic",), ("key", "oauth")], connection(oauth=CLIENT), [("oauth", "client_credentials")]),
        # Anonymous is one of the ways.
        ([(), ("key",)], connection(key=KEY), [("key", "api_key")]),
        ([(), ("key",)], connection(basic=BASIC), []),
        ([("key", "oauth"), ()], connection(key=KEY), []),
        ([()], connection(KEY), []),
        # A certificate cannot be sent, but there is another way.
        ([("mtls",), ("key",)], connection(key=KEY), [("key", "api_key")]),
        ([("mtls",), ()], connection(key=KEY), []),
        ([("mtls", "key"), ("basic",)], connection(key=KEY), []),
    ],
)
def test_the_first_alternative_whose_schemes_all_have_a_credential_is_used(alternatives: Any, held: Connection, expected: Any) -> None:
    assert used(operation(*alternatives), held) == expected


@pytest.mark.parametrize("held", [NO_CONNECTION, connection(key=KEY), connection(BEARER)])
def test_only_a_certificate_is_said_to_be_impossible(held: Connection) -> None:
    found = used(operation(("mtls",), ("mtls", "key")), held)
    assert isinstance(found, Unusable)
    assert "mutual TLS" in found.reason


def test_a_public_operation_gets_nothing_whatever_there_is() -> None:
    assert used(operation(public=True), connection(BEARER, key=KEY)) == []
    assert used(operation(public=True), connection(BEARER), {}) == []


def test_a_document_that_declares_nothing_gets_the_one_credential_there_is() -> None:
    assert used(operation(), connection(BEARER), {}, secured=False) == [(None, "bearer")]
    assert used(operation(), connection(ApiKey(value=SECRET, name="k"), other=KEY), {}, secured=False) == [(None, "api_key")]


def test_an_operation_that_says_nothing_gets_nothing_where_others_say_something() -> None:
    assert used(operation(), connection(BEARER, oauth=BEARER), secured=True) == []


def test_schemes_that_are_declared_and_never_required_are_taken_to_be() -> None:
    assert used(operation(), connection(BEARER), secured=False) == [("header", "bearer")]
    assert used(operation(), connection(basic=BASIC), secured=False) == [("basic", "basic")]
    assert used(operation(), NO_CONNECTION, secured=False) == []


@pytest.mark.parametrize(
    ("credential", "names"),
    [
        (KEY, {"key", "app", "header"}),
        (BASIC, {"basic", "header"}),
        *((each, {"header", "bearer", "oauth", "oidc"}) for each in (BEARER, CLIENT, CODE, EXCHANGE)),
        (NoCredential(), set()),
    ],
)
def test_credentials_fit_schemes_of_their_kind(credential: AnyCredential, names: set[str]) -> None:
    assert {name for name, scheme in SCHEMES.items() if fits(credential, scheme)} == names


def test_a_customers_own_is_laid_over_the_shared_one_and_both_go_out() -> None:
    shared = connection(app=KEY, oauth=CLIENT).model_copy(update={"base_url": "https://a.test", "constants": {"region": "eu", "plan": 1}})
    own = Connection(id="own", tenant="t", spec="s", user="ann", credentials={"oauth": BEARER}, constants={"plan": 2}).laid_over(shared)
    assert (own.base_url, own.constants) == ("https://a.test", {"region": "eu", "plan": 2})
    assert used(operation(("oauth", "app")), own) == [("oauth", "bearer"), ("app", "api_key")]
    assert [(each.scheme, each.owner.id) for each in held_by(own)] == [("oauth", "own"), ("app", "cn")]


def test_of_two_without_a_name_the_customers_own_wins_and_an_app_key_goes_beside_it() -> None:
    own = connection(BEARER, user="ann")
    assert used(operation(("oauth",)), own.laid_over(connection(CLIENT))) == [("oauth", "bearer")]
    assert used(operation(("oauth", "key")), own.laid_over(connection(KEY))) == [("oauth", "bearer"), ("key", "api_key")]
    assert used(operation(), own.laid_over(connection(CLIENT)), {}, secured=False) == [(None, "bearer")]
    app = ApiKey(value=SECRET, name="X-App")
    assert used(operation(), own.laid_over(connection(app)), {}, secured=False) == [(None, "bearer"), (None, "api_key")]


def test_a_customers_token_is_exchanged_by_the_tenants_client() -> None:
    shared = connection(oauth=TokenExchange(client_id="c", client_secret=SECRET, token_url="https://a.test/token", audience="api"))
    own = connection(TokenExchange(subject_token=SecretStr("his"), token_url="https://pinned.test/"), user="ann").laid_over(shared)
    (first, *_) = held_by(own)
    assert isinstance(first.credential, TokenExchange)
    assert (first.credential.client_id, first.credential.audience, first.scheme, first.owner.user) == ("c", "api", "oauth", "ann")
    assert (first.credential.subject_token, first.credential.token_url) == (SecretStr("his"), "https://a.test/token")
