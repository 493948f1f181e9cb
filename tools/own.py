"""The engine's own tools, as a model sees them. What they do is known by the engine; they change nothing in the product."""

from collections.abc import Mapping
from typing import Any

from tools.schema import ToolDefinition


def own(name: str, description: str, properties: dict[str, Any], required: list[str]) -> ToolDefinition:
    return ToolDefinition(name, description, {"type": "object", "properties": properties, "required": required, "additionalProperties": False})


def text(description: str, limit: int = 2_000) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": limit, "description": description}


FORM_FIELD = {
    "type": "object",
    "properties": {
        "name": text("The argument this value is for, exactly as the operation calls it.", 100),
        "label": text("What the customer reads beside the field.", 200),
        "type": {"enum": ["text", "number", "integer", "boolean", "choice", "date", "date-time", "secret"]},
        "choices": {"type": "array", "items": {"type": "string", "maxLength": 200}, "maxItems": 100, "description": "For type choice."},
    },
    "required": ["name", "label", "type"],
    "additionalProperties": False,
}

ASK_USER = own(
    "ask_user",
    "Ask the customer for values that are missing or unclear, as a form. Ask for everything that is missing at once. "
    "Passwords and other secrets have type secret; never ask for them in words.",
    {
        "question": text("One short question in the customer's language.", 500),
        "fields": {"type": "array", "items": FORM_FIELD, "minItems": 1, "maxItems": 20},
    },
    ["question", "fields"],
)

RESOLVE_DATES = own(
    "resolve_dates",
    "Turn words for a time (yesterday, last week, since Monday, Q3 2026) into exact bounds in the customer's time zone. "
    "Use it for every relative date; never work one out yourself. `end` is exclusive, `last` is the last moment inside.",
    {"text": text("The customer's own words for the time.", 200)},
    ["text"],
)

FIND_OPERATIONS = own(
    "find_operations",
    "Find further operations of the product's API when none of those offered fits. Say what is to be done in a few words.",
    {"text": text("What the operation should do.", 300)},
    ["text"],
)

SHOW = own(
    "show",
    "Choose how the customer sees the result of a call: which columns, filtered, sorted, cut, or counted and summed. "
    "The data goes to the customer from the result itself; do not repeat it in words.",
    {
        "result": text("The id of the call whose result is shown.", 100),
        "columns": {"type": "array", "items": {"type": "string", "maxLength": 100}, "maxItems": 30},
        "filter": {"type": "object", "description": "Only rows in which each of these columns has this value."},
        "sort": {"type": "string", "maxLength": 101, "description": "A column; with a leading - from the largest down."},
        "limit": {"type": "integer", "minimum": 1, "maximum": 10_000},
        "aggregate": {"enum": ["count", "sum", "min", "max", "avg"]},
        "of": {"type": "string", "maxLength": 100, "description": "The column to aggregate; not needed for count."},
    },
    ["result"],
)

OWN: Mapping[str, ToolDefinition] = {each.name: each for each in (ASK_USER, RESOLVE_DATES, FIND_OPERATIONS, SHOW)}
