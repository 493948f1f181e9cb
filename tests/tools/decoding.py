"""Reads parameters and bodies back by the standards, for tests: it shares nothing with tools/, which writes them.

Values are split first and percent-decoded afterwards. A schema says what text becomes; schemas hold no references here (tests/tools/mock.py).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, unquote_plus
from xml.etree.ElementTree import Element, fromstring

Schema = Mapping[str, Any]
Pairs = Sequence[tuple[str, str]]  # as on the wire
Part = tuple[str, str | None, str | None, bytes]  # name, filename, media type, content
DISPOSITION = re.compile(r'form-data; name="([^"\r\n]*)"(?:; filename="([^"\r\n]*)")?')
ABSENT: Any = object()
DELIMITERS = {"form": r",", "spaceDelimited": r"%20|\+", "pipeDelimited": r"%7C|\|", "simple": r","}
TYPES = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?([eE][+-]?\d+)?", "boolean": r"true|false"}


class Unreadable(Exception):
    """What was sent is not what the document declares; says how."""


def kind(schema: Schema) -> str:
    """array, object, or scalar; of several types the first that is not null."""
    declared = schema.get("type", "object" if "properties" in schema else "")
    listed = [each for each in (declared if isinstance(declared, list) else [declared]) if each != "null"]
    if listed[:1] == [""] or not listed:
        inner = [kind(each) for each in schema.get("oneOf", schema.get("anyOf", schema.get("allOf", ())))]
        return next((each for each in inner if each != "scalar"), "scalar")
    return listed[0] if listed[0] in ("array", "object") else "scalar"


def property_of(schema: Schema, name: str) -> Schema:
    for each in (schema, *schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        found = each.get("properties", {}).get(name)
        if found is not None:
            return dict(found)
    further = schema.get("additionalProperties")
    return further if isinstance(further, dict) else {}


def names_of(schema: Schema) -> set[str]:
    inner = (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ()))
    return set(schema.get("properties", {})).union(*(names_of(each) for each in inner))


def typed(text: str, schema: Schema) -> Any:
    """Text in the type of its schema; text where it is none of these."""
    alternatives = schema.get("oneOf") or schema.get("anyOf")
    if alternatives:
        return next((read for each in alternatives if not isinstance(read := typed(text, each), str)), text)
    declared = schema.get("type", ())
    for each in declared if isinstance(declared, list) else [declared]:
        if each in TYPES and re.fullmatch(TYPES[each], text):
            return json.loads(text)
    return text


def shaped(value: Any, schema: Schema) -> Any:
    """Lists and objects of text in the types of their schemas."""
    if isinstance(value, list):
        return [shaped(each, schema.get("items", {})) for each in value]
    if isinstance(value, dict):
        return {name: shaped(each, property_of(schema, name)) for name, each in value.items()}
    return typed(value, schema)


def path_value(raw: str, name: str, style: str, explode: bool, schema: Schema) -> Any:
    """OpenAPI 3.1.1, 4.8.12.6; RFC 6570, 3.2.2, 3.2.5, 3.2.7."""
    what = kind(schema)
    if style == "matrix":
        return matrix_value(raw, name, explode, schema)
    opening, joint = (".", "." if explode else ",") if style == "label" else ("", ",")
    if not raw.startswith(opening):
        raise Unreadable(f"{name}: {raw!r} does not begin with {opening!r}")
    text = raw[len(opening) :]
    if what == "scalar":
        return typed(unquote(text), schema)
    items = text.split(joint)
    return shaped(members(items, explode) if what == "object" else [unquote(each) for each in items], schema)


def matrix_value(raw: str, name: str, explode: bool, schema: Schema) -> Any:
    what = kind(schema)
    pairs = [tuple(each.split("=", 1)) for each in raw.removeprefix(";").split(";")]
    if not raw.startswith(";") or any(len(each) != 2 for each in pairs):
        raise Unreadable(f"{name}: {raw!r} is no matrix")
    if explode and what == "object":
        return shaped({unquote(key): unquote(value) for key, value in pairs}, schema)
    if any(unquote(key) != name for key, _ in pairs) or (len(pairs) > 1 and what != "array"):
        raise Unreadable(f"{name}: {raw!r} names something else")
    if explode and what == "array":
        return shaped([unquote(value) for _, value in pairs], schema)
    value = pairs[0][1]
    if what == "scalar":
        return typed(unquote(value), schema)
    return shaped(members(value.split(","), False) if what == "object" else [unquote(each) for each in value.split(",")], schema)


def members(items: Sequence[str], explode: bool) -> dict[str, str]:
    """k=v, k=v or k, v, k, v."""
    if explode:
        pairs = [each.split("=", 1) for each in items]
        if any(len(each) != 2 for each in pairs):
            raise Unreadable(f"{items!r} holds a member without a value")
        return {unquote(name): unquote(value) for name, value in pairs}
    if len(items) % 2:
        raise Unreadable(f"{items!r} is no list of names and values")
    return {unquote(name): unquote(value) for name, value in zip(items[::2], items[1::2], strict=True)}


def pairs_of(text: str, separator: str = "&") -> Pairs:
    return [(name, value) for name, _, value in (each.partition("=") for each in text.split(separator))] if text else []


def header_value(text: str, explode: bool, schema: Schema) -> Any:
    """Style simple, but nothing is percent-encoded in a header (OpenAPI 3.1.1, 4.8.12.2.2)."""
    if kind(schema) == "scalar":
        return typed(text, schema)
    items = text.split(",")
    if kind(schema) == "array":
        return shaped(items, schema)
    pairs = [each.split("=", 1) for each in items] if explode else list(zip(items[::2], items[1::2], strict=True))
    return shaped(dict(pairs), schema)


def form_value(pairs: Pairs, name: str, style: str, explode: bool, schema: Schema) -> tuple[Any, set[str]]:
    """The value of a query or form parameter, or ABSENT, and the names on the wire it was read from."""
    what = kind(schema)
    if style == "deepObject":
        return deep_value(pairs, name, schema)
    if explode and what == "object":
        known = names_of(schema)
        own = {key: value for key, value in pairs if unquote_plus(key) in known or (not known and schema.get("additionalProperties"))}
        found = {unquote_plus(key): unquote_plus(value) for key, value in own.items()}
        return (shaped(found, schema) if found else ABSENT), set(own)
    values = [value for key, value in pairs if unquote_plus(key) == name]
    own_names = {key for key, _ in pairs if unquote_plus(key) == name}
    if not values:
        return ABSENT, own_names
    if explode and what == "array":
        return shaped([unquote_plus(each) for each in values], schema), own_names
    if len(values) > 1:
        raise Unreadable(f"{name} is given {len(values)} times")
    if what == "scalar":
        return typed(unquote_plus(values[0]), schema), own_names
    items = re.split(DELIMITERS[style], values[0])
    return shaped(members(items, False) if what == "object" else [unquote_plus(each) for each in items], schema), own_names


def deep_value(pairs: Pairs, name: str, schema: Schema) -> tuple[Any, set[str]]:
    """a[b]=1, a[b][c]=1, a[b][]=1, a[b][0][c]=1."""
    found: Any = {}
    own = set()
    for key, raw in pairs:
        whole = unquote_plus(key)
        if not re.fullmatch(re.escape(name) + r"(\[[^\[\]]*\])+", whole):
            continue
        own.add(key)
        place(found, re.findall(r"\[([^\[\]]*)\]", whole), unquote_plus(raw))
    return (shaped(listed(found), schema) if found else ABSENT), own


def place(tree: dict[str, Any], steps: Sequence[str], value: str) -> None:
    for number, step in enumerate(steps[:-1]):
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise Unreadable(f"{steps[: number + 1]} is both a value and an object")
    if steps[-1] == "":
        tree.setdefault("", []).append(value)
    elif steps[-1] in tree:
        raise Unreadable(f"{steps} is given twice")
    else:
        tree[steps[-1]] = value


def listed(tree: Any) -> Any:
    """Objects whose names are "" or 0, 1, 2 ... are lists."""
    if not isinstance(tree, dict):
        return tree
    if set(tree) == {""}:
        return tree[""]
    inner = {name: listed(each) for name, each in tree.items()}
    return list(inner.values()) if inner and list(inner) == [str(number) for number in range(len(inner))] else inner


def form_body(body: bytes, schema: Schema, encodings: Mapping[str, Any]) -> dict[str, Any]:
    """WHATWG URL, 5.1; OpenAPI 3.1.1, 4.8.15.2."""
    pairs = pairs_of(body.decode("ascii"))
    found: dict[str, Any] = {}
    known: set[str] = set()
    for name in names_of(schema):
        encoding, inner = encodings.get(name, {}), property_of(schema, name)
        if encoding.keys() & {"style", "explode", "allowReserved"}:
            style = encoding.get("style", "form")
            value, own = form_value(pairs, name, style, encoding.get("explode", style == "form"), inner)
        else:
            value, own = content_value(pairs, name, inner, encoding.get("contentType", ""))
        known |= own
        if value is not ABSENT:
            found[name] = value
    if unknown := {name for name, _ in pairs} - known:
        raise Unreadable(f"the form holds {sorted(unknown)}, which nothing declares")
    return found


def content_value(pairs: Pairs, name: str, schema: Schema, content_type: str) -> tuple[Any, set[str]]:
    values = [unquote_plus(value) for key, value in pairs if unquote_plus(key) == name]
    own = {key for key, _ in pairs if unquote_plus(key) == name}
    if not values:
        return ABSENT, own
    if content_type == "application/json":
        return json.loads(values[0]), own
    if kind(schema) == "array":
        return [text_or_json(each, schema.get("items", {})) for each in values], own
    return text_or_json(values[0], schema), own


def text_or_json(text: str, schema: Schema) -> Any:
    """OpenAPI 3.1.1, 4.8.15.1.1: an object is JSON where nothing else is said."""
    return json.loads(text) if kind(schema) == "object" else typed(text, schema)


def parts(body: bytes, content_type: str) -> Iterator[Part]:
    """The parts of a form, read as strictly as RFC 2046, 5.1.1 and RFC 7578, 4.2 write them."""
    found = re.fullmatch(r"multipart/form-data; boundary=([A-Za-z0-9'()+_,./:=?-]{1,70})", content_type)
    if not found:
        raise Unreadable(f"{content_type!r} names no boundary")
    opening, *middle, closing = (b"\r\n" + body).split(b"\r\n--" + found[1].encode())
    if (opening, closing.rstrip()) != (b"", b"--"):
        raise Unreadable(f"{body!r:.200} does not begin and end with its boundary")
    for each in middle:
        head, _, inner = each.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        disposition = DISPOSITION.fullmatch(lines.pop("Content-Disposition", ""))
        media_type = lines.pop("Content-Type", None)
        if not disposition or lines:
            raise Unreadable(f"{head!r} is no head of a part")
        yield disposition[1], disposition[2], media_type, inner


def multipart_body(body: bytes, content_type: str, schema: Schema) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for name, filename, media_type, content in parts(body, content_type):
        inner = property_of(schema, name)
        own = inner.get("items", {}) if kind(inner) == "array" else inner
        found.setdefault(name, []).append(part_value(content, filename, media_type, own))
    for name, values in found.items():
        if kind(property_of(schema, name)) != "array" and len(values) > 1:
            raise Unreadable(f"{name} is given {len(values)} times")
    return {name: values if kind(property_of(schema, name)) == "array" else values[0] for name, values in found.items()}


def part_value(content: bytes, filename: str | None, media_type: str | None, schema: Schema) -> Any:
    if filename is not None:
        return content.decode("latin-1")  # as text, so that a schema can be asked
    if media_type and media_type.endswith("json"):
        return json.loads(content)
    if kind(schema) == "object":
        raise Unreadable(f"an object came as {media_type}")
    return typed(content.decode(), schema)


def xml_body(body: bytes, schema: Schema, component: str) -> Any:
    root = fromstring(body)  # what we wrote ourselves
    wanted = qualified(schema, schema.get("xml", {}).get("name", component or "root"))
    if root.tag != wanted:
        raise Unreadable(f"the root is {root.tag}, not {wanted}")
    return xml_value(root, schema)


def qualified(schema: Schema, name: str) -> str:
    namespace = schema.get("xml", {}).get("namespace")
    return f"{{{namespace}}}{name}" if namespace else name


def xml_value(element: Element, schema: Schema) -> Any:
    """OpenAPI 3.1.1, 4.8.26."""
    if kind(schema) == "array":
        return [xml_value(each, schema.get("items", {})) for each in element]
    if kind(schema) == "scalar":
        return typed(element.text or "", schema)
    found: dict[str, Any] = {}
    for name in names_of(schema):
        value = xml_property(element, name, property_of(schema, name))
        if value is not ABSENT:
            found[name] = value
    return found


def xml_property(element: Element, name: str, schema: Schema) -> Any:
    told = schema.get("xml", {})
    own = qualified(schema, told.get("name", name))
    if told.get("attribute"):
        return typed(element.attrib[own], schema) if own in element.attrib else ABSENT
    if kind(schema) != "array":
        found = element.find(own)
        return ABSENT if found is None else xml_value(found, schema)
    items = schema.get("items", {})
    inner = qualified(items, items.get("xml", {}).get("name", told.get("name", name) if told.get("wrapped") else name))
    holder = element.find(own) if told.get("wrapped") else element
    listed_elements = [] if holder is None else holder.findall(inner)
    return ABSENT if holder is None or (not told.get("wrapped") and not listed_elements) else [xml_value(each, items) for each in listed_elements]
