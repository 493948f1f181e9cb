"""The engine without HTTP: what a process needs to work on sessions, and the sweep that finds turns nobody ends."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from engine.accept import Turns
from engine.artifacts import Artifacts
from engine.builtin.model import BuiltinModel
from engine.lifetimes import DAY_MS
from engine.quota import Quota
from engine.spending import Admission
from engine.store import SessionStore
from engine.work import Parts
from runtime.errors import ParlanceError
from runtime.guard import Limits, guarded_session
from runtime.limits import IN_DOLLARS, refuse_unpriced
from runtime.models import chat_model, close
from runtime.moderation import moderator
from runtime.prices import price_of
from runtime.prompts import load
from runtime.secrets import KeyRing
from runtime.settings import PREFIX, Settings
from tools.call import Wire

log = structlog.get_logger()
DRAIN_SECONDS = 8.0
PRUNE_SECONDS = 3_600.0


@asynccontextmanager
async def engine(settings: Settings, redis: "Redis") -> AsyncIterator[Turns]:
    """A worker's engine: ready when entered; on leaving it finishes or hands back what it works on."""
    store = SessionStore(
        redis, owner=f"{socket.gethostname()}:{secrets.token_hex(6)}", lease_ms=int(settings.lease_seconds * 1000),
        lifetime_ms=int(settings.session_days * DAY_MS),
    )  # fmt: skip
    ring = KeyRing.from_settings(settings)
    async with guarded_session(allow_private=settings.allow_private_hosts, plain_http=settings.allow_http) as http:
        model, price = chat_model(settings, settings.model, BuiltinModel), price_of(settings)
        refuse_unpriced(price, [PREFIX + name.upper() for name in IN_DOLLARS if getattr(settings, name) is not None], settings.model)
        wire = Wire(http, redis, ring, Limits(seconds=settings.product_timeout, bytes=settings.max_answer_bytes))
        prompt = load(Path(__file__).parent / "prompts", "system").text
        artifacts, quota, moderation = Artifacts(store, ring, settings.artifacts), Quota(redis), moderator(settings)
        parts = Parts(
            store, artifacts, wire, ring, settings, model, prompt, quota, price,
            streams=settings.model != "builtin", flagged=moderation.flagged,
        )  # fmt: skip
        turns = Turns(parts, Admission(store, quota, settings))
        sweeping = asyncio.create_task(sweep(turns, min(1.0, settings.lease_seconds / 3)))
        pruning = asyncio.create_task(prune(turns))
        try:
            yield turns
        finally:
            sweeping.cancel()
            pruning.cancel()
            await drain(turns)
            await close(model)
            await moderation.close()


async def sweep(turns: Turns, every: float) -> None:
    """Goes on with turns whose worker died. Sessions are listed when a message comes in and looked at when their lease may have ended."""
    store = turns.parts.store
    while True:
        await asyncio.sleep(every)
        try:
            while found := await store.overdue(turns.parts.now()):
                for tenant, session_id, due in found:
                    await _look_after(turns, tenant, session_id, due)
        except RedisError as error:
            log.warning("sweep_failed", error=type(error).__name__)


async def prune(turns: Turns) -> None:
    """Every hour the files of sessions that are no more."""
    while turns.parts.artifacts.folder is not None:
        try:
            await turns.parts.artifacts.prune(turns.parts.clock())
        except (RedisError, OSError) as error:
            log.warning("prune_failed", error=type(error).__name__)
        await asyncio.sleep(PRUNE_SECONDS)


async def _look_after(turns: Turns, tenant: str, session_id: str, due: float) -> None:
    store = turns.parts.store
    try:
        standing = await store.standing(tenant, session_id)
        if standing is None or standing.status != "running":
            return await store.closed(tenant, session_id, due)
        await store.opened(tenant, session_id, turns.parts.now() + (standing.left_ms or store.lease_ms))
        if not standing.left_ms and await turns.resume(tenant, session_id):
            log.info("turn_taken_over", session=session_id)
    except Exception as error:  # the job loop: another worker may be able to read it; this one must go on to the others
        code = error.code if isinstance(error, ParlanceError) else None
        log.warning("session_not_looked_after", session=session_id, code=code, exc_info=code is None)
        await store.opened(tenant, session_id, turns.parts.now() + store.lease_ms)


async def drain(turns: Turns) -> None:
    """Hand back what is between two steps, and end the steps that end soon. The rest keeps its lease until that ends."""
    turns.leaving = True
    if turns.tasks:
        await asyncio.wait(set(turns.tasks), timeout=DRAIN_SECONDS)
    for task in set(turns.tasks):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
