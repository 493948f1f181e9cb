"""Takes what is secret or personal out of a case, the same value everywhere by the same stand-in, so that the case still plays. Pure.

What that is says the policy for what a model may see (tools/redact.py): secret and sensitive fields, names and forms of personal numbers.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tools.fields import plain_name
from tools.personal import PERSONAL_NAMES, spans
from tools.redact import SHORTEST, named_id
from tools.request import MASK

HANDLE = re.compile(r"secret:[\w-]{8,}")
GAP = re.compile(r"[ .-]")
DIGITS = 6  # from which on a value is the same however it is grouped: 4111 1111 1111 1111


@dataclass(slots=True)
class Masks:
    """`names`: fields whose values are hidden, as plain names. First `learn` all there is, then mask each part: data by `of`, words by `text`."""

    names: frozenset[str]
    known: dict[str, str] = field(default_factory=dict)  # a value, without its signs, and what stands for it

    def learn(self, data: Any, name: str = "", *, hidden: bool = False) -> None:
        hidden = hidden or plain_name(name) in self.names or plain_name(name) in PERSONAL_NAMES
        if isinstance(data, dict):
            for inner, value in data.items():
                self.learn(value, str(inner), hidden=hidden)
        elif isinstance(data, list | tuple):
            for value in data:
                self.learn(value, name, hidden=hidden)
        elif hidden and is_value(data):
            self.stand_in(str(data))
        elif isinstance(data, str):
            for start, end in spans(data, named_id(name)):
                self.stand_in(data[start:end])
            for found in HANDLE.findall(data):
                self.stand_in(found)

    def stand_in(self, value: str) -> str:
        return self.known.setdefault(ungrouped(value), f"masked-{len(self.known) + 1}")

    def of(self, data: Any, name: str = "", *, hidden: bool = False) -> Any:
        hidden = hidden or plain_name(name) in self.names or plain_name(name) in PERSONAL_NAMES
        if isinstance(data, dict):
            return {self.text(str(inner)): self.of(value, str(inner), hidden=hidden) for inner, value in data.items()}
        if isinstance(data, list | tuple):
            return [self.of(value, name, hidden=hidden) for value in data]
        if hidden and is_value(data):
            return self.stand_in(str(data))
        if isinstance(data, str):
            return self.text(data, named=named_id(name))
        return self.known.get(ungrouped(str(data)), data) if type(data) in (int, float) and len(str(data)) >= SHORTEST else data

    def text(self, text: str, *, named: bool = False) -> str:
        for start, end in reversed(spans(text, named)):
            if end <= len(text):
                text = text[:start] + self.stand_in(text[start:end]) + text[end:]
        for value, stand_in in sorted(self.known.items(), key=lambda item: -len(item[0])):
            if len(value) >= SHORTEST and (value in text or value in GAP.sub("", text)):
                text = written(value).sub(stand_in, text)
        return text


def ungrouped(value: str) -> str:
    plain = GAP.sub("", value)
    return plain if plain.isalnum() and sum(map(str.isdigit, plain)) >= DIGITS else value


@cache
def written(value: str) -> re.Pattern[str]:
    """The whole value in a text; where it is a number, in whatever groups."""
    grouped = "[ .-]?".join(map(re.escape, value)) if ungrouped(value) == GAP.sub("", value) else re.escape(value)
    return re.compile(rf"(?<!\w){grouped}(?!\w)")


def is_value(data: Any) -> bool:
    """What is masked already, or is not there, needs no stand-in."""
    return not isinstance(data, bool) and isinstance(data, str | int | float) and data not in ("", MASK)
