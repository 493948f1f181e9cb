"""Sessions and what comes next in them, as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.context import FULL_TURNS, Surroundings, messages, snapshot
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
    Question,
    QuestionAnswered,
    QuestionAsked,
    QuestionField,
    Replied,
    ReplyRejected,
    Result,
    SessionStarted,
    SignIn,
    ToolCall,
    Usage,
    UserSaid,
)
from engine.session import Session

STARTED = SessionStarted(document="d", spec="sp", tenant="t", user="u")
SAFE = frozenset({"read", "ask_user"})
SAID = UserSaid(message_id="m1", text="hello")
FORM = Question(id="q1", kind="values", call="c1", text="Which?", fields=(QuestionField(name="name", label="Name", form={"type": "string"}),))
CARD = Question(id="q2", kind="approval", call="c1", text="Send it?")


def wish(name: str, call_id: str = "c1", **arguments: object) -> ToolCall:
    return ToolCall(id=call_id, tool=name, arguments=arguments)


def approved(call_id: str = "c1", **arguments: object) -> CallApproved:
    return CallApproved(call_id=call_id, arguments=arguments)


def session(*events: Event) -> Session:
    found = Session("s", STARTED)
    for event in events:
        found = found.add(event)
    return found


def step(*wishes: ToolCall) -> ModelReplied:
    return ModelReplied(calls=wishes)


WISHED = (SAID, step(wish("write")))
PASSED = (*WISHED, approved())
BEGUN = (*PASSED, CallStarted(call_id="c1", key="k"))
ASKED = (*WISHED, QuestionAsked(question=FORM))
EXPIRED = Question(id="q3", kind="sign_in", call="c1", text="Sign in again.", sign_in=SignIn(way="browser"))
SIGNED_OUT = (*BEGUN, QuestionAsked(question=EXPIRED))
REFUSED = (ModelReplied(text="42."), ReplyRejected(checkpoint="supported", reason="42?"))

CASES: list[tuple[str, tuple[Event, ...], type, object]] = [
    ("nothing was said", (), Wait, None),
    ("a message came", (SAID,), AskModel, None),
    ("a call is wished", WISHED, Check, "c1"),
    ("a safe call passed", (SAID, step(wish("read")), approved()), Send, ["c1"]),
    ("a changing call passed", PASSED, Send, ["c1"]),
    ("it was started and nothing came", BEGUN, Reconcile, "c1"),
    ("its outcome is unknown", (*BEGUN, CallUnknown(call_id="c1", reason="")), AskModel, None),
    ("a question is open", ASKED, Wait, ["q1"]),
    ("it was answered", (*ASKED, QuestionAnswered(question_id="q1", message_id="m2", values={"name": "x"})), Check, "c1"),
    ("it was closed", (*ASKED, QuestionAnswered(question_id="q1", message_id="m2", closed=True)), Check, "c1"),
    ("a call was rejected", (*WISHED, CallRejected(call_id="c1", checkpoint="clean", reason="no")), AskModel, None),
    ("the model answered", (SAID, ModelReplied(text="Done.")), Finish, "Done."),
    ("its answer was rejected", (SAID, *REFUSED), AskModel, None),
    ("and written again", (SAID, *REFUSED, ModelReplied(text="Done.")), Finish, "Done."),
    ("it was rejected twice", (SAID, *REFUSED, *REFUSED), Finish, None),
    ("the product wants a sign-in", SIGNED_OUT, Wait, ["q3"]),
    ("the customer signed in", (*SIGNED_OUT, QuestionAnswered(question_id="q3", message_id="m2", approved=True)), Send, ["c1"]),
    ("the customer did not sign in", (*SIGNED_OUT, QuestionAnswered(question_id="q3", message_id="m2", approved=False)), Check, "c1"),
    ("a turn has ended", (SAID, ModelReplied(text="Done."), Replied(text="Done.")), Wait, None),
]


@pytest.mark.parametrize(("events", "kind", "about"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_every_state_has_one_next_action(events: tuple[Event, ...], kind: type, about: object) -> None:
    action = decide(session(*events), Limits(), SAFE)
    assert type(action) is kind
    match action:
        case Check(call) | Reconcile(call):
            assert call.id == about
        case Send(calls):
            assert [c.id for c in calls] == about
        case Wait(questions):
            assert [q.id for q in questions] == (about or [])
        case Finish(text):
            assert text == about


def test_safe_calls_run_together_and_a_changing_one_alone_after_them() -> None:
    calls = [wish("read", "c1"), wish("read", "c2"), wish("write", "c3"), wish("read", "c4"), wish("write", "c5")]
    now = session(SAID, step(*calls), *(approved(c.id) for c in calls))
    order = []
    while isinstance(action := decide(now, Limits(), SAFE), Send):
        order.append([c.id for c in action.calls])
        for call in action.calls:
            now = now.add(CallReturned(call_id=call.id, outcome="done"))
    assert order == [["c1", "c2"], ["c3"], ["c4"], ["c5"]]


def test_a_changing_call_waits_for_the_question_of_an_earlier_call() -> None:
    now = session(SAID, step(wish("write", "c1"), wish("write", "c2")), QuestionAsked(question=FORM), approved("c2"))
    assert decide(now, Limits(), SAFE) == Wait((FORM,))


def test_a_not_executed_attempt_followed_by_another_is_open_again() -> None:
    first = (*BEGUN, CallReturned(call_id="c1", outcome="not_executed", status=401))
    assert isinstance(decide(session(*first, CallStarted(call_id="c1", key="k", attempt=2)), Limits(), SAFE), Reconcile)


def test_answers_and_edits_reach_the_arguments_and_void_the_approval() -> None:
    asked = (SAID, step(wish("write", a={"b": 1})), QuestionAsked(question=CARD, arguments={"a": {"b": 1}}))
    yes = session(*asked, QuestionAnswered(question_id="q2", message_id="m2", approved=True)).turn
    assert yes is not None
    assert yes.calls[0].consent == CARD
    edited = session(*asked, QuestionAnswered(question_id="q2", message_id="m2", approved=True, edits={"/a/b": 2})).turn
    assert edited is not None
    assert edited.calls[0].consent is None
    assert edited.calls[0].arguments == {"a": {"b": 2}}
    assert edited.calls[0].answered == {"/a/b": 4}


def test_limits_end_a_turn() -> None:
    many = session(SAID, *(e for i in range(3) for e in (step(wish("read", f"c{i}")), CallRejected(call_id=f"c{i}", checkpoint="clean", reason=""))))
    assert decide(many, Limits(model_calls=3), SAFE) == Finish(None, limit="model calls")
    assert decide(many, Limits(tool_calls=3), SAFE) == Finish(None, limit="tool calls")


@pytest.mark.parametrize(("price", "limits", "limit"), [
    (5, Limits(tokens=30), "tokens"), (5, Limits(tokens=31), None), (5, Limits(nano_dollars=10), "money"), (5, Limits(nano_dollars=11), None),
    (None, Limits(nano_dollars=10**15), "price"), (None, Limits(), None), (0, Limits(nano_dollars=1), None),
])  # fmt: skip
def test_what_a_turn_used_ends_it_and_an_unknown_price_does_where_money_is_limited(price: int | None, limits: Limits, limit: str | None) -> None:
    usage = Usage(input_tokens=10, output_tokens=5, nano_dollars=price)
    replied = [step(wish("read", f"c{i}")).model_copy(update={"usage": usage}) for i in range(2)]
    twice = session(SAID, *(e for i in range(2) for e in (replied[i], CallReturned(call_id=f"c{i}", outcome="done"))))
    assert decide(twice, limits, SAFE) == (Finish(None, limit=limit) if limit else AskModel())


def test_a_change_that_was_started_is_settled_before_a_limit_ends_the_turn() -> None:
    assert isinstance(decide(session(*BEGUN), Limits(model_calls=1, tokens=1, nano_dollars=1), SAFE), Reconcile)


def test_a_late_result_settles_an_unknown_call_of_an_older_turn() -> None:
    lost = (*BEGUN, CallUnknown(call_id="c1", reason=""), Replied(text="Unknown."))
    after = session(*lost, UserSaid(message_id="m2", text="more"), CallReturned(call_id="c1", outcome="done", status=201))
    assert after.turns[0].calls[0].unknown is None
    assert after.turns[1].calls == ()


SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_events_survive_being_stored(value: object) -> None:
    event = CallReturned(call_id="c", outcome="done", result=Result(id="c", data=value))
    assert EVENT.validate_json(EVENT.dump_json(event)) == event


def long(turns: int) -> Session:
    found = Session("s", STARTED)
    for i in range(turns):
        for event in (UserSaid(message_id=f"m{i}", text=f"say {i}"), ModelReplied(text=f"said {i}"), Replied(text=f"said {i}")):
            found = found.add(event)
        if due := snapshot(found, {}, 0):
            found = found.add(due)
    return found


def test_a_long_session_keeps_a_bounded_tail_and_a_bounded_prompt() -> None:
    around = Surroundings("Be exact.", "Shop", "2026-11-20T10:00:00+00:00", frozenset())
    short, far = long(30), long(500)
    assert FULL_TURNS <= len(far.turns) <= 40
    size = [sum(len(m.text) for m in messages(s, around)) for s in (short, far)]
    assert size[1] < size[0] * 1.2
    assert messages(far, around)[-1].text == "said 499"


def test_a_question_after_the_checkpoints_takes_their_pass_back() -> None:
    again = session(*PASSED, QuestionAsked(question=CARD))
    assert decide(again, Limits(), SAFE) == Wait((CARD,))
    yes = again.add(QuestionAnswered(question_id="q2", message_id="m2", approved=True))
    assert isinstance(decide(yes, Limits(), SAFE), Check)


def test_while_the_customer_is_to_sign_in_no_other_call_is_sent() -> None:
    now = session(SAID, step(wish("read", "c1"), wish("read", "c2")), approved("c1"), approved("c2"), QuestionAsked(question=EXPIRED))
    assert decide(now, Limits(), SAFE) == Wait((EXPIRED,))
    signed_in = now.add(QuestionAnswered(question_id="q3", message_id="m2", approved=True))
    action = decide(signed_in, Limits(), SAFE)
    assert isinstance(action, Send)
    assert [call.id for call in action.calls] == ["c1", "c2"]


def test_a_yes_outlasts_the_sign_in() -> None:
    consented = (SAID, step(wish("write")), QuestionAsked(question=CARD), QuestionAnswered(question_id="q2", message_id="m2", approved=True))
    sent = (*consented, approved(), CallStarted(call_id="c1", key="k"), QuestionAsked(question=EXPIRED))
    again = session(*sent, QuestionAnswered(question_id="q3", message_id="m3", approved=True))
    assert again.turn is not None
    assert again.turn.calls[0].consent == CARD
