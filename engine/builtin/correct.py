"""A refused call in a form that may pass: mended, with an id in place of a name, without what is not taken, with what else is needed. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.builtin import reply, words
from engine.builtin.conversation import Step
from engine.builtin.desk import Call, Desk, Say
from engine.builtin.lookup import Found, Look, look_up
from engine.builtin.mend import mended
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Field, Tool

TRIES = 2  # mended calls for one goal
UNKNOWN = 404
REQUIRED = re.compile(
    r"\b(?:required|missing|mandatory)\b|\b(?:must|should) be (?:given|provided|present|set)\b|\b(?:can['’]t|cannot) be (?:blank|empty|null)\b",
    re.IGNORECASE,
)
NOT_TAKEN = re.compile(
    r"\b(?:unknown|unsupported|unrecogni[sz]ed|unexpected|not (?:supported|allowed|permitted|known|recogni[sz]ed))\b", re.IGNORECASE
)
AT_MOST = re.compile(r"(?:at most|no more than|max(?:imum)?(?: value)?(?: of| is)?|less than or equal to|<=|up to|not exceed)\s*(\d+)", re.IGNORECASE)


def again(desk: Desk, goal: Goal, tries: Sequence[Step]) -> Call | Say:
    """The refused call once more, while there is a way and the tries last."""
    last = tries[-1]
    if last.final or len(tries) > TRIES:
        return Say(reply.failed(last))
    if last.refused_here:
        kept = _without_named(goal.tool, last)
        return Call(goal.tool.name, kept) if kept is not None else Say(reply.failed(last))
    errors = last.result.get("errors") or {}
    return _looked_up(desk, goal, last) or _asked(desk, goal.tool, last, errors) or _mended(goal.tool, last, errors) or Say(reply.failed(last))


def _without_named(tool: Tool, step: Step) -> dict[str, Any] | None:
    """A checkpoint's reason names the arguments it minds: the optional ones are left out."""
    said = set(words.parts(str(step.result.get("reason", ""))))
    optional = {f.path[0] for f in tool.fields if not f.required}
    kept = {n: v for n, v in step.arguments.items() if not (n in optional and set(words.parts(n)) <= said)}
    return kept if len(kept) < len(step.arguments) else None


def _looked_up(desk: Desk, goal: Goal, last: Step) -> Call | None:
    """What was taken for an id, and is not known as one, may be what people call the thing."""
    for field in goal.tool.fields if last.result.get("status") == UNKNOWN else ():
        said = last.arguments.get(field.name)
        if not field.required or not isinstance(said, str) or not field.suppliers or said.lower() not in goal.text.lower():
            continue
        match look_up(field, said, desk.tools, desk.talk):
            case Look(name, arguments):
                return Call(name, arguments)
            case Found(value, _) if value != said:
                return Call(goal.tool.name, {**last.arguments, field.name: value})
            case _:
                continue
    return None


def _asked(desk: Desk, tool: Tool, last: Step, errors: Mapping[str, str]) -> Call | None:
    """What the product wants beyond the document is asked for, all of it in one form."""
    known = {f.name: f for f in tool.fields if len(f.path) == 1 and f.role not in ("secret", "file")}
    lacking = [known[name] for name, text in errors.items() if name in known and name not in last.arguments and REQUIRED.search(text)]
    if not lacking or len(lacking) < len(errors):
        return None
    answers = desk.talk.answers()
    if all(f.name in answers for f in lacking):
        return Call(tool.name, {**last.arguments, **{f.name: f.value(str(answers[f.name])) for f in lacking}})
    if "ask_user" not in desk.own or any(f.name in answers for f in lacking):
        return None
    return Call("ask_user", {"question": reply.also_needed(lacking), "fields": [_form(f) for f in lacking]})


def _form(field: Field) -> dict[str, Any]:
    shown = {"name": field.name, "label": " ".join(words.parts(field.name)).capitalize()}
    return {**shown, "type": "choice", "choices": list(field.choices)} if field.choices else {**shown, "type": "text"}


def _mended(tool: Tool, last: Step, errors: Mapping[str, str]) -> Call | None:
    """Each refused argument mended or left out; None when one of them can be neither."""
    changed = dict(last.arguments)
    fields = {f.path[0]: f for f in tool.fields}
    for name, message in errors.items():
        value = changed.pop(name, None)
        if value is None:
            return None
        better = _better(value, message, fields.get(name))
        if better is not None:
            changed[name] = better
        elif not _droppable(tool, fields.get(name), message):
            return None
    return Call(tool.name, changed) if errors else None


def _better(value: Any, message: str, field: Field | None) -> Any:
    if isinstance(value, str) and value.startswith("secret:"):
        return None
    most = AT_MOST.search(message) if field is not None and field.role == "page" and isinstance(value, int) else None
    return min(value, int(most[1])) if most and int(most[1]) != value else mended(value, message)


def _droppable(tool: Tool, field: Field | None, message: str) -> bool:
    """Only what narrows or orders a list: a change without a part of it would be another one."""
    return tool.reads and field is not None and not field.required and NOT_TAKEN.search(message) is not None
