"""A name said where an id is needed: asks the operation that supplies the id, and takes it from the row of that name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from engine.builtin import words
from engine.builtin.conversation import Conversation, Step
from engine.builtin.mentions import Mention
from engine.builtin.records import at_pointer, matching
from engine.builtin.toolbox import Field, Supplier, Tool

ID_LIKE = re.compile(r"\d+|[0-9a-fA-F]{12,}|[A-Za-z]{1,8}[_-]\w*\d\w*|[0-9a-fA-F-]{36}")
OWN_NAMES = frozenset(words.stem(w) for w in ("username", "login", "user", "handle", "slug", "key"))  # never with a space


@dataclass(frozen=True, slots=True)
class Look:
    """The call to make first."""

    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    value: Any
    step: str  # the id of the call that gave it


@dataclass(frozen=True, slots=True)
class Missing:
    """No record is called so, or several are."""

    said: str
    options: tuple[tuple[str, Any], ...] = ()  # (what it is called, its id) of several


def needed(field: Field, mention: Mention) -> bool:
    """Whether the text is what people call the thing rather than the value itself: by its looks, its type or the schema's pattern."""
    if not field.suppliers or not (field.required or field.role == "identifier"):
        return False
    if not field.formed(mention.text):
        return True
    if mention.kind == "id":
        return False
    if field.role == "identifier" or field.value(mention.text) is None:
        return not ID_LIKE.fullmatch(mention.text)
    pattern = field.item.get("pattern")
    if isinstance(pattern, str):
        return unfit(pattern, mention.text)
    return field.role == "name" and bool(OWN_NAMES & set(field.words)) and " " in mention.text.strip()


def unfit(pattern: str, text: str) -> bool:
    """By the validator that checks arguments, too: a document's own pattern must not keep Python's `re` busy for ever."""
    try:
        return not jsonschema_rs.is_valid({"type": "string", "pattern": pattern}, text)
    except ValueError:  # no pattern at all
        return False


def look_up(field: Field, said: str, tools: Mapping[str, Tool], talk: Conversation) -> Look | Found | Missing | None:
    """None when no offered operation can supply the id, or it refuses to: the words are then taken as they are."""
    supplier = next((s for s in field.suppliers if s.operation in tools and _callable(tools[s.operation], said) is not None), None)
    if supplier is None:
        return None
    for text in dict.fromkeys((said, *said.split()[-1:])):  # a search may not know first and last names together
        arguments = _callable(tools[supplier.operation], text) or {}
        made = next((s for s in (*talk.earlier, *talk.steps) if s.tool == supplier.operation and s.done and _covers(s, arguments)), None)
        if made is None and any(s.tool == supplier.operation and dict(s.arguments) == arguments for s in talk.steps):
            return None  # it would say the same again
        if made is None:
            return Look(supplier.operation, arguments)
        if made.count != 0:
            break
    return _taken(field, supplier, made, said) if made else Missing(said)


def _callable(tool: Tool, said: str) -> dict[str, Any] | None:
    """Arguments that look for a name: the search field, else the name's own, else all rows; None when others are required."""
    search = [f for f in tool.fields if f.role in ("search", "name") and len(f.path) == 1 and f.value(said) is not None]
    chosen = sorted(search, key=lambda f: f.role != "search")[:1]
    if any(f.required and f not in chosen for f in tool.fields):
        return None
    return {f.name: said for f in chosen}


def _covers(step: Step, arguments: Mapping[str, Any]) -> bool:
    """A list read before serves too when it was not narrowed otherwise."""
    return dict(step.arguments) == dict(arguments) or not step.arguments


def _taken(field: Field, supplier: Supplier, step: Step, said: str) -> Found | Missing:
    values = matching(list(at_pointer(step.data, supplier.pointer)), said)
    if len(values) == 1:
        return Found(values[0] if not field.kinds or "string" not in field.kinds else str(values[0]), step.id)
    return Missing(said, tuple(labels(step.data, supplier.pointer, values)))


def labels(data: Any, pointer: str, values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Records that are called alike, told apart by their id."""
    for row, value in at_pointer(data, pointer):
        if value in values:
            named = [v for n, v in row.items() if isinstance(v, str) and v != value and set(words.parts(n)) & words.NAME_WORDS]
            yield f"{', '.join(dict.fromkeys(named[:3]))} ({value})" if named else str(value), value
