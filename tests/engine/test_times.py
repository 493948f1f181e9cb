"""Values that are times the words name, and those that are not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.times import first_named, written
from tools.dates_named import named

NOW = datetime(2026, 9, 21, 12, tzinfo=UTC)  # a Monday


def found(name, value, text, locale="en"):
    wanted = written(name, value)
    hit = first_named(wanted, named(text, NOW, "Asia/Seoul", locale)) if wanted else None
    return hit and hit.text


@pytest.mark.parametrize(
    ("name", "value", "text", "span"),
    [
        ("date", "2026-10-15", "book it for October 15th, 2026", "October 15th, 2026"),
        ("date", "2026-10-16", "book it for October 15th, 2026", None),
        ("date", "2025-10-15", "book it for October 15th, 2026", None),
        ("date", "07-10-2022", "from July 10, 2022 to July 20, 2022", "from July 10, 2022 to July 20, 2022"),
        ("date", "10.07.2022", "on July 10, 2022", "July 10, 2022"),
        ("date", "2022/07/10", "on July 10, 2022", "July 10, 2022"),
        ("date", "2022-13-10", "on July 10, 2022", None),
        ("end", "2022-07-20", "from July 10, 2022 to July 20, 2022", "from July 10, 2022 to July 20, 2022"),
        ("start", "2023-04-03", "from April 3rd to April 5th 2023", "from April 3rd to April 5th 2023"),
        ("until", "2023-03-31", "it ended in March 2023", "March 2023"),
        ("month", "2023-03", "it ended in March 2023", "March 2023"),
        ("month", 3, "it ended in March 2023", "March 2023"),
        ("birth_year", 2023, "it ended in March 2023", "March 2023"),
        ("month", 4, "it ended in March 2023", None),
        ("day", 15, "on October 15th", "October 15th"),
        ("day", 16, "on October 15th", None),
        ("rooms", 15, "on October 15th", None),
        ("date", "2026-09-22", "tomorrow", "tomorrow"),
        ("date", "2026-10-15", "on October 15th", "October 15th"),
        ("date", "2025-10-15", "on October 15th", "October 15th"),  # the words leave the year open: the last and the next
        ("date", "2024-10-15", "on October 15th", None),
        ("start", "2026-09-22T15:00:00+09:00", "tomorrow at 3pm", "tomorrow at 3pm"),
        ("start", "2026-09-22T06:00:00Z", "tomorrow at 3pm", "tomorrow at 3pm"),
        ("start", "2026-09-22T15:00:00", "tomorrow at 3pm", "tomorrow at 3pm"),
        ("start", "2026-09-22T16:00:00", "tomorrow at 3pm", None),
        ("start", "2026-09-22T00:00:00+09:00", "tomorrow", "tomorrow"),
        ("end", "2026-09-22T23:59:59+09:00", "tomorrow", "tomorrow"),
        ("time", "18:30", "at 6:30 PM", "6:30 PM"),
        ("hours", 6, "at 6:30 PM", "6:30 PM"),
        ("minutes", 30, "at 6:30 PM", "6:30 PM"),
        ("minutes", 31, "at 6:30 PM", None),
        ("date", "2025-10-03", "2025년 10월 3일에 예약", "2025년 10월 3일"),
        ("date", "2026-09-22", "내일 예약해줘", "내일"),
        ("time", "15:00", "오후 3시에", "오후 3시"),
        ("name", "2026-09-22x", "tomorrow", None),
        ("date", "soon", "tomorrow", None),
        ("date", True, "tomorrow", None),
    ],
)
def test_a_time_is_the_one_that_the_words_name(name, value, text, span):
    assert found(name, value, text) == span


def test_only_a_time_with_its_year_is_the_same_whenever_it_is_read():
    assert [each.written for each in named("on May 1st, 2023", NOW, "UTC", "en")] == [True]
    assert not any(each.written for each in named("tomorrow, or on May 1st", NOW, "UTC", "en"))


@given(st.dates(datetime(2020, 1, 1).date(), datetime(2030, 12, 31).date()), st.dates(datetime(2020, 1, 1).date(), datetime(2030, 12, 31).date()))  # noqa: DTZ001
def test_a_day_that_is_not_named_is_not_found(said, value):
    hit = found("date", value.isoformat(), f"on {said:%B} {said.day}, {said.year}")
    assert (hit is not None) is (said == value)


@given(st.text(max_size=60), st.one_of(st.text(max_size=25), st.integers()))
def test_looking_for_a_time_never_fails(text, value):
    found("day", value, text)
