"""The audit log: what every change leaves behind, and how it is read."""

# ruff: noqa: S608 - what is put into a statement as text is written in this package; every value of a request is bound

import sqlite3
from datetime import datetime
from typing import Any

from demo.database import Listing, Row, insert, number, one, page, rows
from demo.messages import Ask, Reply, invalid, missing, timestamp

ENTRIES = Listing("SELECT id, at, actor, action, target, outcome, address FROM audit", "id", newest_first=True)


def record(db: sqlite3.Connection, ask: Ask, action: str, target: str) -> None:
    insert(db, "audit", {"id": number(db, "aud"), "at": ask.time, "actor": ask.client, "action": action, "target": target, "outcome": "success"})


def list_audit_logs(db: sqlite3.Connection, ask: Ask) -> Reply:
    exact = [(f"{name} = ?", [ask.query[name]]) for name in ("actor", "action", "outcome") if name in ask.query]
    return page(db, ENTRIES, [*_period(ask), *exact], ask)


def get_audit_log(db: sqlite3.Connection, ask: Ask) -> Reply:
    entry = one(db, f"{ENTRIES.source} WHERE id = ?", [ask.path["entry_id"]])
    if entry is None:
        raise missing("entry", ask.path["entry_id"])
    return Reply(200, entry)


def get_audit_report(db: sqlite3.Connection, ask: Ask) -> Reply:
    period = _period(ask)
    where, values = " AND ".join(["1", *(condition for condition, _ in period)]), [value for _, given in period for value in given]
    failures = one(db, f"SELECT count(*) AS n FROM audit WHERE {where} AND outcome = 'failure'", values)
    by_action = _counted(db, "action", where, values)
    bounds = {name: timestamp(_moment(name, ask.query[name])) for name in ("from", "to") if name in ask.query}
    return Reply(
        200,
        {
            **bounds,
            "total": sum(line["count"] for line in by_action),
            "failures": failures["n"] if failures else 0,
            "by_action": by_action,
            "by_actor": _counted(db, "actor", where, values),
        },
    )


def _counted(db: sqlite3.Connection, column: str, where: str, values: list[Any]) -> list[Row]:
    grouped = f"SELECT {column}, count(*) AS count FROM audit WHERE {where} GROUP BY {column} ORDER BY count DESC, {column}"
    return rows(db, grouped, values)


def _period(ask: Ask) -> list[tuple[str, list[str]]]:
    """Stored times are UTC to the second, so they compare as text."""
    bounds = {name: _moment(name, ask.query[name]) for name in ("from", "to") if name in ask.query}
    if len(bounds) == 2 and bounds["from"] >= bounds["to"]:
        raise invalid(("to", "must be later than from"))
    signs = {"from": ">=", "to": "<"}
    return [(f"at {signs[name]} ?", [timestamp(moment)]) for name, moment in bounds.items()]


def _moment(name: str, text: str) -> datetime:
    """The document's date-time format has been checked; what Python cannot hold (a leap second, year 0) is refused here."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid((name, "is not a time of this calendar")) from error


OPERATIONS = {"listAuditLogs": list_audit_logs, "getAuditLog": get_audit_log, "getAuditReport": get_audit_report}
