"""What a call of the product returns, over loopback: data, tables, files or nothing."""

import gzip

import orjson
import pytest
from aiohttp import web

from tests.tools.product import Product, document, work
from tools.call import Returned, Wire
from tools.execute import attempt
from tools.files import File
from tools.reading import execute
from tools.settings import DocumentSettings


async def read(wire: Wire, product: Product, answer: web.Response, method: str = "get", **responses: object) -> Returned:
    product.answers.append(answer)
    declared = {"responses": responses} if responses else {}
    return await execute(wire, work(document({"/reports/7": {method: {**declared}}}), {}, DocumentSettings(base_url=product.url)))


async def test_a_table_is_a_list_of_rows(wire: Wire, product: Product) -> None:
    body = gzip.compress("이름;합계\n가;1,50\n나;2\n".encode("utf-8-sig"))
    returned = await read(wire, product, web.Response(body=body, headers={"Content-Type": "text/csv", "Content-Encoding": "gzip"}))
    assert (returned.data, returned.rows, returned.rows_path, returned.media_type, returned.file) == (
        [{"이름": "가", "합계": "1,50"}, {"이름": "나", "합계": "2"}], 2, "", "text/csv", None,
    )  # fmt: skip


async def test_lines_of_json_are_a_list_of_rows(wire: Wire, product: Product) -> None:
    returned = await read(wire, product, web.Response(text='{"id": 1}\n{"id": 2}\n', content_type="application/x-ndjson"))
    assert (returned.data, returned.rows) == ([{"id": 1}, {"id": 2}], 2)


async def test_xml_is_read_by_the_schema_of_its_answer(wire: Wire, product: Product) -> None:
    schema = {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}}
    declared = {"200": {"description": "ok", "content": {"application/xml": {"schema": schema}}}}
    returned = await read(wire, product, web.Response(text="<all><one><id>7</id></one></all>", content_type="application/xml"), **declared)
    assert (returned.data, returned.rows, returned.drift) == ([{"id": 7}], 1, ())


async def test_a_file_is_no_data_and_has_a_name(wire: Wire, product: Product) -> None:
    headers = {"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename=\"../x.pdf\"; filename*=UTF-8''%ea%b2%ac%ec%a0%81.pdf"}
    returned = await read(wire, product, web.Response(body=b"%PDF-1.7", headers=headers))
    assert (returned.outcome, returned.data, returned.rows, returned.warnings) == ("done", None, None, ())
    assert returned.file == File("견적.pdf", "application/pdf", b"%PDF-1.7")


async def test_a_file_is_named_after_its_address_where_nothing_else_names_it(wire: Wire, product: Product) -> None:
    returned = await read(wire, product, web.Response(body=b"\x89PNG", content_type="image/png"))
    assert returned.file is not None
    assert returned.file.name == "7.png"


async def test_xml_that_is_refused_is_still_there_as_a_file(wire: Wire, product: Product) -> None:
    body = b'<!DOCTYPE plist PUBLIC "-//X" "http://127.0.0.1:1/x.dtd"><plist/>'
    returned = await read(wire, product, web.Response(body=body, content_type="application/xml"))
    assert returned.warnings == ("Done, but the answer could not be read: it declares a document type, which is not read.",)
    assert returned.file is not None
    assert returned.file.body == body
    assert len(product.seen) == 1


@pytest.mark.parametrize(("method", "status"), [("get", 204), ("get", 205), ("head", 200), ("get", 200), ("delete", 204)])
async def test_nothing_is_nothing(wire: Wire, product: Product, method: str, status: int) -> None:
    product.answers.append(web.Response(status=status, content_type="application/json"))
    called = work(document({"/things": {method: {}}}), {}, DocumentSettings(base_url=product.url))
    returned = await (attempt(wire, called) if method == "delete" else execute(wire, called))
    assert (returned.outcome, returned.data, returned.file, returned.rows, returned.warnings) == ("done", None, None, None, ())


async def test_a_file_that_breaks_off_is_not_kept(wire: Wire, product: Product) -> None:
    body = gzip.compress(b"%PDF" * 1_000)[:-20]
    returned = await read(wire, product, web.Response(body=body, headers={"Content-Type": "application/pdf", "Content-Encoding": "gzip"}))
    assert (returned.outcome, returned.file, len(returned.warnings)) == ("done", None, 1)


async def test_whatever_comes_can_be_stored(wire: Wire, product: Product) -> None:
    for body in (b'{"a": "\\ud800"}', b"[1e999, NaN, 123456789012345678901234567890]", b'{"a": "\xff"}', b"\xff\xfe\x00\xd8", b'{"\\udc00": 1}'):
        for kind in ("application/json", "text/plain; charset=utf-16", "application/x-ndjson", "application/xml", "text/csv"):
            returned = await read(wire, product, web.Response(body=body, headers={"Content-Type": kind}))
            assert returned.outcome == "done"
            orjson.dumps(returned.data)
