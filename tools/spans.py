"""Stretches of time on a calendar: days, weeks, months and so on around a given now, in one time zone. Pure."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

Unit: TypeAlias = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
SHORT: dict[Unit, timedelta] = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
DAYS: dict[Unit, int] = {"day": 1, "week": 7}
MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
EARLIEST, OPEN_MONTHS = date(1970, 1, 1), 1200
HOUR, DAY = 3600, 86_400
Clock: TypeAlias = tuple[int, int]  # seconds after midnight, from and to


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`.

    `day` is set where the words name one whole day, `on` where they name a time of one; `clock` where they name a time without its day.
    `point`: a moment, whose end is of no interest. `again(k)` is the same k years, weeks or days later, where the words left that open.
    `alone` is False for words that mean a time only beside others ("morning", "now"). `vague`: an hour that may be of the morning or the afternoon.
    """

    start: datetime
    end: datetime
    day: date | None = None
    on: date | None = None
    clock: Clock | None = None
    point: bool = False
    again: "Callable[[int], Span] | None" = None
    alone: bool = True
    vague: bool = False
    open: Literal["", "start", "end"] = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """`now` is aware; everything is worked out in `zone`. `month_first` tells how 3/4/2025 is read."""

    now: datetime
    zone: ZoneInfo
    month_first: bool = False

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def at(self, day: date, seconds: int = 0) -> datetime:
        """A wall-clock time; one that a change of the clocks leaves out becomes the time that comes in its place."""
        wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001 - the zone follows
        return wall.replace(tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)

    def ago(self, back: timedelta) -> datetime:
        """Elapsed time is counted in UTC: 24 hours are 24 hours on any day."""
        return (self.now.astimezone(UTC) - back).astimezone(self.zone)

    def days(self, first: date, count: int = 1) -> Span:
        return Span(self.at(first), self.at(first + timedelta(days=count)), day=first if count == 1 else None)

    def week(self, offset: int = 0) -> Span:
        """Weeks begin on Monday (ISO 8601)."""
        return self.days(self.monday(offset), 7)

    def monday(self, offset: int = 0) -> date:
        return self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=offset)

    def weekend(self, offset: int = 0) -> Span:
        return self.days(self.monday(offset) + timedelta(days=5), 2)

    def months(self, year: int, month: int, count: int = 1) -> Span:
        first = date(year, month, 1)
        return Span(self.at(first), self.at(shifted(first, count)))

    def period(self, unit: Unit, offset: int) -> Span:
        """The week, month ... that today lies in, or the one `offset` later."""
        if unit in SHORT:
            seconds = int(SHORT[unit].total_seconds())
            begun = self.now.astimezone(UTC).timestamp() // seconds * seconds
            start = datetime.fromtimestamp(begun, UTC) + offset * SHORT[unit]
            return Span(start.astimezone(self.zone), (start + SHORT[unit]).astimezone(self.zone))
        if unit in DAYS:
            return self.week(offset) if unit == "week" else self.days(self.today + timedelta(days=offset))
        size = MONTHS[unit]
        first = shifted(date(self.today.year, (self.today.month - 1) // size * size + 1, 1), offset * size)
        return self.months(first.year, first.month, size)

    def moved(self, unit: Unit, count: int) -> date:
        """Today, moved by days, weeks, months ..."""
        if unit in DAYS:
            return self.today + timedelta(days=count * DAYS[unit])
        return shifted(self.today, count * MONTHS[unit])

    def past(self, unit: Unit, count: int) -> Span:
        """The last so many units until now: to the second for hours and less, else from the beginning of that day."""
        begin = self.ago(count * SHORT[unit]) if unit in SHORT else self.at(self.moved(unit, -count))
        return Span(begin, self.now.astimezone(self.zone))

    def coming(self, unit: Unit, count: int) -> Span:
        end = self.ago(-count * SHORT[unit]) if unit in SHORT else self.at(self.moved(unit, count) + timedelta(days=1))
        return Span(self.now.astimezone(self.zone), end)

    def away(self, unit: Unit, count: int) -> Span:
        """So many units from now: the minute, or the whole day."""
        if unit not in SHORT:
            return self.days(self.moved(unit, count))
        start = self.ago(-count * SHORT[unit]).replace(second=0, microsecond=0)
        return Span(start, (start.astimezone(UTC) + timedelta(minutes=1)).astimezone(self.zone), point=True)

    def clock(self, day: date, clock: Clock) -> Span:
        return Span(self.at(day, clock[0]), self.at(day, clock[1]), on=day, point=clock[1] - clock[0] <= 60)

    def time(self, clock: Clock, *, alone: bool = True, vague: bool = False) -> Span:
        """A time whose day is not named: the latest that has begun."""
        begun = self.at(self.today, clock[0]) <= self.now
        day = self.today if begun else self.today - timedelta(days=1)

        def again(days: int) -> Span:
            return self.clock(day + timedelta(days=days), clock)

        first = again(0)
        return Span(first.start, first.end, clock=clock, point=first.point, again=again, alone=alone, vague=vague)

    def until(self, end: datetime) -> Span:
        """Everything before `end`; its start is a date no record is older than."""
        return Span(self.at(min(EARLIEST, end.date() - timedelta(days=1))), end, open="start")

    def since(self, start: datetime) -> Span:
        """From `start` until now, or without an end where it lies ahead."""
        now = self.now.astimezone(self.zone)
        return Span(start, now if start < now else self.at(shifted(start.date(), OPEN_MONTHS)), open="end")

    def present(self) -> Span:
        now = self.now.astimezone(self.zone)
        return Span(now, now + timedelta(seconds=1), point=True, alone=False)

    def repeated(self, make: Callable[[int], Span]) -> Span:
        """Words that leave the year or week open mean the latest that has begun; make(0) is this year's or week's."""
        back = 0 if make(0).start <= self.now else -1
        found = make(back)
        return Span(found.start, found.end, day=found.day, again=lambda count: make(back + count))


def shifted(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
