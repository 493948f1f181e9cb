"""Values out of earlier results: the record in a response, the row that is meant, what a new record copies. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.builtin import words
from engine.builtin.conversation import Step
from engine.builtin.fill import Path
from engine.builtin.toolbox import Field, Tool

SOMEBODY = frozenset({"him", "her", "he", "she", "his", "hers"})
WRAPPERS = ("data", "result", "item", "items", "results", "records", "value", "response", "payload")


def rows(data: Any) -> list[Mapping[str, Any]]:
    """The records of a list, wherever the response keeps it."""
    if isinstance(data, list):
        return [row for row in data if isinstance(row, Mapping)]
    if isinstance(data, Mapping):
        lists = [value for value in data.values() if isinstance(value, list) and any(isinstance(v, Mapping) for v in value)]
        return rows(lists[0]) if len(lists) == 1 or (any(name in WRAPPERS for name in data) and lists) else []
    return []


def record(data: Any) -> Mapping[str, Any] | None:
    """The one record of a response, out of its envelope."""
    if isinstance(data, list):
        return record(data[0]) if len(data) == 1 else None
    if not isinstance(data, Mapping):
        return None
    inner = [value for name, value in data.items() if isinstance(value, Mapping) and (len(data) == 1 or name in WRAPPERS)]
    return record(inner[0]) if inner else data


def copied(fields: Sequence[Field], source: Mapping[str, Any]) -> dict[Path, Any]:
    """What a new record shares with another: by name, without secrets and without what belongs to the other alone."""
    found: dict[Path, Any] = {}
    for field in fields:
        value = at(source, field.path)
        if value is None or field.role in ("secret", "page") or field.name.lower() in words.READ_ONLY_WORDS:
            continue
        found[field.path] = value
    return found


def at(source: Any, path: Path) -> Any:
    """The value at a field's place; None where there is none."""
    for name in path:
        source = source.get(name) if isinstance(source, Mapping) else None
    return source


def at_pointer(data: Any, pointer: str) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Each (record, value) that a supplier's pointer leads to; "*" stands for every element."""
    yield from _walk(data, pointer.strip("/").split("/"), {})


def _walk(data: Any, path: Sequence[str], holder: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    if not path:
        yield holder, data
    elif path[0] == "*" and isinstance(data, list):
        for item in data:
            yield from _walk(item, path[1:], item if isinstance(item, Mapping) else holder)
    elif isinstance(data, Mapping) and path[0] in data:
        yield from _walk(data[path[0]], path[1:], holder or data)


def identified(data: Any, name: str) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Each (record, id) of a response of which nobody knows where it keeps its records."""
    if isinstance(data, list):
        for item in data:
            yield from identified(item, name)
    elif isinstance(data, Mapping):
        key = next((k for k in (name, "id") if isinstance(data.get(k), str | int)), None)
        if key is not None:
            yield data, data[key]
        else:
            for value in data.values():
                yield from identified(value, name)


def matching(pairs: Sequence[tuple[Mapping[str, Any], Any]], said: str) -> list[Any]:
    """The values of the records that are called what the customer said: exactly so if one is, else those that hold the words.

    A first and a last name may stand in two columns.
    """
    same = [value for row, value in pairs if any(_text(v) == said.lower() for v in (*row.values(), value))]
    inside = [value for row, value in pairs if any(said.lower() in _text(v) for n, v in row.items() if set(words.parts(n)) & words.NAME_WORDS)]
    wanted = said.lower().split()
    whole = [value for row, value in pairs if len(wanted) > 1 and set(wanted) <= {w for v in row.values() for w in _text(v).split()}]
    return list(dict.fromkeys(same)) or list(dict.fromkeys(whole)) or list(dict.fromkeys(inside))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, str | int) else ""


def spoken_of(text: str, steps: Sequence[Step]) -> Iterator[tuple[Step, Mapping[str, Any]]]:
    """What "it" or "the second one" may mean, the likeliest first: the newest record, the row of the newest list at that place, and whose it was."""
    place = next((words.ORDINALS[t.lower] for t in words.tokens(text) if t.lower in words.ORDINALS), None)
    for step in reversed([s for s in steps if s.done]):
        found = rows(step.data)
        chosen = place if place is not None else (0 if len(found) == 1 else _called(found, step))
        if found and chosen is not None and -len(found) <= chosen < len(found):
            yield step, found[chosen]
        elif not found and place is None and (single := record(step.data)) is not None:
            yield step, single
        if place is None and step.arguments:
            yield step, step.arguments  # show anna's groups and lock her: whose list it is


def _called(found: Sequence[Mapping[str, Any]], step: Step) -> int | None:
    """The one row that is called what was looked for."""
    sought = {value.lower() for value in step.arguments.values() if isinstance(value, str)}
    same = [n for n, row in enumerate(found) if any(_text(v) in sought for name, v in row.items() if set(words.parts(name)) & words.NAME_WORDS)]
    return same[0] if len(same) == 1 else None


def meant(field: Field, step: Step, source: Mapping[str, Any], tools: Mapping[str, Tool]) -> Any:
    """The value for a field out of the record that was spoken of: by the supplier's pointer, the same name, or its id."""
    for supplier in field.suppliers:
        last = supplier.pointer.rsplit("/", 1)[-1]
        if supplier.operation == step.tool and last in source:
            return source[last]
    if field.name in source:
        return source[field.name]
    about = tools[step.tool].nouns if step.tool in tools else ()
    own = set(field.own_words)
    # The reviews of a book are reviews: their ids are no book's.
    if (field.role == "identifier" or field.numbered) and "id" in source and (not own or own <= {*about[-1:]}):
        return source["id"]
    return None
