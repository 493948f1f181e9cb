"""A moderation service that speaks OpenAI's protocol: texts out, the flagged categories back. What follows from them is not known here."""

import os
from collections.abc import Sequence
from typing import Annotated

import aiohttp
import structlog
from pydantic import BaseModel, StringConstraints, ValidationError

from runtime.settings import Settings

log = structlog.get_logger()
ADDRESS = "https://api.openai.com/v1"
MODEL = "omni-moderation-latest"
SECONDS = 5.0
MAX_ANSWER = 2**20
CATEGORIES = 20

Category = Annotated[str, StringConstraints(max_length=60, pattern=r"^[\w/ -]+$")]


class Verdict(BaseModel):
    flagged: bool
    categories: dict[Category, bool | None] = {}


class Answer(BaseModel):
    results: list[Verdict]


class Moderator:
    """Holds connections: `close` it in the loop it was used in."""

    def __init__(self, address: str, key: str | None, seconds: float = SECONDS) -> None:
        self.address, self.seconds = address, seconds
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._session: aiohttp.ClientSession | None = None

    async def flagged(self, texts: Sequence[str]) -> tuple[str, ...] | None:
        """The categories of which any text was flagged. None: the service gave no verdict; why is in the log."""
        try:
            async with self._open().post(f"{self.address}/moderations", json={"model": MODEL, "input": list(texts)}, allow_redirects=False) as answer:
                if answer.status != 200:
                    log.warning("moderation_failed", status=answer.status)
                    return None
                found = Answer.model_validate_json(await whole(answer))
        except (aiohttp.ClientError, OSError, ValidationError) as error:  # TimeoutError is an OSError
            log.warning("moderation_failed", error=type(error).__name__)
            return None
        if len(found.results) != len(texts):
            log.warning("moderation_failed", error="a verdict is missing")
            return None
        bad = [each for each in found.results if each.flagged]
        named = dict.fromkeys(name for each in bad for name, held in each.categories.items() if held)
        return tuple(named)[:CATEGORIES] or (("unnamed",) if bad else ())

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=aiohttp.ClientTimeout(total=self.seconds))
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


async def whole(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > MAX_ANSWER:
            raise aiohttp.ClientPayloadError("too long")
    return bytes(body)


def moderator(settings: Settings) -> Moderator:
    return Moderator((settings.moderation_url or ADDRESS).rstrip("/"), key_of(settings))


def usable(settings: Settings) -> bool:
    """A server of one's own may want no key; OpenAI does."""
    return settings.moderation_url is not None or key_of(settings) is not None


def key_of(settings: Settings) -> str | None:
    """The key that OpenAI's users already have goes to OpenAI only."""
    if settings.moderation_key is not None:
        return settings.moderation_key.get_secret_value()
    return None if settings.moderation_url else os.environ.get("OPENAI_API_KEY") or None
