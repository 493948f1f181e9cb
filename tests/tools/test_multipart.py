"""Multipart bodies, read back by a parser that is not ours."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_multipart.multipart import MultipartParser, parse_options_header

from tests.tools.calls import STRING, STRINGS, TARGET, body, built, media_type, properties
from tools.files import File, handle_of
from tools.multipart import Part, joined
from tools.request import Held, Request, build
from tools.schema import definition
from tools.settings import DocumentSettings

BINARY, BYTES, OBJECT = {"type": "string", "format": "binary"}, {"type": "string", "format": "byte"}, {"type": "object"}
PHOTO = File("me.png", "image/png", b"\x89PNG\r\n--")
HANDLE = handle_of(PHOTO)


@dataclass
class Read:
    headers: list[list[bytes]] = field(default_factory=list)
    data: bytes = b""

    def header(self, name: str) -> str | None:
        return next((value.decode() for key, value in self.headers if key.decode().lower() == name.lower()), None)

    @property
    def disposition(self) -> dict[bytes, bytes]:
        return parse_options_header(next(value for key, value in self.headers if key == b"Content-Disposition"))[1]


def read(content_type: str, text: bytes) -> list[Read]:
    found: list[Read] = []

    def add(place: int) -> Any:
        def more(data: bytes, start: int, end: int) -> None:
            found[-1].headers[-1][place] += data[start:end]

        return more

    def data(chunk: bytes, start: int, end: int) -> None:
        found[-1].data += chunk[start:end]

    callbacks = {
        "on_part_begin": lambda: found.append(Read()), "on_part_data": data, "on_header_begin": lambda: found[-1].headers.append([b"", b""]),
        "on_header_field": add(0), "on_header_value": add(1),
    }  # fmt: skip
    kind, options = parse_options_header(content_type)
    assert kind == b"multipart/form-data"
    parser = MultipartParser(options[b"boundary"], callbacks)  # type: ignore[arg-type]
    parser.write(text)
    parser.finalize()
    return found


def parts(
    schemas: dict[str, Any], arguments: dict[str, Any], encoding: dict[str, Any] | None = None, files: dict[str, File] | None = None
) -> list[Read]:
    content = {"multipart/form-data": {**properties(**schemas), **({"encoding": encoding} if encoding else {})}}
    request = built(body(content), arguments, {HANDLE: PHOTO} if files is None else files)
    return read(media_type(request), request.body or b"")


def shown(part: Read) -> tuple[str | None, str | None, bytes]:
    return part.header("Content-Disposition"), part.header("Content-Type"), part.data


@pytest.mark.parametrize(
    ("schema", "encoding", "value", "expected"),
    [
        (STRING, None, "x ü", [("", None, "x ü".encode())]),
        ({"type": "integer"}, None, 5, [("", None, b"5")]),
        ({}, None, False, [("", None, b"false")]),
        ({}, None, None, []),
        (STRING, {"contentType": "text/markdown"}, "# x", [("", "text/markdown", b"# x")]),
        (STRING, {"contentType": "text/markdown, text/plain"}, "# x", [("", None, b"# x")]),
        (STRINGS, None, ["1", "2"], [("", None, b"1"), ("", None, b"2")]),
        (STRINGS, {"explode": False}, ["1", "2"], [("", None, b"1,2")]),
        (OBJECT, None, {"x": [1, "ü"]}, [("", "application/json", '{"x":[1,"ü"]}'.encode())]),
        (OBJECT, {"contentType": "application/xml"}, {"x": 1}, [("", "application/xml", b'<?xml version="1.0" encoding="UTF-8"?><a><x>1</x></a>')]),
        ({"type": "array", "items": OBJECT}, None, [{"x": 1}], [("", "application/json", b'{"x":1}')]),
        (BINARY, None, HANDLE, [("me.png", "image/png", PHOTO.body)]),
        (BINARY, {"contentType": "image/jpeg"}, HANDLE, [("me.png", "image/jpeg", PHOTO.body)]),
        (BINARY, {"contentType": "image/*"}, HANDLE, [("me.png", "image/png", PHOTO.body)]),
        (BINARY, None, "as text", [("a.txt", "text/plain", b"as text")]),
        ({"type": "array", "items": BINARY}, None, [HANDLE, HANDLE], [("me.png", "image/png", PHOTO.body)] * 2),
        ({"anyOf": [BINARY, {"type": "null"}]}, None, HANDLE, [("me.png", "image/png", PHOTO.body)]),
        ({"anyOf": [{"type": "array", "items": BINARY}, {"type": "null"}]}, None, ["x"], [("a.txt", "text/plain", b"x")]),
        ({}, None, HANDLE, [("me.png", "image/png", PHOTO.body)]),
        ({}, None, "text", [("", None, b"text")]),
        ({}, {"contentType": "image/png"}, HANDLE, [("me.png", "image/png", PHOTO.body)]),
        ({"contentMediaType": "image/png"}, None, HANDLE, [("me.png", "image/png", PHOTO.body)]),
        (BYTES, None, HANDLE, [("", None, b"iVBORw0KLS0=")]),
    ],
)
def test_a_part_is_written_by_its_schema_and_its_encoding(schema: dict, encoding: dict | None, value: object, expected: list) -> None:
    found = parts({"a": schema}, {"a": value}, {"a": encoding} if encoding else None)
    wanted = [(f'form-data; name="a"{f"; filename={chr(34)}{name}{chr(34)}" if name else ""}', kind, data) for name, kind, data in expected]
    assert [shown(each) for each in found] == wanted


def test_names_cannot_end_their_quotes_or_their_line() -> None:
    bad = File('a"; filename="b\r\nX: 1.png', "image/png\r\nX: 2", b"")
    (found,) = parts({'n"\r\n': BINARY}, {'n"\r\n': handle_of(bad)}, files={handle_of(bad): bad})
    assert found.header("Content-Disposition") == 'form-data; name="n%22%0D%0A"; filename="a%22; filename=%22b%0D%0AX: 1.png"'
    assert found.header("Content-Type") == "application/octet-stream"
    assert len(found.headers) == 2


def test_the_same_arguments_give_the_same_bytes_and_others_do_not() -> None:
    one = [Part("a", b"1"), Part("b", b"2")]
    assert joined(one) == joined(list(one))
    assert joined(one)[0] != joined([Part("a", b"12"), Part("b", b"")])[0]


def test_no_part_is_still_a_body() -> None:
    boundary, text = joined([])
    assert text == f"--{boundary}--\r\n".encode()


OPEN = body({"multipart/form-data": properties(a={}, b=BINARY)})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=9), min_size=1, max_size=3), st.binary(max_size=40), st.text(max_size=9))
def test_what_was_written_as_parts_is_read_back(texts: list[str], data: bytes, name: str) -> None:
    file = File(name, "image/png", data)
    arguments = {"a": texts, "b": handle_of(file)}
    request = build(OPEN, definition(OPEN, DocumentSettings()), arguments, TARGET, Held(files={handle_of(file): file}))
    assert isinstance(request, Request)
    *first, last = read(media_type(request), request.body or b"")
    assert [each.data.decode() for each in first] == texts
    assert (last.data, last.disposition[b"name"]) == (data, b"b")
    assert b'"' not in last.disposition[b"filename"]
