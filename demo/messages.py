"""What an operation of the product is asked, and what it answers. Knows no web server and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

JSON: TypeAlias = Any
Errors: TypeAlias = tuple[tuple[str, str], ...]  # (field, message)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that fits the document: `path` and `query` by parameter name, with the defaults of the document filled in."""

    operation: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: JSON
    client: str
    at: datetime

    @property
    def time(self) -> str:
        return timestamp(self.at)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: JSON = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The product says no; nothing has changed."""

    def __init__(self, status: int, code: str, message: str, *, errors: Errors = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.errors, self.headers = errors, headers or {}

    def reply(self) -> Reply:
        body: dict[str, JSON] = {"code": self.code, "message": self.message}
        if self.errors:
            body["errors"] = [{"field": name, "message": message} for name, message in self.errors]
        return Reply(self.status, body, self.headers)


def invalid(*errors: tuple[str, str]) -> Refused:
    count = "1 value" if len(errors) == 1 else f"{len(errors)} values"
    return Refused(422, "validation_failed", f"{count} cannot be used", errors=errors)


def missing(kind: str, name: str) -> Refused:
    return Refused(404, "not_found", f"there is no {kind} {name}")


def conflict(code: str, message: str) -> Refused:
    return Refused(409, code, message)


def timestamp(moment: datetime) -> str:
    """UTC, to the second: times stored like this sort as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
