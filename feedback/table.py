"""A report of cases for the terminal. Pure."""

from collections.abc import Iterator, Sequence

from feedback.comparison import Comparison, Difference
from feedback.outcomes import Outcome
from feedback.report import Report
from feedback.statistics import Estimate
from feedback.summary import Figures, Summary, failed

_FAILED = 20  # that are shown; --html and --out hold all


def lines(report: Report) -> Iterator[str]:
    """What customers, documents and models wrote cannot steer the terminal."""
    return (printable(line) for line in _lines(report))


def printable(line: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in line)


def _lines(report: Report) -> Iterator[str]:
    for each in report.summaries:
        yield from summary_lines(each)
        yield ""
    if report.judging:
        yield from report.judging.told()
        yield ""
    if report.comparison:
        yield from comparison_lines(report.comparison)
        yield from gate_lines(report)
    wrong = failed(report.outcomes)
    for one in wrong[:_FAILED]:
        yield from failure_lines(one)
    if len(wrong) > _FAILED:
        yield f"and {len(wrong) - _FAILED:,} more"
    for broken in report.not_played:
        yield f"not played: {broken}"


def summary_lines(found: Summary) -> Iterator[str]:
    plays = f"each played {found.repeats} times, of which all must pass" if found.repeats > 1 else "each played once"
    yield f"{found.model}: {found.all.passed:,} of {found.all.cases:,} cases passed, {plays}"
    width = max(len(each.name) for each in (*found.sets, found.all))
    for each in (*(found.sets if len(found.sets) > 1 else ()), found.all):
        yield f"  {each.name:{width}}  {_figures(each, found.repeats)}"
    if found.unjudged:
        yield f"  {found.unjudged:,} without an expectation were played and not judged"
    if found.missed:
        yield "  missed: " + ", ".join(f"{kind} {number:,}" for kind, number in sorted(found.missed.items(), key=lambda each: -each[1]))
    for expected, did in found.confusion.items():
        if others := ", ".join(f"{action} {number:,}" for action, number in did.items() if number and action != expected):
            yield f"  expected {expected}, but did: {others}"
    spent = found.spent
    cost = "cost unknown" if spent.cost is None else f"${spent.cost:.4f}"
    used = f"{spent.calls:,} model calls, {spent.input_tokens:,} + {spent.output_tokens:,} tokens, {cost}"
    yield f"  {spent.p50:.3f} s (p50), {spent.p95:.3f} s (p95); {used}"


def _figures(found: Figures, repeats: int) -> str:
    single = f"  single plays {found.single:.3f}" if repeats > 1 else ""
    return f"{found.passed:>5,} of {found.cases:<5,}  {found.rate.value:.3f}  ({found.rate.low:.3f} to {found.rate.high:.3f}){single}"


def comparison_lines(found: Comparison) -> Iterator[str]:
    yield f"{found.candidate} less {found.baseline}, on the same {found.all.cases:,} cases (95 % intervals):"
    width = max(len(each.name) for each in (*found.sets, found.all))
    for each in (*(found.sets if len(found.sets) > 1 else ()), found.all):
        yield f"  {each.name:{width}}  {_difference(each)}"
    yield f"  seconds a play  {_signed(found.seconds, 3)}"
    yield f"  dollars a play  {_signed(found.cost, 5) if found.cost else 'unknown'}"
    for said, cases in (("lost", found.lost), ("won", found.won), ("only one has results of", found.apart)):
        if cases:
            yield f"  {said}: {_some(cases)}"


def _difference(found: Difference) -> str:
    if not found.only_baseline + found.only_candidate:  # resampling differences that are all 0 would say that there can be none
        return f"{found.cases:>5,} cases  no case differs"
    alone = f"only baseline {found.only_baseline}, only candidate {found.only_candidate} (p {found.chance:.3f})"
    return f"{found.cases:>5,} cases  {_signed(found.rate, 3)}  {alone}"


def _signed(found: Estimate, digits: int) -> str:
    return f"{found.value:+.{digits}f}  ({found.low:+.{digits}f} to {found.high:+.{digits}f})"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_FAILED]) + (f" and {len(names) - _FAILED:,} more" if len(names) > _FAILED else "")


def gate_lines(report: Report) -> Iterator[str]:
    if report.max_loss is None or report.comparison is None:
        return
    low = report.comparison.all.rate.low
    if report.passes_gate is None:
        yield "  gate: cannot be judged, since not all cases have results of both"
    else:
        sign = "passed" if report.passes_gate else "failed"
        yield f"  gate {sign}: the lower end of the difference is {low:+.3f}, allowed is {-report.max_loss:+.3f}"


def failure_lines(one: Outcome) -> Iterator[str]:
    repeat = f", play {one.repeat + 1}" if one.repeat else ""
    yield f"failed: {one.id} ({one.set}{repeat}): {' / '.join(one.say)!r}"
    for each in one.missed:
        yield f"    {each}"
