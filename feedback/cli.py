"""`parlance ratings`: what customers thought of their turns, for people and as JSON lines."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated, Any

import typer

from feedback import store
from feedback.case_writing import as_file
from feedback.console import folders_there, say
from feedback.makers import Results
from feedback.store import Rating
from feedback.to_case import Recording, case_file, refuse_without_words, whole_results
from runtime.embedded import standing_redis, with_own_secret
from runtime.errors import Conflict, NotFound
from runtime.redis import connect
from runtime.settings import Settings, load
from specs import store as documents
from tools.scene import Play, Scene
from tools.store import load_settings

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


@app.command("to-case")
def to_case(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Of a thumbs-down, as `ratings list --json` shows it.")],
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="The case file; ID.yaml here by default. Its document is put beside it.")] = None,
    tenant: Tenant = None,
) -> None:
    """A turn that was rated down as a case that `eval run` plays, without secrets and personal numbers. What would have been right you say in it."""
    target = out or Path(f"{Path(identifier).name}.yaml")
    if target.exists():
        raise Conflict(f"{target} is there already, perhaps with what you wrote into it. Name another file.", code="file_exists")
    folders_there(target)
    settings = with_own_secret(load())
    with standing_redis(settings) as url:
        recording, source = asyncio.run(recorded(url, settings, tenant or settings.tenant, identifier, context.obj["makers"]().results))
    correction = recording.rating.correction
    corrected = asyncio.run(rehearsed(context.obj["rehearsing"], recording, correction)) if correction else None
    document = target.with_name(f"{recording.document.hash[:12]}.{'json' if source.lstrip()[:1] == b'{' else 'yaml'}")
    data = as_file(case_file(recording, document.name, corrected), json=target.suffix == ".json")
    document.write_bytes(source)
    target.write_bytes(data)
    say(f"{target}, with its document {document.name}")


async def recorded(url: str, settings: Settings, tenant: str, identifier: str, results: Results) -> tuple[Recording, bytes]:
    """What is kept of it, and the bytes of its document."""
    async with connect(url) as redis:
        rating = await store.find(redis, tenant, identifier)
        refuse_without_words(rating)
        source = await documents.source(redis, tenant, rating.document)
        if source is None:
            raise NotFound(
                "The document that the session worked with is no longer kept, and without it nothing can be played.", code="document_not_kept"
            )
        document = await documents.load(redis, tenant, rating.document)
        earlier = await store.earlier(redis, tenant, rating)
        bodies = await results(redis, settings, tenant, rating.session, whole_results((*earlier, *rating.events)))
        return Recording(rating, document, await load_settings(redis, tenant, rating.spec), earlier, bodies), source


async def rehearsed(rehearsing: Callable[[str], AbstractAsyncContextManager[Play]], recording: Recording, correction: str) -> Mapping[str, Any]:
    """What the correction would come to if it were said at that time: the built-in model's reading of it. Nothing is sent."""
    rating = recording.rating
    async with rehearsing("builtin") as play:
        found: Mapping[str, Any] = await play(recording.document, Scene((correction,), recording.now, rating.timezone, rating.locale))
        return found


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
