"""What `show` costs over a large result, beside SQLite on the same rows: `.venv/bin/python -m bench.show [ROWS]`.

SQLite's time includes loading the rows, which is what a question about a body that just came would cost there. Sums are compared to the cent.
"""

import random
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from engine.downloads import page_of
from tools.show import View, told, view

TIMES = 5
STATES = ("open", "paid", "void", "refunded")


def rows(count: int) -> list[dict[str, Any]]:
    chance, begin = random.Random(4), datetime(2025, 1, 1, tzinfo=UTC)
    return [
        {
            "id": number, "status": chance.choice(STATES), "amount": chance.randrange(1_000_000) / 100,
            "user": {"name": f"user{chance.randrange(900)}"},
            "created": (begin + timedelta(seconds=chance.randrange(63_072_000))).isoformat().replace("+00:00", "Z"), "note": "x" * 40,
        }
        for number in range(count)
    ]  # fmt: skip


SUM = [{"function": "count"}, {"function": "sum", "of": "amount"}]
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("sum", {"aggregate": "sum", "of": "amount"}),
    ("median", {"aggregate": "median", "of": "amount"}),
    ("count by status", {"group": ["status"]}),
    ("sum by user, top 10", {"group": ["user.name"], "aggregates": SUM, "sort": "-sum_amount", "limit": 10}),
    ("sum by month", {"group": [{"column": "created", "period": "month"}], "aggregates": SUM, "chart": "line", "y": "sum_amount"}),
    ("top 10 by amount", {"sort": ["-amount", "id"], "limit": 10}),
    ("filter: three conditions", {"filter": {"status": {"in": ["open", "PAID"]}, "amount": {"ge": 100}, "created": {"ge": "2026-01-01"}}}),
    ("select by JMESPath", {"select": "data[?amount > `9000` && status == 'open'].{id: id, user: user.name}"}),
    ("sort by three columns", {"sort": ["status", "-created", "id"]}),
]
SQL = {
    "sum": "select sum(cents) from t",
    "count by status": "select status, count(*) from t group by status",
    "sum by user, top 10": "select user, count(*), sum(cents) from t group by user order by 3 desc limit 10",
    "sum by month": "select substr(created, 1, 7), count(*), sum(cents) from t group by 1 order by 1",
    "top 10 by amount": "select * from t order by cents desc, id limit 10",
}


def loaded(body: dict[str, Any]) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.execute("create table t (id integer, status text, cents integer, user text, created text)")
    found = ((r["id"], r["status"], round(r["amount"] * 100), r["user"]["name"], r["created"]) for r in body["data"])
    base.executemany("insert into t values (?,?,?,?,?)", found)
    return base


def best(run: Callable[[], Any]) -> float:
    taken: list[float] = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return min(taken) * 1000


def made(body: dict[str, Any], arguments: dict[str, Any]) -> View:
    found = view(body, arguments, "c1", "/data")
    assert isinstance(found, View), found
    return found


def main(count: int) -> None:
    body = {"data": rows(count), "total": count}
    raw = orjson.dumps(body)
    print(f"{count:,} rows, {len(raw) / 1e6:.1f} MB of JSON; best of {TIMES}, ms\n")
    print(f"{'':28}{'show':>8}{'sqlite':>8}{'told, bytes':>13}")
    print(f"{'reading the JSON':28}{best(lambda: orjson.loads(raw)):8.0f}")
    for name, arguments in QUESTIONS:
        shown = made(body, arguments)
        spent = best(lambda arguments=arguments: made(body, arguments))  # type: ignore[misc]
        other = best(lambda name=name: loaded(body).execute(SQL[name]).fetchall()) if name in SQL else None  # type: ignore[misc]
        print(f"{name:28}{spent:8.0f}{f'{other:8.0f}' if other else '':>8}{len(orjson.dumps(told(shown))):13,}")
    page = made(body, {"sort": "-amount", "columns": ["id", "amount"]})
    print(f"{'a page of the panel':28}{best(lambda: page_of(raw, page, None, slice(0, 50))):8.0f}")
    (total,) = loaded(body).execute(SQL["sum"]).fetchone()
    assert round(made(body, QUESTIONS[0][1]).value * 100) == total
    print("\nThe sum is SQLite's, to the cent.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
