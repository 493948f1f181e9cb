"""What the command line hands in for cases to be made and judged: the feedback worker sees no other worker."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from redis.asyncio import Redis

from feedback.asking import Asking
from feedback.drafts import Unsaid
from runtime.settings import Settings
from specs.document import Document

Results: TypeAlias = Callable[[Redis, Settings, str, str, Sequence[str]], Awaitable[Mapping[str, Any]]]  # of a tenant's session those that are kept


@dataclass(frozen=True, slots=True)
class Makers:
    asking: Asking
    unsaid: Unsaid
    compiled: Callable[[bytes], Document]
    results: Results
