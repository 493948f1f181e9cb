"""The strict validator's judgement of a document, from a child process within a time limit: reported, never a reason to refuse."""

import asyncio
import os
import sys
from pathlib import Path

import orjson

from specs.model import Problem

SECONDS = 60.0
_CHILD = Path(__file__).with_name("strict.py")
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no secret of ours reaches the child


async def strict_problems(document: bytes, seconds: float = SECONDS) -> tuple[Problem, ...]:
    """`document` is JSON. A validator that is too slow or fails is one problem of its own."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    pipe = asyncio.subprocess.PIPE
    # -P: this file's folder must not be on the path, where its neighbours would shadow other modules.
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", str(_CHILD), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=environment
    )
    try:
        out, _ = await asyncio.wait_for(child.communicate(document), seconds)
    except TimeoutError:
        return (_unfinished(f"The strict validator took more than {seconds:.0f} s and was stopped."),)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    problems = tuple(_problem(line) for line in out.splitlines())
    return problems if child.returncode == 0 else (*problems, _unfinished("The strict validator could not read the document to its end."))


def _problem(line: bytes) -> Problem:
    found = orjson.loads(line)
    return Problem("warning", "openapi_invalid", found["pointer"], found["message"])


def _unfinished(message: str) -> Problem:
    return Problem("info", "validation_unfinished", "", message)
