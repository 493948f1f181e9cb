"""A team's rules on values: what is compared, and that what cannot be compared asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from specs.model import MediaType, Operation, RequestBody
from tools.rules import ValueRule, asks, declared
from tools.schema import definition
from tools.settings import DocumentSettings

MONEY = {"type": "object", "properties": {"amount": {"type": "number"}, "unit": {"type": "string"}}}
ORDER = Operation(
    "order",
    "POST",
    "/orders/{amount}",
    "Place an order",
    parameters=(),
    body=RequestBody(
        True,
        (
            MediaType(
                "application/json",
                {
                    "type": "object",
                    "properties": {
                        "amount": {"type": "number"},
                        "total": MONEY,
                        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
                        "grid": {"type": "array", "items": {"type": "array", "items": MONEY}},
                        "free": {"type": "object"},
                    },
                },
            ),
        ),
    ),
    definitions={"Item": {"type": "object", "properties": {"price": {"type": "number"}, "tax": MONEY}}},
)
KNOWN = definition(ORDER, DocumentSettings())


def rule(field: str = "amount", op: str = ">", value: object = 1000) -> ValueRule:
    return ValueRule.model_validate({"field": field, "op": op, "value": value})


def why(found: ValueRule, arguments: dict) -> str | None:
    return asks(found, arguments, KNOWN.fields)


@pytest.mark.parametrize(
    ("op", "value", "quiet", "asked"),
    [
        (">", 1000, (1000, 999.99, -5000, "1000", " 1000.00 ", "+12", 0, -0.0), (1000.01, 1001, "1000.000000000000000000001", 10**30, 1e30)),
        (">=", 1000, (999.99, "999.9999999999999999999"), (1000, "1000.0", 1001)),
        ("<", 0, (0, "0.00", -0.0, 5), (-1, -0.01, "-0.0000000000000000001")),
        ("<=", "-10.5", (-10.4, 0), (-10.5, "-10.50", -11)),
        (">", "0.3", (0.3, "0.30", 0.1), (0.1 + 0.2, "0.30000000000000001")),  # exactly: a float is the number it is written as
        ("=", 5, (4, "4", 5.5), (5, 5.0, "5", "5.0")),
        ("=", "EUR", ("USD", "", "EURO"), ("EUR", "eur", " Eur ")),
        ("=", True, (False,), (True,)),
        ("!=", "EUR", ("EUR",), ("USD", "eur", "")),
        ("!=", 5, (5, "5.00"), (6, "6")),
        ("in", ["KRW", "JPY"], ("EUR", ""), ("KRW", "jpy")),
        ("in", [1, 2, "x"], (3, "y", "3"), (1, "2.0", "X")),
        ("matches", "^[0-9]{3}-", ("12-", "a123-"), ("123-", "999-x")),
        ("matches", "admin", ("user",), ("an admin here",)),
    ],
)
def test_a_rule_asks_for_its_values_and_for_no_others(op: str, value: object, quiet: tuple, asked: tuple) -> None:
    assert [each for each in quiet if why(rule("amount", op, value), {"amount": each})] == []
    assert [each for each in asked if why(rule("amount", op, value), {"amount": each}) != "holds"] == []


@pytest.mark.parametrize(
    "value",
    [
        "1e9",
        "1,000",
        "1.000,5",
        "",
        "ten",
        "0x7d0",
        "１０００",
        "1 0",
        "--1",
        ".5",
        "5.",
        True,
        False,
        None,
        {"value": 1},
        [],
        [[]],
        float("nan"),
        float("inf"),
        "secret:abc",
        "file:abc",
        "9" * 2000,
    ],
)
@pytest.mark.parametrize("op", [">", ">=", "<", "<="])
def test_what_cannot_be_compared_asks(op: str, value: object) -> None:
    assert why(rule("amount", op, 10**6), {"amount": value}) in ("incomparable", "missing")


@pytest.mark.parametrize(
    ("op", "wanted", "value"),
    [
        ("=", 5, "five"),
        ("=", "x", 5),
        ("=", True, "true"),
        ("=", True, 1),
        ("!=", "x", None),
        ("!=", 5, "five"),
        ("in", ["a"], 5),
        ("in", [True], "a"),
        ("matches", "a", 5),
        ("matches", "a", "secret:a"),
        ("=", "secret:a", "secret:a"),
        ("matches", "a", None),
        ("=", "x", {}),
    ],
)
def test_values_of_another_kind_ask(op: str, wanted: object, value: object) -> None:
    assert why(rule("amount", op, wanted), {"amount": value}) == "incomparable"


@pytest.mark.parametrize(
    ("field", "arguments", "asked"),
    [
        ("amount", {}, "missing"),
        ("amount", {"total": {"unit": "x"}}, "missing"),
        ("amount", {"total": {"amount": 5}}, None),
        ("amount", {"total": {"amount": 5000}}, "holds"),
        ("amount", {"amount": 5, "total": {"amount": 5000}}, "holds"),
        ("amount", {"amount": [5, 6]}, None),
        ("amount", {"amount": [5, [6, 5000]]}, "holds"),
        ("amount", {"amount": [5, "x"]}, "incomparable"),
        ("amount", {"grid": [[{"amount": 5}], [{"amount": 5}, {"amount": 5000}]]}, "holds"),
        ("amount", {"grid": [[{"amount": 5}, {"unit": "x"}]]}, "missing"),  # of one item nobody knows
        ("/amount", {"total": {"amount": 5000}}, "missing"),
        ("/amount", {"amount": 5, "total": {"amount": 5000}}, None),
        ("/total/amount", {"amount": 5000, "total": {"amount": 5}}, None),
        ("/total/amount", {"total": {"amount": 5000}}, "holds"),
        ("/total/amount", {"total": 5000}, "missing"),
        ("/items/price", {"items": [{"price": 5}, {"price": 5000}]}, "holds"),
        ("/items/price", {"items": [{"price": 5}, {}]}, "missing"),
        ("/items/price", {"items": []}, "missing"),
        ("/items/tax/amount", {"items": [{"tax": {"amount": 5}}, {"tax": {"amount": "5000"}}]}, "holds"),
        ("/grid/amount", {"grid": [[{"amount": 5}], [{"amount": 5000}]]}, "holds"),
        ("/items/0/price", {"items": [{"price": 5}]}, "missing"),
    ],
)
def test_a_field_is_a_name_anywhere_or_one_place(field: str, arguments: dict, asked: str | None) -> None:
    assert why(rule(field), arguments) == asked


@pytest.mark.parametrize(
    ("field", "there"),
    [
        ("amount", True),
        ("price", True),
        ("total", True),
        ("unit", True),
        ("cost", False),
        ("/amount", True),
        ("/price", False),
        ("/total/amount", True),
        ("/total/cost", False),
        ("/items/price", True),
        ("/items/tax/unit", True),
        ("/items/0/price", False),
        ("/grid/amount", True),
        ("/amount/x", False),
        ("/free", True),
        ("", False),
    ],
)
def test_whether_an_operation_has_the_field(field: str, there: bool) -> None:
    assert declared(rule(field or "nothing"), KNOWN.fields, KNOWN.definitions) is there


@pytest.mark.parametrize(
    "wrong",
    [
        {"op": ">", "value": "much"},
        {"op": ">", "value": True},
        {"op": ">", "value": [1]},
        {"op": "in", "value": 1},
        {"op": "in", "value": []},
        {"op": "=", "value": [1]},
        {"op": "matches", "value": "("},
        {"op": "matches", "value": "(?!EUR)"},
        {"op": "matches", "value": 5},
        {"op": "~", "value": 5},
        {"op": "=", "value": None},
        {"op": "=", "value": {"a": 1}},
        {"op": "=", "value": 2**53 + 1},
        {"op": ">", "value": float("inf")},
        {"op": "=", "value": 1, "field": ""},
        {"op": "=", "value": 1, "operation": ""},
        {"op": "=", "value": 1, "unit": "EUR"},
    ],
)
def test_a_rule_that_means_nothing_is_refused(wrong: dict) -> None:
    with pytest.raises(ValidationError):
        ValueRule.model_validate({"field": "amount", **wrong})


def test_a_rule_is_stored_as_it_was_written() -> None:
    written = [{"operation": "pay", "field": "amount", "op": ">", "value": value} for value in (1000, 1000.5, "1000.50", str(2**60))]
    written += [
        {"operation": "*", "field": "kind", "op": op, "value": value} for op, value in (("=", True), ("in", ["a", 5, False]), ("matches", "^a"))
    ]
    found = DocumentSettings.model_validate({"when": written})
    assert DocumentSettings.model_validate_json(found.model_dump_json()) == found
    assert found.model_dump(mode="json")["when"] == written


def test_a_pattern_ends_on_a_text_that_was_made_for_it() -> None:
    assert why(rule("amount", "matches", "^(a+)+$"), {"amount": "a" * 5_000 + "b"}) is None  # with `re`, in no lifetime


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(
    st.sampled_from([">", ">=", "<", "<=", "=", "!="]), st.integers(-50, 50), st.dictionaries(st.sampled_from(["amount", "total", "items"]), VALUES)
)
def test_whatever_a_model_writes_is_judged(op: str, value: int, arguments: dict) -> None:
    assert why(rule("amount", op, value), arguments) in ("holds", "missing", "incomparable", None)
