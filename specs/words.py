"""Search by words: how a text becomes tokens, and a BM25 index over an operation's weighted fields that fits in a Redis field."""

import math
import re
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest

import orjson

FORMAT = 1
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_STOP = frozenset(
    word
    for line in (
        "a an the of to in on at for from by with and or is are was be been it its this that these those i me my we our you your he she they them",
        "can could would should will please do does did as into if so than then there here what which who how when where have has had not any some",
    )
    for word in line.split()
)
K1, B = 2.0, 0.5

Fields = Sequence[tuple[float, str]]  # (weight, text), the same fields in the same order for every operation


def tokens(text: str) -> list[str]:
    """Lower case, camelCase and snake_case apart, light stemming, no stop words."""
    return [stem for word in _WORD.findall(text) if (stem := _stemmed(word))]


def split(text: str) -> list[str]:
    """The words of a name as they stand, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    word = word.lower()
    return "" if word in _STOP else stem(word)


def stem(word: str) -> str:
    """Enough that "users", "creating" and "created" meet "user" and "create"; no dictionary."""
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


class WordIndex:
    """Of each token: which operations hold it and how much that says (BM25, worked out when the index is built)."""

    def __init__(self, ids: Sequence[str], postings: Mapping[str, tuple["array[int]", "array[float]"]]) -> None:
        self._ids = tuple(ids)
        self._postings = postings

    @classmethod
    def build(cls, documents: Iterable[tuple[str, Fields]]) -> "WordIndex":
        """BM25F: every field is weighed against the usual length of that field, so that a short summary that says just this wins."""
        ids: list[str] = []
        counted: list[list[tuple[float, Counter[str], int]]] = []
        for identifier, fields in documents:
            ids.append(identifier)
            counted.append([(weight, Counter(found := tokens(text)), len(found)) for weight, text in fields])
        usual = [sum(lengths) / len(lengths) or 1.0 for lengths in zip(*([length for _, _, length in one] for one in counted), strict=True)]
        raw: dict[str, tuple[array[int], array[float]]] = {}
        for number, one in enumerate(counted):
            for token, weight in _weights(one, usual).items():
                places = raw.get(token)
                if places is None:
                    places = raw[token] = (array("I"), array("f"))
                places[0].append(number)
                places[1].append(weight)
        return cls(ids, {token: (where, _impacts(weights, len(ids))) for token, (where, weights) in raw.items()})

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The best operations, best first; equal ones in the document's order."""
        return self.weighted(dict.fromkeys(tokens(text), 1.0), limit)

    def weighted(self, query: Mapping[str, float], limit: int) -> list[tuple[str, float]]:
        """The same for tokens that count differently."""
        scores: dict[int, float] = {}
        for token, factor in query.items():
            where, impacts = self._postings.get(token, ((), ()))
            for number, impact in zip(where, impacts, strict=True):
                scores[number] = scores.get(number, 0.0) + impact * factor
        best = nsmallest(limit, scores.items(), key=lambda item: (-item[1], item[0]))
        return [(self._ids[number], round(score, 4)) for number, score in best]

    def __contains__(self, token: object) -> bool:
        return token in self._postings

    def dumps(self) -> bytes:
        """Vocabulary as JSON, then all places, then all impacts, as packed arrays."""
        head = orjson.dumps([FORMAT, self._ids, list(self._postings), [len(where) for where, _ in self._postings.values()]])
        places, impacts = array("I"), array("f")
        for where, values in self._postings.values():
            places.extend(where)
            impacts.extend(values)
        return zlib.compress(len(head).to_bytes(4, "big") + head + places.tobytes() + impacts.tobytes(), 1)

    @classmethod
    def loads(cls, data: bytes) -> "WordIndex":
        body = zlib.decompress(data)
        start = 4 + int.from_bytes(body[:4], "big")
        number, ids, vocabulary, counts = orjson.loads(body[4:start])
        if number != FORMAT:
            raise ValueError(f"word index of format {number}, this version reads {FORMAT}")
        places, impacts = array("I"), array("f")
        middle = start + sum(counts) * places.itemsize
        places.frombytes(body[start:middle])
        impacts.frombytes(body[middle:])
        postings, at = {}, 0
        for token, count in zip(vocabulary, counts, strict=True):
            postings[token] = (places[at : at + count], impacts[at : at + count])
            at += count
        return cls(ids, postings)


def _weights(fields: Iterable[tuple[float, Counter[str], int]], usual: Sequence[float]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for (weight, counts, length), average in zip(fields, usual, strict=True):
        share = weight / (1 - B + B * length / average)
        for token, count in counts.items():
            weights[token] = weights.get(token, 0.0) + share * count
    return weights


def _impacts(weights: "array[float]", documents: int) -> "array[float]":
    idf = math.log(1 + (documents - len(weights) + 0.5) / (len(weights) + 0.5))
    return array("f", (idf * weight * (K1 + 1) / (weight + K1) for weight in weights))
