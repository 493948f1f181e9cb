"""A product over loopback that answers as a scene tells it: recorded responses in their order, or such as are made from the document's schemas."""

import re
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from aiohttp import web

from specs.catalogue import placeholders, unnamed
from specs.document import Document
from specs.model import Entry
from tools.made_up import made_up
from tools.scene import Response, Scene

HOST = "127.0.0.1"
LARGEST = 64 * 2**20  # bytes of a request
OURS = frozenset("host connection user-agent accept accept-encoding content-length idempotency-key".split())  # noqa: SIM905 - headers of the transport


@dataclass(slots=True)
class Stand:
    """One scene's product. `executed`: (method, path as the document writes it) of each request; `requests`: their texts."""

    document: Document
    scene: Scene
    left: dict[tuple[str, str], deque[Response]] = field(default_factory=dict)
    executed: list[tuple[str, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for each in self.scene.responses:
            self.left.setdefault((each.method.upper(), shape(each.path)), deque()).append(each)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
        self.requests.append(written(method, target, headers, body))
        path, _, query = target.partition("?")
        entry = operation_at(self.document, method, target)
        self.executed.append((method, entry.path if entry else path))
        if entry is None:
            return 404, {"message": "There is no such operation."}
        recorded = self.left.get((method, shape(entry.path)))
        if recorded:
            found = recorded.popleft() if len(recorded) > 1 else recorded[0]
            return found.status, found.body
        if self.scene.dry or self.scene.made_up:
            parts = parameters(entry.path, path)
            return made_up(self.document.operation(entry.id), {**given(query, body), **parts}, next(reversed(parts), None))
        return 404, {"message": "No response was recorded for this operation."}


@dataclass(slots=True)
class Loopback:
    """All stands of a process behind one port, each below a path of its own."""

    url: str = ""
    stands: dict[str, Stand] = field(default_factory=dict)
    opened: int = 0

    @contextmanager
    def standing(self, stand: Stand) -> Iterator[str]:
        """The stand's base URL while the block runs."""
        self.opened += 1
        name = f"s{self.opened}"
        self.stands[name] = stand
        try:
            yield f"{self.url}/{name}"
        finally:
            del self.stands[name]

    async def answer(self, request: web.Request) -> web.Response:
        name, _, target = request.raw_path.removeprefix("/").partition("/")
        stand = self.stands.get(name)
        if stand is None:  # a late retry of a scene that has ended
            return web.Response(status=410)
        status, body = stand.answer(request.method, f"/{target}", request.headers, await request.read())
        if body is None:
            return web.Response(status=status)
        return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


@asynccontextmanager
async def loopback() -> AsyncIterator[Loopback]:
    found = Loopback()
    app = web.Application(client_max_size=LARGEST)
    app.router.add_route("*", "/{rest:.*}", found.answer)
    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        found.url = f"http://{HOST}:{runner.addresses[0][1]}"
        yield found
    finally:
        await runner.cleanup()


def shape(path: str) -> str:
    """A path without the names of its parameters."""
    return unnamed(path).rstrip("/") or "/"


def operation_at(document: Document, method: str, target: str) -> Entry | None:
    """The operation that a request reaches; what is written out fits better than a parameter."""
    fitting = [each for each in document.catalogue if each.method == method and fits(each.path, target)]
    return min(fitting, key=lambda each: (each.path.count("{"), -len(shape(each.path))), default=None)


def fits(declared: str, target: str) -> bool:
    """Some documents write a part of the query into the path; then the request has it too."""
    (wanted, _, needed), (path, _, query) = declared.partition("?"), target.partition("?")
    one, two = wanted.rstrip("/").split("/"), path.rstrip("/").split("/")
    if len(one) != len(two) or not set(filter(None, needed.split("&"))) <= set(query.split("&")):
        return False
    return all(part == given or ("{" in part and matched(part, given) is not None) for part, given in zip(one, two, strict=True))


def matched(declared: str, part: str) -> tuple[str, ...] | None:
    """The values of a part's parameters."""
    pattern = "(.+)".join(map(re.escape, unnamed(declared).split("{}")))
    found = re.fullmatch(pattern, part)
    return found.groups() if found else None


def parameters(declared: str, path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one, part in zip(declared.partition("?")[0].rstrip("/").split("/"), path.rstrip("/").split("/"), strict=True):
        found |= zip(placeholders(one), map(unquote, matched(one, part) or ()), strict=False)
    return found


def given(query: str, body: bytes) -> dict[str, Any]:
    """What else the request says by name."""
    try:
        told = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:  # a form, or a file
        told = {}
    return {**dict(parse_qsl(query)), **(told if isinstance(told, dict) else {})}


def written(method: str, target: str, headers: Mapping[str, str], body: bytes) -> str:
    """As text, with the address decoded beside what was sent, so that whatever is in it can be found."""
    plain = unquote(target)
    lines = [f"{method} {target}", *([f"({plain})"] if plain != target else [])]
    lines += [f"{name}: {value}" for name, value in headers.items() if name.lower() not in OURS]
    return "\n".join([*lines, "", body.decode(errors="replace")])
