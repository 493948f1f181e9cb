"""A stand-in for the engine that speaks its HTTP with canned events: for the panel's own tests and for working on it.

`python -m tests.web.standin` serves it; the first word of a message chooses what happens (scenes.py).
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from engine.callback import handing
from engine.downloads import csv_lines, page_of, rows_of, view_of
from tests.web import console_scenes, scenes
from tests.web.scenes import Drop, Event, Pause, Step

STATIC = Path(__file__).parents[2] / "engine" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
KEY = "pk_stand_in"
TICKET = "abcdefghijklmnop"
FILES: dict[str, dict[str, Any]] = {}  # what was attached, by handle


@dataclass
class Talk:
    """One session: its events, what is still to come, and whoever follows."""

    events: list[Event] = field(default_factory=list)
    coming: list[Step] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    status: str = "replied"
    epoch: int = 0
    grown: asyncio.Condition = field(default_factory=asyncio.Condition)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    transport: asyncio.WriteTransport | None = None

    def add(self, event: Event) -> dict[str, Any]:
        self.events.append({**event, "number": len(self.events)})
        return self.events[-1]

    def open_questions(self) -> list[str]:
        answered = {e["question_id"] for e in self.events if e["type"] == "QuestionAnswered"}
        return [e["question"]["id"] for e in self.events if e["type"] == "QuestionAsked" and e["question"]["id"] not in answered]


@dataclass
class StandIn:
    """`requests` is what arrived, `refuse` the problems that the next messages meet, one each."""

    talks: dict[str, Talk] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    refuse: list[Mapping[str, Any]] = field(default_factory=list)
    artifacts: dict[str, Any] = field(default_factory=lambda: dict(scenes.ARTIFACTS))
    specs: dict[str, Any] = field(default_factory=console_scenes.specs)
    connections: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[dict[str, str]] = field(default_factory=list)  # of next versions: what was sent as what
    settings: dict[str, Any] = field(default_factory=lambda: dict(console_scenes.SETTINGS))
    waiting: str = ""  # the origin of the page that waits for a ticket
    signed_in: bool = False
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def posted(self, ending: str) -> list[Any]:
        return [body for method, path, body in self.requests if method in ("POST", "PUT") and path.endswith(ending)]


STAND_IN: web.AppKey[StandIn] = web.AppKey("stand_in", StandIn)


def problem(status: int, code: str, detail: str) -> web.Response:
    body = {"type": f"urn:parlance:{code}", "title": detail, "status": status, "code": code, "detail": detail}
    return web.json_response(body, status=status, content_type="application/problem+json")


@web.middleware
async def edge(request: web.Request, handler: Any) -> web.StreamResponse:
    """Writes down what arrives, and lets nobody in without the key."""
    if request.path.startswith("/v1/"):
        text = await request.text() if "json" in request.content_type else ""
        request.app[STAND_IN].requests.append((request.method, request.path, json.loads(text) if text else None))
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return problem(401, "unauthenticated", "This API key is not known.")
    answer: web.StreamResponse = await handler(request)
    if not answer.prepared:
        answer.headers.setdefault("Content-Security-Policy", POLICY)
    return answer


async def create(request: web.Request) -> web.Response:
    talks, spec = request.app[STAND_IN].talks, (await request.json())["spec_id"]
    if spec not in request.app[STAND_IN].specs:
        return problem(**console_scenes.GONE)
    name = f"s_{len(talks) + 1}"
    talks[name] = Talk()
    return web.json_response({"id": name, "spec_id": "spec_1", "created": 0}, status=201)


def talk_of(request: web.Request) -> Talk:
    found = request.app[STAND_IN].talks.get(request.match_info["session"])
    if found is None:
        raise web.HTTPNotFound
    return found


async def message(request: web.Request) -> web.StreamResponse:
    stand_in, talk, body = request.app[STAND_IN], talk_of(request), await request.json()
    if stand_in.refuse:
        return problem(**stand_in.refuse.pop(0))
    if body["id"] not in talk.seen:
        talk.seen.add(body["id"])
        refusal = take(talk, body)
        if refusal:
            return refusal
    if talk.coming and talk.coming[0] == "202":
        talk.coming.pop(0)
        task = asyncio.create_task(work(talk, None))
        stand_in.tasks.add(task)
        return web.json_response({"status": "running", "epoch": talk.epoch, "events": []}, status=202)
    return await stream(request, talk)


def take(talk: Talk, body: Mapping[str, Any]) -> web.Response | None:
    talk.status = "running"
    if "text" in body:
        for question in talk.open_questions():
            talk.add(scenes.answered(question, body["id"], closed=True))
            talk.add(scenes.LEFT)
        files = [FILES[handle] for handle in body.get("files", ())]
        talk.add({"type": "UserSaid", "message_id": body["id"], "text": body["text"], "files": files})
        talk.coming = scenes.opening(body["text"])
        return None
    for answer in body["answers"]:
        if answer["question_id"] not in talk.open_questions():
            return problem(409, "question_not_open", "This question is not open: it was answered before.")
        talk.add(scenes.answered(answer["question_id"], body["id"], **{k: v for k, v in answer.items() if k != "question_id"}))
        talk.coming = scenes.next_steps(answer, bool(talk.open_questions()))
    return None


async def stream(request: web.Request, talk: Talk) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    talk.transport = request.transport
    for event in talk.events[-1:]:
        await tell(response, talk, event)
    await work(talk, response)
    if talk.status != "running":
        await write(response, f"event: status\ndata: {json.dumps({'status': talk.status, 'epoch': talk.epoch})}\n\n")
    return response


async def write(response: web.StreamResponse | None, text: str) -> None:
    """A turn goes on when nobody listens any more."""
    if response:
        with contextlib.suppress(ConnectionResetError):
            await response.write(text.encode())


async def tell(response: web.StreamResponse | None, talk: Talk, event: Mapping[str, Any]) -> None:
    await write(response, f"id: {talk.epoch}-{event['number']}\nevent: event\ndata: {json.dumps(event)}\n\n")


async def work(talk: Talk, response: web.StreamResponse | None) -> None:
    """Plays the scene on. A Drop cuts the connection; the rest then comes to those who follow the events."""
    while talk.coming:
        step = talk.coming.pop(0)
        if isinstance(step, Drop):
            if talk.transport:
                talk.transport.abort()
            response = None
        elif isinstance(step, Pause):
            await talk.go_on.wait()
            talk.go_on.clear()
        elif isinstance(step, str):
            await write(response, f"event: delta\ndata: {json.dumps({'text': step})}\n\n")
        else:
            await happen(talk, step, response)
    if talk.status == "running" and talk.open_questions():
        talk.status = "waiting"


async def happen(talk: Talk, step: Event, response: web.StreamResponse | None) -> None:
    event = talk.add(step)
    if event["type"] in ("Replied", "TurnFailed"):
        talk.status = "replied" if event["type"] == "Replied" else "failed"
    elif event["type"] == "QuestionAsked":
        talk.status = "waiting"
    await tell(response, talk, event)
    async with talk.grown:
        talk.grown.notify_all()


async def state(request: web.Request) -> web.Response:
    talk = talk_of(request)
    found = talk.events[int(request.query.get("after", -1)) + 1 :]
    return web.json_response({"id": request.match_info["session"], "status": talk.status, "epoch": talk.epoch, "events": found})


async def events(request: web.Request) -> web.StreamResponse:
    """Like the engine's: never ends by itself, resumes by Last-Event-ID."""
    talk = talk_of(request)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    after = int(request.headers.get("Last-Event-ID", "0--1").split("-", 1)[1])
    while True:
        for event in talk.events[after + 1 :]:
            await tell(response, talk, event)
        after = len(talk.events) - 1
        async with talk.grown:
            await talk.grown.wait_for(lambda: len(talk.events) - 1 > after)  # noqa: B023 - awaited at once


async def artifact(request: web.Request) -> web.Response:
    """With the engine's own code for what a view shows."""
    body = request.app[STAND_IN].artifacts.get(request.match_info["artifact"])
    if body is None:
        return problem(404, "artifact_not_found", "There is no such artifact.")
    if isinstance(body, bytes):
        return web.Response(body=body, content_type="application/octet-stream")
    content, query = orjson.dumps(body), request.query
    if "view" not in query:
        return web.Response(body=content, content_type="application/json")
    view = view_of(query["view"], "UTC")
    if query.get("format") == "csv":
        return web.Response(text="".join(csv_lines(rows_of(content, view, None), view.columns)), content_type="text/csv")
    start = int(query["offset"])
    page = page_of(content, view, query.get("sort"), slice(start, start + int(query["limit"])))
    return web.Response(body=page, content_type="application/json")


async def attach(request: web.Request) -> web.Response:
    body = await request.read()
    if len(body) > 1_000:
        return problem(413, "too_large", "A request may have 1,000 bytes at most.")
    found = {"handle": f"file:{len(body)}", "name": request.query["name"], "media_type": request.content_type, "size": len(body)}
    FILES[str(found["handle"])] = found
    return web.json_response(found, status=201)


async def connection(request: web.Request) -> web.Response:
    """Signed in with the ticket of the page at which the sign-in ends."""
    name, stand_in = request.match_info["connection"], request.app[STAND_IN]
    if request.path.endswith("/signed-in"):
        if (await request.json())["ticket"] != TICKET:
            return problem(422, "ticket_unusable", "This code is over.")
        stand_in.signed_in = True
        return web.Response(status=204)
    if request.path.endswith("/authorize"):
        stand_in.waiting = request.headers.get("Origin", "")
        return web.json_response({"url": f"{request.url.origin()}/elsewhere"})
    return web.json_response({"id": name, "type": "bearer" if name == "cn_2" else "authorization_code", "signed_in": stand_in.signed_in, "schemes": {}})


async def elsewhere(request: web.Request) -> web.Response:
    found = handing(TICKET, request.app[STAND_IN].waiting)
    return web.Response(body=found.body, headers=dict(found.headers))


async def cancel(request: web.Request) -> web.Response:
    talk = talk_of(request)
    talk.coming = []
    talk.add({"type": "TurnFailed", "code": "cancelled", "text": "Stopped. Nothing was changed.", "receipt": []})
    talk.status = "failed"
    return web.json_response({"status": "failed"})


async def feedback(request: web.Request) -> web.Response:
    talk, body = talk_of(request), await request.json()
    if body.get("reset"):
        talk.events.clear()
        talk.epoch += 1
    return web.json_response({"id": "r_1"}, status=201)


async def page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / ("console.html" if request.path == "/console" else "index.html"))


def create_app(stand_in: StandIn) -> web.Application:
    app = web.Application(middlewares=[edge], client_max_size=2**24)
    app[STAND_IN] = stand_in
    session = "/v1/sessions/{session}"
    app.add_routes(
        [
            web.get("/", page),
            web.get("/console", page),
            web.static("/static", STATIC),
            web.post("/v1/sessions", create),
            web.get(session, state),
            web.post(f"{session}/messages", message),
            web.get(f"{session}/events", events),
            web.get(session + "/artifacts/{artifact}", artifact),
            web.post(f"{session}/cancel", cancel),
            web.post(f"{session}/files", attach),
            web.get("/v1/connections/{connection}", connection),
            web.post("/v1/connections/{connection}/authorize", connection),
            web.post("/v1/connections/{connection}/signed-in", connection),
            web.put("/v1/connections/{connection}/credential", connection),
            web.get("/elsewhere", elsewhere),
            web.post(f"{session}/feedback", feedback),
            *console_scenes.routes(STAND_IN),
        ]
    )
    return app


if __name__ == "__main__":
    print(f"http://127.0.0.1:8099/#key={KEY}&spec=spec_1")
    web.run_app(create_app(StandIn()), host="127.0.0.1", port=8099, print=None)
