"""What a call of the product is made of and what comes of it: the values that tools/execute.py and its neighbours hand on. No I/O of its own."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from redis.asyncio import Redis

from runtime.guard import Guarded, Limits
from runtime.secrets import KeyRing
from specs.document import Document
from specs.model import Operation
from tools.files import File
from tools.links import Follow
from tools.pages import Page
from tools.schema import ToolDefinition
from tools.security import Connection
from tools.settings import DocumentSettings

Outcome = Literal["done", "rejected", "not_executed", "unknown"]
SOON = 0.2  # seconds before the next attempt when the product does not say
WHO_SETS_IT = "The product team sets the base URL, and which hosts may be private or called by http, in the document's settings."


@dataclass(frozen=True, slots=True)
class Repeats:
    """How far execute() goes for one safe call."""

    attempts: int = 3
    wait: float = 4.0  # seconds, the longest pause between two attempts
    pages: int = 200
    rows: int = 50_000
    seconds: float = 15.0  # for all pages; the rest is said to be missing
    follow: float = 10.0  # seconds, for work that goes on at the product after its answer
    look: float = 0.5  # seconds before the first look at it where the product does not say


@dataclass(frozen=True, slots=True)
class Wire:
    http: Guarded
    redis: Redis
    ring: KeyRing
    limits: Limits = field(default_factory=Limits)
    repeats: Repeats = field(default_factory=Repeats)


@dataclass(frozen=True, slots=True)
class Work:
    """One call. `secrets`, `files`: what the handles in the arguments stand for. `key`: its idempotency key, for products that take one.

    `leaves_by`: the monotonic time after which it must not leave any more, since whoever sends it may have lost the right to.
    """

    operation: Operation
    definition: ToolDefinition
    arguments: Mapping[str, Any]
    secrets: Mapping[str, str]
    connection: Connection
    settings: DocumentSettings
    document: Document
    key: str | None = None
    leaves_by: float = math.inf
    files: Mapping[str, File] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of it. `retry_in`: seconds after which another attempt may help; None: it will not, or must not be made.

    `stale`: the version of the token that was refused, for the next attempt. `errors`: by argument name. What was sent as a secret is masked.
    `sign_in`: nothing was carried out, and will not be before the customer has signed in again. `file`: an answer that is no data.
    `accepted`: the request is done, and the product works on what it asks for still. `follow`: where that can be looked up.
    `drift`: how the answer differs from what the document declares, for the product's team.
    """

    outcome: Outcome
    status: int | None = None
    data: Any = None
    media_type: str = "application/json"
    rows_path: str = ""
    rows: int | None = None
    total: int | None = None
    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    retry_in: float | None = None
    stale: str | None = None
    warnings: tuple[str, ...] = ()
    sign_in: bool = False
    accepted: bool = False
    file: File | None = None
    drift: tuple[str, ...] = ()
    follow: Follow | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt as it was: what was sent, what came, and what was made of it. `page` only of a list."""

    returned: Returned
    page: Page | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # of the answer, if one came
