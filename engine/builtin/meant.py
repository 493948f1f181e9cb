"""Which record of an answer is the one that is gone on with: by its name, its part in the whole, its place, its order. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from engine.builtin import sought, words
from engine.builtin.grouping import MOMENT
from engine.builtin.mentions import unquoted
from engine.builtin.present import OLDEST_FIRST
from engine.builtin.records import at_pointer, identified

LATEST = re.compile(r"\b(?:latest|newest|most recent(?:ly)?|last)\b", re.IGNORECASE)
UTMOST = re.compile(
    r"\b(?:most (?P<much>[a-z]+)|(?:highest|top)[ -](?P<high>[a-z]+)|least (?P<little>[a-z]+)|lowest[ -](?P<low>[a-z]+))\b", re.IGNORECASE
)
ROWS = frozenset(words.stem(w) for w in ("one", "result", "entry", "item", "hit", "match"))
NEAR = 3  # words behind an ordinal
SHORT = 30  # characters of a word for what somebody is: Director

Pairs: TypeAlias = Sequence[tuple[Mapping[str, Any], Any]]  # records with their ids


def pairs_of(data: Any, pointer: str | None, name: str) -> list[tuple[Mapping[str, Any], Any]]:
    """`pointer`: where the document says the ids are; without one, those of the first records that have any."""
    return list(at_pointer(data, pointer) if pointer is not None else identified(data, name))


def by_words(text: str, pairs: Pairs, data: Any, kinds: frozenset[str]) -> Any:
    """The id that goes on. `kinds`: stems of what the records are."""
    if not pairs:
        return None
    for found in (_in_part(text, pairs, data), _at_place(text, pairs, kinds), _in_order(text, pairs)):
        if found is not None:
            return found
    return pairs[0][1]


def _in_part(text: str, pairs: Pairs, data: Any) -> Any:
    """The director: whose record says so, in whichever list of the answer."""
    key = next((name for row, value in pairs for name, one in row.items() if one == value and isinstance(one, str | int)), None)
    said = {t.lower for t in words.tokens(unquoted(text))}
    return next((row[key] for row in _all(data) if key in row and _is(row, key, said)), None) if key else None


def _is(row: Mapping[str, Any], key: str, said: set[str]) -> bool:
    told = (v for n, v in row.items() if n != key and not set(words.parts(n)) & words.NAME_WORDS and isinstance(v, str) and len(v) < SHORT)
    return any(value.lower() in said for value in told)


def _all(data: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, Mapping):
        yield data
    for inner in data.values() if isinstance(data, Mapping) else data if isinstance(data, list) else ():
        yield from _all(inner)


def _at_place(text: str, pairs: Pairs, kinds: frozenset[str]) -> Any:
    """the second movie, the third result; not: movies of the first season"""
    tokens = words.tokens(unquoted(text))
    for n, token in enumerate(tokens):
        place = words.ORDINALS.get(token.lower)
        if place is not None and any(t.stem in kinds | ROWS for t in tokens[n + 1 : n + 1 + NEAR]) and -len(pairs) <= place < len(pairs):
            return None if LATEST.fullmatch(token.text) else pairs[place][1]
    return None


def _in_order(text: str, pairs: Pairs) -> Any:
    column, down = _column(text, [row for row, _ in pairs])
    if column is None:
        return None
    known = [(row[column], value) for row, value in pairs if row.get(column) is not None]
    return (max if down else min)(known, key=lambda pair: pair[0])[1] if known else None


def _column(text: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str | None, bool]:
    """The column that tells which record is meant, and whether the highest of it is."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if LATEST.search(text) or OLDEST_FIRST.search(text):
        moments = (c for c in columns if all(isinstance(v := row.get(c), str) and MOMENT.fullmatch(v) for row in rows))
        return next(moments, None), LATEST.search(text) is not None
    found = UTMOST.search(text)
    if found is None:
        return None, True
    numbers = [c for c in columns if all(isinstance(v := row.get(c), int | float) and not isinstance(v, bool) for row in rows)]
    like = sought.alike(found[str(found.lastgroup)].lower(), frozenset(stem for c in numbers for stem in words.stems(c)))
    near = {c: max((like.get(stem, 0.0) for stem in words.stems(c)), default=0.0) for c in numbers}
    best = max(numbers, key=near.__getitem__, default=None)
    return (best if best is not None and near[best] > 0 else None), not (found["little"] or found["low"])
