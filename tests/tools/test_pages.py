"""Further pages of a list: found, followed within a budget, and never where they lead astray."""

import json
from dataclasses import replace

import pytest
from aiohttp import web

from runtime.guard import Limits
from tests.tools.product import Product, document, work
from tools.call import Repeats, Returned, Wire
from tools.execute import attempt
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
    returned = await read(wire, product, listing(), answer)
    assert (returned.rows, returned.warnings) == (10, ("10 read; there are more",))
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
    assert (returned.rows, returned.warnings) == (10, ("10 read; there are more",))
    assert len(product.seen) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"has_more": True},
        {"next_cursor": "c10"},
        {"pagination": {"hasNextPage": True}},
        {"metadata": {"continue": "c10"}},
        {"nextUrl": "https://elsewhere.test/rows?page=2"},
    ],
)
async def test_what_the_product_says_of_more_is_told_where_nothing_leads_there(wire: Wire, product: Product, said: dict) -> None:
    returned = await read(wire, product, listing(), lambda request: web.json_response({"items": ROWS[:3], **said}))
    assert (returned.rows, returned.warnings, len(product.seen)) == (3, ("3 read; there are more",), 1)


@pytest.mark.parametrize("said", [{"has_more": False}, {"next_cursor": None}, {"pageInfo": {"hasNextPage": False, "endCursor": "c"}}, {"total": 3}])
async def test_a_list_that_is_whole_is_not_said_to_be_a_part(wire: Wire, product: Product, said: dict) -> None:
    returned = await read(wire, product, listing(), lambda request: web.json_response({"items": ROWS[:3], **said}))
    assert (returned.rows, returned.warnings) == (3, ())


async def test_a_cursor_that_stays_and_brings_no_rows_is_the_end(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        return web.json_response({"items": ROWS[:10] if not request.query else [], "next_cursor": "c10"})

    returned = await read(wire, product, listing(("cursor", STRING)), answer)
    assert (returned.rows, returned.warnings, len(product.seen)) == (10, (), 2)


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


def sliced(request: web.Request, start: int, size: int = 10) -> list[dict]:
    return ROWS[start : start + size]


async def test_pages_may_be_counted_from_0(wire: Wire, product: Product) -> None:
    """As the answer says, as the declared minimum says, and ended by the number of pages, by a flag or by the total."""
    for field, said in (
        ({**INTEGER, "minimum": 0}, lambda page: {"totalPages": 3}),
        (INTEGER, lambda page: {"number": page, "totalPages": 3}),
        (INTEGER, lambda page: {"page": {"number": page, "size": 10, "totalElements": 25}}),
        ({**INTEGER, "default": 0}, lambda page: {"last": page == 2}),
    ):
        product.seen.clear()

        def answer(request: web.Request, said: object = said) -> web.Response:
            page = int(request.query.get("page", "0"))
            return web.json_response({"content": ROWS[10 * page : 10 * page + 10], **said(page)})  # type: ignore[operator]

        returned = await read(wire, product, listing(("page", field)), answer)
        assert (returned.data["content"], returned.warnings) == (ROWS, ())
        assert product.targets == ["/rows", "/rows?page=1", "/rows?page=2"]


@pytest.mark.parametrize("name", ["total_pages", "last_page", "pageCount"])
async def test_the_number_of_pages_ends_the_counting(wire: Wire, product: Product, name: str) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        return web.json_response({"data": ROWS[10 * page - 10 : 10 * page], "meta": {name: 3, "current_page": page}})

    returned = await read(wire, product, listing(("page", INTEGER)), answer)
    assert (returned.data["data"], len(product.seen)) == (ROWS, 3)


async def test_page_info_ends_a_list_though_it_has_an_end_cursor(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("after", "-1")) + 1
        edges = [{"node": row, "cursor": str(row["id"])} for row in sliced(request, start)]
        return web.json_response({"edges": edges, "pageInfo": {"hasNextPage": start + 10 < 25, "endCursor": edges[-1]["cursor"]}})

    returned = await read(wire, product, listing(("first", INTEGER), ("after", STRING)), answer)
    assert (returned.rows, len(product.seen), returned.warnings) == (25, 3, ())


@pytest.mark.parametrize(
    ("header", "parameter"),
    [("X-Next-Page", ("page", INTEGER)), ("X-Continuation-Token", ("continuation_token", STRING)), ("X-Next-Cursor", ("cursor", STRING))],
)
async def test_a_token_in_a_header_goes_into_its_parameter(wire: Wire, product: Product, header: str, parameter: tuple) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get(parameter[0], "1"))
        return web.json_response(ROWS[10 * page - 10 : 10 * page], headers={header: str(page + 1) if page < 3 else ""})

    returned = await read(wire, product, listing(parameter), answer)
    assert (returned.data, len(product.seen), returned.warnings) == (ROWS, 3, ())


async def test_a_continuation_may_be_a_header_both_ways(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.headers.get("x-vendor-continuation", "0"))
        return web.json_response(sliced(request, start), headers={"x-vendor-continuation": str(start + 10)} if start + 10 < 25 else {})

    paths = {"/rows": {"get": {"parameters": [{"name": "continuation", "in": "query", "schema": STRING}]}}}
    assert (await read(wire, product, paths, answer)).rows == 10  # the product does not read it there: the same page again
    product.seen.clear()
    paths = {"/rows": {"get": {"parameters": [{"name": "x-vendor-continuation", "in": "header", "schema": STRING}]}}}
    returned = await read(wire, product, paths, answer)
    assert (returned.data, len(product.seen)) == (ROWS, 3)


async def test_ranges_are_asked_for_where_the_operation_takes_them(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.headers.get("Range", "items=0-9").removeprefix("items=").partition("-")[0])
        found = sliced(request, start)
        return web.json_response(found, status=206, headers={"Content-Range": f"items {start}-{start + len(found) - 1}/25"})

    paths = {"/rows": {"get": {"parameters": [{"name": "Range", "in": "header", "schema": STRING}]}}}
    returned = await read(wire, product, paths, answer)
    assert (returned.data, returned.total, returned.warnings) == (ROWS, 25, ())
    assert [each.headers.get("range") for each in product.seen] == [None, "items=10-19", "items=20-29"]


@pytest.mark.parametrize("headers", [{"X-Total-Count": "1240"}, {"Content-Range": "items 0-9/1240"}, {"X-Total": "1240"}])
async def test_a_total_in_a_header_says_how_much_is_missing(wire: Wire, product: Product, headers: dict) -> None:
    returned = await read(wire, product, listing(), lambda request: web.json_response(ROWS[:10], headers=headers))
    assert (returned.rows, returned.total, returned.warnings) == (10, 1240, ("10 of 1,240 read",))


@pytest.mark.parametrize("style", ["{base}/rows?from_row=%d", "/rows?from_row=%d", "?from_row=%d"])
@pytest.mark.parametrize("form", ['{"next_url": "%s"}', '{"paging": {"next": {"link": "%s"}}}', '{"links": [{"rel": "next", "href": "%s"}]}'])
async def test_next_addresses_may_be_whole_or_relative(wire: Wire, product: Product, style: str, form: str) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("from_row", "0"))
        more = json.loads(form % (style.replace("{base}", product.url) % (start + 10))) if start + 10 < 25 else {}
        return web.json_response({"items": sliced(request, start), **more})

    returned = await read(wire, product, listing(), answer)
    assert (returned.rows, returned.warnings) == (25, ())


async def test_an_offset_goes_on_where_the_answer_says(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("start", "0"))
        following = {"next_start": start + 10} if start + 10 < 25 else {"next_start": None}
        return web.json_response({"items": sliced(request, start), "pagination": following})

    returned = await read(wire, product, listing(("start", INTEGER)), answer)
    assert (returned.data["items"], product.targets[-1], returned.warnings) == (ROWS, "/rows?start=20", ())


async def test_an_index_may_begin_with_1(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("startIndex", "1"))
        return web.json_response({"totalResults": 25, "startIndex": start, "Resources": sliced(request, start - 1)})

    returned = await read(wire, product, listing(("startIndex", INTEGER), ("count", INTEGER)), answer)
    assert (returned.data["Resources"], product.targets) == (ROWS, ["/rows", "/rows?startIndex=11", "/rows?startIndex=21"])


async def test_rows_deep_in_an_envelope_are_read_to_the_end(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("pageNo", "1"))
        body = {"items": {"item": ROWS[10 * page - 10 : 10 * page]}, "numOfRows": 10, "pageNo": page, "totalCount": 25}
        return web.json_response({"response": {"header": {"resultCode": "00"}, "body": body}})

    returned = await read(wire, product, listing(("pageNo", INTEGER), ("numOfRows", INTEGER)), answer)
    assert (returned.rows_path, returned.rows, returned.total) == ("/response/body/items/item", 25, 25)


async def test_the_largest_declared_page_is_asked_for_where_nobody_asked_for_a_size(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start, size = int(request.query.get("offset", "0")), int(request.query.get("limit", "5"))
        return web.json_response({"items": sliced(request, start, size), "total": 25})

    for limit, target in (({"maximum": 20}, "limit=20"), ({"maximum": 100_000}, "limit=1000"), ({}, ""), ({"maximum": 20, "default": 20}, "")):
        product.seen.clear()
        returned = await read(wire, product, listing(("offset", INTEGER), ("limit", {**INTEGER, **limit})), answer)
        assert returned.data["items"] == ROWS
        assert product.targets[0] == f"/rows?{target}".rstrip("?")


async def test_a_size_that_may_be_that_of_a_thing_is_left_alone(wire: Wire, product: Product) -> None:
    await read(wire, product, listing(("size", {**INTEGER, "maximum": 60})), lambda request: web.json_response(ROWS[:3]))
    assert product.targets == ["/rows"]


async def test_a_product_that_refuses_its_own_maximum_is_asked_as_before(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        return web.json_response({"detail": "limit is too large"}, status=400) if "limit" in request.query else web.json_response(ROWS[:3])

    returned = await read(wire, product, listing(("limit", {**INTEGER, "maximum": 500})), answer)
    assert (returned.outcome, returned.rows, product.targets) == ("done", 3, ["/rows?limit=500", "/rows"])


async def test_a_page_without_rows_is_not_the_end_where_a_next_one_is_named(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        step = int(request.query.get("page_token", "0"))
        return web.json_response(
            {"items": ROWS[:10] if step == 0 else ROWS[10:] if step == 2 else [], **({"nextPageToken": str(step + 1)} if step < 2 else {})}
        )

    returned = await read(wire, product, listing(("page_token", STRING)), answer)
    assert (returned.data["items"], returned.warnings) == (ROWS, ())


async def test_pages_without_rows_end_all_the_same(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        step = int(request.query.get("cursor", "0"))
        return web.json_response({"items": ROWS[:10] if step == 0 else [], "next_cursor": str(step + 1)})

    returned = await read(wire, product, listing(("cursor", STRING)), answer)
    assert (returned.rows, returned.warnings, len(product.seen)) == (10, ("10 read; there are more",), 4)


async def test_two_links_that_lead_to_each_other_end(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        at = request.query.get("at", "a")
        return web.json_response({"items": [{"id": f"{at}{len(product.seen)}"}], "next": f"/rows?at={'b' if at != 'b' else 'c'}"})

    returned = await read(wire, product, listing(), answer)
    assert (returned.rows, len(product.seen), returned.warnings) == (3, 3, ("3 read; there are more",))


async def test_pages_that_come_again_in_turn_end(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        step = int(request.query.get("cursor", "0"))
        return web.json_response({"items": ROWS[:5] if step % 2 == 0 else ROWS[5:10], "next_cursor": str(step + 1)})

    returned = await read(wire, product, listing(("cursor", STRING)), answer)
    assert (returned.data["items"], len(product.seen), returned.warnings) == (ROWS[:10], 3, ("10 read; there are more",))


@pytest.mark.parametrize("totals", [(25, 20, 10), (25, 30, 40), (25, 0, 25)])
async def test_a_total_that_changes_on_the_way_does_not_go_on_for_ever(wire: Wire, product: Product, totals: tuple) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        return web.json_response({"items": ROWS[10 * page - 10 : 10 * page], "total": totals[min(page, 3) - 1]})

    returned = await read(wire, product, listing(("page", INTEGER)), answer)
    assert len(product.seen) <= 5
    assert returned.total is None or returned.total >= returned.rows
    assert (returned.rows == returned.total or returned.total is None) != bool(returned.warnings)


async def test_a_total_of_the_page_does_not_end_a_list_that_names_a_next_one(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("cursor", "0"))
        found = sliced(request, start)
        return web.json_response({"items": found, "total": len(found), "next_cursor": str(start + 10) if start + 10 < 25 else None})

    assert (await read(wire, product, listing(("cursor", STRING)), answer)).rows == 25


async def test_a_count_of_all_is_one_and_a_count_of_the_page_is_none(wire: Wire, product: Product) -> None:
    for count, total in ((1240, 1240), (10, None)):
        returned = await read(wire, product, listing(), lambda request, count=count: web.json_response({"count": count, "results": ROWS[:10]}))
        assert returned.total == total


async def test_where_nothing_is_said_a_page_of_a_round_number_is_followed(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        page = int(request.query.get("page", "1"))
        return web.json_response(ROWS[10 * page - 10 : 10 * page])

    returned = await read(wire, product, listing(("page", INTEGER)), answer)
    assert (returned.data, len(product.seen)) == (ROWS, 3)
    product.seen.clear()
    assert (await read(wire, product, listing(("page", INTEGER)), lambda request: web.json_response(ROWS[:7]))).rows == 7
    assert len(product.seen) == 1


async def test_who_asked_for_so_many_rows_is_told_that_there_are_more(wire: Wire, product: Product) -> None:
    answer = lambda request: web.json_response({"items": ROWS[:5], "has_more": True})  # noqa: E731
    returned = await read(wire, product, listing(("limit", INTEGER)), answer, limit=5)
    assert (returned.rows, returned.warnings, len(product.seen)) == (5, ("5 read; there are more",), 1)


async def test_a_search_that_may_change_something_is_not_paged_but_says_what_is_missing(wire: Wire, product: Product) -> None:
    product.otherwise = lambda request: web.json_response({"items": ROWS[:10], "total": 25, "next_cursor": "c10"})
    found = work(document({"/search": {"post": {"operationId": "search"}}}), {}, DocumentSettings(base_url=product.url))
    returned = await attempt(wire, found)
    assert (returned.rows, returned.total, returned.warnings, len(product.seen)) == (10, 25, ("10 of 25 read",), 1)


async def test_a_next_link_out_of_the_base_url_is_not_followed_and_that_is_said(wire: Wire, product: Product) -> None:
    product.otherwise = lambda request: web.json_response({"items": ROWS[:10], "next": "/v2/rows?page=2"})
    returned = await execute(wire, work(document(listing()), {}, DocumentSettings(base_url=f"{product.url}/v1")))
    assert (returned.rows, returned.warnings, product.targets) == (10, ("10 read; there are more",), ["/v1/rows"])


@pytest.mark.parametrize("form", ['{"paging": {"next": {"after": "%s"}}}', '{"cursors": {"after": "%s"}}', '{"meta": {"page": {"after": "%s"}}}'])
async def test_a_cursor_may_lie_deep_in_the_envelope(wire: Wire, product: Product, form: str) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("after", "0"))
        more = json.loads(form % (start + 10)) if start + 10 < 25 else {}
        return web.json_response({"results": sliced(request, start), **more})

    returned = await read(wire, product, listing(("after", STRING), ("limit", INTEGER)), answer)
    assert (returned.rows, len(product.seen), returned.warnings) == (25, 3, ())


@pytest.mark.parametrize(("parameters", "told"), [((("limit", INTEGER), ("q", STRING)), "; fewer rows can be asked for with limit"), ((), "")])
async def test_an_answer_beyond_the_limit_says_so_and_how_to_ask_for_less(wire: Wire, product: Product, parameters: tuple, told: str) -> None:
    product.otherwise = lambda request: web.json_response(["x" * 1_000] * 3_000)
    large = replace(wire, limits=replace(wire.limits, bytes=2 * 2**20))
    returned = await execute(large, work(document(listing(*parameters)), {}, DocumentSettings(base_url=product.url)))
    assert (returned.outcome, returned.data) == ("done", None)
    assert returned.warnings == (f"Done, but the answer could not be read: it is larger than 2 MB, too large to be kept{told}.",)


async def test_fifty_thousand_rows_are_read_to_the_budget_in_one_list(wire: Wire, product: Product) -> None:
    def answer(request: web.Request) -> web.Response:
        start = int(request.query.get("offset", "0"))
        return web.json_response({"items": [{"id": start + n} for n in range(1_000)], "total": 70_000})

    wide = replace(wire, limits=replace(wire.limits, bytes=2**24))
    product.otherwise = answer
    found = work(document(listing(("offset", INTEGER), ("limit", {**INTEGER, "maximum": 1_000}))), {}, DocumentSettings(base_url=product.url))
    returned = await execute(wide, found)
    assert (returned.rows, returned.total, returned.warnings) == (50_000, 70_000, ("50,000 of 70,000 read",))
    assert [row["id"] for row in returned.data["items"]] == list(range(50_000))
    assert len(product.seen) == 50
