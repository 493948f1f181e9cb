"""Where in a Swagger 2.0 document that stands which its OpenAPI 3 view (swagger.py) shows, so that problems carry true pointers. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from specs.pointers import join, parts, value_at
from specs.references import Broken, Found, follow
from specs.swagger import kind


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where the parameters of an operation or path item lie, each at what a reference leads to."""

    plain: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


class Origins:
    """Of the view of one operation, by its pointer."""

    def __init__(self, root: Mapping[str, Any], operation: str) -> None:
        self._root = root
        self._owners = (operation, operation.rpartition("/")[0])  # the operation and its path item, where parameters lie
        self._placed = {owner: _placed(root, owner) for owner in self._owners}

    def original(self, pointer: str) -> str:
        for owner in self._owners:
            if pointer.startswith(owner + "/"):
                return next(self._found(owner, parts(pointer[len(owner) :])), pointer)
        return pointer

    def _found(self, owner: str, names: Sequence[str]) -> Iterator[str]:
        match names:
            case ["parameters", number, *rest]:
                plain = self._placed[owner].plain
                if number.isdecimal() and int(number) < len(plain):
                    yield self._inside(plain[int(number)], rest)
            case ["requestBody", *rest]:
                for one in self._owners:
                    yield from self._of_request(one, rest[2:])
            case ["responses", status, *rest]:
                place = join(owner, "responses", status)
                found = follow(self._root, value_at(self._root, place), place)
                if not isinstance(found, Broken):
                    yield join(found.pointer, *(rest[2:] if rest[:1] == ["content"] else rest))

    def _of_request(self, owner: str, rest: Sequence[str]) -> Iterator[str]:
        placed = self._placed[owner]
        yield from (self._inside(place, rest) for place in placed.bodies[:1])
        if rest[:2] == ["schema", "properties"] and len(rest) > 2 and rest[2] in placed.fields:
            yield self._inside(placed.fields[rest[2]], rest[3:])
        if placed.fields:
            yield join(owner, "parameters")

    def _inside(self, place: str, rest: Sequence[str]) -> str:
        """A view's schema is the parameter itself unless it has one."""
        node = value_at(self._root, place)
        own = isinstance(node, dict) and "schema" in node
        return join(place, *(rest[1:] if rest[:1] == ["schema"] and not own else rest))


def _placed(root: Mapping[str, Any], owner: str) -> _Placed:
    placed = _Placed()
    listed = value_at(root, join(owner, "parameters"))
    for number, node in enumerate(listed if isinstance(listed, list) else ()):
        place = join(owner, "parameters", number)
        found = follow(root, node, place)
        target = Found(None, place) if isinstance(found, Broken) else found
        match kind(target.node):
            case "body":
                placed.bodies.append(target.pointer)
            case "formData":
                placed.fields[target.node["name"]] = target.pointer
            case _:
                placed.plain.append(target.pointer)
    return placed
