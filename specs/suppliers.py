"""Where the ids that an operation needs can be found: which reading operation of the same document returns them, and at what place.

From names, paths, response schemas and OpenAPI links; guesses are kept only if the response schema bears them out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from specs.catalogue import Raw, placeholders
from specs.model import Operation, Parameter, Schema, Supplier
from specs.pointers import escape
from specs.references import followed
from specs.words import split, tokens

_KEYS = frozenset(("id", "ids", "uuid", "guid", "sid", "identifier"))  # the last word of an identifier's name
_NAMES = ("name", "slug", "key", "code", "id", "uuid")  # what a record may be addressed by, where the path does not say
_VAGUE = frozenset((*_NAMES, *_KEYS, "type", "kind", "version", "date", "number", "path", "format", "status", "value", "query", "lang", "language"))
_MOST = 3  # suppliers a field
_LEVELS = 3  # of wrapping around the rows: {"data": {"items": [...]}}
_WIDTH = 100  # properties looked at on one level


@dataclass(frozen=True, slots=True)
class _Rows:
    """A place of a response where records lie, and their fields with their types, as far as these are plain."""

    pointer: str
    types: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An id that is needed: `noun` is what it identifies, in stems; `collection` the path before its placeholder."""

    name: str
    noun: tuple[str, ...]
    type: str | None
    collection: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """What a record may call it, likeliest first."""
        words = split(self.name)
        exact, last = "".join(words), words[-1] if words else ""
        if last in _KEYS:
            return (exact, last, "id", "uuid") if len(words) > 1 else (exact, *_NAMES)
        return (exact, last) if len(words) > 1 else (exact, *_NAMES)


class Suppliers:
    """Of one document; its tables are made when the first operation asks."""

    def __init__(self, root: Mapping[str, Any], raws: Mapping[str, Raw]) -> None:
        self._root = root
        self._raws = raws
        self._rows: dict[str, tuple[_Rows, ...]] = {}

    def of(self, operation: Operation) -> dict[str, tuple[Supplier, ...]]:
        found: dict[str, tuple[Supplier, ...]] = {}
        for wanted in (*_wanted(operation), *self._addressing(operation)):
            if wanted.name in found:
                continue
            linked = self._links.get(operation.id, {}).get(wanted.name, ())
            guessed = self._guessed(wanted, operation)
            if several := tuple(dict.fromkeys((*linked, *guessed)))[:_MOST]:
                found[wanted.name] = several
        return found

    def _guessed(self, wanted: _Wanted, operation: Operation) -> Iterator[Supplier]:
        for raw in self._candidates(wanted):
            if raw.id != operation.id and (pointer := self._pointer(raw, wanted)) is not None:
                yield Supplier(raw.id, pointer)

    def _candidates(self, wanted: _Wanted) -> Iterator[Raw]:
        """The collection the path itself names, then lists of that noun, those that need least first."""
        own = self._by_path.get(wanted.collection) if wanted.collection else None
        if own:
            yield own
        for start in range(len(wanted.noun)):
            for raw in self._by_noun.get("".join(wanted.noun[start:]), ())[: 2 * _MOST]:
                if raw is not own:
                    yield raw

    def _pointer(self, raw: Raw, wanted: _Wanted) -> str | None:
        for rows in self._rows_of(raw):
            names = {"".join(split(name)): name for name in reversed(list(rows.types))}
            hits = (names[one] for one in wanted.fields if one in names)
            hit = next((name for name in hits if _compatible(rows.types[name], wanted.type)), None)
            if hit is not None:
                return f"{rows.pointer}/{escape(hit)}"
        return None

    def _addressing(self, operation: Operation) -> Iterator[_Wanted]:
        """Fields that carry the very name by which another path addresses its records: "username" beside /users/{username}."""
        here = _bare(operation.path)
        fields = [(one.name, one.schema) for one in operation.parameters if one.location in ("path", "query")]
        for name, schema in (*fields, *_body_fields(operation)):
            collection = self._addressed.get(name)
            if collection and collection != here:  # what a collection makes anew is not looked up there
                yield _Wanted(name, (), _type(operation, schema), collection)

    @cached_property
    def _addressed(self) -> dict[str, str]:
        """Placeholder -> the collection it addresses, for names that say of what they are."""
        table: dict[str, str] = {}
        for raw in sorted(self._raws.values(), key=lambda raw: len(raw.path)):
            for name in placeholders(raw.path):
                before = raw.path.partition("{" + name + "}")[0].rstrip("/")
                if "".join(split(name)) not in _VAGUE and not before.endswith("}"):
                    table.setdefault(name, _bare(before))
        return table

    @cached_property
    def _readers(self) -> list[Raw]:
        """Reading operations, lists first: what ends in a placeholder needs the very id that is looked for."""
        safe = [raw for raw in self._raws.values() if raw.method == "get" and raw.operation.get("x-openai-isConsequential") is not True]
        return sorted((raw for raw in safe if not raw.path.rstrip("/").endswith("}")), key=lambda raw: (raw.path.count("{"), len(raw.path)))

    @cached_property
    def _by_path(self) -> dict[str, Raw]:
        return {_bare(raw.path): raw for raw in reversed(self._readers)}

    @cached_property
    def _by_noun(self) -> dict[str, list[Raw]]:
        table: dict[str, list[Raw]] = {}
        for raw in self._readers:
            table.setdefault("".join(tokens(raw.path.rstrip("/").rpartition("/")[2].removesuffix(".json"))), []).append(raw)
        return table

    @cached_property
    def _links(self) -> dict[str, dict[str, tuple[Supplier, ...]]]:
        """Target operation -> field -> where a `links` object says its value is."""
        ids: dict[str, str] = {}  # the first of a name keeps it, as its id does
        for raw in self._raws.values():
            if isinstance(named := raw.operation.get("operationId"), str):
                ids.setdefault(named, raw.id)
        pointers = {raw.pointer: raw.id for raw in self._raws.values()}
        table: dict[str, dict[str, tuple[Supplier, ...]]] = {}
        for raw in self._raws.values():
            for link in self._links_of(raw) if raw.method == "get" else ():
                reference = link.get("operationRef")
                local = unquote(reference[1:]) if isinstance(reference, str) and reference.startswith("#/") else ""
                operation_id = link.get("operationId")
                target = ids.get(operation_id) if isinstance(operation_id, str) else pointers.get(local)
                for name, supplier in _linked(raw.id, link) if target else ():
                    of_target = table.setdefault(str(target), {})
                    of_target[name] = (*of_target.get(name, ()), supplier)
        return table

    def _links_of(self, raw: Raw) -> Iterator[Mapping[str, Any]]:
        responses = raw.operation.get("responses")
        for node in responses.values() if isinstance(responses, dict) else ():
            links = followed(self._root, node).get("links")
            for link in links.values() if isinstance(links, dict) else ():
                yield followed(self._root, link)

    def _rows_of(self, raw: Raw) -> tuple[_Rows, ...]:
        known = self._rows.get(raw.id)
        if known is None:
            found = _rows(self._root, _success_schema(self._root, raw), "", 0)
            # Records of a list come before the fields of the envelope around it.
            known = self._rows[raw.id] = tuple(sorted(found, key=lambda rows: (not rows.pointer.endswith("/*"), rows.pointer.count("/"))))
        return known


def _compatible(given: str | None, wanted: str | None) -> bool:
    return given is None or wanted is None or given == wanted


def _wanted(operation: Operation) -> Iterator[_Wanted]:
    for parameter in operation.parameters:
        if parameter.location == "path":
            yield _path_wanted(operation, parameter)
        elif parameter.location == "query" and _is_key(parameter.name):
            yield _Wanted(parameter.name, _noun(parameter.name), _type(operation, parameter.schema))
    for name, schema in _body_fields(operation):
        if _is_key(name):
            yield _Wanted(name, _noun(name), _type(operation, schema))


def _body_fields(operation: Operation) -> Iterator[tuple[str, Schema]]:
    for media in operation.body.content[:1] if operation.body else ():
        yield from _body_properties(operation, media.schema, 0)


def _path_wanted(operation: Operation, parameter: Parameter) -> _Wanted:
    before = operation.path.partition("{" + parameter.name + "}")[0].rstrip("/")
    noun = _noun(parameter.name) or tuple(tokens(before.rpartition("/")[2]))
    collection = None if before.endswith("}") else _bare(before)
    return _Wanted(parameter.name, noun, _type(operation, parameter.schema), collection)


def _is_key(name: str) -> bool:
    words = split(name)
    return len(words) > 1 and words[-1] in _KEYS


def _noun(name: str) -> tuple[str, ...]:
    """The stems of what a name identifies: without the word that only says that it is an identifier."""
    words = split(name)
    kept = words[:-1] if words and words[-1] in _KEYS else words
    return tuple(tokens(" ".join(kept)))


def _type(operation: Operation, schema: Schema) -> str | None:
    """The plain type, of an array that of its items; None when there are several or none."""
    for _ in range(4):
        if not isinstance(schema, dict):
            return None
        if "$ref" in schema:
            schema = operation.definitions.get(str(schema["$ref"]).removeprefix("#/$defs/"), True)
        elif schema.get("type") == "array":
            schema = schema.get("items", True)
        else:
            break
    return _plain_type(schema) if isinstance(schema, dict) else None


def _plain_type(schema: Mapping[str, Any]) -> str | None:
    kind = schema.get("type")
    listed = [one for one in kind if one != "null"] if isinstance(kind, list) else [kind]
    return listed[0] if len(listed) == 1 and isinstance(listed[0], str) else None


def _body_properties(operation: Operation, schema: Schema, depth: int) -> Iterator[tuple[str, Schema]]:
    if not isinstance(schema, dict) or depth > 5:
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield from _body_properties(operation, operation.definitions.get(reference.removeprefix("#/$defs/"), True), depth + 1)
    yield from schema.get("properties", {}).items()
    for part in schema.get("allOf", ()):
        yield from _body_properties(operation, part, depth + 1)


def _success_schema(root: Mapping[str, Any], raw: Raw) -> Any:
    responses = raw.operation.get("responses")
    given = responses if isinstance(responses, dict) else {}
    status = next((one for one in ("200", "2XX", "201", "206", "default") if one in given), None)
    content = followed(root, given.get(status) if status else None).get("content")
    for name, media in content.items() if isinstance(content, dict) else ():
        if "json" in name or name == "*/*":
            return media.get("schema") if isinstance(media, dict) else None
    return None


def _rows(root: Mapping[str, Any], schema: Any, pointer: str, level: int) -> Iterator[_Rows]:
    """Records of a response: its own fields, then lists inside it, at most _LEVELS deep."""
    node = followed(root, schema)
    if "items" in node:
        if pointer.count("/*") < 1:
            yield from _rows(root, node["items"], pointer + "/*", level)
        return
    properties = _properties(root, node, 0)
    if properties:
        yield _Rows(pointer, {name: _plain_type(followed(root, value)) for name, value in properties.items()})
    if level >= _LEVELS or pointer.endswith("/*"):
        return
    for name, value in properties.items():
        inner = followed(root, value)
        if "items" in inner or "properties" in inner or "allOf" in inner:
            yield from _rows(root, inner, f"{pointer}/{escape(name)}", level + 1)


def _properties(root: Mapping[str, Any], node: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """A schema's own properties and those it takes over by allOf (and the first alternative of a choice)."""
    own = node.get("properties")
    found: dict[str, Any] = dict(list(own.items())[:_WIDTH]) if isinstance(own, dict) else {}
    if depth < 4:
        parts = [part for key, most in (("allOf", 8), ("oneOf", 1), ("anyOf", 1)) if isinstance(node.get(key), list) for part in node[key][:most]]
        for part in parts:
            found = {**_properties(root, followed(root, part), depth + 1), **found}
    return found


def _linked(source: str, link: Mapping[str, Any]) -> Iterator[tuple[str, Supplier]]:
    parameters = link.get("parameters")
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(value, str) and value.startswith("$response.body#/"):
            location, _, bare = name.partition(".")
            yield (bare if location in ("path", "query") and bare else name), Supplier(source, value.removeprefix("$response.body#"))


def _bare(path: str) -> str:
    """A path with its placeholders unnamed."""
    parts = path.removesuffix(".json").rstrip("/").split("/")
    return "/".join("{}" if part.startswith("{") else part for part in parts)
