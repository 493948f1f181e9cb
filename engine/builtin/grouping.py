"""Words that ask for figures of groups: how many per status, the average price by category, a chart by month. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.builtin import words

_COLUMN = r"\s+(?P<column>[a-z][\w-]*(?:\s+[a-z]+)?)"
STRONG = re.compile(rf"\b(?:per|grouped by|broken down by|split by|(?:group|break|split)(?: \w+){{1,3}}? by){_COLUMN}", re.IGNORECASE)
WEAK = re.compile(rf"\b(?:by|for each|for every|in each|each){_COLUMN}", re.IGNORECASE)  # where a figure is asked for
COUNTED = re.compile(r"\bhow many\b|\bnumber of\b|\bcounts?\b|\bbreakdown\b|\bdistribution\b", re.IGNORECASE)
FIGURE = re.compile(r"\b(?P<avg>average|mean|avg)\b|\b(?P<median>median)\b|\b(?P<sum>sum|total)\b", re.IGNORECASE)
CHART = re.compile(r"\b(?:(?P<kind>bar|line|pie)[\s-]+)?(?:chart|graph|plot|diagram)\b", re.IGNORECASE)
CHARTED = re.compile(rf"\b(?:(?:as|in|with|on|draw|show|make) (?:me )?)?(?:an? )?{CHART.pattern}", re.IGNORECASE)
FIGURED = re.compile(r"\b(?:average|mean|avg|median|sum|total)(?: of)?(?: the)?\s+[a-z]\w*", re.IGNORECASE)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
PERIODS = {words.stem(name): name for name in ("day", "week", "month", "quarter", "year")}
ORDERING = re.compile(r"\b(?:sort|order|rank)(?:ed)?\b[\w\s]*$", re.IGNORECASE)  # sorted by name

Rows = Sequence[Mapping[str, Any]]


def asked(text: str, rows: Rows) -> dict[str, Any]:
    """The arguments for `show`; empty where no column is what the words group by."""
    group = next((found for match in matches(text) if (found := grouping(match, text, rows))), None)
    if group is None:
        return {}
    chart = CHART.search(text)
    drawn = {"chart": (chart["kind"] or ("line" if "period" in group else "bar")).lower()} if chart else {}
    return {"group": [group if "period" in group else group["column"]], **figure(text, rows, group["column"]), **drawn}


def matches(text: str) -> Iterator["re.Match[str]"]:
    yield from STRONG.finditer(text)
    if COUNTED.search(text) or FIGURE.search(text) or CHART.search(text):
        yield from (match for match in WEAK.finditer(text) if not ORDERING.search(text[: match.start()]))


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words say so; such words narrow nothing."""
    grouped = [match.span() for match in matches(text)]
    return [*grouped, *(match.span() for pattern in (CHART, FIGURE) for match in pattern.finditer(text) if grouped or pattern is CHART)]


def certain(text: str) -> list[tuple[int, int]]:
    """Those that can mean nothing else: "how many logs by anna" names somebody, "a chart of logs by action" does not."""
    grouped = [match.span() for match in (matches(text) if CHART.search(text) or FIGURED.search(text) else STRONG.finditer(text))]
    return [*grouped, *(match.span() for pattern in (CHARTED, FIGURED) for match in pattern.finditer(text))]


def grouping(match: "re.Match[str]", text: str, rows: Rows) -> dict[str, str] | None:
    said = words.stems(match["column"])
    if said and (period := PERIODS.get(said[0])):
        column = time_column(text, rows)
        return {"column": column, "period": period} if column else None
    fitting = [name for name in columns(rows) if said and said[0] in words.stems(name) and groups(name, rows)]
    column = max(fitting, key=lambda name: (len(set(words.stems(name)) & set(said)), -len(words.stems(name))), default=None)
    return {"column": column} if column else None


def figure(text: str, rows: Rows, group: str) -> dict[str, str]:
    """Of the column of numbers that the words name; else the groups are counted."""
    found = FIGURE.search(text)
    said = set(words.stems(text))
    numbers = [name for name in columns(rows) if name != group and any(numeric(row.get(name)) for row in rows)]
    named = [name for name in numbers if (set(words.stems(name)) - words.GENERIC_STEMS) & said]
    if not found or not named:
        return {"aggregate": "count"}
    best = max(named, key=lambda name: len(set(words.stems(name)) & said))
    return {"aggregate": str(found.lastgroup), "of": best}


def time_column(text: str, rows: Rows) -> str | None:
    said = set(words.stems(text))
    times = [name for name in columns(rows) if all(isinstance(v, str) and MOMENT.fullmatch(v) for v in values(name, rows)) and values(name, rows)]
    return max(times, key=lambda name: (len(set(words.stems(name)) & said), -times.index(name)), default=None)


def columns(rows: Rows) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def values(name: str, rows: Rows) -> list[Any]:
    return [row[name] for row in rows if row.get(name) is not None]


def groups(name: str, rows: Rows) -> bool:
    found = values(name, rows)
    return bool(found) and all(isinstance(value, str | int | float) for value in found)


def numeric(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+(?:\.\d+)?", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)
