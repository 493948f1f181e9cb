"""Connections and settings over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from redis.asyncio import Redis

from engine.connections import router
from preprocess.compile import compile_document
from runtime.auth import create_key
from runtime.http import create_app
from runtime.secrets import KeyRing
from runtime.settings import Settings
from specs.store import SpecEntry, add_entry, save
from tools.security import ClientCredentials, load_connection
from tools.settings import DocumentSettings
from tools.store import save_settings

TOKENS = [f"token{number}" for number in range(8)]
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/x": {
            "get": {"operationId": "list_x", "responses": {"200": {"description": ""}}},
            "post": {
                "operationId": "make_x",
                "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"price": {"type": "number"}}}}}},
                "responses": {"201": {"description": ""}},
            },
        }
    },
    "components": {
        "securitySchemes": {
            **{name: {"type": "http", "scheme": "bearer"} for name in TOKENS},
            "o": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.test/token", "scopes": {}}}},
        },
    },
}


@pytest.fixture
async def client(redis: Redis, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("test", [router])
    app.state.redis, app.state.settings = redis, settings
    document = compile_document(json.dumps(DOCUMENT).encode())
    await save(redis, "t", document)
    await add_entry(redis, SpecEntry(id="sp_1", tenant="t", hash=document.hash, state="ready"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as made:
        yield made


async def team(redis: Redis, tenant: str = "t", user: str = "team", *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await create_key(redis, tenant, user, scopes or ('chat', 'specs'))}"}


def new(**credential: object) -> dict[str, object]:
    return {"spec_id": "sp_1", "credential": credential or {"type": "bearer", "token": "very-secret"}}


async def test_a_connection_is_made_listed_and_removed_and_its_secret_never_told(client: httpx.AsyncClient, redis: Redis) -> None:
    who = await team(redis)
    made = await client.post("/v1/connections", json=new(), headers=who)
    assert made.status_code == 201
    name = made.json()["id"]
    told = [made, await client.get("/v1/connections", headers=who), await client.get(f"/v1/connections/{name}", headers=who)]
    entry = {"id": name, "spec": "sp_1", "user": None, "base_url": None, "type": "bearer", "schemes": {}}
    assert told[1].json() == {"connections": [entry]}
    assert told[2].json() == {**entry, "signed_in": True, "expires": None}
    assert not any("very-secret" in each.text for each in told)
    assert (await client.delete(f"/v1/connections/{name}", headers=who)).status_code == 204
    assert (await client.get(f"/v1/connections/{name}", headers=who)).json()["code"] == "connection_not_found"


async def test_the_token_address_is_pinned_to_todays_document(client: httpx.AsyncClient, redis: Redis, settings: Settings) -> None:
    body = new(type="client_credentials", client_id="c", client_secret="s")
    made = await client.post("/v1/connections", json=body, headers=await team(redis))
    stored = await load_connection(redis, KeyRing.from_settings(settings), "t", made.json()["id"])
    assert isinstance(stored.credential, ClientCredentials)
    assert stored.credential.token_url == "https://a.test/token"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"spec_id": "sp_1", "credential": {"type": "bearer", "token": ""}},
        {"spec_id": "sp_1", "credential": {"type": "magic", "token": "very-secret"}},
        {"spec_id": "sp_1", "credential": {"type": "bearer", "token": "very-secret", "more": 1}},
        {"spec_id": "sp_1", "base_url": "ftp://a.test"},
        {"spec_id": "sp_1", "base_url": "https://u:very-secret@a.test"},
    ],
)
async def test_what_cannot_be_used_is_refused_without_its_values(client: httpx.AsyncClient, redis: Redis, body: dict) -> None:
    refused = await client.post("/v1/connections", json=body, headers=await team(redis))
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "very-secret" not in refused.text


async def test_credentials_that_are_set_at_once_are_all_kept(client: httpx.AsyncClient, redis: Redis, settings: Settings) -> None:
    who = await team(redis)
    name = (await client.post("/v1/connections", json=new(), headers=who)).json()["id"]
    bodies = [{"scheme": each, "credential": {"type": "bearer", "token": f"of-{each}"}} for each in TOKENS]
    answers = await asyncio.gather(*(client.put(f"/v1/connections/{name}/credential", json=body, headers=who) for body in bodies))
    assert [each.status_code for each in answers] == [204] * len(TOKENS)
    found = await load_connection(redis, KeyRing.from_settings(settings), "t", name)
    assert {scheme: each.token.get_secret_value() for scheme, each in found.credentials.items()} == {each: f"of-{each}" for each in TOKENS}
    (entry,) = (await client.get("/v1/connections", headers=who)).json()["connections"]
    assert sorted(entry["schemes"]) == TOKENS


async def test_a_customer_has_connections_of_their_own_only(client: httpx.AsyncClient, redis: Redis) -> None:
    ann, bob, others = await team(redis, "t", "ann", "chat"), await team(redis, "t", "bob", "chat"), await team(redis, "u")
    shared = (await client.post("/v1/connections", json=new(), headers=await team(redis))).json()["id"]
    own = (await client.post("/v1/connections", json=new(), headers=ann)).json()["id"]
    assert [each["id"] for each in (await client.get("/v1/connections", headers=ann)).json()["connections"]] == sorted([own, shared])
    assert (await client.delete(f"/v1/connections/{own}", headers=bob)).status_code == 404
    assert (await client.delete(f"/v1/connections/{shared}", headers=bob)).status_code == 403
    assert (await client.get(f"/v1/connections/{own}", headers=others)).status_code == 404
    assert (await client.post("/v1/connections", json=new(), headers=others)).json()["code"] == "spec_not_found"
    for more in ({"shared": True}, {"base_url": "https://b.test"}, {"constants": {"a": 1}}):
        assert (await client.post("/v1/connections", json={**new(), **more}, headers=ann)).status_code == 403
    assert (await client.get("/v1/connections")).status_code == 401


async def test_settings_are_written_and_read(client: httpx.AsyncClient, redis: Redis) -> None:
    who = await team(redis)
    assert (await client.get("/v1/specs/sp_1/settings", headers=who)).json()["approval"] == "changing"
    wanted = {"base_url": "https://a.test/v1", "tips": {"list_x": "Example"}, "approvals": {"list_x": "always"}}
    assert (await client.put("/v1/specs/sp_1/settings", json=wanted, headers=who)).status_code == 200
    stored = (await client.get("/v1/specs/sp_1/settings", headers=who)).json()
    assert {name: stored[name] for name in wanted} == wanted
    assert (await client.get("/v1/specs/sp_1/settings", headers=await team(redis, "u"))).status_code == 404
    assert (await client.get("/v1/specs/sp_1/settings", headers=await team(redis, "t", "ann", "chat"))).status_code == 403


@pytest.mark.parametrize("wanted", [{"tips": {"nothing": "x"}}, {"base_url": "x"}, {"approval": "sometimes"}, {"unknown": 1}])
async def test_settings_that_mean_nothing_are_refused(client: httpx.AsyncClient, redis: Redis, wanted: dict) -> None:
    assert (await client.put("/v1/specs/sp_1/settings", json=wanted, headers=await team(redis))).status_code == 422


def priced(**rule: object) -> dict[str, object]:
    return {"when": [{"operation": "make_x", "field": "price", "op": ">", "value": 1000.5, **rule}]}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"operation": "pay"}, "The document has no operation pay."),
        ({"field": "cost"}, "The operation make_x has no field cost, which a rule of `when` names."),
        ({"operation": "*", "field": "/price/value"}, "No changing operation has a field /price/value, which a rule of `when` names."),
        ({"value": "much"}, '`>` compares numbers: write 1000, or "1000.50" as text'),
        ({"op": "matches", "value": "("}, "`matches` takes a regular expression as text"),
        ({"op": "in"}, "`in` takes a list of values"),
    ],
)
async def test_a_rule_on_values_that_would_never_ask_is_refused(client: httpx.AsyncClient, redis: Redis, rule: dict, said: str) -> None:
    refused = await client.put("/v1/specs/sp_1/settings", json=priced(**rule), headers=await team(redis))
    assert refused.status_code == 422
    assert said in refused.json()["detail"]


async def test_a_rule_on_values_is_written_and_stays_when_its_field_went_with_a_version(client: httpx.AsyncClient, redis: Redis) -> None:
    who = await team(redis)
    for rule in ({}, {"operation": "*"}, {"field": "/price", "value": "1000.50"}):
        assert (await client.put("/v1/specs/sp_1/settings", json=priced(**rule), headers=who)).json()["when"] == priced(**rule)["when"]
    await save_settings(redis, "t", "sp_1", DocumentSettings.model_validate(priced(field="cost")))
    kept = (await client.get("/v1/specs/sp_1/settings", headers=who)).json()
    assert (await client.put("/v1/specs/sp_1/settings", json={**kept, "approval": "never"}, headers=who)).status_code == 200


async def test_a_customer_cannot_have_our_workers_call_an_address_of_theirs(client: httpx.AsyncClient, redis: Redis) -> None:
    who = await team(redis, "t", "ann", "chat")
    oauth = {"type": "client_credentials", "client_id": "a", "client_secret": "b"}
    refused = await client.post("/v1/connections", json=new(**oauth, token_url="http://127.0.0.1:6379/"), headers=who)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await client.post("/v1/connections", json=new(**oauth), headers=who)).status_code == 201


@pytest.mark.parametrize(
    ("credential", "code"),
    [
        ({"type": "bearer", "token": "a\r\nX-Evil: y"}, "invalid_request"),
        ({"type": "api_key", "value": "x\ny"}, "invalid_request"),
        ({"type": "api_key", "value": "x", "name": "Host"}, "invalid_request"),
        ({"type": "api_key", "value": "DELETE", "name": "X-HTTP-Method-Override"}, "invalid_request"),
        ({"type": "api_key", "value": "chunked", "name": "Transfer-Encoding"}, "invalid_request"),
        ({"type": "api_key", "value": "x", "name": "X User"}, "invalid_request"),
        ({"type": "api_key", "value": "x", "name": "a=b; c", "location": "cookie"}, "invalid_request"),
        ({"type": "basic", "username": "a\nb", "password": "x"}, "invalid_request"),
        ({"type": "client_credentials", "client_id": "a", "client_secret": "b", "token_url": "file:///etc/passwd"}, "token_url_unusable"),
        ({"type": "client_credentials", "client_id": "a", "client_secret": "b", "token_url": "https://u:p@a.test/t"}, "token_url_unusable"),
    ],
)
async def test_a_credential_that_could_never_be_sent_is_refused_when_it_is_given(
    client: httpx.AsyncClient, redis: Redis, credential: dict[str, str], code: str
) -> None:
    refused = await client.post("/v1/connections", json=new(**credential), headers=await team(redis))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert "X-Evil" not in refused.text


async def test_settings_that_would_be_cut_or_never_match_are_refused(client: httpx.AsyncClient, redis: Redis) -> None:
    who = await team(redis)
    for wrong in ({"tips": {"list_x": "x" * 601}}, {"hosts": ["bad host"]}, {"hosts": ["https://a.test/x"]}):
        assert (await client.put("/v1/specs/sp_1/settings", json=wrong, headers=who)).json()["code"] == "invalid_request"
    assert (await client.put("/v1/specs/sp_1/settings", json={"tips": {"list_x": "x" * 600}, "hosts": ["a.test"]}, headers=who)).status_code == 200
