"""Our own client of the chat-completions protocol, on what other clients do not take: the habits of servers that are only nearly compatible."""

import json
from typing import Any

import pytest
from langchain_core.exceptions import ModelConnectionError, ModelInvalidRequestError, ModelRateLimitError
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage

from runtime.chat import CompatibleChat
from runtime.completions import Reply as Assembled
from runtime.completions import ReplyUnusable, request_json, sound
from tests.vendor import Reply, Vendor, Wish


async def heard(script: Reply, **more: Any) -> AIMessageChunk:
    async with Vendor(lambda _: script) as vendor:
        model = CompatibleChat(model="any", address=vendor.url)
        try:
            chunks = [chunk async for chunk in model.astream([HumanMessage("hello")], **more)]
        finally:
            await model.close()
    return chunks[0] + chunks[1:]


def lines(*deltas: dict[str, Any], finish: str = "tool_calls") -> bytes:
    choices = [{"delta": delta} for delta in deltas] + [{"delta": {}, "finish_reason": finish}]
    return b"".join(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\r\n\r\n" for choice in choices)


async def test_calls_without_index_are_told_apart_by_id() -> None:
    whole = await heard(Reply(calls=[Wish("a", {"x": 1}), Wish("b", {"x": 2})], index=False))
    assert [(call["name"], call["args"]) for call in whole.tool_calls] == [("a", {"x": 1}), ("b", {"x": 2})]


async def test_calls_all_under_index_zero_are_told_apart_by_id() -> None:
    one, two = ({"tool_calls": [{"index": 0, "id": name, "function": {"name": name, "arguments": "{}"}}]} for name in "ab")
    whole = await heard(Reply(raw=lines(one, two)))
    assert [call["name"] for call in whole.tool_calls] == ["a", "b"]


async def test_a_name_repeated_with_every_piece_is_one_name() -> None:
    pieces = [{"tool_calls": [{"index": 0, "id": "1", "function": {"name": "getUser", "arguments": text}}]} for text in ('{"id"', ': "a"}')]
    whole = await heard(Reply(raw=lines(*pieces)))
    assert [(call["name"], call["args"]) for call in whole.tool_calls] == [("getUser", {"id": "a"})]


async def test_arguments_as_an_object_are_taken() -> None:
    whole = await heard(Reply(raw=lines({"tool_calls": [{"index": 0, "id": "1", "function": {"name": "a", "arguments": {"x": 1}}}]})))
    assert whole.tool_calls[0]["args"] == {"x": 1}


async def test_a_server_that_does_not_stream_is_understood() -> None:
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": "all at once"}, "finish_reason": "stop"}]}).encode()
    whole = await heard(Reply(raw=body, headers={"Content-Type": "application/json"}))
    assert whole.text == "all at once"


async def test_a_stream_without_done_is_whole_when_it_gave_its_reason() -> None:
    whole = await heard(Reply(raw=lines({"content": "hi"}, finish="stop")))
    assert whole.text == "hi"
    assert whole.response_metadata["finish_reason"] == "stop"


async def test_comments_and_other_fields_of_the_stream_are_passed_over() -> None:
    whole = await heard(Reply(raw=b": ping\n\nevent: message\nid: 4\n" + lines({"content": "hi"}, finish="stop")))
    assert whole.text == "hi"


async def test_a_pair_of_surrogates_cut_in_two_does_not_end_the_reply() -> None:
    whole = await heard(Reply(raw=lines({"content": "\ud83d"}, {"content": "\ude00!"}, finish="stop")))
    assert whole.text.endswith("!")
    whole.text.encode()


async def test_a_half_reply_is_an_error_that_another_try_may_mend() -> None:
    with pytest.raises(ModelConnectionError, match="cut off"):
        await heard(Reply(text="a long text that is cut", cut="clean"))


async def test_refusals_carry_the_vendors_reason_and_its_wish_to_wait() -> None:
    with pytest.raises(ModelRateLimitError, match="429: slow down") as refused:
        await heard(Reply(status=429, headers={"Retry-After": "7"}, body={"error": {"message": "slow down"}}))
    assert refused.value.__cause__.headers["Retry-After"] == "7"  # type: ignore[union-attr]
    with pytest.raises(ModelInvalidRequestError, match="no such parameter"):
        await heard(Reply(status=400, body={"message": "no such parameter"}))


async def test_a_redirect_is_not_followed() -> None:
    with pytest.raises(ModelInvalidRequestError, match="307"):
        await heard(Reply(status=307, headers={"Location": "http://127.0.0.1:9/"}))


async def test_it_can_be_asked_for_the_whole_at_once() -> None:
    async with Vendor(lambda _: Reply(text="hi", calls=[Wish("a", {"x": 1})])) as vendor:
        model = CompatibleChat(model="any", address=vendor.url)
        reply = await model.bind_tools([{"type": "function", "function": {"name": "a"}}], tool_choice="any").ainvoke("hello")
        await model.close()
        assert vendor.requests[0].body["tool_choice"] == "required"
    assert (reply.text, reply.tool_calls[0]["args"]) == ("hi", {"x": 1})
    assert reply.usage_metadata == {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18}


def test_messages_become_the_protocols_json() -> None:
    call = {"type": "tool_call", "id": "1", "name": "a", "args": {"x": "ü"}}
    sent = request_json([SystemMessage("s"), HumanMessage("h"), AIMessage("", tool_calls=[call]), ToolMessage("t", tool_call_id="1"), AIMessage("a")])
    assert [m["role"] for m in sent] == ["system", "user", "assistant", "tool", "assistant"]
    assert sent[2]["tool_calls"] == [{"type": "function", "id": "1", "function": {"name": "a", "arguments": '{"x":"ü"}'}}]
    assert sent[3] == {"role": "tool", "content": "t", "tool_call_id": "1"}


def test_a_reply_that_repeats_calls_for_ever_is_stopped() -> None:
    calls = [{"index": number, "function": {"name": "a"}} for number in range(1000)]
    with pytest.raises(ReplyUnusable, match="more than"):
        Assembled().add({"choices": [{"delta": {"tool_calls": calls}}]})


def test_sound_text_is_left_as_it_is_and_halves_of_a_pair_are_joined() -> None:
    assert sound("ü😀") == "ü😀"
    assert sound("\ud83d\ude00") == "😀"
    assert sound("a\udc00b") == "a\ufffdb"
