"""The schemas that references of one document lead to, each put into normal form once, when an operation first needs it."""

from collections.abc import Iterable, Iterator, Mapping
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

    def reach(self, pointers: Iterable[str]) -> "Reached":
        """Every schema that can be reached from these pointers."""
        return Reached(self, pointers)

    def at(self, pointer: str) -> Normal:
        if (known := self._normal.get(pointer)) is None:
            target = locate(self._root, pointer)
            if isinstance(target, Broken):
                known = Normal(True, frozenset(), (Problem("error", target.code, pointer, target.message + " Any value is accepted."),))
            else:
                known = normalise(target.node, target.pointer, old=self._old)
            self._normal[pointer] = known
        return known


class Reached(Mapping[str, Schema]):
    """Schemas by name, those that others refer to as well. Read as far as they are followed: a definition of a tool never looks at most responses."""

    def __init__(self, definitions: Definitions, pointers: Iterable[str]) -> None:
        self._definitions = definitions
        self._pointers = {name(pointer): pointer for pointer in pointers}
        self._opened: set[str] = set()

    def __getitem__(self, key: str) -> Schema:
        if key not in self._pointers:
            self._complete()
        return self._read(key).schema

    def __iter__(self) -> Iterator[str]:
        self._complete()
        return iter(sorted(self._pointers))

    def __len__(self) -> int:
        self._complete()
        return len(self._pointers)

    def problems(self) -> Iterator[Problem]:
        for key in self:
            yield from self._read(key).problems

    def _read(self, key: str) -> Normal:
        normal = self._definitions.at(self._pointers[key])
        if key not in self._opened:
            self._opened.add(key)
            self._pointers |= {name(pointer): pointer for pointer in normal.pointers}
        return normal

    def _complete(self) -> None:
        """Cycles are simply met again."""
        while waiting := self._pointers.keys() - self._opened:
            for key in waiting:
                self._read(key)
