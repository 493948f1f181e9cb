"""Two documents compared: operations added, removed, changed, and whether that breaks a caller. Pure; what is the same as text is not opened."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from specs.access_diff import Access
from specs.catalogue import unnamed
from specs.document import Document
from specs.model import Entry
from specs.operation_diff import operation_changes
from specs.schema_diff import MOST, Change, SchemaDiff, TooMuch
from specs.unchanged import Unchanged

MOST_CHANGES = 100  # told of one operation, the breaking ones first

Line = tuple[str, str]  # method, path


@dataclass(frozen=True, slots=True)
class Changed:
    """An operation that both documents have; `path` as the later one writes it."""

    method: str
    path: str
    changes: tuple[Change, ...]

    @property
    def breaking(self) -> bool:
        return any(one.breaking for one in self.changes)


@dataclass(frozen=True, slots=True)
class Diff:
    """`document`: what holds for operations that say nothing else (servers, security). `gone`: operation ids that are no more, and the new one."""

    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    changed: tuple[Changed, ...] = ()
    document: tuple[Change, ...] = ()
    gone: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def breaking(self) -> bool:
        return bool(self.removed) or any(one.breaking for one in self.document) or any(one.breaking for one in self.changed)

    def as_json(self) -> dict[str, Any]:
        return {
            "added": [list(one) for one in self.added],
            "removed": [list(one) for one in self.removed],
            "changed": [
                {"method": one.method, "path": one.path, "breaking": one.breaking, "changes": [asdict(change) for change in one.changes]}
                for one in self.changed
            ],
            "document": [asdict(change) for change in self.document],
            "breaking": self.breaking,
        }


def difference(before: Document, after: Document, most: int = MOST) -> Diff:
    """Never raises, whatever the documents hold. `most`: how much of their schemas is looked at."""
    if before.hash == after.hash:
        return Diff()
    pairs, removed, added = matched(before, after)
    access = Access(before, after)
    unchanged = Unchanged(before, after)
    schemas = SchemaDiff(unchanged.definitions, most)
    looked_at = [(old, new) for old, new in pairs if (old.id, old.path) != (new.id, new.path) or not unchanged.operation(old.id, new.id)]
    changed = (Changed(new.method, new.path, _changes(before, after, (old.id, new.id), access, schemas)) for old, new in looked_at)
    taken = {one.id for one in after.catalogue}
    return Diff(
        added=tuple((one.method, one.path) for one in added),
        removed=tuple((one.method, one.path) for one in removed),
        changed=tuple(one for one in changed if one.changes),
        document=tuple(access.of_document()),
        gone={**{old.id: new.id for old, new in pairs if old.id not in taken}, **{one.id: None for one in removed if one.id not in taken}},
    )


def matched(before: Document, after: Document) -> tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]:
    """Pairs, those of `before` alone, those of `after` alone. What a placeholder is called does not matter, unless it tells two apart."""
    exact = {(one.method, one.path): one for one in after.catalogue}
    pairs = [(one, other) for one in before.catalogue if (other := exact.get((one.method, one.path)))]
    paired = {other.id for _, other in pairs}
    waiting: dict[Line, deque[Entry]] = {}
    for one in after.catalogue:
        if one.id not in paired:
            waiting.setdefault(_shape(one), deque()).append(one)
    removed = []
    for one in before.catalogue:
        if (one.method, one.path) in exact:
            continue
        if partners := waiting.get(_shape(one)):
            pairs.append((one, partners.popleft()))
        else:
            removed.append(one)
    left = {one.id for partners in waiting.values() for one in partners}
    return pairs, removed, [one for one in after.catalogue if one.id in left]


def _shape(entry: Entry) -> Line:
    return entry.method, unnamed(entry.path)


def _changes(before: Document, after: Document, ids: tuple[str, str], access: Access, schemas: SchemaDiff) -> tuple[Change, ...]:
    old, new = before.operation(ids[0]), after.operation(ids[1])
    changes, pairs = operation_changes(old, new, access)
    changes.extend(access.of_operation(old, new))
    number = len(changes)
    try:
        found, inside = schemas.changes(pairs, old.definitions, new.definitions, MOST_CHANGES)
    except TooMuch:
        message = "The documents are too entangled for their schemas to be compared in full; take this operation as changed."
        found, inside = [Change(True, "schemas", message)], 1
    return _told([*changes, *found], number + inside)


def _told(changes: list[Change], number: int) -> tuple[Change, ...]:
    listed = sorted(dict.fromkeys(changes), key=lambda one: not one.breaking)[:MOST_CHANGES]
    if number <= MOST_CHANGES:
        return tuple(listed)
    more = number - len(listed)
    return (*listed, Change(False, "", f"{more:,} more {'change is' if more == 1 else 'changes are'} not listed."))
