"""Sentences of the built-in model: what was done and found, said by templates. Every name and number in them was said or returned."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.builtin import words
from engine.builtin.conversation import Step
from engine.builtin.present import MANY
from engine.builtin.records import record, rows
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Field, Tool
from tools.cells import rank

PAST = {"create": "Created", "update": "Updated", "delete": "Deleted"}
NAMES = ("username", "login", "name", "title", "display_name", "label")
NUMBERS = ("email", "number", "id")
WHAT_TO_CHANGE = "What should be changed, and to what?"
WHICH_OPERATION = "Which of these is meant?"
NOTHING_CHANGED = "Nothing was changed."
NOTHING_DONE = "Nothing was done."
NOTHING_TO_UNDO = "There is nothing that can be undone here."
NOT_IN_WORDS = "Please do not write a secret here: ask for what it is needed for, and there will be a field that keeps it hidden."
NO_OTHER = "There is no other one."
STOPPED = "All right. Nothing more is done."
WELCOME = "You are welcome."
PARTS_OF_NAMES = ("first_name", "last_name", "middle_name", "given_name", "family_name")
IRREGULAR = {
    "send": "Sent", "put": "Put", "set": "Set", "reset": "Reset", "run": "Ran", "buy": "Bought", "pay": "Paid", "make": "Made", "stop": "Stopped",
}  # fmt: skip


LISTING = re.compile(
    r"(?:lists?|gets?|returns?|shows?|retrieves?|finds?)\s+(?:(?:all|the|a list of|every)\s+)*((?:[\w-]+ ){0,2}?[\w-]+s)(?=\W|$)(?! [a-z]+s\b)",
    re.IGNORECASE,
)


def outcome(goal: Goal, step: Step, named: str | None = None, shown: Step | None = None, one_of_several: bool = False) -> str:
    """One sentence about one call that was carried out. `named` is what the customer called the thing, `shown` how its list is shown."""
    if shown is not None and (text := _part(goal.tool, step, shown)):
        return text
    return _read(goal, step, one_of_several) if goal.tool.reads else _changed(goal.tool, step, named)


def _part(tool: Tool, step: Step, shown: Step) -> str | None:
    """What `show` made of a list: "Here is the newest of 23 door events"."""
    count = shown.result.get("rows")
    limit, order = shown.arguments.get("limit"), str(shown.arguments.get("sort", ""))
    where = dict(shown.arguments.get("filter") or {})
    if not isinstance(count, int) or not (limit or order or where):
        return None
    if where and not limit:
        told = " and ".join(f"with {_words(name)} {value}" if value is not None else f"without {_words(name)}" for name, value in where.items())
        return f"Found {count or 'no'} {thing_of(tool, count)} {told}."
    if limit == 1 and count == 1:
        label = _label(_first(step, order))
        return f"Here is the {thing_of(tool, 1)}{f': {label}' if label else ''}."
    return f"Here are {count} {thing_of(tool, count)}." if count else None


def _first(step: Step, order: str) -> Mapping[str, Any] | None:
    """The row that comes first in an order, where all rows are known."""
    column = order.removeprefix("-")
    found = [row for row in rows(step.data) if isinstance(row.get(column), str | int | float)]
    if not step.result.get("whole") or not column:
        return None
    return (max if order.startswith("-") else min)(found, key=lambda row: rank(row[column]), default=None)


def shown_again(shown: Step) -> str:
    """About a list of an earlier turn."""
    value, count = shown.result.get("value"), shown.result.get("rows")
    if shown.arguments.get("aggregate") == "count" and isinstance(value, int):
        return f"There {'is' if value == 1 else 'are'} {value}."
    if not isinstance(count, int):
        return "This cannot be shown."
    if shown.arguments.get("group") and count:
        return "Here it is."
    return "There is none." if not count else "Here it is." if count == 1 else f"Here are {count} of them."


def _changed(tool: Tool, step: Step, named: str | None) -> str:
    label = _label(record(step.data)) or named or _label(step.arguments) or _which(tool, step) or f"the {thing_of(tool)}"
    return f"{_verb(tool)} {label}."


def _which(tool: Tool, step: Step) -> str | None:
    """The id that the call was for."""
    given = (step.arguments.get(f.name) for f in tool.identifiers)
    return next((str(value) for value in given if isinstance(value, str | int)), None)


def _verb(tool: Tool) -> str:
    """The operation's own verb in the past: lockUser -> Locked."""
    verb = next(iter(words.parts(tool.name)), "")
    general = tool.action in ("update", "delete") and verb != "remove"
    if general or verb in ("", "create", "new", "post") or words.stem(verb) not in words.COMMAND_STEMS:
        return PAST.get(tool.action or "", "Done:")
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    past = f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}d" if verb.endswith("e") else f"{verb}ed"
    return past.capitalize()


def _read(goal: Goal, step: Step, narrowed: bool) -> str:
    if isinstance(file := step.result.get("file"), str):
        return f"Here is the file {file}."
    found = rows(step.data)
    if not found and record(step.data) is not None and step.count is None:
        return _single(goal, step)
    count = step.count if step.count is not None else len(found)
    if MANY.search(goal.text):
        return f"There {'is' if count == 1 else 'are'} {count} {thing_of(goal.tool, count)}."
    if not count:
        return f"Found no {thing_of(goal.tool, 0)}{f' of {goal.called}' if goal.called else _filters(goal.tool, step)}."
    about = f" of {goal.called}" if goal.called else _filters(goal.tool, step) if narrowed else ""
    return f"Found {count} {thing_of(goal.tool, count)}{about}."


def _filters(tool: Tool, step: Step) -> str:
    """What a list was narrowed by: with department Finance."""
    told = [(f, step.arguments.get(f.name)) for f in tool.fields if f.role not in ("time", "page", "secret", "switch") and len(f.path) == 1]
    named = [f"{_words(f.name)} {v}" for f, v in told if isinstance(v, str | int) and f.role not in ("search", "name")]
    searched = [f"{v}" for f, v in told if isinstance(v, str) and f.role in ("search", "name")]
    return (f" matching {' and '.join(searched)}" if searched else "") + (f" with {' and '.join(named)}" if named else "")


def _single(goal: Goal, step: Step) -> str:
    """The one value that was asked for, else the record by its name."""
    found = record(step.data) or {}
    asked = _asked(goal.text, found)
    label = _label(found) or _label(step.arguments)
    if asked and label:
        return f"The {_words(asked)} of {label} is {found[asked]}."
    return f"Here is {label}." if label else f"Here is the {thing_of(goal.tool, 1)}."


def _asked(text: str, found: Mapping[str, Any]) -> str | None:
    """The field that a question is about: what is user1's email."""
    if not re.match(r"\W*(?:what|which|who|when|where|tell me)\b", text, re.IGNORECASE):
        return None
    said = {t.stem for t in words.tokens(text)}
    names = [n for n, v in found.items() if isinstance(v, str | int | float) and not isinstance(v, bool) and set(words.stems(n)) <= said]
    return names[0] if len(names) == 1 else None


def _label(values: Mapping[str, Any] | None) -> str | None:
    """What a record is called, by the fields that name things."""
    named = {key.lower(): str(value) for key, value in (values or {}).items() if isinstance(value, str | int) and not isinstance(value, bool)}
    shown = {key: value for key, value in named.items() if value and not value.startswith("secret:")}
    joined = [key for key in shown if key.endswith("_name") and key not in PARTS_OF_NAMES]
    return next((shown[key] for key in (*NAMES, *joined, *NUMBERS) if key in shown), None)


def thing_of(tool: Tool, count: int = 1) -> str:
    """What the operation is about, in the words of its summary or its name: listAuditLogs -> audit logs."""
    nouns = [w for w in words.parts(tool.name) if words.stem(w) in tool.nouns]
    nouns = nouns[: nouns.index("by")] if "by" in nouns else nouns
    thing = _listed(tool) or " ".join(nouns) or ("results" if count != 1 else "result")
    if count == 1:
        return re.sub(r"(?<=[^s])s$", "", re.sub(r"ies$", "y", thing))
    if thing.endswith("s"):
        return thing
    return re.sub(r"y$", "ie", thing) + "s"


def _listed(tool: Tool) -> str | None:
    """List the groups of a user -> groups."""
    found = LISTING.match(tool.summary)
    return found[1].lower() if found and words.is_plural(found[1]) else None


def _words(name: str) -> str:
    return " ".join(words.parts(name)).removesuffix(" at")


def failed(step: Step) -> str:
    """That a call was not carried out, and why, in the product's words."""
    if step.result.get("outcome") == "unknown":
        return "It is not known whether this was carried out."
    if step.refused_here:  # its reason is worded for a model
        return NOTHING_CHANGED if step.result["rejected"] == "approved" else "This was not done."
    errors = step.result.get("errors")
    named = errors if isinstance(errors, dict) else {}
    told = "; ".join(f"{_words(n)} {str(m).rstrip(' .')}" for n, m in named.items()) or step.result.get("message")
    return f"This was not done: {str(told or 'the product refused it').rstrip(' .')}."


def what_to_change(names: Sequence[str]) -> str:
    return f"{WHAT_TO_CHANGE} It may be: {', '.join(_words(name) for name in names[:10])}."


def time_unused(phrase: str) -> str:
    return f"This cannot be narrowed by a time, so {phrase} was left out."


def words_unused(said: Sequence[str]) -> str:
    return f"This list cannot be narrowed by {' or '.join(f'“{one}”' for one in said)}, so that was left out."


def what_is(name: str) -> str:
    return f"What is {name}?"


def one_at_a_time(tool: Tool, field: Field) -> str:
    about = [w for w in words.parts(field.name) if words.stem(w) in field.own_words]
    thing = " ".join(about) if field.role == "identifier" and about else thing_of(tool, 1)
    return f"This can only be done for one {thing} at a time. Which {thing} is meant?"


def also_needed(fields: Sequence[Field]) -> str:
    return f"{' and '.join(_words(f.name) for f in fields).capitalize()} {'is' if len(fields) == 1 else 'are'} needed, too."


def which_one(field: Field) -> str:
    return f"Which {_words(field.name).removesuffix(' id').removesuffix('name').strip() or 'one'} is meant?"


def missing(said: str, several: bool, field: str) -> str:
    thing = _words(field).removesuffix(" id").removesuffix("name").strip() or "record"
    return f"Several are called {said}. Which {thing} is meant?" if several else f"There is no {thing} called {said}."


def called(values: Mapping[str, Any]) -> str | None:
    return _label(values)


def left(tool: Tool, count: int) -> str:
    return f"{count} more {thing_of(tool, count)} {'was' if count == 1 else 'were'} left: say it again to go on with them."


def nothing_on_the_way(tool: Tool, named: str | None) -> str:
    return f"Found no {thing_of(tool, 0)}{f' matching {named}' if named else ''}."


def refusal(product: str, tools: Sequence[Tool]) -> str:
    """What can be done here, for what cannot."""
    return f"I can only help with {product or 'this product'}.{_examples(tools)}"


def welcome(product: str, tools: Sequence[Tool]) -> str:
    return f"Hello. Say what you want done in {product or 'this product'}, in your own words.{_examples(tools)}"


def about(product: str, tools: Sequence[Tool]) -> str:
    return f"I look things up and change them in {product or 'this product'}, and ask before I change anything.{_examples(tools)}"


def _examples(tools: Sequence[Tool]) -> str:
    known = [t.summary.rstrip(".") for t in tools if t.summary][:4]
    return f" For example: {'; '.join(known)}." if known else ""
