"""The engine's own tools, as a model sees them. What they do is known by the engine; they change nothing in the product."""

from collections.abc import Mapping
from typing import Any

from tools.schema import ToolDefinition

FUNCTIONS = ["count", "count_distinct", "sum", "min", "max", "avg", "median"]


def own(name: str, description: str, properties: dict[str, Any], required: list[str]) -> ToolDefinition:
    return ToolDefinition(name, description, {"type": "object", "properties": properties, "required": required, "additionalProperties": False})


def text(description: str, limit: int = 2_000) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": limit, "description": description}


FORM_FIELD = {
    "type": "object",
    "properties": {
        "name": text("The argument this value is for, exactly as the operation calls it.", 100),
        "label": text("What the customer reads beside the field.", 200),
        "type": {"enum": ["text", "number", "integer", "boolean", "choice", "date", "date-time", "secret", "file"]},
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

CONDITION = {
    "type": "object",
    "properties": {
        **{name: {"type": ["string", "number"]} for name in ("lt", "le", "gt", "ge", "contains")},
        **{name: {"type": ["string", "number", "boolean", "null"]} for name in ("eq", "ne")},
        "in": {"type": "array", "maxItems": 100},
        "between": {"type": "array", "minItems": 2, "maxItems": 2, "description": "Lowest and highest, both included."},
    },
}
COLUMN = {"type": "string", "minLength": 1, "maxLength": 100}
SIGNED = {"type": "string", "minLength": 1, "maxLength": 101}

SHOW = own(
    "show",
    "Choose how the customer sees the result of a call: which columns, filtered, sorted, cut, grouped, counted and summed, as a table or a chart. "
    "It is computed over all rows, also those that you do not see; never count, add up or sort yourself. "
    "The data goes to the customer from the result itself; do not repeat it in words.",
    {
        "result": text("The id of the call whose result is shown.", 100),
        "select": text("JMESPath over the whole body, where the rows lie elsewhere than the outline says: orders[].items[]. Not needed else.", 500),
        "columns": {"type": "array", "items": COLUMN, "maxItems": 30, "description": "address.city reaches into a nested value."},
        "filter": {
            "type": "object",
            "description": "Only rows that fit all. A value is equality; else a test: "
            '{"status": "open", "amount": {"ge": 10, "lt": 100}, "created": {"between": ["2026-01-01", "2026-03-31"]}}.',
            "additionalProperties": {"anyOf": [{"type": ["string", "number", "boolean", "null"]}, CONDITION]},
            "maxProperties": 20,
        },
        "group": {
            "type": "array",
            "items": {
                "anyOf": [
                    COLUMN,
                    {
                        "type": "object",
                        "properties": {"column": COLUMN, "period": {"enum": ["day", "week", "month", "quarter", "year"]}},
                        "required": ["column"],
                        "additionalProperties": False,
                    },
                ]
            },
            "maxItems": 4,
            "description": 'One row for each value, or for each period of a time: ["status", {"column": "created", "period": "month"}].',
        },
        "aggregate": {"enum": FUNCTIONS, "description": "One figure, of all rows or of each group."},
        "of": {"type": "string", "maxLength": 100, "description": "The column to aggregate; not needed for count."},
        "aggregates": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"function": {"enum": FUNCTIONS}, "of": COLUMN},
                "required": ["function"],
                "additionalProperties": False,
            },
            "maxItems": 8,
            "description": "Several figures instead. Their columns are called count, sum_amount, count_distinct_user ...",
        },
        "sort": {
            "anyOf": [SIGNED, {"type": "array", "items": SIGNED, "maxItems": 5}],
            "description": "A column, or several; with a leading - from the largest down. Of groups: also count, sum_amount ...",
        },
        "limit": {"type": "integer", "minimum": 1, "maximum": 10_000, "description": "So many rows or groups, the first in their order."},
        "chart": {"enum": ["bar", "line", "pie"], "description": "Of one group and a figure, or of plain rows with x and y."},
        "x": {"type": "string", "maxLength": 100, "description": "The column of labels or times; not needed with a group."},
        "y": {"type": "string", "maxLength": 100, "description": "The column of numbers; not needed with one figure."},
    },
    ["result"],
)

OWN: Mapping[str, ToolDefinition] = {each.name: each for each in (ASK_USER, RESOLVE_DATES, FIND_OPERATIONS, SHOW)}
