"""The schemas that references of one document lead to, each put into normal form once, when somebody looks at it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from specs.model import Problem, Schema
from specs.patterns import Patterns
from specs.references import Broken, locate
from specs.schema import COMPONENTS, DEFINITIONS, Normal, name, normalise
from specs.swagger import is_swagger

_KEPT = 10_000  # schemas that stand where they are used: what several share is met again soon


class Definitions:
    """Of one document."""

    def __init__(self, root: Any, *, old: bool) -> None:
        self._root = root
        self._old = old
        self._home = DEFINITIONS if is_swagger(root) else COMPONENTS
        self._patterns = Patterns()
        self._normal: dict[str, Normal] = {}
        self._shared: dict[int, tuple[Any, Normal]] = {}  # by identity, and the object, so that it lives as long
        self._pointers: dict[str, str] = {}  # by the names that references to them have

    def inline(self, schema: Any, pointer: str) -> Normal:
        """Of a schema in its place. What several operations share by a reference to something else, or several media types, is read once."""
        if not isinstance(schema, dict) or not any(isinstance(value, dict | list) for value in schema.values()):
            return self.normalise(schema, pointer)
        known = self._shared.get(id(schema))
        if known is None:
            if len(self._shared) >= _KEPT:
                self._shared.clear()
            known = self._shared[id(schema)] = (schema, self.normalise(schema, pointer))
        return known[1]

    def normalise(self, schema: Any, pointer: str) -> Normal:
        normal = normalise(schema, pointer, old=self._old, home=self._home, patterns=self._patterns)
        self._pointers |= {name(one, self._home): one for one in normal.pointers}
        return normal

    def at(self, pointer: str) -> Normal:
        if (known := self._normal.get(pointer)) is None:
            target = locate(self._root, pointer)
            if isinstance(target, Broken):
                known = Normal(True, frozenset(), (Problem("error", target.code, pointer, target.message + " Any value is accepted."),))
            else:
                known = self.normalise(target.node, target.pointer)
            self._normal[pointer] = known
        return known

    def named(self, one: str) -> Schema:
        """KeyError when nothing that was read refers to it."""
        return self.at(self._pointers[one]).schema

    def reach(self, pointers: Iterable[str], seen: set[str]) -> Iterator[tuple[str, Normal]]:
        """Every schema that can be reached from these pointers and was not seen, by name; cycles are simply met again."""
        waiting = [pointer for pointer in pointers if pointer not in seen]
        seen.update(waiting)
        while waiting:
            pointer = waiting.pop()
            normal = self.at(pointer)
            yield name(pointer, self._home), normal
            new = normal.pointers - seen
            seen |= new
            waiting.extend(new)


class Reached(Mapping[str, Schema]):
    """The schemas an operation reaches, by name. One is read when it is looked up, all only when they are listed: there may be thousands."""

    def __init__(self, definitions: Definitions, pointers: Iterable[str]) -> None:
        self._definitions = definitions
        self.pointers = tuple(sorted(pointers))

    def __getitem__(self, key: str) -> Schema:
        return self._definitions.named(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def problems(self, seen: set[str]) -> tuple[Problem, ...]:
        """Of those schemas that were not seen before."""
        return tuple(problem for _, normal in self._definitions.reach(self.pointers, seen) for problem in normal.problems)

    @cached_property
    def _all(self) -> list[str]:
        return sorted(one for one, _ in self._definitions.reach(self.pointers, set()))
