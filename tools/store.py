"""What product teams set, in Redis."""

from functools import lru_cache

from pydantic import ValidationError
from redis.asyncio import Redis

from runtime.errors import SettingsInvalid
from runtime.redis import key
from runtime.tenants import LIFETIME as TENANT_LIFETIME
from runtime.tenants import TenantSettings, tenant_key
from runtime.tenants import parsed as parsed_tenant
from tools.settings import DocumentSettings

LIFETIME = 400 * 86_400  # seconds since it was last read or written
DEFAULTS = DocumentSettings()


async def load_settings(redis: Redis, tenant: str, spec: str) -> DocumentSettings:
    """The defaults where nothing was set. The same bytes give the same object, so that what was made of it is found again."""
    raw = await redis.getex(key(tenant, "settings", spec), ex=LIFETIME)
    return DEFAULTS if raw is None else parsed(raw)


async def load_all_settings(redis: Redis, tenant: str, spec: str) -> tuple[DocumentSettings, TenantSettings]:
    """The document's and the tenant's, in one round trip: every turn begins with it."""
    async with redis.pipeline(transaction=False) as pipe:
        pipe.getex(key(tenant, "settings", spec), ex=LIFETIME)
        pipe.getex(tenant_key(tenant), ex=TENANT_LIFETIME)
        document, all_of_it = await pipe.execute()
    return DEFAULTS if document is None else parsed(document), parsed_tenant(all_of_it)


async def save_settings(redis: Redis, tenant: str, spec: str, settings: DocumentSettings) -> None:
    await redis.set(key(tenant, "settings", spec), settings.model_dump_json(), ex=LIFETIME)


async def remove_settings(redis: Redis, tenant: str, spec: str) -> None:
    await redis.delete(key(tenant, "settings", spec))


@lru_cache(maxsize=512)
def parsed(raw: bytes) -> DocumentSettings:
    try:
        return DocumentSettings.model_validate_json(raw)
    except ValidationError as error:
        raise SettingsInvalid(f"The stored settings cannot be read ({error.error_count()} problems); set them again.") from None
