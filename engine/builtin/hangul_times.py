"""Korean words for a time, and the English that the planner's rules know for each. What a time means, `resolve_dates` says. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
DAYS = {
    "그저께": "day before yesterday", "그제": "day before yesterday", "엊그제": "day before yesterday", "어제": "yesterday", "오늘": "today",
    "금일": "today", "내일": "tomorrow", "모레": "day after tomorrow", "작년": "last year", "지난해": "last year", "올해": "this year",
    "내년": "next year", "이달": "this month", "전월": "last month",
}  # fmt: skip
WHICH = {"지난": "last", "저번": "last", "이번": "this", "다음": "next"}
UNITS = {
    "일": "day", "날": "day", "주일": "week", "주": "week", "주말": "weekend", "개월": "month", "달": "month", "월": "month", "분기": "quarter",
    "년": "year",
    "해": "year", "시간": "hour",
}  # fmt: skip
WEEKDAYS = dict(zip("월화수목금토일", ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), strict=True))
COUNTS = {
    "하루": "1 day",
    "이틀": "2 days",
    "사흘": "3 days",
    "나흘": "4 days",
    "일주일": "1 week",
    "한 달": "1 month",
    "한달": "1 month",
    "보름": "15 days",
}
_COUNT = rf"(?:(?P<n>\d{{1,3}})\s?(?P<u>일|주일|주|개월|달|년|시간)|(?P<word>{'|'.join(COUNTS)}))"
_HALF = r"(?:(?P<half>오전|오후|아침|저녁|밤|낮)\s?)?"
_HOUR = rf"{_HALF}(?P<hour>\d{{1,2}}|[한두세네]|다섯|여섯|일곱|여덟|아홉|열[한두]?)\s?시(?!간)(?:\s?(?P<min>\d{{1,2}})분|\s?(?P<thirty>반))?"
HOURS = dict(zip("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split(), range(1, 13), strict=True))  # noqa: SIM905
RANGE = re.compile(r"(?:부터|에서|\s?[~～-])\s*(?=\d|오늘|내일|모레|어제|다음|이번|지난)")
DAY_ONLY = re.compile(r"(?P<day>\d{1,2})일")
EDGES = (
    (re.compile(r"\s?(?:부터|이후(?:로|에)?)"), "since"),
    (re.compile(r"\s?까지"), "until"),
    (re.compile(r"\s?(?:이전|전)(?:에|까지)?(?![가-힣])"), "before"),
)


@dataclass(frozen=True, slots=True)
class Time:
    """Where the words stand, and the English for them. `date`: of a day with its year."""

    start: int
    end: int
    english: str
    date: str = ""


def _date(found: re.Match[str]) -> str:
    month, day = int(found["month"]), int(found["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return ""
    return f"{found['year']}-{month:02}-{day:02}" if found["year"] else f"{MONTHS[month - 1]} {day}"


def _month(found: re.Match[str]) -> str:
    month = int(found["month"])
    return f"in {MONTHS[month - 1]}{' ' + found['year'] if found['year'] else ''}" if 1 <= month <= 12 else ""


def _counted(found: re.Match[str]) -> str:
    if found["word"]:
        return COUNTS[found["word"]]
    return f"{found['n']} {UNITS[found['u']]}{'s' if found['n'] != '1' else ''}"


def _clock(found: re.Match[str]) -> str:
    hour = HOURS.get(found["hour"]) or int(found["hour"])
    later = found["half"] in ("오후", "저녁", "밤", "낮") and hour < 12
    return f"{hour + 12 * later:02}:{int(found['min'] or (30 if found['thirty'] else 0)):02}" if hour <= 24 else ""


def _weekday(found: re.Match[str]) -> str:
    return f"{WHICH.get(found['which'], '')} {WEEKDAYS[found['day']]}".strip()


RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(rf"(?<![가-힣\w]){pattern}"), made)
    for pattern, made in (
        (r"\d{4}-\d{2}-\d{2}(?!\d)", lambda m: m.group()),
        (r"(?P<year>\d{4})[./](?P<month>\d{1,2})[./](?P<day>\d{1,2})(?!\d)", _date),
        (r"(?:(?P<year>\d{4})년\s*)?(?P<month>\d{1,2})월\s*(?P<day>\d{1,2})일", _date),
        (r"(?:(?P<year>\d{4})년\s*)?(?P<month>\d{1,2})월(?!\s*\d|별)", _month),
        (r"(?P<year>(?:19|20)\d{2})년(?!\s*\d)", lambda m: f"in {m['year']}"),
        (rf"(?:최근|지난|과거)\s?{_COUNT}(?:\s?(?:간|동안))?", lambda m: f"last {_counted(m)}"),
        (rf"(?:앞으로|향후|다음)\s?{_COUNT}(?:\s?(?:간|동안))?", lambda m: f"next {_counted(m)}"),
        (rf"{_COUNT}\s?전(?![가-힣]*[체부])", lambda m: f"{_counted(m)} ago"),
        (r"(?:(?P<which>지난|저번|이번|다음)\s?주?\s?)?(?P<day>[월화수목금토일])요일", _weekday),
        (r"(?P<which>지난|저번|이번|다음)\s?(?P<unit>주말|주|달|분기|해)(?![가-힣]*문)", lambda m: f"{WHICH[m['which']]} {UNITS[m['unit']]}"),
        ("|".join(sorted(DAYS, key=len, reverse=True)).join(("(?:", ")")), lambda m: DAYS[m.group()]),
        (_HOUR, _clock),
        (r"\d{1,2}:\d{2}(?!\d)", lambda m: m.group()),
    )
)  # fmt: skip


def times(text: str) -> list[Time]:
    """All of a text, in order; two with "from ... to ..." between them are one."""
    found: list[Time] = []
    for pattern, made in RULES:
        for match in pattern.finditer(text):
            english = made(match)
            if english and not any(match.start() < t.end and t.start < match.end() for t in found):
                date = english if re.fullmatch(r"\d{4}-\d{2}-\d{2}", english) else ""
                found.append(Time(match.start(), match.end(), english, date))
    return list(_joined(sorted(found, key=lambda t: t.start), text))


def _joined(found: list[Time], text: str) -> Iterator[Time]:
    while found:
        first = found.pop(0)
        second = _until(first, found, text)
        if second is not None:
            found = [t for t in found if t.start >= second.end]
            closed = re.match(r"\s?까지", text[second.end :])
            yield Time(first.start, second.end + (closed.end() if closed else 0), f"from {_bare(first)} to {_bare(second)}")
        else:
            yield _edged(first, text)


def _until(first: Time, following: list[Time], text: str) -> Time | None:
    """The other end of a stretch: a whole date, or only its day."""
    between = RANGE.match(text, first.end)
    if between is None or ":" in first.english:
        return None
    at = between.end()
    if (day := DAY_ONLY.match(text, at)) and first.date and int(day["day"]) <= 31:
        return Time(at, day.end(), f"{first.date[:8]}{int(day['day']):02}")
    if day and (month := first.english.partition(" ")[0]) in MONTHS:
        return Time(at, day.end(), f"{month} {int(day['day'])}")
    second = next((t for t in following if t.start == at), None)
    if second and first.date and second.english.partition(" ")[0] in MONTHS:  # of the same year
        name, _, number = second.english.partition(" ")
        return Time(second.start, second.end, f"{first.date[:5]}{MONTHS.index(name) + 1:02}-{int(number):02}")
    return second


def _bare(time: Time) -> str:
    return time.english.removeprefix("in ")


def _edged(time: Time, text: str) -> Time:
    if ":" in time.english:
        return time
    for pattern, word in EDGES:
        if edge := pattern.match(text, time.end):
            return Time(time.start, time.end + edge.end() - edge.start(), f"{word} {_bare(time)}", time.date)
    return time
