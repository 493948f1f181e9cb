"""Lossless mending of what a model wrote: the same values in the form the schema wants. Each repair is said; nothing is guessed. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from specs.model import Schema
from tools.branches import discriminated, hidden
from tools.fields import Field, is_of, plain_name, types
from tools.forms import BodyForm
from tools.schema import ToolDefinition
from tools.shape import followed, object_view, sole

DEEP = 16
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Repair:
    """One pass over one call's arguments; `made` collects what was done, as "pointer: how"."""

    definitions: Mapping[str, Schema]
    handles: frozenset[str]
    made: list[str] = field(default_factory=list)
    merges: bool = False  # null takes a member away (RFC 7396)

    def value(self, value: Any, schema: Schema, at: str) -> Any:
        resolved = united(sole(schema, self.definitions), self.definitions)
        if at.count("/") > DEEP or not isinstance(resolved, dict) or (isinstance(value, str) and value in self.handles):
            return value
        mended = chosen(converted(value, types(resolved)), resolved.get("enum"))
        if mended is not value:
            self.made.append(f"{at}: {said(value)} was taken as {said(mended)}")
        if isinstance(mended, list):
            return [self.value(item, resolved.get("items", True), f"{at}/{number}") for number, item in enumerate(mended)]
        return self.object(mended, resolved, at) if isinstance(mended, dict) else mended

    def object(self, value: dict[str, Any], schema: Schema, at: str) -> dict[str, Any]:
        view = object_view(schema, self.definitions)
        if view is None:
            return value
        kept = {}
        for name, each in value.items():
            declared = view.properties.get(name, True)
            if each is None and not self.merges and name not in view.required and not allows_null(declared, self.definitions):
                self.made.append(f"{at}/{name}: null was left out")
            elif name not in view.properties and name in hidden(schema, self.definitions):
                self.made.append(f"{at}/{name}: was left out, since only the product sets it")
            else:
                kept[name] = self.value(each, declared, f"{at}/{name}")
        return self.discriminated(kept, schema, at)

    def discriminated(self, value: dict[str, Any], schema: Schema, at: str) -> dict[str, Any]:
        found = discriminated(value, schema, self.definitions)
        if found is None:
            return value
        self.made.append(f"{at}/{found[0]}: {said(found[1])} was filled in, which is what the others are of")
        return dict([found]) | value

    def arguments(self, given: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in given.items():
            each = fields.get(name)
            if each is None:
                found[name] = value
            elif value is None and not each.required and not self.merging(each) and not allows_null(each.schema, self.definitions):
                self.made.append(f"/{name}: null was left out")
            else:
                found[name] = self.value(value, each.schema, f"/{name}")
        return found

    def merging(self, each: Field) -> bool:
        return self.merges and each.location == "body"


def repaired(definition: ToolDefinition, arguments: Mapping[str, Any], handles: frozenset[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The arguments in the form of their schemas, and what was done."""
    made: list[str] = []
    given = sendable(definition, named(definition, unwrapped(definition, arguments, made), made), made)
    form = definition.form_of(given)
    fields = definition.checks_of(form).fields
    repair = Repair(definition.definitions, handles, made, merges=form is not None and form.merges)
    found = repair.arguments(given, fields)
    for each in fields.values():
        if each.name not in found and isinstance(each.schema, dict) and "const" in each.schema and (each.required or each.constant):
            found[each.name] = each.schema["const"]
            made.append(f"/{each.name}: its only value was filled in")
    return branched(form, found, repair) if form is not None else found, tuple(made)


def branched(form: BodyForm, found: dict[str, Any], repair: Repair) -> dict[str, Any]:
    """With the discriminator of the body itself, whose properties are arguments."""
    names = {each.wire: each.name for each in form.fields}
    body = {each.wire: found[each.name] for each in form.fields if each.wire and each.name in found}
    missing = discriminated(body, form.schema, repair.definitions) if body else None
    if missing is None or missing[0] not in names:
        return found
    repair.made.append(f"/{names[missing[0]]}: {said(missing[1])} was filled in, which is what the others are of")
    return found | {names[missing[0]]: missing[1]}


def sendable(definition: ToolDefinition, arguments: dict[str, Any], made: list[str]) -> dict[str, Any]:
    """Without properties of the body that only answers have."""
    unknown = arguments.keys() - definition.by_name.keys()
    out = unknown & frozenset().union(*(hidden(form.schema, definition.definitions) for form in definition.forms)) if unknown else frozenset()
    made += [f"/{name}: was left out, since only the product sets it" for name in arguments if name in out]
    return {name: value for name, value in arguments.items() if name not in out}


def unwrapped(definition: ToolDefinition, arguments: Mapping[str, Any], made: list[str]) -> dict[str, Any]:
    """{"body": {...}} where the properties of the body are arguments themselves."""
    inner = arguments.get("body")
    if "body" in definition.by_name or not isinstance(inner, dict) or not definition.fields:
        return dict(arguments)
    by_wire = {each.wire: each.name for each in definition.fields if each.location == "body"}
    moved = {by_wire[name]: value for name, value in inner.items() if name in by_wire}
    if len(moved) != len(inner) or moved.keys() & arguments.keys():
        return dict(arguments)
    made.append("/body: its properties are arguments themselves")
    return {**{name: value for name, value in arguments.items() if name != "body"}, **moved}


def named(definition: ToolDefinition, arguments: Mapping[str, Any], made: list[str]) -> dict[str, Any]:
    """userId for user_id, when only one field can be meant and it was not given."""
    if arguments.keys() <= definition.by_name.keys():
        return dict(arguments)
    plain: dict[str, list[str]] = {}
    for each in definition.fields:
        plain.setdefault(plain_name(each.name), []).append(each.name)
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        meant = plain.get(plain_name(name), [])
        known = name in definition.by_name or len(meant) != 1 or meant[0] in arguments or meant[0] in found
        found[name if known else meant[0]] = value
        if not known:
            made.append(f"/{meant[0]}: was called {name}")
    return found


def united(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Alternatives of single values as one: with the types and the members of all."""
    if not isinstance(schema, dict) or "type" in schema or "enum" in schema or not ("anyOf" in schema or "oneOf" in schema):
        return schema
    branches = [followed(each, definitions) for each in (*(schema.get("anyOf") or ()), *(schema.get("oneOf") or ()))]
    kinds = [types(each) for each in branches]
    members = [each.get("enum") or [each["const"]] for each in branches if isinstance(each, dict) and ("enum" in each or "const" in each)]
    known = {"type": sorted(set().union(*kinds))} if all(kinds) and not any(each & {"object", "array"} for each in kinds) else {}
    return schema | known | ({"enum": [one for each in members for one in each]} if len(members) == len(branches) else {})


def allows_null(schema: Schema, definitions: Mapping[str, Schema]) -> bool:
    resolved = followed(schema, definitions)
    if not isinstance(resolved, dict):
        return True
    declared = resolved.get("type")
    if declared is None:
        return None in resolved.get("enum", [None])
    return declared == "null" or "null" in declared


def converted(value: Any, wanted: set[str]) -> Any:
    """The same value in a wanted type; the value itself when it fits or when something would be lost."""
    if isinstance(value, float) and wanted & {"integer", "number"}:
        return whole(value)
    if not wanted or value is None or is_of(value, wanted):
        return value
    if isinstance(value, str):
        return from_text(value, wanted)
    if "string" in wanted and isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if wanted == {"array"} and isinstance(value, int | float | dict):
        return [value]
    return value


def whole(value: float) -> float | int:
    """614 for 614.0: the same number, as every product reads it."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def from_text(value: str, wanted: set[str]) -> Any:
    text = value.strip()
    if "boolean" in wanted and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if wanted & {"integer", "number", "object", "array"}:
        read = json_or_absent(text)
        if type(read) is int and wanted & {"integer", "number"} and str(read) == text:
            return read
        if type(read) is float and "number" in wanted and math.isfinite(read) and repr(read) == text:
            return whole(read)
        if (isinstance(read, dict) and "object" in wanted) or (isinstance(read, list) and "array" in wanted):
            return read
    return [value] if wanted == {"array"} and text else value


def json_or_absent(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return ABSENT


def chosen(value: Any, members: Any) -> Any:
    """Sold for sold, and 0 for "0", when only one member can be meant."""
    if not isinstance(value, str) or not isinstance(members, list) or value in members:
        return value
    text = value.strip().casefold()
    meant = [each for each in members if text == (each.casefold() if isinstance(each, str) else spelled(each))]
    return meant[0] if len(meant) == 1 else value


def spelled(member: Any) -> str | None:
    """A number or boolean as it is written."""
    return str(member).lower() if isinstance(member, int | float) else None


def said(value: Any) -> str:
    text = str(value) if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else f"{text[:59]}…"
