"""What a schema in normal form asks of a value, with its `$ref`, `allOf` and single alternatives taken together. Pure; ends on every cycle."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from specs.model import Schema

Definitions = Mapping[str, Schema]
Spend = Callable[[int], None]  # is told how much was looked at, and may raise

_SIZES = ("Length", "Items", "Properties", "Contains")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_LIMITS = frozenset((*_NUMBERS, "pattern", "format", "uniqueItems", "contentEncoding", *(end + size for end in ("min", "max") for size in _SIZES)))
_OTHERS = ("not", "if", "then", "else", "contains", "propertyNames", "patternProperties", "dependentSchemas", "dependentRequired")
_NULL = {"type": "null"}
_PREFIX = "#/$defs/"


@dataclass(slots=True)
class View:
    """`extra`: additionalProperties. `unions`: choices that are left open. `others`: conditions, as text."""

    types: frozenset[str] | None = None  # None: any
    null: bool = False  # an alternative is null
    enum: dict[bytes, None] | None = None
    properties: dict[str, list[Schema]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    items: list[Schema] = field(default_factory=list)
    prefix: list[Schema] = field(default_factory=list)
    extra: list[Schema] = field(default_factory=list)
    unions: list[tuple[Schema, ...]] = field(default_factory=list)
    limits: dict[str, Any] = field(default_factory=dict)
    others: dict[str, bytes] = field(default_factory=dict)
    title: str = ""
    description: str = ""
    default: Any = None
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False

    @property
    def bare(self) -> bool:
        """Nothing but a choice."""
        return bool(self.unions) and self.types is None and not (self.properties or self.items or self.enum is not None)


def key(schemas: tuple[Schema, ...]) -> tuple[Any, ...]:
    """What tells schemas of one document apart: a plain reference by its name, others by identity."""
    return tuple(dict.fromkeys(_key(one) for one in schemas))


def _key(schema: Schema) -> Any:
    if isinstance(schema, bool):
        return schema
    return str(schema["$ref"]).removeprefix(_PREFIX) if len(schema) == 1 and "$ref" in schema else id(schema)


def view(schemas: Iterable[Schema], definitions: Definitions, spend: Spend) -> View:
    seen = View()
    for node in _together(schemas, definitions, spend, seen):
        if node is False:
            seen.types = frozenset()
        if isinstance(node, dict):
            _take(node, seen)
    if seen.types is None:
        seen.types = _implied(seen)
    if seen.null and seen.types is not None:
        seen.types |= {"null"}
    return seen


def read_only(schemas: Iterable[Schema], definitions: Definitions, spend: Spend) -> bool:
    return view(schemas, definitions, spend).read_only


def write_only(schemas: Iterable[Schema], definitions: Definitions, spend: Spend) -> bool:
    return view(schemas, definitions, spend).write_only


def _together(schemas: Iterable[Schema], definitions: Definitions, spend: Spend, into: View) -> list[Schema]:
    """Every schema that must hold; a choice between one and null is that one. Open choices go into the view."""
    found, names = list(schemas), set()
    for node in found:
        spend(1)
        if isinstance(node, bool):
            continue
        name = str(node.get("$ref", "")).removeprefix(_PREFIX)
        if name and name not in names:
            names.add(name)
            found.append(definitions.get(name, True))
        found.extend(node.get("allOf", ()))
        for word in ("oneOf", "anyOf"):
            if variants := node.get(word):
                spend(len(variants))
                kept = tuple(one for one in variants if one != _NULL)
                into.null |= len(kept) < len(variants)
                if len(kept) == 1:
                    found.append(kept[0])
                elif kept:
                    into.unions.append(kept)
    return found


def _take(node: Mapping[str, Any], seen: View) -> None:
    _take_kinds(node, seen)
    for name, schema in node.get("properties", {}).items():
        seen.properties.setdefault(name, []).append(schema)
    seen.required.update(node.get("required", ()))
    if "items" in node:
        seen.items.append(node["items"])
    seen.prefix = seen.prefix or node.get("prefixItems", [])
    for word in ("additionalProperties", "unevaluatedProperties"):
        if word in node:
            seen.extra.append(node[word])
    for word in node.keys() & _LIMITS:
        seen.limits.setdefault(word, node[word])
    for word in _OTHERS:
        if word in node:
            seen.others.setdefault(word, orjson.dumps(node[word], option=orjson.OPT_SORT_KEYS))
    # The outermost words win: they stand beside the reference.
    seen.title = seen.title or node.get("title", "")
    seen.description = seen.description or node.get("description", "")
    seen.default = node.get("default") if seen.default is None else seen.default
    seen.deprecated |= node.get("deprecated") is True
    seen.read_only |= node.get("readOnly") is True
    seen.write_only |= node.get("writeOnly") is True


def _take_kinds(node: Mapping[str, Any], seen: View) -> None:
    given = node.get("type")
    if given is not None:
        types = frozenset([given] if isinstance(given, str) else given)
        types |= {"integer"} if "number" in types else frozenset()
        seen.types = types if seen.types is None else seen.types & types
    values = [node["const"]] if "const" in node else node.get("enum")
    if values is not None:
        texts = dict.fromkeys(orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in values)
        seen.enum = texts if seen.enum is None else {one: None for one in seen.enum if one in texts}


def _implied(seen: View) -> frozenset[str] | None:
    """Authors leave `type` out where the rest says it."""
    if seen.properties:
        return frozenset(("object",))
    if seen.items:
        return frozenset(("array",))
    if seen.enum:
        return frozenset(_kind(text) for text in seen.enum)
    return None


def _kind(text: bytes) -> str:
    first = {b'"': "string", b"{": "object", b"[": "array", b"t": "boolean", b"f": "boolean", b"n": "null"}.get(text[:1])
    return first or ("integer" if text.lstrip(b"-").isdigit() else "number")
