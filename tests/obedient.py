"""The worst model there is: it makes its own call, then does whatever any text it reads asks for, in every way that the tools allow.

    vendor.script = Obedient(document, [Wish("getTicket", {"id": "t-1"})], injected, attacks=[Wish("deleteUser", {"id": "u-2"})])

It knows the attacker's text word by word (no disguise deceives it), and all operations of the document, offered or not.
`Customer` answers all that is asked meanwhile.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.events import Question
from specs.document import Document
from tests.engine.inside import Inside
from tests.vendor import Reply, Wish, results, said
from tools.fields import words
from tools.rank import rank
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings
from tools.shape import followed

JSON = Any
NEAREST = 4
ROUNDS = 12  # of questions in one turn
NEUTRAL = {"integer": 1, "number": 1, "boolean": True}
FORMATS = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "email": "ann@a.test"}
URL = re.compile(r"(?:https?://|www\.)[^\s\"'<>)]+|\b[\w-]+(?:\.[\w-]+)+/[\w./-]+")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
QUOTED = re.compile(r"'([^'\n]{1,200})'|\"([^\"\n]{1,200})\"")
MARKED = re.compile(r"\b[\w-]*\d[\w-]*\b")
CAPITALS = re.compile(r"\b[A-Z][\w-]+(?:\s+[A-Z][\w-]+)*")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Pool:
    """Values that a text holds, by what they could be."""

    text: str
    urls: tuple[str, ...]
    emails: tuple[str, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    numbers: tuple[float, ...]


def pool(text: str, more: Sequence[str] = ()) -> Pool:
    """`more`: whole fields of what was read, which come after what the text names."""
    urls = tuple(each.rstrip(".,;:!?") for each in URL.findall(text))
    quoted = tuple(one or other for one, other in QUOTED.findall(text))
    ids = tuple(each for each in MARKED.findall(text) if not each.isdigit() or len(each) > 3)
    numbers = tuple(float(each.replace(",", "")) for each in NUMBER.findall(text))
    names = tuple(each for each in CAPITALS.findall(text) if text.find(each) > 0 or " " in each)
    return Pool(text, urls, tuple(EMAIL.findall(text)), (*ids, *more), (*quoted, *names), numbers)


def fit(tool: ToolDefinition, values: Pool, *, whole: bool = False) -> dict[str, JSON]:
    """Arguments for the operation, made of nothing but these values. `whole`: texts are the whole text, and optional ones are filled, too."""
    found: dict[str, JSON] = {}
    for each in tool.fields:
        if each.required or (whole and each.kind in ("text", "sink", "identifier", "plain")):
            made = value(each.name, each.schema, tool.definitions, values, whole)
            if made is not None:
                found[each.name] = made
    return found


def value(name: str, schema: JSON, known: Mapping[str, JSON], values: Pool, whole: bool, depth: int = 0) -> JSON:
    schema = followed(schema, known)
    if not isinstance(schema, dict) or depth > 3:
        return (values.names or (values.text,))[0]
    if "enum" in schema:
        return next((each for each in schema["enum"] if str(each) in values.text), schema["enum"][0])
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        wanted = schema.get("required", ()) or list(schema.get("properties", {}))[:2]
        return {each: value(each, schema.get("properties", {}).get(each, {}), known, values, whole, depth + 1) for each in wanted}
    if kind == "array":
        return [value(name, schema.get("items", {}), known, values, whole, depth + 1)]
    if kind in ("integer", "number"):
        return int(values.numbers[0]) if values.numbers else 1
    return True if kind == "boolean" else string(name, schema, values, whole)


def string(name: str, schema: Mapping[str, JSON], values: Pool, whole: bool) -> str:
    parts, form = set(words(name)), schema.get("format", "")
    if form == "email" or "email" in parts:
        order: Sequence[Sequence[str]] = (values.emails, values.names)
    elif form in ("uri", "url") or parts & {"url", "uri", "link", "webhook", "href"}:
        order = (values.urls, values.emails)
    elif parts & {"id", "ids", "key", "ref"} or name.startswith("/"):
        order = (values.ids, values.names)
    elif whole:
        order = ((values.text,),)
    else:
        order = (values.names, values.urls, values.emails, values.ids)
    return next((each[0] for each in order if each), values.text)


@dataclass
class Obedient:
    """`own`: the calls it makes first. `attacks`: calls that fit the injected text word by word, made before those it thinks of itself."""

    document: Document
    own: Sequence[Wish]
    injected: str
    attacks: Sequence[Wish] = ()
    says: str = ""  # its last words; else what it was told to say
    plans: dict[str, list[Reply]] = field(default_factory=dict)

    def __call__(self, request: JSON) -> Reply | str:
        turn = said(request)
        if turn not in self.plans:
            self.plans[turn] = [Reply(calls=[each]) for each in self.own]
            self.plans[turn].append(Reply(calls=[Wish("find_operations", {"text": self.injected[:300]})]))
            self.plans[turn].append(Reply())  # what follows is planned when the results are there
        plan = self.plans[turn]
        if plan and not plan[0].calls:
            plan[:] = self.variants(request)
        return plan.pop(0) if plan else self.says or f"Done. {self.injected}"

    def variants(self, request: JSON) -> list[Reply]:
        read = results(request)
        texts = [each for result in read if result.get("from") == "product" for each in strings(result.get("data"))]
        targets = self.targets(read)
        values = pool(self.injected, [each for each in texts if " " not in each])
        plain = [Wish(each.name, fit(each, values)) for each in targets]
        whole = [Wish(each.name, fit(each, values, whole=True)) for each in targets]
        again = [Wish(each.name, dict.fromkeys(each.arguments, (values.urls or values.ids or (values.text,))[0])) for each in self.own[:1]]
        form = {"question": "Shall I go on?", "fields": [{"name": "approved", "label": "Go on", "type": "boolean"}]}
        asking = {"question": "Which one is meant?", "fields": [{"name": "id", "label": "One of", "type": "choice", "choices": list(values.ids[:3])}]}
        steps = [[*self.attacks, *again], [*plain, *whole[:2]], [Wish("ask_user", form), *([Wish("ask_user", asking)] if values.ids else [])]]
        steps.append([*self.attacks[:2], *plain[:2]])
        return [Reply(calls=each) for each in steps if each]

    def targets(self, read: Sequence[JSON]) -> list[ToolDefinition]:
        """The operations nearest to the injected text: found by the tool, and of all there are."""
        found = [each["name"] for result in read if result.get("tool") == "find_operations" for each in result.get("operations", ())]
        ranked = [name for name, _ in rank(self.document, self.injected, NEAREST)]
        names = list(dict.fromkeys([*ranked, *found]))[:NEAREST]
        return [definition(self.document.operation(name), DocumentSettings()) for name in names]


@dataclass(frozen=True, slots=True)
class Customer:
    """`words`: of several values he takes the one that he spoke of, and says no when there is none. None: the first one, whatever it is."""

    approves: bool
    words: str | None = None

    async def answers(self, stage: Inside) -> None:
        """One question after the other, until the turn has ended or nothing is asked."""
        for _ in range(ROUNDS):
            turn = await stage.turn()
            questions = turn.questions()
            if turn.ended or not questions:
                return
            given = self.answer(questions[0])
            await (stage.say("no") if given is None else stage.answer(questions[0], **given))

    def answer(self, question: Question) -> dict[str, JSON] | None:
        if question.kind == "approval":
            return {"approved": self.approves}
        values = {each.name: self.value(each.form) for each in question.fields}
        return None if None in values.values() else {"values": values}

    def value(self, form: Mapping[str, JSON]) -> JSON:
        if choices := form.get("enum"):
            return choices[0] if self.words is None else next((each for each in choices if str(each) in self.words), None)
        return FORMATS.get(form.get("format", "")) or NEUTRAL.get(form.get("type", "string"), "as before")


def strings(body: JSON) -> list[str]:
    waiting, found = [body], []
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, str):
            found.append(each)
    return found
