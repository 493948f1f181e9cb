"""Arguments to an HTTP request. Pure. Every value is encoded into its own place; the URL that comes out is compared with its template."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from specs.model import Operation, Server
from specs.pointers import join, pointer
from tools import media
from tools.bodies import Content, content
from tools.fields import types
from tools.files import FILE_HANDLE, File
from tools.headers import is_idempotency_header
from tools.places import CONTROL, VARIABLE, Places, header_value, texts_in
from tools.repair import converted
from tools.schema import ToolDefinition
from tools.settings import DocumentSettings
from tools.shape import followed
from tools.styles import Refused

MASK = "••••••••"
SECRET_HANDLE = re.compile(r"secret:[A-Za-z0-9_.-]+")
SERVER_VALUE = re.compile(r"[A-Za-z0-9._~:/\[\]-]*")
MAX_URL = 8_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `idempotency_key` only when the product is to get one."""

    base_url: str
    server_variables: Mapping[str, str]
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Unbuildable:
    """Why no request can be made of these arguments. `field` is the argument at fault, if one is."""

    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What the handles in arguments stand for. A secret that is not held is masked; a file that is not held stands there as its handle."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)


NOTHING = Held()


def build(
    operation: Operation, definition: ToolDefinition, arguments: Mapping[str, Any], target: Target, held: Held = NOTHING
) -> Request | Unbuildable:
    """With nothing held it is the preview. Credentials are never part of it."""
    if definition.unsupported:
        return Unbuildable(definition.unsupported)
    try:
        known = {name: value for name, value in arguments.items() if name in definition.by_name}
        handles = handles_in(known)
        stand_in = "" if handles <= held.secrets.keys() else unused(operation, definition, known, target, held)
        opened = Opened(definition, held, stand_in)
        values = {name: opened.value(value, pointer(name)) for name, value in known.items()} if handles or held.files else known
        base = base_of(target)
        places = Places(definition, values)
        path, _, query = path_template(operation).partition("?")
        url = base + places.path(path) + places.query(query)
        body = body_of(operation, definition, values)
        headers = header_lines(operation, places, target, body)
    except Refused as refused:
        return Unbuildable(refused.reason, refused.field)
    except UnicodeEncodeError:
        return Unbuildable("A value holds characters that are no valid text.")
    except (ValueError, RecursionError):
        return Unbuildable("A value cannot be written into a request.")
    if reason := escaped(url, base, operation):
        return Unbuildable(reason)
    request = Request(operation.method, url, headers, body.body if body else None)
    return masked(request, stand_in) if stand_in else request


def unused(operation: Operation, definition: ToolDefinition, arguments: Mapping[str, Any], target: Target, held: Held) -> str:
    """Stands for what is masked while the request is made: in no value, and the same in every encoding."""
    names = [each.wire for each in definition.fields]
    stand_in, text = "masked", repr((arguments, target, operation.path, names, held.secrets, [file.body for file in held.files.values()]))
    while stand_in in text:
        stand_in += "-masked"
    return stand_in


def masked(request: Request, stand_in: str) -> Request:
    """Somebody's own dots are none of ours: so the mask comes last."""
    headers = tuple((name, value.replace(stand_in, MASK)) for name, value in request.headers)
    body = request.body and request.body.replace(stand_in.encode(), MASK.encode())
    return Request(request.method, request.url.replace(stand_in, MASK), headers, body)


@dataclass(frozen=True, slots=True)
class Opened:
    """Arguments whose handles become what they stand for. What was typed into a hidden field is text; it is sent in the type of its place."""

    definition: ToolDefinition
    held: Held
    stand_in: str

    def value(self, value: Any, place: str) -> Any:
        if isinstance(value, str):
            return self.secret(value, place) if SECRET_HANDLE.fullmatch(value) else self.held.files.get(value, value)
        if isinstance(value, Mapping):
            return {name: self.value(each, join(place, str(name))) for name, each in value.items()}
        return [self.value(each, join(place, number)) for number, each in enumerate(value)] if isinstance(value, list) else value

    def secret(self, handle: str, place: str) -> Any:
        if handle not in self.held.secrets:
            return self.stand_in
        return converted(self.held.secrets[handle], types(followed(self.definition.schema_at(place), self.definition.definitions)))


def handles_in(value: Any) -> frozenset[str]:
    return frozenset(each for each in texts_in(value) if each.startswith("secret:") and SECRET_HANDLE.fullmatch(each))


def files_in(definition: ToolDefinition, arguments: Mapping[str, Any]) -> frozenset[str]:
    """Handles of files, where a file can be: elsewhere such a text is only a text."""
    form = definition.form_of(arguments)
    fields = form.fields if form else ()
    return frozenset(text for each in fields if each.file for text in texts_in(arguments.get(each.name)) if FILE_HANDLE.fullmatch(text))


def target_of(operation: Operation, servers: Sequence[Server], settings: DocumentSettings, base_url: str | None = None) -> Target:
    """`base_url` of the connection wins, then the settings', then the operation's own server, then the document's (`servers`)."""
    server = next(iter((*operation.servers, *servers)), None)
    given = base_url or settings.base_url
    defaults = {name: variable.default for name, variable in (server.variables if server else {}).items()}
    base = given or (server.url if server else "")
    return Target(base, {**defaults, **settings.server_variables})


def address_problem(target: Target) -> str | None:
    """Why requests cannot go to this base URL; None when they can."""
    try:
        base = base_of(target)
    except Refused as refused:
        return refused.reason
    usable = base.startswith(("https://", "http://")) and urlsplit(base).hostname
    return None if usable else "The base URL must begin with https:// or http:// and a host."


def base_of(target: Target) -> str:
    """Without its last slash. A relative one is kept for a preview; nothing is sent to it."""
    base = VARIABLE.sub(lambda found: server_value(found.group(1), target.server_variables), target.base_url.strip()).rstrip("/")
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        raise Refused("The base URL is not a URL.") from None
    if CONTROL.search(base) or " " in base or "\\" in base or parts.query or parts.fragment or "?" in base or "#" in base:
        raise Refused("The base URL may hold no query, fragment, space or backslash.")
    if parts.username is not None or parts.password is not None or port == 0:
        raise Refused("The base URL may hold no user name; credentials belong in a connection.")
    if any(segment in {".", ".."} for segment in parts.path.split("/")):
        raise Refused("The base URL may hold no dot segments.")
    if base and parts.scheme not in {"http", "https", ""}:
        raise Refused("The base URL must be http or https.")
    return base


def server_value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise Refused(f"The server variable {name} has no value; set it in the document's settings.")
    if not SERVER_VALUE.fullmatch(values[name]):
        raise Refused(f"The server variable {name} holds characters an address cannot have.")
    return values[name]


def absolute(base_url: str, reference: str) -> str:
    """A token's or next page's address, which may be relative."""
    return urljoin(base_url.rstrip("/") + "/", reference)


def body_of(operation: Operation, definition: ToolDefinition, values: Mapping[str, Any]) -> Content | None:
    parts = {each.name for each in definition.fields if each.location == "body"}
    form = definition.form_of({name: value for name, value in values.items() if name in parts})
    if form is None:
        return None
    if not parts & values.keys():
        # A required body without any property is still a body.
        needed = form.writing == "json" and operation.body is not None and operation.body.required
        return Content(media.concrete(form.media.name), b"{}") if needed else None
    left = [name for name in values if name in parts and name not in form.by_name]
    if left:
        raise Refused(f"{left[0]} cannot be sent together with the others: a body of type {form.media.name} has no place for it.", left[0])
    return content(form, values, definition.definitions, mended=definition.checks_of(form).mended)


def header_lines(operation: Operation, places: Places, target: Target, body: Content | None) -> tuple[tuple[str, str], ...]:
    declared = (each.name for response in operation.responses if response.status.startswith("2") for each in response.content)
    lines = [("Accept", media.acceptable(declared))]
    if body is not None:
        lines.append(("Content-Type", body.media_type))
    if target.idempotency_key is not None:
        lines.append((idempotency_header(operation) or "Idempotency-Key", header_value(target.idempotency_key, "")))
    lines += places.headers()
    if cookies := places.cookies():
        lines.append(("Cookie", cookies))
    return tuple(lines)


def idempotency_header(operation: Operation) -> str | None:
    """The header the document declares for it, as it spells it."""
    return next((each.name for each in operation.parameters if each.location == "header" and is_idempotency_header(each.name)), None)


def honours_key(operation: Operation, settings: DocumentSettings) -> bool:
    """Whether a call may be sent again with the same key: the team says so, else where the document declares the header."""
    stated = settings.honours_idempotency_key
    return idempotency_header(operation) is not None if stated is None else stated


def path_template(operation: Operation) -> str:
    return operation.path if operation.path.startswith("/") else f"/{operation.path}"


def escaped(url: str, base: str, operation: Operation) -> str | None:
    """The last look: is this the address the template names, and nothing else? None when it is."""
    if len(url) > MAX_URL:
        return "The address would be too long."
    path = path_template(operation).partition("?")[0]
    address = url.partition("?")[0]
    if not address.startswith(base) or CONTROL.search(url) or any(c in url for c in "#\\ "):
        return leaves(operation)
    given, template = address[len(base) :].split("/"), path.split("/")
    same = len(given) == len(template) and all(fits_segment(one, other) for one, other in zip(given, template, strict=True))
    return None if same else leaves(operation)


def leaves(operation: Operation) -> str:
    return f"The values would lead away from {operation.path}."


def fits_segment(given: str, template: str) -> bool:
    if given in {".", ".."}:
        return False
    if "{" not in template:
        return given == template
    fixed = [re.escape(part) for part in VARIABLE.split(template)[::2]]
    return re.fullmatch(r"[^/?#\\]+".join(fixed), given) is not None
