"""What becomes of an entry when a text for it comes, is read, refused or checked. Pure: each change is made of the entry as it is by then."""

from collections.abc import Iterable, Mapping

from specs.model import Problem
from specs.store import Refused, Replacement, SpecEntry, Version
from specs.uploads import Upload
from tools.rules import ALL, ValueRule

KEPT_VERSIONS = 20  # with what is known of them
KEPT_HASHES = 500  # of the versions before those, so that removing the entry removes their records
KEPT_PROBLEMS = 500
LEFT_OUT = Problem(
    "warning",
    "overlay_left_out",
    "",
    "The version before was read with an overlay, this one was not.",
    "Replace it once more, with the overlay, or go on without its changes.",
)


def awaiting(entry: SpecEntry, digest: str, name: str, *, lost: bool) -> SpecEntry:
    """A text has come. The newest one counts: what is still being read for this entry is given up. `lost`: the current record went."""
    if entry.state == "ready" and entry.hash == digest and not lost:
        return entry.model_copy(update={"replacement": None})
    if entry.state == "ready":
        return entry.model_copy(update={"replacement": Replacement(hash=digest, name=name)})
    return entry.model_copy(update={"state": "reading", "hash": digest, "progress": 0.0, "refused": None, "title": name or entry.title})


def again(entry: SpecEntry, digest: str, name: str, *, lost: bool) -> SpecEntry | None:
    """The text that the entry was made of came again. None: it is read already, or being read."""
    if entry.hash != digest or entry.state == "reading" or (entry.state == "ready" and not lost):
        return None
    return awaiting(entry.model_copy(update={"state": "refused", "replacement": None}), digest, name, lost=lost)


def awaited(entry: SpecEntry) -> str | None:
    """The hash of the text that is to be read for this entry."""
    if entry.state == "ready":
        return entry.replacement.hash if entry.replacement and entry.replacement.state == "reading" else None
    return entry.hash if entry.state == "reading" else None


def progressed(entry: SpecEntry, upload: Upload, progress: float) -> SpecEntry | None:
    if awaited(entry) != upload.hash:
        return None
    if entry.replacement:
        return entry.model_copy(update={"replacement": entry.replacement.model_copy(update={"progress": progress})})
    return entry.model_copy(update={"progress": progress})


def refused(entry: SpecEntry, upload: Upload, why: Refused) -> SpecEntry | None:
    """The version that was current stays so."""
    if awaited(entry) != upload.hash:
        return None
    if entry.replacement:
        return entry.model_copy(update={"replacement": entry.replacement.model_copy(update={"state": "refused", "refused": why, "progress": 1.0})})
    return entry.model_copy(update={"state": "refused", "refused": why, "progress": 1.0})


def became(entry: SpecEntry, upload: Upload, shown: SpecEntry, now: int) -> SpecEntry | None:
    """The text is read and stored: what it shows is current from now on."""
    if awaited(entry) != upload.hash:
        return None
    if entry.state != "ready" or entry.hash is None:
        return shown.model_copy(update={"since": now})
    if entry.hash == shown.hash:
        return entry.model_copy(update={"replacement": None})
    before = Version(hash=entry.hash, title=entry.title, version=entry.version, operations=entry.operations, since=entry.since)
    former = (before, *entry.former)
    older = (*(one.hash for one in former[KEPT_VERSIONS:]), *entry.older)[:KEPT_HASHES]
    return shown.model_copy(update={"since": now, "replacement": None, "validated": False, "former": former[:KEPT_VERSIONS], "older": older})


def validated(entry: SpecEntry, digest: str | None, found: Iterable[Problem]) -> SpecEntry | None:
    if entry.state != "ready" or entry.hash != digest or entry.validated:
        return None
    return entry.model_copy(update={"problems": (*entry.problems, *found)[:KEPT_PROBLEMS], "validated": True})


def with_lost_settings(entry: SpecEntry, lost: Mapping[str, str | None], fieldless: Iterable[ValueRule] = ()) -> SpecEntry:
    """What the team set for operations or fields that are no more: a switched-off operation under another name is on again."""
    told = [*(_lost(operation, now) for operation, now in lost.items()), *map(_fieldless, fieldless)]
    return entry.model_copy(update={"problems": (*told, *entry.problems)[:KEPT_PROBLEMS]})


def with_overlay(entry: SpecEntry, overlay: bool) -> SpecEntry:
    """The entry still says of the version before whether that came with one: nobody should lose its changes unawares."""
    told = (LEFT_OUT,) if entry.overlay and not overlay else ()
    return entry.model_copy(update={"overlay": overlay, "problems": (*told, *entry.problems)[:KEPT_PROBLEMS]})


def _lost(operation: str, now: str | None) -> Problem:
    message = f"The settings name the operation {operation}, which this version does not have."
    fix = f"It is called {now} now: set it for that one." if now else "Set it for another operation, or take it out of the settings."
    return Problem("warning", "setting_without_operation", "", message, fix)


def _fieldless(rule: ValueRule) -> Problem:
    where = "which no changing operation of this version has" if rule.operation == ALL else f"which {rule.operation} does not have in this version"
    message = f"The settings want a yes for values of the field {rule.field}, {where}."
    return Problem("warning", "setting_without_field", "", message, "Name the field as it is called now, or take the rule out of the settings.")
