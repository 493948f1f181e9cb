"""`parlance eval run` and `compare`: cases of one's own, played, judged by code, and held against another model's results."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer

from feedback.case_file import Cases, CasesRefused, load
from feedback.cases import CaseFile
from feedback.comparison import Comparison, compare
from feedback.console import folders_there, say
from feedback.judging import Judging, counted, judging, rubrics_of
from feedback.junit import junit
from feedback.makers import Makers
from feedback.outcomes import Outcome, read
from feedback.page import page
from feedback.playing import NotPlayed, Plan, play
from feedback.predict import Stage
from feedback.report import Report, as_data, status
from feedback.row_cases import load_rows
from feedback.table import lines
from runtime import settings

Staged = Callable[[Path, str | None], Stage]
CaseFileArgument = Annotated[
    Path, typer.Argument(metavar="CASES", exists=True, dir_okay=False, readable=True, help="A case file, YAML or JSON; or rows, with --specs.")
]
Results = typer.Argument(exists=True, dir_okay=False, readable=True, help="Results, as --out of `eval run` keeps them.")
Share = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Release gate: exit 1 unless at most this share of cases is lost, by the lower end of the 95 % interval."),
]
AsJson = Annotated[bool, typer.Option("--json", help="As one JSON document.")]
Junit = Annotated[Path | None, typer.Option(dir_okay=False, help="Also as JUnit XML, for CI systems.")]
Html = Annotated[Path | None, typer.Option(dir_okay=False, help="Also as one page with plots.")]
BUILTIN = "builtin"  # is always there


@dataclass(frozen=True, slots=True)
class Forms:
    """In which forms a report is wanted."""

    json: bool
    junit: Path | None
    html: Path | None


def run(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    context: typer.Context,
    cases: CaseFileArgument,
    model: Annotated[str | None, typer.Option(help='"builtin", or a vendor\'s as "openai:NAME".')] = None,
    against: Annotated[str | None, typer.Option(help="A second model, the baseline, on the same cases.")] = None,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="Plays of each case; it passes if all do.")] = 1,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Cases played at once.")] = 1,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Results; what it holds already is not played again.")] = None,
    against_out: Annotated[Path | None, typer.Option(dir_okay=False, help="The same for the baseline.")] = None,
    specs: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="CASES are rows (.jsonl), their documents lie here.")] = None,
    max_loss: Share = None,
    judge: Annotated[str | None, typer.Option(help="A vendor's model that judges the replies of cases with a `rubric`.")] = None,
    json: AsJson = False,
    junit: Junit = None,
    html: Html = None,
) -> None:
    """Plays cases and judges them. Exit 0: all passed, or the gate holds; 1: some did not, or it does not; 2: some could not be played."""
    if max_loss is not None and against is None:
        raise typer.BadParameter("--max-loss goes with --against")
    if against_out is not None and (against is None or against_out == out):
        raise typer.BadParameter("--against-out goes with --against, and is another file than --out")
    folders_there(out, against_out, junit, html)
    staged: Staged = context.obj["stage"]
    stage = staged(specs or cases.parent, model)
    read = load_rows(cases, specs, stage.compiled) if specs else _cases(cases, stage)
    if judge is not None and not rubrics_of(read.file):
        raise typer.BadParameter("--judge: no case has a `rubric`")
    makers: Makers = context.obj["makers"]()
    asyncio.run(can_be_asked(makers, [judge, None if against == BUILTIN else against]))
    outcomes, broken = _played(staged, Plan(read, _named(model), repeats, workers, out))
    baseline: Sequence[Outcome] = ()
    if against is not None:
        baseline, more = _played(staged, Plan(read, _named(against), repeats, workers, against_out))
        broken += more
    found: Judging | None = None
    if judge is not None:
        found = _judged(makers, judge, read.file, (*outcomes, *baseline))
        outcomes, baseline = counted(outcomes, found, read.file), counted(baseline, found, read.file)
    comparison: Comparison | None = None
    if against is not None and baseline and outcomes:
        comparison = compare(baseline, outcomes, told_apart((_named(against), _named(model)), ("baseline", "candidate")))
    _tell(Report(cases.name, outcomes, broken, baseline, comparison, max_loss, found), Forms(json, junit, html))


def compared(
    baseline: Annotated[Path, Results],
    candidate: Annotated[Path, Results],
    max_loss: Share = None,
    json: AsJson = False,
    html: Html = None,
) -> None:
    """Holds results against others of the same cases. Exit 0: no gate, or it holds; 1: it does not; 2: it cannot be judged."""
    folders_there(html)
    before, after = read(baseline), read(candidate)
    names = told_apart((before[0].model, after[0].model), (str(baseline), str(candidate)))
    report = Report(f"{candidate.name} against {baseline.name}", after, (), before, compare(before, after, names), max_loss)
    _tell(report, Forms(json, None, html), ends=status(report) if max_loss is not None else 0)


def told_apart(models: tuple[str, str], marks: tuple[str, str]) -> tuple[str, str]:
    """What a report calls the two; one model has a mark behind its name."""
    first, second = models
    return models if first != second else (f"{first} ({marks[0]})", f"{second} ({marks[1]})")


def _named(model: str | None) -> str:
    return (model or settings.load().model).strip()


def _cases(path: Path, stage: Stage) -> Cases:
    try:
        return load(path, stage.compiled)
    except CasesRefused as refused:
        for problem in refused.problems:
            say(f"{path}:{problem.line}: {problem.code}: {problem.message}")
        raise typer.Exit(2) from refused


def _played(staged: Staged, plan: Plan) -> tuple[Sequence[Outcome], list[NotPlayed]]:
    say(f"{plan.model}: {len(plan.cases.file.cases):,} cases, {plan.repeats} x")
    return play(plan, staged(Path(), plan.model).rehearsing, say)


async def can_be_asked(makers: Makers, models: Sequence[str | None]) -> None:
    """What asks only after others have been played is not found unusable by then."""
    for model in models:
        if model is not None:
            async with makers.asking(model):
                pass


def _judged(makers: Makers, model: str, file: CaseFile, plays: Sequence[Outcome]) -> Judging:
    async def ask() -> Judging:
        async with makers.asking(model) as asking:
            return await judging(asking, model, file, plays)

    return asyncio.run(ask())


def _tell(report: Report, forms: Forms, ends: int | None = None) -> None:
    if forms.junit:
        forms.junit.write_bytes(junit(report))
    if forms.html:
        forms.html.write_text(page(report), encoding="utf-8")
    if forms.json:
        typer.echo(orjson.dumps(as_data(report)).decode())
    else:
        for line in lines(report):
            typer.echo(line)
    raise typer.Exit(status(report) if ends is None else ends)
