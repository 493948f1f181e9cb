"""Two schemas in normal form, compared from a caller's side: a request must not accept less, a response must not hold more kinds of values. Pure.

References are not unrolled: a pair of schemas gives its own changes and the pairs inside it, so cycles and shared schemas are met once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import orjson

from specs.model import Schema
from specs.pointers import escape
from specs.schema import TYPES
from specs.schema_view import Definitions, View, key, read_only, view, write_only

Direction = Literal["request", "response"]
Schemas = tuple[Schema, ...]  # all of them hold
_Labelled = list[tuple[Any, Schemas]]
MOST = 20_000_000  # steps for one pair of documents, ten seconds or so; GitHub's against itself takes none
_OPENING = 20  # steps that it takes to look at one schema, field or value; following what is known already takes one

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_WIDTHS = {"int32": 1, "int64": 2, "float": 1, "double": 2}  # other formats of numbers are remarks
_DESCRIBING = frozenset(("title", "description", "example", "examples", "default", "deprecated"))
_NO_FORM = (None, "", "password")  # how a field is shown, and nothing of the text in it


@dataclass(frozen=True, slots=True)
class Change:
    """`field` is where, in a person's terms: "query limit", "body/address/city", "response 200/items/*/id"."""

    breaking: bool
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Pair:
    field: str
    before: Schemas
    after: Schemas
    direction: Direction


class TooMuch(Exception):
    """The documents are too entangled to be compared within MOST steps."""


@dataclass(slots=True, eq=False)
class _Node:
    """A pair of schemas with what was found for it, whatever field it stands in. It keeps the schemas, whose ids are its key, alive."""

    pair: Pair
    changes: tuple[Change, ...] = ()
    inside: tuple[tuple[str, "_Node"], ...] = ()
    opened: bool = False


class SchemaDiff:
    """Of two documents. What a pair of schemas gave is kept, since operations share them. `same` names the definitions that did not change."""

    def __init__(self, same: Collection[str], most: int = MOST) -> None:
        self._same = same
        self._left = most
        self._nodes: dict[Any, _Node] = {}

    def changes(self, pairs: Iterable[Pair], before: Definitions, after: Definitions, listed: int) -> tuple[list[Change], int]:
        """Of these pairs and everything inside them; each pair once, where it is first met. So many of either kind are listed, all are counted."""
        found: dict[bool, list[Change]] = {True: [], False: []}
        number = 0
        first = {node: pair.field for pair in pairs if (node := self._node(pair))}
        waiting = [(field, -1, node) for node, field in first.items()]  # field, who holds it, what
        seen = set(first)
        for at, (_, _, node) in enumerate(waiting):
            if not node.opened:
                self._open(node, before, after)
            self._spend(1 + len(node.inside))
            number += len(node.changes)
            for one in node.changes:
                if len(found[one.breaking]) < listed:
                    found[one.breaking].append(replace(one, field=_place(waiting, at) + one.field))
            new = [(field, at, inner) for field, inner in node.inside if inner not in seen]
            seen.update(inner for _, _, inner in new)
            waiting.extend(new)
        return [*found[True], *found[False]], number

    def _node(self, pair: Pair) -> _Node | None:
        """None where nothing changed."""
        name = (key(pair.before), key(pair.after), pair.direction)
        if name[0] == name[1] and all(isinstance(one, bool) or one in self._same for one in name[0]):
            return None
        return self._nodes.setdefault(name, _Node(pair))

    def _open(self, node: _Node, before: Definitions, after: Definitions) -> None:
        work = _Comparison(node.pair, before, after, lambda cost: self._spend(cost * _OPENING))
        work.run()
        node.changes = tuple(dict.fromkeys(work.changes))
        node.inside = tuple((pair.field, inner) for pair in work.inside if (inner := self._node(pair)))
        node.opened = True

    def _spend(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise TooMuch


def _place(waiting: Sequence[tuple[str, int, _Node]], at: int) -> str:
    parts = []
    while at >= 0:
        field, at, _ = waiting[at]
        parts.append(field)
    return "".join(reversed(parts))


class _Comparison:
    """One pair, without what lies inside. Fields in here are relative."""

    def __init__(self, pair: Pair, before: Definitions, after: Definitions, spend: Callable[[int], None]) -> None:
        self.pair = pair
        self.request = pair.direction == "request"
        self.definitions = (before, after)
        self.spend = spend
        self.changes: list[Change] = []
        self.inside: list[Pair] = []

    def run(self) -> None:
        before, after = self._view(self.pair.before, 0), self._view(self.pair.after, 1)
        if self._hidden(before) and self._hidden(after):
            return
        self._annotations(before, after)
        if _choice_beside_plain(before, after) or _choice_beside_plain(after, before):
            self._variants(before.unions[0] if before.unions else None, after.unions[0] if after.unions else None)
        elif self._types(before, after):
            self._enums(before, after)
            self._limits(before, after)
            self._properties(before, after)
            self._required(before, after)
            self._items(before, after)
            self._extra(before, after)
            self._unions(before, after)
            self._others(before, after)

    def _view(self, schemas: Schemas, side: int) -> View:
        found = view(schemas, self.definitions[side], self.spend)
        self.spend(len(found.properties) + len(found.enum or ()))
        return found

    def _hidden(self, seen: View) -> bool:
        """What a caller cannot send, or never gets."""
        return seen.read_only if self.request else seen.write_only

    def _say(self, message: str, *, narrower: bool = False, wider: bool = False, field: str = "") -> None:
        self.changes.append(Change(narrower if self.request else wider, field, message))

    def _annotations(self, before: View, after: View) -> None:
        if self._hidden(after) and not self._hidden(before):
            self._say("It can no longer be sent (readOnly)." if self.request else "It is no longer returned (writeOnly).", narrower=True, wider=True)
        elif self._hidden(before) and not self._hidden(after):
            self._say("It can be sent now." if self.request else "It is returned now.")
        if before.description != after.description:
            self._say("The description changed.")
        if before.default != after.default:
            self._say(f"The default changed from {_shown(before.default)} to {_shown(after.default)}.")
        if before.deprecated != after.deprecated:
            self._say("It is deprecated now." if after.deprecated else "It is no longer deprecated.")

    def _types(self, before: View, after: View) -> bool:
        """False: they have nothing in common, so that nothing more can be said."""
        old, new = _kinds(before), _kinds(after)
        if old == new:
            return True
        lost, gained = old - new, new - old
        if lost | gained == {"null"}:
            self._say("It must not be null any more." if lost else "It may be null now.", narrower=bool(lost), wider=bool(gained))
        else:
            self._say(f"The type changed from {_named(old)} to {_named(new)}.", narrower=bool(lost), wider=bool(gained))
        return bool(old & new - {"null"})

    def _enums(self, before: View, after: View) -> None:
        old, new = before.enum, after.enum
        if old == new:
            return
        if old is None:
            self._say(f"Only some values are allowed now: {_listed(new or ())}.", narrower=True)
            return
        if new is None:
            self._say(f"Any value is possible now, no longer only {_listed(old)}.", wider=True)
            return
        if lost := [one for one in old if one not in new]:
            self._say(f"No longer among the values: {_listed(lost)}.", narrower=True)
        if gained := [one for one in new if one not in old]:
            self._say(f"New among the values: {_listed(gained)}.", wider=True)

    def _limits(self, before: View, after: View) -> None:
        """Breaking for who sends only: a longer text in a response is still a text."""
        for word in sorted(before.limits.keys() | after.limits.keys()):
            old, new = before.limits.get(word), after.limits.get(word)
            if word == "format":
                self._format(old, new)
            elif old != new:
                tighter = new is not None and (old is None or _tighter(word, old, new))
                self._say(f"{word} changed from {_shown(old)} to {_shown(new)}.", narrower=tighter)

    def _format(self, old: Any, new: Any) -> None:
        if old == new:
            return
        widths = _WIDTHS.get(old, 0), _WIDTHS.get(new, 0)
        if any(widths):
            narrower, wider = 0 < widths[1] < widths[0], 0 < widths[0] < widths[1]
        else:
            # JSON Schema 2020-12, validation, 7.2.1: a format annotates. Where there was none it says what was meant before; another means another.
            known = old not in _NO_FORM
            narrower, wider = known and new not in _NO_FORM, known
        self._say(f"The format changed from {_shown(old)} to {_shown(new)}.", narrower=narrower, wider=wider)

    def _properties(self, before: View, after: View) -> None:
        for name, old in before.properties.items():
            new = after.properties.get(name)
            if new is not None:
                self.inside.append(Pair(f"/{escape(name)}", tuple(old), tuple(new), self.pair.direction))
            elif not self._never(old, 0):
                self._say("The field was removed.", narrower=True, wider=True, field=f"/{escape(name)}")
        for name, new in after.properties.items():
            if name not in before.properties and not self._never(new, 1):
                needed = name in after.required
                self._say(f"{'A required' if needed else 'An optional'} field was added.", narrower=needed, field=f"/{escape(name)}")

    def _never(self, schemas: list[Schema], side: int) -> bool:
        found = read_only if self.request else write_only
        return found(schemas, self.definitions[side], self.spend)

    def _required(self, before: View, after: View) -> None:
        for name in sorted(before.required ^ after.required):
            old, new = before.properties.get(name), after.properties.get(name)
            if (old is None) != (new is None) or (new is not None and self._never(new, 1)):
                continue  # said with the field itself, or nothing that this side could give
            needed = name in after.required
            self._say("It is required now." if needed else "It is optional now.", narrower=needed, wider=not needed, field=f"/{escape(name)}")

    def _items(self, before: View, after: View) -> None:
        if before.items or after.items:
            self.inside.append(Pair("/*", tuple(before.items) or (True,), tuple(after.items) or (True,), self.pair.direction))
        for number, (old, new) in enumerate(zip(before.prefix, after.prefix, strict=False)):
            self.inside.append(Pair(f"/{number}", (old,), (new,), self.pair.direction))

    def _extra(self, before: View, after: View) -> None:
        """Fields beside the named ones. A response may always have more of them."""
        closed = False in before.extra, False in after.extra
        if closed[0] != closed[1]:
            self._say(f"Fields that are not named here are {'refused' if closed[1] else 'accepted'} now.", narrower=closed[1])
        elif not closed[0] and (before.extra or after.extra):
            self.inside.append(Pair("/*", tuple(before.extra) or (True,), tuple(after.extra) or (True,), self.pair.direction))

    def _unions(self, before: View, after: View) -> None:
        old, new = before.unions, after.unions
        if len(old) == len(new):
            for mine, theirs in zip(old, new, strict=True):
                self._variants(mine, theirs)
        else:
            self._say("The alternatives (oneOf, anyOf) changed.", narrower=len(new) > len(old), wider=len(new) < len(old))

    def _variants(self, old: Schemas | None, new: Schemas | None) -> None:
        """None: not a choice, but what was compared as a whole is the one variant."""
        mine = [(one,) for one in old] if old is not None else [self.pair.before]
        theirs = [(one,) for one in new] if new is not None else [self.pair.after]
        for label in (self._exactly, self._meant, self._titled, self._typed):
            mine, theirs, found = _matched([(label(one, 0), one) for one in mine], [(label(one, 1), one) for one in theirs])
            self.inside.extend(Pair("", one, other, self.pair.direction) for one, other in found)
        if len(mine) == len(theirs) == 1 and old is not None and new is not None:
            self.inside.append(Pair("", mine[0], theirs[0], self.pair.direction))
            return
        for one in mine:
            self._say(f"An alternative was removed: {self._called(one, 0)}.", narrower=True)
        for one in theirs:
            self._say(f"An alternative was added: {self._called(one, 1)}.", wider=True)

    def _exactly(self, schemas: Schemas, _: int) -> Any:
        return tuple(orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in schemas)

    def _meant(self, schemas: Schemas, _: int) -> Any:
        return tuple(orjson.dumps(_bare(one), option=orjson.OPT_SORT_KEYS) for one in schemas)

    def _titled(self, schemas: Schemas, side: int) -> Any:
        seen = self._view(schemas, side)
        return (seen.title, _kinds(seen)) if seen.title else object()  # without a title it is like no other

    def _typed(self, schemas: Schemas, side: int) -> Any:
        seen = self._view(schemas, side)
        return _kinds(seen) if not _kinds(seen) & {"object", "array"} else object()

    def _called(self, schemas: Schemas, side: int) -> str:
        reference = schemas[0].get("$ref") if isinstance(schemas[0], dict) else None
        seen = self._view(schemas, side)
        return str(reference).rpartition("/")[2][:80] if reference else seen.title[:80] or _named(_kinds(seen))

    def _others(self, before: View, after: View) -> None:
        for word in sorted(before.others.keys() | after.others.keys()):
            if before.others.get(word) != after.others.get(word):
                self._say(f"The condition {word!r} changed.", narrower=word in after.others)


def _matched(mine: _Labelled, theirs: _Labelled) -> tuple[list[Schemas], list[Schemas], list[tuple[Schemas, Schemas]]]:
    """What is left of both, and the pairs of equal labels."""
    waiting: dict[Any, list[Schemas]] = {}
    for label, one in reversed(theirs):
        waiting.setdefault(label, []).append(one)
    found, left = [], []
    for label, one in mine:
        if partners := waiting.get(label):
            found.append((one, partners.pop()))
        else:
            left.append(one)
    taken = {id(other) for _, other in found}
    return left, [one for _, one in theirs if id(one) not in taken], found


def _bare(node: Any) -> Any:
    """Without what only describes; that a property may have such a name does no harm where alternatives are paired."""
    if isinstance(node, dict):
        return {key: _bare(value) for key, value in node.items() if key not in _DESCRIBING}
    return [_bare(one) for one in node] if isinstance(node, list) else node


def _choice_beside_plain(choice: View, plain: View) -> bool:
    """One side only leaves a choice, of which the other side may be one."""
    return choice.bare and len(choice.unions) == 1 and not plain.unions and plain.types is not None


def _kinds(seen: View) -> frozenset[str]:
    kinds = TYPES if seen.types is None else seen.types
    return kinds | {"integer"} if "number" in kinds else kinds


def _named(kinds: Iterable[str]) -> str:
    kept = frozenset(kinds)
    if kept >= TYPES:
        return "any"
    return " or ".join(sorted(kept - ({"integer"} if "number" in kept else set()))) or "nothing"


def _tighter(word: str, old: Any, new: Any) -> bool:
    if word in _LOWER:
        return bool(new > old)
    if word in _UPPER:
        return bool(new < old)
    return bool(new) if word == "uniqueItems" else True


def _listed(values: Collection[bytes]) -> str:
    shown = [one.decode()[:60] for one in list(values)[:8]]
    return ", ".join(shown) + (f" and {len(values) - 8} more" if len(values) > 8 else "")


def _shown(value: Any) -> str:
    return "none" if value is None else orjson.dumps(value).decode()[:80] if isinstance(value, Mapping | list) else str(value)[:80]
