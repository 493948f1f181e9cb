"""An answer's bytes to data: what it is, and how it is told in few words. Pure; everything here is hostile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

import orjson

from specs.model import Operation, Schema
from tools.declared import schema_for
from tools.downloads import name_of, type_by_name
from tools.elements import Unread, data_of, read
from tools.files import File
from tools.lenient import MAX_DEPTH, NOTHING, json_of, lines_of, too_deep, too_many
from tools.redact import without_personal
from tools.tables import records_of
from tools.texts import kind_of, looks_like_text, text_of

MAX_TEXT = 50_000
OUTLINE = 800  # characters
BEHIND = 60  # characters behind a cut that are looked at, too: the longest number is shorter
UNTYPED = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/force-download", "application/download"}
)
JSON_TYPES = frozenset({"application/json", "text/json", "application/x-json", "text/x-json"})
LINE_TYPES = frozenset(
    f"application/{name}"
    for name in ("x-ndjson", "ndjson", "jsonl", "x-jsonl", "jsonlines", "x-jsonlines", "json-lines", "x-json-stream", "stream+json", "json-seq")
)
TABBED = frozenset({"text/tab-separated-values", "text/tsv", "text/x-tsv", "application/tab-separated-values"})
TABLE_TYPES = TABBED | {"text/csv", "application/csv", "text/x-csv", "application/x-csv", "text/comma-separated-values", "application/vnd.ms-csv"}
NOT_DATA = frozenset({"image/svg+xml", "application/xhtml+xml"})
Form = Literal["json", "lines", "table", "xml", "text", "file", "unknown"]


@dataclass(frozen=True, slots=True)
class Content:
    """`problem`: why the data could not be read; then `data` is None. `file`: what is no data, or is too long to be shown whole."""

    data: Any
    media_type: str
    problem: str = ""
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer answers: its declared schema and its name as a file come from here."""

    operation: Operation | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


NOWHERE = Source()


@dataclass(frozen=True, slots=True)
class _Body:
    bytes: bytes
    media_type: str
    charset: str
    headed: bool
    source: Source

    @property
    def schema(self) -> Schema:
        operation = self.source.operation
        return schema_for(operation, self.source.status, self.media_type) if operation else True

    @property
    def definitions(self) -> Mapping[str, Schema]:
        return self.source.operation.definitions if self.source.operation else {}

    @property
    def file(self) -> File:
        return File(name_of(self.source.headers, self.source.url, self.media_type), self.media_type, self.bytes)


def content_of(body: bytes, content_type: str, source: Source = NOWHERE) -> Content:
    """By its type; where that says nothing, or text, by its first bytes too: much JSON is sent as text/html."""
    media_type, charset = kind_of(content_type)
    if not body or body.isspace():
        return Content(None, media_type)
    if not content_type or media_type in UNTYPED:
        media_type = type_by_name(source.headers, source.url) or ("" if not content_type else media_type)
    given = _Body(body, media_type, charset, "header=absent" not in content_type.replace(" ", "").lower(), source)
    form = form_of(media_type)
    if form in {"text", "table", "unknown"} and body[:1_000].lstrip()[:1] in (b"{", b"[") and not too_many(body):
        data = json_of(body, charset)
        if isinstance(data, dict | list) and not too_deep(data):
            return Content(data, "application/json")
    return READERS[form](given)


def form_of(media_type: str) -> Form:
    if media_type in JSON_TYPES or (media_type.endswith("+json") and media_type not in LINE_TYPES):
        return "json"
    if media_type in LINE_TYPES or media_type.endswith("+json-seq"):
        return "lines"
    if media_type in TABLE_TYPES:
        return "table"
    if media_type in {"application/xml", "text/xml"} or (media_type.endswith("+xml") and media_type not in NOT_DATA):
        return "xml"
    if media_type.startswith("text/") or media_type.endswith(("yaml", "xhtml+xml")) or media_type == "application/x-www-form-urlencoded":
        return "text"
    return "unknown" if media_type in UNTYPED else "file"


def from_json(body: _Body) -> Content:
    if too_many(body.bytes):
        return Content(None, body.media_type, "it holds too many lists and objects")
    data = json_of(body.bytes, body.charset)
    if data is NOTHING and b"\n" in body.bytes:
        data = lines_of(body.bytes, body.charset)
    return bounded(data, body, "it is not valid JSON")


def from_lines(body: _Body) -> Content:
    if too_many(body.bytes):
        return Content(None, body.media_type, "it holds too many lists and objects")
    return bounded(lines_of(body.bytes, body.charset), body, "not every line of it is valid JSON")


def bounded(data: Any, body: _Body, problem: str) -> Content:
    if data is NOTHING:
        return Content(None, body.media_type, problem)
    if body.bytes.count(b"[") + body.bytes.count(b"{") > MAX_DEPTH and too_deep(data):
        return Content(None, body.media_type, "it is nested too deeply")
    return Content(data, body.media_type)


def from_table(body: _Body) -> Content:
    records = records_of(text_of(body.bytes, body.charset), body.media_type in TABBED, body.headed, body.schema, body.definitions)
    return from_text(body) if records is None else Content(records, body.media_type)


def from_xml(body: _Body) -> Content:
    try:
        return Content(data_of(read(body.bytes, body.charset), body.schema, body.definitions), body.media_type)
    except Unread as unread:
        return Content(None, body.media_type, str(unread), body.file)


def from_text(body: _Body) -> Content:
    text = text_of(body.bytes, body.charset)
    return Content(text[:MAX_TEXT], body.media_type or "text/plain", file=body.file if len(text) > MAX_TEXT else None)


def from_unknown(body: _Body) -> Content:
    """Of no type, or of bytes as such."""
    if body.bytes[:1_000].lstrip()[:5] == b"<?xml":
        return from_xml(body)
    return from_text(body) if not body.media_type and looks_like_text(body.bytes) else as_file(body)


def as_file(body: _Body) -> Content:
    file = body.file if body.media_type else File(name_of(body.source.headers, body.source.url, ""), "application/octet-stream", body.bytes)
    return Content(None, file.media_type, file=file)


READERS: Mapping[Form, Callable[[_Body], Content]] = {
    "json": from_json, "lines": from_lines, "table": from_table, "xml": from_xml, "text": from_text, "file": as_file, "unknown": from_unknown,
}  # fmt: skip


def outline(data: Any) -> str:
    """The shape in words with counts: a list of 25 objects (id, name ...). Models read it, so a name that is a value of its own is masked."""
    text = shape(data, 0)
    return text if len(text) <= OUTLINE else f"{text[: OUTLINE - 1].rsplit(',', 1)[0]}, …"


def shape(data: Any, depth: int) -> str:
    match data:
        case dict():
            if depth >= 4:
                return f"object of {len(data)} fields"
            inner = [f"{told_name(name)}: {shape(value, depth + 1)}" for name, value in islice(data.items(), 30)]
            more = f", and {len(data) - 30:,} more" if len(data) > 30 else ""
            return f"{{{', '.join(inner)}{more}}}"
        case list():
            kinds = list(dict.fromkeys(shape(each, depth + 1) for each in data[:3])) if depth < 4 else []
            return f"list of {len(data)}" + (f" × {kinds[0]}" if kinds else "")
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text" if len(data) <= 200 else f"text of {len(data)} characters"
        case None:
            return "null"
        case _:
            return "value"


def told_name(name: str) -> str:
    return without_personal(name, "")[:60]


def sample(data: Any, budget: int = 2_000) -> Any:
    """The data itself when it fits, else fewer rows and shorter texts of it, as valid JSON within `budget` characters."""
    for rows, characters, fields in ((50, 1_000, 60), (10, 300, 40), (5, 120, 30), (3, 60, 20), (1, 40, 12), (1, 20, 5), (0, 10, 3)):
        try:
            cut = _Cut(rows, characters, fields, budget).of(data)
        except _OutOfRoom:
            continue
        if len(orjson.dumps(cut)) <= budget:
            return cut
    return None


class _OutOfRoom(Exception):
    """Ends one try: the shape of an answer can be as wide as it is deep."""


@dataclass(slots=True)
class _Cut:
    rows: int
    characters: int
    fields: int
    room: int  # characters of JSON, counted low

    def of(self, data: Any) -> Any:
        self.room -= 2
        if self.room < 0:
            raise _OutOfRoom
        match data:
            case dict():
                return {self.text(name, 100): self.of(value) for name, value in islice(data.items(), self.fields)}
            case list():
                return [self.of(each) for each in data[: self.rows]]
            case str():
                return self.text(data, self.characters)
            case _:
                return data

    def text(self, text: str, longest: int) -> str:
        # A number that is cut in two is no longer known for what it is.
        cut = text if len(text) <= longest else f"{without_personal(text[: longest + BEHIND], '')[: longest - 1]}…"
        self.room -= len(cut)
        return cut
