"""The dependency graph: which reading operation's response supplies which other operation's field. Worked out when a document is compiled."""

from array import array
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import orjson

from specs.catalogue import Raw, placeholders
from specs.model import Supplier
from specs.outline import Input, Outlines
from specs.suppliers import Suppliers, plain

FORMAT = 1
_TOLD = 3  # suppliers of a field in a tool definition
_SEARCHES = frozenset(("q", "query", "search", "searchterm", "searchtext", "keyword", "keywords", "term", "text", "name", "username", "title"))


class Graph:
    """Of one document. Fields that want the same share one list of suppliers; an operation's part is opened when it is asked for.

    `ids`: operation ids in the catalogue's order; an operation is its number there.
    """

    def __init__(self, ids: Sequence[str], parts: Sequence[bytes]) -> None:
        self._ids = ids
        self._parts = tuple(parts)  # lists, readers, searching, needs, ends of needs

    @cached_property
    def lists(self) -> list[list[tuple[int, str]]]:
        """Suppliers, likeliest first: operation, and the pointer into its response."""
        found: list[list[tuple[int, str]]] = orjson.loads(self._parts[0])
        return found

    @cached_property
    def readers(self) -> dict[int, int]:
        """List -> the operation that reads the one record which the id from this list leads to."""
        pairs: list[tuple[int, int]] = orjson.loads(self._parts[1])
        return dict(pairs)

    @cached_property
    def searching(self) -> frozenset[int]:
        """Reading operations that take a text to look for."""
        return frozenset(orjson.loads(self._parts[2]))

    def needs(self, number: int) -> dict[str, int]:
        """Field -> list."""
        start = self._ends[number - 1] if number else 0
        part = self._parts[3][start : self._ends[number]]
        found: dict[str, int] = orjson.loads(part) if part else {}
        return found

    def suppliers(self, number: int, most: int = _TOLD) -> dict[str, tuple[Supplier, ...]]:
        """Field -> where its value is, likeliest first."""
        found = {}
        for name, place in self.needs(number).items():
            others = [Supplier(self._ids[one], pointer) for one, pointer in self.lists[place] if one != number]
            if others:
                found[name] = tuple(others[:most])
        return found

    @cached_property
    def _ends(self) -> "array[int]":
        ends = array("I")
        ends.frombytes(self._parts[4])
        return ends

    def dumps(self) -> bytes:
        """Format and lengths, then the parts."""
        head = b"".join(size.to_bytes(4, "big") for size in (FORMAT, *map(len, self._parts)))
        return head + b"".join(self._parts)

    @classmethod
    def loads(cls, data: bytes, ids: Sequence[str]) -> "Graph":
        number, *lengths = (int.from_bytes(data[at : at + 4], "big") for at in range(0, 24, 4))
        if number != FORMAT:
            raise ValueError(f"dependency graph of format {number}, this version reads {FORMAT}")
        starts = [24, *accumulate(lengths, initial=24)][1:]
        return cls(ids, [data[start : start + length] for start, length in zip(starts, lengths, strict=False)])

    @classmethod
    def build(cls, root: Mapping[str, Any], raws: Sequence[Raw], inputs: Sequence[Sequence[Input]], outlines: Outlines) -> "Graph":
        found = Suppliers(root, raws, outlines)
        lists: dict[tuple[tuple[int, str], ...], int] = {}
        readers: dict[int, int] = {}
        needs, ends = bytearray(), array("I")
        for number, (raw, own) in enumerate(zip(raws, inputs, strict=True)):
            part = {name: lists.setdefault(several, len(lists)) for name, several in found.of(raw, own).items()}
            last = placeholders(raw.path)[-1:] if raw.method == "get" and raw.path.rstrip("/").endswith("}") else []
            readers.update((part[name], number) for name in last if name in part and part[name] not in readers)
            needs += orjson.dumps(part) if part else b""
            ends.append(len(needs))
        searching = [n for n, own in enumerate(inputs) if raws[n].method == "get" and any(plain(one.name) in _SEARCHES for one in own)]
        packed = [orjson.dumps(one) for one in (list(lists), list(readers.items()), searching)]
        return cls([raw.id for raw in raws], [*packed, bytes(needs), ends.tobytes()])
