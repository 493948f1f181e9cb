"""The judge's part of a run of cases: which replies it judges, which of its verdicts count, and how that is told. What asks it is handed in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from feedback.agreement import Agreement, measured
from feedback.asking import Ask, Spending
from feedback.cases import CaseFile
from feedback.judge import Judged, Judgement, judged_all
from feedback.outcomes import Outcome
from feedback.verdict import Missed


@dataclass(frozen=True, slots=True)
class Judging:
    """`verdicts`: those of each run's plays of the cases that have a rubric, in order. `took`: what all questions took, in words."""

    model: str
    agreement: Agreement
    verdicts: tuple[tuple[Outcome, Judgement], ...]
    took: str

    def report(self) -> dict[str, Any]:
        found = [{"model": play.model, "id": play.id, "repeat": play.repeat, **asdict(judgement)} for play, judgement in self.verdicts]
        return {"model": self.model, "agreement": self.agreement.report(), "verdicts": found, "took": self.took}

    def told(self) -> Iterator[str]:
        """For people; the agreement stands beside the verdicts."""
        numbers = {kind: sum(judgement.verdict == kind for _, judgement in self.verdicts) for kind in ("pass", "fail", "cannot_tell")}
        counts = f"{numbers['pass']:,} pass, {numbers['fail']:,} fail, {numbers['cannot_tell']:,} cannot tell"
        yield f"judge {self.model}: {counts}; {self.took}"
        yield f"  {self.agreement.told()}"
        for play, judgement in self.verdicts:
            if judgement.verdict == "cannot_tell" or (judgement.verdict == "fail" and not self.agreement.trusted):
                yield f"  not counted: {play.id}: {judgement.verdict}: {judgement.reason}"


async def judging(ask: Ask, model: str, file: CaseFile, plays: Sequence[Outcome]) -> Judging:
    """First what people have judged, then what they have not. A play that misses something already is judged all the same."""
    spending, rubrics = Spending(), rubrics_of(file)
    agreement = await measured(ask, spending)
    due = [play for play in plays if play.id in rubrics]
    found = await judged_all(ask, [Judged(rubrics[play.id], play.text, play.say) for play in due], spending)
    return Judging(model, agreement, tuple(zip(due, found, strict=True)), spending.told())


def rubrics_of(file: CaseFile) -> Mapping[str, str]:
    return {case.id: case.rubric for case in file.cases if case.rubric is not None}


def counted(plays: Sequence[Outcome], found: Judging, file: CaseFile) -> list[Outcome]:
    """The plays with what the judge says against them, if it is to be trusted. Of what it cannot tell nothing is held against anybody."""
    rubrics = rubrics_of(file)
    against = {id(play): judgement for play, judgement in found.verdicts if judgement.verdict == "fail" and found.agreement.trusted}
    return [
        play.model_copy(update={"missed": (*play.missed, Missed(kind="judged", expected=rubrics[play.id], got=against[id(play)].reason))})
        if id(play) in against else play
        for play in plays
    ]  # fmt: skip
