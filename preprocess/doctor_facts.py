"""What the doctor's rules look at: a document's operations with their parts, every schema they reach, each at the place where it stands. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import orjson

from specs.catalogue import Raw, operations, placeholders
from specs.document import Document
from specs.head import text
from specs.jsonpath import child, quoted
from specs.model import Operation, Schema, Severity
from specs.origin import Origins
from specs.overlay import Action
from specs.pointers import index, join, parts, value_at
from specs.references import Found, follow, resolve
from specs.swagger import is_swagger
from specs.words import split
from tools.schema import ToolDefinition, definition
from tools.search import estimate
from tools.settings import DocumentSettings

_MOST_SCHEMAS = 300_000  # looked at in one document; references into the middle of others could multiply them
_LISTS = ("allOf", "oneOf", "anyOf", "prefixItems")
_INNER = ("items", "additionalProperties", "not")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's word on one place. `label` is what a summary of many calls it; `severity` and `fix` where they are not the rule's usual ones."""

    code: str
    pointer: str
    message: str
    label: str = ""
    actions: tuple[Action, ...] = ()
    fix: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """An object of an operation: `pointer` where it stands, `used` where the operation has it, by reference or not."""

    node: Mapping[str, Any]
    pointer: str
    used: str

    @property
    def name(self) -> str:
        return text(self.node.get("name"))

    @property
    def location(self) -> str:
        return text(self.node.get("in"))

    @property
    def description(self) -> str:
        return text(self.node.get("description")).strip()

    @property
    def label(self) -> str:
        return f"{self.location} {self.name[:80]}"


@dataclass(frozen=True, slots=True)
class SchemaAt:
    """A schema that is no reference. `name` of the field it describes, `described` by that field or itself; `composed` in an allOf and the like."""

    node: Mapping[str, Any]
    pointer: str
    name: str
    described: str
    composed: bool


T = TypeVar("T")
Root = tuple[Any, str, str, str]  # a schema, its pointer, its field's name and description
Going = Callable[[], bool]


class Facts:
    """Of one document."""

    def __init__(self, document: Document, going: Going = lambda: True) -> None:
        self.document = document
        self.root = document.tree.plain()
        self.going = going
        self._parameters: dict[str, tuple[Part, ...]] = {}
        self._sizes: dict[str, int] = {}
        self._origins: dict[str, Origins] = {}

    @cached_property
    def raws(self) -> list[Raw]:
        return operations(self.root)[0]

    @cached_property
    def by_pointer(self) -> dict[str, Raw]:
        return {raw.pointer: raw for raw in self.raws}

    @cached_property
    def made_names(self) -> dict[str, str]:
        """A free operationId for every operation, made of method and path."""
        taken = {one.operation["operationId"] for one in self.raws if isinstance(one.operation.get("operationId"), str)}
        made: dict[str, str] = {}
        for number, raw in enumerate(self.raws):
            wanted = _made_name(raw)
            made[raw.id] = wanted if wanted not in taken else f"{wanted}_{number}"
            taken.add(made[raw.id])
        return made

    def operation(self, raw: Raw) -> Operation:
        return self.document.operation(raw.id)

    def tool(self, raw: Raw) -> ToolDefinition:
        return definition(self.operation(raw), _SETTINGS)

    def cost(self, raw: Raw) -> int:
        """Tokens of what a model is shown."""
        return estimate(self.document, raw.id)

    def whole(self, tool: ToolDefinition) -> int:
        """Tokens of everything a model would have to be shown to see it all: a quarter of the characters."""
        named = sum(self._size(name, schema) for name, schema in tool.definitions.items())
        return (named + sum(len(orjson.dumps(each.schema, default=str)) + len(each.description) for each in tool.fields)) // 4

    def _size(self, name: str, schema: Schema) -> int:
        if name not in self._sizes:
            self._sizes[name] = len(orjson.dumps(schema, default=str))
        return self._sizes[name]

    def parameters(self, raw: Raw) -> tuple[Part, ...]:
        """The operation's and the path item's, as far as they are objects."""
        if raw.id not in self._parameters:
            both = ((raw.operation, raw.pointer), (raw.item, raw.item_pointer))
            self._parameters[raw.id] = tuple(part for owner, pointer in both for part in self._listed(owner, join(pointer, "parameters")))
        return self._parameters[raw.id]

    @cached_property
    def all_parameters(self) -> list[tuple[Raw, Part]]:
        """Each once, with the first operation that has it."""
        return [users[0] for users in self.users.values()]

    @cached_property
    def users(self) -> dict[str, list[tuple[Raw, Part]]]:
        """The operations that have a parameter, by its pointer."""
        found: dict[str, list[tuple[Raw, Part]]] = {}
        for raw in self.raws:
            for part in self.parameters(raw):
                found.setdefault(part.pointer, []).append((raw, part))
        return found

    @cached_property
    def all_bodies(self) -> list[tuple[Raw, Part]]:
        """Likewise of request bodies."""
        found: dict[str, tuple[Raw, Part]] = {}
        for raw in self.raws:
            if part := self.body(raw):
                found.setdefault(part.pointer, (raw, part))
        return list(found.values())

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """As long as there is time."""
        for item in items:
            if not self.going():
                return
            yield item

    def body(self, raw: Raw) -> Part | None:
        return self.part(raw.operation.get("requestBody"), join(raw.pointer, "requestBody"))

    def responses(self, raw: Raw) -> Iterator[tuple[str, Part]]:
        declared = raw.operation.get("responses")
        for status, node in declared.items() if isinstance(declared, dict) else ():
            part = self.part(node, join(raw.pointer, "responses", status))
            if part:
                yield status, part

    def successes(self, raw: Raw) -> list[tuple[str, Part]]:
        return [(status, part) for status, part in self.responses(raw) if status[:1] in ("2", "3") or status == "default"]

    def part(self, node: Any, used: str) -> Part | None:
        found = follow(self.root, node, used)
        return Part(found.node, found.pointer, used) if isinstance(found, Found) and isinstance(found.node, dict) else None

    @cached_property
    def asked(self) -> list[SchemaAt]:
        """Every schema that requests reach."""
        return list(self._walk(self._asked_roots()))

    @cached_property
    def answered(self) -> list[SchemaAt]:
        """Every schema that answers reach and requests do not."""
        known = {one.pointer for one in self.asked}
        return [one for one in self._walk(self._answered_roots()) if one.pointer not in known]

    def content(self, part: Part | None) -> Iterator[tuple[str, Mapping[str, Any], str]]:
        """Media types with their objects and pointers."""
        content = part.node.get("content") if part else None
        if part is None or not isinstance(content, dict):
            return
        for name, media in content.items():
            if isinstance(media, dict):
                yield name, media, join(part.pointer, "content", name)

    def target(self, pointer: str) -> str:
        """The query that selects this place."""
        return self._query(self.original(pointer))

    def _query(self, pointer: str) -> str:
        """A parameter by its name, since numbers change when one is removed."""
        query = "$"
        node: Any = self.root
        for part in parts(pointer):
            number = index(part, node) if isinstance(node, list) else None
            if number is None:
                query, node = query + child(part), node.get(part) if isinstance(node, dict) else None
            else:
                query, node = query + _item(node[number], part), node[number]
        return query

    def original(self, pointer: str) -> str:
        """Where that stands which an operation of Swagger 2.0 shows, as OpenAPI 3, at this place."""
        if not self.swagger:
            return pointer
        names = parts(pointer)
        if names[:1] == ["servers"]:
            return next((f"/{one}" for one in ("host", "basePath") if one in self.root), "")
        owners = (join("", *names[:number]) for number in range(len(names), 1, -1))
        owner = next((self._viewed[one] for one in owners if one in self._viewed), None)
        if owner is None:
            return pointer
        if owner not in self._origins:
            self._origins[owner] = Origins(self.root, owner)
        return self._origins[owner].original(pointer)

    @cached_property
    def swagger(self) -> bool:
        return is_swagger(self.root)

    @cached_property
    def _viewed(self) -> dict[str, str]:
        """The pointers of operations and of their path items -> of an operation there."""
        return {place: raw.pointer for raw in self.raws for place in (raw.item_pointer, raw.pointer)}

    def update(self, pointer: str, value: Any, description: str) -> Action:
        return Action(self.target(pointer), description, value)

    def without(self, pointer: str, key: str, description: str) -> tuple[Action, ...]:
        """The object at the place without one of its fields. Overlay 1.0 takes no single field away: the object goes, and comes back without it.

        Not in a list, where others would move and be mistaken for it: there the field goes, as Overlay 1.1 allows.
        """
        pointer = self.original(pointer)
        node, (owner, _, name) = value_at(self.root, pointer), pointer.rpartition("/")
        if not isinstance(node, dict):
            return ()
        if isinstance(value_at(self.root, owner), list):
            return (Action(self._query(pointer) + child(key), description, remove=True),)
        again = {parts(f"/{name}")[0]: {each: value for each, value in node.items() if each != key}}
        return (Action(self._query(pointer), description, remove=True), Action(self._query(owner), description, again))

    def removed(self, part: Part, description: str) -> Action:
        """A parameter taken out wherever it is used."""
        place = self.original(part.pointer)
        if part.pointer == part.used and place.startswith("/paths/"):
            return Action(self._query(place), description, remove=True)
        reference = f"#{place}" if self.swagger else value_at(self.root, part.used)["$ref"]
        return Action(f"$.paths..parameters[?@['$ref'] == {quoted(reference)}]", description, remove=True)

    def _listed(self, owner: Mapping[str, Any], pointer: str) -> Iterator[Part]:
        listed = owner.get("parameters")
        for number, node in enumerate(listed if isinstance(listed, list) else ()):
            part = self.part(node, join(pointer, number))
            if part:
                yield part

    def _asked_roots(self) -> Iterator[Root]:
        for _, part in self.all_parameters:
            yield part.node.get("schema"), join(part.pointer, "schema"), part.name, part.description
        for _, part in self.all_bodies:
            yield from self._media_roots(part)

    def _answered_roots(self) -> Iterator[Root]:
        for raw in self.raws:
            for _, part in self.successes(raw):
                yield from self._media_roots(part)

    def _media_roots(self, part: Part | None) -> Iterator[Root]:
        for _, media, pointer in self.content(part):
            yield media.get("schema"), join(pointer, "schema"), "", ""

    def _walk(self, roots: Iterator[Root]) -> Iterator[SchemaAt]:
        seen: set[str] = set()
        count = 0
        for root in roots:
            waiting: list[tuple[Root, bool]] = [(root, False)]
            while waiting and count < _MOST_SCHEMAS:
                (node, pointer, name, described), composed = waiting.pop()
                if isinstance(node, dict) and "$ref" in node:
                    target = resolve(self.root, node["$ref"])
                    if not isinstance(target, Found):
                        continue
                    node, pointer = target.node, target.pointer
                    name = name or (parts(pointer)[-1] if pointer else "")
                if not isinstance(node, dict) or pointer in seen:
                    continue
                seen.add(pointer)
                count += 1
                own = text(node.get("description")) or text(node.get("title")) or described
                yield SchemaAt(node, pointer, name, own, composed)
                waiting.extend(reversed(list(_inside(node, pointer, name))))


def _inside(node: Mapping[str, Any], pointer: str, name: str) -> Iterator[tuple[Root, bool]]:
    properties = node.get("properties")
    for key, value in properties.items() if isinstance(properties, dict) else ():
        yield (value, join(pointer, "properties", key), key, text(value.get("description")) if isinstance(value, dict) else ""), False
    for key in _LISTS:
        listed = node.get(key)
        for number, value in enumerate(listed if isinstance(listed, list) else ()):
            yield (value, join(pointer, key, number), name, text(node.get("description"))), True
    for key in _INNER:
        yield (node.get(key), join(pointer, key), name, text(node.get("description"))), False


def _item(node: Any, number: str) -> str:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        return f"[?@['$ref'] == {quoted(node['$ref'])}]"
    if isinstance(node, dict) and isinstance(node.get("name"), str) and isinstance(node.get("in"), str):
        return f"[?@.name == {quoted(node['name'])} && @.in == {quoted(node['in'])}]"
    return f"[{number}]"


def _made_name(raw: Raw) -> str:
    """getUsersById"""
    words = [word for part in raw.path.split("/") if not part.startswith("{") for word in split(part)]
    named = placeholders(raw.path)
    by = ["by", *split(named[-1])] if named and raw.path.rstrip("/").endswith("}") else []
    return (raw.method + "".join(word.capitalize() for word in (*words, *by) if word.isascii()))[:58]


def label(raw: Raw) -> str:
    """What people call an operation."""
    return f"{raw.method.upper()} {raw.path[:100]}"


_SETTINGS = DocumentSettings()
