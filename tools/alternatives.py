"""Which credentials a request gets: an operation's security requirements against what a connection holds. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from specs.model import Operation, SecurityScheme
from tools.security import AnyCredential, ApiKey, Connection, NoCredential, TokenExchange

TOKENS = ("bearer", "client_credentials", "authorization_code", "token_exchange")  # what goes into the Authorization header as a bearer token
FLOWS = {"authorizationCode": "authorization_code", "clientCredentials": "client_credentials"}
NO_MUTUAL_TLS = "The product wants a certificate of the client (mutual TLS) for this operation, which Parlance cannot send."


@dataclass(frozen=True, slots=True)
class Held:
    """A credential, the connection that it is from, and the scheme it was given for (None: it was not said)."""

    credential: AnyCredential
    owner: Connection
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """`scheme` None: the document says nothing of it."""

    held: Held
    scheme: SecurityScheme | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    reason: str


def held_by(connection: Connection) -> tuple[Held, ...]:
    """Its own first, then what it is laid over has for other schemes."""
    own = tuple(_listed(connection))
    if connection.under is None:
        return own
    named = {each.scheme for each in own} - {None}
    below = [each for each in _listed(connection.under) if each.scheme not in named]
    return (*(_completed(each, list(_listed(connection.under))) for each in own), *below)


def _listed(connection: Connection) -> list[Held]:
    named = [Held(each, connection, name) for name, each in connection.credentials.items()]
    found = [*named, Held(connection.credential, connection)]
    return [each for each in found if not isinstance(each.credential, NoCredential)]


def _completed(own: Held, below: Sequence[Held]) -> Held:
    """A customer's own token is exchanged by the tenant's client."""
    credential = own.credential
    if not isinstance(credential, TokenExchange) or credential.client_id:
        return own
    clients = [each for each in below if isinstance(each.credential, TokenExchange) and each.scheme == own.scheme]
    clients = clients or [each for each in below if isinstance(each.credential, TokenExchange)]
    if not clients:
        return own
    subject = {"subject_token": credential.subject_token, "subject_token_type": credential.subject_token_type}
    return Held(clients[0].credential.model_copy(update=subject), own.owner, own.scheme or clients[0].scheme)


def chosen(
    operation: Operation, schemes: Mapping[str, SecurityScheme], secured: Callable[[], bool], held: Sequence[Held]
) -> tuple[Applied, ...] | Unusable:
    """`secured`: whether the document says anywhere that credentials are needed."""
    if operation.public:
        return ()
    if operation.security:
        return _first(operation.security, schemes, held)
    if not schemes:
        return tuple(Applied(each) for each in _apart(held))
    if not held or secured():
        return ()
    # Declared and never required: whoever wrote that forgot to say where.
    found = _first([{name: ()} for name in schemes], schemes, held)
    return () if isinstance(found, Unusable) else found


def _apart(held: Sequence[Held]) -> list[Held]:
    """One for the Authorization header, and API keys: of each the first."""
    found: dict[str, Held] = {}
    for each in held:
        if each.scheme is None:
            found.setdefault(f"{each.credential.location} {each.credential.name}" if isinstance(each.credential, ApiKey) else "", each)
    return list(found.values())


def _first(
    alternatives: Sequence[Mapping[str, tuple[str, ...]]], schemes: Mapping[str, SecurityScheme], held: Sequence[Held]
) -> tuple[Applied, ...] | Unusable:
    """The first alternative of which everything is there. Else what there is of one: documents often ask for more than products do."""
    most: tuple[Applied, ...] = ()
    impossible = 0
    for alternative in alternatives:
        if any(name in schemes and schemes[name].type == "mutualTLS" for name in alternative):
            impossible += 1
            continue
        found = _assigned(alternative, schemes, held)
        if alternative and len(found) == len(alternative):
            return found
        most = max(most, found, key=len)
    if any(not alternative for alternative in alternatives):  # without credentials is one of the ways
        return ()
    return Unusable(NO_MUTUAL_TLS) if impossible == len(alternatives) else most


def _assigned(alternative: Mapping[str, tuple[str, ...]], schemes: Mapping[str, SecurityScheme], held: Sequence[Held]) -> tuple[Applied, ...]:
    """What was given without a scheme's name stands for one scheme of its kind."""
    found: list[Applied] = []
    left = list(held)
    for name in alternative:
        scheme = schemes.get(name)
        fitting = [each for each in left if each.scheme in (name, None) and fits(each.credential, scheme)]
        best = next((each for each in fitting if each.scheme == name), next(iter(fitting), None))
        if best is not None:
            left.remove(best)
            found.append(Applied(best, scheme))
    return tuple(found)


def fits(credential: AnyCredential, scheme: SecurityScheme | None) -> bool:
    """Whether a credential is of the kind that the scheme wants. One that is required and not declared may be any."""
    return credential.type != "none" and (scheme is None or credential.type in kinds_for(scheme))


def kinds_for(scheme: SecurityScheme) -> tuple[str, ...]:
    """Types of credential, the likeliest first."""
    flows = tuple(kind for flow, kind in FLOWS.items() if flow in scheme.flows)
    match scheme.type:
        case "apiKey":
            # Who describes a bearer token so means the header it is sent in.
            header = (scheme.location, (scheme.parameter or "").lower()) == ("header", "authorization")
            return ("api_key", "basic", *TOKENS) if header else ("api_key",)
        case "http":
            return ("basic",) if scheme.scheme == "basic" else TOKENS if scheme.scheme in ("bearer", "") else ()
        case "oauth2":
            return tuple(dict.fromkeys((*flows, *TOKENS)))
        case "openIdConnect":
            return ("authorization_code", *(kind for kind in TOKENS if kind != "authorization_code"))
        case "mutualTLS":
            return ()
