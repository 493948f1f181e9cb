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
    "statusurl statusuri statuslink statushref monitorurl monitoruri monitorlink monitorhref monitor pollingurl pollinguri pollinglink polling",
    "pollurl polluri operationurl operationuri operationlocation joburl jobstatusurl progressurl checkurl",
)
LINKS, JOBS = names("links link"), names("job task operation")
# Of links, whose names are relations: RFC 8631 and RFC 5989 have the first two.
RELATIONS = STATUS_LINKS | JOBS | {"status"}
OWN = names("self href")
WRAPPED = names("data result meta")
HOLDERS = LINKS | JOBS | WRAPPED
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
DECODED = 6  # times; what is still encoded then was made to deceive
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
        given = next((headers[name] for name in STATUS_HEADERS if headers.get(name, "").strip()), None) or next(links_in(data), None)
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


def links_in(data: Any) -> Iterator[str]:
    """Addresses of a status in a body: what is named so, then a job's own."""
    yield from status_links(data, 0)
    yield from own_links(data)


def status_links(data: Any, depth: int, *, wrapped: bool = False) -> Iterator[str]:
    """{"status_url": ...}, {"links": {"status": {"href": ...}}}, [{"rel": "status", "href": ...}]. What is `wrapped` may be a customer's record,
    where a link called "status" or "job" is anything: only names that can mean nothing else count there."""
    if not isinstance(data, dict) or depth > 2:
        return
    yield from addressed(data, STATUS_LINKS)
    for name, value in data.items():
        plain = plain_name(name)
        if plain in LINKS:
            yield from addressed(value, STATUS_LINKS if wrapped else RELATIONS)
        elif plain in JOBS | WRAPPED:
            yield from status_links(value, depth + 1, wrapped=wrapped or plain in WRAPPED)


def own_links(data: Any) -> Iterator[str]:
    """`self` of a body that is a job: it says that it runs, or holds one under that name. APIs that answer 202 with a resource of its own do
    this; in any other body it is the record's, and reading that would prove nothing."""
    if not isinstance(data, dict):
        return
    plain = {name: value for name, value in data.items() if not isinstance(value, dict)}
    jobs = [data] if state_of(plain)[0] == "running" else []
    for job in (*jobs, *(value for name, value in data.items() if plain_name(name) in JOBS and isinstance(value, dict))):
        yield from addressed(job, OWN)
        for links in (value for name, value in job.items() if plain_name(name) in LINKS):
            yield from addressed(links, OWN)


def addressed(links: Any, wanted: frozenset[str]) -> Iterator[str]:
    """Of {"status": "/x"}, {"status": {"href": "/x"}} and [{"rel": "status", "href": "/x"}]."""
    listed = [(each.get("rel"), each) for each in links[:20] if isinstance(each, dict)] if isinstance(links, list) else []
    for name, value in links.items() if isinstance(links, dict) else listed:
        found = value.get("href") if isinstance(value, dict) else value
        if isinstance(name, str) and plain_name(name) in wanted and is_address(found):
            yield found


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
    """Some servers decode more than once, and some take off what follows a semicolon (path parameters) before they look for dots."""
    for _ in range(DECODED):
        part = unquote(part)
    return unquote(part) != part or part.partition(";")[0] in {".", ".."} or re.search(r"[/\\]", part) is not None


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
