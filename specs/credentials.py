"""Which parameter holds what a security scheme sends: documents often declare both. Pure."""

from collections.abc import Iterable

from specs.model import SecurityScheme

# RFC 6750, 2: a bearer token goes into the Authorization header, into a form, or into the query; who takes the others takes the header.
_TOKENS = frozenset(("accesstoken", "authtoken", "bearertoken", "oauthtoken", "token"))


def carried(schemes: Iterable[SecurityScheme], location: str, name: str) -> bool:
    """Whether one of them sends what a parameter of this place and name holds."""
    return any(_carries(scheme, location, plain(name)) for scheme in schemes)


def _carries(scheme: SecurityScheme, location: str, name: str) -> bool:
    if scheme.type == "apiKey":
        return scheme.location == location and plain(scheme.parameter or "") == name
    if scheme.type == "mutualTLS":
        return False
    return (location == "header" and name.endswith("authorization")) or (scheme.scheme != "basic" and name in _TOKENS)


def plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
