"""Words for a time, found in a sentence and worked out by code: "yesterday", "since Monday", "10월 3일부터 5일까지". Pure: now is handed in.

Our own tables come first, because they know stretches of time; what they do not know is left to dateparser, which knows points in many languages.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tools import dates_english as english
from tools import dates_korean as korean
from tools.dates_written import WRITTEN, Rule
from tools.spans import DAY, Calendar, Span

RULES: tuple[Rule, ...] = (*WRITTEN, *english.ENGLISH, *korean.KOREAN)
MONTH_FIRST = {"en", "en-us", "en-ph", "es-us", "es-pr"}
MOST_CHARACTERS, MOST_SEARCHED = 2000, 300  # of a text, by our tables and by dateparser
Change = Callable[[Calendar, Span], Span]


@dataclass(frozen=True, slots=True)
class Found:
    begin: int
    stop: int
    span: Span


def resolve(text: str, now: datetime, timezone: str, locale: str) -> dict[str, Any] | None:
    """The first time that `text` names, or None. `end` is the first moment that is no longer meant, `last` the second before it.

    `open` is "start" or "end" where the words name no such bound ("before 3 March", "since Monday"); the value there is a date that excludes nothing.
    Without a year or week the latest that has begun is meant. Weeks begin on Monday.
    """
    text, cal = prepared(text, now, timezone, locale)
    text = text.strip("'\"‘’“”")
    try:
        found = first_found(text, cal) or _point(text, cal, locale)
    except (OverflowError, ValueError):  # beyond the years 1 to 9999
        return None
    return None if found is None or found.span.start >= found.span.end else _told(text, found, cal)


def prepared(text: str, now: datetime, timezone: str, locale: str) -> tuple[str, Calendar]:
    """The text with one space for many, so that the patterns may try every way to share out spaces without taking long; and the calendar."""
    plain = " ".join(unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).split())
    return plain, Calendar(now, ZoneInfo(timezone), locale.lower().replace("_", "-") in MONTH_FIRST)


def first_found(text: str, cal: Calendar) -> Found | None:
    """What our own tables find."""
    atoms = atoms_of(text, cal)
    position = 0
    while position < len(atoms):
        range_ = range_of(text, atoms[position:], cal)
        if range_ is not None:
            return range_
        if atoms[position].span.alone:
            return _bounded(text, _narrowed(text, atoms[position], cal), cal)
        position += 1
    return None


def atoms_of(text: str, cal: Calendar) -> list[Found]:
    """Every time there is, a day and a time beside it as one."""
    return _with_times(text, _atoms(text, cal), cal)


def _atoms(text: str, cal: Calendar) -> list[Found]:
    """Every expression of the tables, the leftmost and longest first, none inside another."""
    found: list[tuple[int, int, Span | None]] = []
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            begin, stop = match.span("x" if "x" in rule.pattern.groupindex else 0)
            found.append((begin, stop, rule.make(match, cal)))
    kept: list[Found] = []
    reached = 0
    for begin, stop, span in sorted(found, key=lambda hit: (hit[0], -hit[1], hit[2] is None)):
        if begin < reached:
            continue
        reached = stop  # also by what is no date, so that nothing inside "30 February 2025" is taken for one
        if span is not None:
            kept.append(Found(begin, stop, span))
    return kept


def _with_times(text: str, atoms: Sequence[Found], cal: Calendar) -> list[Found]:
    """A day and a time beside it become one: "next Friday at 3pm", "9:30 yesterday", "어제 오후 3시"."""
    kept: list[Found] = []
    for atom in atoms:
        merged = _beside(text, kept[-1], atom, cal) if kept else None
        if merged is None:
            kept.append(atom)
        else:
            kept[-1] = merged
    return kept


def _beside(text: str, left: Found, right: Found, cal: Calendar) -> Found | None:
    gap = text[left.stop : right.begin]
    if left.span.day and right.span.clock and (english.AT.fullmatch(gap) or korean.AT.fullmatch(gap)):
        return Found(left.begin, right.stop, cal.clock(left.span.day, right.span.clock))
    if left.span.day and right.span.clock and (begin := english.LATER.fullmatch(gap) or english.SOONER.fullmatch(gap)):
        day, time = left.span, cal.clock(left.span.day, right.span.clock)
        return Found(left.begin, right.stop, Span(time.start, day.end) if begin.re is english.LATER else Span(day.start, time.start))
    if left.span.clock and right.span.day and english.ON.fullmatch(gap):
        return Found(left.begin, right.stop, cal.clock(right.span.day, left.span.clock))
    if left.span.day and right.span.day and left.span.again and left.span.day == right.span.day and not gap.strip(", "):
        return Found(left.begin, right.stop, right.span)
    return None


def range_of(text: str, atoms: Sequence[Found], cal: Calendar) -> Found | None:
    """From one time to another."""
    if len(atoms) < 2:
        return None
    first, last = atoms[0], atoms[1]
    gap, between = text[first.stop : last.begin], english.BETWEEN.search(text[max(0, first.begin - 9) : first.stop])
    before_last = english.BUT_BEFORE.fullmatch(gap)
    joined = english.AND.fullmatch(gap) or korean.AND.fullmatch(gap)
    touching = between or first.span.end == last.span.start
    through = english.THROUGH.fullmatch(gap) or korean.THROUGH.fullmatch(gap) or (joined and touching)
    if not (through or before_last) or not (first.span.alone and (last.span.alone or last.span.point)):
        return None
    start, end = _agreed(first.span, last.span, cal)
    leading = english.FROM.search(text[: first.begin])
    if leading and leading[0].lower().startswith("after"):
        start = replace(start, start=start.end)
    if start.start > end.start:
        start, end = end, start
    whole = Span(start.start, end.start if end.point or before_last else end.end)
    behind = korean.UP_TO.match(text, last.stop)
    return Found(leading.start() if leading else first.begin, behind.end() if behind else last.stop, whole)


def _agreed(first: Span, last: Span, cal: Calendar) -> tuple[Span, Span]:
    """What one end leaves open (the day, the week, the year) the other tells."""
    begun = first.clock[0] if first.clock else (first.start - cal.at(first.on)).total_seconds() if first.on else 0
    if last.clock and last.vague and last.clock[0] < begun:
        last = cal.time((last.clock[0] + DAY // 2, last.clock[1] + DAY // 2))
    if last.clock and first.on:
        last = cal.clock(first.on + timedelta(days=last.clock[0] < begun), last.clock)
    if first.clock and last.on:
        first = cal.clock(last.on, first.clock)
    if first.again and not last.again:
        first = _nearest(first, lambda span: span.start <= last.start, last.start)
    if last.again:
        later = (last.again(count) for count in range(-1, 12))
        last = next((span for span in later if span.start >= first.start), last)
    return first, last


def _nearest(span: Span, fits: Callable[[Span], bool], target: datetime) -> Span:
    """The latest repetition that fits."""
    again = span.again
    assert again is not None
    size = again(1).start - span.start
    count = (target - span.start) // size
    return next((found for found in (again(count + more) for more in (2, 1, 0, -1)) if fits(found)), span)


def _since(cal: Calendar, span: Span) -> Span:
    return cal.since(span.start)


def _after(cal: Calendar, span: Span) -> Span:
    return cal.since(span.start if span.point else span.end)


def _before(cal: Calendar, span: Span) -> Span:
    return cal.until(span.start)


def _until(cal: Calendar, span: Span) -> Span:
    return cal.until(span.start if span.point else span.end)


# What stands before and behind a time, and what it makes of it; the first that fits wins.
BOUNDS: tuple[tuple[re.Pattern[str] | None, re.Pattern[str] | None, Change], ...] = tuple(
    (
        re.compile(rf"(?<!\w)(?:{before})\s+(?:the\s+)?$", re.IGNORECASE) if before else None,
        re.compile(behind, re.IGNORECASE) if behind else None,
        change,
    )
    for before, behind, change in (
        (r"on\s+or\s+before|not\s+after|(?:no|not)\s+later\s+than|until|till|up\s+(?:to|until)|through|by", "", _until),
        (r"on\s+or\s+after|not\s+before|(?:no|not)\s+earlier\s+than|(?:ever\s+)?since|(?:starting|beginning)(?:\s+(?:from|on))?|as\s+of", "", _since),
        (r"from|starting|beginning|on", r"\s+(?:onwards?|forward|(?:and|or)\s+(?:later|after|newer))(?!\w)", _since),
        ("", r"\s+(?:onwards?|(?:and|or)\s+(?:later|newer))(?!\w)", _since),
        ("", r"\s+(?:and|or)\s+(?:earlier|before|older)(?!\w)", _until),
        (r"after|later\s+than|following|newer\s+than", "", _after),
        (r"before|prior\s+to|earlier\s+than|older\s+than|preceding", "", _before),
        ("", r"\s*(?:부터|이후(?:로)?|이래(?:로)?)(?:\s*(?:지금|현재|오늘)까지)?", _since),
        ("", r"\s*(?:이전|전)(?:에|의|까지)?(?![가-힣])", _before),
        ("", r"\s*까지", _until),
    )
)


def _bounded(text: str, found: Found, cal: Calendar) -> Found:
    """since, before, until ...: the time is one end of what is meant."""
    if found.span.open:
        return found
    for before, behind, change in BOUNDS:
        leading, trailing = before.search(text[: found.begin]) if before else None, behind.match(text, found.stop) if behind else None
        if (leading or not before) and (trailing or not behind):
            return Found(leading.start() if leading else found.begin, trailing.end() if trailing else found.stop, change(cal, found.span))
    return found


NARROW = re.compile(r"(?:the\s+)?(?P<edge>start|beginning|first\s+day|end|last\s+day|first\s+week|last\s+week)\s+of\s+(?:the\s+)?$", re.IGNORECASE)


def _narrowed(text: str, found: Found, cal: Calendar) -> Found:
    """The first or last day or week of a longer time."""
    leading, trailing = NARROW.search(text[: found.begin]), korean.EDGE_DAY.match(text, found.stop)
    edge = (leading or trailing or {"edge": ""})["edge"].lower()
    if not edge or found.span.end - found.span.start < timedelta(days=2):
        return found
    first, last = found.span.start.date(), (found.span.end - timedelta(seconds=1)).date()
    length = 7 if "week" in edge else 1
    from_start = edge.startswith(("start", "beginning", "first")) or edge in ("초", "첫날")
    span = cal.days(first if from_start else last - timedelta(days=length - 1), length)
    return Found(leading.start() if leading else found.begin, trailing.end() if trailing else found.stop, span)


BARE_AMOUNT = re.compile(r"\W*[0-9]+\s*\w+\W*")  # "5 days" alone is no time, whatever dateparser makes of it


def _point(text: str, cal: Calendar, locale: str) -> Found | None:
    """dateparser's answer, in the language of the locale and in English; only for what holds more than a bare word or number."""
    language = locale.lower().replace("_", "-").split("-")[0]
    ours, short = language in ("en", "ko"), len(text) <= 40
    if not re.search(r"[^\W\d]", text) or BARE_AMOUNT.fullmatch(text) or (ours and not (short and re.search(r"[0-9]", text))):
        return None
    from tools.dates_foreign import parsed, searched

    if short and (span := parsed(text, cal, language)) is not None:
        return Found(0, len(text), span)
    return None if ours or (hit := searched(text[:MOST_SEARCHED], cal, language)) is None else Found(*hit)


def _told(text: str, found: Found, cal: Calendar) -> dict[str, Any]:
    start, end = found.span.start, found.span.end
    last = (end.astimezone(UTC) - timedelta(seconds=1)).astimezone(cal.zone)
    last = max(last, start)
    return {
        "text": text[found.begin : found.stop].strip(),
        "start": _stamp(start),
        "end": _stamp(end),
        "last": _stamp(last),
        "first_day": _day(start),
        "last_day": _day(last),
        "start_utc": _stamp(start.astimezone(UTC)),
        "end_utc": _stamp(end.astimezone(UTC)),
        "timezone": cal.zone.key,
        "open": found.span.open,
    }


def _stamp(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _day(moment: datetime) -> str:
    return date(moment.year, moment.month, moment.day).isoformat()
