"""What counts as what (turn-protocol.md), case by case over real sockets: of a safe call, a change, and a change whose key the product honours."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest
from aiohttp import web
from redis.asyncio import Redis

from runtime.guard import Answer, Limits, guarded_session
from runtime.secrets import KeyRing
from tests.raw import OK, Nowhere, Silent, Writes, bytes_of, for_ever, nothing, server, taking_none
from tests.tools.product import Product, document, work
from tools.call import Repeats, Returned, Wire, Work
from tools.credentials import Credentials
from tools.execute import attempt
from tools.outcome import NOT_MODIFIED, pause_in, understood
from tools.reading import execute
from tools.schema import definition
from tools.settings import DocumentSettings

STRING = {"type": "string"}
BODY = {"content": {"application/json": {"schema": {"type": "object", "properties": {"name": STRING}}}}}
KINDS = ("safe", "changing", "keyed")


def call_of(kind: str, base_url: str, name: str = "x") -> Work:
    operation: dict[str, Any] = {"operationId": "things"} if kind == "safe" else {"operationId": "make", "requestBody": BODY}
    settings = DocumentSettings(base_url=base_url, honours_idempotency_key=True if kind == "keyed" else None)
    arguments = {} if kind == "safe" else {"name": name}
    return work(document({"/things": {"get" if kind == "safe" else "post": operation}}), arguments, settings, key=None if kind == "safe" else "k1")


@pytest.fixture
async def short(redis: Redis, ring: KeyRing) -> AsyncIterator[Wire]:
    async with guarded_session(allow_private=True) as http:
        yield Wire(http, redis, ring, Limits(seconds=0.6, connect=0.3, bytes=100_000), Repeats(wait=0.5))


def told(returned: Returned) -> str:
    """The outcome, and whether another attempt may be made."""
    return f"{returned.outcome}{', again' if returned.retry_in is not None else ''}"


NOT_SENT = ("not_executed, again",) * 3
UNSURE = ("not_executed, again", "unknown", "unknown, again")
DONE, REJECTED, LATER = ("done",) * 3, ("rejected",) * 3, ("not_executed, again",) * 3


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refused_connection_is_not_sent(short: Wire, kind: str) -> None:
    assert told(await attempt(short, call_of(kind, "http://127.0.0.1:1"))) == NOT_SENT[KINDS.index(kind)]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_connection_that_does_not_come_about_is_not_sent(short: Wire, kind: str) -> None:
    with taking_none() as url:
        assert told(await attempt(short, call_of(kind, url))) == NOT_SENT[KINDS.index(kind)]
    async with server(nothing) as url:  # the handshake does not end
        assert told(await attempt(short, call_of(kind, url.replace("http://", "https://")))) == NOT_SENT[KINDS.index(kind)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("resolver", [Nowhere, Silent])
async def test_a_name_without_an_address_is_not_sent(redis: Redis, ring: KeyRing, kind: str, resolver: type[Nowhere]) -> None:
    async with guarded_session(resolver=resolver) as http:
        wire = Wire(http, redis, ring, Limits(seconds=0.4, connect=0.2))
        assert told(await attempt(wire, call_of(kind, "https://api.example.test"))) == NOT_SENT[KINDS.index(kind)]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_address_that_may_not_be_called_is_rejected_for_good(redis: Redis, ring: KeyRing, kind: str) -> None:
    async with guarded_session() as http:
        returned = await attempt(Wire(http, redis, ring), call_of(kind, "https://169.254.169.254"))
    assert told(returned) == "rejected"
    assert returned.message.startswith("This address may not be called: 169.254.169.254 is no public address.")


async def broken_off(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def ending(raw: bytes) -> Writes:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()  # else what was written would be thrown away
        await writer.wait_closed()

    return write


JSON = b"Content-Type: application/json\r\n"
ON_THE_WIRE: dict[str, tuple[Writes, tuple[str, str, str]]] = {
    "no answer in time": (nothing, UNSURE),
    "reset": (broken_off, UNSURE),
    "closed without a word": (ending(b""), UNSURE),
    "a truncated status line": (ending(b"HTTP/1.1 20"), UNSURE),
    "a truncated head": (ending(OK + JSON), UNSURE),
    "a head that drips": (for_ever(OK, b"X", 0.02), UNSURE),
    "no HTTP at all": (ending(b"220 mail.example ESMTP\r\n\r\n"), UNSURE),
    "a flood of headers": (bytes_of(OK + b"".join(b"X-%d: y\r\n" % n for n in range(5_000)) + b"\r\n"), UNSURE),
    "a body that drips": (for_ever(OK + JSON + b"Content-Length: 9999\r\n\r\n[", b"1,", 0.02), DONE),
    "a truncated body": (ending(OK + JSON + b'Content-Length: 99\r\n\r\n{"id": 1'), DONE),
    "a truncated chunk": (ending(OK + JSON + b'Transfer-Encoding: chunked\r\n\r\n63\r\n{"id": 1'), DONE),
    "a body that is too large": (for_ever(OK + JSON + b"\r\n[", b"1," * 10_000), DONE),
    "a body that is no JSON": (ending(OK + JSON + b"Content-Length: 4\r\n\r\n{not"), DONE),
    "a body that cannot be unpacked": (ending(OK + JSON + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"), DONE),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", ON_THE_WIRE)
async def test_what_happens_on_the_wire_has_its_outcome(short: Wire, case: str, kind: str) -> None:
    write, expected = ON_THE_WIRE[case]
    async with server(write) as url:
        returned = await attempt(short, call_of(kind, url))
    assert told(returned) == expected[KINDS.index(kind)]
    if expected is DONE:
        assert (returned.status, returned.data) == (200, None)
        assert returned.warnings[0].startswith("Done, but the answer could not be read: ")


@pytest.mark.parametrize("kind", ["changing", "keyed"])
async def test_a_request_that_breaks_while_it_is_written_is_unknown(short: Wire, kind: str) -> None:
    """The server has its head and cuts the rest off."""
    async with server(broken_off) as url:
        returned = await attempt(short, call_of(kind, url, name="x" * 20_000_000))
    assert told(returned) == UNSURE[KINDS.index(kind)]


IN_FLIGHT = {"detail": "A request with this Idempotency-Key is being processed."}
STATUSES: list[tuple[int, dict[str, Any], tuple[str, str, str]]] = [
    *((status, {}, DONE) for status in (200, 201, 202, 203, 204, 206)),
    *((status, {}, REJECTED) for status in (300, 301, 302, 303, 304, 307, 308)),
    *((status, {}, REJECTED) for status in (400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 418, 421, 422, 423, 428, 451)),
    (409, IN_FLIGHT, ("rejected", "rejected", "not_executed, again")),
    (425, {}, LATER),
    (429, {}, LATER),
    *((status, {}, UNSURE) for status in (500, 501, 502, 503, 504, 507, 599)),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("status", "body", "expected"), STATUSES)
async def test_a_status_has_its_outcome(
    wire: Wire, product: Product, status: int, body: dict[str, Any], expected: tuple[str, ...], kind: str
) -> None:
    product.answers.append(web.json_response(body, status=status) if body else web.Response(status=status))
    returned = await attempt(wire, call_of(kind, product.url))
    assert (told(returned), returned.status) == (expected[KINDS.index(kind)], status)
    assert returned.message or expected is DONE
    assert len(product.seen) == 1


async def test_a_safe_call_is_repeated_within_its_limits_and_a_change_never_by_itself(redis: Redis, ring: KeyRing, product: Product) -> None:
    product.otherwise = lambda request: web.Response(status=503)
    async with guarded_session(allow_private=True) as http:
        wire = Wire(http, redis, ring, repeats=Repeats(attempts=4, wait=0.01))
        product.otherwise = lambda request: web.Response(status=503, headers={"Retry-After": "0"})
        assert told(await execute(wire, call_of("safe", product.url))) == "not_executed, again"
        assert len(product.seen) == 4
        for kind in ("changing", "keyed"):
            await attempt(wire, call_of(kind, product.url))
    assert [each.method for each in product.seen] == ["GET"] * 4 + ["POST"] * 2


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        (429, {"Retry-After": "3"}, 3.0),
        (429, {}, 1.0),
        (425, {}, 0.2),
        (429, {"RateLimit-Reset": "7"}, 7.0),
        (429, {"RateLimit-Reset": "7", "Retry-After": "2"}, 2.0),
        (503, {"Retry-After": "5"}, 5.0),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9"}, 9.0),
        (403, {"Retry-After": "4"}, 4.0),
    ],
)
async def test_a_product_says_for_how_long_to_wait(wire: Wire, product: Product, status: int, headers: dict[str, str], pause: float) -> None:
    product.answers.append(web.Response(status=status, headers=headers))
    returned = await attempt(wire, call_of("safe", product.url))
    assert (returned.outcome, returned.status, returned.retry_in) == ("not_executed", status, pause)


DATE = formatdate(1_800_000_000, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-reset": "1800000030"}, 30.0),
        ({"x-ratelimit-reset": "1800000030000"}, 30.0),  # milliseconds
        ({"x-ratelimit-reset": "1799999990"}, 0.0),
        ({"x-ratelimit-reset": "30"}, 30.0),
        ({"x-rate-limit-reset": "30"}, 30.0),
        ({"x-ratelimit-reset-after": "1.5"}, 1.5),
        ({"ratelimit": '"default";r=0;t=12'}, 12.0),
        ({"ratelimit": "limit=100, remaining=0, reset=12"}, 12.0),
        ({"x-ratelimit-reset": "500000"}, None),  # neither a moment nor a span that anybody waits for
        ({"x-ratelimit-reset": "1900000000"}, None),
        ({"x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-reset": "1e3"}, None),
        ({"x-ratelimit-reset": "9" * 400}, None),
        ({"ratelimit": '"default";r=0;w=60'}, None),
        ({"retry-after": "soon", "ratelimit-reset": "4"}, 4.0),
    ],
)
def test_when_requests_are_counted_anew_is_read_where_it_can_mean_one_thing_only(headers: dict[str, str], seconds: float | None) -> None:
    assert pause_in({"date": DATE, **headers}) == seconds


def answered(status: int, body: bytes, held: Credentials, stale: str | None = None) -> Returned:
    answer = Answer(status, {"content-type": "application/json"}, body)
    return understood(call_of("changing", "https://api.example.test"), answer, "https://api.example.test/things", held, stale).returned


def test_a_token_that_is_stale_is_renewed_once_and_then_somebody_has_to_do_something() -> None:
    token = (("Authorization", "Bearer x"),)
    first = answered(401, b"{}", Credentials(token, version="v1", by_customer=True))
    assert (first.outcome, first.stale, first.retry_in, first.sign_in) == ("not_executed", "v1", 0.0, False)
    again = answered(401, b'{"detail": "revoked"}', Credentials(token, version="v2", by_customer=True), stale="v1")
    assert (again.outcome, again.status, again.retry_in, again.sign_in) == ("not_executed", 401, None, True)
    assert again.message == "The product no longer accepts this sign-in; sign in again: revoked"
    theirs = answered(401, b'{"detail": "revoked"}', Credentials(token, secrets=("x",)))
    assert (theirs.outcome, theirs.sign_in) == ("rejected", False)
    assert theirs.message == "The product does not accept the connection's credentials; the product's team must renew them: revoked"
    assert answered(401, b"", Credentials()).message == (
        "The product wants credentials, and there are none for this connection; the product's team sets them."
    )


PETS = {
    "/pets": {"get": {"operationId": "list_pets", "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {
        "type": "array", "items": {"type": "object", "properties": {"id": STRING, "name": STRING}}}}}}}}},
    "/pets/{petId}": {"delete": {"operationId": "remove_pet", "parameters": [{"name": "petId", "in": "path", "required": True, "schema": STRING}]}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, {"detail": "No such pet."}, "The product finds nothing for petId; look it up again: No such pet."),
        (404, {}, "The product finds nothing for petId; look it up again."),
        (403, {"message": "Only for vets"}, "The product says that this is not allowed for these credentials: Only for vets"),
        (403, {}, "The product says that this is not allowed for these credentials."),
        (409, {"detail": "It has an owner."}, "It has an owner."),
        (409, {}, "The product says that this conflicts with its present state."),
        (412, {"detail": "Version 3."}, "It was changed by somebody else meanwhile; read it again before it is changed: Version 3."),
        (410, {}, "The product says that this is gone for good."),
        (422, {"detail": "No."}, "No."),
        (418, {}, "The product answered 418."),
    ],
)
async def test_a_refusal_is_explained(wire: Wire, product: Product, status: int, body: dict[str, Any], message: str) -> None:
    product.answers.append(web.json_response(body, status=status) if body else web.Response(status=status))
    compiled, settings = document(PETS), DocumentSettings(base_url=product.url)
    remove = compiled.operation("remove_pet")
    asked = replace(work(compiled, {"petId": "7"}, settings), operation=remove, definition=definition(remove, settings))
    returned = await attempt(wire, asked)
    assert (returned.outcome, returned.status, returned.message) == ("rejected", status, message)


async def test_a_huge_refusal_gives_its_message_and_is_not_searched_for_more(wire: Wire, product: Product) -> None:
    errors = [{"field": "name", "message": "x" * 100}]
    for number, expected in ((1, {"name": "x" * 100}), (1_000, {})):
        product.answers.append(web.json_response({"message": "Wrong.", "errors": errors * number}, status=422))
        returned = await attempt(wire, call_of("changing", product.url))
        assert (returned.outcome, returned.message, returned.errors) == ("rejected", "Wrong.", expected)


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("https://other.example.test/v2/things?token=secret", "to https://other.example.test"),
        ("/v2/things", "elsewhere"),
        ("javascript:alert(1)", "elsewhere"),
        ("https://[", "elsewhere"),
        ("https://user:word@evil.test/", "to https://evil.test"),
    ],
)
async def test_a_redirect_says_where_to_and_no_more(wire: Wire, product: Product, location: str, there: str) -> None:
    product.answers.append(web.Response(status=308, headers={"Location": location}))
    returned = await attempt(wire, call_of("changing", product.url))
    assert returned.message == f"The product redirects {there} (308), which is not followed. The product's team sets the base URL."


@pytest.mark.parametrize("headers", [{}, {"Location": "https://other.example.test/"}])
async def test_what_has_not_changed_is_no_redirect(wire: Wire, product: Product, headers: dict[str, str]) -> None:
    product.answers.append(web.Response(status=304, headers=headers))
    returned = await attempt(wire, call_of("safe", product.url))
    assert (returned.outcome, returned.message) == ("rejected", NOT_MODIFIED)
