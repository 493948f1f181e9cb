"""The OpenAPI objects under their own names, in one normal form: OpenAPI 3.1, schemas as JSON Schema 2020-12. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Schema: TypeAlias = dict[str, Any] | bool  # JSON Schema 2020-12; every $ref in it is "#/$defs/NAME" into Operation.definitions
Location = Literal["path", "query", "header", "cookie"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place of a document. `line` counts from 1 and is None until the text is rescanned. `why`: to a customer or a model."""

    severity: Severity
    code: str
    pointer: str
    message: str
    fix: str | None = None
    line: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    location: Location
    required: bool
    schema: Schema
    description: str = ""
    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    media_type: str | None = None  # of a parameter declared by `content`
    example: Any = None
    allow_empty_value: bool = False


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form or multipart body is written (OpenAPI 3.1, 4.8.15). None: the document does not say."""

    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False


@dataclass(frozen=True, slots=True)
class MediaType:
    name: str  # "application/json"
    schema: Schema
    encoding: Mapping[str, Encoding] = field(default_factory=dict)  # by property name


@dataclass(frozen=True, slots=True)
class RequestBody:
    required: bool
    content: tuple[MediaType, ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    status: str  # "200", "4XX", "default"
    description: str
    content: tuple[MediaType, ...] = ()
    headers: tuple[str, ...] = ()  # names, as declared


@dataclass(frozen=True, slots=True)
class ServerVariable:
    default: str
    enum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    variables: Mapping[str, ServerVariable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to a token of an OAuth2 scheme (OpenAPI 3.1, 4.8.29). Addresses may be relative."""

    authorization_url: str | None = None
    token_url: str | None = None
    refresh_url: str | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    name: str  # its name in the document
    type: Literal["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]
    location: Literal["query", "header", "cookie"] | None = None  # apiKey
    parameter: str | None = None  # apiKey: the name of that header, query parameter or cookie
    scheme: str | None = None  # http: "basic", "bearer"
    token_url: str | None = None  # oauth2 client credentials
    scopes: tuple[str, ...] = ()
    flows: Mapping[str, Flow] = field(default_factory=dict)  # oauth2, by their names in OpenAPI 3: "authorizationCode" ...
    open_id_connect_url: str | None = None  # openIdConnect


@dataclass(frozen=True, slots=True)
class Supplier:
    """Where a field's value can be found: `pointer` into the response of another operation ("/items/*/id")."""

    operation: str
    pointer: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Operation:
    """One operation with everything it needs: `definitions` holds every schema its own schemas reach, so cycles survive.

    `id` is unique in the document and fits [A-Za-z0-9_-]{1,64}: the operationId where it does, else what of it fits, else made from method and path.
    """

    id: str
    method: str  # upper case
    path: str
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: RequestBody | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[Mapping[str, tuple[str, ...]], ...] = ()  # alternatives; each maps scheme names to scopes; all of one are needed
    public: bool = False  # `security: []`: nothing is needed, and said so
    servers: tuple[Server, ...] = ()
    deprecated: bool = False
    consequential: bool | None = None  # x-openai-isConsequential or x-requireConfirmation, where the document says
    definitions: Mapping[str, Schema] = field(default_factory=dict)
    suppliers: Mapping[str, tuple[Supplier, ...]] = field(default_factory=dict)  # by parameter or body property name

    @property
    def safe(self) -> bool:
        """Safe in the sense of RFC 9110, 9.2.1 (and QUERY): may be repeated and changes nothing, unless the document says it is consequential."""
        return self.method in ("GET", "HEAD", "OPTIONS", "QUERY") and not self.consequential


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation's line in the catalogue: what is known without expanding it."""

    id: str
    method: str
    path: str
    summary: str
    tags: tuple[str, ...]
    service: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request that the product sends and its customer's server answers: listed, never offered. A callback is one that an operation announces."""

    name: str
    method: str  # upper case
    pointer: str
    summary: str = ""
    operation: str = ""  # of a callback: the id of the operation
    address: str = ""  # of a callback: the expression it is sent to


@dataclass(frozen=True, slots=True)
class Service:
    """A part of a document that belongs together."""

    name: str
    description: str
    operations: tuple[str, ...]  # operation ids
