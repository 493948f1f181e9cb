"""Dates and times in figures, and what every language's table is made of. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tools.spans import Calendar, Span

Make = Callable[[re.Match[str], Calendar], Span | None]
EDGE = r"(?<![A-Za-z0-9_@#/.'\"‘“-])"  # not inside a name, a number or quotes
STOP = r"(?![A-Za-z0-9_@\"”]|['’](?!s\b)|[-.][A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Rule:
    """Words and what they mean; the group `x`, where there is one, is the part that is the date."""

    pattern: re.Pattern[str]
    make: Make


def rule(pattern: str, make: Make, *, edges: bool = True) -> Rule:
    whole = f"{EDGE}(?:{pattern}){STOP}" if edges else pattern
    return Rule(re.compile(whole, re.IGNORECASE), make)


def day_of(cal: Calendar, year: str | None, month: int, day: int) -> Span | None:
    """A day of a month; without a year the latest that has begun. None for a day that is not on the calendar."""
    try:
        if year:
            return cal.days(date(int(year), month, day))
        return cal.repeated(lambda offset: cal.days(_valid(cal.today.year + offset, month, day)))
    except ValueError:
        return None


def days_of(cal: Calendar, year: str | None, month: int, days: tuple[int, int]) -> Span | None:
    """From one day to another of the same month; without a year that of the latest first day that has begun, though the last may lie ahead."""
    first = day_of(cal, year, month, days[0])
    last = day_of(cal, str(first.start.year), month, days[1]) if first else None
    return Span(first.start, last.end) if first and last and first.start < last.start else None


def _valid(year: int, month: int, day: int) -> date:
    """29 February of a year that has none is the 28th; any other day that is not there is an error."""
    return date(year, month, 28) if (month, day) == (2, 29) and year % 4 else date(year, month, day)


def month_of(cal: Calendar, year: str | None, month: int) -> Span | None:
    if not 1 <= month <= 12:
        return None
    return cal.months(int(year), month) if year else cal.repeated(lambda offset: cal.months(cal.today.year + offset, month))


def part_of_year(cal: Calendar, year: str | None, nth: int, months: int) -> Span:
    """The nth quarter or half."""
    first = (nth - 1) * months + 1
    return cal.months(int(year), first, months) if year else cal.repeated(lambda offset: cal.months(cal.today.year + offset, first, months))


def _iso(match: re.Match[str], cal: Calendar) -> Span | None:
    year, month, day, hour, minute, second, zone = match.group("y", "m", "d", "hh", "mm", "ss", "tz")
    whole = day_of(cal, year, int(month), int(day))
    if whole is None or whole.day is None or hour is None:
        return whole
    clock = int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if zone is None:
        return cal.clock(whole.day, (clock, clock + (1 if second else 60)))
    moment = datetime(whole.day.year, whole.day.month, whole.day.day, tzinfo=UTC) + timedelta(seconds=clock) - _offset(zone)
    start = moment.astimezone(cal.zone)
    return Span(start, (moment + timedelta(seconds=1 if second else 60)).astimezone(cal.zone), on=start.date(), point=True)


def _offset(zone: str) -> timedelta:
    digits = re.sub(r"\D", "", zone)
    if not digits:
        return timedelta()
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if zone[0] in "-−" else size


def _figures(match: re.Match[str], cal: Calendar) -> Span | None:
    """3/4/2025: the locale tells which is the month, unless only one of them can be."""
    first, second, year = int(match["a"]), int(match["b"]), match["y"]
    month_first = second > 12 if first <= 12 < second or second <= 12 < first else cal.month_first and match["sep"] != "."
    month, day = (first, second) if month_first else (second, first)
    return day_of(cal, year, month, day)


def _time(match: re.Match[str], cal: Calendar) -> Span:
    seconds = int(match["hh"]) * 3600 + int(match["mm"]) * 60 + int(match["ss"] or 0)
    return cal.time((seconds, seconds + (1 if match["ss"] else 60)))


TIME = r"(?P<hh>[01]?[0-9]|2[0-3]):(?P<mm>[0-5][0-9])(?::(?P<ss>[0-5][0-9])(?:[.,][0-9]+)?)?"
ZONE = r"(?P<tz>Z|UTC|GMT|[+−-][0-9]{2}:?[0-9]{2})"
WRITTEN = (
    rule(r"(?P<y>(?:19|20)[0-9]{2})[-/](?P<m>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})(?:(?:T|\s+)" + TIME + r"(?:\s*" + ZONE + r")?)?", _iso),
    rule(r"(?P<y>(?:19|20)[0-9]{2})\.\s?(?P<m>[0-9]{1,2})\.\s?(?P<d>[0-9]{1,2})\.?", lambda m, cal: day_of(cal, m["y"], int(m["m"]), int(m["d"]))),
    rule(r"(?P<y>(?:19|20)[0-9]{2})-(?P<m>0[1-9]|1[0-2])", lambda m, cal: month_of(cal, m["y"], int(m["m"]))),
    rule(r"(?P<a>[0-9]{1,2})(?P<sep>[/.-])(?P<b>[0-9]{1,2})(?P=sep)(?P<y>(?:19|20)[0-9]{2})", _figures),
    rule(TIME, _time),
)
