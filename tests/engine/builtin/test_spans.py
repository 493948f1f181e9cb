"""Which spans of a text may be values."""

import pytest

from engine.builtin.spans import Span, spans

HELD = [
    ("the weather in San Diego, CA please", "San Diego, CA"),
    ("I spent it at Trader Joe's", "Trader Joe's"),
    ("it takes 6 months", "6 months"),
    ("I weigh 60kg", "60"),
    ("at 5 percent", "5 percent"),
    ("twenty five people", "twenty five"),
    ("about 3 million dollars", "3 million"),
    ("say it: I will be late.", "I will be late"),
    ("read ```my text, all of it``` now", "my text, all of it"),
    ("Bank of America accounts", "Bank of America"),
    ("a science fiction movie", "science fiction"),
    ("what is at 34.05, -118.24?", "34.05, -118.24"),
]


def found(text: str, heads: frozenset[str] = frozenset()) -> tuple[Span, ...]:
    return spans(text, frozenset(), (), heads)


@pytest.mark.parametrize(("text", "value"), HELD)
def test_a_value_is_among_the_spans_where_it_stands(text: str, value: str):
    assert (text.index(value), text.index(value) + len(value)) in [(s.start, s.end) for s in found(text) if s.text == value]


LISTS = [
    ("sort [3, 1, 2] now", ["3", "1", "2"]),
    ("['a b', 'c'] please", ["a b", "c"]),
    ("[1,2,3]", ["1", "2", "3"]),
    ("with apples, pears and plums", ["apples", "pears", "plums"]),
    ("a burger, fries and a coke", ["burger", "fries", "coke"]),
    ("of Australia, Canada, and India?", ["Australia", "Canada", "India"]),
    ("latitude 40.7 and longitude -74.5", ["40.7", "-74.5"]),
]


@pytest.mark.parametrize(("text", "items"), LISTS)
def test_items_joined_by_commas_brackets_or_words_are_a_list(text: str, items: list[str]):
    assert items in [[item.text for item in s.items] for s in found(text)]


def test_nothing_inside_of_quotation_marks_or_brackets_is_a_value_of_its_own():
    text = "say 'see you in Rome' about [4, 5]"
    assert not [s.text for s in found(text) if s.text in ("Rome", "4", "5", "you", "4, 5")]


def test_little_words_alone_are_no_value():
    assert not [s for s in found("what is the second one under it?") if s.kind != "rest"]


def test_what_follows_the_name_of_a_field_may_be_its_value_to_the_end():
    assert "git status --short" in [s.text for s in found("run the command git status --short.", frozenset({"command"}))]
    assert "git status --short" not in [s.text for s in found("run the command git status --short.")]


def test_words_that_are_taken_already_are_no_part_of_a_span():
    assert [s.text for s in spans("Rome yesterday", frozenset(), ((5, 14),))] == ["Rome"]
