"""Requests in Korean put into the English that the rules read: the verb first, then what is named, in order. Pure."""

import re

from engine.builtin.mentions import QUOTED
from engine.korean import HANGUL, NAMES, READS, verbs_of

TIMES = {
    "그저께": "day before yesterday", "어제": "yesterday", "오늘": "today", "내일": "tomorrow", "지난주": "last week", "지난 주": "last week",
    "이번 주": "this week", "지난달": "last month", "지난 달": "last month", "이번 달": "this month",
}  # fmt: skip
SIGNS = {"로그인": "signed in", "로그아웃": "signed out"}
MANY = re.compile(r"몇 ?(?:명|개|건)|얼마나 많")
WHO = re.compile(r"누가|누구")
LATIN = re.compile(r"['\"“‘]?[A-Za-z0-9][\w.@:/+-]*(?:[A-Za-z0-9])?['\"”’]?(?=(?P<after>[가-힣]{0,2}))", re.ASCII)
TO, IN = ("로", "으로", "에게"), ("에", "에서")
ORDER = re.compile("|".join(sorted([*NAMES, *TIMES, *SIGNS], key=len, reverse=True)))


def english(text: str) -> str:
    """The text itself where it holds no Korean outside of quotation marks."""
    if not HANGUL.search(QUOTED.sub("", text)):
        return text
    named = sorted([*_things(text), *_values(text)])
    return " ".join([_verb(text), *(word for _, word in named)]).strip()


def as_said(time: str, text: str) -> str:
    """The customer's own words for a time: what they typed counts, not what the rules made of it."""
    return next((korean for korean, known in TIMES.items() if known == time and korean in text), time)


def _verb(text: str) -> str:
    plain = QUOTED.sub(" ", text)
    changes = [(reading, verb) for verb, reading in verbs_of(plain) if reading != "not"]
    asked = next((verb for reading, verb in changes if reading == "asked"), next((verb for _, verb in changes), ""))
    if asked:
        return asked
    if MANY.search(plain):
        return "how many"
    return "who" if WHO.search(plain) else "show" if READS.search(plain) else ""


def _things(text: str) -> list[tuple[int, str]]:
    """Things, times and sign-ins; several of a thing where no single one is named."""
    single = next(iter(_values(text)), None) is not None and not MANY.search(text) and "목록" not in text
    found = []
    for match in ORDER.finditer(QUOTED.sub(lambda m: "·" * len(m.group()), text)):
        word = match.group()
        if len(word) == 1 and HANGUL.fullmatch(text[match.start() - 1 : match.start()]):
            continue  # the end of another word
        thing = NAMES.get(word, "").split(" ")[0]
        found.append((match.start(), TIMES.get(word) or SIGNS.get(word) or (thing if single or word == "감사" else f"{thing}s")))
    return found


def _values(text: str) -> list[tuple[int, str]]:
    """What is written in Latin letters, figures or quotation marks, with the little word that its particle stands for."""
    found = [(m.start(), m.group()) for m in QUOTED.finditer(text)]
    plain = QUOTED.sub(lambda m: " " * len(m.group()), text)
    for match in LATIN.finditer(plain):
        after = match["after"]
        bracketed = plain[: match.start()].endswith("(")
        mark = "to " if after.startswith(TO) else "in " if bracketed or after.startswith(IN) else ""
        found.append((match.start(), mark + match.group()))
    return found
