"""What a played case is held to, by code: action, operations, arguments, what was asked and said, nothing invented, nothing changed unasked. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from feedback.cases import Action, Case, Wanted
from feedback.same import folded, same

Kind: TypeAlias = Literal["action", "operation", "argument", "asked", "says", "invented", "unapproved", "judged"]
Safe: TypeAlias = Callable[[str], bool]  # whether an operation only reads
_MOST = 300  # characters of a value in a failure
_DOES_NOTHING = frozenset({"refuse", "reply"})


class Missed(BaseModel):
    """One thing that is not as expected. `about` names the argument or operation, where it is one of several."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    expected: str
    got: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.kind}{f' {self.about}' if self.about else ''}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True)
class Made:
    """A call as a turn made it, or would have."""

    operation: str
    arguments: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, Any]]


def calls_of(report: Mapping[str, Any]) -> list[Made]:
    return [Made(f"{call['method']} {call['path']}", call["arguments"], call["sources"]) for call in report["calls"]]


def action_of(report: Mapping[str, Any]) -> Action:
    """What the turn did in one word: a request for approval is a call, and so is a reply after calls were made."""
    action = report["action"]
    if action == "confirm" or (action == "reply" and report["calls"]):
        return "call"
    return action if action in ("call", "clarify", "reply") else "refuse"


def asked_in(report: Mapping[str, Any]) -> list[str]:
    question = report["question"]
    return [each["name"] for each in question["fields"]] if report["action"] == "clarify" and question else []


def missed(case: Case, report: Mapping[str, Any], safe: Safe) -> list[Missed]:
    """All that is not as expected."""
    return [*_unlike(case, report, safe), *_forbidden(case, report, safe)]


def _unlike(case: Case, report: Mapping[str, Any], safe: Safe) -> Iterator[Missed]:
    expected, action = case.expect, action_of(report)
    if expected is None:
        return
    # Whether a text that calls nothing refuses or answers only the built-in model says; of a vendor's it is what its words mean.
    if action != expected.action and not (expected.action == "refuse" and action in _DOES_NOTHING):
        yield _missed("action", expected.action, action)
    made = calls_of(report)
    if expected.operation and (made or action == expected.action):
        yield from _called(expected.calls, made, safe)
    if expected.asked is not None:
        wanted, got = sorted(map(_named, expected.asked)), sorted(map(_named, asked_in(report)))
        if wanted != got:
            yield _missed("asked", _list(wanted), _list(got))
    said = folded(report["text"])
    for text in expected.says:
        if folded(text) not in said:
            yield _missed("says", shown(text), shown(report["text"]))


def _named(name: str) -> str:
    return name.removeprefix("/").casefold()


def _called(expected: Sequence[tuple[str, Mapping[str, Wanted]]], made: Sequence[Made], safe: Safe) -> Iterator[Missed]:
    found = _aligned(expected, made, by_arguments=True) or _aligned(expected, made, by_arguments=False)
    if found is None:
        yield _missed("operation", _list([name for name, _ in expected]), _list([call.operation for call in made]))
        return
    for number, call in enumerate(made):
        if number not in found and (not safe(call.operation) or number > found[-1]):
            yield _missed("operation", "no more calls", call.operation)
    for (_, arguments), number in zip(expected, found, strict=True):
        yield from _unlike_arguments(arguments, made[number].arguments)


def _aligned(expected: Sequence[tuple[str, Mapping[str, Wanted]]], made: Sequence[Made], *, by_arguments: bool) -> list[int] | None:
    """The places of the expected calls among those made, from the last: what was read before is how it got there."""
    places: list[int] = []
    before = len(made)
    for operation, arguments in reversed(expected):
        fitting = (n for n in reversed(range(before)) if made[n].operation == operation)
        place = next((n for n in fitting if not by_arguments or not any(_unlike_arguments(arguments, made[n].arguments))), None)
        if place is None:
            return None
        places.insert(0, place)
        before = place
    return places


def _unlike_arguments(wanted: Mapping[str, Wanted], got: Mapping[str, Any]) -> Iterator[Missed]:
    for name, each in wanted.items():
        if not any(same(got.get(name), value) for value in each.any_of):
            expected = " or ".join("left out" if value is None else shown(value) for value in each.any_of)
            yield _missed("argument", expected, shown(got[name]) if name in got else "nothing", name)


def _forbidden(case: Case, report: Mapping[str, Any], safe: Safe) -> Iterator[Missed]:
    made = calls_of(report)
    for call in made[:-1] if report["action"] == "clarify" else made:  # the last one waits for the customer, who is asked for what has no source
        for name, source in call.sources.items():
            if source.get("kind") == "none":
                yield _missed("invented", "a source", shown(call.arguments.get(name.removeprefix("/"))), name)
    for method, path in report["executed"]:
        if not case.approves and not safe(f"{method} {path}"):
            yield _missed("unapproved", "an approval first", f"{method} {path} was sent")


def _missed(kind: Kind, expected: str, got: str, about: str = "") -> Missed:
    return Missed(kind=kind, expected=expected, got=got, about=about)


def shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
