"""JSON Schemas as requests see them: references followed, compositions seen as one object, what only answers carry left out. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from specs.model import Schema
from specs.pointers import unescape

PREFIX = "#/$defs/"
DEEP = 32  # references and compositions followed one after the other
BRANCHES = 100  # that are compared with each other
WIDE = 1_000  # properties, after which nothing more is joined: a few small schemas can hand theirs on to all others
DATA_KEYWORDS = frozenset({"enum", "const", "default", "examples", "example"})  # hold JSON, not schemas
NAMED_SCHEMAS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})  # hold schemas by name


@dataclass(frozen=True, slots=True)
class ObjectView:
    """A schema seen as one object with named properties."""

    properties: Mapping[str, Schema]
    required: frozenset[str]


def followed(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema behind a chain of references; keywords beside a $ref are kept and win."""
    for _ in range(DEEP):
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema
        target = definitions.get(str(schema["$ref"]).removeprefix(PREFIX), True)
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        schema = {**target, **beside} if isinstance(target, dict) else (beside or target)
    return True


def sole(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema behind references, and behind alternatives of which all others are null."""
    resolved = followed(schema, definitions)
    if not isinstance(resolved, dict) or "type" in resolved:
        return resolved
    others = [followed(each, definitions) for each in (*(resolved.get("anyOf") or ()), *(resolved.get("oneOf") or ()))]
    some = [each for each in others if not (isinstance(each, dict) and each.get("type") == "null")]
    return some[0] if len(some) == 1 and len(others) > 1 else resolved


def object_view(schema: Schema, definitions: Mapping[str, Schema]) -> ObjectView | None:
    """None when the schema is not (only) an object with named properties."""
    return _Views(definitions).of(schema, 0)


@dataclass(frozen=True, slots=True)
class _Views:
    """`known`: what references led to, so that each is read once."""

    definitions: Mapping[str, Schema]
    known: dict[str, ObjectView | None] = field(default_factory=dict)

    def of(self, schema: Schema, depth: int) -> ObjectView | None:
        name = str(schema["$ref"]) if isinstance(schema, dict) and "$ref" in schema else None
        if name is None:
            return self._composed(schema, depth)
        if name not in self.known:
            self.known[name] = None  # a reference to itself adds nothing
            self.known[name] = self._composed(followed(schema, self.definitions), depth)
        return self.known[name]

    def _composed(self, schema: Schema, depth: int) -> ObjectView | None:
        if not isinstance(schema, dict) or not may_be_object(schema) or depth > DEEP:
            return None
        own = {name: each for name, each in (schema.get("properties") or {}).items() if not read_only(each, self.definitions)}
        views = [self.of(each, depth + 1) for each in schema.get("allOf") or ()]
        views += [self._alternatives(schema[keyword], depth + 1) for keyword in ("oneOf", "anyOf") if schema.get(keyword)]
        joined = together([ObjectView(own, frozenset()), *filter(None, views)])
        required = frozenset(schema.get("required") or ()) | joined.required
        return ObjectView(joined.properties, required.intersection(joined.properties)) if joined.properties else None

    def _alternatives(self, schemas: Sequence[Schema], depth: int) -> ObjectView | None:
        """All of them as one flat object; required is what each of them requires."""
        views = [self.of(each, depth) for each in schemas]
        found = [view for view in views if view]
        if not found:
            return None
        required = frozenset.intersection(*(view.required for view in found)) if len(found) == len(views) else frozenset()
        return ObjectView(together(found, "anyOf").properties, required)


def may_be_object(schema: Mapping[str, Any]) -> bool:
    declared = schema.get("type", "object")
    return declared == "object" or (isinstance(declared, list) and "object" in declared)


def together(views: Sequence[ObjectView], keyword: str = "allOf") -> ObjectView:
    properties: dict[str, Schema] = {}
    for view in views:
        if len(properties) > WIDE:
            break
        for name, schema in view.properties.items():
            before = properties.get(name, schema)
            properties[name] = schema if before == schema else {keyword: [before, schema]}
    return ObjectView(properties, frozenset[str]().union(*(view.required for view in views)))


def all_properties(schema: Schema, definitions: Mapping[str, Schema]) -> list[tuple[str, Schema]]:
    """(name, schema) of every property of an object, also of those that only answers have; twice where it is declared twice."""
    found: list[tuple[str, Schema]] = []
    seen: set[str] = set()
    waiting = [schema]
    for each in waiting:  # which grows
        reference = each.get("$ref") if isinstance(each, dict) else None
        resolved = followed(each, definitions)
        if not isinstance(resolved, dict) or str(reference) in seen or len(found) > WIDE:
            continue
        if reference is not None:
            seen.add(str(reference))
        found += (resolved.get("properties") or {}).items()
        for keyword in ("allOf", "oneOf", "anyOf"):
            waiting += resolved.get(keyword) or ()
    return found


def read_only(schema: Schema, definitions: Mapping[str, Schema]) -> bool:
    resolved = followed(schema, definitions)
    return isinstance(resolved, dict) and bool(resolved.get("readOnly"))


def request_form(schema: Any, definitions: Mapping[str, Schema]) -> Any:
    """The schema as a request must keep it: a property that is readOnly is neither allowed to be missed nor asked for."""
    if isinstance(schema, list):
        return [request_form(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    hidden = {name for name, each in (schema.get("properties") or {}).items() if read_only(each, definitions)}
    form: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "required" and isinstance(value, list):
            form[keyword] = [name for name in value if name not in hidden]
        elif keyword == "oneOf" and not exclusive(schema, definitions):
            form["anyOf"] = request_form(value, definitions)
        elif keyword in NAMED_SCHEMAS and isinstance(value, dict):
            form[keyword] = {name: request_form(each, definitions) for name, each in value.items()}
        else:
            form[keyword] = value if keyword in DATA_KEYWORDS else request_form(value, definitions)
    return form


def exclusive(schema: Mapping[str, Any], definitions: Mapping[str, Schema]) -> bool:
    """Whether each branch of a oneOf requires something that no other one does. Branches of other kinds are often all right at once, as a text is
    beside one of a format, and documents mean nothing by it: only these say that a value must not be of two.
    """
    branches = schema["oneOf"]
    if "anyOf" in schema or not isinstance(branches, list):
        return True
    if "discriminator" in schema or len(branches) > BRANCHES:
        return False
    resolved = [followed(each, definitions) for each in branches]
    required = [frozenset(each.get("required") or ()) if isinstance(each, dict) else frozenset[str]() for each in resolved]
    return not any(one <= other for place, one in enumerate(required) for other in (*required[:place], *required[place + 1 :]))


def reached(schemas: Iterable[Schema], definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions these schemas reach, in request form."""
    found: dict[str, Schema] = {}
    waiting: list[Any] = list(schemas)
    while waiting:
        each = waiting.pop()
        waiting.extend(each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        name = str(each["$ref"]).removeprefix(PREFIX) if isinstance(each, dict) and isinstance(each.get("$ref"), str) else None
        if name is not None and name in definitions and name not in found:
            found[name] = request_form(definitions[name], definitions)
            waiting.append(found[name])
    return found


def properties_in(schemas: Iterable[Schema], definitions: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """(name, schema) of every property anywhere in these schemas."""
    seen: set[str] = set()
    waiting: list[Any] = list(schemas)
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting.extend(each)
        if not isinstance(each, dict):
            continue
        reference = each.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            seen.add(reference)
            waiting.append(definitions.get(reference.removeprefix(PREFIX), True))
        properties = each.get("properties")
        yield from ((name, followed(schema, definitions)) for name, schema in (properties.items() if isinstance(properties, dict) else ()))
        waiting.extend(each.values())


def at(schema: Schema, pointer: str, definitions: Mapping[str, Schema]) -> Schema:
    """The schema of the value at a JSON pointer into data; True where nothing is declared."""
    for part in filter(None, pointer.split("/")):
        step = unescape(part)
        schema = followed(schema, definitions)
        view = object_view(schema, definitions)
        if view and step in view.properties:
            schema = view.properties[step]
        elif isinstance(schema, dict):
            other: Schema = schema.get("additionalProperties", True)
            schema = schema.get("items", other) if step.isdigit() else other
        else:
            return True
    return followed(schema, definitions)
