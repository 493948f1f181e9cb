"""A language-model vendor on the loopback: OpenAI's chat-completions protocol, streaming or not, answering by script.

    async with Vendor(script) as vendor:
        settings = Settings(model="openai:any", model_url=vendor.url, model_key="sk-test")

`script(request)` gets each request's JSON and returns a `Reply` (or just its text). Every request is kept in `vendor.requests`.
"""

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiohttp import web

JSON = Any
Cut = Literal["", "clean", "torn"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A tool call. Arguments given as text are sent as they are, so they may be malformed. `id` None: the vendor gives none."""

    name: str
    arguments: Mapping[str, JSON] | str = field(default_factory=dict)
    id: str | None = "auto"


@dataclass(frozen=True, slots=True)
class Reply:
    """`cut` ends a stream in the middle: "torn" drops the connection, "clean" ends the body in order but too early.

    `until` holds the answer back until the event is set, `midway` the second half of a stream. `raw` replaces the whole stream.
    `body` is for a status that is not 200.
    """

    text: str = ""
    calls: Sequence[Wish] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JSON = None
    cut: Cut = ""
    until: asyncio.Event | None = None
    midway: asyncio.Event | None = None
    raw: bytes | None = None
    finish: str | None = None
    piece: int = 12  # characters in one delta
    index: bool = True  # some servers leave a call's index out
    usage: tuple[int, int] | None = (11, 7)


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: JSON


Script = Callable[[JSON], "Reply | str | Awaitable[Reply | str]"]
Judge = Callable[[str], bool]


def said(request: JSON) -> str:
    """The customer's last message."""
    texts = [m["content"] for m in request["messages"] if m["role"] == "user" and not m["content"].startswith("[From Parlance")]
    return texts[-1] if texts else ""


def results(request: JSON) -> list[JSON]:
    """What came of the tool calls since the customer's last message, in order."""
    messages = request["messages"]
    start = max((n for n, m in enumerate(messages) if m["role"] == "user" and not m["content"].startswith("[From Parlance")), default=0)
    return [json.loads(m["content"]) for m in messages[start:] if m["role"] == "tool"]


def offered(request: JSON) -> list[str]:
    """The names of the tools the model was shown."""
    return [tool["function"]["name"] for tool in request.get("tools", ())]


def in_turn(*wishes: Wish, then: Reply | str = "Done.") -> Script:
    """A model that makes these calls one after the other, whatever comes of them."""

    def play(request: JSON) -> Reply | str:
        found = len(results(request))
        return Reply(calls=[wishes[found]]) if found < len(wishes) else then

    return play


class Vendor:
    """Also answers under Azure's paths. `url` ends in /v1; `origin` is the address alone, as Azure's endpoint.

    `judge` says which texts its moderation flags, as violence; `moderated` keeps what it was asked.
    """

    def __init__(self, script: Script, port: int = 0, judge: Judge = lambda _: False) -> None:
        self.script = script
        self.judge = judge
        self.moderated: list[Request] = []
        self.port = port
        self.requests: list[Request] = []
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/chat/completions", self.answer)
        app.router.add_post("/openai/deployments/{deployment}/chat/completions", self.answer)
        app.router.add_post("/v1/moderations", self.moderate)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/v1"

    async def __aenter__(self) -> Self:
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(Request(request.path_qs, dict(request.headers), body))
        reply = self.script(body)
        if inspect.isawaitable(reply):
            reply = await reply
        reply = Reply(text=reply) if isinstance(reply, str) else reply
        if reply.until is not None:
            await reply.until.wait()
        if reply.status != 200:
            refusal = {"error": {"message": "as scripted", "type": "scripted", "code": None}} if reply.body is None else reply.body
            return web.json_response(refusal, status=reply.status, headers=reply.headers)
        if not body.get("stream"):
            return web.json_response(whole(reply, len(self.requests)))
        return await self.stream(request, reply)

    async def moderate(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.moderated.append(Request(request.path_qs, dict(request.headers), body))
        flags = [self.judge(text) for text in ([body["input"]] if isinstance(body["input"], str) else body["input"])]
        results = [{"flagged": each, "categories": {"violence": each, "hate": False}, "category_scores": {"violence": float(each)}} for each in flags]
        return web.json_response({"id": "modr-1", "model": body["model"], "results": results})

    async def stream(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **reply.headers})
        await response.prepare(request)
        lines = [reply.raw] if reply.raw is not None else [event(each) for each in deltas(reply, len(self.requests))] + [b"data: [DONE]\n\n"]
        if reply.cut:
            lines = lines[: max(1, len(lines) // 2)]
        half = len(lines) // 2 if reply.midway else len(lines)
        await response.write(b"".join(lines[:half]))
        if reply.midway:
            await reply.midway.wait()
            await response.write(b"".join(lines[half:]))
        if reply.cut == "torn" and request.transport is not None:
            request.transport.abort()
        return response


def deltas(reply: Reply, number: int) -> list[JSON]:
    pieces: list[JSON] = [{"role": "assistant", "content": ""}]
    pieces += [{"content": reply.text[at : at + reply.piece]} for at in range(0, len(reply.text), reply.piece)]
    for index, call in enumerate(calls(reply, number)):
        place = {"index": index} if reply.index else {}
        text = call["function"]["arguments"]
        pieces.append({"tool_calls": [place | call | {"function": {"name": call["function"]["name"], "arguments": ""}}]})
        pieces += [{"tool_calls": [place | {"function": {"arguments": text[at : at + reply.piece]}}]} for at in range(0, len(text), reply.piece)]
    chunks = [chunk([{"index": 0, "delta": piece, "finish_reason": None}]) for piece in pieces]
    chunks.append(chunk([{"index": 0, "delta": {}, "finish_reason": finish(reply)}]))
    if reply.usage:
        chunks.append(chunk([]) | {"usage": usage(reply)})
    return chunks


def whole(reply: Reply, number: int) -> JSON:
    message = {"role": "assistant", "content": reply.text or None} | ({"tool_calls": calls(reply, number)} if reply.calls else {})
    choice = {"index": 0, "message": message, "finish_reason": finish(reply)}
    return chunk([choice]) | {"object": "chat.completion", "usage": usage(reply)}


def calls(reply: Reply, number: int) -> list[JSON]:
    made = []
    for index, wish in enumerate(reply.calls):
        text = wish.arguments if isinstance(wish.arguments, str) else json.dumps(wish.arguments)
        known = f"call_{number}_{index}" if wish.id == "auto" else wish.id
        made.append(({"id": known} if known is not None else {}) | {"type": "function", "function": {"name": wish.name, "arguments": text}})
    return made


def finish(reply: Reply) -> str:
    return reply.finish or ("tool_calls" if reply.calls else "stop")


def usage(reply: Reply) -> JSON:
    read, written = reply.usage or (0, 0)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def chunk(choices: list[JSON]) -> JSON:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": choices}


def event(piece: JSON) -> bytes:
    return b"data: " + json.dumps(piece).encode() + b"\n\n"
