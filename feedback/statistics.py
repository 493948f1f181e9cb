"""Uncertainty of what was measured: an interval for a rate, one for a paired difference, and a test of who is right more often.

- wilson: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212.
- bootstrap: BCa, B. Efron, "Better bootstrap confidence intervals", JASA 82 (1987) 171-185; the cases are drawn, so that both models keep theirs.
- mcnemar: Q. McNemar, Psychometrika 12 (1947) 153-157, in its exact form: a sign test on the cases of which one model is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, comb, sqrt
from random import Random
from statistics import NormalDist, fmean

RESAMPLES = 10_000
SEED = 20261127
LEVEL = 0.95
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its interval."""

    value: float
    low: float
    high: float


def wilson(right: int, of: int, level: float = LEVEL) -> Estimate:
    """The share `right` of `of`; of nothing all is possible."""
    if not of:
        return Estimate(0.0, 0.0, 1.0)
    z, share = _NORMAL.inv_cdf((1 + level) / 2), right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    width = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return Estimate(share, max(0.0, min(share, middle - width)), min(1.0, max(share, middle + width)))


def bootstrap(differences: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED, level: float = LEVEL) -> Estimate:
    """The mean of differences, one a case. Where all are alike there is nothing to resample: both ends are the mean."""
    mean = fmean(differences)
    if min(differences) == max(differences):
        return Estimate(mean, mean, mean)
    means = _means(differences, resamples, Random(seed))  # noqa: S311 - a fixed seed: the same figures every time
    tail = (1 - level) / 2
    below = (sum(each < mean for each in means) + sum(each == mean for each in means) / 2) / resamples
    bias = _NORMAL.inv_cdf(min(max(below, 1 / (2 * resamples)), 1 - 1 / (2 * resamples)))
    low, high = (_corrected(_NORMAL.inv_cdf(each), bias, _acceleration(differences)) for each in (tail, 1 - tail))
    return Estimate(mean, quantile(means, low), quantile(means, high))


def _means(values: Sequence[float], resamples: int, random: Random) -> list[float]:
    """Of samples as large as the values, drawn with replacement."""
    size = len(values)
    return [sum(random.choices(values, k=size)) / size for _ in range(resamples)]


def _acceleration(values: Sequence[float]) -> float:
    """By the jackknife; for a mean it is a sixth of the skewness of the values over the square root of their number."""
    mean = fmean(values)
    furthest = max(abs(value - mean) for value in values)
    if not furthest:  # they differ by less than can be told
        return 0.0
    parts = [(value - mean) / furthest for value in values]
    squares = sum(part**2 for part in parts)
    return sum(part**3 for part in parts) / (6 * squares * sqrt(squares))


def _corrected(z: float, bias: float, acceleration: float) -> float:
    return _NORMAL.cdf(bias + (bias + z) / (1 - acceleration * (bias + z)))


def mcnemar(first: int, second: int) -> float:
    """How likely so uneven a split is (two-sided) when each of the cases that only one gets right is as likely the one's as the other's."""
    both, least = first + second, min(first, second)
    return min(1.0, 2 * sum(comb(both, n) for n in range(least + 1)) / 2**both) if both else 1.0


def quantile(values: Sequence[float], share: float) -> float:
    """By nearest rank, so it is one of the values; of nothing it is 0."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0
