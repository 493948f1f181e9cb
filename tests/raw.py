"""Servers over loopback that write just what they are told to, and names that lead nowhere."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp.abc import AbstractResolver, ResolveResult

Writes = Callable[[asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\n"


async def nothing(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def bytes_of(raw: bytes) -> Writes:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return write


def for_ever(first: bytes, again: bytes, pause: float = 0) -> Writes:
    """Until the other side has had enough."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return write


@asynccontextmanager
async def server(write: Writes) -> AsyncIterator[str]:
    """What still runs when the test ends is ended with it."""
    running: set[asyncio.Task[None]] = set()

    async def on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.current_task())
        try:
            await reader.readuntil(b"\r\n\r\n")
            await write(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async with await asyncio.start_server(on, "127.0.0.1", 0) as listening:
        try:
            yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running)


class Nowhere(AbstractResolver):
    """Knows no name."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async def close(self) -> None:
        pass


class Silent(Nowhere):
    """Does not answer."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        await asyncio.Event().wait()
        return []


@contextmanager
def taking_none() -> Iterator[str]:
    """An address whose queue is full: Linux drops what else knocks, and whoever knocks waits."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as one, socket.socket() as two:
        for waiting in (one, two):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield f"http://127.0.0.1:{full.getsockname()[1]}"
