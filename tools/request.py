"""Arguments to an HTTP request. Pure. Every value is encoded into its own place; the URL that comes out is compared with its template."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from specs.model import Operation, Server
from specs.pointers import join, pointer
from tools.fields import types
from tools.repair import converted
from tools.schema import Field, ToolDefinition, is_idempotency_header, json_media_type
from tools.settings import DocumentSettings
from tools.shape import followed

MASK = "••••••••"
SECRET_HANDLE = re.compile(r"secret:[A-Za-z0-9_.-]+")
UNRESERVED = "-._~"  # RFC 3986, 2.3
VARIABLE = re.compile(r"\{([^{}]*)\}")
SERVER_VALUE = re.compile(r"[A-Za-z0-9._~:/\[\]-]*")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
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


class Refused(Exception):
    """Ends the building of one request; becomes an Unbuildable in build()."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.value = Unbuildable(reason, field)


NO_SECRETS: Mapping[str, str] = {}


def build(
    operation: Operation, definition: ToolDefinition, arguments: Mapping[str, Any], target: Target, secrets: Mapping[str, str] = NO_SECRETS
) -> Request | Unbuildable:
    """With no `secrets` it is the preview: each handle stands as a mask. Credentials are never part of it."""
    if definition.unsupported:
        return Unbuildable(definition.unsupported)
    try:
        stand_in = unused(arguments, target, operation.path, *(each.wire for each in definition.fields))
        known = {name: value for name, value in arguments.items() if name in definition.by_name}
        opened = Opened(definition, secrets, stand_in)
        values = {name: opened.value(value, pointer(name)) for name, value in known.items()}
        base = base_of(target)
        url = base + path_of(operation, definition, values) + query_of(operation, definition, values)
        body = body_of(definition, values)
        headers = header_lines(operation, definition, values, target, body)
    except Refused as refused:
        return refused.value
    except UnicodeEncodeError:
        return Unbuildable("A value holds characters that are no valid text.")
    except (ValueError, RecursionError):
        return Unbuildable("A value cannot be written as JSON.")
    if reason := escaped(url, base, operation):
        return Unbuildable(reason)
    shown = body.replace(stand_in.encode(), MASK.encode()) if body else body
    return Request(operation.method, url.replace(stand_in, MASK), tuple((name, value.replace(stand_in, MASK)) for name, value in headers), shown)


def unused(*known: Any) -> str:
    """Stands for what is masked while the request is made: in no value, and the same in every encoding. Somebody's own dots are none of ours."""
    stand_in, text = "masked", repr(known)
    while stand_in in text:
        stand_in += "-masked"
    return stand_in


@dataclass(frozen=True, slots=True)
class Opened:
    """Arguments whose handles become what they stand for. What was typed into a hidden field is text; it is sent in the type of its place."""

    definition: ToolDefinition
    secrets: Mapping[str, str]
    stand_in: str

    def value(self, value: Any, place: str) -> Any:
        if isinstance(value, str):
            return self.secret(value, place) if SECRET_HANDLE.fullmatch(value) else value
        if isinstance(value, Mapping):
            return {name: self.value(each, join(place, str(name))) for name, each in value.items()}
        return [self.value(each, join(place, number)) for number, each in enumerate(value)] if isinstance(value, list) else value

    def secret(self, handle: str, place: str) -> Any:
        if handle not in self.secrets:
            return self.stand_in
        return converted(self.secrets[handle], types(followed(self.definition.schema_at(place), self.definition.definitions)))


def handles_in(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value}) if SECRET_HANDLE.fullmatch(value) else frozenset()
    inner: Sequence[Any] = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return frozenset().union(*(handles_in(each) for each in inner))


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
        return refused.value.reason
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


def encoded(text: str, safe: str = "") -> str:
    return quote(text, safe=UNRESERVED + safe)


def path_of(operation: Operation, definition: ToolDefinition, values: Mapping[str, Any]) -> str:
    """RFC 3986, 3.3: every value one segment, or a part of one."""
    fields = {each.wire: each for each in definition.fields if each.location == "path"}
    exploded = {each.name: each.explode for each in operation.parameters if each.location == "path"}

    def filled(found: re.Match[str]) -> str:
        each = fields.get(found.group(1))
        if each is None or each.name not in values or values[each.name] is None:
            raise Refused(f"{found.group(1)} is needed in the address.", each.name if each else "")
        text = simple(values[each.name], each, exploded.get(each.wire, False), encoded)
        if not text or CONTROL.search(str(values[each.name])):
            raise Refused(f"{each.name} cannot be empty or hold control characters: it is a part of the address.", each.name)
        return text

    path = VARIABLE.sub(filled, operation.path if operation.path.startswith("/") else f"/{operation.path}")
    for given, template in zip(path.split("/"), operation.path.split("/"), strict=False):
        if given in {".", ".."} or (not given and template):
            # RFC 3986, 5.2.4: dot segments are removed, so an id of ".." would reach another operation.
            raise Refused("A part of the address cannot be '.' or '..'.", next(iter(fields[name].name for name in VARIABLE.findall(template)), ""))
    return path


def simple(value: Any, field: Field, explode: bool, encode: Any) -> str:
    """Style `simple` (OpenAPI 3.1, 4.8.12.2): a,b or k,v; exploded objects k=v."""
    if isinstance(value, list):
        return ",".join(encode(scalar(each, field)) for each in value)
    if isinstance(value, Mapping):
        joint = "=" if explode else ","
        return ",".join(f"{encode(str(name))}{joint}{encode(scalar(each, field))}" for name, each in value.items())
    return str(encode(scalar(value, field)))


def scalar(value: Any, field: Field) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return json.dumps(value, allow_nan=False)
        case None:
            return ""
        case _:
            raise Refused(f"{field.name} holds an object or list where the address has room for a single value only.", field.name)


def query_of(operation: Operation, definition: ToolDefinition, values: Mapping[str, Any]) -> str:
    parameters = {each.name: each for each in operation.parameters if each.location == "query"}
    pairs: list[str] = []
    for each in definition.fields:
        if each.location == "query" and values.get(each.name) is not None:
            declared = parameters[each.wire]
            pairs += form_pairs(each, values[each.name], declared.explode, ":/@!$'()*;" if declared.allow_reserved else "")
    return f"?{'&'.join(pairs)}" if pairs else ""


def form_pairs(field: Field, value: Any, explode: bool, safe: str) -> list[str]:
    """Style `form`: a=1&a=2 or a=1,2; an exploded object's members are parameters themselves."""
    name = encoded(field.wire)
    if isinstance(value, list):
        items = [encoded(scalar(each, field), safe) for each in value]
        return [f"{name}={item}" for item in items] if explode else [f"{name}={','.join(items)}"]
    if isinstance(value, Mapping):
        members = [(encoded(str(key)), encoded(scalar(each, field), safe)) for key, each in value.items()]
        return [f"{key}={item}" for key, item in members] if explode else [f"{name}={','.join(part for member in members for part in member)}"]
    return [f"{name}={encoded(scalar(value, field), safe)}"]


def body_of(definition: ToolDefinition, values: Mapping[str, Any]) -> bytes | None:
    fields = [each for each in definition.fields if each.location == "body"]
    given = {each.wire: values[each.name] for each in fields if each.name in values}
    if not given:
        # A required body without any property is still a body.
        return b"{}" if any(each.required for each in fields) else None
    content = given.get("", given)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def header_lines(
    operation: Operation, definition: ToolDefinition, values: Mapping[str, Any], target: Target, body: bytes | None
) -> tuple[tuple[str, str], ...]:
    lines = [("Accept", "application/json, */*;q=0.5")]
    if body is not None:
        lines.append(("Content-Type", json_media_type(operation)))
    if target.idempotency_key is not None:
        lines.append((idempotency_header(operation) or "Idempotency-Key", header_value(target.idempotency_key, "")))
    exploded = {each.name: each.explode for each in operation.parameters if each.location == "header"}
    for each in definition.fields:
        if each.location == "header" and values.get(each.name) is not None:
            text = simple(values[each.name], each, exploded.get(each.wire, False), str)
            lines.append((each.wire, header_value(text, each.name)))
    return tuple(lines)


def header_value(text: str, field: str) -> str:
    """RFC 9110, 5.5: no CR, LF, NUL. What is not Latin-1 would be refused or mangled on the way."""
    if CONTROL.search(text.replace("\t", " ")):
        raise Refused(f"{field or 'A header'} cannot hold line breaks or control characters: it is sent as a header.", field)
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise Refused(f"{field or 'A header'} holds characters that cannot be sent in a header.", field) from None
    return text.strip()


def idempotency_header(operation: Operation) -> str | None:
    """The header the document declares for it, as it spells it."""
    return next((each.name for each in operation.parameters if each.location == "header" and is_idempotency_header(each.name)), None)


def honours_key(operation: Operation, settings: DocumentSettings) -> bool:
    """Whether a call may be sent again with the same key: the team says so, else where the document declares the header."""
    stated = settings.honours_idempotency_key
    return idempotency_header(operation) is not None if stated is None else stated


def escaped(url: str, base: str, operation: Operation) -> str | None:
    """The last look: is this the address the template names, and nothing else? None when it is."""
    if len(url) > MAX_URL:
        return "The address would be too long."
    path = operation.path if operation.path.startswith("/") else f"/{operation.path}"
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
