"""Reads every document of a folder, each in a child process with a limit on time and memory, and expands every operation of it.

    python -m bench.ingest_all FOLDER [FOLDER ...] > ingest.jsonl

One JSON object a line: {"file", "status": "ok" | "rejected" | "crash" | "timeout", "operations", "seconds", "peak_mb", ...}.
"""

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SECONDS = 60  # of processor time; by the clock five times as much, for the machine may have other work
MEMORY = 2 * 1024**3  # of address space: a net under the figure that counts, the resident peak
ENDINGS = (".json", ".yaml", ".yml", ".json.gz", ".yaml.gz", ".yml.gz")


def main() -> None:
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).rglob("*")):
            if path.name.endswith(ENDINGS) and path.is_file():
                print(json.dumps({"file": str(path.relative_to(folder)), **judged(path)}), flush=True)


def judged(path: Path) -> dict[str, Any]:
    """What came of one document."""
    command = [sys.executable, "-m", "bench.ingest_all", "--one", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5 * SECONDS, cwd=Path(__file__).parents[1], check=False)
    except subprocess.TimeoutExpired:
        return {"status": "timeout", "seconds": SECONDS}
    if done.returncode == -signal.SIGXCPU:
        return {"status": "timeout", "seconds": SECONDS}
    return json.loads(done.stdout) if done.returncode == 0 else {"status": "crash", "error": done.stderr[-300:]}


def one(path: Path) -> dict[str, Any]:
    """In the child. Nothing is fetched: opening a socket ends it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    sys.addaudithook(without_network)
    from preprocess.compile import compile_document
    from runtime.errors import DocumentRefused

    began = time.perf_counter()
    try:
        document = compile_document(path.read_bytes())
    except DocumentRefused as refused:
        found: dict[str, Any] = {"status": "rejected", "code": refused.code, **refused.more}
    else:
        usable = time.perf_counter() - began
        for entry in document.catalogue:
            document.operation(entry.id)
        found = {"status": "ok", "operations": len(document.catalogue), "usable_seconds": round(usable, 3)}
    peak = own_peak()
    return {**found, "seconds": round(time.perf_counter() - began, 3), "cpu_seconds": round(time.process_time(), 3), "peak_mb": round(peak, 1)}


def own_peak() -> float:
    """MB. Not `ru_maxrss`: a process inherits what the one that started it held before."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def without_network(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(("socket.connect", "socket.getaddrinfo")):
        raise SystemExit("something was fetched")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(Path(sys.argv[2]))))
    else:
        main()
