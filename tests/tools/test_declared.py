"""An answer against its declaration: differences are told to the team, and nobody fails because of them."""

import gc
from dataclasses import replace

import pytest
from aiohttp import web

from specs.model import MediaType, Operation, Response, Schema
from tests.tools.product import Product, document, work
from tools.call import Wire
from tools.declared import BYTES, KEPT, MOST, MOST_DEFINITIONS, ROWS, Part, drift, made, media_for, part_of, response_for, schema_for
from tools.execute import attempt
from tools.reading import execute
from tools.settings import DocumentSettings

THING: Schema = {
    "type": "object",
    "required": ["id", "secret", "price"],
    "properties": {
        "id": {"type": "integer"},
        "secret": {"type": "string", "writeOnly": True},
        "price": {"type": "number", "minimum": 0},
        "state": {"enum": ["new", "old"]},
        "mail": {"type": "string", "format": "email"},
        "parent": {"$ref": "#/$defs/Thing"},
    },
    "additionalProperties": False,
}
CLOSED: Schema = {"properties": {"id": True}, "additionalProperties": False}
LIST: Schema = {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/$defs/Thing"}}}}


def declaring(schema: Schema, status: str = "200", media_type: str = "application/json") -> Operation:
    return Operation("list", "GET", "/things", responses=(Response(status, "", (MediaType(media_type, schema),)),), definitions={"Thing": THING})


def differences(schema: Schema, data: object) -> tuple[str, ...]:
    return drift(declaring(schema), 200, "application/json", Part(data))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"items": [{"id": 1, "price": 2.5, "state": "new", "mail": "no address"}]}, ()),
        ({"items": [{"id": 1, "price": 2, "parent": {"id": 2, "price": 1}}], "unknown": 1}, ()),
        ({"items": [{"id": "1", "price": 2}]}, ("/items/*/id is string, declared as integer.",)),
        ({"items": [{"id": 1}]}, ("/items/*/price is missing.",)),
        ({"items": [{"id": 1, "price": None}]}, ("/items/*/price is null, declared as number.",)),
        ({"items": [{"id": 1, "price": -1}]}, ("/items/*/price does not keep minimum 0.",)),
        ({"items": [{"id": 1, "price": 1, "state": "lost"}]}, ("/items/*/state is none of the declared values.",)),
        ({"items": [{"id": 1, "price": 1, "b": 1, "a": 1}]}, ("/items/* has fields that are not declared: a, b.",)),
        ({"items": [{"id": 1, "price": 1, "parent": {"id": 1, "price": "x"}}]}, ("/items/*/parent/price is string, declared as number.",)),
        ({"items": [{"id": "1", "price": 2}] * 50}, ("/items/*/id is string, declared as integer.",)),
        ({"items": {}}, ("/items is object, declared as array.",)),
        ([], ("/ is array, declared as object.",)),
        ({"items": [{"id": "••••••••", "price": 1}]}, ()),
    ],
)
def test_a_difference_has_a_place_and_no_value(data: object, told: tuple) -> None:
    assert differences(LIST, data) == told


def test_at_most_ten_are_told() -> None:
    schema: Schema = {"type": "object", "required": [f"f{n}" for n in range(50)]}
    assert len(differences(schema, {})) == MOST


def test_no_value_of_the_product_is_in_a_difference() -> None:
    properties: dict[str, Schema] = {
        "a": {"pattern": "^x$"},
        "b": {"const": 1},
        "c": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
        "d": {"maxLength": 3},
        "e": {"not": {}},
        "f": {"oneOf": [{"type": "string"}, {"minLength": 1}]},
        "g": {"multipleOf": 7},
    }
    schema: Schema = {"type": "object", "properties": properties}
    told = differences(schema, {**dict.fromkeys("abcdef", "hidden value"), "g": 424243})
    assert len(told) == 7
    assert not [text for text in told if "hidden" in text or "424243" in text]


@pytest.mark.parametrize(
    ("schema", "data", "told"),
    [
        ({"additionalProperties": {"type": "integer"}}, {"a@x.test": "x", "Ann": "", "4111111111111111": "z"}, "/* is string, declared as integer."),
        ({"patternProperties": {"^u": {"required": ["id"]}}}, {"user-Ann": {}}, "/*/id is missing."),
        ({"properties": {"by": CLOSED}}, {"by": {"4111111111111111": 1, "나": 1}}, "/by has fields that are not declared."),
        (CLOSED, {f"ghp_{'a' * 36}": 1, "010-1234-5678": 1, "ann@example.com": 1}, "/ has fields that are not declared."),
        (CLOSED, {"address_line2": 1, "ipv4Address": 1, "Ann S": 1}, "/ has fields that are not declared: address_line2, ipv4Address."),
        ({"properties": {"a": {"pattern": "^a$", "minLength": 9}}}, {"a": "secrets"}, "/a does not keep minLength 9.|/a does not keep pattern."),
    ],
)  # fmt: skip
def test_a_difference_names_what_is_declared_or_reads_as_a_name(schema: Schema, data: object, told: str) -> None:
    assert sorted(differences(schema, data)) == told.split("|")


def test_a_media_type_that_holds_a_personal_number_is_told_without_it() -> None:
    told = drift(declaring(LIST), 200, "application/4111111111111111", Part({}))
    assert told == ("The document declares no application/•••••••• for 200.",)


@pytest.mark.parametrize(
    ("declared", "status", "found"),
    [(("200", "2XX", "default"), 200, "200"), (("2xx", "default"), 201, "2xx"), (("404", "default"), 200, "default"), (("404",), 200, None)],
)
def test_the_exact_status_comes_before_its_class_and_that_before_the_default(declared: tuple, status: int, found: str | None) -> None:
    response = response_for(Operation("x", "GET", "/", responses=tuple(Response(each, "") for each in declared)), status)
    assert (response.status if response else None) == found


@pytest.mark.parametrize(
    ("declared", "sent", "found"),
    [
        (("application/json; charset=utf-8",), "application/json", 0),
        (("*/*", "text/*", "text/csv"), "text/csv", 2),
        (("*/*", "text/*"), "text/plain", 1),
        (("*/*",), "application/json", 0),
        (("application/json",), "application/problem+json", None),
    ],
)
def test_the_most_exact_media_type_is_taken(declared: tuple, sent: str, found: int | None) -> None:
    response = Response("200", "", tuple(MediaType(each, {"title": each}) for each in declared))
    assert media_for(response, sent) == (None if found is None else response.content[found])


def test_what_is_not_declared_at_all_is_told() -> None:
    operation = declaring(LIST, "201")
    assert drift(operation, 202, "application/json", Part({})) == ("The document declares no response 202.",)
    assert drift(operation, 201, "text/html", Part("x")) == ("The document declares no text/html for 201.",)
    assert drift(operation, 201, "", Part({"items": {}})) == ("/items is object, declared as array.",)
    assert drift(replace(operation, responses=()), 202, "text/html", Part("x")) == ()
    assert schema_for(operation, 201, "text/json") == LIST


def test_of_a_long_answer_the_first_rows_are_checked_and_that_is_said() -> None:
    rows = [{"id": 1, "price": 1}] * (ROWS - 1) + [{"id": "1", "price": 1}] + [{"id": 1}] * 50_000
    part = part_of({"items": rows}, "/items", rows, 900_000)
    assert part is not None
    assert drift(declaring(LIST), 200, "application/json", part) == (
        "/items/*/id is string, declared as integer.",
        "Only the first 200 of 50,200 rows were checked.",
    )
    wide = part_of(rows, "", rows, len(rows) * BYTES // 7)
    assert wide is not None
    assert len(wide.data) == 7
    assert part_of({"text": "x"}, "", None, BYTES + 1) is None


def test_a_validator_is_made_once_and_goes_with_its_operation() -> None:
    KEPT.clear()
    operation = declaring(LIST)
    for _ in range(3):
        drift(operation, 200, "application/json", Part({}))
    assert len(KEPT) == 1
    del operation
    gc.collect()
    assert KEPT == {}


def test_what_lies_beyond_the_nearest_definitions_is_accepted() -> None:
    definitions: dict[str, Schema] = {
        f"D{n}": {"type": "object", "properties": {"next": {"$ref": f"#/$defs/D{n + 1}"}, "a": {"type": "integer"}}} for n in range(1_000)
    }
    checker = made({"$ref": "#/$defs/D0"}, definitions)
    assert checker is not None
    near: dict = {"a": "x"}
    far: dict = {"a": "x"}
    for _ in range(MOST_DEFINITIONS + 5):
        far = {"next": far}
    assert not checker.validator.is_valid(near)
    assert checker.validator.is_valid(far)


async def test_a_difference_is_no_failure(wire: Wire, product: Product) -> None:
    schema = {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}}
    responses = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    compiled = document({"/things": {"get": {"responses": responses}}})
    product.answers += [web.json_response([{"id": "x"}, {}]), web.json_response([], status=206), web.Response(text="[]", content_type="text/html")]
    settings = DocumentSettings(base_url=product.url)
    returned = [await execute(wire, work(compiled, {}, settings)) for _ in range(3)]
    assert [each.outcome for each in returned] == ["done"] * 3
    assert [each.warnings for each in returned] == [()] * 3
    assert [each.drift for each in returned] == [
        ("/*/id is string, declared as integer.", "/*/id is missing."),
        ("The document declares no response 206.",),
        ("The document declares no text/html for 200.",),
    ]


async def test_an_empty_answer_differs_from_nothing(wire: Wire, product: Product) -> None:
    responses = {"204": {"description": "gone"}}
    product.answers.append(web.Response(status=204))
    returned = await attempt(wire, work(document({"/things": {"delete": {"responses": responses}}}), {}, DocumentSettings(base_url=product.url)))
    assert (returned.outcome, returned.data, returned.file, returned.drift, returned.warnings) == ("done", None, None, (), ())
