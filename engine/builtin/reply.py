"""Sentences of the built-in model: what was done and found, said by templates. Every name and number in them was said or returned."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.builtin import words
from engine.builtin.conversation import Step
from engine.builtin.present import MANY
from engine.builtin.records import record, rows
from engine.builtin.requests import Goal
from engine.builtin.told import DONE_KOREAN, Told, counted, joined, told
from engine.builtin.told import named as named_field
from engine.builtin.told import thing as thing_told
from engine.builtin.toolbox import Field, Tool
from engine.phrases import reasoned
from tools.cells import rank

SEARCHED = ("search", "name")
PAST = {"create": "Created", "update": "Updated", "delete": "Deleted"}
NAMES = ("username", "login", "name", "title", "display_name", "label")
NUMBERS = ("email", "number", "id")
WHAT_TO_CHANGE = told("what_to_change")
WHICH_OPERATION = told("which_operation")
NOTHING_CHANGED = told("nothing_changed")
NOTHING_DONE = told("nothing_done")
NOTHING_TO_UNDO = told("nothing_to_undo")
NOT_IN_WORDS = told("not_in_words")
NO_OTHER = told("no_other")
STOPPED = told("stopped")
WELCOME = told("thanks")
KIND, MEANT, DETAIL, NEW_VALUE = told("kind"), told("meant"), told("detail"), told("new_value")  # labels of forms
PARTS_OF_NAMES = ("first_name", "last_name", "middle_name", "given_name", "family_name")
IRREGULAR = {
    "send": "Sent", "put": "Put", "set": "Set", "reset": "Reset", "run": "Ran", "buy": "Bought", "pay": "Paid", "make": "Made", "stop": "Stopped",
}  # fmt: skip


LISTING = re.compile(
    r"(?:lists?|gets?|returns?|shows?|retrieves?|finds?)\s+(?:(?:all|the|a list of|every)\s+)*((?:[\w-]+ ){0,2}?[\w-]+s)(?=\W|$)(?! [a-z]+s\b)",
    re.IGNORECASE,
)


def outcome(goal: Goal, step: Step, named: str | None = None, shown: Step | None = None, one_of_several: bool = False) -> Told:
    """One sentence about one call that was carried out. `named` is what the customer called the thing, `shown` how its list is shown."""
    if shown is not None and (text := _part(goal.tool, step, shown)):
        return text
    return _read(goal, step, one_of_several) if goal.tool.reads else _changed(goal.tool, step, named)


def _part(tool: Tool, step: Step, shown: Step) -> Told | None:
    """What `show` made of a list: "Here is the newest of 23 door events"."""
    count = shown.result.get("rows")
    limit, order = shown.arguments.get("limit"), str(shown.arguments.get("sort", ""))
    where = dict(shown.arguments.get("filter") or {})
    if not isinstance(count, int) or not (limit or order or where):
        return None
    thing = thing_of(tool, count)
    if where and not limit:
        return told("filtered", count=counted(count, thing) if count else Told("no", counted(0, thing).korean), thing=thing, where=_where(where))
    if limit == 1 and count == 1:
        label = _label(_first(step, order))
        return told("first", thing=thing_of(tool, 1), label=label) if label else told("first_unnamed", thing=thing_of(tool, 1))
    return told("some", count=counted(count, thing), thing=thing) if count else None


def _where(filters: Mapping[str, Any]) -> Told:
    parts = [
        Told(f"with {_words(name)} {value}", f"{_words(name).korean} {value}")
        if value is not None
        else Told(f"without {_words(name)}", f"{_words(name).korean} 없음")
        for name, value in filters.items()
    ]
    return joined(parts, " and ", ", ")


def _first(step: Step, order: str) -> Mapping[str, Any] | None:
    """The row that comes first in an order, where all rows are known."""
    column = order.removeprefix("-")
    found = [row for row in rows(step.data) if isinstance(row.get(column), str | int | float)]
    if not step.result.get("whole") or not column:
        return None
    return (max if order.startswith("-") else min)(found, key=lambda row: rank(row[column]), default=None)


def shown_again(shown: Step) -> Told:
    """About a list of an earlier turn."""
    value, count = shown.result.get("value"), shown.result.get("rows")
    if shown.arguments.get("aggregate") == "count" and isinstance(value, int):
        return told("there_is" if value == 1 else "there_are", count=value)
    if not isinstance(count, int):
        return told("cannot_show")
    if (shown.arguments.get("group") and count) or count == 1:
        return told("here")
    return told("them", count=count) if count else told("none")


def _changed(tool: Tool, step: Step, named: str | None) -> Told:
    label = _label(record(step.data)) or named or _label(step.arguments) or _which(tool, step) or _the(thing_of(tool))
    return told("changed", verb=_verb(tool), label=label)


def _the(thing: Told) -> Told:
    return Told(f"the {thing}", thing.korean)


def _which(tool: Tool, step: Step) -> str | None:
    """The id that the call was for."""
    given = (step.arguments.get(f.name) for f in tool.identifiers)
    return next((str(value) for value in given if isinstance(value, str | int)), None)


def _verb(tool: Tool) -> Told:
    """The operation's own verb in the past: lockUser -> Locked."""
    verb = next(iter(words.parts(tool.name)), "")
    general = tool.action in ("update", "delete") and verb != "remove"
    korean = DONE_KOREAN.get(verb) or DONE_KOREAN.get(tool.action or "") or "처리했습니다"
    if general or verb in ("", "create", "new", "post") or words.stem(verb) not in words.COMMAND_STEMS:
        return Told(PAST.get(tool.action or "", "Done:"), korean)
    if verb in IRREGULAR:
        return Told(IRREGULAR[verb], korean)
    past = f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}d" if verb.endswith("e") else f"{verb}ed"
    return Told(past.capitalize(), korean)


def _read(goal: Goal, step: Step, narrowed: bool) -> Told:
    if isinstance(file := step.result.get("file"), str):
        return told("file", file=file)
    found = rows(step.data)
    if not found and record(step.data) is not None and step.count is None:
        return _single(goal, step)
    count = step.count if step.count is not None else len(found)
    thing = thing_of(goal.tool, count)
    if MANY.search(goal.text):
        return told("counted_one" if count == 1 else "counted", count=counted(count, thing), thing=thing)
    of = Told(f" of {goal.called}", f"{goal.called}의 ") if goal.called else None
    filters = of or (_filters(goal.tool, step) if narrowed or not count else Told("", ""))
    return told("found" if count else "found_none", count=counted(count, thing), thing=thing, filters=filters)


def _filters(tool: Tool, step: Step) -> Told:
    """What a list was narrowed by: with department Finance."""
    given = [(f, step.arguments.get(f.name)) for f in tool.fields if f.role not in ("time", "page", "secret", "switch") and len(f.path) == 1]
    named = [Told(f"{_words(f.name)} {v}", f"{_words(f.name).korean} {v}") for f, v in given if isinstance(v, str | int) and f.role not in SEARCHED]
    searched = [f"{v}" for f, v in given if isinstance(v, str) and f.role in SEARCHED]
    english = (f" matching {' and '.join(searched)}" if searched else "") + (f" with {' and '.join(named)}" if named else "")
    korean = ", ".join([*searched, *(each.korean for each in named)])
    return Told(english, f"{korean} 조건의 " if korean else "")


def _single(goal: Goal, step: Step) -> Told:
    """The one value that was asked for, else the record by its name."""
    found = record(step.data) or {}
    asked = _asked(goal.text, found)
    label = _label(found) or _label(step.arguments)
    if asked and label:
        return told("value", name=_words(asked), label=label, value=found[asked])
    return told("record", label=label or _the(thing_of(goal.tool, 1)))


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


def thing_of(tool: Tool, count: int = 1) -> Told:
    """What the operation is about, in the words of its summary or its name: listAuditLogs -> audit logs."""
    english = _thing_of(tool, count)
    nouns = [word for word in words.parts(english) if word not in words.STOP]
    return thing_told(english, nouns)


def _thing_of(tool: Tool, count: int) -> str:
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


def _words(name: str) -> Told:
    return named_field(" ".join(words.parts(name)).removesuffix(" at"))


def failed(step: Step) -> Told:
    """That a call was not carried out, and why, in the product's words."""
    if step.result.get("outcome") == "unknown":
        return told("unknown")
    if step.refused_here:  # its reason is worded for a model
        return NOTHING_CHANGED if step.result["rejected"] == "approved" else told("not_done")
    errors = step.result.get("errors")
    named = errors if isinstance(errors, dict) else {}
    said = joined([Told(f"{_words(n)} {str(m).rstrip(' .')}", f"{_words(n).korean}: {str(m).rstrip(' .')}") for n, m in named.items()], "; ")
    message = str(step.result.get("message") or "").rstrip(" .")
    why = said or (Told(message, reasoned(message)) if message else told("refused"))
    return told("not_done_why", why=why)


def what_to_change(names: Sequence[str]) -> Told:
    return told("may_be", question=WHAT_TO_CHANGE, names=joined([_words(name) for name in names[:10]], ", "))


def time_unused(phrase: str, said: str | None = None) -> Told:
    """`said`: the phrase in the customer's own language."""
    return told("time_unused", phrase=Told(phrase, said or phrase))


def words_unused(said: Sequence[str]) -> Told:
    quoted = [f"“{one}”" for one in said]
    return told("words_unused", said=joined(quoted, " or ", ", "))


def what_is(name: str) -> Told:
    return told("what_is", name=name)


def one_at_a_time(tool: Tool, field: Field) -> Told:
    about = [w for w in words.parts(field.name) if words.stem(w) in field.own_words]
    thing = named_field(" ".join(about)) if field.role == "identifier" and about else thing_of(tool, 1)
    return told("one_at_a_time", thing=thing)


def also_needed(fields: Sequence[Field]) -> Told:
    names = joined([_words(f.name) for f in fields], " and ", ", ")
    return told("also_needed" if len(fields) == 1 else "all_needed", names=Told(names.capitalize(), names.korean))


def which_one(field: Field) -> Told:
    return told("which_one", thing=_kind_of(field.name) or told("one"))


def missing(said: str, several: bool, field: str) -> Told:
    return told("several_called" if several else "none_called", said=said, thing=_kind_of(field) or told("a_record"))


def _kind_of(field: str) -> Told | None:
    """What a field names one of: user_id, a user."""
    name = " ".join(words.parts(field)).removesuffix(" id").removesuffix("name").strip()
    return named_field(name) if name else None


def called(values: Mapping[str, Any]) -> str | None:
    return _label(values)


def left(tool: Tool, count: int) -> Told:
    thing = thing_of(tool, count)
    return told("left_one" if count == 1 else "left", count=counted(count, thing), thing=thing)


def nothing_on_the_way(tool: Tool, named: str | None) -> Told:
    filters = Told(f" matching {named}", f"{named} 조건의 ") if named else Told("", "")
    return told("found_none", thing=thing_of(tool, 0), filters=filters)


def refusal(product: str, tools: Sequence[Tool]) -> Told:
    """What can be done here, for what cannot."""
    return told("only_here", product=product or told("this_product"), examples=_examples(tools))


def welcome(product: str, tools: Sequence[Tool]) -> Told:
    return told("hello", product=product or told("this_product"), examples=_examples(tools))


def about(product: str, tools: Sequence[Tool]) -> Told:
    return told("about", product=product or told("this_product"), examples=_examples(tools))


def _examples(tools: Sequence[Tool]) -> Told:
    known = [t.summary.rstrip(".") for t in tools if t.summary][:4]
    return told("examples", names="; ".join(known)) if known else Told("", "")
