"""One question to a language model: our messages and tool definitions out, one checked `ModelReplied` back. Knows no event store and no vendor.

Ids of calls are ours and unique in the reply only (run.py makes those of the session): some vendors give none, some repeat theirs.
Arguments that are not one JSON object become `{"$malformed": "the raw text"}`, which no operation's schema takes (`well_formed`). They are
read strictly: LangChain closes what a cut stream left open, and would make 10 of 1000.
"""

import json
import math
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias, cast

from langchain_core.exceptions import ModelAPIError, ModelConnectionError
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage, message_chunk_to_message

from engine.context import Message
from engine.events import JSON, ModelReplied, ToolCall, Usage
from runtime.completions import ReplyUnusable, sound
from runtime.models import Patience, persist
from tools.schema import SUPPLIED_BY, ToolDefinition

MAX_TEXT = 100_000  # characters of text and arguments together
MAX_ARGUMENTS = 50_000
MAX_DEPTH = 32
MAX_TOKENS = 2**40
MAX_CALLS = 32
MAX_NAME = 64
MAX_DESCRIPTION = 1024  # OpenAI refuses more
MALFORMED = "$malformed"
FROM_US = "[From Parlance, not from the customer] "

ChatModel: TypeAlias = BaseChatModel  # the rest of the engine names the model by this, and imports no LangChain
OnDelta: TypeAlias = Callable[[str], Awaitable[None]]
PATIENT = Patience()


async def ask(
    model: ChatModel, messages: Sequence[Message], tools: Sequence[ToolDefinition], on_delta: OnDelta, patience: Patience = PATIENT
) -> ModelReplied:
    """What the model says or wants done. Raises ModelFailed when it does not answer within `patience`."""
    ours = bool(getattr(model, "reads_suppliers", False))  # the built-in model reads what vendors are not shown
    bound = model.bind_tools([tool_json(tool, ours) for tool in tools]) if tools else model
    sent = [langchain_message(message, later=number > 0 and not ours) for number, message in enumerate(messages)]
    listener = Listener(on_delta)

    async def attempt() -> AIMessage:
        return await listener.hear(cast("AsyncGenerator[AIMessage]", bound.astream(sent)))  # LangChain types its generator as an iterator

    message = await persist(attempt, patience)
    return ModelReplied(text=sound(message.text), calls=calls_of(message), model=name_of(model), usage=Usage() if ours else usage_of(message))


@lru_cache(maxsize=4096)
def tool_json(tool: ToolDefinition, ours: bool) -> dict[str, Any]:
    if ours:
        return {"type": "function", "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters}}
    properties = {name: unlinked(schema) for name, schema in tool.parameters.get("properties", {}).items()}
    parameters = {**tool.parameters, "properties": properties}
    return {"type": "function", "function": {"name": tool.name, "description": sound(tool.description)[:MAX_DESCRIPTION], "parameters": parameters}}


def unlinked(schema: Any) -> Any:
    if isinstance(schema, dict) and SUPPLIED_BY in schema:
        return {name: value for name, value in schema.items() if name != SUPPLIED_BY}
    return schema


@lru_cache(maxsize=1024)
def langchain_message(message: Message, later: bool) -> BaseMessage:
    text = sound(message.text)
    match message.role:
        case "system":
            # Many vendors, and the templates of many open models, take a system message in the first place only.
            return HumanMessage(FROM_US + text) if later else SystemMessage(text)
        case "user":
            return HumanMessage(text)
        case "tool":
            return ToolMessage(text, tool_call_id=message.call_id or "")
        case "assistant":
            calls = [{"type": "tool_call", "id": call.id, "name": call.tool, "args": call.arguments} for call in message.calls]
            return AIMessage(text, tool_calls=calls)


@dataclass(slots=True)
class Listener:
    """Hears a reply to its end. What an earlier attempt already passed on is not passed on again: the saved reply replaces it for followers."""

    on_delta: OnDelta
    heard: bool = False

    async def hear(self, stream: AsyncGenerator[AIMessage]) -> AIMessage:
        chunks: list[AIMessage] = []
        again, size = self.heard, 0
        async with aclosing(stream):
            async for chunk in stream:
                chunks.append(chunk)
                text = str(chunk.text)
                size += len(text) + sum(len(call["args"] or "") for call in getattr(chunk, "tool_call_chunks", ()))
                if size > MAX_TEXT:
                    raise ReplyUnusable(f"it is longer than {MAX_TEXT} characters")
                if text and not again:
                    self.heard = True
                    await self.on_delta(sound(text))
        return complete(merged(chunks))


def merged(chunks: Sequence[AIMessage]) -> AIMessage:
    """All chunks at once: adding them one by one parses the arguments anew each time."""
    parts = [chunk for chunk in chunks if isinstance(chunk, AIMessageChunk)]
    if not parts:
        return chunks[-1] if chunks else AIMessage("")
    return parts[0] + parts[1:]


def complete(message: AIMessage) -> AIMessage:
    about = message.response_metadata
    reason = str(about.get("finish_reason") or about.get("stop_reason") or about.get("status") or "")
    if not reason and about.get("model_provider") == "openai":  # LangChain takes the clean end of a half-sent stream for the end of the reply
        raise ModelConnectionError("the answer was cut off")
    if message.text or message.tool_calls or message.invalid_tool_calls:
        return message
    if "length" in reason:
        raise ReplyUnusable("it used up its tokens before it said anything")
    if "filter" in reason:
        raise ReplyUnusable("the vendor's content filter stopped it")
    raise ModelAPIError("the answer was empty")


def calls_of(message: AIMessage) -> tuple[ToolCall, ...]:
    return tuple(wish(number, name, arguments) for number, (name, arguments) in enumerate(islice(raw_calls(message), MAX_CALLS)))


def raw_calls(message: AIMessage) -> Iterator[tuple[str, Any]]:
    """(name, arguments) of each call: of a stream the text as it came, else what LangChain made of it."""
    if isinstance(message, AIMessageChunk) and message.tool_call_chunks:
        yield from ((chunk["name"] or "", chunk["args"] or "") for chunk in message.tool_call_chunks)
        return
    whole = message_chunk_to_message(message)
    assert isinstance(whole, AIMessage)
    yield from ((call["name"], call["args"]) for call in whole.tool_calls)
    yield from ((broken["name"] or "", broken["args"] or "") for broken in whole.invalid_tool_calls)


def wish(number: int, name: str, raw: Any) -> ToolCall:
    # Kept to what vendors take as a name, since it goes back to them with the history. An unknown name stays unknown: `known_operation`.
    tool = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:MAX_NAME] or "unnamed"
    return ToolCall(id=f"call_{number}", tool=tool, arguments=arguments_of(raw))


def arguments_of(raw: Any) -> dict[str, JSON]:
    try:
        if isinstance(raw, str) and len(raw) > MAX_ARGUMENTS:
            raise ValueError("too long")
        # Small models put line breaks into strings as they are; nothing is lost by taking them (strict=False).
        value = json.loads(raw or "{}", strict=False) if isinstance(raw, str) else raw
        if value is not None and not isinstance(value, dict):
            raise ValueError("not an object")
        return {sound(name): plain(item, 1) for name, item in (value or {}).items()}
    except (ValueError, RecursionError):
        return {MALFORMED: sound(str(raw)[:500])}


def plain(value: Any, depth: int) -> JSON:
    """The value if every JSON writer can write it and every reader reads the same back."""
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    match value:
        case str():
            return sound(value)
        case dict():
            return {sound(name): plain(item, depth + 1) for name, item in value.items()}
        case list():
            return [plain(item, depth + 1) for item in value]
        case float() if not math.isfinite(value):
            raise ValueError("not a number of JSON (RFC 8259, 6)")
        case int() if not -(2**63) <= value < 2**64:
            raise ValueError("more digits than readers agree on (RFC 8259, 6)")
        case None | bool() | int() | float():
            return value
        case _:
            raise ValueError("not JSON")


def usage_of(message: AIMessage) -> Usage:
    """What the vendor says, if it can be: a number below zero would give back what a limit has counted."""
    usage = message.usage_metadata
    if usage is None or not all(0 <= usage[name] < MAX_TOKENS for name in ("input_tokens", "output_tokens")):
        return Usage(estimated=True)
    read = usage["input_tokens"]
    cached = usage.get("input_token_details", {}).get("cache_read") or 0
    return Usage(input_tokens=read, output_tokens=usage["output_tokens"], cached_tokens=min(max(cached, 0), read))


def name_of(model: ChatModel) -> str:
    for attribute in ("model_name", "model", "name"):
        if (name := getattr(model, attribute, None)) and isinstance(name, str):
            return name
    return type(model).__name__
