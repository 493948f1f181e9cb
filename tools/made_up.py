"""A response made from its schema, for playing without a product. Pure, and the same each time.

What the document states comes first (const, examples, enum, default). Ids are distinct, lists have two items, no list has a next page, and what a
request gave stands in the answer where it would in a product's: the id that was asked for, the text that was searched for.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from specs.model import Operation, Response, Schema
from tools.fields import plain_name, types
from tools.media import is_json
from tools.shape import all_properties, followed

JSON = Any
ITEMS = 2
DEEP = 6  # objects and lists in each other
WHOLE = 4  # so deep objects have all their members, further in the required ones
WIDE = 60  # members of an object
MOST = 600  # values of one answer
LONGEST = 200  # characters of a text
FORMATS = {
    "date": "2026-01-31", "date-time": "2026-01-31T10:00:00Z", "time": "10:00:00Z", "duration": "PT1H", "email": "ada{}@example.test",
    "idn-email": "ada{}@example.test", "uri": "https://example.test/{}", "url": "https://example.test/{}", "hostname": "h{}.example.test",
    "ipv4": "192.0.2.{}", "ipv6": "2001:db8::{}", "byte": "bWFkZQ==", "binary": "bWFkZQ==",
}  # fmt: skip
SEARCHED = frozenset({"q", "query", "search", "searchquery", "searchterm", "term", "keyword", "keywords"})  # plain names, as those below
CALLED = frozenset({"name", "title", "fullname", "displayname", "label", "subject"})
ONE_PAGE = {"page": 1, "pages": 1, "totalpages": 1, "total": ITEMS, "count": ITEMS, "totalcount": ITEMS, "totalresults": ITEMS, "offset": 0}
FURTHER = ("next", "cursor", "continuation", "hasmore", "truncated")


def made_up(operation: Operation, said: Mapping[str, JSON], target: str | None = None) -> tuple[int, JSON]:
    """Status and body (None: none). `said`: the request's arguments by name; `target`: the one at the end of its path, which names the record."""
    response = declared(operation.responses)
    if response is None:
        return 200, {}
    status = int(response.status) if response.status.isdigit() else 200
    media = next((each for each in response.content if is_json(each.name)), next(iter(response.content), None))
    if media is None:
        return status, None if status == 204 or response.content else {}
    known = {plain_name(name): value for name, value in said.items()}
    maker = Maker(operation.definitions, known, plain_name(target or ""), zlib.crc32(operation.id.encode()) % 9_000 + 1_000)
    return status, maker.value(media.schema, Place())


def declared(responses: Sequence[Response]) -> Response | None:
    """The first success that has a body, else any success, else what is declared for everything."""
    good = sorted((each for each in responses if each.status[:1] == "2"), key=lambda each: each.status)
    good = good or [each for each in responses if each.status == "default"]
    return next((each for each in good if any(is_json(media.name) for media in each.content)), next(iter(good), None))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an answer a value stands. `number`: of the list's item that it is in."""

    name: str = ""
    depth: int = 0
    number: int = 0
    listed: bool = False


@dataclass(slots=True)
class Maker:
    definitions: Mapping[str, Schema]
    said: Mapping[str, JSON]
    target: str
    first: int  # id
    made: int = 0  # values

    def value(self, schema: Schema, place: Place) -> JSON:
        resolved = followed(schema, self.definitions)
        self.made += 1
        if not isinstance(resolved, dict):
            return f"{place.name or 'value'} {place.number + 1}"
        members = all_properties(resolved, self.definitions)
        given = next(stated(resolved), None)
        kind = next((each for each in sorted(types(resolved)) if each != "null"), "") or ("object" if members else "")
        if isinstance(given, dict):
            return self.named(given, place)
        if isinstance(given, list) or (given is not None and not members and not identifies(place.name)):
            return given
        if members or kind == "object":
            return self.object(dict(members), set(resolved.get("required", ())), place)
        if kind == "array" or "items" in resolved:
            return self.array(resolved.get("items", True), place)
        if not kind:
            return self.alternative(resolved, place)
        return self.scalar(resolved, kind, place)

    def named(self, given: Mapping[str, JSON], place: Place) -> JSON:
        """An example of an object, with an id of its own in each item of a list."""
        same = {name: value for name, value in given.items() if isinstance(value, int | str) and not isinstance(value, bool)}
        ids = {name: self.identifier(value, place.number) for name, value in same.items() if identifies(name)} if place.listed else {}
        return {**given, **ids}

    def identifier(self, like: JSON, number: int) -> JSON:
        return self.first + number if isinstance(like, int) else f"{like}-{number + 1}" if number else like

    def object(self, members: Mapping[str, Schema], required: set[str], place: Place) -> JSON:
        if place.depth >= DEEP or self.made > MOST:
            return {}
        wanted = [name for name in members if place.depth < WHOLE or name in required][:WIDE]
        found = {}
        for name in wanted:
            resolved = followed(members[name], self.definitions)
            plain = plain_name(name)
            if (isinstance(resolved, dict) and resolved.get("writeOnly")) or any(plain.startswith(each) for each in FURTHER):
                continue
            echoed = self.echoed(plain, resolved, place)
            inner = Place(name, place.depth + 1, place.number, place.listed)
            found[name] = self.value(members[name], inner) if echoed is None else echoed
        return found

    def echoed(self, name: str, schema: Schema, place: Place) -> JSON:
        """What the request said of this member; None: nothing."""
        value = self.said.get(name)
        if identifies(name) and place.number:
            value = None
        elif name == "id" and not place.listed:
            value = self.said.get(self.target, value)
        elif name in CALLED and not place.number:
            value = next((self.said[each] for each in sorted(SEARCHED & self.said.keys())), value)
        return fitted(value, types(schema)) if value is not None and isinstance(schema, dict) else None

    def array(self, items: Schema, place: Place) -> JSON:
        if place.depth >= DEEP or self.made > MOST:
            return []
        return [self.value(items, Place(place.name, place.depth + 1, number, listed=True)) for number in range(ITEMS)]

    def alternative(self, schema: Mapping[str, Any], place: Place) -> JSON:
        inner = [*(schema.get("oneOf") or ()), *(schema.get("anyOf") or ()), *(schema.get("allOf") or ())]
        some = [each for each in inner if not is_null(followed(each, self.definitions))]
        if not some or place.depth >= DEEP:
            return f"{place.name or 'value'} {place.number + 1}"
        return self.value(some[0], Place(place.name, place.depth + 1, place.number, place.listed))

    def scalar(self, schema: Mapping[str, Any], kind: str, place: Place) -> JSON:
        plain = plain_name(place.name)
        if kind == "boolean":
            return True
        if kind in ("integer", "number"):
            if not place.listed and plain in ONE_PAGE:
                return ONE_PAGE[plain]
            return self.first + place.number if identifies(place.name) else within(1 + place.number, schema)
        if schema.get("format") in ("uuid", "guid"):
            return f"{self.first:08x}-0000-4000-8000-{place.number + 1:012x}"
        if identifies(place.name):
            return text(f"{plain}-{self.first + place.number}", schema)
        return text(FORMATS.get(schema.get("format", ""), "").format(place.number + 1) or f"{place.name or 'value'} {place.number + 1}", schema)


def identifies(name: str) -> bool:
    return name.lower() in ("id", "uuid", "key") or name.endswith(("_id", "Id", "ID", "_uuid"))


def is_null(schema: Schema) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "null"


def stated(schema: Mapping[str, Any]) -> Iterator[JSON]:
    """Values that the document itself gives; null and empty ones say nothing."""
    listed = [each for keyword in ("examples", "enum") if isinstance(schema.get(keyword), list) for each in schema[keyword]]
    for each in (schema.get("const"), schema.get("example"), *listed, schema.get("default")):
        if each not in (None, "", [], {}):
            yield each


def bound(schema: Mapping[str, Any], keyword: str, otherwise: int) -> int | float:
    """Documents write anything there."""
    value = schema.get(keyword)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def within(number: int, schema: Mapping[str, Any]) -> int | float:
    least = bound(schema, "minimum", number)
    return min(max(number, least), max(bound(schema, "maximum", number), least))


def text(made: str, schema: Mapping[str, Any]) -> str:
    return made.ljust(min(int(bound(schema, "minLength", 0)), LONGEST), "x")[: int(bound(schema, "maxLength", LONGEST))]


def fitted(value: JSON, kinds: frozenset[str] | set[str]) -> JSON:
    """The value in a type of its place; None where it has none."""
    written = str(value)
    if "integer" in kinds and written.lstrip("-").isdecimal():
        return int(written)
    if "string" in kinds and not isinstance(value, list | dict):
        return written
    return value if isinstance(value, bool) and "boolean" in kinds else None
