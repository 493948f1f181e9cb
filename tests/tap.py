"""A TCP proxy between a worker and what it stands on: counts what goes over the wire, and strikes before or after the n-th piece of it."""

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


@dataclass(frozen=True)
class Strike:
    """What happens at a piece: before it is passed on, or `after`. `holds`: the wire waits for `released`; else it is cut."""

    do: Callable[[], None]
    after: bool = False
    holds: bool = False


@dataclass
class Tap:
    """`ports`: one for each of the `behind`, in their order. Every piece that is passed on, either way, is one point of I/O.

    `delay`: seconds that each piece takes. `refuses`: nobody gets through.
    """

    behind: list[Connect]
    ports: list[int] = field(default_factory=list)
    passed: int = 0
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    delay: float = 0.0
    refuses: bool = False
    _at: int | None = None
    _strike: Strike = Strike(lambda: None)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def arm(self, at: int, strike: Strike) -> None:
        """Strike at piece number `at` (from 0) from now on."""
        self.passed, self._at, self._strike = 0, at, strike
        self.struck.clear()
        self.released.clear()

    def disarm(self) -> None:
        self._at = None
        self.released.set()

    def cut(self) -> None:
        """Every connection there is."""
        for task in set(self._tasks):
            task.cancel()

    async def __aenter__(self) -> Self:
        for connect in self.behind:
            server = await asyncio.start_server(lambda r, w, connect=connect: self._joined(r, w, connect), "127.0.0.1", 0)
            self.ports.append(server.sockets[0].getsockname()[1])
            self._stack.callback(server.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connect: Connect) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if not self.refuses:
                await self._between(reader, writer, connect)
        except (OSError, asyncio.CancelledError):
            pass  # the far end is gone, and so is the near end now
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connect: Connect) -> None:
        far_reader, far_writer = await connect()
        try:
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        finally:
            far_writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(1 << 20):
                if self.delay:
                    await asyncio.sleep(self.delay)
                here = self._here()
                if not await self._stands(here and not self._strike.after):
                    break
                writer.write(piece)
                await writer.drain()
                if not await self._stands(here and self._strike.after):
                    return  # the far end has it, and does what it was asked for
        writer.close()

    def _here(self) -> bool:
        number, self.passed = self.passed, self.passed + 1
        return number == self._at

    async def _stands(self, strikes: bool) -> bool:
        """Whether the wire still does, after the strike if this is its moment."""
        if strikes:
            self._strike.do()
            self.struck.set()
            if self._strike.holds:
                await self.released.wait()
        return self._strike.holds or self._at is None or not self.struck.is_set()
