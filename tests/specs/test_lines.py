"""Where in the text a JSON pointer lies."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.lines import lines_of, with_lines
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
