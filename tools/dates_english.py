"""English words for stretches of time. Pure."""

import re
from datetime import timedelta

from tools.dates_written import Make, Rule, day_of, days_of, month_of, part_of_year, rule
from tools.spans import DAY, HOUR, Calendar, Clock, Span, Unit

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
ORDINALS = ("zeroth", "first", "second", "third", "fourth")
OFFSETS = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "the": 0, "next": 1, "coming": 1, "following": 1, "upcoming": 1}
PARTS: dict[str, Clock] = {
    "morning": (6 * HOUR, 12 * HOUR),
    "afternoon": (12 * HOUR, 18 * HOUR),
    "evening": (18 * HOUR, DAY),
    "night": (18 * HOUR, DAY + 6 * HOUR),
}
MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
MONTH = rf"(?P<month>(?!may\s+(?:be|have|not|also|only)\b){MONTH_NAME})\.?"
FULL_MONTH = r"(?P<month>" + "|".join(MONTHS) + ")"
WEEKDAY = r"(?P<weekday>" + "|".join(WEEKDAYS) + ")"
BEFORE_DATE = r"(?:(?:" + "|".join(WEEKDAYS) + r"|mon|tue|wed|thu|fri|sat|sun),?\s+(?:the\s+)?)?"
COUNT = r"(?P<count>[0-9]{1,4}|an?|a\s+couple\s+of|" + "|".join(NUMBERS) + ")"
UNIT = r"(?P<unit>second|sec|minute|min|hour|hr|day|week|fortnight|month|quarter|year|yr)s?"
YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
WHICH = r"(?P<which>last|previous|past|this|current|next|coming|following|upcoming)"
DAY_NUMBER = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
DAY_NUMBER_2 = r"(?P<day2>[0-9]{1,2})(?:st|nd|rd|th)?"
TO = r"\s*(?:to|and|until|till|through|thru|[-–—~])\s*"
LEAD = r"(?:in|(?<![0-9] )of|since|during|for|until|till|before|after|from|to|by|between|and|through|year)"
UNITS: dict[str, Unit] = {
    "second": "second", "sec": "second", "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour", "day": "day",
    "week": "week", "month": "month", "quarter": "quarter", "year": "year", "yr": "year",
}  # fmt: skip


def amount(match: re.Match[str]) -> tuple[Unit, int]:
    """How many of which unit; a fortnight is two weeks."""
    count, unit = match["count"].lower(), match["unit"].lower()
    number = int(count) if count.isdigit() else 2 if "couple" in count else NUMBERS.index(count) if count in NUMBERS else 1
    return ("week", 2 * number) if unit == "fortnight" else (UNITS[unit], number)


def month_number(match: re.Match[str]) -> int:
    return next(number for number, name in enumerate(MONTHS, 1) if name[:3] == match["month"][:3].lower())


def weekday_number(match: re.Match[str]) -> int:
    return next(number for number, name in enumerate(WEEKDAYS) if name[:3] == match["weekday"][:3].lower())


def _past(match: re.Match[str], cal: Calendar) -> Span:
    return cal.past(*amount(match))


def _coming(match: re.Match[str], cal: Calendar) -> Span:
    return cal.coming(*amount(match))


def _ago(match: re.Match[str], cal: Calendar) -> Span:
    unit, count = amount(match)
    return cal.away(unit, -count)


def _ahead(match: re.Match[str], cal: Calendar) -> Span:
    return cal.away(*amount(match))


def _older(match: re.Match[str], cal: Calendar) -> Span:
    return cal.until(cal.past(*amount(match)).start)


def _period(match: re.Match[str], cal: Calendar) -> Span:
    """The last hour and the past month end now; last month is the month before this one."""
    which, unit = match["which"].lower(), UNITS[match["unit"].lower()]
    if which == "past" or (which == "last" and unit in ("second", "minute", "hour", "day")):
        return cal.past("hour", 24) if unit == "day" else cal.past(unit, 1)
    return cal.period(unit, OFFSETS[which])


def _so_far(match: re.Match[str], cal: Calendar) -> Span:
    """From the beginning of the period until now; its first letter is enough ("YTD")."""
    unit = next(unit for unit in ("year", "quarter", "month", "week") if unit[0] == match["unit"][0].lower())
    start = cal.period(UNITS[unit], 0).start
    return Span(start, max(cal.present().start, start + timedelta(seconds=1)))  # at its very beginning, too, it is a stretch of time


def _weekday(match: re.Match[str], cal: Calendar) -> Span:
    number, which = weekday_number(match), (match["which"] or "").lower()
    back = (cal.today.weekday() - number) % 7
    match which:
        case "":
            return cal.repeated(lambda weeks: cal.days(cal.today + timedelta(days=7 * weeks - back)))
        case "last" | "past" | "previous":
            return cal.days(cal.today - timedelta(days=back or 7))
        case "this" | "current":
            return cal.days(cal.monday() + timedelta(days=number))
        case _:
            return cal.days(cal.today + timedelta(days=7 - back))


def _weekday_of_week(match: re.Match[str], cal: Calendar) -> Span:
    return cal.days(cal.monday(OFFSETS[match["which"].lower()]) + timedelta(days=weekday_number(match)))


def _date(match: re.Match[str], cal: Calendar) -> Span | None:
    return day_of(cal, match["year"], month_number(match), int(match["day"]))


def _dates(match: re.Match[str], cal: Calendar) -> Span | None:
    """From one day to another of the same month."""
    return days_of(cal, match["year"], month_number(match), (int(match["day"]), int(match["day2"])))


def _day_of_month(match: re.Match[str], cal: Calendar) -> Span | None:
    offset = OFFSETS[match["which"].lower()] if match["which"] else 0
    month = cal.period("month", offset).start
    found = day_of(cal, str(month.year), month.month, int(match["day"]))
    if found and not match["which"] and found.start > cal.now:
        before = cal.period("month", -1).start
        return day_of(cal, str(before.year), before.month, int(match["day"]))
    return found


def _month(match: re.Match[str], cal: Calendar) -> Span | None:
    return month_of(cal, match["year"], month_number(match))


def _which_month(match: re.Match[str], cal: Calendar) -> Span:
    """Last March is the latest that is over, next March the first that has not begun."""
    number, which = month_number(match), match["which"].lower()
    latest = cal.repeated(lambda years: cal.months(cal.today.year + years, number))
    assert latest.again is not None
    if OFFSETS[which] == 0:
        return cal.months(cal.today.year, number)
    if OFFSETS[which] > 0:
        return latest.again(1)
    return latest.again(-1) if latest.end > cal.now else latest


def _nth(months: int) -> Make:
    """The nth quarter or half of a year."""

    def made(match: re.Match[str], cal: Calendar) -> Span | None:
        text, which = match["nth"].lower(), (match["which"] or "").lower()
        nth = ORDINALS.index(text) if text in ORDINALS else int(text[0])
        return part_of_year(cal, str(cal.today.year + OFFSETS[which]) if which else match["year"], nth, months)

    return made


def _time(match: re.Match[str], cal: Calendar) -> Span | None:
    hour, half = int(match["hour"]), match["half"].lower()[0]
    if not 1 <= hour <= 12:
        return None
    seconds = (hour % 12 + (12 if half == "p" else 0)) * HOUR + int(match["minute"] or 0) * 60
    return cal.time((seconds, seconds + 60))


def _named_day(match: re.Match[str], cal: Calendar) -> Span:
    days = {"the day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "the day after tomorrow": 2}
    return cal.days(cal.today + timedelta(days=days[" ".join(match[0].lower().split())]))


def _named_clock(match: re.Match[str], cal: Calendar) -> Span:
    seconds = 0 if match[0].lower() == "midnight" else 12 * HOUR
    return cal.time((seconds, seconds + 60))


def _bare_hour(match: re.Match[str], cal: Calendar) -> Span | None:
    """The 9 of "between 9 and 11 am"; "from 11 to 2 pm" begins in the morning."""
    hour, until, half = int(match["hour"]), int(match["until"]), match["half"].lower()[0]
    if not (1 <= hour <= 12 and 1 <= until <= 12):
        return None
    seconds = (hour % 12 + (12 if half == "p" and hour % 12 < until % 12 else 0)) * HOUR + int(match["minute"] or 0) * 60
    return cal.time((seconds, seconds + 60))


OF_YEAR = rf"(?:,?\s+(?:of\s+)?(?:{YEAR}|(?P<which>last|this|next)\s+year))?"
HALF = r"(?P<half>a\.?m\.?|p\.?m\.?)"
DURING = r"(?:(?:within|in|for|over|during)\s+)?(?:the\s+|these\s+)?"
DAYS: tuple[Rule, ...] = (
    rule(r"the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|yesterday|today|tomorrow", _named_day),
    rule(r"last\s+night", lambda _, cal: cal.clock(cal.today - timedelta(days=1), PARTS["night"])),
    rule(r"tonight", lambda _, cal: cal.clock(cal.today, PARTS["night"])),
    rule(r"this\s+(?P<part>morning|afternoon|evening)", lambda m, cal: cal.clock(cal.today, PARTS[m["part"].lower()])),
    rule(r"(?:in\s+the\s+|at\s+)?(?P<part>morning|afternoon|evening|night)", lambda m, cal: cal.time(PARTS[m["part"].lower()], alone=False)),
    rule(rf"(?:(?:the\s+)?{WHICH}\s+)?{WEEKDAY}", _weekday),
    rule(rf"{WEEKDAY},?\s+(?:of\s+)?{WHICH}\s+week", _weekday_of_week),
    rule(rf"{WHICH}\s+week(?:'s)?,?\s+(?:on\s+)?{WEEKDAY}", _weekday_of_week),
    rule(rf"(?:the\s+)?{WHICH}\s+weekend", lambda m, cal: cal.weekend(OFFSETS[m["which"].lower()])),
)
PERIODS: tuple[Rule, ...] = (
    rule(rf"{DURING}(?:last|past|previous)\s+{COUNT}\s+(?:full\s+)?{UNIT}", _past),
    rule(
        r"(?:within|in|over)\s+the\s+(?:last|past)\s+(?P<unit>minute|hour|day|week|month|quarter|year)",
        lambda m, cal: cal.past(UNITS[m["unit"].lower()], 1),
    ),
    rule(rf"less\s+than\s+{COUNT}\s+{UNIT}\s+(?:ago|old)", _past),
    rule(rf"newer\s+than\s+{COUNT}\s+{UNIT}", _past),
    rule(rf"(?:the\s+)?(?:next|coming|following)\s+{COUNT}\s+{UNIT}", _coming),
    rule(rf"(?:more\s+than|over)\s+{COUNT}\s+{UNIT}\s+(?:ago|old)", _older),
    rule(rf"older\s+than\s+{COUNT}\s+{UNIT}", _older),
    rule(rf"{COUNT}\s+{UNIT}\s+(?:ago|earlier|back)", _ago),
    rule(rf"in\s+{COUNT}\s+{UNIT}(?:'s?\s+time)?", _ahead),
    rule(rf"{COUNT}\s+{UNIT}\s+from\s+(?:now|today)", _ahead),
    rule(rf"(?:the\s+)?{WHICH}\s+(?P<unit>second|minute|hour|day|week|month|quarter|year)(?!\s+of\b)", _period),
    rule(r"(?<=of )the\s+(?P<unit>week|month|quarter|year)", lambda m, cal: cal.period(UNITS[m["unit"].lower()], 0)),
    rule(r"(?:the\s+)?(?P<unit>week|month|quarter|year)\s+before\s+last", lambda m, cal: cal.period(UNITS[m["unit"].lower()], -2)),
    rule(r"so\s+far\s+this\s+(?P<unit>week|month|quarter|year)", _so_far),
    rule(r"this\s+(?P<unit>week|month|quarter|year)\s+so\s+far", _so_far),
    rule(r"(?P<unit>week|month|quarter|year)[\s-]to[\s-]date", _so_far),
    rule(r"(?P<unit>[wmqy])td", _so_far),
)
DATES: tuple[Rule, ...] = (
    rule(rf"{BEFORE_DATE}(?:the\s+)?{DAY_NUMBER}(?:\s+of)?[\s-]+{MONTH}(?:,?[\s-]+{YEAR})?", _date),
    rule(rf"{BEFORE_DATE}{MONTH}\s+(?:the\s+)?{DAY_NUMBER}(?![0-9:])(?:,?\s+{YEAR})?", _date),
    rule(rf"(?:(?:from|between)\s+)?(?:the\s+)?{DAY_NUMBER}{TO}(?:the\s+)?{DAY_NUMBER_2}(?:\s+of)?\s+{MONTH}(?:,?\s+{YEAR})?", _dates),
    rule(rf"(?:(?:from|between)\s+)?{MONTH}\s+(?:the\s+)?{DAY_NUMBER}{TO}(?:the\s+)?{DAY_NUMBER_2}(?![0-9:])(?:,?\s+{YEAR})?", _dates),
    rule(rf"the\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)(?:\s+of\s+{WHICH}\s+month)?(?=\s*(?:$|[.,;!?]|to\b|and\b|at\b|until\b))", _day_of_month),
    rule(rf"{MONTH},?\s+(?:of\s+)?{YEAR}", _month),
    rule(rf"{WHICH}\s+{FULL_MONTH}", _which_month),
    rule(rf"{LEAD}\s+(?P<x>{MONTH})", lambda m, cal: month_of(cal, None, month_number(m))),
    rule(
        r"(?P<month>january|february|april|june|july|august|september|october|november|december)", lambda m, cal: month_of(cal, None, month_number(m))
    ),
    rule(r"^\s*(?P<x>(?P<month>march|may))\s*$", lambda m, cal: month_of(cal, None, month_number(m)), edges=False),
    rule(rf"Q(?P<nth>[1-4]){OF_YEAR}", _nth(3)),
    rule(r"(?P<year>(?:19|20)[0-9]{2})[\s-]?Q(?P<nth>[1-4])(?P<which>\b)", _nth(3)),
    rule(rf"(?:the\s+)?(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter{OF_YEAR}", _nth(3)),
    rule(rf"H(?P<nth>[12]){OF_YEAR}", _nth(6)),
    rule(rf"(?:the\s+)?(?P<nth>first|second|1st|2nd)\s+half\s+of\s+(?:{YEAR}|(?P<which>last|this|the|next)\s+year)", _nth(6)),
    rule(rf"{LEAD}\s+(?P<x>{YEAR})(?!\s+\w{{3,}}s\b)", lambda m, cal: cal.months(int(m["year"]), 1, 12)),
    rule(rf"^\s*(?P<x>{YEAR})\s*$", lambda m, cal: cal.months(int(m["year"]), 1, 12), edges=False),
)
TIMES: tuple[Rule, ...] = (
    rule(rf"(?P<hour>[0-9]{{1,2}})(?::(?P<minute>[0-5][0-9]))?\s*{HALF}", _time),
    rule(
        rf"(?P<hour>[0-9]{{1,2}})(?::(?P<minute>[0-5][0-9]))?(?=\s*(?:and|to|until|[-–])\s*(?P<until>[0-9]{{1,2}})(?::[0-5][0-9])?\s*{HALF})",
        _bare_hour,
    ),
    rule(r"noon|midday|midnight", _named_clock),
    rule(r"(?:right\s+)?now|the\s+present", lambda _, cal: cal.present()),
)
ENGLISH = (*DAYS, *PERIODS, *DATES, *TIMES)

# How two times are joined, and what stands before or after one. The first that fits wins.
AT = re.compile(r"\s*,?\s*(?:at|@|on|from|between|around|about|in\s+the)?\s*", re.IGNORECASE)
ON = re.compile(r"\s*,?\s*(?:on|of)?\s*", re.IGNORECASE)
THROUGH = re.compile(r"\s*,?\s*(?:(?:up\s+)?to|until|till|through|thru|[-–—~])\s*(?:the\s+)?", re.IGNORECASE)
AND = re.compile(r"\s*,?\s*and\s*(?:the\s+)?", re.IGNORECASE)
BUT_BEFORE = re.compile(r"\s*,?\s*(?:(?:and|but)\s+)?before\s+", re.IGNORECASE)
FROM = re.compile(r"(?<!\w)(?:from|between|since|after|starting(?:\s+(?:from|on))?)\s+(?:the\s+)?$", re.IGNORECASE)
LATER = re.compile(r"\s*,?\s*(?:after|since)\s+", re.IGNORECASE)
SOONER = re.compile(r"\s*,?\s*(?:before|until|till|up\s+to)\s+", re.IGNORECASE)
BETWEEN = re.compile(r"(?<!\w)between\b", re.IGNORECASE)
