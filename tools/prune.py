"""A schema cut to what a model needs to see: within a budget, by meaning, never in the middle of something. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from specs.model import Schema
from tools.fields import is_secret, names
from tools.shape import PREFIX, followed, object_view

KEPT = names(
    "type format default const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength",
    "minItems maxItems uniqueItems",
)
ENUM_LIMIT = 40
PATTERN_LIMIT = 120
DEFAULT_LIMIT = 200
NAMES_LIMIT = 12
SENTENCE_SIZE = 300
SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Detail:
    """How much of a schema is shown: levels of nesting, characters of a description, optional properties of an object below the first level."""

    depth: int
    description: int
    optional: int


LEVELS = (Detail(5, 300, 60), Detail(4, 160, 20), Detail(3, 100, 8), Detail(2, 80, 3), Detail(1, 60, 0))


def sentences(text: str, limit: int) -> str:
    """The first sentences that fit; when not even one does, whole words and an ellipsis."""
    text = " ".join(text.split()) if len(text) <= limit else text.strip()
    if len(text) <= limit:
        return text
    kept = ""
    for sentence in SENTENCE.split(text):
        longer = f"{kept} {' '.join(sentence.split())}".strip()
        if len(longer) > limit:
            break
        kept = longer
    if kept:
        return kept
    cut = " ".join(text[:limit].split()).rsplit(" ", 1)[0]
    return f"{cut[: limit - 1]}…"


def size(value: Any) -> int:
    return len(orjson.dumps(value, default=str))


def shown(schema: Schema, definitions: Mapping[str, Schema], detail: Detail, seen: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A self-contained schema without references. Below the allowed depth, and at a cycle, only the type is said."""
    name = str(schema["$ref"]).removeprefix(PREFIX) if isinstance(schema, dict) and "$ref" in schema else None
    resolved = followed(schema, definitions)
    if not isinstance(resolved, dict):
        return {}
    kept = {keyword: resolved[keyword] for keyword in resolved if keyword in KEPT and size(resolved[keyword]) <= DEFAULT_LIMIT}
    if text := sentences(described(resolved), detail.description):
        kept["description"] = text
    if len(str(resolved.get("pattern", ""))) <= PATTERN_LIMIT and "pattern" in resolved:
        kept["pattern"] = resolved["pattern"]
    show_enum(resolved, kept)
    if detail.depth <= 0 or name in seen:
        return kept
    inner = Detail(detail.depth - 1, detail.description // 2, detail.optional)
    return {**kept, **parts(resolved, definitions, inner, seen | {name} if name else seen)}


def described(schema: Mapping[str, Any]) -> str:
    return str(schema.get("description") or schema.get("title") or "")


def show_enum(schema: Mapping[str, Any], kept: dict[str, Any]) -> None:
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    if len(values) <= ENUM_LIMIT:
        kept["enum"] = values
    else:
        some = ", ".join(str(value) for value in values[:NAMES_LIMIT])
        kept["description"] = f"{kept.get('description', '')} One of {len(values)} values such as {some}.".strip()


def parts(schema: Mapping[str, Any], definitions: Mapping[str, Schema], detail: Detail, seen: frozenset[str]) -> dict[str, Any]:
    """What the schema is made of: properties, items, alternatives."""
    if view := object_view(dict(schema), definitions):
        optional = [name for name in view.properties if name not in view.required][: detail.optional]
        names = [name for name in view.properties if name in view.required or name in optional]
        properties = {name: shown(view.properties[name], definitions, detail, seen) for name in names}
        required = [name for name in names if name in view.required and not is_secret(name, followed(view.properties[name], definitions), ())]
        return {"type": "object", "properties": properties, **({"required": required} if required else {})}
    made: dict[str, Any] = {}
    if "items" in schema:
        made["items"] = shown(schema["items"], definitions, detail, seen)
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = shown(schema["additionalProperties"], definitions, detail, seen)
    for keyword in ("oneOf", "anyOf", "allOf"):
        if isinstance(schema.get(keyword), list):
            made[keyword] = [shown(each, definitions, detail, seen) for each in schema[keyword]]
    return made


Shown = tuple[dict[str, Any], dict[str, Any]]  # an object schema, and the properties that were left out of it


def fitted(properties: Mapping[str, Schema], required: list[str], definitions: Mapping[str, Schema], budget: int) -> Shown:
    """The properties as one object schema within `budget` characters, and those that were left out, which its description names."""
    schema: dict[str, Any] = {}
    for detail in LEVELS:
        schema = as_object({name: shown(each, definitions, detail) for name, each in properties.items()}, required)
        if size(schema) <= budget:
            return schema, {}
    return without_least(schema["properties"], required, budget)


def without_least(properties: dict[str, Any], required: list[str], budget: int) -> Shown:
    """Optional properties are left out from the end until the rest fits with the sentence that names them."""
    kept, needed, left = dict(properties), frozenset(required), size(as_object(properties, required))
    for name in reversed([name for name in properties if name not in needed]):
        if left <= budget - SENTENCE_SIZE:
            break
        left -= size({name: kept.pop(name)}) - 1  # without its braces, with its comma
    dropped = {name: schema for name, schema in properties.items() if name not in kept}
    made = as_object(kept, required)
    if dropped:
        made["description"] = naming(list(dropped))
    return made, dropped


def naming(others: list[str]) -> str:
    """The sentence that stands for the properties that are not shown."""
    more = f" and {len(others) - NAMES_LIMIT} others" if len(others) > NAMES_LIMIT else ""
    return f"Also accepted: {', '.join(others[:NAMES_LIMIT])}{more}; find_operations shows those that it is asked for."


def as_object(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), **({"required": required} if required else {})}
