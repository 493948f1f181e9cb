"""What the command line hands in for cases to be made and judged: the feedback worker sees no other worker. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from feedback.asking import Asking
from feedback.drafts import Unsaid
from specs.document import Document


@dataclass(frozen=True, slots=True)
class Makers:
    asking: Asking
    unsaid: Unsaid
    compiled: Callable[[bytes], Document]
