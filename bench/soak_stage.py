"""What the soak breaks: worker processes, and a Redis of its own with persistence behind a proxy."""

import asyncio
import os
import random
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from runtime.embedded import answers, command, server_binary
from runtime.redis import connect
from tests.line import STARTS, Spawner
from tests.tap import Tap, to

FAULTS = (
    "worker killed", "worker frozen past its lease", "worker frozen for a moment", "redis restarted", "redis killed", "redis stopped",
    "redis pausing", "redis refusing", "redis out of memory", "redis slow", "scripts flushed", "tokens expired",
)  # fmt: skip


@dataclass
class Store:
    """The Redis process, on a socket in a folder that outlives it."""

    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def socket(self) -> Path:
        return self.folder / "redis.sock"

    def begin(self) -> None:
        binary = server_binary()
        assert binary, "there is no Redis server: run `make parts`"
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(command(binary, self.folder, self.socket, keep=True), stdout=log, stderr=log)

    async def start(self) -> None:
        self.begin()
        async with asyncio.timeout(STARTS):
            while not await asyncio.to_thread(answers, self.socket):  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.02)

    def signal(self, number: int) -> None:
        if self.process:
            self.process.send_signal(number)

    async def end(self, number: int) -> None:
        self.signal(number)
        if self.process:
            await asyncio.to_thread(self.process.wait)


@dataclass
class Stage:
    """`workers`: address by process id. `dead`: those that ended without our doing."""

    store: Store
    tap: Tap
    spawner: Spawner
    count: int
    lease: float
    rng: random.Random
    expire: Any
    workers: dict[int, str] = field(default_factory=dict)
    dead: list[int] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)

    @property
    def redis(self) -> "Redis":
        return connect(f"unix://{self.store.socket}")

    def url(self) -> str:
        return self.rng.choice(list(self.workers.values()))

    def staff(self) -> None:
        """As many workers as there should be. One that is gone without our doing is noted."""
        for pid in [pid for pid in self.workers if not alive(pid)]:
            self.dead.append(pid)
            del self.workers[pid]
        while len(self.workers) < self.count:
            pid, url = self.spawner.spawn(redis_url=f"redis://127.0.0.1:{self.tap.ports[0]}")
            self.workers[pid] = url

    async def strike(self, kind: str) -> None:
        """One fault, from its beginning to its end."""
        self.struck[kind] += 1
        span = self.rng.uniform(0.3, 1.5)
        if kind.startswith("worker"):
            await self._worker(kind, span)
        elif kind == "tokens expired":
            self.expire()
        else:
            await self._redis(kind, span)
        self.staff()

    async def _worker(self, kind: str, span: float) -> None:
        pid = self.rng.choice(list(self.workers))
        if kind == "worker killed":
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            del self.workers[pid]
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(self.lease + span if "past" in kind else span)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    async def _redis(self, kind: str, span: float) -> None:
        match kind:
            case "redis restarted" | "redis killed":
                await self.store.end(signal.SIGTERM if kind == "redis restarted" else signal.SIGKILL)
                await asyncio.sleep(span / 2)
                await self.store.start()
            case "redis stopped":
                self.store.signal(signal.SIGSTOP)
                await asyncio.sleep(span + self.rng.choice((0.0, self.lease)))
                self.store.signal(signal.SIGCONT)
            case "redis refusing":
                self.tap.refuses = True
                self.tap.cut()
                await asyncio.sleep(span)
                self.tap.refuses = False
            case "redis slow":
                self.tap.delay = self.rng.choice((0.02, 0.1, 0.3))
                await asyncio.sleep(span)
                self.tap.delay = 0.0
            case _:
                await self._commanded(kind, span)

    async def _commanded(self, kind: str, span: float) -> None:
        async with self.redis as redis:
            if kind == "redis out of memory":
                await redis.config_set("maxmemory", 1)
                await asyncio.sleep(span)
                await redis.config_set("maxmemory", 0)
            elif kind == "redis pausing":
                await redis.execute_command("CLIENT", "PAUSE", int(span * 1000))
                await asyncio.sleep(span)
            else:
                await redis.script_flush()


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def resident(pid: int) -> int:
    """Megabytes."""
    with suppress(OSError):
        text = Path(f"/proc/{pid}/statm").read_text()
        return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
    return 0


@asynccontextmanager
async def staged(log: IO[bytes], count: int, rng: random.Random, expire: Any, **settings: Any) -> AsyncIterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        store = Store(Path(folder))
        await store.start()
        spawner = Spawner(log, **settings)
        try:
            async with Tap([to(f"unix://{store.socket}")]) as tap:
                yield Stage(store, tap, spawner, count, float(settings["lease_seconds"]), rng, expire)
        finally:
            spawner.end()
            store.signal(signal.SIGCONT)
            with suppress(RedisError):
                await store.end(signal.SIGKILL)
