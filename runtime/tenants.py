"""What a tenant sets for all of its sessions, in Redis. The operator's own settings (settings.py) are the bounds of it."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic import Field as Setting
from redis.asyncio import Redis

from runtime.errors import InvalidRequest, SettingsInvalid
from runtime.limits import Limits
from runtime.redis import key
from runtime.settings import Settings

LIFETIME = 400 * 86_400  # seconds since it was last read or written


class ModerationSettings(BaseModel):
    """`by`: nobody, the tenant's own `words`, or OpenAI's moderation (and the words). Of what the model says, not of data or of the customer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["off", "words", "openai"] = "off"
    words: Annotated[tuple[Annotated[str, StringConstraints(max_length=200, pattern=r"\S")], ...], Setting(max_length=1_000)] = ()


TenantDays = Annotated[float, Setting(ge=0.01)]  # a quarter of an hour: a turn must fit into it


class Retention(BaseModel):
    """Days that things are kept, never more than the operator keeps them. `sessions` after their last event; `artifacts` (whole results and files)
    and `secrets` (hidden answers) after the session's last of them was written, and with it at the latest; `ratings` after they were given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sessions: TenantDays | None = None
    artifacts: TenantDays | None = None
    secrets: TenantDays | None = None
    ratings: TenantDays | None = None


class TenantSettings(BaseModel):
    """Nothing set is the operator's default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limits: Limits = Limits()  # what the tenant's sessions may use: limits.py
    moderation: ModerationSettings = ModerationSettings()
    retention: Retention = Retention()


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


def most_days(settings: Settings) -> dict[str, float]:
    """What the operator allows of each."""
    return {**dict.fromkeys(("sessions", "artifacts", "secrets"), settings.session_days), "ratings": settings.rating_days}


def refuse_longer(retention: Retention, settings: Settings) -> None:
    longer = [f"{name} at most {most:g}" for name, most in most_days(settings).items() if (getattr(retention, name) or 0) > most]
    if longer:
        raise InvalidRequest(f"A tenant keeps nothing longer than its operator does. Days: {', '.join(longer)}.", code="retention_too_long")


def days(retention: Retention, settings: Settings) -> dict[str, float]:
    """Of each, as it is now: the operator may have lowered the bound since."""
    return {name: min(getattr(retention, name) or most, most) for name, most in most_days(settings).items()}
