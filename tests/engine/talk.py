"""A conversation as a test writes it: events added one by one, calls checked in between."""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engine import replies
from engine.checkpoints import Facts, NeedsAnswer, NeedsApproval, Passed, Verdict, check
from engine.context import handles, words
from engine.decide import Limits
from engine.events import (
    CallApproved,
    CallRejected,
    CallReturned,
    CallStarted,
    CallUnknown,
    Event,
    ModelReplied,
    Outcome,
    QuestionAnswered,
    QuestionAsked,
    Result,
    SessionStarted,
    ToolCall,
    UserSaid,
)
from engine.session import Session
from engine.wholes import changes_many, deletes_one
from preprocess.compile import compile_document
from specs.catalogue import collections
from specs.document import Document
from specs.model import Operation
from tools.own import OWN
from tools.request import Target
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings
from tools.show import View

KEY = b"the server's key"
NOW = 1_790_000_000_000
IDENTITY = Path(__file__).parents[2] / "specs" / "examples" / "identity.yaml"


@cache
def identity() -> Document:
    return compile_document(IDENTITY.read_bytes())


def sign(data: bytes) -> str:
    return hmac.new(KEY, data, hashlib.sha256).hexdigest()


@dataclass
class Talk:
    text: str
    locale: str = "en"
    settings: DocumentSettings = field(default_factory=DocumentSettings)
    operations: dict[str, Operation] = field(default_factory=dict)
    definitions: dict[str, ToolDefinition] = field(default_factory=dict)
    now: int = NOW
    base_url: str = "https://api.example.test"
    connection: str | None = "con1"
    leads: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        started = SessionStarted(
            document="d1", spec="sp", tenant="t1", user="u1", connection=self.connection, locale=self.locale, timezone="Asia/Seoul"
        )
        self.session = Session("s1", started)
        self.bodies: dict[str, Any] = {}
        self.labels: dict[str, str] = {}
        self.message = 0
        self.say(self.text)

    def add(self, event: Event) -> int:
        self.session = self.session.add(event)
        return self.session.length - 1

    def say(self, text: str) -> None:
        self.message += 1
        self.add(UserSaid(message_id=f"m{self.message}", text=text, at=self.now))

    def wish(self, tool: str, arguments: dict[str, Any] | None = None, **more: Any) -> str:
        return self.wishes((tool, {**(arguments or {}), **more}))[0]

    def wishes(self, *wanted: tuple[str, dict[str, Any]]) -> list[str]:
        number = self.session.length
        calls = tuple(ToolCall(id=f"c{number}_{at}", tool=tool, arguments=arguments) for at, (tool, arguments) in enumerate(wanted))
        self.add(ModelReplied(calls=calls, at=self.now))
        return [call.id for call in calls]

    def operation(self, tool: str) -> Operation | None:
        if tool in self.operations:
            return self.operations[tool]
        return identity().operation(tool) if identity().has(tool) else None

    def definition(self, tool: str) -> ToolDefinition | None:
        operation = self.operation(tool)
        return OWN.get(tool) or self.definitions.get(tool) or (definition(operation, self.settings) if operation else None)

    def facts(self, call_id: str) -> Facts:
        turn = self.session.turn
        assert turn is not None
        call = turn.call(call_id)
        assert call is not None
        offered = frozenset({*OWN, *(s for s in self.operations), *(o for s in identity().services for o in s.operations)})
        tools = [found for name in offered if (found := self.definition(name))]
        return Facts(
            session=self.session, turn=turn, call=call, operation=self.operation(call.wish.tool), definition=self.definition(call.wish.tool),
            settings=self.settings, target=Target(self.base_url, {}), offered=offered, bodies=self.bodies, labels=self.labels,
            said=words(self.session),
            handles=handles(self.session), leads=self.leads, sign=sign, connection=self.connection, now=self.now, limits=Limits(),
            secrets=frozenset().union(*(each.secrets for each in tools)),
            for_one=deletes_one(operation, collections(self.operations.values())) if (operation := self.operation(call.wish.tool)) else None,
            many=changes_many(operation, collections(self.operations.values())) if operation else None,
        )  # fmt: skip

    def check(self, call_id: str) -> Verdict:
        """The verdict, also as the event the loop would add."""
        verdict = check(self.facts(call_id))
        match verdict:
            case Passed(arguments, sources, repairs, omitted):
                self.add(CallApproved(call_id=call_id, arguments=arguments, sources=sources, repairs=repairs, omitted=omitted))
            case NeedsAnswer(question, arguments) | NeedsApproval(question, arguments):
                self.add(QuestionAsked(question=question, arguments=arguments))
            case _:
                self.add(CallRejected(call_id=call_id, checkpoint=verdict.checkpoint, reason=verdict.reason, told=verdict.told, final=verdict.final))
        return verdict

    def call(self, tool: str, arguments: dict[str, Any] | None = None, **more: Any) -> Verdict:
        return self.check(self.wish(tool, arguments, **more))

    def last(self) -> str:
        assert self.session.turn is not None
        return self.session.turn.calls[-1].id

    def question(self) -> str:
        assert self.session.turn is not None
        return self.session.turn.questions()[-1].id

    def answer(self, **values: Any) -> Verdict:
        question = self.question()
        call = next(c for c in self.session.turn.calls if c.question and c.question.id == question)  # type: ignore[union-attr]
        self.add(QuestionAnswered(question_id=question, message_id=f"a{self.session.length}", values=values))
        return self.check(call.id)

    def approve(self, edits: dict[str, Any] | None = None, *, yes: bool = True) -> Verdict:
        question = self.question()
        call = next(c for c in self.session.turn.calls if c.question and c.question.id == question)  # type: ignore[union-attr]
        self.add(QuestionAnswered(question_id=question, message_id=f"a{self.session.length}", approved=yes, edits=edits or {}))
        return self.check(call.id)

    def returned(self, call_id: str, body: Any = None, outcome: Outcome = "done", label: str = "an earlier result", **more: Any) -> None:
        """What came of a call. `rows`, `total`, `path` belong to its result, the rest to the event."""
        self.bodies[call_id], self.labels[call_id] = body, label
        result = Result(id=call_id, data=body, **{name: more.pop(name) for name in ("rows", "total", "path", "warnings") if name in more})
        self.add(CallReturned(call_id=call_id, outcome=outcome, result=result, status=more.pop("status", 200), **more))

    def read(self, tool: str, body: Any, arguments: dict[str, Any] | None = None, **more: Any) -> str:
        """A reading call that passed and came back."""
        call_id = self.wish(tool, arguments)
        self.add(CallApproved(call_id=call_id, arguments=arguments or {}))
        self.returned(call_id, body, **more)
        return call_id

    def change(self, tool: str, arguments: dict[str, Any], body: Any = None, **more: Any) -> str:
        call_id = self.wish(tool, arguments)
        self.add(CallApproved(call_id=call_id, arguments=arguments))
        self.add(CallStarted(call_id=call_id, key="k"))
        if more.pop("unknown", False):
            self.add(CallUnknown(call_id=call_id, reason="The product did not answer."))
        elif more.pop("open", False):
            pass
        else:
            self.returned(call_id, body, **more)
        return call_id

    def shown(self, view: View) -> str:
        call_id = self.wish("show", {"result": view.result})
        self.add(CallApproved(call_id=call_id, arguments={"result": view.result}))
        self.add(CallReturned(call_id=call_id, outcome="done", view=view))
        return call_id

    def reply_facts(self) -> replies.ReplyFacts:
        turn = self.session.turn
        assert turn is not None
        names = {call.wish.tool for call in turn.calls}
        operations = {name: found for name in names if (found := self.operation(name))}
        return replies.ReplyFacts(
            turn=turn, session=self.session, bodies=self.bodies, summaries={name: each.summary for name, each in operations.items()},
            safe=frozenset({*OWN, *(name for name, each in operations.items() if each.safe)}), services=("Users", "Groups", "Safes", "Audit"),
            title="Identity Administration",
        )  # fmt: skip
