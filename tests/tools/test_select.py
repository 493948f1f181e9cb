"""JMESPath in bounds: expressions of a model over bodies of a product, both hostile."""

import pytest

from tools.select import DEEPEST, LONGEST, Unselectable, selected

BODY = {"items": [{"n": 1, "tags": ["a", "b"], "mixed": 1}, {"n": 2, "tags": [], "mixed": "x"}, {"n": None, "mixed": None}], "page": {"no": 1}}
LONG = {"items": [{"n": n, "tags": ["x", "y"]} for n in range(50_000)]}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("items[].tags[]", ["a", "b"]),
        ("items[?n > `1`].n", [2]),
        ("items[?contains(tags || items, 'a')].n", None),
        ("items[?tags && contains(tags, 'a')].n", [1]),
        ("items[?mixed > `0`].n", [1]),
        ("items[*].{number: n, first: tags[0]} | [0]", {"number": 1, "first": "a"}),
        ("length(items)", 3),
        ("keys(page)", ["no"]),
        ("nothing.at.all", None),
        ("@", BODY),
    ],
)
def test_an_expression_leads_to_a_part_of_the_body(expression: str, found: object) -> None:
    reached = selected(expression, BODY)
    assert reached == found or (found is None and isinstance(reached, Unselectable))


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "no JMESPath"),
        ("items[?", "no JMESPath"),
        ("`", "no JMESPath"),
        ("\0", "no JMESPath"),
        ("items..n", "no JMESPath"),
        ("a" * (LONGEST + 1), "longer than"),
        ("(" * 100 + "a" + ")" * 100, "nested too deeply"),
        ("!" * 400 + "a", "nested too deeply"),
        ("|".join(["[@,@][]"] * 60), "nested too deeply"),
        ("items[::0]", "does not fit"),
        ("floor(items)", "does not fit"),
        ("abs(items, items)", "does not fit"),
        ("sort_by(items, &mixed)", "does not fit"),
        ("exec(items)", "knows no exec()"),
        ("to_string(@)", "knows no to_string()"),
        ("join(items, items)", "knows no join()"),
        ("sum(items[].n)", "use aggregate"),
    ],
)
def test_what_cannot_be_read_is_refused(expression: str, reason: str) -> None:
    found = selected(expression, BODY)
    assert isinstance(found, Unselectable)
    assert reason in found.reason
    assert "'x'" not in found.reason


@pytest.mark.parametrize(
    "expression", ["'words'", "`[1]`", "items || 'words'", "[`1`, items]", "{a: 'words'}", 'merge(page, `{"no": 9}`)', "not_null(x, '1')"]
)
def test_nothing_comes_out_that_the_product_did_not_return(expression: str) -> None:
    found = selected(expression, BODY)
    assert isinstance(found, Unselectable)
    assert "literal values in conditions only" in found.reason


@pytest.mark.parametrize(
    "expression",
    [
        "|".join(["[@,@,@,@,@,@,@,@,@,@][]"] * (DEEPEST - 6)),
        "|".join(["{a:@,b:@,c:@}"] * (DEEPEST - 4)),
        "map(&[@,@,@,@,@,@,@,@,@,@,@,@][], items) | [] | [] | map(&[@,@,@,@,@,@,@][], @) | [] | map(&[@,@,@,@,@,@,@,@][], @) | []",
        "items[*].[tags, tags, tags, tags, tags, tags, tags, tags, tags, tags, tags, tags][][].[[@,@,@,@], [@,@,@,@], [@,@,@,@]]",
    ],
)
def test_what_would_grow_without_end_is_stopped(expression: str) -> None:
    found = selected(expression, LONG)
    assert isinstance(found, Unselectable)
    assert "takes too long" in found.reason or "more than it was given" in found.reason or "nested too deeply" in found.reason


def test_every_row_of_a_long_list_is_reached() -> None:
    assert selected("items[?n >= `49998`].{number: n, tags: tags[]}", LONG) == [{"number": n, "tags": ["x", "y"]} for n in (49_998, 49_999)]
    assert len(selected("items[].tags[]", LONG)) == 100_000
