"""Parlance's own loop as the benchmark runs it: what a message over HTTP starts, without the HTTP in front of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import orjson

from bench.loops import ASKED, Loop, Place, Turn
from engine.accept import Incoming
from engine.ask import tool_json
from engine.events import Replied, SessionStarted
from engine.worker import engine
from preprocess.compile import compile_document
from runtime.auth import Principal
from runtime.errors import NotFound
from runtime.redis import connect
from runtime.secrets import new_key
from runtime.settings import Settings
from specs.store import save
from tools.own import OWN
from tools.schema import definition
from tools.security import new_id
from tools.settings import DocumentSettings

WHO = Principal("bench", "bench", frozenset({"chat"}))
FIELDS = {name: {"type": "string", "description": f"The user's {name}."} for name in ("name", "email", "description", "department")}


def described(summary: str, name: str, *, body: bool = False, of_one: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = {"operationId": name, "summary": summary, "responses": {"200": {"description": "Done"}}}
    if of_one:
        found["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "The user's id."}]
    if body:
        found["requestBody"] = {"content": {"application/json": {"schema": {"type": "object", "properties": FIELDS}}}}
    return found


def document(address: str) -> bytes:
    users = {"get": described("List users", "listUsers", of_one=False), "post": described("Create a user", "createUser", body=True, of_one=False)}
    user = {
        "get": described("Get the details of a user", "getUser"),
        "patch": described("Change a user", "updateUser", body=True),
        "delete": described("Delete a user", "deleteUser"),
    }
    paths = {"/users": users, "/users/{id}": user}
    return orjson.dumps({"openapi": "3.1.0", "info": {"title": "Users", "version": "1"}, "servers": [{"url": address}], "paths": paths})


def tools() -> list[dict[str, Any]]:
    """What Parlance shows a model of this document; every other loop shows the same."""
    compiled = compile_document(document("http://127.0.0.1"))
    operations = (definition(compiled.operation(name), DocumentSettings()) for service in compiled.services for name in service.operations)
    return [tool_json(tool, ours=False) for tool in (*OWN.values(), *operations)]


@asynccontextmanager
async def parlance(place: Place, kind: str) -> AsyncIterator[Turn]:
    model = {"compatible": f"compatible:stub@{place.http}/v1", "openai": "openai:stub"}[kind]
    settings = Settings(
        redis_url=place.redis, model=model, model_url=f"{place.http}/v1", model_key="k", allow_private_hosts=True, secret_keys=(place.secret,)
    )  # type: ignore[arg-type]
    redis = connect(place.redis)
    compiled = compile_document(document(place.http))
    await save(redis, WHO.tenant, compiled)
    async with engine(settings, redis) as turns:

        async def turn(session: str) -> str:
            message = Incoming(id=new_id(), text=ASKED)
            try:
                begun = await turns.begin(WHO, session, message)
            except NotFound:
                await turns.parts.store.create(session, SessionStarted(document=compiled.hash, spec="bench", tenant=WHO.tenant, user=WHO.user))
                begun = await turns.begin(WHO, session, message)
            assert begun.task is not None
            assert begun.work is not None
            await begun.task
            ended = begun.work.turn.ended
            if not isinstance(ended, Replied) or ended.kind != "answer":
                raise RuntimeError(f"the turn ended otherwise: {ended}")
            return ended.text

        yield turn
    await redis.aclose()


SECRET: Callable[[], str] = new_key
OURS: dict[str, Loop] = {"Parlance, own chat model": partial(parlance, kind="compatible"), "Parlance, ChatOpenAI": partial(parlance, kind="openai")}
