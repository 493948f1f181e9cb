"""One turn, or a conversation, in a terminal: no server, the same loop over an embedded Redis."""

import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from rich.console import Console
from rich.table import Table

from engine.accept import Incoming, Turns
from engine.answers import Answer
from engine.dry import ME, created, dry_turn
from engine.events import Question, Replied, SessionStarted, TurnFailed
from engine.session import Turn
from engine.terminal import Left, ask, plain, shown
from engine.work import Run
from engine.worker import engine
from runtime.embedded import embedded_redis, ended_by_signals
from runtime.errors import InvalidRequest, ParlanceError
from runtime.redis import connect
from runtime.secrets import KeyRing
from runtime.settings import Settings
from specs.document import Document
from specs.model import SecurityScheme
from specs.store import save
from tools.alternatives import kinds_for
from tools.call import WHO_SETS_IT
from tools.security import ApiKey, Basic, Bearer, Connection, NoCredential, remove_connection, save_connection
from tools.settings import DocumentSettings
from tools.show import View, render
from tools.store import save_settings

SPEC = "local"
CONNECTION = "cn_local"
LEAVING = frozenset(["exit", "quit", "bye"])


def local_zone() -> str:
    """The machine's time zone by its name; UTC where that is not known."""
    name = os.environ.get("TZ", "").lstrip(":") or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key
    except (ValueError, LookupError, OSError):
        return "UTC"


@dataclass(frozen=True, slots=True)
class Terminal:
    """What `ask` and `chat` were told on the command line. `read` makes a document of bytes; `token` is the customer's own for the product.

    `credentials`: SCHEME=VALUE, for documents with several security schemes.
    """

    file: Path
    read: Callable[[bytes], Document]
    settings: Settings
    base_url: str | None = None
    token: str | None = None
    credentials: tuple[str, ...] = ()
    timezone: str = field(default_factory=local_zone)
    locale: str = "en"


@asynccontextmanager
async def standing(settings: Settings, *, private: bool = False) -> AsyncIterator[Turns]:
    """An engine of our own for as long as the command runs."""
    with ended_by_signals(), tempfile.TemporaryDirectory(prefix="parlance-") as folder, embedded_redis(Path(folder), keep=False) as embedded:
        redis = connect(settings.redis_url or embedded.url)
        try:
            async with engine(settings.model_copy(update={"allow_private_hosts": private}), redis) as turns:
                yield turns
        finally:
            await redis.aclose()


@asynccontextmanager
async def opened(terminal: Terminal) -> AsyncIterator[tuple[Turns, Document]]:
    """An engine that knows the document. Hosts of --base-url may be private: whoever types it means it."""
    document = terminal.read(terminal.file.read_bytes())
    async with standing(terminal.settings, private=terminal.base_url is not None) as turns:
        redis = turns.parts.store.redis
        try:
            await save(redis, ME.tenant, document)
            await save_settings(redis, ME.tenant, SPEC, DocumentSettings(base_url=terminal.base_url))
            if terminal.token or terminal.credentials:
                connection = connection_of(document, terminal)
                await save_connection(redis, KeyRing.from_settings(terminal.settings), connection)
            yield turns, document
        finally:
            await remove_connection(redis, ME.tenant, CONNECTION)


def connection_of(document: Document, terminal: Terminal) -> Connection:
    named = dict(each.split("=", 1) for each in terminal.credentials)
    if unknown := sorted(named.keys() - document.security_schemes.keys()):
        there = ", ".join(sorted(document.security_schemes)) or "none"
        raise InvalidRequest(f"The document has no security scheme {', '.join(unknown)}; it has: {there}.", code="scheme_unknown")
    plain = credential(document, terminal.token) if terminal.token else NoCredential()
    credentials = {name: credential_for(document.security_schemes[name], value) for name, value in named.items()}
    return Connection(id=CONNECTION, tenant=ME.tenant, spec=SPEC, credential=plain, credentials=credentials)


def credential_for(scheme: SecurityScheme, value: str) -> ApiKey | Basic | Bearer:
    kind = next(iter(kinds_for(scheme)), None)
    user, colon, password = value.partition(":")
    if kind == "basic" and not colon:
        raise InvalidRequest(f"The security scheme {scheme.name} takes USER:PASSWORD.", code="scheme_unfit")
    if kind is None:
        raise InvalidRequest(f"The security scheme {scheme.name} is of a kind that cannot be sent.", code="scheme_unfit")
    if kind == "basic":
        return Basic(username=user, password=password)
    return ApiKey(value=value) if kind == "api_key" else Bearer(token=value)


def credential(document: Document, token: str) -> ApiKey | Basic | Bearer:
    """A token in the way the document asks for one; USER:PASSWORD where it wants both."""
    schemes = document.security_schemes.values()
    user, colon, password = token.partition(":")
    if colon and any(scheme.type == "http" and scheme.scheme == "basic" for scheme in schemes):
        return Basic(username=user, password=password)
    if any(scheme.type in ("oauth2", "openIdConnect") or scheme.scheme == "bearer" for scheme in schemes) or not schemes:
        return Bearer(token=token)
    return ApiKey(value=token)


def session_of(turns: Turns, document: Document, terminal: Terminal) -> SessionStarted:
    return SessionStarted(
        document=document.hash, spec=SPEC, tenant=ME.tenant, user=ME.user, timezone=terminal.timezone, locale=terminal.locale,
        connection=CONNECTION if terminal.token or terminal.credentials else None, at=turns.parts.now(),
    )  # fmt: skip


async def dry_run(terminal: Terminal, text: str) -> dict[str, Any]:
    """What would be done, up to the first request: design.md §8, `ask`."""
    began = time.perf_counter()
    async with opened(terminal) as (turns, document):
        said = await dry_turn(turns, session_of(turns, document, terminal), text)
        return {**said, "seconds": round(time.perf_counter() - began, 3)}


def as_json(report: Mapping[str, Any]) -> str:
    return orjson.dumps(report, default=str).decode()


def as_text(report: Mapping[str, Any]) -> str:
    """A dry run for people: what would be done, with which values from where."""
    lines = [f"{report['action']}: {report['text']}".rstrip(": ")]
    for call in report["calls"]:
        lines.append(f"  {call['method']} {call['path']}")
        for name, value in call["arguments"].items():
            source = call["sources"].get(name, {})
            lines.append(f"    {name} = {value!r}" + (f"  ({source.get('label') or source['kind']})" if source else ""))
    return "\n".join(lines)


async def converse(terminal: Terminal, first: str | None, *, once: bool) -> int:
    """`chat`, and `ask` without --dry-run: turns in the terminal until the customer leaves.

    Exit status 1: the last turn failed; of `ask` also what did not come about or was left.
    """
    console = Console()
    failed = False
    async with opened(terminal) as (turns, document):
        session_id = await created(turns, session_of(turns, document, terminal))
        if not once:
            console.print(f"{document.title}: say what you want. exit or Ctrl-D ends it.", style="dim", highlight=False, markup=False)
        text = first or _typed(console)
        while text:
            try:
                turn = await _turn(console, turns, session_id, Incoming(id=secrets.token_hex(8), text=text))
                failed = turn is None or isinstance(turn.ended, TurnFailed) or (once and undone(turn))
            except Left as left:
                await _leave(console, turns, session_id)
                failed = once
                if left.ended:
                    break
            text = None if once else _typed(console)
    return 1 if failed else 0


def _typed(console: Console) -> str | None:
    try:
        while not (text := console.input("[bold]> [/bold]").strip()):
            pass
        return None if text.lower() in LEAVING else text
    except (EOFError, KeyboardInterrupt):
        console.print()
        return None


async def _turn(console: Console, turns: Turns, session_id: str, message: Incoming) -> Turn | None:
    """One message and the questions that follow from it, to the end; None: it was not taken. Raises Left when a question was left."""
    while True:
        try:
            begun = await turns.begin(ME, session_id, message)
        except ParlanceError as error:
            console.print(f"[red]{error.code}[/red]: {error.detail}", highlight=False)
            return None
        assert begun.task is not None
        assert begun.work is not None
        await begun.task
        turn = begun.work.session.turn
        assert turn is not None
        questions = turn.questions()
        if turn.ended or not questions:
            _show_end(console, begun.work, turn)
            return turn
        message = _answered(console, questions)


def _answered(console: Console, questions: list[Question]) -> Incoming:
    """The answers to open questions, or the new request that was typed at one of them."""
    answers: list[Answer] = []
    for question in questions:
        given = ask(console, question)
        if isinstance(given, str):
            return Incoming(id=secrets.token_hex(8), text=given)
        answers.append(given)
    return Incoming(id=secrets.token_hex(8), answers=tuple(answers))


async def _leave(console: Console, turns: Turns, session_id: str) -> None:
    """Closes what is open, and says what is left undone with it."""
    await turns.cancel(ME, session_id)
    events = (await turns.parts.store.read(ME.tenant, session_id)).events
    if events and isinstance(events[-1], Replied):
        console.print(plain(events[-1].text), highlight=False, markup=False)


def undone(turn: Turn) -> bool:
    """Whether a call was refused, declined, came to nothing or to nobody knows what. Of several tries of one thing the last counts."""
    if turn.ended is None or (isinstance(turn.ended, Replied) and turn.ended.kind == "refusal"):
        return True
    last = {(line.operation, line.summary): line.outcome for line in turn.ended.receipt}
    return any(outcome not in ("done", "accepted") for outcome in last.values())


def _show_end(console: Console, work: Run, turn: Turn) -> None:
    ended = turn.ended
    console.print(plain(ended.text) if ended else "", highlight=False, markup=False)
    if isinstance(ended, Replied):
        for view in ended.views:
            _view(console, view, work.bodies.get(view.result))
    if (address := _refused_address(work, turn)) is not None:
        console.print(f"Here you set it yourself: --base-url {plain(address)}", style="dim", highlight=False, markup=False, soft_wrap=True)


def _refused_address(work: Run, turn: Turn) -> str | None:
    """Where a call went that this turn was not allowed to make; URL where the document names no whole address. None: nothing was refused for that."""
    for call in turn.calls:
        if call.returned and WHO_SETS_IT in call.returned.message and work.product.document.has(call.wish.tool):
            address = work.product.target(work.product.document.operation(call.wish.tool)).base_url
            return address if address.startswith(("https://", "http://")) else "URL"
    return None


def _view(console: Console, view: View, body: Any) -> None:
    if view.kind == "value":
        console.print(shown(view.value), highlight=False, markup=False)
    elif view.file:
        console.print(f"{plain(view.file.name)} ({plain(view.file.media_type)}, {view.file.size:,} bytes)", highlight=False, markup=False)
    else:
        _table(console, [row if isinstance(row, dict) else {"value": row} for row in render(view, body)])
    for note in view.notes:
        console.print(plain(note), style="dim", highlight=False, markup=False)


def _table(console: Console, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = list(rows[0])
    table = Table(*map(shown, names))
    for row in rows[:50]:
        table.add_row(*(shown(row.get(n, "")) for n in names))
    console.print(table)
    if len(rows) > 50:
        print(f"... and {len(rows) - 50} more rows", file=sys.stderr)
