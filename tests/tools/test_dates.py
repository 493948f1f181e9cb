"""Words for times: what they mean, found bare and inside sentences, in any time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.dates import resolve

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 7, 15, 14, 30, 20, tzinfo=BERLIN)  # a Wednesday

# text | the part that names the time ("=": all of it) | start | end | the bound the words leave open
TABLE = """
Show me all audit logs from yesterday | yesterday | 2026-07-14 | 2026-07-15 |
today | = | 2026-07-15 | 2026-07-16 |
the day before yesterday | = | 2026-07-13 | 2026-07-14 |
What happens the day after tomorrow? | the day after tomorrow | 2026-07-17 | 2026-07-18 |
show yesterday's sign-ins | yesterday | 2026-07-14 | 2026-07-15 |
who signed in last night | last night | 2026-07-14 18:00 | 2026-07-15 06:00 |
this morning | = | 2026-07-15 06:00 | 2026-07-15 12:00 |
yesterday afternoon | = | 2026-07-14 12:00 | 2026-07-14 18:00 |
Monday morning | = | 2026-07-13 06:00 | 2026-07-13 12:00 |
last week | = | 2026-07-06 | 2026-07-13 |
failed logins of this week | this week | 2026-07-13 | 2026-07-20 |
next week | = | 2026-07-20 | 2026-07-27 |
the week before last | = | 2026-06-29 | 2026-07-06 |
last month | = | 2026-06-01 | 2026-07-01 |
this month | = | 2026-07-01 | 2026-08-01 |
last quarter | = | 2026-04-01 | 2026-07-01 |
last year | = | 2025-01-01 | 2026-01-01 |
last weekend | = | 2026-07-11 | 2026-07-13 |
past 24 hours | = | 2026-07-14 14:30:20 | 2026-07-15 14:30:20 |
in the last 30 minutes | = | 2026-07-15 14:00:20 | 2026-07-15 14:30:20 |
the last hour | = | 2026-07-15 13:30:20 | 2026-07-15 14:30:20 |
Delete the mails of the last 7 days | the last 7 days | 2026-07-08 | 2026-07-15 14:30:20 |
over the last two weeks | = | 2026-07-01 | 2026-07-15 14:30:20 |
the past month | = | 2026-06-15 | 2026-07-15 14:30:20 |
in the last year | = | 2025-07-15 | 2026-07-15 14:30:20 |
next 7 days | = | 2026-07-15 14:30:20 | 2026-07-23 |
3 days ago | = | 2026-07-12 | 2026-07-13 |
a fortnight ago | = | 2026-07-01 | 2026-07-02 |
two hours ago | = | 2026-07-15 12:30 | 2026-07-15 12:31 |
in 3 days | = | 2026-07-18 | 2026-07-19 |
accounts older than 30 days | older than 30 days | 1970-01-01 | 2026-06-15 | start
Monday | = | 2026-07-13 | 2026-07-14 |
Wednesday | = | 2026-07-15 | 2026-07-16 |
last Wednesday | = | 2026-07-08 | 2026-07-09 |
on Friday | Friday | 2026-07-10 | 2026-07-11 |
this Friday | = | 2026-07-17 | 2026-07-18 |
remind me next Friday at 3pm please | next Friday at 3pm | 2026-07-17 15:00 | 2026-07-17 15:01 |
Tuesday of last week | = | 2026-07-07 | 2026-07-08 |
What changed since Monday? | since Monday | 2026-07-13 | 2026-07-15 14:30:20 | end
since 3 March | = | 2026-03-03 | 2026-07-15 14:30:20 | end
from yesterday onwards | = | 2026-07-14 | 2026-07-15 14:30:20 | end
entries before 3 March | before 3 March | 1970-01-01 | 2026-03-03 | start
after 3 March | = | 2026-03-04 | 2026-07-15 14:30:20 | end
until yesterday | = | 1970-01-01 | 2026-07-15 | start
no later than 5pm tomorrow | = | 1970-01-01 | 2026-07-16 17:00 | start
starting next Monday | = | 2026-07-20 | 2126-07-20 | end
from 3 March to 5 April 2025 | = | 2025-03-03 | 2025-04-06 |
from March 3rd to April 5th | = | 2026-03-03 | 2026-04-06 |
from 28 December to 3 January | = | 2025-12-28 | 2026-01-04 |
between 1 and 5 May | = | 2026-05-01 | 2026-05-06 |
between 1 May and 5 May | = | 2026-05-01 | 2026-05-06 |
May 1 to 5, 2025 | = | 2025-05-01 | 2025-05-06 |
from Monday to Friday | = | 2026-07-13 | 2026-07-18 |
between last Monday and yesterday | = | 2026-07-13 | 2026-07-15 |
from Monday until now | = | 2026-07-13 | 2026-07-15 14:30:20 |
after 3 March but before 10 March | = | 2026-03-04 | 2026-03-10 |
yesterday and today | = | 2026-07-14 | 2026-07-16 |
Q3 2025 | = | 2025-07-01 | 2025-10-01 |
Q4 | = | 2025-10-01 | 2026-01-01 |
the second quarter of 2025 | = | 2025-04-01 | 2025-07-01 |
first half of 2025 | = | 2025-01-01 | 2025-07-01 |
numbers for March 2025 | March 2025 | 2025-03-01 | 2025-04-01 |
in August | August | 2025-08-01 | 2025-09-01 |
reports since July 2022 | since July 2022 | 2022-07-01 | 2026-07-15 14:30:20 | end
in 2025 | 2025 | 2025-01-01 | 2026-01-01 |
from 2015 to 2021 | = | 2015-01-01 | 2022-01-01 |
the start of this month | = | 2026-07-01 | 2026-07-02 |
end of last month | = | 2026-06-30 | 2026-07-01 |
since the beginning of the year | = | 2026-01-01 | 2026-07-15 14:30:20 | end
year to date | = | 2026-01-01 | 2026-07-15 14:30:20 |
since the 10th | = | 2026-07-10 | 2026-07-15 14:30:20 | end
4th of July | = | 2026-07-04 | 2026-07-05 |
Monday, 3 March 2025 | = | 2025-03-03 | 2025-03-04 |
Aug 3 at 14:05 | = | 2025-08-03 14:05 | 2025-08-03 14:06 |
2025-03-03 | = | 2025-03-03 | 2025-03-04 |
2025-03-03 10:00 | = | 2025-03-03 10:00 | 2025-03-03 10:01 |
2025-03-03T10:00:00Z | = | 2025-03-03 11:00 | 2025-03-03 11:00:01 |
2025-03-03T10:00:00+09:00 | = | 2025-03-03 02:00 | 2025-03-03 02:00:01 |
03/04/2025 | = | 2025-04-03 | 2025-04-04 |
12/25/2025 | = | 2025-12-25 | 2025-12-26 |
between 2025-03-01 and 2025-03-05 | = | 2025-03-01 | 2025-03-06 |
from 9am to 5pm yesterday | = | 2026-07-14 09:00 | 2026-07-14 17:00 |
yesterday between 9 and 11 am | = | 2026-07-14 09:00 | 2026-07-14 11:00 |
yesterday from 22:00 to 06:00 | = | 2026-07-14 22:00 | 2026-07-15 06:00 |
yesterday after 3pm | = | 2026-07-14 15:00 | 2026-07-15 |
yesterday before noon | = | 2026-07-14 | 2026-07-14 12:00 |
since 3pm | = | 2026-07-14 15:00 | 2026-07-15 14:30:20 | end
"""
KOREAN = """
어제 | = | 2026-07-14 | 2026-07-15 |
어제의 감사 로그를 모두 보여 줘 | 어제 | 2026-07-14 | 2026-07-15 |
오늘 | = | 2026-07-15 | 2026-07-16 |
그저께 | = | 2026-07-13 | 2026-07-14 |
내일모레 | = | 2026-07-17 | 2026-07-18 |
지난주 | = | 2026-07-06 | 2026-07-13 |
지난 주에 로그인한 사용자 | 지난 주 | 2026-07-06 | 2026-07-13 |
지지난주 | = | 2026-06-29 | 2026-07-06 |
이번 달 | = | 2026-07-01 | 2026-08-01 |
지난달 실패한 로그인 | 지난달 | 2026-06-01 | 2026-07-01 |
작년 | = | 2025-01-01 | 2026-01-01 |
3일 전 | = | 2026-07-12 | 2026-07-13 |
사흘 전 | = | 2026-07-12 | 2026-07-13 |
한 달 전 | = | 2026-06-15 | 2026-06-16 |
두 시간 전 | = | 2026-07-15 12:30 | 2026-07-15 12:31 |
이틀 뒤 | = | 2026-07-17 | 2026-07-18 |
최근 7일 | = | 2026-07-08 | 2026-07-15 14:30:20 |
최근 24시간 동안의 로그 | 최근 24시간 동안 | 2026-07-14 14:30:20 | 2026-07-15 14:30:20 |
최근 일주일 | = | 2026-07-08 | 2026-07-15 14:30:20 |
10월 3일 | = | 2025-10-03 | 2025-10-04 |
10월 3일부터 10월 5일까지 | = | 2025-10-03 | 2025-10-06 |
10월 3일부터 5일까지의 로그 | 10월 3일부터 5일까지 | 2025-10-03 | 2025-10-06 |
2025년 10월 3일 오후 3시 30분 | = | 2025-10-03 15:30 | 2025-10-03 15:31 |
2025-10-03부터 2025-10-05까지 | = | 2025-10-03 | 2025-10-06 |
어제 오후 3시부터 5시까지 | = | 2026-07-14 15:00 | 2026-07-14 17:00 |
지난주 금요일 | = | 2026-07-10 | 2026-07-11 |
다음 주 금요일 오후 3시 | = | 2026-07-24 15:00 | 2026-07-24 15:01 |
지난주 월요일부터 금요일까지 | = | 2026-07-06 | 2026-07-11 |
월요일 이후 | = | 2026-07-13 | 2026-07-15 14:30:20 | end
3월 3일 이전 | = | 1970-01-01 | 2026-03-03 | start
어제까지 | = | 1970-01-01 | 2026-07-15 | start
올해 3월부터 지금까지 | = | 2026-03-01 | 2026-07-15 14:30:20 |
어젯밤 | = | 2026-07-14 18:00 | 2026-07-15 06:00 |
오늘 아침 | = | 2026-07-15 06:00 | 2026-07-15 12:00 |
2025년 3분기 | = | 2025-07-01 | 2025-10-01 |
상반기 | = | 2026-01-01 | 2026-07-01 |
작년 12월 | = | 2025-12-01 | 2026-01-01 |
지난달 말일 | = | 2026-06-30 | 2026-07-01 |
"""
NOTHING = (
    "Create a new user", "Create a user called 'monday'", "Get the user details of 'user1'", "user may be locked", "show the last 10 users",
    "limit 100", "up to 2000 users", "page 5 of 2025 results", "30 February 2025", "99/99/2025", "at 25:00", "13pm", "10.0.0.1",
    "today@example.com", "5 days", "5", "", "   ", "새 사용자를 만들어 줘", "user1의 정보를 보여줘", "2월 30일", "5일",
)  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize("line", [*TABLE.strip().splitlines(), *KOREAN.strip().splitlines()])
def test_what_words_mean(line: str) -> None:
    text, words, start, end, *rest = (part.strip() for part in line.split("|"))
    found = resolve(text, NOW, "Europe/Berlin", "en-GB")
    assert found is not None
    assert (found["text"], found["open"]) == (text if words == "=" else words, rest[0])
    assert (datetime.fromisoformat(found["start"]), datetime.fromisoformat(found["end"])) == (moment(start), moment(end))


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_time(text: str) -> None:
    assert resolve(text, NOW, "Europe/Berlin", "ko" if any(c > "가" for c in text) else "en") is None


def test_a_day_is_told_in_every_form_a_product_may_want() -> None:
    assert resolve("yesterday", NOW, "Europe/Berlin", "en") == {
        "text": "yesterday",
        "start": "2026-07-14T00:00:00+02:00",
        "end": "2026-07-15T00:00:00+02:00",
        "last": "2026-07-14T23:59:59+02:00",
        "first_day": "2026-07-14",
        "last_day": "2026-07-14",
        "start_utc": "2026-07-13T22:00:00Z",
        "end_utc": "2026-07-14T22:00:00Z",
        "timezone": "Europe/Berlin",
        "open": "",
    }


@pytest.mark.parametrize(("now", "zone", "start", "end", "hours"), [
    ("2026-03-30T12:00:00+00:00", "Europe/Berlin", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 23),
    ("2026-10-26T12:00:00+00:00", "Europe/Berlin", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25),
    ("2026-03-09T12:00:00+00:00", "America/Havana", "2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00", 23),  # midnight does not exist
    ("2026-07-15T20:00:00+00:00", "Asia/Seoul", "2026-07-15T00:00:00+09:00", "2026-07-16T00:00:00+09:00", 24),
    ("2026-07-15T02:00:00+00:00", "America/Los_Angeles", "2026-07-13T00:00:00-07:00", "2026-07-14T00:00:00-07:00", 24),
    ("2026-07-15T12:00:00+00:00", "UTC", "2026-07-14T00:00:00Z", "2026-07-15T00:00:00Z", 24),
])  # fmt: skip
def test_yesterday_is_the_day_of_the_time_zone(now: str, zone: str, start: str, end: str, hours: int) -> None:
    found = resolve("yesterday", datetime.fromisoformat(now), zone, "en")
    assert found is not None
    assert (found["start"], found["end"]) == (start, end)
    assert datetime.fromisoformat(found["end"]) - datetime.fromisoformat(found["start"]) == timedelta(hours=hours)


def test_24_hours_are_24_hours_when_the_clocks_change() -> None:
    found = resolve("past 24 hours", datetime(2026, 3, 29, 12, tzinfo=BERLIN), "Europe/Berlin", "en")
    assert found is not None
    assert found["start"] == "2026-03-28T11:00:00+01:00"


@pytest.mark.parametrize(("locale", "day"), [("en-US", "2025-03-04"), ("en", "2025-03-04"), ("en-GB", "2025-04-03"), ("de", "2025-04-03")])
def test_the_locale_tells_which_figure_is_the_month(locale: str, day: str) -> None:
    found = resolve("03/04/2025", NOW, "Europe/Berlin", locale)
    assert found is not None
    assert found["first_day"] == day


@pytest.mark.parametrize(("text", "locale", "words", "first", "last"), [
    ("Zeig mir alle Einträge von gestern", "de", "gestern", "2026-07-14", "2026-07-14"),
    ("letzte Woche", "de", "letzte Woche", "2026-07-06", "2026-07-12"),
    ("montre les journaux du 3 mars 2025", "fr", "3 mars 2025", "2025-03-03", "2025-03-03"),
    ("ayer", "es", "ayer", "2026-07-14", "2026-07-14"),
    ("昨日", "ja", "昨日", "2026-07-14", "2026-07-14"),
    ("audit logs from yesterday", "de", "yesterday", "2026-07-14", "2026-07-14"),
])  # fmt: skip
def test_other_languages_have_points(text: str, locale: str, words: str, first: str, last: str) -> None:
    found = resolve(text, NOW, "Europe/Berlin", locale)
    assert found is not None
    assert (found["text"], found["first_day"], found["last_day"]) == (words, first, last)


@pytest.mark.parametrize(
    ("text", "locale"), [("zeige alle Benutzer", "de"), ("Erstelle Benutzer user1", "de"), ("crear un usuario", "es"), ("12", "fr")]
)
def test_other_languages_have_words_that_are_no_times(text: str, locale: str) -> None:
    assert resolve(text, NOW, "Europe/Berlin", locale) is None


LINES = [*TABLE.strip().splitlines(), *KOREAN.strip().splitlines()]
EXPRESSIONS = st.sampled_from([line.split("|")[0].strip() for line in LINES])
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Seoul", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]
)
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@example("year to date", datetime(2000, 1, 1, tzinfo=UTC), "UTC")
@given(EXPRESSIONS, MOMENTS, ZONES)
@settings(max_examples=300, deadline=None)
def test_a_time_begins_before_it_ends_and_says_the_same_in_utc(text: str, now: datetime, zone: str) -> None:
    found = resolve(text, now, zone, "en-GB")
    assert found is not None
    start, end, last = (datetime.fromisoformat(found[name]) for name in ("start", "end", "last"))
    assert start <= last < end
    assert (start, end) == (datetime.fromisoformat(found["start_utc"]), datetime.fromisoformat(found["end_utc"]))
    assert found["first_day"] <= found["last_day"]
    assert found["text"] in text


@given(EXPRESSIONS, st.integers(1, 40), MOMENTS)
@settings(max_examples=100, deadline=None)
def test_a_part_of_an_expression_never_breaks_it(text: str, cut: int, now: datetime) -> None:
    resolve(text[:cut], now, "Europe/Berlin", "en")
    resolve(text[cut:] + " " + text[:cut], now, "Europe/Berlin", "en")


@given(st.text(max_size=300), MOMENTS)
@settings(max_examples=200, deadline=None)
def test_any_text_is_answered(text: str, now: datetime) -> None:
    found = resolve(text, now, "Asia/Seoul", "ko")
    assert found is None or found["start"] != found["end"]


@pytest.mark.parametrize("hostile", ["yesterday" + " " * 1900 + "x today", "1 " * 900, "from to " * 240, "monday, " * 240, "10월 3일 " * 240])
def test_a_hostile_text_comes_to_an_end(hostile: str) -> None:
    resolve(hostile, NOW, "Europe/Berlin", "en")


@pytest.mark.parametrize("text", ["10월 3일부터 5일까지의 로그", "from 3 to 5 October"])
def test_days_that_have_begun_and_not_ended_are_those_of_this_year(text: str) -> None:
    found = resolve(text, datetime(2026, 10, 4, tzinfo=BERLIN), "Europe/Berlin", "en")
    assert found is not None
    assert (found["first_day"], found["last_day"]) == ("2026-10-03", "2026-10-05")
