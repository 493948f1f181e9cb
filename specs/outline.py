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
_INHERITED = 400  # properties of one schema, after which it takes over no more: a few small schemas can hand theirs on to all others
_LONGEST = 200  # characters of a name: what is longer would be repeated in every operation that uses it
_PLACES = 60  # below one schema: a few small ones can refer to each other a million times
_ALL_PLACES, _ALL_INPUTS = 500_000, 2_000_000  # of all operations, which may share one body and one response
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

    def __init__(self, root: Mapping[str, Any], operations: int = 1) -> None:
        self._root = root
        self._most_places = min(_PLACES, _ALL_PLACES // max(1, operations))
        self._most_inputs = _ALL_INPUTS // max(1, operations)
        self._properties: dict[int, dict[str, Any]] = {}
        self._bodies: dict[int, tuple[Input, ...]] = {}
        self._types: dict[int, dict[str, str | None]] = {}
        self._places: dict[tuple[int, int], _Places] = {}
        self._inputs: dict[int, Input] = {}
        self._named: dict[str, Mapping[str, Any]] = {}  # reference -> what it leads to
        self._alive: list[Mapping[str, Any]] = []  # the nodes these caches know: an identity is used again once its node is gone

    def inputs(self, raw: Raw) -> list[Input]:
        """Path and query parameters, those of the operation first, and the first level of the body."""
        taken: dict[tuple[str, str], Input] = {}
        for listed in (raw.operation.get("parameters"), raw.item.get("parameters")):
            for node in listed if isinstance(listed, list) else ():
                parameter = self._at(node)
                name, location = text(parameter.get("name")), parameter.get("in")
                if 0 < len(name) <= _LONGEST and location in ("path", "query"):
                    taken.setdefault((location, name), self._input(name, location, parameter))
        return [*taken.values(), *self._body(raw)][: self._most_inputs]

    def records(self, raw: Raw) -> tuple[Records, ...]:
        """Records of a successful response: lists first, since their records matter more than the fields of the envelope around them."""
        schema = self._success(raw)
        if schema is None:
            return ()
        found = (Records(pointer, types) for pointer, types in self._found(schema, 0))
        return tuple(sorted(found, key=lambda one: (not one.listed, one.pointer.count("/")))[: self._most_places])

    def _at(self, node: Any) -> Mapping[str, Any]:
        """The object behind a node, as `followed` says; each reference is followed once."""
        if not isinstance(node, dict):
            return {}
        if "$ref" not in node:
            return node
        reference = node["$ref"]
        if not isinstance(reference, str):
            return {}
        known = self._named.get(reference)
        if known is None:
            known = self._named[reference] = followed(self._root, node)
        return known

    def _input(self, name: str, location: str, parameter: Mapping[str, Any]) -> Input:
        known = self._inputs.get(id(parameter))
        if known is None:
            known = self._inputs[id(parameter)] = self._read(name, location, parameter)
            self._alive.append(parameter)
        return known

    def _read(self, name: str, location: str, parameter: Mapping[str, Any]) -> Input:
        schema = self._at(parameter.get("schema"))
        said = text(parameter.get("description")) or text(schema.get("description"))
        return Input(name, location, parameter.get("required") is True or location == "path", self._type(schema), said, _values(schema))

    def _body(self, raw: Raw) -> tuple[Input, ...]:
        content = self._at(raw.operation.get("requestBody")).get("content")
        media = next(iter(content.values()), None) if isinstance(content, dict) else None
        schema = self._at(media.get("schema") if isinstance(media, dict) else None)
        known = self._bodies.get(id(schema))
        if known is None:
            self._alive.append(schema)
            known = self._bodies[id(schema)] = tuple(self._members(schema))
        return known

    def _members(self, schema: Mapping[str, Any]) -> Iterator[Input]:
        required = schema.get("required")
        names = required if isinstance(required, list) else []
        for name, node in self._properties_of(schema).items():
            inner = self._at(node)
            yield Input(name, "body", name in names, self._type(inner), text(inner.get("description")), _values(inner))

    def _success(self, raw: Raw) -> Any:
        responses = raw.operation.get("responses")
        given = responses if isinstance(responses, dict) else {}
        status = next((one for one in _SUCCESS if one in given), None)
        content = self._at(given.get(status) if status else None).get("content")
        for name, media in content.items() if isinstance(content, dict) else ():
            if "json" in name or name == "*/*":
                return media.get("schema") if isinstance(media, dict) else None
        return None

    def _found(self, schema: Any, level: int) -> _Places:
        """Places below a schema, relative to it, at most _LEVELS deep; inside the records of a list no further ones are looked for."""
        node = self._at(schema)
        known = self._places.get((id(node), level))
        if known is None:
            self._alive.append(node)
            self._places[id(node), level] = ()  # met again inside itself: nothing new there
            known = self._places[id(node), level] = tuple(islice(self._looked(node, level), _PLACES))
        return known

    def _looked(self, node: Mapping[str, Any], level: int) -> Iterator[tuple[str, Mapping[str, str | None]]]:
        if "items" in node:
            inner = self._at(node["items"])
            if types := self._fields(inner):
                yield "/*", types
            return
        if types := self._fields(node):
            yield "", types
        if level >= _LEVELS:
            return
        for name, value in self._properties_of(node).items():
            inner = self._at(value)
            if "items" in inner or "properties" in inner or "allOf" in inner:
                yield from ((f"/{escape(name)}{pointer}", types) for pointer, types in self._found(inner, level + 1))

    def _fields(self, node: Mapping[str, Any]) -> dict[str, str | None]:
        known = self._types.get(id(node))
        if known is None:
            pairs = ((name, self._at(value)) for name, value in self._properties_of(node).items())
            known = self._types[id(node)] = {name: plain_type(value) for name, value in pairs}
            self._alive.append(node)
        return known

    def _properties_of(self, node: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
        """A schema's own properties and those it takes over by allOf (and the first alternative of a choice)."""
        known = self._properties.get(id(node))
        if known is not None:
            return known
        own = node.get("properties")
        some = islice(own.items(), _WIDTH) if isinstance(own, dict) else ()
        found: dict[str, Any] = {name: value for name, value in some if len(name) <= _LONGEST}
        if depth < 4:
            parts = [part for key, most in _ALTERNATIVES if isinstance(node.get(key), list) for part in node[key][:most]]
            for part in reversed(parts):  # an envelope comes first, and what is in it this time after it
                if len(found) > _INHERITED:
                    break
                found = {**self._properties_of(self._at(part), depth + 1), **found}
            self._properties[id(node)] = found
            self._alive.append(node)
        return found

    def _type(self, schema: Mapping[str, Any]) -> str | None:
        """The plain type, of an array that of its items."""
        for _ in range(4):
            if schema.get("type") != "array":
                break
            schema = self._at(schema.get("items"))
        return plain_type(schema)


def plain_type(schema: Mapping[str, Any]) -> str | None:
    """None when there are several or none."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return kind
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
