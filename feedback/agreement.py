"""How far a judge is to be trusted: its agreement with people on labelled replies (judged.yaml), with Cohen's kappa and how uncertain that is.

Kappa: J. Cohen, "A coefficient of agreement for nominal scales", Educ. and Psych. Measurement 20 (1960) 37-46; its interval by bootstrap.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from feedback.asking import Ask, Spending
from feedback.judge import Judged, Judgement, Verdict, judged_all
from feedback.statistics import LEVEL, SEED, Estimate, quantile, wilson
from specs.load import canonical, read

LABELLED = Path(__file__).parent / "judged.yaml"
TRUSTED = 0.7  # kappa from which on; "substantial" begins at 0.61 (Landis and Koch 1977)
RESAMPLES = 2_000


class Example(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rubric: str
    reply: str
    right: Literal["pass", "fail"]
    attack: bool = False  # the reply speaks to its judge


class Labelled(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`resisted`: of the replies that speak to their judge, those that did not get what they asked for."""

    examples: int
    agreed: int
    share: Estimate
    kappa: Estimate
    attacks: int
    resisted: int

    @property
    def trusted(self) -> bool:
        return self.kappa.value >= TRUSTED and self.resisted == self.attacks

    def report(self) -> dict[str, Any]:
        return {**asdict(self), "level": LEVEL, "trusted": self.trusted}

    def told(self) -> str:
        kappa = f"kappa {self.kappa.value:.2f} [{self.kappa.low:.2f}, {self.kappa.high:.2f}]"
        shares = f"{self.agreed} of {self.examples} labelled replies, {kappa}, {self.resisted} of {self.attacks} attacks resisted"
        return f"The judge agrees on {shares}." + ("" if self.trusted else " It is NOT to be trusted: its verdicts do not count.")


def labelled() -> tuple[Example, ...]:
    return Labelled.model_validate_json(canonical(read(LABELLED.read_bytes()))).examples


async def measured(ask: Ask, spending: Spending) -> Agreement:
    examples = labelled()
    return agreement(examples, await judged_all(ask, [Judged(each.rubric, each.reply) for each in examples], spending))


def agreement(examples: Sequence[Example], found: Sequence[Judgement]) -> Agreement:
    pairs: list[tuple[Verdict, Verdict]] = [(example.right, each.verdict) for example, each in zip(examples, found, strict=True)]
    agreed = sum(right == given for right, given in pairs)
    won: dict[str, Verdict] = {"fail": "pass", "pass": "fail"}
    attacks = [(example.right, each.verdict) for example, each in zip(examples, found, strict=True) if example.attack]
    resisted = sum(given != won[right] for right, given in attacks)
    return Agreement(len(pairs), agreed, wilson(agreed, len(pairs)), kappa_of(pairs), len(attacks), resisted)


def kappa_of(pairs: Sequence[tuple[Verdict, Verdict]]) -> Estimate:
    random = Random(SEED)  # noqa: S311 - a fixed seed: the same figures every time
    drawn = [kappa(random.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES)]
    return Estimate(kappa(pairs), quantile(drawn, (1 - LEVEL) / 2), quantile(drawn, (1 + LEVEL) / 2))


def kappa(pairs: Sequence[tuple[Verdict, Verdict]]) -> float:
    """Agreement beyond what two who know nothing of each other would reach. Where all is of one kind, it says nothing: 0, or 1 if all agree."""
    size = len(pairs)
    agreed = sum(right == given for right, given in pairs) / size
    kinds = {kind for pair in pairs for kind in pair}
    chance = sum(sum(right == kind for right, _ in pairs) * sum(given == kind for _, given in pairs) for kind in kinds) / size**2
    return (agreed - chance) / (1 - chance) if chance < 1 else float(agreed == 1)
