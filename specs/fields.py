"""The texts an operation is found by, with their weights; read from the raw operation so that no schema is expanded."""

from collections.abc import Iterator, Mapping
from typing import Any

from specs.catalogue import Raw
from specs.head import text
from specs.references import followed
from specs.words import Fields

_ID, _SUMMARY, _PATH, _VERB, _TAGS, _DESCRIPTION, _NAMES, _HELP = 3.0, 3.0, 2.0, 0.5, 1.0, 1.0, 1.0, 0.3
_DESCRIPTION_LENGTH, _HELP_LENGTH, _PROPERTIES = 1500, 160, 60
_VERBS = {"get": "get", "post": "create", "put": "update", "patch": "update", "delete": "delete"}


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
        (_NAMES, " ".join(name for name, _ in named)),
        (_HELP, " ".join(said for _, said in named)),
    ]


def _parameters(root: Mapping[str, Any], raw: Raw) -> Iterator[tuple[str, str]]:
    for listed in (raw.operation.get("parameters"), raw.item.get("parameters")):
        for one in listed if isinstance(listed, list) else ():
            parameter = followed(root, one)
            if parameter.get("in") not in ("header", "cookie"):
                yield text(parameter.get("name")), text(parameter.get("description"))[:_HELP_LENGTH]


def _properties(root: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The first level of a body's properties."""
    content = followed(root, operation.get("requestBody")).get("content")
    for media in list(content.values())[:1] if isinstance(content, dict) else ():
        schema = followed(root, media.get("schema") if isinstance(media, dict) else None)
        properties = schema.get("properties")
        for name, value in list(properties.items())[:_PROPERTIES] if isinstance(properties, dict) else ():
            yield name, text(value.get("description") if isinstance(value, dict) else None)[:_HELP_LENGTH]
