"""Figures of groups: what the built-in model asks `show` for, by words in English and Korean."""

from typing import Any

import pytest

from engine.builtin import grouping, hangul
from tests.engine.builtin.office import Talk

ROWS: list[dict[str, Any]] = [
    {"id": 1, "login": "anna", "state": "active", "price": 9.5, "stock": "12", "created_at": "2026-01-05T10:00:00Z", "updated_at": "2026-01-06"},
    {"id": 2, "login": "bert", "state": "locked", "price": None, "stock": "3", "created_at": "2026-03-05T10:00:00Z", "updated_at": "2026-03-06"},
]
BY_STATE, BY_MONTH = {"group": ["state"]}, {"group": [{"column": "created_at", "period": "month"}]}
COUNT = {"aggregate": "count"}

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("how many persons are there per state?", {**BY_STATE, **COUNT}),
    ("number of persons by state", {**BY_STATE, **COUNT}),
    ("how many persons are in each state", {**BY_STATE, **COUNT}),
    ("list the persons grouped by state", {**BY_STATE, **COUNT}),
    ("a breakdown of the persons by state", {**BY_STATE, **COUNT}),
    ("average price by state", {**BY_STATE, "aggregate": "avg", "of": "price"}),
    ("total stock per state", {**BY_STATE, "aggregate": "sum", "of": "stock"}),
    ("median price for each state", {**BY_STATE, "aggregate": "median", "of": "price"}),
    ("total number of persons per state", {**BY_STATE, **COUNT}),
    ("chart of the persons by state", {**BY_STATE, **COUNT, "chart": "bar"}),
    ("pie chart of the persons by state", {**BY_STATE, **COUNT, "chart": "pie"}),
    ("persons per month", {**BY_MONTH, **COUNT}),
    ("draw a line graph of persons by month", {**BY_MONTH, **COUNT, "chart": "line"}),
    ("bar chart of the sum of the price per month", {**BY_MONTH, "aggregate": "sum", "of": "price", "chart": "bar"}),
    ("how many persons were updated per quarter?", {"group": [{"column": "updated_at", "period": "quarter"}], **COUNT}),
    ("list the persons by state", {}),
    ("list the persons sorted by state, and how many there are", {}),
    ("how many persons are there?", {}),
    ("how many persons per planet?", {}),
    ("the average price of all", {}),
    ("a chart of the persons", {}),
]


@pytest.mark.parametrize(("text", "wanted"), ASKED, ids=[text for text, _ in ASKED])
def test_groups_and_figures_are_taken_from_the_words(text: str, wanted: dict[str, Any]) -> None:
    assert grouping.asked(text, ROWS) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("상태별 사용자 수를 보여줘", "per state"),
        ("사용자를 월별로 보여줘", "per month"),
        ("카테고리별 평균 가격을 보여줘", "per category average price"),
        ("부서별 사용자 수를 원 그래프로 보여줘", "per department pie chart"),
        ("상태별 주문 막대 차트를 보여줘", "per state bar chart"),
    ],
)
def test_korean_words_for_groups_are_put_into_english(text: str, wanted: str) -> None:
    assert hangul.english(text).endswith((wanted, wanted.replace("state", "status")))


@pytest.mark.parametrize("text", ["특별 사용자를 보여줘", "개별 사용자를 보여줘", "사용자를 보여줘"])
def test_other_korean_words_group_nothing(text: str) -> None:
    assert " per " not in hangul.english(text)


def listed(text: str, total: int = 2) -> Talk:
    return Talk().say(text).done({"items": ROWS}, rows=2, total=total)


def test_a_list_is_grouped_when_all_of_it_was_read() -> None:
    name, arguments = listed("how many persons per state?").call or ("", {})
    assert (name, {key: value for key, value in arguments.items() if key != "result"}) == ("show", {**BY_STATE, **COUNT})
    assert listed("how many persons per state?", total=300).call is None


def test_words_for_groups_are_not_told_as_left_out() -> None:
    talk = listed("a pie chart of the persons per state").result({"from": "product", "tool": "show", "rows": 2, "value": None})
    assert talk.text == "Found 2 persons."


@pytest.mark.parametrize(
    ("text", "words"),
    [("chart of the logs by action", ["by action", "chart"]), ("logs per actor", ["per actor"]), ("how many logs by anna", []), ("logs by anna", [])],
)
def test_what_groups_names_nobody(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in grouping.certain(text)] == words


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("count customers by city as a pie chart", ["by city", "as a pie chart"]),
        ("sum of balance of customers by status", ["by status", "sum of balance"]),
        ("show the chart of accounts", ["chart"]),
    ],
)
def test_a_chart_and_a_figure_are_no_values(text: str, taken: list[str]) -> None:
    found = [text[start:end] for start, end in grouping.certain(text)]
    assert all(any(word in each for each in found) for word in taken)
