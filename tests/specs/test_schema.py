"""Every schema of OpenAPI 3.0 and 3.1 becomes JSON Schema 2020-12 that compiles."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.schema import name, normalise

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5)
KEYWORDS = st.sampled_from(
    [
        "type",
        "nullable",
        "enum",
        "const",
        "minimum",
        "exclusiveMinimum",
        "multipleOf",
        "minLength",
        "pattern",
        "required",
        "items",
        "properties",
        "additionalProperties",
        "allOf",
        "anyOf",
        "not",
        "default",
        "example",
        "examples",
        "format",
        "uniqueItems",
        "discriminator",
        "prefixItems",
        "patternProperties",
        "dependentRequired",
        "title",
        "$id",
        "$schema",
        "x-other",
    ]
)
SCHEMAS = st.recursive(
    JSON,
    lambda inner: st.dictionaries(
        KEYWORDS, inner | st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2), max_size=4
    ),
)


def normal(schema: Any, *, old: bool = True) -> Any:
    return normalise(schema, "", old=old).schema


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"nullable": True}, {}),
        ({"type": "string", "nullable": True, "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a"]}),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": False}, {"type": "number", "minimum": 1}),
        ({"type": "number", "maximum": 9, "exclusiveMaximum": True}, {"type": "number", "exclusiveMaximum": 9}),
        ({"example": 5}, {"examples": [5]}),
        ({"type": "string", "x-internal": True, "xml": {}, "externalDocs": {}}, {"type": "string"}),
        ({"type": "string", "xml": {"name": "a", "wrapped": 1, "other": 2}}, {"type": "string", "xml": {"name": "a"}}),
        ({"type": "array", "enum": ["a"], "items": {"type": "string"}}, {"type": "array", "items": {"type": "string", "enum": ["a"]}}),
        ({"type": "array", "enum": [["a"]]}, {"type": "array", "enum": [["a"]]}),
        ({"type": "string", "enum": [0, 1]}, {"type": "string", "enum": ["0", "1"]}),
        ({"type": "integer", "enum": ["1", "22"]}, {"type": "integer", "enum": ["1", "22"]}),
        ({"type": "string", "enum": ["a", 1]}, {"type": "string", "enum": ["a", 1]}),
        ({"type": "array", "items": {"nullable": True, "type": "integer"}}, {"type": "array", "items": {"type": ["integer", "null"]}}),
        ({"$ref": "#/components/schemas/Pet", "description": "d", "nullable": True}, {"$ref": "#/$defs/Pet", "description": "d"}),
    ],
)
def test_the_words_of_3_0_become_those_of_2020_12(before: Any, after: Any) -> None:
    assert normal(before) == after


@pytest.mark.parametrize(
    "same",
    [
        {"type": ["string", "null"], "examples": ["a"]},
        {"type": "number", "exclusiveMinimum": 1},
        {"$ref": "#/$defs/Pet", "minProperties": 1},
        {"const": None},
        {"if": {"type": "string"}, "then": {"minLength": 1}},
    ],
)
def test_3_1_stays_as_it_is(same: Any) -> None:
    before = {**same, "$ref": "#/components/schemas/Pet"} if "$ref" in same else same
    assert normal(before, old=False) == same


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "any"}, {"type": 5}, {"pattern": "(["}, {"minLength": -1}, {"minLength": "1"}, {"multipleOf": 0}, {"minimum": "1"}, {"enum": "a"},
        {"allOf": {}}, {"title": 5}, {"items": 7}, {"properties": {"a": "text"}}, {"uniqueItems": "yes"}, {"dependentRequired": {"a": ["b", "b"]}},
    ],
)  # fmt: skip
def test_a_keyword_that_cannot_be_used_is_left_out_and_told(broken: Any) -> None:
    result = normalise({**broken, "description": "kept"}, "/x", old=False)
    assert isinstance(result.schema, dict)
    assert result.schema["description"] == "kept"
    assert [problem.severity for problem in result.problems] == ["warning"]
    jsonschema_rs.validator_for(result.schema)


@given(SCHEMAS, st.booleans())
def test_whatever_is_given_the_result_compiles(schema: Any, old: bool) -> None:
    jsonschema_rs.validator_for(normal(schema, old=old))


@pytest.mark.parametrize("reference", ["http://169.254.169.254/x", "file:///etc/passwd", "../other.yaml", "other.yaml#/A", "#anchor", 5])
def test_references_that_leave_the_document_accept_anything(reference: Any) -> None:
    result = normalise({"$ref": reference}, "/x", old=False)
    assert result.schema is True
    assert [problem.code for problem in result.problems] == ["reference_not_local"]


def test_endless_inline_nesting_ends() -> None:
    schema: dict[str, Any] = {}
    for _ in range(200):
        schema = {"items": schema}
    assert [problem.code for problem in normalise(schema, "", old=False).problems] == ["schema_too_deep"]


def test_a_discriminator_names_schemas_as_they_are_called_here() -> None:
    given_ = {"discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}}}
    assert normal(given_)["discriminator"] == {"propertyName": "kind", "mapping": {"cat": "#/$defs/Cat", "dog": "#/$defs/Dog"}}


def test_names_of_schemas_are_safe_and_their_own() -> None:
    pointers = [
        "/components/schemas/A b",
        "/components/schemas/A~1b",
        "/components/schemas/Äpfel",
        "/paths/~1a/get/x",
        "/components/schemas/" + "x" * 300,
    ]
    names = [name(pointer) for pointer in pointers]
    assert len(set(names)) == len(names)
    assert all(one.isascii() and "/" not in one and " " not in one and len(one) < 80 for one in names)
    assert name("/components/schemas/Pet") == "Pet"
