"""Who asks: API keys to principals. Tenant and user come from here and from nowhere else."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import orjson
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from runtime.errors import Conflict, Forbidden, InvalidRequest, NotFound, Unauthenticated, Unavailable
from runtime.redis import SHARED, key

Scope = Literal["chat", "specs", "ratings", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
MARK = "pk_"
ID_LENGTH = 12
UNUSED_SECONDS = 400 * 86400  # a key that nobody used for so long is forgotten
BARRED_SECONDS = 120  # longer than a request lasts that passed with a key which was revoked meanwhile


@dataclass(frozen=True, slots=True)
class Principal:
    tenant: str
    user: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key: `id` is the start of its hash, enough to name it and not enough to use it."""

    id: str
    principal: Principal


async def create_key(redis: Redis, tenant: str, user: str, scopes: Iterable[str]) -> str:
    """A new key, told once: only its hash is kept."""
    wanted = frozenset(scopes)
    if unknown := wanted.difference(SCOPES):
        raise InvalidRequest(f"there is no scope {', '.join(sorted(unknown))}; scopes are {', '.join(SCOPES)}")
    check_names(tenant, user)
    secret = MARK + secrets.token_urlsafe(32)
    record = orjson.dumps({"tenant": tenant, "user": user, "scopes": sorted(wanted)})
    await redis.set(key(SHARED, "apikey", hash_of(secret)), record, ex=UNUSED_SECONDS)
    return secret


async def list_keys(redis: Redis) -> list[ApiKey]:
    found = sorted([name async for name in redis.scan_iter(match=pattern(), count=1000)])
    records = [await redis.get(name) for name in found]
    return [ApiKey(id_of(name), read(record)) for name, record in zip(found, records, strict=True) if record]


async def revoke_key(redis: Redis, key_id: str) -> None:
    """Ends a key, named by its id as `list_keys` shows it."""
    usable = len(key_id) == ID_LENGTH and set(key_id) <= set("0123456789abcdef")
    found = [name async for name in redis.scan_iter(match=pattern(key_id), count=1000)] if usable else []
    if not found:
        raise NotFound("no key has this id; `parlance keys list` shows them")
    await redis.delete(*found)


async def bar(redis: Redis, tenant: str, user: str) -> int:
    """Ends every key of a user, and what their last requests begin from now on. How many keys there were."""
    await redis.set(barred_key(tenant, user), 1, ex=BARRED_SECONDS)
    found = 0
    async for name in redis.scan_iter(match=pattern(), count=1000):
        record = await redis.get(name)
        if record and (who := read(record)) and (who.tenant, who.user) == (tenant, user):
            found += await redis.delete(name)
    return found


async def refuse_barred(redis: Redis, who: Principal, undo: Callable[[], Awaitable[Any]]) -> None:
    """After something of the user's was written: if they are being erased, it is taken back. Whoever erases looks after the bar is there."""
    if await barred(redis, who.tenant, who.user):
        await undo()
        detail = f"Everything of this user is being erased, and nothing was kept. Begin anew, with a new key, in {BARRED_SECONDS // 60} minutes."
        raise Conflict(detail, code="user_being_erased")


async def barred(redis: Redis, tenant: str, user: str) -> bool:
    """Whether they are being erased: to be asked after something of theirs was written."""
    return bool(await redis.exists(barred_key(tenant, user)))


def barred_key(tenant: str, user: str) -> str:
    """Says nothing of whose it is to who does not know them."""
    return key(tenant, "barred", hash_of(user))


async def principal(redis: Redis, authorization: str | None) -> Principal:
    """The principal of an `Authorization: Bearer pk_...` header."""
    scheme, _, credential = (authorization or "").partition(" ")
    credential = credential.strip()
    if scheme.lower() != "bearer" or not credential:
        raise Unauthenticated("send an API key as `Authorization: Bearer pk_...`")
    record = await redis.getex(key(SHARED, "apikey", hash_of(credential)), ex=UNUSED_SECONDS)
    if record is None:
        raise Unauthenticated("this API key is unknown or revoked")
    return read(record)


def require(scope: Scope) -> Callable[[HTTPConnection], Awaitable[Principal]]:
    """A FastAPI dependency: the principal, who must have `scope`."""

    async def asking(request: HTTPConnection) -> Principal:
        redis = getattr(request.app.state, "redis", None)
        if redis is None:
            raise Unavailable("Parlance is starting; try again in a moment")
        who = await principal(redis, request.headers.get("authorization"))
        if scope not in who.scopes and "admin" not in who.scopes:
            raise Forbidden(f"this key lacks the scope `{scope}`")
        return who

    return asking


def hash_of(secret: str) -> str:
    """Plain SHA-256 is enough: the keys are 256 random bits, nothing a dictionary could hold."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def pattern(key_id: str = "") -> str:
    """Keys are found by scanning: an index beside them would have to be kept in step, and only operators list keys."""
    return key(SHARED, "apikey", key_id + "*")


def id_of(name: bytes) -> str:
    return name.decode().rpartition(":")[2].rstrip("}")[:ID_LENGTH]


def read(record: bytes | str) -> Principal:
    known = orjson.loads(record)
    return Principal(known["tenant"], known["user"], frozenset(known["scopes"]))


def check_names(tenant: str, user: str) -> None:
    for name in (tenant, user):
        key(name)
    if tenant == SHARED:
        raise InvalidRequest(f"{SHARED!r} is not a tenant's name: it stands for the installation itself")
