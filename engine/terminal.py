"""Questions in a terminal: forms, approvals, and the ways to leave them. Knows no engine; what is typed goes back to whoever asked."""

from getpass import getpass
from typing import Any

import jsonschema_rs
import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.answers import Answer
from engine.events import Question, QuestionField
from engine.facts import HANDLE
from engine.intent import asks_anew

CANCEL = "cancel"
YES, NO = frozenset(["y", "yes"]), frozenset(["n", "no", "", CANCEL])


class Left(Exception):
    """The customer left the question. `ended`: their input has ended with it."""

    def __init__(self, *, ended: bool = False) -> None:
        self.ended = ended


def ask(console: Console, question: Question) -> Answer | str:
    """The answer to a question, or the new request that was typed instead. Raises Left."""
    console.print(plain(question.text), highlight=False, markup=False)
    try:
        match question.kind:
            case "approval":
                return _approved(console, question)
            case "sign_in":
                return _signed_in(console, question)
            case "values":
                return _filled(console, question)
    except (EOFError, KeyboardInterrupt):
        console.print()
        raise Left(ended=True) from None


def _filled(console: Console, question: Question) -> Answer | str:
    console.print(f"  (An empty line or {CANCEL} leaves this.)", style="dim", highlight=False, markup=False)
    values: dict[str, Any] = {}
    for field in question.fields:
        if "x-problem" in field.form and (about := field.form.get("description")):
            console.print(f"  {plain(str(about))}", style="dim", highlight=False, markup=False)
        found = _typed(console, field)
        if not found and not field.required:
            continue
        if not found or (found.lower() == CANCEL and CANCEL not in field.form.get("enum", ())):
            raise Left
        if not field.hidden and not _fits(found, field) and asks_anew(found):
            return found  # free text while a question is open: the engine closes it for a new request
        values[field.name] = found if field.hidden else value(found)
    return Answer(question_id=question.id, values=values)


def _typed(console: Console, field: QuestionField) -> str:
    choices = f" ({', '.join(map(str, field.form['enum']))})" if "enum" in field.form else ""
    prompt = f"  {plain(field.label)}{choices}{'' if field.required else ' (optional)'}: "
    return getpass(prompt) if field.hidden else console.input(prompt, markup=False).strip()


def _fits(text: str, field: QuestionField) -> bool:
    form = {name: rule for name, rule in field.form.items() if not name.startswith("x-")}
    try:
        return any(jsonschema_rs.is_valid(form, each) for each in (text, value(text)))
    except (ValueError, jsonschema_rs.ReferencingError):  # the document's own schema is wrong: the engine judges
        return True


def value(text: str) -> Any:
    """What was typed, as JSON where it is a number, a boolean or a list."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return text if isinstance(found, str) or found is None else found


def _approved(console: Console, question: Question) -> Answer | str:
    table = Table(show_header=False, box=None)
    for each in question.values:
        table.add_row(f"  {shown(each.label)}", shown(each.value), f"[{'yellow' if each.source.mark else 'dim'}]{shown(each.source.label)}[/]")
    console.print(table)
    for note in question.notes:
        console.print(f"  {plain(note)}", highlight=False, markup=False)
    if question.preview:
        console.print(f"  {question.preview.method} {question.preview.url}", highlight=False, markup=False)
    while True:
        typed = console.input("  Send it? (yes/no) ").strip()
        if typed.lower() in YES | NO:
            return Answer(question_id=question.id, approved=typed.lower() in YES)
        if asks_anew(typed):
            return typed


def _signed_in(console: Console, question: Question) -> Answer | str:
    typed = console.input("  Signed in? (yes/no) ").strip()
    return Answer(question_id=question.id, approved=typed.lower() in YES) if typed.lower() in YES | NO else typed


def shown(content: Any) -> str:
    """For a cell of a table: nothing that the terminal or rich would obey."""
    if isinstance(content, str) and content.startswith(HANDLE):
        return "(hidden)"
    return escape(plain(content if isinstance(content, str) else orjson.dumps(content).decode()))


def plain(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t")
