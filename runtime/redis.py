"""The one way to a Redis key, and to a client. Who stores what is known by each package's store.py."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import ClusterDownError, NoScriptError, OutOfMemoryError, ReadOnlyError, RedisError, ResponseError, TryAgainError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from runtime.errors import NameUnusable, SettingsInvalid

CONNECTIONS = 1024  # of one process; each follower of a session holds one
SHARED = "-"  # the "tenant" of what belongs to the installation itself: API keys, the list of open sessions

# Passes by itself: no connection, a failover, a server that loads its data or has no room. To be waited for, or answered with 503.
AWAY = (RedisConnectionError, RedisTimeoutError, OutOfMemoryError, ReadOnlyError, ClusterDownError, TryAgainError)
REFUSED = re.compile(r"(?:^|-)(?:READONLY|OOM|MISCONF|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|LOADING) ")


def by_name(error: ResponseError) -> ResponseError:
    """Redis 6.2 wraps what it refuses a script's command with ("Error running script ...: -READONLY ..."): the error that it is, if it passes."""
    return ReadOnlyError(str(error)) if not isinstance(error, AWAY) and REFUSED.search(str(error)) else error


def key(tenant: str, *parts: str) -> str:
    """`parlance:{tenant:first}:rest`: all keys that share the tenant and the first two parts lie in one Redis Cluster slot.

    A session's keys are key(tenant, "session", id, ...): the hash tag is `{tenant:session:id}`, so that one script may touch them all.
    """
    for part in (tenant, *parts):
        if not part or any(c in "{}:\r\n\0 " or "\ud800" <= c <= "\udfff" for c in part):
            raise NameUnusable(f"{part!r} cannot be used as a name: it is empty, or holds a space, a colon, a brace, a line break or no Unicode")
    tag, rest = ":".join((tenant, *parts[:2])), parts[2:]
    return ":".join(("parlance", "{" + tag + "}", *rest))


def matching(tenant: str, kind: str, *rest: str) -> str:
    """A glob of every key(tenant, kind, ANY, *rest), for SCAN: a name holds no brace and no colon, so it is of this tenant only."""
    exactly = re.sub(r"([*?\[\]\\^])", r"\\\1", tenant)
    return ":".join((f"parlance:{{{exactly}:{kind}:*}}", *rest))


def id_in(name: bytes) -> str:
    """The ANY of such a key."""
    return name.decode().partition("}")[0].rpartition(":")[2]


async def run_script(redis: "Redis", script: AsyncScript, keys: Sequence[str], args: Sequence[Any]) -> Any:
    """What a registered script answers; raises the error that it is, if it passes."""
    try:
        try:
            return await script(keys=list(keys), args=list(args))
        except NoScriptError:  # Redis was restarted or flushed between the load and the call
            await redis.script_load(script.script)
            return await script(keys=list(keys), args=list(args))
    except ResponseError as error:
        raise await refused(redis, error) from None


async def refused(redis: "Redis", error: ResponseError) -> ResponseError:
    known = by_name(error)
    if isinstance(known, ReadOnlyError):  # a primary no more: a new connection finds the new one
        await redis.connection_pool.disconnect(inuse_connections=False)
    return known


async def refuse_cluster(redis: "Redis") -> None:
    """At start, in one line, instead of a MOVED in the middle of a turn. A Redis that is away now is looked at when it is used."""
    found: dict[str, object] = {}
    with suppress(RedisError, TimeoutError, OSError):
        found = await asyncio.wait_for(redis.info("cluster"), 2)
    if found.get("cluster_enabled"):
        raise SettingsInvalid("REDIS_URL names a Redis Cluster, which Parlance cannot use yet; name a Redis with cluster mode disabled")


def connect(url: str) -> "Redis":
    """A client that answers bytes; every command has a time limit. More at once than CONNECTIONS is answered as a Redis that is away (503)."""
    return Redis.from_url(url, max_connections=CONNECTIONS, socket_timeout=5, socket_connect_timeout=5, health_check_interval=30)
