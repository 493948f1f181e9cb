"""Secrets typed into the chat: what is recognised, and what only speaks of one."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from engine.checkpoints import NeedsAnswer
from engine.events import Replied
from engine.masking import masked
from engine.replies import check_reply, compose
from runtime.redis import key
from runtime.settings import Settings
from tests.engine.inside import ADA, Inside, inside
from tests.engine.talk import Talk

M = "••••••••"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK=\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("password: hunter2", f"password: {M}"),
        ("Password = hunter2, email: a@b.test", f"Password = {M}, email: a@b.test"),
        ("create user bob with password Secret123!", "create user bob with password ••••••••"),
        ('{"username": "bob", "password": "hun ter2"}', f'{{"username": "bob", "password": "{M}"}}'),
        ("create user bob with password hunter2", f"create user bob with password {M}"),
        ("Create bob with the password 'correct horse', please", f"Create bob with the password '{M}', please"),
        ("my password is Tr0ub4dor&3.", f"my password is {M}."),
        ("the password is swordfish", f"the password is {M}"),
        ("The password should be “S3cret” now", f"The password should be “{M}” now"),
        ("Change the password of bob to hunter2", f"Change the password of bob to {M}"),
        ("Set bob's password to 'open sesame'", f"Set bob's password to '{M}'"),
        ("my pin is 1234", f"my pin is {M}"),
        ("pin 1234", f"pin {M}"),
        ("change my PIN to 998877", f"change my PIN to {M}"),
        ("the PIN code: 0000", f"the PIN code: {M}"),
        ("cvv 123", f"cvv {M}"),
        ("use the api key sk-proj-abcdefghijklmnop1234", f"use the api key {M}"),
        ("api_key=abc123def", f"api_key={M}"),
        ('my access token is "abcd1234"', f'my access token is "{M}"'),
        ('I have the access token "abcd1234" and my id is 7', f'I have the access token "{M}" and my id is 7'),
        ('My access token is "abcd1234." Show me bob', f'My access token is "{M}." Show me bob'),
        ("client secret: s3cr3t", f"client secret: {M}"),
        ("Authorization: Bearer abcdef0123456789abcdef", f"Authorization: Bearer {M}"),
        (f"use {JWT} for it", f"use {M} for it"),
        ("here it is ghp_abcdefghijklmnopqrst1234", f"here it is {M}"),
        ("AKIAIOSFODNN7EXAMPLE", M),
        (f"Add this key:\n{PEM}\nto bob", f"Add this key:\n{M}\nto bob"),
        ("pay with 4111 1111 1111 1111", f"pay with {M}"),
        ("card 5500005555555559 please", f"card {M} please"),
        ("amex 3782-822463-10005", f"amex {M}"),
        ("비밀번호는 hunter2입니다", f"비밀번호는 {M}입니다"),
        ("비밀번호를 hunter2로 바꿔줘", f"비밀번호를 {M}로 바꿔줘"),
        ("비밀번호: hunter2", f"비밀번호: {M}"),
    ],
)
def test_a_secret_is_masked(text, kept):
    assert masked(text) == kept
    assert masked(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "reset the password of bob",
        "Reset password user1",
        "Reset the password for user1",
        "I forgot my password",
        "password policy is strict",
        "The password policy: 12 characters",
        "the password is missing",
        "the password is too short",
        "my password is expired",
        "the password is not set",
        "his password is case sensitive",
        "Is the password required?",
        "send the password to bob",
        "Send the new password to user1",
        "change the password to a new one",
        "Change my password",
        "password length 12",
        "users whose password expires in 30 days",
        "List audit logs about password changes since 2024-01-01",
        "Show me the token of bob",
        "Delete token tok_123",
        "the page token: abc123",
        "page_token=abc123",
        "max_tokens: 100",
        "show the secret santa list",
        "Create a group named 'secret'",
        "What is a secret?",
        "the secret is in the safe",
        "pin the message 1234 to the board",
        "Pin 1234 to the board",
        "map pin 12",
        "order number 4111111111111111",
        "invoice 5500005555555559",
        "Show order 4012888888881882",
        "pay 4111111111111112",
        "call +1 555 010 0100",
        "2026-05-01T10:30:00Z",
        "user 550e8400-e29b-41d4-a716-446655440000",
        "비밀번호를 초기화해줘",
        "bob의 비밀번호를 재설정해 주세요",
        "비밀번호 변경 이력을 보여줘",
        "Get the user details of 'user1' and create a new user 'user2' with those details",
    ],
)
def test_what_only_speaks_of_a_secret_stays(text):
    assert masked(text) == text


@given(st.text(alphabet="pasword:= '\"1a.\n•-", max_size=80))
def test_masking_twice_is_masking_once(text):
    assert masked(masked(text)) == masked(text)


CREATE = masked("Create a user bob with password hunter2")


def test_what_was_masked_is_asked_for_in_the_hidden_field_which_says_why():
    conversation = Talk(CREATE)
    verdict = conversation.call("createUser", username="bob", password=M)
    assert isinstance(verdict, NeedsAnswer)
    assert [(field.name, field.hidden) for field in verdict.question.fields] == [("password", True)]
    assert "hidden fields only" in verdict.question.text
    assert verdict.arguments == {"username": "bob"}
    conversation.answer(password="secret:p1")
    assert "hidden fields" not in compose(conversation.reply_facts(), "time").text  # said once


def test_a_question_of_the_model_says_so_too():
    verdict = Talk(CREATE).call("ask_user", question="Which password?", fields=[{"name": "password", "label": "Password", "type": "text"}])
    assert isinstance(verdict, NeedsAnswer)
    assert verdict.question.text.endswith("masked and not kept.")


def test_a_mask_is_a_value_of_nothing():
    verdict = Talk("Create a user with the api key ••••••••").call("createUser", username=M, password=M)
    assert isinstance(verdict, NeedsAnswer)
    assert [field.name for field in verdict.question.fields] == ["username", "password"]


def test_a_reply_to_a_message_that_held_a_secret_says_where_it_belongs():
    conversation = Talk(masked("My password is hunter2. Show me user1"))
    conversation.read("getUser", {"username": "user1"}, {"username": "user1"})
    for reply in (check_reply("Here is user1.", conversation.reply_facts()), compose(conversation.reply_facts(), None)):
        assert isinstance(reply, Replied)
        assert reply.text.endswith("masked and not kept.")


@pytest.fixture
async def desk(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with inside(settings, redis) as found:
        yield found


async def test_a_secret_typed_into_the_chat_is_nowhere_in_redis(desk: Inside, redis: Redis) -> None:
    turn = await desk.say("Create a user 'bob' with the password 'hunter2-is-mine'")
    assert [[field.name for field in question.fields] for question in turn.questions()] == [["password"]]
    names = [key(ADA.tenant, "session", desk.session, part) for part in ("events", "head", "seen", "inbox", "sealed")]
    kept = {name: await (redis.lrange(name, 0, -1) if await redis.type(name) == b"list" else redis.hgetall(name)) for name in names}
    assert "with the password" in str(kept)
    assert "hunter2" not in str(kept)
