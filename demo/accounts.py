"""Privileged accounts in safes. Their secrets are accepted and not kept: nothing is behind the example's addresses."""

import sqlite3

from demo.audit import record
from demo.database import Listing, Row, insert, number, one, page, update
from demo.messages import Ask, Reply, conflict, invalid, missing

ACCOUNTS = Listing("SELECT * FROM accounts", "id")
SEARCHED = ("name", "login", "address")


def account(db: sqlite3.Connection, account_id: str) -> Row:
    found = one(db, "SELECT * FROM accounts WHERE id = ?", [account_id])
    if found is None:
        raise missing("account", account_id)
    return found


def list_accounts(db: sqlite3.Connection, ask: Ask) -> Reply:
    where: list[tuple[str, list[str]]] = [(f"{name} = ?", [ask.query[name]]) for name in ("safe_id", "platform") if name in ask.query]
    if "search" in ask.query:
        where.append((" OR ".join(f"instr(lower({name}), lower(?))" for name in SEARCHED).join("()"), [ask.query["search"]] * len(SEARCHED)))
    return page(db, ACCOUNTS, where, ask)


def create_account(db: sqlite3.Connection, ask: Ask) -> Reply:
    given = {name: value for name, value in ask.body.items() if name != "secret"}
    _check(db, given["safe_id"], given["name"])
    account_id = number(db, "acc")
    insert(db, "accounts", {"id": account_id, **given, "rotated_at": ask.time, "created_at": ask.time})
    record(db, ask, "account.created", account_id)
    return Reply(201, account(db, account_id), {"Location": f"/accounts/{account_id}"})


def get_account(db: sqlite3.Connection, ask: Ask) -> Reply:
    return Reply(200, account(db, ask.path["account_id"]))


def update_account(db: sqlite3.Connection, ask: Ask) -> Reply:
    present = account(db, ask.path["account_id"])
    wished = {**present, **ask.body}
    if (wished["safe_id"], wished["name"]) != (present["safe_id"], present["name"]):
        _check(db, wished["safe_id"], wished["name"])
    update(db, "accounts", ask.body, ("id", present["id"]))
    record(db, ask, "account.updated", present["id"])
    return Reply(200, account(db, present["id"]))


def delete_account(db: sqlite3.Connection, ask: Ask) -> Reply:
    account_id = account(db, ask.path["account_id"])["id"]
    db.execute("DELETE FROM accounts WHERE id = ?", [account_id])
    record(db, ask, "account.deleted", account_id)
    return Reply(204)


def rotate_account_secret(db: sqlite3.Connection, ask: Ask) -> Reply:
    account_id = account(db, ask.path["account_id"])["id"]
    update(db, "accounts", {"rotated_at": ask.time}, ("id", account_id))
    record(db, ask, "account.secret_rotated", account_id)
    return Reply(200, account(db, account_id))


def _check(db: sqlite3.Connection, safe_id: str, name: str) -> None:
    if one(db, "SELECT id FROM safes WHERE id = ?", [safe_id]) is None:
        raise invalid(("safe_id", f"there is no safe {safe_id}"))
    if one(db, "SELECT id FROM accounts WHERE safe_id = ? AND name = ?", [safe_id, name]):
        raise conflict("already_exists", f"there is already an account {name} in this safe")


OPERATIONS = {
    "listAccounts": list_accounts,
    "createAccount": create_account,
    "getAccount": get_account,
    "updateAccount": update_account,
    "deleteAccount": delete_account,
    "rotateAccountSecret": rotate_account_secret,
}
