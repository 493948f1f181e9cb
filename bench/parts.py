"""What the benchmarks share: a Redis of their own, the environment of what we compare with, one measurement in a process of its own."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ROOT / "bench" / ".venv"  # the libraries we compare with, apart from the product's own
WANTED = ROOT / "bench" / "requirements.txt"


@contextlib.contextmanager
def redis(folder: str) -> Iterator[int]:
    """A Redis of our own on a free port, which saves nothing."""
    from runtime.embedded import server_binary

    binary = server_binary()
    if binary is None:
        sys.exit("the benchmark needs a Redis server: install redis-server")
    port = free_port()
    arguments = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def others() -> str | None:
    """Python of the environment with the libraries we compare with, made on first use. None, with a line that says why, where it cannot be made."""
    python, ready = OTHERS / "bin" / "python", OTHERS / ".ready"
    if not ready.exists() or ready.read_text() != WANTED.read_text():
        print("installing bench/requirements.txt into bench/.venv ...", file=sys.stderr, flush=True)
        make = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(OTHERS)]
        install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "-r", str(WANTED)]
        for step in (make, install):
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"not measured, since this failed: {' '.join(step)}\n{done.stderr[-1000:]}", file=sys.stderr)
                return None
        ready.write_text(WANTED.read_text())
    return str(python)


def child(module: str, asked: str, python: str = sys.executable, seconds: float = 900) -> Any:
    """What `python -m module asked` prints last, as JSON; None when it took too long."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LANGSMITH_TRACING": "false"}
    try:
        done = subprocess.run(
            [python, "-m", module, asked], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        sys.exit(f"{module} {asked[:60]} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


class Memory:
    """MB over what was held at first. Of the kernel's own count: ru_maxrss of a child begins with what its parent held."""

    def __init__(self) -> None:
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        self._before = _status("VmRSS")

    def peak(self) -> float:
        return _status("VmHWM") - self._before

    def held(self) -> float:
        return _status("VmRSS") - self._before


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) / 1024


def table(heads: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    return "\n".join(" | ".join(cell.rjust(width) if n else cell.ljust(width) for n, (cell, width) in enumerate(zip(row, widths, strict=True)))
                     for row in (heads, *rows))  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    sys.exit("Redis did not start")
