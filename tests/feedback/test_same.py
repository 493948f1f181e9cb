"""Whether a value is the expected one to a person: the rules of docs/evaluation.md, line by line."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.same import same


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (1000, 1000.0), ("1,000", 1000), ("1000.00", 1000), (5, "5"), ("+5", 5), (-0.5, "-0.5"), (1e3, "1000"),
        ("Night shift", "night  SHIFT "), ("O’Brien", "O'Brien"), ("ﬁne", "fine"), ("Zu\u0308rich", "Zürich"), ("007", "007"),
        (True, "True"), ("false", False), (None, None),
        ("2026-11-27T00:00:00+01:00", "2026-11-26T23:00:00Z"), ("2026-11-27t00:00:00.000z", "2026-11-27 00:00Z"),
        ([1, "A"], ["1", "a"]), ({"a": 1, "b": 2}, {"a": "1"}), ({"a": {"b": [True]}}, {"a": {"b": ["true"]}}), ({"a": 1}, {"a": 1, "c": None}),
        ("x", {"any_of": ["y", "X"]}), ([{"n": 2, "m": 1}], [{"n": {"any_of": [1, 2]}}]), ({"any_of": 1, "b": 1}, {"any_of": 1, "b": 1}),
        (None, {"any_of": [1, None]}),
    ],
)  # fmt: skip
def test_these_are_the_same(got: Any, wanted: Any) -> None:
    assert same(got, wanted)


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (1, 2), ("10,00", 1000), ("1.10", "1.1"), ("007", "7"), ("5 days", 5), ("x", 1), ("", 0), ("a-1", "a1"), ("Ann", "Anna"), ("NaN", 1),
        ("Infinity", 1),
        (True, 1), (0, False), ("yes", True), (True, ["true"]), (None, "null"), (None, ""), (None, 0), (None, False), ("", None), ({}, None),
        ("2026-11-27T00:00:00Z", "2026-11-27T00:00:00+01:00"), ("2026-11-27", "2026-11-27T00:00:00Z"),
        ("2026-13-41T00:00:00Z", "2026-13-41T00:00:01Z"),
        ([1], 1), (1, [1]), ([1, 2], [2, 1]), ([1], [1, 2]), ("ab", ["a", "b"]), ({"a": 1}, {"b": 1}), ("a", {"a": 1}), ([], {}),
        ("z", {"any_of": ["y", "x"]}),
    ],
)  # fmt: skip
def test_these_are_not(got: Any, wanted: Any) -> None:
    assert not same(got, wanted)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.from_regex(r"[+-]?\d{1,4}(,\d{3})?(\.\d)?", fullmatch=True))


@settings(deadline=None)
@given(st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3))), SCALARS)
def test_any_values_can_be_compared_and_a_value_is_itself(value: Any, other: Any) -> None:
    assert same(value, value) or "nan" in repr(value)
    assert same(value, other) in (True, False)


@settings(deadline=None)
@given(SCALARS, SCALARS)
def test_it_is_the_same_the_other_way_round(one: Any, two: Any) -> None:
    assert same(one, two) == same(two, one)
