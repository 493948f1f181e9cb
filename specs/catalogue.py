"""One cheap walk over the paths: every operation gets an id and a line, and the words it is found by. No schema is opened."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from specs.head import text, texts
from specs.model import Entry, Problem
from specs.pointers import join
from specs.references import Broken, follow

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
RESERVED = frozenset(("ask_user", "resolve_dates", "find_operations", "show"))  # the engine's own tools stand beside operations
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Raw:
    """An operation as the document has it. `item` is its path item, `pointer` where the operation lies."""

    id: str
    method: str  # lower case, as in the document
    path: str
    pointer: str
    item: Mapping[str, Any]
    operation: Mapping[str, Any]

    @property
    def summary(self) -> str:
        return text(self.operation.get("summary")) or text(self.item.get("summary"))

    @property
    def description(self) -> str:
        return text(self.operation.get("description")) or text(self.item.get("description"))

    @property
    def tags(self) -> tuple[str, ...]:
        return texts(self.operation.get("tags"))


def placeholders(path: str) -> list[str]:
    return _PLACEHOLDER.findall(path)


def operations(root: Mapping[str, Any]) -> tuple[list[Raw], list[Problem]]:
    """Every operation under `paths`, in the document's order. One that cannot be used becomes a problem."""
    found: list[Raw] = []
    problems: list[Problem] = []
    taken = dict.fromkeys(RESERVED, 2)  # id -> the number that the next operation of this name gets
    for one in _walk(root):
        if isinstance(one, Problem):
            problems.append(one)
            continue
        wanted = one.operation.get("operationId")
        if isinstance(wanted, str) and wanted in taken:
            place, message = join(one.pointer, "operationId"), f"The operationId {wanted[:80]!r} is taken."
            problems.append(Problem("warning", "operation_id_taken", place, message, "Give it a name of its own."))
        identifier = _unique(_identifier(one), taken)
        found.append(Raw(identifier, one.method, one.path, one.pointer, one.item, one.operation))
    return found, problems


def raw_operation(root: Mapping[str, Any], entry: Entry) -> Raw:
    """The one that an entry names, found without a walk over the others."""
    found = _item(root, entry.path, root["paths"][entry.path])
    return next(replace(one, id=entry.id) for one in found if isinstance(one, Raw) and one.method.upper() == entry.method)


def _walk(root: Mapping[str, Any]) -> Iterator[Raw | Problem]:
    paths = root.get("paths")
    if not isinstance(paths, dict):
        if "paths" in root or not ("webhooks" in root or "components" in root):
            yield Problem("error", "paths_missing", "/paths" if "paths" in root else "", "The document has no paths, so it has no operations.")
        return
    for path, value in paths.items():
        if not path.startswith("x-"):
            yield from _item(root, path, value)


def _item(root: Mapping[str, Any], path: str, value: Any) -> Iterator[Raw | Problem]:
    pointer = join("/paths", path)
    if not path.startswith("/"):
        message = f"The path {path[:100]!r} does not begin with a slash; it is left out."
        yield Problem("error", "path_without_slash", pointer, message, "Begin it with '/'.")
        return
    target = follow(root, value, pointer)
    if isinstance(target, Broken):
        yield Problem("error", target.code, pointer, target.message)
    elif not isinstance(target.node, dict):
        yield Problem("error", "path_item_malformed", pointer, "A path item must be an object; it is left out.")
    else:
        # OpenAPI 3.1, 4.8.9: fields beside a path item's $ref are allowed; what is written here wins.
        item = {**target.node, **{k: v for k, v in value.items() if k != "$ref"}} if "$ref" in value else target.node
        yield from _methods(item, path, pointer, target.pointer)


def _methods(item: Mapping[str, Any], path: str, pointer: str, target: str) -> Iterator[Raw | Problem]:
    for method in METHODS:
        if method not in item:
            continue
        operation = item[method]
        if isinstance(operation, dict):
            yield Raw("", method, path, join(target, method), item, operation)
        else:
            yield Problem("error", "operation_malformed", join(pointer, method), f"{method.upper()} {path[:100]} is not an object; it is left out.")


def _identifier(one: Raw) -> str:
    """The operationId where it fits, else what can be kept of it, else method and path."""
    wanted = one.operation.get("operationId")
    if isinstance(wanted, str) and _ID.fullmatch(wanted):
        return wanted
    source = wanted if isinstance(wanted, str) else one.method + one.path
    words = re.sub(r"[^A-Za-z0-9_-]+", "_", source).strip("_")
    if not words or (not source.isascii() and len(words) < 4):
        words = f"{one.method}_operation"
    lossy = len(words) > 64 or not source.isascii()
    return f"{words[:55]}_{sha256(source.encode()).hexdigest()[:8]}" if lossy else words


def _unique(wanted: str, taken: dict[str, int]) -> str:
    """Takes the name, or the next free one like it."""
    found, number = wanted, taken.get(wanted, 1)
    while found in taken:
        found, number = f"{wanted[:55]}_{number}", number + 1
    taken[wanted] = max(number, 2)
    taken.setdefault(found, 2)
    return found
