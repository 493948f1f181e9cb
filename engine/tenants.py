"""A tenant's own settings over HTTP. What they mean is known where they are used."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from runtime.auth import Principal, require
from runtime.bodies import StrictJson
from runtime.errors import SettingsInvalid
from runtime.moderation import usable
from runtime.tenants import TenantSettings, load_tenant, refuse_longer, save_tenant

router = APIRouter(tags=["settings"], route_class=StrictJson)
Admin = Annotated[Principal, Depends(require("admin"))]


@router.get("/v1/settings")
async def settings(request: Request, who: Admin) -> TenantSettings:
    return await load_tenant(request.app.state.redis, who.tenant)


@router.put("/v1/settings")
async def put_settings(request: Request, body: TenantSettings, who: Admin) -> TenantSettings:
    """All of them at once; what is left out is the default again."""
    if body.moderation.by == "openai" and not usable(request.app.state.settings):
        raise SettingsInvalid("Moderation by OpenAI needs a key: the operator sets PARLANCE_MODERATION_KEY. Nothing was changed.")
    refuse_longer(body.retention, request.app.state.settings)
    await save_tenant(request.app.state.redis, who.tenant, body)
    return body
