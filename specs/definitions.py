"""The schemas that references of one document lead to, each put into normal form once, when an operation first needs it."""

from collections.abc import Iterable
from typing import Any

from specs.model import Problem, Schema
from specs.references import Broken, locate
from specs.schema import Normal, name, normalise


class Definitions:
    """Of one document. `problems` grows as schemas are looked at."""

    def __init__(self, root: Any, *, old: bool) -> None:
        self._root = root
        self._old = old
        self._normal: dict[str, Normal] = {}

    def normalise(self, schema: Any, pointer: str) -> Normal:
        return normalise(schema, pointer, old=self._old)

    def reach(self, pointers: Iterable[str]) -> tuple[dict[str, Schema], tuple[Problem, ...]]:
        """Every schema that can be reached from these pointers, by name; cycles are simply met again."""
        found: dict[str, Schema] = {}
        problems: list[Problem] = []
        waiting, seen = list(pointers), set(pointers)
        while waiting:
            pointer = waiting.pop()
            normal = self._at(pointer)
            found[name(pointer)] = normal.schema
            problems.extend(normal.problems)
            new = normal.pointers - seen
            seen |= new
            waiting.extend(new)
        return dict(sorted(found.items())), tuple(problems)

    def _at(self, pointer: str) -> Normal:
        if (known := self._normal.get(pointer)) is None:
            target = locate(self._root, pointer)
            if isinstance(target, Broken):
                known = Normal(True, frozenset(), (Problem("error", target.code, pointer, target.message + " Any value is accepted."),))
            else:
                known = normalise(target.node, target.pointer, old=self._old)
            self._normal[pointer] = known
        return known
