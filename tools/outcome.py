"""What an answer of the product, or none, means for a call (turn-protocol.md, "What counts as what").."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime

from runtime.guard import Answer, Lost, NotSent
from tools.call import SOON, WHO_SETS_IT, Exchange, Returned, Work
from tools.credentials import Credentials
from tools.pages import Page
from tools.redact import redacted, secret_names, spellings
from tools.complaints import message_of
from tools.refusals import field_errors
from tools.request import honours_key
from tools.response import Content, content_of, rows_of

IN_FLIGHT = re.compile(r"idempoten|in[ _-]flight|in[ _-]progress|being processed|still processing", re.IGNORECASE)
LONGEST_WAIT = 86_400.0


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
