"""The catalogue of a document: a line for every operation. Kept as JSON, of which one line can be read without the others."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import overload

import orjson

from specs.model import Entry


class Catalogue(Sequence[Entry]):
    """The entries in the document's order. `rows` is a JSON array of what an entry says beside its id, `ends` where each of them ends."""

    def __init__(self, ids: Sequence[str], rows: bytes, ends: "array[int]") -> None:
        self.ids = ids
        self._rows = rows
        self._ends = ends

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Catalogue":
        listed = list(entries)
        rows = [orjson.dumps((entry.method, entry.path, entry.summary, entry.tags, entry.service)) for entry in listed]
        ends = array("I", accumulate(len(row) + 1 for row in rows))
        return cls([entry.id for entry in listed], b"[" + b",".join(rows) + b"]", ends)

    def number(self, identifier: str) -> int:
        """The place of an operation; KeyError when there is none of this id."""
        return self._numbers[identifier]

    def has(self, identifier: str) -> bool:
        return identifier in self._numbers

    @overload
    def __getitem__(self, number: int) -> Entry: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Entry]: ...
    def __getitem__(self, number: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(number, slice):
            return [self[one] for one in range(len(self))[number]]
        number = range(len(self))[number]
        start = self._ends[number - 1] + 1 if number else 1
        method, path, summary, tags, service = orjson.loads(memoryview(self._rows)[start : self._ends[number]])
        return Entry(self.ids[number], method, path, summary, tuple(tags), service)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Entry]:
        for identifier, (method, path, summary, tags, service) in zip(self.ids, orjson.loads(self._rows), strict=True):
            yield Entry(identifier, method, path, summary, tuple(tags), service)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._rows)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(zip(self.ids, range(len(self.ids)), strict=True))

    def dumps(self) -> bytes:
        ids = orjson.dumps(self.ids)
        return b"".join((len(ids).to_bytes(4, "big"), ids, self._ends.tobytes(), self._rows))

    @classmethod
    def loads(cls, data: bytes) -> "Catalogue":
        start = 4 + int.from_bytes(data[:4], "big")
        ids, ends = orjson.loads(data[4:start]), array("I")
        middle = start + len(ids) * ends.itemsize
        ends.frombytes(data[start:middle])
        return cls(ids, data[middle:], ends)
