"""Calls of the product: one attempt, and for safe calls as many as the limits allow. Outcomes as turn-protocol.md says: "What counts as what"."""

import asyncio
import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import quote

from redis.asyncio import Redis

from runtime.guard import Answer, Guarded, Limits, Lost, NotSent, Outgoing
from runtime.secrets import KeyRing
from specs.document import Document
from specs.model import Operation
from specs.pointers import with_value
from tools.credentials import Credentials, CredentialsFailed, Place, credentials
from tools.pages import NextUrl, Page, follows, next_page
from tools.redact import redacted, secret_names, spellings
from tools.refusals import field_errors, message_of
from tools.request import Request, Unbuildable, build, handles_in, honours_key, idempotency_header, target_of
from tools.response import Content, content_of, rows_of
from tools.schema import ToolDefinition
from tools.security import Connection
from tools.settings import DocumentSettings

Outcome = Literal["done", "rejected", "not_executed", "unknown"]
IN_FLIGHT = re.compile(r"idempoten|in[ _-]flight|in[ _-]progress|being processed|still processing", re.IGNORECASE)
SOON = 0.2  # seconds before the next attempt when the product does not say
WHO_SETS_IT = "The product team sets the base URL, and which private hosts may be called, in the document's settings."
LONGEST_WAIT = 86_400.0


@dataclass(frozen=True, slots=True)
class Repeats:
    """How far execute() goes for one safe call."""

    attempts: int = 3
    wait: float = 4.0  # seconds, the longest pause between two attempts
    pages: int = 50
    rows: int = 5_000
    seconds: float = 15.0  # for all pages; the rest is said to be missing


@dataclass(frozen=True, slots=True)
class Wire:
    http: Guarded
    redis: Redis
    ring: KeyRing
    limits: Limits = field(default_factory=Limits)
    repeats: Repeats = field(default_factory=Repeats)


@dataclass(frozen=True, slots=True)
class Work:
    """One call. `secrets`: what the handles in the arguments stand for. `key`: its idempotency key, for products that take one.

    `leaves_by`: the monotonic time after which it must not leave any more, since whoever sends it may have lost the right to.
    """

    operation: Operation
    definition: ToolDefinition
    arguments: Mapping[str, Any]
    secrets: Mapping[str, str]
    connection: Connection
    settings: DocumentSettings
    document: Document
    key: str | None = None
    leaves_by: float = math.inf


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of it. `retry_in`: seconds after which another attempt may help; None: it will not, or must not be made.

    `stale`: the version of the token that was refused, for the next attempt. `errors`: by argument name. Secrets are masked.
    """

    outcome: Outcome
    status: int | None = None
    data: Any = None
    media_type: str = "application/json"
    rows_path: str = ""
    rows: int | None = None
    total: int | None = None
    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    retry_in: float | None = None
    stale: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt as it was: what was sent, what came, and what was made of it. `page` only of a list."""

    returned: Returned
    page: Page | None = None


async def attempt(wire: Wire, work: Work, stale: str | None = None) -> Returned:
    """One attempt, exactly. The intent of a changing call was saved before this."""
    return (await exchanged(wire, work, stale)).returned


async def execute(wire: Wire, work: Work) -> Returned:
    """A safe call: repeated within the limits, and read to its last page within the budget."""
    first = await repeated(wire, work, None)
    if first.page is None:
        return first.returned
    if not follows(work.definition, work.arguments):
        return with_rows(first.returned, first.page, first.page.rows.items, "")
    return await all_pages(wire, work, first.returned, first.page)


async def repeated(wire: Wire, work: Work, url: str | None) -> Exchange:
    stale: str | None = None
    for number in range(wire.repeats.attempts):
        exchange = await exchanged(wire, work, stale, url)
        pause = exchange.returned.retry_in
        if exchange.returned.outcome != "not_executed" or pause is None or pause > wire.repeats.wait or number + 1 == wire.repeats.attempts:
            break
        stale = exchange.returned.stale
        await asyncio.sleep(pause if stale else min(max(pause, 0.0) * 2**number, wire.repeats.wait))
    return exchange


async def all_pages(wire: Wire, work: Work, returned: Returned, page: Page) -> Returned:
    """The last page's frame around the rows of all. Together they may have the bytes of one answer."""
    budget, began, room = wire.repeats, time.monotonic(), wire.limits.bytes - page.bytes
    rows, pages, broken = list(page.rows.items), 1, ""
    arguments: Mapping[str, Any] = work.arguments
    following = next_page(work.definition, arguments, page)
    while following and pages < budget.pages and len(rows) < budget.rows and room > 0 and time.monotonic() - began < budget.seconds:
        url = following.url if isinstance(following, NextUrl) else None
        arguments = arguments if isinstance(following, NextUrl) else following.arguments
        exchange = await repeated(replace(wire, limits=replace(wire.limits, bytes=room)), replace(work, arguments=arguments), url)
        if exchange.page is None:
            broken = exchange.returned.message or "a further page could not be read, or was too large with those before it"
            break
        room -= exchange.page.bytes
        page = replace(exchange.page, before=len(rows))
        repeats = page.rows.items == rows[-len(page.rows.items) :]
        following = None if repeats else next_page(work.definition, arguments, page)
        rows += [] if repeats else page.rows.items
        pages += 1
    return with_rows(returned, page, rows, broken or ("there are more" if following else ""))


def with_rows(returned: Returned, page: Page, rows: Sequence[Any], missing: str) -> Returned:
    total = page.rows.total
    data = with_value(page.data, page.rows.path, list(rows))
    incomplete = missing or (total is not None and total > len(rows))
    of = f" of {total:,}" if total is not None and total >= len(rows) else ""
    warning = (f"{len(rows):,}{of} read{f': {missing}' if missing else ''}",) if incomplete else ()
    return replace(returned, data=data, rows=len(rows), total=total, warnings=(*returned.warnings, *warning))


async def exchanged(wire: Wire, work: Work, stale: str | None = None, url: str | None = None) -> Exchange:
    """`url`: a next page's address, in place of the one built."""
    request = prepared(work)
    if isinstance(request, Unbuildable):
        return Exchange(Returned("rejected", message=request.reason, errors={request.field: request.reason} if request.field else {}))
    if not request.url.startswith(("https://", "http://")):
        return Exchange(Returned("rejected", message=f"The product's address is not known. {WHO_SETS_IT}"))
    place = Place(work.operation, work.document.security_schemes, base_of(work), work.settings.hosts)
    held = await credentials(wire, work.connection, place, stale)
    if isinstance(held, CredentialsFailed):
        return Exchange(Returned("rejected" if held.lasting else "not_executed", message=held.reason, retry_in=None if held.lasting else SOON))
    address = with_query(url or request.url, held.query)
    outgoing = Outgoing(request.method, address, (*request.headers, *held.headers), request.body, work.settings.hosts, fresh=not work.operation.safe)
    if time.monotonic() > work.leaves_by:
        return Exchange(Returned("not_executed", message="The request was held back: getting ready took too long.", retry_in=0.0))
    answer = await wire.http.send(outgoing, wire.limits)
    if not isinstance(answer, Answer):
        return Exchange(unanswered(work, answer))
    return understood(work, answer, url or request.url, held, stale)


def prepared(work: Work) -> Request | Unbuildable:
    if any(handle not in work.secrets for handle in handles_in(dict(work.arguments))):
        return Unbuildable("A secret that was typed in is no longer kept; it has to be asked for again.")
    sends_key = idempotency_header(work.operation) is not None or work.settings.honours_idempotency_key is True
    target = target_of(work.operation, work.document.servers, work.settings, work.connection.base_url)
    target = replace(target, idempotency_key=work.key if sends_key and not work.operation.safe else None)
    return build(work.operation, work.definition, work.arguments, target, work.secrets)


def base_of(work: Work) -> str:
    return target_of(work.operation, work.document.servers, work.settings, work.connection.base_url).base_url


def with_query(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Credentials are put in anew where a product's next link has them already."""
    if not pairs:
        return url
    path, _, query = url.partition("?")
    names = {quote(name, safe="") for name, _ in pairs}
    kept = [each for each in query.split("&") if each and each.partition("=")[0] not in names]
    added = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs]
    return f"{path}?{'&'.join([*kept, *added])}"


def unanswered(work: Work, answer: NotSent | Lost) -> Returned:
    if isinstance(answer, NotSent):
        if answer.refused:
            return Returned("rejected", message=f"This address may not be called: {answer.reason}. {WHO_SETS_IT}")
        return Returned("not_executed", message=f"The product could not be reached: {answer.reason}.", retry_in=SOON)
    return unsure(work, f"The product did not answer: {answer.reason}.", None)


def unsure(work: Work, message: str, status: int | None, pause: float | None = None) -> Returned:
    """The request may have been carried out. A safe one changed nothing; one with a key the product honours may be sent again."""
    again = work.operation.safe or (work.key is not None and honours_key(work.operation, work.settings))
    wait = (SOON if pause is None else pause) if again else None
    return Returned("not_executed" if work.operation.safe else "unknown", status, message=message, retry_in=wait)


def understood(work: Work, answer: Answer, url: str, held: Credentials, stale: str | None) -> Exchange:
    content = content_of(answer.body, answer.headers.get("content-type", ""))
    names = secret_names(work.operation, work.definition)
    secrets = spellings([*work.secrets.values(), *held.secrets])
    content = replace(content, data=redacted(content.data, names, secrets))
    match answer.status:
        case status if 200 <= status < 300:
            return done(work, answer, content, url)
        case 401 if held.version is not None and stale is None:
            return Exchange(Returned("not_executed", 401, message="The access token was refused.", retry_in=0.0, stale=held.version))
        case 425 | 429:
            pause = retry_after(answer.headers)
            return Exchange(Returned("not_executed", answer.status, message=said(answer, content), retry_in=SOON if pause is None else pause))
        case 409 if work.key is not None and honours_key(work.operation, work.settings) and IN_FLIGHT.search(message_of(content.data)):
            pause = retry_after(answer.headers)
            return Exchange(Returned("not_executed", 409, message=said(answer, content), retry_in=SOON if pause is None else pause))
        case status if status >= 500:
            return Exchange(unsure(work, said(answer, content), status, retry_after(answer.headers)))
        case _:
            return Exchange(rejected(work, answer, content))


def done(work: Work, answer: Answer, content: Content, url: str) -> Exchange:
    """Whatever the body: a 2xx is done."""
    unread = answer.unread or content.problem
    warnings = (f"Done, but the answer could not be read: {unread}.",) if unread else ()
    rows = rows_of(content.data, answer.headers) if not unread else None
    returned = Returned(
        "done", answer.status, None if unread else content.data, content.media_type, warnings=warnings,
        rows_path=rows.path if rows else "", rows=len(rows.items) if rows else None, total=rows.total if rows else None,
    )  # fmt: skip
    if rows is None or not work.operation.safe:
        return Exchange(returned)
    return Exchange(returned, Page(url, answer.headers, content.data, rows, len(answer.body)))


def rejected(work: Work, answer: Answer, content: Content) -> Returned:
    errors = field_errors(content.data, work.definition)
    if 300 <= answer.status < 400:
        return Returned("rejected", answer.status, message=f"The product redirects elsewhere ({answer.status}), which is not followed.")
    return Returned("rejected", answer.status, content.data, content.media_type, message=said(answer, content), errors=errors)


def said(answer: Answer, content: Content) -> str:
    return message_of(content.data) or f"The product answered {answer.status}."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """RFC 9110, 10.2.3: seconds, or a date, which counts from the answer's own Date."""
    given = headers.get("retry-after", "").strip()
    if not given:
        return None
    if given.isdecimal():
        return min(float(given[:9]), LONGEST_WAIT)
    until = moment(given)
    now = moment(headers.get("date", "")) or time.time()
    return None if until is None else min(max(until - now, 0.0), LONGEST_WAIT)


def moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
