"""An artifact as HTTP gives it: whole, as CSV, as a file, or the rows of a view page by page. Nothing in it is ever handed out as a page of ours."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from engine.artifacts import Artifact
from runtime.errors import InvalidRequest
from tools.cells import cell
from tools.query import columns_in, ordered
from tools.show import View, found_rows, projected
from tools.wanted import MOST_BOUNDS, weight

CHUNK = 256 * 1024  # bytes
LINES = 500  # of CSV at a time
COLUMNS = 1_000  # of CSV: where every row has keys of its own, most of the table would be empty
MOST = 40  # parts that a view may have; what `show` itself may ask for is less
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what spreadsheets begin a formula with, full width too
HARMLESS = frozenset(
    [
        "application/json", "application/pdf", "application/zip", "audio/mpeg", "image/gif", "image/jpeg", "image/png", "image/webp", "text/csv",
        "text/plain", "video/mp4", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ]
)  # fmt: skip


def view_of(text: str, timezone: str) -> View:
    """The view that a panel was given, sent back: what to show of the artifact. It is taken as a question, so what was computed is computed again."""
    try:
        view = View.model_validate_json(text)
    except ValidationError as error:
        raise InvalidRequest(f"`view` is no view as events hold them: {error.error_count()} of its fields are wrong.", code="invalid_view") from None
    parts = (view.columns, view.conditions, view.then_by, view.group, view.aggregates)
    compared = len(view.where) + sum(map(weight, view.conditions))
    if any(len(part) > MOST for part in parts) or compared > MOST_BOUNDS:
        raise InvalidRequest("`view` asks for more than one view can.", code="invalid_view")
    return view.model_copy(update={"computed": None, "timezone": timezone})


def rows_of(body: bytes, view: View, sort: str | None) -> list[Any]:
    """All rows of a view; what the customer sorts by afterwards changes their order and not which they are."""
    rows = found_rows(view, orjson.loads(body))
    return ordered(rows, [sort]) if sort else rows


def page_of(body: bytes, view: View, sort: str | None, part: slice) -> bytes:
    rows = rows_of(body, view, sort)
    shown = projected(view, rows[part])
    return orjson.dumps({"rows": shown, "offset": part.start, "total": len(rows), "columns": columns_in(shown)}, option=orjson.OPT_NON_STR_KEYS)


def as_json(body: bytes) -> Response:
    return StreamingResponse(chunks(body), media_type="application/json", headers={"Content-Length": str(len(body))})


def as_csv(rows: Sequence[Any], view: View, name: str) -> Response:
    return StreamingResponse(csv_lines(rows, view.columns), media_type="text/csv", headers={"Content-Disposition": disposition(f"{name}.csv")})


def as_file(file: Artifact) -> Response:
    """Its media type only where a browser does nothing with it but show it."""
    media_type = file.media_type.partition(";")[0].strip().lower()
    headers = {"Content-Disposition": disposition(file.name), "Content-Length": str(len(file.body)), "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(chunks(file.body), media_type=media_type if media_type in HARMLESS else "application/octet-stream", headers=headers)


def chunks(body: bytes) -> Iterator[bytes]:
    return (body[start : start + CHUNK] for start in range(0, len(body), CHUNK))


def disposition(name: str) -> str:
    """RFC 6266 with both spellings: RFC 8187 for those that read it, plain ASCII for the others. Never a path."""
    last = re.split(r"[/\\]", name)[-1].encode("utf-8", "replace").decode()
    last = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", last).strip(". ")[:150] or "file"
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", last)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last, safe='')}"


def csv_lines(rows: Sequence[Any], columns: Sequence[str] = ()) -> Iterator[str]:
    names = columns or columns_in(rows)[:COLUMNS]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([csv_cell(name) for name in names])
    for start in range(0, max(len(rows), 1), LINES):
        writer.writerows([csv_cell(cell(row, name)) for name in names] for row in rows[start : start + LINES])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def csv_cell(value: Any) -> Any:
    """Nested values as JSON. A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
