"""Where an answer says that more is to be had: the record it created, the status of work that goes on. Only at the product itself. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard
from urllib.parse import unquote, urljoin, urlsplit

from specs.model import Operation
from tools.declared import response_for
from tools.fields import names, plain_name

STATUS_HEADERS = ("operation-location", "azure-asyncoperation", "location", "content-location")
STATUS_LINKS = names(
    "statusurl statusuri statuslink statushref monitorurl monitor monitorhref pollingurl pollurl polluri operationurl operationlocation joburl",
    "progressurl checkurl resulturl status self monitoruri href",
)
HOLDERS = names("links link job task operation data result meta")
STATES = names("status state phase jobstatus jobstate taskstatus provisioningstate operationstatus processingstatus executionstatus")
RUNNING = names(
    "running inprogress pending queued enqueued processing started starting accepted scheduled waiting submitted notstarted",
    "provisioning creating updating deleting initializing initialized preparing validating working ongoing inqueue received executing retrying",
)
SUCCEEDED = names("succeeded success successful completed complete done finished ok ready ended processed available delivered")
FAILED = names(
    "failed failure error errored cancelled canceled cancelling aborted rejected expired timedout timeout killed dead terminated partiallyfailed",
    "completedwitherrors unsuccessful faulted",
)
ACCEPTED = "The product has accepted this; whether it has been carried out is not known yet."
IDENTIFIERS = names("id uuid guid key self href")
State = Literal["running", "succeeded", "failed"]


@dataclass(frozen=True, slots=True)
class Follow:
    """Where an answer says that more is to be had: the record that was created, or the status of work that goes on. `wait`: seconds until then."""

    kind: Literal["created", "status"]
    url: str
    wait: float | None = None


def follow_of(operation: Operation, status: int, headers: Mapping[str, str], data: Any, url: str) -> Follow | None:
    """`url`: what was called, from where relative addresses begin. Whether it may be called is asked when it is."""
    if status == 202:
        given = next((headers[name] for name in STATUS_HEADERS if headers.get(name, "").strip()), None) or next(links_in(data, 0), None)
        return None if given is None else pointed("status", url, given)
    declared = response_for(operation, status)
    announced = declared is not None and any(name.lower() == "location" for name in declared.headers)
    location = headers.get("location", "").strip()
    return pointed("created", url, location) if status == 201 and announced and location and not tells_record(data) else None


def pointed(kind: Literal["created", "status"], url: str, given: str) -> Follow | None:
    try:
        return Follow(kind, urljoin(url, given.strip()).partition("#")[0])
    except ValueError:
        return None


def tells_record(data: Any) -> bool:
    """Whether the body is the new record, or what holds it: {"status": "created"} and {"id": 7} alone are none."""
    if isinstance(data, list):
        return bool(data)
    if not isinstance(data, dict):
        return False
    held = [value for value in data.values() if isinstance(value, dict | list) and value]
    return bool(held) or len([name for name in data if plain_name(name) not in IDENTIFIERS | STATES | {"message", "success", "ok", "code"}]) > 0


def links_in(data: Any, depth: int) -> Iterator[str]:
    """Addresses of a status in a body: {"status_url": ...}, {"links": {"status": {"href": ...}}}, [{"rel": "status", "href": ...}]."""
    if isinstance(data, list):
        for each in data[:20]:
            if isinstance(each, dict) and plain_name(str(each.get("rel", ""))) in STATUS_LINKS and is_address(each.get("href")):
                yield each["href"]
    if not isinstance(data, dict) or depth > 2:
        return
    for name, value in data.items():
        found = value.get("href") if isinstance(value, dict) else value
        if plain_name(name) in STATUS_LINKS and isinstance(found, str) and is_address(found):
            yield found
    for name, value in data.items():
        if plain_name(name) in HOLDERS:
            yield from links_in(value, depth + 1)


def is_address(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value.startswith(("https://", "http://", "/", "?")) and value.isprintable() and " " not in value


def within(url: str, base: str) -> bool:
    """Scheme, host, port and path of the product's base URL; nobody's name in it, and no way up in its path, however it is spelled."""
    try:
        one, two = urlsplit(url), urlsplit(base)
        same = (one.scheme, one.hostname, one.port) == (two.scheme, two.hostname, two.port)
    except ValueError:
        return False
    path, prefix = one.path or "/", two.path.rstrip("/") + "/"
    # A query may hold the mask of a key that is put in anew when it is called.
    readable = url.isprintable() and path.isascii() and not one.fragment and " " not in url and "\\" not in url
    return same and one.username is None and readable and not any(climbs(part) for part in path.split("/")) and f"{path}/".startswith(prefix)


def climbs(part: str) -> bool:
    plain = unquote(unquote(part))  # some servers decode twice
    return plain in {".", ".."} or re.search(r"[/\\]", plain) is not None


def state_of(data: Any) -> tuple[State | None, str]:
    """What a status says, and its own word. None: it says nothing of the kind, so it is the result itself."""
    if not isinstance(data, dict):
        return None, ""
    if isinstance(data.get("done"), bool):
        return ("running", "running") if not data["done"] else ("failed", "failed") if data.get("error") else ("succeeded", "done")
    for holder in (data, *(value for name, value in data.items() if plain_name(name) in HOLDERS | {"properties"} and isinstance(value, dict))):
        for name, value in holder.items():
            if plain_name(name) in STATES and isinstance(value, str):
                word, said = plain_name(value), " ".join(value.split())[:60]
                known: tuple[tuple[State, frozenset[str]], ...] = (("running", RUNNING), ("succeeded", SUCCEEDED), ("failed", FAILED))
                state = next((state for state, words in known if word in words), None)
                if state:
                    return state, said
    return None, ""
