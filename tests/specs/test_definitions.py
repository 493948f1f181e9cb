"""Schemas that references reach: all of them for who asks for all, and only those that are followed for who follows."""

import pytest

from specs.definitions import Definitions, Reached

SCHEMAS = {
    "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
    "B": {"items": {"$ref": "#/components/schemas/A"}},
    "C": {"allOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/none"}]},
    "D": {"type": 5},
}


def definitions() -> Definitions:
    return Definitions({"components": {"schemas": SCHEMAS}}, old=False)


def reached_from(*names: str, of: Definitions | None = None) -> Reached:
    """By a schema that refers to these."""
    of_document = of or definitions()
    schema = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}
    return Reached(of_document, of_document.normalise(schema, "/paths/x").pointers)


def test_all_that_is_reached_is_there_and_cycles_end() -> None:
    reached = reached_from("C")
    assert list(reached) == ["A", "B", "C", "none"]
    assert len(reached) == 4
    assert "D" not in reached
    assert dict(reached)["B"] == {"items": {"$ref": "#/$defs/A"}}
    assert reached.get("x") is None
    with pytest.raises(KeyError):
        reached["x"]


def test_problems_are_those_of_everything_reached() -> None:
    found = reached_from("C", "D").problems(set())
    assert sorted(problem.pointer for problem in found) == ["/components/schemas/D/type", "/components/schemas/none"]


def test_only_what_is_followed_is_read() -> None:
    of_document = definitions()
    reached = reached_from("C", "D", of=of_document)
    assert reached["C"] != reached["A"]
    assert set(of_document._normal) == {"/components/schemas/C", "/components/schemas/A"}


def test_equal_means_the_same_schemas() -> None:
    assert reached_from("A") == reached_from("B")
    assert reached_from("A") != reached_from("C")
