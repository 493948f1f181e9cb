"""What a tenant sets for all of its sessions, in Redis. The operator's own settings (settings.py) are the bounds of it."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Setting
from redis.asyncio import Redis

from runtime.errors import SettingsInvalid
from runtime.redis import key

LIFETIME = 400 * 86_400  # seconds since it was last read or written


class ModerationSettings(BaseModel):
    """`by`: nobody, the tenant's own `words`, or OpenAI's moderation (and the words). Of what the model says, not of data or of the customer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["off", "words", "openai"] = "off"
    words: Annotated[tuple[Annotated[str, StringConstraints(max_length=200, pattern=r"\S")], ...], Setting(max_length=1_000)] = ()


class TenantSettings(BaseModel):
    """Nothing set is the operator's default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moderation: ModerationSettings = ModerationSettings()


DEFAULTS = TenantSettings()


def tenant_key(tenant: str) -> str:
    return key(tenant, "tenant", "settings")


async def load_tenant(redis: Redis, tenant: str) -> TenantSettings:
    return parsed(await redis.getex(tenant_key(tenant), ex=LIFETIME))


async def save_tenant(redis: Redis, tenant: str, settings: TenantSettings) -> None:
    await redis.set(tenant_key(tenant), settings.model_dump_json(), ex=LIFETIME)


@lru_cache(maxsize=512)
def parsed(raw: bytes | None) -> TenantSettings:
    """The same bytes give the same object."""
    if raw is None:
        return DEFAULTS
    try:
        return TenantSettings.model_validate_json(raw)
    except ValidationError as error:
        raise SettingsInvalid(f"The tenant's stored settings cannot be read ({error.error_count()} problems); set them again.") from None
