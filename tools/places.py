"""Parameters in their places: path, query, headers and cookies. Pure. No value leaves its place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools import media
from tools.bodies import dumped
from tools.fields import Field
from tools.schema import ToolDefinition
from tools.styles import Encode, Refused, Style, as_it_is, empty, encoded, encoded_reserved, pairs, scalar, segment
from tools.xml import document as xml_document

VARIABLE = re.compile(r"\{([^{}]*)\}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Places:
    """`values`: of the arguments, by name. What is null is left out (RFC 6570, 2.3)."""

    definition: ToolDefinition
    values: Mapping[str, Any]

    def given(self, location: str) -> Iterator[tuple[Field, Any]]:
        for each in self.definition.fields:
            value = self.values.get(each.name) if each.location == location else None
            if value is not None and (by_media(each) or not empty(value)):
                yield each, value

    def path(self, template: str) -> str:
        """RFC 3986, 3.3: every value one segment, or a part of one."""
        path = self.filled(template)
        for one, declared in zip(path.split("/"), template.split("/"), strict=False):
            if one in {".", ".."} or (not one and declared):
                # RFC 3986, 5.2.4: dot segments are removed, so an id of ".." would reach another operation.
                names = [each.name for each, _ in self.given("path") if each.wire in VARIABLE.findall(declared)]
                raise Refused("A part of the address cannot be '.' or '..'.", next(iter(names), ""))
        return path

    def filled(self, template: str) -> str:
        given = {each.wire: (each, value) for each, value in self.given("path")}
        names = {each.wire: each.name for each in self.definition.fields if each.location == "path"}

        def put(found: re.Match[str]) -> str:
            if found.group(1) not in given:
                raise Refused(f"{found.group(1)} is needed in the address.", names.get(found.group(1), ""))
            return self.segment(*given[found.group(1)])

        return VARIABLE.sub(put, template)

    def segment(self, each: Field, value: Any) -> str:
        written = self.media_text(each, value) if by_media(each) else value
        if any(CONTROL.search(text) for text in texts_in(written, names=True)):
            raise Refused(f"{each.name} cannot hold control characters: it is a part of the address.", each.name)
        alone = written[0] if isinstance(written, list) and len(written) == 1 else written
        if isinstance(alone, str) and alone in {"", ".", ".."}:
            # Also in a style that puts something around it: who takes away `;` and what follows would be left with a dot segment.
            raise Refused(f"{each.name} cannot be empty, '.' or '..': it is a part of the address.", each.name)
        return encoded(written) if by_media(each) else segment(each.wire, written, style_of(each))

    def query(self, template: str = "") -> str:
        """`template`: what some documents write behind a path."""
        first = [self.filled(template)] if template else []
        written = first + [text for each, value in self.given("query") for text in self.assigned(each, value)]
        return f"?{'&'.join(written)}" if written else ""

    def cookies(self) -> str:
        return "; ".join(text for each, value in self.given("cookie") for text in self.assigned(each, value))

    def assigned(self, each: Field, value: Any) -> list[str]:
        """a=1, as often as it takes."""
        parameter = each.parameter
        encode = encoded_reserved if parameter and parameter.allow_reserved else encoded
        if parameter and parameter.style == "querystring":
            return [encoded(self.media_text(each, value))]
        if by_media(each):
            return [f"{encoded(each.wire)}={encode(self.media_text(each, value))}"]
        return [f"{name}={text}" for name, text in pairs(each.wire, value, style_of(each, encode))]

    def headers(self) -> Iterator[tuple[str, str]]:
        for each, value in self.given("header"):
            if by_media(each):
                text = self.media_text(each, value)
            else:
                text = segment(each.wire, value, Style("simple", bool(each.parameter and each.parameter.explode), each.name, as_it_is, as_it_is))
            yield each.wire, header_value(text, each.name)

    def media_text(self, each: Field, value: Any) -> str:
        """Of a parameter declared by `content`: the value in that type, before it is encoded into its place."""
        kind = media.writing((each.parameter and each.parameter.media_type) or media.JSON)
        if kind == "json":
            return dumped(value).decode()
        if kind == "xml":
            return xml_document(each.wire, value, each.schema, self.definition.definitions).decode()
        if kind == "form" and isinstance(value, Mapping):
            return "&".join(f"{name}={text}" for name, text in pairs(each.wire, value, Style("form", True, each.name)))
        return scalar(value, each.name)


def by_media(each: Field) -> bool:
    """Declared by `content`, not by a schema and a style."""
    return each.parameter is not None and each.parameter.media_type is not None


def style_of(each: Field, encode: Encode = encoded) -> Style:
    parameter = each.parameter
    return Style(parameter.style if parameter else "form", parameter.explode if parameter else True, each.name, encode)


def texts_in(value: Any, *, names: bool = False) -> list[str]:
    """Every text of a value, and with `names` those of its members, too."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            waiting += value.values()
            found += map(str, value) if names else ()
        elif isinstance(value, list):
            waiting += value
    return found


def header_value(text: str, field: str) -> str:
    """RFC 9110, 5.5: no CR, LF, NUL. What is not Latin-1 would be refused or mangled on the way."""
    if CONTROL.search(text.replace("\t", " ")):
        raise Refused(f"{field or 'A header'} cannot hold line breaks or control characters: it is sent as a header.", field)
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise Refused(f"{field or 'A header'} holds characters that cannot be sent in a header.", field) from None
    return text.strip()
