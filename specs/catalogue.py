"""One cheap walk over the paths: every operation gets an id and a line, and the words it is found by. No schema is opened."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Protocol

from runtime.errors import DocumentRefused
from specs.head import text, texts
from specs.model import Entry, Problem
from specs.pointers import join
from specs.references import Broken, follow
from specs.swagger import Views, is_swagger

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
MOST_OPERATIONS = 100_000
MOST_PARTS = 1_000_000  # parameters, media types, responses and tags of all operations; those of a path item that many paths share count for each
_TOO_MANY = f"The document has more than {MOST_OPERATIONS:,} operations, or {MOST_PARTS:,} parameters, media types, responses and tags in all."
MOST_PROBLEMS = 1_000
_LONGEST_ID, _LONGEST_TAG = 1_000, 100  # characters that count: many paths may share one path item
LONGEST_PATH = 8_000  # no address can be longer (tools/request.py)
RESERVED = frozenset(("ask_user", "resolve_dates", "find_operations", "show"))  # the engine's own tools stand beside operations
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SINGLE = re.compile(r"\{[^{}/]*\}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}")  # RFC 9110, 5.6.2


@dataclass(frozen=True, slots=True)
class Raw:
    """An operation as the document has it, always in the shape of OpenAPI 3. `item` is its path item, `pointer` where the operation lies."""

    id: str
    method: str  # lower case
    path: str
    pointer: str
    item: Mapping[str, Any]
    operation: Mapping[str, Any]

    @property
    def item_pointer(self) -> str:
        owner, _, last = self.pointer.rpartition("/")
        return owner if last in METHODS else owner.rpartition("/")[0]  # else under additionalOperations

    @property
    def summary(self) -> str:
        return text(self.operation.get("summary")) or text(self.item.get("summary"))

    @property
    def description(self) -> str:
        return text(self.operation.get("description")) or text(self.item.get("description"))

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(tag[:_LONGEST_TAG] for tag in texts(self.operation.get("tags")))


def placeholders(path: str) -> list[str]:
    return _PLACEHOLDER.findall(path)


def unnamed(path: str) -> str:
    """The path with `{}` for each placeholder: what it is called does not say where it leads."""
    return _PLACEHOLDER.sub("{}", path)


class Line(Protocol):
    """An operation, or its line in the catalogue."""

    @property
    def id(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...


def collections(lines: Iterable[Line]) -> dict[str, str]:
    """Paths below which a single thing is addressed (/tasks of /tasks/{id}) -> the operation that deletes one of it, "" if none does."""
    found: dict[str, str] = {}
    for each in lines:
        parts = each.path.rstrip("/").split("/")
        for at, part in enumerate(parts):
            if _SINGLE.fullmatch(part):
                path = "/".join(parts[:at])
                deletes = each.method == "DELETE" and at == len(parts) - 1
                found[path] = found.get(path) or (each.id if deletes else "")
    return found


def operations(root: Mapping[str, Any]) -> tuple[list[Raw], list[Problem]]:
    """Every operation under `paths`, in the document's order. One that cannot be used becomes a problem."""
    found: list[Raw] = []
    problems: list[Problem] = []
    parts = 0
    taken = dict.fromkeys(RESERVED, 2)  # id -> the number that the next operation of this name gets
    views = Views(root) if is_swagger(root) else None
    for one in _walk(root):
        if isinstance(one, Problem):
            problems.append(one)
            continue
        parts += _parts(one)
        if len(found) == MOST_OPERATIONS or parts > MOST_PARTS:
            raise DocumentRefused(_TOO_MANY, code="document_too_large", pointer=one.pointer)
        wanted = one.operation.get("operationId")
        if isinstance(wanted, str) and wanted in taken:
            place, message = join(one.pointer, "operationId"), f"The operationId {wanted[:80]!r} is taken."
            problems.append(Problem("warning", "operation_id_taken", place, message, "Give it a name of its own."))
        identifier = _unique(_identifier(one), taken)
        raw = Raw(identifier, one.method, one.path, one.pointer, one.item, one.operation)
        found.append(_seen(raw, views) if views else raw)
    return found, [*problems, *(views.problems if views else ())][:MOST_PROBLEMS]


def _parts(one: Raw) -> int:
    operation, responses = one.operation, one.operation.get("responses")
    lists = [one.item.get("parameters"), *map(operation.get, ("parameters", "responses", "tags", "security", "servers"))]
    bodies = (operation.get("requestBody"), *(responses.values() if isinstance(responses, dict) else ()))
    lists.extend(body.get("content") for body in bodies if isinstance(body, dict))
    return sum(len(each) for each in lists if isinstance(each, list | dict))


def raw_operation(root: Mapping[str, Any], entry: Entry) -> Raw:
    """The one that an entry names, found without a walk over the others."""
    found = _item(root, entry.path, root["paths"][entry.path])
    one = next(replace(one, id=entry.id) for one in found if isinstance(one, Raw) and one.method.upper() == entry.method)
    return _seen(one, Views(root)) if is_swagger(root) else one


def _walk(root: Mapping[str, Any]) -> Iterator[Raw | Problem]:
    paths = root.get("paths")
    if not isinstance(paths, dict):
        if "paths" in root or not ("webhooks" in root or "components" in root):
            yield Problem("error", "paths_missing", "/paths" if "paths" in root else "", "The document has no paths, so it has no operations.")
        return
    for path, value in paths.items():
        if not path.startswith("x-"):
            yield from _item(root, path, value)


def _seen(one: Raw, views: Views) -> Raw:
    """An operation of Swagger 2.0 in the shape of OpenAPI 3."""
    return replace(one, item=views.item(one.item), operation=views.operation(one.operation, one.item, one.pointer))


def _item(root: Mapping[str, Any], path: str, value: Any) -> Iterator[Raw | Problem]:
    pointer = join("/paths", path)
    if not path.startswith("/"):
        message = f"The path {path[:100]!r} does not begin with a slash; it is left out."
        yield Problem("error", "path_without_slash", pointer, message, "Begin it with '/'.")
        return
    if len(path) > LONGEST_PATH:
        yield Problem("error", "path_too_long", pointer, f"A path of {len(path):,} characters cannot be called; it is left out.")
        return
    target = follow(root, value, pointer)
    if isinstance(target, Broken):
        yield Problem("error", target.code, pointer, target.message)
    elif not isinstance(target.node, dict):
        yield Problem("error", "path_item_malformed", pointer, "A path item must be an object; it is left out.")
    else:
        # OpenAPI 3.1, 4.8.9: fields beside a path item's $ref are allowed; what is written here wins.
        item = {**target.node, **{k: v for k, v in value.items() if k != "$ref"}} if "$ref" in value else target.node
        yield from methods(item, path, pointer, target.pointer)


def methods(item: Mapping[str, Any], path: str, pointer: str, target: str) -> Iterator[Raw | Problem]:
    """The operations of a path item, without ids. `pointer` is where its name stands, `target` where it lies."""
    for method in METHODS:
        if method in item:
            yield _operation(Raw("", method, path, join(target, method), item, item[method]), join(pointer, method))
    further = item.get("additionalOperations")  # OpenAPI 3.2, 4.9: methods that have no field of their own, spelled as they are sent
    for name, operation in further.items() if isinstance(further, dict) else ():
        place = join(pointer, "additionalOperations", name)
        if _TOKEN.fullmatch(name) and name.lower() not in METHODS:
            yield _operation(Raw("", name.lower(), path, join(target, "additionalOperations", name), item, operation), place)
        else:
            yield Problem("error", "method_unusable", place, f"{name[:40]!r} cannot be a method here; the operation is left out.")


def _operation(raw: Raw, place: str) -> Raw | Problem:
    if isinstance(raw.operation, dict):
        return raw
    return Problem("error", "operation_malformed", place, f"{raw.method.upper()} {raw.path[:100]} is not an object; it is left out.")


def _identifier(one: Raw) -> str:
    """The operationId where it fits, else what can be kept of it, else method and path."""
    wanted = one.operation.get("operationId")
    if isinstance(wanted, str) and _ID.fullmatch(wanted):
        return wanted
    source = wanted[:_LONGEST_ID] if isinstance(wanted, str) else one.method + one.path
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
