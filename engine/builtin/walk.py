"""A path of several calls walked: the arguments of each stop, and the id that its answer gives the next one. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.builtin import given, paths, places, reply
from engine.builtin.conversation import Step
from engine.builtin.desk import Call, Desk, Say
from engine.builtin.fill import Path, assemble
from engine.builtin.meant import by_words, pairs_of
from engine.builtin.records import matching
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Field, Tool

EACH = re.compile(r"\b(?:each|every)\b(?! other)", re.IGNORECASE)


def path_of(desk: Desk, text: str, end: Tool | None = None) -> Goal | None:
    """The goal that a chain of reading calls reaches, with what is called on the way; None where one call does. `end`: a change it is to lead to."""
    if not any((t.reads or t is end) and places.linking(t) for t in desk.tools.values()):
        return None
    found = given.spoken(desk, text)
    known = given.fillable(desk, text, found, end)
    best = paths.toward(end, found, desk.tools, known) if end else paths.best(found, desk.tools, known)
    if best is None:
        return None
    *through, last = (p.tool for p in best.stops)
    return Goal(last, text, tuple(through))


def walked(desk: Desk, goal: Goal) -> Call | Say | Goal:
    """The next call on the way, or the goal with the id that its operation needs once the way is gone."""
    if goal.given:
        return goal
    taken: dict[Path, Any] = {}
    called: str | None = None
    name = _name(desk, goal)
    for tool, following in zip(goal.through, (*goal.through[1:], goal.tool), strict=True):
        call = Call(tool.name, assemble({**_arguments(desk, goal, tool, name), **taken}))
        made = next((s for s in desk.talk.steps if s.tool == tool.name and dict(s.arguments) == dict(call.arguments) and s.result), None)
        if made is None:
            return call
        if not made.done:
            return Say(reply.failed(made))
        field = _link(desk, goal, following, tool)
        value, row = _taken(desk, goal, field, made, name) if field else (None, {})
        if field is None or value is None:
            return Say(reply.nothing_on_the_way(tool, name))
        taken, called = {field.path: value}, reply.called(row)
    return replace(goal, given=tuple(taken.items()), called=called)


def everywhere(desk: Desk, goal: Goal) -> Call | Say | tuple[Field, Step, list[Mapping[str, Any]]] | None:
    """the reviews of each book by Anna: all records that the way ends with; None where one is meant, or the way begins with them."""
    end = walked(desk, goal)
    if not isinstance(end, Goal) or not EACH.search(goal.text):
        return None if isinstance(end, Goal) else end
    supplier = goal.through[-1]
    field = _link(desk, goal, goal.tool, supplier)
    step = next((s for s in reversed(desk.talk.steps) if s.tool == supplier.name and s.done), None)
    asks = places.asking(supplier)
    if field is None or step is None or (asks and asks.name in step.arguments):
        return None
    pointer = next((s.pointer for s in field.suppliers if s.operation == step.tool), None)
    return field, step, [row for row, _ in pairs_of(step.data, pointer, field.name)]


def _link(desk: Desk, goal: Goal, tool: Tool, supplier: Tool) -> Field | None:
    """The required id that a supplier gives; one that the document does not name gives what it was told to list."""
    said = given.values(desk, Goal(tool, goal.text), given.spoken(desk, goal.text))
    linked = [f for f in tool.fields if f.required and f.suppliers]
    named = [f for f in linked if any(s.operation == supplier.name for s in f.suppliers)]
    return next((f for f in named if f.path not in said), next(iter(named), places.linking(tool)))


def _name(desk: Desk, goal: Goal) -> str | None:
    """What the whole way begins with."""
    found = given.spoken(desk, goal.text)
    return found.names[0].mention.text if found.names else None


def _arguments(desk: Desk, goal: Goal, tool: Tool, name: str | None) -> dict[Path, Any]:
    """What a stop on the way is called with, beside the id that was found for it."""
    values = given.values(desk, Goal(tool, goal.text), given.spoken(desk, goal.text))
    required = {f.path: values[f.path] for f in tool.fields if f.required and f.path in values}
    asks = places.asking(tool)
    return {**required, asks.path: name} if asks and name is not None and tool is goal.through[0] else required


def _taken(desk: Desk, goal: Goal, field: Field, step: Step, name: str | None) -> tuple[Any, Mapping[str, Any]]:
    """The id, and the record, out of the record that is meant. What a search found for a name is meant even where it is called a little otherwise."""
    supplier, asks = desk.tools[step.tool], places.asking(desk.tools[step.tool])
    pointer = next((s.pointer for s in field.suppliers if s.operation == step.tool), None)
    pairs = pairs_of(step.data, pointer, field.name)
    if name is not None and asks is not None and step.arguments.get(asks.name) == name:
        found = matching(pairs, name) or ([value for _, value in pairs] if asks.role == "search" or len(pairs) == 1 else [])
        value = found[0] if found else None
    else:
        value = by_words(goal.text, pairs, step.data, frozenset({*field.own_words, *supplier.nouns}))
    row = next((row for row, one in pairs if one == value), {})
    return (value if value is None or not field.kinds or "string" not in field.kinds else str(value)), row
