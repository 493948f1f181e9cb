"""JSON as products send it: one value, values by line (NDJSON) or marked off (RFC 7464), and what is nearly JSON. Pure; never an exception."""

import json
import re
from typing import Any

import orjson

from tools.texts import text_of

MAX_DEPTH = 64
MAX_LINES = 1_000_000
MAX_CONTAINERS = 2_000_000  # lists and objects
LONG_NUMBER = re.compile(rb"[:\[,\s]-?[0-9]{19,}\s*[,\]}]")  # in a list or an object: what orjson may have made a float of
RECORD_SEPARATOR = "\x1e"
GUARD = re.compile(r"\)\]\}',?\s*")  # put before JSON by some products so that a browser does not run it
NOTHING = object()
CONTAINERS = frozenset({dict, list})
LARGEST, SMALLEST = 2**64 - 1, -(2**63)  # of what can be written as JSON again everywhere


def json_of(body: bytes, charset: str = "") -> Any:
    """NOTHING when it is no JSON. Of a name that is given twice the last value counts; numbers that no machine holds stay as text."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError:
        return from_text(text_of(body, charset))
    if LONG_NUMBER.search(body):
        exact = leniently(text_of(body, charset))
        return data if exact is NOTHING else exact
    return data


def from_text(text: str) -> Any:
    text = text.removeprefix(found.group() if (found := GUARD.match(text)) else "")
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return leniently(text)


def leniently(text: str) -> Any:
    """What Python's reader takes and orjson does not: NaN, lone surrogates, line breaks in texts, long numbers; then made right."""
    try:
        data = json.loads(text, parse_int=whole_number, parse_float=number, parse_constant=lambda _: None, strict=False)
    except (ValueError, RecursionError):
        return NOTHING
    return righted(data) if "\\u" in text and not too_deep(data) else data


def whole_number(digits: str) -> int | str:
    """Exact, or the text of it: who reads an id of thirty digits as a float reads another id."""
    found = int(digits) if len(digits) < 21 else LARGEST + 1
    return found if SMALLEST <= found <= LARGEST else digits


def number(digits: str) -> float | str:
    found = float(digits)
    return digits if found in (float("inf"), float("-inf")) else found


def righted(data: Any) -> Any:
    """Texts without lone surrogates, which nothing could write again."""
    if isinstance(data, str):
        return data if data.isascii() else data.encode("utf-8", "replace").decode()
    if isinstance(data, dict):
        return {righted(name): righted(value) for name, value in data.items()}
    return [righted(each) for each in data] if isinstance(data, list) else data


def lines_of(body: bytes, charset: str = "") -> Any:
    """The values of a text that has one in each line, or after each record separator. A broken last one is left out. NOTHING: no such text."""
    text = text_of(body, charset).strip()
    mark = RECORD_SEPARATOR if RECORD_SEPARATOR in text else "\n"
    values: list[Any] = []
    if from_text(text.removeprefix(mark).partition(mark)[0]) is NOTHING or text.count(mark) > MAX_LINES:
        return NOTHING
    parts = [part for part in text.split(mark) if part and not part.isspace()]
    for number, part in enumerate(parts):
        value = from_text(part)
        if value is NOTHING:
            return values if 0 < number == len(parts) - 1 else NOTHING
        values.append(value)
    return values


def too_many(body: bytes) -> bool:
    """Three bytes of it become a hundred in memory, so what is read is bounded before it is."""
    return body.count(b"[") + body.count(b"{") > MAX_CONTAINERS


def too_deep(data: Any) -> bool:
    """Level by level, without recursion."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        level = [inner for each in level for inner in (each.values() if type(each) is dict else each) if type(inner) in CONTAINERS]
    return bool(level)
