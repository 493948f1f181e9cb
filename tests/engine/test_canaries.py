"""No secret where none may be: calls with every kind of credential, renewed and refused, then a look at logs, Redis, results and answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from tests.canaries import found_in, redis_texts, spellings
from tests.engine.stage import CODE, Stage, ticket_in
from tests.tools.authority import CLIENT, SECRET, guarding, walk
from tests.tools.product import Product, document, drop, work
from tools.call import Returned
from tools.execute import attempt
from tools.security import Connection, load_connection
from tools.settings import DocumentSettings

CANARY = "canary/7f+Q9=&x%é"
CREDENTIALS: dict[str, dict[str, Any]] = {
    "header": {"type": "api_key", "value": f"{CANARY}-header", "name": "X-Key"},
    "query": {"type": "api_key", "value": f"{CANARY}-query", "name": "key", "location": "query"},
    "cookie": {"type": "api_key", "value": f"{CANARY}-cookie", "name": "sid", "location": "cookie"},
    "bearer": {"type": "bearer", "token": f"{CANARY}-bearer"},
    "basic": {"type": "basic", "username": "ann", "password": f"{CANARY}-basic"},
    "client": {"type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET},
    "code": CODE,
    "exchange": {"type": "token_exchange", "client_id": CLIENT, "client_secret": SECRET, "subject_token": f"{CANARY}-subject"},
}
OURS = {value for credential in CREDENTIALS.values() for name, value in credential.items() if name in ("value", "token", "password", "subject_token")}


@dataclass
class Told:
    """Everything that anybody was told."""

    results: list[Returned] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    states: set[str] = field(default_factory=set)
    tickets: set[str] = field(default_factory=set)
    pages: list[str] = field(default_factory=list)  # which may hold their ticket, and nothing else


def echo(request: web.Request, status: int) -> web.Response:
    """The worst product: it says back what it was sent, in every way."""
    return web.json_response(
        {"message": f"{dict(request.headers)} {request.raw_path} {dict(request.query)}", "all": list(request.headers.values())}, status=status
    )


async def call(stage: Stage, product: Product, connection: Connection) -> list[Returned]:
    """A call as the engine makes it: once more with a new token where the old one was refused."""
    job = work(document({"/things": {"post": {"operationId": "make"}}}), {}, DocumentSettings(base_url=product.url), connection)
    wire = stage.app.state.turns.parts.wire
    first = await attempt(wire, job)
    return [first, await attempt(wire, job, first.stale)] if first.stale else [first]


async def connected(stage: Stage, told: Told, kind: str) -> tuple[str, dict[str, str]]:
    team = await stage.who("team", "chat", "specs")
    addresses = {} if "client_id" not in CREDENTIALS[kind] else {"token_url": f"{stage.authority.url}/token"}
    addresses |= {"authorization_url": f"{stage.authority.url}/authorize"} if kind == "code" else {}
    body = {"spec_id": "sp_1", "credential": {**CREDENTIALS[kind], **addresses}, "shared": True}
    made = await stage.http.post("/v1/connections", json=body, headers=team)
    told.answers.append(made.text)
    connection = str(made.json()["id"])
    if kind == "code":
        for redeeming in (await stage.who("mallory"), team, None):  # None: it stays parked
            url = await stage.address(connection, team)
            page = await stage.back(**await walk(url))
            told.states |= set(parse_qs(urlsplit(url).query)["state"])
            told.tickets.add(ticket_in(page))
            told.pages.append(page.text)
            if redeeming:
                told.answers.append((await stage.redeem(connection, redeeming, page)).text)
    return connection, team


async def lived_through(stage: Stage, product: Product, told: Told, kind: str) -> None:
    """Good calls, every failure, renewals that work, are lost and are refused, and a look at how it stands."""
    connection, team = await connected(stage, told, kind)
    turns = stage.app.state.turns.parts
    loaded = await load_connection(stage.redis, turns.ring, "t", connection, "team")
    for answer in (*(lambda request, status=status: echo(request, status) for status in (200, 400, 401, 403, 409, 429, 500)), drop):
        product.otherwise = answer
        told.results += await call(stage, product, loaded)
    product.otherwise = guarding(stage.authority)
    stage.authority.revoke()
    told.results += await call(stage, product, loaded)
    for broken in (web.Response(status=503, text=SECRET), web.json_response({"error": CANARY, "error_description": SECRET}, status=400)):
        stage.authority.revoke()
        stage.authority.answers.append(broken)
        told.results += await call(stage, product, loaded)
    stage.authority.answers.clear()
    stage.authority.refreshes.clear()
    told.results += await call(stage, product, loaded)
    told.answers.append((await stage.http.get("/v1/connections", headers=team)).text)
    told.answers.append((await stage.http.get(f"/v1/connections/{connection}", headers=team)).text)
    for body in (
        {"credential": CREDENTIALS[kind]},
        {"credential": CREDENTIALS[kind], "scheme": "m"},
        {"credential": {**CREDENTIALS[kind], "more": CANARY}},
    ):
        told.answers.append((await stage.http.put(f"/v1/connections/{connection}/credential", json=body, headers=team)).text)
    told.answers.append((await stage.back(state="x", code=CANARY, iss=CANARY)).text)


@pytest.mark.parametrize("kind", list(CREDENTIALS))
async def test_no_secret_is_in_logs_redis_results_or_answers(stage: Stage, echoing: Product, logs: Callable[[], list[str]], kind: str) -> None:
    told = Told()
    stage.authority.subjects[f"{CANARY}-subject"] = "ann"
    await lived_through(stage, echoing, told, kind)
    secrets = {*OURS, SECRET, CANARY, *stage.authority.secrets, *told.states}
    assert len(told.tickets) == (3 if kind == "code" else 0)
    assert found_in(told.pages, secrets) == []
    secrets |= told.tickets
    assert len(told.results) >= 12
    assert found_in(map(repr, echoing.seen), secrets), "nothing was sent that could be found"
    assert len(logs()) >= 6
    assert found_in(logs(), secrets) == []
    assert found_in(await redis_texts(stage.redis), secrets) == []
    assert found_in(map(repr, told.results), secrets) == []
    assert found_in(told.answers, secrets) == []


@pytest.mark.parametrize("spell", [lambda s: s, lambda s: f'{{"a": "{s}"}}', lambda s: s.encode().hex()])
def test_the_scan_finds_what_it_looks_for(spell: Any) -> None:
    assert found_in([f"before {spell('s3cret value')} after"], ["s3cret value"])


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:"])
def test_the_scan_finds_a_secret_within_base64(before: str) -> None:
    import base64

    for coded in (base64.b64encode, base64.urlsafe_b64encode):
        assert found_in([coded(f"{before}s3cret>?value".encode()).decode()], ["s3cret>?value"])
    assert not found_in(["nothing of it"], ["s3cret>?value"])
    assert all(len(each) > 8 for each in spellings("s3cret>?value"))
