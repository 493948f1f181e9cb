"""A turn that was rated down becomes a case: what it keeps, what it must not, and that it plays to the same calls."""

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from feedback import store
from feedback.case_file import load, parse
from feedback.case_writing import as_file
from feedback.cli import app
from feedback.masks import Masks
from feedback.playing import scene
from feedback.store import Rating
from feedback.to_case import Recording, case_file, expectation, refuse_without_words
from parlance import rehearsing
from preprocess.compile import compile_document
from runtime.errors import Conflict, NotFound
from tests.line import SECRET_KEY, Client, customer, product, question, workers
from tests.specs.documents import compiled
from tools.settings import DocumentSettings

ROOT = Path(__file__).resolve().parents[2]
CARD, OTHER_CARD = "4111 1111 1111 1111", "5500005555555559"
PAYMENTS = {
    "/payments": {"post": {
        "operationId": "pay", "summary": "Make a payment", "requestBody": {"required": True, "content": {"application/json": {"schema": {
            "type": "object", "required": ["card", "amount"],
            "properties": {"card": {"type": "string"}, "amount": {"type": "number"}, "pass_phrase": {"type": "string", "format": "password"},
                           "nickname": {"type": "string"}}}}}},
        "responses": {"201": {"description": "made", "content": {"application/json": {"schema": {"type": "object", "properties": {
            "id": {"type": "string"}, "token": {"type": "string", "writeOnly": True}}}}}}}}},
}  # fmt: skip


def rating(*events: Mapping[str, Any], **more: Any) -> Rating:
    about = {"id": "s1-0-1", "session": "s1", "epoch": 0, "turn": 1, "rating": "down", "user": "u", "spec": "p", "document": "d", "consent": True}
    return Rating.model_validate(about | {"created": 1, "events": events, "locale": "en", "timezone": "Europe/Berlin"} | more)


def paid(words: str = f"Pay 10 with card {CARD}", **arguments: Any) -> list[dict[str, Any]]:
    given = {"card": CARD, "amount": 10, **arguments}
    return [
        {"type": "UserSaid", "message_id": "m", "text": words, "at": 1_800_000_000_000},
        {"type": "ModelReplied", "calls": [{"id": "c1", "tool": "pay", "arguments": given}], "at": 1},
        {"type": "QuestionAsked", "question": {"id": "q", "kind": "approval", "call": "c1", "seal": None}, "arguments": given, "at": 2},
        {"type": "QuestionAnswered", "question_id": "q", "message_id": "y", "approved": True, "values": {}, "at": 3},
        {"type": "CallApproved", "call_id": "c1", "arguments": given, "at": 4},
        {"type": "CallReturned", "call_id": "c1", "outcome": "done", "status": 201, "at": 5, "result": {
            "id": "c1", "data": {"id": "p9", "card": "4111111111111111", "receipt": f"paid with {CARD}"}, "whole": True}},
        {"type": "Replied", "text": f"Paid with {CARD}.", "kind": "answer", "at": 6},
    ]  # fmt: skip


def made(found: Rating, **more: Any) -> dict[str, Any]:
    tree = case_file(Recording(found, compiled(PAYMENTS), DocumentSettings(**more.pop("settings", {})), **more), "pay.json", more.get("corrected"))
    parse(as_file(tree, json=False))
    return tree


def test_a_case_holds_what_was_said_answered_and_done():
    tree = made(rating(*paid()))
    [case] = tree["cases"]
    assert (tree["timezone"], tree["locale"], tree["now"]) == ("Europe/Berlin", "en", "2027-01-15T08:00:00+00:00")
    assert case["say"] == ["Pay 10 with card masked-1"]
    assert case["happened"] == {
        "action": "call", "operation": ["POST /payments"], "arguments": [{"card": "masked-1", "amount": 10}], "text": "Paid with masked-1.",
    }  # fmt: skip
    assert case["responses"] == [
        {"operation": "POST /payments", "status": 201, "body": {"id": "p9", "card": "masked-1", "receipt": "paid with masked-1"}}
    ]
    assert case["approves"] is True
    assert "expect" not in case
    assert "Say in `expect`" in case["note"]


def test_what_is_secret_or_personal_is_nowhere_and_one_value_has_one_stand_in():
    token, handle, phrase = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0aaaa.c2lnbmF0dXJl", "secret:AbCdEfGh12345678", "open sesame 77"
    words = f"Pay 10 with {CARD} not {OTHER_CARD}, my name is Rosebud, use {token}"
    events = paid(words, pass_phrase=handle, nickname="Rosebud")
    events[5]["result"]["data"] |= {"token": "tok-5512-x", "echo": "it was tok-5512-x for Rosebud", "number": 4111111111111111, "pass_phrase": phrase}
    asked = {"type": "QuestionAnswered", "question_id": "q0", "message_id": "a", "values": {"pass_phrase": handle}, "at": 2}
    tree = made(rating(*events[:2], asked, *events[2:], comment=f"I said {OTHER_CARD}!"), settings={"sensitive": ("nickname",)})
    text = json.dumps(tree)
    for secret in (CARD, "4111111111111111", OTHER_CARD, token, handle, phrase, "tok-5512-x", "Rosebud"):
        assert secret not in text, secret
    [case] = tree["cases"]
    call = case["happened"]["arguments"][0]
    assert call["card"] in case["say"][0]
    assert call["nickname"] in case["say"][0]
    assert call["card"] == case["responses"][0]["body"]["card"] == case["responses"][0]["body"]["number"]
    assert len({call["card"], call["nickname"], call["pass_phrase"]}) == 3
    assert "hidden answer" in case["note"]


def test_a_short_hidden_value_does_not_eat_the_words_around_it():
    masks = Masks(frozenset({"pin"}))
    masks.learn([{"pin": "1"}, {"PIN": 4711}])
    assert masks.of({"pin": "1", "note": "1 of 4711, 47110"}) == {"pin": "masked-1", "note": "1 of masked-2, 47110"}


def test_answers_to_forms_become_what_is_typed():
    said, wished, *rest = paid("Make a payment")
    one = {"type": "QuestionAnswered", "question_id": "q1", "message_id": "a", "values": {"amount": 10}, "at": 2}
    several = {"type": "QuestionAnswered", "question_id": "q1", "message_id": "a", "values": {"amount": 10, "nickname": "Bo"}, "at": 2}
    closed = {"type": "QuestionAnswered", "question_id": "q1", "message_id": "a", "closed": True, "values": {}, "at": 2}
    assert made(rating(said, wished, one, *rest))["cases"][0]["say"] == ["Make a payment", "10"]
    assert made(rating(said, wished, several, *rest))["cases"][0]["say"] == ["Make a payment, amount: 10, nickname: Bo"]
    assert made(rating(said, wished, closed, *rest))["cases"][0]["say"] == ["Make a payment"]


def test_earlier_turns_and_whole_results_are_used_as_far_as_they_are_kept():
    events = paid()
    events[5]["result"] |= {"whole": False, "data": {"id": "p9"}}
    kept = made(rating(*events, turn=4), earlier=tuple(paid("Pay 5 with my card")), bodies={"c1": {"id": "p9", "all": [1, 2]}})["cases"][0]
    assert len(kept["say"]) == 2
    assert kept["responses"][-1]["body"] == {"id": "p9", "all": [1, 2]}
    assert "no longer kept" not in kept["note"]
    lost = made(rating(*events, turn=4))["cases"][0]
    assert lost["responses"][-1]["body"] == {"id": "p9"}
    assert "no longer kept" in lost["note"]
    assert "only a sample" in lost["note"]


def test_the_expectation_is_what_the_correction_says():
    written, _ = expectation(rating(correction="{action: refuse}"), None)
    assert written == {"action": "refuse"}
    call = {
        "method": "POST",
        "path": "/payments",
        "arguments": {"amount": 5, "card": "x"},
        "sources": {"amount": {"kind": "user"}, "card": {"kind": "none"}},
    }
    read, notes = expectation(rating(correction="Pay 5"), {"action": "confirm", "calls": [call]})
    assert read == {"action": "call", "operation": ["POST /payments"], "arguments": [{"amount": 5}]}
    assert any("check it" in each for each in notes)
    for unusable in ({"action": "clarify", "calls": [call]}, {"action": "refuse", "calls": []}, None):
        assert expectation(rating(correction="the other one", comment="no!"), unusable)[0] is None
    assert expectation(rating(correction="{action: dance}"), None)[0] is None


def test_a_correction_that_no_reader_should_follow_is_words():
    each = "".join(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefgh"))
    bomb = f"action: refuse\nsays:\n- a: &a [x, x, x]\n{textwrap.indent(each, '  ')}"
    for text in ("{action: refuse, on: !!binary x}", "[" * 1_900, bomb):
        assert expectation(rating(correction=text), None)[0] is None, text
    assert expectation(rating(correction="{action: reply, says: 2024-13-45}"), None)[0] == {"action": "reply", "says": "2024-13-45"}


def test_what_a_correction_says_the_reply_should_hold_is_masked_and_operations_are_not():
    events = paid("Pay 10, nickname payments", nickname="payments")
    tree = made(rating(*events, correction=f"{{action: reply, says: Paid with {CARD}}}"), settings={"sensitive": ("nickname",)})
    [case] = tree["cases"]
    assert CARD not in json.dumps(tree)
    assert case["expect"]["says"].startswith("Paid with masked-")
    assert case["happened"]["operation"] == ["POST /payments"]
    assert "payments" not in case["say"][0]


@pytest.mark.parametrize(("about", "code"), [({"consent": False}, "rating_without_consent"), ({"rating": "up"}, "rating_not_down")])
def test_without_words_or_without_a_complaint_there_is_no_case(about: dict[str, Any], code: str):
    with pytest.raises(Conflict) as refused:
        refuse_without_words(rating(**about))
    assert refused.value.code == code


async def test_a_rating_that_is_not_there_and_a_file_that_is_are_refused(redis, tmp_path: Path):
    for name in ("s_none-0-1", "no such name"):
        with pytest.raises(NotFound) as missing:
            await store.find(redis, "acme", name)
        assert missing.value.code == "rating_not_found"
    (tmp_path / "case.yaml").write_text("mine")
    there = CliRunner().invoke(app, ["to-case", "s_none-0-1", "--out", str(tmp_path / "case.yaml")])
    assert getattr(there.exception, "code", None) == "file_exists"
    assert (tmp_path / "case.yaml").read_text() == "mine"


# --- the whole line


async def to_case(redis_url: str, tenant: str, identifier: str, out: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLANCE_")}
    environment |= {"PARLANCE_REDIS_URL": redis_url, "PARLANCE_SECRET_KEYS": SECRET_KEY}
    command = [sys.executable, str(ROOT / "parlance.py"), "ratings", "to-case", identifier, "--tenant", tenant, "--out", str(out)]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, env=environment, cwd=out.parent, timeout=60, check=False)


async def rated(ada: Client, **given: Any) -> str:
    events = (await ada.ask("GET", f"/v1/sessions/{ada.session}"))["events"]
    turn = next(event["number"] for event in reversed(events) if event["type"] == "UserSaid")
    answer = await ada.ask("POST", f"/v1/sessions/{ada.session}/feedback", 201, json={"turn": turn, "rating": "down", **given})
    return str(answer["id"])


async def test_a_session_rated_down_over_http_plays_to_the_same_calls(redis, redis_url: str, tmp_path: Path):
    async with product() as (product_url, _):
        with workers(redis_url, 1) as [worker]:
            async with customer(redis, worker.url, product_url) as ada:
                tenant = (await redis.keys("parlance:{*:spec*"))[0].decode().split("{")[1].split(":")[0]
                await ada.begin(timezone="Europe/Berlin", consent=True)
                await ada.say("Show me all users")
                asked = await ada.say("Lock the user 'user1'")
                await ada.answer(question(asked, "approval"), approved=True)
                identifier = await rated(ada, comment="not that one", correction="Lock the user 'user2'")
                out = tmp_path / "case.yaml"
                done = await to_case(redis_url, tenant, identifier, out)
                assert done.returncode == 0, done.stderr
                await ada.begin(consent=False)
                await ada.say("Show me the user 'user1'")
                shape = await to_case(redis_url, tenant, await rated(ada), tmp_path / "no.yaml")
                assert (shape.returncode, "did not agree that words are kept" in shape.stderr) == (2, True)
                assert not (tmp_path / "no.yaml").exists()
    cases = load(out, compile_document)
    [case] = cases.file.cases
    assert case.happened is not None
    assert (case.happened.operation, case.happened.arguments) == (("POST /users/{username}/lock",), ({"username": "user1"},))
    assert case.expect is not None
    assert [(name, dict(values)["username"].any_of) for name, values in case.expect.calls] == [("POST /users/{username}/lock", ("user2",))]
    assert ada.session not in json.dumps([each.model_dump(mode="json") for each in case.responses])
    async with rehearsing("builtin") as play:
        report = await play(cases.document(case), scene(cases, case))
    assert [f"{call['method']} {call['path']}" for call in report["calls"]] == list(case.happened.operation)
    assert [call["arguments"] for call in report["calls"]] == list(case.happened.arguments)
    assert [list(each) for each in report["executed"]] == [["GET", "/users"], ["POST", "/users/{username}/lock"]]
