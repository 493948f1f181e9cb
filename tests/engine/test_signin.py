"""Signing in to a product over HTTP: the address, the way back, what is stored, and what is refused."""

import asyncio
import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from runtime.secrets import KeyRing
from runtime.settings import Settings
from tests.engine.stage import CODE, Stage, ticket_in
from tests.tools.authority import CLIENT, walk
from tests.tools.product import Product
from tools.security import REMOVED, AuthorizationCode, load_connection
from tools.settings import DocumentSettings
from tools.store import save_settings


async def test_a_customer_signs_in_and_his_tokens_lie_sealed_under_his_name(stage: Stage) -> None:
    connection, ann, bob = await stage.shared(), await stage.who("ann"), await stage.who("bob")
    assert await stage.standing(connection, ann) == {"signed_in": False, "expires": None}
    page = await stage.back(**await walk(await stage.address(connection, ann)))
    assert (page.status_code, stage.authority.issued) == (200, [])
    assert not (await stage.standing(connection, ann))["signed_in"]
    assert (await stage.redeem(connection, ann, page)).status_code == 204
    found = await stage.standing(connection, ann)
    now, _ = await stage.redis.time()
    assert found["signed_in"]
    assert now + 3_500 < found["expires"] <= now + 3_600
    assert await stage.standing(connection, bob) == {"signed_in": False, "expires": None}
    assert stage.authority.asked[0]["redirect_uri"] == "http://127.0.0.1:8080/v1/oauth/callback"


async def test_a_link_that_somebody_else_opens_signs_nobody_in(stage: Stage) -> None:
    """RFC 9700, 4.7: Mallory begins, Anna opens her link and signs in as herself. What comes of it is of use to neither."""
    connection, anna, mallory = await stage.shared(), await stage.who("anna"), await stage.who("mallory")
    stage.authority.customer = "anna"
    page = await stage.back(**await walk(await stage.address(connection, mallory)))
    for who in (anna, mallory):
        assert not (await stage.standing(connection, who))["signed_in"]
    annas = await stage.redeem(connection, anna, page)
    assert (annas.status_code, annas.json()["code"]) == (422, "ticket_unusable")
    mallorys = await stage.redeem(connection, mallory, page)
    assert (mallorys.status_code, mallorys.json()["code"]) == (422, "ticket_unusable")
    for who in (anna, mallory):
        assert not (await stage.standing(connection, who))["signed_in"]
    assert (stage.authority.asked, await stage.redis.keys("parlance:*token*")) == ([], [])


async def test_a_ticket_is_of_use_to_who_began_alone_with_this_connection_alone_and_once(stage: Stage) -> None:
    connection, other, ann = await stage.shared(), await stage.shared(), await stage.who("ann")
    url = f"/v1/connections/{connection}/signed-in"

    async def came_back() -> httpx.Response:
        return await stage.back(**await walk(await stage.address(connection, ann)))

    namesake = await stage.redeem(connection, await stage.who("ann", tenant="u"), await came_back())
    assert namesake.json()["code"] == "connection_not_found"
    assert (await stage.redeem(connection, {}, await came_back())).status_code == 401
    elsewhere = await stage.redeem(other, ann, await came_back())
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "sign_in_failed")
    assert stage.authority.asked == []
    page = await came_back()
    answers = await asyncio.gather(*(stage.redeem(connection, ann, page) for _ in range(5)))
    assert sorted(each.status_code for each in answers) == [204, 422, 422, 422, 422]
    for ticket in ("", "x", "ä", "a" * 16, "*"):
        assert (await stage.http.post(url, json={"ticket": ticket}, headers=ann)).json()["code"] == "ticket_unusable"
    assert stage.authority.issued == ["code"]


async def test_a_ticket_may_be_copied_by_a_person(stage: Stage) -> None:
    connection, ann = await stage.shared(), await stage.who("ann")
    ticket = ticket_in(await stage.back(**await walk(await stage.address(connection, ann))))
    typed = " " + "-".join(ticket[at : at + 4] for at in range(0, 16, 4)).upper() + " \n"
    answer = await stage.http.post(f"/v1/connections/{connection}/signed-in", json={"ticket": typed}, headers=ann)
    assert (answer.status_code, stage.authority.issued) == (204, ["code"])


async def test_a_ticket_is_forgotten_soon_and_lies_neither_plain_nor_under_its_own_name(stage: Stage) -> None:
    connection, ann = await stage.shared(), await stage.who("ann")
    page = await stage.back(**await walk(await stage.address(connection, ann)))
    (name,) = await stage.redis.keys("parlance:{-:ticket:*}")
    assert ticket_in(page) not in name.decode()
    assert b"ann" not in await stage.redis.get(name)
    assert 110 < await stage.redis.ttl(name) <= 120
    await stage.redis.pexpire(name, 0)
    gone = await stage.redeem(connection, ann, page)
    assert (gone.json()["code"], stage.authority.asked) == ("ticket_unusable", [])


async def test_the_page_runs_its_own_script_alone_and_is_held_by_who_opened_it(stage: Stage) -> None:
    back = await walk(await stage.address(await stage.shared(), await stage.who("ann")))
    page = await stage.back(**back)
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    found = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = page.headers["content-security-policy"]
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{found}'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (page.headers["cache-control"], page.headers["cross-origin-opener-policy"]) == ("no-store", "unsafe-none")
    assert (page.headers["referrer-policy"], page.headers["content-type"]) == ("no-referrer", "text/html; charset=utf-8")
    assert not any(secret in page.text for secret in (back["code"], back["state"]))
    refused = await stage.back(state="x", code="y")
    assert "script-src" not in refused.headers["content-security-policy"]
    assert "<script" not in refused.text


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://app.test", "https://app.test"), ("https://evil.test", ""), ("null", ""),
        ("*", ""), ("http://127.0.0.1:8080.evil.test", ""), (None, ""),
    ],
)  # fmt: skip
async def test_only_a_page_of_ours_or_one_that_may_embed_the_panel_is_told(stage: Stage, settings: Settings, origin: str | None, told: str) -> None:
    stage.app.state.settings = settings.model_copy(update={"allowed_origins": ("https://app.test",)})
    asking = {**await stage.who("ann"), **({"Origin": origin} if origin else {})}
    page = await stage.back(**await walk(await stage.address(await stage.shared(), asking)))
    assert f'data-origin="{told}"' in page.text


async def test_a_host_that_a_request_names_is_no_origin_of_ours(stage: Stage, settings: Settings) -> None:
    stage.app.state.settings = settings.model_copy(update={"public_url": "https://parlance.test/base"})
    connection = await stage.shared()
    for origin, told in (("https://evil.test", ""), ("https://parlance.test", "https://parlance.test")):
        asking = {**await stage.who("ann"), "Host": "evil.test", "Origin": origin}
        back = await walk(await stage.address(connection, asking))
        assert f'data-origin="{told}"' in (await stage.back(**back)).text


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
    assert len(await stage.redis.keys("parlance:{-:ticket:*}")) == 1


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
    answer = await stage.back(**await walk(await stage.address(connection, ann)))
    assert answer.status_code == 400
    assert "access_denied; &lt;b&gt;He said no&lt;/b&gt;" in answer.text
    assert not (await stage.standing(connection, ann))["signed_in"]


@pytest.mark.parametrize("issuer", ["https://evil.test", "http://["])
async def test_an_answer_of_another_server_gives_no_ticket(stage: Stage, issuer: str) -> None:
    back = {**await walk(await stage.address(await stage.shared(), await stage.who("ann"))), "iss": issuer}
    answer = await stage.back(**back)
    assert (answer.status_code, "another server" in answer.text) == (400, True)
    assert (stage.authority.asked, await stage.redis.keys("parlance:{-:ticket:*}")) == ([], [])


async def test_a_code_of_one_sign_in_is_of_no_use_in_another(stage: Stage) -> None:
    connection, ann, eve = await stage.shared(), await stage.who("ann"), await stage.who("eve")
    anns, eves = [await walk(await stage.address(connection, each)) for each in (ann, eve)]
    answer = await stage.redeem(connection, eve, await stage.back(**{**eves, "code": anns["code"]}))
    assert (answer.status_code, "invalid_grant" in answer.text) == (422, True)
    assert stage.authority.issued == []
    assert not (await stage.standing(connection, eve))["signed_in"]


async def test_a_server_that_says_it_names_itself_must(stage: Stage) -> None:
    body = {"spec_id": "sp_1", "credentials": {"i": CODE}}
    made = await stage.http.post("/v1/connections", json=body, headers=await stage.who("team", "specs", "chat"))
    ann = await stage.who("ann")
    assert (await stage.sign_in(made.json()["id"], ann)).status_code == 204
    back = await walk(await stage.address(made.json()["id"], ann))
    back.pop("iss")
    assert "another server" in (await stage.back(**back)).text


async def test_a_server_that_does_not_name_itself_needs_not(stage: Stage) -> None:
    stage.authority.names_itself = False
    assert (await stage.sign_in(await stage.shared(), await stage.who("ann"))).status_code == 204


async def test_a_connection_that_was_changed_or_removed_meanwhile_takes_nothing(stage: Stage) -> None:
    team, ann = await stage.who("team", "specs", "chat"), await stage.who("ann")
    connection = await stage.shared()
    page = await stage.back(**await walk(await stage.address(connection, ann)))
    changed = await stage.http.put(f"/v1/connections/{connection}/credential", json={"scheme": "o", "credential": CODE}, headers=team)
    assert changed.status_code == 204
    assert "changed meanwhile" in (await stage.redeem(connection, ann, page)).text
    page = await stage.back(**await walk(await stage.address(connection, ann)))
    assert (await stage.http.delete(f"/v1/connections/{connection}", headers=team)).status_code == 204
    assert (await stage.redeem(connection, ann, page)).status_code == 404
    assert stage.authority.issued == []


async def test_removing_a_connection_removes_everybodys_tokens(stage: Stage) -> None:
    connection = await stage.shared()
    for user in ("ann", "bob"):
        assert (await stage.sign_in(connection, await stage.who(user))).status_code == 204
    assert len(await stage.redis.keys(f"parlance:{{t:connection:{connection}}}:*")) == 5
    await stage.http.delete(f"/v1/connections/{connection}", headers=await stage.who("team", "specs", "chat"))
    left = await stage.redis.keys("parlance:*connection*")
    assert [name for name in left if await stage.redis.get(name) != REMOVED] == []


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
    assert (await stage.sign_in(own, ann)).status_code == 204
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
        assert (await stage.sign_in(connection, who)).status_code == 204
        session = (await stage.http.post("/v1/sessions", json={"spec_id": "sp_1"}, headers=who)).json()["id"]
        said = await stage.http.post(f"/v1/sessions/{session}/messages", json={"id": "m1", "text": "List things"}, headers=who)
        assert said.json()["status"] == "replied", said.text
    tokens = [seen.headers["authorization"].removeprefix("Bearer ") for seen in echoing.seen]
    assert [stage.authority.valid[token] for token in tokens] == ["ann", "bob"]
