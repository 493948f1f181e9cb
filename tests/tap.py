"""A TCP proxy between a worker and what it stands on: counts what goes over the wire, and strikes before the n-th piece of it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def to(url: str) -> Connect:
    """How to reach `unix:///path`, `redis://host:port` or `http://host:port`."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return lambda: asyncio.open_unix_connection(parts.path)
    return lambda: asyncio.open_connection(parts.hostname, parts.port)


@dataclass
class Tap:
    """`ports`: one for each of the `behind`, in their order. Every piece that is passed on, either way, is one point of I/O."""

    behind: list[Connect]
    ports: list[int] = field(default_factory=list)
    passed: int = 0
    struck: bool = False
    _strike_at: int | None = None
    _strike: Callable[[], None] = lambda: None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def arm(self, at: int, strike: Callable[[], None]) -> None:
        """Strike before piece number `at` (from 0) from now on is passed; that piece is lost."""
        self.passed, self.struck, self._strike_at, self._strike = 0, False, at, strike

    def disarm(self) -> None:
        self._strike_at = None

    async def __aenter__(self) -> Self:
        for connect in self.behind:
            server = await asyncio.start_server(lambda r, w, connect=connect: self._joined(r, w, connect), "127.0.0.1", 0)
            self.ports.append(server.sockets[0].getsockname()[1])
            self._stack.callback(server.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connect: Connect) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            far_reader, far_writer = await connect()
            try:
                await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
            finally:
                far_writer.close()
        except OSError:
            pass  # the far end is gone, and so is the near end now
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while (piece := await reader.read(1 << 20)) and not self._strikes():
                writer.write(piece)
                await writer.drain()
        writer.close()

    def _strikes(self) -> bool:
        number, self.passed = self.passed, self.passed + 1
        if self._strike_at is None or number < self._strike_at:
            return False
        if not self.struck:
            self.struck = True
            self._strike()
        return True
