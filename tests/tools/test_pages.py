"""Further pages of a list: found, followed within a budget, and never where they lead astray."""

import json
from dataclasses import replace

import pytest
from aiohttp import web

from runtime.guard import Limits
from tests.tools.product import Product, document, work
from tools.call import Repeats, Returned, Wire
from tools.reading import execute
from tools.settings import DocumentSettings

ROWS = [{"id": n} for n in range(25)]
INTEGER, STRING = {"type": "integer"}, {"type": "string"}


def listing(*names: tuple[str, dict]) -> dict:
    return {"/rows": {"get": {"operationId": "list_rows", "parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in names]}}}


async def read(wire: Wire, product: Product, paths: dict, answer: object, **arguments: object) -> Returned:
    product.otherwise = answer  # type: ignore[assignment]
    return await execute(wire, work(document(paths), arguments, DocumentSettings(base_url=product.url)))


def cursors(name: str, wrap: str | None = None) -> object:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get(name.removeprefix("next_"), "0").removeprefix("c"))
        more = {"next_cursor": f"c{start + 10}"} if start + 10 < len(ROWS) else {"next_cursor": None}
        return web.json_response({"items": ROWS[start : start + 10], **({wrap: more} if wrap else more)})

    return answer


@pytest.mark.parametrize("wrap", [None, "meta", "response_metadata", "pagination"])
async def test_a_cursor_in_the_body_goes_into_the_parameter_it_belongs_to(wire: Wire, product: Product, wrap: str | None) -> None:
    returned = await read(wire, product, listing(("cursor", STRING), ("limit", INTEGER)), cursors("cursor", wrap))
    assert returned.data["items"] == ROWS
    assert (returned.rows, returned.warnings) == (25, ())
    assert product.targets == ["/rows", "/rows?cursor=c10", "/rows?cursor=c20"]


async def test_page_numbers_are_counted_up(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        return web.json_response({"data": ROWS[10 * page - 10 : 10 * page], "total": 25})

    returned = await read(wire, product, listing(("page", INTEGER), ("per_page", INTEGER)), answer)
    assert (returned.data["data"], returned.rows, returned.total, len(product.seen)) == (ROWS, 25, 25, 3)


async def test_a_full_page_of_the_declared_size_has_another_behind_it(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        return web.json_response(ROWS[10 * page - 10 : 10 * page])

    returned = await read(wire, product, listing(("page", INTEGER), ("per_page", {**INTEGER, "default": 10})), answer)
    assert (returned.data, returned.rows_path, len(product.seen)) == (ROWS, "", 3)


async def test_offsets_go_on_behind_the_rows_that_were_read(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("offset", "0"))
        return web.json_response({"results": ROWS[start : start + 7], "total_count": 25})

    returned = await read(wire, product, listing(("offset", INTEGER), ("limit", INTEGER)), answer)
    assert (returned.data["results"], product.targets[-1], len(product.seen)) == (ROWS, "/rows?offset=21", 4)


async def test_a_link_header_is_followed(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("after_row", "0"))
        more = {"Link": f'<{product.url}/rows?after_row={start + 10}>; rel="next", </rows>; rel="first"'} if start + 10 < 25 else {}
        return web.json_response(ROWS[start : start + 10], headers=more)

    returned = await read(wire, product, listing(), answer)
    assert (returned.data, len(product.seen)) == (ROWS, 3)


@pytest.mark.parametrize("form", ['{"next": "%s"}', '{"_links": {"next": {"href": "%s"}}}', '{"links": {"next": "%s"}}', '{"@odata.nextLink": "%s"}'])
async def test_a_next_address_in_the_body_is_followed(wire: Wire, product: Product, form: str) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("from_row", "0"))
        more = json.loads(form % f"/rows?from_row={start + 10}") if start + 10 < 25 else {}
        return web.json_response({"items": ROWS[start : start + 10], **more})

    assert (await read(wire, product, listing(), answer)).rows == 25


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/rows", "https://evil.test/", "//evil.test/rows", "http://u@{h}/rows", "/a/../rows", "/rows#x"])
async def test_a_next_link_to_elsewhere_is_not_followed(wire: Wire, product: Product, url: str) -> None:
    link = url.replace("{h}", product.url.removeprefix("http://"))
    answer = lambda request: web.json_response(ROWS[:10], headers={"Link": f'<{link}>; rel="next"'})  # noqa: E731
    assert (await read(wire, product, listing(), answer)).rows == 10
    assert len(product.seen) == 1


async def test_the_budget_ends_the_reading_and_it_is_said(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        return web.json_response({"items": [{"id": 10 * page + n} for n in range(10)], "total": 1240})

    small = replace(wire, repeats=Repeats(rows=300), limits=Limits())
    returned = await read(small, product, listing(("page", INTEGER)), answer)
    assert (returned.rows, returned.total, returned.warnings) == (300, 1240, ("300 of 1,240 read",))


@pytest.mark.parametrize("same", [{"next_cursor": "c1"}, {"next": "/rows?x=1"}])
async def test_a_list_that_repeats_itself_ends(wire: Wire, product: Product, same: dict) -> None:
    returned = await read(wire, product, listing(("cursor", STRING)), lambda request: web.json_response({"items": ROWS[:10], **same}))
    assert returned.rows == 10
    assert len(product.seen) == 2


async def test_a_page_that_fails_leaves_what_was_read_and_says_so(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        return web.json_response({"items": ROWS[:10], "next_cursor": "c10"}) if "cursor" not in request.query else web.Response(status=500)

    returned = await read(wire, product, listing(("cursor", STRING)), answer)
    assert (returned.outcome, returned.rows) == ("done", 10)
    assert returned.warnings == ("10 read: The product answered 500.",)


@pytest.mark.parametrize("arguments", [{"limit": 5}, {"page": 2}])
async def test_who_asks_for_one_page_or_so_many_rows_gets_just_that(wire: Wire, product: Product, arguments: dict) -> None:
    answer = lambda request: web.json_response({"items": ROWS[:5], "total": 25})  # noqa: E731
    returned = await read(wire, product, listing(("page", INTEGER), ("limit", INTEGER)), answer, **arguments)
    assert (returned.rows, returned.warnings, len(product.seen)) == (5, ("5 of 25 read",), 1)


async def test_starting_after_takes_the_last_id_while_there_is_more(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("starting_after", "-1")) + 1
        return web.json_response({"data": ROWS[start : start + 10], "has_more": start + 10 < 25})

    assert (await read(wire, product, listing(("starting_after", STRING), ("limit", INTEGER)), answer)).rows == 25


@pytest.mark.parametrize("name", ["from", "after", "start"])
async def test_a_date_that_is_named_like_a_place_in_the_list_does_not_end_the_reading(wire: Wire, product: Product, name: str) -> None:
    date = {"type": "string", "format": "date-time"}
    returned = await read(wire, product, listing((name, date), ("cursor", STRING)), cursors("cursor"), **{name: "2026-11-19T00:00:00Z"})
    assert (returned.rows, returned.warnings) == (25, ())


async def test_all_pages_together_have_the_bytes_of_one_answer_at_most(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        at = int(request.query.get("page", 1))
        return web.json_response({"items": [{"id": at, "text": "x" * 60_000}], "total": 9, "next": f"/things?page={at + 1}"})

    returned = await read(wire, product, listing(("page", INTEGER)), answer)  # the wire reads 200,000 bytes
    assert returned.rows == 3
    assert "3 of 9 read" in returned.warnings[0]
