"""Data shown by reference to the result that holds it: what `show` selects, filters, sorts, groups, counts and charts, in code. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from specs.pointers import value_at
from tools.cells import cell, matches, number, plain, written
from tools.query import Aggregate, Condition, Function, Grouping, Notes, columns_in, filtered, grouped, ordered
from tools.redact import nameable
from tools.select import Unselectable, selected
from tools.wanted import Asked, ChartKind, Spelling, Unshowable, asked, known_columns, one_of

KEPT = 500  # computed rows in a view: the reply must not depend on how long the artifact is kept
KEPT_BYTES = 200_000  # of them together: they are written into the session's events
TOLD = 8_000  # bytes of computed rows that a model reads: some 3,200 tokens, in Korean too
CUT = 200  # characters of one value of them
LONGEST = 2_000  # characters of a value that is shown by itself


class Chart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ChartKind
    x: str
    y: str


class ShownFile(BaseModel):
    """A file among the results, as far as events hold it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    media_type: str
    size: int  # bytes


class View(BaseModel):
    """`columns` are keys of a row (table) or of the record; `path` is the JSON pointer of what is shown inside the result's body.

    What was computed is kept in it (`value`, `computed`), so that it is shown as it was told, however long the result itself is kept; but not what
    was computed from masked values (unseen.py), which is computed again for whoever may see it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["record", "table", "value", "text", "chart", "file"]
    result: str  # the id of the call whose result it is, which is the artifact's id
    title: str = ""
    path: str = ""
    columns: tuple[str, ...] = ()
    where: dict[str, Any] = {}  # equality filter over rows
    sort: str | None = None  # "column" or "-column"
    limit: int | None = None
    aggregate: Function | None = None
    of: str | None = None  # the aggregated column
    value: Any = None  # kind "value": what was computed
    rows: int | None = None  # shown
    total: int | None = None  # what the product says there are; of groups, how many there are
    select: str | None = None  # JMESPath, in the place of `path`
    conditions: tuple[Condition, ...] = ()
    then_by: tuple[str, ...] = ()  # what is sorted by behind `sort`
    group: tuple[Grouping, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    chart: Chart | None = None
    computed: tuple[dict[str, Any], ...] | None = None  # the rows of groups, or of a chart
    among: int | None = None  # the rows they were made of
    notes: tuple[str, ...] = ()  # which rows are not in it
    timezone: str = "UTC"  # in which days begin
    file: ShownFile | None = None


def view(body: Any, arguments: Mapping[str, Any], result: str, rows_path: str, timezone: str = "UTC") -> View | Unshowable:
    """What a `show` call asks for, of a result's body. What is computed is computed here."""
    wanted = asked(arguments)
    select = arguments.get("select") if isinstance(arguments.get("select"), str) else None
    target = selected(select, body) if select else value_at(body, rows_path)
    if isinstance(wanted, Unshowable):
        return wanted
    if isinstance(target, Unselectable):
        return Unshowable(target.reason)
    base = View(kind="text", result=result, path="" if select else rows_path, select=select, timezone=timezone)
    return of_list(target, wanted, base) if isinstance(target, list) else of_one(target, wanted, base)


def of_one(target: Any, wanted: Asked, base: View) -> View | Unshowable:
    if wanted.of_rows:
        lists = [name for name, value in target.items() if isinstance(value, list)] if isinstance(target, dict) else []
        named = f": {', '.join(lists[:8])}" if lists else ""
        return Unshowable(f"This is no list of rows. Use `select` to name a list inside the result{named}.")
    if isinstance(target, dict):
        columns = tuple(name for name in wanted.columns if cell(target, name) is not None or name in target)
        return base.model_copy(update={"kind": "record", "columns": columns})
    return base.model_copy(update={"kind": "value", "value": short(target, LONGEST)}) if base.select else base


def of_list(rows: list[Any], wanted: Asked, base: View) -> View | Unshowable:
    spelled = known_columns(wanted, Spelling(rows, columns_in(rows))) if rows else wanted
    if isinstance(spelled, Unshowable):
        return spelled
    first, *then = spelled.sort or (None,)
    shown = base.model_copy(
        update={
            "kind": "table", "columns": spelled.columns, "where": dict(spelled.where or {}), "conditions": spelled.conditions, "sort": first,
            "then_by": tuple(then), "limit": spelled.limit, "group": spelled.group, "total": len(rows),
        }
    )  # fmt: skip
    if spelled.group or len(spelled.aggregates) > 1 or (spelled.chart and spelled.aggregates):
        return in_groups(rows, spelled, shown)
    found = render_rows(rows, shown)
    if spelled.aggregates:
        return one_figure(found, spelled.aggregates[0], shown)
    return charted(found, spelled, shown) if spelled.chart else shown.model_copy(update={"rows": len(found)})


def one_figure(rows: Sequence[Any], aggregate: Aggregate, shown: View) -> View:
    notes = Notes(len(rows))
    ((value,),) = (tuple(row.values()) for row in grouped(rows, (), (aggregate,), zone_of(shown), notes))
    told = {"value": short(value, LONGEST), "rows": len(rows), "among": len(rows), "notes": tuple(notes.found)}
    return shown.model_copy(update={"kind": "value", "aggregate": aggregate.function, "of": aggregate.of, **told})


def in_groups(rows: Sequence[Any], wanted: Asked, shown: View) -> View | Unshowable:
    """Groups in the order that is asked for; else in time, else the largest figure first."""
    shown = shown.model_copy(update={"aggregates": wanted.aggregates or (Aggregate(function="count"),)})
    found = render_filtered(rows, shown)
    notes = Notes(len(found))
    groups = grouped(found, shown.group, shown.aggregates, zone_of(shown), notes)
    names = computed_columns(shown, groups)
    sort: list[str] = []
    for each in wanted.sort or default_sort(shown, list(names)):
        name = one_of(each.removeprefix("-"), names)
        if isinstance(name, Unshowable):
            return name
        sort.append(f"-{name}" if each.startswith("-") else name)
    groups = ordered(groups, sort, zone_of(shown))[: shown.limit]
    first, *then = sort or (None,)
    shown = shown.model_copy(update={"columns": tuple(names), "sort": first, "then_by": tuple(then), "among": len(found)})
    return charted(groups, wanted, kept(groups, shown, notes)) if wanted.chart else kept(groups, shown, notes)


def computed_columns(shown: View, groups: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The columns of the groups, each with what else it may be called."""
    calls = [(each.column,) for each in shown.group] + [(each.function, each.of or "") for each in shown.aggregates]
    named = list(groups[0]) if groups else [*(each.name for each in shown.group), *(each.name for each in shown.aggregates)]
    return dict(zip(named, calls, strict=True))


def default_sort(shown: View, names: Sequence[str]) -> list[str]:
    in_time = [name for name, each in zip(names, shown.group, strict=False) if each.period]
    return in_time or ([f"-{names[len(shown.group)]}"] if shown.group else [])


def kept(rows: Sequence[Mapping[str, Any]], shown: View, notes: Notes) -> View:
    some = what_fits(rows)
    more = (f"The first {len(some)} of {len(rows):,} groups are shown.",) if len(rows) > len(some) else ()
    return shown.model_copy(update={"computed": some, "rows": len(some), "total": len(rows), "notes": (*notes.found, *more)})


def what_fits(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The first of them, with long texts cut: a product may group by its longest ones."""
    some: list[dict[str, Any]] = []
    room = KEPT_BYTES
    for row in rows[:KEPT]:
        some.append({name: short(value, LONGEST) for name, value in row.items()})
        room -= len(written(some[-1]).encode())
        if room < 0:
            return tuple(some[:-1])
    return tuple(some)


def charted(rows: Sequence[Any], wanted: Asked, shown: View) -> View | Unshowable:
    """Of groups: the group and its first figure. Of plain rows: any column, and one of numbers."""
    assert wanted.chart is not None
    if len(shown.group) > 1:
        return Unshowable("A chart has one group: leave the others out, or show a table.")
    names = list(shown.columns) if shown.computed is not None else [name for name in columns_in(rows) if nameable(name)]
    y = wanted.y or next((n for n in names[len(shown.group) :] if any(number(cell(row, n)) is not None for row in rows[:KEPT])), None)
    x = wanted.x or next((n for n in names if n != y), None)
    if x is None or y is None:
        return Unshowable("A chart needs `x`, a column of labels or times, and `y`, a column of numbers.")
    for name, each in (("x", x), ("y", y)):
        if each not in names and not any(cell(row, each) is not None for row in rows):
            return Unshowable(f"There is no column {each[:60]!r} for `{name}`. The columns are: {', '.join(names[:30])}.")
    points = [{x: cell(row, x), y: plain(found)} for row in rows if (found := number(cell(row, y))) is not None]
    notes = Notes(len(rows), list(shown.notes))
    notes.add(len(rows) - len(points), f"number in {y}", " and {} not in the chart")
    some = what_fits(points)
    if len(points) > len(some) and shown.computed is None:
        notes.found.append(f"The first {len(some)} of {len(points):,} rows are shown.")
    chart = Chart(kind=wanted.chart, x=x, y=y)
    told = {"kind": "chart", "chart": chart, "columns": (x, y), "computed": some, "rows": len(some)}
    return shown.model_copy(update={**told, "notes": tuple(notes.found), "among": shown.among if shown.among is not None else len(rows)})


def zone_of(shown: View) -> tzinfo:
    """A session's own, which was looked at when it began."""
    return UTC if shown.timezone == "UTC" else ZoneInfo(shown.timezone)


def render(shown: View, body: Any) -> list[Any]:
    """The rows a view shows, in order, with only its columns. A record is one row. What was computed is taken as it was told."""
    return projected(shown, found_rows(shown, body))


def found_rows(shown: View, body: Any) -> list[Any]:
    """The same as they stand in the result."""
    if shown.computed is not None:
        return list(shown.computed)
    target = selected(shown.select, body) if shown.select else value_at(body, shown.path)
    if isinstance(target, Unselectable):
        return []
    return render_rows(target if isinstance(target, list) else [target], shown)


def projected(shown: View, rows: Sequence[Any]) -> list[Any]:
    if not shown.columns or shown.aggregate or shown.computed is not None:
        return list(rows)
    return [of_columns(row, shown.columns) if isinstance(row, dict) else row for row in rows]


def of_columns(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {name: value for name in columns if (value := cell(row, name)) is not None or name in row}


def render_filtered(rows: Sequence[Any], shown: View) -> list[Any]:
    same = [row for row in rows if all(matches(cell(row, name), value) for name, value in shown.where.items())] if shown.where else rows
    return filtered(same, shown.conditions, zone_of(shown))


def render_rows(rows: Sequence[Any], shown: View) -> list[Any]:
    found = render_filtered(rows, shown)
    if shown.aggregate:  # of the rows that are left, where groups are sorted and cut themselves
        found = ordered(found, [shown.sort, *shown.then_by] if shown.sort else [], zone_of(shown))[: shown.limit]
        return grouped(found, (), (Aggregate(function=shown.aggregate, of=shown.of),), zone_of(shown), Notes(len(found)))
    if shown.group or shown.aggregates:
        found = grouped(found, shown.group, shown.aggregates, zone_of(shown), Notes(len(found)))
    sort = [shown.sort, *shown.then_by] if shown.sort else []
    return ordered(found, sort, zone_of(shown))[: shown.limit] if sort else found[: shown.limit]


def told(shown: View) -> dict[str, Any]:
    """What a model reads of it. Computed rows end where they would fill the prompt."""
    said: dict[str, Any] = {"value": shown.value, "rows": shown.rows, **({"notes": list(shown.notes)} if shown.notes else {})}
    if shown.computed is None:
        return said
    said |= {"total": shown.total, "made_of_rows": shown.among}
    lines: list[list[Any]] = []
    room = TOLD
    for row in shown.computed:
        line = [short(row.get(name)) for name in shown.columns]
        room -= len(written(line).encode()) + 1
        if room < 0:
            said["notes"] = [*said.get("notes", []), f"You see the first {len(lines):,} of the {len(shown.computed):,} rows that the customer sees."]
            break
        lines.append(line)
    return {"columns": list(shown.columns), "data": lines, **said}


def short(value: Any, limit: int = CUT) -> Any:
    text = value if isinstance(value, str) else written(value) if isinstance(value, dict | list) else None
    return value if text is None else text if len(text) <= limit else f"{text[: limit - 1]}…"
