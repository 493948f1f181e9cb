"""Forks worker processes from one that has imported everything: a fresh worker in a tenth of a second, for tests that kill many.

Reads one JSON object a line, {"settings": {...}, "port": n}; answers with the new process's id.
"""

import asyncio
import ctypes
import importlib
import json
import os
import signal
import sys

import parlance
from runtime.serve import listening
from runtime.settings import Settings

PR_SET_PDEATHSIG = 1


def work(job: dict[str, object]) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    settings = Settings(**job["settings"])
    with listening("127.0.0.1", int(str(job["port"]))) as listener:
        asyncio.run(parlance.service(settings, ("engine",), listener))


def main() -> None:
    mine = ("engine.app", "engine.connections", "engine.signin", "engine.worker")
    for name in (*mine, "uvicorn", "uvicorn.protocols.http.auto", "uvicorn.loops.auto", "dateparser"):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # standard output is for process ids
            work(json.loads(line))
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
