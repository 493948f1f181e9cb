"""One row of an evaluation set before the checkpoints: its operation, the words, and what became of each value. Knows no set's fields but these."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from engine.checkpoints import CHECKPOINTS, within_intent
from engine.events import JSON, CallApproved, CallReturned, Result
from engine.facts import Draft, Facts, NeedsAnswer, NeedsApproval, Passed, Rejected, Verdict, leaves
from engine.fitting import decided
from engine.matching import key_of
from preprocess.compile import compile_document
from specs.catalogue import unnamed
from specs.document import Document
from specs.model import Operation
from specs.pointers import pointer
from tests.engine.talk import NOW, Talk
from tools.dates import resolve
from tools.own import OWN
from tools.schema import ToolDefinition

LADDER = tuple(each for each in CHECKPOINTS if each is not within_intent)  # a call that is refused as a whole would hide its values


def tuned_on(source: str) -> bool:
    """Half of the sources, settled before the first rule was tried."""
    return int(hashlib.sha256(source.encode()).hexdigest()[:8], 16) % 2 == 0


@dataclass
class Stage:
    """Documents, each compiled once."""

    folder: Path
    documents: dict[str, Document] = field(default_factory=dict)

    def played(self, case: Mapping[str, Any], operation: Sequence[str] | None) -> "Played | None":
        if operation is None:
            return None
        document = self.document(case)
        wanted = plain(*operation)
        entries = (document.entry(name) for service in document.services for name in service.operations)
        found = next((each.id for each in entries if plain(each.method, each.path) == wanted), None)
        return Played(case, document.operation(found)) if found else None

    def document(self, case: Mapping[str, Any]) -> Document:
        data = orjson.dumps(case["spec_doc"]) if case.get("spec_doc") else (self.folder / case["spec"]).read_bytes()
        key = hashlib.sha256(data).hexdigest()
        if key not in self.documents:
            self.documents[key] = compile_document(data)
        return self.documents[key]


def plain(method: str, path: str) -> tuple[str, str]:
    return method.upper(), unnamed(path).rstrip("/") or "/"


@dataclass(frozen=True)
class Played:
    case: Mapping[str, Any]
    operation: Operation

    @cached_property
    def now(self) -> int:
        """What the row says the time is, where it says so."""
        said = self.case.get("context")
        told = resolve(said, datetime.fromtimestamp(NOW / 1000, UTC), "UTC", "en") if isinstance(said, str) and "time is" in said else None
        return int(datetime.fromisoformat(told["start"]).timestamp() * 1000) if told else NOW

    @cached_property
    def definition(self) -> ToolDefinition:
        found = Talk("", operations={self.operation.id: self.operation}).definition(self.operation.id)
        assert found is not None
        return found

    def wire(self, name: str) -> str:
        found = self.definition.by_name.get(name)
        return found.wire if found else name

    def named(self, values: Mapping[str, JSON]) -> dict[str, JSON]:
        """By the names that the operation's arguments have."""
        names = {each.wire: each.name for each in reversed(self.definition.fields)}
        return {names.get(name, name): value for name, value in values.items()}

    def judged(self, arguments: dict[str, JSON]) -> "Ended":
        """A model that is told to ask for the time of the customer's words does so, once."""
        talk = Talk(self.case["utterance"], operations={self.operation.id: self.operation}, now=self.now)
        facts = self.facts(talk, arguments)
        verdict, draft = climbed(facts)
        if isinstance(verdict, Rejected) and "resolve_dates" in verdict.reason and self.dated(talk):
            verdict, draft = climbed(self.facts(talk, arguments))
        if isinstance(verdict, NeedsAnswer):
            draft = decided(facts, self.definition, draft)  # with the marks that the approval after the answer will show
        return Ended(verdict, draft)

    def facts(self, talk: Talk, arguments: dict[str, JSON]) -> Facts:
        facts = talk.facts(talk.wish(self.operation.id, arguments))
        return replace(facts, offered=frozenset({*OWN, self.operation.id}), secrets=self.definition.secrets)

    def dated(self, talk: Talk) -> bool:
        text = talk.text
        found = resolve(text, datetime.fromtimestamp(self.now / 1000, UTC), "Asia/Seoul", "en")
        if found is None:
            return False
        call = talk.wish("resolve_dates", text=text)
        talk.add(CallApproved(call_id=call, arguments={"text": text}))
        talk.bodies[call] = found
        talk.add(CallReturned(call_id=call, outcome="done", result=Result(id=call, data=found)))
        return True


def climbed(facts: Facts) -> tuple[Verdict, Draft]:
    draft = Draft(arguments=dict(facts.call.arguments))
    for checkpoint in LADDER:
        verdict = checkpoint(facts, draft)
        if not isinstance(verdict, Draft):
            return verdict, draft
        draft = verdict
    return Passed(draft.arguments, dict(draft.sources), draft.repairs, draft.omitted), draft


@dataclass(frozen=True)
class Ended:
    """What came of a call, and of each of its values."""

    state: Verdict
    draft: Draft

    @property
    def verdict(self) -> str:
        names = {Passed: "passed", Rejected: "rejected", NeedsAnswer: "asked", NeedsApproval: "approval"}
        return names[type(self.state)]

    @property
    def asked_names(self) -> list[str]:
        return [each.name for each in self.state.question.fields] if isinstance(self.state, NeedsAnswer) else []

    @property
    def asked_places(self) -> tuple[str, ...]:
        return tuple(name if name.startswith("/") else pointer(name) for name in self.asked_names)

    def asked(self, arguments: Mapping[str, JSON]) -> Iterator[tuple[str, JSON]]:
        for place, value in leaves(dict(arguments)):
            if place and any(place == each or place.startswith(f"{each}/") for each in self.asked_places):
                yield place, value

    def end(self, place: str, made: JSON) -> str:
        """What became of the value that was made up for this place."""
        if isinstance(self.state, Rejected):
            return "refused"
        if any(place == each or place.startswith(f"{each}/") for each in self.asked_places):
            return "asked"
        source = self.draft.sources.get(place)
        if isinstance(self.state, NeedsApproval):
            marked = {value.name: value.source for value in self.state.question.values}
            source = marked.get(place, source)
        if source is None or key_of(dict(leaves(self.state.arguments)).get(place)) != key_of(made):
            return "left out"
        if source.mark == "show":
            return "shown"
        return {"chosen": "chosen", "document": "default"}.get(source.kind, "passed")
