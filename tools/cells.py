"""The values in the rows of a result: as what they are compared, ordered, counted and summed. Pure; in a product's rows may be anything."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import orjson

from specs.pointers import value_at

Period = Literal["day", "week", "month", "quarter", "year"]
NUMBER = re.compile(r"[-+]?(?:\d{1,24}|\d{0,24}\.\d{1,24})", re.ASCII)  # a text that is one: amounts often are, and all there is in CSV
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII | re.IGNORECASE)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
SECONDS, MILLISECONDS = range(10**8, 10**11), range(10**11, 10**14)  # since 1970, of moments between 1973 and 5138
WIDEST = 2**63


def cell(row: Any, name: str) -> Any:
    """A column's value. `address.city` and `/address/city` reach further in; a list of plain values has the column `value`."""
    if not isinstance(row, Mapping):
        return row if name == "value" else None
    if name in row:
        return row[name]
    if name.startswith("/"):
        return value_at(row, name)
    found: Any = row
    for part in name.split(".") if "." in name else ():
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return None if found is row else found


def number(value: Any) -> int | Decimal | None:
    """Exactly the number that was written. A truth value is none."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, str) and len(value) < 60 and NUMBER.fullmatch(value := value.strip()):
        return Decimal(value) if "." in value else int(value)
    return None


def is_number(value: Any) -> bool:
    """Whether `number` finds one; cheaper by what making it costs."""
    if isinstance(value, int | float):
        return not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, str) and number(value) is not None


@lru_cache(maxsize=65_536)
def written_moment(text: str) -> datetime | date | None:
    """An RFC 3339 date or time; a time without offset is as it stands. None for what is neither, a 31st of June too."""
    if not MOMENT.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """As a time with an offset. A day begins at midnight of the zone."""
    found = written_moment(value) if isinstance(value, str) and len(value) < 40 else None
    if found is None:
        return None
    whole = found if isinstance(found, datetime) else datetime(found.year, found.month, found.day)  # noqa: DTZ001 - its zone is the next line's
    return whole if whole.tzinfo else whole.replace(tzinfo=zone)


def day_of(value: Any, zone: tzinfo) -> date | None:
    """The day in the zone. A number counts as seconds or milliseconds since 1970 where only such a one can be meant."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return epoch_day(int(value), zone)
    found = written_moment(value) if isinstance(value, str) and len(value) < 40 else None
    if not isinstance(found, datetime) or found.tzinfo is None:
        return found.date() if isinstance(found, datetime) else found
    try:
        return found.astimezone(zone).date()
    except OverflowError:  # the first or last day that there is
        return found.date()


def epoch_day(value: int, zone: tzinfo) -> date | None:
    seconds = value if value in SECONDS else value // 1000 if value in MILLISECONDS else None
    return None if seconds is None else (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone).date()


def period_of(day: date, period: Period) -> str:
    """Written so that the order of the text is the order in time."""
    match period:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case "month":
            return f"{day.year:04}-{day.month:02}"
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case "year":
            return f"{day.year:04}"


def same_key(value: Any) -> Any:
    """Equal for what counts as one value: 1 and 1.0, not 1 and true or "1"; objects and lists by what they hold."""
    if isinstance(value, str | None):
        return value
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int | float):
        return ("number", value)
    return ("json", written(value))


def written(value: Any) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str).decode()
    except TypeError:  # integers of more than 64 bits, nested too deeply
        return str(value)


def matches(held: Any, value: Any) -> bool:
    """Text is compared without regard to case: customers do not know how the product spells it."""
    if isinstance(held, str) and isinstance(value, str):
        return held.casefold() == value.casefold()
    return bool(held == value) and isinstance(held, bool) == isinstance(value, bool)


def rank(value: Any) -> tuple[int, Any, str]:
    """Numbers before text."""
    if isinstance(value, int | float):
        return 0, value, ""
    return 1, 0, value.casefold() if isinstance(value, str) else written(value)


def ranks(values: Sequence[Any], zone: tzinfo) -> list[Any]:
    """Keys to sort by, for a column's values as a whole: texts that are all numbers, or all times, are ordered as such."""
    if any(isinstance(value, str) for value in values):
        numbers = [number(value) for value in values]
        if all(each is not None for each in numbers):
            return numbers
        moments = [moment(value, zone) for value in values]
        if all(each is not None for each in moments):
            return moments
    return [rank(value) for value in values]


def plain(exact: int | Decimal) -> int | float | str:
    """As JSON: as a number where that holds it exactly, else its digits as text, which no reader rounds."""
    if isinstance(exact, int) or exact == exact.to_integral_value():
        whole = int(exact)
        return (whole if isinstance(exact, int) else float(whole) if abs(whole) < 2**53 else whole) if -WIDEST <= whole < WIDEST else str(whole)
    near = float(exact)
    return near if Decimal(repr(near)) == exact else format(exact, "f")
