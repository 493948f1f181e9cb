"""What a turn costs: model and product at zero latency over loopback, a real Redis, every loop in one run. See README.md beside it.

    make bench                            or: .venv/bin/python bench/turn.py [--json] [--only WORD]
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from bench.parts import ROOT, child, others, redis

BARE, SAVER = "bare aiohttp + redis", "create_agent + AsyncValkeySaver"
OURS = ("Parlance, own chat model", "Parlance, ChatOpenAI")
REFERENCES = (BARE, "ChatOpenAI, plain loop", "create_agent, no saver", SAVER)
LONG = 500
GROWS = REFERENCES[1:]  # they show the model the whole conversation: 500 turns of that would take minutes


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="print the figures as one JSON document")
    options.add_argument("--only", default="", help="only loops with this word in their name")
    given = options.parse_args()
    names = [name for name in (*OURS, *REFERENCES) if given.only.lower() in name.lower()]
    with tempfile.TemporaryDirectory() as folder, redis(folder) as port, stubs(port) as ports:
        figures = {name: measured(name, *places(name, port, ports)) for name in names}
    print(json.dumps(figures, indent=2) if given.json else report(figures))


@contextlib.contextmanager
def stubs(redis_port: int) -> Iterator[dict[str, int]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.stubs", str(redis_port)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)


def places(name: str, redis_port: int, ports: dict[str, int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Where a loop finds its parts: straight, and through the counting proxy. Every loop has a Redis database of its own."""
    number = (*OURS, *REFERENCES).index(name)
    common = {"http": f"http://127.0.0.1:{ports['http']}", "tools": child("bench.measure", "tools"), "secret": child("bench.measure", "secret")}
    return tuple(common | {"redis": f"redis://127.0.0.1:{port}/{number}"} for port in (redis_port, ports["redis"]))  # type: ignore[return-value]


def measured(name: str, direct: dict[str, Any], counted: dict[str, Any]) -> dict[str, Any] | None:
    python = sys.executable if name in (*OURS, BARE) else others()
    if python is None:
        return None
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    asked = {"loop": name, "direct": direct, "counted": counted, "heavy": name in GROWS, "long": 0 if name in GROWS else LONG, "fresh": False}
    found: dict[str, Any] = child("bench.measure", json.dumps(asked), python)
    if name not in GROWS:
        found["fresh"] = child("bench.measure", json.dumps(asked | {"fresh": True}), python)
    return found


def report(figures: dict[str, dict[str, Any] | None]) -> str:
    known = {name: found for name, found in figures.items() if found}
    base = known.get(BARE)
    lines = ["CPU ms a turn (x bare loop at the same turn) | wall ms | turns/s at 64 sessions"]
    for name, found in known.items():
        cells = [f"turn {at}: {ms:7.2f}{ratio(ms, base and base['cpu'].get(at))}" for at, ms in found["cpu"].items()]
        cells += [f"turn {LONG + 1}, worker new to the session: {found['fresh']['cpu']:.2f}"] if "fresh" in found else []
        lines.append(f"{name:32} {'  '.join(cells)} | {found['wall']['10']:.2f} | {found['rate']:.0f}")
    lines += ["", "to Redis in one turn: bytes written / bytes read / round trips"]
    for name, found in known.items():
        counts = {f"turn {at}": each for at, each in found["redis"].items()}
        counts |= {"new worker": found["fresh"]["redis"]} if "fresh" in found else {}
        lines.append(f"{name:32} " + "  ".join(f"{at}: {c['up']:,} / {c['down']:,} / {c['trips']}" for at, c in counts.items()))
    return "\n".join([*lines, "", *aims(known)])


def ratio(value: float, base: float | None) -> str:
    return f" ({value / base:.1f}x)" if base else ""


def aims(known: dict[str, dict[str, Any]]) -> list[str]:
    """The aims of the project, each with what was reached at turn 10."""
    ours, bare, saver = known.get(OURS[0]), known.get(BARE), known.get(SAVER)
    found = []
    if ours and bare:
        found.append(f"CPU at most 3.5 x the bare loop: {ours['cpu']['10'] / bare['cpu']['10']:.2f} x")
    if ours and saver:
        found.append(f"CPU at most 0.25 x create_agent + saver: {ours['cpu']['10'] / saver['cpu']['10']:.2f} x at turn 10")
    if ours:
        found.append(f"turn {LONG} at most 2.5 x turn 1: {ours['cpu'][str(LONG)] / ours['cpu']['1']:.2f} x")
        written = " -> ".join(f"{each['up']:,}" for each in ours["redis"].values())
        found.append(f"bytes written constant, turns 1 -> 50 -> {LONG}: {written}")
    return found


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
