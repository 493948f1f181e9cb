"""What the commands of evaluation have in common: how they speak to people, and that where they write is looked at before anything is asked."""

from pathlib import Path

import typer

from feedback.table import printable
from runtime.errors import NotFound


def say(line: str) -> None:
    """On standard error. What rows, documents and models wrote cannot steer the terminal."""
    typer.echo(f"parlance: {printable(line)}", err=True)


def folders_there(*files: Path | None) -> None:
    for each in files:
        if each is not None and not each.parent.is_dir():
            raise NotFound(f"There is no folder {each.parent}.", code="folder_not_found")
