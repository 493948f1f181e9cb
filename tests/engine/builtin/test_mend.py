"""Refusals in words, and what becomes of the value."""

import pytest

from engine.builtin.mend import mended

MENDED = [
    ("This is an admin user!", "may hold letters, digits and spaces only", "This is an admin user"),
    ("a-b_c!", "must only contain letters, digits, hyphens and underscores", "a-b_c"),
    ("Hi there!", 'must not contain "!"', "Hi there"),
    ("Hi, there", "commas are not allowed; must not contain a comma", "Hi there"),
    ("AnnA", "must be lower case", "anna"),
    ("abc", "use upper-case letters", "ABC"),
    ("one two three", "at most 8 characters", "one two"),
    ("abcdefghij", "must be at most 4 characters long", "abcd"),
    ("High", "must be one of: low, medium, high", "high"),
    ("in progress", "should be one of 'OPEN', 'IN_PROGRESS' or 'DONE'", "IN_PROGRESS"),
    ("2026-11-19T00:00:00+01:00", "must be a date in the form YYYY-MM-DD", "2026-11-19"),
]


@pytest.mark.parametrize(("value", "message", "wanted"), MENDED)
def test_a_refused_text_is_cut_to_what_the_message_admits(value: str, message: str, wanted: str):
    assert mended(value, message) == wanted


HOPELESS = [
    ("x", "is taken"),
    ("urgent", "must be one of: low, medium, high"),
    ("2026-11-19T00:00:00Z", "must be a date-time in the past"),
    (5, "must be at most 3"),
    ("!!!", "may hold letters only"),
    ("abc", "must be lower case"),
]


@pytest.mark.parametrize(("value", "message"), HOPELESS)
def test_what_cutting_cannot_mend_is_given_up(value: object, message: str):
    assert mended(value, message) is None
