"""Stored events back into a session. They are JSON of known types and nothing else; what cannot be read is refused, and left as it is. Pure."""

from collections.abc import Iterable

from engine.events import EVENT, FORMAT, Event, SessionStarted, Snapshot
from engine.session import Session
from runtime.errors import ParlanceError


def event_of(raw: bytes) -> Event:
    try:
        return EVENT.validate_json(raw)
    except ValueError as error:
        raise unreadable() from error


def started_of(event: Event) -> SessionStarted:
    """The first event of a session, as such."""
    if not isinstance(event, SessionStarted):
        raise unreadable()
    return known(event)


def beginning(session_id: str, epoch: int, first: bytes, tail: int) -> Session:
    """The session before the events from number `tail` on: `first` is its SessionStarted or its last snapshot."""
    event = event_of(first)
    if isinstance(event, Snapshot):
        return Session(session_id, known(event.started), epoch=epoch, length=tail, past=event, tail=tail)
    return Session(session_id, started_of(event), epoch=epoch, length=tail, tail=tail)


def grown(session: Session, stored: Iterable[bytes]) -> Session:
    try:
        for raw in stored:
            session = session.add(event_of(raw))
    except (ValueError, TypeError, RecursionError) as error:  # each of them is well formed, and together they make no session
        raise unreadable() from error
    return session


def known(started: SessionStarted) -> SessionStarted:
    if started.format != FORMAT:
        raise format_unknown()
    return started


def unreadable() -> ParlanceError:
    return ParlanceError("The session holds an event that this worker cannot read. It was left as it is.", code="session_unreadable")


def format_unknown() -> ParlanceError:
    detail = f"The session is not stored in format {FORMAT}, the one this worker knows. It was left as it is."
    return ParlanceError(detail, code="session_format_unknown")
