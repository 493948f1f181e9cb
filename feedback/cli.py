"""`parlance ratings`: what customers thought of their turns, for people and as JSON lines."""

import asyncio
from typing import Annotated

import typer

from feedback import store
from feedback.store import Rating
from runtime.embedded import standing_redis
from runtime.redis import connect
from runtime.settings import load

app = typer.Typer(no_args_is_help=True, add_completion=False, help="What customers thought of their turns.")
Tenant = Annotated[str | None, typer.Option(help="Whose ratings; PARLANCE_TENANT by default.")]
PAGE = 100


@app.command("list")
def listed(
    tenant: Tenant = None, limit: Annotated[int, typer.Option(min=1)] = 20, json: bool = typer.Option(False, "--json", help="As one JSON document.")
) -> None:
    """The newest ratings."""
    found = collected(tenant, limit)
    if json:
        typer.echo("[" + ",\n".join(rating.model_dump_json() for rating in found) + "]")
        return
    for rating in found:
        said = next((event.get("text", "") for event in rating.events if event["type"] == "UserSaid"), "")
        typer.echo(f"{rating.rating:4}  {rating.session}  turn {rating.turn}  {said!r}" + (f"  {rating.comment!r}" if rating.comment else ""))
    if not found:
        typer.echo("no ratings yet", err=True)


@app.command()
def export(tenant: Tenant = None) -> None:
    """All ratings, newest first, one JSON object a line."""
    for rating in collected(tenant, None):
        typer.echo(rating.model_dump_json())


def collected(tenant: str | None, limit: int | None) -> list[Rating]:
    settings = load()
    with standing_redis(settings) as url:
        return asyncio.run(read(url, tenant or settings.tenant, limit))


async def read(url: str, tenant: str, limit: int | None) -> list[Rating]:
    found: list[Rating] = []
    after: str | None = None
    async with connect(url) as redis:
        while limit is None or len(found) < limit:
            page, after = await store.page(redis, tenant, PAGE, after)
            found += page
            if after is None:
                break
    return found[:limit]
