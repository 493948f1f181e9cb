"""Users over HTTP: their erasure. Who they are is known by their keys (runtime/auth.py) alone."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends

from engine.app import Busy
from engine.erasing import Erased, erase_user
from runtime.auth import Principal, require

log = structlog.get_logger()
router = APIRouter(tags=["users"])
Admin = Annotated[Principal, Depends(require("admin"))]


@router.delete("/v1/users/{user}")
async def erase(user: str, who: Admin, busy: Busy) -> Erased:
    """Everything of a user of the tenant: keys, sessions, ratings, own connections, tokens, sign-ins. Asked again, it goes on where it broke off."""
    found = await erase_user(busy.parts.artifacts, busy.parts.ring, who.tenant, user)
    log.info("user_erased", tenant=who.tenant, count=found.sessions)
    return found
