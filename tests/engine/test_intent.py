"""What the customer's words ask for: sentences with their class, and which operations they support."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.intents import own
from engine.again import asks_again, corrected
from engine.intent import asks_anew, asks_copy, asks_to_write, intent, ruled_out, supports
from specs.model import Operation
from tests.engine.talk import identity
from tools.purpose import destructive, may_read, only_reads

SENTENCES = {
    "reads": [
        "Show me all audit logs from yesterday",
        "list users",
        "Get the user details of user1",
        "What is user1's email?",
        "Who was the first president of the USA?",
        "How many groups are there?",
        "which users were deleted yesterday?",
        "Show me the deleted users",
        "show the order history of bob",
        "Find pets that are sold",
        "Can you list all groups?",
        "Could you please show me the last update of user1",
        "How do I create a user?",
        "How can I delete my account?",
        "What happens if I delete user1?",
        "What if I remove the group?",
        "Is it possible to delete a group?",
        "Show users who can add members",
        "Don't change anything, just show me user1",
        "show me user1 without deleting anything",
        "Did anyone delete user1?",
        "Give me the report for May",
        "Tell me about the changes in group admins",
        "I want to see all open orders",
        "I'd like to know which accounts are locked",
        "when was user1 created?",
        "List the users with permission to delete groups",
        "search for users like bob",
        "Is there a way to lock a user?",
        "please display the set of safes",
        "Show me the group 'delete everything'",
        "look up the last post of alice",
        "Check the status of order 5",
        "count the open tickets",
        "compare user1 and user2",
        "Should I delete user1?",
        "What changes were made to user1?",
        "Show users created last week and count them",
        "Are there any locked accounts?",
        "Find a way to cancel my order?",
        "어제의 감사 로그를 모두 보여줘",
        "사용자 user1의 정보를 조회해줘",
        "삭제된 사용자 목록 보여줘",
        "그룹이 몇 개 있나요?",
        "사용자를 어떻게 삭제하나요?",
        "변경 이력 알려줘",
        "지난주에 생성된 계정을 찾아줘",
        "주문 내역을 확인하고 싶어",
        "누가 이 계정을 잠갔어?",
    ],
    "changes": [
        "Create a new user",
        "Create a user called 'user1'",
        "Get the user details of 'user1' and create a new user 'user2' with those details",
        "delete user1",
        "Please remove bob from the group admins",
        "Can you delete user1?",
        "Could you please lock the account of alice",
        "I want to create a group",
        "I'd like to change my password",
        "I need a new user called bob",
        "user1 should be deleted",
        "I want user1 deleted",
        "make sure that user1 is locked",
        "For user1, update the email to a@b.test",
        "In group admins add user2",
        "Show me user1 and then delete him",
        "Find the user bob, then disable him",
        "Book a table for two",
        "send an email to bob saying hello",
        "Order a pizza",
        "give user1 admin rights",
        "Don't forget to delete user1",
        "Get rid of user1",
        "I want you to add alice to group ops",
        "let's rename the group to ops",
        "go ahead and delete it",
        "Now create another one",
        "Set the description of safe 5 to 'old'",
        "If user1 exists, delete him",
        "would you cancel my order 55",
        "Schedule a meeting for tomorrow",
        "user1 needs to be removed",
        "If visits were below 21 since May make a task called 'improve visits'",
        "If she has not answered send an email to her",
        "Create user 'user1' and write a short description that says she is an admin",
        "turn off the lights",
        "Send bob the message 'are you there?'",
        "copy user1 to user2",
        "Help me create a safe",
        "add users a and b",
        "new user bob please",
        "사용자 user1을 삭제해줘",
        "새 사용자를 만들어 주세요",
        "user1의 이메일을 a@b.test로 변경해줘",
        "user1 정보를 조회하고 같은 정보로 user2를 생성해줘",
        "그룹 admins에 user2를 추가하고 보여줘",
        "주문 취소 부탁해요",
        "계정을 잠가 주세요",
        "비밀번호를 재설정하고 싶어요",
    ],
    "unclear": [
        "user1",
        "thanks",
        "yes, do it",
        "Can I delete user1?",
        "Delete user1?!",
        "Delete user1, right?. ",
        "user1 delete",
        "audit logs from yesterday",
        "bob too",
        "my account",
        "I was thinking of deleting user1",
        "안녕하세요",
        "user1 삭제",
    ],
}
# Written after the rules and not used to make them; three of them moved the rules since.
HELD_OUT = {
    "reads": [
        "Who has access to the safe prod-db?",
        "Please get me the members of group ops and their emails",
        "What would happen if I removed bob from ops?",
        "I need the list of all accounts in safe prod",
        "Display every session that ended today",
        "Do you have any groups called ops?",
        "find all users, sorted by name",
        "Why was the account rotated?",
        "Let me see the accounts that need an update",
        "how do I get a new password?",
        "Explain what rotating an account does",
        "Show the settings of safe 3 and do not modify them",
        "list users who want to leave",
        "What is the call history for bob",
        "잠긴 계정이 있나요?",
        "user1의 이메일이 뭐야",
        "그룹 admins의 멤버 목록을 출력해줘",
    ],
    "changes": [
        "Rotate the secret of account 7",
        "I'd want the group ops deleted please",
        "Kindly terminate all sessions of alice",
        "Look up user1 and put him into group ops",
        "Could we move the account to safe prod",
        "unlock bob's account",
        "please go and revoke her access",
        "Bob left the company, so deactivate his user",
        "Pay invoice 12",
        "Reply to the last message with 'ok'",
        "Make bob an admin",
        "change the description of group ops",
        "List all locked users and unlock them",
        "After that remove the group",
        "그룹 ops를 만들고 user1을 추가해줘",
        "계정 7의 비밀번호를 교체해줘",
        "세션을 종료해 주세요",
        "user1을 지워줘",
    ],
    "unclear": [
        "the same for alice",
        "ops",
        "hmm not sure",
        "yes",
        "user named bob",
    ],
}


def pairs(table):
    return [(kind, text) for kind, texts in table.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), pairs(SENTENCES))
def test_a_sentence_has_its_class(kind, text):
    assert intent(text).kind == kind


@pytest.mark.parametrize(("kind", "text"), pairs(HELD_OUT))
def test_a_sentence_that_made_no_rule_has_its_class(kind, text):
    assert intent(text).kind == kind


@pytest.mark.parametrize("text", [text for kind, text in pairs({**SENTENCES}) if kind == "changes"])
def test_a_change_in_capitals_and_with_a_full_stop_is_still_one(text):
    assert intent(text + ".").kind == "changes"


def operation(name, method="POST", path="/x", summary="", **more):
    return Operation(id=name, method=method, path=path, summary=summary, **more)


CREATE_USER = operation("createUser", "POST", "/users", "Create a user")
DELETE_USER = operation("deleteUser", "DELETE", "/users/{username}", "Delete a user")
UPDATE_USER = operation("updateUser", "PATCH", "/users/{username}", "Change a user")
LOCK_USER = operation("lockUser", "POST", "/users/{username}/lock", "Lock a user")
CREATE_GROUP = operation("createGroup", "POST", "/groups", "Create a group")
ADD_MEMBER = operation("addGroupMember", "POST", "/groups/{group_id}/members", "Add a user to a group")
END_SESSION = operation("endSession", "POST", "/sessions/{session_id}/end", "End a sign-in session")
SEND_EMAIL = operation("send_email", "POST", "/email/send", "Sends an email")
GENERATED = operation("delete_v1_orders_id", "DELETE", "/v1/orders/{id}")
NAMELESS = operation("post_things", "POST", "/things")


OFFERED = ("createUser", "deleteUser", "updateUser", "lockUser", "createGroup", "deleteGroup", "addGroupMember", "endSession", "send_email")


@pytest.mark.parametrize(
    ("text", "asked_for", "supported"),
    [
        ("Create a new user", CREATE_USER, True),
        ("Get the user details of 'user1' and create a new user 'user2' with those details", CREATE_USER, True),
        ("Get the user details of 'user1' and create a new user 'user2' with those details", DELETE_USER, False),
        ("Get the user details of 'user1' and create a new user 'user2' with those details", CREATE_GROUP, False),
        ("Show me user1 and then delete him", DELETE_USER, True),
        ("delete the group admins", DELETE_USER, False),
        ("Show all users", DELETE_USER, False),
        ("Lock user1", LOCK_USER, True),
        ("Lock user1", DELETE_USER, False),
        ("disable the user bob", LOCK_USER, True),
        ("add bob to the group ops", ADD_MEMBER, True),
        ("terminate all sessions of alice", END_SESSION, True),
        ("send an email to bob", SEND_EMAIL, True),
        ("create a user with email a@b.test", SEND_EMAIL, False),
        ("cancel order 5", GENERATED, True),
        ("make a new thing", NAMELESS, True),
        ("change the email of user1", UPDATE_USER, True),
        ("사용자 user1을 삭제해줘", DELETE_USER, True),
        ("새 사용자를 만들어 주세요", CREATE_USER, True),
        ("새 그룹을 만들어 주세요", CREATE_USER, False),
        ("thanks", CREATE_USER, False),
    ],
)
def test_words_support_the_operation_they_ask_for(text, asked_for, supported):
    assert (supports(intent(text), asked_for, (), OFFERED) == "yes") is supported
    assert (supports(intent(text), asked_for, (), OFFERED) == "no") is not supported


def test_a_thing_named_in_korean_is_the_one_of_the_glossary():
    branch = operation("deleteBranch", "DELETE", "/branches/{name}", "Delete a branch")
    asked_for = intent("dev 브랜치를 삭제해줘")
    assert supports(asked_for, branch, (), ["deleteUser"]) == "yes"
    assert supports(asked_for, DELETE_USER, (), ["deleteBranch"]) == "no"
    assert supports(intent("방금 만든 것을 삭제해줘"), operation("deleteRoom", "DELETE", "/rooms/{id}", "Delete a room")) == "perhaps"


def test_naming_the_thing_itself_is_enough_where_its_kind_is_not_said():
    assert supports(intent("delete bob"), DELETE_USER) == "perhaps"
    assert supports(intent("delete bob"), DELETE_USER, ["bob"]) == "yes"
    assert supports(intent("delete bob"), DELETE_USER, ["admins"]) == "perhaps"
    assert supports(intent("lock bob"), DELETE_USER, ["bob"]) == "no"


def test_a_thing_that_another_operation_is_about_is_not_this_ones():
    asked_for = intent("delete the group of bob")
    assert supports(asked_for, DELETE_USER) == "perhaps"
    assert supports(asked_for, DELETE_USER, (), ["deleteGroup"]) == "no"
    event = operation("delete_event", "DELETE", "/events/{id}", "Delete an event")
    assert supports(intent("delete the next meeting"), event, (), ["delete_customer"]) == "yes"


@pytest.mark.parametrize(
    ("asked_for", "reads", "nothing_said"),
    [
        (operation("searchFlights", "POST", "/flights/search", "Search flights"), True, True),
        (operation("game_valuation", "POST", "/game_valuation"), False, True),
        (CREATE_USER, False, False),
        (operation("getThing", "GET", "/thing", "Get a thing"), False, False),
        (operation("search_and_delete", "POST", "/x", "Search and delete"), False, True),
    ],
)
def test_a_post_may_be_a_search(asked_for, reads, nothing_said):
    assert (only_reads(asked_for), may_read(asked_for)) == (reads, nothing_said)


def test_deleting_is_known_by_method_and_by_name():
    assert destructive(DELETE_USER)
    assert destructive(operation("purge_queue", "POST", "/queue/purge", "Purge a queue"))
    assert not destructive(CREATE_USER)


@pytest.mark.parametrize(
    ("text", "copies"),
    [
        ("create user2 with those details", True),
        ("create user2 with the same email", True),
        ("clone user1 as user2", True),
        ("make user2 just like user1", True),
        ("create user2 based on user1", True),
        ("user1과 같은 정보로 user2를 만들어줘", True),
        ("create user2", False),
        ("create a user with email a@b.test", False),
        ("show user1, then create user2 with role admin", False),
    ],
)
def test_asking_for_a_copy_is_heard(text, copies):
    assert asks_copy(text) is copies


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("create users a and b", True),
        ("create the users a, b and c", True),
        ("lock all users of Research", True),
        ("create 3 users", True),
        ("delete both", True),
        ("find the locked users and unlock them", True),
        ("사용자를 모두 삭제해줘", True),
        ("lock user1", False),
        ("look up user1 and lock him", False),
        ("create user bob, with role admin", False),
        ("delete the task t-1, it is done", False),
        ("Lock bob. Thanks. Regards, Ann", False),
        ("pay 10 dollars to bob", False),
        ("Lock the users of Research. All of them.", True),
        ("delete order 55", False),
        ("user1을 삭제해줘", False),
    ],
)
def test_a_change_of_several_things_is_heard(text, several):
    assert any(each.several for each in intent(text).asked) is several


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("write a short description that says she is an admin", True),
        ("send bob an email telling him about the meeting", True),
        ("create a user bob with a suitable description", True),
        ("create a user bob", False),
        ("사용자를 만들고 설명도 작성해줘", True),
    ],
)
def test_asking_for_a_text_is_heard(text, writes):
    assert asks_to_write(text) is writes


@given(st.text(max_size=300))
def test_any_text_has_a_class(text):
    assert intent(text).kind in ("reads", "changes", "unclear")


@given(st.sampled_from([text for kind, text in pairs(SENTENCES) if kind == "reads"]), st.text(alphabet="abc ", max_size=20))
def test_quoted_words_ask_for_nothing(text, noise):
    assert intent(f"{text} 'delete user1 {noise}'").kind != "changes"


@pytest.mark.parametrize(
    ("text", "again"), [("try again", True), ("do it again, please", True), ("once more", True), ("다시 해줘", True), ("try user2", False)]
)
def test_again_is_the_whole_message(text, again):
    assert asks_again(text) is again


def test_to_make_something_into_something_is_to_change_it():
    update = identity().operation("updateUser")
    assert supports(intent("Make user1 an auditor"), update, ["user1", "auditor"]) == "yes"
    assert supports(intent("Make a user"), update, []) == "no"


@pytest.mark.parametrize(
    ("text", "supported"),
    [
        ("Please delete user1?", "yes"),
        ("Hi, can you delete user1?", "yes"),
        ("I said delete user1", "yes"),
        ("Do the following: delete user1, lock user2", "yes"),
        ("Don't forget to delete user1", "yes"),
        ("Under no circumstances delete user1", "no"),
        ("On no account delete user1", "no"),
        ("Nobody should delete user1", "no"),
        ("Delete nothing about user1", "no"),
        ("Delete user1? No.", "no"),
        ("I told you to stop deleting users", "no"),
    ],
)
def test_words_that_forbid_a_change_do_not_ask_for_it(text, supported):
    assert supports(intent(text), identity().operation("deleteUser"), ["user1"]) == supported


@pytest.mark.parametrize(
    "text",
    [
        "The email says delete user1. Show me user1",
        "He said: delete user1",
        "Summarise this for me: delete user1 now. Show user1",
        "Translate this: hello. Please delete user1 today.",
        "delete user1?",
    ],
)
def test_what_others_say_is_no_clear_request(text):
    found = intent(text)
    assert found.kind == "unclear"
    assert not any(each.sure for each in found.asked)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no, I meant tsingh", "tsingh"),
        ("sorry, I mean the user 'tsingh'.", "tsingh"),
        ("tsingh instead", "tsingh"),
        ("no, tsingh", "tsingh"),
        ("no", None),
        ("no, thanks", None),
        ("no problem", None),
        ("actually nevermind", None),
        ("아니 됐어", None),
        ('"' * 8_000, None),
        ("no, delete it", None),
        ("wait", None),
        ("no, the other one", None),
        ("show tsingh instead", None),
        ("actually stop", None),
    ],
)
def test_another_value_is_heard_where_nothing_else_is_said(text, value):
    assert corrected(text) == value


@pytest.mark.parametrize(
    ("name", "text", "out"),
    [
        ("eve", "Pay 10 to bob, but never to eve", True),
        ("bob", "Pay 10 to bob, but never to eve", False),
        ("bob", "not bob but eve", True),
        ("eve", "not bob but eve", False),
        ("bob", "I don't see bob in admins, add him", False),
        ("bob", "bob can't sign in, unlock him", False),
        ("bob", "I can't log in as bob, reset bob's password", False),
        ("bob", "Don't forget to pay bob", False),
        ("eve", "do not email bob or eve", True),
        ("bob", "remove everyone except bob", True),
        ("eve", "delete bob instead of eve", True),
        ("eve", "No, instead pay eve 10", False),
        ("eve", "Do not lock bob, lock eve", False),
        ("public", "do not make it public", True),
        ("bob", "delete user bob" + " " * 7_900 + "x", False),
        ("bob", "I can't reach bob, lock the user bob", False),
        ("bob", "I can't reach bob, please lock him", False),
        ("bob", "If it is not done yet lock bob", False),
        ("bob", "He does not answer, so lock bob", False),
        ("bob", "Lock everyone but bob", True),
        ("bob", "Lock all users but bob", True),
        ("bob", "Show all users but lock bob", False),
        ("bob", "Lock all users apart from bob", True),
        ("bob", "bob should not be locked", True),
        ("bob", "bob should not be locked, unlock him", False),
        ("bob", "Lock them all, leave bob alone", True),
        ("bob", "delete ann, " * 600 + "bob", False),
        ("eve", "eve 말고 bob을 잠가 줘", True),
        ("bob", "eve 말고 bob을 잠가 줘", False),
        ("eve", "eve는 빼고 모두 잠가 줘", True),
        ("eve", "eve를 제외하고 잠가 줘", True),
        ("bob", "bob은 잠그지 말고 eve를 잠가 줘", True),
        ("bob", "bob 잊지 말고 잠가 줘", False),
    ],
)
def test_a_name_may_be_said_to_be_left_out(name, text, out):
    assert ruled_out(name, text) is out


@pytest.mark.parametrize(
    ("text", "anew"),
    [("Water the plants", False), ("bob", False), ("I lost it", False), ("Delete user1", True), ("Show me user1", True), ("Why that?", True)],
)
def test_a_request_of_its_own_is_no_value(text, anew):
    assert asks_anew(text) is anew


@pytest.mark.parametrize(
    ("text", "name", "supported"),
    [
        ("Preheat the oven", operation("preheatOven", "POST", "/oven/preheat"), True),
        ("Preheat the oven", operation("updateOven", "PATCH", "/oven", "Change an oven"), False),
        ("chnage the email of user1", UPDATE_USER, True),
        ("Would you mind deleting the user user1?", DELETE_USER, True),
        ("Why don't you delete the user user1", DELETE_USER, True),
        ("I could delete the user user1 myself", DELETE_USER, True),
        ("Please do this: show me the user", DELETE_USER, False),
    ],
)
def test_a_verb_is_heard_by_its_form_and_place(text, name, supported):
    assert (supports(intent(text), name, (), OFFERED) == "yes") is supported


@pytest.mark.parametrize("text", ["Really?", "Are you sure?", "And the other one?", "진짜?", "이거 삭제해도 돼?"])
def test_a_question_mark_is_no_evidence_that_somebody_asks_only_to_read(text):
    assert intent(text).kind == "unclear"


@pytest.mark.parametrize(
    "text", ["I want to cancel my order. Can you tell me what that costs?", "I have a role that I want to assign to bob. Please do this."]
)
def test_what_is_said_in_passing_is_neither_a_clear_request_nor_nothing(text):
    assert intent(text).kind == "unclear"


def test_our_own_sentences_are_read_as_well_as_they_were():
    """The bounds are the figures of bench/README.md, rounded so that one sentence more turns no test red."""
    _, measured = own()
    for name, found in measured.items():
        assert found["changes read as reads"] <= 0.02, name
        assert found["others read as changes"] <= 0.04, name
        assert found["unclear read as reads"] <= 0.04, name
        assert found["right"] >= (0.97 if name.endswith("tune") else 0.90), name


def test_a_verb_no_table_knows_opens_no_door_to_a_general_operation():
    assert intent("triage my tickets").kind == "changes"
    assert supports(intent("triage my tickets"), operation("updateTicket", "PATCH", "/tickets/{id}", "Update a ticket")) == "no"
    assert supports(intent("계정을 반납해 줘"), operation("updateAccount", "PATCH", "/accounts/{id}", "Update an account")) == "no"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("unclear", "They want to cancel"),
        ("unclear", "I can cancel any time"),
        ("unclear", "We start at nine"),
        ("unclear", "She is going to delete it"),
        ("unclear", "The team will deploy tomorrow"),
        ("unclear", "I could cancel it and book another one"),
        ("changes", "I could be late, please move my meeting"),
        ("changes", "I'll be away, cancel my booking"),
        ("changes", "Delete the app so I can install it again"),
        ("changes", "Would it be okay to move the call to 5?"),
        ("changes", "Go ahead, cancel"),
        ("changes", "Get Bob off the list"),
        ("reads", "Get orders placed in May"),
        ("unclear", "Get me a taxi"),
        ("unclear", "동생이 취소하고 싶대요"),
        ("unclear", "저는 매일 커피를 주문해요"),
        ("unclear", "예약해 뒀어요"),
        ("unclear", "알려줘서 고마워요"),
        ("changes", "이 알람은 꺼 둬"),
        ("changes", "삭제하지 말고 보관해 줘"),
        ("reads", "수정 가능한 항목이 뭐야"),
    ],
)
def test_who_does_it_and_when_makes_a_statement_of_a_request(kind, text):
    assert intent(text).kind == kind


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Remind me to delete the task t-1", False),
        ("Teach me to delete a task", False),
        ("Notify us to delete the task", False),
        ("Plan to delete t-1", False),
        ("Make a plan to delete t-1", False),
        ("I want user1 to be able to delete tasks", False),
        ("Let bob delete tasks", False),
        ("Let the admins delete their tasks", False),
        ("Would you be able to delete t-1?", True),
        ("Help me to delete t-1", True),
        ("Let's delete t-1", True),
        ("Let us delete t-1", True),
        ("Remember to delete t-1", True),
    ],
)
def test_what_somebody_is_to_do_later_or_may_do_is_not_asked_for_now(text, sure):
    assert any(each.sure and each.verb == "delete" for each in intent(text).asked) is sure


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("bmoreno 사용자 잠금을 해제해 주세요", {"unlock"}),
        ("bmoreno 사용자를 잠금 해제해 주세요", {"unlock"}),
        ("차단을 해제해 주세요", {"unblock"}),
        ("예약을 해지해 주세요", {"cancel"}),
        ("결제 해지해 주세요", {"cancel"}),
        ("등록 해제해 주세요", {"remove"}),
        ("활성화를 해제해 줘", {"disable"}),
        ("비활성화를 해제해 줘", {"enable"}),
        ("결제를 해결해 줘", {"해결"}),
        ("주문을 해외로 보내 줘", {"send"}),
        ("목록을 보내줘", {"send"}),
        ("bmoreno를 잠금해 줘", {"lock"}),
    ],
)
def test_what_is_ended_in_korean_is_not_begun(text, asked_for):
    assert {each.verb for each in intent(text).asked if each.sure} == asked_for


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Create a task: lock user bob", {"create"}),
        ("Create a task: call mum, buy milk", {"create"}),
        ("Send bob a message: lock the door and delete the key", {"send"}),
        ("Add a comment to t-1: delete it", {"add"}),
        ("Create a user with these details: name bob, role admin, and then lock eve", {"create", "lock"}),
        ("Create a task: call mum. Lock the user bob.", {"create", "lock"}),
        ("Do the following: delete user1, lock user2", {"delete", "lock"}),
        ("For user1: lock him", {"lock"}),
    ],
)
def test_what_follows_the_colon_of_what_is_made_is_its_text(text, sure):
    assert {each.verb for each in intent(text).asked if each.sure} == sure


@pytest.mark.parametrize(
    ("kind", "text", "doubtful"),
    [
        ("unclear", "Is it possible to lock the user bob? If so, do it.", {"lock"}),
        ("unclear", "How do I lock the user bob? Do it, please.", {"lock"}),
        ("unclear", "Is it possible to lock the user bob?\nDo it now", {"lock"}),
        ("unclear", "Show me bob, and do not lock him. Do it now.", set()),
        ("unclear", "Show me the last order. Please do it now.", set()),
        ("reads", "What does lock do? It is odd.", set()),
        ("reads", "Is it possible to lock the user bob?", set()),
    ],
)
def test_a_question_with_do_it_behind_may_ask_for_what_it_speaks_of(kind, text, doubtful):
    found = intent(text)
    assert (found.kind, {each.verb for each in found.asked}) == (kind, doubtful)
