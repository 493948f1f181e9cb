"""Whole results of a session, as long as they are kept: for whoever makes a case of it."""

from collections.abc import Sequence
from typing import Any

import orjson
from redis.asyncio import Redis

from engine.artifacts import Artifacts
from engine.lifetimes import DAY_MS
from engine.store import SessionStore
from runtime.secrets import KeyRing
from runtime.settings import Settings


async def whole_results(redis: Redis, settings: Settings, tenant: str, session: str, ids: Sequence[str]) -> dict[str, Any]:
    store = SessionStore(redis, owner="ratings", lease_ms=int(settings.lease_seconds * 1000), lifetime_ms=int(settings.session_days * DAY_MS))
    found = await Artifacts(store, KeyRing.from_settings(settings), settings.artifacts).many(tenant, session, ids)
    return {name: orjson.loads(each.body) for name, each in found.items() if each.kind == "data"}
