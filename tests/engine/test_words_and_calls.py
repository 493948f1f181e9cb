"""design.md, 5: every cell of the table of the customer's words and the calls a model wishes, read from the verdict of the whole ladder."""

from itertools import product

import pytest

from engine.checkpoints import NeedsApproval, Passed, Rejected
from engine.events import Replied
from engine.intent import intent, supports
from engine.phrases import ENGLISH, KOREAN
from tests.engine.talk import Talk, identity
from tests.engine.test_checkpoints import USER1
from tools.settings import DocumentSettings

WHETHER, WHAT, IDEA = "unclear_whether", "unclear_what", "idea"
# What the words are, whether they ask for deleting user1, and words that are so.
WORDS = {
    ("reads", "no"): [
        "Show me user1",
        "What is the email of user1?",
        "How do I delete user1?",
        "Don't delete user1, show me his groups",
        "user1의 정보를 보여줘",
    ],
    ("changes", "yes"): ["Delete user1", "Would you mind deleting the user user1?", "user1을 삭제해 줘"],
    ("changes", "perhaps"): ["Cancel the appointment of tomorrow", "예약을 취소해 줘"],
    ("changes", "no"): ["Lock user1", "Create a user called user2", "Polish the shoes of user1", "user1을 잠가 줘"],
    ("unclear", "yes"): ["Can I delete user1?", "I could delete user1", "user1 삭제"],
    ("unclear", "perhaps"): ["Can I cancel the appointment?", "She says you should delete the appointment"],
    ("unclear", "no"): ["user1", "user1 is broken", "I deleted user1 yesterday", "Don't delete it", "삭제하지 마"],
}
# (kind, support) -> before a response was read, and after: what is told, where a yes is needed; Passed and Rejected as they are.
OUTCOMES = {
    ("reads", "no"): (Rejected, Rejected),
    ("changes", "yes"): (Passed, Passed),
    ("changes", "perhaps"): ({WHAT}, {WHAT}),
    ("changes", "no"): ({IDEA}, Rejected),
    ("unclear", "yes"): ({WHETHER}, {WHETHER}),
    ("unclear", "perhaps"): ({WHETHER}, {WHETHER}),
    ("unclear", "no"): ({IDEA}, Rejected),
}
CASES = [(cell, text, read) for cell, texts in WORDS.items() for text, read in product(texts, (False, True))]


def conversation(text, read, approval):
    """The value is known from before, so that nothing is left to ask for."""
    begun = Talk("It is about user1", settings=DocumentSettings(approval=approval))
    begun.add(Replied(text="All right."))
    begun.say(text)
    if read:
        begun.read("listGroups", [{"id": "g1", "description": USER1["description"]}], {})
    return begun


@pytest.mark.parametrize(("cell", "text", "read"), CASES)
def test_a_change_passes_asks_or_is_refused_as_its_cell_says(cell, text, read):
    """The tenant's rule lets everything through ("never"), so that only the words can ask for a yes."""
    verdict = conversation(text, read, "never").call("deleteUser", username="user1")
    expected = OUTCOMES[cell][read]
    if isinstance(expected, set):
        assert isinstance(verdict, NeedsApproval), verdict
        assert {each for each in (WHETHER, WHAT, IDEA) if {ENGLISH[each], KOREAN[each]} & {*verdict.question.notes}} == expected
    else:
        assert isinstance(verdict, expected), verdict
    if expected is Rejected:
        assert (verdict.checkpoint, verdict.final, bool(verdict.told)) == ("within_intent", True, True)


@pytest.mark.parametrize(("cell", "text", "read"), CASES)
def test_no_words_stand_for_the_yes_that_the_tenants_rule_wants(cell, text, read):
    verdict = conversation(text, read, "changing").call("deleteUser", username="user1")
    assert isinstance(verdict, Rejected if OUTCOMES[cell][read] is Rejected else NeedsApproval), verdict


@pytest.mark.parametrize(("cell", "text", "read"), CASES)
def test_a_reading_call_passes_unless_it_follows_a_response_and_the_words_do_not_lead_to_it(cell, text, read):
    """docs/decisions/0018; the model may go on otherwise, so that it is not final."""
    verdict = conversation(text, read, "changing").call("getUser", username="user1")
    if read and "user" not in text:
        assert isinstance(verdict, Rejected), verdict
        assert (verdict.checkpoint, verdict.final) == ("within_intent", False)
    else:
        assert isinstance(verdict, Passed), verdict


@pytest.mark.parametrize(("cell", "text"), [(cell, text) for cell, texts in WORDS.items() for text in texts])
def test_the_words_are_of_their_cell(cell, text):
    found = intent(text)
    others = {entry.id for entry in identity().catalogue} - {"deleteUser"}
    support = supports(found, identity().operation("deleteUser"), ["user1"], others)
    assert (found.kind, support) == cell


@pytest.mark.parametrize(
    ("locale", "text", "told"),
    [
        ("en", "How do I delete user1?", "so I did not delete a user (user1). If you want it done, ask me to do it."),
        ("ko", "user1은 어떻게 삭제하나요?", "“delete a user (user1)” 작업은 하지 않았습니다. 실행을 원하시면 해 달라고 말씀해 주세요."),
    ],
)
def test_who_only_asks_is_told_what_was_not_done_and_how_to_have_it_done(locale, text, told):
    verdict = Talk(text, locale=locale).call("deleteUser", username="user1")
    assert isinstance(verdict, Rejected)
    assert verdict.told is not None
    assert verdict.told.endswith(told)
