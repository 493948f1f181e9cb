"""How a list is shown: the order, the part and the number that the words ask for, where its own columns hold them. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.builtin import compare, dates, grouping, words
from engine.builtin.compare import Compared
from engine.builtin.conversation import Conversation, Step
from engine.builtin.grouping import MOMENT
from engine.builtin.mentions import unquoted
from engine.builtin.records import rows
from engine.builtin.toolbox import Tool

MANY = re.compile(r"\bhow many\b|\bnumber of\b|\bcount\b", re.IGNORECASE)
_LATEST, _EARLIEST = r"newest|latest|most recent(?:ly)?|last", r"oldest|earliest|first"
_NUMBER = rf"\d{{1,4}}|{'|'.join(w for w in words.NUMBERS if w not in ('zero', 'one'))}"
NUMBERED = re.compile(
    rf"\b(?P<side>{_LATEST}|{_EARLIEST}|top)\s+(?P<n>{_NUMBER})\b|\b(?P<n2>{_NUMBER})\s+(?P<side2>{_LATEST}|{_EARLIEST})\b", re.IGNORECASE
)
SINGLE = re.compile(
    rf"\bthe (?:very )?(?P<side>{_LATEST}|{_EARLIEST})\s+(?!names?\b|ones?\b|\w+s\b|(?:{_NUMBER})\b)\w|\b(?P<end>{_LATEST}|{_EARLIEST})\W*$",
    re.IGNORECASE,
)
SORTED = re.compile(r"\b(?:sort|order|rank)(?:ed)?(?: \w+){0,3}? by (?P<column>[\w -]+)", re.IGNORECASE)
NEWEST_FIRST = re.compile(r"\b(?:newest|latest|most recent)\b", re.IGNORECASE)
OLDEST_FIRST = re.compile(r"\b(?:oldest|earliest)\b", re.IGNORECASE)
DOWN = re.compile(r"\bdesc|\bdown|\bhighest|\blargest|\breverse", re.IGNORECASE)
BACK = frozenset({"them", "these", "those", "ones", "it", "list", "rows", "entries", "results"})
LISTED = 12  # different values at most: a column with more is no kind or state


def of_list(text: str, step: Step, left: Sequence[str] = ()) -> dict[str, Any]:
    """Arguments for `show` beside the result's id, for a list that was just read; empty when nothing is asked of it.

    `left` are words that the operation could not be narrowed by: a column of the whole list may hold them.
    """
    found = rows(step.data)
    if not found:
        return {}
    if _all_read(step) and (groups := grouping.asked(_plain(text), found)):
        where = _held(left, found) if _whole(step, found) else {}
        return {**({"filter": where} if where else {}), **groups}
    utmost = next((dict(c.shown) for c in compared(_plain(text), step) if c.shown and not c.carried), {})
    where = {**(_held(left, found) if _whole(step, found) else {}), **utmost.pop("filter", {})}
    return {**({"filter": where} if where else {}), **(utmost or _part(_plain(text), found))}


def compared(text: str, step: Step) -> list[Compared]:
    """What the words compare, where all there is was read: of a part nobody knows which is first."""
    found = rows(step.data)
    return compare.found_in(text, found if _all_read(step) else [], list(step.arguments.values()), _whole(step, found))


def _all_read(step: Step) -> bool:
    """Of the product, not of what is known here: `show` looks into the whole result."""
    return step.count is None or step.result.get("rows") in (None, step.count)


def _whole(step: Step, found: Sequence[Mapping[str, Any]]) -> bool:
    return bool(step.result.get("whole")) and step.count == len(found)


def orders(text: str) -> list[tuple[int, int]]:
    """Where the words say in which order or how many; such words narrow nothing."""
    single = [m.span("side" if m["side"] else "end") for m in SINGLE.finditer(text)]
    return [*single, *grouping.spans(text), *(m.span() for pattern in (NUMBERED, SORTED, NEWEST_FIRST, OLDEST_FIRST) for m in pattern.finditer(text))]


def _held(said: Sequence[str], found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns that hold what was said, where only one does."""
    held: dict[str, Any] = {}
    for one in said:
        places = {name: v for name, values in _columns(found).items() for v in values if isinstance(v, str) and words.stems(v) == words.stems(one)}
        held |= places if len(places) == 1 else {}
    return held


def of_earlier(talk: Conversation, tools: Mapping[str, Tool], nouns: frozenset[str]) -> dict[str, Any]:
    """The same for words about the newest list of earlier turns: "how many failed?". Empty when they are about something else."""
    listed = next((s for s in reversed(talk.earlier) if s.done), None)
    found = rows(listed.data) if listed else []
    text = _plain(talk.said)
    if listed is None or not found or (_named_order(text, found) is None and _about_other(talk.said, tools.get(listed.tool), nouns)):
        return {}
    if _all_read(listed) and (groups := grouping.asked(text, found)):
        return {"result": listed.id, **groups}
    where = _where(text, found, tools.get(listed.tool), nouns)
    count = {"aggregate": "count"} if MANY.search(text) and where else {}
    shown = {**({"filter": where} if where else {}), **count, **_part(text, found)}
    return {"result": listed.id, **shown} if shown else {}


def _about_other(text: str, tool: Tool | None, nouns: frozenset[str]) -> bool:
    """A command, a name, or a thing: also the list's own, unless some "of them" are meant."""
    said = words.tokens(text)
    back = {t.lower for t in said} & BACK
    own = set(tool.nouns) | set(tool.topics) if tool and back else set()
    if any(words.action_of(t.lower) not in (None, "read") or (t.stem in words.CHANGING_STEMS and not back) for t in said[:2]):
        return True
    return any(t.stem in nouns - own or (t.text[-1:].isdigit() and not t.text.isdigit()) for t in said)


def _plain(text: str) -> str:
    """Without quoted words and words for times: "last week" is no order."""
    text = unquoted(text)
    for _, start, end in dates.phrases(text):
        text = text[:start] + "·" * (end - start) + text[end:]
    return text


def _part(text: str, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    side, limit = _cut(text)
    sort = _named_order(text, found)
    if sort is None and (direction := _direction(text, side, limit)) is not None:
        column = _moment(text, found)
        sort = column and f"{direction}{column}"
        limit = limit if sort or side != "last" else None
    return {**({"sort": sort} if sort else {}), **({"limit": limit} if limit else {})}


def _cut(text: str) -> tuple[str, int | None]:
    """(the word for an end of the list, how many from there)"""
    if numbered := NUMBERED.search(text):
        said = (numbered["n"] or numbered["n2"]).lower()
        return (numbered["side"] or numbered["side2"]).lower(), words.NUMBERS.get(said) or int(said) or None
    if single := SINGLE.search(text):
        return (single["side"] or single["end"]).lower(), 1
    return "", None


def _direction(text: str, side: str, limit: int | None) -> str | None:
    """The sign that `sort` begins with. The first five are those that come first, but who was first is a question of time."""
    if side.startswith(("new", "lat", "most", "last")) or NEWEST_FIRST.search(text):
        return "-"
    asked_when = side == "first" and limit == 1 and re.match(r"\W*(?:who|what|which|when)\b", text, re.IGNORECASE)
    return "" if side.startswith(("old", "ear")) or OLDEST_FIRST.search(text) or asked_when else None


def _named_order(text: str, found: Sequence[Mapping[str, Any]]) -> str | None:
    sorted_by = SORTED.search(text)
    if not sorted_by:
        return None
    said = words.stems(sorted_by["column"])
    names = [name for name in _columns(found) if set(words.stems(name)) & set(said)]
    best = max(names, key=lambda name: len(set(words.stems(name)) & set(said)), default=None)
    return best and ("-" if DOWN.search(text) else "") + best


def _moment(text: str, found: Sequence[Mapping[str, Any]]) -> str | None:
    """The column of the time that is meant: the one whose name shares most with the words, else the first."""
    said = {stem for token in words.tokens(text) if token.lower not in words.ORDINALS for stem in words.stems(token.text)}
    times = [name for name, values in _columns(found).items() if values and all(isinstance(v, str) and MOMENT.fullmatch(v) for v in values)]
    return max(times, key=lambda name: (len(set(words.stems(name)) & said), -times.index(name)), default=None)


def _where(text: str, found: Sequence[Mapping[str, Any]], tool: Tool | None, nouns: frozenset[str]) -> dict[str, Any]:
    """Columns of kinds and states, with the value that the words name. The tool's own filters know values that no row shown here has."""
    known = {f.name: f.choices for f in tool.fields if f.role == "choice"} if tool else {}
    said = {stem for token in words.tokens(text) for stem in (token.stem, *words.stems(token.text))}
    picked: dict[str, Any] = {}
    for name, values in _columns(found).items():
        kinds = list(dict.fromkeys(v for v in (*values, *known.get(name, ())) if isinstance(v, str)))
        named = [v for v in kinds if (stems := set(words.stems(v))) and stems <= said and not stems & nouns and v.lower() not in words.STOP]
        if len(kinds) <= LISTED and len(named) == 1:
            picked[name] = named[0]
    return picked


def _columns(found: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The values of each column, without those that are empty."""
    names = dict.fromkeys(name for row in found for name in row)
    return {name: [row[name] for row in found if row.get(name) is not None] for name in names}
