"""A way into a product: address, credentials, constants. Stored encrypted or passed through, never given back, never in a prompt, event or log."""

import secrets
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Self, TypeVar

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_serializer, model_validator
from redis.asyncio import Redis

from runtime.errors import NotFound, ParlanceError, Unavailable
from runtime.redis import key
from runtime.secrets import KeyRing
from tools.headers import TOKEN, takes_credential

LIFETIME = 400 * 86_400  # seconds since it was last used
TOKEN_PARTS = ("token", "kept", "refreshing", "failed")  # what tools/tokens.py keeps beside a connection
SLOTS = "slots"  # under which names
REMOVED, REMOVED_SECONDS = b"-", 60  # in place of what was kept, for longer than a token is fetched
TRIES = 50  # to change a connection that others change too
CHANGE = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'EX', ARGV[5])
for i = 2, #KEYS do
  redis.call('hset', KEYS[i], ARGV[3], ARGV[4])
  redis.call('expire', KEYS[i], ARGV[5])
end
return 1
"""


def sendable(value: SecretStr) -> SecretStr:
    """A credential goes into a header or a form: no control characters."""
    if any(c < " " or c == "\x7f" for c in value.get_secret_value()):
        raise ValueError("a credential holds no line breaks or other control characters")
    return value


Secret = Annotated[SecretStr, Field(min_length=1, max_length=8_000), AfterValidator(sendable)]
Url = Annotated[str, Field(max_length=2_000)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Credential(Frozen):
    """Secrets are written in full only when asked for by context, to be sealed at once."""

    @field_serializer("value", "token", "password", "client_secret", "subject_token", check_fields=False)
    def reveal(self, value: SecretStr | None, info: Any) -> str | None:
        if value is None:
            return None
        return value.get_secret_value() if info.context == "seal" else "••••••••"


class ApiKey(Credential):
    """`name` and `location` count only where the document does not say them: who gives them may be a customer, and they choose no way through us."""

    type: Literal["api_key"] = "api_key"
    value: Secret
    name: Name | None = None
    location: Literal["header", "query", "cookie"] = "header"

    @model_validator(mode="after")
    def goes_somewhere(self) -> Self:
        if self.name is not None and self.location == "header" and not takes_credential(self.name):
            raise ValueError("a credential cannot go into a header of this name")
        if self.name is not None and self.location == "cookie" and not TOKEN.fullmatch(self.name):
            raise ValueError("a cookie cannot have this name")
        return self


class Bearer(Credential):
    type: Literal["bearer"] = "bearer"
    token: Secret


class Basic(Credential):
    type: Literal["basic"] = "basic"
    username: Name
    password: Secret


class OAuth(Credential):
    """A client of an authorization server. Its addresses where the document does not say them: they are pinned when it is stored.

    `authentication`: the client's id and secret as Basic, or in the body. Without a secret it is a public client.
    """

    client_id: Name | None = None
    client_secret: Secret | None = None
    token_url: Url | None = None
    open_id_connect_url: Url | None = None  # OpenID Connect Discovery 1.0: a document that names the others
    scopes: tuple[Name, ...] = ()
    authentication: Literal["basic", "body"] = "basic"


class ClientCredentials(OAuth):
    """RFC 6749, 4.4."""

    type: Literal["client_credentials"] = "client_credentials"
    client_id: Name
    client_secret: Secret


class AuthorizationCode(OAuth):
    """RFC 6749, 4.1, with PKCE (RFC 7636): every customer signs in for himself, and his tokens are kept apart from this client.

    `issuer`: what `iss` must be (RFC 9207), where it is on another host than the addresses.
    """

    type: Literal["authorization_code"] = "authorization_code"
    client_id: Name
    authorization_url: Url | None = None
    refresh_url: Url | None = None
    issuer: Url | None = None


class TokenExchange(OAuth):
    """RFC 8693: the customer's own token for one of the product's. A shared connection holds the client, a customer's own the token."""

    type: Literal["token_exchange"] = "token_exchange"
    subject_token: Secret | None = None
    subject_token_type: Name = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a kind, not a token
    audience: Name | None = None
    resource: Url | None = None


class NoCredential(Credential):
    type: Literal["none"] = "none"


AnyCredential = Annotated[ApiKey | Bearer | Basic | ClientCredentials | AuthorizationCode | TokenExchange | NoCredential, Field(discriminator="type")]


class Connection(Frozen):
    """`user` None: everybody of the tenant may use it. `credential`: for a product with one scheme; `credentials`: by the schemes' names.

    `revision` changes with the credentials: tokens that were fetched with former ones are not used any more.
    Never stored: `passed` (it came with a request, and nothing of it is kept), `acting` (who uses it), `under` (the shared one it is laid over).
    """

    id: str
    tenant: str
    spec: str
    user: str | None = None
    base_url: Url | None = None
    credential: AnyCredential = NoCredential()
    credentials: dict[Name, AnyCredential] = {}
    constants: dict[str, Any] = {}
    revision: str = ""
    passed: bool = Field(default=False, exclude=True)
    acting: str | None = Field(default=None, exclude=True)
    under: "Connection | None" = Field(default=None, exclude=True)

    @property
    def by_customer(self) -> bool:
        """Whose credentials these are can give others."""
        return self.passed or self.user is not None

    def laid_over(self, shared: "Connection") -> "Connection":
        """What this one does not have is the shared one's."""
        more = {"base_url": self.base_url or shared.base_url, "constants": {**shared.constants, **self.constants}, "under": shared}
        return self.model_copy(update=more)


class ConnectionEntry(Frozen):
    """What may be told of a connection. `schemes`: the kind of credential for each."""

    id: str
    spec: str
    user: str | None
    base_url: str | None
    type: str
    schemes: dict[str, str] = {}


Record = TypeVar("Record", Connection, ConnectionEntry)
NO_CONNECTION = Connection(id="-", tenant="-", spec="-")


def new_id() -> str:
    return f"cn_{secrets.token_urlsafe(16)}"


def purpose(connection: str) -> str:
    return f"connection:{connection}"


def index(tenant: str) -> str:
    return key(tenant, "connections")


def shared_index(tenant: str) -> str:
    """Those of everybody alone, since a customer's own is laid over one at every turn."""
    return key(tenant, "connections", "shared")


def entry_of(connection: Connection) -> ConnectionEntry:
    schemes = {name: each.type for name, each in connection.credentials.items()}
    told = {name: getattr(connection, name) for name in ("id", "spec", "user", "base_url")}
    return ConnectionEntry(**told, type=connection.credential.type, schemes=schemes)


async def save_connection(redis: Redis, ring: KeyRing, connection: Connection) -> None:
    if connection.passed:
        raise ParlanceError("A connection that came with a request is never stored.", code="connection_passed")
    entry = entry_of(connection).model_dump_json()
    async with redis.pipeline(transaction=False) as pipe:  # two slots of a cluster; an entry without its record is not found
        pipe.set(record(connection.tenant, connection.id), _sealed(ring, connection), ex=LIFETIME)
        for each in _indices(connection):
            pipe.hset(each, connection.id, entry)
            pipe.expire(each, LIFETIME)
        await pipe.execute()


async def change_connection(redis: Redis, ring: KeyRing, tenant: str, connection: str, change: Callable[[Connection], Connection]) -> None:
    """What another has stored meanwhile is seen by `change`. Record and entry at once, so that they tell the same."""
    name = record(tenant, connection)
    for _ in range(TRIES):
        stored = there(connection, await redis.get(name))  # never watched: whoever uses a connection touches its lifetime
        changed = change(_opened(ring, tenant, connection, stored))
        keys = (name, *_indices(changed))
        entry = entry_of(changed).model_dump_json()
        if await redis.eval(CHANGE, len(keys), *keys, stored, _sealed(ring, changed), connection, entry, LIFETIME):
            return
    raise Unavailable(f"The connection {connection} is being changed by others all the time; try again.", code="connection_busy")


def _sealed(ring: KeyRing, connection: Connection) -> bytes:
    """Each time others bytes, by which a change is known."""
    plain = orjson.dumps(connection.model_dump(mode="json", context="seal"))
    return ring.seal(plain, tenant=connection.tenant, purpose=purpose(connection.id))


def _opened(ring: KeyRing, tenant: str, connection: str, sealed: bytes) -> Connection:
    return readable(Connection, ring.open(sealed, tenant=tenant, purpose=purpose(connection)))


def there(connection: str, sealed: Any) -> bytes:
    if not isinstance(sealed, bytes):
        raise NotFound(f"There is no connection {connection}. Make it again.", code="connection_not_found")
    return sealed


def _indices(connection: Connection) -> tuple[str, ...]:
    return (index(connection.tenant), *((shared_index(connection.tenant),) if connection.user is None else ()))


async def load_connection(redis: Redis, ring: KeyRing, tenant: str, connection: str, user: str | None = None) -> Connection:
    """As `user` uses it: a customer's own is laid over the shared one."""
    found = await stored_connection(redis, ring, tenant, connection)
    found = found.model_copy(update={"acting": user or found.user})
    return found if found.user is None else await over_shared(redis, ring, found)


async def stored_connection(redis: Redis, ring: KeyRing, tenant: str, connection: str) -> Connection:
    return _opened(ring, tenant, connection, there(connection, await _used(redis, tenant, connection)))


async def _used(redis: Redis, tenant: str, connection: str) -> Any:
    """A record, whose lifetime begins anew; with it that of the lists it may stand in, else it would outlive them and be found no more."""
    async with redis.pipeline(transaction=False) as pipe:
        pipe.getex(record(tenant, connection), ex=LIFETIME)
        for each in (index(tenant), shared_index(tenant)):
            pipe.expire(each, LIFETIME)
        return (await pipe.execute())[0]


async def over_shared(redis: Redis, ring: KeyRing, own: Connection) -> Connection:
    """Laid over the tenant's shared one of the same document; with none, or more than one to choose from, it stands alone."""
    listed = [readable(ConnectionEntry, raw) for raw in (await redis.hgetall(shared_index(own.tenant))).values()]
    found = [each.id for each in listed if each.spec == own.spec]
    if len(found) != 1:
        return own
    sealed = await _used(redis, own.tenant, found[0])
    if not isinstance(sealed, bytes):
        return own
    return own.laid_over(_opened(ring, own.tenant, found[0], sealed))


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
    async with redis.pipeline(transaction=False) as pipe:
        # Who is fetching a token now stores it only if this is what it was before (tools/tokens.py, KEEP).
        for name in await slots(redis, tenant, connection):
            pipe.set(token_key(tenant, connection, "kept", name), REMOVED, ex=REMOVED_SECONDS)
        await pipe.execute()
    await drop_tokens(redis, tenant, connection, ("token", "refreshing", "failed"))
    await redis.delete(record(tenant, connection))
    for each in (index(tenant), shared_index(tenant)):
        await redis.hdel(each, connection)


async def drop_tokens(redis: Redis, tenant: str, connection: str, parts: Sequence[str] = TOKEN_PARTS) -> None:
    """Of everybody who uses it."""
    beside = [token_key(tenant, connection, part, name) for name in await slots(redis, tenant, connection) for part in parts]
    for start in range(0, len(beside), 1_000):
        await redis.delete(*beside[start : start + 1_000])
    await redis.delete(key(tenant, "connection", connection, SLOTS))


async def slots(redis: Redis, tenant: str, connection: str) -> list[str]:
    listed: Any = await redis.smembers(key(tenant, "connection", connection, SLOTS))
    return ["", *sorted(raw.decode() for raw in listed)]


def token_key(tenant: str, connection: str, part: str, name: str) -> str:
    return key(tenant, "connection", connection, part, *([name] if name else []))
