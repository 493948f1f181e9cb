"""The values of a body's parts as bytes in its media type. Pure."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from specs.model import Encoding, Schema
from tools import xml
from tools.branches import discriminated, hidden
from tools.files import File
from tools.forms import BodyForm, holds_file, is_file
from tools.media import MEDIA_TYPE, OCTETS, TEXT, concrete, is_base64, is_json, only, writing
from tools.multipart import Part, joined
from tools.shape import all_properties, followed, sole
from tools.styles import RESERVED, Refused, Style, as_it_is, pairs, scalar

UNSAID = Encoding()


@dataclass(frozen=True, slots=True)
class Content:
    """A body and what its Content-Type says."""

    media_type: str
    body: bytes


def content(form: BodyForm, values: Mapping[str, Any], definitions: Mapping[str, Schema], *, mended: bool = True) -> Content:
    """`values`: of the arguments, by name. `mended`: something in them may have to be left out or filled in."""
    fields = {each.wire: values[each.name] for each in form.fields if each.name in values}
    names = {each.wire: each.name for each in form.fields}
    body = Body(form, definitions, names, mended)
    value = fields.get("", fields)
    name = concrete(form.media.name)
    match form.writing:
        case "text":
            text = scalar(value.body.decode("utf-8", "replace") if isinstance(value, File) else value, names[""])
            return Content(name if text.isascii() else f"{name.partition(';')[0].strip()}; charset=utf-8", text.encode())
        case "binary":
            return body.binary(name, value)
        case "multipart":
            boundary, lines = joined(list(body.parts(body.sent(value))))
            return Content(f"{name.partition(';')[0].strip()}; boundary={boundary}", lines)
        case "form":
            return Content(name, "&".join(f"{key}={text}" for key, text in body.pairs(body.sent(value))).encode())
        case "xml":
            return Content(name, xml.document(xml.component(form.media.schema) or "root", body.sent(value), form.schema, definitions))
        case "json":
            return Content(name, dumped(body.sent(value)))


def dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=unwritable).encode()


def unwritable(value: Any) -> Any:
    raise Refused(f"A {type(value).__name__.lower()} cannot be a part of an object: it is sent as text.")


def serialised(value: str) -> str:
    """The percent-encoding of application/x-www-form-urlencoded (WHATWG URL, 5.2)."""
    return quote(value, safe="*-._ ").replace("~", "%7E").replace(" ", "+")


def serialised_reserved(value: str) -> str:
    return quote(value, safe=f"*-._ {RESERVED}").replace("~", "%7E").replace(" ", "+")


@dataclass(frozen=True, slots=True)
class Body:
    """`names`: of the arguments, by their names in the request."""

    form: BodyForm
    definitions: Mapping[str, Schema]
    names: Mapping[str, str]
    mended: bool

    def sent(self, value: Any) -> Any:
        if not self.mended and not holds_file(value):
            return value
        return Sent(self.definitions, keeps_files=self.form.writing == "multipart", names=self.names).value(value, self.form.schema, "")

    def members(self, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise Refused("The body must be an object: it is sent as a form.", self.names.get("", ""))
        return {name: each for name, each in value.items() if each is not None}

    def encoding(self, name: str) -> Encoding:
        return self.form.media.encoding.get(name, UNSAID)

    def style(self, name: str, encode: Any, encode_name: Any) -> Style:
        said = self.encoding(name)
        style = said.style or "form"
        return Style(style, (style == "form") if said.explode is None else said.explode, self.names.get(name, name), encode, encode_name)

    def pairs(self, value: Any) -> Iterator[tuple[str, str]]:
        """OpenAPI 3.1, 4.8.15.1: in the style that the encoding says, else in its type, else objects as JSON."""
        for name, each in self.members(value).items():
            said = self.encoding(name)
            style = self.style(name, serialised_reserved if said.allow_reserved else serialised, serialised)
            if styled(said):
                yield from pairs(name, each, style)
            elif is_json(said.content_type or ""):
                yield serialised(name), style.encode(dumped(each).decode())
            else:
                items = each if isinstance(each, list) else [each]
                texts = [dumped(one).decode() if isinstance(one, Mapping | list) else scalar(one, style.field) for one in items if one is not None]
                yield from ((serialised(name), style.encode(text)) for text in texts)

    def parts(self, value: Any) -> Iterator[Part]:
        """A part for each value; for each item of a list."""
        for name, each in self.members(value).items():
            said = self.encoding(name)
            if styled(said) and not holds(each, File):
                written = pairs(name, each, self.style(name, as_it_is, as_it_is))
                yield from (Part(key, text.encode()) for key, text in written)
            else:
                yield from (self.part(name, one, only(said.content_type)) for one in (each if isinstance(each, list) else [each]) if one is not None)

    def part(self, name: str, value: Any, media_type: str | None) -> Part:
        if isinstance(value, File):
            return Part(name, value.body, media_type or file_type(value), value.name)
        found = next((each for each in self.form.fields if each.wire == name), None)
        if isinstance(value, str) and found is not None and is_file(self.one(found.schema), self.encoding(name)):
            return Part(name, value.encode(), media_type or TEXT, f"{name}.txt")  # many servers take a part for a file only by its filename
        if media_type is not None and writing(media_type) == "xml" and isinstance(value, Mapping):
            return Part(name, xml.document(name, value, self.property(name), self.definitions), media_type)
        if isinstance(value, Mapping | list) or is_json(media_type or ""):
            return Part(name, dumped(value), media_type or "application/json")
        return Part(name, scalar(value, self.names.get(name, name)).encode(), media_type)

    def one(self, schema: Schema) -> Schema:
        """Of an item, where it is a list's."""
        whole = sole(schema, self.definitions)
        return sole(whole["items"], self.definitions) if isinstance(whole, dict) and "items" in whole else whole

    def property(self, name: str) -> Schema:
        return followed(dict(all_properties(self.form.schema, self.definitions)).get(name, True), self.definitions)

    def binary(self, media_type: str, value: Any) -> Content:
        if isinstance(value, File):
            ranged = "*" in self.form.media.name
            return Content(file_type(value) if ranged else media_type, value.body)
        return Content(media_type, scalar(value, self.names.get("", "")).encode())


def styled(encoding: Encoding) -> bool:
    """OpenAPI 3.1, 4.8.15.1.2: whichever of these is said, the style holds and not the type."""
    return encoding.style is not None or encoding.explode is not None or encoding.allow_reserved


def file_type(file: File) -> str:
    return file.media_type if MEDIA_TYPE.fullmatch(file.media_type) else OCTETS


def holds(value: Any, kind: type) -> bool:
    return isinstance(value, kind) or (isinstance(value, list) and any(isinstance(each, kind) for each in value))


@dataclass(frozen=True, slots=True)
class Sent:
    """A value as a request may hold it: without what only answers have, with its discriminators, files as base64 where a text stands for bytes."""

    definitions: Mapping[str, Schema]
    keeps_files: bool
    names: Mapping[str, str]

    def value(self, value: Any, schema: Schema, field: str) -> Any:
        if isinstance(value, File):
            return self.file(value, schema, field)
        if not isinstance(value, Mapping | list) or not value:
            return value
        resolved = sole(schema, self.definitions)
        if isinstance(value, list):
            items = resolved.get("items", True) if isinstance(resolved, dict) else True
            return [self.value(each, items, field) for each in value]
        return self.object(value, resolved, field)

    def object(self, value: Mapping[str, Any], schema: Schema, field: str) -> dict[str, Any]:
        out = hidden(schema, self.definitions)
        kept = {name: each for name, each in value.items() if name not in out}
        if (missing := discriminated(kept, schema, self.definitions)) is not None:
            kept = dict([missing]) | kept
        if not any(isinstance(each, Mapping | list | File) for each in kept.values()):
            return kept
        declared = dict(reversed(all_properties(schema, self.definitions)))
        other = schema.get("additionalProperties", True) if isinstance(schema, dict) else True
        return {name: self.value(each, declared.get(name, other), field or self.names.get(name, name)) for name, each in kept.items()}

    def file(self, value: File, schema: Schema, field: str) -> Any:
        resolved = sole(schema, self.definitions)
        if is_base64(resolved):
            # RFC 4648, 5: the same with two other letters.
            url = isinstance(resolved, dict) and str(resolved.get("contentEncoding", "")).lower() == "base64url"
            return (base64.urlsafe_b64encode if url else base64.b64encode)(value.body).decode()
        if self.keeps_files:
            return value
        raise Refused(f"{field or 'The body'} cannot be a file here: it is sent as text.", field)
