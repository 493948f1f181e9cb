"""Schemas that references reach: all of them for who asks for all, and only those that are followed for who follows."""

import pytest

from specs.definitions import Definitions

SCHEMAS = {
    "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
    "B": {"items": {"$ref": "#/components/schemas/A"}},
    "C": {"allOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/none"}]},
    "D": {"type": 5},
}


def definitions() -> Definitions:
    return Definitions({"components": {"schemas": SCHEMAS}}, old=False)


def test_all_that_is_reached_is_there_and_cycles_end() -> None:
    reached = definitions().reach(["/components/schemas/C"])
    assert list(reached) == ["A", "B", "C", "none"]
    assert len(reached) == 4
    assert "D" not in reached
    assert dict(reached)["B"] == {"items": {"$ref": "#/$defs/A"}}
    assert reached.get("x") is None
    with pytest.raises(KeyError):
        reached["x"]


def test_problems_are_those_of_everything_reached() -> None:
    found = definitions().reach(["/components/schemas/C", "/components/schemas/D"]).problems()
    assert sorted(problem.pointer for problem in found) == ["/components/schemas/D/type", "/components/schemas/none"]


def test_only_what_is_followed_is_read() -> None:
    of_document = definitions()
    reached = of_document.reach(["/components/schemas/C", "/components/schemas/D"])
    assert reached["C"] != reached["A"]
    assert set(of_document._normal) == {"/components/schemas/C", "/components/schemas/A"}


def test_equal_means_the_same_schemas() -> None:
    assert definitions().reach(["/components/schemas/A"]) == definitions().reach(["/components/schemas/B"])
    assert definitions().reach(["/components/schemas/A"]) != definitions().reach(["/components/schemas/C"])
