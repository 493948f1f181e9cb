"""`parlance eval generate`: the file that is written, and what is said about it."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from feedback.asking import Budget, Spending
from feedback.case_file import parse
from feedback.case_writing import as_file
from feedback.console import folders_there, say
from feedback.drafts import At, Draft, Dropped, Ground, Language, Said, without_values
from feedback.generate import Making
from feedback.makers import Makers
from feedback.tasks import Task
from runtime.errors import InvalidRequest
from specs.load import read

BUDGET = "200000"


@dataclass(frozen=True, slots=True)
class Target:
    """The case file that a run writes, or goes on with."""

    path: Path | None  # None: to standard output
    head: Mapping[str, Any]
    at: At  # when, in which time zone and locale its customers speak

    def write(self, cases: Sequence[Mapping[str, Any]]) -> None:
        if self.path is None or not cases:
            return
        beside = self.path.with_name(f".{self.path.name}.part")
        beside.write_bytes(as_file({**self.head, "cases": list(cases)}, json=self.path.suffix == ".json"))
        beside.replace(self.path)


def generate(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    context: typer.Context,
    spec: Annotated[Path, typer.Argument(metavar="SPEC", exists=True, dir_okay=False, readable=True, help="An OpenAPI document, JSON or YAML.")],
    model: Annotated[str, typer.Option(help='A vendor\'s model, as "openai:NAME".')],
    count: Annotated[int, typer.Option(min=1, max=5_000, help="Cases that there shall be in the end.")] = 30,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="The case file; what it holds is kept and gone on with. Else standard output.")
    ] = None,
    language: Annotated[Language, typer.Option(help="What customers write: en or ko.")] = "en",
    budget: Annotated[str, typer.Option(help='Tokens ("200000") or dollars ("2usd") of all questions together.')] = BUDGET,
    rejected: Annotated[Path | None, typer.Option(dir_okay=False, help="What was not kept, and why: one JSON object a line.")] = None,
) -> None:
    """Has a model write cases for a document, and keeps those that hold what they say. Exit 1: fewer than wanted."""
    folders_there(out, rejected)
    makers: Makers = context.obj["makers"]()
    document = makers.compiled(spec.read_bytes())
    spending = Spending(Budget.of(budget))
    target, cases = opened(out, spec, language)
    ground = Ground(document, makers.unsaid, target.at, language)
    dropped: list[Dropped] = []

    def keep(made: Sequence[Mapping[str, Any]]) -> None:
        target.write(made)
        say(f"{len(made):,} of {count:,} cases; {spending.told()}")

    async def run() -> Making:
        async with makers.asking(model) as ask:
            making = Making(ask, ground, keep, spending, cases, dropped, said_in(cases))
            await making.make(count)
            return making

    try:
        making = asyncio.run(run())
    finally:  # also of a run that broke off
        if rejected is not None:
            rejected.write_bytes(b"".join(orjson.dumps(each.report()) + b"\n" for each in dropped))
    if out is None and cases:
        typer.echo(as_file({**target.head, "cases": cases}, json=False).decode(), nl=False)
    for line in summary(making, count):
        say(line)
    raise typer.Exit(0 if len(cases) >= count else 1)


def opened(out: Path | None, spec: Path, language: Language) -> tuple[Target, list[Mapping[str, Any]]]:
    """The file with the cases that it holds already; a new one has the clock of now, so that "tomorrow" stays the same day."""
    now = datetime.now(UTC).replace(microsecond=0)
    document = os.path.relpath(spec.resolve(), (out.parent if out else Path()).resolve())
    if out is None or not out.exists():
        head = {"format": 1, "document": document, "now": now.isoformat(), "timezone": "UTC", "locale": language}
        return Target(out, head, (now, "UTC", language)), []
    file, tree = parse(out.read_bytes(), out.name), read(out.read_bytes())
    if file.document is None or (out.parent / file.document).resolve() != spec.resolve() or not file.locale.startswith(language):
        detail = f"{out} holds cases of another document or language ({file.document}, {file.locale}). Name another file."
        raise InvalidRequest(detail, code="cases_of_another_document")
    head = {name: value for name, value in tree.items() if name != "cases"}
    return Target(out, head, (file.now or now, file.timezone, file.locale)), list(tree["cases"])


def said_in(cases: Sequence[Mapping[str, Any]]) -> Said:
    known = Said()
    for case in cases:
        say = case["say"] if isinstance(case["say"], str) else " ".join(case["say"])
        arguments = (case.get("expect") or {}).get("arguments") or {}
        known.add(case["id"], without_values(Draft(Task(case["id"], "call"), say, {"given": arguments}), "x"))
    return known


def summary(making: Making, wanted: int) -> list[str]:
    lines = [f"{len(making.cases):,} of {wanted:,} cases, {len(making.dropped):,} drafts dropped; {making.spending.told()}"]
    lines += [f"  {times:,} {code}" for code, times in making.reasons().items()]
    if len(making.cases) < wanted and making.spending.over:
        lines.append("The budget is used up. What was made is kept; the same command with another budget goes on.")
    return lines
