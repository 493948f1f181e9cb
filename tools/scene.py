"""What is played to see what a conversation comes to: what is said, when and where, and what the product answers. Pure data.

Evaluation makes scenes, the engine plays them (engine/rehearse.py); neither knows the other.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from specs.document import Document


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of the product to this operation. Several to one operation come in order; the last one comes again."""

    method: str
    path: str  # as the document writes it
    status: int = 200
    body: Any = None  # None: none


@dataclass(frozen=True, slots=True)
class Scene:
    """`now`: a clock that stands still there; None: the machine's.

    With `responses` or `made_up` all is carried out, against a product over loopback: an operation without a response of its own gets one made from
    its schema (`made_up`), else a 404. With neither the last message is only rehearsed up to its first request; those before it are answered with
    what is made up, since what is said after them is said in their light. `approves`: the customer says yes to approvals; else they stay open.
    """

    messages: tuple[str, ...]
    now: datetime | None = None
    timezone: str = "UTC"
    locale: str = "en"
    responses: tuple[Response, ...] = ()
    made_up: bool = False
    approves: bool = False

    @property
    def dry(self) -> bool:
        return not (self.responses or self.made_up)


# To what `ask --dry-run --json` reports, with `failed`, `executed`, `requests`, `seconds` and `usage` (engine/rehearse.py).
Play: TypeAlias = Callable[[Document, Scene], Awaitable[Mapping[str, Any]]]
