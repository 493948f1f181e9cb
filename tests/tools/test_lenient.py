"""JSON as products send it: read where it can be, refused where it cannot, never an exception."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.lenient import MAX_CONTAINERS, MAX_DEPTH, MAX_LINES, NOTHING, json_of, lines_of, too_deep, too_many


@pytest.mark.parametrize(
    ("body", "charset", "data"),
    [
        (b'{"a": 1}', "", {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', "", {"a": 1}),
        ('{"a": "é"}'.encode("utf-16"), "", {"a": "é"}),
        (b'{"a": "caf\xe9"}', "iso-8859-1", {"a": "café"}),
        (b'{"a": "caf\xe9"}', "", {"a": "café"}),
        ('{"a": "한국"}'.encode("euc-kr"), "", {"a": "한국"}),
        (b'{"a": "caf\xc3\xa9"}', "no-such-charset", {"a": "café"}),
        (b'{"a": NaN, "b": -Infinity}', "", {"a": None, "b": None}),
        (b'{"a": "\\ud800x"}', "", {"a": "?x"}),
        (b'{"a": 1, "a": 2}', "", {"a": 2}),
        (b"[123456789012345678901234567890, -9223372036854775809]", "", ["123456789012345678901234567890", "-9223372036854775809"]),
        (b"[18446744073709551615, -9223372036854775808]", "", [18446744073709551615, -9223372036854775808]),
        (b"[" + b"9" * 5_000 + b"]", "", ["9" * 5_000]),
        (b"[1e400]", "", ["1e400"]),
        (b'{"a": "two\nlines"}', "", {"a": "two\nlines"}),
        (b")]}',\n[1]", "", [1]),
    ],
)
def test_what_is_nearly_json_is_read(body: bytes, charset: str, data: object) -> None:
    assert json_of(body, charset) == data
    orjson.dumps(json_of(body, charset))


@pytest.mark.parametrize("body", [b"{", b"<html>", b"OK", b"[1,]", b"\x00", b"[" * 50_000 + b"]" * 50_000, b'{"a":' * 50_000, b"\xff\xfe"])
def test_what_is_no_json_is_nothing(body: bytes) -> None:
    assert json_of(body) is NOTHING


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b'{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        (b'{"a": 1}\r\n\r\n{"a": 2}', [{"a": 1}, {"a": 2}]),
        (b'\x1e{"a": 1}\n\x1e{"a":\n 2}\n', [{"a": 1}, {"a": 2}]),
        (b'\x1e{"a": 1}\n\x1e{"a": 2', [{"a": 1}]),
        (b'{"a": "line\\u2028separator"}\n[1]', [{"a": "line\u2028separator"}, [1]]),
    ],
)
def test_values_by_line_or_record_separator_are_a_list(body: bytes, data: object) -> None:
    assert lines_of(body) == data


@pytest.mark.parametrize("body", [b"", b"one\ntwo", b'{"a": 1}\nwhat\n{"a": 2}'])
def test_lines_of_which_one_is_no_json_are_nothing(body: bytes) -> None:
    assert lines_of(body) is NOTHING


def test_what_would_become_too_much_in_memory_is_not_read() -> None:
    assert too_many(b"[" + b"[]," * MAX_CONTAINERS + b"[]]")
    assert not too_many(b'[{"a": [1]}]' * 50_000)
    assert lines_of(b"1\n" * (MAX_LINES + 2)) is NOTHING


def test_nesting_is_counted_without_recursion() -> None:
    deep: list = []
    for _ in range(5_000):
        deep = [deep]
    assert too_deep(deep)
    assert not too_deep([[1] * 100_000] * 3)
    assert MAX_DEPTH < 250  # orjson writes no deeper


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(["", "utf-16", "x", "\x00", "hex"]),
)
def test_no_bytes_are_too_strange(body: bytes, charset: str) -> None:
    for read in (json_of, lines_of):
        data = read(body, charset)
        assert data is NOTHING or json.loads(orjson.dumps(data)) == data
