"""When a yes is wanted, worked out a second time from what a generated case was made of: nothing of engine/approval.py or tools/rules.py is used."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tests.engine.generated import DESTRUCTIVE, READING, SINKS, Case, flat

NOTHING = object()


def wanted(case: Case, arguments: dict[str, Any], own: set[Any]) -> set[str]:
    """Why no call with these arguments may leave without a yes. `own`: the values that the customer said or answered."""
    safe = case.nature == "list" and not case.consequential
    changes = not safe and not (case.nature == "search" and case.consequential is False)
    why = {name for name, holds in by_rule(case, changes).items() if holds}
    strangers = {name for name, value in named(arguments) if str(value) not in own and worth(value) not in own}
    if not safe and strangers & {*SINKS, "note", "kind"}:
        why.add("not the customer's own")
    if case.wording != "asks" and case.nature not in READING:
        why.add("not asked for")
    return why | {"value" for rule in case.rules if rule_wants(case, rule, arguments, changes=changes)}


def by_rule(case: Case, changes: bool) -> dict[str, bool]:
    rule = case.own_rule or case.approval
    return {
        "always": rule == "always",
        "changing": rule == "changing" and changes,
        "destructive": rule == "destructive" and case.nature in DESTRUCTIVE,
        "consequential": case.consequential is True and case.own_rule is None,
    }


def named(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar with the name it stands under."""
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from named(each, inner)
    elif isinstance(value, list):
        for each in value:
            yield from named(each, name)
    else:
        yield name, value


def rule_wants(case: Case, rule: dict[str, Any], arguments: dict[str, Any], *, changes: bool) -> bool:
    if rule["operation"] not in (case.nature, "*") or (rule["operation"] == "*" and not changes):
        return False
    values = at(arguments, rule["field"])
    if not values or NOTHING in values:
        # A rule for every operation is only about those that have its field.
        has = {"account", "to", "amount", "note", "kind", *(() if case.nature in ("list", "delete") else ("order", "lines", "price", "unit"))}
        if rule["operation"] == case.nature or rule["field"].strip("/").split("/")[-1] in has:
            return True
    return any(holds(rule["op"], value, rule["value"]) for value in values if value is not NOTHING)


def at(arguments: dict[str, Any], field: str) -> list[Any]:
    if not field.startswith("/"):
        return [value for name, value in named(arguments) if name == field]
    if field == "/order/lines/price":
        return [line.get("price", NOTHING) for line in arguments.get("order", {}).get("lines", [])]
    return [arguments[field[1:]]] if field[1:] in arguments else []


def holds(op: str, value: Any, against: Any) -> bool:
    """Whether this asks; what cannot be compared does."""
    if op == "in":
        return any(holds("=", value, each) for each in against)
    one, other = worth(value), worth(against)
    if op in ("=", "!="):
        texts = isinstance(value, str) and isinstance(against, str)
        if not texts and (one is None or other is None):
            return True
        alike = str(value).lower() == str(against).lower() if op == "=" else value == against
        return (one == other if one is not None and other is not None else alike) == (op == "=")
    if one is None or other is None:
        return True
    return {">": one > other, ">=": one >= other, "<": one < other, "<=": one <= other}[op]


def worth(value: Any) -> Fraction | None:
    try:
        return Fraction(str(value))
    except ValueError:
        return None


def own_values(case: Case, answered: list[Any]) -> set[Any]:
    """What the customer said or answered; 1000 is 1000.00."""
    given = [*case.said, *(leaf for each in answered for leaf in flat(each))]
    return {*map(str, given), *map(worth, given)} - {None}
