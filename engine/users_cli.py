"""`parlance users`: what is kept of a user, taken away."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from engine.artifacts import Artifacts
from engine.erasing import Erased, erase_user
from engine.lifetimes import DAY_MS
from engine.store import SessionStore
from runtime.embedded import standing_redis, with_own_secret
from runtime.redis import connect
from runtime.secrets import KeyRing
from runtime.settings import Settings, load

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Users: what is kept of them.")


@app.callback()
def group() -> None:
    """Users: what is kept of them."""


@app.command()
def erase(
    user: Annotated[str, typer.Argument(help="As their API keys name them.")],
    tenant: Annotated[str | None, typer.Option(help="Whose user; PARLANCE_TENANT by default.")] = None,
) -> None:
    """Everything of a user: keys, sessions, ratings, own connections, tokens, sign-ins. If it broke off, the same command goes on."""
    settings = with_own_secret(load())
    with standing_redis(settings) as url:
        found = asyncio.run(erased(url, settings, tenant or settings.tenant, user))
    typer.echo(", ".join(f"{name.replace('_', '-')}: {count}" for name, count in asdict(found).items()))


async def erased(url: str, settings: Settings, tenant: str, user: str) -> Erased:
    ring = KeyRing.from_settings(settings)
    async with connect(url) as redis:
        store = SessionStore(redis, owner="users erase", lease_ms=int(settings.lease_seconds * 1000), lifetime_ms=int(settings.session_days * DAY_MS))
        return await erase_user(Artifacts(store, ring, settings.artifacts), ring, tenant, user)
