"""Who supplies an id: which reading operation's response holds what another operation's field needs, and at what place.

From names, paths, response schemas (or their examples) and OpenAPI links; a guess is kept only if what is answered bears it out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote

from specs.catalogue import Raw, placeholders
from specs.outline import Input, Outlines, Records
from specs.pointers import escape
from specs.references import followed
from specs.words import split, tokens

_KEYS = frozenset(("id", "ids", "uuid", "guid", "sid", "identifier"))  # the last word of an identifier's name
_NAMES = ("name", "slug", "key", "code", "id", "uuid")  # what a record may be addressed by, where the path does not say
_VAGUE = frozenset((*_NAMES, *_KEYS, "type", "kind", "version", "date", "number", "path", "format", "status", "value", "query", "lang", "language"))
_ENVELOPES = frozenset(
    ("", "data", "items", "results", "result", "list", "rows", "records", "entries", "values", "content", "objects", "elements", "hits", "response")
)
_MOST = 16  # suppliers a field
_NEAR = 6  # lists of one noun that are looked at
_LISTS = 200  # lists of one kind by looks that are looked at
_PATH, _PLACEHOLDERS, _WORDS = 1_000, 20, 12  # characters and placeholders of a path, and words of a noun, that are looked at
_COMMON = 8  # kinds of records with a field, above which it tells nothing of the kind
_TELLING = 1.0  # what the fields of a list must tell of its kind: a field that n kinds have tells 1/n


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An id that is needed: `noun` is what it identifies, in stems; `collection` the path before its placeholder."""

    name: str
    noun: tuple[str, ...]
    type: str | None
    collection: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        return _called(self.name)


@dataclass(frozen=True, slots=True)
class _Place:
    """Records that a reading operation answers with."""

    number: int
    records: Records
    names: Mapping[str, str]  # a field's name without signs -> as it is written


class Suppliers:
    """Finds suppliers by tables of the whole document; what is wanted alike is looked for once."""

    def __init__(self, root: Mapping[str, Any], raws: Sequence[Raw], outlines: Outlines) -> None:
        self._root = root
        self._raws = raws
        self._outlines = outlines
        self._known: dict[_Wanted, tuple[tuple[int, str], ...]] = {}
        self._plain: dict[int, dict[str, str]] = {}
        self._places: dict[int, list[_Place]] = {}

    def of(self, raw: Raw, inputs: Sequence[Input]) -> dict[str, tuple[tuple[int, str], ...]]:
        found: dict[str, tuple[tuple[int, str], ...]] = {}
        for wanted in (*_wanted(raw, inputs), *self._addressing(raw, inputs)):
            if wanted.name in found:
                continue
            linked = self._links.get(raw.id, {}).get(wanted.name, ())
            if several := tuple(dict.fromkeys((*linked, *self._guessed(wanted))))[:_MOST]:
                found[wanted.name] = several
        return found

    def _guessed(self, wanted: _Wanted) -> tuple[tuple[int, str], ...]:
        known = self._known.get(wanted)
        if known is None:
            pairs = ((place.number, pointer) for place in self._candidates(wanted) if (pointer := _pointer(place, wanted)) is not None)
            first: dict[int, str] = {}
            for number, pointer in pairs:
                first.setdefault(number, pointer)
                if len(first) == _MOST:  # there may be a hundred thousand lists of one kind
                    break
            known = self._known[wanted] = tuple(first.items())
        return known

    def _candidates(self, wanted: _Wanted) -> Iterator[_Place]:
        """The list the path itself names; lists of that noun, those that need least first; records of that kind by looks, then by names."""
        own = self._by_path.get(wanted.collection) if wanted.collection else None
        yield from self._places_of(own) if own is not None else ()
        nouns = ["".join(wanted.noun[start:]) for start in range(len(wanted.noun))]
        for noun in nouns:
            for number in self._by_noun.get(noun, ())[:_NEAR]:
                yield from self._places_of(number)
        for noun in nouns:
            yield from self._by_property.get(noun, ())[:_NEAR]
        yield from self._of_kind.get(wanted.collection, ())[:_LISTS] if wanted.collection else ()
        if wanted.noun:
            yield from self._holding.get(wanted.fields[0], ())[:_NEAR]

    def _places_of(self, number: int) -> list[_Place]:
        known = self._places.get(number)
        if known is None:
            records = self._outlines.records(self._raws[number])
            known = self._places[number] = [_Place(number, one, self._names(one.types)) for one in records]
        return known

    def _names(self, types: Mapping[str, str | None]) -> dict[str, str]:
        known = self._plain.get(id(types))
        if known is None:
            known = self._plain[id(types)] = {plain(name): name for name in reversed(list(types))}
        return known

    def _addressing(self, raw: Raw, inputs: Sequence[Input]) -> Iterator[_Wanted]:
        """Fields that carry the very name by which another path addresses its records: "username" beside /users/{username}."""
        here = _bare(raw.path)
        for one in inputs:
            collection = self._addressed.get(one.name)
            if collection and collection != here:  # what a collection makes anew is not looked up there
                yield _Wanted(one.name, (), one.type, collection)

    @cached_property
    def _addressed(self) -> dict[str, str]:
        """Placeholder -> the collection it addresses, for names that say of what they are."""
        table: dict[str, str] = {}
        for raw in sorted(self._raws, key=lambda raw: len(raw.path)):
            for name, before in _named(raw.path):
                if "".join(split(name)) not in _VAGUE and not before.endswith("}"):
                    table.setdefault(name, _bare(before))
        return table

    @cached_property
    def _reading(self) -> list[int]:
        return [n for n, raw in enumerate(self._raws) if raw.method == "get" and raw.operation.get("x-openai-isConsequential") is not True]

    @cached_property
    def _readers(self) -> list[int]:
        """Reading operations, lists first: what ends in a placeholder needs the very id that is looked for."""
        paths = [self._raws[n].path for n in range(len(self._raws))]
        several = (n for n in self._reading if not paths[n].rstrip("/").endswith("}"))
        return sorted(several, key=lambda n: (paths[n].count("{"), len(paths[n])))

    @cached_property
    def _by_path(self) -> dict[str, int]:
        return {_bare(self._raws[n].path): n for n in reversed(self._readers)}

    @cached_property
    def _by_noun(self) -> dict[str, list[int]]:
        table: dict[str, list[int]] = {}
        for n in self._readers:
            last = self._raws[n].path.rstrip("/").rpartition("/")[2].removesuffix(".json")
            table.setdefault("".join(tokens(last)), []).append(n)
        return table

    @cached_property
    def _by_property(self) -> dict[str, list[_Place]]:
        """Records inside of other records, by the last noun of the property that holds them: /production_companies/* are companies."""
        table: dict[str, list[_Place]] = {}
        met: Counter[str] = Counter()
        for n in self._by_need:
            for place in self._places_of(n):
                name = place.records.pointer.removesuffix("/*").rpartition("/")[2]
                met[name] += 1
                words = tokens(name) if met[name] <= _NEAR else ()
                for start in range(len(words)):
                    table.setdefault("".join(words[start:]), []).append(place)
        return table

    @cached_property
    def _holding(self) -> dict[str, list[_Place]]:
        """Records by the names of those of their fields that identify something else: customer_id in an order."""
        table: dict[str, list[_Place]] = {}
        met: Counter[int] = Counter()
        for n in self._by_need:
            for place in self._places_of(n):
                met[id(place.names)] += 1
                for plain, name in place.names.items() if met[id(place.names)] <= _NEAR else ():
                    if _is_key(name):
                        table.setdefault(plain, []).append(place)
        return table

    @cached_property
    def _by_need(self) -> list[int]:
        """All reading operations, those first that need least."""
        return sorted(self._reading, key=lambda n: (self._raws[n].path.count("{"), len(self._raws[n].path)))

    @cached_property
    def _of_kind(self) -> dict[str, list[_Place]]:
        """Collection -> lists that name no kind of thing but hold its records, by their looks: "popular" gives movies, "cast" persons."""
        named = {"".join(tokens(collection.rpartition("/")[2])) for collection in self._kinds}
        kinds: dict[int, str | None] = {}
        table: dict[str, list[_Place]] = {}
        for n in self._by_need:
            last = self._raws[n].path.rstrip("/").rpartition("/")[2]
            for place in self._places_of(n):
                inner = place.records.pointer.removesuffix("/*").rpartition("/")[2]
                if not place.records.listed or "".join(tokens(last if inner in _ENVELOPES else inner)) in named:
                    continue
                if id(place.names) not in kinds:
                    kinds[id(place.names)] = self._kind(place.names)
                if (kind := kinds[id(place.names)]) is not None:
                    table.setdefault(kind, []).append(place)
        return table

    def _kind(self, names: Mapping[str, str]) -> str | None:
        """The collection whose record shares most telling fields: those that few kinds of records have."""
        scores: Counter[str] = Counter()
        for name in names:
            kinds = self._kinds_with.get(name, ())
            if 0 < len(kinds) <= _COMMON and name not in _VAGUE:
                scores.update(dict.fromkeys(kinds, 1 / len(kinds)))
        best = scores.most_common(1)
        return best[0][0] if best and best[0][1] >= _TELLING else None

    @cached_property
    def _kinds(self) -> dict[str, Mapping[str, str]]:
        """A collection's path -> the fields of one of its records."""
        table: dict[str, Mapping[str, str]] = {}
        for n in self._reading:
            path = self._raws[n].path.rstrip("/")
            if path.endswith("}") and (collection := _bare(path.rpartition("/")[0])) not in table:
                record = next((one for one in self._places_of(n) if one.records.pointer == ""), None)
                if record is not None:
                    table[collection] = record.names
        return table

    @cached_property
    def _kinds_with(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        met: Counter[int] = Counter()
        for collection, names in self._kinds.items():
            met[id(names)] += 1
            for name in names if met[id(names)] <= _COMMON + 1 else ():  # further ones would make the same names no more common
                table.setdefault(name, []).append(collection)
        return table

    @cached_property
    def _links(self) -> dict[str, dict[str, tuple[tuple[int, str], ...]]]:
        """Target operation -> field -> where a `links` object says its value is."""
        ids: dict[str, str] = {}  # the first of a name keeps it, as its id does
        for raw in self._raws:
            if isinstance(named := raw.operation.get("operationId"), str):
                ids.setdefault(named, raw.id)
        pointers = {raw.pointer: raw.id for raw in self._raws}
        table: dict[str, dict[str, tuple[tuple[int, str], ...]]] = {}
        for n in self._reading:
            for link in self._links_of(self._raws[n]):
                reference = link.get("operationRef")
                local = unquote(reference[1:]) if isinstance(reference, str) and reference.startswith("#/") else ""
                operation_id = link.get("operationId")
                target = ids.get(operation_id) if isinstance(operation_id, str) else pointers.get(local)
                for name, pointer in _linked(link) if target else ():
                    of_target = table.setdefault(str(target), {})
                    of_target[name] = (*of_target.get(name, ()), (n, pointer))
        return table

    def _links_of(self, raw: Raw) -> Iterator[Mapping[str, Any]]:
        responses = raw.operation.get("responses")
        for node in responses.values() if isinstance(responses, dict) else ():
            links = followed(self._root, node).get("links")
            for link in links.values() if isinstance(links, dict) else ():
                yield followed(self._root, link)


def _pointer(place: _Place, wanted: _Wanted) -> str | None:
    hits = (place.names[one] for one in wanted.fields if one in place.names)
    hit = next((name for name in hits if _compatible(place.records.types[name], wanted.type)), None)
    return None if hit is None else f"{place.records.pointer}/{escape(hit)}"


def _compatible(given: str | None, wanted: str | None) -> bool:
    return given is None or wanted is None or given == wanted


def _named(path: str) -> Iterator[tuple[str, str]]:
    """Placeholders, and what stands before each."""
    for name in placeholders(path[:_PATH])[:_PLACEHOLDERS]:
        yield name, path.partition("{" + name + "}")[0].rstrip("/")


def _wanted(raw: Raw, inputs: Sequence[Input]) -> Iterator[_Wanted]:
    declared = {one.name: one for one in inputs if one.location == "path"}
    for name, before in _named(raw.path):
        noun = _noun(name) or tuple(tokens(before.rpartition("/")[2])[-_WORDS:])
        kind = declared[name].type if name in declared else None
        yield _Wanted(name, noun, kind, None if before.endswith("}") else _bare(before))
    for one in inputs:
        if one.location != "path" and _is_key(one.name):
            yield _Wanted(one.name, _noun(one.name), one.type)


@lru_cache(maxsize=50_000)
def plain(name: str) -> str:
    return "".join(split(name))


@lru_cache(maxsize=50_000)
def _is_key(name: str) -> bool:
    words = split(name)
    return len(words) > 1 and words[-1] in _KEYS


@lru_cache(maxsize=50_000)
def _called(name: str) -> tuple[str, ...]:
    """What a record may call what is wanted under this name, likeliest first."""
    words = split(name)
    exact, last = "".join(words), words[-1] if words else ""
    if last in _KEYS:
        return (exact, last, "id", "uuid") if len(words) > 1 else (exact, *_NAMES)
    return (exact, last) if len(words) > 1 else (exact, *_NAMES)


@lru_cache(maxsize=50_000)
def _noun(name: str) -> tuple[str, ...]:
    """The stems of what a name identifies: without the word that only says that it is an identifier."""
    words = split(name)
    kept = words[:-1] if words and words[-1] in _KEYS else words
    return tuple(tokens(" ".join(kept))[-_WORDS:])


def _linked(link: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    parameters = link.get("parameters")
    for name, value in parameters.items() if isinstance(parameters, dict) else ():
        if isinstance(value, str) and value.startswith("$response.body#/"):
            location, _, bare = name.partition(".")
            yield (bare if location in ("path", "query") and bare else name), value.removeprefix("$response.body#")


@lru_cache(maxsize=50_000)
def _bare(path: str) -> str:
    """A path with its placeholders unnamed."""
    parts = path.removesuffix(".json").rstrip("/").split("/")
    return "/".join("{}" if part.startswith("{") else part for part in parts)
