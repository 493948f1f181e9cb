"""What an operation takes and gives, in outline: names and plain types, read from the raw operation with every shared schema looked at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from specs.catalogue import Raw
from specs.head import text
from specs.pointers import escape
from specs.references import followed

_LEVELS = 3  # of wrapping around the rows: {"data": {"items": [...]}}
_WIDTH = 100  # properties looked at on one level
_PLACES = 60  # below one schema: a few small ones can refer to each other a million times
_ALTERNATIVES = (("allOf", 8), ("oneOf", 1), ("anyOf", 1))
_SUCCESS = ("200", "2XX", "201", "202", "206", "default")


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter or a property of the body."""

    name: str
    location: str  # "path", "query", "body"
    required: bool
    type: str | None
    help: str
    values: tuple[str, ...]  # of an enum


@dataclass(frozen=True, slots=True)
class Records:
    """A place of a response where records lie, and their fields with their types, as far as these are plain."""

    pointer: str  # "/items/*": a list; "": the response itself
    types: Mapping[str, str | None]

    @property
    def listed(self) -> bool:
        return self.pointer.endswith("/*")


_Places = tuple[tuple[str, Mapping[str, str | None]], ...]


class Outlines:
    """Of one document. What several operations share is read once: the caches go by the identity of nodes."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._properties: dict[int, dict[str, Any]] = {}
        self._bodies: dict[int, tuple[Input, ...]] = {}
        self._types: dict[int, dict[str, str | None]] = {}
        self._places: dict[tuple[int, int], _Places] = {}
        self._alive: list[Mapping[str, Any]] = []  # the nodes these caches know: an identity is used again once its node is gone

    def inputs(self, raw: Raw) -> list[Input]:
        """Path and query parameters, those of the operation first, and the first level of the body."""
        taken: dict[tuple[str, str], Input] = {}
        for listed in (raw.operation.get("parameters"), raw.item.get("parameters")):
            for node in listed if isinstance(listed, list) else ():
                parameter = followed(self._root, node)
                name, location = text(parameter.get("name")), parameter.get("in")
                if name and location in ("path", "query"):
                    taken.setdefault((location, name), self._input(name, location, parameter))
        return [*taken.values(), *self._body(raw)]

    def records(self, raw: Raw) -> tuple[Records, ...]:
        """Records of a successful response: lists first, since their records matter more than the fields of the envelope around them."""
        schema = self._success(raw)
        if schema is None:
            return ()
        found = (Records(pointer, types) for pointer, types in self._found(schema, 0))
        return tuple(sorted(found, key=lambda one: (not one.listed, one.pointer.count("/"))))

    def _input(self, name: str, location: str, parameter: Mapping[str, Any]) -> Input:
        schema = followed(self._root, parameter.get("schema"))
        said = text(parameter.get("description")) or text(schema.get("description"))
        return Input(name, location, parameter.get("required") is True or location == "path", self._type(schema), said, _values(schema))

    def _body(self, raw: Raw) -> tuple[Input, ...]:
        content = followed(self._root, raw.operation.get("requestBody")).get("content")
        media = next(iter(content.values()), None) if isinstance(content, dict) else None
        schema = followed(self._root, media.get("schema") if isinstance(media, dict) else None)
        known = self._bodies.get(id(schema))
        if known is None:
            self._alive.append(schema)
            known = self._bodies[id(schema)] = tuple(self._members(schema))
        return known

    def _members(self, schema: Mapping[str, Any]) -> Iterator[Input]:
        required = schema.get("required")
        names = required if isinstance(required, list) else []
        for name, node in self._properties_of(schema).items():
            inner = followed(self._root, node)
            yield Input(name, "body", name in names, self._type(inner), text(inner.get("description")), _values(inner))

    def _success(self, raw: Raw) -> Any:
        responses = raw.operation.get("responses")
        given = responses if isinstance(responses, dict) else {}
        status = next((one for one in _SUCCESS if one in given), None)
        content = followed(self._root, given.get(status) if status else None).get("content")
        for name, media in content.items() if isinstance(content, dict) else ():
            if "json" in name or name == "*/*":
                return media.get("schema") if isinstance(media, dict) else None
        return None

    def _found(self, schema: Any, level: int) -> _Places:
        """Places below a schema, relative to it, at most _LEVELS deep; inside the records of a list no further ones are looked for."""
        node = followed(self._root, schema)
        known = self._places.get((id(node), level))
        if known is None:
            self._alive.append(node)
            self._places[id(node), level] = ()  # met again inside itself: nothing new there
            known = self._places[id(node), level] = tuple(islice(self._looked(node, level), _PLACES))
        return known

    def _looked(self, node: Mapping[str, Any], level: int) -> Iterator[tuple[str, Mapping[str, str | None]]]:
        if "items" in node:
            inner = followed(self._root, node["items"])
            if types := self._fields(inner):
                yield "/*", types
            return
        if types := self._fields(node):
            yield "", types
        if level >= _LEVELS:
            return
        for name, value in self._properties_of(node).items():
            inner = followed(self._root, value)
            if "items" in inner or "properties" in inner or "allOf" in inner:
                yield from ((f"/{escape(name)}{pointer}", types) for pointer, types in self._found(inner, level + 1))

    def _fields(self, node: Mapping[str, Any]) -> dict[str, str | None]:
        known = self._types.get(id(node))
        if known is None:
            pairs = ((name, followed(self._root, value)) for name, value in self._properties_of(node).items())
            known = self._types[id(node)] = {name: plain_type(value) for name, value in pairs}
            self._alive.append(node)
        return known

    def _properties_of(self, node: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
        """A schema's own properties and those it takes over by allOf (and the first alternative of a choice)."""
        known = self._properties.get(id(node))
        if known is not None:
            return known
        own = node.get("properties")
        found: dict[str, Any] = dict(list(own.items())[:_WIDTH]) if isinstance(own, dict) else {}
        if depth < 4:
            parts = [part for key, most in _ALTERNATIVES if isinstance(node.get(key), list) for part in node[key][:most]]
            for part in parts:
                found = {**self._properties_of(followed(self._root, part), depth + 1), **found}
            self._properties[id(node)] = found
            self._alive.append(node)
        return found

    def _type(self, schema: Mapping[str, Any]) -> str | None:
        """The plain type, of an array that of its items."""
        for _ in range(4):
            if schema.get("type") != "array":
                break
            schema = followed(self._root, schema.get("items"))
        return plain_type(schema)


def plain_type(schema: Mapping[str, Any]) -> str | None:
    """None when there are several or none."""
    kind = schema.get("type")
    listed = [one for one in kind if one != "null"] if isinstance(kind, list) else [kind]
    return listed[0] if len(listed) == 1 and isinstance(listed[0], str) else None


def _values(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """What people ask for by value: "pets that are sold"."""
    for _ in range(2):
        values = schema.get("enum")
        if isinstance(values, list):
            return tuple(value for value in values[:12] if isinstance(value, str))
        inner = schema.get("items")
        schema = inner if isinstance(inner, dict) else {}
    return ()
