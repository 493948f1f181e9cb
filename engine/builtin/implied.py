"""Listed values that words mean without saying them: by a code, a synonym, a time of day, a description, an inflection. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from engine.builtin import words
from engine.builtin.coded import among
from engine.builtin.toolbox import Field
from engine.builtin.words import Token
from engine.matching import SYNONYMS
from specs.words import stem as plain_stem
from tools.thesaurus import likeness

ENDING = 5  # letters by which a word may be longer than another one and still be the same
LIKE = 0.2  # so much must a word have in common with a value, and half of it more than with the next one
CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s?([ap]m)?", re.IGNORECASE)
STANDS_FOR = r"\s*(?:->|=|:|-|–|is|are|for|means|represents|stands for|to)\s+([^,;.'\"]+)"


def meant(field: Field, tokens: Sequence[Token], about: frozenset[str]) -> list[Any]:
    """Of the first of these ways that finds any. `about`: stems of what the tool is about, which mean no value."""
    said = " ".join(t.lower for t in tokens)
    ways: Iterator[list[Any]] = (
        found
        for found in (
            [value for token in tokens for value in among(field, token.text)],
            [v for v in field.choices if any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", said) for each in SYNONYMS.get(str(v).casefold(), ()))],
            [v for v in field.choices if clocked(str(v)) in _clocks(tokens)],
            [v for v, told in _described(field).items() if told and all(any(kin(stem, t.stem) for t in tokens) for stem in told)],
            [v for v in field.choices if _inflected(v, tokens, about)],
        )
        if found
    )
    return list(dict.fromkeys(next(ways, [])))


def nearest(field: Field, tokens: Sequence[Token]) -> list[Any]:
    """The one listed value that a word is most like, where one has to be chosen: a concert is music."""
    texts = {v: plain_stem(v.lower()) for v in field.choices if isinstance(v, str) and v.isalpha()}
    said = [plain_stem(t.stem) for t in tokens if t.lower not in words.STOP and t.stem not in field.words]
    scores = sorted(((max((likeness(each, text) for each in said), default=0.0), v) for v, text in texts.items()), reverse=True)
    clear = bool(scores) and scores[0][0] >= LIKE and (len(scores) < 2 or scores[0][0] - scores[1][0] >= LIKE / 2)
    return [scores[0][1]] if clear else []


def kin(one: str, other: str) -> bool:
    """immediate and immediately, normalize and normalization, auto and automatic: one is the other with an ending."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > 3 and long.startswith(short) and len(long) - len(short) <= ENDING)


def _inflected(value: Any, tokens: Sequence[Token], about: frozenset[str]) -> bool:
    stems = [stem for stem in words.stems(str(value)) if stem not in words.LITTLE_STEMS]
    if not stems or set(stems) & about or not isinstance(value, str) or min(map(len, stems)) < 4:
        return False
    return all(any(kin(stem, t.stem) for t in tokens) for stem in stems)


def _described(field: Field) -> dict[Any, frozenset[str]]:
    """What the description says that a value stands for: '1' represents cleaning, 2 = ironing; without the words that all of them share."""
    found = {value: frozenset(words.stems(told)) for value in field.choices if (told := _told(field.said, str(value)))}
    shared = frozenset.intersection(*found.values()) if len(found) > 1 else frozenset()
    return {value: stems - shared - words.LITTLE_STEMS - words.GENERIC_STEMS for value, stems in found.items()}


def _told(said: str, value: str) -> str:
    match = re.search(rf"(?<![\w.])['\"‘]?{re.escape(value)}['\"’]?{STANDS_FOR}", said)
    return match[1] if match else ""


def clocked(text: str) -> str:
    """6:00 AM -> 06:00"""
    found = CLOCK.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return "none"
    hour = int(found[1]) % 12 + (12 if found[3].lower() == "pm" else 0) if found[3] else int(found[1])
    return f"{hour:02}:{found[2] or '00'}"


def _clocks(tokens: Sequence[Token]) -> set[str]:
    texts = [t.text for t in tokens]
    halves = [f"{one} {other}" for one, other in pairwise(texts) if other.lower() in ("am", "pm")]
    times = {clocked(half) for half in halves} or {clocked(text) for text in texts}
    return times - {"none"}
