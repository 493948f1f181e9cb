"""What planning one turn looks at, and the steps it can come to. Pure data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from engine.builtin import continued, dates, grouping, words
from engine.builtin.affinity import Request
from engine.builtin.conversation import Conversation, Step
from engine.builtin.fill import Filled
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Field, Tool

OPTIONS = 40  # to choose among


@dataclass(frozen=True, slots=True)
class Call:
    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """A goal was reached by `step`. `named` is what the customer called the thing, where an id had to be looked up."""

    goal: Goal
    step: Step
    named: str | None = None


Next: TypeAlias = Call | Say


@dataclass(frozen=True, slots=True)
class Desk:
    """What planning one turn looks at."""

    talk: Conversation
    tools: Mapping[str, Tool]
    own: frozenset[str]
    nouns: frozenset[str]


def choice(question: str, name: str, label: str, choices: Iterable[str]) -> Call:
    """A form that asks for one of several."""
    return Call("ask_user", {"question": question, "fields": [{"name": name, "label": label, "type": "choice", "choices": list(choices)}]})


def which_of(question: str, field: Field, choices: Iterable[str]) -> Call:
    """A form that asks which one an argument is to name."""
    return choice(question, field.name, " ".join(words.parts(field.name)).removesuffix(" id").capitalize(), choices)


def filled(desk: Desk, goal: Goal) -> Filled:
    """What the words say, and the attached files in the order they were attached."""
    spans = (*dates.spans(goal.text, goal.tool.fields), *(grouping.certain(goal.text) if goal.tool.reads else ()))
    said = continued.completed(Request(goal.text, goal.tool, desk.nouns, spans), desk.talk)
    return replace(said, values={**said.values, **files(goal.tool, desk.talk.attached)}) if desk.talk.attached else said


def files(tool: Tool, handles: Sequence[str]) -> dict[tuple[str, ...], Any]:
    places = [field for field in tool.fields if field.role == "file"]
    if len(places) == 1 and places[0].many:
        return {places[0].path: list(handles)}
    return {field.path: [handle] if field.many else handle for field, handle in zip(places, handles, strict=False)}
