"""What a run came to: how many cases passed, by set; what was done instead of what; how long it took and what it cost. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from feedback.outcomes import Outcome
from feedback.statistics import Estimate, quantile, wilson

ACTIONS = ("call", "clarify", "refuse", "reply")


@dataclass(frozen=True, slots=True)
class Played:
    """One case with all its plays. It passed if each of them did (pass^k)."""

    id: str
    set: str
    plays: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        return all(each.passed for each in self.plays)

    @property
    def judged(self) -> bool:
        """Whether anything was expected of it."""
        return self.plays[0].expected is not None

    def mean(self, of: Callable[[Outcome], float]) -> float:
        return sum(map(of, self.plays)) / len(self.plays)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the cases of a set, or of all. `single`: the share of single plays that passed; with one play a case it is the rate."""

    name: str
    cases: int
    passed: int
    rate: Estimate
    single: float


@dataclass(frozen=True, slots=True)
class Spent:
    """Over all plays. `cost`: US dollars; None where a price is not known."""

    p50: float
    p95: float
    most: float
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    model: str
    repeats: int
    all: Figures
    sets: tuple[Figures, ...]
    confusion: Mapping[str, Mapping[str, int]]  # plays: what was expected, then what was done
    missed: Mapping[str, int]  # plays that missed something of this kind
    spent: Spent
    unjudged: int


def by_case(outcomes: Iterable[Outcome]) -> list[Played]:
    """In the order in which their first plays come."""
    found: dict[str, list[Outcome]] = {}
    for each in outcomes:
        found.setdefault(each.id, []).append(each)
    return [Played(identifier, plays[0].set, tuple(plays)) for identifier, plays in found.items()]


def summary(model: str, outcomes: Sequence[Outcome]) -> Summary:
    played = by_case(outcomes)
    judged = [case for case in played if case.judged]
    sets = dict.fromkeys(case.set for case in judged)
    return Summary(
        model=model,
        repeats=max((len(case.plays) for case in played), default=0),
        all=figures("all", judged),
        sets=tuple(figures(name, [case for case in judged if case.set == name]) for name in sets),
        confusion=confusion(play for case in judged for play in case.plays),
        missed=dict(Counter(kind for play in outcomes for kind in sorted({each.kind for each in play.missed}))),
        spent=spent(outcomes),
        unjudged=len(played) - len(judged),
    )


def figures(name: str, cases: Sequence[Played]) -> Figures:
    passed = sum(case.passed for case in cases)
    single = sum(case.mean(lambda play: float(play.passed)) for case in cases) / len(cases) if cases else 0.0
    return Figures(name, len(cases), passed, wilson(passed, len(cases)), single)


def confusion(plays: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    counts: Counter[tuple[str, str]] = Counter()
    for play in plays:
        expected = (play.expected or {})["action"]
        as_expected = all(each.kind != "action" for each in play.missed)
        counts[expected, expected if as_expected else play.action] += 1
    there = [action for action in ACTIONS if any(action in pair for pair in counts)]
    return {one: {other: counts[one, other] for other in there} for one in there if any(pair[0] == one for pair in counts)}


def spent(outcomes: Sequence[Outcome]) -> Spent:
    seconds = [each.seconds for each in outcomes]
    costs = [each.usage.cost for each in outcomes]
    known = [cost for cost in costs if cost is not None]
    return Spent(
        p50=quantile(seconds, 0.5),
        p95=quantile(seconds, 0.95),
        most=max(seconds, default=0.0),
        calls=sum(each.usage.calls for each in outcomes),
        input_tokens=sum(each.usage.input_tokens for each in outcomes),
        output_tokens=sum(each.usage.output_tokens for each in outcomes),
        cost=sum(known) if len(known) == len(costs) else None,
    )


def failed(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Of each case that did not pass the first play that shows it."""
    return [next(play for play in case.plays if not play.passed) for case in by_case(outcomes) if not case.passed]
