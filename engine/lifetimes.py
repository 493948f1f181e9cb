"""How long a session's keys live: by the tenant's retention, within the operator's. Pure."""

from dataclasses import dataclass

from runtime.settings import Settings
from runtime.tenants import Retention, days

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Milliseconds. Those of artifacts and sealed answers where they are shorter than their session's, else 0."""

    session: int
    artifacts: int = 0
    sealed: int = 0

    def __str__(self) -> str:
        return f"{self.session} {self.artifacts} {self.sealed}"


def lifetimes(retention: Retention, settings: Settings) -> Lifetimes:
    session, artifacts, sealed = (int(days(retention, settings)[name] * DAY_MS) for name in ("sessions", "artifacts", "secrets"))
    return Lifetimes(session, artifacts if artifacts < session else 0, sealed if sealed < session else 0)
