"""Points in time in the languages our own tables do not know, by dateparser. Imported only when it is needed: it is slow to start and to ask."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from dateparser.date import DateDataParser
from dateparser.search import search_dates

from tools.spans import Calendar, Span


def _settings(cal: Calendar) -> dict[str, Any]:
    """dateparser is given the wall clock, and answers with it: time zones are ours."""
    return {
        "RELATIVE_BASE": cal.now.astimezone(cal.zone).replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "RETURN_TIME_AS_PERIOD": True,
        "DATE_ORDER": "MDY" if cal.month_first else "DMY",
    }


@cache
def languages(language: str) -> tuple[str, ...]:
    """One language: with several, dateparser takes words of one for those of another. English is its ground for a language it does not know."""
    from dateparser.data.languages_info import language_order

    return (language,) if language in language_order else ("en",)


def parsed(text: str, cal: Calendar, language: str) -> Span | None:
    """The whole text as one point."""
    found = DateDataParser(languages=list(languages(language)), settings=_settings(cal)).get_date_data(text)
    return None if found.date_obj is None else _span(found.date_obj, found.period or "day", cal)


def searched(text: str, cal: Calendar, language: str) -> tuple[int, int, Span] | None:
    """The first point in a sentence that is more than a number."""
    for words, _ in search_dates(text, languages=list(languages(language)), settings=_settings(cal)) or []:
        telling = any(character.isalpha() for character in words) and (len(words) > 3 or not words.isascii())
        begin, span = text.find(words), parsed(words, cal, language) if telling else None
        if begin >= 0 and span is not None:
            return begin, begin + len(words), span
    return None


def _span(moment: datetime, period: str, cal: Calendar) -> Span:
    day = moment.date()
    match period:
        case "year":
            return cal.months(day.year, 1, 12)
        case "month":
            return cal.months(day.year, day.month)
        case "week":
            return cal.days(day - timedelta(days=day.weekday()), 7)
        case "time":
            start = moment.astimezone(cal.zone) if moment.tzinfo else cal.at(day, moment.hour * 3600 + moment.minute * 60 + moment.second)
            return Span(start, start + timedelta(minutes=1), on=day, point=True)
        case _:
            return cal.days(day)
