"""What a tenant does not let the assistant say: found in every spelling, mended once, else said by code; and never streamed."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis

from engine import tenants
from engine.checkpoints import NeedsAnswer, Rejected, check
from engine.events import CallRejected, ModelReplied, Replied, ReplyRejected, ToolCall
from engine.moderation import Moderation, says
from engine.replies import check_reply, speakable, worth_moderating
from engine.stream import public
from engine.worker import engine
from runtime.auth import create_key
from runtime.http import create_app
from runtime.settings import Settings
from runtime.tenants import ModerationSettings, TenantSettings, save_tenant
from tests.engine.inside import ADA, Inside, inside
from tests.engine.talk import Talk
from tests.vendor import Reply, Vendor, Wish, results


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Our rival Acme is better.", "acme"),
        ("ＡＣＭＥ is better.", "Acme"),
        ("A\u200bc\u00adme is better.", "Acme"),
        ("There is no\u00a0way\n out.", "no way out"),
        ("There is no-way-out.", "no way out"),
        ("**Acme**: better", "acme"),
        ("Acme's", "acme"),
        ("STRASSE", "straße"),
        ("written in C++.", "c++"),
        ("경쟁사는 더 좋습니다.", "경쟁사"),
        ("이것은 비밀입니다", "비밀"),
        ("競合他社より良い", "競合他社"),
    ],
)
def test_a_word_is_found_in_every_spelling(text: str, word: str) -> None:
    assert says(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Acmeology", "acme"), ("macme", "acme"), ("a class", "ass"), ("no other way out", "no way out"), ("written in C.", "c++"),
        ("경쟁사회의 문제", "경쟁사"), ("anything", "\u200b"), ("anything", " _ "),
    ],
)  # fmt: skip
def test_a_part_of_another_word_is_not_the_word(text: str, word: str) -> None:
    assert not says(text, word)


def read_user1() -> Talk:
    conversation = Talk("Show me user1")
    conversation.read("getUser", {"username": "user1", "city": "Acme"}, {"username": "user1"})
    return conversation


OFF = Moderation()
MODERATED = {
    "off": (OFF, "Here is user1, damn it.", None),
    "nothing found": (Moderation(on=True, words=("damn",)), "Here is user1.", None),
    "one of the words": (Moderation(on=True, words=("damn",)), "Here is user1, damn it.", "“damn”"),
    "flagged": (Moderation(on=True, flagged=("hate",)), "Here is user1.", "hate"),
    "not flagged": (Moderation(on=True, flagged=()), "Here is user1.", None),
    "no verdict": (Moderation(on=True, unavailable=True), "Here is user1.", "could not be moderated"),
}


@pytest.mark.parametrize("case", list(MODERATED))
def test_what_may_not_be_said_is_refused_and_named(case: str) -> None:
    moderation, text, named = MODERATED[case]
    verdict = check_reply(text, replace(read_user1().reply_facts(), moderation=moderation))
    if named is None:
        assert isinstance(verdict, Replied)
        return
    assert isinstance(verdict, ReplyRejected)
    assert (verdict.checkpoint, verdict.final) == ("moderated", moderation.unavailable)
    assert named in verdict.reason


def test_the_data_beside_a_reply_is_the_products() -> None:
    verdict = check_reply("Here it is.", replace(read_user1().reply_facts(), moderation=Moderation(on=True, words=("acme",))))
    assert isinstance(verdict, Replied)
    assert verdict.views


def test_a_denied_word_with_endless_particles_takes_no_time() -> None:
    """In every division of them there was one more way to read it: twenty took a second, thirty would have taken a quarter of an hour."""
    assert not says("바보" + "이나" * 2_000 + "x", "바보")


def test_clients_do_not_see_what_the_model_wrote_before_it_was_checked() -> None:
    asking = ToolCall(id="c1", tool="ask_user", arguments={"question": "Something rude?"})
    reading = ToolCall(id="c2", tool="getUser", arguments={"username": "user1"})
    told = public(3, ModelReplied(text="Something rude", calls=(asking, reading)))
    assert "rude" not in str(told)
    assert "user1" in str(told)
    for event in (ReplyRejected(checkpoint="moderated", reason="“rude”"), CallRejected(call_id="c1", checkpoint="moderated", reason="“rude”")):
        assert "rude" not in str(public(4, event))
    assert "known" in str(public(4, ReplyRejected(checkpoint="supported", reason="7 is not known")))


def test_only_what_would_be_shown_is_sent_to_the_service() -> None:
    facts = replace(read_user1().reply_facts(), moderation=Moderation(on=True, words=("damn",)))
    assert worth_moderating("Here is user1.", facts)
    for text in ("", "Here is user1, damn it.", "He has 77 logins.", "<b>Here</b> is user1."):
        assert not worth_moderating(text, facts)


def test_nothing_is_shown_before_the_whole_was_moderated() -> None:
    facts = read_user1().reply_facts()
    assert speakable("Here is user1.", facts)
    assert not speakable("Here is user1.", replace(facts, moderation=Moderation(on=True)))


# Questions in the model's words

QUESTION = {"question": "Which group?", "fields": [{"name": "group_id", "label": "Group", "type": "choice", "choices": ["Acme", "Other"]}]}


@pytest.mark.parametrize(
    ("moderation", "passes"),
    [(OFF, True), (Moderation(on=True, words=("nice",)), True)]
    + [(Moderation(on=True, words=(word,)), False) for word in ("which group", "group", "acme")]
    + [(Moderation(on=True, flagged=("hate",)), False)],
)
def test_a_question_is_moderated_with_its_labels_and_choices(moderation: Moderation, passes: bool) -> None:
    conversation = Talk("Add user1 to a group")
    verdict = check(replace(conversation.facts(conversation.wish("ask_user", QUESTION)), moderation=moderation))
    assert isinstance(verdict, NeedsAnswer if passes else Rejected)
    assert passes or (verdict.checkpoint, verdict.final, verdict.told) == ("moderated", False, None)


def test_a_question_without_a_verdict_is_not_asked_and_the_customer_is_told() -> None:
    conversation = Talk("Add user1 to a group")
    verdict = check(replace(conversation.facts(conversation.wish("ask_user", QUESTION)), moderation=Moderation(on=True, unavailable=True)))
    assert isinstance(verdict, Rejected)
    assert verdict.final
    assert verdict.told


# Whole turns: a model and a moderation service over the wire


def scripted(*texts: str) -> Callable[[Any], Reply | str]:
    """Reads user1, then says one text after the other."""
    left = list(texts)

    def play(request: Any) -> Reply | str:
        return left.pop(0) if results(request) else Reply(calls=[Wish("getUser", {"username": "user1"})])

    return play


@asynccontextmanager
async def moderated(settings: Settings, redis: Redis, vendor: Vendor, moderation: ModerationSettings, service: str = "") -> AsyncIterator[Inside]:
    await save_tenant(redis, ADA.tenant, TenantSettings(moderation=moderation))
    more = {"model": "openai:scripted", "model_url": vendor.url, "model_key": SecretStr("sk-1"), "moderation_url": service or vendor.url}
    async with inside(settings.model_copy(update={**more, "moderation_key": SecretStr("sk-2")}), redis) as desk:
        yield desk


OPENAI = ModerationSettings(by="openai")
WORDS = ModerationSettings(by="words", words=("damn",))


def violent(text: str) -> bool:
    return "damn" in text.lower()


@pytest.mark.parametrize("moderation", [OPENAI, WORDS])
async def test_a_reply_that_may_not_be_said_is_mended(settings: Settings, redis: Redis, moderation: ModerationSettings) -> None:
    script = scripted("Here is user1, damn it.", "Here is user1.")
    async with Vendor(script, judge=violent) as vendor, moderated(settings, redis, vendor, moderation) as desk:
        turn = await desk.say("Show me the user 'user1'")
    assert [each.checkpoint for each in turn.rejected] == ["moderated"]
    assert turn.ended
    assert turn.ended.text == "Here is user1."
    sent = [text for request in vendor.moderated for text in request.body["input"]]
    assert sent == (["Here is user1, damn it.", "Here is user1."] if moderation is OPENAI else [])
    assert all(request.headers["Authorization"] == "Bearer sk-2" for request in vendor.moderated)


@pytest.mark.parametrize("moderation", [OPENAI, WORDS])
async def test_a_reply_that_is_refused_twice_is_made_by_code(settings: Settings, redis: Redis, moderation: ModerationSettings) -> None:
    script = scripted("Here is user1, damn it.", "Damn, here is user1.")
    async with Vendor(script, judge=violent) as vendor, moderated(settings, redis, vendor, moderation) as desk:
        turn = await desk.say("Show me the user 'user1'")
    assert [each.checkpoint for each in turn.rejected] == ["moderated"] * 2
    assert isinstance(turn.ended, Replied)
    assert turn.ended.views
    assert "amn" not in turn.ended.text


async def test_without_a_verdict_code_replies_at_once_and_the_log_says_why(settings: Settings, redis: Redis, logs: Callable[[], list[str]]) -> None:
    async with Vendor(scripted("Here is user1 for you.")) as vendor:
        async with moderated(settings, redis, vendor, OPENAI, service="http://127.0.0.1:1/v1") as desk:
            turn = await desk.say("Show me the user 'user1'")
        assert len(vendor.requests) == 2, "the model is not asked again for what it cannot mend"
    assert [(each.checkpoint, each.final) for each in turn.rejected] == [("moderated", True)]
    assert isinstance(turn.ended, Replied)
    assert turn.ended.views
    assert "for you" not in turn.ended.text
    assert any("moderation_failed" in line for line in logs())


async def test_a_question_that_may_not_be_asked_ends_the_turn_after_two_tries(settings: Settings, redis: Redis) -> None:
    ask = Wish("ask_user", {"question": "Which one, damn it?", "fields": [{"name": "username", "label": "User", "type": "text"}]})
    async with Vendor(lambda _: Reply(calls=[ask]), judge=violent) as vendor:
        async with moderated(settings, redis, vendor, OPENAI) as desk:
            turn = await desk.say("Lock a user")
        assert len(vendor.requests) == 2
    assert not turn.questions()
    assert isinstance(turn.ended, Replied)
    assert "could not ask" in turn.ended.text


async def test_moderation_by_openai_needs_the_operators_key(
    settings: Settings, redis: Redis, serving: Callable[[FastAPI], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    app = create_app("test", [tenants.router])
    app.state.redis, app.state.settings = redis, settings
    key = {"Authorization": f"Bearer {await create_key(redis, ADA.tenant, 'team', ('admin',))}"}
    async with engine(settings, redis) as app.state.turns, serving(app) as url, httpx.AsyncClient(base_url=url, headers=key) as http:
        refused = await http.put("/v1/settings", json={"moderation": {"by": "openai"}})
        assert (refused.status_code, refused.json()["code"]) == (422, "settings_invalid")
        assert (await http.put("/v1/settings", json={"moderation": {"by": "words", "words": [" "]}})).status_code == 422
        taken = await http.put("/v1/settings", json={"moderation": {"by": "words", "words": ["acme"]}})
        assert taken.status_code == 200
        assert (await http.get("/v1/settings")).json()["moderation"] == {"by": "words", "words": ["acme"]}
