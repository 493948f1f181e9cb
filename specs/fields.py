"""The texts an operation is found by, with their weights; read from the raw operation so that no schema is expanded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specs.catalogue import Raw
from specs.head import text
from specs.references import followed
from specs.words import Fields

_ID, _SUMMARY, _PATH, _VERB, _TAGS, _DESCRIPTION, _NAMES, _HELP, _VALUES = 3.0, 3.0, 2.0, 0.5, 1.0, 1.0, 1.0, 0.3, 1.0
_DESCRIPTION_LENGTH, _HELP_LENGTH, _PROPERTIES, _ENUM = 1500, 160, 60, 12
_VERBS = {"get": "get", "post": "create", "put": "update", "patch": "update", "delete": "delete"}


@dataclass(frozen=True, slots=True)
class _Named:
    """A parameter or a property of the body."""

    name: str
    help: str
    values: str  # of an enum


def fields(root: Mapping[str, Any], raw: Raw) -> Fields:
    operation = raw.operation
    named = [*_parameters(root, raw), *_properties(root, operation)]
    return [
        (_ID, text(operation.get("operationId"))),
        (_SUMMARY, raw.summary[:300]),
        (_PATH, raw.path),
        (_VERB, _VERBS.get(raw.method, "")),
        (_TAGS, " ".join(raw.tags)),
        (_DESCRIPTION, raw.description[:_DESCRIPTION_LENGTH]),
        (_NAMES, " ".join(one.name for one in named)),
        (_HELP, "\n".join(one.help for one in named)),  # by lines, since they repeat: the index takes each apart once
        (_VALUES, " ".join(one.values for one in named)),
    ]


def _parameters(root: Mapping[str, Any], raw: Raw) -> Iterator[_Named]:
    for listed in (raw.operation.get("parameters"), raw.item.get("parameters")):
        for one in listed if isinstance(listed, list) else ():
            parameter = followed(root, one)
            if parameter.get("in") not in ("header", "cookie"):
                yield _named(text(parameter.get("name")), parameter, parameter.get("schema"))


def _properties(root: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[_Named]:
    """The first level of a body's properties."""
    content = followed(root, operation.get("requestBody")).get("content")
    for media in list(content.values())[:1] if isinstance(content, dict) else ():
        schema = followed(root, media.get("schema") if isinstance(media, dict) else None)
        properties = schema.get("properties")
        for name, value in list(properties.items())[:_PROPERTIES] if isinstance(properties, dict) else ():
            yield _named(name, value, value)


def _named(name: str, described: Any, schema: Any) -> _Named:
    said = text(described.get("description")) if isinstance(described, dict) else ""
    return _Named(name, said[:_HELP_LENGTH], _enum(schema))


def _enum(schema: Any) -> str:
    """What people ask for by value: "pets that are sold"."""
    for _ in range(2):
        if not isinstance(schema, dict):
            return ""
        if isinstance(values := schema.get("enum"), list):
            return " ".join(value for value in values[:_ENUM] if isinstance(value, str))[:_HELP_LENGTH]
        schema = schema.get("items")
    return ""
