"""Undoing: the calls that Parlance named for it, one after the other, and what came of them. Pure."""

from collections.abc import Mapping

from engine.builtin import reply
from engine.builtin.conversation import Conversation, Step
from engine.builtin.desk import Call, Next, Say
from engine.builtin.requests import Goal
from engine.builtin.told import joined
from engine.builtin.toolbox import Tool


def undo(talk: Conversation, tools: Mapping[str, Tool]) -> Next | None:
    """None: nothing is to be undone."""
    if talk.undo is None:
        return None
    known = [each for each in talk.undo if each.get("tool") in tools and isinstance(each.get("arguments"), dict)]
    if len(talk.steps) < len(known):
        following = known[len(talk.steps)]
        return Call(following["tool"], following["arguments"])
    return Say(joined(dict.fromkeys(told(step, tools, talk.said) for step in talk.steps)) or reply.NOTHING_TO_UNDO)


def told(step: Step, tools: Mapping[str, Tool], said: str) -> str:
    return reply.outcome(Goal(tools[step.tool], said), step) if step.done else reply.failed(step)
