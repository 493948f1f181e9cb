"""Groups and who belongs to them."""

# ruff: noqa: S608 - what is put into a statement as text is written in this package; every value of a request is bound

import sqlite3

from demo.audit import record
from demo.database import Listing, Row, insert, number, one, page, update
from demo.messages import Ask, Reply, conflict, invalid, missing
from demo.users import plain

GROUPS = Listing(
    "SELECT id, name, description, (SELECT count(*) FROM members WHERE group_id = id) AS member_count, created_at FROM groups",
    "id",
)
MEMBERS = Listing("SELECT username, first_name, last_name, added_at, group_id FROM members JOIN users USING (username)", "username")


def group(db: sqlite3.Connection, group_id: str) -> Row:
    found = one(db, f"{GROUPS.source} WHERE id = ?", [group_id])
    if found is None:
        raise missing("group", group_id)
    return found


def list_groups(db: sqlite3.Connection, ask: Ask) -> Reply:
    named = [("instr(lower(name), lower(?))", [ask.query["name"]])] if "name" in ask.query else []
    return page(db, GROUPS, named, ask)


def create_group(db: sqlite3.Connection, ask: Ask) -> Reply:
    plain(ask.body)
    _free(db, ask.body["name"])
    group_id = number(db, "grp")
    insert(db, "groups", {"id": group_id, **ask.body, "created_at": ask.time})
    record(db, ask, "group.created", group_id)
    return Reply(201, group(db, group_id), {"Location": f"/groups/{group_id}"})


def get_group(db: sqlite3.Connection, ask: Ask) -> Reply:
    return Reply(200, group(db, ask.path["group_id"]))


def update_group(db: sqlite3.Connection, ask: Ask) -> Reply:
    present = group(db, ask.path["group_id"])
    plain(ask.body)
    if ask.body.get("name", present["name"]) != present["name"]:
        _free(db, ask.body["name"])
    update(db, "groups", ask.body, ("id", present["id"]))
    record(db, ask, "group.updated", present["id"])
    return Reply(200, group(db, present["id"]))


def delete_group(db: sqlite3.Connection, ask: Ask) -> Reply:
    group_id = group(db, ask.path["group_id"])["id"]
    db.execute("DELETE FROM groups WHERE id = ?", [group_id])
    record(db, ask, "group.deleted", group_id)
    return Reply(204)


def list_group_members(db: sqlite3.Connection, ask: Ask) -> Reply:
    group_id = group(db, ask.path["group_id"])["id"]
    reply = page(db, MEMBERS, [("group_id = ?", [group_id])], ask)
    return Reply(200, {**reply.body, "items": [_shown(member) for member in reply.body["items"]]})


def add_group_member(db: sqlite3.Connection, ask: Ask) -> Reply:
    group_id, username = group(db, ask.path["group_id"])["id"], ask.body["username"]
    if one(db, "SELECT username FROM users WHERE username = ?", [username]) is None:
        raise invalid(("username", f"there is no user {username}"))
    if _member(db, group_id, username):
        raise conflict("already_member", f"{username} is already a member")
    insert(db, "members", {"group_id": group_id, "username": username, "added_at": ask.time})
    record(db, ask, "group.member_added", group_id)
    return Reply(201, _shown(_member(db, group_id, username) or {}))


def remove_group_member(db: sqlite3.Connection, ask: Ask) -> Reply:
    group_id, username = group(db, ask.path["group_id"])["id"], ask.path["username"]
    if _member(db, group_id, username) is None:
        raise missing("member", username)
    db.execute("DELETE FROM members WHERE group_id = ? AND username = ?", [group_id, username])
    record(db, ask, "group.member_removed", group_id)
    return Reply(204)


def _member(db: sqlite3.Connection, group_id: str, username: str) -> Row | None:
    return one(db, f"SELECT * FROM ({MEMBERS.source}) WHERE group_id = ? AND username = ?", [group_id, username])


def _shown(member: Row) -> Row:
    return {name: value for name, value in member.items() if name != "group_id"}


def _free(db: sqlite3.Connection, name: str) -> None:
    if one(db, "SELECT id FROM groups WHERE name = ?", [name]):
        raise conflict("already_exists", f"there is already a group {name}")


OPERATIONS = {
    "listGroups": list_groups,
    "createGroup": create_group,
    "getGroup": get_group,
    "updateGroup": update_group,
    "deleteGroup": delete_group,
    "listGroupMembers": list_group_members,
    "addGroupMember": add_group_member,
    "removeGroupMember": remove_group_member,
}
