"""Views of results, computed in code."""

import pytest

from tools.own import OWN
from tools.show import View, render, view

ROWS = [
    {"name": "Bo", "age": 30, "city": "Rome", "paid": 0.1},
    {"name": "al", "age": None, "city": "rome", "paid": 0.2},
    {"name": "Cy", "age": 25, "city": "Oslo"},
]
BODY = {"items": ROWS, "total": 3}


def made(**arguments: object) -> View:
    return view(BODY, arguments, "c1", "/items")


def test_a_table_has_the_asked_columns_that_exist() -> None:
    shown = made(columns=["city", "nothing", "name", "city"])
    assert (shown.kind, shown.result, shown.path, shown.columns, shown.rows, shown.total) == ("table", "c1", "/items", ("city", "name"), 3, 3)
    assert render(shown, BODY)[0] == {"city": "Rome", "name": "Bo"}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"filter": {"city": "ROME"}}, ["Bo", "al"]),
        ({"filter": {"age": 25}}, ["Cy"]),
        ({"filter": {"age": True}}, []),
        ({"filter": {"unknown": 1}}, ["Bo", "al", "Cy"]),
        ({"sort": "name"}, ["al", "Bo", "Cy"]),
        ({"sort": "-age"}, ["Bo", "Cy", "al"]),
        ({"sort": "age", "limit": 1}, ["Cy"]),
        ({"sort": "unknown"}, ["Bo", "al", "Cy"]),
    ],
)
def test_rows_are_filtered_sorted_and_cut(arguments: dict, names: list[str]) -> None:
    assert [row["name"] for row in render(made(**arguments), BODY)] == names


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ({"aggregate": "count"}, 3),
        ({"aggregate": "count", "of": "age"}, 2),
        ({"aggregate": "count", "filter": {"city": "rome"}}, 2),
        ({"aggregate": "sum", "of": "age"}, 55),
        ({"aggregate": "sum", "of": "paid"}, 0.3),
        ({"aggregate": "avg", "of": "age"}, 27.5),
        ({"aggregate": "min", "of": "age"}, 25),
        ({"aggregate": "max", "of": "name"}, "al"),
        ({"aggregate": "sum", "of": "name"}, None),
        ({"aggregate": "sum"}, None),
    ],
)
def test_values_are_computed(arguments: dict, value: object) -> None:
    shown = made(**arguments)
    assert (shown.kind, shown.value) == ("value", value)


def test_a_record_and_a_text_are_shown_as_they_are() -> None:
    record = view({"id": 1, "name": "x"}, {"columns": ["name"]}, "c1", "")
    assert (record.kind, render(record, {"id": 1, "name": "x"})) == ("record", [{"name": "x"}])
    assert view("words", {}, "c1", "").kind == "text"
    assert view(None, {"columns": "x"}, "c1", "/nowhere/5").kind == "text"


def test_the_engines_tools_have_closed_schemas() -> None:
    assert set(OWN) == {"ask_user", "resolve_dates", "find_operations", "show"}
    for name, tool in OWN.items():
        assert tool.name == name
        assert tool.parameters["additionalProperties"] is False
        assert not tool.validator.is_valid({"surprise": 1})
