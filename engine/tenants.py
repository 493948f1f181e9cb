"""A tenant's own settings and what its day has used, over HTTP. What the settings mean is known where they are used."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from engine.accept import Turns
from engine.budget import shown
from runtime.auth import Principal, require
from runtime.bodies import StrictJson
from runtime.errors import SettingsInvalid
from runtime.limits import lowest, refuse_unusable
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
    turns: Turns = request.app.state.turns
    refuse_unusable(turns.parts.settings, turns.parts.price, body.limits)
    await save_tenant(request.app.state.redis, who.tenant, body)
    turns.admission.learn(who.tenant, lowest(turns.parts.settings, body.limits))
    return body


@router.get("/v1/usage")
async def usage(request: Request, who: Admin) -> dict[str, Any]:
    """What the tenant's turns have used since midnight UTC, and the limits that hold for it, the operator's and its own."""
    turns: Turns = request.app.state.turns
    today = await turns.parts.quota.today(who.tenant)
    own = await load_tenant(request.app.state.redis, who.tenant)
    limits = lowest(turns.parts.settings, own.limits).model_dump(exclude_none=True)
    return {"day": today.day.isoformat(), "turns": today.turns, **shown(today.used), "limits": limits}
