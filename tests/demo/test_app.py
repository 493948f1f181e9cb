"""The example product over real HTTP: it does what its document says, with the habits of real products."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import jsonschema  # type: ignore[import-untyped]  # comes with openapi-spec-validator, without types
import pytest
from aiohttp import web
from openapi_spec_validator import validate

from demo.app import PRODUCT, create_app
from demo.contract import document, operations
from demo.product import HANDLERS, Fault, Limits, Product
from demo.seed import Seed
from demo.serve import serve
from demo.tokens import CLIENT_ID, CLIENT_SECRET

NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any


class Client:
    """Asks the product; every answer is held against the document."""

    def __init__(self, http: aiohttp.ClientSession, product: Product, clock: Clock) -> None:
        self.http, self.product, self.clock, self.token = http, product, clock, ""

    async def sign_in(self, **form: str) -> Answer:
        asked = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **form}
        async with self.http.post("/oauth/token", data=asked) as response:
            answer = Answer(response.status, await response.json(), response.headers)
        self.token = answer.body.get("access_token", "")
        return answer

    async def ask(
        self, operation_id: str, path: dict[str, str] | None = None, *, key: str | None = None, body: Any = None, query: dict[str, str] | None = None
    ) -> Answer:
        operation = next(known for known in operations() if known.id == operation_id)
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        url = operation.path.format(**(path or {}))
        async with self.http.request(operation.method, url, headers=headers, json=body, params=query or {}) as response:
            answer = Answer(response.status, await response.json() if response.content_length else None, response.headers)
        assert_declared(operation.method, operation.path, answer)
        return answer

    async def every(self, operation_id: str, **query: str) -> list[Any]:
        items: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await self.ask(operation_id, query={**query, **cursor})).body
            items += page["items"]
            if page["next_cursor"] is None:
                assert len(items) == page["total"]
                return items
            cursor = {"cursor": page["next_cursor"]}


def assert_declared(method: str, path: str, answer: Answer) -> None:
    """The status is declared for the operation, and the body is what the document says for it."""
    responses = document()["paths"][path][method.lower()]["responses"]
    assert str(answer.status) in responses, f"{method} {path} answered {answer.status}: {answer.body}"
    declared = responses[str(answer.status)]
    if "$ref" in declared:
        declared = document()["components"]["responses"][declared["$ref"].rpartition("/")[2]]
    if "content" not in declared:
        assert answer.body is None
        return
    schema = {**declared["content"]["application/json"]["schema"], "components": document()["components"]}
    jsonschema.validate(answer.body, schema, jsonschema.Draft202012Validator, format_checker=jsonschema.FormatChecker())


async def connected(app: web.Application, clock: Clock) -> AsyncIterator[Client]:
    async with serve(app) as url, aiohttp.ClientSession(url) as http:
        client = Client(http, app[PRODUCT], clock)
        await client.sign_in()
        yield client


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    clock = Clock()
    async for found in connected(create_app(clock=clock, limits=Limits(report_seconds=0)), clock):
        yield found


def test_the_document_is_valid() -> None:
    validate(document())


def test_the_document_and_the_product_have_the_same_operations() -> None:
    described = {operation.id for operation in operations()}
    assert described == set(HANDLERS)
    beside = {"/oauth/token", "/openapi.yaml", "/openapi.json"}
    routed = {(route.method, resource.canonical) for resource in create_app().router.resources() for route in resource}
    assert {(method, path) for method, path in routed if path not in beside} == {(operation.method, operation.path) for operation in operations()}


def test_every_operation_says_what_it_does_and_every_post_takes_a_key() -> None:
    for operation in operations():
        described = document()["paths"][operation.path][operation.method.lower()]
        assert described["summary"]
        assert described["tags"]
        assert described["description"].endswith(".")
        assert operation.takes_key == (operation.method == "POST")


async def test_every_operation_answers_as_the_document_says(client: Client) -> None:
    done = [
        await client.ask("listUsers", query={"search": "moreno", "role": "user", "department": "finance", "status": "active"}),
        await client.ask("createUser", body={"username": "user2", "password": PASSWORD, "role": "auditor"}),
        await client.ask("getUser", {"username": "user2"}),
        await client.ask("updateUser", {"username": "user2"}, body={"department": "Sales", "email": "u2@example.com"}),
        await client.ask("lockUser", {"username": "user2"}),
        await client.ask("unlockUser", {"username": "user2"}),
        await client.ask("setUserPassword", {"username": "user2"}, body={"password": PASSWORD}),
        await client.ask("listGroups", query={"name": "night"}),
        await client.ask("createGroup", body={"name": "Late Shift", "description": "After ten"}),
        await client.ask("getGroup", {"group_id": "grp_109"}),
        await client.ask("updateGroup", {"group_id": "grp_109"}, body={"name": "Later Shift"}),
        await client.ask("addGroupMember", {"group_id": "grp_109"}, body={"username": "user2"}),
        await client.ask("listGroupMembers", {"group_id": "grp_109"}),
        await client.ask("listUserGroups", {"username": "user2"}),
        await client.ask("removeGroupMember", {"group_id": "grp_109", "username": "user2"}),
        await client.ask("deleteGroup", {"group_id": "grp_109"}),
        await client.ask("listSafes", query={"owner": "abello", "name": "data"}),
        await client.ask("createSafe", body={"name": "New Safe", "owner": "user2"}),
        await client.ask("getSafe", {"safe_id": "safe_18"}),
        await client.ask("updateSafe", {"safe_id": "safe_18"}, body={"retention_days": 30, "owner": "user1"}),
        await client.ask("listAccounts", query={"safe_id": "safe_11", "platform": "database", "search": "dba"}),
        await client.ask("createAccount", body={
            "safe_id": "safe_18", "name": "x1", "platform": "linux", "address": "x.example.com", "login": "root", "secret": "s"}),
        await client.ask("getAccount", {"account_id": "acc_331"}),
        await client.ask("updateAccount", {"account_id": "acc_331"}, body={"safe_id": "safe_12"}),
        await client.ask("rotateAccountSecret", {"account_id": "acc_331"}),
        await client.ask("deleteAccount", {"account_id": "acc_331"}),
        await client.ask("deleteSafe", {"safe_id": "safe_18"}),
        await client.ask("deleteUser", {"username": "user2"}),
        await client.ask("listSessions", query={"status": "active"}),
        await client.ask("getSession", {"session_id": "ses_5060"}),
        await client.ask("endSession", {"session_id": "ses_5060"}),
        await client.ask("listAuditLogs", query={"outcome": "failure", "action": "user.signed_in"}),
        await client.ask("getAuditLog", {"entry_id": "aud_100001"}),
        await client.ask("getAuditReport", query={"from": "2026-07-14T00:00:00Z", "to": "2026-07-15T00:00:00Z"}),
    ]  # fmt: skip
    assert all(answer.status < 300 for answer in done)
    assert {operation for operation, _ in client.product.seen} == set(HANDLERS)
    assert [change.operation for change in client.product.ledger][:2] == ["createUser", "updateUser"]


async def test_what_is_not_there_is_not_found(client: Client) -> None:
    nothing = {"username": "nobody", "group_id": "grp_9", "safe_id": "safe_9", "account_id": "acc_9", "session_id": "ses_9", "entry_id": "aud_9"}
    wished = {"setUserPassword": {"password": PASSWORD}, "addGroupMember": {"username": "user1"}, "updateSafe": {"retention_days": 1}}
    for operation in operations():
        if "{" in operation.path:
            answer = await client.ask(
                operation.id, nothing, body=wished.get(operation.id, {"description": "plain"} if operation.method == "PATCH" else None)
            )
            assert answer.status in (404, 422), operation.id
    assert not client.product.ledger


async def test_a_description_may_hold_letters_digits_and_spaces_only(client: Client) -> None:
    answer = await client.ask("createUser", body={"username": "user9", "password": PASSWORD, "description": "This is an admin user!"})
    assert answer.status == 422
    assert answer.body["code"] == "validation_failed"
    assert answer.body["errors"] == [{"field": "description", "message": "may hold letters, digits and spaces only"}]
    assert (await client.ask("createUser", body={"username": "user9", "password": PASSWORD, "description": "This is an admin user"})).status == 201


async def test_a_refused_secret_is_not_repeated(client: Client) -> None:
    answer = await client.ask("createUser", body={"username": "user9", "password": "hunter2", "nickname": "x", "email": "no"})
    assert {error["field"] for error in answer.body["errors"]} == {"password", "nickname", "email"}
    assert "hunter2" not in str(answer.body)


async def test_passwords_are_in_no_answer(client: Client) -> None:
    answer = await client.ask("createUser", body={"username": "user9", "password": PASSWORD})
    assert PASSWORD not in str(answer.body)
    assert client.product.ledger[-1].body["password"] == PASSWORD


async def test_a_user_that_exists_is_a_conflict() -> None:
    clock = Clock()
    async for client in connected(create_app(clock=clock), clock):
        assert (await client.ask("createUser", body={"username": "user1", "password": PASSWORD})).status == 409
    async for client in connected(create_app(clock=clock, seed=Seed(without=("user1",))), clock):
        assert (await client.ask("getUser", {"username": "user1"})).status == 404
        assert (await client.ask("createUser", body={"username": "user1", "password": PASSWORD})).status == 201


async def test_user1_can_be_copied(client: Client) -> None:
    record = (await client.ask("getUser", {"username": "user1"})).body
    copied = {name: record[name] for name in ("first_name", "last_name", "email", "phone", "role", "department", "job_title", "description")}
    assert (await client.ask("createUser", body={**copied, "username": "user2", "password": PASSWORD})).status == 201


async def test_a_token_expires_and_says_so(client: Client) -> None:
    client.clock.now += timedelta(seconds=60)
    answer = await client.ask("getUser", {"username": "user1"})
    assert (answer.status, answer.body) == (401, {"code": "token_expired", "message": "token expired"})
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    await client.sign_in()
    assert (await client.ask("getUser", {"username": "user1"})).status == 200
    assert client.product.tokens.granted == 2


async def test_tokens_are_given_to_the_client_only(client: Client) -> None:
    assert (await client.sign_in(client_secret="wrong")).status == 401
    assert (await client.sign_in(grant_type="password")).body == {"error": "unsupported_grant_type"}
    assert (await client.sign_in(scope="identity:all")).body == {"error": "invalid_scope"}
    assert (await client.ask("listUsers")).body["code"] == "token_missing"
    basic = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    async with client.http.post("/oauth/token", data={"grant_type": "client_credentials"}, headers={"Authorization": basic}) as response:
        assert response.status == 200


async def test_a_token_to_read_does_not_write(client: Client) -> None:
    await client.sign_in(scope="identity:read")
    assert (await client.ask("listUsers")).status == 200
    assert (await client.ask("lockUser", {"username": "user1"})).status == 403


async def test_the_audit_log_of_yesterday_has_several_pages(client: Client) -> None:
    yesterday = {"from": "2026-07-14T00:00:00+02:00", "to": "2026-07-15T00:00:00+02:00"}
    entries = await client.every("listAuditLogs", **yesterday)
    assert len(entries) > 60
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert all("2026-07-13T22:00:00Z" <= entry["at"] < "2026-07-14T22:00:00Z" for entry in entries)
    assert entries == sorted(entries, key=lambda entry: entry["at"], reverse=True)
    report = (await client.ask("getAuditReport", query=yesterday)).body
    assert report["total"] == len(entries) == sum(line["count"] for line in report["by_actor"])
    assert len(await client.every("listAuditLogs")) == 400


async def test_every_list_can_be_read_to_its_end(client: Client) -> None:
    for operation in ("listUsers", "listGroups", "listSafes", "listAccounts", "listSessions"):
        items = await client.every(operation, limit="7")
        assert items == await client.every(operation, limit="100")


@pytest.mark.parametrize(("query", "field"), [
    ({"cursor": "nonsense"}, "cursor"), ({"cursor": "WzFd"}, "cursor"), ({"limit": "0"}, "limit"), ({"limit": "many"}, "limit"),
    ({"colour": "red"}, "colour"), ({"from": "yesterday"}, "from"), ({"outcome": "maybe"}, "outcome"),
    ({"from": "2026-07-15T00:00:00Z", "to": "2026-07-14T00:00:00Z"}, "to"),
])  # fmt: skip
async def test_a_query_that_cannot_be_used_names_the_parameter(client: Client, query: dict[str, str], field: str) -> None:
    answer = await client.ask("listAuditLogs", query=query)
    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
async def test_a_body_that_is_not_json_is_malformed(client: Client, body: bytes) -> None:
    async with client.http.post("/users", data=body, headers={"Authorization": f"Bearer {client.token}"}) as response:
        assert (response.status, (await response.json())["code"]) == (400, "malformed_body")


async def test_the_same_key_is_carried_out_once(client: Client) -> None:
    body = {"username": "user2", "password": PASSWORD}
    first = await client.ask("createUser", key="key-00000001", body=body)
    again = await client.ask("createUser", key="key-00000001", body=body)
    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert [(change.operation, change.key) for change in client.product.ledger] == [("createUser", "key-00000001")]
    other = await client.ask("createUser", key="key-00000001", body={**body, "username": "user3"})
    assert (other.status, other.body["code"]) == (422, "key_reused")


async def test_a_key_in_flight_is_a_conflict(client: Client) -> None:
    fault = Fault("hold", "createUser")
    client.product.faults.append(fault)
    body = {"username": "user2", "password": PASSWORD}
    first = asyncio.create_task(client.ask("createUser", key="key-00000001", body=body))
    await fault.reached.wait()
    meanwhile = await client.ask("createUser", key="key-00000001", body=body)
    assert (meanwhile.status, meanwhile.body["code"]) == (409, "key_in_flight")
    fault.release.set()
    assert (await first).status == 201


async def test_an_answer_that_was_lost_is_given_again_for_the_key(client: Client) -> None:
    client.product.faults.append(Fault("lose", "createUser"))
    body = {"username": "user2", "password": PASSWORD}
    with pytest.raises(aiohttp.ClientError):
        await client.ask("createUser", key="key-00000001", body=body)
    assert (await client.ask("createUser", key="key-00000001", body=body)).status == 201
    assert len(client.product.ledger) == 1


async def test_a_refused_request_leaves_its_key_free(client: Client) -> None:
    assert (await client.ask("createUser", key="key-00000001", body={"username": "user1", "password": PASSWORD})).status == 409
    assert (await client.ask("deleteUser", {"username": "user1"})).status == 204
    assert (await client.ask("createUser", key="key-00000001", body={"username": "user1", "password": PASSWORD})).status == 201


async def test_too_many_requests_are_told_when_to_come_back() -> None:
    clock = Clock()
    async for client in connected(create_app(clock=clock, limits=Limits(per_minute=2)), clock):
        assert [(await client.ask("listGroups")).status for _ in range(2)] == [200, 200]
        clock.now += timedelta(seconds=15)
        answer = await client.ask("listGroups")
        assert (answer.status, answer.headers["Retry-After"]) == (429, "45")
        clock.now += timedelta(seconds=45)
        await client.sign_in()
        assert (await client.ask("listGroups")).status == 200


async def test_a_test_can_have_the_next_request_refused(client: Client) -> None:
    client.product.faults.append(Fault("refuse", "listGroups", retry_after=0))
    assert (await client.ask("listUsers")).status == 200
    assert (await client.ask("listGroups")).headers["Retry-After"] == "0"
    assert (await client.ask("listGroups")).status == 200


async def test_what_holds_something_is_not_deleted(client: Client) -> None:
    assert (await client.ask("deleteSafe", {"safe_id": "safe_11"})).body["code"] == "not_empty"
    assert (await client.ask("deleteUser", {"username": "abello"})).body["code"] == "owns_safe"
    assert (await client.ask("unlockUser", {"username": "user1"})).body["code"] == "wrong_state"


async def test_a_locked_user_is_signed_out(client: Client) -> None:
    session = (await client.ask("listSessions", query={"status": "active"})).body["items"][0]
    await client.ask("lockUser", {"username": session["username"]})
    assert (await client.ask("listSessions", query={"username": session["username"], "status": "active"})).body["total"] == 0
    assert (await client.ask("listAuditLogs", query={"limit": "1"})).body["items"][0]["action"] == "user.locked"


async def test_the_document_is_served_with_its_own_address(client: Client) -> None:
    async with client.http.get("/openapi.json") as response:
        served = await response.json()
    assert served["servers"] == [{"url": str(response.url.origin())}]
    async with client.http.get("/openapi.yaml") as response:
        assert (await response.text()).startswith("openapi: 3.1.0")
    async with client.http.get("/nothing") as response:
        assert (response.status, (await response.json())["code"]) == (404, "not_found")


async def test_a_file_keeps_what_was_changed(tmp_path: Any) -> None:
    path, clock = str(tmp_path / "product.db"), Clock()
    async for client in connected(create_app(path, clock=clock), clock):
        await client.ask("createUser", key="key-00000001", body={"username": "user2", "password": PASSWORD})
    async for client in connected(create_app(path, clock=clock), clock):
        assert (await client.ask("getUser", {"username": "user2"})).status == 200
        assert (await client.ask("createUser", key="key-00000001", body={"username": "user2", "password": PASSWORD})).status == 201
        assert not client.product.ledger
