"""Safes that keep privileged accounts."""

import sqlite3

from demo.audit import record
from demo.database import Listing, Row, insert, number, one, page, update
from demo.messages import Ask, Reply, conflict, invalid, missing
from demo.users import plain

SAFES = Listing(
    "SELECT id, name, description, owner, retention_days, (SELECT count(*) FROM accounts WHERE safe_id = safes.id) AS account_count, created_at"
    " FROM safes",
    "id",
)


def safe(db: sqlite3.Connection, safe_id: str) -> Row:
    found = one(db, f"{SAFES.source} WHERE id = ?", [safe_id])
    if found is None:
        raise missing("safe", safe_id)
    return found


def list_safes(db: sqlite3.Connection, ask: Ask) -> Reply:
    where: list[tuple[str, list[str]]] = [("instr(lower(name), lower(?))", [ask.query["name"]])] if "name" in ask.query else []
    if "owner" in ask.query:
        where.append(("owner = ?", [ask.query["owner"]]))
    return page(db, SAFES, where, ask)


def create_safe(db: sqlite3.Connection, ask: Ask) -> Reply:
    _check(db, ask, present=None)
    safe_id = number(db, "safe")
    insert(db, "safes", {"id": safe_id, "retention_days": 90, **ask.body, "created_at": ask.time})
    record(db, ask, "safe.created", safe_id)
    return Reply(201, safe(db, safe_id), {"Location": f"/safes/{safe_id}"})


def get_safe(db: sqlite3.Connection, ask: Ask) -> Reply:
    return Reply(200, safe(db, ask.path["safe_id"]))


def update_safe(db: sqlite3.Connection, ask: Ask) -> Reply:
    present = safe(db, ask.path["safe_id"])
    _check(db, ask, present["name"])
    update(db, "safes", ask.body, ("id", present["id"]))
    record(db, ask, "safe.updated", present["id"])
    return Reply(200, safe(db, present["id"]))


def delete_safe(db: sqlite3.Connection, ask: Ask) -> Reply:
    present = safe(db, ask.path["safe_id"])
    if present["account_count"]:
        raise conflict("not_empty", f"the safe {present['name']} still holds {present['account_count']} accounts")
    db.execute("DELETE FROM safes WHERE id = ?", [present["id"]])
    record(db, ask, "safe.deleted", present["id"])
    return Reply(204)


def _check(db: sqlite3.Connection, ask: Ask, present: str | None) -> None:
    """What the document cannot say about a safe; `present` is the name it has now."""
    plain(ask.body)
    name, owner = ask.body.get("name", present), ask.body.get("owner")
    if owner is not None and one(db, "SELECT username FROM users WHERE username = ?", [owner]) is None:
        raise invalid(("owner", f"there is no user {owner}"))
    if name != present and one(db, "SELECT id FROM safes WHERE name = ?", [name]):
        raise conflict("already_exists", f"there is already a safe {name}")


OPERATIONS = {
    "listSafes": list_safes,
    "createSafe": create_safe,
    "getSafe": get_safe,
    "updateSafe": update_safe,
    "deleteSafe": delete_safe,
}
