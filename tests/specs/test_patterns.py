"""Patterns that can be compiled, and what compiling them may cost."""

import pytest

from specs.patterns import MOST_OF_ALL, MOST_OF_ONE, Patterns, weighed


@pytest.mark.parametrize(
    ("pattern", "weight"),
    [
        ("abc", 3),
        ("a{5}", 5),
        ("a{2,5}b", 6),
        ("a{2,}", 2),
        ("[a-z]{10}", 50),
        ("(ab){10}", 30),
        ("((a{1,10}){1,10}){1,10}", 1_110),
        (r"\\{5}", 10),
        ("{5}", 0),
        ("a{,5}", 5),
        (")" * 3, 3),
        ("(((", 0),
        (r"\p{Lu}{3}", 18),
    ],
)
def test_a_pattern_weighs_what_it_is_with_its_repetitions_written_out(pattern: str, weight: int) -> None:
    assert weighed(pattern) == weight


@pytest.mark.parametrize("pattern", ["a{10000}", "((a{100}){100}){100}", "a" * (MOST_OF_ONE + 1), "a{99999999999999999999}"])
def test_a_pattern_that_is_too_heavy_cannot_be_used(pattern: str) -> None:
    assert not Patterns().usable(pattern)


def test_what_is_no_pattern_cannot_be_used() -> None:
    assert [Patterns().usable(one) for one in ("a+", "([", r"(?<name>a)\\k<name>")] == [True, False, True]


def test_patterns_of_a_document_end_where_they_become_too_many_and_known_ones_still_count() -> None:
    patterns, heaviest = Patterns(), MOST_OF_ALL // MOST_OF_ONE
    usable = [patterns.usable(f"a{{{MOST_OF_ONE - 1}}}{letter}") for letter in map(chr, range(0x4E00, 0x4E00 + heaviest + 5))]
    assert usable == [True] * heaviest + [False] * 5
    assert patterns.usable(f"a{{{MOST_OF_ONE - 1}}}\u4e00")
