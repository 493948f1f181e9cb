"""A document from an address that somebody named, through the network guard. Nothing inside a document is ever fetched."""

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import orjson

from runtime.errors import InvalidRequest, TooLarge
from runtime.guard import Answer, Guarded, Limits, NotSent, Outgoing
from specs.load import MAX_BYTES

LIMITS = Limits(seconds=20, connect=5, bytes=MAX_BYTES)
LONGEST = 4_000  # characters of {"url": ...}
HOPS = 3
ACCEPT = (("Accept", "application/json, application/yaml, */*;q=0.5"),)


def address_in(content_type: str, data: bytes) -> str | None:
    """Of {"url": "https://..."} in place of a document: an object with this one member is none."""
    if len(data) > LONGEST or not content_type.startswith("application/json"):
        return None
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return found["url"] if isinstance(found, dict) and found.keys() == {"url"} and isinstance(found["url"], str) else None


async def fetched(url: str, http: Guarded, hosts: Iterable[str] = ()) -> bytes:
    """A redirect is followed on the same host, and never to something less safe."""
    address = url
    for _ in range(HOPS):
        answer = await http.send(Outgoing("GET", address, ACCEPT, hosts=tuple(hosts)), LIMITS)
        if isinstance(answer, NotSent) and answer.refused:
            advice = "Fetch it yourself and upload it, or let the operator allow it (PARLANCE_ALLOW_PRIVATE_HOSTS, PARLANCE_ALLOW_HTTP)."
            raise InvalidRequest(f"{shown(address)} may not be fetched: {answer.reason}. {advice}", code="document_address_refused")
        if not isinstance(answer, Answer):
            raise not_fetched(address, answer.reason)
        if not 300 <= answer.status < 400:
            return document_in(address, answer)
        address = following(address, answer.headers.get("location", ""))
    raise not_fetched(url, "it redirects again and again")


def document_in(address: str, answer: Answer) -> bytes:
    if answer.status != 200:
        raise not_fetched(address, f"it answered {answer.status}")
    if answer.unread == "it is too large":
        raise TooLarge(f"A document may have {MAX_BYTES // 1024**2} MB.", code="document_too_large")
    if not answer.whole:
        raise not_fetched(address, f"its answer could not be read: {answer.unread}")
    return answer.body


def following(address: str, location: str) -> str:
    try:
        new, old = urlsplit(urljoin(address, location)), urlsplit(address)
        same = new.hostname == old.hostname and (new.scheme == "https" or (new.scheme, new.port) == (old.scheme, old.port))
    except ValueError:
        same = False
    if not location or not same:
        raise not_fetched(address, f"it redirects elsewhere{f', to {shown(location)}' if location else ''}; give the document's own address")
    return new.geturl()


def not_fetched(address: str, reason: str) -> InvalidRequest:
    return InvalidRequest(f"{shown(address)} could not be fetched: {reason}.", code="document_not_fetched")


def shown(address: str) -> str:
    """Without its query, which may hold a token."""
    return "".join(c for c in address.partition("?")[0] if c.isprintable())[:200]
