"""What the team reads of two versions of a document: the differences as JSON and as text, with what was set for operations that went."""

from collections.abc import Iterator
from typing import Any

from preprocess.show import printable
from specs.diff import difference
from specs.document import Document
from tools.settings import DocumentSettings

_BY_OPERATION = ("off", "approvals", "tips")  # fields of the settings that name operations


def compared(before: Document, after: Document, settings: DocumentSettings) -> dict[str, Any]:
    """`settings`: what was set for operation ids that the later document does not have; it has no effect there."""
    diff = difference(before, after)
    lost = {operation: now for operation, now in diff.gone.items() if settings_of(settings, operation)}
    return {
        "from": _named(before),
        "to": _named(after),
        **diff.as_json(),
        "settings": [{"operation": operation, "now": now, "set": settings_of(settings, operation)} for operation, now in lost.items()],
    }


def settings_of(settings: DocumentSettings, operation: str) -> list[str]:
    """The settings that name this operation."""
    ruled = ["when"] if any(rule.operation == operation for rule in settings.when) else []
    return [field for field in _BY_OPERATION if operation in getattr(settings, field)] + ruled


def lines(found: dict[str, Any]) -> Iterator[str]:
    """For a person: the whole in one line, then added, removed, breaking, other."""
    return map(printable, _lines(found))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    changed, document = found["changed"], found["document"]
    breaking = sum(one["breaking"] for one in changed)
    counts = f"{len(found['added'])} added, {len(found['removed'])} removed, {len(changed)} changed ({breaking} breaking)"
    yield f"{_called(found['from'])} -> {_called(found['to'])}: {counts}; {'breaking' if found['breaking'] else 'nothing breaks a caller'}"
    yield from (f"+ {method} {path}" for method, path in found["added"])
    yield from (f"- {method} {path}" for method, path in found["removed"])
    for change in document:
        yield f"{_mark(change)} document: {change['field']}: {change['message']}"
    for one in sorted(changed, key=lambda each: not each["breaking"]):
        yield f"{_mark(one)} {one['method']} {one['path']}"
        yield from (f"    {_mark(change)} {change['field']}: {change['message']}" for change in one["changes"])
    for one in found["settings"]:
        now = f"it is called {one['now']} now" if one["now"] else "there is no such operation any more"
        yield f"! settings ({', '.join(one['set'])}) for {one['operation']}: {now}"


def _mark(found: dict[str, Any]) -> str:
    return "!" if found["breaking"] else "~"


def _named(document: Document) -> dict[str, str]:
    return {"hash": document.hash, "title": document.title, "version": document.version}


def _called(one: dict[str, str]) -> str:
    return f"{one['title']} {one['version']}".strip()
