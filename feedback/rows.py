"""Evaluation rows, one JSON object a line: which can be played, and which have been. Whatever is wrong with one is said of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

from runtime.errors import NotFound
from specs.load import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` select: rank the operations; turn: one turn of a conversation.

    `spec` is a path below the folder of documents, `inline` the document itself.
    """

    id: str
    line: int
    kind: Literal["select", "turn"]
    text: str
    spec: str | None
    inline: bytes | None


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that is not predicted, and why. It is tried again when the command is."""

    id: str | None
    line: int
    code: str
    message: str


def rows(lines: Iterable[bytes]) -> list[Row | Bad]:
    seen: set[str] = set()
    found: list[Row | Bad] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _row(line, number)
        if isinstance(row, Row) and row.id in seen:
            row = Bad(row.id, number, "row_repeated", "A row of this id came before; the first one counts.")
        seen |= {row.id} if row.id else set()
        found.append(row)
    return found


def _row(line: bytes, number: int) -> Row | Bad:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Bad(None, number, "row_not_json", f"This line is no JSON: {str(error)[:100]}.")
    identifier = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(identifier, str) or not identifier:
        return Bad(None, number, "row_without_id", "A row is a JSON object with an `id`, a text.")
    if "response_body" in raw:
        return Bad(identifier, number, "row_needs_responses", "Rows that bring a response to serve (inject.jsonl) cannot be played yet.")
    kind = _kind(raw)
    if kind is None:
        return Bad(identifier, number, "row_kind_unknown", "A row has `gold`, `gold_operation`, or the `action` clarify or refuse.")
    text, spec, inline = raw.get("utterance"), raw.get("spec"), raw.get("spec_doc")
    if not isinstance(text, str) or not text.strip():
        return Bad(identifier, number, "row_without_utterance", "A row says in `utterance` what the customer wants.")
    if isinstance(inline, dict):
        return Row(identifier, number, kind, text, None, orjson.dumps(inline))
    if not isinstance(spec, str) or not spec:
        return Bad(identifier, number, "row_without_document", "A row names its document in `spec`, or holds it in `spec_doc`.")
    return Row(identifier, number, kind, text, spec, None)


def _kind(raw: Mapping[str, Any]) -> Literal["select", "turn"] | None:
    if "gold_operation" in raw or raw.get("action") in ("clarify", "refuse"):
        return "turn"
    return "select" if "gold" in raw else None


def document_bytes(row: Row, folder: Path) -> bytes:
    """The row's document; nothing outside of the folder is read."""
    if row.inline is not None:
        return row.inline
    named = (row.spec or "").replace("\0", "")
    try:
        root = folder.resolve()
        file = (root / named).resolve()
        if file.is_relative_to(root):
            with file.open("rb") as opened:
                return opened.read(MAX_BYTES + 1)
    except OSError:
        pass  # said below
    raise NotFound(f"There is no document {named[:200]!r} below {folder}.", code="document_not_found")


def predicted(out: Path) -> set[str]:
    """The ids that a file of predictions holds. A last line that was not finished is cut off, so that the next one begins a line."""
    if not out.exists():
        return set()
    data = out.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with out.open("r+b") as opened:
            opened.truncate(len(whole))
    return {identifier for line in whole.splitlines() if (identifier := _predicted(line))}


def _predicted(line: bytes) -> str | None:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    identifier = raw.get("id") if isinstance(raw, dict) else None
    return identifier if isinstance(identifier, str) else None
