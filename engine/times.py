"""Whether a value is a time that words name: a day in any order of figures, a time of the day, or a part of one as a number. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.events import JSON
from tools.dates_named import Named
from tools.fields import words

FIRST_YEAR = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?)?")
LAST_YEAR = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
MONTH = re.compile(r"(\d{4})-(\d{2})")
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
PARTS = frozenset(["year", "month", "day", "hour", "hours", "minute", "minutes"])
TIMELY = PARTS | {"date", "time", "datetime"}
# What a day or an hour is said with. Numbers of days, months and hours (5시간, 2개월) count them.
SAID_WITH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\d\s*[ap]\.?m\b|o.clock|(?<!개)월|시(?!간)", re.IGNORECASE)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Written:
    """What a value can mean as a time: days, moments, times of the day, months, or one number that is a part."""

    days: frozenset[date] = frozenset()
    moment: datetime | None = None
    clock: tuple[int, int, int] | None = None
    month: tuple[int, int] | None = None
    part: tuple[str, int] | None = None

    def is_in(self, each: Named) -> bool:
        return self.day_of(each) or self.moment_of(each) or self.clock_of(each) or self.month_of(each) or self.part_of(each)

    def day_of(self, each: Named) -> bool:
        return each.dated and (each.start.date() in self.days or each.last in self.days)

    def moment_of(self, each: Named) -> bool:
        """A moment without a zone is one of the customer's clock; a whole day or longer begins at its first and ends at its last second."""
        if self.moment is None or not each.dated:
            return False
        zoned = self.moment if self.moment.tzinfo else self.moment.replace(tzinfo=each.start.tzinfo)
        return zoned in (each.start, each.end, each.end - SECOND)

    def clock_of(self, each: Named) -> bool:
        return each.clock and self.clock == (each.start.hour, each.start.minute, each.start.second)

    def month_of(self, each: Named) -> bool:
        return each.dated and self.month in ((each.start.year, each.start.month), (each.last.year, each.last.month))

    def part_of(self, each: Named) -> bool:
        if self.part is None:
            return False
        name, number = self.part
        if name.startswith(("hour", "minute")):
            hour = {each.start.hour, each.start.hour % 12 or 12}
            return each.clock and number in (hour if name.startswith("hour") else {each.start.minute})
        ends = (each.start.date(), each.last)
        whole = name == "year" or (name == "month" and each.last - ends[0] < timedelta(days=92)) or each.last == ends[0]
        return each.dated and whole and number in {getattr(end, name) for end in ends}


def written(name: str, value: JSON) -> Written | None:
    """None: a value that is no time. `name`: the field's, which says what a number is a part of."""
    part = next((word for word in reversed(words(name)) if word in PARTS), None)
    if part and not isinstance(value, bool) and isinstance(value, int | str) and re.fullmatch(r"\d{1,4}", str(value)):
        return Written(part=(part, int(value)))
    if not isinstance(value, str) or not value[:1].isdecimal() or len(value) > 40:
        return None
    try:
        return figures(value.strip())
    except ValueError:  # 31 February
        return None


def figures(value: str) -> Written | None:
    if found := FIRST_YEAR.fullmatch(value):
        day = f"{found[1]}-{found[3]:0>2}-{found[4]:0>2}"
        if not found[5]:
            return Written(days=frozenset([date.fromisoformat(day)]))
        return Written(moment=datetime.fromisoformat(f"{day}T{found[5]}{(found[6] or '').upper()}"))
    if found := LAST_YEAR.fullmatch(value):
        orders = ((int(found[1]), int(found[3])), (int(found[3]), int(found[1])))
        return Written(days=frozenset(date(int(found[4]), month, day) for month, day in orders if month <= 12))
    if found := MONTH.fullmatch(value):
        return Written(month=(int(found[1]), int(found[2])))
    found = CLOCK.fullmatch(value)
    return Written(clock=(int(found[1]), int(found[2]), int(found[3] or 0))) if found else None


def timely(name: str) -> bool:
    """Whether a field of this name takes a time or a part of one."""
    return not TIMELY.isdisjoint(words(name))


def without_its_times(text: str, number: int, found: Sequence[Named]) -> str:
    """The text without the times that have this number for their day or hour: there it counts nothing."""
    for each in found:
        days = {each.start.day, each.last.day} if each.dated else set()
        hours = {each.start.hour, each.start.hour % 12 or 12} if each.clock else set()
        if number in days | hours and SAID_WITH.search(each.text):
            text = text.replace(each.text, " ")
    return text


def first_named(wanted: Written, found: Sequence[Named]) -> Named | None:
    return next((each for each in found if wanted.is_in(each)), None)
