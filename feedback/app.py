"""The feedback worker over HTTP: rate a turn, list ratings."""

import math
import time
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from feedback import store
from feedback.copy import copied
from feedback.store import RatedTurn, Rating
from runtime.auth import Principal, require
from runtime.bodies import StrictJson
from runtime.errors import NotFound
from runtime.http import create_app, standing
from runtime.tenants import days, load_tenant

log = structlog.get_logger()
router = APIRouter(prefix="/v1", tags=["feedback"], route_class=StrictJson)

DAY = 86_400  # seconds
Words = Annotated[str, Field(max_length=4000)]


class Feedback(BaseModel):
    """`turn` is the number of the turn's UserSaid event, `epoch` the session's as the client saw it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: int = Field(ge=1, le=2**31, strict=True)
    rating: Literal["up", "down"]
    comment: Words | None = None
    correction: Words | None = None
    reset: bool = False
    epoch: int | None = None


@router.post("/sessions/{session_id}/feedback", status_code=201)
async def rate(session_id: str, given: Feedback, request: Request, who: Annotated[Principal, Depends(require("chat"))]) -> dict[str, Any]:
    """Keeps the rating with a copy of its turn; with `reset` the session begins anew after that."""
    redis, settings = request.app.state.redis, request.app.state.settings
    turn = await store.read_turn(redis, who.tenant, who.user, session_id, given.turn)
    if given.epoch not in (None, turn.epoch):
        raise NotFound(f"there is no such turn in a session {session_id} of yours", code="turn_not_found")
    rating = rating_of(session_id, turn, given)
    kept = days((await load_tenant(redis, who.tenant)).retention, settings)["ratings"]
    await store.save(redis, who.tenant, rating, math.ceil(kept * DAY), math.ceil(settings.rating_days * DAY))
    log.info("turn_rated", tenant=who.tenant, session=session_id, turn=given.turn, rating=given.rating)
    if given.reset:
        await store.reset(redis, who.tenant, session_id, turn.epoch)
    return {"id": rating.id, "reset": given.reset}


def rating_of(session_id: str, turn: RatedTurn, given: Feedback) -> Rating:
    consent = bool(turn.started.get("consent"))
    return Rating(
        id=f"{session_id}-{turn.epoch}-{given.turn}",
        session=session_id,
        epoch=turn.epoch,
        turn=given.turn,
        rating=given.rating,
        comment=given.comment,
        correction=given.correction,
        user=turn.started["user"],
        spec=turn.started["spec"],
        document=turn.started["document"],
        consent=consent,
        events=copied(turn.events, consent),
        created=time.time_ns() // 1_000_000,
        locale=turn.started.get("locale", "en"),
        timezone=turn.started.get("timezone", "UTC"),
    )


@router.get("/ratings")
async def ratings(
    request: Request,
    who: Annotated[Principal, Depends(require("ratings"))],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=400)] = None,
) -> dict[str, Any]:
    """Newest first; `next` is the `after` of the next page."""
    found, following = await store.page(request.app.state.redis, who.tenant, limit, after)
    return {"ratings": [rating.model_dump(mode="json") for rating in found], "next": following}


app = create_app("Parlance feedback", [router], standing())
