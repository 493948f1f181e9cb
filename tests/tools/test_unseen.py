"""What a model and events may know of a view over masked columns, in every form of `show`; the customer sees the values."""

from typing import Any

import orjson
import pytest

from engine.downloads import page_of, view_of
from tools.redact import MASK
from tools.select import looked_at
from tools.show import View, view
from tools.unseen import NONE_TOLD, Known, known_of

CARDS, PEOPLE = ("4111111111111111", "5500 0000 0000 0004"), ("850126-6401473", "900101-1234567")
ROWS: list[dict[str, Any]] = [
    {"id": 1, "nick": "Al7", "pay": CARDS[0], "person": PEOPLE[0], "open": True, "sum": 3, "vault": {"pin": 1111}},
    {"id": 2, "nick": "Bo8", "pay": CARDS[1], "person": PEOPLE[1], "open": True, "sum": 4, "vault": {"pin": 2222}},
    {"id": 3, "nick": "Bo8", "pay": CARDS[1], "person": PEOPLE[1], "open": False, "sum": 5, "vault": {"pin": 2222}},
]
BODY = {"users": ROWS}
HIDDEN = frozenset({"nick", "vault"})  # of the document, or of the team
SECRET = ("Al7", "Bo8", "4111", "5500", "0004", "850126", "6401473", "900101", "1234567", "1111", "2222")
COLUMNS = ("nick", "pay", "person", "vault.pin")
GROUPED = [{}, {"aggregate": "sum", "of": "sum"}, {"chart": "pie"}, {"limit": 2}, {"aggregate": "count_distinct", "of": "nick"}]


def known(body: Any = BODY, path: str = "/users", **arguments: Any) -> tuple[Known, View]:
    made = view(body, arguments, "c1", path)
    assert isinstance(made, View)
    return known_of(made, body, arguments, HIDDEN), made


def rows(found: Known, body: Any = BODY) -> list[Any]:
    """As the panel asks for them, with the view that stands in the event."""
    asked = view_of(found.view.model_dump_json(exclude={"computed", "title", "notes", "value"}), "UTC")
    answered: list[Any] = orjson.loads(page_of(orjson.dumps(body), asked, None, slice(0, 50)))["rows"]
    return answered


def leaks(*texts: Any) -> list[str]:
    return [each for each in SECRET if each in orjson.dumps(texts, default=str).decode()]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("form", GROUPED)
def test_groups_of_a_masked_column_are_dots_with_their_counts(column: str, form: dict[str, Any]) -> None:
    found, made = known(group=[column], **form)
    assert leaks(found.told, found.view.model_dump()) == []
    assert [row[0] for row in found.told["data"]] == [MASK, MASK]
    assert sorted(row[1] for row in found.told["data"]) == sorted(list(row.values())[1] for row in made.computed or ())
    assert rows(found) == list(made.computed or ())
    assert leaks(rows(found))


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("function", ["min", "max", "sum", "avg", "median"])
def test_figures_of_a_masked_column_are_dots(column: str, function: str) -> None:
    found, made = known(aggregate=function, of=column)
    assert leaks(found.told, found.view.model_dump()) == []
    assert (found.told["value"], found.told["rows"]) == (MASK, 3)
    assert list(map(str, rows(found)[0].values())) == [str(made.value)]
    several, kept = known(group=["open"], aggregates=[{"function": function, "of": column}, {"function": "sum", "of": "sum"}])
    assert leaks(several.told, several.view.model_dump()) == []
    assert sorted(several.told["data"]) == [[False, MASK, 5], [True, MASK, 7]]
    assert rows(several) == list(kept.computed or ())


@pytest.mark.parametrize("column", COLUMNS)
def test_rows_with_a_masked_value_are_counted(column: str) -> None:
    for form, value in (({"aggregate": "count", "of": column}, 3), ({"aggregate": "count_distinct", "of": column}, 2)):
        found, made = known(**form)
        assert (found.told["value"], found.view) == (value, made)


@pytest.mark.parametrize(("function", "value"), [("sum", 12), ("avg", 4), ("max", 5), ("count", 3)])
def test_figures_of_a_column_that_is_not_masked_are_told_and_kept(function: str, value: int) -> None:
    found, made = known(aggregate=function, of="sum")
    assert (found.told["value"], found.view) == (value, made)


@pytest.mark.parametrize(
    "arguments",
    [
        {"filter": {"nick": "Al7"}},
        {"filter": {"vault.pin": {"gt": 1500}}, "aggregate": "count"},
        {"filter": {"person": {"contains": "850126"}}, "group": ["open"]},
        {"sort": "pay", "limit": 1, "aggregate": "max", "of": "sum"},
        {"group": ["nick"], "sort": "nick", "limit": 1},
        {"chart": "bar", "x": "id", "y": "vault.pin"},
        {"chart": "bar", "group": ["id"], "aggregate": "max", "of": "vault.pin"},
        {"select": "users[?nick=='Al7']"},
        {"select": "users[].{hit: starts_with(nick, 'A')}", "group": ["hit"]},
        {"select": "users[].{a: nick} | [?a=='Al7']"},
        {"select": "users[?contains(values(@), 'Al7')].id"},
        {"select": "sort_by(users, &nick)[0].id"},
        {"select": "max_by(users, &vault.pin).id"},
        {"select": "length(users[0].nick)"},
        {"select": "ceil(users[0].vault.pin)"},
    ],
)
def test_where_masked_values_decide_nothing_is_told(arguments: dict[str, Any]) -> None:
    found, _ = known(**arguments)
    assert found.told == {"notes": [NONE_TOLD]}


@pytest.mark.parametrize(
    "arguments",
    [
        {"columns": ["nick", "pay"]},
        {"columns": ["person"], "filter": {"open": True}, "sort": "-nick"},
        {"select": "users[].{a: nick, b: pay, c: person, d: vault.pin}"},
        {"select": "users[].{a: nick, n: sum}", "group": ["a"], "aggregate": "sum", "of": "n"},
        {"select": "users[].{a: vault, n: sum}", "group": ["a"]},
        {"select": "users[].{a: pay}", "aggregate": "max", "of": "a"},
        {"select": "users[].vault.pin", "aggregate": "max", "of": "value"},
        {"select": "users[*].person", "group": ["value"]},
        {"select": "users[0].nick"},
        {"select": "users[0].vault.pin"},
        {"select": "users[0]"},
        {"select": "users[?open].pay", "group": ["value"]},
        {"select": "not_null(users[0].person)"},
        {"chart": "line", "x": "person", "y": "sum"},
        {"select": "users[].{a: nick, n: sum}", "chart": "bar", "x": "a", "y": "n"},
        {"select": "users[].{a: nick, n: sum}", "chart": "bar"},
    ],
)
def test_what_is_selected_renamed_or_drawn_is_dots_for_a_model_and_itself_for_the_customer(arguments: dict[str, Any]) -> None:
    found, made = known(**arguments)
    assert leaks(found.told, found.view.model_dump()) == []
    assert NONE_TOLD not in found.told.get("notes", ())
    assert leaks(rows(found))
    if made.computed is not None:
        assert rows(found) == list(made.computed)


def test_rows_under_a_hidden_name_are_masked_whole() -> None:
    body = {"vault": {"rows": [{"kind": "Al7", "n": 1}, {"kind": "Bo8", "n": 2}]}}
    found, _ = known(body, "/vault/rows", group=["kind"], aggregate="sum", of="n")
    assert leaks(found.told, found.view.model_dump()) == []
    assert found.told["data"] == [[MASK, MASK], [MASK, MASK]]


def test_columns_that_are_called_by_a_personal_number_are_told_with_dots() -> None:
    found, _ = known([{CARDS[0]: 1, "a": 2}], "", group=[CARDS[0]])
    assert leaks(found.told, found.view.model_dump(exclude={"group", "columns", "sort"})) == []
    plain, _ = known([{"a": 1, "b": 2}], "", select="[].{n: a}", group=["n"])
    assert plain.told["columns"] == ["n", "count"]


def test_a_text_that_is_masked_in_part_is_told_in_part_and_grouped_by_the_whole() -> None:
    body = [{"note": f"card {CARDS[0]} of Ann"}, {"note": "card 4012888888881881 of Ann"}, {"note": "none"}]
    found, _ = known(body, "", group=["note"])
    assert sorted(row[0] for row in found.told["data"]) == [f"card {MASK} of Ann", f"card {MASK} of Ann", "none"]


def test_how_many_rows_have_no_value_is_told_as_it_is() -> None:
    found, _ = known([*ROWS, {"id": 4, "sum": 1}], "", aggregate="max", of="pay")
    assert found.told["notes"][0] == "1 of 4 rows has no pay and is not counted in."


@pytest.mark.parametrize(
    ("expression", "members"),
    [
        ("a[].b", frozenset()),
        ("a[?b == 'x'].c", frozenset({"b"})),
        ("a[?b].c", frozenset({"b"})),
        ("sort_by(a, &b)[].c", frozenset({"b"})),
        ("a[].{n: c} | [?n > `1`]", frozenset({"a", "c", "n"})),
        ("a[?@ == 'x']", None),
        ("a[?contains(values(@), 'x')]", None),
        ("length(a)", frozenset({"a"})),
    ],
)
def test_what_decides_a_selection_is_known(expression: str, members: frozenset[str] | None) -> None:
    assert looked_at(expression) == members
