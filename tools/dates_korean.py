"""Korean words for stretches of time. Pure."""

import re
from datetime import timedelta

from tools.dates_written import Make, Rule, day_of, days_of, month_of, part_of_year, rule
from tools.spans import DAY, HOUR, Calendar, Clock, Span, Unit

DAYS = {
    "그끄저께": -3, "그저께": -2, "그제": -2, "엊그제": -2, "엊그저께": -2, "어제": -1, "어저께": -1, "오늘": 0, "금일": 0,
    "내일": 1, "명일": 1, "모레": 2, "내일모레": 2, "글피": 3,
}  # fmt: skip
DAY_COUNTS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9, "열흘": 10, "보름": 15}
NUMBERS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "일": 1, "이": 2, "삼": 3, "사": 4, "육": 6, "십이": 12,
}  # fmt: skip
UNITS: dict[str, Unit] = {
    "초": "second", "분": "minute", "시간": "hour", "일": "day", "주일": "week", "주": "week", "개월": "month", "달": "month",
    "분기": "quarter", "년": "year", "해": "year",
}  # fmt: skip
WEEKDAYS = "월화수목금토일"
OFFSETS = {"지지난": -2, "저저번": -2, "지난": -1, "저번": -1, "이번": 0, "다음": 1, "다다음": 2}
NAMED_PERIODS: dict[str, tuple[Unit, int]] = {
    "금주": ("week", 0), "전주": ("week", -1), "차주": ("week", 1),
    "이달": ("month", 0), "금월": ("month", 0), "당월": ("month", 0), "전월": ("month", -1), "내달": ("month", 1),
    "올해": ("year", 0), "금년": ("year", 0), "당해": ("year", 0), "작년": ("year", -1), "지난해": ("year", -1), "전년": ("year", -1),
    "재작년": ("year", -2), "내년": ("year", 1), "후년": ("year", 2), "전분기": ("quarter", -1),
}  # fmt: skip
PARTS: dict[str, Clock] = {
    "새벽": (0, 6 * HOUR),
    "아침": (6 * HOUR, 12 * HOUR),
    "오전": (0, 12 * HOUR),
    "오후": (12 * HOUR, DAY),
    "저녁": (18 * HOUR, DAY),
    "밤": (18 * HOUR, DAY + 6 * HOUR),
}
START = r"(?<![가-힣A-Za-z0-9_@'\"‘“])"
DIGITS = r"(?P<count>[0-9]{1,4})"
WORDS = "(?P<count>" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
# "3일", "3 개월" with figures; "한 달", "두 시간" with words, which do not go with 일.
AMOUNTS = (
    rf"{DIGITS}\s*(?P<unit>초|분기|분|시간|주일|주|개월|달|일|년)",
    rf"{WORDS}\s*(?P<unit>시간|주일|주|개월|달|분기|해|년)",
    "(?P<days>" + "|".join(DAY_COUNTS) + ")",
)
YEAR = r"(?:(?P<year>(?:19|20)[0-9]{2})\s*년|(?P<named>올해|금년|작년|지난해|재작년|내년))"
WHICH = r"(?P<which>지지난|저저번|지난|저번|이번|다다음|다음)"
CLOCK = r"(?:(?P<half>오전|오후|아침|저녁|새벽|밤|낮)\s*)?(?P<hour>[0-9]{1,2})\s*시(?!간)(?:\s*(?P<minute>[0-9]{1,2})\s*분|\s*(?P<thirty>반))?"


def amount(match: re.Match[str]) -> tuple[Unit, int]:
    groups = match.groupdict()
    if groups.get("days"):
        return "day", DAY_COUNTS[match["days"]]
    count = match["count"]
    return UNITS[match["unit"]], int(count) if count.isdigit() else NUMBERS[count]


def korean(pattern: str, make: Make) -> Rule:
    """No edge behind: a particle follows without a space."""
    return rule(f"{START}(?:{pattern})", make, edges=False)


def counted(before: str, after: str, make: Make) -> tuple[Rule, ...]:
    return tuple(korean(f"{before}{text}{after}", make) for text in AMOUNTS)


def _ago(match: re.Match[str], cal: Calendar) -> Span:
    unit, count = amount(match)
    return cal.away(unit, -count)


def year_of(match: re.Match[str], cal: Calendar) -> str | None:
    if match["named"]:
        return str(cal.today.year + NAMED_PERIODS[match["named"]][1])
    return str(match["year"]) if match["year"] else None


def _period(match: re.Match[str], cal: Calendar) -> Span:
    return cal.period(UNITS[match["unit"]], OFFSETS[match["which"]])


def _weekday(match: re.Match[str], cal: Calendar) -> Span:
    """With 주 the day of that week; 지난 and 다음 alone the nearest before and after today."""
    number, which = WEEKDAYS.index(match["weekday"]), match["which"]
    back = (cal.today.weekday() - number) % 7
    if not which:
        return cal.repeated(lambda weeks: cal.days(cal.today + timedelta(days=7 * weeks - back)))
    if match["week"] or OFFSETS[which] == 0:
        return cal.days(cal.monday(OFFSETS[which]) + timedelta(days=number))
    nearest = cal.today - timedelta(days=back or 7) if OFFSETS[which] < 0 else cal.today + timedelta(days=7 - back)
    return cal.days(nearest)


def _date(match: re.Match[str], cal: Calendar) -> Span | None:
    return day_of(cal, year_of(match, cal), int(match["month"]), int(match["day"]))


def _dates(match: re.Match[str], cal: Calendar) -> Span | None:
    """From one day to another of the same month."""
    return days_of(cal, year_of(match, cal), int(match["month"]), (int(match["day"]), int(match["day2"])))


def _day_of_which_month(match: re.Match[str], cal: Calendar) -> Span | None:
    month = cal.period("month", OFFSETS.get(match["which"] or "", NAMED_PERIODS.get(match["month"] or "", ("month", 0))[1])).start
    return day_of(cal, str(month.year), month.month, int(match["day"]))


def _quarter(match: re.Match[str], cal: Calendar) -> Span | None:
    return part_of_year(cal, year_of(match, cal), int(match["nth"]), 3)


def _half(match: re.Match[str], cal: Calendar) -> Span | None:
    return part_of_year(cal, year_of(match, cal), 1 if match["half"] == "상" else 2, 6)


def _time(match: re.Match[str], cal: Calendar) -> Span | None:
    hour, half, minute = int(match["hour"]), match["half"], int(match["minute"] or (30 if match["thirty"] else 0))
    if hour > 24 or minute > 59 or (half and hour > 12):
        return None
    later = 12 if half in ("오후", "저녁") or (half == "낮" and hour < 6) or (half == "밤" and 6 <= hour < 12) else 0
    seconds = ((hour % 12 if half else hour) + later) * HOUR + minute * 60
    return cal.time((seconds, seconds + 60), vague=not half and hour <= 12)


def _named_clock(match: re.Match[str], cal: Calendar) -> Span:
    seconds = 0 if match[0] == "자정" else 12 * HOUR
    return cal.time((seconds, seconds + 60))


MONTH_DAY = r"(?P<month>1[0-2]|0?[1-9])\s*월\s*(?P<day>3[01]|[12][0-9]|0?[1-9])\s*일"
KOREAN: tuple[Rule, ...] = (
    korean("|".join(sorted(DAYS, key=len, reverse=True)), lambda m, cal: cal.days(cal.today + timedelta(days=DAYS[m[0]]))),
    korean(r"어젯\s*밤|지난\s*밤|간밤", lambda _, cal: cal.clock(cal.today - timedelta(days=1), PARTS["밤"])),
    korean("(?P<part>새벽|아침|오전|오후|저녁|밤)", lambda m, cal: cal.time(PARTS[m["part"]], alone=False)),
    *counted(r"(?:최근|지난|과거)\s*", r"(?:\s*(?:간|동안))?", lambda m, cal: cal.past(*amount(m))),
    *counted("", r"\s*이내", lambda m, cal: cal.past(*amount(m))),
    *counted(r"(?:앞으로|향후|다음)\s*", r"(?:\s*(?:간|동안))?", lambda m, cal: cal.coming(*amount(m))),
    *counted("", r"\s*전", _ago),
    *counted("", r"\s*(?:후|뒤)", lambda m, cal: cal.away(*amount(m))),
    korean(rf"{WHICH}\s*(?P<unit>분기|주|달|해)", _period),
    korean(rf"{WHICH}\s*주말", lambda m, cal: cal.weekend(OFFSETS[m["which"]])),
    korean(r"(?P<name>" + "|".join(sorted(NAMED_PERIODS, key=len, reverse=True)) + ")", lambda m, cal: cal.period(*NAMED_PERIODS[m["name"]])),
    korean(rf"(?:{WHICH}\s*(?P<week>주)?(?:의)?\s*)?(?P<weekday>[{WEEKDAYS}])요일", _weekday),
    korean(rf"(?:{YEAR}\s*)?{MONTH_DAY}", _date),
    korean(rf"(?:{YEAR}\s*)?{MONTH_DAY}\s*(?:부터|에서|[~-])\s*(?P<day2>3[01]|[12][0-9]|0?[1-9])\s*일(?:까지)?", _dates),
    korean(rf"(?:{WHICH}\s*달|(?P<month>이달|전월|내달))\s*(?P<day>3[01]|[12][0-9]|0?[1-9])\s*일(?!\s*전)", _day_of_which_month),
    korean(rf"(?:{YEAR}\s*)?(?P<month>1[0-2]|0?[1-9])\s*월(?!\s*[0-9])", lambda m, cal: month_of(cal, year_of(m, cal), int(m["month"]))),
    korean(rf"(?:{YEAR}\s*)?(?P<nth>[1-4])\s*(?:사)?분기", _quarter),
    korean(rf"(?:{YEAR}\s*)?(?P<half>[상하])반기", _half),
    korean(r"(?P<year>(?:19|20)[0-9]{2})\s*년(?!\s*[0-9])", lambda m, cal: cal.months(int(m["year"]), 1, 12)),
    korean(CLOCK, _time),
    korean("정오|자정", _named_clock),
    korean("지금|현재", lambda _, cal: cal.present()),
)

AT = re.compile(r"\s*(?:의|에)?\s*")
THROUGH = re.compile(r"\s*(?:부터|에서|[~～-])\s*")
AND = re.compile(r"\s*(?:와|과|및|하고)\s*")
EDGE_DAY = re.compile(r"\s*(?P<edge>초|첫날|말일?|마지막\s*날)(?=에|까지|부터|이후|이전|\s|$)")
UP_TO = re.compile(r"\s*까지")
