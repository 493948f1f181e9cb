"""OpenAPI Overlays (1.0): read from bytes, applied to a document's tree, written as YAML. Pure: what is applied to is never changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

import orjson

from runtime.errors import DocumentRefused
from specs.jsonpath import Budget, Place, Query, QueryError, QueryTooCostlyError, find
from specs.jsonpath import read as read_query
from specs.load import MAX_CHARACTERS, canonical, read
from specs.model import Problem

VERSION = "1.0.0"
MAX_ACTIONS = 5_000
REFUSED = "overlay_refused"
_TOGETHER = b"\x00overlay\x00"  # no document begins with NUL
_LENGTH = 8  # bytes that say how long the document is
_PASSED = 16  # items of a list that are copied for the cost of looking at one value
_NUMBER = re.compile(r"(?:0o[0-7]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)\Z")
_DEEP = 200  # levels of an update; the whole is checked once more when it is written


@dataclass(frozen=True, slots=True)
class Limits:
    """`visits`: values that all targets together may look at, half a minute of them; `characters` that updates may add."""

    visits: int = 10_000_000
    characters: int = MAX_CHARACTERS


@dataclass(frozen=True, slots=True)
class Action:
    """`update` is merged into what `target` selects, or the selection removed."""

    target: str
    description: str = ""
    update: Any = None
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """The new tree, and what of the overlay did nothing. `origins`: of lists that lost or got items, where each item was."""

    tree: dict[str, Any]
    problems: tuple[Problem, ...]
    origins: dict[int, tuple[list[Any], list[int | None]]]

    def original(self, pointer: str) -> str:
        """The pointer, in the document as it was uploaded, of what this one names in the new tree; of the nearest that was there."""
        node: Any = self.tree
        kept = ""
        for part in pointer.split("/")[1:]:
            old: int | str | None = part
            if isinstance(node, list):
                number = int(part) if part.isdecimal() and len(part) < 10 else len(node)
                places = self.origins[id(node)][1] if id(node) in self.origins else range(len(node))
                old = places[number] if number < len(node) else None
                node = node[number] if number < len(node) else None
            else:
                node = node.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(node, dict) else None
            if old is None:
                return kept
            kept += f"/{old}"
        return kept


def together(document: bytes, overlay: bytes) -> bytes:
    """One upload: kept, hashed and read again as one, so that nothing in between has to know of overlays."""
    return b"".join((_TOGETHER, len(document).to_bytes(_LENGTH, "big"), document, overlay))


def apart(data: bytes) -> tuple[bytes, bytes | None]:
    """An upload's document, and its overlay if it came with one."""
    if not data.startswith(_TOGETHER):
        return data, None
    start = len(_TOGETHER) + _LENGTH
    end = start + int.from_bytes(data[len(_TOGETHER) : start], "big")
    return data[start:end], data[end:]


def opened(data: bytes) -> Applied:
    """The tree of an upload as its overlay leaves it. Raises DocumentRefused."""
    document, overlay = apart(data)
    tree = read(document)
    return Applied(tree, (), {}) if overlay is None else apply(tree, read_overlay(overlay))


def read_overlay(data: bytes) -> tuple[Action, ...]:
    """Raises DocumentRefused: bytes come from outside."""
    tree = _tree(data)
    version = tree.get("overlay")
    if not isinstance(version, str) or not version.startswith("1.0."):
        detail = (
            "This is no Overlay 1.0: the field 'overlay' must say 1.0.0."
            if version is None
            else f"Overlay {str(version)[:20]!r} is not read; 1.0.0 is."
        )
        raise _refused(detail, "/overlay" if version is not None else "")
    actions = tree.get("actions")
    if not isinstance(actions, list) or not actions:
        raise _refused("An overlay needs a list of at least one action.", "/actions")
    if len(actions) > MAX_ACTIONS:
        raise _refused(f"An overlay may have {MAX_ACTIONS:,} actions.", "/actions")
    return tuple(_action(one, f"/actions/{number}") for number, one in enumerate(actions))


def _tree(data: bytes) -> dict[str, Any]:
    """A refusal says that it is the overlay that cannot be read, not the document beside it."""
    try:
        return read(data)
    except DocumentRefused as refused:
        if refused.code == "document_not_object":
            raise _refused("It is not an object with the fields 'overlay' and 'actions'.", "") from refused
        pointer, line = refused.more["pointer"], refused.more["line"]
        detail = refused.detail.replace("The document", "It")
        raise DocumentRefused(f"The overlay cannot be used. {detail}", code=REFUSED, pointer=pointer, line=line) from refused


def _action(node: Any, pointer: str) -> Action:
    if not isinstance(node, dict) or not isinstance(node.get("target"), str):
        raise _refused("An action is an object with a text 'target'.", pointer)
    remove, described = node.get("remove", False), node.get("description", "")
    if not isinstance(remove, bool):
        raise _refused("'remove' must be true or false.", f"{pointer}/remove")
    if not remove and "update" not in node:
        raise _refused("An action needs 'update' or 'remove: true'.", pointer)
    _query(node["target"], f"{pointer}/target")
    return Action(node["target"], described if isinstance(described, str) else "", None if remove else node["update"], remove)


def _query(target: str, pointer: str) -> Query:
    try:
        return read_query(target)
    except QueryError as error:
        raise _refused(f"The target {target[:100]!r} cannot be read: {error}.", pointer) from error


def _refused(detail: str, pointer: str) -> DocumentRefused:
    return DocumentRefused(f"The overlay cannot be used. {detail}", code=REFUSED, pointer=pointer)


def apply(tree: dict[str, Any], actions: Sequence[Action], limits: Limits = Limits()) -> Applied:
    """One after the other, each on what the one before left. An action that does nothing is a problem. Raises DocumentRefused."""
    # Written and read once: nothing is shared any more, neither with the original nor by YAML's aliases.
    work = _Work(orjson.loads(canonical(tree)), Budget(limits.visits), limits.characters)
    for number, action in enumerate(actions):
        try:
            work.act(number, action)
        except QueryTooCostlyError as error:
            raise _refused(f"Action {number} and those before it look at too many places.", f"/actions/{number}/target") from error
    return Applied(work.tree, tuple(work.problems), work.origins)


@dataclass(slots=True)
class _Work:
    tree: dict[str, Any]
    budget: Budget
    room: int
    problems: list[Problem] = field(default_factory=list)
    origins: dict[int, tuple[list[Any], list[int | None]]] = field(default_factory=dict)  # by id, the list itself held so that it keeps its id

    def act(self, number: int, action: Action) -> None:
        pointer = f"/actions/{number}/target"
        places = find(_query(action.target, pointer), self.tree, self.budget)
        if not places:
            self._problem("overlay_target_missing", number, action, "matches nothing", "Correct the target, or take the action out.")
        elif action.remove:
            self._remove(number, action, places)
        else:
            self._update(number, action, places)

    def _problem(self, code: str, number: int, action: Action, what: str, fix: str) -> None:
        self.problems.append(Problem("warning", code, "", f"Action {number} of the overlay {what}: {action.target[:200]}", fix))

    def _remove(self, number: int, action: Action, places: list[Place]) -> None:
        if any(place.owner is None for place in places):
            self._problem("overlay_target_unfit", number, action, "removes the whole document and was left out", "Name what is to go.")
            return
        lists: dict[int, tuple[list[Any], list[int]]] = {}
        for place in places:
            if isinstance(place.owner, list):
                lists.setdefault(id(place.owner), (place.owner, []))[1].append(place.key)
            else:
                del place.owner[place.key]
        for owner, gone in lists.values():
            self._take_out(owner, gone)

    def _take_out(self, owner: list[Any], gone: list[int]) -> None:
        """In one pass: item by item, a hundred thousand of them take minutes."""
        self.budget.spend(len(owner) // _PASSED)
        kept = bytearray(b"\x01") * len(owner)
        for number in gone:
            kept[number] = 0
        origins = self._origins(owner)
        origins[:] = compress(origins, kept)
        owner[:] = compress(owner, kept)

    def _update(self, number: int, action: Action, places: list[Place]) -> None:
        text = orjson.dumps(action.update)
        unfit = 0
        for place in places:
            self.room -= len(text)
            if self.room < 0:
                raise _refused("With this overlay the document would become too large.", f"/actions/{number}")
            value = orjson.loads(text)
            if isinstance(place.value, list):
                self._append(place.value, value)
            elif isinstance(place.value, dict) and isinstance(value, dict):
                self._merge(place.value, value, 0)
            else:
                unfit += 1
        if unfit:
            what = f"cannot change {unfit} of the {len(places)} places it selects, because only objects take an object and only lists an item"
            self._problem("overlay_target_unfit", number, action, what, "Let the target select the object around it.")

    def _append(self, owner: list[Any], value: Any) -> None:
        """Overlay 1.1 says what 1.0 leaves open: a list is concatenated."""
        added = value if isinstance(value, list) else [value]
        self._origins(owner).extend([None] * len(added))
        owner.extend(added)

    def _merge(self, owner: dict[str, Any], more: dict[str, Any], depth: int) -> None:
        for key, value in more.items():
            known = owner.get(key)
            if isinstance(known, dict) and isinstance(value, dict) and depth < _DEEP:
                self._merge(known, value, depth + 1)
            elif isinstance(known, list) and isinstance(value, list):
                self._append(known, value)
            else:
                owner[key] = value

    def _origins(self, owner: list[Any]) -> list[int | None]:
        if id(owner) not in self.origins:
            self.origins[id(owner)] = owner, list(range(len(owner)))
        return self.origins[id(owner)][1]


def written(actions: Sequence[Action], title: str) -> bytes:
    """As YAML, for people to read and edit."""
    import yaml

    class Dumper(yaml.CSafeDumper):
        """Quotes also what only YAML 1.2 takes for a number: PyYAML knows 1.1, in which 1e5 is a text."""

    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("+-.0123456789"))
    tree = {"overlay": VERSION, "info": {"title": title, "version": VERSION}, "actions": list(_written(actions))}
    return yaml.dump(tree, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120).encode()


def _written(actions: Sequence[Action]) -> Iterator[dict[str, Any]]:
    for action in actions:
        change = {"remove": True} if action.remove else {"update": action.update}
        yield {"target": action.target, **({"description": action.description} if action.description else {}), **change}
