"""What the customer is asked where the words leave open which operation is meant. Pure."""

from collections.abc import Sequence

from engine.builtin import reply
from engine.builtin.desk import Call, Desk
from engine.builtin.requests import Goal, rivals
from engine.builtin.toolbox import Tool

OPERATION = "operation"  # the field of the form


def which_operation(desk: Desk, goals: Sequence[Goal]) -> Call | list[Goal]:
    """The goals with what was chosen; a form where two changes fit one of them about equally well and nothing was chosen."""
    settled: list[Goal] = []
    for goal in goals:
        both = rivals(goal, desk.tools) if "ask_user" in desk.own else ()
        chosen = _chosen(desk, both)
        if both and chosen is None and not any(step.tool in [tool.name for tool in both] for step in desk.talk.steps):
            return _ask(both)
        settled.append(Goal(chosen, goal.text) if chosen else goal)
    return settled


def _ask(both: Sequence[Tool]) -> Call:
    choices = [label(tool) for tool in both]
    field = {"name": OPERATION, "label": "What is meant", "type": "choice", "choices": choices}
    return Call("ask_user", {"question": reply.WHICH_OPERATION, "fields": [field]})


def _chosen(desk: Desk, both: Sequence[Tool]) -> Tool | None:
    answer = desk.talk.answers().get(OPERATION)
    return next((tool for tool in both if label(tool) == answer), None)


def label(tool: Tool) -> str:
    return tool.summary.rstrip(".") or tool.name
