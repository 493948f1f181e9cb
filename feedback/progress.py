"""How far a run is, said from time to time, and how it goes on where it broke off: its file holds what is done, a line each."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from runtime.errors import InvalidRequest

_EVERY = 5.0  # seconds between words
_ENOUGH = 20  # things that are done before the rest can be reckoned: before, the start counts too much
Found = TypeVar("Found")


@dataclass(slots=True)
class Progress:
    """Says from time to time how far a run is. `things`: what it counts."""

    total: int
    things: str
    note: Callable[[str], None]
    done: int = 0
    began: float = field(default_factory=time.monotonic)
    said: float = field(default_factory=time.monotonic)

    def step(self) -> None:
        self.done += 1
        now = time.monotonic()
        if now - self.said >= _EVERY or self.done == self.total:
            self.said = now
            rate = self.done / max(now - self.began, 0.001)
            left = f", {(self.total - self.done) / rate:.0f} s left" if _ENOUGH <= self.done < self.total else ""
            self.note(f"{self.done:,} of {self.total:,} {self.things}, {now - self.began:.0f} s, {rate:.1f} a second{left}")


def resumed(out: Path, begins: bytes, read: Callable[[bytes], Found], strange: InvalidRequest) -> Found:
    """What `read` makes of the lines that are there. A last one that was not finished is cut off, so that the next begins a line.

    Every line `begins` so: `strange` is raised for one that does not, since it is some other file's, of which nothing may be lost.
    """
    data = out.read_bytes() if out.exists() else b""
    end = data.rfind(b"\n") + 1
    found, rest = read(data[:end]), data[end:]
    if rest and not rest.startswith(begins[: len(rest)]):
        raise strange
    if rest:
        with out.open("r+b") as opened:
            opened.truncate(end)
    return found
