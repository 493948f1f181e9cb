"""Every time that a text names, not only the first: what a value can be held to. Pure: now is handed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tools.dates import atoms_of, prepared, range_of
from tools.spans import Calendar, Span


@dataclass(frozen=True, slots=True)
class Named:
    """`text` names the time from `start` to before `end`. `written`: with its year, so that it is the same whenever it is read."""

    text: str
    start: datetime
    end: datetime
    clock: bool  # it says what time of the day
    dated: bool  # it says which day

    @property
    def written(self) -> bool:
        return str(self.start.year) in self.text

    @property
    def last(self) -> date:
        return (self.end - timedelta(seconds=1)).date()


def named(text: str, now: datetime, timezone: str, locale: str) -> tuple[Named, ...]:
    """In order. What leaves its year or week open stands for the latest that has begun and for the next."""
    text, cal = prepared(text, now, timezone, locale)
    try:
        return tuple(_named(text, cal))
    except (OverflowError, ValueError):  # beyond the years 1 to 9999
        return ()


def _named(text: str, cal: Calendar) -> Iterator[Named]:
    atoms = atoms_of(text, cal)
    for at, atom in enumerate(atoms):
        whole = range_of(text, atoms[at:], cal)
        if whole is not None:
            yield _one(text[whole.begin : whole.stop], whole.span, atom.span)
        if atom.span.alone:
            for span in (atom.span, *([atom.span.again(1)] if atom.span.again else [])):
                yield _one(text[atom.begin : atom.stop], span, atom.span)


def _one(text: str, span: Span, first: Span) -> Named:
    return Named(text, span.start, span.end, clock=bool(first.clock or first.on or first.point), dated=first.clock is None)
