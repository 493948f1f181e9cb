"""One question to a model, over the wire: our own client, ChatOpenAI and AzureChatOpenAI against the same scripted vendor."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from engine.ask import MAX_CALLS, MAX_TEXT, arguments_of, ask
from engine.context import Message
from engine.events import EVENT, ModelReplied, ToolCall
from runtime.errors import ModelFailed
from runtime.models import Patience, chat_model, close
from runtime.settings import Settings
from tests.vendor import Reply, Vendor, Wish
from tools.schema import ToolDefinition

VENDORS = ("compatible", "openai", "azure_openai")
HELLO = (Message("system", "Be brief."), Message("user", "hello"))
QUICK = Patience(attempts=3, seconds=10, first_wait=0)
LINK = {"type": "string", "x-supplied-by": [{"operation": "listUsers", "pointer": "/items/*/id"}]}
GET_USER = ToolDefinition("getUser", "Reads a user.", {"type": "object", "properties": {"id": LINK}, "required": ["id"]})

pytestmark = pytest.mark.parametrize("kind", VENDORS)


@asynccontextmanager
async def model_of(vendor: Vendor, kind: str, seconds: float = 10) -> AsyncIterator[BaseChatModel]:
    settings = Settings(model_url=vendor.origin if kind == "azure_openai" else vendor.url, model_key="sk-canary-1", model_seconds=seconds)
    model = chat_model(settings, f"{kind}:scripted", builtin=lambda: pytest.fail("not asked for"))
    try:
        yield model
    finally:
        await close(model)


async def answer(
    kind: str, script: Callable[[Any], Reply | str], messages: tuple[Message, ...] = HELLO, patience: Patience = QUICK
) -> tuple[ModelReplied, list[str], Vendor]:
    heard: list[str] = []

    async def hear(text: str) -> None:
        heard.append(text)

    async with Vendor(script) as vendor, model_of(vendor, kind) as model:
        return await ask(model, messages, [GET_USER], hear, patience), heard, vendor


async def test_text_arrives_while_the_model_still_writes(kind: str) -> None:
    heard, midway = [], asyncio.Event()

    async def hear(text: str) -> None:
        heard.append(text)
        midway.set()  # the vendor waits for this before it goes on

    script = Reply(text="A reply of more than one piece.", midway=midway)
    async with Vendor(lambda _: script) as vendor, model_of(vendor, kind) as model:
        reply = await ask(model, HELLO, [], hear, QUICK)
    assert reply.text == "".join(heard) == "A reply of more than one piece."
    assert len(heard) > 1
    assert reply.calls == ()


async def test_usage_and_the_models_name_are_reported(kind: str) -> None:
    reply, _, vendor = await answer(kind, lambda _: "hi")
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (11, 7)
    assert reply.model == "scripted"
    assert vendor.requests[0].body["stream_options"] == {"include_usage": True}


async def test_parallel_calls_keep_their_order_and_arguments(kind: str) -> None:
    wishes = [Wish("getUser", {"id": f"user{n}", "deep": {"list": [1, 2.5, None, True, "ü"]}}) for n in range(3)]
    reply, _, _ = await answer(kind, lambda _: Reply(text="Looking.", calls=wishes))
    assert [(call.tool, call.arguments) for call in reply.calls] == [("getUser", wish.arguments) for wish in wishes]
    assert reply.text == "Looking."


async def test_a_vendor_is_shown_definitions_without_supplier_links(kind: str) -> None:
    _, _, vendor = await answer(kind, lambda _: "hi")
    assert vendor.requests[0].body["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "getUser",
                "description": "Reads a user.",
                "parameters": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
            },
        }
    ]
    assert "x-supplied-by" in GET_USER.parameters["properties"]["id"]


async def test_the_conversation_goes_out_in_the_protocols_words(kind: str) -> None:
    call = ToolCall(id="call_1", tool="getUser", arguments={"id": "user1"})
    told = (*HELLO, Message("assistant", "", (call,)), Message("tool", '{"from":"product"}', call_id="call_1"), Message("system", "Mend it."))
    _, _, vendor = await answer(kind, lambda _: "hi", told)
    sent = vendor.requests[0].body["messages"]
    assert [m["role"] for m in sent] == ["system", "user", "assistant", "tool", "user"]
    assert sent[2]["content"] is None
    assert sent[2]["tool_calls"][0]["id"] == sent[3]["tool_call_id"] == "call_1"
    assert json.loads(sent[2]["tool_calls"][0]["function"]["arguments"]) == {"id": "user1"}
    assert sent[4]["content"] == "[From Parlance, not from the customer] Mend it."


@pytest.mark.parametrize(
    "raw",
    [
        '{"amount": 10',  # cut: LangChain alone would make {"amount": 10} of it
        '{"id": "user',
        "not json",
        '["a list"]',
        '{"n": NaN}',
        '{"n": 1e999}',
        '{"n": ' + "9" * 30 + "}",
        '{"n": ' + "9" * 5000 + "}",
        '{"a":' * 2000 + "1" + "}" * 2000,
        '{"a": "' + "x" * 60_000 + '"}',
    ],
)
async def test_malformed_arguments_stay_a_call_that_cannot_pass(kind: str, raw: str) -> None:
    reply, _, _ = await answer(kind, lambda _: Reply(calls=[Wish("getUser", raw), Wish("getUser", {"id": "b"})], piece=4000))
    assert reply.calls[0].arguments == {"$malformed": raw[:500]}
    assert reply.calls[1].arguments == {"id": "b"}


@pytest.mark.parametrize("raw", ["", "{}", "null"])
async def test_no_arguments_are_an_empty_object(kind: str, raw: str) -> None:
    reply, _, _ = await answer(kind, lambda _: Reply(calls=[Wish("listUsers", raw)]))
    assert reply.calls[0].arguments == {}


@pytest.mark.parametrize("known", [None, "", "call_7", "{a}: b\n", "x" * 500])
async def test_ids_of_calls_are_unique_in_a_reply_whatever_the_vendor_gives(kind: str, known: str | None) -> None:
    reply, _, _ = await answer(kind, lambda _: Reply(calls=[Wish("getUser", {"id": "a"}, id=known)] * 3))
    assert [call.id for call in reply.calls] == ["call_0", "call_1", "call_2"]


async def test_names_go_back_to_a_vendor_only_in_the_form_it_takes(kind: str) -> None:
    reply, _, _ = await answer(kind, lambda _: Reply(calls=[Wish("functions.get user"), Wish("n" * 100), Wish("")]))
    assert [call.tool for call in reply.calls] == ["functions_get_user", "n" * 64, "unnamed"]


async def test_lone_surrogates_become_replacement_characters(kind: str) -> None:
    messages = (Message("user", "half a face: \ud83d"),)
    reply, heard, vendor = await answer(kind, lambda _: Reply(text="a\udc00b", calls=[Wish("getUser", {"id": "\ud83d"})]), messages)
    assert reply.text == "a\ufffdb"
    assert reply.calls[0].arguments == {"id": "\ufffd"}
    assert vendor.requests[0].body["messages"][0]["content"] == "half a face: \ufffd"
    assert EVENT.validate_json(EVENT.dump_json(reply)) == reply
    "".join(heard).encode()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_vendor_is_asked_again(kind: str, status: int) -> None:
    replies = iter([Reply(status=status), Reply(status=status, headers={"Retry-After": "0"}), Reply(text="at last")])
    reply, _, vendor = await answer(kind, lambda _: next(replies))
    assert reply.text == "at last"
    assert len(vendor.requests) == 3


@pytest.mark.parametrize(("status", "attempts"), [(400, 1), (401, 1), (403, 1), (404, 1), (422, 1), (429, 3), (500, 3)])
async def test_attempts_are_limited_and_only_made_where_they_can_help(kind: str, status: int, attempts: int) -> None:
    async with Vendor(lambda _: Reply(status=status)) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed) as failed:
            await ask(model, HELLO, [], nobody, QUICK)
        assert len(vendor.requests) == attempts
    assert "sk-canary" not in failed.value.detail
    assert failed.value.problem()["retryable"] is (attempts == 3)


async def test_a_vendor_that_wants_a_long_pause_is_not_waited_for(kind: str) -> None:
    async with Vendor(lambda _: Reply(status=429, headers={"Retry-After": "3600"})) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed, match="busy"):
            await ask(model, HELLO, [], nobody, QUICK)
        assert len(vendor.requests) == 1


async def test_a_vendor_that_says_back_the_key_does_not_spread_it(kind: str) -> None:
    script = Reply(status=401, body={"error": {"message": "wrong key sk-canary-1"}})
    async with Vendor(lambda _: script) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed) as failed:
            await ask(model, HELLO, [], nobody, QUICK)
    assert "sk-canary-1" not in failed.value.detail


@pytest.mark.parametrize("cut", ["torn", "clean"])
async def test_a_cut_stream_is_asked_again_and_its_pieces_are_not_repeated(kind: str, cut: Any) -> None:
    replies = iter([Reply(text="The first half and the second", cut=cut), Reply(text="The first half and the second")])
    reply, heard, vendor = await answer(kind, lambda _: next(replies))
    assert reply.text == "The first half and the second"
    assert reply.text.startswith("".join(heard))
    assert len(vendor.requests) == 2


async def test_a_cut_call_is_never_made_with_half_its_arguments(kind: str) -> None:
    half = Reply(calls=[Wish("pay", {"amount": 1000, "to": "someone with a long name"})], cut="clean", piece=3)
    async with Vendor(lambda _: half) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed):
            await ask(model, HELLO, [], nobody, QUICK)


async def test_silence_ends_at_the_limit(kind: str) -> None:
    never = asyncio.Event()
    async with Vendor(lambda _: Reply(text="late", until=never)) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed, match="no answer in time"):
            await ask(model, HELLO, [], nobody, Patience(attempts=2, seconds=0.05, first_wait=0))
        never.set()


async def test_a_vendors_own_limit_counts_as_silence_too(kind: str) -> None:
    never = asyncio.Event()
    async with Vendor(lambda _: Reply(text="late", until=never)) as vendor, model_of(vendor, kind, seconds=0.5) as model:
        with pytest.raises(ModelFailed, match="no answer in time"):
            await ask(model, HELLO, [], nobody, Patience(attempts=2, seconds=10, first_wait=0))
        assert len(vendor.requests) == 2
        never.set()


async def test_nobody_at_the_address_is_told_after_the_attempts(kind: str) -> None:
    async with Vendor(lambda _: "hi") as vendor:
        pass
    async with model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed, match="3 times"):
            await ask(model, HELLO, [], nobody, QUICK)


@pytest.mark.parametrize(
    ("reply", "words"), [(Reply(), "empty"), (Reply(finish="length"), "used up its tokens"), (Reply(finish="content_filter"), "content filter")]
)
async def test_a_reply_with_nothing_in_it_is_a_failure(kind: str, reply: Reply, words: str) -> None:
    async with Vendor(lambda _: reply) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed, match=words):
            await ask(model, HELLO, [], nobody, QUICK)


async def test_an_endless_reply_is_stopped(kind: str) -> None:
    async with Vendor(lambda _: Reply(text="x" * (MAX_TEXT + 1), piece=50_000)) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed, match="longer than"):
            await ask(model, HELLO, [], nobody, QUICK)
        assert len(vendor.requests) == 1


async def test_more_calls_than_a_turn_may_have_are_left_out(kind: str) -> None:
    reply, _, _ = await answer(kind, lambda _: Reply(calls=[Wish("getUser", {"id": str(n)}) for n in range(MAX_CALLS + 20)]))
    assert len(reply.calls) == MAX_CALLS


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"data: {}\n\n",
        b"data: [1]\n\ndata: [DONE]\n\n",
        b"data: {broken\n\n",
        b"<html>a proxy's page</html>",
        b'data: {"choices": null}\n\ndata: [DONE]\n\n',
        b'data: {"choices": [{"index":0,"delta":{"tool_calls":[null]},"finish_reason":"stop"}]}\n\n',
        b'data: {"error": {"message": "overloaded", "code": 500}}\n\n',
        b'data: {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "' + b"x" * 3_000_000 + b'"}}]}\n\n',
    ],
)
async def test_an_answer_outside_the_protocol_is_a_failure_of_the_model(kind: str, raw: bytes) -> None:
    async with Vendor(lambda _: Reply(raw=raw)) as vendor, model_of(vendor, kind) as model:
        with pytest.raises(ModelFailed):
            await ask(model, HELLO, [], nobody, QUICK)


async def test_a_key_goes_out_in_its_header_only(kind: str) -> None:
    _, _, vendor = await answer(kind, lambda _: "hi")
    request = vendor.requests[0]
    assert request.headers["api-key" if kind == "azure_openai" else "Authorization"].endswith("sk-canary-1")
    assert "sk-canary-1" not in json.dumps(request.body) + request.path


async def test_a_model_that_does_not_stream_is_heard_as_well(kind: str) -> None:
    calls = [{"type": "tool_call", "id": "", "name": "getUser", "args": {"id": "user1", "n": float("nan")}}]
    model = GenericFakeChatModel(messages=iter([AIMessage("hi", tool_calls=calls)]), disable_streaming=True)
    reply = await ask(model, HELLO, [], nobody, QUICK)
    assert reply.text == "hi"
    assert list(reply.calls[0].arguments) == ["$malformed"]


async def test_arguments_read_back_as_they_were_written(kind: str) -> None:
    told = {"a": [1, -(2**63), 2**64 - 1, 0.1, "\n", {"b": None}]}
    assert arguments_of(json.dumps(told)) == told
    assert arguments_of('{"a": "line\nbreak"}') == {"a": "line\nbreak"}


async def nobody(text: str) -> None:
    """Hears nothing."""


async def test_a_vendor_that_could_store_is_told_not_to_and_is_told_of_no_customer(kind: str) -> None:
    """OpenAI takes `store`; Azure's default version and many compatible servers answer 400 to it."""
    _, _, vendor = await answer(kind, lambda _: "hello")
    (request,) = vendor.requests
    assert request.body.get("store") is (False if kind == "openai" else None)
    assert not {"user", "metadata", "safety_identifier", "prompt_cache_key"} & request.body.keys()


@pytest.mark.parametrize(("version", "told"), [("2024-10-21", None), ("2024-09-01-preview", None), ("2025-03-01-preview", False)])
async def test_azure_is_told_not_to_store_in_the_versions_that_know_it(
    kind: str, version: str, told: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", version)
    _, _, vendor = await answer(kind, lambda _: "hello")
    assert kind != "azure_openai" or vendor.requests[0].body.get("store") is told
