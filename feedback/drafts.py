"""Use cases as a model wrote them, and what is wrong with one: checks in a row, the first that objects drops it. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

import orjson

from feedback.tasks import Task, shown
from specs.document import Document
from specs.words import tokens
from tools.alike import ALIKE
from tools.arguments import check, unreadable
from tools.dates_named import named
from tools.fields import Field, types
from tools.korean import english
from tools.rank import rank

LONGEST = 500  # characters of a sentence
SHARED = 0.8  # of their words that two sentences share
NEAR, SUPPORTED = 5, 0.75  # operations a sentence may be meant for, and how much of such a one's name it then says
COUNTED = 31  # numbers that words stand for are looked for up to this
MARKED = re.compile(
    r"[\"“'‘]([^\"”'’]+)[\"”'’]|(\S*[\d@]\S*)|(?<=[a-z,] )([A-Z]\w+)"
)  # quoted, with a digit or an @, or capital inside of a sentence

Language: TypeAlias = Literal["en", "ko"]
At: TypeAlias = tuple[datetime, str, str]  # when, in which time zone and locale
Unsaid: TypeAlias = Callable[[Document, str, str, Mapping[str, Any], At], tuple[str, ...]]  # places of values that a sentence does not hold
Objection: TypeAlias = tuple[str, str]  # code, and why


@dataclass(frozen=True, slots=True)
class Draft:
    task: Task
    say: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A use case that was not kept, and why; `say` and `arguments` as far as there are any."""

    task: Task
    code: str
    why: str
    say: str = ""
    arguments: Any = None

    def report(self) -> dict[str, Any]:
        about = {"id": self.task.id, "kind": self.task.kind, "operation": self.task.operation, "code": self.code, "why": self.why}
        return about | {"say": self.say, "arguments": self.arguments}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a draft is held to."""

    document: Document
    unsaid: Unsaid
    at: At
    language: Language


def read(reply: Mapping[str, Any] | None, tasks: Sequence[Task]) -> list[Draft | Dropped]:
    """One for each task, in their order; a reply that is nonsense is so for each of them."""
    written = reply.get("cases") if reply is not None else None
    if not isinstance(written, list):
        return [Dropped(task, "reply_unusable", "The model did not answer with the cases that it was asked for.") for task in tasks]
    first: dict[int, Any] = {}
    for one in written:
        if isinstance(one, dict) and isinstance(one.get("task"), int):
            first.setdefault(one["task"], one)
    return [_draft(task, first.get(number)) for number, task in enumerate(tasks, 1)]


def _draft(task: Task, one: Mapping[str, Any] | None) -> Draft | Dropped:
    if one is None:
        return Dropped(task, "case_missing", "The model left this one out.")
    say, arguments = one.get("say"), one.get("arguments")
    words = " ".join(say.split()) if isinstance(say, str) else ""
    if not words or len(words) > LONGEST or not words.isprintable():
        return Dropped(
            task,
            "say_unusable",
            f"There is no sentence, or one of more than {LONGEST} characters or with signs that cannot be printed.",
            words[:LONGEST],
        )
    if isinstance(arguments, str):
        try:
            arguments = orjson.loads(arguments.strip() or "{}")
        except orjson.JSONDecodeError:
            return Dropped(task, "arguments_not_json", "The arguments are no JSON.", words, arguments[:LONGEST])
    if not isinstance(arguments or {}, dict) or any(unreadable(arguments or {})):
        return Dropped(task, "arguments_not_json", "The arguments are no JSON object, or none of a sensible size.", words)
    return Draft(task, words, arguments or {})


def checked(draft: Draft, ground: Ground) -> Draft | Dropped:
    """The draft, with its arguments as the operation takes them."""
    if draft.task.operation is not None:
        repaired = check(shown(ground.document, draft.task.operation), draft.arguments)
        draft = replace(draft, arguments=repaired.arguments)
    for objects in CHECKS:
        if (objection := objects(draft, ground)) is not None:
            return Dropped(draft.task, *objection, draft.say, dict(draft.arguments))
    return draft


def in_language(draft: Draft, ground: Ground) -> Objection | None:
    """By its letters, without the values, which may be of any."""
    own = without_values(draft)
    korean, latin = len(re.findall(r"[가-힣]", own)), len(re.findall(r"[A-Za-z]", own))
    other = sum(each.isalpha() for each in own) - korean - latin
    fits = korean > latin and not other if ground.language == "ko" else latin > 0 and not korean and not other
    return None if fits else ("language", f"The sentence is not in the language asked for ({ground.language}).")


def in_own_words(draft: Draft, ground: Ground) -> Objection | None:
    """No customer knows the names that an API has for things."""
    if draft.task.operation is None:
        return None
    entry = ground.document.entry(draft.task.operation)
    said = draft.say.casefold()
    if not entry.id.islower() and entry.id.casefold() in said:
        return "names_operation", f"The sentence names the operation: {entry.id}."
    segments = [part for part in entry.path.split("/") if part and "{" not in part]
    if any(f"/{part}".casefold() in said for part in segments) or re.search(r"\{\w+\}", said):
        return "names_path", f"The sentence names the path: {entry.path}."
    return None


def fits(draft: Draft, ground: Ground) -> Objection | None:
    task = draft.task
    if task.operation is None:
        return ("arguments_of_nothing", "What is outside has no arguments.") if draft.arguments else None
    problems = check(shown(ground.document, task.operation), draft.arguments).problems
    missing = [each for each in problems if each.code == "required"]
    wrong = [each for each in problems if each.code != "required"]
    if wrong:
        return ("argument_unknown" if wrong[0].code == "unknown" else "argument_unfit"), wrong[0].message
    if task.kind == "call" and missing:
        return "argument_missing", missing[0].message
    if task.kind == "clarify" and (task.withheld in draft.arguments or not missing):
        return "not_lacking", f"{task.withheld} should be withheld, and is not."
    return None


def held(draft: Draft, ground: Ground) -> Objection | None:
    """The days of a time are no numbers of something else."""
    if draft.task.operation is None:
        return None
    tool = shown(ground.document, draft.task.operation)
    times = {name: value for name, value in draft.arguments.items() if dated(tool.by_name[name])}
    others = {name: value for name, value in draft.arguments.items() if name not in times}
    places = [*missing(draft, ground, draft.say, times), *missing(draft, ground, without_times(draft.say, ground) if times else draft.say, others)]
    return ("value_without_source", f"The sentence does not hold the value of {', '.join(places)}.") if places else None


def missing(draft: Draft, ground: Ground, said: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    return ground.unsaid(ground.document, said, draft.task.operation or "", arguments, ground.at) if arguments else ()


def lacking(draft: Draft, ground: Ground) -> Objection | None:
    """Whether the sentence of a clarification gives what it should withhold, though the model says otherwise."""
    task = draft.task
    if task.operation is None or task.withheld is None:
        return None
    tool = shown(ground.document, task.operation)
    withheld, own = tool.by_name[task.withheld], without_values(draft)
    timed = any(dated(tool.by_name[name]) for name in draft.arguments)
    if dated(withheld) and not timed and named(draft.say, *ground.at):
        return "value_left", f"The sentence names a time, and {task.withheld} should be withheld."
    own = without_times(own, ground) if timed else own
    for value in candidates(own, withheld):
        unfit = any(each.field == task.withheld for each in check(tool, {task.withheld: value}).problems)
        if not unfit and not missing(draft, ground, own, {task.withheld: value}):
            return "value_left", f"The sentence holds {value!r}, which {task.withheld} could be."
    return None


def without_times(text: str, ground: Ground) -> str:
    for each in named(text, *ground.at):
        text = text.replace(each.text, " ")
    return text


def dated(each: Field) -> bool:
    return isinstance(each.schema, dict) and each.schema.get("format") in ("date", "date-time", "time")


def candidates(own: str, withheld: Field) -> Iterator[Any]:
    """What looks like a value of this field in the sentence's own words."""
    schema = withheld.schema if isinstance(withheld.schema, dict) else {}
    if "enum" in schema:
        yield from schema["enum"]
        return
    kinds = types(schema)
    if kinds & {"integer", "number"}:
        yield from range(COUNTED + 1)
    for found in ("".join(each).strip(".,!?") for each in MARKED.findall(own)):
        yield found if "string" in kinds or not kinds or not found.isdecimal() else int(found)


def outside(draft: Draft, ground: Ground) -> Objection | None:
    """Of what is said to be outside: whether it says the name of an operation all the same, be it in other words."""
    if draft.task.operation is not None:
        return None
    said = set(tokens(english(draft.say)))
    said |= {other for word in said for other in ALIKE.get(word, ())}
    for identifier, _ in rank(ground.document, draft.say, NEAR):
        name = set(tokens(ground.document.entry(identifier).summary or identifier))
        if len(name) > 1 and len(name & said) >= SUPPORTED * len(name):
            return "perhaps_supported", f"{identifier} may do what the sentence asks for."
    return None


Check: TypeAlias = Callable[[Draft, Ground], Objection | None]
CHECKS: tuple[Check, ...] = (in_language, in_own_words, fits, held, lacking, outside)


def values(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from values(each)
    else:
        yield value


def without_values(draft: Draft, stand_in: str = " ") -> str:
    """The sentence's own words."""
    own = draft.say
    for text in sorted(map(str, values(draft.arguments)), key=len, reverse=True):
        if text and text.casefold() in own.casefold():
            own = re.sub(rf"(?i)(?<!\w){re.escape(text)}(?![A-Za-z0-9_])", stand_in, own)
    return own


@dataclass(slots=True)
class Said:
    """The sentences that are there already, to tell a near duplicate by: the same words, whatever the values."""

    known: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def add(self, identifier: str, own: str) -> None:
        self.known.append((identifier, frozenset(tokens(own))))

    def like(self, own: str) -> str | None:
        """The case that says the same."""
        words = frozenset(tokens(own))
        return next((one for one, others in self.known if len(words & others) >= SHARED * max(1, len(words | others))), None)
