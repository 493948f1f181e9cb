"""Who asks: API keys to principals. Tenant and user come from here and from nowhere else."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["chat", "specs", "ratings", "admin"]


@dataclass(frozen=True, slots=True)
class Principal:
    tenant: str
    user: str
    scopes: frozenset[Scope]
