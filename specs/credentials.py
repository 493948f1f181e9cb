"""Which parameters hold what security schemes send: documents often declare both. Pure."""

from collections.abc import Iterable, Mapping

from specs.model import SecurityScheme

Place = tuple[str, str]  # where a parameter is, and its name
# RFC 6750, 2: a bearer token goes into the Authorization header, into a form, or into the query; who takes the others takes the header.
_TOKENS = frozenset(("accesstoken", "authtoken", "bearertoken", "oauthtoken", "token"))


class Senders:
    """Of some schemes, looked at once: documents may have many of both."""

    def __init__(self, schemes: Iterable[SecurityScheme]) -> None:
        usable = [one for one in schemes if one.type != "mutualTLS"]
        signing = [one for one in usable if one.type != "apiKey"]
        self._keys = {(one.location, _plain(one.parameter or "")) for one in usable if one.type == "apiKey"}
        self._header = bool(signing)
        self._token = any(one.scheme != "basic" for one in signing)

    def send(self, place: Place) -> bool:
        """Whether one of them sends what a parameter of this place holds."""
        location, name = place[0], _plain(place[1])
        return (
            (location, name) in self._keys
            or (self._header and location == "header" and name.endswith("authorization"))
            or (self._token and name in _TOKENS)
        )


def stood_for(schemes: Mapping[str, SecurityScheme], places: Iterable[Place]) -> frozenset[str]:
    """The schemes that send what one of these parameters holds."""
    given = [(location, _plain(name)) for location, name in places]
    exact = set(given)
    header = any(location == "header" and name.endswith("authorization") for location, name in given)
    token = any(name in _TOKENS for _, name in given)

    def held(one: SecurityScheme) -> bool:
        if one.type == "apiKey":
            return (one.location, _plain(one.parameter or "")) in exact
        return one.type != "mutualTLS" and (header or (token and one.scheme != "basic"))

    return frozenset(name for name, one in schemes.items() if held(one))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
