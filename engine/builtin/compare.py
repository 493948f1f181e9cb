"""Words that compare: cheaper than 13, the most expensive, never signed in. What of it a field or the rows of a list can do. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.builtin import words
from engine.builtin.grouping import Rows

_MORE = r"more|higher|greater|larger|bigger|longer|older|over|above|exceeding|at least|beyond"
_LESS = r"less|fewer|lower|smaller|shorter|younger|under|below|at most|cheaper"
BOUND = re.compile(
    rf"\b(?:(?P<costly>more expensive|costlier|dearer)|(?P<more>{_MORE})|(?P<less>{_LESS}))(?P<named>(?:\s+[a-z]+)?)\s+(?:than\s+)?"
    r"(?P<number>\d[\d,]*(?:\.\d+)?)\b",
    re.IGNORECASE,
)
UTMOST = re.compile(
    r"\b(?:(?P<most>most expensive|costliest|dearest|most|highest|largest|biggest|greatest|longest)"
    r"|(?P<least>least expensive|cheapest|least|fewest|lowest|smallest|shortest))\b(?!\s+recent)",
    re.IGNORECASE,
)
PARTLY = re.compile(r"\b(?:starts?|starting|begins?|beginning|ends?|ending)\s+(?:in|with)\s+\S+|\bcontain(?:s|ing)?\s+\S+", re.IGNORECASE)
NEVER = re.compile(r"\b(?:never|not yet)\s+(?P<deed>[a-z]+(?:[\s-]+(?:in|on|out|off)\b)?)", re.IGNORECASE)
COST = frozenset(words.stem(w) for w in ("price", "cost", "amount", "fare", "total", "rate", "fee"))
COSTLY = re.compile(r"expensive|cheap|cost|dear", re.IGNORECASE)
INCLUSIVE = ("at least", "at most")


@dataclass(frozen=True, slots=True)
class Compared:
    """What of a list is meant: a `show` call's arguments, none where the rows cannot tell, and the words for it."""

    said: str
    start: int
    end: int
    shown: Mapping[str, Any]
    carried: bool = False  # by an argument of the call


def side(text: str, place: int) -> tuple[str, frozenset[str]] | None:
    """For the number at a place: which bound it is (begin, finish), and stems of what is bounded where the word tells."""
    found = next((m for m in BOUND.finditer(text) if m.start("number") <= place < m.end("number")), None)
    if found is None:
        return None
    return ("finish" if found["less"] else "begin"), (COST if COSTLY.search(found.group()) else frozenset())


def found_in(text: str, rows: Rows, arguments: Sequence[Any] = (), whole: bool = True) -> list[Compared]:
    """All comparisons of the text, each with what `show` can do about it, but for numbers that went into an argument.

    `whole`: all rows are known here, so that those within a bound can be counted.
    """
    sent = {_plain(value) for value in arguments}
    bounds = [Compared(m.group(), m.start(), m.end(), _bounded(m, text, rows) if whole else {}) for m in BOUND.finditer(text)]
    bounds = [replace(c, carried=_plain(m["number"]) in sent) for c, m in zip(bounds, BOUND.finditer(text), strict=True)]
    utmost = [Compared(m.group(), m.start(), m.end(), _utmost(m, text, rows)) for m in UTMOST.finditer(text)]
    parts = [Compared(m.group(), m.start(), m.end(), {}) for m in PARTLY.finditer(text)]
    return [*bounds, *utmost, *parts, *(Compared(m.group(), m.start(), m.end(), _never(m["deed"], rows)) for m in NEVER.finditer(text))]


def _bounded(match: "re.Match[str]", text: str, rows: Rows) -> dict[str, Any]:
    """In order of the column, cut where the bound is."""
    column = _column(match.group(), text, rows)
    if column is None:
        return {}
    limit = float(match["number"].replace(",", ""))
    inclusive = match.group().lower().startswith(INCLUSIVE)
    values = [float(row[column]) for row in rows if _numeric(row.get(column))]
    inside = [v for v in values if (v < limit if match["less"] else v > limit) or (inclusive and v == limit)]
    return {"sort": f"{'' if match['less'] else '-'}{column}", "limit": len(inside)} if inside else {}


def _utmost(match: "re.Match[str]", text: str, rows: Rows) -> dict[str, Any]:
    column = _column(match.group(), text, rows)
    return {"sort": f"{'-' if match['most'] else ''}{column}", "limit": 1} if column else {}


def _column(said: str, text: str, rows: Rows) -> str | None:
    """The column of numbers that is compared: by the word itself (cheaper), else by what the text names of it."""
    stems = COST if COSTLY.search(said) else {t.stem for t in words.tokens(text)}
    numbers = [name for name in dict.fromkeys(n for row in rows for n in row) if any(_numeric(row.get(name)) for row in rows)]
    fitting = [name for name in numbers if (set(words.stems(name)) - words.GENERIC_STEMS) & stems]
    return max(fitting, key=lambda name: len(set(words.stems(name)) & stems), default=None)


def _never(deed: str, rows: Rows) -> dict[str, Any]:
    """never signed in: the rows without a time in the column of that name."""
    said = set(words.stems(deed)) - {"in", "on", "out", "off"}
    columns = dict.fromkeys(name for row in rows for name in row)
    named = [name for name in columns if said & set(words.stems(name)) and any(isinstance(row.get(name), str) for row in rows)]
    return {"filter": {named[0]: None}} if len(named) == 1 else {}


def _plain(value: Any) -> str:
    return str(value).replace(",", "").removesuffix(".0")


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
