"""Bytes to JSON: what is read, what is refused, and that no bytes do anything else."""

import gzip

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import DocumentRefused
from specs.load import MAX_BYTES, canonical, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def refused(data: bytes) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        read(data)
    return caught.value


def outcome(data: bytes) -> str:
    """Anything but a document that can be read and written, or a refusal, is an error here."""
    try:
        canonical(read(data))
    except DocumentRefused as refusal:
        return "refused" if refusal.code.startswith("document_") else refusal.code
    return "read"


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    assert outcome(data) in ("read", "refused")


@given(st.text(alphabet="{}[]:,-?&*!|>'\"#%@`ab1 \n\t<~.", max_size=60))
def test_no_text_made_of_yaml_signs_crashes_the_reader(text: str) -> None:
    assert outcome(text.encode()) in ("read", "refused")


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_json_is_read_as_it_is(value: dict[str, object]) -> None:
    assert read(orjson.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("on", "on"), ("No", "No"), ("true", True), ("FALSE", False), ("~", None), ("", None), ("null", None),
        ("2020-01-01", "2020-01-01"), ("12:30", "12:30"), ("1_000", "1_000"), ("0o17", 15), ("0x1F", 31), ("010", 10), ("-5", -5),
        ("1e3", 1000.0), (".5", 0.5), ("1.", 1.0), (".inf", ".inf"), (".nan", ".nan"), ("1.2.3", "1.2.3"), ("'5'", "5"), ('"true"', "true"),
        ("!!str 5", "5"), ("!!int '5'", 5), ("99999999999999999999", 1e20), ("-", ["x"]), ("+", "+"), (".", "."), ("1e999", "1e999"),
    ],
)  # fmt: skip
def test_yaml_scalars_follow_the_core_schema_of_1_2(text: str, value: object) -> None:
    assert read(f"a: {text}\n".encode() if text != "-" else b"a:\n- x\n") == {"a": value}


def test_yaml_keys_are_text() -> None:
    assert read(b"200: a\non: b\n1.5: c\nnull: d\n") == {"200": "a", "on": "b", "1.5": "c", "null": "d"}


def test_aliases_and_merge_keys_are_expanded() -> None:
    text = b"base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\ntwo: {<<: [*b, {z: 4}]}\nthree: *b\n"
    assert read(text) == {"base": {"x": 1, "y": 2}, "one": {"y": 3, "x": 1}, "two": {"x": 1, "y": 2, "z": 4}, "three": {"x": 1, "y": 2}}


def bomb(line: str) -> bytes:
    rows = ["a0: &a0 {k: [x,x,x,x,x,x,x,x,x]}"] + [line.format(i=i, many=",".join([f"*a{i - 1}"] * 9)) for i in range(1, 10)]
    return "\n".join(rows).encode()


@pytest.mark.parametrize("line", ["a{i}: &a{i} [{many}]", "a{i}: &a{i} {{<<: [{many}], k{i}: [{many}]}}"])
def test_aliases_that_multiply_are_refused_before_they_are_expanded(line: str) -> None:
    assert refused(bomb(line)).code == "document_too_many_aliases"


def test_aliases_to_one_long_text_count_its_characters() -> None:
    text = "a: &a " + "x" * 1_000_000 + "\nb: [" + ",".join(["*a"] * 100) + "]\n"
    assert refused(text.encode()).code == "document_too_many_aliases"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "document_empty"),
        (b" \n ", "document_empty"),
        (b"\xff\xfe\x00", "document_not_text"),
        (b'{"a": \xff}', "document_not_text"),
        (b'{"a": "\xed\xa0\x80"}', "document_not_text"),  # a lone surrogate
        (b"[1]", "document_not_object"),
        (b"hello", "document_not_object"),
        (b'{"a": tru', "document_not_json"),
        (b"a: [1", "document_not_yaml"),
        (b"a: 1\n---\nb: 2\n", "document_not_yaml"),
        (b"a: &x\n  b: *x\n", "document_alias_loop"),
        (b"a: *nowhere\n", "document_alias_loop"),
        (b"a: !!python/object/apply:os.getcwd []\n", "document_yaml_tag"),
        (b"a: !env HOME\n", "document_yaml_tag"),
        (b"? [a, b]\n: c\n", "document_key_not_text"),
        (b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", "document_too_deep"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "document_too_deep"),
        (b"a: " + b"[" * 300 + b"]" * 300, "document_too_deep"),
        (b'{"a":[' + b"1," * 3_000_001 + b"1]}", "document_too_large"),
        (b'{"a":"' + b"x" * MAX_BYTES + b'"}', "document_too_large"),
        (gzip.compress(b" " * (MAX_BYTES + 1), mtime=0), "document_too_large"),
        (gzip.compress(b'{"a": 1}', mtime=0)[:-9], "document_not_gzip"),
        (b"\x1f\x8bnonsense", "document_not_gzip"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_code(data: bytes, code: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        canonical(read(data))
    assert caught.value.code == code


def test_the_line_of_a_mistake_is_told() -> None:
    assert refused(b'{\n"a": 1,\n"b": [}\n}').more["line"] == 3
    assert refused(b"a: 1\nb: [\nc: }\n").more["line"] == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(encoding: str) -> None:
    assert read('{"a": "é"}'.encode(encoding)) == {"a": "é"}


def test_gzip_is_unpacked_also_in_several_members() -> None:
    assert read(gzip.compress(b'{"a": ') + gzip.compress(b"1}")) == {"a": 1}


def test_yaml_that_opens_with_a_brace_is_read() -> None:
    assert read(b"{a: 1, b: [x, y],}") == {"a": 1, "b": ["x", "y"]}
