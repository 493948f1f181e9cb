"""CSV and TSV become records, and no cell becomes something else than it was."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.model import MediaType, Operation, Response
from tools.response import Content, Source, content_of
from tools.tables import MAX_CELLS, records_of


def read(body: bytes, kind: str = "text/csv", schema: object = True) -> Content:
    operation = Operation("export", "GET", "/export", responses=(Response("200", "", (MediaType("text/csv", schema),)),))  # type: ignore[arg-type]
    return content_of(body, kind, Source(operation))


@pytest.mark.parametrize(
    ("body", "kind", "data"),
    [
        (b"id,name\n1,Ann\n2,Bob\n", "text/csv", [{"id": "1", "name": "Ann"}, {"id": "2", "name": "Bob"}]),
        (b"\xef\xbb\xbfid;name\r\n1;M\xc3\xbcller\r\n", "text/csv", [{"id": "1", "name": "Müller"}]),
        ("이름,값\n가,1".encode("cp949"), "text/csv; charset=euc-kr", [{"이름": "가", "값": "1"}]),
        ("이름,값\n가,1".encode("euc-kr"), "text/csv", [{"이름": "가", "값": "1"}]),
        ("a,b\nü,1".encode("utf-16"), "text/csv", [{"a": "ü", "b": "1"}]),
        (b"a\tb\n1,5\t2\n", "text/tab-separated-values", [{"a": "1,5", "b": "2"}]),
        (b"a\tb\n1\t2\n", "text/csv", [{"a": "1", "b": "2"}]),
        (b'a,b\n"two\r\nlines","say ""hi"""\n', "text/csv", [{"a": "two\nlines", "b": 'say "hi"'}]),
        (b"price;note\n1,50;a\n2,50;b", "text/csv", [{"price": "1,50", "note": "a"}, {"price": "2,50", "note": "b"}]),
        (b"a,a,,a\n1,2,3,4", "text/csv", [{"a": "1", "a 2": "2", "column 3": "3", "a 3": "4"}]),
        (b"a,b\n1\n1,2,3\n", "text/csv", [{"a": "1"}, {"a": "1", "b": "2", "column 3": "3"}]),
        (b"id\n007\n\n008\n", "text/csv", [{"id": "007"}, {"id": "008"}]),
        (b"1,2\n3,4\n", "text/csv", [{"column 1": "1", "column 2": "2"}, {"column 1": "3", "column 2": "4"}]),
        (b"Ann,3\n", "text/csv; header=absent", [{"column 1": "Ann", "column 2": "3"}]),
        (b"a,b\n", "text/csv", []),
        (b'[{"a": 1}]', "text/csv", [{"a": 1}]),
    ],
)
def test_a_table_is_read_as_records(body: bytes, kind: str, data: object) -> None:
    assert read(body, kind).data == data


def test_cells_are_text_but_where_the_document_says_otherwise() -> None:
    columns = {
        "zip": {"type": "string"},
        "sum": {"type": "number", "readOnly": True},
        "count": {"type": ["integer", "null"]},
        "paid": {"type": "boolean"},
    }
    schema = {"type": "array", "items": {"type": "object", "properties": columns}}
    body = b"zip,sum,count,paid,version\n01234,1.50,7,TRUE,1.10\n5,n/a,,no,2\n"
    assert read(body, schema=schema).data == [
        {"zip": "01234", "sum": 1.5, "count": 7, "paid": True, "version": "1.10"},
        {"zip": "5", "sum": "n/a", "count": None, "paid": "no", "version": "2"},
    ]
    assert read(body).data[0] == {"zip": "01234", "sum": "1.50", "count": "7", "paid": "TRUE", "version": "1.10"}


def test_what_is_no_table_stays_text_and_is_kept_whole_as_a_file() -> None:
    body = b"a,b\n" + b"x" * 200_000  # a cell longer than any reader takes
    content = read(body)
    assert content.data == body[:50_000].decode()
    assert content.file is not None
    assert (content.file.body, content.file.media_type) == (body, "text/csv")


def test_the_number_of_cells_is_bounded() -> None:
    assert records_of("a\n" + "1,1,1,1,1,1,1,1,1,1\n" * (MAX_CELLS // 10 + 1)) is None
    assert records_of(",".join("x" * 3_000)) is None
    assert records_of("," * 5_000_000) is None
    assert records_of("a\n" * 2_100_000) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_what_was_written_as_csv_is_read_back(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["one", "two", "three"], *rows])
    assert records_of(text.getvalue()) == [dict(zip(["one", "two", "three"], row, strict=True)) for row in rows]
