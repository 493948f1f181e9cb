"""The command line and the one-process server: the only file that sees all workers. Heavy parts are imported by the command that needs them."""

import asyncio
import gc
import importlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    import socket

    from fastapi import APIRouter, FastAPI
    from redis.asyncio import Redis

    from engine.cli import Terminal
    from feedback.makers import Makers
    from feedback.predict import Stage
    from runtime.settings import Settings
    from tools.scene import Play

ROOT = Path(__file__).resolve().parent
STATIC = ROOT / "engine" / "static"
EXAMPLE = ROOT / "specs" / "examples" / "identity.yaml"
LATER = {  # command groups that live beside their worker: (module, its typer app, what --help says)
    "specs": ("preprocess.cli", "specs", "OpenAPI documents: check, search, add, list, remove."),
    "ratings": ("feedback.cli", "app", "What customers thought of their turns."),
    "users": ("engine.users_cli", "app", "Users: what is kept of them."),
    "eval": ("feedback.evaluation", "app", "How well it does on rows with known answers."),
}
WORKERS = ("engine", "preprocess", "feedback")
Worker = Literal["engine", "preprocess", "feedback", "all"]
GREETING = """
Parlance is running with its example product.

  Chat panel   {panel}
  Console      {console}
  Product      {product} (starts anew each time)

Try: Get the user details of 'user1' and create a new user 'user2' with those details
     Show me all audit logs from yesterday
     Create a new user
Ctrl-C stops it.
"""


class Commands(TyperGroup):
    """Knows the names in LATER for --help, and imports one when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted({*super().list_commands(ctx), *LATER})

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return TyperCommand(cmd_name, help=LATER[cmd_name][2]) if cmd_name in LATER else super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        if name in LATER:
            module, attribute, _ = LATER[name]
            command = typer.main.get_command(getattr(importlib.import_module(module), attribute))
        return name, command, rest


cli = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Customers say what they want in their own words and have it done through a product's own HTTP API.",
)  # fmt: skip
keys = typer.Typer(no_args_is_help=True, help="API keys: who may do what.")
cli.add_typer(keys, name="keys")

Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 8080 by default.")]
Document = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="An OpenAPI document, JSON or YAML.")]
BaseUrl = Annotated[str | None, typer.Option(help="Where the product answers, if not where the document says.")]
Model = Annotated[str | None, typer.Option(help='"builtin", or a vendor\'s as "openai:NAME".')]

Token = Annotated[str | None, typer.Option(envvar="PRODUCT_TOKEN", help="Your key or token for the product, or USER:PASSWORD.")]
Credentials = Annotated[
    list[str] | None,
    typer.Option("--credential", envvar="PRODUCT_CREDENTIALS", metavar="SCHEME=VALUE", help="The same for one of several security schemes."),
]


@cli.command()
def demo(port: Port = None) -> None:
    """Everything in one process: embedded Redis, the example product, the chat panel and the console."""
    from runtime.serve import listening

    settings = start(quiet=True)
    with listening(settings.host, settings.port if port is None else port) as listener:
        with_redis(settings, lambda standing: demonstration(standing, listener))


@cli.command()
def serve(worker: Annotated[Worker, typer.Argument(help="Which of the workers.")] = "all", host: str | None = None, port: Port = None) -> None:
    """A worker as a server; `all` serves the panel and the console too."""
    from runtime.serve import listening

    settings = start()
    with listening(host or settings.host, settings.port if port is None else port) as listener:
        with_redis(settings, lambda standing: service(standing, WORKERS if worker == "all" else (worker,), listener))


@cli.command()
def ask(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    file: Document,
    text: Annotated[str, typer.Argument(help="What to do, in your own words.")],
    base_url: BaseUrl = None,
    token: Token = None,
    credential: Credentials = None,
    model: Model = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Stop before any request and say what would be done.")] = False,
    json: Annotated[bool, typer.Option("--json", help="With --dry-run: one JSON document.")] = False,
) -> None:
    """One turn without a server. Exit 0: answered or done, 1: refused, declined, failed, or nobody knows; 2: not even begun. A dry run exits 0."""
    if not text.strip():
        raise typer.BadParameter("say what to do: the text is empty")
    if json and not dry_run:
        raise typer.BadParameter("--json goes with --dry-run")
    from engine import cli as engine

    settings = start(quiet=True, **({"model": model} if model else {}))
    if not dry_run:
        raise typer.Exit(asyncio.run(engine.converse(terminal(file, settings, base_url, token, credential), text, once=True)))
    report = asyncio.run(engine.dry_run(terminal(file, settings, base_url, token, credential), text))
    typer.echo(engine.as_json(report) if json else engine.as_text(report))


@cli.command()
def chat(file: Document, base_url: BaseUrl = None, token: Token = None, credential: Credentials = None, model: Model = None) -> None:
    """A conversation in the terminal."""
    from engine import cli as engine

    settings = start(quiet=True, **({"model": model} if model else {}))
    raise typer.Exit(asyncio.run(engine.converse(terminal(file, settings, base_url, token, credential), None, once=False)))


@keys.command("create")
def create(
    tenant: Annotated[str | None, typer.Option(help="PARLANCE_TENANT by default.")] = None,
    user: Annotated[str, typer.Option(help="Who in the tenant.")] = "admin",
    scope: Annotated[list[str] | None, typer.Option(help="chat, specs, ratings or admin; may be given several times.")] = None,
) -> None:
    """A new key, shown once."""
    from runtime.auth import create_key

    settings = start(quiet=True)
    typer.echo(on_redis(settings, lambda redis: create_key(redis, settings.tenant if tenant is None else tenant, user, scope or ["chat"])))


@keys.command("list")
def listed() -> None:
    """The keys that exist, without what makes them usable."""
    from runtime.auth import list_keys

    for key in on_redis(start(quiet=True), list_keys):
        typer.echo(f"{key.id}  {key.principal.tenant}  {key.principal.user}  {','.join(sorted(key.principal.scopes))}")


@keys.command()
def revoke(key_id: Annotated[str, typer.Argument(metavar="ID", help="As `keys list` shows it.")]) -> None:
    """Ends a key."""
    from runtime.auth import revoke_key

    on_redis(start(quiet=True), lambda redis: revoke_key(redis, key_id))


def start(*, quiet: bool = False, **given: Any) -> "Settings":
    """Settings read and logging set up; `quiet` logs warnings only, unless somebody set a level. On a laptop the data folder's key is ours."""
    from runtime import settings as read
    from runtime import telemetry
    from runtime.embedded import with_own_secret

    settings = read.load(**given)
    telemetry.configure("warning" if quiet and "log_level" not in settings.model_fields_set else settings.log_level, settings.log_format)
    return with_own_secret(settings)


def with_redis(settings: "Settings", work: "Callable[[Settings], Coroutine[Any, Any, None]]") -> None:
    """Redis is started and stopped outside of the event loop: it must outlive everything in there."""
    from runtime.embedded import standing_redis

    with suppress(KeyboardInterrupt), standing_redis(settings) as url:  # Ctrl-C is how one ends it
        asyncio.run(work(settings.model_copy(update={"redis_url": url})))


def on_redis(settings: "Settings", work: "Callable[[Redis], Coroutine[Any, Any, Any]]") -> Any:
    from runtime.embedded import standing_redis
    from runtime.redis import connect

    async def working(url: str) -> Any:
        async with connect(url) as redis:
            return await work(redis)

    with standing_redis(settings) as url:
        return asyncio.run(working(url))


def terminal(file: Path, settings: "Settings", base_url: str | None, token: str | None, credentials: Sequence[str] | None) -> "Terminal":
    from engine.cli import Terminal
    from preprocess.compile import compile_document
    from tools.request import Target, address_problem

    if base_url is not None and (reason := address_problem(Target(base_url, {}))):
        raise typer.BadParameter(reason)
    if wrong := next((each.partition("=")[0] for each in credentials or () if not all(each.partition("="))), None):
        raise typer.BadParameter(f"--credential {wrong}: give it as SCHEME=VALUE")
    return Terminal(file, compile_document, settings, base_url, token, tuple(credentials or ()))


def stage(folder: Path, model: str | None) -> "Stage":
    """What evaluation plays its rows with: the feedback worker sees no other worker."""
    from feedback.predict import Stage
    from preprocess.compile import compile_document

    waits = start(quiet=True, **({"model": model} if model else {})).model.partition(":")[0].strip() != "builtin"
    return Stage(folder, compile_document, partial(rehearsing, model), waits)


def rehearsing(model: str | None) -> "AbstractAsyncContextManager[Play]":
    from engine import rehearse

    return rehearse.rehearsing(start(quiet=True, **({"model": model} if model else {})))


def makers() -> "Makers":
    """What it makes cases of, and has them judged by."""
    from engine.adviser import adviser
    from engine.kept import whole_results
    from engine.unsaid import unsaid
    from feedback.makers import Makers
    from preprocess.compile import compile_document

    return Makers(lambda model: adviser(start(quiet=True, model=model)), unsaid, compile_document, whole_results)


HANDED = {"stage": stage, "rehearsing": rehearsing, "makers": makers}  # what the feedback worker's commands need of others


@asynccontextmanager
async def assembled(settings: "Settings", workers: Sequence[str]) -> "AsyncIterator[FastAPI]":
    """One app of these workers, on this Redis; the engine runs while the block does."""
    from runtime.http import create_app
    from runtime.redis import connect, refuse_cluster

    async with AsyncExitStack() as stack:
        app = create_app("Parlance", [router for worker in workers for router in routers(worker)])
        app.state.settings = settings
        if settings.allowed_origins:
            from starlette.middleware.cors import CORSMiddleware

            app.add_middleware(CORSMiddleware, allow_origins=settings.allowed_origins, allow_methods=["*"], allow_headers=["*"], max_age=600)
        app.state.redis = await stack.enter_async_context(connect(settings.redis_url or ""))
        await refuse_cluster(app.state.redis)
        if "engine" in workers:
            from engine.worker import engine

            app.state.turns = await stack.enter_async_context(engine(settings, app.state.redis))
        if len(workers) > 1:
            add_pages(app)
        yield app


def routers(worker: str) -> "list[APIRouter]":
    parts = ("app", "uploads", "connections", "signin", "tenants", "users")
    modules = tuple(f"engine.{part}" for part in parts) if worker == "engine" else (f"{worker}.app",)
    return [importlib.import_module(name).router for name in modules]


def add_pages(app: "FastAPI") -> None:
    from starlette.responses import FileResponse
    from starlette.staticfiles import StaticFiles

    app.mount("/static", StaticFiles(directory=STATIC))
    for path, file in (("/", "index.html"), ("/console", "console.html")):
        app.add_api_route(path, lambda file=file: FileResponse(STATIC / file), include_in_schema=False, response_class=FileResponse)


async def service(settings: "Settings", workers: Sequence[str], listener: "socket.socket") -> None:
    from runtime.serve import answering, stopping

    asked = stopping()
    async with assembled(settings, workers) as app, answering(app, listener) as url:
        typer.echo(f"parlance: {', '.join(workers)} at {url}", err=True)
        await asked.wait()


async def demonstration(settings: "Settings", listener: "socket.socket") -> None:
    from demo import app as product
    from demo.serve import serve as serving_product
    from runtime.serve import answering, stopping

    asked = stopping()
    async with serving_product(product.create_app()) as product_url, assembled(settings, WORKERS) as app, answering(app, listener) as url:
        fragment = await prepared(app, url, product_url)
        typer.echo(GREETING.format(panel=f"{url}/#{fragment}", console=f"{url}/console#{fragment}", product=product_url))
        await asked.wait()
        for turn in set(app.state.turns.tasks):
            turn.cancel()  # goes on from its stored state at the next start


async def prepared(app: "FastAPI", url: str, product_url: str) -> str:
    """The example document, uploaded as anybody would; a connection to the example product; a key. The address' fragment that tells the panel."""
    from demo.tokens import CLIENT_ID, CLIENT_SECRET
    from runtime.auth import create_key
    from runtime.secrets import KeyRing
    from tools.security import ClientCredentials, Connection, save_connection
    from tools.settings import DocumentSettings
    from tools.store import save_settings

    redis, tenant = app.state.redis, app.state.settings.tenant
    key = await create_key(redis, tenant, "demo", ("chat", "specs", "ratings"))
    spec = await uploaded(url, key)
    await save_settings(redis, tenant, spec, DocumentSettings(base_url=product_url, hosts=("127.0.0.1",)))
    credential = ClientCredentials(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    connection = Connection(id="cn_demo", tenant=tenant, spec=spec, base_url=product_url, credential=credential)
    await save_connection(redis, KeyRing.from_settings(app.state.settings), connection)
    # By name: who tries out connections of his own would leave more than one to choose from.
    return f"key={key}&spec={spec}&connection={connection.id}"


async def uploaded(url: str, key: str) -> str:
    """The id of the example document, ready."""
    import aiohttp

    from runtime.errors import Unavailable

    async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {key}"}, raise_for_status=True) as client:
        async with client.post("/v1/specs", data=EXAMPLE.read_bytes(), headers={"Content-Type": "application/yaml"}) as response:
            spec = str((await response.json())["id"])
        for _ in range(600):
            async with client.get(f"/v1/specs/{spec}") as response:
                entry = await response.json()
            if entry["state"] != "reading":
                break
            await asyncio.sleep(0.05)
    if entry["state"] != "ready":
        raise Unavailable(f"the example document could not be read: {entry['state']}")
    return spec


def main() -> None:
    """One line on standard error and exit status 2 for whatever goes wrong; never a traceback."""
    from dotenv import load_dotenv

    load_dotenv(Path.cwd() / ".env")
    if any("\ud800" <= c <= "\udfff" for argument in sys.argv for c in argument):
        failed("an argument is not UTF-8")
    try:
        sys.exit(cli(standalone_mode=False, obj=HANDED) or 0)
    except typer.TyperException as error:
        failed(error.format_message())
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stdout = None  # whoever read our output has left
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the command line is one of the three places
        failed(explained(error))
    finally:
        gc.freeze()  # at its end the interpreter would search all modules for garbage once more: up to a second


def explained(error: Exception) -> str:
    from redis.exceptions import RedisError

    from runtime.errors import ParlanceError

    if isinstance(error, ParlanceError):
        return error.detail
    if isinstance(error, RedisError):
        return f"Redis: {error}"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    import structlog

    if structlog.is_configured():
        structlog.get_logger().debug("unexpected_error", exc_info=error)
    return f"something unexpected went wrong ({type(error).__name__}); PARLANCE_LOG_LEVEL=debug says where"


def failed(why: str) -> None:
    if why:  # without a command, the help has been shown
        print(f"parlance: {' '.join(why.split())}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
