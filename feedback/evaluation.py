"""`parlance eval`: how well it does on rows with known answers. What plays a row comes from the command line's own context (parlance.py)."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from feedback.case_commands import compared, run
from feedback.console import folders_there, say
from feedback.generating import generate
from feedback.predict import Stage, predict

app = typer.Typer(no_args_is_help=True, add_completion=False, help="How well it does on rows with known answers.")
Cases = Annotated[Path, typer.Argument(metavar="CASES.jsonl", exists=True, dir_okay=False, readable=True, help="Rows, one JSON object a line.")]


@app.callback()
def group() -> None:
    """How well it does on rows with known answers."""


@app.command("predict")
def predictions(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    context: typer.Context,
    cases: Cases,
    specs: Annotated[Path, typer.Option(exists=True, file_okay=False, help="The folder below which the rows' documents lie.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="Predictions; rows that it holds already are not played again.")],
    model: Annotated[str | None, typer.Option(help='"builtin", or a vendor\'s as "openai:NAME".')] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes; with a vendor's model, rows that are played at once.")] = 1,
) -> None:
    """Predictions for rows: ranked operations, what a turn would do or does with a made-up product. Exit 1: some rows could not be played."""
    folders_there(out)
    staged: Callable[[Path, str | None], Stage] = context.obj["stage"]
    done = predict(cases, out, staged(specs, model), workers, say)
    say(f"{done.added:,} predictions added to {done.known:,}, {len(done.bad):,} rows not played")
    raise typer.Exit(1 if done.bad else 0)


app.command("run")(run)
app.command("compare")(compared)
app.command("generate")(generate)
