"""What it costs to load a session of a thousand events: `python -m bench.loading [--events N]`

A claim by a worker that never saw the session, out of a real Redis of our own: the script, the last snapshot and the tail, made into a session.
Beside it the same session read whole, and a bare PING in the same run.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis

from bench.checks import row
from bench.parts import redis, table
from engine import context
from engine.events import CallApproved, CallReturned, Event, ModelReplied, Replied, Result, SessionStarted, ToolCall, UserSaid
from engine.session import Session
from engine.store import Extra, SessionStore

AIM, ROUNDS, ROWS = 5.0, 100, 20
SHORT = 1  # ms of lease
TENANT, SESSION, USER = "t", "s_long", "u"
STARTED = SessionStarted(document="d", spec="p", tenant=TENANT, user=USER, locale="en", timezone="Asia/Seoul")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--events", type=int, default=1_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, redis(folder) as port:
        found, length = asyncio.run(measured(port, given.events))
    ping = found["PING"][0]
    lines = [[name, f"{wall:.2f}", f"{cpu:.2f}", f"{wall / ping:.0f}"] for name, (wall, cpu) in found.items()]
    print(table([f"{length:,} events", "wall ms", "CPU ms", "ratio"], lines))
    wall = found["claim, by a worker new to the session"][0]
    print(f"aim: loaded in under {AIM} ms: {'reached' if wall < AIM else 'not reached'}")


def store_of(client: "Redis", lease_ms: int = 15_000) -> SessionStore:
    return SessionStore(client, owner="w", lease_ms=lease_ms, lifetime_ms=3_600_000)


async def measured(port: int, events: int) -> tuple[dict[str, tuple[float, float]], int]:
    client = Redis(port=port)
    try:
        length = await written(client, events)

        async def claim() -> None:
            lease = (await store_of(client, SHORT).claim(TENANT, SESSION)).lease
            assert lease.session.length == length

        async def whole() -> None:
            first, *rest = (await store_of(client).read(TENANT, SESSION)).events
            assert isinstance(first, SessionStarted)
            session = Session(SESSION, first)
            for event in rest:
                session = session.add(event)

        found = {
            "claim, by a worker new to the session": await timed(claim), "read whole": await timed(whole, 5), "PING": await timed(client.ping),
        }  # fmt: skip
    finally:
        await client.aclose()
    return found, length


async def written(client: "Redis", events: int) -> int:
    """Turns of one reading call each, with snapshots as the engine makes them."""
    store = store_of(client)
    session, labels, number = await store.create(SESSION, STARTED), dict[str, str](), 0
    lease = None
    while session.length < events:
        said = UserSaid(message_id=f"m{number}", text=f"Show me the orders of customer {number}, please")
        accepted = await store.accept(TENANT, SESSION, USER, said)
        lease = getattr(accepted, "lease", None)
        assert lease is not None
        session, made = lease.session, turn(number)
        labels[f"c{number}"] = f"the orders of customer {number}"
        for event in made:
            session = session.add(event)
        due = context.snapshot(session, labels, 0)
        lease = await store.append(lease, [*made, *([due] if due else [])], Extra(status="idle", release=True))
        session, number = lease.session, number + 1
    return session.length


def turn(number: int) -> list[Event]:
    call = f"c{number}"
    data: Any = {"users": [row(number, at) for at in range(ROWS)]}
    return [
        ModelReplied(calls=(ToolCall(id=call, tool="listUsers", arguments={"page": number}),)),
        CallApproved(call_id=call, arguments={"page": number}),
        CallReturned(call_id=call, outcome="done", status=200, result=Result(id=call, data=data)),
        Replied(text="Here they are.", kind="answer"),
    ]


async def timed(work: Callable[[], Awaitable[Any]], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median wall and CPU ms."""
    wall, cpu = [], []
    for _ in range(rounds):
        await asyncio.sleep(4 * SHORT / 1000)  # until the lease of the round before has ended
        begun, spent = time.perf_counter(), time.process_time()
        await work()
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - spent) * 1000)
    return statistics.median(wall), statistics.median(cpu)


if __name__ == "__main__":
    main()
