"""Bytes that are to become a version of an entry: kept in Redis until they are read, and read by one worker at a time."""

from dataclasses import dataclass

from redis.asyncio import Redis

from runtime.redis import key

KEPT = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Upload:
    """`hash` is that of the bytes, so that a newer upload to the same entry is another one."""

    tenant: str
    spec: str
    hash: str


async def keep(redis: "Redis", upload: Upload, packed: bytes) -> None:
    """The bytes as they came, for an hour: if the worker that reads them dies, another can."""
    await redis.set(_bytes(upload), packed, ex=KEPT)


async def packed(redis: "Redis", upload: Upload) -> bytes | None:
    found = await redis.get(_bytes(upload))
    return found if isinstance(found, bytes) else None


async def claim(redis: "Redis", upload: Upload, seconds: int) -> bool:
    """True for the one worker that may read this upload now."""
    return bool(await redis.set(_claim(upload), "1", nx=True, ex=seconds))


async def renew(redis: "Redis", upload: Upload, seconds: int) -> None:
    await redis.expire(_claim(upload), seconds)


async def drop(redis: "Redis", upload: Upload) -> None:
    await redis.delete(_bytes(upload), _claim(upload))


def _bytes(upload: Upload) -> str:
    return key(upload.tenant, "spec", upload.spec, "upload", upload.hash)


def _claim(upload: Upload) -> str:
    return key(upload.tenant, "spec", upload.spec, "claim", upload.hash)
