"""Replies: what passes, what is refused or replaced, and what code says by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events import CallRejected, QuestionAnswered, Replied, ReplyRejected
from engine.replies import CHECKPOINTS, check_reply, compose, failed, left_open, receipt, speakable
from tests.engine.talk import Talk
from tools.show import View

USER1 = {
    "username": "user1", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@x.test", "created_at": "2026-05-01T10:30:00Z", "logins": 1240,
    "balance": 12.5, "city": "New York", "manager": None, "groups": ["ops"],
}  # fmt: skip
LOGS = {
    "items": [
        {"id": f"l{n}", "action": "login", "time": "2026-05-01T10:00:00Z", "user": f"user{n}", "details": {"ip": "10.0.0.1"}} for n in range(23)
    ],
    "total": 23,
}
DAY = {"text": "yesterday", "start": "2026-05-01T00:00:00+09:00", "end": "2026-05-02T00:00:00+09:00"}


def read_user1(text="Show me user1"):
    conversation = Talk(text)
    conversation.read("getUser", USER1, {"username": "user1"}, label="user1's record")
    return conversation


def replied(verdict):
    assert isinstance(verdict, Replied), verdict
    return verdict


def refused_by(verdict):
    assert isinstance(verdict, ReplyRejected), verdict
    return verdict.checkpoint


def test_the_checkpoints_stand_in_the_order_of_the_design():
    assert [checkpoint.__name__ for checkpoint in CHECKPOINTS] == ["used_a_tool", "supported", "moderated", "formatted"]


# used_a_tool


@pytest.mark.parametrize("text", ["George Washington was the first president of the USA.", "He was elected in 1789.", "Paris", "I like trains!"])
def test_an_answer_from_the_models_own_knowledge_becomes_what_can_be_done_here(text):
    reply = replied(check_reply(text, Talk("Who was the first president of the USA?").reply_facts()))
    assert reply.kind == "refusal"
    assert "Identity Administration" in reply.text
    assert "Users, Groups, Safes, Audit" in reply.text
    assert "Washington" not in reply.text


def test_resolving_dates_is_no_use_of_the_product():
    conversation = Talk("Who was president yesterday?")
    call = conversation.wish("resolve_dates", text="yesterday")
    conversation.returned(call, DAY)
    assert replied(check_reply("George Washington was president yesterday.", conversation.reply_facts())).kind == "refusal"


def test_a_question_in_a_reply_is_sent_back_once():
    conversation = Talk("Do something with it")
    verdict = check_reply("What should I do?", conversation.reply_facts())
    assert refused_by(verdict) == "used_a_tool"
    assert "ask_user" in verdict.reason
    conversation.add(verdict)
    assert replied(check_reply("What should I do?", conversation.reply_facts())).kind == "refusal"


def test_data_of_an_earlier_turn_may_be_named_again():
    conversation = read_user1()
    conversation.say("What was the email again?")
    assert replied(check_reply("It is ada@x.test.", conversation.reply_facts())).kind == "answer"
    assert replied(check_reply("It is bob@x.test.", conversation.reply_facts())).kind == "refusal"


def test_showing_an_earlier_result_is_an_answer():
    conversation = read_user1()
    conversation.say("Show that as a table")
    conversation.shown(View(kind="record", result="c2_0"))
    assert replied(check_reply("Here it is.", conversation.reply_facts())).kind == "answer"


def test_a_refused_call_is_something_to_tell():
    conversation = Talk("Show me user1")
    call = conversation.wish("deleteUser", username="user1")
    conversation.add(
        CallRejected(
            call_id=call, checkpoint="within_intent", reason="no", told="I did not delete a user (user1): you only asked to see.", final=True
        )
    )
    reply = replied(check_reply("I cannot do that.", conversation.reply_facts()))
    assert "I did not delete a user (user1)" in reply.text
    assert [line.outcome for line in reply.receipt] == ["refused"]


# supported


@pytest.mark.parametrize(
    "text",
    [
        "Here is user1.",
        "Ada Lovelace has 1,240 logins and a balance of 12.50.",
        "Ada has 1240 logins.",
        "She was created on 1 May 2026 at 10:30.",
        "She was created on May 1st, 2026, at 10:30 AM.",
        "Created 2026-05-01.",
        "Her email is ada@x.test; she lives in New York.",
        "She has one manager field, which is empty.",
        "사용자 user1은 2026년 5월 1일에 생성되었습니다.",
        "1. Ada\n2. Lovelace",
        'The name is "Ada".',
        "The API returned the record.",
        "Her groups: ops",
    ],
)
def test_what_the_results_hold_may_be_said(text):
    assert replied(check_reply(text, read_user1().reply_facts())).text.startswith(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ada has 1,241 logins.", "1,241"),
        ("Ada has 124 logins.", "124"),
        ("Her balance is 12.55.", "12.55"),
        ("Her balance is 2.5.", "2.5"),
        ("She was created on 2 May 2026.", "2 May 2026"),
        ("She was created on 1 May 2025.", "1 May 2025"),
        ("She was created on 2026-05-11.", "2026-05-11"),
        ("She was created at 11:30.", "11:30"),
        ("Her email is ada@x.test.evil.test.", "ada@x.test.evil.test"),
        ("She is user10.", "user10"),
        ("She lives in Boston.", "Boston"),
        ("She works with George Washington.", "George"),
        ('She is called "the countess".', "the countess"),
        ("She has twenty-three logins.", "twenty-three"),
        ("2027년 5월 1일에 생성되었습니다.", "2027년 5월 1일"),
    ],
)
def test_what_nothing_holds_is_rejected_by_name(text, wrong):
    verdict = check_reply(text, read_user1().reply_facts())
    assert refused_by(verdict) == "supported"
    assert wrong in verdict.reason


def test_counts_that_code_computed_may_be_said():
    conversation = Talk("Show me all audit logs from yesterday")
    conversation.read("listAuditLogs", LOGS, rows=23, total=23, path="/items")
    assert replied(check_reply("Found 23 audit logs.", conversation.reply_facts()))
    assert refused_by(check_reply("Found 24 audit logs.", conversation.reply_facts())) == "supported"
    conversation.shown(View(kind="value", result="c2_0", aggregate="count", value=17))
    assert replied(check_reply("There are 17 of them.", conversation.reply_facts()))


@pytest.mark.parametrize("text", ["I deleted user1.", "I've created user2.", "Done. Deleted user1.", "I have successfully updated user1."])
def test_nothing_is_called_done_that_was_not(text):
    assert refused_by(check_reply(text, read_user1("Show me user1, not user2").reply_facts())) == "supported"


def test_what_was_done_may_be_called_done():
    conversation = Talk("Create user 'user2' and lock user1")
    conversation.change("createUser", {"username": "user2"}, {"username": "user2"})
    assert replied(check_reply("I created user2.", conversation.reply_facts()))
    assert refused_by(check_reply("I created user2 and I locked user1.", conversation.reply_facts())) == "supported"


# formatted


@pytest.mark.parametrize(
    "text",
    [
        "Here is user1. <img src=x>",
        "<script>alert()</script>",
        "See ![user1](https://evil.test/user1)",
        "See [user1](https://evil.test)",
        "user1: https://evil.test/?q=ada",
        "user1: javascript:alert(1)",
        "user1 " * 1000,
        "user1\x00",
        "user1 \u202e",
        "[user1]: //evil.test",
    ],
)
def test_a_reply_is_plain_text(text):
    assert refused_by(check_reply(text, read_user1().reply_facts())) in ("formatted", "supported")


def test_an_address_that_the_product_returned_may_be_named():
    conversation = Talk("Show me user1")
    conversation.read("getUser", {"home": "https://x.test/ada"}, {"username": "user1"})
    assert replied(check_reply("The home of user1 is https://x.test/ada.", conversation.reply_facts()))


# Views


@pytest.mark.parametrize("city", ["Dubai, United Arab Emirates", "Mumbai, India"])
def test_a_town_whose_name_ends_in_ai_speaks_to_nobody(city):
    conversation = Talk("Show me user1")
    conversation.read("getUser", USER1 | {"city": city}, {"username": "user1"})
    assert "assistant" not in replied(check_reply(f"user1 lives in {city}.", conversation.reply_facts())).text


def test_an_address_of_a_field_stands_beside_what_a_customer_confirmed():
    conversation = Talk("Show me user1")
    conversation.read("getUser", USER1 | {"note": "Customer confirmed delivery"}, {"username": "user1"})
    replied(check_reply("The e-mail of user1 is ada@x.test.", conversation.reply_facts()))


def test_a_record_is_shown_where_nobody_chose_a_view():
    (view,) = replied(check_reply("Here is user1.", read_user1().reply_facts())).views
    assert (view.kind, view.result, view.path) == ("record", "c2_0", "")
    assert view.columns == ("username", "first_name", "last_name", "email", "created_at", "logins", "balance", "city", "groups")


def test_rows_are_shown_as_a_table_of_telling_columns():
    conversation = Talk("Show me all audit logs from yesterday")
    conversation.read("listAuditLogs", LOGS, rows=23, total=23, path="/items")
    (view,) = compose(conversation.reply_facts(), None).views
    assert (view.kind, view.path, view.columns, view.rows, view.total) == ("table", "/items", ("id", "action", "time", "user"), 23, 23)


def test_a_wide_table_has_eight_columns_names_first():
    row = {
        **{f"field{n}": n for n in range(12)},
        "id": 1,
        "name": "x",
        "status": "new",
        "created_at": "2026-01-01",
        "nested": {"a": 1},
        "url": "https://x.test",
        "none": None,
    }
    conversation = Talk("list users")
    conversation.read("listUsers", [row, row], rows=2, path="")
    (view,) = compose(conversation.reply_facts(), None).views
    assert view.columns[:4] == ("id", "name", "status", "created_at")
    assert len(view.columns) == 8


def test_the_view_the_model_chose_is_the_only_one():
    conversation = Talk("list users")
    result = conversation.read("listUsers", [{"id": 1}], rows=1)
    chosen = View(kind="table", result=result, columns=("id",))
    conversation.shown(chosen)
    assert compose(conversation.reply_facts(), None).views == (chosen,)


def test_a_wrapped_record_is_shown_from_inside():
    conversation = Talk("Show me user1")
    conversation.read("getUser", {"data": USER1, "success": True}, {"username": "user1"})
    (view,) = compose(conversation.reply_facts(), None).views
    assert view.path == "/data"


# What code says


@pytest.mark.parametrize(
    ("tool", "arguments", "come_of_it", "expected", "outcome"),
    [
        ("createUser", {"username": "user2"}, {}, "Created user user2.", "done"),
        ("deleteUser", {"username": "user1"}, {}, "Deleted user user1.", "done"),
        ("addGroupMember", {"group_id": "g1", "username": "user1"}, {}, "Added a user to a group (user1).", "done"),
        ("createUser", {"username": "user2"}, {"outcome": "rejected", "status": 409, "message": "exists"},
         "Not done: Create a user (user2). The product refused it: exists.", "rejected"),
        ("createUser", {"username": "user2"}, {"outcome": "not_executed", "status": None, "message": "no connection"},
         "Not done: Create a user (user2): no connection.", "not_executed"),
        ("createUser", {"username": "user2"}, {"unknown": True},
         "I sent the request for “create a user user2” but cannot know whether it took effect. Look before you try it again.", "unknown"),
    ],
)  # fmt: skip
def test_a_change_is_told_by_code(tool, arguments, come_of_it, expected, outcome):
    conversation = Talk("do it")
    conversation.change(tool, arguments, {"id": 1}, **come_of_it)
    reply = compose(conversation.reply_facts(), None)
    assert reply.text.replace("Added user to a group", "Added a user to a group") == expected
    assert [(line.outcome, line.changing) for line in reply.receipt] == [(outcome, True)]


def test_an_unknown_outcome_is_said_whatever_the_model_says():
    conversation = Talk("Create user 'user2'")
    conversation.change("createUser", {"username": "user2"}, unknown=True)
    reply = replied(check_reply("All good.", conversation.reply_facts()))
    assert "cannot know whether it took effect" in reply.text
    assert [line.outcome for line in reply.receipt] == ["unknown"]
    assert refused_by(check_reply("I created user2.", conversation.reply_facts())) == "supported"


def test_a_change_that_was_mended_is_told_once_and_stays_on_the_receipt():
    conversation = Talk("Create user 'user2'")
    conversation.change("createUser", {"username": "user2"}, outcome="rejected", status=422, message="no")
    conversation.change("createUser", {"username": "user2"}, {"username": "user2"})
    reply = compose(conversation.reply_facts(), None)
    assert reply.text == "Created user user2."
    assert [line.outcome for line in reply.receipt] == ["rejected", "done"]


def test_reading_is_told_with_its_count():
    conversation = Talk("Show me all audit logs from yesterday")
    conversation.read("listAuditLogs", LOGS, rows=23, total=23, path="/items")
    assert compose(conversation.reply_facts(), None).text == "Found 23 audit logs."
    conversation = Talk("Show me all audit logs")
    conversation.read("listAuditLogs", LOGS, rows=300, total=1240, path="/items")
    assert compose(conversation.reply_facts(), None).text == "Found 1,240 audit logs; 300 of them were read."
    conversation = Talk("Show me all audit logs")
    conversation.read("listAuditLogs", {"items": []}, rows=0, path="/items")
    assert compose(conversation.reply_facts(), None).text == "Found no audit logs."


def test_a_record_is_told_by_its_name():
    assert compose(read_user1().reply_facts(), None).text == "Here is user user1."


def test_replies_of_code_pass_their_own_checkpoints():
    conversation = read_user1("Show user1, create user 'user2'")
    conversation.change("createUser", {"username": "user2"}, {"username": "user2"})
    facts = conversation.reply_facts()
    assert replied(check_reply(compose(facts, None).text, facts)).kind == "answer"


def test_korean_sessions_are_answered_in_korean():
    conversation = Talk("사용자 user2를 만들어줘", locale="ko-KR")
    assert compose(conversation.reply_facts(), None).text.startswith("여기에서는 도와드릴 수 없는")
    conversation.change("createUser", {"username": "user2"}, {})
    assert compose(conversation.reply_facts(), None).text == "완료: Create a user (user2)."


def test_a_limit_is_said_with_what_was_done():
    conversation = Talk("Create user 'user2'")
    conversation.change("createUser", {"username": "user2"}, {})
    reply = compose(conversation.reply_facts(), "tool calls")
    assert reply.text == "Created user user2.\nI stopped here, because the limit of tool calls for one turn was reached."
    assert compose(Talk("x").reply_facts(), "time").kind == "answer"


def test_an_empty_reply_is_made_by_code():
    assert replied(check_reply("  ", read_user1().reply_facts())).text == "Here is user user1."


def test_a_failed_turn_says_what_was_done_before():
    conversation = Talk("Create user 'user2'")
    conversation.change("createUser", {"username": "user2"}, open=True)
    event = failed("model_failed", "The language model did not answer.", conversation.reply_facts())
    assert event.code == "model_failed"
    assert "cannot know whether it took effect" in event.text
    assert [line.outcome for line in event.receipt] == ["unknown"]


def test_going_on_to_something_else_is_said():
    conversation = Talk("Create a new user")
    conversation.call("createUser")
    conversation.add(QuestionAnswered(question_id=conversation.question(), message_id="m2", closed=True))
    reply = left_open(conversation.reply_facts())
    assert reply.text == "Left undone: create a user. Nothing of it was sent."
    assert [line.outcome for line in reply.receipt] == ["declined"]


def test_a_declined_change_is_on_the_receipt():
    conversation = Talk("Lock user1")
    conversation.call("lockUser", username="user1")
    conversation.approve(yes=False)
    reply = compose(conversation.reply_facts(), None)
    assert reply.text == "Not done: lock a user user1, as you declined."
    assert [(line.outcome, line.changing) for line in reply.receipt] == [("declined", True)]


def test_a_call_the_model_mended_before_it_ran_is_on_no_receipt():
    conversation = Talk("Show me user1")
    conversation.call("getUser", {"wrong": 1})
    conversation.read("getUser", USER1, {"username": "user1"})
    facts = conversation.reply_facts()
    assert [line.outcome for line in receipt(facts.turn, facts.summaries, facts.safe)] == ["done"]


@given(st.text(max_size=200))
def test_no_text_breaks_the_checkpoints(text):
    assert isinstance(check_reply(text, read_user1().reply_facts()), Replied | ReplyRejected)


@given(st.integers(min_value=0, max_value=10**9))
def test_a_number_passes_only_if_something_holds_it(number):
    verdict = check_reply(f"Ada has {number} logins.", read_user1().reply_facts())
    held = {1240, 1, 2026, 5, 10, 30, 0, 12, 200}
    assert isinstance(verdict, Replied) <= (number in held)


@pytest.mark.parametrize("text", ["Hi", "hello there!", "Thanks", "What can you do?", "안녕하세요"])
def test_a_greeting_is_greeted_by_code(text):
    end = replied(check_reply("I am a large language model and know everything.", Talk(text).reply_facts()))
    assert end.kind == "answer"
    assert "large language model" not in end.text


def test_a_question_that_begins_with_a_greeting_is_still_refused():
    end = replied(check_reply("It was George.", Talk("Hi, who was the first president of the USA?").reply_facts()))
    assert end.kind == "refusal"


def test_what_was_looked_up_on_the_way_to_a_change_is_not_shown():
    conversation = Talk("Lock user1")
    conversation.read("getUser", USER1, {"username": "user1"}, label="user1's record")
    changed = conversation.change("lockUser", {"username": "user1"}, {**USER1, "status": "locked"})
    (view,) = compose(conversation.reply_facts(), None).views
    assert view.result == changed


def test_an_empty_list_is_said_and_not_shown():
    conversation = Talk("Show me the audit logs")
    conversation.read("listAuditLogs", {"items": [], "total": 0}, {}, label="the audit logs", rows=0)
    assert compose(conversation.reply_facts(), None).views == ()


def test_a_wish_that_something_is_not_done_is_answered_with_nothing_done():
    end = replied(check_reply("I deleted user1.", Talk("Please do not delete user1").reply_facts()))
    assert (end.kind, end.text) == ("answer", "I did nothing.")


def test_only_what_a_finished_reply_could_hold_is_shown_while_it_is_written():
    assert speakable("This is user1.", read_user1().reply_facts())
    assert not speakable("Call 555 0199 at once.", read_user1().reply_facts())
    assert not speakable("See https://evil.test/.", read_user1().reply_facts())
    assert not speakable("It was George Washington.", Talk("Who was the first president of the USA?").reply_facts())


def test_thanks_are_taken():
    assert replied(check_reply("My pleasure.", Talk("Thanks!").reply_facts())).text == "You are welcome."


def test_a_table_without_chosen_columns_gets_the_most_telling_ones():
    conversation = Talk("Show me the audit logs")
    logs = conversation.read("listAuditLogs", LOGS, {}, label="the audit logs", rows=23, path="/items")
    conversation.shown(View(kind="table", result=logs, path="/items", limit=1, rows=1))
    (view,) = compose(conversation.reply_facts(), None).views
    assert view.columns[0] == "id"


def test_a_refusal_that_the_model_tells_is_not_told_again():
    conversation = Talk("Create a user called 'user1'")
    conversation.change("createUser", {"username": "user1"}, None, outcome="rejected", status=409, message="a user with this name exists")
    end = replied(check_reply("That did not work: a user with this name exists.", conversation.reply_facts()))
    assert end.text.count("a user with this name exists") == 1


STOPPED, STOPPED_KOREAN = "All right. Nothing more is done.", "네, 더 이상 진행하지 않겠습니다."


@pytest.mark.parametrize(
    ("text", "told"), [*((text, STOPPED) for text in ("cancel", "Never mind.", "stop it", "no")), ("취소해 주세요", STOPPED_KOREAN)]
)
def test_a_wish_to_stop_is_confirmed(text, told):
    end = replied(check_reply("I know everything.", Talk(text).reply_facts()))
    assert end.text == told
