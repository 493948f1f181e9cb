"""Answers as data: read, told in few words, cut to size."""

import json
import sys

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.pointers import value_at, with_value
from tools.files import File
from tools.lenient import MAX_DEPTH, too_deep
from tools.request import MASK
from tools.response import MAX_TEXT, OUTLINE, Source, content_of, outline, sample
from tools.rows import rows_of

KINDS = [
    "",
    "application/json",
    "text/csv",
    "text/tsv",
    "application/xml",
    "application/x-ndjson",
    "application/json-seq",
    "text/html; charset=utf-16",
]


@pytest.mark.parametrize(
    ("data", "path", "count", "total"),
    [
        ([{"id": 1}], "", 1, None),
        ([], "", 0, None),
        ({"items": [{"id": 1}], "total": 7}, "/items", 1, 7),
        ({"data": {"records": [1, 2]}, "meta": {"totalCount": 2}}, "/data/records", 2, 2),
        ({"users": [{"name": "a"}], "next_cursor": None}, "/users", 1, None),
        ({"a/b": [{"x": 1}]}, "/a~1b", 1, None),
        ({"kind": "List", "metadata": {}, "items": []}, "/items", 0, None),
        ({"_embedded": {"orders": [{"id": 1}]}, "page": {"totalElements": 9}}, "/_embedded/orders", 1, 9),
        ({"hits": {"total": {"value": 40}, "hits": [{"_id": 1}]}}, "/hits/hits", 1, 40),
        ({"d": {"results": [{"x": 1}], "__count": "12"}}, "/d/results", 1, 12),
        ({"total": "12", "users": [{"name": "a"}]}, "/users", 1, 12),
    ],
)
def test_the_rows_of_a_list_are_found(data: object, path: str, count: int, total: int | None) -> None:
    rows = rows_of(data)
    assert rows is not None
    assert (rows.path, len(rows.items), rows.total) == (path, count, total)
    assert value_at(data, path) == rows.items
    assert value_at(with_value(data, path, ["new"]), path) == ["new"]


@pytest.mark.parametrize("data", [None, 5, "x", {}, {"id": 1, "tags": [{"a": 1}]}, {"name": "a", "groups": [{"id": 1}]}, {"a": [{}], "b": [{}]}])
def test_a_record_is_no_list(data: object) -> None:
    assert rows_of(data) is None


def test_a_total_may_come_in_a_header() -> None:
    for stated, total in (("40", 40), ("²", None), ("9" * 5000, None), ("-1", None)):
        rows = rows_of([1], {"x-total-count": stated})
        assert rows is not None
        assert rows.total == total


@pytest.mark.parametrize("path", ["/²", "/" + "9" * 5000, "/1", "/-1"])
def test_where_there_is_nothing_there_is_nothing(path: str) -> None:
    assert value_at([1], path) is None


@pytest.mark.parametrize(
    ("body", "kind", "data"),
    [
        (b'{"a": 1}', "application/json; charset=utf-8", {"a": 1}),
        (b'{"a": 1}', "application/problem+json", {"a": 1}),
        (b'{"a": 1}', "application/vnd.shop.v2+json", {"a": 1}),
        (b'{"a": 1}', "", {"a": 1}),
        (b" [1]", "text/html; charset=utf-8", [1]),
        (b'{"a": 1}', "text/plain", {"a": 1}),
        (b'{"a": 1}', "application/octet-stream", {"a": 1}),
        (b'{"a": 1}\n{"a": 2}\n', "application/x-ndjson", [{"a": 1}, {"a": 2}]),
        (b'{"a": 1}\n{"a": 2}\n', "application/json", [{"a": 1}, {"a": 2}]),
        (b'\x1e{"a": 1}\n\x1e{"a": 2}\n', "application/json-seq", [{"a": 1}, {"a": 2}]),
        (b'\x1e{"a": 1}\n', "application/geo+json-seq", [{"a": 1}]),
        (b"", "application/json", None),
        (b"\r\n", "text/csv", None),
        (b"caf\xe9", "text/plain; charset=latin-1", "café"),
        (b"x", "text/plain; charset=no-such", "x"),
        (b"x", "text/plain; charset=punycode", "x"),
        (b"[2026] started", "text/plain", "[2026] started"),
        (b"plain words", "", "plain words"),
        (b"a,b\n1,2", "text/csv", [{"a": "1", "b": "2"}]),
        (b"<a><b>1</b></a>", "application/atom+xml", {"b": "1"}),
        (b"<?xml version='1.0'?><a><b>1</b></a>", "", {"b": "1"}),
        (b"<html><body>Sorry</body></html>", "text/html", "<html><body>Sorry</body></html>"),
        (b"a: 1", "application/yaml", "a: 1"),
    ],
)
def test_a_body_is_read_by_its_media_type(body: bytes, kind: str, data: object) -> None:
    content = content_of(body, kind)
    assert (content.data, content.problem, content.file) == (data, "", None)


@pytest.mark.parametrize(
    ("body", "kind", "headers", "name", "media_type"),
    [
        (b"\x89PNG\r\n", "image/png", {}, "7.png", "image/png"),
        (b"<svg/>", "image/svg+xml", {}, "7.svg", "image/svg+xml"),
        (b"\x00\x01", "", {}, "7.bin", "application/octet-stream"),
        (b"words", "application/octet-stream", {}, "7.bin", "application/octet-stream"),
        (b"%PDF", "application/pdf", {"content-disposition": "attachment; filename=../bill.pdf"}, "bill.pdf", "application/pdf"),
        (b"x" * 60_000, "text/plain", {}, "7.txt", "text/plain"),
        (b"<p>" * 30_000, "text/html", {}, "7.html", "text/html"),
    ],
)
def test_what_is_no_data_or_too_long_to_be_shown_is_a_file(body: bytes, kind: str, headers: dict, name: str, media_type: str) -> None:
    content = content_of(body, kind, Source(headers=headers, url="https://api.test/things/7?x=1"))
    assert content.file == File(name, media_type, body)
    assert content.data == (body[:MAX_TEXT].decode() if len(body) > MAX_TEXT else None)


def test_bytes_are_read_by_the_name_they_are_sent_under() -> None:
    headers = {"content-disposition": 'attachment; filename="rows.csv"'}
    content = content_of(b"a,b\n1,2\n", "application/octet-stream", Source(headers=headers))
    assert (content.data, content.media_type) == ([{"a": "1", "b": "2"}], "text/csv")


def test_nesting_is_bounded() -> None:
    deep: list = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert too_deep(deep)
    assert not too_deep(deep[0][0])
    assert content_of(json.dumps(deep).encode(), "application/json").problem
    assert content_of(json.dumps(deep).encode(), "text/plain").data == json.dumps(deep)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(KINDS) | st.text(max_size=30))
def test_no_answer_is_too_strange(body: bytes, kind: str) -> None:
    content = content_of(body, kind)
    orjson.dumps(content.data)
    rows_of(content.data)
    sample(content.data)


def test_the_outline_tells_the_shape_with_counts() -> None:
    data = {"items": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "total": 2, "next": None}
    assert outline(data) == "{items: list of 2 × {id: number, name: text}, total: number, next: null}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), inner, max_size=20),
    max_leaves=60,
)


@pytest.mark.parametrize("before", range(80, 125))
def test_a_personal_number_is_not_cut_in_two(before: int) -> None:
    told = orjson.dumps(sample([{"note": f"{'x' * before} 4111 1111 1111 1111 {'y' * 3_000}"} for _ in range(9)])).decode()
    assert "411" not in told
    assert "xxx" in told


def test_names_that_are_personal_numbers_are_no_part_of_an_outline() -> None:
    data = {"4111111111111111": {"900101-1234567": 1}, f"ghp_{'a' * 36}": [{f"{'x' * 50} 4111 1111 1111 1111": 1}]}
    assert outline(data) == f"{{{MASK}: {{{MASK}: number}}, {MASK}: list of 1 × {{{'x' * 50} {MASK}: number}}}}"


@settings(max_examples=300, deadline=None)
@given(JSON, st.integers(20, 3_000))
def test_outlines_and_samples_stay_in_their_bounds(data: object, budget: int) -> None:
    assert len(outline(data)) <= OUTLINE + 3
    cut = sample(data, budget)
    text = json.dumps(cut, ensure_ascii=False, separators=(",", ":"))
    assert len(text) <= budget
    if len(text) < 20 and budget == 3_000:
        assert type(cut) is type(data) or cut is None


def test_the_outline_and_the_sample_of_a_large_answer_are_small_and_soon_made() -> None:
    """4,000 tokens are about 12,000 characters; what is looked at is bounded too, which the step counter proves."""
    wide = [{f"field_{n}": {"a": "x" * 5_000, "b": [n] * 30} for n in range(300)} for _ in range(20)]
    rows = [{"id": n, "name": f"thing {n}", "note": "text " * 20, "tags": ["a", "b"], "nested": {"x": {"y": {"z": [n]}}}} for n in range(50_000)]
    deep: object = 1
    for _ in range(60):
        deep = [deep, {"a": deep}, 2]
    for data in (wide, {"items": rows}, rows, deep, {f"k{n}" * 30: n for n in range(50_000)}, ["x" * 1_000_000] * 3, "x" * 1_000_000):
        steps = 0

        def step(*_: object) -> None:
            nonlocal steps
            steps += 1

        sys.setprofile(step)
        text = outline(data) + orjson.dumps(sample(data)).decode()
        sys.setprofile(None)
        assert len(text) < 4_000
        assert steps < 60_000
    assert "list of 50000" in outline({"items": rows})
    assert sample(rows)[0]["id"] == 0
