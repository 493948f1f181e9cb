"""What the product holds when it is new: people, groups, safes, accounts, sign-ins and ten days of audit log. The same at the same time."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from demo.database import insert
from demo.messages import timestamp

Row = Mapping[str, Any]

USER1: Row = {
    "username": "user1",
    "first_name": "Ada",
    "last_name": "Brandt",
    "email": "ada.brandt@example.com",
    "phone": "+44 20 7946 0118",
    "role": "operator",
    "department": "Finance",
    "job_title": "Payments Analyst",
    "description": "Covers payments and the monthly closing",
}
PEOPLE = """
Grace Moreno, Henrik Olsen, Mina Park, Tomas Novak, Aisha Bello, Liam Murphy, Yuki Tanaka, Sofia Rossi, Daniel Weber, Ines Costa, Omar
Haddad, Nora Lind, Jonas Maier, Elena Petrova, Samuel Adeyemi, Chloe Martin, Arjun Mehta, Lucia Vega, Peter Kowalski, Hana Kim, Victor
Dubois, Amara Okafor, Felix Braun, Julia Santos, Marek Dvorak, Leila Farahani, Owen Hughes, Camille Laurent, Ravi Nair, Ingrid Berg, Diego
Romero, Soo Lee, Anton Fischer, Maya Cohen, Paul Jansen, Rosa Marino, Ewan Fraser, Tara Singh, Emil Hansen
"""
DEPARTMENTS = ("Finance", "Operations", "Security", "Support", "Engineering")
JOBS = ("Controller", "Shift Lead", "Security Engineer", "Service Desk Agent", "Developer")
ROLES = ("user", "user", "user", "operator", "operator", "auditor", "user", "admin")
GROUPS = ("Administrators", "Auditors", "Database Operators", "Finance", "Network Team", "Night Shift", "Service Desk", "Everyone")
SAFES = ("Databases", "Linux Servers", "Windows Servers", "Network Devices", "Cloud Consoles", "Payment Systems", "Break Glass")
PLATFORMS = (
    ("database", "db", "dba"),
    ("linux", "srv", "root"),
    ("windows", "win", "Administrator"),
    ("network", "sw", "netadmin"),
    ("cloud", "console", "owner"),
)
DEVICES = ("Firefox on Windows", "Chrome on macOS", "Safari on iPhone", "Edge on Windows", "Firefox on Linux")
FIRST_NUMBERS = {"grp": 100, "safe": 10, "acc": 300, "ses": 5000, "aud": 100000}
ACCOUNTS, SESSIONS, DAYS, ENTRIES, LATELY = 30, 60, 10, 400, 300
USUAL = (
    ("user.signed_in", "ses"), ("user.signed_out", "ses"), ("account.secret_used", "acc"), ("safe.opened", "safe"), ("user.updated", "user"),
    ("account.secret_rotated", "acc"), ("group.member_added", "grp"), ("user.locked", "user"),
)  # fmt: skip
WEIGHTS = (40, 18, 24, 12, 3, 2, 2, 1)


@dataclass(frozen=True, slots=True)
class Seed:
    """`without`: user names left out. `extra`: more users, by column (username at least)."""

    without: tuple[str, ...] = ()
    extra: tuple[Row, ...] = ()


def plant(db: sqlite3.Connection, now: datetime, seed: Seed) -> None:
    """Fills an empty database; one that has been filled is left alone."""
    if db.execute("SELECT 1 FROM numbers").fetchone():
        return
    random = Random(17)  # noqa: S311 - the same example every time is what is wanted
    names = _users(db, now, seed)
    _groups(db, now, names, random)
    _safes(db, now, names)
    _sessions(db, now, names, random)
    _audit(db, now, names, random)


def _users(db: sqlite3.Connection, now: datetime, seed: Seed) -> list[str]:
    people = [USER1, *(_person(index, *name.split()) for index, name in enumerate(PEOPLE.replace("\n", " ").split(", "))), *seed.extra]
    kept = [person for person in people if person["username"] not in seed.without]
    for index, person in enumerate(kept):
        created = timestamp(now - timedelta(days=400 - index * 9, hours=index))
        state = {"status": "locked" if index % 13 == 12 else "active", "created_at": created, "updated_at": created}
        insert(db, "users", {"role": "user", **state, "last_sign_in_at": timestamp(now - timedelta(hours=3 + index * 5)), **person})
    return [person["username"] for person in kept]


def _person(index: int, first: str, last: str) -> Row:
    department = DEPARTMENTS[index % len(DEPARTMENTS)]
    return {
        "username": f"{first[0]}{last}".lower(),
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}@example.com".lower(),
        "phone": f"+44 20 7946 0{200 + index}",
        "role": ROLES[index % len(ROLES)],
        "department": department,
        "job_title": JOBS[index % len(JOBS)],
        "description": f"Works in {department} since {2015 + index % 10}",
    }


def _groups(db: sqlite3.Connection, now: datetime, names: list[str], random: Random) -> None:
    for index, name in enumerate(GROUPS):
        group_id = f"grp_{FIRST_NUMBERS['grp'] + 1 + index}"
        added = timestamp(now - timedelta(days=200 - index))
        insert(db, "groups", {"id": group_id, "name": name, "description": f"The group {name}", "created_at": added})
        members = names if name == "Everyone" else random.sample(names, min(len(names), 4 + index * 2))
        for username in members:
            insert(db, "members", {"group_id": group_id, "username": username, "added_at": added})
    insert(db, "numbers", {"kind": "grp", "last": FIRST_NUMBERS["grp"] + len(GROUPS)})


def _safes(db: sqlite3.Connection, now: datetime, names: list[str]) -> None:
    """Owners come from the middle of the list, so that the first people can be deleted."""
    for index, name in enumerate(SAFES):
        created = timestamp(now - timedelta(days=300 - index * 10))
        about = {"description": f"Keeps {name}", "owner": names[(index + 5) % len(names)], "retention_days": 90, "created_at": created}
        insert(db, "safes", {"id": f"safe_{FIRST_NUMBERS['safe'] + 1 + index}", "name": name, **about})
    insert(db, "numbers", {"kind": "safe", "last": FIRST_NUMBERS["safe"] + len(SAFES)})
    for index in range(ACCOUNTS):
        insert(db, "accounts", _account(index, now))
    insert(db, "numbers", {"kind": "acc", "last": FIRST_NUMBERS["acc"] + ACCOUNTS})


def _account(index: int, now: datetime) -> Row:
    """Every safe but the last holds accounts."""
    safe, nth = index % (len(SAFES) - 1), index // (len(SAFES) - 1)
    platform, prefix, login = PLATFORMS[safe % len(PLATFORMS)]
    host = f"{prefix}{safe}{nth}.example.com"
    return {
        "id": f"acc_{FIRST_NUMBERS['acc'] + 1 + index}",
        "safe_id": f"safe_{FIRST_NUMBERS['safe'] + 1 + safe}",
        "name": f"{login} on {host}",
        "platform": platform,
        "address": host,
        "login": login,
        "rotated_at": timestamp(now - timedelta(days=1 + index)),
        "created_at": timestamp(now - timedelta(days=200 - index)),
    }


def _sessions(db: sqlite3.Connection, now: datetime, names: list[str], random: Random) -> None:
    for index in range(SESSIONS):
        started = now - timedelta(hours=(SESSIONS - index) * 2, minutes=random.randrange(60))
        ended = started + timedelta(minutes=random.randrange(20, 400))
        shown = {"id": f"ses_{FIRST_NUMBERS['ses'] + 1 + index}", "username": random.choice(names), "address": f"192.0.2.{random.randrange(1, 255)}"}
        over = {"status": "ended", "last_seen_at": timestamp(ended), "ended_at": timestamp(ended)}
        state = over if ended < now else {"status": "active", "last_seen_at": timestamp(started + timedelta(minutes=1))}
        insert(db, "sessions", {**shown, "device": random.choice(DEVICES), "started_at": timestamp(started), **state})
    insert(db, "numbers", {"kind": "ses", "last": FIRST_NUMBERS["ses"] + SESSIONS})


def _audit(db: sqlite3.Connection, now: datetime, names: list[str], random: Random) -> None:
    """The last 48 hours, in which yesterday lies in every time zone, are full: a day fills several pages. The rest is anywhere in ten days."""
    moments = [now - timedelta(seconds=random.randrange(1, 2 * 86_400)) for _ in range(LATELY)]
    moments += [now - timedelta(seconds=random.randrange(1, DAYS * 86_400)) for _ in range(ENTRIES - LATELY)]
    for index, moment in enumerate(sorted(moments)):
        insert(db, "audit", {"id": f"aud_{FIRST_NUMBERS['aud'] + 1 + index}", "at": timestamp(moment), **_entry(names, random)})
    insert(db, "numbers", {"kind": "aud", "last": FIRST_NUMBERS["aud"] + ENTRIES})


def _entry(names: list[str], random: Random) -> Row:
    (action, kind), actor = random.choices(USUAL, WEIGHTS)[0], random.choice(names)
    counts = {"ses": SESSIONS, "acc": ACCOUNTS, "safe": len(SAFES), "grp": len(GROUPS)}
    target = random.choice(names) if kind == "user" else f"{kind}_{FIRST_NUMBERS[kind] + random.randrange(1, counts[kind] + 1)}"
    outcome = "failure" if random.random() < 0.08 else "success"
    return {"actor": actor, "action": action, "target": target, "outcome": outcome, "address": f"192.0.2.{random.randrange(1, 255)}"}
