"""The dependency graph: which reading operation's response supplies which other operation's field. Worked out when a document is compiled."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Literal, get_args

import orjson

from specs.catalogue import Raw, placeholders
from specs.model import Supplier
from specs.outline import Input, Outlines
from specs.suppliers import Suppliers, plain

_HEAD = 28  # bytes: seven lengths
_TOLD = 12  # suppliers of a field in a tool definition
_SEARCHES = frozenset(("q", "query", "search", "searchterm", "searchtext", "keyword", "keywords", "term", "text", "name", "username", "title"))


Role = Literal["", "list", "read", "create", "update", "delete"]  # of an operation on a resource, by method and path; "": it does something else
_ROLES: tuple[Role, ...] = get_args(Role)
_WRITING: Mapping[str, Role] = {"put": "update", "patch": "update", "delete": "delete"}


class _Pieces:
    """Many small pieces in one: each is read alone."""

    def __init__(self, data: bytes, ends: bytes) -> None:
        self.data = data
        self.ends = array("I")
        self.ends.frombytes(ends)

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> "_Pieces":
        listed = [bytes(memoryview(piece)) for piece in pieces]  # copied: what orjson returns holds on to what it was written into
        return cls(b"".join(listed), array("I", accumulate(map(len, listed))).tobytes())

    def __getitem__(self, number: int) -> bytes:
        return self.data[self.ends[number - 1] if number else 0 : self.ends[number]]


class Graph:
    """Of one document. Fields that want the same share one list of suppliers; lists and needs are opened when they are asked for.

    `ids`: operation ids in the catalogue's order; an operation is its number there, a list its place among the lists.
    """

    def __init__(self, ids: Sequence[str], lists: _Pieces, needs: _Pieces, readers: "array[int]", marks: tuple[bytes, bytes]) -> None:
        self._ids = ids
        self._lists = lists
        self._needs = needs
        self._readers = readers  # of each list the number after that of its reader, 0 if there is none
        self._searching, self._roles = marks  # of each operation a byte: 1 if it searches; the number of its role
        self._opened: dict[int, list[tuple[int, str]]] = {}

    def supply(self, place: int) -> list[tuple[int, str]]:
        """A list's suppliers, likeliest first: operation, and the pointer into its response."""
        known = self._opened.get(place)
        if known is None:
            known = self._opened[place] = orjson.loads(self._lists[place])
        return known

    def reader(self, place: int) -> int | None:
        """The operation that reads the one record which an id from this list leads to."""
        return self._readers[place] - 1 if self._readers[place] else None

    def searches(self, number: int) -> bool:
        """A reading operation that takes a text to look for."""
        return self._searching[number] == 1

    def role(self, number: int) -> Role:
        return _ROLES[self._roles[number]]

    def needs(self, number: int) -> dict[str, int]:
        """Field -> list."""
        part = self._needs[number]
        found: dict[str, int] = orjson.loads(part) if part else {}
        return found

    def suppliers(self, number: int, most: int = _TOLD) -> dict[str, tuple[Supplier, ...]]:
        """Field -> where its value is, likeliest first."""
        found = {}
        for name, place in self.needs(number).items():
            others = [Supplier(self._ids[one], pointer) for one, pointer in self.supply(place) if one != number]
            if others:
                found[name] = tuple(others[:most])
        return found

    def dumps(self) -> bytes:
        """Lengths, then the parts."""
        pieces = (one for part in (self._lists, self._needs) for one in (part.data, part.ends.tobytes()))
        parts = (*pieces, self._readers.tobytes(), self._searching, self._roles)
        return b"".join((*(len(part).to_bytes(4, "big") for part in parts), *parts))

    @classmethod
    def loads(cls, data: bytes, ids: Sequence[str]) -> "Graph":
        lengths = [int.from_bytes(data[at : at + 4], "big") for at in range(0, _HEAD, 4)]
        starts = accumulate(lengths, initial=_HEAD)
        lists, list_ends, needs, need_ends, readers, *marks = (data[at : at + length] for at, length in zip(starts, lengths, strict=False))
        return cls(ids, _Pieces(lists, list_ends), _Pieces(needs, need_ends), array("I", readers), (marks[0], marks[1]))

    @classmethod
    def build(cls, root: Mapping[str, Any], raws: Sequence[Raw], inputs: Sequence[Sequence[Input]], outlines: Outlines) -> "Graph":
        found = Suppliers(root, raws, outlines)
        lists: dict[tuple[tuple[int, str], ...], int] = {}
        readers: dict[int, int] = {}

        def needed() -> Iterator[bytes]:
            for number, (raw, own) in enumerate(zip(raws, inputs, strict=True)):
                needs = {name: lists.setdefault(several, len(lists)) for name, several in found.of(raw, own).items()}
                for name in _read_by(raw):
                    if name in needs:
                        readers.setdefault(needs[name], number + 1)
                yield orjson.dumps(needs) if needs else b""

        packed = _Pieces.of(needed())
        searching = (raw.method == "get" and any(plain(one.name) in _SEARCHES for one in own) for raw, own in zip(raws, inputs, strict=True))
        each = array("I", (readers.get(place, 0) for place in range(len(lists))))
        return cls([raw.id for raw in raws], _Pieces.of(map(orjson.dumps, lists)), packed, each, (bytes(searching), _roles(raws)))


def _read_by(raw: Raw) -> list[str]:
    """The placeholder by which an operation reads one record, if it does."""
    return placeholders(raw.path)[-1:] if raw.method == "get" and raw.path.rstrip("/").endswith("}") else []


def _roles(raws: Sequence[Raw]) -> bytes:
    """A path is a collection if another goes on with a placeholder: /users beside /users/{id}."""
    paths = [raw.path.rstrip("/") for raw in raws]
    collections = {path.rpartition("/")[0] for path in paths if path.endswith("}")}
    return bytes(_ROLES.index(_role(raw.method, path, path in collections)) for raw, path in zip(raws, paths, strict=True))


def _role(method: str, path: str, collection: bool) -> Role:
    if method in ("get", "post") and path.endswith("}"):
        return "read" if method == "get" else "update"
    if collection and method in ("get", "post"):
        return "list" if method == "get" else "create"
    return _WRITING.get(method, "")
