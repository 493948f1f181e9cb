"""Data shown by reference to the result that holds it: what `show` selects, filters, sorts and counts, in code."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from specs.pointers import value_at


class View(BaseModel):
    """`columns` are keys of a row (table) or of the record; `path` is the JSON pointer of what is shown inside the result's body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["record", "table", "value", "text"]
    result: str  # the id of the call whose result it is, which is the artifact's id
    title: str = ""
    path: str = ""
    columns: tuple[str, ...] = ()
    where: dict[str, Any] = {}  # equality filter over rows
    sort: str | None = None  # "column" or "-column"
    limit: int | None = None
    aggregate: Literal["count", "sum", "min", "max", "avg"] | None = None
    of: str | None = None  # the aggregated column
    value: Any = None  # kind "value": what was computed
    rows: int | None = None  # shown
    total: int | None = None  # what the product says there are


def view(body: Any, arguments: Mapping[str, Any], result: str, rows_path: str) -> View:
    """What a `show` call asks for, of a result's body. Columns that no row has are left out; what is computed is computed here."""
    target = value_at(body, rows_path)
    rows = records(target)
    if rows is None:
        kind: Literal["record", "text"] = "record" if isinstance(target, dict) else "text"
        columns = tuple(name for name in asked(arguments) if isinstance(target, dict) and name in target)
        return View(kind=kind, result=result, path=rows_path, columns=columns)
    known = names_of(rows)
    wanted = View(
        kind="table",
        result=result,
        path=rows_path,
        columns=tuple(name for name in asked(arguments) if name in known),
        where={name: value for name, value in (arguments.get("filter") or {}).items() if name in known},
        sort=sort if isinstance(sort := arguments.get("sort"), str) and sort.removeprefix("-") in known else None,
        limit=limit if isinstance(limit := arguments.get("limit"), int) and limit > 0 else None,
        aggregate=arguments.get("aggregate") if arguments.get("aggregate") in {"count", "sum", "min", "max", "avg"} else None,
        of=arguments.get("of") if arguments.get("of") in known else None,
    )
    shown = render(wanted, body)
    if wanted.aggregate is None:
        return wanted.model_copy(update={"rows": len(shown), "total": len(rows)})
    value = computed(wanted.aggregate, shown, wanted.of)
    return wanted.model_copy(update={"kind": "value", "value": value, "rows": len(shown), "total": len(rows)})


def render(view: View, body: Any) -> list[Any]:
    """The rows a view shows, in order, with only its columns. A record is one row."""
    target = value_at(body, view.path)
    rows = records(target)
    if rows is None:
        rows = [target]
    found = [row for row in rows if all(matches(row, name, value) for name, value in view.where.items())]
    if view.sort:
        found = ordered(found, view.sort)
    found = found[: view.limit] if view.limit else found
    if not view.columns or view.aggregate:
        return found
    return [{name: row[name] for name in view.columns if name in row} if isinstance(row, dict) else row for row in found]


def asked(arguments: Mapping[str, Any]) -> list[str]:
    columns = arguments.get("columns")
    return list(dict.fromkeys(name for name in columns if isinstance(name, str))) if isinstance(columns, list) else []


def records(target: Any) -> list[Any] | None:
    return target if isinstance(target, list) else None


def names_of(rows: Sequence[Any]) -> frozenset[str]:
    return frozenset(name for row in rows if isinstance(row, dict) for name in row)


def matches(row: Any, name: str, value: Any) -> bool:
    """Text is compared without regard to case: customers do not know how the product spells it."""
    held = row.get(name) if isinstance(row, dict) else None
    if isinstance(held, str) and isinstance(value, str):
        return held.casefold() == value.casefold()
    return bool(held == value) and isinstance(held, bool) == isinstance(value, bool)


def ordered(rows: Sequence[Any], sort: str) -> list[Any]:
    """Numbers before text, what has no value last, whichever way it is sorted."""
    name = sort.removeprefix("-")
    full = [row for row in rows if isinstance(row, dict) and row.get(name) is not None]
    empty = [row for row in rows if not (isinstance(row, dict) and row.get(name) is not None)]
    return sorted(full, key=lambda row: rank(row[name]), reverse=sort.startswith("-")) + empty


def rank(value: Any) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return 0, float(value), ""
    return 1, 0.0, value.casefold() if isinstance(value, str) else str(value)


def computed(aggregate: str, rows: Sequence[Any], of: str | None) -> int | float | str | None:
    """None when there is nothing to compute from."""
    if aggregate == "count":
        return len(rows) if of is None else sum(isinstance(row, dict) and row.get(of) is not None for row in rows)
    values = [row[of] for row in rows if isinstance(row, dict) and of is not None and row.get(of) is not None]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if aggregate in {"min", "max"} and values and not numbers and all(isinstance(value, str) for value in values):
        return str(min(values) if aggregate == "min" else max(values))  # dates as RFC 3339 sort as text
    if not numbers:
        return None
    # Decimal: 0.1 + 0.2 is 0.3 for whoever reads it.
    total = sum((Decimal(str(number)) for number in numbers), Decimal(0))
    exact = {"sum": total, "avg": total / len(numbers), "min": Decimal(str(min(numbers))), "max": Decimal(str(max(numbers)))}[aggregate]
    return int(exact) if exact == exact.to_integral_value() and all(isinstance(number, int) for number in numbers) else float(exact)
