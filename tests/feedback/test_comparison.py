"""Two models on the same cases: counts, the interval, and the gate."""

import pytest

from feedback.comparison import compare
from feedback.outcomes import Outcome, Usage
from feedback.report import Report, status
from runtime.errors import InvalidRequest
from tests.feedback.played import result

NAMES = ("old", "new")


def results(pattern: str, **more: object) -> list[Outcome]:
    return [result(f"c{number}", passed=letter == "+", **more) for number, letter in enumerate(pattern)]


def test_a_case_counts_for_who_alone_gets_it_right() -> None:
    found = compare(results("++--+"), results("+--++"), NAMES)
    assert (found.all.cases, found.all.only_baseline, found.all.only_candidate, found.all.rate.value) == (5, 1, 1, 0)
    assert (found.lost, found.won, found.apart) == (("c1",), ("c3",), ())
    assert (found.baseline, found.candidate) == NAMES
    assert found.all.rate.low < 0 < found.all.rate.high


def test_sets_are_compared_each_for_itself() -> None:
    before = [result("a", passed=True, set="x"), result("b", passed=False, set="y")]
    after = [result("a", passed=False, set="x"), result("b", passed=True, set="y")]
    assert [(each.name, each.rate.value) for each in compare(before, after, NAMES).sets] == [("x", -1), ("y", 1)]


def test_time_and_cost_are_differences_of_pairs() -> None:
    slow = [each.model_copy(update={"seconds": 2.25, "usage": Usage(cost=0.75)}) for each in results("+-+")]
    found = compare(results("+++"), slow, NAMES)
    assert found.seconds.value == pytest.approx(2)
    assert found.cost is not None
    assert found.cost.value == pytest.approx(0.25)
    unknown = [each.model_copy(update={"usage": Usage(cost=None)}) for each in slow[:1]] + slow[1:]
    assert compare(results("+++"), unknown, NAMES).cost is None


def test_the_gate_holds_by_the_lower_end_of_the_interval() -> None:
    before, after = results("+" * 200), results("+" * 197 + "---")
    found = compare(before, after, NAMES)
    assert found.all.rate.value == pytest.approx(-0.015)
    assert found.all.rate.low < -0.02  # the loss seen is below 2 %, but more of it cannot be ruled out
    assert (found.holds(0.02), found.holds(-found.all.rate.low), found.holds(0.06)) == (False, True, True)
    assert compare(after, before, NAMES).holds(0)
    assert compare(before, before, NAMES).holds(0)


@pytest.mark.parametrize(
    ("before", "after", "max_loss", "ends"),
    [
        ("++", "++", None, 0),
        ("++", "+-", None, 1),
        ("+-", "+-", 0.0, 0),
        ("++", "+-", 0.1, 1),
        ("++", "+", 0.5, 2),
        ("+", "++", 0.5, 2),
        ("+-", "++", 0.0, 0),
    ],
)
def test_the_exit_status_is_the_gates_where_there_is_one(before: str, after: str, max_loss: float | None, ends: int) -> None:
    one, two = results(before), results(after)
    report = Report("t", two, (), one, compare(one, two, NAMES), max_loss)
    assert status(report) == ends


def test_results_that_are_not_of_the_same_are_not_compared() -> None:
    def refused(before: list[Outcome], after: list[Outcome]) -> str:
        with pytest.raises(InvalidRequest) as caught:
            compare(before, after, NAMES)
        return caught.value.code

    assert refused(results("+"), [result("z", passed=True)]) == "results_not_comparable"
    assert refused(results("+"), results("+", digest="other")) == "results_of_other_cases"
    assert refused(results("+"), [*results("+"), *results("+", repeat=1)]) == "results_of_other_repeats"
    halves = [*results("++"), *results("+", repeat=1)]  # of c1 a play is missing
    assert compare(halves, halves, NAMES).apart == ("c1",)
