"""How many operations of real documents get a request that Prism, a mock server that knows nothing of our code, accepts.

    make accepted D="petstore.yaml github.json.gz"     (.venv/bin/python -m bench.accepted [--show] [--every N] FILE ...)

Arguments are the document's examples, else made from its schemas (tests/tools/made.py); once those that are required, once all. Prism
gets the document without credentials and without what answers hold. --show: what was refused, and why.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
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
PATHS = 100  # that one Prism is given
STARTS = 60.0  # seconds until one that has not started is given up
COMPONENTS = ("components", "definitions", "parameters", "responses")
# Prism looks at the request first; these say that it found nothing wrong, and could then make no answer of the document.
NO_ANSWER = ("NOT_ACCEPTABLE", "NO_RESPONSE_DEFINED", "NO_COMPLEX_OBJECT_TEXT", "NO_SUCCESS_RESPONSE_DEFINED", "SCHEMA_TOO_COMPLEX", "VIOLATIONS")


class NotStarted(Exception):
    pass


@dataclass
class Tally:
    """`others`: operations that no request was made for, or that Prism broke off at."""

    accepted: int = 0
    without_answer: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)

    def count(self, identifier: str, kind: str, why: str) -> None:
        if kind in ("accepted", "without_answer"):
            self.accepted += 1
            self.without_answer += kind == "without_answer"
        else:
            (self.refused if kind == "refused" else self.others).append((identifier, why))

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
        ends = time.monotonic() + STARTS
        while time.monotonic() < ends and self.process.returncode is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.2)
        raise NotStarted("Prism does not start with this part of the document")

    async def stop(self) -> None:
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@contextlib.asynccontextmanager
async def prism(tree: dict[str, Any]) -> AsyncIterator[Prism]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.json"
        path.write_text(json.dumps(tree), encoding="utf-8")
        running = Prism(path)
        try:
            await running.start()
            yield running
        finally:
            await running.stop()


def pieces(tree: dict[str, Any]) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
    """The document in parts of some paths with what these refer to: Prism unfolds all references at its start, and never ends with large ones."""
    names = [name for name, item in tree["paths"].items() if isinstance(item, dict)]
    for first in range(0, len(names), PATHS):
        paths = {name: requests_only(tree["paths"][name]) for name in names[first : first + PATHS]}
        rest = {name: each for name, each in tree.items() if name not in ("paths", "webhooks", "x-webhooks", *COMPONENTS)}
        # Swagger 2.0: of a body whose media type is not said, both have to mean the same.
        consumes = {"consumes": ["application/json"]} if "swagger" in tree else {}
        yield {**consumes, **rest, "security": [], "paths": paths, **referred(tree, paths)}, frozenset(paths)


def requests_only(item: dict[str, Any]) -> dict[str, Any]:
    """Without credentials and without what answers hold: neither is measured, and schemas of answers are most of a document."""
    found = dict(item)
    for name, each in item.items():
        if isinstance(each, dict) and isinstance(each.get("responses"), dict):
            told = {status: {"description": ""} for status in each["responses"] if not status.startswith("x-")}
            found[name] = {**{key: value for key, value in each.items() if key != "callbacks"}, "security": [], "responses": told}
    return found


def referred(tree: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """The components that the paths reach."""
    found: dict[str, Any] = {}
    seen: set[str] = set()
    waiting: list[Any] = [paths]
    while waiting:
        node = waiting.pop()
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        reference = node.get("$ref") if isinstance(node, dict) else None
        steps = reference.removeprefix("#/").split("/") if isinstance(reference, str) and reference.startswith("#/") else ()
        if not steps or steps[0] not in COMPONENTS or reference in seen:
            continue
        seen.add(reference)
        source, target = tree, found
        for step in steps[: 3 if steps[0] == "components" else 2][:-1]:
            source, target = source[step], target.setdefault(step, {})
        name = steps[2 if steps[0] == "components" else 1].replace("~1", "/").replace("~0", "~")
        if name in source:
            target[name] = source[name]
            waiting.append(source[name])
    return found


async def told(http: aiohttp.ClientSession, request: Request, operation: Operation) -> tuple[str, str]:
    """What Prism said: accepted, without_answer, refused or broken, and why."""
    try:
        address = URL(request.url, encoded=True)
        kept = {"headers": request.headers, "data": request.body, "skip_auto_headers": ["Content-Type"], "allow_redirects": False}
        async with http.request(request.method, address, **kept) as answer:
            text = await answer.text(errors="replace")
            # A wrong request gets the error that the document declares for it, and what is wrong in this header.
            violations = violations_in(answer.headers.get("sl-violations", "[]"))
            problem = problem_in(text) if answer.status >= 400 else {}
            # Where a document declares nothing but errors, one of them is the answer to a right request.
            failing = problem or any(each.status[0] in "23d" for each in operation.responses)
            return judged(answer.status if failing else 200, violations, problem)
    except (aiohttp.ClientError, TimeoutError) as error:
        return "broken", repr(error)


def violations_in(header: str) -> list[dict[str, Any]]:
    try:
        return list(json.loads(header))
    except json.JSONDecodeError:  # cut, or with characters no header can have
        return [{"location": ["response" if '"request' not in header else "request"], "message": header}]


def problem_in(text: str) -> dict[str, Any]:
    """Prism's own error; {} when it answers with one of the document's."""
    with contextlib.suppress(json.JSONDecodeError):
        found = json.loads(text)
        if isinstance(found, dict) and str(found.get("type", "")).startswith("https://stoplight.io/prism/errors#"):
            return found
    return {}


def judged(status: int, violations: list[dict[str, Any]], problem: dict[str, Any]) -> tuple[str, str]:
    name = str(problem.get("type", "")).rpartition("#")[2]
    told = [each for each in (*violations, *problem.get("validation", ())) if each.get("severity", "Error") == "Error"]
    found = [each for each in told if str((each.get("location") or ["request"])[0]) != "response"]
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


async def tallied(data: bytes, every: int) -> dict[str, Tally]:
    compiled, tallies = compile_document(data), {"required": Tally(), "all": Tally()}
    for piece, paths in itertools.islice(pieces(read(data)), 0, None, every):
        operations = [compiled.operation(each.id) for each in compiled.catalogue if each.path in paths]
        try:
            async with prism(piece) as server, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as http:
                for name, first in itertools.product(tallies, range(0, len(operations), AT_ONCE)):
                    batch = operations[first : first + AT_ONCE]
                    answers = await asyncio.gather(*(outcome(http, server, each, name == "all") for each in batch))
                    for operation, (kind, why) in zip(batch, answers, strict=True):
                        tallies[name].count(operation.id, kind, why)
                    if server.process and server.process.returncode is not None:
                        await server.start()
        except NotStarted as error:
            for operation, tally in itertools.product(operations, tallies.values()):
                tally.count(operation.id, "broken", str(error))
    return tallies


async def outcome(http: aiohttp.ClientSession, server: Prism, operation: Operation, full: bool) -> tuple[str, str]:
    request = request_for(operation, server.url, full)
    return ("none", request) if isinstance(request, str) else await told(http, request, operation)


def shown(tally: Tally) -> None:
    for name, listed in (("refused", tally.refused), ("others", tally.others)):
        for why, number in Counter(why.partition(":")[0] for _, why in listed).most_common():
            print(f"    {name}: {number} {why}")
        for identifier, why in listed:
            print(f"      {identifier}: {why[:300]}")


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth part (of 30 paths) of a document")
    parser.add_argument("files", nargs="+", type=Path)
    told_to = parser.parse_args()
    for path in told_to.files:
        begun = time.monotonic()
        tallies = await tallied(path.read_bytes(), told_to.every)
        print(f"{path.name}: {time.monotonic() - begun:.0f} s")
        for name, tally in tallies.items():
            share = f"{100 * tally.accepted / max(tally.total, 1):.1f} %"
            left = f"{len(tally.refused)} refused, {len(tally.others)} not judged; {tally.without_answer} had no answer in the document"
            print(f"  {name:8} {tally.accepted} of {tally.total} accepted ({share}), {left}", flush=True)
            if told_to.show:
                shown(tally)


if __name__ == "__main__":
    if not PRISM.exists():
        sys.exit("Prism is missing: make accepted installs it")
    asyncio.run(main())
