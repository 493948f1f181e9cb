"""A way into a product: address, credentials, constants. Stored encrypted, never given back, never in a prompt, event or log."""

import secrets
from typing import Annotated, Any, Literal, TypeVar

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_serializer
from redis.asyncio import Redis

from runtime.errors import NotFound, ParlanceError
from runtime.redis import key
from runtime.secrets import KeyRing

LIFETIME = 400 * 86_400  # seconds since it was last used


def sendable(value: SecretStr) -> SecretStr:
    """A credential goes into a header or a form: no control characters."""
    if any(c < " " or c == "\x7f" for c in value.get_secret_value()):
        raise ValueError("a credential holds no line breaks or other control characters")
    return value


Secret = Annotated[SecretStr, Field(min_length=1, max_length=8_000), AfterValidator(sendable)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Credential(Frozen):
    """Secrets are written in full only when asked for by context, to be sealed at once."""

    @field_serializer("value", "token", "password", "client_secret", check_fields=False)
    def reveal(self, value: SecretStr, info: Any) -> str:
        return value.get_secret_value() if info.context == "seal" else "••••••••"


class ApiKey(Credential):
    """`name` and `location` only where the document does not say them."""

    type: Literal["api_key"] = "api_key"
    value: Secret
    name: Name | None = None
    location: Literal["header", "query", "cookie"] = "header"


class Bearer(Credential):
    type: Literal["bearer"] = "bearer"
    token: Secret


class Basic(Credential):
    type: Literal["basic"] = "basic"
    username: Name
    password: Secret


class ClientCredentials(Credential):
    """OAuth2 (RFC 6749, 4.4). `authentication`: the client's id and secret as Basic, or in the body."""

    type: Literal["client_credentials"] = "client_credentials"
    client_id: Name
    client_secret: Secret
    token_url: Annotated[str, Field(max_length=2_000)] | None = None
    scopes: tuple[Name, ...] = ()
    authentication: Literal["basic", "body"] = "basic"


class NoCredential(Credential):
    type: Literal["none"] = "none"


AnyCredential = Annotated[ApiKey | Bearer | Basic | ClientCredentials | NoCredential, Field(discriminator="type")]


class Connection(Frozen):
    """`user` None: everybody of the tenant may use it."""

    id: str
    tenant: str
    spec: str
    user: str | None = None
    base_url: Annotated[str, Field(max_length=2_000)] | None = None
    credential: AnyCredential = NoCredential()
    constants: dict[str, Any] = {}
    credentials: dict[str, AnyCredential] = {}  # by the name of the security scheme
    passed: bool = False  # came with a message and is kept nowhere


class ConnectionEntry(Frozen):
    """What may be told of a connection."""

    id: str
    spec: str
    user: str | None
    base_url: str | None
    type: str


Record = TypeVar("Record", Connection, ConnectionEntry)
NO_CONNECTION = Connection(id="-", tenant="-", spec="-")


def new_id() -> str:
    return f"cn_{secrets.token_urlsafe(16)}"


def purpose(connection: str) -> str:
    return f"connection:{connection}"


def index(tenant: str) -> str:
    return key(tenant, "connections")


async def save_connection(redis: Redis, ring: KeyRing, connection: Connection) -> None:
    plain = orjson.dumps(connection.model_dump(mode="json", context="seal"))
    sealed = ring.seal(plain, tenant=connection.tenant, purpose=purpose(connection.id))
    entry = ConnectionEntry(
        id=connection.id, spec=connection.spec, user=connection.user, base_url=connection.base_url, type=connection.credential.type
    )
    async with redis.pipeline(transaction=False) as pipe:  # two slots of a cluster; an entry without its record is not found
        pipe.set(key(connection.tenant, "connection", connection.id), sealed, ex=LIFETIME)
        pipe.hset(index(connection.tenant), connection.id, entry.model_dump_json())
        pipe.expire(index(connection.tenant), LIFETIME)
        await pipe.execute()


async def load_connection(redis: Redis, ring: KeyRing, tenant: str, connection: str) -> Connection:
    sealed = await redis.getex(record(tenant, connection), ex=LIFETIME)
    if not isinstance(sealed, bytes):
        raise NotFound(f"There is no connection {connection}. Make it again.", code="connection_not_found")
    return readable(Connection, ring.open(sealed, tenant=tenant, purpose=purpose(connection)))


def readable(kind: type[Record], raw: bytes | str) -> Record:
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        detail = f"A stored connection cannot be read ({error.error_count()} problems); it may be a newer version's. Make it again."
        raise ParlanceError(detail, code="connection_unreadable") from None


def record(tenant: str, connection: str) -> str:
    try:
        return key(tenant, "connection", connection)
    except ValueError:
        raise NotFound("There is no such connection.", code="connection_not_found") from None


async def list_connections(redis: Redis, tenant: str, user: str | None = None) -> list[ConnectionEntry]:
    """Those of the tenant and, with a `user`, that user's own."""
    found = [readable(ConnectionEntry, raw) for raw in (await redis.hgetall(index(tenant))).values()]
    return sorted((each for each in found if each.user in {None, user}), key=lambda each: each.id)


async def connection_exists(redis: Redis, tenant: str, user: str, connection: str, spec: str) -> bool:
    """Whether this user may use it for this document's product: its credentials are for no other."""
    allowed = any((each.id, each.spec) == (connection, spec) for each in await list_connections(redis, tenant, user))
    return allowed and bool(await redis.exists(record(tenant, connection)))


async def default_connection(redis: Redis, tenant: str, user: str, spec: str) -> str | None:
    """The user's own connection to a document's product, else the tenant's; None when there is none or more than one to choose from."""
    found = [each for each in await list_connections(redis, tenant, user) if each.spec == spec]
    own = [each for each in found if each.user is not None] or found
    return own[0].id if len(own) == 1 else None


async def remove_connection(redis: Redis, tenant: str, connection: str) -> None:
    beside = [key(tenant, "connection", connection, part) for part in ("token", "refreshing")]
    await redis.delete(record(tenant, connection), *beside)
    await redis.hdel(index(tenant), connection)
