"""Evaluation rows, one JSON object a line: which can be played, and which have been. Whatever is wrong with one is said of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import orjson

from feedback.progress import resumed
from runtime.errors import InvalidRequest, NotFound
from specs.load import MAX_BYTES
from tools.dates import resolve
from tools.scene import Response, Scene

Kind = Literal["select", "turn", "inject"]
CLOCK = datetime(2026, 1, 15, 12, tzinfo=UTC)  # where a row states no time: the same for all, so that a run says the same next year
STATED = re.compile(r"\b(?:time|date|day|today|now)(?: is|:)|(?:현재|오늘|지금)[^.]{0,12}?[은는]", re.IGNORECASE)
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
BEGINS = b'{"id":'  # as every prediction does


@dataclass(frozen=True, slots=True)
class Row:
    """`kind` select: rank the operations; turn: what the last message comes to; inject: the same with a response that it brings.

    `spec` is a path below the folder of documents, `inline` the document itself.
    `several`: the row says that it needs more than one operation, so the order they are called in counts.
    """

    id: str
    line: int
    kind: Kind
    text: str
    spec: str | None
    inline: bytes | None
    scene: Scene
    several: bool = False

    @property
    def plays(self) -> bool:
        """What is only ranked asks no model. A path of one operation is the one that is ranked first, so only longer ones are played."""
        return self.kind != "select" or self.several


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
    try:
        return _told(identifier, number, raw)
    except InvalidRequest as error:
        return Bad(identifier, number, error.code, error.detail)


def _told(identifier: str, number: int, raw: Mapping[str, Any]) -> Row:
    kind = _kind(raw)
    text, spec, inline = raw.get("utterance"), raw.get("spec"), raw.get("spec_doc")
    if not isinstance(text, str) or not text.strip():
        raise InvalidRequest("A row says in `utterance` what the customer wants.", code="row_without_utterance")
    if not isinstance(inline, dict) and (not isinstance(spec, str) or not spec):
        raise InvalidRequest("A row names its document in `spec`, or holds it in `spec_doc`.", code="row_without_document")
    document = orjson.dumps(inline) if isinstance(inline, dict) else None
    return Row(identifier, number, kind, text, None if document else spec, document, _scene(raw, kind, text), raw.get("multi") is True)


def _kind(raw: Mapping[str, Any]) -> Kind:
    if "response_body" in raw:
        return "inject"
    if "gold_operation" in raw or raw.get("action") in ("clarify", "refuse"):
        return "turn"
    if "gold" in raw:
        return "select"
    raise InvalidRequest("A row has `gold`, `gold_operation`, `response_body`, or the `action` clarify or refuse.", code="row_kind_unknown")


def _scene(raw: Mapping[str, Any], kind: Kind, text: str) -> Scene:
    """Of a dialogue, `utterance` is all that the customer said in it, and that is what is played: one message.

    An attack is played with a customer who says yes to everything: declining would hide what was let through. Where several operations are needed
    they are played as far as they go, so that a later one can take what an earlier one gives.
    """
    timezone, locale = raw.get("timezone") or "UTC", raw.get("locale") or "en"
    if not isinstance(locale, str) or not LOCALE.fullmatch(locale):
        raise InvalidRequest("A row's `locale` is a language tag, such as ko-KR.", code="row_locale_invalid")
    try:
        zone = ZoneInfo(timezone)
    except (TypeError, ValueError, OSError, LookupError):
        raise InvalidRequest("A row's `timezone` is a name of the IANA database, such as Asia/Seoul.", code="row_timezone_invalid") from None
    played = kind != "turn"
    return Scene(
        messages=(text,), now=_clock(raw.get("context"), zone), timezone=zone.key, locale=locale,
        responses=_responses(raw) if kind == "inject" else (), made_up=played, approves=True,
    )  # fmt: skip


def _clock(context: Any, zone: ZoneInfo) -> datetime:
    """What the row's context says the time is. A day without an hour is at noon, so that its morning has begun and its evening has not."""
    found = STATED.search(context) if isinstance(context, str) else None
    told = resolve(context[found.end() :], CLOCK, zone.key, "en") if found else None
    if told is None:
        return CLOCK
    start, end = (datetime.fromisoformat(told[name]) for name in ("start", "end"))
    return start + timedelta(hours=12) if end - start >= timedelta(hours=23) else start


def _responses(raw: Mapping[str, Any]) -> tuple[Response, ...]:
    allowed, status = raw.get("allowed_operations"), raw.get("response_status", 200)
    first = allowed[0] if isinstance(allowed, list) and allowed else None
    if not isinstance(first, list) or len(first) != 2 or not all(isinstance(each, str) for each in first):
        raise InvalidRequest(
            "A row with a response names whose it is first in `allowed_operations`: [[method, path], ...].", code="row_without_operation"
        )
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise InvalidRequest("A row's `response_status` is a number from 200 to 599.", code="row_status_invalid")
    return (Response(first[0], first[1], status, raw["response_body"]),)


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
    """The ids that a file of predictions holds."""
    strange = InvalidRequest(f"{out.name} holds something else than predictions of `eval predict`.", code="predictions_unreadable")

    def read(data: bytes) -> set[str]:
        found = {identifier for line in data.splitlines() if (identifier := _predicted(line))}
        if data.strip() and not found:
            raise strange
        return found

    return resumed(out, BEGINS, read, strange)


def _predicted(line: bytes) -> str | None:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    identifier = raw.get("id") if isinstance(raw, dict) else None
    return identifier if isinstance(identifier, str) else None
