"""Users of the product. Passwords are accepted and not kept: nobody signs in to an example."""

import sqlite3
from typing import Any

from demo.audit import record
from demo.database import Listing, Row, insert, one, page, update
from demo.messages import Ask, Reply, conflict, invalid, missing

USERS = Listing("SELECT * FROM users", "username")
SEARCHED = ("username", "first_name", "last_name", "email")
GROUPS_OF_USER = Listing(
    "SELECT id, name, description, (SELECT count(*) FROM members WHERE group_id = id) AS member_count, created_at, username AS member"
    " FROM groups JOIN members ON members.group_id = groups.id",
    "id",
)


def plain(body: dict[str, Any]) -> None:
    """A rule the document does not tell: customers learn it from the refusal."""
    text = body.get("description", "")
    if not all(character.isalnum() or character == " " for character in text):
        raise invalid(("description", "may hold letters, digits and spaces only"))


def user(db: sqlite3.Connection, username: str) -> Row:
    found = one(db, "SELECT * FROM users WHERE username = ?", [username])
    if found is None:
        raise missing("user", username)
    return found


def list_users(db: sqlite3.Connection, ask: Ask) -> Reply:
    where: list[tuple[str, list[str]]] = [(f"{name} = ?", [ask.query[name]]) for name in ("role", "status") if name in ask.query]
    if "department" in ask.query:
        where.append(("lower(department) = lower(?)", [ask.query["department"]]))
    if "search" in ask.query:
        where.append((" OR ".join(f"instr(lower({name}), lower(?))" for name in SEARCHED).join("()"), [ask.query["search"]] * len(SEARCHED)))
    return page(db, USERS, where, ask)


def create_user(db: sqlite3.Connection, ask: Ask) -> Reply:
    plain(ask.body)
    given = {name: value for name, value in ask.body.items() if name != "password"}
    if one(db, "SELECT username FROM users WHERE username = ?", [given["username"]]):
        raise conflict("already_exists", f"there is already a user {given['username']}")
    insert(db, "users", {"role": "user", **given, "status": "active", "created_at": ask.time, "updated_at": ask.time})
    record(db, ask, "user.created", given["username"])
    return Reply(201, user(db, given["username"]), {"Location": f"/users/{given['username']}"})


def get_user(db: sqlite3.Connection, ask: Ask) -> Reply:
    return Reply(200, user(db, ask.path["username"]))


def update_user(db: sqlite3.Connection, ask: Ask) -> Reply:
    plain(ask.body)
    return _changed(db, ask, ask.body, "user.updated")


def delete_user(db: sqlite3.Connection, ask: Ask) -> Reply:
    username = user(db, ask.path["username"])["username"]
    if owned := one(db, "SELECT name FROM safes WHERE owner = ?", [username]):
        raise conflict("owns_safe", f"{username} owns the safe {owned['name']}")
    db.execute("DELETE FROM users WHERE username = ?", [username])
    record(db, ask, "user.deleted", username)
    return Reply(204)


def lock_user(db: sqlite3.Connection, ask: Ask) -> Reply:
    username = _in_state(db, ask, "active")
    db.execute("UPDATE sessions SET status = 'ended', ended_at = ? WHERE username = ? AND status = 'active'", [ask.time, username])
    return _changed(db, ask, {"status": "locked"}, "user.locked")


def unlock_user(db: sqlite3.Connection, ask: Ask) -> Reply:
    _in_state(db, ask, "locked")
    return _changed(db, ask, {"status": "active"}, "user.unlocked")


def set_user_password(db: sqlite3.Connection, ask: Ask) -> Reply:
    _changed(db, ask, {}, "user.password_set")
    return Reply(204)


def list_user_groups(db: sqlite3.Connection, ask: Ask) -> Reply:
    username = user(db, ask.path["username"])["username"]
    reply = page(db, GROUPS_OF_USER, [("member = ?", [username])], ask)
    items = [{name: value for name, value in group.items() if name != "member"} for group in reply.body["items"]]
    return Reply(200, {**reply.body, "items": items})


def _in_state(db: sqlite3.Connection, ask: Ask, status: str) -> str:
    found = user(db, ask.path["username"])
    if found["status"] != status:
        raise conflict("wrong_state", f"{found['username']} is {found['status']}")
    return str(found["username"])


def _changed(db: sqlite3.Connection, ask: Ask, changes: Row, action: str) -> Reply:
    username = user(db, ask.path["username"])["username"]
    update(db, "users", {**changes, "updated_at": ask.time}, ("username", username))
    record(db, ask, action, username)
    return Reply(200, user(db, username))


OPERATIONS = {
    "listUsers": list_users,
    "createUser": create_user,
    "getUser": get_user,
    "updateUser": update_user,
    "deleteUser": delete_user,
    "lockUser": lock_user,
    "unlockUser": unlock_user,
    "setUserPassword": set_user_password,
    "listUserGroups": list_user_groups,
}
