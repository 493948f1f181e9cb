"""Plays a scene (tools/scene.py) with the whole engine: a session of its own, the product over loopback or none, and a clock that stands still.

The network guard lets a scene's calls reach the loopback, and no other session's.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from engine.accept import Incoming, Turns
from engine.answers import Answer
from engine.cli import standing
from engine.dry import ME, created, report, spoken, taken, usage
from engine.events import Question, SessionStarted
from engine.loopback import HOST, Loopback, Stand, loopback
from engine.work import Run
from runtime.errors import InvalidRequest
from runtime.settings import Settings
from specs.document import Document
from specs.store import save
from tools.scene import Play, Scene
from tools.settings import DocumentSettings
from tools.store import remove_settings, save_settings

APPROVALS = 24  # of one message


@asynccontextmanager
async def rehearsing(settings: Settings) -> AsyncIterator[Play]:
    """On one engine, of any document; several scenes may be played at once."""
    # These keep customers from crowding each other out; what a day may cost still holds.
    alone = settings.model_copy(update={"messages_per_minute": None, "turns_at_once": None})
    async with standing(alone) as turns, loopback() as product:
        yield Stage(turns, product).play


@dataclass(slots=True)
class Stage:
    turns: Turns
    product: Loopback
    known: set[str] = field(default_factory=set)  # documents that are stored
    played: int = 0

    async def play(self, document: Document, scene: Scene) -> dict[str, Any]:
        if not scene.messages:
            raise InvalidRequest("A scene has at least one message.", code="message_invalid")
        said = [spoken(f"m{number}", text) for number, text in enumerate(scene.messages)]
        redis = self.turns.parts.store.redis
        if document.hash not in self.known:
            await save(redis, ME.tenant, document)
            self.known.add(document.hash)
        self.played += 1
        spec, stand, began = f"scene{self.played}", Stand(document, scene), time.perf_counter()
        with self.product.standing(stand) as url:
            try:
                await save_settings(redis, ME.tenant, spec, settings_of(scene, url))
                told = await Scening(on_time(self.turns, scene), scene).said(document, spec, said)
            finally:
                await remove_settings(redis, ME.tenant, spec)
        seconds = round(time.perf_counter() - began, 3)
        return {**told, "executed": stand.executed, "requests": stand.requests, "seconds": seconds}


def settings_of(scene: Scene, url: str) -> DocumentSettings:
    """Of a single message that is only rehearsed nothing can be sent, so the document's own address stands in what is shown."""
    single = scene.dry and len(scene.messages) == 1
    return DocumentSettings() if single else DocumentSettings(base_url=url, hosts=(HOST,))


def on_time(turns: Turns, scene: Scene) -> Turns:
    if scene.now is None:
        return turns
    now = scene.now.timestamp()
    return replace(turns, parts=replace(turns.parts, clock=lambda: now))


@dataclass(frozen=True, slots=True)
class Scening:
    """One scene in its session."""

    turns: Turns
    scene: Scene

    async def said(self, document: Document, spec: str, messages: Sequence[Incoming]) -> dict[str, Any]:
        scene = self.scene
        started = SessionStarted(
            document=document.hash, spec=spec, tenant=ME.tenant, user=ME.user, timezone=scene.timezone, locale=scene.locale, at=self.turns.parts.now()
        )
        session_id = await created(self.turns, started)
        try:
            for each in messages[:-1]:
                await self.message(session_id, each)
            last = taken(replace(self.turns, dry=True), session_id, messages[-1]) if scene.dry else self.message(session_id, messages[-1])
            work = await last
            return {**report(work), "usage": usage(work)}
        finally:
            await self.turns.parts.store.erase(ME.tenant, session_id)

    async def message(self, session_id: str, message: Incoming) -> Run:
        """With a yes to each approval, where the scene says so."""
        work = await taken(self.turns, session_id, message)
        for number in range(APPROVALS if self.scene.approves else 0):
            questions = work.turn.questions()
            if not questions or questions[0].kind != "approval":
                break
            work = await taken(self.turns, session_id, yes(message.id, number, questions[0]))
        return work


def yes(message: str, number: int, question: Question) -> Incoming:
    return Incoming(id=f"{message}y{number}", answers=(Answer(question_id=question.id, approved=True),))
