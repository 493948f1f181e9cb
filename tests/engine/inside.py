"""The engine inside the test's own process, with the example product on the loopback and the built-in model: for faults between two steps."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter
from redis.asyncio import Redis

from engine.accept import Begun, Incoming, Turns
from engine.events import Event, Question, SessionStarted
from engine.session import Session, Turn
from engine.store import SessionStore
from engine.worker import engine
from runtime.auth import Principal
from runtime.settings import Settings
from specs.document import Document
from specs.store import save
from tests.engine.talk import identity
from tests.line import credential, product
from tests.tools.product import Product, run
from tools.security import ClientCredentials, Connection, new_id, save_connection
from tools.settings import DocumentSettings
from tools.store import save_settings

ADA = Principal("t", "ada", frozenset({"chat"}))
CREDENTIAL: TypeAdapter[ClientCredentials] = TypeAdapter(ClientCredentials)


@dataclass
class Inside:
    turns: Turns
    product: Any  # the example product, or one that answers as it is told
    connection: str | None
    session: str = ""
    document: Document = field(default_factory=identity)

    @property
    def store(self) -> SessionStore:
        return self.turns.parts.store

    async def begin(self, **more: Any) -> None:
        self.session = f"s_{uuid.uuid4().hex}"
        about = {"document": self.document.hash, "spec": "sp", "tenant": ADA.tenant, "user": ADA.user, "connection": self.connection}
        started = SessionStarted(**about, **more)
        await self.store.create(self.session, started)

    async def send(self, message_id: str | None = None, **message: Any) -> Begun:
        given = {"id": message_id or uuid.uuid4().hex, **message}
        begun = await self.turns.begin(ADA, self.session, Incoming.model_validate(given))
        if begun.task:
            await asyncio.wait({begun.task})
        return begun

    async def say(self, text: str, message_id: str | None = None) -> Turn:
        await self.send(message_id, text=text)
        return await self.turn()

    async def answer(self, question: Question, message_id: str | None = None, **answer: Any) -> Turn:
        await self.send(message_id, answers=[{"question_id": question.id, **answer}])
        return await self.turn()

    async def events(self) -> tuple[Event, ...]:
        return (await self.store.read(ADA.tenant, self.session)).events

    async def turn(self) -> Turn:
        """The last turn, as a worker that never saw the session reads it."""
        first, *events = await self.events()
        assert isinstance(first, SessionStarted)
        found = Session(self.session, first)
        for event in events:
            found = found.add(event)
        assert found.turn is not None
        return found.turn


@asynccontextmanager
async def inside(settings: Settings, redis: Redis) -> AsyncIterator[Inside]:
    async with product() as (url, running), engine(settings, redis) as turns:
        await save(redis, ADA.tenant, identity())
        given = CREDENTIAL.validate_python(credential(url))
        connection = Connection(id=new_id(), tenant=ADA.tenant, user=ADA.user, spec="sp", base_url=url, credential=given)
        await save_connection(redis, turns.parts.ring, connection)
        found = Inside(turns, running, connection.id)
        await found.begin()
        yield found


@asynccontextmanager
async def told(settings: Settings, redis: Redis, document: Document) -> AsyncIterator[Inside]:
    """Over a product of this document that answers as it is told, without a connection."""
    product = Product()
    runner = await run(product)
    try:
        async with engine(settings.model_copy(update={"allow_private_hosts": True}), redis) as turns:
            await save(redis, ADA.tenant, document)
            await save_settings(redis, ADA.tenant, "sp", DocumentSettings(base_url=product.url))
            found = Inside(turns, product, None, document=document)
            await found.begin()
            yield found
    finally:
        await runner.cleanup()
