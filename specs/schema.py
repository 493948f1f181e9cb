"""Any OpenAPI schema object, 2.0 to 3.2, to valid JSON Schema 2020-12. References become names; they are followed by definitions.py.

What comes out always compiles: a keyword of a wrong type is left out and becomes a problem.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from specs.model import Problem, Schema
from specs.patterns import Patterns
from specs.pointers import join, unescape

TYPES = frozenset(("string", "number", "integer", "boolean", "array", "object", "null"))
_MOST_PROBLEMS = 500  # of one schema
MAX_NESTING = 60  # inline levels; deeper ones are accepted unread

_SCHEMA = ("not", "additionalProperties", "items", "contains", "propertyNames", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties")
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMA_MAPS = ("properties", "patternProperties", "dependentSchemas")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains")
_TEXTS = ("title", "description", "format", "contentEncoding", "contentMediaType")
_XML = {"name": str, "namespace": str, "prefix": str, "attribute": bool, "wrapped": bool}  # OpenAPI 3.1, 4.8.26
_SWITCHES = ("uniqueItems", "deprecated", "readOnly", "writeOnly", "x-sensitive")
# OpenAPI 3.0.4, 4.7.23: what stands beside a $ref is ignored. Annotations cannot contradict it and are kept, as 3.1 does.
_BESIDE_REF = frozenset(("title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "x-sensitive"))
_SAFE = re.compile(r"[A-Za-z0-9._-]{1,100}")
COMPONENTS, DEFINITIONS = "/components/schemas/", "/definitions/"  # where schemas with names lie, in OpenAPI 3 and in Swagger 2.0


@dataclass(frozen=True, slots=True)
class Normal:
    """A schema in normal form, the pointers it refers to, and what was wrong with it."""

    schema: Schema
    pointers: frozenset[str]
    problems: tuple[Problem, ...]


def normalise(schema: Any, pointer: str, *, old: bool, home: str = COMPONENTS, patterns: Patterns | None = None) -> Normal:
    """`old`: by the rules of OpenAPI 3.0 and Swagger 2.0. `home`: where the document's named schemas lie. `patterns`: those of the document."""
    walk = _Walk(old, home, patterns or Patterns())
    result = walk.schema(schema, pointer, 0)
    return Normal(result, frozenset(walk.pointers), tuple(walk.problems))


def name(pointer: str, home: str = COMPONENTS) -> str:
    """A safe name for what a pointer names: a function of these alone, so that every worker gives the same."""
    last = unescape(pointer.rpartition("/")[2])
    if pointer.startswith(home) and pointer.count("/") == home.count("/") and _SAFE.fullmatch(last):
        return last
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '_', last)[:60]}_{sha256(pointer.encode()).hexdigest()[:10]}"


@dataclass(slots=True)
class _Walk:
    old: bool
    home: str
    patterns: Patterns
    pointers: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def schema(self, node: Any, pointer: str, depth: int) -> Schema:
        if isinstance(node, bool):
            return node
        if not isinstance(node, dict):
            return self._odd(pointer, "A schema must be an object.")
        if depth > MAX_NESTING:
            return self._odd(pointer, f"Schemas nested more than {MAX_NESTING} levels deep are not read.", "schema_too_deep")
        if "$ref" in node:
            return self._reference(node, pointer, depth)
        out = self._plain(node, pointer)
        self._subschemas(node, out, pointer, depth + 1)
        _members(out)
        return out

    def _odd(self, pointer: str, message: str, code: str = "schema_malformed") -> Schema:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem("warning", code, pointer, message))
        return True

    def _reference(self, node: Mapping[str, Any], pointer: str, depth: int) -> Schema:
        reference = node["$ref"]
        if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
            message = f"{str(reference)[:200]!r} does not point into this document; it is not fetched, and any value is accepted here."
            return self._odd(join(pointer, "$ref"), message, "reference_not_local")
        target = unquote(reference[1:])
        self.pointers.add(target)
        beside = {key: value for key, value in node.items() if key != "$ref" and (not self.old or key in _BESIDE_REF)}
        rest = self.schema(beside, pointer, depth + 1) if beside else {}
        return {"$ref": f"#/$defs/{name(target, self.home)}", **(rest if isinstance(rest, dict) else {})}

    def _plain(self, node: Mapping[str, Any], pointer: str) -> dict[str, Any]:
        """Every keyword that holds no schema. Unknown keywords and extensions are left behind."""
        out: dict[str, Any] = {}
        for key, value in node.items():
            check = _CHECKS.get(key)
            if check is None:
                continue
            if check(value) and (key != "pattern" or self.patterns.usable(value)):
                out[key] = value
            elif not (self.old and isinstance(value, bool)):
                self._odd(join(pointer, key), f"The value of {key!r} is not allowed by JSON Schema; it is left out.", "schema_keyword_malformed")
        self._types(node, out, pointer)
        _examples(node, out)
        _required(node, out)
        if self.old:
            _exclusive(node, out, "minimum", "exclusiveMinimum")
            _exclusive(node, out, "maximum", "exclusiveMaximum")
        return out

    def _types(self, node: Mapping[str, Any], out: dict[str, Any], pointer: str) -> None:
        given = node.get("type")
        if given is None:
            return
        listed = list(dict.fromkeys(one for one in (given if isinstance(given, list) else [given]) if isinstance(one, str) and one in TYPES))
        if not listed:
            self._odd(join(pointer, "type"), f"{str(given)[:100]!r} is not a type of JSON Schema; any type is accepted.", "schema_type_unknown")
            return
        # OpenAPI 3.0.4, 4.7.24.1: nullable takes effect only beside a type, and an enum has to name null itself.
        # Swagger 2.0 has no such word; x-nullable is what most write.
        if self.old and (node.get("nullable") is True or node.get("x-nullable") is True) and "null" not in listed:
            listed.append("null")
        out["type"] = listed if len(listed) > 1 else listed[0]

    def _subschemas(self, node: Mapping[str, Any], out: dict[str, Any], pointer: str, depth: int) -> None:
        for key, value in node.items():
            if key in _SCHEMA:
                if key == "items" and isinstance(value, list):  # drafts before 2020-12
                    out["prefixItems"] = [self.schema(one, join(pointer, key, i), depth) for i, one in enumerate(value)] or [True]
                else:
                    out[key] = self.schema(value, join(pointer, key), depth)
            elif key in _SCHEMA_LISTS:
                self._list(key, value, out, pointer, depth)
            elif key in _SCHEMA_MAPS and isinstance(value, dict):
                pairs = value.items() if key != "patternProperties" else [(k, v) for k, v in value.items() if self.patterns.usable(k)]
                out[key] = {k: self.schema(v, join(pointer, key, k), depth) for k, v in pairs}
        if (kept := _discriminator(node.get("discriminator"), self.old, self.home)) is not None:
            out["discriminator"] = kept
        if isinstance(xml := node.get("xml"), dict) and (said := {key: xml[key] for key, kind in _XML.items() if isinstance(xml.get(key), kind)}):
            out["xml"] = said

    def _list(self, key: str, value: Any, out: dict[str, Any], pointer: str, depth: int) -> None:
        if isinstance(value, list) and value:
            out[key] = [self.schema(one, join(pointer, key, i), depth) for i, one in enumerate(value)]
        elif value != []:
            self._odd(join(pointer, key), f"{key!r} must be a list of schemas; it is left out.", "schema_keyword_malformed")


def _members(out: dict[str, Any]) -> None:
    """An enum that no value of its type is in: what was meant are the items of a list, or numbers as texts."""
    kind, members, items = out.get("type"), out.get("enum"), out.get("items", {})
    if not members or any(isinstance(one, list) for one in members):
        return
    if kind == "array" and isinstance(items, dict) and items.keys().isdisjoint(("enum", "$ref")):
        out["items"] = {**items, "enum": out.pop("enum")}
    elif kind == "string" and all(map(_number, members)):
        out["enum"] = [str(one) for one in members]


def _exclusive(node: Mapping[str, Any], out: dict[str, Any], limit: str, exclusive: str) -> None:
    """A boolean beside the limit in 3.0, the limit itself in 2020-12."""
    if node.get(exclusive) is True and limit in out:
        out[exclusive] = out.pop(limit)


def _examples(node: Mapping[str, Any], out: dict[str, Any]) -> None:
    if isinstance(node.get("examples"), list):
        out["examples"] = node["examples"]
    elif "example" in node:
        out["examples"] = [node["example"]]


def _required(node: Mapping[str, Any], out: dict[str, Any]) -> None:
    names = node.get("required")
    if isinstance(names, list) and (texts := list(dict.fromkeys(one for one in names if isinstance(one, str)))):
        out["required"] = texts


def _discriminator(given: Any, old: bool, home: str) -> dict[str, Any] | None:
    """Kept as an annotation; the mapping's targets under the names they have here. In Swagger 2.0 it is the property's name alone."""
    if old and isinstance(given, str):
        return {"propertyName": given}
    if not isinstance(given, dict) or not isinstance(given.get("propertyName"), str):
        return None
    mapping = given.get("mapping")
    if not isinstance(mapping, dict):
        return {"propertyName": given["propertyName"]}
    targets = {key: f"#/$defs/{name(_mapped(value, home), home)}" for key, value in mapping.items() if isinstance(value, str)}
    return {"propertyName": given["propertyName"], "mapping": targets}


def _mapped(value: str, home: str) -> str:
    """A discriminator names a schema by reference or by its bare name."""
    return unquote(value[1:]) if value.startswith("#/") else home + value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: Any) -> bool:
    return _number(value) and 0 <= value < 2**53 and int(value) == value


def _dependent(value: Any) -> bool:
    return isinstance(value, dict) and all(_names(listed) for listed in value.values())


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value) and len(set(value)) == len(value)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_COUNTS, _count),
    **dict.fromkeys(_TEXTS, lambda value: isinstance(value, str)),
    **dict.fromkeys(_SWITCHES, lambda value: isinstance(value, bool)),
    **dict.fromkeys(("default", "const"), lambda _: True),
    "multipleOf": lambda value: _number(value) and value > 0,
    "pattern": lambda value: isinstance(value, str),
    "enum": lambda value: isinstance(value, list),
    "dependentRequired": _dependent,
}
