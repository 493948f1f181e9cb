"""Looks for secrets where none may be: in any spelling, in texts and in everything that Redis holds."""

import base64
import binascii
from collections.abc import AsyncIterator, Iterable
from typing import Any
from urllib.parse import quote, quote_plus

import orjson
from redis.asyncio import Redis


def spellings(secret: str) -> set[str]:
    """As it is, in JSON, in a URL, in a form, in hex, and in base64 wherever it may begin in what was encoded."""
    raw = secret.encode()
    found = {secret, orjson.dumps(secret).decode()[1:-1], quote(secret, safe=""), quote(secret), quote_plus(secret), raw.hex(), raw.hex().upper()}
    for before in range(3):
        # The first and last letters hold bits of their neighbours.
        coded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        inner = coded[(before * 8 + 5) // 6 : len(coded) - 1]
        found |= {inner, inner.replace("+", "-").replace("/", "_")}
    return found


def found_in(texts: Iterable[str], secrets: Iterable[str]) -> list[tuple[str, str]]:
    """(secret, text) of all that is where it may not be."""
    known = [(secret, spelling) for secret in secrets for spelling in spellings(secret)]
    return sorted({(secret, text[:200]) for text in texts for secret, spelling in known if spelling in text})


async def redis_texts(redis: Redis) -> list[str]:
    """Names and values of every key, of every type."""
    return [text async for text in _texts(redis)]


async def _texts(redis: Redis) -> AsyncIterator[str]:
    for name in await redis.keys("*"):
        yield name.decode()
        match (await redis.type(name)).decode():
            case "string":
                values: Any = [await redis.get(name)]
            case "hash":
                values = [part for pair in (await redis.hgetall(name)).items() for part in pair]
            case "list":
                values = await redis.lrange(name, 0, -1)
            case "set":
                values = await redis.smembers(name)
            case "zset":
                values = await redis.zrange(name, 0, -1)
            case "stream":
                values = [part for _, fields in await redis.xrange(name) for pair in fields.items() for part in pair]
            case other:
                raise AssertionError(f"a key of type {other}, which nobody looks into")
        for value in values:
            yield from_bytes(value)


def from_bytes(value: bytes) -> str:
    """Sealed values are no text: each byte as a letter, so that what is readable stays so."""
    return value.decode("latin-1") + "\n" + binascii.hexlify(value).decode()
