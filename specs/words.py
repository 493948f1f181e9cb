"""Search by words: how a text becomes tokens, and a BM25 index over an operation's weighted fields that opens at once."""

import math
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest, nsmallest
from itertools import accumulate, chain

import orjson

_WORD = re.compile(r"[a-z]+|[A-Z][a-z]+|[A-Z]+(?![a-z])|[0-9]+|[^\W\d_A-Za-z]+")  # what is most frequent first
_SPACED = bytes(code if chr(code).isalnum() and code < 128 else 32 for code in range(256))
_STOP = frozenset(
    word
    for line in (
        "a an the of to in on at for from by with and or is are was be been it its this that these those i me my we our you your he she they them",
        "can could would should will please do does did as into if so than then there here what which who how when where have has had not any some",
    )
    for word in line.split()
)
K1, B = 2.0, 0.75
_SCALE = 65_535  # of a stored weight
# With these the best thirty of 100,000 are those that all places would give; with 300 contenders every tenth is another for two common words.
_OPENED = 40_000  # places read for one query: 3 ms; below some thousand operations this is never reached
_CONTENDERS = 1000
_FAINT = 0.1  # of what the strongest word says: less is not looked up where there are contenders enough

Fields = Sequence[tuple[float, str]]  # (weight, text), the same weights in the same order for every operation; lines of a text may repeat elsewhere


def tokens(text: str) -> list[str]:
    """Lower case, camelCase and snake_case apart, light stemming, no stop words."""
    return [*filter(None, map(_stemmed, _WORD.findall(text)))]


def split(text: str) -> list[str]:
    """The words of a name as they stand, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    word = word.lower()
    return "" if word in _STOP else stem(word)


def stem(word: str) -> str:
    """Enough that "users", "creating" and "created" meet "user" and "create"; no dictionary."""
    if len(word) < 4 or (word[-1] not in "sgde" and word[-1] != word[-2]):
        return word  # the rules below have nothing to say
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeslo":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


class Lines(dict[str, Sequence[str]]):
    """Tokens of each line and of each word, taken apart once: names and phrases repeat all over a document. Half the time of `tokens`."""

    def __init__(self) -> None:
        self._words = _Words()

    def __missing__(self, line: str) -> Sequence[str]:
        words = line.encode().translate(_SPACED).split() if line.isascii() else ()
        found = self[line] = [*chain.from_iterable(map(self._words.__getitem__, words))] if words else tokens(line)
        return found

    def tokens(self, text: str) -> Sequence[str]:
        return [*chain.from_iterable(map(self.__getitem__, text.split("\n")))] if "\n" in text else self[text]


class _Words(dict[bytes, Sequence[str]]):
    def __missing__(self, word: bytes) -> Sequence[str]:
        found = self[word] = tokens(word.decode())
        return found


class WordIndex:
    """Of each token: which operations hold it and how much that says (BM25).

    The places of all tokens lie in one array and their weights in another, as they are stored, so that opening an index costs two copies.
    """

    def __init__(self, ids: Sequence[str], counts: Mapping[str, int], places: "array[int]", weights: "array[int]") -> None:
        self._ids = ids
        starts = accumulate(counts.values(), initial=0)
        self._spans = dict(zip(counts, zip(starts, counts.values(), strict=False), strict=True))
        self._places = places
        self._weights = weights

    @classmethod
    def build(cls, documents: Iterable[tuple[str, Fields]]) -> "WordIndex":
        """BM25F: every field is weighed against the usual length of that field, so that a short summary that says just this wins."""
        ids: list[str] = []
        read: list[list[Sequence[str]]] = []
        shares: list[float] = []
        lines = Lines()
        for identifier, fields in documents:
            ids.append(identifier)
            read.append([lines.tokens(text) for _, text in fields])
            shares = [weight for weight, _ in fields]
        usual = [sum(map(len, column)) / len(ids) or 1.0 for column in zip(*read, strict=True)]
        kind = "H" if len(ids) <= 65_536 else "I"
        postings: defaultdict[str, tuple[array[int], array[int]]] = defaultdict(lambda: (array(kind), array("H")))
        for number, one in enumerate(read):
            for token, weight in _weights(one, shares, usual).items():
                places, weights = postings[token]
                places.append(number)
                weights.append(int(_SCALE * weight / (weight + K1)))
        return cls(ids, {token: len(places) for token, (places, _) in postings.items()}, *_joined(kind, postings.values()))

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The best operations, best first; equal ones in the document's order."""
        return self.weighted(dict.fromkeys(tokens(text), 1.0), limit)

    def weighted(self, query: Mapping[str, float], limit: int) -> list[tuple[str, float]]:
        """The same for tokens that count differently.

        The words that say most come first. Once many places have been read, the words that are left only tell the best ones apart.
        """
        scores: dict[int, float] = defaultdict(float)
        opened = 0
        told = sorted(self._told(query), reverse=True)
        for unit, start, count in told:
            opened += count
            if unit < _FAINT * told[0][0] and len(scores) >= _CONTENDERS:
                break
            if opened > _OPENED and len(scores) > limit:
                scores = _best(scores, max(_CONTENDERS, 10 * limit))
                self._tell_apart(scores, unit, start, start + count)
                continue
            for number, weight in zip(self._places[start : start + count], self._weights[start : start + count], strict=True):
                scores[number] += weight * unit
        best = nsmallest(limit, _best(scores, limit).items(), key=lambda item: (-item[1], item[0]))
        return [(self._ids[number], round(score, 4)) for number, score in best]

    def rarity(self, token: str) -> float:
        """Inverse document frequency: how much a token tells."""
        return _idf(self._spans[token][1] if token in self._spans else 0, len(self._ids))

    def __contains__(self, token: object) -> bool:
        return token in self._spans

    def _told(self, query: Mapping[str, float]) -> Iterator[tuple[float, int, int]]:
        """Of each known token: what one unit of its stored weight counts, and where its places lie."""
        documents = len(self._ids)
        for token, factor in query.items():
            if token in self._spans:
                start, count = self._spans[token]
                yield factor * _idf(count, documents) * (K1 + 1) / _SCALE, start, count

    def _tell_apart(self, scores: dict[int, float], unit: float, start: int, end: int) -> None:
        for number in scores:
            at = bisect_left(self._places, number, start, end)
            if at < end and self._places[at] == number:
                scores[number] += self._weights[at] * unit

    def dumps(self) -> bytes:
        """Vocabulary as JSON, then all places, then all weights, as packed arrays; the ids are kept elsewhere."""
        head = orjson.dumps([self._places.typecode, list(self._spans), [count for _, count in self._spans.values()]])
        return b"".join((len(head).to_bytes(4, "big"), head, self._places.tobytes(), self._weights.tobytes()))

    @classmethod
    def loads(cls, data: bytes, ids: Sequence[str]) -> "WordIndex":
        start = 4 + int.from_bytes(data[:4], "big")
        kind, vocabulary, counts = orjson.loads(data[4:start])
        places, weights = array(kind), array("H")
        middle = start + sum(counts) * places.itemsize
        places.frombytes(memoryview(data)[start:middle])
        weights.frombytes(memoryview(data)[middle:])
        return cls(ids, dict(zip(vocabulary, counts, strict=True)), places, weights)


def _weights(fields: Iterable[Sequence[str]], shares: Sequence[float], usual: Sequence[float]) -> dict[str, float]:
    weights: dict[str, float] = {}
    known = weights.get
    for found, weight, average in zip(fields, shares, usual, strict=True):
        if found:
            share = weight / (1 - B + B * len(found) / average)
            for token in found:
                weights[token] = known(token, 0.0) + share
    return weights


def _joined(kind: str, postings: Iterable[tuple["array[int]", "array[int]"]]) -> tuple["array[int]", "array[int]"]:
    all_places, all_weights = array(kind), array("H")
    for places, weights in postings:
        all_places.extend(places)
        all_weights.extend(weights)
    return all_places, all_weights


def _best(scores: Mapping[int, float], limit: int) -> dict[int, float]:
    """The `limit` highest, and what is as high as the last of them."""
    if len(scores) <= limit:
        return dict(scores)
    least = nlargest(limit, scores.values())[-1]
    return {number: score for number, score in scores.items() if score >= least}


def _idf(holders: int, documents: int) -> float:
    return math.log(1 + (documents - holders + 0.5) / (holders + 0.5))
