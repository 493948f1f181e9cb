"""What an answer of the product, or none, means for a call (turn-protocol.md, "What counts as what")."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from runtime.guard import Answer, Lost, NotSent
from tools.call import SOON, WHO_SETS_IT, Exchange, Returned, Work
from tools.complaints import message_of
from tools.credentials import Credentials
from tools.declared import drift, part_of
from tools.fields import NEVER_TOLD
from tools.links import ACCEPTED, follow_of, state_of
from tools.pages import Page, certain, places, with_rows
from tools.redact import redacted, spellings, without_secrets
from tools.refusals import Refusal, refusal
from tools.request import honours_key
from tools.response import Content, Source, content_of
from tools.rows import rows_of
from tools.texts import kind_of

IN_FLIGHT = re.compile(r"idempoten|in[ _-]flight|in[ _-]progress|being processed|still processing", re.IGNORECASE)
LARGEST_REFUSAL = 64 * 1024  # bytes that are searched for field errors
LONGEST_WAIT = 86_400.0
A_WHILE = 1.0  # seconds to wait for a product that has had too many requests and does not say for how long
# draft-ietf-httpapi-ratelimit-headers, in its spellings of today and before, and what was there before it.
LIMITS = re.compile(r"(?<![a-z])(?:t|reset)=(\d{1,9})")
RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset-after")
REMAINING = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
EPOCH = 1_000_000_000.0  # seconds; below are times in the past, and spans of decades
EXPLAINED: Mapping[int, str] = {
    402: "The product wants a payment first",
    403: "The product says that this is not allowed for these credentials",
    405: "The product does not take this method at this address, although its document says so; its team can correct the document",
    406: "The product cannot answer in a form that its document names; its team can correct the document",
    407: "A proxy before the product wants credentials; the product's team can tell",
    408: "The product did not get the whole request in time",
    409: "The product says that this conflicts with its present state",
    410: "The product says that this is gone for good",
    411: "The product wants to know the length of what is sent",
    412: "It was changed by somebody else meanwhile; read it again before it is changed",
    413: "What was sent is too large for the product",
    414: "The values are too long for an address",
    415: "The product does not take the media type that its document names; its team can correct the document",
    421: "The product says that it does not answer for this host; its team sets the base URL",
    423: "The product says that this is locked",
    426: "The product wants another protocol",
    428: "The product wants to know which version is meant; read it again before it is changed",
    431: "The headers are too large for the product",
    451: "The product may not give this, for legal reasons",
}
# RFC 9110, 15.4.5: it leads nowhere. Only a condition among the arguments (If-None-Match, If-Modified-Since) can bring it about.
NOT_MODIFIED = "The product says that this has not changed since the version or time that was asked with, so it sent nothing (304)."
TOO_LARGE = "it is too large"  # in the words of runtime/guard.py


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
    source = Source(work.operation, answer.status, answer.headers, url)
    content = content_of(answer.body if answer.whole else b"", answer.headers.get("content-type", ""), source)
    secrets = spellings([*work.secrets.values(), *held.secrets])
    content = replace(content, data=redacted(content.data, NEVER_TOLD, secrets), file=without_secrets(content.file, secrets))
    match answer.status:
        case status if 200 <= status < 300:
            return done(work, answer, content, url)
        case 401 if held.version is not None and stale is None:
            return Exchange(Returned("not_executed", 401, message="The access token was refused.", retry_in=0.0, stale=held.version))
        case 401:
            return Exchange(unauthorized(work, answer, content, held))
        case 425:
            return Exchange(later(answer, content, SOON))
        case 429:
            return Exchange(later(answer, content, A_WHILE))
        case 403 if limited(answer.headers):
            return Exchange(later(answer, content, A_WHILE))
        case 409 if work.key is not None and honours_key(work.operation, work.settings) and IN_FLIGHT.search(message_of(content.data)):
            return Exchange(later(answer, content, SOON))
        case status if status >= 500:
            return Exchange(unsure(work, said(answer, content), status, pause_in(answer.headers)))
        case _:
            return Exchange(rejected(work, answer, content))


def done(work: Work, answer: Answer, content: Content, url: str) -> Exchange:
    """Whatever the body: a 2xx is done."""
    unread = too_large(work, answer) or answer.unread or content.problem
    data = None if unread else content.data
    rows = rows_of(data, answer.headers)
    part = part_of(data, rows.path if rows else "", rows.items if rows else None, len(answer.body))
    sent = kind_of(answer.headers["content-type"])[0] if answer.body and "content-type" in answer.headers else ""
    follow = follow_of(work.operation, answer.status, answer.headers, data, url)
    warnings = (f"Done, but the answer could not be read: {unread}.",) if unread else ()
    waits = answer.status == 202 and not work.operation.safe and state_of(data)[0] in {None, "running"}
    returned = Returned(
        "done", answer.status, data, content.media_type, warnings=(*warnings, ACCEPTED) if waits else warnings,
        rows_path=rows.path if rows else "", rows=len(rows.items) if rows else None, total=rows.total if rows else None,
        file=None if answer.unread else content.file, drift=drift(work.operation, answer.status, sent, part),
        follow=replace(follow, wait=retry_after(answer.headers)) if follow else None, accepted=waits,
    )  # fmt: skip
    if rows is None:
        return Exchange(returned)
    page = Page(url, answer.headers, data, rows, len(answer.body))
    return Exchange(returned, page) if work.operation.safe else Exchange(with_rows(returned, page, rows.items, certain(page)))


def too_large(work: Work, answer: Answer) -> str:
    """With how much was read, and how a list could be asked for in parts."""
    if answer.unread != TOO_LARGE:
        return ""
    size = len(answer.body)
    read = f"{size // 2**20} MB" if size >= 2**20 else f"{size // 2**10} KB"
    narrowing = [each.name for each in work.definition.fields if each.location == "query" and places(each)] if work.operation.safe else []
    return f"it is larger than {read}, too large to be kept" + (
        f"; fewer rows can be asked for with {' or '.join(narrowing[:3])}" if narrowing else ""
    )


def later(answer: Answer, content: Content, otherwise: float) -> Returned:
    """Not carried out: another attempt may be made, after what the product says or else `otherwise` seconds."""
    pause = pause_in(answer.headers)
    return Returned("not_executed", answer.status, message=said(answer, content), retry_in=otherwise if pause is None else pause)


def unauthorized(work: Work, answer: Answer, content: Content, held: Credentials) -> Returned:
    """Nothing is left that could be renewed without somebody's doing."""
    own = message_of(content.data)
    if held.by_customer:
        return Returned("not_executed", 401, message=with_own("The product no longer accepts this sign-in; sign in again", own), sign_in=True)
    if held.secrets:
        why = "The product does not accept the connection's credentials; the product's team must renew them"
    else:
        why = "The product wants credentials, and there are none for this connection; the product's team sets them"
    return replace(rejected(work, answer, content), message=with_own(why, own))


def rejected(work: Work, answer: Answer, content: Content) -> Returned:
    if 300 <= answer.status < 400:
        return Returned("rejected", answer.status, message=NOT_MODIFIED if answer.status == 304 else redirected(answer))
    small = len(answer.body) <= LARGEST_REFUSAL
    found = refusal(content.data, work.definition) if small else Refusal(message_of(content.data), {})
    message = explained(work, answer.status, found.message) or f"The product answered {answer.status}."
    return Returned("rejected", answer.status, content.data, content.media_type, message=message, errors=found.errors)


def redirected(answer: Answer) -> str:
    """Where to is for the team to see; only scheme and host of it, since the rest may be secret."""
    try:
        parts = urlsplit(answer.headers.get("location", ""))
        host = parts.hostname if parts.scheme in {"https", "http"} else None
    except ValueError:
        host = None
    there = f"to {parts.scheme}://{host[:200]}" if host and host.isprintable() else "elsewhere"
    return f"The product redirects {there} ({answer.status}), which is not followed. The product's team sets the base URL."


def explained(work: Work, status: int, own: str) -> str:
    if status == 404 and (names := [each.name for each in work.definition.fields if each.location == "path"]):
        them = "it" if len(names) == 1 else "them"
        return with_own(f"The product finds nothing for {' and '.join(names)}; look {them} up again", own)
    if status == 409 and own:
        return own
    return with_own(EXPLAINED[status], own) if status in EXPLAINED else own


def with_own(why: str, own: str) -> str:
    return f"{why}: {own}" if own else f"{why}."


def said(answer: Answer, content: Content) -> str:
    return message_of(content.data) or f"The product answered {answer.status}."


def limited(headers: Mapping[str, str]) -> bool:
    """Many say with 403 what RFC 6585, 4 says with 429."""
    return "retry-after" in headers or any(headers.get(name, "").strip() == "0" for name in REMAINING)


def pause_in(headers: Mapping[str, str]) -> float | None:
    """Seconds that the product asks to wait."""
    stated = retry_after(headers)
    return reset_in(headers) if stated is None else stated


def reset_in(headers: Mapping[str, str]) -> float | None:
    """When the next requests are counted anew: seconds, or a moment where the number can be nothing else."""
    if found := LIMITS.search(headers.get("ratelimit", "")):
        return min(float(found[1]), LONGEST_WAIT)
    for name in RESETS:
        number = seconds_in(headers.get(name, ""))
        if number is None:
            continue
        if number <= LONGEST_WAIT:
            return number
        left = (number / 1000 if number > 100 * EPOCH else number) - (moment(headers.get("date", "")) or time.time())
        if number >= EPOCH and left <= LONGEST_WAIT:
            return max(left, 0.0)
    return None


def seconds_in(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,13}(?:\.[0-9]{1,9})?", text.strip()) else None


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
