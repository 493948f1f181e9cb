"""`parlance specs ...`: check, search and compare documents offline, add, list and remove stored ones."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

if TYPE_CHECKING:
    from redis.asyncio import Redis

    from specs.document import Document
    from tools.settings import DocumentSettings

specs = typer.Typer(help="Documents: check, search, diff, add, list, remove.", no_args_is_help=True, add_completion=False)

File = Annotated[str, typer.Argument(metavar="FILE|URL", help="A file (also .gz), '-' for standard input, or an http(s) address.")]
Version = Annotated[str, typer.Argument(metavar="FILE|URL|ID", help="Likewise, or the id of a stored document (sp_...).")]
Overlay = Annotated[str | None, typer.Option(metavar="FILE|URL", help="An OpenAPI Overlay 1.0 to read the document with; the file stays as it is.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Tenant = Annotated[str | None, typer.Option(help="Whose documents; PARLANCE_TENANT by default.")]
ENTRY = "sp_"  # what ids of stored documents begin with


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a command's documents are."""

    redis: "Redis"
    tenant: str
    days: float


@specs.command()
def check(
    file: File,
    overlay: Overlay = None,
    write_overlay: Annotated[str | None, typer.Option(metavar="FILE|-", help="Write the proposed changes there, as an Overlay to edit.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every problem, not only the first of each severity.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a document offline and say what will go wrong with it. Exit 0: usable, 2: refused."""
    from preprocess.check import checked

    if as_json and write_overlay == "-":
        raise typer.BadParameter("--json and an overlay cannot both go to standard output.")
    began = time.perf_counter()
    proposed: list[bytes] = []

    def work() -> dict[str, Any]:
        found, changes = checked(_upload(file, overlay))
        proposed.append(changes)
        if changes and write_overlay and write_overlay != "-":
            _write_new(write_overlay, changes)
        return found

    found = _or_refused(work, as_json)
    found["seconds"] = round(time.perf_counter() - began, 3)
    if as_json:
        _print_json(found)
        return
    from preprocess.show import lines

    print("\n".join(lines(found, every=every)), file=sys.stderr if write_overlay == "-" else sys.stdout)
    if write_overlay == "-":
        sys.stdout.write(proposed[0].decode())


@specs.command()
def search(file: File, text: str, top: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 10, as_json: AsJson = False) -> None:
    """Rank a document's operations for a text."""
    from preprocess.check import found_for

    began = time.perf_counter()
    found = _or_refused(lambda: found_for(_bytes(file), text, top), as_json)
    found["seconds"] = round(time.perf_counter() - began, 3)
    if as_json:
        _print_json(found)
        return
    for line in found["operations"]:
        mark = "*" if [line["method"], line["path"]] in found["offered"] else " "
        _show(f"{line['score']:8.2f} {mark} {line['method']} {line['path']}")


@specs.command()
def diff(before: Version, after: Version, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Compare two documents. Exit 0: nothing breaks a caller, 1: something does, 2: refused."""
    from preprocess.compare import compared, lines

    async def stored(store: Stored) -> dict[str, Any]:
        return {one: await _opened(store, one) for one in dict.fromkeys((before, after)) if one.startswith(ENTRY)}

    def work() -> dict[str, Any]:
        known = _stored(tenant, stored) if before.startswith(ENTRY) or after.startswith(ENTRY) else {}
        from preprocess.compile import compile_document
        from tools.store import DEFAULTS

        (old, settings), (new, _) = (known[one] if one in known else (compile_document(_bytes(one)), DEFAULTS) for one in (before, after))
        return compared(old, new, settings)

    found = _or_refused(work, as_json)
    if as_json:
        _print_json(found)
    else:
        print("\n".join(lines(found)))
    raise typer.Exit(int(found["breaking"]))


@specs.command()
def add(  # noqa: PLR0913, PLR0917 - a command's options are its arguments
    file: File,
    base_url: Annotated[str | None, typer.Option(help="Where the product answers, if not where the document says.")] = None,
    replace: Annotated[str | None, typer.Option(metavar="ID", help="The stored document of which this is a new version.")] = None,
    overlay: Overlay = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Store a document."""
    from preprocess.worker import Reader
    from specs.store import load_entry
    from tools.store import load_settings, save_settings

    async def work(data: bytes, stored: Stored) -> dict[str, Any]:
        reader, name = Reader(stored.redis, days=stored.days), "" if file == "-" else file
        accepted = await (reader.replace(stored.tenant, replace, data, name) if replace else reader.accept(stored.tenant, data, name))
        await reader.finished()
        if base_url:
            settings = await load_settings(stored.redis, stored.tenant, accepted.id)
            changed = settings.model_copy(update={"base_url": base_url, "hosts": _hosts(settings.hosts, base_url)})
            await save_settings(stored.redis, stored.tenant, accepted.id, changed)
        return (await load_entry(stored.redis, stored.tenant, accepted.id, days=stored.days)).model_dump(mode="json")

    def checked() -> dict[str, Any]:
        _checked(base_url)
        return _stored(tenant, partial(work, _upload(file, overlay)))

    entry = _or_refused(checked, as_json)
    if refused := entry["refused"] or (replace and (entry["replacement"] or {}).get("refused")):
        _refuse(refused, as_json)
    if as_json:
        _print_json(entry)
    else:
        from preprocess.show import added

        for line in added(entry, file, overlay):
            _show(line)


@specs.command(name="list")
def list_(tenant: Tenant = None, as_json: AsJson = False) -> None:
    """The stored documents."""
    from specs.store import list_entries

    async def work(stored: Stored) -> dict[str, Any]:
        return {"specs": [entry.model_dump(mode="json") for entry in await list_entries(stored.redis, stored.tenant)]}

    found = _or_refused(lambda: _stored(tenant, work), as_json)
    if as_json:
        _print_json(found)
        return
    from preprocess.show import counted

    for entry in found["specs"]:
        _show(f"{entry['id']}  {entry['state']}  {entry['title']} {entry['version']}: {counted(entry['operations'], 'operation')}")


@specs.command()
def remove(spec_id: str, tenant: Tenant = None) -> None:
    """Remove a stored document."""
    from preprocess.worker import removed

    async def work(stored: Stored) -> dict[str, Any]:
        await removed(stored.redis, stored.tenant, spec_id)
        return {}

    _or_refused(lambda: _stored(tenant, work), as_json=False)


async def _opened(stored: Stored, identifier: str) -> "tuple[Document, DocumentSettings]":
    """A stored document's current version, and what is set for it."""
    from runtime.errors import InvalidRequest
    from specs.store import load, load_entry
    from tools.store import load_settings

    entry = await load_entry(stored.redis, stored.tenant, identifier, days=stored.days)
    if entry.state != "ready" or entry.hash is None:
        raise InvalidRequest(f"The document {identifier} is not ready: it is {entry.state}.", code="spec_not_ready")
    document = await load(stored.redis, stored.tenant, entry.hash, days=stored.days)
    return document, await load_settings(stored.redis, stored.tenant, identifier)


def _checked(base_url: str | None) -> None:
    from runtime.errors import InvalidRequest
    from tools.request import Target, address_problem

    if base_url is not None and (reason := address_problem(Target(base_url, {}))):
        raise InvalidRequest(reason, code="base_url_invalid")


def _hosts(known: tuple[str, ...], base_url: str) -> tuple[str, ...]:
    """Whoever types a private address here, or http, means it; what a name leads to is not ours to decide."""
    from urllib.parse import urlsplit

    from runtime.addresses import address_of, is_public

    parts = urlsplit(base_url)
    host = (parts.hostname or "").lower()
    address = address_of(host)
    meant = parts.scheme == "http" or host == "localhost" or (address is not None and not is_public(address))
    return (*known, host) if meant and host not in known else known


def _or_refused(work: Callable[[], dict[str, Any]], as_json: bool) -> dict[str, Any]:
    """What the work gives, or one clear line and exit 2."""
    from runtime.errors import ParlanceError

    try:
        return work()
    except ParlanceError as error:
        _refuse({"code": error.code, "message": error.detail, "pointer": error.more.get("pointer"), "line": error.more.get("line")}, as_json)
    except OSError as error:
        why = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else " ".join(str(error).split())[:300]
        _refuse({"code": "not_readable", "message": why, "pointer": None, "line": None}, as_json)
    raise AssertionError("unreachable")


def _refuse(refused: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json({"refused": {name: refused[name] for name in ("code", "pointer", "line", "message")}})
    else:
        _show(f"refused ({refused['code']}): {refused['message']}", file=sys.stderr)
    raise typer.Exit(2)


def _stored(tenant: str | None, work: Callable[[Stored], Coroutine[Any, Any, dict[str, Any]]]) -> dict[str, Any]:
    """Runs with the Redis of the settings, else that of a running demo, else one of our own that keeps its data."""
    from redis.exceptions import RedisError

    from runtime.embedded import standing_redis
    from runtime.errors import Unavailable
    from runtime.redis import connect
    from runtime.settings import load

    settings = load()

    async def run(url: str) -> dict[str, Any]:
        async with connect(url) as redis:
            try:
                return await work(Stored(redis, tenant or settings.tenant, settings.document_days))
            except RedisError as error:
                raise Unavailable(f"Redis does not answer: {str(error)[:200]}") from error

    with standing_redis(settings) as url:
        return asyncio.run(run(url))


def _upload(file: str, overlay: str | None) -> bytes:
    from specs.overlay import together

    document = _bytes(file)
    return document if overlay is None else together(document, _bytes(overlay))


def _write_new(file: str, data: bytes) -> None:
    """Never over a file that is there: somebody may have edited it."""
    from pathlib import Path

    from runtime.errors import InvalidRequest

    try:
        with Path(file).open("xb") as opened:
            opened.write(data)
    except FileExistsError as error:
        message = f"{file} is there already, and may have been edited. Choose another name, or move it away."
        raise InvalidRequest(message, code="overlay_file_exists") from error


def _bytes(file: str) -> bytes:
    from pathlib import Path

    from specs.load import MAX_BYTES

    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if file.startswith(("http://", "https://")):
        return _fetched(file)
    with Path(file).open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _fetched(url: str) -> bytes:
    """Whoever types an address here means it: its host may be private, and be asked by http."""
    from urllib.parse import urlsplit

    from preprocess.fetch import fetched
    from runtime.guard import guarded_session

    async def work() -> bytes:
        try:
            host = urlsplit(url).hostname
        except ValueError:
            host = None
        async with guarded_session((host,) if host else ()) as http:
            return await fetched(url, http)

    return asyncio.run(work())


def _show(line: str, file: TextIO | None = None) -> None:
    from preprocess.show import printable

    print(printable(line), file=file)


def _print_json(value: dict[str, Any]) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(value).decode() + "\n")
