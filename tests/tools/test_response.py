"""Answers as data: read, told in few words, cut to size."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.pointers import value_at, with_value
from tools.lenient import MAX_DEPTH, too_deep
from tools.response import OUTLINE, content_of, outline, sample
from tools.rows import rows_of


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
        (b'{"a": 1}', "", {"a": 1}),
        (b"", "application/json", None),
        (b"caf\xe9", "text/plain; charset=latin-1", "café"),
        (b"x", "text/plain; charset=no-such", "x"),
        (b"a,b\n1,2", "text/csv", [{"a": "1", "b": "2"}]),
        (b"\x89PNG", "image/png", None),
    ],
)
def test_a_body_is_read_by_its_media_type(body: bytes, kind: str, data: object) -> None:
    content = content_of(body, kind)
    assert (content.data, content.problem) == (data, "")


def test_nesting_is_bounded() -> None:
    deep: list = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert too_deep(deep)
    assert not too_deep(deep[0][0])
    assert content_of(json.dumps(deep).encode(), "application/json").problem


def test_the_outline_tells_the_shape_with_counts() -> None:
    data = {"items": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}], "total": 2, "next": None}
    assert outline(data) == "{items: list of 2 × {id: number, name: text}, total: number, next: null}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), inner, max_size=20),
    max_leaves=60,
)


@settings(max_examples=300, deadline=None)
@given(JSON, st.integers(20, 3_000))
def test_outlines_and_samples_stay_in_their_bounds(data: object, budget: int) -> None:
    assert len(outline(data)) <= OUTLINE + 3
    cut = sample(data, budget)
    text = json.dumps(cut, ensure_ascii=False, separators=(",", ":"))
    assert len(text) <= budget
    if len(text) < 20 and budget == 3_000:
        assert type(cut) is type(data) or cut is None
