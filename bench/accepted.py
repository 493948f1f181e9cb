"""How many operations of real documents get a request that Prism, a mock server that knows nothing of our code, accepts.

    make accepted D="petstore.yaml github.json.gz"     (.venv/bin/python -m bench.accepted [--show] FILE ...)

Arguments are the document's examples, else made from its schemas (tests/tools/made.py); once those that are required, once all. Credentials are
taken out of the document for Prism, for they are not what is measured. --show: what was refused, and why.
"""

import argparse
import asyncio
import contextlib
import json
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from preprocess.compile import compile_document
from specs.load import read
from specs.model import Operation
from tests.tools.made import FILE, HANDLE, Maker
from tools.arguments import check
from tools.request import Held, Request, Target, build
from tools.schema import definition
from tools.settings import DocumentSettings

PRISM = Path(__file__).parents[1] / ".oracle/node_modules/.bin/prism"
AT_ONCE = 8
# Prism looks at the request first; these say that it found nothing wrong, and could then make no answer of the document.
NO_ANSWER = ("NOT_ACCEPTABLE", "NO_RESPONSE_DEFINED", "NO_COMPLEX_OBJECT_TEXT", "NO_SUCCESS_RESPONSE_DEFINED", "SCHEMA_TOO_COMPLEX", "VIOLATIONS")


@dataclass
class Tally:
    """`others`: operations that no request was made for, or that Prism broke off at."""

    accepted: int = 0
    without_answer: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.accepted + len(self.refused) + len(self.others)


@dataclass
class Prism:
    """One process at a time: some documents end it, then it is started again."""

    document: Path
    process: asyncio.subprocess.Process | None = None
    url: str = ""
    starts: int = 0

    async def start(self) -> None:
        await self.stop()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(PRISM), "mock", "--errors", "-v", "silent", "-p", str(port), str(self.document)]
        self.process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
        self.url, self.starts = f"http://127.0.0.1:{port}", self.starts + 1
        ends = time.monotonic() + 120
        while time.monotonic() < ends and self.process.returncode is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.2)
        raise SystemExit(f"Prism does not start with {self.document}")

    async def stop(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()


@contextlib.asynccontextmanager
async def prism(tree: dict[str, Any]) -> AsyncIterator[Prism]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.json"
        path.write_text(json.dumps(open_to_all(tree)), encoding="utf-8")
        running = Prism(path)
        await running.start()
        try:
            yield running
        finally:
            await running.stop()


def open_to_all(tree: dict[str, Any]) -> dict[str, Any]:
    paths = {
        path: {name: {**each, "security": []} if isinstance(each, dict) and "responses" in each else each for name, each in item.items()}
        for path, item in tree["paths"].items()
        if isinstance(item, dict)
    }
    # Swagger 2.0: of a body whose media type is not said, both have to mean the same.
    return {**({"consumes": ["application/json"]} if "swagger" in tree else {}), **tree, "security": [], "paths": paths}


async def told(http: aiohttp.ClientSession, request: Request, operation: Operation) -> tuple[str, str]:
    """What Prism said: accepted, without_answer, refused or broken, and why."""
    try:
        address = URL(request.url, encoded=True)
        async with http.request(request.method, address, headers=request.headers, data=request.body, skip_auto_headers=["Content-Type"]) as answer:
            text = await answer.text(errors="replace")
            # A wrong request gets the error that the document declares for it, and what is wrong in this header.
            violations = json.loads(answer.headers.get("sl-violations", "[]"))
            problem = problem_in(text) if answer.status >= 400 else {}
            # Where a document declares nothing but errors, one of them is the answer to a right request.
            failing = problem or any(each.status[0] in "23d" for each in operation.responses)
            return judged(answer.status if failing else 200, violations, problem)
    except (aiohttp.ClientError, TimeoutError) as error:
        return "broken", repr(error)


def problem_in(text: str) -> dict[str, Any]:
    """Prism's own error; {} when it answers with one of the document's."""
    with contextlib.suppress(json.JSONDecodeError):
        found = json.loads(text)
        if isinstance(found, dict) and str(found.get("type", "")).startswith("https://stoplight.io/prism/errors#"):
            return found
    return {}


def judged(status: int, violations: list[dict[str, Any]], problem: dict[str, Any]) -> tuple[str, str]:
    name = str(problem.get("type", "")).rpartition("#")[2]
    found = [each for each in (*violations, *problem.get("validation", ())) if str((each.get("location") or ["request"])[0]) != "response"]
    why = "; ".join(f"{'.'.join(map(str, each.get('location', ())))} {each.get('message')}" for each in found)
    if found or (400 <= status < 500 and not problem):
        return "refused", f"{name or status}: {why}"
    if name in NO_ANSWER:
        return "without_answer", name
    if status < 400:
        return "accepted", ""
    return "broken" if name in ("", "UNKNOWN") else "refused", f"{name or status}: {problem.get('detail', '')}"


def request_for(operation: Operation, url: str, full: bool) -> Request | str:
    """The request, or why there is none."""
    found = definition(operation, DocumentSettings())
    checked = check(found, Maker(operation, found, full).arguments(), frozenset({HANDLE}))
    if checked.problems:
        return "made arguments do not pass the check: " + "; ".join(f"{each.pointer} {each.message}" for each in checked.problems[:3])
    request = build(operation, found, checked.arguments, Target(url, {}), Held(files={HANDLE: FILE}))
    return request if isinstance(request, Request) else f"no request: {request.reason}"


async def tallied(data: bytes, full: bool) -> Tally:
    compiled, tally = compile_document(data), Tally()
    gate = asyncio.Semaphore(AT_ONCE)
    async with prism(read(data)) as server, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http:

        async def one(identifier: str) -> None:
            request = request_for(compiled.operation(identifier), server.url, full)
            if isinstance(request, str):
                tally.others.append((identifier, request))
                return
            async with gate:
                kind, why = await told(http, request, compiled.operation(identifier))
            if kind in ("accepted", "without_answer"):
                tally.accepted += 1
                tally.without_answer += kind == "without_answer"
            else:
                (tally.refused if kind == "refused" else tally.others).append((identifier, why))

        for batch in range(0, len(compiled.catalogue), AT_ONCE):
            await asyncio.gather(*(one(each.id) for each in compiled.catalogue[batch : batch + AT_ONCE]))
            if server.process and server.process.returncode is not None:
                await server.start()
    return tally


def shown(tally: Tally) -> None:
    for name, listed in (("refused", tally.refused), ("others", tally.others)):
        for why, number in Counter(why.partition(":")[0] for _, why in listed).most_common():
            print(f"    {name}: {number} {why}")
        for identifier, why in listed:
            print(f"      {identifier}: {why[:300]}")


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true")
    parser.add_argument("files", nargs="+", type=Path)
    told_to = parser.parse_args()
    for path in told_to.files:
        for full in (False, True):
            begun = time.monotonic()
            tally = await tallied(path.read_bytes(), full)
            share = f"{100 * tally.accepted / max(tally.total, 1):.1f} %"
            print(
                f"{path.name}, {'all' if full else 'required'}: {tally.accepted} of {tally.total} accepted ({share}), {len(tally.refused)} refused, "
                f"{len(tally.others)} not judged; {tally.without_answer} had no answer in the document; {time.monotonic() - begun:.0f} s",
                flush=True,
            )
            if told_to.show:
                shown(tally)


if __name__ == "__main__":
    if not PRISM.exists():
        sys.exit("Prism is missing: make accepted installs it")
    asyncio.run(main())
