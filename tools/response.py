"""An answer's bytes to data: what it is, where its rows lie, and how it is told in few words. Pure; everything here is hostile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

import orjson

from specs.pointers import pointer
from tools.fields import names, plain_name

MAX_DEPTH = 64
MAX_TEXT = 50_000
OUTLINE = 800
LIST_NAMES = (
    "items", "data", "results", "result", "records", "rows", "value", "values", "entries", "list", "elements", "content", "objects", "resources",
    "hits",
)  # fmt: skip
TOTAL_NAMES = names("total totalcount totalresults totalitems totalrecords totalelements totalsize totalhits odatacount totalnumber")
ENVELOPES = ("meta", "pagination", "page", "paging", "metadata", "pageinfo", "searchinfo")
RECORD_KEYS = frozenset({"id", "uuid", "name", "username", "key"})


@dataclass(frozen=True, slots=True)
class Content:
    """`problem`: why the data could not be read; then `data` is None."""

    data: Any
    media_type: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the list of records lies (JSON pointer), and how many the product says there are."""

    path: str
    items: list[Any]
    total: int | None


def content_of(body: bytes, content_type: str) -> Content:
    media_type, charset = kind_of(content_type or "application/octet-stream")
    if not body.strip():
        return Content(None, media_type)
    if media_type == "application/json" or media_type.endswith("+json") or (not content_type and body[:1] in b"{["):
        return json_content(body, media_type)
    if media_type.startswith("text/") or media_type.endswith(("xml", "csv", "yaml")):
        return Content(decoded(body, charset)[:MAX_TEXT], media_type)
    return Content(None, media_type)


def kind_of(content_type: str) -> tuple[str, str]:
    """Media type and charset; of a header that cannot be read, those of bytes that are no text."""
    header = Message()
    header["content-type"] = content_type
    try:
        return header.get_content_type(), header.get_content_charset() or "utf-8"
    except (ValueError, LookupError, TypeError):  # RFC 2231: numbered parts, charsets within the charset
        return "application/octet-stream", "utf-8"


def json_content(body: bytes, media_type: str) -> Content:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Content(None, media_type, "it is not valid JSON")
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and too_deep(data):
        return Content(None, media_type, "it is nested too deeply")
    return Content(data, media_type)


def decoded(body: bytes, charset: str) -> str:
    """`charset` is the product's word; a strange one must not cost more than the text is worth, nor make what is no text (lone surrogates)."""
    try:
        return body[: 4 * MAX_TEXT].decode(charset, "replace").encode("utf-8", "replace").decode()
    except (LookupError, ValueError):
        return body[: 4 * MAX_TEXT].decode("utf-8", "replace")


def too_deep(data: Any) -> bool:
    """Level by level, without recursion."""
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [inner for each in level for inner in children(each) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def rows_of(data: Any, headers: Mapping[str, str] | None = None) -> Rows | None:
    """None when the data is one record, or no data."""
    stated = (headers or {}).get("x-total-count", "")
    total = int(stated) if stated.isdecimal() and len(stated) < 16 else None
    if isinstance(data, list):
        return Rows("", data, total)
    if not isinstance(data, dict):
        return None
    found = listed(data, 0)
    return None if found is None else Rows(found[0], found[1], total_of(data) if total is None else total)


def listed(data: Mapping[str, Any], depth: int) -> tuple[str, list[Any]] | None:
    by_name = {plain_name(name): name for name in data}
    for name in LIST_NAMES:
        inner = data.get(by_name.get(name, ""))
        if isinstance(inner, list):
            return pointer(by_name[name]), inner
        if isinstance(inner, dict) and depth < 2 and (deeper := listed(inner, depth + 1)):
            return pointer(by_name[name]) + deeper[0], deeper[1]
    lists = [(name, value) for name, value in data.items() if isinstance(value, list)]
    # A record with one list in it is still a record: {"id": 7, "tags": [...]}.
    if len(lists) == 1 and not RECORD_KEYS & by_name.keys() and all(isinstance(each, dict) for each in lists[0][1]):
        return pointer(lists[0][0]), lists[0][1]
    return None


def total_of(data: Mapping[str, Any]) -> int | None:
    for name, value in data.items():
        if plain_name(name) in TOTAL_NAMES and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    inner = [value for name, value in data.items() if plain_name(name) in ENVELOPES and isinstance(value, dict)]
    return next((total for each in inner if (total := total_of(each)) is not None), None)


def outline(data: Any) -> str:
    """The shape in words with counts: a list of 25 objects (id, name ...)."""
    text = shape(data, 0)
    return text if len(text) <= OUTLINE else f"{text[: OUTLINE - 1].rsplit(',', 1)[0]}, …"


def shape(data: Any, depth: int) -> str:
    match data:
        case dict():
            if depth >= 3:
                return f"object of {len(data)} fields"
            inner = [f"{name[:60]}: {shape(value, depth + 1)}" for name, value in list(data.items())[:30]]
            more = f", and {len(data) - 30} more" if len(data) > 30 else ""
            return f"{{{', '.join(inner)}{more}}}"
        case list():
            kinds = list(dict.fromkeys(shape(each, depth + 1) for each in data[:3]))
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


def sample(data: Any, budget: int = 2_000) -> Any:
    """The data itself when it fits, else fewer rows and shorter texts of it, as valid JSON within `budget` characters."""
    for rows, characters, fields in ((50, 1_000, 60), (10, 300, 40), (5, 120, 30), (3, 60, 20), (1, 40, 12), (1, 20, 5), (0, 10, 3)):
        cut = shortened(data, rows, characters, fields)
        if len(orjson.dumps(cut)) <= budget:
            return cut
    return None


def shortened(data: Any, rows: int, characters: int, fields: int) -> Any:
    match data:
        case dict():
            return {name[:100]: shortened(value, rows, characters, fields) for name, value in list(data.items())[:fields]}
        case list():
            return [shortened(each, rows, characters, fields) for each in data[:rows]]
        case str():
            return data if len(data) <= characters else f"{data[: characters - 1]}…"
        case _:
            return data
