"""What the model was handed, read: the customer's words, the calls so far and what came of them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from tools.korean import is_korean

ATTACHED = re.compile(r"^\[attached: .*, handle (file:[A-Za-z0-9_-]+)\]$", re.MULTILINE)  # as engine/attached.py tells of them


@dataclass(frozen=True, slots=True)
class Step:
    """A tool call and its result. `result` is one JSON object, empty while there is none."""

    id: str
    tool: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any]

    @property
    def done(self) -> bool:
        return self.result.get("from") == "product" and self.result.get("outcome") == "done"

    @property
    def refused_here(self) -> bool:
        """By a checkpoint of Parlance or by the customer, not by the product."""
        return "rejected" in self.result

    @property
    def final(self) -> bool:
        return bool(self.result.get("final"))

    @property
    def data(self) -> Any:
        return self.result.get("data")

    @property
    def count(self) -> int | None:
        """How many there are, if that is known for certain."""
        total, rows = self.result.get("total"), self.result.get("rows")
        if isinstance(total, int):
            return total
        return rows if isinstance(rows, int) else None


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier message of the customer, and what was called for it."""

    said: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """What the customer asked for and was asked about: his words so far, the call that waits (none, where the operation was to be chosen),
    the values that it lacks, and those that it has."""

    said: str
    tool: str = ""
    asked: tuple[str, ...] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    corrected: bool = False  # nothing was asked for: only words that put it right go on with it


@dataclass(frozen=True, slots=True)
class Conversation:
    """`said` is the newest message of the customer, `steps` what was called since, `earlier` what was called before it."""

    said: str
    steps: tuple[Step, ...] = ()
    earlier: tuple[Step, ...] = ()
    product: str = ""
    messages: int = 0
    heard: str = ""  # `said` as it was written
    before: tuple[str, ...] = ()  # what the customer said earlier, oldest first
    attached: tuple[str, ...] = ()  # handles of files, of the newest message
    past: tuple[Past, ...] = ()  # the earlier messages that are shown in full, oldest first
    open: Open | None = None  # what the newest message goes on with
    undo: tuple[Mapping[str, Any], ...] | None = None  # the calls that undo what is to be undone
    korean: bool = False  # the customer is answered in Korean

    def answers(self) -> dict[str, Any]:
        """What the customer filled in when asked by `ask_user` in this turn."""
        found: dict[str, Any] = {}
        for step in self.steps:
            if step.result.get("from") == "customer" and isinstance(step.result.get("answers"), dict):
                found |= step.result["answers"]
        return found


def read(messages: Sequence[BaseMessage]) -> Conversation:
    system = next((text_of(m) for m in messages if isinstance(m, SystemMessage)), "")
    begins = [n for n, m in enumerate(messages) if isinstance(m, HumanMessage)]
    start = begins[-1] if begins else len(messages)
    here = messages[start:]
    told = [text_of(m) for m in messages if isinstance(m, HumanMessage)]
    return Conversation(
        said=without_files(text_of(here[0])) if here else "",
        steps=_steps(here),
        earlier=_steps(messages[:start]),
        product=_line(system, "Product"),
        messages=len(messages),
        before=tuple(without_files(text) for text in told[:-1]),
        attached=tuple(ATTACHED.findall(told[-1])) if told else (),
        past=tuple(Past(without_files(text_of(messages[n])), _steps(messages[n:end])) for n, end in pairwise(begins)),
        undo=_undo(_line(system, "Undo")),
        korean=_line(system, "Locale").lower().startswith("ko") or bool(told and is_korean(without_files(told[-1]))),
    )


def _undo(line: str) -> tuple[Mapping[str, Any], ...] | None:
    try:
        found = json.loads(line or "null")
    except ValueError:
        return None
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else None


def without_files(text: str) -> str:
    return ATTACHED.sub("", text).strip()


def text_of(message: BaseMessage) -> str:
    """The text of a message, whichever of LangChain's two forms its content has."""
    if isinstance(message.content, str):
        return message.content
    return "".join(block if isinstance(block, str) else str(block.get("text", "")) for block in message.content)


def _steps(messages: Sequence[BaseMessage]) -> tuple[Step, ...]:
    results = {m.tool_call_id: _object(text_of(m)) for m in messages if isinstance(m, ToolMessage)}
    calls = [call for m in messages if isinstance(m, AIMessage) for call in m.tool_calls]
    return tuple(Step(str(c["id"]), c["name"], c["args"], results.get(str(c["id"]), {})) for c in calls)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _line(system: str, name: str) -> str:
    """A fact of the system text: one of the lines it ends with."""
    found = [line.removeprefix(f"{name}:").strip() for line in system.splitlines() if line.startswith(f"{name}:")]
    return found[-1] if found else ""
