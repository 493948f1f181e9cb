"""One loop measured in a process of its own, so that its CPU is all that is counted. Prints one JSON object.

    python -m bench.measure tools | secret
    python -m bench.measure '{"loop": NAME, "direct": PLACE, "counted": PLACE, "session": ..., "fresh": false, "long": 500, "quick": true}'
"""

import asyncio
import json
import statistics
import sys
import time
from typing import Any

import aiohttp

from bench.loops import REFERENCES, Loop, Place, Turn

AT = (1, 10, 50)
TOGETHER = 64


def loops() -> dict[str, Loop]:
    """Ours are imported only where the product is installed."""
    try:
        from bench.ours import OURS
    except ImportError:
        return REFERENCES
    return OURS | REFERENCES


async def timed(turn: Turn, session: str) -> tuple[float, float]:
    """CPU and wall milliseconds of one turn."""
    cpu, wall = time.process_time(), time.perf_counter()
    await turn(session)
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


async def alone(turn: Turn, sessions: int, turns: int) -> list[list[tuple[float, float]]]:
    """By session, by turn. The first session of all is not counted: it pays for imports and connections."""
    await timed(turn, "warm")
    return [[await timed(turn, f"alone-{session}") for _ in range(turns)] for session in range(sessions)]


def around(runs: list[list[tuple[float, float]]], number: int, what: int) -> float:
    """The median over sessions and over the turns next to `number`."""
    near = slice(0, 1) if number == 1 else slice(max(1, number - 5), number)
    return statistics.median(pair[what] for run in runs for pair in run[near])


async def rate(turn: Turn, turns: int) -> float:
    """Turns a second, 64 sessions at once."""

    async def one(number: int) -> None:
        for _ in range(turns):
            await turn(f"together-{number}")

    await asyncio.gather(*(one(number) for number in range(TOGETHER)))  # connections are made and sessions begun
    started = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(TOGETHER)))
    return TOGETHER * turns / (time.perf_counter() - started)


async def counted(place: Place, turn: Turn, session: str, at: tuple[int, ...]) -> dict[str, dict[str, int]]:
    """Bytes and round trips between this process and Redis in single turns of one session."""
    found = {}
    async with aiohttp.ClientSession() as http:
        for number in range(1, max(at) + 1):
            async with http.get(f"{place.http}/counters") as response:  # reading them sets them to zero
                await response.read()
            await turn(session)
            if number in at:
                async with http.get(f"{place.http}/counters") as response:
                    found[str(number)] = await response.json()
    return found


async def whole(asked: dict[str, Any], loop: Loop) -> dict[str, Any]:
    heavy, long = asked["heavy"], asked["long"]
    found: dict[str, Any] = {}
    async with loop(Place(**asked["direct"])) as turn:
        runs = await alone(turn, 3 if heavy else 20, AT[-1])
        found["cpu"] = {str(number): around(runs, number, 0) for number in AT}
        found["wall"] = {str(number): around(runs, number, 1) for number in AT}
        found["rate"] = await rate(turn, 2 if heavy else 10)
        if long:
            found["cpu"][str(long)] = around([[await timed(turn, "long") for _ in range(long)]], long, 0)
    place = Place(**asked["counted"])
    async with loop(place) as turn:
        await turn("warm")
        found["redis"] = await counted(place, turn, "counted", (1, 50, long) if long else (1, 50))
    return found


async def fresh(asked: dict[str, Any], loop: Loop) -> dict[str, Any]:
    """The next turn of a long session, by a worker that has seen others but never this one."""
    place = Place(**asked["counted"])
    async with loop(Place(**asked["direct"])) as turn:
        for _ in range(5):
            await turn("warm")
        cpu, _ = await timed(turn, "long")
    async with loop(place) as turn:
        await turn("warm")
        found = await counted(place, turn, "counted", (1,))
    return {"cpu": cpu, "redis": found["1"]}


def main(asked: str) -> None:
    if asked in ("tools", "secret"):
        from bench import ours

        print(json.dumps(ours.tools() if asked == "tools" else ours.SECRET()))
        return
    given = json.loads(asked)
    print(json.dumps(asyncio.run((fresh if given["fresh"] else whole)(given, loops()[given["loop"]]))))


if __name__ == "__main__":
    main(sys.argv[1])
