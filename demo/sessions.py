"""Sign-in sessions of users."""

import sqlite3

from demo.audit import record
from demo.database import Listing, Row, one, page, update
from demo.messages import Ask, Reply, conflict, missing

SESSIONS = Listing("SELECT * FROM sessions", "id", newest_first=True)


def session(db: sqlite3.Connection, session_id: str) -> Row:
    found = one(db, "SELECT * FROM sessions WHERE id = ?", [session_id])
    if found is None:
        raise missing("session", session_id)
    return found


def list_sessions(db: sqlite3.Connection, ask: Ask) -> Reply:
    return page(db, SESSIONS, [(f"{name} = ?", [ask.query[name]]) for name in ("username", "status") if name in ask.query], ask)


def get_session(db: sqlite3.Connection, ask: Ask) -> Reply:
    return Reply(200, session(db, ask.path["session_id"]))


def end_session(db: sqlite3.Connection, ask: Ask) -> Reply:
    present = session(db, ask.path["session_id"])
    if present["status"] == "ended":
        raise conflict("wrong_state", f"the session {present['id']} has ended already")
    update(db, "sessions", {"status": "ended", "ended_at": ask.time}, ("id", present["id"]))
    record(db, ask, "session.ended", present["id"])
    return Reply(200, session(db, present["id"]))


OPERATIONS = {"listSessions": list_sessions, "getSession": get_session, "endSession": end_session}
