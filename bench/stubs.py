"""What a turn talks to, in a process of its own: a model and a product at zero latency, and a proxy in front of Redis that counts.

    python -m bench.stubs REDIS_PORT     prints {"http": port, "redis": port} and serves until its input ends
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field

import orjson

MODEL, PRODUCT, COUNTERS = b"/v1/chat/completions", b"/users/", b"/counters"
USER = {"id": "user1", "name": "user1", "email": "user1@example.test", "description": "Works in sales", "department": "Sales", "status": "active"}
SAYS = "Here are the user details of user1."
CALL = {"index": 0, "id": "call_x", "type": "function", "function": {"name": "getUser", "arguments": '{"id":"user1"}'}}
USAGE = {"prompt_tokens": 900, "completion_tokens": 20, "total_tokens": 920}


def chunk(delta: dict[str, object], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + orjson.dumps({"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": "stub", "choices": [choice]}) + b"\n\n"


def stream(deltas: list[dict[str, object]], finish: str) -> bytes:
    last = {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": "stub", "choices": [], "usage": USAGE}
    lines = [*(chunk(delta) for delta in deltas), chunk({}, finish), b"data: " + orjson.dumps(last) + b"\n\n", b"data: [DONE]\n\n"]
    return response(b"".join(lines), b"text/event-stream")


def whole(message: dict[str, object], finish: str) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return response(orjson.dumps({"id": "c1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice], "usage": USAGE}))


def response(body: bytes, kind: bytes = b"application/json") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body


WORDS: list[dict[str, object]] = [{"content": word + " "} for word in SAYS.split()]
ROLE: dict[str, object] = {"role": "assistant", "content": ""}
WISH: dict[str, object] = {"tool_calls": [CALL]}
FIRST = {True: stream([ROLE, WISH], "tool_calls"), False: whole({"content": None, **WISH}, "tool_calls")}
SECOND = {True: stream([ROLE, *WORDS], "stop"), False: whole({"content": SAYS}, "stop")}
RECORD = response(orjson.dumps(USER))


@dataclass(slots=True)
class Counters:
    """`up` and `down` are bytes to and from Redis; `trips` counts the times a client wrote after it had read, on each connection."""

    up: int = 0
    down: int = 0
    trips: int = 0
    model_bytes: int = 0


@dataclass(slots=True)
class Http(asyncio.Protocol):
    """Just enough HTTP/1.1 for clients that send Content-Length and keep their connection."""

    counters: Counters
    waiting: bytes = b""
    transport: asyncio.Transport | None = field(default=None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head = self.waiting[:end]
            size = length(head)
            if len(self.waiting) < end + 4 + size:
                return
            body, self.waiting = self.waiting[end + 4 : end + 4 + size], self.waiting[end + 4 + size :]
            assert self.transport is not None
            self.transport.write(self.answer(head.split(b" ", 2)[1], body))

    def answer(self, path: bytes, body: bytes) -> bytes:
        if path.startswith(PRODUCT):
            return RECORD
        if path.startswith(COUNTERS):
            counted = response(orjson.dumps(self.counters))
            self.counters.up = self.counters.down = self.counters.trips = self.counters.model_bytes = 0
            return counted
        self.counters.model_bytes += len(body)
        asked = orjson.loads(body)
        done = asked["messages"][-1]["role"] == "tool"
        return (SECOND if done else FIRST)[bool(asked.get("stream"))]


def length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def proxied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, redis_port: int, counters: Counters) -> None:
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", redis_port)
    reading = [True]  # the client has read since it last wrote

    async def upward() -> None:
        while data := await reader.read(2**20):
            counters.up += len(data)
            counters.trips += reading[0]
            reading[0] = False
            there_writer.write(data)
            await there_writer.drain()
        there_writer.close()

    async def downward() -> None:
        while data := await there_reader.read(2**20):
            counters.down += len(data)
            reading[0] = True
            writer.write(data)
            await writer.drain()
        writer.close()

    await asyncio.gather(upward(), downward(), return_exceptions=True)


async def serve(redis_port: int) -> None:
    loop, counters = asyncio.get_running_loop(), Counters()
    http = await loop.create_server(lambda: Http(counters), "127.0.0.1", 0, backlog=512)
    proxy = await asyncio.start_server(lambda r, w: proxied(r, w, redis_port, counters), "127.0.0.1", 0, backlog=512)
    print(json.dumps({"http": http.sockets[0].getsockname()[1], "redis": proxy.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # ends with the process that started us


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
