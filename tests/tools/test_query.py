"""50,000 rows: every figure against SQLite, which computes it by itself. Money is in cents there, since SQLite has no decimals."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.query import Aggregate, Condition, computed, filtered, ordered
from tools.show import View, render, view
from tools.wanted import Unshowable

COUNT = 50_000
STATES = ["open", "Paid", "void", "refunded", None]


def made() -> list[dict[str, Any]]:
    chance = random.Random(4)
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    rows: list[dict[str, Any]] = []
    for number in range(COUNT):
        cents = chance.choice([None, chance.randrange(-5_000, 1_000_000)]) if number % 3 == 0 else chance.randrange(10_000)
        at = begin + timedelta(seconds=chance.randrange(2 * 365 * 86_400))
        amount: Any = None if cents is None else cents / 100 if number % 2 else f"{Decimal(cents) / 100:.2f}"
        rows.append(
            {
                "id": number, "status": chance.choice(STATES), "cents": cents, "amount": amount, "user": {"name": f"user{chance.randrange(900)}"},
                "at": at.isoformat().replace("+00:00", "Z"),
            }
        )  # fmt: skip
    return rows


ROWS = made()
BODY = {"data": ROWS, "total": COUNT}


@pytest.fixture(scope="module")
def sql() -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(":memory:") as base:
        base.execute("create table t (id integer, status text, cents integer, user text, at text)")
        base.executemany("insert into t values (?,?,?,?,?)", [(r["id"], r["status"], r["cents"], r["user"]["name"], r["at"]) for r in ROWS])
        yield base
    base.close()


def shown(**arguments: Any) -> View:
    found = view(BODY, arguments, "c1", "/data")
    assert not isinstance(found, Unshowable), found.reason
    return found


def cents(amount: Any) -> int | None:
    return None if amount is None else int(Decimal(str(amount)) * 100)


@pytest.mark.parametrize(
    ("where", "clause"),
    [
        ({}, "1"),
        ({"status": "PAID"}, "status = 'Paid'"),
        ({"status": None}, "status is null"),
        ({"status": {"ne": "open"}}, "status is not 'open'"),
        ({"status": {"in": ["open", "VOID"]}}, "status in ('open', 'void')"),
        ({"amount": {"gt": 50}}, "cents > 5000"),
        ({"amount": {"between": [0, 99.99]}}, "cents between 0 and 9999"),
        ({"amount": {"lt": 0}}, "cents < 0"),
        ({"user.name": {"contains": "USER7"}}, "user like '%user7%'"),
        ({"at": {"ge": "2025-03-01", "le": "2025-03-31"}}, "substr(at, 1, 7) = '2025-03'"),
        ({"at": {"gt": "2026-06-01T12:00:00+02:00"}, "status": "open"}, "at > '2026-06-01T10:00:00Z' and status = 'open'"),
    ],
)
def test_rows_are_filtered_counted_and_summed_as_sql_does(sql: sqlite3.Connection, where: dict[str, Any], clause: str) -> None:
    (count, known, total, low, high, users) = sql.execute(
        f"select count(*), count(cents), sum(cents), min(cents), max(cents), count(distinct user) from t where {clause}"
    ).fetchone()
    figures = ["count", "sum", "min", "max"]
    several = shown(filter=where, aggregates=[{"function": f, "of": "amount"} for f in figures] + [{"function": "count_distinct", "of": "user.name"}])
    (row,) = several.computed or ()
    assert several.among == count
    assert [row["count_amount"], cents(row["sum_amount"]), cents(row["min_amount"]), cents(row["max_amount"])] == [known, total, low, high]
    assert row["count_distinct_user.name"] == users
    assert shown(filter=where, aggregate="count").value == count


@pytest.mark.parametrize(
    ("group", "columns"),
    [
        (["status"], "status"),
        (["user.name"], "user"),
        (["status", {"column": "at", "period": "year"}], "status, substr(at, 1, 4)"),
        ([{"column": "at", "period": "month"}], "substr(at, 1, 7)"),
        ([{"column": "at", "period": "day"}], "substr(at, 1, 10)"),
        ([{"column": "at", "period": "week"}], "strftime('%G-W%V', at)"),
    ],
)
def test_groups_are_those_of_sql(sql: sqlite3.Connection, group: list[Any], columns: str) -> None:
    if "%G" in columns and sqlite3.sqlite_version_info < (3, 46):
        thursday = "date(at, '-3 days', 'weekday 4')"  # of the same ISO week
        columns = f"strftime('%Y', {thursday}) || '-W' || printf('%02d', (strftime('%j', {thursday}) - 1) / 7 + 1)"
    wanted = sql.execute(f"select {columns}, count(*), sum(cents) from t group by {columns}").fetchall()
    made = shown(group=group, aggregates=[{"function": "count"}, {"function": "sum", "of": "amount"}], limit=10_000)
    rows = [tuple(row.values()) for row in made.computed or ()]
    assert made.total == len(wanted)
    if len(wanted) <= 500:
        assert {(*head, count, cents(total)) for *head, count, total in rows} == set(wanted)
    else:
        assert {(*head, count, cents(total)) for *head, count, total in rows} < set(wanted)


def test_the_largest_groups_are_those_of_sql(sql: sqlite3.Connection) -> None:
    top = shown(
        group=["user.name"], aggregates=[{"function": "sum", "of": "amount"}, {"function": "count"}], sort=["-sum_amount", "user.name"], limit=25
    )
    wanted = sql.execute("select user, sum(cents), count(*) from t group by user order by 2 desc, 1 limit 25").fetchall()
    assert [(row["user.name"], cents(row["sum_amount"]), row["count"]) for row in top.computed or ()] == wanted


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (["-amount"], "cents is null, cents desc, id"),
        (["amount", "-id"], "cents is null, cents, id desc"),
        (["-at"], "at desc, id"),
        (["status", "-amount"], "status is null, lower(status), cents is null, cents desc, id"),
        (["user.name", "at"], "user, at, id"),
    ],
)
def test_the_first_rows_of_an_order_are_those_of_sql(sql: sqlite3.Connection, sort: list[str], order: str) -> None:
    wanted = [number for (number,) in sql.execute(f"select id from t order by {order} limit 300")]
    assert [row["id"] for row in render(shown(sort=sort, limit=300, columns=["id"]), BODY)] == wanted


def test_means_and_medians_are_those_of_sql(sql: sqlite3.Connection) -> None:
    ((mean,),) = sql.execute("select avg(cents) / 100 from t").fetchall()
    middle = [c for (c,) in sql.execute("select cents from t where cents is not null order by cents")]
    half = len(middle) // 2
    assert shown(aggregate="avg", of="amount").value == pytest.approx(mean, rel=1e-12)
    assert cents(shown(aggregate="median", of="amount").value) == (middle[half] if len(middle) % 2 else (middle[half - 1] + middle[half]) / 2)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.sampled_from(["1", "2.5", "-3", "2026-01-31", "2026-02-30", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00Z"]),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)  # fmt: skip
TABLES = st.lists(st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES}) | VALUES, max_size=12)


@given(TABLES, st.sampled_from(["a", "-a", "b", "value"]))
def test_sorting_keeps_every_row_and_what_is_missing_is_last(rows: list[Any], name: str) -> None:
    done = ordered(rows, [name])
    assert sorted(map(repr, done)) == sorted(map(repr, rows))
    held = [row.get(name.removeprefix("-")) is not None if isinstance(row, dict) else name == "value" and row is not None for row in done]
    assert held == sorted(held, reverse=True)


@given(TABLES, VALUES.filter(lambda value: isinstance(value, str | int | float) and not isinstance(value, bool)))
def test_a_cell_lies_on_one_side_of_a_bound_or_cannot_be_compared(rows: list[Any], value: Any) -> None:
    def count(operator: Any) -> int:
        return len(filtered(rows, [Condition(column="a", operator=operator, value=value)]))

    assert count("lt") + count("ge") == count("le") + count("gt") <= len(rows)
    assert count("eq") + count("ne") == len(rows)


@given(TABLES, st.sampled_from(["count", "count_distinct", "sum", "min", "max", "avg", "median"]))
def test_any_rows_have_figures(rows: list[Any], function: Any) -> None:
    value = computed(Aggregate(function=function, of="a"), rows)
    assert value is None or isinstance(value, int | float | str)


@given(st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=20))
def test_a_sum_does_not_depend_on_the_order(numbers: list[Any]) -> None:
    def total(values: list[Any]) -> Any:
        return computed(Aggregate(function="sum", of="value"), values)

    assert total(numbers) == total(numbers[::-1])


@given(TABLES, st.sampled_from([["a"], ["a", "b"], [{"column": "a", "period": "month"}]]))
def test_every_row_is_in_one_group(rows: list[Any], group: list[Any]) -> None:
    made = view(rows, {"group": group}, "c1", "")
    assert isinstance(made, Unshowable) or sum(row[made.columns[-1]] for row in made.computed or ()) == len(rows)
