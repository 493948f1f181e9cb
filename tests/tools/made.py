"""Arguments for any operation: the document's own examples where they are right, else made from the schema. The same ones every time."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from specs.model import MediaType, Operation, Parameter, Schema
from tools.files import File
from tools.schema import Field, ToolDefinition, never_fetched
from tools.shape import followed, object_view

DEEP = 6
FILE = File("made.txt", "text/plain", b"made\n")
HANDLE = "file:made"
FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T10:00:00Z",
    "time": "10:00:00Z",
    "duration": "PT1H",
    "email": "ada@example.test",
    "idn-email": "ada@example.test",
    "uuid": "6f1d4c6e-6f8f-4b5c-9d4c-0a3e1b2c3d4e",
    "uri": "https://example.test/a",
    "url": "https://example.test/a",
    "uri-reference": "/a",
    "iri": "https://example.test/a",
    "hostname": "example.test",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "bWFkZQ==",
    "base64": "bWFkZQ==",
    "json-pointer": "/a",
    "regex": "a+",
}
PREFERRED = ("json", "x-www-form-urlencoded", "multipart/form-data", "xml", "text/")  # else the first


@dataclass(frozen=True)
class Maker:
    """`full`: with what is optional. `files`: where bytes are declared, a file can be carried."""

    operation: Operation
    definition: ToolDefinition
    full: bool
    files: bool = False

    def arguments(self) -> dict[str, Any]:
        declared = {(each.location, each.name): each for each in self.operation.parameters}
        found = {}
        for each in self.definition.fields:
            parameter = declared.get((each.location, each.wire))
            if each.location != "body" and (each.required or self.full or (parameter and parameter.example is not None)):
                found[each.name] = self.parameter(each, parameter)
        return {**found, **self.body()}

    def parameter(self, each: Field, parameter: Parameter | None) -> Any:
        example = parameter.example if parameter else None
        return example if example is not None and self.fits(each.schema, example) and example != "" else self.value(each.schema)

    def body(self) -> dict[str, Any]:
        body = self.operation.body
        if body is None or not body.content or not (body.required or self.full or self.operation.method in ("POST", "PUT", "PATCH")):
            return {}
        media = preferred(body.content)
        fields = {each.wire: each.name for each in self.definition.fields if each.location == "body"}
        view = object_view(media.schema, self.operation.definitions)
        if view is None:
            name = fields.get("", "body")
            return {name: HANDLE if binary(media) else self.value(media.schema)}
        value = replace(self, files="multipart" in media.name).value(media.schema)
        return {fields[name]: each for name, each in value.items() if name in fields} if isinstance(value, dict) else {}

    def fits(self, schema: Schema, value: Any) -> bool:
        """Also of its format, which documents' examples often miss."""
        definitions = self.operation.definitions if "$ref" in str(schema) else {}
        whole = {**schema, "$defs": dict(definitions)} if isinstance(schema, dict) else schema
        try:
            return jsonschema_rs.Draft202012Validator(whole, validate_formats=True, retriever=never_fetched).is_valid(value)
        except (ValueError, jsonschema_rs.ReferencingError):
            return False

    def value(self, schema: Schema, depth: int = 0) -> Any:
        """The shortest way to a value that the schema accepts; text where it says nothing."""
        resolved = followed(schema, self.operation.definitions)
        if not isinstance(resolved, dict):
            return "made"
        for given in stated(resolved):
            if given not in (None, "", [], {}) and self.fits(resolved, given):
                return given
        if inner := resolved.get("allOf"):
            return self.joined(resolved, inner, depth)
        for keyword in ("oneOf", "anyOf"):
            if keyword in resolved:
                return self.chosen(resolved, resolved[keyword], depth)
        return self.typed(resolved, depth)

    def joined(self, schema: dict[str, Any], inner: list[Schema], depth: int) -> Any:
        own = {key: value for key, value in schema.items() if key not in ("allOf", "description", "title")}
        resolved = [followed(each, self.operation.definitions) for each in inner]
        known = [each for each in (own, *resolved) if isinstance(each, dict) and each]
        view = object_view(schema, self.operation.definitions)
        if view is not None:
            required = {name for each in known for name in each.get("required", ())} | view.required
            return self.object({"properties": dict(view.properties), "required": sorted(required)}, depth)
        merged: dict[str, Any] = {}
        for each in known:
            merged.update(each)
        return self.value(merged, depth)

    def chosen(self, schema: dict[str, Any], alternatives: list[Schema], depth: int) -> Any:
        own = {key: value for key, value in schema.items() if key not in ("oneOf", "anyOf")}
        for each in alternatives:
            resolved = followed(each, self.operation.definitions)
            for maker in (self, replace(self, full=False)):  # with everything, one alternative may be the other too
                value = maker.value(both(own, resolved) if isinstance(resolved, dict) else own, depth + 1)
                if value is not None and self.fits(schema, value):
                    return value
        return self.value(alternatives[0], depth + 1)

    def typed(self, schema: dict[str, Any], depth: int) -> Any:
        declared = schema.get("type", "object" if "properties" in schema else "array" if "items" in schema else "string")
        listed = [each for each in (declared if isinstance(declared, list) else [declared]) if each != "null"]
        match listed[0] if listed else "null":
            case "object":
                return self.object(schema, depth)
            case "array":
                wanted = max(int(schema.get("minItems", 0)), 1 if depth < DEEP else 0)
                inner = followed(schema.get("items", True), self.operation.definitions)
                return different([self.value(inner, depth + 1) for _ in range(wanted)], {**schema, "items": inner})
            case "integer" | "number":
                return number(schema, listed[0])
            case "boolean":
                return True
            case "null":
                return None
            case _:
                return HANDLE if self.files and carries_bytes(schema) else text(schema)

    def object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        # An object without members cannot be told from none in a form or a query.
        least = max(int(schema.get("minProperties", 0)), 1 if depth else 0)
        found: dict[str, Any] = {}
        for name, each in sorted(schema.get("properties", {}).items(), key=lambda pair: pair[0] not in required):
            resolved = followed(each, self.operation.definitions)
            hidden = isinstance(resolved, dict) and (resolved.get("readOnly") or (resolved.get("deprecated") and name not in required))
            if not hidden and (name in required or len(found) < least or (self.full and depth < 2)):
                found[name] = self.value(each, depth + 1)
        further = schema.get("additionalProperties", True)
        for count in range(len(found), int(schema.get("minProperties", 0))):
            found[f"made{count}"] = self.value(further if isinstance(further, dict) else True, depth + 1)
        return found


def both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    named = {"properties": {**one.get("properties", {}), **other.get("properties", {})}} if "properties" in one else {}
    required = {"required": [*one.get("required", ()), *other.get("required", ())]} if "required" in one else {}
    return {**one, **other, **named, **required}


def preferred(content: tuple[MediaType, ...]) -> MediaType:
    return next((each for wanted in PREFERRED for each in content if wanted in each.name), content[0])


def binary(media: MediaType) -> bool:
    return not any(wanted in media.name for wanted in PREFERRED) or (isinstance(media.schema, dict) and media.schema.get("format") == "binary")


def stated(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Values that the document itself gives."""
    yield from (schema[key] for key in ("const", "default") if key in schema)
    yield from schema.get("examples", ())
    yield from schema.get("enum", ())


def number(schema: Mapping[str, Any], name: str) -> int | float:
    """1, or what is nearest to it in the limits."""
    step = schema.get("multipleOf", 1)
    value: int | float = 1
    if (low := schema.get("exclusiveMinimum")) is not None and value <= low:
        value = low + step
    if (high := schema.get("exclusiveMaximum")) is not None and value >= high:
        value = high - step if name == "integer" or low is None else (low + high) / 2
    value = max(value, schema.get("minimum", value))
    value = min(value, schema.get("maximum", value))
    value = -(-value // step) * step if "multipleOf" in schema else value
    return int(value) if name == "integer" or value == int(value) else value


def carries_bytes(schema: Mapping[str, Any]) -> bool:
    return schema.get("format") == "binary" or "contentMediaType" in schema


def text(schema: Mapping[str, Any]) -> str:
    shortest, longest = int(schema.get("minLength", 0)), int(schema.get("maxLength", 10_000))
    if "pattern" in schema:
        return matching(schema["pattern"], shortest, longest)
    value = FORMATS.get(schema.get("format", ""), "made")
    return value.ljust(shortest, "a")[:longest]


@cache
def matching(pattern: str, shortest: int, longest: int) -> str:
    """The simplest text that fits the pattern; "made" where Python does not know what it says."""
    told = settings(database=None, derandomize=True, max_examples=200, suppress_health_check=list(HealthCheck))
    shortest = max(shortest, 1)
    try:
        return find(st.from_regex(re.compile(pattern, re.ASCII)), lambda one: shortest <= len(one) <= longest and one.isprintable(), settings=told)
    except (HypothesisException, re.error, ValueError, OverflowError, RecursionError):
        return "made".ljust(shortest, "a")[:longest]


def different(items: list[Any], schema: Mapping[str, Any]) -> list[Any]:
    """Numbers and texts of a list whose items must be unique."""
    if not schema.get("uniqueItems") or len({json.dumps(each, sort_keys=True) for each in items}) == len(items):
        return items
    inner = schema.get("items", {})
    if isinstance(inner, dict) and "pattern" in inner:
        shortest = max(int(inner.get("minLength", 0)), 1)
        return [matching(inner["pattern"], shortest + n, int(inner.get("maxLength", 10_000))) for n in range(len(items))]
    return [f"{each}{n}" if isinstance(each, str) else each + n if isinstance(each, int | float) else each for n, each in enumerate(items)]
