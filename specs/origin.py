"""Where in a Swagger 2.0 document that stands which its OpenAPI 3 view (swagger.py) shows, so that problems carry true pointers. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from specs.pointers import join, parts, value_at
from specs.references import Broken, follow
from specs.swagger import kind


def original(root: Mapping[str, Any], operation: str, pointer: str) -> str:
    """Where in the document that stands which a view of the operation at a pointer shows at `pointer`."""
    for owner in (operation, operation.rpartition("/")[0]):
        if pointer.startswith(owner + "/"):
            return next(_originals(root, operation, owner, parts(pointer[len(owner) :])), pointer)
    return pointer


def _originals(root: Mapping[str, Any], operation: str, owner: str, names: Sequence[str]) -> Iterator[str]:
    match names:
        case ["parameters", number, *rest]:
            kept = [place for node, place in _places(root, owner) if not kind(node)]
            yield from (_inside(root, place, rest) for index, place in enumerate(kept) if str(index) == number)
        case ["requestBody", *rest]:
            for one in (operation, operation.rpartition("/")[0]):
                yield from _of_request(root, one, rest[2:])
            yield operation
        case ["responses", status, *rest]:
            found = follow(root, value_at(root, join(owner, "responses", status)), join(owner, "responses", status))
            if not isinstance(found, Broken):
                yield join(found.pointer, *rest[2:]) if rest[:1] == ["content"] else join(found.pointer, *rest)


def _of_request(root: Mapping[str, Any], owner: str, rest: Sequence[str]) -> Iterator[str]:
    placed = list(_places(root, owner))
    yield from (_inside(root, place, rest) for node, place in placed if kind(node) == "body")
    if rest[:2] == ["schema", "properties"] and len(rest) > 2:
        yield from (_inside(root, place, rest[3:]) for node, place in placed if kind(node) == "formData" and node["name"] == rest[2])
    yield from (join(owner, "parameters") for node, _ in placed if kind(node) == "formData")


def _places(root: Mapping[str, Any], owner: str) -> Iterator[tuple[Any, str]]:
    """The parameters of an operation or path item as they are written, each with the pointer of what a reference leads to."""
    listed = value_at(root, join(owner, "parameters"))
    for number, node in enumerate(listed if isinstance(listed, list) else ()):
        place = join(owner, "parameters", number)
        found = follow(root, node, place)
        yield (None, place) if isinstance(found, Broken) else (found.node, found.pointer)


def _inside(root: Mapping[str, Any], place: str, rest: Sequence[str]) -> str:
    """A view's schema is the parameter itself unless it has one."""
    node = value_at(root, place)
    own = isinstance(node, dict) and "schema" in node
    return join(place, *(rest if own else rest[1:] if rest[:1] == ["schema"] else rest))
