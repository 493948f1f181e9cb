"""Korean words with what each may be called in an English document (korean_words.txt), and which words mean a value. Knows no sentence."""

import re
from collections.abc import Iterator
from importlib.resources import files

from specs.words import stem

Table = dict[str, tuple[str, ...]]


def _sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in files("engine").joinpath("korean_words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(section, []).append(line)
    return found


_SECTIONS = _sections()


def _table(name: str) -> Table:
    found: Table = {}
    for line in _SECTIONS[name]:
        korean, _, english = line.partition("=")
        meanings = tuple(each.strip() for each in english.split("/"))
        for word in korean.split():
            found |= dict.fromkeys((word.replace("_", " "), word.replace("_", "")), meanings)
    return found


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _SECTIONS[name] for word in line.split())


THINGS, STATES, DEEDS, TAKEN_BACK, NATIVE = map(_table, ("things", "states", "deeds", "taken_back", "native"))
PLACES, LITTLE = map(_words, ("places", "little"))
# Behind a number: what is counted.
COUNTED = {
    "개": ("quantity", "count", "stock", "amount", "number"), "명": ("guests", "party size", "people", "persons", "passengers", "attendees"),
    "분": ("guests", "party size", "people", "persons"), "사람": ("guests", "party size", "people", "persons"),
    "인": ("guests", "party size", "people", "persons"), "장": ("quantity", "copies", "count"), "권": ("quantity", "copies", "count"),
    "병": ("quantity", "count"), "잔": ("quantity", "count"), "판": ("quantity", "count"), "벌": ("quantity", "count"), "대": ("quantity", "count"),
    "건": ("count", "limit", "number"), "원": ("price", "amount", "limit", "total", "cost", "budget"), "달러": ("price", "amount"),
    "유로": ("price", "amount"), "퍼센트": ("percent", "discount", "rate"), "프로": ("percent", "discount", "rate"), "%": ("percent", "discount",
    "rate"),
    "일": ("days", "retention", "duration", "period"), "박": ("nights", "days"), "시간": ("hours", "duration"), "개월": ("months", "duration"),
    "세": ("age",), "살": ("age",), "도": ("temperature", "degrees"), "점": ("rating", "score", "stars"), "성급": ("stars", "rating"),
}  # fmt: skip
BOUNDS = {
    "이상": "at least",
    "이하": "at most",
    "미만": "under",
    "초과": "over",
    "넘는": "over",
    "안 넘는": "at most",
    "까지": "at most",
    "부터": "at least",
}


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).casefold()


def _by_value() -> Iterator[tuple[str, str]]:
    for table in (STATES, THINGS):
        for korean, meanings in table.items():
            yield from ((_plain(each), korean) for each in meanings)


_MEAN: dict[str, list[str]] = {}
for _value, _korean in _by_value():
    _MEAN.setdefault(_value, []).append(_korean)


def _korean_names() -> dict[str, str]:
    """The Korean for an English word by its first meaning, else by a later one."""
    found: dict[str, str] = {}
    for place in range(8):
        for korean, meanings in THINGS.items():
            if place < len(meanings):
                found.setdefault(" ".join(map(stem, meanings[place].split())), korean)
    return found


_KOREAN_NAMES = _korean_names()


def name_in_korean(english: str) -> str:
    """first_name, Group id: 성, 그룹 ID. What no table knows stays as it is."""
    said = english.lower().split()
    if len(said) > 1 and said[-1] == "id" and (thing := _KOREAN_NAMES.get(" ".join(map(stem, said[:-1])))):
        return f"{thing} ID"
    return _KOREAN_NAMES.get(" ".join(map(stem, said)), english)


def words_for(value: str) -> tuple[str, ...]:
    """The Korean words that can mean a listed value: in_progress is said by 진행 중인."""
    return tuple(_MEAN.get(_plain(value), ()))
