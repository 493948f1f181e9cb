"""JSON pointers (RFC 6901): how a place in JSON is written, and what is read, put and taken away there. Pure, and total: a place may lead nowhere."""

import re
from collections.abc import Mapping
from typing import Any

INDEX = re.compile(r"0|[1-9][0-9]{0,8}")  # RFC 6901, 4; int() would also take "²" or "٣", or raise on them


def escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1") if "/" in part or "~" in part else part


def unescape(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def join(place: str, *names: str | int) -> str:
    """A place further in."""
    for name in names:
        place += "/" + (escape(name) if isinstance(name, str) else str(name))
    return place


def pointer(*names: str | int) -> str:
    return join("", *names)


def parts(place: str) -> list[str]:
    found = place.split("/")[1:]
    return [unescape(part) for part in found] if "~" in place else found


def index(part: str, items: list[Any]) -> int | None:
    """The number of an item that is there."""
    return int(part) if INDEX.fullmatch(part) and int(part) < len(items) else None


def value_at(document: Any, place: str) -> Any:
    """None where there is nothing."""
    for part in parts(place):
        if isinstance(document, Mapping):
            document = document.get(part)
        elif isinstance(document, list) and (number := index(part, document)) is not None:
            document = document[number]
        else:
            return None
    return document


def with_value(document: Any, place: str, value: Any) -> Any:
    """`document` with the value at a place replaced or added; the original stays as it is, and is the answer where the place leads nowhere."""
    if not place:
        return value
    head, *rest = parts(place)
    if isinstance(document, list):
        number = index(head, document)
        if number is None:
            return document
        return [*document[:number], with_value(document[number], pointer(*rest), value), *document[number + 1 :]]
    if document is None or isinstance(document, Mapping):
        known = dict(document or {})
        return {**known, head: with_value(known.get(head), pointer(*rest), value)}
    return document


def without(document: Any, place: str) -> Any:
    """`document` without what stands at a place; the original stays as it is."""
    head, *rest = parts(place) or [""]
    if isinstance(document, list):
        number = index(head, document)
        if number is None:
            return document
        kept = [without(document[number], pointer(*rest))] if rest else []
        return [*document[:number], *kept, *document[number + 1 :]]
    if not place or not isinstance(document, Mapping) or head not in document:
        return document
    if rest:
        return {**document, head: without(document[head], pointer(*rest))}
    return {name: value for name, value in document.items() if name != head}
