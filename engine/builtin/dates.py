"""Phrases that name a time, and the fields that a resolved one fills. What a phrase means is said by the tool `resolve_dates`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.builtin import words
from engine.builtin.mentions import unquoted
from engine.builtin.toolbox import Field, Tool
from tools.dates_english import MONTH_NAME

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_MONTH = rf"{MONTH_NAME}\b\.?"
_UNIT = r"(?:minutes?|hours?|days?|weeks?|weekends?|months?|quarters?|years?)"
_COUNT = r"(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|couple of|few)"
_NTH = r"\d{1,2}(?:st|nd|rd|th)"
_DATED = (
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?|{_MONTH},? \d{{4}}"
)
_RELATIVE = (
    rf"(?:the )?(?:last|past|previous|this|current|next|coming)(?: {_COUNT})? (?:{_UNIT}|{_DAY}|{_MONTH})|{_COUNT} {_UNIT} ago"
    rf"|(?:the )?{_NTH} of (?:this|next|last) month|(?<=\bon |\bby )the {_NTH}(?=\W*$|[.,;!?])"
)
_NEAR = (
    rf"(?:on )?{_DAY},? (?:of )?(?:the )?(?:next|this|last) week|(?:later |earlier )?today"
    r"|(?:the )?day before yesterday|(?:the )?day after tomorrow|yesterday|tonight|tomorrow"
)
_POINT = (
    rf"(?:{_NEAR}|{_RELATIVE}"
    rf"|q[1-4](?: \d{{4}})?|{_DATED}|(?:on |this )?{_DAY}|(?:in )(?:{_MONTH}(?:,? \d{{4}})?|(?:19|20)\d{{2}}))"
)
_STRETCH = (
    rf"between (?:{_POINT}|\d{{1,2}}) and {_POINT}|from (?:{_POINT}|\d{{1,2}}) (?:to|until|till|through) {_POINT}"
    rf"|(?:since|until|before|after) (?:{_POINT}|{_MONTH})|in {_COUNT} {_UNIT}"
)
STRETCH = re.compile(_STRETCH, re.IGNORECASE)
PHRASE = re.compile(rf"\b(?:{_STRETCH}|{_POINT})(?!\w)(?:,? at \d{{1,2}}(?::\d{{2}})? ?(?:am|pm)?\b)?", re.IGNORECASE)
CALENDAR = re.compile(rf"{_MONTH}|{_DAY}", re.IGNORECASE)
LEADING = re.compile(r"on\s+|in (?=\D{3}|\d{4})(?!an? )", re.IGNORECASE)  # "on Monday", "in May", but "in a week"


def phrases(text: str) -> list[tuple[str, int, int]]:
    """Each phrase that names a time, with its span; a leading "on" is no part of it."""
    found = []
    for match in PHRASE.finditer(unquoted(text)):
        leading = LEADING.match(match.group())
        cut = leading.end() if leading else 0
        found.append((match.group()[cut:].rstrip("."), match.start() + cut, match.end()))
    return found


HEADER = re.compile(r"[A-Z][A-Za-z0-9]*(?:-[A-Z][A-Za-z0-9]*)+")


def timed(fields: Sequence[Field], text: str) -> list[Field]:
    """The fields that take a time the text speaks of. A header such as If-Modified-Since is about the copy one has: only where it is named."""
    said = {t.stem for t in words.tokens(text)}
    found = [f for f in fields if f.role == "time" and (not HEADER.fullmatch(f.name) or set(f.words) - words.LITTLE_STEMS <= said)]
    return [f for f in found if any(_named_before(f, text, start) for _, start, _ in phrases(text))] or found


def _named_before(field: Field, text: str, start: int) -> bool:
    """check out 2027-04-09: the field's whole name, right before the time."""
    before = [t.stem for t in words.tokens(text[:start])]
    return len(field.words) > 1 and before[-len(field.words) :] == list(field.words)


STAYS = {"in": {"checkin", "arrival"}, "out": {"checkout", "departure"}}  # check_in, check_out


STATED = re.compile(r"\d|iso\b|rfc\b|yyyy|\bformat|timestamp|date-time|\butc\b", re.IGNORECASE)


def in_words(tool: Tool, field: Field) -> bool:
    """Whether a time is passed as it was said: to a reading tool whose document says nothing of the form it wants. The year would be a guess."""
    shown = {"format", "pattern", "example", "examples", "default"} & set(field.item)
    return tool.reads and not shown and not STATED.search(field.said)


def as_said(phrase: str) -> str:
    """the 3rd of this month -> 3rd of this month; but: the 3rd"""
    return re.sub(r"^the (?=\S+ \S)", "", phrase, flags=re.IGNORECASE)


def shares(fields: Sequence[Field], text: str) -> list[tuple[str, list[Field]]]:
    """Which phrase is for which fields: of several, the first is where a stretch begins and the second where it ends."""
    found = phrases(text)
    lines = [text.count("\n", 0, start) for _, start, _ in found]
    latest = [each for each, line in zip(found, lines, strict=True) if line == lines[-1]]
    begins, ends = ([f for f in fields if side(f) == end] for end in ("begin", "finish"))
    if not found:
        return []
    if begins and ends and len(latest) > 1 and not any(STRETCH.match(phrase) for phrase, _, _ in latest[:2]):
        rest = [f for f in fields if f not in begins and f not in ends]
        return [(latest[0][0], begins), (latest[1][0], ends), *([(latest[0][0], rest)] if rest else [])]
    best = max(latest, key=lambda each: (_speaks(fields, text, each), -each[1]))
    return [(best[0], list(fields))]


def _speaks(fields: Sequence[Field], text: str, phrase: tuple[str, int, int]) -> int:
    """How much the words of the same sentence before a phrase have in common with the fields."""
    before = {t.stem for t in words.tokens(re.split(r"[.!?;\n]\s", text[: phrase[1]])[-1])}
    return sum(len(before & {*f.own_words, *words.stems(f.said)} - words.LITTLE_STEMS) for f in fields)


def side(field: Field) -> str:
    """Which end of a stretch of time a field wants: begin, finish, or both at once."""
    names = set(words.parts(field.name)) | {field.name.lower()}
    if stay := next((end for end, said in STAYS.items() if said & names or {"check", end} <= names), ""):
        return "begin" if stay == "in" else "finish"
    if names & words.BEGIN_WORDS:
        return "begin"
    return "finish" if names & words.FINISH_WORDS else "point"


def filled(fields: Sequence[Field], resolved: Mapping[str, Any], phrase: str) -> dict[tuple[str, ...], str]:
    """The time fields with values of the result of `resolve_dates`, word by word."""
    found = {}
    sides, missing = {side(f) for f in fields}, unbound(resolved, phrase)
    barred = {missing, *(["point"] if missing == "begin" or {"begin", "finish"} <= sides else [])}
    for field in fields:
        value = _value(field, side(field), resolved)
        if isinstance(value, str) and side(field) not in barred:
            found[field.path] = value
    return found


def unbound(resolved: Mapping[str, Any], phrase: str) -> str:
    """The side that has no bound: "since Monday" has no end, "before May" no beginning."""
    known = resolved.get("open")
    if isinstance(known, str):
        return {"start": "begin", "end": "finish"}.get(known, "")
    first = phrase.lower().split(" ")[0]
    return "finish" if first in ("since", "after") else "begin" if first in ("until", "before") else ""


def spans(text: str, fields: Sequence[Field]) -> tuple[tuple[int, int], ...]:
    """Where the words name a time: such words are nobody's name. Left to a field that takes a time in words, if there is one."""
    timed = any(f.role == "time" for f in fields)
    in_words = any(words.whens(f"{f.name} {f.said}") for f in fields)
    return tuple((start, end) for _, start, end in phrases(text)) if timed or not in_words else ()


def _value(field: Field, place: str, resolved: Mapping[str, Any]) -> Any:
    if field.kinds and "string" not in field.kinds:
        return None
    if not _timed(field):
        return resolved.get("last_day" if place == "finish" else "first_day")
    if place != "finish" or _moment(resolved):
        return resolved.get("start")
    inclusive = re.search(r"\binclu(?:siv|d)|or before|at or|up to and", field.said.lower())
    return resolved.get("last" if inclusive else "end")


def _moment(resolved: Mapping[str, Any]) -> bool:
    """A time of day, and no stretch: it is its own end."""
    start, last = str(resolved.get("start")), str(resolved.get("last"))
    return start[:16] == last[:16]


def _timed(field: Field) -> bool:
    form, said = str(field.item.get("format", "")), field.said.lower()
    if form in ("date", "date-time"):
        return form == "date-time"
    return any(mark in said for mark in ("date-time", "rfc 3339", "rfc3339", "timestamp", "hh:mm", "t00:00")) or "datetime" in field.name.lower()
