"""What is asked of the rows of a result, answered over all of them: filtered, sorted, cut, grouped, counted and summed, exactly. Pure."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Context, Decimal, localcontext
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tools.cells import DAY, Period, cell, day_of, is_number, matches, moment, number, period_of, plain, ranks, same_key, written

Function = Literal["count", "count_distinct", "sum", "min", "max", "avg", "median"]
Operator = Literal["eq", "ne", "lt", "le", "gt", "ge", "contains", "in", "between"]
EXACT = Context(prec=1_000)  # more than the digits of the largest and the smallest double together
MEASURES = frozenset({"sum", "avg", "median"})  # of numbers only


class Condition(BaseModel):
    """A condition on a column. `value`: the bound; a list for `in` and (low, high) for `between`, both inclusive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    operator: Operator
    value: Any = None


class Grouping(BaseModel):
    """By a column's values, or by the days, weeks ... that its times fall into."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    period: Period | None = None

    @property
    def name(self) -> str:
        return f"{self.column} ({self.period})" if self.period else self.column


class Aggregate(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    function: Function
    of: str | None = None

    @property
    def name(self) -> str:
        return f"{self.function}_{self.of}" if self.of else self.function


@dataclass(slots=True)
class Notes:
    """What a reader of the figures must know of the rows that are not in them."""

    rows: int
    found: list[str] = field(default_factory=list)

    def add(self, count: int, what: str, then: str = " and {} not counted in") -> None:
        if count:
            said = f"{count:,} of {self.rows:,} rows {'has' if count == 1 else 'have'} no {what}{then.format('is' if count == 1 else 'are')}."
            self.found += [] if said in self.found else [said]


# Filters


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that cells are compared with, as whatever it can be taken for. A day is compared by days: up to the 30th is until its end."""

    value: Any
    number: int | Decimal | None
    moment: datetime | None
    day: date | None
    text: str | None


def bound(value: Any, zone: tzinfo) -> Bound:
    day = day_of(value, zone) if isinstance(value, str) and DAY.fullmatch(value) else None
    return Bound(value, number(value), moment(value, zone), day, value.casefold() if isinstance(value, str) else None)


def order(held: Any, against: Bound, zone: tzinfo) -> int | None:
    """Less than zero, zero or more, as the cell lies before, at or behind the bound; None: they cannot be compared."""
    if against.number is not None and (found := number(held)) is not None:
        return (found > against.number) - (found < against.number)
    if against.day is not None and isinstance(held, str) and (day := day_of(held, zone)) is not None:
        return (day > against.day) - (day < against.day)
    if against.moment is not None and (time := moment(held, zone)) is not None:
        return (time > against.moment) - (time < against.moment)
    if against.text is not None and against.number is None and against.moment is None and isinstance(held, str):
        text = held.casefold()
        return (text > against.text) - (text < against.text)
    return None


def equal(held: Any, against: Bound, zone: tzinfo) -> bool:
    return matches(held, against.value) or (held is not None and against.value is not None and order(held, against, zone) == 0)


def contains(held: Any, text: str) -> bool:
    if isinstance(held, list):
        return any(contains(each, text) for each in held)
    return held is not None and not isinstance(held, bool | dict) and text in str(held).casefold()


def passes(condition: Condition, zone: tzinfo) -> Callable[[Any], bool]:
    """The condition on a cell. What cannot be compared passes `ne` only."""
    many = condition.value if isinstance(condition.value, list | tuple) else [condition.value]
    bounds = [bound(each, zone) for each in many]
    first, last = (bounds[0], bounds[-1]) if bounds else (bound(None, zone),) * 2

    def within(held: Any, low: Bound | None, high: Bound | None, *, at: bool) -> bool:
        below = order(held, low, zone) if low else 1
        above = order(held, high, zone) if high else -1
        return below is not None and above is not None and (below > 0 or (at and below == 0)) and (above < 0 or (at and above == 0))

    texts = {each.text for each in bounds if each.text is not None}
    numbers = {each.number for each in bounds if each.number is not None}
    others = [each for each in bounds if each.moment is not None or (each.number is None and each.text is None)]

    def among(held: Any) -> bool:
        if isinstance(held, str) and held.casefold() in texts:
            return True
        return number(held) in numbers or any(equal(held, each, zone) for each in others)

    known: dict[Operator, Callable[[Any], bool]] = {
        "eq": lambda held: equal(held, first, zone),
        "ne": lambda held: not equal(held, first, zone),
        "lt": lambda held: within(held, None, first, at=False),
        "le": lambda held: within(held, None, first, at=True),
        "gt": lambda held: within(held, first, None, at=False),
        "ge": lambda held: within(held, first, None, at=True),
        "between": lambda held: within(held, first, last, at=True),
        "in": among,
        "contains": lambda held: contains(held, str(condition.value).casefold()),
    }
    return known[condition.operator]


def filtered(rows: Sequence[Any], conditions: Sequence[Condition], zone: tzinfo = UTC) -> list[Any]:
    found = list(rows)
    for condition in conditions:
        wanted = passes(condition, zone)
        found = [row for row in found if wanted(cell(row, condition.column))]
    return found


# Order


def ordered(rows: Sequence[Any], sort: Sequence[str], zone: tzinfo = UTC) -> list[Any]:
    """By the first column, among equals by the next; equals stay as they came. What has no value is last, whichever way it is sorted."""
    found = list(rows)
    for name in reversed(sort):
        held = [cell(row, name.removeprefix("-")) for row in found]
        full = [(place, value) for place, value in enumerate(held) if value is not None]
        keys = dict(zip((place for place, _ in full), ranks([value for _, value in full], zone), strict=True))
        places = sorted(keys, key=keys.__getitem__, reverse=name.startswith("-"))
        found = [found[place] for place in places] + [row for row, value in zip(found, held, strict=True) if value is None]
    return found


# Groups and figures


def grouped(rows: Sequence[Any], by: Sequence[Grouping], aggregates: Sequence[Aggregate], zone: tzinfo, notes: Notes) -> list[dict[str, Any]]:
    """One row a group, in the order in which the groups come first. Without `by`, all rows are one."""
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list, {} if by else {(): []})
    heads: dict[tuple[Any, ...], dict[str, Any]] = {} if by else {(): {}}
    for row in rows:
        labels = {each.name: label(cell(row, each.column), each.period, zone) for each in by}
        key = tuple(map(same_key, labels.values()))
        heads.setdefault(key, labels)
        groups[key].append(row)
    for each in by:
        lacking = sum(len(groups[key]) for key, head in heads.items() if head[each.name] is None)
        notes.add(lacking, f"time in {each.column}" if each.period else each.column, "")
    for figure in aggregates:
        missed(rows, figure, notes)
    names = unlike([each.name for each in by], aggregates)
    return [heads[key] | {n: computed(a, groups[key], zone) for n, a in zip(names, aggregates, strict=True)} for key in heads]


def unlike(taken: Sequence[str], aggregates: Sequence[Aggregate]) -> list[str]:
    """Names of the computed columns; a product may have a column `count` of its own."""
    used = set(taken)
    names: list[str] = []
    for each in aggregates:
        name = each.name
        while name in used:
            name += "_"
        used.add(name)
        names.append(name)
    return names


def label(value: Any, period: Period | None, zone: tzinfo) -> Any:
    if period is None:
        return written(value) if isinstance(value, dict | list) else value
    day = day_of(value, zone)
    return None if day is None else period_of(day, period)


def missed(rows: Sequence[Any], aggregate: Aggregate, notes: Notes) -> None:
    """Says which rows a figure leaves out. What is counted is said by its name."""
    if aggregate.of is None or aggregate.function in ("count", "count_distinct"):
        return
    values = [cell(row, aggregate.of) for row in rows]
    notes.add(sum(value is None for value in values), aggregate.of)
    if aggregate.function in MEASURES or any(map(is_number, values)):
        notes.add(sum(value is not None and not is_number(value) for value in values), f"number in {aggregate.of}")


def computed(aggregate: Aggregate, rows: Sequence[Any], zone: tzinfo = UTC) -> int | float | str | None:
    """None when there is nothing to compute from."""
    if aggregate.of is None:
        return len(rows) if aggregate.function == "count" else None
    values = [value for row in rows if (value := cell(row, aggregate.of)) is not None]
    match aggregate.function:
        case "count":
            return len(values)
        case "count_distinct":
            return len(set(map(same_key, values)))
        case "min" | "max":
            return utmost(values, aggregate.function, zone)
        case _:
            numbers = [found for value in values if (found := number(value)) is not None]
            return measured(numbers, aggregate.function) if numbers else None


def utmost(values: Sequence[Any], function: Literal["min", "max"], zone: tzinfo) -> int | float | str | None:
    """Of numbers where there are some, else of texts: times in their order in time."""
    numbers = [found for value in values if (found := number(value)) is not None]
    pick = min if function == "min" else max
    if numbers:
        return plain(pick(numbers))
    texts = [value for value in values if isinstance(value, str)]
    if not texts or len(texts) < len(values):
        return None
    keys = ranks(texts, zone)
    return texts[pick(range(len(texts)), key=keys.__getitem__)] if isinstance(keys[0], datetime) else pick(texts)


def measured(numbers: Sequence[int | Decimal], function: Function) -> int | float | str:
    """0.1 + 0.2 is 0.3 for whoever reads it. A whole number stays one where all are."""
    with localcontext(EXACT):
        if function == "median":
            odd, half = len(numbers) % 2, len(numbers) // 2
            return shared(Decimal(sum(sorted(numbers)[half - 1 + odd : half + 1])), 2 - odd, numbers)
        return shared(Decimal(sum(numbers)), len(numbers) if function == "avg" else 1, numbers)


def shared(total: Decimal, among: int, numbers: Sequence[int | Decimal]) -> int | float | str:
    """The total, or its equal part: exact where a number can hold it, a mean else to the nearest that can."""
    exact = total / Decimal(among)
    if exact == exact.to_integral_value() and all(isinstance(each, int) for each in numbers):
        return plain(int(exact))
    return plain(exact) if among == 1 else float(exact)


def columns_in(rows: Sequence[Any]) -> list[str]:
    """The rows' own columns, in the order in which they come; plain values have one."""
    named = list(dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row))
    return named if all(isinstance(row, dict) for row in rows) else [*named, "value"]
