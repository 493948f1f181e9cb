"""OAuth 2 access tokens of the client-credentials grant (RFC 6749, 4.4): short-lived, kept in memory only."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.messages import Refused, Reply

CLIENT_ID = "parlance-demo"
CLIENT_SECRET = "demo-secret-of-the-example-product"  # noqa: S105 - the example's own, of no use elsewhere
SCOPES = ("identity:read", "identity:write")


@dataclass(frozen=True, slots=True)
class Grant:
    client: str
    scopes: frozenset[str]
    expires: datetime


class Tokens:
    """For tests: `granted` counts every token given out, and while `open` is not set the token endpoint takes its time."""

    def __init__(self, clock: Callable[[], datetime], seconds: int) -> None:
        self._clock, self._seconds = clock, seconds
        self._grants: dict[str, Grant] = {}
        self.granted = 0
        self.open = asyncio.Event()
        self.open.set()

    def grant(self, form: Mapping[str, str], basic: tuple[str, str] | None) -> Reply:
        """The token endpoint; the client names itself by HTTP Basic or in the form."""
        client, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
        if not secrets.compare_digest(f"{client}\0{secret}".encode(), f"{CLIENT_ID}\0{CLIENT_SECRET}".encode()):
            return Reply(401, {"error": "invalid_client"}, {"WWW-Authenticate": 'Basic realm="identity"'})
        if form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type"})
        scopes = frozenset(form.get("scope", "").split()) or frozenset(SCOPES)
        if not scopes <= frozenset(SCOPES):
            return Reply(400, {"error": "invalid_scope"})
        return Reply(200, self._give(client, scopes), {"Cache-Control": "no-store"})

    def _give(self, client: str, scopes: frozenset[str]) -> dict[str, str | int]:
        now = self._clock()
        self._grants = {token: grant for token, grant in self._grants.items() if grant.expires > now - timedelta(hours=1)}
        token = secrets.token_urlsafe(24)
        self._grants[token] = Grant(client, scopes, now + timedelta(seconds=self._seconds))
        self.granted += 1
        return {"access_token": token, "token_type": "Bearer", "expires_in": self._seconds, "scope": " ".join(sorted(scopes))}

    def client(self, authorization: str | None, scope: str) -> str:
        """Whose token this is; refused when it is missing, unknown, expired or lacks the scope."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused(401, "token_missing", "an access token is needed", headers={"WWW-Authenticate": "Bearer"})
        grant = self._grants.get(token)
        if grant is None:
            raise _challenged("token_invalid", "token unknown")
        if grant.expires <= self._clock():
            raise _challenged("token_expired", "token expired")
        if scope not in grant.scopes:
            raise Refused(403, "scope_missing", f"the token lacks the scope {scope}")
        return grant.client

    def expire_all(self) -> None:
        now = self._clock()
        self._grants = {token: Grant(grant.client, grant.scopes, now) for token, grant in self._grants.items()}


def _challenged(code: str, message: str) -> Refused:
    return Refused(401, code, message, headers={"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{message}"'})
