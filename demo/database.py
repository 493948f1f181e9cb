"""SQLite behind the product: its tables, one thread that owns the connection, and pages of rows."""

# ruff: noqa: S608 - what is put into a statement as text is written in this package; every value of a request is bound

import asyncio
import base64
import binascii
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from demo.messages import Ask, Reply, invalid

Row: TypeAlias = dict[str, Any]
T = TypeVar("T")

TABLES = """
CREATE TABLE IF NOT EXISTS users (
    username TEXT PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT, phone TEXT, role TEXT NOT NULL, department TEXT, job_title TEXT,
    description TEXT, status TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, last_sign_in_at TEXT);
CREATE TABLE IF NOT EXISTS groups (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS members (
    group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE, username TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    added_at TEXT NOT NULL, PRIMARY KEY (group_id, username));
CREATE TABLE IF NOT EXISTS safes (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT, owner TEXT NOT NULL REFERENCES users, retention_days INTEGER NOT NULL,
    created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, safe_id TEXT NOT NULL REFERENCES safes, name TEXT NOT NULL, platform TEXT NOT NULL, address TEXT NOT NULL,
    login TEXT NOT NULL, rotated_at TEXT NOT NULL, created_at TEXT NOT NULL, UNIQUE (safe_id, name));
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, username TEXT NOT NULL REFERENCES users ON DELETE CASCADE, status TEXT NOT NULL, address TEXT NOT NULL,
    device TEXT NOT NULL, started_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, ended_at TEXT);
CREATE TABLE IF NOT EXISTS audit (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, target TEXT, outcome TEXT NOT NULL, address TEXT);
CREATE INDEX IF NOT EXISTS audit_at ON audit (at);
CREATE TABLE IF NOT EXISTS answered (slot TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS numbers (kind TEXT PRIMARY KEY, last INTEGER NOT NULL);
"""


class Database:
    """One connection in one thread of its own: every piece of work is a transaction, and they run one after the other."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="demo-database")
        self._connection: sqlite3.Connection | None = None

    async def open(self, prepare: Callable[[sqlite3.Connection], None]) -> None:
        def opened() -> None:
            self._connection = sqlite3.connect(self._path)
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(TABLES)
            with self._connection:
                prepare(self._connection)

        await asyncio.get_running_loop().run_in_executor(self._thread, opened)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """`work` in one transaction: kept when it returns, undone when it raises."""

        def done() -> T:
            assert self._connection is not None, "the product has not been started"
            with self._connection:
                return work(self._connection)

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)

    async def close(self) -> None:
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown(wait=False)


def rows(db: sqlite3.Connection, sql: str, values: Sequence[Any] = ()) -> list[Row]:
    """Rows without their empty columns: what was never given is not in an answer."""
    return [{name: row[name] for name in row.keys() if row[name] is not None} for row in db.execute(sql, values)]  # noqa: SIM118


def one(db: sqlite3.Connection, sql: str, values: Sequence[Any] = ()) -> Row | None:
    return next(iter(rows(db, sql, values)), None)


def insert(db: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> None:
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def update(db: sqlite3.Connection, table: str, changes: Row, where: tuple[str, str]) -> None:
    """Column names come from the checked body, whose schema admits no others."""
    column, value = where
    db.execute(f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in changes)} WHERE {column} = ?", [*changes.values(), value])


def number(db: sqlite3.Connection, kind: str) -> str:
    """The next id of a kind: "grp" gives "grp_104"."""
    db.execute("UPDATE numbers SET last = last + 1 WHERE kind = ?", [kind])
    found = one(db, "SELECT last FROM numbers WHERE kind = ?", [kind])
    assert found is not None, f"no numbers for {kind}"
    return f"{kind}_{found['last']}"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows: `source` is a SELECT without a WHERE; `key` a column unique in it, which gives the order."""

    source: str
    key: str
    newest_first: bool = False


def page(db: sqlite3.Connection, listing: Listing, where: Sequence[tuple[str, Sequence[Any]]], ask: Ask) -> Reply:
    """One page: `where` holds conditions with their values; the cursor is the key of the last item shown."""
    conditions, values = [condition for condition, _ in where], [value for _, given in where for value in given]
    whole = f"SELECT * FROM ({listing.source}) WHERE {' AND '.join(['1', *conditions])}"
    counted = one(db, f"SELECT count(*) AS total FROM ({whole})", values)
    after, limit = _after(ask.query.get("cursor")), ask.query["limit"]
    if after is not None:
        whole += f" AND {listing.key} {'<' if listing.newest_first else '>'} ?"
        values.append(after)
    order = f" ORDER BY {listing.key} {'DESC' if listing.newest_first else 'ASC'} LIMIT {limit + 1}"
    found = rows(db, whole + order, values)
    items = found[:limit]
    following = _cursor(items[-1][listing.key]) if len(found) > limit else None
    return Reply(200, {"items": items, "next_cursor": following, "total": counted["total"] if counted else 0})


def _cursor(last: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([last]).encode()).decode().rstrip("=")


def _after(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        (last,) = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise invalid(("cursor", "is not a cursor of this product")) from error
    if not isinstance(last, str):
        raise invalid(("cursor", "is not a cursor of this product"))
    return last
