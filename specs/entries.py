"""The catalogue of a document: a line for every operation. Kept as columns, each of which is read when it is first needed."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import orjson

from specs.model import Entry

_COLUMNS = ("id", "method", "path", "summary", "tags", "service")


class Catalogue(Sequence[Entry]):
    """The entries in the document's order."""

    def __init__(self, columns: Sequence[bytes]) -> None:
        self._texts = dict(zip(_COLUMNS, columns, strict=True))
        self._columns: dict[str, list[Any]] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Catalogue":
        listed = list(entries)
        return cls([orjson.dumps([getattr(entry, name) for entry in listed]) for name in _COLUMNS])

    @property
    def ids(self) -> Sequence[str]:
        return self._column("id")

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
        identifier, method, path, summary, tags, service = (self._column(name)[number] for name in _COLUMNS)
        return Entry(identifier, method, path, summary, tuple(tags), service)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Entry]:
        for identifier, method, path, summary, tags, service in zip(*map(self._column, _COLUMNS), strict=True):
            yield Entry(identifier, method, path, summary, tuple(tags), service)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._texts["id"])

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(zip(self.ids, range(len(self)), strict=True))

    def _column(self, name: str) -> list[Any]:
        known = self._columns.get(name)
        if known is None:
            known = self._columns[name] = orjson.loads(self._texts[name])
        return known

    def dumps(self) -> bytes:
        head = orjson.dumps(list(map(len, self._texts.values())))
        return b"".join((len(head).to_bytes(4, "big"), head, *self._texts.values()))

    @classmethod
    def loads(cls, data: bytes) -> "Catalogue":
        at = 4 + int.from_bytes(data[:4], "big")
        columns = []
        for length in orjson.loads(data[4:at]):
            columns.append(data[at : at + length])
            at += length
        return cls(columns)
