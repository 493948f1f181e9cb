"""Calls of the product: one attempt, exactly. Outcomes as turn-protocol.md says: "What counts as what"."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, unquote

from runtime.guard import Answer, Outgoing
from tools.call import SOON, WHO_SETS_IT, Exchange, Outcome, Returned, Wire, Work
from tools.credentials import Credentials, Place, credentials, with_credentials
from tools.outcome import unanswered, understood
from tools.request import Held, Request, Target, Unbuildable, build, files_in, handles_in, idempotency_header, target_of
from tools.tokens import CredentialsFailed

LARGE = 1_000_000  # bytes of an answer, from which on other turns must not wait for its reading


async def attempt(wire: Wire, work: Work, stale: str | None = None) -> Returned:
    """One attempt, exactly. The intent of a changing call was saved before this."""
    return (await exchanged(wire, work, stale)).returned


async def exchanged(wire: Wire, work: Work, stale: str | None = None, url: str | None = None) -> Exchange:
    """`url`: a next page's address, in place of the one built."""
    request = prepared(work)
    if isinstance(request, Unbuildable):
        return Exchange(Returned("rejected", message=request.reason, errors={request.field: request.reason} if request.field else {}))
    if not request.url.startswith(("https://", "http://")):
        return Exchange(Returned("rejected", message=f"The product's address is not known. {WHO_SETS_IT}"))
    held = await signed(wire, work, request, stale)
    if isinstance(held, CredentialsFailed):
        outcome: Outcome = "rejected" if held.lasting and not held.sign_in else "not_executed"
        return Exchange(Returned(outcome, message=held.reason, retry_in=None if held.lasting else SOON, sign_in=held.sign_in))
    address = with_query(url or request.url, held.query)
    headers = with_credentials(request.headers, held)
    outgoing = Outgoing(request.method, address, headers, request.body, work.settings.hosts, fresh=not work.operation.safe)
    if time.monotonic() > work.leaves_by:
        return Exchange(Returned("not_executed", message="The request was held back: getting ready took too long.", retry_in=0.0))
    answer = await wire.http.send(outgoing, wire.limits)
    if not isinstance(answer, Answer):
        return Exchange(unanswered(work, answer))
    given = (work, answer, url or request.url, held, stale)
    exchange = await asyncio.to_thread(understood, *given) if len(answer.body) > LARGE else understood(*given)
    return replace(exchange, headers=answer.headers)


async def signed(wire: Wire, work: Work, request: Request, stale: str | None = None) -> Credentials | CredentialsFailed:
    """What it is sent with. May wait for a token that somebody else renews just now."""
    place = Place(work.operation, work.document, target(work).base_url, work.settings.hosts, taken_in(request))
    return await credentials(wire, work.connection, place, stale)


def prepared(work: Work) -> Request | Unbuildable:
    if any(handle not in work.secrets for handle in handles_in(dict(work.arguments))):
        return Unbuildable("A secret that was typed in is no longer kept; it has to be asked for again.")
    if any(handle not in work.files for handle in files_in(work.definition, work.arguments)):
        return Unbuildable("A file that was attached is no longer kept; it has to be attached again.")
    # Sending it proves nothing and costs nothing: without a word of the document, the team's alone keeps it from going along.
    sends_key = idempotency_header(work.operation) is not None or work.settings.honours_idempotency_key is not False
    keyed = replace(target(work), idempotency_key=work.key if sends_key and not work.operation.safe else None)
    return build(work.operation, work.definition, work.arguments, keyed, Held(work.secrets, work.files))


def target(work: Work) -> Target:
    return target_of(work.operation, work.document.servers, work.settings, work.connection.base_url)


def taken_in(request: Request) -> frozenset[tuple[str, str]]:
    """What it has before it gets credentials: place and name."""
    query = [unquote(each.partition("=")[0]) for each in request.url.partition("?")[2].split("&")]
    cookies = [each.partition("=")[0].strip() for name, line in request.headers if name.lower() == "cookie" for each in line.split(";")]
    headers = [name.lower() for name, _ in request.headers]
    return frozenset((place, name) for place, names in (("query", query), ("cookie", cookies), ("header", headers)) for name in names)


def with_query(url: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Credentials are put in anew where a product's next link has them already."""
    if not pairs:
        return url
    path, _, query = url.partition("?")
    names = {quote(name, safe="") for name, _ in pairs}
    kept = [each for each in query.split("&") if each and each.partition("=")[0] not in names]
    added = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs]
    return f"{path}?{'&'.join([*kept, *added])}"
