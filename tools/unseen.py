"""A view as a model may know it: asked again of a copy of the result in which dots stand for what a model must not see. Pure.

So nothing that it is told was computed from a masked value. Where the dots would make the answer another one, it is told none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from specs.pointers import parts, value_at
from tools.cells import cell
from tools.query import Aggregate
from tools.redact import for_model, together, without_personal
from tools.request import MASK
from tools.select import looked_at, selected
from tools.show import View, told, view

NONE_TOLD = "It depends on masked values: the customer sees it, you do not. Say no figure of it."
SOME_MASKED = "Secrets and personal numbers stand as dots. The customer sees them."
COUNTING = frozenset({"count", "count_distinct"})


@dataclass(frozen=True, slots=True)
class Known:
    """`told`: for the model. `view`: for events, without what was computed from masked values: it is computed again for the customer."""

    told: dict[str, Any]
    view: View


def known_of(made: View, body: Any, arguments: Mapping[str, Any], hidden: frozenset[str]) -> Known:
    """`made`: what the `show` call of these arguments gave, over the whole body. `hidden`: names of fields that a model must not see."""
    columns = needed(made)
    copy = body if made.select else only(body, made.path, columns) if columns else None
    seen = for_model(copy, hidden, apart=True)
    if seen is copy:
        return Known(told(made), made)
    chart = {"x": made.chart.x, "y": made.chart.y} if made.chart else {}
    again = view(seen, {**arguments, **chart}, made.result, made.path, made.timezone)
    if not isinstance(again, View):
        return Known({"notes": [NONE_TOLD]}, recomputed(made))
    dark = _Dark(seen, made)
    kept = recomputed(made) if dark.shown(again) else made
    return Known({"notes": [NONE_TOLD]} if dark.decisive() else dotted(again, made, dark), kept)


def needed(made: View) -> frozenset[str]:
    """The columns that what a model reads of the view is made of: of plain rows only how many there are."""
    found = {*made.where, *(each.column for each in made.conditions)}
    if made.computed is not None or made.aggregate:
        found |= {each.column for each in made.group} | {each.of for each in figures(made) if each.of}
        found |= {made.chart.x, made.chart.y} if made.chart and not made.group else set()
    return frozenset(found | {each.removeprefix("-") for each in sorts(made)} if found else ())


def figures(made: View) -> tuple[Aggregate, ...]:
    return (Aggregate(function=made.aggregate, of=made.of),) if made.aggregate else made.aggregates


def sorts(made: View) -> tuple[str, ...]:
    return (made.sort, *made.then_by) if made.sort else ()


def only(body: Any, path: str, columns: frozenset[str]) -> Any:
    """The rows at their place in the body, with what these columns lie in: of fifty thousand rows a column is looked through in half a second."""
    rows = value_at(body, path)
    roots = columns | {name.split(".")[0] for name in columns} | {parts(name)[0] for name in columns if name.startswith("/")}
    found: Any = rows
    if isinstance(rows, list):
        found = [{name: row[name] for name in roots if name in row} if isinstance(row, dict) else row for row in rows]
    for part in reversed(parts(path)):
        found = {part: found}
    return found


@dataclass(frozen=True)
class _Dark:
    """Which columns of the copy hold dots."""

    seen: Any
    made: View

    @cached_property
    def rows(self) -> list[Any]:
        target = selected(self.made.select, self.seen) if self.made.select else value_at(self.seen, self.made.path)
        return target if isinstance(target, list) else []

    def column(self, name: str | None) -> bool:
        return name is not None and any(masked(cell(row, name)) for row in self.rows)

    def figure(self, each: Aggregate) -> bool:
        return each.function not in COUNTING and self.column(each.of)

    def named(self, computed: str) -> bool:
        """By the name of a computed column, or of one of plain rows."""
        sources = {each.name: self.column(each.column) for each in self.made.group}
        sources |= {each.name: self.figure(each) for each in figures(self.made)}
        return sources[computed] if computed in sources else self.column(computed)

    def decisive(self) -> bool:
        """Whether it depends on dots which rows are meant, or what is drawn of them."""
        made = self.made
        if made.select and (asked := looked_at(made.select)) != frozenset() and (asked is None or asked & dotted_names(self.seen)):
            return True
        chosen = [*made.where, *(each.column for each in made.conditions)]
        cut = [each.removeprefix("-") for each in sorts(made)] if made.limit is not None else []
        return any(map(self.column, chosen)) or any(map(self.named, cut)) or bool(made.chart and self.named(made.chart.y))

    def shown(self, again: View) -> bool:
        """Whether a masked value is in what was computed."""
        made = self.made
        return any(self.column(each.column) for each in made.group) or any(map(self.figure, figures(made))) or masked(again.value) or any(
            self.named(name) for name in ((made.chart.x, made.chart.y) if made.chart else ())
        )  # fmt: skip


def dotted(again: View, made: View, dark: _Dark) -> dict[str, Any]:
    """What is told of the copy's view. How many rows have no value is as it was over the whole body."""
    hidden = frozenset(each.name for each in figures(made) if dark.figure(each))
    rows = None if again.computed is None else tuple({n: MASK if n in hidden else v for n, v in row.items()} for row in again.computed)
    value = MASK if made.aggregate and hidden else again.value
    said = together(told(again.model_copy(update={"computed": rows, "value": value, "notes": (*made.notes, SOME_MASKED)})))
    told_names = {name: [without_personal(each, "") for each in said[name]] for name in ("columns", "notes") if name in said}
    return {**said, **told_names}


def recomputed(made: View) -> View:
    """The same view with nothing in it that was computed. A single figure is a table of it."""
    if made.kind == "value":
        named = tuple(each.name for each in figures(made))
        return made.model_copy(update={"kind": "table" if named else "text", "columns": named, "value": None})
    return made.model_copy(update={"computed": None})


def masked(value: Any) -> bool:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and MASK in each:
            return True
        waiting += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
    return False


def dotted_names(data: Any) -> frozenset[str]:
    """Names of members that are dots, or lists of them."""
    found: set[str] = set()
    waiting: list[tuple[str, Any]] = [("", data)]
    while waiting:
        name, each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.items()
        elif isinstance(each, list):
            waiting += [(name, one) for one in each]
        elif isinstance(each, str) and MASK in each:
            found.add(name)
    return frozenset(found)
