"""Plays cases with a model, several at once, and keeps what came of each as it comes. What plays a scene is handed in."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from feedback.case_file import Cases, entry_of
from feedback.cases import Case
from feedback.outcomes import Outcome, PlayKey, digest, kept, outcome
from feedback.progress import Progress
from feedback.verdict import missed
from runtime.errors import InvalidRequest, ParlanceError
from specs.document import Document
from tools.scene import Play, Response, Scene

Playing: TypeAlias = Callable[[], AbstractAsyncContextManager[Play]]
Todo: TypeAlias = tuple[Case, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """`out`: where results are kept, and those that are there already are not played again."""

    cases: Cases
    model: str
    repeats: int = 1
    workers: int = 1
    out: Path | None = None

    def digest(self, case: Case) -> str:
        return digest(self.cases.file, case, self.cases.document(case))


@dataclass(frozen=True, slots=True)
class NotPlayed:
    """A case of which nothing is known: the model or a part we stand on failed. It is tried again when the command is."""

    id: str
    repeat: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"case {self.id}, play {self.repeat + 1}: {self.code}: {self.message}"


def play(plan: Plan, playing: Playing, note: Callable[[str], None]) -> tuple[list[Outcome], list[NotPlayed]]:
    """All plays of all cases, in the order of the file."""
    known = _known(plan)
    due = [(case, repeat) for case in plan.cases.file.cases for repeat in range(plan.repeats) if (case.id, repeat) not in known]
    if known:
        note(f"{len(known):,} results are there already")
    failed: list[NotPlayed] = []
    progress = Progress(len(due), "plays", note)

    def keep(made: Outcome | NotPlayed) -> None:
        if isinstance(made, Outcome):
            known[made.id, made.repeat] = made
            _write(plan.out, made)
        else:
            failed.append(made)
            note(str(made))
        progress.step()

    if due:
        asyncio.run(_play_all(plan, playing, due, keep))
    order = [(case.id, repeat) for case in plan.cases.file.cases for repeat in range(plan.repeats)]
    return [known[each] for each in order if each in known], failed


def _known(plan: Plan) -> dict[PlayKey, Outcome]:
    """What was played before with the same case and model."""
    there = kept(plan.out) if plan.out else {}
    if others := sorted({each.model for each in there.values()} - {plan.model}):
        detail = f"{plan.out} holds results of {', '.join(others)}, not of {plan.model}. Name another file, or remove it."
        raise InvalidRequest(detail, code="results_of_another_model")
    digests = {case.id: plan.digest(case) for case in plan.cases.file.cases}
    return {played: each for played, each in there.items() if digests.get(each.id) == each.digest and each.repeat < plan.repeats}


def _write(out: Path | None, made: Outcome) -> None:
    if out is not None:
        with out.open("ab") as file:
            file.write(made.model_dump_json().encode() + b"\n")


async def _play_all(plan: Plan, playing: Playing, due: Sequence[Todo], keep: Callable[[Outcome | NotPlayed], None]) -> None:
    waiting = iter(due)

    async def work(stage: Play, left: Iterator[Todo]) -> None:
        for case, repeat in left:
            keep(await _played(plan, stage, case, repeat))

    async with playing() as stage, asyncio.TaskGroup() as group:
        for _ in range(min(plan.workers, len(due))):
            group.create_task(work(stage, waiting))


async def _played(plan: Plan, stage: Play, case: Case, repeat: int) -> Outcome | NotPlayed:
    document = plan.cases.document(case)
    try:
        report = await stage(document, scene(plan.cases, case))
    except ParlanceError as error:
        return NotPlayed(case.id, repeat, error.code, error.detail)
    if report["failed"]:  # no answer of the model, or a fault of ours, says nothing about the case
        return NotPlayed(case.id, repeat, report["failed"], report["text"])
    found = missed(case, report, partial(reads, document))
    return outcome(case, report, found, repeat=repeat, model=plan.model, digest=plan.digest(case))


def scene(cases: Cases, case: Case) -> Scene:
    """Where an expectation needs results and none are recorded, the product's are made up; else nothing is sent."""
    file, expected = cases.file, case.expect
    needs = expected is not None and expected.action == "call" and (len(expected.operation) > 1 or expected.says or case.approves)
    responses = tuple(Response(*_parted(each.operation), each.status, each.body) for each in case.responses)
    return Scene(
        messages=case.say,
        now=case.now or file.now,
        timezone=case.timezone or file.timezone,
        locale=case.locale or file.locale,
        responses=responses,
        made_up=bool(needs) and not responses,
        approves=case.approves,
    )


def _parted(operation: str) -> tuple[str, str]:
    method, _, path = operation.partition(" ")
    return method, path


def reads(document: Document, operation: str) -> bool:
    """What the document does not have is taken for a change."""
    identifier = entry_of(document, operation)
    return identifier is not None and document.operation(identifier).safe
