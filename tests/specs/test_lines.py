"""Where in the text a JSON pointer lies."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.check import report
from preprocess.compile import compile_document
from runtime.errors import DocumentRefused
from specs.lines import duplicate_keys, lines_of, with_lines
from specs.model import Problem

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(alphabet='ab"\\{}[],:\n~/', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='a"{,:~/', max_size=3), inner, max_size=3),
    max_leaves=12,
)
TEXTS = [
    b'{\n "openapi": "3.1.0",\n "paths": {\n  "/a~b": {\n   "get": {"parameters": [\n    {"name": "}"},\n    5\n   ]}\n  }\n }\n}',
    b"openapi: 3.1.0\n\npaths:\n  /a~b:\n    get: {parameters: [\n    {name: x},\n    5]}\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_lines_are_found_in_json_and_in_yaml(text: bytes) -> None:
    pointer = "/paths/~1a~0b/get/parameters"
    lines = lines_of(text, [f"{pointer}/0/name", f"{pointer}/1", "/openapi"])
    first = 2 if text.startswith(b"{") else 1
    assert lines == {"/openapi": first, "/paths": first + (1 if first == 2 else 2), "/paths/~1a~0b": 4, f"{pointer[:-11]}": 5, pointer: 5,
                     f"{pointer}/0": 6, f"{pointer}/0/name": 6, f"{pointer}/1": 7}  # fmt: skip


def test_what_has_no_place_of_its_own_gets_its_parents() -> None:
    problems = [Problem("error", "x", "/paths/~1zz/get", ""), Problem("error", "x", "", "")]
    assert [one.line for one in with_lines(problems, TEXTS[1])] == [3, 1]


@given(st.dictionaries(st.text(alphabet="ab/~", max_size=3), JSON, max_size=4))
def test_any_json_gives_every_key_a_line(value: dict[str, object]) -> None:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    pointers = ["/" + name.replace("~", "~0").replace("/", "~1") for name in value]
    found = lines_of(text, pointers)
    assert set(found) == set(pointers)
    assert all(orjson.dumps(name) in text.split(b"\n")[found[pointer] - 1] for name, pointer in zip(value, pointers, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        b'{\n "a": {"x": 1,\n  "x": {"y": 1},\n  "z": [{"y": 1}, {"y": 1}]},\n "b~/": 1, "b~/": {}}',
        b"a:\n  x: 1\n  x: {y: 1}\n  z: [{y: 1}, {y: 1}]\nb~/: 1\nb~/: {<<: {}, <<: {}}\n",
    ],
)
def test_keys_that_stand_twice_are_told(text: bytes) -> None:
    lines = [3, 5] if text.startswith(b"{") else [3, 6]
    assert [(one.code, one.pointer, one.line) for one in duplicate_keys(text)] == [
        ("key_duplicate", "/a/x", lines[0]), ("key_duplicate", "/b~0~1", lines[1]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "pointer", "line"),
    [
        (b'{\n\n "swagger": "1.2"}', "document_version_unsupported", "/swagger", 3),
        (b"info: {}\nopenapi: 4.0.0\n", "document_version_unsupported", "/openapi", 2),
        (b"info: {}\n\nswaggerVersion: 1.2\n", "document_version_unsupported", "/swaggerVersion", 3),
        (b"\nasyncapi: 3.0.0\n", "document_not_openapi", "", 1),
        (b"[\n1]", "document_not_object", "", 1),
        (b'{"openapi": "3.1.0",\n "x": "]{", "a": [],\n "b":' + b"[" * 260 + b"\n" + b"]" * 260 + b"}", "document_too_deep", None, 3),
        (b'{"openapi": "3.1.0",\n "x":' + b"[" * 3_000 + b"\n" + b"]" * 3_000 + b"}", "document_too_deep", None, 2),
        (b"openapi: 3.1.0\na: &a " + b"[" * 150 + b"]" * 150 + b"\nb: &b {x: 1}\nc: " + b"[" * 150 + b"*b,*a", "document_too_deep", None, 4),
        (b'{"openapi": "3.1.0",\n "x": "\xff"}', "document_not_text", None, 2),
        (b"openapi: 3.1.0\nx: \xff\n", "document_not_text", None, 2),
        (b"openapi: 3.1.0\n\nx: \x00\n", "document_not_yaml", None, 3),
    ],
)
def test_a_refusal_names_its_place(text: bytes, code: str, pointer: str | None, line: int) -> None:
    with pytest.raises(DocumentRefused) as caught:
        compile_document(text)
    assert (caught.value.code, caught.value.more) == (code, {"pointer": pointer, "line": line})


def test_one_operation_too_many_is_told_where_it_stands() -> None:
    paths = "".join(f" /{number}: *a\n" for number in range(100_001))
    with pytest.raises(DocumentRefused) as caught:
        compile_document(f"openapi: 3.1.0\nx-a: &a {{get: {{}}}}\npaths:\n{paths}".encode())
    assert (caught.value.code, caught.value.more) == ("document_too_large", {"pointer": "/paths/~1100000/get", "line": 100_004})


def test_a_document_without_paths_is_refused_at_its_line() -> None:
    with pytest.raises(DocumentRefused) as caught:
        report(b"openapi: 3.0.0\ninfo: {}\npaths:\n- 1\n")
    assert caught.value.more == {"pointer": "/paths", "line": 3}
