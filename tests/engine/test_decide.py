"""Properties of decide over whatever a model, a product, a customer and dying workers make of a session; hypothesis draws the steps."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine.decide import AskModel, Check, Finish, Limits, Reconcile, Send, Wait, decide
from engine.events import (
    EVENT,
    CallApproved,
    CallRejected,
    CallReturned,
    CallStarted,
    CallUnknown,
    Event,
    ModelReplied,
    PreviewValue,
    Question,
    QuestionAnswered,
    QuestionAsked,
    QuestionField,
    Replied,
    ReplyRejected,
    SessionStarted,
    SignIn,
    Snapshot,
    Source,
    ToolCall,
    TurnFailed,
    UserSaid,
)
from engine.session import Call, Session, Turn
from engine.stored import beginning, grown

STARTED = SessionStarted(document="d", spec="sp", tenant="t", user="u")
SAFE = frozenset({"read", "ask_user"})  # "pay" takes a yes, "note" goes out under a standing approval
LIMITS = Limits(model_calls=5, tool_calls=9)
WIDE = 3  # calls of one reply
ATTEMPTS = 2  # of one change
ASKED_AT_MOST = 3
LONGEST = LIMITS.model_calls * (1 + WIDE * (2 + ATTEMPTS + ASKED_AT_MOST)) + 3  # steps without a word of the customer's
WISHES = st.lists(st.tuples(st.sampled_from(["note", "read", "pay", "note", "unheard_of"]), st.integers(0, 2)), max_size=WIDE)
ENDS = st.sampled_from(["dies", "unknown", "done", "rejected", "not executed, again", "sign in", "done, then more", "dies"])


def now(kind: type) -> Callable[["Sessions"], bool]:
    return lambda machine: isinstance(machine.action, kind)


class Sessions(RuleBasedStateMachine):
    """What the loop does, one step a rule; every outcome is drawn. `yes`: by call, the arguments that the customer saw and said yes to."""

    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.session = Session("s", STARTED)
        self.stored: list[bytes] = [EVENT.dump_json(STARTED)]
        self.yes: dict[str, Any] = {}
        self.settled: Counter[str] = Counter()
        self.sent: set[str] = set()
        self.closed: list[str] = []
        self.steps = 0

    @property
    def action(self) -> object:
        return decide(self.session, LIMITS, SAFE)

    @property
    def turn(self) -> Turn:
        assert self.session.running is not None
        return self.session.running

    def add(self, event: Event) -> None:
        before = {call.id for turn in self.session.turns for call in turn.calls if call.settled}
        self.session = self.session.add(event)
        self.stored.append(EVENT.dump_json(event))
        self.settled.update({call.id for turn in self.session.turns for call in turn.calls if call.settled} - before)
        self.reached.update([event.type])
        self.steps = 0 if event.type in ("UserSaid", "QuestionAnswered") else self.steps + 1

    # The model

    @precondition(now(AskModel))
    @rule(wishes=WISHES)
    def the_model_answers(self, wishes: list[tuple[str, int]]) -> None:
        number = self.session.length
        calls = tuple(ToolCall(id=f"c0_{number}_{at}", tool=tool, arguments={"a": value}) for at, (tool, value) in enumerate(wishes))
        self.add(ModelReplied(text="" if calls else "Approved and done.", calls=calls))

    @precondition(now(Finish))
    @rule(good=st.sampled_from([True, True, False, None]))
    def the_turn_ends(self, good: bool | None) -> None:
        action = self.action
        assert isinstance(action, Finish)
        if good is False and action.text is not None:
            self.add(ReplyRejected(checkpoint="supported", reason="?"))
        else:
            self.add(Replied(text="Done.") if good else TurnFailed(code="model_failed", text="?"))

    # The checkpoints

    @precondition(now(Check))
    @rule(verdict=st.sampled_from(["pass", "pass", "pass", "reject", "values", "approval"]))
    def a_call_is_checked(self, verdict: str) -> None:
        action = self.action
        assert isinstance(action, Check)
        call = action.call
        if call.refused or call.wish.tool == "unheard_of" or verdict == "reject":
            self.add(CallRejected(call_id=call.id, checkpoint="approved", reason="?", final=True))
        elif verdict == "values" and self.times_asked(call) < ASKED_AT_MOST:
            field = QuestionField(name="b", label="B", form={"type": "integer"})
            self.ask(Question(id=f"q{self.session.length}", kind="values", call=call.id, text="?", fields=(field,)), call)
        elif call.wish.tool == "pay" and (call.consent is None or shown(call.consent) != call.arguments):
            values = tuple(PreviewValue(name=f"/{n}", label=n, value=v, source=Source(kind="user")) for n, v in call.arguments.items())
            self.ask(Question(id=f"q{self.session.length}", kind="approval", call=call.id, text="?", values=values), call)
        else:
            self.add(CallApproved(call_id=call.id, arguments=dict(call.arguments)))

    def times_asked(self, call: Call) -> int:
        return sum(1 for _, event in self.turn.trail if isinstance(event, QuestionAsked) and event.question.call == call.id)

    def ask(self, question: Question, call: Call) -> None:
        self.add(QuestionAsked(question=question, arguments=dict(call.arguments)))

    # The product, and workers that die

    @precondition(now(Send))
    @rule(end=ENDS)
    def a_call_is_sent(self, end: str) -> None:
        action = self.action
        assert isinstance(action, Send)
        for call in action.calls:
            if call.wish.tool in SAFE:
                self.sign_in(call) if end == "sign in" and call is action.calls[0] else self.returned(call)
            else:
                self.starts(call, 1, end)

    @precondition(now(Reconcile))
    @rule(end=ENDS)
    def a_started_call_is_looked_after(self, end: str) -> None:
        action = self.action
        assert isinstance(action, Reconcile)
        assert action.call.started is not None
        if action.call.started.attempt < ATTEMPTS and end != "unknown":
            self.starts(action.call, action.call.started.attempt + 1, end)
        else:
            self.add(CallUnknown(call_id=action.call.id, reason="?"))

    def starts(self, call: Call, attempt: int, end: str) -> None:
        self.leaves(call, first=attempt == 1)
        self.add(CallStarted(call_id=call.id, key="k", attempt=attempt))
        match end:
            case "dies":
                return
            case "unknown":
                self.add(CallUnknown(call_id=call.id, reason="?"))
            case "rejected":
                self.returned(call, outcome="rejected")
            case "sign in":
                self.sign_in(call)
            case "not executed, again" if attempt < ATTEMPTS:
                self.starts(call, attempt + 1, "done")
            case "done, then more":
                self.returned(call)
                self.returned(call, message="more")
            case _:
                self.returned(call)

    def leaves(self, call: Call, *, first: bool) -> None:
        """Here a changing request leaves: with its intent, its checkpoints' pass for these arguments, and where it takes one a yes that was used for
        nothing else."""
        assert call.approved is not None
        assert call.approved.arguments == call.arguments
        assert not call.settled
        if call.wish.tool == "pay":
            assert self.yes[call.id] == call.arguments
        assert not first or call.id not in self.sent
        self.sent.add(call.id)

    def sign_in(self, call: Call) -> None:
        """Nothing was carried out, so it may leave once more."""
        self.sent.discard(call.id)
        self.add(
            QuestionAsked(question=Question(id=f"q{self.session.length}", kind="sign_in", call=call.id, text="?", sign_in=SignIn(way="browser")))
        )

    def returned(self, call: Call, **what: Any) -> None:
        self.add(CallReturned.model_validate({"call_id": call.id, "outcome": "done", **what}))

    # The customer

    @precondition(lambda self: self.session.running is None)
    @rule()
    def the_customer_says_something(self) -> None:
        self.add(UserSaid(message_id=f"m{self.session.length}", text="Pay it. I approve everything."))

    @precondition(lambda self: self.session.running is None and self.session.turns)
    @rule(place=st.integers(0, 9))
    def a_lost_result_comes_late(self, place: int) -> None:
        lost = [call for turn in self.session.turns for call in turn.calls if call.unknown]
        if lost:
            self.returned(lost[place % len(lost)])
            self.reached.update(["late"])

    @precondition(lambda self: isinstance(self.action, Wait) and self.session.running)
    @rule(how=st.sampled_from(["yes", "yes", "yes", "no", "edit", "goes on"]), place=st.integers(0, 9))
    def the_customer_answers(self, how: str, place: int) -> None:
        asked = self.turn.questions()
        question = asked[place % len(asked)]
        if how == "goes on":
            for each in asked:
                self.answer(each, closed=True)
            self.add(Replied(text="Left undone."))
        elif question.kind == "values":
            self.answer(question, values={"b": place})
        elif how == "edit" and question.kind == "approval":
            self.answer(question, approved=True, edits={"/a": place})
        else:
            if how == "yes" and question.kind == "approval":
                self.yes[question.call] = shown(question)
            self.answer(question, approved=how == "yes")

    def answer(self, question: Question, **how: Any) -> None:
        self.closed.append(question.id)
        self.add(QuestionAnswered(question_id=question.id, message_id=f"m{self.session.length}", **how))

    # What holds after each step

    @invariant()
    def there_is_one_next_action(self) -> None:
        action, open_questions = self.action, self.session.running.questions() if self.session.running else []
        assert action == self.action
        assert isinstance(action, AskModel | Check | Send | Reconcile | Finish | Wait)
        assert not isinstance(action, Wait) or (list(action.questions) != []) == (self.session.running is not None)
        assert not isinstance(action, Wait) or all(each in open_questions for each in action.questions)
        self.reached.update([type(action).__name__])

    @invariant()
    def only_what_passed_and_has_not_ended_is_sent(self) -> None:
        action = self.action
        if isinstance(action, Send):
            assert all(
                each.approved and each.arguments == each.approved.arguments and not each.settled and not each.question for each in action.calls
            )
            changing = [each for each in action.calls if each.wish.tool not in SAFE]
            assert not changing or len(action.calls) == 1
            before = self.turn.calls[: self.turn.calls.index(action.calls[0])]
            assert not changing or all(each.settled for each in before)
        assert not isinstance(action, Check | Reconcile) or not action.call.settled

    @invariant()
    def each_call_has_one_result_and_each_message_one_answer_in_order(self) -> None:
        assert max(self.settled.values(), default=0) <= 1
        for turn in self.session.turns:
            assert sum(1 for _, event in turn.trail if isinstance(event, Replied | TurnFailed)) == (turn.ended is not None)
        assert all(turn.ended for turn in self.session.turns[:-1])
        assert [turn.number for turn in self.session.turns] == sorted(turn.number for turn in self.session.turns)

    @invariant()
    def a_turn_stays_within_its_limits(self) -> None:
        assert all(len(turn.replies) <= LIMITS.model_calls and len(turn.calls) < LIMITS.tool_calls + WIDE for turn in self.session.turns)
        assert self.steps <= LONGEST

    @invariant()
    def an_answer_to_a_closed_question_changes_nothing(self) -> None:
        for question in [*self.closed[-3:], "q0", ""] if self.session.turns else []:
            for how in ({"approved": True}, {"approved": False}, {"values": {"a": 9}}, {"edits": {"/a": 9}}, {"closed": True}):
                after = self.session.add(QuestionAnswered(question_id=question, message_id="m", **how))
                assert [turn.calls for turn in after.turns] == [turn.calls for turn in self.session.turns]
                assert decide(after, LIMITS, SAFE) == self.action

    @invariant()
    def another_worker_goes_on_with_the_stored_events(self) -> None:
        assert grown(beginning("s", 0, self.stored[0], 0), self.stored) == self.session

    @invariant()
    def a_snapshot_before_this_turn_changes_nothing(self) -> None:
        if self.session.turn is not None:
            tail = self.session.turn.number
            taken = Snapshot(started=STARTED, tail=tail, turns=len(self.session.turns) - 1)
            for found in (self.session.add(taken), grown(beginning("s", 0, EVENT.dump_json(taken), tail), self.stored[tail:])):
                assert found.turns == self.session.turns[-1:]
                assert decide(found, LIMITS, SAFE) == self.action


def shown(question: Question) -> dict[str, Any]:
    return {value.name[1:]: value.value for value in question.values}


def test_every_reachable_state_has_one_next_action_and_no_way_past_the_checkpoints() -> None:
    Sessions.reached.clear()
    how = settings(max_examples=150, stateful_step_count=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Sessions, settings=how)
    few = {what: Sessions.reached[what] for what in REACHED if Sessions.reached[what] < 10}
    assert few == {}, Sessions.reached


REACHED = (
    "AskModel", "Check", "Send", "Reconcile", "Finish", "Wait", "ModelReplied", "CallApproved", "CallRejected", "QuestionAsked", "QuestionAnswered",
    "CallStarted", "CallReturned", "CallUnknown", "ReplyRejected", "Replied", "TurnFailed", "UserSaid", "late",
)  # fmt: skip
