"""What a product says when it refuses: its message, and its field errors by our argument names. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tools.fields import plain_name
from tools.schema import ToolDefinition

MESSAGE = 300
MOST = 30
MESSAGE_NAMES = ("detail", "message", "error_description", "error", "title", "description", "reason", "msg", "errormessage")
FIELD_NAMES = ("field", "pointer", "path", "name", "param", "parameter", "property", "loc", "location", "source", "attribute", "key", "instancepath")
LIST_NAMES = frozenset(
    ("errors", "invalidparams", "violations", "details", "detail", "error", "fields", "fielderrors", "validationerrors", "issues")
)


def message_of(data: Any) -> str:
    """One line of text; never the whole body."""
    if isinstance(data, str):
        return one_line(data) if "<" not in data[:50] else ""  # a page of HTML says nothing to anybody here
    if not isinstance(data, Mapping):
        return ""
    by_name = {plain_name(str(name)): value for name, value in data.items()}
    texts = [by_name[plain_name(name)] for name in MESSAGE_NAMES if plain_name(name) in by_name]
    said = [one_line(text) for text in texts if isinstance(text, str) and text.strip()]
    inner = (message_of(text) for text in texts if isinstance(text, Mapping))
    return said[0] if said else next(filter(None, inner), "")


def one_line(text: str) -> str:
    line = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    return line if len(line) <= MESSAGE else f"{line[: MESSAGE - 1]}…"


def field_errors(data: Any, definition: ToolDefinition) -> dict[str, str]:
    """By argument name. What names no argument is left to the message."""
    found: dict[str, str] = {}
    for path, text in pairs(data, 0):
        name = argument_for(path, definition)
        if name and text and len(found) < MOST:
            found[name] = f"{found[name]} {text}"[:MESSAGE] if name in found else text
    return found


def pairs(data: Any, depth: int) -> Iterator[tuple[list[str], str]]:
    """(path, message) from the usual forms: [{field, message}], {field: [messages]}, [{loc: [...], msg}], [{source: {pointer}, detail}]."""
    if not isinstance(data, Mapping) or depth > 2:
        return
    for name, value in data.items():
        if plain_name(str(name)) not in LIST_NAMES:
            continue
        if isinstance(value, list):
            for each in value[:MOST]:
                if isinstance(each, Mapping) and (path := path_in(each)):
                    yield path, message_of({k: v for k, v in each.items() if plain_name(str(k)) not in {"field", "name"}})
        elif isinstance(value, Mapping):
            yield from named(value)
            yield from pairs(value, depth + 1)


def named(value: Mapping[str, Any]) -> Iterator[tuple[list[str], str]]:
    for name, told in list(value.items())[:MOST]:
        text = " ".join(each for each in told if isinstance(each, str)) if isinstance(told, list) else told
        if isinstance(text, str) and plain_name(str(name)) not in {"message", "detail", "code", "type", "status", "title"}:
            yield parts_of(str(name)), one_line(text)


def path_in(error: Mapping[str, Any]) -> list[str]:
    by_name = {plain_name(str(name)): value for name, value in error.items()}
    for name in FIELD_NAMES:
        value = by_name.get(name)
        if isinstance(value, str) and value:
            return parts_of(value)
        if isinstance(value, list) and value:
            return [str(part) for part in value]
        if isinstance(value, Mapping) and (inner := path_in(value)):
            return inner
    return []


def parts_of(path: str) -> list[str]:
    """/address/city, address.city, address[city], #/address/city."""
    return [part for part in re.split(r"[/.\[\]#]+", path) if part and part not in {"$", "body"}]


def argument_for(path: Iterable[str], definition: ToolDefinition) -> str | None:
    """The first part that names an argument; what lies before it is the product's own (body, query ...)."""
    by_name = {plain_name(each.wire): each.name for each in definition.fields}
    return next((by_name[plain_name(part)] for part in path if plain_name(part) in by_name and plain_name(part)), None)
