"""What of a turn's results the customer sees when nobody chose it: the record, or the table with its most telling columns. Pure."""

import re
from collections.abc import Mapping, Sequence

from engine.events import JSON
from engine.facts import ReplyFacts
from engine.session import Call
from specs.pointers import pointer, value_at
from tools.fields import words
from tools.redact import nameable
from tools.show import View, render

MAX_VIEWS = 4
MAX_COLUMNS = 8
MAX_RECORD = 16
LOOKED_AT = 20  # rows
NAMES = frozenset(["id", "name", "title", "username", "login", "label", "email", "key", "slug", "number", "code", "subject"])
STATES = frozenset(["status", "state", "type", "kind", "role", "priority", "category", "active", "enabled", "locked", "result", "outcome", "action"])
TIMES = frozenset(["date", "time", "at", "created", "updated", "start", "end", "due", "timestamp", "on"])


def shown_views(facts: ReplyFacts) -> tuple[View, ...]:
    """What the model chose with `show` in this turn."""
    views = [call.returned.view for call in facts.turn.calls if call.returned and call.returned.view is not None]
    return tuple(with_columns(view, facts) for view in views)


def with_columns(view: View, facts: ReplyFacts) -> View:
    """A table for which nobody chose columns gets its most telling ones."""
    if view.kind != "table" or view.columns:
        return view
    found = render(view, facts.bodies.get(view.result))
    return view.model_copy(update={"columns": columns(found)}) if found and all(isinstance(row, Mapping) for row in found[:LOOKED_AT]) else view


def default_views(facts: ReplyFacts) -> tuple[View, ...]:
    """What the changes returned, and each reading that was no step on the way to another call."""
    views = [view_of(call, facts) for call in worth_showing(facts)]
    return tuple(view for view in views if view is not None)[-MAX_VIEWS:]


def worth_showing(facts: ReplyFacts) -> list[Call]:
    """All that was done, but for what was only looked up on the way to a later call."""
    calls = facts.product_calls()
    done = [call for call in calls if call.returned and call.returned.outcome == "done"]
    return [call for call in done if call.wish.tool not in facts.safe or not on_the_way(call, calls[calls.index(call) + 1 :], facts)]


def on_the_way(read: Call, later: Sequence[Call], facts: ReplyFacts) -> bool:
    """Whether it gave a later call an argument, or looked at the very record that was then changed."""
    if any(source.call == read.id for call in later if call.approved for source in call.approved.sources.values()):
        return True
    changed = [call.arguments.values() for call in later if call.wish.tool not in facts.safe]
    record = read.returned is not None and read.returned.result is not None and read.returned.result.rows is None
    return record and bool(read.arguments) and any(all(value in values for value in read.arguments.values()) for values in changed)


def view_of(call: Call, facts: ReplyFacts) -> View | None:
    result = call.returned.result if call.returned else None
    body = facts.bodies.get(call.id)
    title = facts.summary(call)
    if result is not None and result.file is not None:
        return View(kind="file", result=call.id, title=title, file=result.file)
    if result is None or body is None or result.rows == 0:
        return None
    if rows := rows_in(body, result.path):
        path, found = rows
        return View(kind="table", result=call.id, title=title, path=path, columns=columns(found), rows=len(found), total=result.total)
    if isinstance(body, Mapping):
        path, record = record_in(body)
        return View(kind="record", result=call.id, title=title, path=path, columns=fields(record)) if record else None
    if isinstance(body, list):
        return None
    if isinstance(body, str) or result.masked:
        return View(kind="text", result=call.id, title=title)
    return View(kind="value", result=call.id, title=title, value=body)


def rows_in(body: JSON, path: str) -> tuple[str, list[JSON]] | None:
    found = value_at(body, path) if path else body
    return (path, found) if isinstance(found, list) and found and all(isinstance(row, Mapping) for row in found[:LOOKED_AT]) else None


def record_in(body: Mapping[str, JSON]) -> tuple[str, Mapping[str, JSON]]:
    """The object itself, or the only one in its wrapper ({"data": {...}})."""
    inner = [(name, value) for name, value in body.items() if isinstance(value, Mapping) and value]
    beside = [value for name, value in body.items() if name not in ("success", "status", "code", "ok", "message")]
    if len(inner) == 1 and nameable(inner[0][0]) and not any(map(plain, beside)):
        name, value = inner[0]
        return pointer(name), value
    return "", body


def plain(value: JSON) -> bool:
    return isinstance(value, str | int | float)


def fields(record: Mapping[str, JSON]) -> tuple[str, ...]:
    """Scalars and short lists of them; secrets and empty values are left to the whole result."""
    return tuple(name for name, value in record.items() if telling(value) and nameable(name))[:MAX_RECORD]


def telling(value: JSON) -> bool:
    return plain(value) or (isinstance(value, list) and 0 < len(value) <= 20 and all(plain(each) for each in value))


def columns(rows: Sequence[JSON]) -> tuple[str, ...]:
    """At most eight: names and ids first, then states and times, long texts and addresses last."""
    looked = [row for row in rows[:LOOKED_AT] if isinstance(row, Mapping)]
    names = [name for name in dict.fromkeys(name for row in looked for name in row) if nameable(name)]
    useful = [name for name in names if any(telling(row.get(name)) and row.get(name) != "" for row in looked)]
    chosen = sorted(useful, key=lambda name: rank(name, [row.get(name) for row in looked]))[:MAX_COLUMNS]
    return tuple(chosen)


def rank(name: str, values: Sequence[JSON]) -> int:
    parts = words(name)
    if any(isinstance(value, str) and (len(value) > 120 or re.match(r"https?://", value)) for value in values):
        return 5
    if parts and (parts[-1] in NAMES or name.lower() in NAMES):
        return 0 if len(parts) == 1 else 2
    if parts and STATES & set(parts):
        return 1
    return 3 if parts and TIMES & set(parts) else 4
