"""Data shown by reference to the result that holds it: what `show` selects, filters, sorts and counts, in code."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """`columns` are keys of a row (table) or of the record; `path` is the JSON pointer of what is shown inside the result's body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["record", "table", "value", "text"]
    result: str  # the id of the call whose result it is, which is the artifact's id
    title: str = ""
    path: str = ""
    columns: tuple[str, ...] = ()
    where: dict[str, Any] = {}  # equality filter over rows
    sort: str | None = None  # "column" or "-column"
    limit: int | None = None
    aggregate: Literal["count", "sum", "min", "max", "avg"] | None = None
    of: str | None = None  # the aggregated column
    value: Any = None  # kind "value": what was computed
    rows: int | None = None  # shown
    total: int | None = None  # what the product says there are
