"""A tool definition within an allowance of tokens: what is required stays, then what the sentence mentions; the rest is only named. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import orjson

from specs.words import tokens
from tools.prune import NAMES_LIMIT, naming, sentences
from tools.schema import SUPPLIED_BY, ToolDefinition

CHARACTERS = 4  # a token, about
_BRIEFS = 64  # kept of one definition
_DESCRIPTION = 160  # characters of a description that had to be cut
_NAMING = 90  # what the sentence that names the others takes beside their names


@dataclass(frozen=True, slots=True)
class _Measured:
    """Characters: of the whole, of all but the properties with the short description, and of each property; the stems that mention it."""

    whole: int
    frame: int
    description: str
    sizes: Mapping[str, int]
    stems: Mapping[str, frozenset[str]]


_measured: "WeakKeyDictionary[ToolDefinition, _Measured]" = WeakKeyDictionary()
_briefs: "WeakKeyDictionary[ToolDefinition, dict[tuple[str, ...], ToolDefinition]]" = WeakKeyDictionary()


def cost(tool: ToolDefinition) -> int:
    """Tokens of a definition, about: a quarter of its characters."""
    return _measure(tool).whole // CHARACTERS


def brief(tool: ToolDefinition, mentioned: Collection[str], allowance: int) -> ToolDefinition:
    """The definition itself where it fits, else with as many properties as fit; more than `allowance` only where what is required takes more.

    `mentioned`: stems of the sentence.
    """
    measured = _measure(tool)
    if measured.whole // CHARACTERS <= allowance and all(measured.stems[name].isdisjoint(mentioned) for name in tool.more):
        return tool
    kept = tuple(_kept(tool, measured, mentioned, allowance * CHARACTERS))
    known = _briefs.setdefault(tool, {})
    found = known.get(kept)
    if found is None:
        if len(known) >= _BRIEFS:
            known.clear()
        found = known[kept] = replace(tool, description=measured.description, parameters=_parameters(tool, kept))
    return found


def _kept(tool: ToolDefinition, measured: _Measured, mentioned: Collection[str], characters: int) -> Iterator[str]:
    """Names in the definition's order."""
    required = set(tool.parameters.get("required", ()))
    left = characters - measured.frame - _NAMING - sum(measured.sizes[name] for name in required)
    chosen = set(required)
    by_mention = sorted((name for name in measured.sizes if name not in required), key=lambda name: measured.stems[name].isdisjoint(mentioned))
    for name in by_mention:
        if measured.sizes[name] <= left:
            chosen.add(name)
            left -= measured.sizes[name]
    yield from (name for name in measured.sizes if name in chosen)


def _parameters(tool: ToolDefinition, kept: Collection[str]) -> dict[str, Any]:
    properties = {**tool.parameters["properties"], **tool.more}
    made = {**tool.parameters, "properties": {name: properties[name] for name in kept}}
    made.pop("description", None)
    others = [name for name in properties if name not in kept]
    return {**made, "description": naming(others)} if others else made


def _measure(tool: ToolDefinition) -> _Measured:
    known = _measured.get(tool)
    if known is None:
        known = _measured[tool] = _weighed(tool)
    return known


def _weighed(tool: ToolDefinition) -> _Measured:
    shown = _shown(tool.parameters.get("properties", {}))
    properties = {**shown, **_shown(tool.more)}
    frame = {name: value for name, value in tool.parameters.items() if name not in ("properties", "description")}
    description = sentences(tool.description, _DESCRIPTION)
    return _Measured(
        whole=_size({"name": tool.name, "description": tool.description, "parameters": {**tool.parameters, "properties": shown}}),
        frame=_size({"name": tool.name, "description": description, "parameters": {**frame, "properties": {}}}) + NAMES_LIMIT * 15,
        description=description,
        sizes={name: _size({name: schema}) for name, schema in properties.items()},
        stems={name: frozenset(tokens(f"{name} {_values(schema)}")) for name, schema in properties.items()},
    )


def _values(schema: Any) -> str:
    values = schema.get("enum") if isinstance(schema, dict) else None
    return " ".join(value for value in values if isinstance(value, str)) if isinstance(values, list) else ""


def _size(value: Any) -> int:
    return len(orjson.dumps(value, default=str))


def _shown(properties: Mapping[str, Any]) -> dict[str, Any]:
    """As vendors are shown them: who supplies an id, the built-in model reads for nothing."""
    return {
        name: {k: v for k, v in schema.items() if k != SUPPLIED_BY} if isinstance(schema, dict) and SUPPLIED_BY in schema else schema
        for name, schema in properties.items()
    }
