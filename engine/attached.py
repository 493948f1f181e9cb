"""The files a session knows: what the customer attached, and what the product gave. A handle stands for one; the bytes are an artifact. Pure."""

from collections.abc import Iterator, Sequence

from engine.events import Attached, Source
from engine.session import Session
from tools.files import File, handle_of
from tools.redact import without_personal

UNITS = ("bytes", "KB", "MB")


def attached(file: File) -> Attached:
    return Attached(handle=handle_of(file), name=file.name, media_type=file.media_type, size=len(file.body))


def files(session: Session) -> dict[str, tuple[Attached, Source]]:
    """By handle, oldest first: the file, and the source that an argument has which holds it."""
    found = {each.handle: (each, source) for each, source in (session.past.files if session.past else ())}
    found.update((each.handle, (each, source)) for each, source in _recent(session))
    return found


def _recent(session: Session) -> Iterator[tuple[Attached, Source]]:
    for turn in session.turns:
        for number, event in turn.trail:
            if event.type in ("UserSaid", "QuestionAnswered"):
                kind = "user" if event.type == "UserSaid" else "answer"
                yield from ((each, Source(kind=kind, label="the file you attached", said=each.name, at=number)) for each in event.files)
            elif event.type == "CallReturned" and event.result and event.result.file:
                yield event.result.file, Source(kind="response", label=f"the file {event.result.file.name}", call=event.call_id, pointer="")


def told(given: Sequence[Attached]) -> str:
    """What a model reads of them."""
    named = [(without_personal(each.name, ""), each) for each in given]
    return "\n".join(f"[attached: {name}, {each.media_type}, {size(each.size)}, handle {each.handle}]" for name, each in named)


def shown(each: Attached) -> str:
    return f"{each.name} ({size(each.size)})"


def size(count: int) -> str:
    amount, unit = float(count), 0
    while amount >= 1000 and unit + 1 < len(UNITS):
        amount, unit = amount / 1000, unit + 1
    return f"{amount:,.0f} {UNITS[unit]}" if unit == 0 or amount >= 10 else f"{amount:.1f} {UNITS[unit]}"
