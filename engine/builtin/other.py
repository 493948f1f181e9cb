"""No, the other group: the newest call once more, for another record of the list that its own was among. Pure."""

from collections.abc import Iterator
from typing import Any

from engine.again import other
from engine.builtin import reply, words
from engine.builtin.conversation import Step
from engine.builtin.desk import OPTIONS, Call, Desk, Say, which_of
from engine.builtin.records import meant, rows
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Field


def the_other(desk: Desk) -> Goal | Call | Say | None:
    """None: the words say nothing of the kind, or there was no such call."""
    noun = other(desk.talk.said)
    found = next(_used(desk, noun), None) if noun else None
    if found is None:
        return None
    step, field, value = found
    others = dict(_others(desk, field, value))
    if not others:
        return _list(desk, field)
    chosen = next(iter(others)) if len(others) == 1 else desk.talk.answers().get(field.name)
    if chosen not in others:
        return _which(desk, field, list(others))
    kept = tuple(((name,), given) for name, given in step.arguments.items() if name != field.name)
    return Goal(desk.tools[step.tool], _before(desk), given=(*kept, (field.path, others[chosen])), called=chosen)


def _before(desk: Desk) -> str:
    return desk.talk.before[-1] if desk.talk.before else desk.talk.said


def _used(desk: Desk, noun: str) -> Iterator[tuple[Step, Field, Any]]:
    """The newest calls for one of such things, newest first."""
    for step in reversed(desk.talk.earlier):
        tool = desk.tools.get(step.tool)
        for field in tool.identifiers if tool else ():
            about = {*field.own_words, *tool.nouns} if tool else set()
            if field.name in step.arguments and (noun == "one" or words.stem(noun) in about):
                yield step, field, step.arguments[field.name]


def _others(desk: Desk, field: Field, value: Any) -> Iterator[tuple[str, Any]]:
    """What it could have been instead, by what each is called: of the newest list that it stands in."""
    for step in reversed((*desk.talk.earlier, *desk.talk.steps)):
        ids = [(meant(field, step, row, desk.tools), row) for row in rows(step.data)] if step.done else []
        if len(ids) > 1 and any(one == value for one, _ in ids):
            yield from ((reply.called(row) or str(one), one) for one, row in ids if one not in (None, value))
            return


def _list(desk: Desk, field: Field) -> Call | Say | None:
    """The list is read where none is known."""
    names = [s.operation for s in field.suppliers if s.operation in desk.tools and not any(f.required for f in desk.tools[s.operation].fields)]
    if not names:
        return None
    return Say(reply.NO_OTHER) if any(s.tool == names[0] for s in desk.talk.steps) else Call(names[0], {})


def _which(desk: Desk, field: Field, options: list[str]) -> Call | Say:
    question = reply.which_one(field)
    return Say(question) if "ask_user" not in desk.own or len(options) > OPTIONS else which_of(question, field, options)
