"""A document's JSON in packed pieces: each path and each component is opened when somebody asks for it."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, NoReturn

import orjson
import zstandard

from specs.load import canonical, gc_paused

_CHUNK = 64 * 1024  # of JSON; smaller ones pack worse, larger ones open slower
_LEVEL = 1
_OPEN = 32  # unpacked chunks kept


class _Unread:
    """Stands where a value has not been read. Nothing can be made of it: whoever gets past the accessors fails loudly."""


_UNREAD: Any = _Unread()


class Members(dict[str, Any]):
    """The members of a section under all their names; a value is read when it is first asked for. Nobody may change them.

    `__iter__` is overridden so that C code (dict(x), {**x}, update) asks for values as everybody else does.
    """

    __slots__ = ("_numbers", "_read")

    def __init__(self, names: Sequence[str], first: int, read: Callable[[int], Any]) -> None:
        super().__init__(dict.fromkeys(names, _UNREAD))
        self._numbers = dict(zip(names, range(first, first + len(names)), strict=True))
        self._read = read

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if value is _UNREAD:
            value = self._read(self._numbers[name])
            super().__setitem__(name, value)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401  # which would call this

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def items(self) -> Any:
        return self._whole().items()

    def values(self) -> Any:
        return self._whole().values()

    def copy(self) -> dict[str, Any]:
        return self._whole()

    def __eq__(self, other: object) -> bool:
        return self._whole() == (dict(other) if isinstance(other, dict) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # as of every dict

    def __or__(self, other: Any) -> Any:
        return self._whole() | other

    def __ror__(self, other: Any) -> Any:
        return other | self._whole()

    def __repr__(self) -> str:
        return repr(self._whole())

    def __reduce__(self) -> Any:
        return dict, (self._whole(),)

    def _whole(self) -> dict[str, Any]:
        return {name: self[name] for name in self.keys()}

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a document is not changed")

    __setitem__ = __delitem__ = __ior__ = pop = popitem = setdefault = update = clear = _refuse


@dataclass(frozen=True, slots=True)
class Packed:
    """`text` is the same as JSON without spaces, piece after piece: for whoever looks through it before it is let go."""

    data: bytes
    text: bytes


def pack(root: Mapping[str, Any]) -> Packed:
    """The outline with a null for each section, then the members of the sections. Writing is also the check of the depth, in C."""
    outline: dict[str, Any] = dict(root)
    sections = list(_sections(root))
    if any(place[1:] for place, _ in sections):
        outline["components"] = dict(root["components"])
    for place, _ in sections:
        _owner(outline, place)[place[-1]] = None
    pieces = [canonical(outline), *(_written(member, len(place) + 1) for place, members in sections for member in members.values())]
    text = b"".join(pieces)
    starts = list(_starts(list(map(len, pieces))))
    pack_chunk = zstandard.ZstdCompressor(level=_LEVEL).compress
    packed = [pack_chunk(memoryview(text)[start:end]) for start, end in pairwise((*starts, len(text)))]
    head = orjson.dumps([[(place, list(members)) for place, members in sections], list(map(len, pieces)), starts, list(map(len, packed))])
    opening = pack_chunk(head)
    return Packed(b"".join((len(opening).to_bytes(4, "big"), opening, *packed)), text)


class Tree:
    """A packed document. `root` is read as far as it is looked at, and then kept."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        start = 4 + int.from_bytes(data[:4], "big")
        self._sections, lengths, self._starts, packed = orjson.loads(zstandard.decompress(data[4:start]))
        self._places = list(accumulate(lengths, initial=0))  # of the pieces in the text
        self._packed = list(accumulate(packed, initial=start))  # of the chunks in the data
        self._open: dict[int, bytes] = {}

    @cached_property
    def root(self) -> dict[str, Any]:
        return self._filled(lambda names, first: Members(names, first, self._piece))

    def dumps(self) -> bytes:
        return self.data

    def plain(self) -> dict[str, Any]:
        """All of it, as new dicts."""
        with gc_paused():
            return self._filled(lambda names, first: {name: self._piece(number) for number, name in enumerate(names, first)})

    def _filled(self, members: Callable[[list[str], int], dict[str, Any]]) -> dict[str, Any]:
        root: dict[str, Any] = self._piece(0)
        first = 1
        for place, names in self._sections:
            _owner(root, place)[place[-1]] = members(names, first)
            first += len(names)
        return root

    def _piece(self, number: int) -> Any:
        start, end = self._places[number : number + 2]
        chunk = bisect_right(self._starts, start) - 1
        first = self._starts[chunk]
        return orjson.loads(memoryview(self._chunk(chunk))[start - first : end - first])

    def _chunk(self, number: int) -> bytes:
        if (known := self._open.get(number)) is None:
            if len(self._open) >= _OPEN:
                self._open.clear()
            known = zstandard.decompress(self.data[self._packed[number] : self._packed[number + 1]])
            self._open[number] = known
        return known


def _sections(root: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every object at the top, and what lies in components instead of these themselves."""
    for name, members in root.items():
        if _splits(members) and name != "components":
            yield (name,), members
    components = root.get("components")
    for name, members in components.items() if isinstance(components, dict) else ():
        if _splits(members):
            yield ("components", name), members


def _splits(members: Any) -> bool:
    return isinstance(members, dict) and "$ref" not in members  # a reference stays in one piece


def _owner(root: dict[str, Any], place: Sequence[str]) -> dict[str, Any]:
    owner: dict[str, Any] = root[place[0]] if place[1:] else root
    return owner


def _written(value: Any, level: int) -> bytes:
    """As deep as it lies, so that the limit of depth is that of the whole document."""
    for _ in range(level):
        value = [value]
    return canonical(value)[level:-level]


def _starts(lengths: Sequence[int]) -> Iterator[int]:
    """Where chunks begin: at a piece, once there is enough before it."""
    begun = -_CHUNK
    for place in accumulate(lengths[:-1], initial=0):
        if place - begun >= _CHUNK:
            yield place
            begun = place
