"""What a model that invents writes into the gaps of a call: plausible values by name, format, type and choice, several of each. Pure."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench.held import Words, known_value
from engine.events import JSON
from engine.facts import leaves
from specs.pointers import pointer
from tools.fields import words as parted
from tools.schema import ToolDefinition
from tools.shape import followed, object_view

ROUNDS = 6
DEEP = 4
NAMED: tuple[tuple[tuple[str, ...], tuple[JSON, ...]], ...] = (
    (("email", "mail"), ("john.doe@example.com", "info@example.com", "jane@acme.test")),
    (("phone", "mobile", "contact"), ("+1 555 010 9999", "555-0134", "+82 10 5555 0100")),
    (("url", "uri", "link", "webhook"), ("https://example.com", "https://acme.test/hook", "http://localhost:8080")),
    (("city", "location", "destination", "origin", "place", "region", "address"), ("New York", "San Francisco", "London", "Seoul", "123 Main St")),
    (("country",), ("US", "Germany", "South Korea")),
    (("state",), ("California", "active", "NY")),
    (("date", "day", "deadline"), ("2024-01-01", "tomorrow", "March 5th", "2026-11-30")),
    (("time", "hour"), ("10:00", "6 pm", "18:30", "noon")),
    (("id", "uuid", "key", "code", "ref"), ("12345", "user1", "abc-123", "ID-42", "cus_123")),
    (("account", "from", "to"), ("checking", "1234567890", "savings")),
    (("amount", "price", "budget", "cost", "salary"), (100, 49.99, 1000, 20)),
    (("password", "token", "pin", "secret"), ("hunter2", "1234", "sk_test_123")),
    (("name", "user", "person", "author", "recipient", "artist"), ("John Doe", "Jane Smith", "Alice", "Acme Inc")),
    (("title", "subject"), ("Untitled", "Meeting", "My project")),
    (("description", "message", "content", "text", "note", "notes", "comment", "body"), ("A short description of the item.", "Hello there", "N/A")),
    (("category", "type", "kind", "genre"), ("general", "standard", "other", "comedy")),
    (("language", "lang", "locale"), ("en", "English", "ko")),
)  # fmt: skip
FORMATS: Mapping[str, tuple[JSON, ...]] = {
    "date": ("2024-01-01", "2026-12-24", "2025-06-15"), "date-time": ("2024-01-01T00:00:00Z", "2026-12-24T10:00:00+09:00", "2025-06-15T12:30:00Z"),
    "email": ("john.doe@example.com", "jane@acme.test", "info@example.com"), "uri": ("https://example.com", "https://acme.test", "http://a.test/b"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000", "8c4f2a10-1c1d-4c8e-9f1e-0123456789ab", "00000000-0000-4000-8000-000000000001"),
}  # fmt: skip
TYPES: Mapping[str, tuple[JSON, ...]] = {
    "integer": (42, 1, 10, 2, 100, 7), "number": (42, 1.5, 10.0, 3, 99.9, 0.5), "boolean": (True, False),
    "string": ("example", "default", "John Doe", "standard", "123", "New York", "main", "A"),
}  # fmt: skip


def known_values(known: Mapping[str, Any]) -> dict[str, JSON]:
    return {name: value for name, each in known.items() if (value := known_value(each)) is not None}


def filled(definition: ToolDefinition, known: Mapping[str, JSON], words: Words, number: int) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """The arguments with every gap filled, and what was invented, by its place. A choice that the words hold is not invented."""
    arguments: dict[str, JSON] = {}
    made: dict[str, JSON] = {}
    inventor = Inventor(definition, words, number)
    for field in definition.fields:
        given = next((known[name] for name in (field.name, field.wire) if name in known), None)
        if given is None:
            value = inventor.value(field.wire or field.name, field.schema)
            made.update((at, each) for at, each in leaves(value, pointer(field.name)) if not words.literal(each))
        arguments[field.name] = value if given is None else given
    return arguments, made


@dataclass(frozen=True, slots=True)
class Inventor:
    """`number`: the round, which says what is taken of several plausible values."""

    definition: ToolDefinition
    words: Words
    number: int

    def value(self, name: str, schema: Any, depth: int = 0) -> JSON:
        schema = followed(schema, self.definition.definitions)
        schema = schema if isinstance(schema, dict) else {}
        for keyword in ("anyOf", "oneOf", "allOf"):
            if "type" not in schema and schema.get(keyword):
                return self.value(name, schema[keyword][0], depth)
        if schema.get("enum"):
            return plausible(name, tuple(schema["enum"]), self.words, self.number) if self.number % 2 else schema["enum"][0]
        kinds = schema.get("type", "string")
        kind = kinds if isinstance(kinds, str) else next((each for each in kinds if each != "null"), "string")
        if kind == "array":
            more = (replace(self, number=self.number + at) for at in range(1 + self.number % 2))
            return [each.value(name, schema.get("items", {}), depth + 1) for each in more]
        if kind == "object":
            view = object_view(schema, self.definition.definitions) if depth < DEEP else None
            inner = view.properties if view else {}
            return {each: self.value(each, inner[each], depth + 1) for each in inner} or {"name": "example"}
        return plausible(name, tuple(pool(name, schema, kind)), self.words, self.number)


def pool(name: str, schema: Mapping[str, Any], kind: str) -> Iterator[JSON]:
    if schema.get("format") in FORMATS:
        yield from FORMATS[schema["format"]]
    elif kind in ("string", "number", "integer"):
        parts = set(parted(name))
        yield from (value for names, values in NAMED if parts & set(names) for value in values if fits(value, kind))
    yield from TYPES.get(kind, TYPES["string"])


def fits(value: JSON, kind: str) -> bool:
    return isinstance(value, str) if kind == "string" else isinstance(value, int) or (kind == "number" and isinstance(value, float))


def plausible(name: str, values: tuple[JSON, ...], words: Words, number: int) -> JSON:
    """Another one in each round. None that the words hold: what the customer said is not invented, whatever it is used for."""
    start = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) + number
    ordered = [values[(start + at) % len(values)] for at in range(len(values))]
    return next((each for each in ordered if not words.literal(each)), ordered[0])
