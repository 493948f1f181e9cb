"""What a run of cases is reported from, whatever the form; as data, and as the exit status of the command."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from feedback.comparison import Comparison
from feedback.judging import Judging
from feedback.outcomes import Outcome
from feedback.playing import NotPlayed
from feedback.summary import Summary, failed, summary

JSON: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Report:
    """`against` are the results of the baseline, where there is one; `max_loss` is the release gate's, if that is asked for."""

    title: str
    outcomes: Sequence[Outcome]
    not_played: Sequence[NotPlayed] = ()
    against: Sequence[Outcome] = ()
    comparison: Comparison | None = None
    max_loss: float | None = None
    judging: Judging | None = None

    @property
    def summaries(self) -> list[Summary]:
        """Of the model, and of the baseline, by the names that the comparison has for them."""
        names = (self.comparison.candidate, self.comparison.baseline) if self.comparison else (None, None)
        runs = zip(names, (self.outcomes, self.against), strict=True)
        return [summary(name or run[0].model, run) for name, run in runs if run]

    @property
    def passes_gate(self) -> bool | None:
        """None: no gate was asked for, or it cannot be judged."""
        if self.max_loss is None or self.comparison is None or self.comparison.apart or self.not_played:
            return None
        return self.comparison.holds(self.max_loss)


def status(report: Report) -> int:
    """0: all cases passed, or the gate holds; 1: some did not, or it does not; 2: some were not played, so that neither can be said."""
    if report.not_played or (report.max_loss is not None and report.passes_gate is None):
        return 2
    if report.max_loss is not None:
        return 0 if report.passes_gate else 1
    return 1 if failed(report.outcomes) else 0


def as_data(report: Report) -> dict[str, JSON]:
    told = report.summaries
    return {
        "format": 1,
        "title": report.title,
        "run": told[0] if told else None,
        "failed": [each.model_dump(mode="json") for each in failed(report.outcomes)],
        "not_played": report.not_played,
        "against": told[1] if len(told) > 1 else None,
        "comparison": report.comparison,
        "judge": report.judging.report() if report.judging else None,
        "gate": {"max_loss": report.max_loss, "passes": report.passes_gate} if report.max_loss is not None else None,
    }
