"""After an answer: the new record is read, work that goes on is looked at until it ends, and nothing leads out of the product."""

from dataclasses import replace

import pytest
from aiohttp import web
from pydantic import SecretStr

from specs.model import Response
from tests.tools.authority import Authority, customers, sign_in
from tests.tools.product import Product, Told, document, job, work
from tools.call import Repeats, Returned, Wire, Work
from tools.execute import attempt
from tools.following import followed
from tools.links import ACCEPTED, Follow
from tools.reading import execute
from tools.security import ApiKey, Bearer, Connection
from tools.settings import DocumentSettings

QUICK = Repeats(wait=0.5, follow=0.5, look=0.001)
THINGS = {"/things/{kind}": {"post": {"operationId": "create_thing", "parameters": [{"name": "kind", "in": "path", "schema": {"type": "string"}}]}}}


def change(product: Product, base: str = "", connection: Connection | None = None) -> Work:
    """Creates a thing; its document declares a Location for 201."""
    made = work(document(THINGS), {"kind": "a"}, DocumentSettings(base_url=product.url + base), *([connection] if connection else []))
    return replace(made, operation=replace(made.operation, responses=(Response("201", "", (), ("location",)), Response("202", ""))))


async def made(wire: Wire, change: Work) -> Returned:
    return await followed(replace(wire, repeats=QUICK), change, await attempt(wire, change))


def creates(product: Product, location: str, body: object = None) -> None:
    def answer(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.json_response({"id": 7, "name": "Ann"})
        return (
            web.Response(status=201, headers={"Location": location})
            if body is None
            else web.json_response(body, status=201, headers={"Location": location})
        )

    product.otherwise = answer


@pytest.mark.parametrize("location", ["/things/7", "{url}/things/7", "7", "/things/7#top", "?id=7"])
@pytest.mark.parametrize("body", [None, {}, {"id": 7}, {"status": "created", "message": "ok"}])
async def test_a_created_record_is_read_where_its_location_says(wire: Wire, product: Product, location: str, body: object) -> None:
    creates(product, location.replace("{url}", product.url), body)
    returned = await made(wire, change(product))
    assert (returned.outcome, returned.status, returned.data, returned.warnings) == ("done", 201, {"id": 7, "name": "Ann"}, ())
    assert [each.method for each in product.seen] == ["POST", "GET"]


async def test_a_body_that_is_the_record_is_not_read_again(wire: Wire, product: Product) -> None:
    creates(product, "/things/7", {"id": 7, "name": "Ann", "price": 3})
    returned = await made(wire, change(product))
    assert (returned.data, len(product.seen)) == ({"id": 7, "name": "Ann", "price": 3}, 1)


async def test_a_location_that_the_document_does_not_declare_is_not_followed(wire: Wire, product: Product) -> None:
    creates(product, "/things/7")
    plain = work(document(THINGS), {"kind": "a"}, DocumentSettings(base_url=product.url))
    assert (await made(wire, plain)).data is None
    assert len(product.seen) == 1


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/v1/things/7", "https://evil.test/v1/x", "//evil.test/v1/x", "http://u:p@{host}/v1/x", "{url}/v2/things/7",
        "{url}/v1x/things/7", "{url}/v1/../admin", "{url}/v1/%2e%2e/admin", "{url}/v1/%252e%252e/admin", "{url}/v1/..%2fadmin",
        "{url}/v1/a\\..\\b", "/admin", "javascript:x",
    ],
)  # fmt: skip
async def test_nothing_leads_out_of_the_base_url(wire: Wire, product: Product, location: str) -> None:
    location = location.replace("{url}", product.url).replace("{host}", product.url.removeprefix("http://"))
    for status in (201, 202):
        product.answers.append(web.Response(status=status, headers={"Location": location}))
        returned = await made(wire, change(product, "/v1"))
        assert (returned.outcome, returned.status, returned.data) == ("done", status, None)
        assert "not within the product's base URL" in returned.warnings[0]
    assert [each.method for each in product.seen] == ["POST", "POST"]


async def test_an_address_that_is_none_is_not_followed(wire: Wire, product: Product) -> None:
    for status in (201, 202):
        product.answers.append(web.Response(status=status, headers={"Location": "http://[x"}))
        assert (await made(wire, change(product))).outcome == "done"
    assert len(product.seen) == 2


async def test_a_record_that_cannot_be_read_was_created_all_the_same(wire: Wire, product: Product) -> None:
    product.answers += [web.Response(status=201, headers={"Location": "/things/7"}), web.json_response({"detail": "Not yet."}, status=404)]
    returned = await made(wire, change(product))
    assert (returned.outcome, returned.status, returned.data) == ("done", 201, None)
    assert returned.warnings == ("Done, but what came of it could not be read: Not yet.",)
    assert len(product.seen) == 2


CREDENTIALS = {"bearer": Bearer(token=SecretStr("t0ken-value")), "query": ApiKey(value=SecretStr("t0ken-value"), name="key", location="query")}


@pytest.mark.parametrize("credential", CREDENTIALS.values(), ids=CREDENTIALS)
async def test_the_record_is_read_with_the_same_credentials_and_without_secrets(wire: Wire, product: Product, credential: object) -> None:
    product.answers += [web.Response(status=201, headers={"Location": "/things/7"}), web.json_response({"id": 7, "echo": "t0ken-value"})]
    connection = Connection(id="cn_1", tenant="t", spec="s", credential=credential)
    returned = await made(wire, change(product, connection=connection))
    assert returned.data == {"id": 7, "echo": "••••••••"}
    assert "t0ken-value" in product.seen[1].target + product.seen[1].headers.get("authorization", "")


@pytest.mark.parametrize(
    "states",
    [
        ({"status": "running"}, {"status": "IN_PROGRESS"}, {"status": "Succeeded", "result": 3}),
        ({"state": "queued"}, {"state": "done", "result": 3}),
        ({"done": False}, {"done": True, "result": 3}),
        ({"data": {"attributes": 1, "status": "pending"}}, {"id": 7, "result": 3}),
        ({"job": {"phase": "not-started"}}, {"properties": {"provisioningState": "Succeeded"}, "result": 3}),
        (Told(202), Told(202, {"percent": 40}), Told(200, {"result": 3})),
        (Told(503, headers={"Retry-After": "0"}.items()), Told(429, headers={"Retry-After": "0"}.items()), {"status": "completed", "result": 3}),
    ],
)
async def test_work_that_goes_on_is_looked_at_until_it_ends(wire: Wire, product: Product, states: tuple) -> None:
    product.otherwise = job(product, *states)
    returned = await made(wire, change(product))
    assert (returned.outcome, returned.status, returned.data["result"], returned.warnings) == ("done", 202, 3, ())
    assert [each.method for each in product.seen] == ["POST", *["GET"] * len(states)]


@pytest.mark.parametrize(
    "body",
    [
        {"status_url": "/jobs/1"},
        {"links": {"status": {"href": "/jobs/1"}}},
        {"job": {"id": 1, "self": "/jobs/1"}},
        {"links": [{"rel": "status", "href": "/jobs/1"}]},
    ],
)
async def test_the_status_may_be_named_in_the_body(wire: Wire, product: Product, body: dict) -> None:
    product.answers += [web.json_response(body, status=202), web.json_response({"status": "succeeded"})]
    assert (await made(wire, change(product))).data == {"status": "succeeded"}


@pytest.mark.parametrize("header", ["Operation-Location", "Content-Location", "Location"])
async def test_the_status_may_be_named_in_a_header(wire: Wire, product: Product, header: str) -> None:
    product.answers += [web.Response(status=202, headers={header: "/jobs/1"}), web.json_response({"status": "succeeded"})]
    assert (await made(wire, change(product))).data == {"status": "succeeded"}
    assert product.targets[1] == "/jobs/1"


async def test_a_303_leads_to_the_result(wire: Wire, product: Product) -> None:
    product.answers += [
        web.Response(status=202, headers={"Location": "/jobs/1"}), web.json_response({"status": "running"}, headers={"Retry-After": "0"}),
        web.Response(status=303, headers={"Location": "/things/7"}), web.json_response({"id": 7}),
    ]  # fmt: skip
    returned = await made(wire, change(product))
    assert (returned.data, product.targets[-1]) == ({"id": 7}, "/things/7")


@pytest.mark.parametrize("location", ["https://evil.test/", "http://[x", "//evil.test"])
async def test_a_303_to_elsewhere_is_not_followed(wire: Wire, product: Product, location: str) -> None:
    product.answers += [
        web.Response(status=202, headers={"Location": "/jobs/1"}),
        web.Response(status=303, headers={"Location": location}),
    ]
    returned = await made(wire, change(product))
    assert "not within the product's base URL" in returned.warnings[0]
    assert len(product.seen) == 2


@pytest.mark.parametrize(
    "body", [{"status": "failed", "error": {"message": "No room."}}, {"done": True, "error": {"code": 8, "message": "No room."}}]
)
async def test_work_that_failed_is_no_success(wire: Wire, product: Product, body: dict) -> None:
    product.otherwise = job(product, {"status": "running"}, body)
    returned = await made(wire, change(product))
    assert (returned.outcome, returned.message) == ("rejected", "The product accepted this, but it failed: No room.")
    assert not returned.accepted
    assert returned.data == body


async def test_what_has_not_ended_in_time_is_said_to_go_on(wire: Wire, product: Product) -> None:
    product.otherwise = job(product, {"status": "in review by nobody", "state": "Processing"})
    returned = await followed(replace(wire, repeats=replace(QUICK, follow=0.15)), change(product), await attempt(wire, change(product)))
    assert (returned.outcome, returned.warnings) == ("done", ("Accepted, still running: Processing.",))
    assert returned.accepted
    assert len(product.seen) < 6


async def test_a_product_that_wants_to_be_asked_much_later_is_not_asked(wire: Wire, product: Product) -> None:
    product.answers.append(web.Response(status=202, headers={"Location": "/jobs/1", "Retry-After": "3600"}))
    returned = await made(wire, change(product))
    assert returned.warnings == ("Accepted, still running: the product does not say how far it is.",)
    assert len(product.seen) == 1


async def test_a_status_that_cannot_be_read_ends_the_looking(wire: Wire, product: Product) -> None:
    product.answers += [web.Response(status=202, headers={"Location": "/jobs/1"}), web.json_response({"detail": "No such job."}, status=404)]
    assert (await made(wire, change(product))).warnings == ("Accepted, but how it goes on could not be read: No such job.",)


@pytest.mark.parametrize("body", [None, {"status": "queued"}, {"id": 7}])
async def test_what_is_only_accepted_is_said_to_be_before_anything_is_looked_up(wire: Wire, product: Product, body: object) -> None:
    """So it is stored, should the worker die while it looks."""
    product.answers.append(web.json_response(body, status=202))
    returned = await attempt(wire, change(product))
    assert (returned.outcome, returned.warnings) == ("done", (ACCEPTED,))
    assert await followed(wire, change(product), returned) is returned


async def test_a_reading_call_that_is_accepted_is_followed_too(wire: Wire, product: Product) -> None:
    product.otherwise = job(product, {"status": "running"}, {"status": "ready", "items": [{"id": 1}]})
    reading = work(document({"/reports": {"get": {}}}), {}, DocumentSettings(base_url=product.url))
    returned = await execute(replace(wire, repeats=QUICK), reading)
    assert (returned.rows, returned.rows_path) == (1, "/items")


async def test_what_was_not_done_is_not_followed(wire: Wire, product: Product) -> None:
    unknown = Returned("unknown", follow=Follow("created", f"{product.url}/things/7"))
    assert await followed(wire, change(product), unknown) is unknown
    assert product.seen == []


async def signed_in(wire: Wire, product: Product, authority: Authority, *answers: object) -> Work:
    """A change by a customer whose access token is refused from the second request on, until it is renewed. `answers`: what is told then."""
    customer = customers(authority)
    assert await sign_in(wire, customer) is None

    def answer(request: web.Request) -> web.Response:
        if request.method == "GET" and len(product.seen) == 2:
            authority.revoke()
        if request.headers["Authorization"].removeprefix("Bearer ") not in authority.valid:
            return web.json_response({"detail": "token expired"}, status=401)
        return left.pop(0)

    left = list(answers)
    product.otherwise = answer
    return change(product, connection=customer)


async def test_a_token_that_ends_while_work_goes_on_is_renewed_once(wire: Wire, product: Product, authority: Authority) -> None:
    accepted = web.Response(status=202, headers={"Location": "/jobs/1", "Retry-After": "0"})
    job = await signed_in(wire, product, authority, accepted, web.json_response({"status": "succeeded", "result": 3}))
    returned = await made(wire, job)
    assert (returned.data, returned.warnings) == ({"status": "succeeded", "result": 3}, ())
    assert (authority.issued, [each.method for each in product.seen]) == (["code", "refresh"], ["POST", "GET", "GET"])


async def test_a_created_record_is_read_with_a_token_renewed_for_it(wire: Wire, product: Product, authority: Authority) -> None:
    created = web.Response(status=201, headers={"Location": "/things/7"})
    returned = await made(wire, await signed_in(wire, product, authority, created, web.json_response({"id": 7})))
    assert (returned.data, returned.warnings, authority.issued) == ({"id": 7}, (), ["code", "refresh"])


async def test_a_token_that_is_refused_after_its_renewal_is_not_renewed_for_ever(wire: Wire, product: Product, authority: Authority) -> None:
    created = web.Response(status=201, headers={"Location": "/things/7"})
    job = await signed_in(wire, product, authority, created, web.json_response({"detail": "Not for you."}, status=401))
    returned = await made(wire, job)
    assert (returned.outcome, returned.status, len(product.seen), authority.issued) == ("done", 201, 3, ["code", "refresh"])
    assert "Not for you." in returned.warnings[0]


async def test_what_a_public_operation_made_is_read_without_credentials(wire: Wire, product: Product) -> None:
    """`security: []`: what is not for the operation is not for its record either."""
    creates(product, "/things/7")
    asked = change(product, connection=Connection(id="cn_1", tenant="t", spec="s", credential=Bearer(token=SecretStr("t0ken-value"))))
    returned = await made(wire, replace(asked, operation=replace(asked.operation, public=True)))
    assert returned.data == {"id": 7, "name": "Ann"}
    assert ["authorization" in each.headers for each in product.seen] == [False, False]
