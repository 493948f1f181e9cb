"""Signing in to a product over HTTP: the address, the way back, what is stored, and what is refused."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from runtime.secrets import KeyRing
from runtime.settings import Settings
from tests.engine.stage import CODE, Stage
from tests.tools.authority import CLIENT, walk
from tests.tools.product import Product
from tools.security import AuthorizationCode, load_connection
from tools.settings import DocumentSettings
from tools.store import save_settings


async def test_a_customer_signs_in_and_his_tokens_lie_sealed_under_his_name(stage: Stage) -> None:
    connection, ann, bob = await stage.shared(), await stage.who("ann"), await stage.who("bob")
    assert await stage.standing(connection, ann) == {"signed_in": False, "expires": None}
    answer = await stage.sign_in(connection, ann)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "You are signed in. You can close this window." in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    found = await stage.standing(connection, ann)
    now, _ = await stage.redis.time()
    assert found["signed_in"]
    assert now + 3_500 < found["expires"] <= now + 3_600
    assert await stage.standing(connection, bob) == {"signed_in": False, "expires": None}
    assert stage.authority.asked[0]["redirect_uri"] == "http://127.0.0.1:8080/v1/oauth/callback"


async def test_the_address_holds_what_the_standards_want_and_no_secret(stage: Stage) -> None:
    url = await stage.address(await stage.shared(), await stage.who("ann"))
    said = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert said.pop("audience") == "a&b"  # RFC 6749, 3.1: a query the address has is kept
    assert len(said.pop("state")) >= 43
    assert len(said.pop("code_challenge")) == 43
    assert said == {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": "http://127.0.0.1:8080/v1/oauth/callback", "scope": "read write",
        "code_challenge_method": "S256",
    }  # fmt: skip


async def test_a_state_works_once_also_for_two_at_the_same_time(stage: Stage) -> None:
    connection, ann = await stage.shared(), await stage.who("ann")
    back = await walk(await stage.address(connection, ann))
    assert sorted([each.status_code for each in await asyncio.gather(*(stage.back(**back) for _ in range(5)))]) == [200, 400, 400, 400, 400]
    assert stage.authority.issued == ["code"]


async def test_a_state_is_forgotten_soon_and_lies_neither_plain_nor_under_its_own_name(stage: Stage) -> None:
    url = await stage.address(await stage.shared(), await stage.who("ann"))
    state = parse_qs(urlsplit(url).query)["state"][0]
    (name,) = await stage.redis.keys("parlance:{-:signin:*}")
    assert state not in name.decode()
    assert b"ann" not in await stage.redis.get(name)
    assert 590 < await stage.redis.ttl(name) <= 600
    await stage.redis.pexpire(name, 0)
    gone = await stage.back(**await walk(url))
    assert (gone.status_code, stage.authority.issued) == (400, [])
    assert "begin it again" in gone.text


@pytest.mark.parametrize(
    "said", [{}, {"code": "x"}, {"state": "unknown", "code": "x"}, {"state": "", "code": "x"}, {"error": "<b>x</b>", "state": "y"}]
)
async def test_what_nobody_began_is_refused_and_asks_nobody(stage: Stage, said: dict[str, str]) -> None:
    answer = await stage.back(**said)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "<b>" not in answer.text
    assert stage.authority.asked == []


async def test_a_refusal_of_the_customer_is_shown_as_text(stage: Stage) -> None:
    stage.authority.denies = True
    connection, ann = await stage.shared(), await stage.who("ann")
    answer = await stage.sign_in(connection, ann)
    assert answer.status_code == 400
    assert "access_denied; &lt;b&gt;He said no&lt;/b&gt;" in answer.text
    assert not (await stage.standing(connection, ann))["signed_in"]


Change = Callable[[dict[str, str]], dict[str, str]]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda back: {**back, "iss": "https://evil.test"}, "another server"),
        (lambda back: {**back, "iss": "http://["}, "another server"),
        (lambda back: {**back, "code": "stolen"}, "invalid_grant"),
    ],
)
async def test_an_answer_that_does_not_fit_gives_no_tokens(stage: Stage, change: Change, told: str) -> None:
    connection, ann = await stage.shared(), await stage.who("ann")
    answer = await stage.back(**change(await walk(await stage.address(connection, ann))))
    assert (answer.status_code, told in answer.text) == (400, True)
    assert not (await stage.standing(connection, ann))["signed_in"]
    assert stage.authority.issued == []


async def test_a_code_of_one_sign_in_is_of_no_use_in_another(stage: Stage) -> None:
    connection, ann, eve = await stage.shared(), await stage.who("ann"), await stage.who("eve")
    anns, eves = [await walk(await stage.address(connection, each)) for each in (ann, eve)]
    answer = await stage.back(**{**eves, "code": anns["code"]})
    assert (answer.status_code, "invalid_grant" in answer.text) == (400, True)
    assert not (await stage.standing(connection, eve))["signed_in"]


async def test_a_server_that_says_it_names_itself_must(stage: Stage) -> None:
    body = {"spec_id": "sp_1", "credentials": {"i": CODE}}
    made = await stage.http.post("/v1/connections", json=body, headers=await stage.who("team", "specs", "chat"))
    ann = await stage.who("ann")
    assert (await stage.sign_in(made.json()["id"], ann)).status_code == 200
    back = await walk(await stage.address(made.json()["id"], ann))
    back.pop("iss")
    assert "another server" in (await stage.back(**back)).text


async def test_a_server_that_does_not_name_itself_needs_not(stage: Stage) -> None:
    stage.authority.names_itself = False
    assert (await stage.sign_in(await stage.shared(), await stage.who("ann"))).status_code == 200


async def test_a_connection_that_was_changed_or_removed_meanwhile_takes_nothing(stage: Stage) -> None:
    team, ann = await stage.who("team", "specs", "chat"), await stage.who("ann")
    connection = await stage.shared()
    back = await walk(await stage.address(connection, ann))
    changed = await stage.http.put(f"/v1/connections/{connection}/credential", json={"scheme": "o", "credential": CODE}, headers=team)
    assert changed.status_code == 204
    assert "changed meanwhile" in (await stage.back(**back)).text
    back = await walk(await stage.address(connection, ann))
    assert (await stage.http.delete(f"/v1/connections/{connection}", headers=team)).status_code == 204
    assert (await stage.back(**back)).status_code == 400
    assert stage.authority.issued == []


async def test_removing_a_connection_removes_everybodys_tokens(stage: Stage) -> None:
    connection = await stage.shared()
    for user in ("ann", "bob"):
        assert (await stage.sign_in(connection, await stage.who(user))).status_code == 200
    assert len(await stage.redis.keys(f"parlance:{{t:connection:{connection}}}:*")) == 5
    await stage.http.delete(f"/v1/connections/{connection}", headers=await stage.who("team", "specs", "chat"))
    assert await stage.redis.keys("parlance:*connection*") == []


async def test_others_connections_and_such_without_a_sign_in_give_no_address(stage: Stage) -> None:
    connection = await stage.shared()
    for who in (await stage.who("x", tenant="u"), {}):
        answer = await stage.http.post(f"/v1/connections/{connection}/authorize", json={}, headers=who)
        assert answer.status_code == (404 if who else 401)
    ann = await stage.who("ann")
    wrong = await stage.http.post(f"/v1/connections/{connection}/authorize", json={"scheme": "k"}, headers=ann)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "nothing_to_sign_in_for")


async def test_where_customers_come_back_is_a_setting_or_loopback(stage: Stage, settings: Settings) -> None:
    connection, ann = await stage.shared(), await stage.who("ann")
    there = {"Host": "evil.test", **ann}
    refused = await stage.http.post(f"/v1/connections/{connection}/authorize", json={}, headers=there)
    assert (refused.status_code, refused.json()["code"]) == (422, "public_url_missing")
    stage.app.state.settings = settings.model_copy(update={"public_url": "https://parlance.test/base"})
    url = await stage.address(connection, there)
    assert parse_qs(urlsplit(url).query)["redirect_uri"] == ["https://parlance.test/base/v1/oauth/callback"]


async def test_the_addresses_are_pinned_to_todays_document(stage: Stage, settings: Settings) -> None:
    stored = await load_connection(stage.redis, KeyRing.from_settings(settings), "t", await stage.shared())
    credential = stored.credentials["o"]
    assert isinstance(credential, AuthorizationCode)
    assert (credential.authorization_url, credential.token_url) == (f"{stage.authority.url}/authorize?audience=a%26b", f"{stage.authority.url}/token")


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        ({"nothing": {"type": "bearer", "token": "x"}}, "scheme_unknown"),
        ({"k": {"type": "bearer", "token": "x"}}, "scheme_unfit"),
        ({"m": {"type": "bearer", "token": "x"}}, "scheme_unfit"),
        ({"o": {**CODE, "authorization_url": "javascript:alert(1)"}}, "authorization_url_unusable"),
        ({"o": {**CODE, "refresh_url": "https://u:p@a.test/"}}, "refresh_url_unusable"),
        ({"i": {**CODE, "open_id_connect_url": "file:///etc/passwd"}}, "open_id_connect_url_unusable"),
    ],
)
async def test_a_credential_its_scheme_could_never_take_is_refused_at_once(stage: Stage, credentials: dict[str, Any], code: str) -> None:
    body = {"spec_id": "sp_1", "credentials": credentials}
    refused = await stage.http.post("/v1/connections", json=body, headers=await stage.who("team", "specs", "chat"))
    assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_a_customer_replaces_his_own_credential_and_no_other(stage: Stage, settings: Settings) -> None:
    ann, bob, team = await stage.who("ann"), await stage.who("bob"), await stage.who("team", "specs", "chat")
    shared = await stage.shared()
    made = await stage.http.post("/v1/connections", json={"spec_id": "sp_1", "credential": {"type": "bearer", "token": "first-token"}}, headers=ann)
    own = made.json()["id"]
    new = {"credential": {"type": "bearer", "token": "second-token"}}
    put = {who: await stage.http.put(f"/v1/connections/{each}/credential", json=new, headers=headers)
           for who, each, headers in (("ann", own, ann), ("bob", own, bob), ("shared", shared, ann), ("team", shared, team))}  # fmt: skip
    assert {who: answer.status_code for who, answer in put.items()} == {"ann": 204, "bob": 404, "shared": 403, "team": 204}
    addressed = {"credential": {**CODE, "token_url": "http://127.0.0.1:6379/"}}
    assert (await stage.http.put(f"/v1/connections/{own}/credential", json=addressed, headers=ann)).status_code == 403
    stored = await load_connection(stage.redis, KeyRing.from_settings(settings), "t", own)
    assert stored.credential.model_dump(context="seal") == {"type": "bearer", "token": "second-token"}
    assert stored.under is not None
    assert stored.under.id == shared


async def test_a_customers_own_connection_needs_the_tenants_sign_in_too(stage: Stage) -> None:
    await stage.shared()
    ann = await stage.who("ann")
    body = {"spec_id": "sp_1", "credentials": {"k": {"type": "api_key", "value": "his-key"}}}
    own = (await stage.http.post("/v1/connections", json=body, headers=ann)).json()["id"]
    assert not (await stage.standing(own, ann))["signed_in"]
    assert (await stage.sign_in(own, ann)).status_code == 200
    assert (await stage.standing(own, ann))["signed_in"]


async def test_the_documents_schemes_are_told_with_the_credentials_that_fit(stage: Stage) -> None:
    found = (await stage.http.get("/v1/specs/sp_1/schemes", headers=await stage.who("ann"))).json()["schemes"]
    assert {each["name"]: (each["type"], each["kinds"][:1], each["scopes"]) for each in found} == {
        "o": ("oauth2", ["authorization_code"], ["read", "write"]), "i": ("openIdConnect", ["authorization_code"], []),
        "k": ("apiKey", ["api_key"], []), "m": ("mutualTLS", [], []),
    }  # fmt: skip
    assert (await stage.http.get("/v1/specs/sp_1/schemes", headers=await stage.who("x", tenant="u"))).status_code == 404


async def test_a_turn_goes_out_with_what_its_own_customer_signed_in_for(stage: Stage, echoing: Product) -> None:
    await save_settings(stage.redis, "t", "sp_1", DocumentSettings(base_url=echoing.url))
    connection = await stage.shared()
    for user in ("ann", "bob"):
        stage.authority.customer, who = user, await stage.who(user)
        assert (await stage.sign_in(connection, who)).status_code == 200
        session = (await stage.http.post("/v1/sessions", json={"spec_id": "sp_1"}, headers=who)).json()["id"]
        said = await stage.http.post(f"/v1/sessions/{session}/messages", json={"id": "m1", "text": "List things"}, headers=who)
        assert said.json()["status"] == "replied", said.text
    tokens = [seen.headers["authorization"].removeprefix("Bearer ") for seen in echoing.seen]
    assert [stage.authority.valid[token] for token in tokens] == ["ann", "bob"]
