"""Words that mean nearly the same. The table was distilled once from a sentence model (bench/thesaurus.py): looked up here, nothing is computed."""

import math
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Container, Mapping
from functools import cache, lru_cache
from itertools import islice
from math import log
from pathlib import Path

FORMAT = 2
_HEAD = struct.Struct("<III")
_MOST = 3  # of a word's neighbours that a document knows: more bring in what nobody meant


class Thesaurus:
    """Of each token the tokens like it, best first. A token stands for all words that `specs.words` gives the same stem.

    Read in half a millisecond: words are found in the text itself, no table of them is made.
    """

    def __init__(self, data: bytes) -> None:
        number, words, pairs = _HEAD.unpack_from(data)
        if number != FORMAT:
            raise ValueError(f"thesaurus of format {number}, this version reads {FORMAT}")
        at = _HEAD.size
        self._ends = _numbers("I", data[at : at + 4 * words])
        self._last = _numbers("I", data[at + 4 * words : at + 8 * words])
        at += 8 * words
        self._which = _numbers("H", data[at : at + 2 * pairs])
        self._alike = data[at + 2 * pairs : at + 3 * pairs]
        self._text = data[at + 3 * pairs :]

    def __len__(self) -> int:
        return len(self._ends)

    def like(self, token: str) -> list[tuple[str, float]]:
        """With how alike they are: 1 would be the same."""
        place = self._text.find(b"\n%b\n" % token.encode())
        if place < 0 or "\n" in token:
            return []
        number = bisect_left(self._ends, place + len(token.encode()) + 1)
        pairs = range(self._last[number - 1] if number else 0, self._last[number])
        return [(self._word(self._which[pair]), self._alike[pair] / 255) for pair in pairs]

    def rarity(self, token: str) -> float:
        """From nearly 0 for a word that everybody uses to 1 for one that is not here: the words stand by how often they are written."""
        place = self._text.find(b"\n%b\n" % token.encode())
        if place < 0 or "\n" in token:
            return 1.0
        return log(2 + bisect_left(self._ends, place + len(token.encode()) + 1)) / log(2 + len(self))

    def _word(self, number: int) -> str:
        return self._text[self._ends[number - 1] + 1 if number else 1 : self._ends[number]].decode()


def like(token: str, known: Container[str]) -> list[tuple[str, float]]:
    """The few of `known` that are most like a token."""
    return list(islice((one for one in _likest(token) if one[0] in known), _MOST))


def nearest(token: str) -> list[tuple[str, float]]:
    """The few that are most like a token."""
    return _likest(token)[:_MOST]


@lru_cache(maxsize=10_000)
def likeness(one: str, other: str) -> float:
    """How much two tokens have in common by the tokens that are like both: 1 for the same."""
    first, second = _company(one), _company(other)
    return sum((much * second[word] for word, much in first.items() if word in second), 0.0)


@lru_cache(maxsize=4_000)
def _company(token: str) -> dict[str, float]:
    found = {token: 1.0, **dict(_likest(token))}
    size = math.sqrt(sum(much * much for much in found.values()))
    return {word: much / size for word, much in found.items()}


@lru_cache(maxsize=10_000)
def likes(token: str) -> Mapping[str, float]:
    """All that the table has for a token."""
    return dict(_thesaurus().like(token))


@lru_cache(maxsize=10_000)
def rarity(token: str) -> float:
    """How much a word tells by itself, from 0 to 1."""
    return _thesaurus().rarity(token)


@lru_cache(maxsize=10_000)
def _likest(token: str) -> list[tuple[str, float]]:
    return _thesaurus().like(token)


@cache
def _thesaurus() -> Thesaurus:
    """Read when it is first needed and then kept: 2 MB that every document shares."""
    return Thesaurus(Path(__file__).with_name("thesaurus.bin").read_bytes())


def _numbers(kind: str, data: bytes) -> "array[int]":
    found = array(kind, data)
    if sys.byteorder == "big":
        found.byteswap()
    return found
