"""Queries: what they find, what they refuse, and that none of them takes longer than its budget."""

from typing import Any

import orjson
import pytest

from specs.jsonpath import LONGEST, Budget, QueryError, QueryTooCostlyError, child, find, quoted, read

SHOP: dict[str, Any] = {
    "paths": {
        "/users": {"get": {"parameters": [{"name": "Accept", "in": "header"}, {"name": "q", "in": "query", "size": 3}], "x-traits": ["paged"]}},
        "/it's": {"get": {"parameters": [{"$ref": "#/c/p"}, {"name": "q", "in": "query", "size": 7, "on": True}]}},
    },
    "list": [0, 1, 2, 3, 4],
    "200": "ok",
}


def found(query: str, root: Any = SHOP) -> list[Any]:
    return [place.value for place in find(read(query), root, Budget(10_000))]


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("$", [SHOP]),
        ("$.list[1]", [1]),
        ("$.list[-1]", [4]),
        ("$.list[9]", []),
        ("$['list'][0, 1, 0]", [0, 1]),
        ("$.list[1:3]", [1, 2]),
        ("$.list[::-2]", [4, 2, 0]),
        ("$.list[::0]", []),
        ("$.200", ["ok"]),
        ('$["200"]', ["ok"]),
        ("$.list.name", []),
        ("$.paths[0]", []),
        ("$.paths['/it\\'s'].get.parameters[0]", [{"$ref": "#/c/p"}]),
        ('$.paths["/it\\u0027s"].get.parameters[0].$ref', ["#/c/p"]),
        ("$.paths.*.get.parameters[*].name", ["Accept", "q", "q"]),
        ("$..name", ["Accept", "q", "q"]),
        ("$..['name']", ["Accept", "q", "q"]),
        ("$..parameters[?@.name == 'q' && @.in=='query'].size", [3, 7]),
        ("$..parameters[?(@.name == 'q')].size", [3, 7]),
        ("$..parameters[?@['$ref'] == '#/c/p']", [{"$ref": "#/c/p"}]),
        ("$..parameters[?@.size > 3 || @.name == 'Accept'].name", ["Accept", "q"]),
        ("$..parameters[?!@.size].name", ["Accept"]),
        ("$..parameters[?!(@.size >= 3)].name", ["Accept"]),
        ("$..parameters[?@.size <= 3].name", ["q"]),
        ("$..parameters[?@.on == true].size", [7]),
        ("$..parameters[?@.size == true].size", []),
        ("$..parameters[?@.absent == $.absent].name", ["Accept", "q", "q"]),
        ("$..parameters[?@.size != 3].name", ["Accept", "q"]),
        ("$.paths.*.get[?@[?@ == 'paged']]", [["paged"]]),
        ("$.list[?@ > 1.5 && @ < 1e1]", [2, 3, 4]),
        ("$..nothing", []),
    ],
)
def test_a_query_finds_its_places(query: str, values: list[Any]) -> None:
    assert found(query) == values


@pytest.mark.parametrize(
    "query",
    ["", "paths", "$.", "$..", "$[", "$[]", "$[name]", "$['a'", "$['a]", "$.a b", "$.a]", "$[?]", "$[?@.a ==]", "$[?1]", "$[?@.* == 1]",
     "$[?length(@.a) > 1]", "$[?@.a == true(1)]", "@.a", "$.-1.5", "$[1.5]", "$[" + "?@[" * 30, "$[?" + "(" * 100, "$." + "a" * LONGEST,
     "$[?@.a = 1]", "$#"],
)  # fmt: skip
def test_what_is_no_query_is_refused_in_words(query: str) -> None:
    with pytest.raises(QueryError, match=r"\w"):
        read(query)


def test_true_is_not_one() -> None:
    assert found("$[?@ == 1]", [True, 1, 1.0]) == [1, 1.0]
    assert found("$.x[?@ == $.y]", {"x": [[True], [1], {"a": 1}], "y": [1]}) == [[1]]


def test_whole_trees_are_compared() -> None:
    same = {"a": [1, {"b": None}]}
    assert found("$.x[?@ == $.y]", {"x": [same, {"a": [1, {"b": 0}]}, {"a": [1]}, {"c": 1}, []], "y": {"a": [1, {"b": None}]}}) == [same]


@pytest.mark.parametrize("value", [list(range(10_000)), {str(one): one for one in range(10_000)}, "x" * 10_000_000])
@pytest.mark.parametrize("sign", ["==", "!=", "<="])
def test_what_is_compared_counts(value: Any, sign: str) -> None:
    with pytest.raises(QueryTooCostlyError):
        find(read(f"$.x[?$.a {sign} $.b]"), {"a": value, "b": orjson.loads(orjson.dumps(value)), "x": [0] * 1_000}, Budget(100_000))


def test_a_query_ends_with_its_budget() -> None:
    nested: Any = []
    for _ in range(200):
        nested = [nested, nested, 1]
    with pytest.raises(QueryTooCostlyError):
        find(read("$..*..*..*"), nested, Budget(100_000))


@pytest.mark.parametrize("name", ["users", "/users/{id}", "it's", 'a"b', "back\\slash", "line\nbreak", "x-y", "$ref", "", "200", "é"])
def test_a_name_is_written_so_that_it_is_found_again(name: str) -> None:
    assert found(f"${child(name)}", {name: 1}) == [1]
    assert found(f"$[?@ == {quoted(name)}]", [name, "other"]) == [name]
