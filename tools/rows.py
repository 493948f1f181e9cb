"""Where the records of an answer lie, and how many the product says there are. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from specs.pointers import pointer
from tools.fields import names, plain_name

LIST_NAMES = (
    "items", "data", "results", "result", "records", "rows", "value", "values", "entries", "list", "elements", "content", "objects", "resources",
    "hits", "edges", "nodes", "member",
)  # fmt: skip
WRAPPERS = ("embedded", "response", "body", "payload", "d")  # hold the list, but only where the object around them is no record
DEEPEST_LIST = 4
TOTAL_NAMES = names("total totalcount totalresults totalitems totalrecords totalelements totalsize totalhits odatacount totalnumber totalrows")
TOTAL_HEADERS = ("x-total-count", "x-total", "x-pagination-total-count", "x-pagination-total", "total-count", "x-total-results")
CONTENT_RANGE = re.compile(r"\s*([a-z]{1,20})?[ =]*([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)\s*", re.IGNORECASE)  # RFC 9110, 14.4
ENVELOPES = ("meta", "pagination", "page", "paging", "metadata", "pageinfo", "searchinfo", "pagemeta", "cursor", "resultinfo")
RECORD_KEYS = frozenset({"id", "uuid", "name", "username", "key"})


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the list of records lies (JSON pointer), and how many the product says there are."""

    path: str
    items: list[Any]
    total: int | None


def rows_of(data: Any, headers: Mapping[str, str] | None = None) -> Rows | None:
    """None when the data is one record, or no data."""
    stated = total_in(headers or {})
    if isinstance(data, list):
        return Rows("", data, stated)
    if not isinstance(data, dict):
        return None
    found = listed(data, 0)
    if found is None:
        return None
    total = total_of(data, len(found[1])) if stated is None else stated
    return Rows(found[0], found[1], total)


def total_in(headers: Mapping[str, str]) -> int | None:
    given = CONTENT_RANGE.fullmatch(headers.get("content-range", "")[:200])
    texts = [given.group(4)] if given else []
    texts += [headers[name].strip() for name in TOTAL_HEADERS if name in headers]
    return next((total for text in texts if (total := whole(text)) is not None), None)


def whole(value: Any) -> int | None:
    """A number of things, also one that is written as text."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def listed(data: Mapping[str, Any], depth: int) -> tuple[str, list[Any]] | None:
    by_name = {plain_name(name): name for name in data}
    record = bool(RECORD_KEYS & by_name.keys())
    for name in (*LIST_NAMES, *(() if record else WRAPPERS)):
        inner = data.get(by_name.get(name, ""))
        if isinstance(inner, list):
            return pointer(by_name[name]), inner
        if isinstance(inner, dict) and depth < DEEPEST_LIST and (deeper := listed(inner, depth + 1)):
            return pointer(by_name[name]) + deeper[0], deeper[1]
    lists = [(name, value) for name, value in data.items() if isinstance(value, list)]
    # A record with one list in it is still a record: {"id": 7, "tags": [...]}.
    if len(lists) == 1 and not record and all(isinstance(each, dict) for each in lists[0][1]):
        return pointer(lists[0][0]), lists[0][1]
    return None


def total_of(data: Mapping[str, Any], read: int, depth: int = 0) -> int | None:
    """`read`: rows that came. A plain "count" is the number of all only where it is more than these: else it may be that of the page."""
    for name, value in data.items():
        plain = plain_name(name)
        stated = whole(value.get("value") if isinstance(value, dict) else value) if plain in TOTAL_NAMES or plain == "count" else None
        if stated is not None and (plain != "count" or stated > read):
            return stated
    inner = [each for name, each in data.items() if isinstance(each, dict) and plain_name(name) in {*ENVELOPES, *WRAPPERS, "hits", "data", "result"}]
    return next((total for each in inner if depth < DEEPEST_LIST and (total := total_of(each, read, depth + 1)) is not None), None)
