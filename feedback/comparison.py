"""Two models on the same cases: the difference, how uncertain it is, and whether the loss is small enough to release."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.outcomes import Outcome
from feedback.statistics import Estimate, bootstrap, mcnemar
from feedback.summary import Played, by_case
from runtime.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Difference:
    """Candidate less baseline, in the share of cases that passed. `only_*`: the cases that one of the two passed alone."""

    name: str
    cases: int
    rate: Estimate
    only_baseline: int
    only_candidate: int
    chance: float  # of so uneven a split if neither is better (McNemar, exact)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`seconds` and `cost` (None: a price is not known) are differences of the mean of a play. `apart`: cases of which only one has results."""

    baseline: str
    candidate: str
    all: Difference
    sets: tuple[Difference, ...]
    seconds: Estimate
    cost: Estimate | None
    lost: tuple[str, ...]
    won: tuple[str, ...]
    apart: tuple[str, ...]

    def holds(self, max_loss: float) -> bool:
        """Whether the loss is below this with the certainty of the interval: its lower end decides, so too few cases do not pass."""
        return self.all.rate.low >= -max_loss


def compare(baseline: Sequence[Outcome], candidate: Sequence[Outcome], names: tuple[str, str]) -> Comparison:
    """`names`: what the report calls the two."""
    first, second = _whole(baseline), _whole(candidate)
    pairs = [(first[identifier], second[identifier]) for identifier in first if identifier in second]
    if not pairs:
        raise InvalidRequest("The results have no case in common that was played to its end.", code="results_not_comparable")
    for one, two in pairs:
        _of_one_case(one, two)
    sets = dict.fromkeys(one.set for one, _ in pairs)
    costs = [_costs(one, two) for one, two in pairs]
    return Comparison(
        baseline=names[0],
        candidate=names[1],
        all=difference("all", pairs),
        sets=tuple(difference(name, [pair for pair in pairs if pair[0].set == name]) for name in sets),
        seconds=bootstrap([two.mean(_seconds) - one.mean(_seconds) for one, two in pairs]),
        cost=None if None in costs else bootstrap([cost for cost in costs if cost is not None]),
        lost=tuple(one.id for one, two in pairs if one.passed and not two.passed),
        won=tuple(one.id for one, two in pairs if two.passed and not one.passed),
        apart=tuple(
            sorted(identifier for identifier in _judged(baseline) | _judged(candidate) if identifier not in first or identifier not in second)
        ),
    )


def _judged(outcomes: Sequence[Outcome]) -> set[str]:
    return {each.id for each in outcomes if each.expected is not None}


def _whole(outcomes: Sequence[Outcome]) -> dict[str, Played]:
    """The cases of which no play is missing."""
    cases = [case for case in by_case(outcomes) if case.judged]
    most = max((len(case.plays) for case in cases), default=0)
    return {case.id: case for case in cases if len(case.plays) == most}


def _of_one_case(one: Played, two: Played) -> None:
    if {each.digest for each in one.plays} != {each.digest for each in two.plays}:
        raise InvalidRequest(f"The case {one.id!r}, its document or its clock changed between the two results.", code="results_of_other_cases")
    if len(one.plays) != len(two.plays):
        detail = (
            f"The case {one.id!r} was played {len(one.plays)} and {len(two.plays)} times; all plays of a case must pass, so these cannot be compared."
        )
        raise InvalidRequest(detail, code="results_of_other_repeats")


def difference(name: str, pairs: Sequence[tuple[Played, Played]]) -> Difference:
    one, two = (sum(pair[n].passed and not pair[1 - n].passed for pair in pairs) for n in (0, 1))
    rate = bootstrap([float(after.passed) - float(before.passed) for before, after in pairs])
    return Difference(name, len(pairs), rate, one, two, mcnemar(one, two))


def _seconds(play: Outcome) -> float:
    return play.seconds


def _costs(one: Played, two: Played) -> float | None:
    if any(play.usage.cost is None for case in (one, two) for play in case.plays):
        return None
    return two.mean(lambda play: play.usage.cost or 0.0) - one.mean(lambda play: play.usage.cost or 0.0)
