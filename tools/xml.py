"""A value as XML in the shape its schema describes (OpenAPI 3.1, 4.8.26: the XML object). Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specs.model import Schema
from tools.shape import PREFIX, all_properties, followed
from tools.styles import Refused, scalar

NAME = re.compile(r"[^\W\d][\w.\-]*")
# XML 1.0, 2.2: what no document can hold, not even as a reference.
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
ATTRIBUTE = {**TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def document(root: str, value: Any, schema: Schema, definitions: Mapping[str, Schema]) -> bytes:
    xml = Xml(definitions)
    resolved = followed(schema, definitions)
    if isinstance(value, list):
        items = "".join(xml.items(value, resolved, component(resolved.get("items") if isinstance(resolved, dict) else None) or root))
        return f"{HEAD}{xml.tagged(called(resolved, root), resolved, items)}".encode()
    return f"{HEAD}{xml.element(root, value, resolved)}".encode()


def component(schema: Any) -> str:
    """The name of the schema that this refers to; empty when it has none that an element can have."""
    name = str(schema.get("$ref", "") if isinstance(schema, dict) else "").removeprefix(PREFIX)
    return name if NAME.fullmatch(name) else ""


def said(schema: Schema) -> Mapping[str, Any]:
    found = schema.get("xml") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


def called(schema: Schema, name: str) -> str:
    return str(said(schema).get("name") or name)


@dataclass(frozen=True, slots=True)
class Xml:
    definitions: Mapping[str, Schema]

    def element(self, name: str, value: Any, schema: Schema) -> str:
        """`name`: of the property, which the schema's own name replaces."""
        if isinstance(value, Mapping):
            attributes, inner = self.members(value, schema)
            return self.tagged(called(schema, name), schema, inner, attributes)
        return self.tagged(called(schema, name), schema, escaped(scalar(value, name), name, TEXT))

    def members(self, value: Mapping[str, Any], schema: Schema) -> tuple[str, str]:
        declared = dict(reversed(all_properties(schema, self.definitions)))
        attributes: list[str] = []
        inner: list[str] = []
        for name, each in value.items():
            own = followed(declared.get(name, self.other(schema)), self.definitions)
            if each is None:
                continue
            if said(own).get("attribute") and not isinstance(each, Mapping | list):
                attributes.append(self.attribute(name, each, own))
            else:
                inner += self.property(name, each, own)
        return "".join(attributes), "".join(inner)

    @staticmethod
    def other(schema: Schema) -> Schema:
        further: Schema = schema.get("additionalProperties", True) if isinstance(schema, dict) else True
        return further

    def property(self, name: str, value: Any, schema: Schema) -> Iterator[str]:
        """A list is its items side by side, inside of one element of its own only where it says `wrapped`."""
        if not isinstance(value, list):
            yield self.element(name, value, schema)
        elif said(schema).get("wrapped"):
            yield self.tagged(called(schema, name), schema, "".join(self.items(value, schema, called(schema, name))))
        else:
            yield from self.items(value, schema, called(schema, name))

    def items(self, value: list[Any], schema: Schema, name: str) -> Iterator[str]:
        own = followed(schema.get("items", True) if isinstance(schema, dict) else True, self.definitions)
        for each in value:
            if isinstance(each, list):
                yield self.tagged(called(own, name), own, "".join(self.items(each, own, called(own, name))))
            elif each is not None:
                yield self.element(name, each, own)

    def tagged(self, name: str, schema: Schema, inner: str, attributes: str = "") -> str:
        tag = qualified(name, schema)
        return f"<{tag}{namespace(schema)}{attributes}>{inner}</{tag}>"

    def attribute(self, name: str, value: Any, schema: Schema) -> str:
        text = escaped(scalar(value, name), name, ATTRIBUTE)
        declared = namespace(schema) if said(schema).get("prefix") else ""
        return f'{declared} {qualified(called(schema, name), schema)}="{text}"'


def qualified(name: str, schema: Schema) -> str:
    prefix = said(schema).get("prefix")
    for part in filter(None, (prefix, name)):
        if not NAME.fullmatch(part):
            raise Refused(f"{part[:60]} cannot be the name of an element of XML.", name)
    if not name:
        raise Refused("An element of XML needs a name.", name)
    return f"{prefix}:{name}" if prefix else name


def namespace(schema: Schema) -> str:
    address, prefix = said(schema).get("namespace"), said(schema).get("prefix")
    if not address:
        return ""
    return f' xmlns{":" + prefix if prefix else ""}="{escaped(address, str(prefix), ATTRIBUTE)}"'


def escaped(text: str, field: str, table: Mapping[str, str]) -> str:
    if NOT_XML.search(text):
        raise Refused(f"{field} holds control characters, which XML cannot.", field)
    return "".join(table.get(letter, letter) for letter in text)
