"""Refusals in words, and what becomes of the value."""

import pytest

from engine.builtin.mend import mended, mended_arguments

MENDED = [
    ("This is an admin user!", "may hold letters, digits and spaces only", "This is an admin user"),
    ("a-b_c!", "must only contain letters, digits, hyphens and underscores", "a-b_c"),
    ("Hi there!", 'must not contain "!"', "Hi there"),
    ("Hi, there", "commas are not allowed; must not contain a comma", "Hi there"),
    ("AnnA", "must be lower case", "anna"),
    ("abc", "use upper-case letters", "ABC"),
    ("one two three", "at most 8 characters", "one two"),
    ("abcdefghij", "must be at most 4 characters long", "abcd"),
]


@pytest.mark.parametrize(("value", "message", "wanted"), MENDED)
def test_a_refused_text_is_cut_to_what_the_message_admits(value: str, message: str, wanted: str):
    assert mended(value, message) == wanted


HOPELESS = [("x", "is taken"), (5, "must be at most 3"), ("!!!", "may hold letters only"), ("abc", "must be lower case")]


@pytest.mark.parametrize(("value", "message"), HOPELESS)
def test_what_cutting_cannot_mend_is_given_up(value: object, message: str):
    assert mended(value, message) is None


def test_one_field_that_cannot_be_mended_ends_it_for_all():
    assert mended_arguments({"a": "x!", "b": "y"}, {"a": 'must not contain "!"', "b": "is taken"}) is None
    assert mended_arguments({"a": "x!", "b": "secret:1"}, {"a": 'must not contain "!"'}) == {"a": "x", "b": "secret:1"}
    assert mended_arguments({"a": "x"}, {}) is None


def test_a_secret_is_never_changed():
    assert mended_arguments({"key": "secret:A1"}, {"key": "must be lower case"}) is None
