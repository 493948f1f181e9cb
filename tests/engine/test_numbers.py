"""Numbers in words: what is one, and what is only a part of one or a word that looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.matching import typed
from engine.words import read


@pytest.mark.parametrize(
    ("value", "text", "span"),
    [
        (20, "a wall of 20ft", "20ft"),
        (0, "ice at 0°C", "0°C"),
        (23, "a 23-year-old dog", "23-year-old"),
        (0.5, "a 0.5-second window", "0.5-second"),
        (5, "a 5-star hotel", "5-star"),
        (5, "error 5-abc", None),
        (42, "user 42-a", None),
        (5, "at 5%", "5%"),
        (0.05, "at 5%", "5%"),
        (0.05, "at 5 percent", "5"),
        (0.05, "5 of them", None),
        (2.5, "inflation of 2.5%", "2.5%"),
        (-119.5383, "37.8651 N, 119.5383 W", "119.5383"),
        (-33.9, "33.9° south", "33.9°"),
        (-5, "5 W", None),
        (20, "aged 20-30", "20-30"),
        (30, "aged 20-30", "20-30"),
        (30, "from 30-20", None),
        (555, "call 555-1234", None),
        (1000.5, "pay 1.000,50 euro", "1.000,50"),
        (1, "pay 1.000,50 euro", None),
        (50, "pay 1.000,50 euro", None),
        (1.5, "pay 1,5 euro", "1,5"),
        (5, "pay 1,5 euro", None),
        (2.5, "€2,50, please", "2,50"),
        (50, "€2,50, please", None),
        (1.5, "1,5kg of rice", "1,5kg"),
        (1, "1,5kg of rice", None),
        (1, "rooms 1,2", "1"),  # a list as well as a number
        (1.2, "rooms 1,2", "1,2"),
        (2, "rooms 1,2 and 3", "2"),
        (1_234_567, "1.234.567 won", "1.234.567"),
        (192_168_100_200, "at 192.168.100.200", None),
        (1500, "pay 1.500 euro", "1.500"),
        (1.5, "pay 1.500 euro", "1.500"),
        (500, "0.500 of it", None),
        (1_500_000, "$1.5m", "1.5m"),
        (1.5, "$1.5m", None),
        (10_000, "$10k a year", "10k"),
        (2_000_000_000, "€2bn", "2bn"),
        (1_500_000, "€1,5m", "1,5m"),
        (1_500_000, "1.5m euros", "1.5m"),
        (5, "in 5m", "5m"),
        (5, "table 5 300 people", "5"),
        (300, "table 5 300 people", "300"),
        (5300, "table 5 300 people", None),
        (10_000, "order 10 000", "10 000"),
        (5300, "pay 5 300 euro", "5 300"),
        (1, "one ticket", "one"),
        (1, "a one way flight", None),
        (1, "help one another", None),
        (1_200_000_000, "1200 million", "1200 million"),
        (1200, "1200 million", None),
        (25, "스물다섯 명", "스물다섯"),
        (12, "열두 개 주문", "열두"),
        (20, "스무 살", "스무"),
        (30_000, "삼만 원 보내", "삼만"),
        (12_000, "1만2천원", "1만2천원"),
        (35_000, "3만5천 원을", "3만5천"),
        (100_000_000, "1억 원", "1억"),
        (1_000, "천원만", "천원만"),
        (10_000, "만 명", "만"),
        (0.1, "십 퍼센트 할인", "십"),
        (7, "일곱시", "일곱시"),
        (3, "3명에게", "3명에게"),
        (10, "만원", None),
        (2_000, "이천에 가자", None),  # a town
        (4, "사장님", None),  # a boss
        (1, "이번 주", None),  # this week
        (2, "이 사람", None),  # this person
    ],
)
def test_a_number_is_found_whole_with_its_span(value, text, span):
    assert typed(value, read(text)) == span


@pytest.mark.parametrize(("value", "text"), [(2, "the second one"), (2, "the 2nd one"), (20, "aged 20-30"), (2, "both of them"), (2, "두 번째")])
def test_a_place_in_a_row_and_an_end_of_a_range_name_nobody(value, text):
    assert typed(value, read(text)) is not None
    assert typed(value, read(text), exact=True) is None


def test_a_number_of_millions_is_one_where_the_document_counts_in_millions():
    assert typed(1200, read("an output of 1200 million"), scale=1_000_000) == "1200 million"
    assert typed(1200, read("an output of 1200"), scale=1_000_000) == "1200"
    assert typed(12, read("an output of 1200 million"), scale=1_000_000) is None


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_number_that_is_not_there_is_not_found(said, wanted):
    found = typed(wanted, read(f"please take {said} of them"))
    assert (found is not None) is (said == wanted)


@given(st.integers(1, 9_999), st.sampled_from(["원", "명", "개"]))
def test_a_number_in_korean_figures_is_that_number_only(number, counter):
    text = korean(number) + counter
    assert typed(number, read(f"{korean(number)} {counter} 주문")) is not None or number < 10
    assert all(typed(other, read(f"{text} 주문")) is None for other in (number + 1, number * 10))


def korean(number: int) -> str:
    digits = "".join(reversed(str(number)))
    named = ((int(digit), at) for at, digit in enumerate(digits) if digit != "0")
    parts = [("" if digit == 1 and at else "일이삼사오육칠팔구"[digit - 1]) + ("", "십", "백", "천")[at] for digit, at in named]
    return "".join(reversed(parts))
