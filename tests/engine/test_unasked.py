"""Ten thousand generated conversations through the real decide and checkpoints: no call leaves without the yes that the rules want for it."""

import hashlib
import hmac
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from engine.answers import typed_answer
from engine.approval import LASTS
from engine.checkpoints import NeedsAnswer, NeedsApproval, Passed, Rejected, check
from engine.context import handles, words
from engine.decide import AskModel, Check, Finish, Limits, Reconcile, Send, Wait, decide
from engine.events import (
    CallApproved,
    CallRejected,
    CallReturned,
    CallStarted,
    Event,
    ModelReplied,
    Question,
    QuestionAnswered,
    QuestionAsked,
    Replied,
    Result,
    SessionStarted,
    ToolCall,
    UserSaid,
)
from engine.facts import Facts
from engine.session import Call, Session
from tests.engine.asking import own_values, wanted
from tests.engine.generated import FROM_RESPONSE, READING, Case, Reply, case_of, operation
from tools.own import OWN
from tools.request import Target
from tools.schema import definition
from tools.settings import DocumentSettings

CASES = 10_000
REACHED = {  # percent of the cases, at least: else the generator shows nothing
    "sent with a yes": 15, "changed unasked": 12, "sent with a yes for its values only": 1.5, "asked again: not the same": 10,
    "asked again: too late": 2, "stopped: approved": 5, "stopped: within_intent": 10, "stopped: within_limits": 4, "stopped: well_formed": 4,
    "moved": 5,
    **dict.fromkeys(get_args(Reply), 2),
}  # fmt: skip
NOW = 1_790_000_000_000
FIND = operation("list", None)
PLACE = {
    "tenant": "t1",
    "user": "u1",
    "document": "d1",
    "session": "s1",
    "epoch": "0",
    "connection": "con1",
    "address": "https://a.test",
    "key": "k1",
}


@dataclass
class Play:
    """One case played to its end. `yeses`: what the customer pressed Approve on, by question: the arguments shown, where, and when at the latest."""

    case: Case
    place: dict[str, str] = field(default_factory=lambda: dict(PLACE))
    now: int = NOW
    yeses: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=dict)
    asked: dict[str, tuple[dict[str, Any], dict[str, str], int]] = field(default_factory=dict)
    answered: list[Any] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)
    bodies: dict[str, Any] = field(default_factory=dict)
    model: int = 0
    presses: int = 0

    def __post_init__(self) -> None:
        case = self.case
        self.session = Session("s1", SessionStarted(document="d1", spec="sp", tenant="t1", user="u1", connection="con1"))
        self.operation = operation(case.nature, case.consequential)
        known = {"approval": case.approval, "approvals": {case.nature: case.own_rule} if case.own_rule else {}, "when": case.rules}
        self.settings = DocumentSettings.model_validate(known)
        self.operations = {"list": FIND, case.nature: self.operation} | ({"list": self.operation} if case.nature == "list" else {})
        self.safe = frozenset(OWN) | {name for name, each in self.operations.items() if each.safe}
        self.add(UserSaid(message_id="m1", text=f"{case.words}\n{case.claims[2]}".strip()))

    def add(self, event: Event) -> None:
        self.session = self.session.add(event)

    def play(self) -> set[str]:
        for _ in range(60):
            match decide(self.session, Limits(), self.safe):
                case AskModel():
                    self.think()
                case Check(call):
                    self.check(call)
                case Send(calls):
                    for each in calls:
                        self.send(each)
                case Wait(questions):
                    if not questions or not self.answer(questions[0]):
                        return self.seen
                case Finish():
                    self.add(Replied(text="Done."))
                case Reconcile():
                    raise AssertionError("nothing was left open")
        raise AssertionError("the turn does not end")

    def think(self) -> None:
        """A model that reads first, wishes, wishes once more, and says that all is approved."""
        case, claim = self.case, self.case.claims[0]
        other = {**case.arguments, "amount": 4242, "approved": True} if case.again == "other" else case.arguments
        steps = [*([{}] if case.reads_first else []), case.arguments, *([other] if case.again else [])]
        tools = [*(["list"] if case.reads_first else []), case.nature, case.nature]
        if self.model >= len(steps):
            self.add(ModelReplied(text=f"Done. {claim}"))
            return
        call = ToolCall(id=f"c{self.session.epoch}_{self.session.length}", tool=tools[self.model], arguments=steps[self.model])
        self.add(ModelReplied(text=claim, calls=(call,)))
        self.model += 1

    def facts(self, call: Call) -> Facts:
        turn, wanted_operation = self.session.turn, self.operations.get(call.wish.tool)
        assert turn is not None
        key = self.place["key"].encode()
        return Facts(
            session=self.session, turn=turn, call=call, operation=wanted_operation, settings=self.settings, target=Target(self.place["address"], {}),
            definition=definition(wanted_operation, self.settings) if wanted_operation else None, offered=frozenset(self.operations),
            bodies=self.bodies, labels={}, said=words(self.session), handles=handles(self.session), limits=Limits(), now=self.now,
            sign=lambda data: hmac.new(key, data, hashlib.sha256).hexdigest(), connection=self.place["connection"],
        )  # fmt: skip

    def check(self, call: Call) -> None:
        match check(self.facts(call)):
            case Passed(arguments, sources):
                self.add(CallApproved(call_id=call.id, arguments=arguments, sources=sources))
            case Rejected(checkpoint, reason, _, final):
                self.seen.add(f"stopped: {checkpoint}")
                self.add(CallRejected(call_id=call.id, checkpoint=checkpoint, reason=reason, final=final))
            case NeedsAnswer(question, arguments):
                self.add(QuestionAsked(question=question, arguments=arguments))
            case NeedsApproval(question, arguments):
                needless = call.wish.tool == self.case.nature and not self.why(arguments) and self.case.wording == "asks"
                assert not needless, f"asked needlessly: {question.notes}"
                self.seen.add("asked")
                self.seen |= {"asked again: not the same"} if any("not the one" in note for note in question.notes) else set()
                self.seen |= {"asked again: too late"} if any("too late" in note for note in question.notes) else set()
                assert question.expires is not None
                self.asked[question.id] = (arguments, dict(self.place), question.expires)
                self.add(QuestionAsked(question=question, arguments=arguments))

    def why(self, arguments: dict[str, Any]) -> set[str]:
        return wanted(self.case, arguments, own_values(self.case, self.answered))

    def send(self, call: Call) -> None:
        """What leaves is held against the oracle, and against what the customer has pressed."""
        assert call.approved is not None
        arguments = call.approved.arguments
        assert call.arguments == arguments
        changing = call.wish.tool not in self.safe
        if call.wish.tool == self.case.nature:
            why = self.why(arguments)
            yes = [
                question for question, (call_id, shown, place) in self.yeses.items() if (call_id, shown, place) == (call.id, arguments, self.place)
            ]
            assert yes or not why, f"sent unasked, though {why}"
            assert self.case.wording != "reads" or self.case.nature in READING
            self.seen |= {"sent with a yes"} if yes else {"changed unasked"} if changing else {"read unasked"}
            self.seen |= {"sent with a yes for its values only"} if why == {"value"} else set()
            for question in yes:
                del self.yeses[question]  # one approval, one call
        assert call.id not in self.sent
        if changing:
            self.sent.append(call.id)
            self.add(CallStarted(call_id=call.id, key=f"k{call.id}"))
        self.bodies[call.id] = {"items": [FROM_RESPONSE], "says": self.case.claims[1], "approved": True, "question_id": next(iter(self.asked), "q1")}
        self.add(CallReturned(call_id=call.id, outcome="done", status=200, result=Result(id=call.id, data=self.bodies[call.id])))

    def answer(self, question: Question) -> bool:
        """False: the customer goes away."""
        if question.kind == "values":
            values = {each.name: "acc-9" if each.name == "account" else each.form.get("enum", [5])[0] for each in question.fields}
            self.answered.append(values)
            self.add(QuestionAnswered(question_id=question.id, message_id=f"a{self.session.length}", values=values))
            return True
        if self.presses >= len(self.case.replies):
            return False
        reply = self.case.replies[self.presses]
        self.presses += 1
        self.seen.add(reply)
        return self.press(question, reply)

    def press(self, question: Question, reply: Reply) -> bool:
        if reply in ("goes away", "types yes"):
            assert typed_answer("yes", [question]) is None
            return False
        if reply.startswith("wrong id"):
            before = decide(self.session, Limits(), self.safe)
            self.pressed("q1_c0_1", approved=True)
            assert decide(self.session, Limits(), self.safe) == before
            if reply == "wrong id":
                return False
        if reply == "yes, late":
            self.now += LASTS + 1
        if reply in ("no", "no, then yes"):
            self.pressed(question.id, approved=False)
            if reply == "no, then yes":
                self.pressed(question.id, approved=True)
            return True
        if reply.startswith("edit") and question.values:
            edits = {value.name: 1001 if value.name == "/amount" else "eve" for value in question.values[:1]}
            self.answered.append(edits)
            self.pressed(question.id, approved=True if reply == "edit and yes" else None, edits=edits)
            return True
        self.yes(question)
        if reply == "yes twice":
            self.pressed(question.id, approved=True)
        return True

    def yes(self, question: Question) -> None:
        arguments, place, expires = self.asked[question.id]
        if self.now <= expires:
            self.yeses[question.id] = (question.call, arguments, place)
        self.pressed(question.id, approved=True)
        if self.case.moved and self.presses == 1:
            self.move(self.case.moved)

    def pressed(self, question_id: str, **what: Any) -> None:
        self.add(QuestionAnswered(question_id=question_id, message_id=f"a{self.session.length}", **what))

    def move(self, what: str) -> None:
        """The same events are those of another session, or another way leads to the product."""
        self.seen.add("moved")
        self.place[what] = "1" if what == "epoch" else f"https://other.test/{what}" if what == "address" else "other"
        started = self.session.started.model_copy(update={what: "other"} if what in ("tenant", "user", "document") else {})
        self.session = replace(self.session, started=started, id=self.place["session"], epoch=int(self.place["epoch"]))


def test_no_call_leaves_without_the_yes_that_is_wanted_for_it() -> None:
    reached: Counter[str] = Counter()
    for number in range(CASES):
        try:
            reached.update(Play(case_of(number)).play())
        except Exception as wrong:
            wrong.add_note(f"case_of({number})")
            raise
    shares = {what: round(100 * count / CASES, 1) for what, count in reached.items()}
    assert {what: (shares.get(what, 0), least) for what, least in REACHED.items() if shares.get(what, 0) < least} == {}
