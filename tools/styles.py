"""A value in the style of its place (OpenAPI 3.1, 4.8.12 and appendix C; RFC 6570): as one segment, as pairs of name and text. Pure.

What is encoded how is the place's matter: whoever calls hands that in.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

Encode = Callable[[str], str]
Pair = tuple[str, str]

UNRESERVED = "-._~"  # RFC 3986, 2.3
RESERVED = ":/?@!$'()*,;"  # of a query, what allowReserved keeps; `&=+#[]%` would be read as something else
DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}


class Refused(Exception):
    """Ends the building of one request. `field` is the argument at fault, if one is."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


def encoded(text: str) -> str:
    return quote(text, safe=UNRESERVED)


def encoded_reserved(text: str) -> str:
    return quote(text, safe=UNRESERVED + RESERVED)


def as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Style:
    """How the value of one argument is written. `field` is the argument's name, for what is said when it cannot be."""

    style: str
    explode: bool
    field: str
    encode: Encode = encoded
    encode_name: Encode = encoded

    def text(self, value: Any) -> str:
        return self.encode(scalar(value, self.field))

    def member(self, name: Any) -> str:
        return self.encode_name(str(name))


def scalar(value: Any, field: str) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return number(value)
        case _:
            raise Refused(f"{field} holds an object, a list or a file where there is room for a single value only.", field)


def number(value: float) -> str:
    """614 for 614.0, and no exponent: not every product reads one."""
    text = json.dumps(value, allow_nan=False)
    return f"{Decimal(text):f}".removesuffix(".0") if "e" in text else text.removesuffix(".0")


def present(value: Any) -> Any:
    """RFC 6570, 2.3: what is null is undefined and left out."""
    if isinstance(value, Mapping):
        return {name: each for name, each in value.items() if each is not None}
    return [each for each in value if each is not None] if isinstance(value, list) else value


def empty(value: Any) -> bool:
    """Nothing to be written; "" is something."""
    return value is None or (isinstance(value, list | Mapping) and not present(value))


def members(value: Mapping[Any, Any], how: Style, joint: str) -> list[str]:
    return [f"{how.member(name)}{joint}{how.text(each)}" for name, each in value.items()]


def segment(name: str, value: Any, how: Style) -> str:
    """`simple`, `label` and `matrix`."""
    value = present(value)
    match how.style:
        case "label":
            return "." + joined(value, how, "." if how.explode else ",")
        case "matrix":
            return matrix(how.encode_name(name), value, how)
        case _:
            return joined(value, how, ",")


def joined(value: Any, how: Style, delimiter: str) -> str:
    """a,b and k,v; exploded objects k=v."""
    if isinstance(value, list):
        return delimiter.join(how.text(each) for each in value)
    if isinstance(value, Mapping):
        return delimiter.join(members(value, how, "=" if how.explode else delimiter))
    return how.text(value)


def matrix(name: str, value: Any, how: Style) -> str:
    if how.explode and isinstance(value, list):
        return "".join(f";{name}={how.text(each)}" for each in value)
    if how.explode and isinstance(value, Mapping):
        return "".join(f";{each}" for each in members(value, how, "="))
    return f";{name}={joined(value, how, ',')}"


def pairs(name: str, value: Any, how: Style) -> list[Pair]:
    """`form`, `spaceDelimited`, `pipeDelimited` and `deepObject`: none of them for what is empty."""
    if empty(value):
        return []
    written = how.encode_name(name)
    value = present(value)
    if how.style == "deepObject":
        return [(how.encode_name(path), how.text(each)) for path, each in deep(name, value)]
    if how.explode and isinstance(value, list):
        return [(written, how.text(each)) for each in value]
    if how.explode and isinstance(value, Mapping):
        return [(how.member(key), how.text(each)) for key, each in value.items()]
    delimiter = how.encode(DELIMITERS[how.style]) if how.style in DELIMITERS else ","
    return [(written, joined(value, how, delimiter))]


def deep(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """a[b]=1, a[b][c]=1, a[b][]=1. Items that are objects or lists are told apart by their numbers."""
    if isinstance(value, Mapping):
        for key, each in present(value).items():
            yield from deep(f"{name}[{key}]", each)
    elif isinstance(value, list):
        flat = not any(isinstance(each, Mapping | list) for each in value)
        for place, each in enumerate(present(value)):
            yield from deep(f"{name}[]" if flat else f"{name}[{place}]", each)
    else:
        yield name, value
