import pytest
from redis.asyncio import Redis

from runtime.errors import SettingsInvalid
from runtime.tenants import DEFAULTS, TenantSettings, load_tenant, save_tenant, tenant_key


async def test_a_tenants_settings_are_its_own(redis: Redis) -> None:
    assert await load_tenant(redis, "t") is DEFAULTS
    await save_tenant(redis, "t", TenantSettings())
    assert await redis.ttl(tenant_key("t")) > 0
    assert await redis.exists(tenant_key("other")) == 0


async def test_settings_of_another_version_are_said_to_be_unreadable(redis: Redis) -> None:
    await redis.set(tenant_key("t"), b'{"nothing": 1}')
    with pytest.raises(SettingsInvalid):
        await load_tenant(redis, "t")
