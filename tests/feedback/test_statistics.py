"""Intervals and the test of two models, held against published figures, exact enumeration and simulation."""

from itertools import product
from random import Random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.statistics import bootstrap, mcnemar, quantile, wilson


def test_wilsons_interval_is_the_published_one() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    for right, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        found = wilson(right, of)
        assert (found.value, found.low, found.high) == (right / of, pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_wilsons_interval_holds_the_rate_and_stays_between_0_and_1(right: int, wrong: int) -> None:
    found = wilson(right, right + wrong)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_bootstrap_covers_a_known_difference_as_often_as_it_says() -> None:
    """500 experiments with a known true difference: about 95 % of the intervals hold it, and neither side misses much more than its half."""
    for cases, worse, better in ((60, 0.05, 0.15), (150, 0.12, 0.06)):
        random, true = Random(cases), better - worse
        found = [
            bootstrap(random.choices((-1, 0, 1), (worse, 1 - worse - better, better), k=cases), resamples=500, seed=number) for number in range(500)
        ]
        below, above = fmean(each.high < true - 1e-9 for each in found), fmean(each.low > true + 1e-9 for each in found)
        assert 0.925 <= 1 - below - above <= 0.98
        assert max(below, above) <= 0.05
        assert fmean(each.value for each in found) == pytest.approx(true, abs=0.01)


def test_the_bootstrap_agrees_with_all_resamples_there_can_be() -> None:
    values = (0.0, 1.0, 4.0, -2.0, 9.0)
    exact = sorted(fmean(each) for each in product(values, repeat=5))
    found = bootstrap(values, resamples=20_000)
    assert exact[0] <= found.low < found.value == fmean(values) < found.high <= exact[-1]
    assert exact[int(0.01 * len(exact))] <= found.low <= exact[int(0.10 * len(exact))]
    assert exact[int(0.95 * len(exact))] <= found.high <= exact[int(0.998 * len(exact))]  # skewed to the right, so further out than 0.975


def test_it_says_the_same_every_time_and_nothing_of_what_does_not_differ() -> None:
    values = [Random(1).random() for _ in range(30)]
    assert bootstrap(values) == bootstrap(values)
    same = bootstrap([0.5] * 10)
    assert (same.value, same.low, same.high) == (0.5, 0.5, 0.5)


@settings(deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12))
def test_any_differences_have_an_interval(values: list[float]) -> None:
    found = bootstrap(values, resamples=50)
    assert min(values) - 1e-6 <= found.low <= found.high <= max(values) + 1e-6


def test_mcnemars_test_is_the_exact_one() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 5) == 1
    assert mcnemar(0, 5) == mcnemar(5, 0) == pytest.approx(2 / 2**5)
    assert mcnemar(1, 9) == pytest.approx(2 * (1 + 10) / 2**10)


def test_quantiles_are_values_that_are_there() -> None:
    assert [quantile([3, 1, 2, 4], share) for share in (0, 0.25, 0.5, 0.75, 0.95, 1)] == [1, 1, 2, 3, 4, 4]
    assert quantile([], 0.5) == 0
