"""The arguments of a `show` call, read: what is wanted of which columns, or why that cannot be, worded so that a model can mend the call. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from tools.cells import Period, cell
from tools.query import Aggregate, Condition, Function, Grouping, Operator

ChartKind = Literal["bar", "line", "pie"]
OPERATORS: frozenset[str] = frozenset(get_args(Operator))
FUNCTIONS: frozenset[str] = frozenset(get_args(Function))
PERIODS: frozenset[str] = frozenset(get_args(Period))
CHARTS: frozenset[str] = frozenset(get_args(ChartKind))
PLAIN_NAME = re.compile(r"\w[\w .@/-]{0,39}")  # a product's keys are told to a model only where they read as names
TOLD = 30
MOST_BOUNDS = 200


@dataclass(frozen=True, slots=True)
class Unshowable:
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    columns: tuple[str, ...] = ()
    where: Mapping[str, Any] | None = None
    conditions: tuple[Condition, ...] = ()
    sort: tuple[str, ...] = ()
    limit: int | None = None
    group: tuple[Grouping, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    chart: ChartKind | None = None
    x: str | None = None
    y: str | None = None

    @property
    def of_rows(self) -> bool:
        """Whether it can be done to a list only."""
        return bool(self.where or self.conditions or self.group or self.aggregates or self.chart)


class Refused(ValueError):
    """Inside this file only: the first thing that is wrong ends the reading."""


def asked(arguments: Mapping[str, Any]) -> Asked | Unshowable:
    """The arguments by themselves; whether the columns exist is `known_columns`'s question."""
    try:
        where, conditions = filter_of(arguments.get("filter"))
        limit = arguments.get("limit")
        chart = arguments.get("chart")
        return Asked(
            columns=tuple(dict.fromkeys(texts(arguments.get("columns")))), where=where, conditions=conditions,
            sort=tuple(dict.fromkeys(texts(arguments.get("sort")))),
            limit=limit if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0 else None,
            group=tuple(map(grouping, listed(arguments.get("group")))), aggregates=aggregates(arguments),
            chart=chart if chart in CHARTS else None, x=text(arguments.get("x")), y=text(arguments.get("y")),
        )  # fmt: skip
    except Refused as error:
        return Unshowable(str(error))


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def texts(value: Any) -> list[str]:
    return [each for each in listed(value) if isinstance(each, str) and each]


def text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def filter_of(given: Any) -> tuple[dict[str, Any], tuple[Condition, ...]]:
    """{"status": "open"} is equality, {"amount": {"ge": 10, "lt": 100}} two conditions."""
    where: dict[str, Any] = {}
    conditions: list[Condition] = []
    for column, value in given.items() if isinstance(given, Mapping) else ():
        if isinstance(value, Mapping) and value and value.keys() <= OPERATORS:
            conditions += [condition(column, operator, bound) for operator, bound in value.items()]
        else:
            where[column] = value
    if len(where) + sum(map(weight, conditions)) > MOST_BOUNDS:
        raise Refused(f"`filter` compares with more than {MOST_BOUNDS} values.")
    return where, tuple(conditions)


def weight(condition: Condition) -> int:
    """How many values each cell is compared with."""
    return len(condition.value) if isinstance(condition.value, list | tuple) else 1


def condition(column: str, operator: Any, value: Any) -> Condition:
    if operator == "in" and not isinstance(value, list):
        raise Refused(f"`in` takes a list of values: {{{column!r}: {{'in': ['a', 'b']}}}}.")
    if operator == "between" and not (isinstance(value, list) and len(value) == 2):
        raise Refused(f"`between` takes two values, the lowest and the highest: {{{column!r}: {{'between': [1, 9]}}}}.")
    bounds = value if operator in ("in", "between") else [value]
    ordering = operator in ("lt", "le", "gt", "ge", "between", "contains")
    if ordering and not all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in bounds):
        raise Refused(f"`{operator}` compares with a number, a date or a text, not with {value!r:.60}.")
    return Condition(column=column, operator=operator, value=value)


def grouping(given: Any) -> Grouping:
    if isinstance(given, str):
        return Grouping(column=given)
    column, period = (given.get("column"), given.get("period")) if isinstance(given, Mapping) else (None, None)
    if not isinstance(column, str) or (period is not None and period not in PERIODS):
        raise Refused(f"`group` takes columns: a name, or {{'column': name, 'period': one of {', '.join(get_args(Period))}}}.")
    return Grouping(column=column, period=period)


def aggregates(arguments: Mapping[str, Any]) -> tuple[Aggregate, ...]:
    given = [{"function": arguments.get("aggregate"), "of": arguments.get("of")}] if arguments.get("aggregate") else []
    found: list[Aggregate] = []
    for each in [*given, *listed(arguments.get("aggregates"))]:
        function, of = (each.get("function"), text(each.get("of"))) if isinstance(each, Mapping) else (None, None)
        if function not in FUNCTIONS:
            raise Refused(f"`aggregates` takes {{'function': one of {', '.join(get_args(Function))}, 'of': column}}.")
        if of is None and function != "count":
            raise Refused(f"`{function}` needs `of`, the column it is made of.")
        found.append(Aggregate(function=function, of=of))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Spelling:
    """The columns that there are. A name may reach into a nested value (address.city), and may differ in case."""

    rows: Sequence[Any]
    names: Sequence[str]

    def find(self, name: str) -> str | None:
        if name in self.names or (("." in name or name.startswith("/")) and any(cell(row, name) is not None for row in self.rows)):
            return name
        near = [each for each in self.names if each.casefold() == name.casefold()]
        return near[0] if len(near) == 1 else None

    def must(self, name: str) -> str:
        if (found := self.find(name)) is not None:
            return found
        told = [each for each in self.names if PLAIN_NAME.fullmatch(each)]
        raise Refused(f"There is no column {name[:60]!r}. The columns are: {', '.join(told[:TOLD])}{' …' if len(told) > TOLD else ''}.")

    def signed(self, name: str) -> str:
        return f"-{self.must(name[1:])}" if name.startswith("-") and name not in self.names else self.must(name)


def known_columns(wanted: Asked, spelling: Spelling) -> Asked | Unshowable:
    """With every column as the rows spell it. Columns that are only to be seen may be missing; the others would make the answer another one."""
    must = spelling.must
    try:
        return replace(
            wanted,
            columns=tuple(dict.fromkeys(found for name in wanted.columns if (found := spelling.find(name)) is not None)),
            where={must(name): value for name, value in (wanted.where or {}).items()},
            conditions=tuple(each.model_copy(update={"column": must(each.column)}) for each in wanted.conditions),
            sort=wanted.sort if wanted.group else tuple(map(spelling.signed, wanted.sort)),
            group=tuple(each.model_copy(update={"column": must(each.column)}) for each in wanted.group),
            aggregates=tuple(each.model_copy(update={"of": each.of and must(each.of)}) for each in wanted.aggregates),
        )
    except Refused as error:
        return Unshowable(str(error))


def one_of(name: str, names: Mapping[str, Sequence[str]]) -> str | Unshowable:
    """A computed column by its name, or by what it was made of where only one was."""
    if name in names:
        return name
    near = [column for column, others in names.items() if name.casefold() in (each.casefold() for each in others)]
    return near[0] if len(near) == 1 else Unshowable(f"There is no column {name[:60]!r} in what is computed. Its columns are: {', '.join(names)}.")
