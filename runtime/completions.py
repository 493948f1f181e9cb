"""OpenAI's chat-completions protocol as data: messages to JSON, and the pieces of a streamed reply to one whole. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from langchain_core.exceptions import ModelAPIError, ModelError
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.messages.tool import ToolCallChunk, tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk

ROLES: Mapping[str, str] = {"human": "user", "system": "system", "ai": "assistant", "tool": "tool"}
MAX_CALLS = 128  # of one reply; a model that repeats itself for ever stops here


class ReplyUnusable(ModelError):
    """What came back is not the protocol, or beyond its bounds: the same request would bring the same again."""


def request_json(messages: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    return [message_json(message) for message in messages]


def message_json(message: BaseMessage) -> dict[str, Any]:
    if (role := ROLES.get(message.type)) is None:
        raise ValueError(f"a message of type {message.type!r} has no place in this protocol")
    made: dict[str, Any] = {"role": role, "content": message.content}
    if isinstance(message, ToolMessage):
        made["tool_call_id"] = message.tool_call_id
    if isinstance(message, AIMessage) and (calls := calls_json(message)):
        # The protocol wants null, not "", beside tool calls.
        return made | {"content": message.content or None, "tool_calls": calls}
    return made


def calls_json(message: AIMessage) -> list[dict[str, Any]]:
    whole = [(call["id"], call["name"], orjson.dumps(call["args"]).decode()) for call in message.tool_calls]
    broken = [(call["id"], call["name"], call["args"]) for call in message.invalid_tool_calls]
    return [{"type": "function", "id": known, "function": {"name": name, "arguments": text}} for known, name, text in (*whole, *broken)]


@dataclass(slots=True)
class Call:
    """A tool call as it arrives."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)

    def add(self, piece: Mapping[str, Any]) -> None:
        self.id = self.id or text_of(piece, "id")
        function = mapping_of(piece, "function")
        # Some servers repeat the name with every piece, some send it in parts.
        if (name := text_of(function, "name")) != self.name:
            self.name += name
        arguments = function.get("arguments")
        if isinstance(arguments, dict):  # Ollama once sent an object where the protocol has text
            arguments = orjson.dumps(arguments).decode()
        if isinstance(arguments, str):
            self.arguments.append(sound(arguments))


@dataclass(slots=True)
class Reply:
    """A reply as it arrives: `add` each piece, then `rest` is everything that is not text."""

    calls: dict[int, Call] = field(default_factory=dict)
    usage: UsageMetadata | None = None
    finish: str = ""
    model: str = ""

    def add(self, piece: Any) -> str:
        """Takes one piece and returns the text that is new in it."""
        if not isinstance(piece, dict):
            raise ReplyUnusable("the reply is not a stream of JSON objects")
        if piece.get("error"):
            raise ModelAPIError(complaint(piece))
        self.model = self.model or text_of(piece, "model")
        self.usage = usage_of(piece) or self.usage
        choices = piece.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return ""
        self.finish = text_of(choices[0], "finish_reason") or self.finish
        # A server that does not stream answers with `message` where the others have `delta`.
        delta = mapping_of(choices[0], "delta") or mapping_of(choices[0], "message")
        self.add_calls(delta.get("tool_calls"))
        return text_of(delta, "content") + text_of(delta, "refusal")

    def add_calls(self, pieces: Any) -> None:
        for place, piece in enumerate(pieces if isinstance(pieces, list) else ()):
            if isinstance(piece, dict):
                self.call_at(piece, place).add(piece)

    def call_at(self, piece: Mapping[str, Any], place: int) -> Call:
        """The call that a piece belongs to. A piece without `index` begins a new call if it has an id, else it goes on with the last one."""
        index = piece.get("index")
        if not isinstance(index, int):
            last = max(self.calls, default=-1)
            known = {call.id: at for at, call in self.calls.items() if call.id}
            index = known.get(text_of(piece, "id"), last + 1 if piece.get("id") or not self.calls else max(place, last))
        elif index in self.calls and self.calls[index].id and text_of(piece, "id") not in ("", self.calls[index].id):
            index = max(self.calls) + 1  # all calls of the reply came under one index, told apart by id
        if index not in self.calls and len(self.calls) >= MAX_CALLS:
            raise ReplyUnusable(f"more than {MAX_CALLS} tool calls in one reply")
        return self.calls.setdefault(index, Call())

    def rest(self) -> ChatGenerationChunk:
        chunks: list[ToolCallChunk] = [
            tool_call_chunk(name=call.name, args="".join(call.arguments), id=call.id or None, index=index)
            for index, call in sorted(self.calls.items())
        ]
        about = {"finish_reason": self.finish or "stop", "model_name": self.model}
        return ChatGenerationChunk(
            message=AIMessageChunk(content="", tool_call_chunks=chunks, usage_metadata=self.usage, chunk_position="last"), generation_info=about
        )


def complaint(body: Any) -> str:
    """The message of a vendor's error body, in whichever of the usual places it stands."""
    error = body.get("error", body) if isinstance(body, dict) else body
    message = error.get("message") if isinstance(error, dict) else error
    return message[:300] if isinstance(message, str) else "no reason given"


def usage_of(piece: Mapping[str, Any]) -> UsageMetadata | None:
    usage = mapping_of(piece, "usage")
    read, written = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not isinstance(read, int) or not isinstance(written, int):
        return None
    found = UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
    if isinstance(cached := mapping_of(usage, "prompt_tokens_details").get("cached_tokens"), int):
        found["input_token_details"] = InputTokenDetails(cache_read=cached)
    return found


def text_of(piece: Mapping[str, Any], name: str) -> str:
    value = piece.get(name)
    return sound(value) if isinstance(value, str) else ""


def sound(text: str) -> str:
    """The text without lone surrogates, which no encoder takes: halves of a pair are joined, others become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def mapping_of(piece: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = piece.get(name)
    return value if isinstance(value, dict) else {}
