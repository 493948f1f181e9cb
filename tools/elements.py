"""XML to plain data, by the declared schema's `xml` objects where there are any. No document type, no entities, nothing from elsewhere. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from specs.model import Schema
from tools.declared import properties_of
from tools.fields import types
from tools.lenient import MAX_DEPTH
from tools.shape import followed
from tools.texts import text_of

MAX_NODES = 700_000  # elements and attributes: about a second
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
WHOLE, NUMBER = re.compile(r"[+-]?[0-9]{1,18}"), re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
TRUE, FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})  # XML Schema 1.1, part 2, 3.3.2
NIL = "nil"
NAMESPACE = re.compile(r"xmlns(:.*)?")


class Unread(Exception):
    """Ends the reading of one answer; the text says why."""


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts).strip()


@dataclass(slots=True)
class Reading:
    """What expat reports, put together. Entities are refused where a document type begins, before any could be declared."""

    open: list[Element] = field(default_factory=list)
    root: Element | None = None
    nodes: int = 0

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        self.nodes += 1 + len(attributes)
        if self.nodes > MAX_NODES:
            raise Unread("it holds too many elements")
        if len(self.open) >= MAX_DEPTH:
            raise Unread("it is nested too deeply")
        element = Element(local(name), {local(key): value for key, value in attributes.items() if not NAMESPACE.fullmatch(key)})
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def ends(self, _: str) -> None:
        self.open.pop()

    def says(self, text: str) -> None:
        self.open[-1].texts.append(text)

    def refuses(self, *_: object) -> None:
        raise Unread("it declares a document type, which is not read")


def local(name: str) -> str:
    return name.rpartition(":")[2]


def read(body: bytes, charset: str = "") -> Element:
    """Raises Unread. The header's charset counts, then the one the text itself names (RFC 7303, 3)."""
    stated = charset or (found.group(1).decode() if (found := DECLARED.match(body[:300])) else "")
    reading = Reading()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = reading.starts, reading.ends, reading.says
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = reading.refuses
    try:
        parser.Parse(text_of(body, stated).encode(), True)
    except expat.ExpatError:
        raise Unread("it is not valid XML") from None
    if reading.root is None:
        raise Unread("it is not valid XML")
    return reading.root


def data_of(element: Element, schema: Schema = True, definitions: Mapping[str, Schema] | None = None) -> Any:
    return _Shapes(definitions or {}).data(element, schema)


@dataclass(frozen=True, slots=True)
class _Shapes:
    """`known`: each schema read once, however many elements it describes; by identity, so it is held as well."""

    definitions: Mapping[str, Schema]
    known: dict[int, tuple[Schema, dict[str, Any], Mapping[str, Schema]]] = field(default_factory=dict)

    def of(self, schema: Schema) -> tuple[dict[str, Any], Mapping[str, Schema]]:
        """The schema itself, and its properties with references followed."""
        if id(schema) not in self.known:
            resolved = followed(schema, self.definitions)
            properties = properties_of(resolved, self.definitions)
            self.known[id(schema)] = (schema, resolved if isinstance(resolved, dict) else {}, properties)
        return self.known[id(schema)][1:]

    def data(self, element: Element, schema: Schema) -> Any:
        resolved, properties = self.of(schema)
        if types(resolved) == {"array"}:
            return self.items(element.children, resolved)
        if properties:
            return self.object(element, properties)
        return scalar(element, resolved) if resolved and is_leaf(element) else plain(element)

    def object(self, element: Element, properties: Mapping[str, Schema]) -> dict[str, Any]:
        """OpenAPI 3.1, 4.8.26. What is not declared is kept as it comes."""
        found: dict[str, Any] = {}
        attributes, children = dict(element.attributes), grouped(element)
        for name, each in properties.items():
            schema, _ = self.of(each)
            marks = xml_of(schema)
            wire, kind = str(marks.get("name") or name), marks.get("nodeType")
            if marks.get("attribute") is True or kind == "attribute":
                if wire in attributes:
                    found[name] = scalar(Element(wire, {}, texts=[attributes.pop(wire)]), schema)
            elif kind in {"text", "cdata"}:
                found[name] = scalar(element, schema)
            elif types(schema) == {"array"}:
                taken = self.listed(wire, schema, children)
                found |= {} if taken is None else {name: taken}
            elif given := next((one for one in (wire, name) if one in children), None):  # a referenced schema may bring the name of its own root
                found[name] = self.data(children.pop(given)[0], each)
        return found | {name: value for name, value in rest_of(attributes, children).items() if name not in found}

    def listed(self, wire: str, schema: dict[str, Any], children: dict[str, list[Element]]) -> list[Any] | None:
        """A wrapped list is one element around its items; any other is its items, under their own name or that of the property."""
        marks = xml_of(schema)
        if marks.get("wrapped") is True or marks.get("nodeType") == "element":
            return self.items(children.pop(wire)[0].children, schema) if wire in children else None
        own = xml_of(self.of(schema.get("items", True))[0]).get("name")
        name = next((each for each in (own, wire) if isinstance(each, str) and each in children), None)
        return None if name is None else self.items(children.pop(name), schema)

    def items(self, elements: Sequence[Element], schema: dict[str, Any]) -> list[Any]:
        return [self.data(each, schema.get("items", True)) for each in elements]


def xml_of(schema: dict[str, Any]) -> Mapping[str, Any]:
    marks = schema.get("xml")
    return marks if isinstance(marks, dict) else {}


def scalar(element: Element, schema: dict[str, Any]) -> Any:
    """In the declared type where the text has that form; text where it has not."""
    wanted, text = types(schema), element.text
    if element.attributes.get(NIL) in TRUE or (not text and wanted and "string" not in wanted):
        return None
    if "integer" in wanted and WHOLE.fullmatch(text):
        return int(text)
    if "number" in wanted and len(text) < 40 and NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in wanted and text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    return text


def is_leaf(element: Element) -> bool:
    return not element.children and not element.attributes.keys() - {NIL}


def plain(element: Element) -> Any:
    """Without a schema: text, a list where an element only holds others of one name, else an object."""
    if is_leaf(element):
        return None if element.attributes.get(NIL) in TRUE else element.text or None
    children = grouped(element)
    if not element.attributes and not element.text and len(children) == 1:
        ((name, alike),) = children.items()
        if len(alike) > 1 or plural(element.name, name):
            return [plain(each) for each in alike]
    found = rest_of(element.attributes, children)
    return found | {"text": element.text} if element.text and "text" not in found else found


def plural(name: str, item: str) -> bool:
    """users of user, UserList of User: a list, also of one."""
    one, other = name.lower(), item.lower()
    return one in {f"{other}s", f"{other}es", f"{other}list", f"{other}set", f"{other.removesuffix('y')}ies"} or other in {"item", "entry", "element"}


def grouped(element: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for child in element.children:
        found.setdefault(child.name, []).append(child)
    return found


def rest_of(attributes: Mapping[str, str], children: Mapping[str, Sequence[Element]]) -> dict[str, Any]:
    """Attributes and elements side by side; of two with one name the attribute is called @name."""
    found: dict[str, Any] = {(f"@{name}" if name in children else name): value for name, value in attributes.items()}
    for name, alike in children.items():
        found[name] = plain(alike[0]) if len(alike) == 1 else [plain(each) for each in alike]
    return found
