"""What one call comes to, over loopback: outcomes, repeats, tokens, limits."""

import asyncio
import gzip
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from aiohttp import web
from pydantic import SecretStr

from runtime.guard import guarded_session
from tests.tools.product import Product, document, drop, work
from tools.call import Wire
from tools.execute import attempt
from tools.files import File, handle_of
from tools.outcome import retry_after
from tools.reading import execute
from tools.security import ApiKey, Basic, Bearer, ClientCredentials, Connection, save_connection
from tools.settings import DocumentSettings

STRING = {"type": "string"}
BODY = {"content": {"application/json": {"schema": {"type": "object", "properties": {"name": STRING, "password": {**STRING, "writeOnly": True}}}}}}
KEY = {"name": "Idempotency-Key", "in": "header", "schema": STRING}


def reading() -> dict:
    return {"/things": {"get": {"operationId": "list_things"}}}


def changing(**more: object) -> dict:
    return {"/things": {"post": {"operationId": "create_thing", "requestBody": BODY, **more}}}


def at(product: Product, **more: object) -> DocumentSettings:
    return DocumentSettings(base_url=product.url, **more)


def client(product: Product) -> Connection:
    credential = ClientCredentials(client_id="client", client_secret=SecretStr("s3cret-value"), token_url=f"{product.url}/token")
    return Connection(id="cn_1", tenant="t", spec="s", credential=credential)


async def test_a_2xx_is_done_and_its_data_is_read(wire: Wire, product: Product) -> None:
    product.answers.append(web.json_response({"items": [{"id": 1}, {"id": 2}], "total": 2}))
    returned = await execute(wire, work(document(reading()), {}, at(product)))
    assert (returned.outcome, returned.status, returned.rows_path, returned.rows, returned.total) == ("done", 200, "/items", 2, 2)
    assert returned.data == {"items": [{"id": 1}, {"id": 2}], "total": 2}
    assert returned.warnings == ()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, "done") for status in (200, 201, 204)),
        *((status, "rejected") for status in (302, 304, 400, 401, 403, 404, 409, 422)),
        *((status, "not_executed") for status in (425, 429)),
        *((status, "unknown") for status in (500, 502, 503, 504)),
    ],
)
async def test_a_changing_call_has_the_outcome_its_status_says(wire: Wire, product: Product, status: int, outcome: str) -> None:
    product.answers.append(web.Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else {}))
    returned = await attempt(wire, work(document(changing()), {"name": "x"}, at(product)))
    assert (returned.outcome, returned.status) == (outcome, status)
    assert len(product.seen) == 1
    assert (returned.retry_in is not None) == (outcome == "not_executed")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
async def test_a_lost_reply_of_a_changing_call_is_unknown_and_it_is_not_sent_again(wire: Wire, product: Product, method: str) -> None:
    product.answers.append(drop)
    returned = await attempt(wire, work(document({"/things": {method: {}}}), {}, at(product)))
    assert returned.outcome == "unknown"
    assert returned.retry_in is None
    assert len(product.seen) == 1


async def test_a_lost_reply_may_be_repeated_where_the_product_honours_the_key(wire: Wire, product: Product) -> None:
    product.answers += [drop, web.Response(status=503)]
    honouring = work(document(changing(parameters=[KEY])), {"name": "x"}, at(product), key="k1")
    for _ in range(2):
        returned = await attempt(wire, honouring)
        assert returned.outcome == "unknown"
        assert returned.retry_in is not None
    assert [each.headers["idempotency-key"] for each in product.seen] == ["k1", "k1"]


async def test_the_key_is_sent_with_every_change_unless_the_team_alone_says_that_it_is_not_honoured(wire: Wire, product: Product) -> None:
    declared = changing(parameters=[{**KEY, "name": "X-Idempotency-Key"}])
    for paths in (changing(), declared, reading()):
        for honours in (None, True, False):
            await attempt(wire, work(document(paths), {}, at(product, honours_idempotency_key=honours), key="k1"))
    keys = [(each.headers.get("idempotency-key"), each.headers.get("x-idempotency-key")) for each in product.seen]
    assert keys == [("k1", None), ("k1", None), (None, None), (None, "k1"), (None, "k1"), (None, "k1"), *[(None, None)] * 3]


async def test_a_conflict_with_our_own_key_in_flight_is_asked_again(wire: Wire, product: Product) -> None:
    product.answers += [
        web.json_response({"detail": "A request with this idempotency key is in progress."}, status=409, headers={"Retry-After": "1"}),
        web.json_response({"detail": "This name is taken."}, status=409),
    ]
    honouring = work(document(changing(parameters=[KEY])), {"name": "x"}, at(product), key="k1")
    first, second = await attempt(wire, honouring), await attempt(wire, honouring)
    assert (first.outcome, first.retry_in) == ("not_executed", 1.0)
    assert (second.outcome, second.message) == ("rejected", "This name is taken.")


async def test_a_refused_connection_means_not_sent(wire: Wire) -> None:
    returned = await attempt(wire, work(document(changing()), {"name": "x"}, DocumentSettings(base_url="http://127.0.0.1:1")))
    assert returned.outcome == "not_executed"
    assert returned.retry_in is not None


async def test_an_answer_that_does_not_come_in_time_is_unknown(wire: Wire, product: Product) -> None:
    released = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    product.answers.append(slow)
    returned = await attempt(wire, work(document(changing()), {"name": "x"}, at(product)))
    released.set()
    assert returned.outcome == "unknown"
    assert "in time" in returned.message


async def test_a_safe_call_is_repeated_and_a_changing_one_never(wire: Wire, product: Product) -> None:
    product.answers += [drop, web.Response(status=503, headers={"Retry-After": "0"}), web.json_response([1, 2])]
    returned = await execute(wire, work(document(reading()), {}, at(product)))
    assert (returned.outcome, returned.data, len(product.seen)) == ("done", [1, 2], 3)


async def test_a_safe_call_gives_up_within_its_limits(wire: Wire, product: Product) -> None:
    product.otherwise = lambda request: web.Response(status=500)
    returned = await execute(wire, work(document(reading()), {}, at(product)))
    assert (returned.outcome, returned.status, len(product.seen)) == ("not_executed", 500, 3)


async def test_a_long_retry_after_is_told_and_not_waited_for(wire: Wire, product: Product) -> None:
    product.otherwise = lambda request: web.Response(status=429, headers={"Retry-After": "3600"})
    returned = await execute(wire, work(document(reading()), {}, at(product)))
    assert (returned.outcome, returned.retry_in, len(product.seen)) == ("not_executed", 3600.0, 1)


def test_retry_after_has_two_forms() -> None:
    assert retry_after({"retry-after": "7"}) == 7.0
    assert retry_after({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}) == 30.0
    assert retry_after({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:29:00 GMT"}) == 0.0
    assert retry_after({"retry-after": "9" * 400}) == 86_400.0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


async def test_five_calls_at_once_on_an_expired_token_cause_one_refresh(wire: Wire, product: Product) -> None:
    product.guarded = True
    todo = work(document(reading()), {}, at(product), client(product))
    assert (await execute(wire, todo)).outcome == "done"
    product.valid.clear()
    outcomes = [each.outcome for each in await asyncio.gather(*(execute(wire, todo) for _ in range(5)))]
    assert outcomes == ["done"] * 5
    assert product.tokens == 2


async def test_a_changing_call_with_an_expired_token_is_not_executed_and_the_next_attempt_has_a_new_one(wire: Wire, product: Product) -> None:
    product.guarded = True
    todo = work(document(changing()), {"name": "x"}, at(product), client(product))
    await attempt(wire, todo)
    product.valid.clear()
    first = await attempt(wire, todo)
    assert (first.outcome, first.retry_in) == ("not_executed", 0.0)
    assert first.stale
    assert (await attempt(wire, todo, first.stale)).outcome == "done"


async def test_a_token_refused_twice_is_a_refusal(wire: Wire, product: Product) -> None:
    product.otherwise = lambda request: web.json_response({"detail": "not for you"}, status=401)
    returned = await execute(wire, work(document(reading()), {}, at(product), client(product)))
    assert (returned.outcome, returned.sign_in, len(product.seen), product.tokens) == ("rejected", False, 2, 2)
    assert returned.message == "The product does not accept the connection's credentials; the product's team must renew them: not for you"


async def test_a_token_is_refreshed_when_its_known_end_has_come(wire: Wire, product: Product) -> None:
    product.guarded = True
    todo = work(document(reading()), {}, at(product), client(product))
    await execute(wire, todo)
    name = "parlance:{t:connection:cn_1}:token"
    assert 3_590_000 < await wire.redis.pttl(name) < 3_600_000
    await wire.redis.pexpire(name, 0)
    assert (await execute(wire, todo)).outcome == "done"
    assert (product.tokens, len(product.seen)) == (2, 2)


async def test_no_token_and_no_secret_is_readable_in_redis(wire: Wire, product: Product) -> None:
    product.guarded = True
    await save_connection(wire.redis, wire.ring, client(product))
    await execute(wire, work(document(reading()), {}, at(product), client(product)))
    values = []
    for name in await wire.redis.keys("*"):
        kind = await wire.redis.type(name)
        values.append(await wire.redis.get(name) if kind == b"string" else str(await wire.redis.hgetall(name)).encode())
        assert await wire.redis.ttl(name) > 0
    assert len(values) == 4
    assert not any(secret in value for value in values for secret in (b"token-1", b"s3cret-value"))


OTHER_PROCESS = """
import asyncio, sys
sys.path.insert(0, ".")
from runtime.guard import guarded_session
from runtime.redis import connect
from runtime.secrets import KeyRing
from tests.tools.product import document, work
from tests.tools.test_execute import at, client, reading
from tests.tools.product import Product
from tools.call import Wire
from tools.reading import execute

async def main(redis_url, secret, product_url):
    redis, product = connect(redis_url), Product(url=product_url)
    todo = work(document(reading()), {}, at(product), client(product))
    async with guarded_session(allow_private=True) as http:
        wire = Wire(http, redis, KeyRing.of([secret]))
        print("ready", flush=True)
        sys.stdin.readline()
        print(*[each.outcome for each in await asyncio.gather(*(execute(wire, todo) for _ in range(5)))], flush=True)
    await redis.aclose()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_five_calls_in_each_of_two_processes_cause_one_refresh(redis, redis_url: str, product: Product) -> None:
    from runtime.secrets import KeyRing, new_key

    secret = new_key()
    product.guarded = True
    async with guarded_session(allow_private=True) as http:
        await execute(Wire(http, redis, KeyRing.of([secret])), work(document(reading()), {}, at(product), client(product)))
    product.valid.clear()
    root = Path(__file__).parents[2]
    start = [sys.executable, "-c", OTHER_PROCESS, redis_url, secret, product.url]
    both = [await asyncio.create_subprocess_exec(*start, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    for each in both:
        assert await each.stdout.readline() == b"ready\n"
    for each in both:
        each.stdin.write(b"go\n")
    assert [(await each.communicate())[0] for each in both] == [b"done done done done done\n"] * 2
    assert product.tokens == 2


async def test_wrong_client_credentials_end_the_call_before_it_is_sent(wire: Wire, product: Product) -> None:
    wrong = client(product).model_copy(
        update={"credential": ClientCredentials(client_id="client", client_secret=SecretStr("no"), token_url=f"{product.url}/token")}
    )
    returned = await attempt(wire, work(document(changing()), {"name": "x"}, at(product), wrong))
    assert (returned.outcome, product.seen) == ("rejected", [])
    assert "401" in returned.message


@pytest.mark.parametrize(
    ("credential", "expected"),
    [
        (Bearer(token=SecretStr("abc")), ("", "", "")),  # of another kind than the document wants
        (Basic(username="me", password=SecretStr("pw")), ("", "", "")),
        (ApiKey(value=SecretStr("k&1")), ("x-product-key", "k&1", "")),
        # The document's name and place win over those that come with the credential.
        (ApiKey(value=SecretStr("k&1"), name="key", location="query"), ("x-product-key", "k&1", "")),
        (ApiKey(value=SecretStr("k1"), name="X-Other"), ("x-product-key", "k1", "")),
    ],
)
async def test_credentials_go_where_the_document_says(wire: Wire, product: Product, credential: object, expected: tuple) -> None:
    scheme = {"components": {"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "X-Product-Key"}}}}
    compiled = document({"/things": {"get": {"security": [{"k": []}]}}}, **scheme)
    connection = Connection(id="c", tenant="t", spec="s", credential=credential)
    await attempt(wire, work(compiled, {}, at(product), connection))
    name, value, query = expected
    assert product.seen[0].target == f"/things{query}"
    assert not name or product.seen[0].headers[name] == value
    assert "authorization" not in product.seen[0].headers


@pytest.mark.parametrize(
    ("credential", "expected"),
    [
        (ApiKey(value=SecretStr("k1"), name="X-Own-Key"), ("x-own-key", "k1", "")),
        (ApiKey(value=SecretStr("k1"), name="Authorization"), ("authorization", "k1", "")),
        (ApiKey(value=SecretStr("k&1"), name="my key", location="query"), ("", "", "?my%20key=k%261")),
        (ApiKey(value=SecretStr("k1"), name="sid", location="cookie"), ("cookie", "sid=k1", "")),
    ],
)
async def test_credentials_go_where_the_connection_says_when_no_document_does(
    wire: Wire, product: Product, credential: ApiKey, expected: tuple
) -> None:
    await attempt(wire, work(document(reading()), {}, at(product), Connection(id="c", tenant="t", spec="s", credential=credential)))
    name, value, query = expected
    assert product.seen[0].target == f"/things{query}"
    assert not name or product.seen[0].headers[name] == value


@pytest.mark.parametrize("name", ["X Key", "Host", "Transfer-Encoding", "Content-Length", "Forwarded"])
async def test_a_header_that_no_credential_can_go_into_is_refused_though_the_document_names_it(wire: Wire, product: Product, name: str) -> None:
    compiled = document(
        {"/things": {"get": {"security": [{"k": []}]}}}, components={"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": name}}}
    )
    connection = Connection(id="c", tenant="t", spec="s", credential=ApiKey(value=SecretStr("k1")))
    returned = await attempt(wire, work(compiled, {}, at(product), connection))
    if name == "Forwarded":  # who writes the document may want it so
        assert product.seen[0].headers["forwarded"] == "k1"
    else:
        assert (returned.outcome, product.seen, "cannot go" in returned.message) == ("rejected", [], True)


@pytest.mark.parametrize(("location", "name"), [("query", "id"), ("header", "x-TENANT"), ("cookie", "region")])
@pytest.mark.parametrize("whose", ["customer", "passed", "team"])
async def test_a_customers_credential_takes_no_arguments_place(wire: Wire, product: Product, location: str, name: str, whose: str) -> None:
    """Else what was approved, or what the team set, would be replaced by whoever names the credential."""
    places = {"id": "query", "X-Tenant": "header", "region": "cookie"}
    parameters = [{"name": each, "in": place, "schema": {"type": "string"}} for each, place in places.items()]
    compiled = document({"/things": {"get": {"parameters": parameters}}})
    credential = ApiKey(value=SecretStr("k1"), name=name, location=location)
    more = {"customer": {"user": "ann"}, "passed": {"passed": True}, "team": {}}[whose]
    connection = Connection(id="c", tenant="t", spec="s", credential=credential, **more)
    asked = work(compiled, {}, at(product), connection)
    returned = await attempt(wire, replace(asked, arguments={each.name: "5" for each in asked.definition.fields}))
    assert (returned.outcome, len(product.seen)) == (("done", 1) if whose == "team" else ("rejected", 0))


async def test_field_errors_come_by_argument_name(wire: Wire, product: Product) -> None:
    product.answers.append(web.json_response({"title": "Invalid", "errors": [{"pointer": "/name", "detail": "Letters only."}]}, status=422))
    returned = await attempt(wire, work(document(changing()), {"name": "x!"}, at(product)))
    assert (returned.outcome, returned.errors) == ("rejected", {"name": "Letters only."})


async def test_secrets_leave_in_the_request_and_never_come_back(wire: Wire, product: Product) -> None:
    handle = "secret:abcdef12"
    product.answers.append(web.json_response({"id": 1, "password": "hunter22", "note": "your password hunter22 is weak"}))
    sending = work(document(changing()), {"name": "x", "password": handle}, at(product), secrets={handle: "hunter22"})
    returned = await attempt(wire, sending)
    assert orjson.loads(product.seen[0].body) == {"name": "x", "password": "hunter22"}
    assert returned.data == {"id": 1, "password": "••••••••", "note": "your password •••••••• is weak"}


async def test_a_secret_that_is_no_longer_kept_is_not_sent_as_its_mask(wire: Wire, product: Product) -> None:
    returned = await attempt(wire, work(document(changing()), {"name": "x", "password": "secret:gone1234"}, at(product)))
    assert (returned.outcome, product.seen) == ("rejected", [])


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (b"[" + b"1," * 200_000 + b"1]", {}, "too large"),
        (gzip.compress(b"[" + b"1," * 5_000_000 + b"1]"), {"Content-Encoding": "gzip"}, "too large"),
        (b"{not json", {}, "not valid JSON"),
        (b"[" * 500 + b"]" * 500, {}, "too deeply"),
        (b"[" * 50_000 + b"]" * 50_000, {}, "not valid JSON"),
        (b"xx", {"Content-Encoding": "br"}, "packed as br"),
        (b"xx", {"Content-Encoding": "gzip"}, "cannot be unpacked"),
    ],
)
async def test_a_2xx_with_an_unreadable_body_is_still_done(wire: Wire, product: Product, body: bytes, headers: dict, why: str) -> None:
    product.answers.append(web.Response(body=body, headers={"Content-Type": "application/json", **headers}))
    returned = await attempt(wire, work(document(changing()), {"name": "x"}, at(product)))
    assert (returned.outcome, returned.data) == ("done", None)
    assert why in returned.warnings[0]


async def test_a_body_that_breaks_off_is_still_done(wire: Wire, product: Product) -> None:
    async def breaking(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"id": 1')
        request.transport.abort()
        return response

    product.answers.append(breaking)
    returned = await attempt(wire, work(document(changing()), {"name": "x"}, at(product)))
    assert returned.outcome == "done"
    assert "broke off" in returned.warnings[0]


async def test_a_packed_answer_within_the_limits_is_read(wire: Wire, product: Product) -> None:
    product.answers.append(web.Response(body=gzip.compress(b'{"id": 7}'), headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}))
    assert (await execute(wire, work(document(reading()), {}, at(product)))).data == {"id": 7}


async def test_a_redirect_is_not_followed(wire: Wire, product: Product) -> None:
    product.answers.append(web.Response(status=307, headers={"Location": f"{product.url}/other"}))
    returned = await execute(wire, work(document(reading()), {}, at(product)))
    assert (returned.outcome, product.targets) == ("rejected", ["/things"])


async def test_an_address_that_is_not_public_is_refused_without_a_connection(redis, ring, product: Product) -> None:
    async with guarded_session() as http:
        returned = await attempt(Wire(http, redis, ring), work(document(changing()), {"name": "x"}, at(product)))
        assert (returned.outcome, product.seen) == ("rejected", [])
        assert "is no public address. The product team sets" in returned.message
        allowed = await attempt(Wire(http, redis, ring), work(document(changing()), {"name": "x"}, at(product, hosts=("127.0.0.1",))))
        assert allowed.outcome == "done"


async def test_without_a_base_url_nothing_is_sent(wire: Wire) -> None:
    returned = await attempt(wire, work(document(changing()), {"name": "x"}, DocumentSettings()))
    assert returned.outcome == "rejected"
    assert "base URL" in returned.message


async def test_an_operation_whose_body_cannot_be_built_is_refused_in_words(wire: Wire, product: Product) -> None:
    form = {"required": True, "content": {"multipart/form-data": {"schema": STRING}}}
    returned = await attempt(wire, work(document({"/files": {"post": {"requestBody": form}}}), {}, at(product)))
    assert (returned.outcome, product.seen) == ("rejected", [])
    assert "multipart/form-data" in returned.message


async def test_a_file_is_sent_and_one_that_is_no_longer_kept_is_not(wire: Wire, product: Product) -> None:
    content = {"multipart/form-data": {"schema": {"type": "object", "properties": {"photo": {"type": "string", "format": "binary"}}}}}
    photo = File("me.png", "image/png", b"\x89PNG\0")
    call = work(document({"/files": {"post": {"requestBody": {"content": content}}}}), {"photo": handle_of(photo)}, at(product))
    gone = await attempt(wire, call)
    assert (gone.outcome, product.seen) == ("rejected", [])
    assert "attached again" in gone.message
    assert (await attempt(wire, replace(call, files={handle_of(photo): photo}))).outcome == "done"
    assert product.seen[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'filename="me.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\0\r\n' in product.seen[0].body


async def test_a_token_that_cannot_be_opened_is_fetched_anew(wire: Wire, product: Product) -> None:
    product.guarded = True
    await wire.redis.set("parlance:{t:connection:cn_1}:token", b"sealed with a key that is gone")
    assert (await execute(wire, work(document(reading()), {}, at(product), client(product)))).outcome == "done"


async def test_a_request_that_was_not_ready_in_time_does_not_leave(wire: Wire, product: Product) -> None:
    late = replace(work(document({"/users": {"get": {"operationId": "list_users"}}}), {}, DocumentSettings(base_url=product.url)), leaves_by=0.0)
    returned = await attempt(wire, late)
    assert (returned.outcome, returned.retry_in, product.seen) == ("not_executed", 0.0, [])


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[DocumentSettings]:
    """A product that answers with just these bytes."""

    async def on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(on, "127.0.0.1", 0) as server:
        yield DocumentSettings(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (b"X-Total-Count: \xc2\xb2\r\nContent-Type: application/json", b"[]"),
        (b"X-Total-Count: " + b"9" * 5000, b"[]"),
        (b"Content-Type: application/json\xff", b"[]"),
        (b"Content-Type: text/plain; charset=\xff", b"x"),
        (b"Content-Type: text/plain; charset*" + b"9" * 5000 + b"*=x", b"x"),
        (b"Content-Type: text/plain; charset=unicode_escape", rb"\ud800"),
        (b"Content-Type: text/plain; charset=utf-7", b"+2AA-"),
        (b"Content-Encoding: \xff\xc2\xb2", b"x"),
        (b"Retry-After: \xc2\xb2\r\nDate: \xff", b""),
    ],
)
async def test_a_2xx_is_done_and_can_be_stored_whatever_its_headers_hold(wire: Wire, headers: bytes, body: bytes) -> None:
    raw = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n%s\r\n\r\n%s" % (len(body), headers, body)
    async with answering(raw) as settings:
        returned = await attempt(wire, work(document(changing()), {"name": "x"}, settings))
    assert (returned.outcome, returned.status) == ("done", 201)
    orjson.dumps([returned.data, returned.media_type, returned.message, returned.warnings])  # refuses what is no text


@pytest.mark.parametrize("after", [b"\xc2\xb2", b"-1", b"9" * 5000, b"\xff"])
async def test_a_strange_retry_after_is_none(wire: Wire, after: bytes) -> None:
    async with answering(b"HTTP/1.1 429 Busy\r\nContent-Length: 0\r\nRetry-After: %s\r\n\r\n" % after) as settings:
        returned = await attempt(wire, work(document(changing()), {"name": "x"}, settings))
    assert (returned.outcome, returned.status) == ("not_executed", 429)
