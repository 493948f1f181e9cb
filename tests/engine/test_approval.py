"""Approvals: when one is needed, what the card shows, and that a yes is for one exact request only."""

from dataclasses import replace

import orjson
import pytest

from engine.approval import LASTS
from engine.checkpoints import NeedsAnswer, NeedsApproval, Passed, Rejected, check
from engine.context import Surroundings, messages
from engine.decide import AskModel, Limits, Wait, decide
from engine.events import CallStarted, Question, QuestionAnswered
from engine.receipts import receipt
from specs.model import MediaType, Operation, Parameter, RequestBody
from tests.engine.talk import Talk
from tools.request import Target
from tools.settings import DocumentSettings

PAY = Operation(
    "pay", "POST", "/accounts/{account}/payments", "Pay an amount",
    parameters=(Parameter("account", "path", True, {"type": "string"}), Parameter("X-Reason", "header", False, {"type": "string"}),
                Parameter("Idempotency-Key", "header", False, {"type": "string"})),
    body=RequestBody(True, (MediaType("application/json", {"type": "object", "required": ["to", "amount"], "properties": {
        "to": {"type": "string", "title": "Payee"}, "amount": {"type": "number"}, "memo": {"type": "string"},
        "kind": {"enum": ["fast", "slow"]}}}),)),
)  # fmt: skip
WORDS = "Pay 50 to bob from acc-1 with memo rent"
CALL = {"account": "acc-1", "to": "bob", "amount": 50, "memo": "rent"}


def talk(text=WORDS, operation=PAY, **more):
    return Talk(text, operations={"pay": operation}, **more)


def facts_of(conversation):
    """The facts under which the yes was given, for a second look."""
    call = conversation.wish("pay", CALL)
    verdict = conversation.check(call)
    assert isinstance(verdict, NeedsApproval)
    facts = conversation.facts(call)
    return replace(facts, call=replace(facts.call, question=None, consent=verdict.question, arguments=verdict.arguments))


def test_a_yes_lets_exactly_this_request_pass():
    verdict = check(facts_of(talk()))
    assert isinstance(verdict, Passed)
    assert verdict.arguments == CALL


def changed_call(facts, **arguments):
    return replace(facts, call=replace(facts.call, arguments={**facts.call.arguments, **arguments}))


def started(facts, **what):
    return replace(facts, session=replace(facts.session, started=facts.session.started.model_copy(update=what)))


def sealed(facts, **what):
    return replace(facts, call=replace(facts.call, consent=facts.call.consent.model_copy(update=what)))


@pytest.mark.parametrize(
    "tampered",
    [
        lambda f: changed_call(f, amount=5000),
        lambda f: changed_call(f, to="rent"),
        lambda f: changed_call(f, account="bob"),
        lambda f: changed_call(f, **{"X-Reason": "rent"}),
        lambda f: changed_call(f, memo="bob"),
        lambda f: started(f, tenant="t2"),
        lambda f: started(f, user="u2"),
        lambda f: started(f, document="d2"),
        lambda f: replace(f, session=replace(f.session, id="s2")),
        lambda f: replace(f, session=replace(f.session, epoch=1)),
        lambda f: replace(f, connection="con2"),
        lambda f: replace(f, connection=None),
        lambda f: replace(f, target=Target("https://evil.test", {})),
        lambda f: replace(f, operation=replace(f.operation, method="PUT")),
        lambda f: replace(f, operation=replace(f.operation, path="/accounts/{account}/gifts")),
        lambda f: replace(f, sign=lambda data: "another key's seal"),
        lambda f: sealed(f, seal="0" * 64),
        lambda f: sealed(f, seal=None),
        lambda f: sealed(f, expires=f.call.consent.expires + 1),
        lambda f: sealed(f, expires=None),
        lambda f: sealed(f, id="q0"),
        lambda f: sealed(f, seal=None, expires=None, values=()),
    ],
)
def test_a_yes_for_anything_else_is_none(tampered):
    verdict = check(tampered(facts_of(talk())))
    assert isinstance(verdict, NeedsApproval | NeedsAnswer), verdict
    if isinstance(verdict, NeedsApproval):
        assert any("not the one you said yes to" in note for note in verdict.question.notes)


def test_a_yes_for_one_call_is_none_for_its_twin():
    facts = facts_of(talk("Pay 50 to bob from acc-1 twice, each with memo rent"))
    twin = replace(facts.call, wish=facts.call.wish.model_copy(update={"id": "c77"}))
    turn = replace(facts.turn, calls=(*facts.turn.calls, twin))
    assert isinstance(check(replace(facts, call=twin, turn=turn)), (NeedsApproval, Rejected))


def test_a_yes_lasts_a_quarter_of_an_hour():
    facts = facts_of(talk())
    assert isinstance(check(replace(facts, now=facts.now + LASTS)), Passed)
    late = check(replace(facts, now=facts.now + LASTS + 1))
    assert isinstance(late, NeedsApproval)
    assert any("too late" in note for note in late.question.notes)


def test_an_edit_makes_a_new_preview_and_the_edited_value_is_the_customers():
    conversation = talk()
    conversation.check(conversation.wish("pay", CALL))
    verdict = conversation.approve({"/amount": 60})
    assert isinstance(verdict, NeedsApproval)
    assert verdict.question.preview.body == {"to": "bob", "amount": 60, "memo": "rent"}
    assert {value.name: value.source.kind for value in verdict.question.values}["/amount"] == "answer"
    assert isinstance(conversation.approve(), Passed)


def test_a_no_ends_the_call():
    conversation = talk()
    conversation.check(conversation.wish("pay", CALL))
    verdict = conversation.approve(yes=False)
    assert isinstance(verdict, Rejected)
    assert verdict.final
    assert "declined" in verdict.reason


def told_to_the_model(conversation):
    around = Surroundings("Be exact.", "Bank", "2026-11-20T10:00:00+00:00", frozenset())
    return [orjson.loads(message.text) for message in messages(conversation.session, around) if message.role == "tool"]


def test_a_no_is_final_and_the_model_is_told():
    conversation = talk()
    call = conversation.wish("pay", CALL)
    conversation.check(call)
    declined = conversation.question()
    conversation.approve(yes=False)
    assert told_to_the_model(conversation) == [
        {"from": "parlance", "rejected": "approved", "reason": "The customer declined this. Do not try it again in this turn.", "final": True}
    ]
    conversation.add(QuestionAnswered(question_id=declined, message_id="late", approved=True))
    assert decide(conversation.session, Limits(), frozenset()) == AskModel()
    for again in (CALL, {**CALL, "amount": 50.0}, {"account": "acc-1", "to": "bob", "amount": 50}):
        verdict = conversation.call("pay", again)
        assert isinstance(verdict, Rejected)
        assert verdict.final


def test_a_yes_is_used_once():
    """By the call it was for, which is sent once; the next one, of the same arguments, needs its own."""
    conversation = talk("Pay 50 to bob from acc-1 with memo rent, and pay 50 to ann from acc-1")
    first, second = conversation.wishes(("pay", CALL), ("pay", {"account": "acc-1", "to": "ann", "amount": 50}))
    for call in (first, second):
        assert isinstance(conversation.check(call), NeedsApproval)
    conversation.add(QuestionAnswered(question_id=conversation.session.turn.questions()[0].id, message_id="a1", approved=True))
    assert isinstance(conversation.check(first), Passed)
    assert [each.id for each in conversation.session.turn.questions()] == [conversation.session.turn.call(second).question.id]
    sent = decide(conversation.session, Limits(), frozenset())
    assert [each.id for each in sent.calls] == [first]
    conversation.add(CallStarted(call_id=first, key="k"))
    conversation.returned(first, {"id": 1})
    assert isinstance(decide(conversation.session, Limits(), frozenset()), Wait)


def test_the_card_shows_the_exact_request_and_no_secret():
    conversation = Talk("Create a user called 'user1'")
    conversation.call("createUser", username="user1")
    verdict = conversation.answer(password="secret:p1")
    preview = verdict.question.preview
    assert (preview.method, preview.url) == ("POST", "https://api.example.test/users")
    assert preview.body["username"] == "user1"
    assert "secret:p1" not in str(preview)
    assert {value.name: value.value for value in verdict.question.values}[
        "/password"
    ] == "secret:p1"  # the handle, by which an edit is known to be hidden
    assert verdict.question.seal not in str(preview)


def test_labels_are_the_fields_titles_or_their_names_in_words():
    verdict = talk().call("pay", CALL)
    labels = {value.name: value.label for value in verdict.question.values}
    assert labels == {"/account": "Account", "/to": "Payee", "/amount": "Amount", "/memo": "Memo"}


def test_the_idempotency_key_is_no_part_of_what_is_approved():
    facts = facts_of(talk())
    keyed = replace(facts, target=Target(facts.target.base_url, {}, idempotency_key="k1"))
    assert isinstance(check(keyed), Passed)


READ = Operation("pay", "GET", "/accounts", "List accounts")
DROP = Operation("pay", "DELETE", "/accounts/{account}", "Delete an account", parameters=(Parameter("account", "path", True, {"type": "string"}),))
HEAVY = replace(READ, consequential=True)
LOCK = Operation("pay", "POST", "/accounts/{account}/lock", "Lock an account", parameters=(Parameter("account", "path", True, {"type": "string"}),))
ITS = {"account": "acc-1"}


@pytest.mark.parametrize(
    ("operation", "text", "arguments", "needed"),
    [
        # always, changing, destructive, never
        (READ, "list accounts", {}, (True, False, False, False)),
        (LOCK, "lock account acc-1", ITS, (True, True, False, False)),
        (DROP, "delete account acc-1", ITS, (True, True, True, False)),
        (HEAVY, "list accounts", {}, (True, True, True, True)),
        (replace(LOCK, consequential=True), "lock account acc-1", ITS, (True, True, True, True)),
        (PAY, WORDS, CALL, (True, True, False, False)),
        (PAY, WORDS, {**CALL, "kind": "fast"}, (True, True, True, True)),  # chosen: only with a mark
    ],
)
def test_who_must_say_yes_to_what(operation, text, arguments, needed):
    for rule, expected in zip(("always", "changing", "destructive", "never"), needed, strict=True):
        verdict = talk(text, operation, settings=DocumentSettings(approval=rule)).call("pay", arguments)
        assert isinstance(verdict, NeedsApproval if expected else Passed), (rule, verdict)


def test_a_rule_for_one_operation_wins():
    assert isinstance(talk(settings=DocumentSettings(approval="always", approvals={"pay": "never"})).call("pay", CALL), Passed)
    assert isinstance(talk("list accounts", READ, settings=DocumentSettings(approvals={"pay": "always"})).call("pay"), NeedsApproval)
    assert isinstance(talk("list accounts", HEAVY, settings=DocumentSettings(approvals={"pay": "never"})).call("pay"), Passed)


def ruled(*rules, approval="never", **more):
    return DocumentSettings.model_validate(
        {"approval": approval, "when": [{"field": "amount", "op": ">", "value": 1000, **each} for each in rules], **more}
    )


@pytest.mark.parametrize(
    ("rules", "amount", "note"),
    [
        ([{}], 1000, None),
        ([{}], 1001, "Amount is more than 1000: your team asks for a yes."),
        ([{"operation": "pay"}], 1000.5, "Amount is more than 1000: your team asks for a yes."),
        ([{"operation": "refund"}], 5000, None),
        ([{"field": "/amount", "op": "<=", "value": "10.50"}], 10.5, "Amount is 10.50 or less: your team asks for a yes."),
        ([{"field": "to", "op": "in", "value": ["BOB", "ann"]}], 5, "Payee is one of BOB, ann: your team asks for a yes."),
        ([{"field": "to", "op": "!=", "value": "bob"}], 5, None),
        ([{"field": "X-Reason", "op": "=", "value": "x", "operation": "pay"}], 5, "X reason is not given: your team asks for a yes."),
        ([{"field": "memo", "value": 5}], 5, "Memo cannot be compared with 5: your team asks for a yes."),
        ([{"field": "salary"}], 5000, None),  # it has no such field
        ([{"field": "salary", "operation": "pay"}], 5, "Salary is not given: your team asks for a yes."),
    ],
)
def test_a_rule_on_values_asks_where_calls_otherwise_go_out_unasked(rules, amount, note):
    said = WORDS.replace("50", str(amount))
    verdict = talk(said, settings=ruled(*rules)).call("pay", {**CALL, "amount": amount})
    assert isinstance(verdict, NeedsApproval if note else Passed), verdict
    assert note is None or verdict.question.notes == (note,)


def test_a_rule_on_values_is_told_in_korean():
    conversation = talk(WORDS.replace("50", "5000"), settings=ruled({}), locale="ko-KR")
    assert conversation.call("pay", {**CALL, "amount": 5000}).question.notes == ("Amount: 1000 초과. 담당 팀에서 승인을 요청하도록 정했습니다.",)


def test_a_rule_on_values_takes_no_yes_away():
    verdict = talk(settings=ruled({}, approval="changing")).call("pay", CALL)
    assert isinstance(verdict, NeedsApproval)
    assert verdict.question.notes == ()


def test_a_rule_for_all_operations_is_about_changes_only():
    find = Operation("pay", "GET", "/payments", "Find payments", parameters=(Parameter("amount", "query", False, {"type": "number"}),))
    said = "find payments of 5000"
    assert isinstance(talk(said, find, settings=ruled({})).call("pay", amount=5000), Passed)
    assert isinstance(talk(said, find, settings=ruled({"operation": "pay"})).call("pay", amount=5000), NeedsApproval)


def test_a_value_rule_holds_for_what_an_edit_makes_of_the_call():
    conversation = talk(settings=ruled({}, approval="changing"))
    conversation.check(conversation.wish("pay", CALL))
    verdict = conversation.approve({"/amount": 5000})
    assert verdict.question.notes == ("Amount is more than 1000: your team asks for a yes.",)
    assert isinstance(conversation.approve(), Passed)


def test_a_standing_approval_does_not_hold_for_a_destination_that_is_not_the_customers_own():
    rule = DocumentSettings(approval="never")
    conversation = talk("Find bob and pay 50 to him from acc-1 with the same details", settings=rule)
    conversation.operations["find"] = Operation("find", "GET", "/people", "Find people")
    conversation.read("find", {"iban": "DE99 1234"}, label="bob's record")
    verdict = conversation.call("pay", {"account": "acc-1", "to": "DE99 1234", "amount": 50})
    assert isinstance(verdict, NeedsApproval)
    assert {value.name: value.source.mark for value in verdict.question.values}["/to"] == "show"


def test_an_approval_is_never_one_for_values():
    conversation = talk()
    call = conversation.wish("pay", CALL)
    conversation.check(call)
    facts = conversation.facts(call)
    question = Question(id="q9", kind="values", call=call, text="?")
    assert isinstance(check(replace(facts, call=replace(facts.call, question=None, consent=question))), NeedsApproval)


def test_values_are_shown_in_the_order_of_the_document():
    conversation = Talk("Create a user called 'user1' in Finance with the email a@b.test")
    verdict = conversation.call("createUser", {"email": "a@b.test", "username": "user1", "department": "Finance"})
    form = verdict.question
    assert [field.name for field in form.fields] == ["password"]
    card = conversation.answer(password="secret:one").question
    assert [value.name for value in card.values] == ["/username", "/password", "/email", "/department"]


@pytest.mark.parametrize(
    ("record", "heading"),
    [
        ({"id": "grp-106", "name": "Night Shift"}, "Delete an account: Night Shift (grp-106)"),
        ({"id": "grp-106", "Display_Name": "Night Shift", "email": "n@x.test"}, "Delete an account: Night Shift (grp-106)"),
        ({"id": "grp-106", "name": "a\n\x1b[31m\u202eb " + "c" * 90}, f"Delete an account: a [31m b {'c' * 50}… (grp-106)"),
        ({"id": "grp-106", "name": {"first": "x"}, "owner": "ann"}, "Delete an account: grp-106"),
        ({"id": "grp-106", "name": "grp-106"}, "Delete an account: grp-106"),
    ],
)
def test_a_heading_names_the_record_an_id_came_from(record, heading):
    conversation = talk("Delete the account of the night shift", DROP)
    conversation.operations["find"] = Operation("find", "GET", "/accounts", "Find accounts")
    conversation.read("find", {"items": [{"id": "grp-1", "name": "Day Shift"}, record]})
    assert conversation.call("pay", {"account": "grp-106"}).question.summary == heading


@pytest.mark.parametrize(
    ("text", "operation", "arguments", "heading"),
    [
        ("delete account acc-1", DROP, ITS, "Delete an account: acc-1"),
        (WORDS, PAY, CALL, "Pay an amount: acc-1"),
        ("list accounts", READ, {}, "List accounts"),
    ],
)
def test_a_heading_says_which(text, operation, arguments, heading):
    question = talk(text, operation, settings=DocumentSettings(approval="always")).call("pay", arguments).question
    assert question.summary == heading
    assert question.text == f"{heading}: shall I send this?"


def test_a_heading_and_a_receipt_name_what_is_made_and_no_secret():
    conversation = Talk("Create a user called 'testa'")
    conversation.call("createUser", username="testa")
    card = conversation.answer(password="secret:p1").question
    assert card.summary == "Create a user: testa"
    conversation.approve()
    conversation.add(CallStarted(call_id=conversation.last(), key="k"))
    conversation.returned(conversation.last(), {"id": 1, "key": "new secret"})
    facts = conversation.reply_facts()
    assert [line.summary for line in receipt(facts.turn, facts.summaries, facts.safe)] == ["Create a user: testa"]


def test_a_receipt_of_a_change_nobody_was_asked_about_names_it_by_an_argument():
    conversation = Talk("Lock user 'ann'")
    conversation.change("lockUser", {"username": "ann"}, {"key": "k-1"})
    facts = conversation.reply_facts()
    assert [line.summary for line in receipt(facts.turn, facts.summaries, facts.safe)] == ["Lock a user: ann"]
