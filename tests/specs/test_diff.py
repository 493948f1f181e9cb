"""What changed between two documents, and whether it breaks a caller."""

import time
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preprocess.compile import compile_document
from runtime.errors import DocumentRefused
from specs.diff import MOST_CHANGES, Diff, difference
from specs.unchanged import Unchanged
from tests.specs.documents import EVAL, answering, compiled, published, taking, tree

TEXT = {"type": "string"}
USER = {"type": "object", "required": ["name"], "properties": {"name": TEXT, "age": {"type": "integer"}}}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


def compared(before: Any, after: Any, **more: Any) -> Diff:
    """Of one operation in both documents."""
    return difference(compiled({"/users": {"post": before}}, **more), compiled({"/users": {"post": after}}, **more))


def told(diff: Diff) -> list[tuple[bool, str, str]]:
    return [(each.breaking, each.field, each.message) for one in diff.changed for each in one.changes]


def parameter(name: str = "limit", place: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": place, "schema": {"type": "integer"}, **more}


def user(**more: Any) -> dict[str, Any]:
    return {**USER, **more}


def fields(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


OPERATIONS = [
    ("nothing", {}, {}, []),
    ("parameter added", {}, {"parameters": [parameter()]}, [(False, "query limit", "An optional parameter was added.")]),
    ("required parameter added", {}, {"parameters": [parameter(required=True)]}, [(True, "query limit", "A required parameter was added.")]),
    ("parameter removed", {"parameters": [parameter()]}, {}, [(True, "query limit", "The parameter was removed.")]),
    ("parameter required", {"parameters": [parameter()]}, {"parameters": [parameter(required=True)]}, [(True, "query limit", "It is required now.")]),
    ("parameter optional", {"parameters": [parameter(required=True)]}, {"parameters": [parameter()]}, [(False, "query limit", "It is optional")]),
    ("header of the transport removed", {"parameters": [parameter("Accept", "header")]}, {}, [(False, "header Accept", "The parameter was removed")]),
    (
        "parameter moved",
        {"parameters": [parameter()]},
        {"parameters": [parameter(place="header")]},
        [(True, "query limit", "The parameter was removed."), (False, "header limit", "An optional parameter was added.")],
    ),
    ("header in other case", {"parameters": [parameter("X-A", "header")]}, {"parameters": [parameter("x-a", "header")]}, []),
    (
        "parameter written differently",
        {"parameters": [parameter(explode=True)]},
        {"parameters": [parameter(explode=False)]},
        [(True, "query limit", "It is written differently (style, explode or content).")],
    ),
    ("parameter described", {"parameters": [parameter()]}, {"parameters": [parameter(description="How many")]}, [(False, "query limit", "")]),
    ("summary", {"summary": "Add"}, {"summary": "Create"}, [(False, "summary", "The summary changed.")]),
    ("deprecated", {}, {"deprecated": True}, [(False, "deprecated", "It is deprecated now.")]),
    ("operation id", {"operationId": "addUser"}, {"operationId": "createUser"}, [(False, "operationId", "addUser is called createUser now.")]),
    ("body added", {}, taking(USER), [(False, "body", "An optional body was added.")]),
    ("required body added", {}, {"requestBody": {**taking(USER)["requestBody"], "required": True}}, [(True, "body", "A required body was added.")]),
    ("body removed", taking(USER), {}, [(True, "body", "The body was removed.")]),
    ("body required", taking(USER), {"requestBody": {**taking(USER)["requestBody"], "required": True}}, [(True, "body", "It is required now.")]),
    (
        "media type of a body",
        {"requestBody": {"content": {"application/json": {}}}},
        {"requestBody": {"content": {"application/xml": {}}}},
        [(True, "body", "application/json is no longer accepted."), (False, "body", "application/xml is accepted now.")],
    ),
    ("media type with a charset", {"requestBody": {"content": {"text/csv": {}}}}, {"requestBody": {"content": {"text/CSV; charset=utf-8": {}}}}, []),
    (
        "success status removed",
        answering({}),
        {"responses": {"202": {"description": "ok"}}},
        [(True, "response 200", "The status was removed."), (False, "response 202", "A status was added.")],
    ),
    ("success status as a range", {"responses": {"200": {}}}, {"responses": {"2XX": {}}}, [(False, "response 2XX", "A status was added.")]),
    ("only a default left", {"responses": {"200": {}}}, {"responses": {"default": {}}}, [(False, "response default", "A status was added.")]),
    ("default named", {"responses": {"default": {}}}, {"responses": {"201": {}}}, [(False, "response 201", "A status was added.")]),
    ("default removed", {"responses": {"200": {}, "default": {}}}, {"responses": {"200": {}}}, [(False, "response default", "")]),
    ("only one removed", {"responses": {"default": {}}}, {"responses": {"404": {}}}, [(True, "response default", ""), (False, "response 404", "")]),
    ("error status removed", {"responses": {"404": {"description": "no"}}}, {"responses": {}}, [(False, "response 404", "The status was removed.")]),
    (
        "answers without a body",
        answering(USER),
        {"responses": {"200": {"description": "ok"}}},
        [(True, "response 200", "application/json is no longer returned.")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), [case[1:] for case in OPERATIONS], ids=[case[0] for case in OPERATIONS])
def test_a_change_of_an_operation_is_told_and_judged(before: Any, after: Any, expected: list[tuple[bool, str, str]]) -> None:
    found = told(compared(before, after))
    assert [one[:2] for one in found] == [one[:2] for one in expected]
    assert all(one[2].startswith(other[2]) for one, other in zip(found, expected, strict=True))


# what, before, after, breaking in a request, breaking in a response; None: nothing to tell
SCHEMAS: list[tuple[str, Any, Any, bool | None, bool | None]] = [
    ("nothing", USER, USER, None, None),
    ("optional field added", USER, user(properties={**USER["properties"], "city": TEXT}), False, False),
    ("required field added", USER, user(properties={**USER["properties"], "city": TEXT}, required=["name", "city"]), True, False),
    ("field removed", USER, user(properties={"name": TEXT}), True, True),
    ("field required", USER, user(required=["name", "age"]), True, False),
    ("field optional", USER, user(required=[]), False, True),
    ("type narrowed", {"type": "number"}, {"type": "integer"}, True, False),
    ("type widened", {"type": "integer"}, {"type": "number"}, False, True),
    ("another type", TEXT, {"type": "integer"}, True, True),
    ("null allowed", TEXT, {"type": ["string", "null"]}, False, True),
    ("null forbidden", {"anyOf": [TEXT, {"type": "null"}]}, TEXT, True, False),
    ("null written otherwise", {"anyOf": [TEXT, {"type": "null"}]}, {"type": ["null", "string"]}, None, None),
    ("type left out of an object", fields(a=TEXT), {"properties": {"a": TEXT}}, None, None),
    ("any to a type", {}, TEXT, True, False),
    ("a type to any", TEXT, {}, False, True),
    ("value removed", {"enum": ["a", "b"]}, {"enum": ["a"]}, True, False),
    ("value added", {"enum": ["a"]}, {"enum": ["a", "b"]}, False, True),
    ("values in another order", {"enum": ["a", "b"]}, {"enum": ["b", "a"]}, None, None),
    ("values set", TEXT, {"type": "string", "enum": ["a"]}, True, False),
    ("values freed", {"type": "string", "enum": ["a"]}, TEXT, False, True),
    ("one value", {"enum": ["a"]}, {"const": "a"}, None, None),
    ("limit lowered", {"type": "string", "maxLength": 9}, {"type": "string", "maxLength": 8}, True, False),
    ("limit raised", {"type": "string", "maxLength": 8}, {"type": "string", "maxLength": 9}, False, False),
    ("least raised", {"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 2}, True, False),
    ("pattern added", TEXT, {"type": "string", "pattern": "a"}, True, False),
    (
        "alternative described",
        {"oneOf": [{"type": "array", "items": TEXT, "example": "a"}, {"type": "array", "items": {"type": "integer"}}]},
        {"oneOf": [{"type": "array", "items": {"type": "integer"}, "description": "Numbers"}, {"type": "array", "items": TEXT}]},
        False,
        False,
    ),
    ("format added", TEXT, {"type": "string", "format": "date"}, False, False),
    ("format removed", {"type": "string", "format": "date"}, TEXT, False, True),
    ("format of a secret added", TEXT, {"type": "string", "format": "password"}, False, False),
    ("format of a secret removed", {"type": "string", "format": "password"}, TEXT, False, False),
    ("format after that of a secret", {"type": "string", "format": "password"}, {"type": "string", "format": "date"}, False, False),
    ("format changed", {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, True, True),
    ("width named", {"type": "integer"}, {"type": "integer", "format": "int64"}, False, False),
    ("width grown", {"type": "integer", "format": "int32"}, {"type": "integer", "format": "int64"}, False, True),
    ("description", TEXT, {"type": "string", "description": "A name"}, False, False),
    ("default", TEXT, {"type": "string", "default": "x"}, False, False),
    ("deprecated field", fields(a=TEXT), fields(a={"type": "string", "deprecated": True}), False, False),
    ("closed", fields(a=TEXT), {**fields(a=TEXT), "additionalProperties": False}, True, False),
    ("opened", {**fields(a=TEXT), "additionalProperties": False}, fields(a=TEXT), False, False),
    (
        "values of a map",
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": {"type": "integer"}},
        True,
        True,
    ),
    ("items", {"type": "array", "items": TEXT}, {"type": "array", "items": {"type": "integer"}}, True, True),
    ("moved into allOf", USER, {"allOf": [{"required": ["name"], "properties": {"name": TEXT}}, fields(age={"type": "integer"})]}, None, None),
    ("alternative removed", {"oneOf": [TEXT, {"type": "integer"}]}, {"oneOf": [TEXT]}, True, False),
    ("alternative added", {"oneOf": [TEXT, {"type": "integer"}]}, {"oneOf": [TEXT, {"type": "integer"}, {"type": "boolean"}]}, False, True),
    ("alternatives in another order", {"oneOf": [TEXT, {"type": "integer"}]}, {"oneOf": [{"type": "integer"}, TEXT]}, None, None),
    ("made a choice", TEXT, {"anyOf": [TEXT, {"type": "integer"}]}, False, True),
    ("choice given up", {"anyOf": [TEXT, {"type": "integer"}]}, TEXT, True, False),
    ("choice freed", {"anyOf": [TEXT, {"type": "integer"}]}, {}, False, True),
    ("condition added", fields(a=TEXT), {**fields(a=TEXT), "not": {"required": ["a"]}}, True, False),
    ("read only field removed", fields(a=TEXT, b={"type": "string", "readOnly": True}), fields(a=TEXT), None, True),
    ("read only field required", fields(b={"readOnly": True}), {**fields(b={"readOnly": True}), "required": ["b"]}, None, False),
    ("write only field removed", fields(a=TEXT, b={"type": "string", "writeOnly": True}), fields(a=TEXT), True, None),
    ("field made read only", fields(a=TEXT), fields(a={"type": "string", "readOnly": True}), True, None),
    ("nothing allowed", TEXT, False, True, False),
]


@pytest.mark.parametrize("direction", ["request", "response", "parameter"])
@pytest.mark.parametrize(("before", "after", "request_", "response"), [case[1:] for case in SCHEMAS], ids=[case[0] for case in SCHEMAS])
def test_a_change_of_a_schema_is_judged_by_who_writes_the_value(before: Any, after: Any, request_: Any, response: Any, direction: str) -> None:
    part = {"request": taking, "response": answering, "parameter": lambda schema: {"parameters": [{"name": "q", "in": "query", "schema": schema}]}}[
        direction
    ]
    found = compared(part(before), part(after))
    expected = response if direction == "response" else request_
    assert (found.changed[0].breaking if found.changed else None) == expected, told(found)


def test_a_change_names_its_place() -> None:
    before = answering({"type": "array", "items": fields(owner={"$ref": "#/components/schemas/Owner"})})
    old, new = ({"schemas": {"Owner": fields(address=fields(**{"a/b": kind}))}} for kind in (TEXT, {"type": "integer"}))
    diff = difference(compiled({"/users": {"get": before}}, components=old), compiled({"/users": {"get": before}}, components=new))
    assert told(diff) == [(True, "response 200/*/owner/address/a~1b", "The type changed from string to integer.")]


def test_operations_are_known_by_method_and_shape_of_the_path() -> None:
    before = compiled({"/users/{id}": {"get": {"parameters": [parameter("id", "path", required=True)]}, "delete": {}}, "/old": {"get": {}}})
    after = compiled({"/users/{userId}": {"get": {"parameters": [parameter("userId", "path", required=True)]}}, "/new": {"get": {}}})
    diff = difference(before, after)
    assert (diff.added, diff.removed, diff.breaking) == ((("GET", "/new"),), (("DELETE", "/users/{id}"), ("GET", "/old")), True)
    assert [(one.path, one.breaking) for one in diff.changed] == [("/users/{userId}", False)]
    assert ("path userId", "The placeholder 'id' is called 'userId' now.") in [one[1:] for one in told(diff)]


def test_twins_that_differ_in_a_placeholder_alone_are_matched_by_their_names_first() -> None:
    paths = {"/users/{id}": {"get": {"operationId": "byId"}}, "/users/{name}": {"get": {"operationId": "byName"}}}
    diff = difference(compiled(paths), compiled(dict(reversed(paths.items()))))
    assert (diff.added, diff.removed, told(diff)) == ((), (), [])


def test_ids_that_went_are_told_with_what_took_their_place() -> None:
    before = compiled({"/a": {"get": {"operationId": "listA"}, "post": {"operationId": "addA"}, "put": {"operationId": "putA"}}})
    after = compiled({"/a": {"get": {"operationId": "allA"}, "put": {"operationId": "putA"}}})
    assert difference(before, after).gone == {"listA": "allA", "addA": None}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"servers": [{"url": "https://a.test"}]}, {"servers": [{"url": "https://b.test"}]}, [(True, "servers")]),
        ({"servers": [{"url": "https://a.test"}]}, {"servers": [{"url": "https://a.test/"}, {"url": "https://b.test"}]}, [(False, "servers")]),
        ({"servers": [{"url": "https://{x}.test", "variables": {"x": {"default": "a"}}}]}, {"servers": [{"url": "https://a.test"}]}, []),
        ({}, {"security": [{"key": []}], "components": {"securitySchemes": {"key": KEY}}}, [(True, "security")]),
        ({"security": [{"key": []}]}, {"security": [{"key": []}, {}]}, [(False, "security")]),
        ({"security": [{"key": []}]}, {"security": [{"key": ["admin"]}]}, [(True, "security")]),
        ({"security": [{"key": ["admin", "users"]}]}, {"security": [{"key": ["users"]}]}, [(False, "security")]),
        (
            {"security": [{"key": []}], "components": {"securitySchemes": {"key": KEY}}},
            {"security": [{"other": []}], "components": {"securitySchemes": {"other": KEY}}},
            [],
        ),
        (
            {"security": [{"key": []}], "components": {"securitySchemes": {"key": KEY}}},
            {"security": [{"key": []}], "components": {"securitySchemes": {"key": {**KEY, "name": "X-Other"}}}},
            [(True, "security key")],
        ),
    ],
)
def test_servers_and_security_of_the_document_are_told_once(before: Any, after: Any, expected: list[tuple[bool, str]]) -> None:
    paths = {"/a": {"get": {}}, "/b": {"get": {}}}
    diff = difference(compiled(paths, **before), compiled(paths, **after))
    assert [(one.breaking, one.field) for one in diff.document] == expected
    assert diff.changed == ()
    assert diff.breaking == any(one[0] for one in expected)


@pytest.mark.parametrize(("own", "field"), [({"servers": [{"url": "https://b.test"}]}, "servers"), ({"security": [{"key": []}]}, "security")])
def test_servers_and_security_of_one_operation_are_told_there(own: Any, field: str) -> None:
    components = {"securitySchemes": {"key": KEY}}
    diff = difference(
        compiled({"/a": {"get": {}}, "/b": {"get": {}}}, components=components),
        compiled({"/a": {"get": own}, "/b": {"get": {}}}, components=components),
    )
    assert [(one.path, one.breaking, one.changes[0].field) for one in diff.changed] == [("/a", True, field)]


SIGNED = {"security": [{"key": []}]}
BEARER = {"type": "http", "scheme": "bearer"}


@pytest.mark.parametrize(
    ("place", "name", "scheme", "breaking"),
    [
        ("header", "x-key", KEY, False),
        ("header", "Authorization", BEARER, False),
        ("query", "access_token", BEARER, False),
        ("query", "X-Key", KEY, True),
        ("header", "X-Tenant", KEY, True),
        ("query", "access_token", {"type": "http", "scheme": "basic"}, True),
    ],
)
@pytest.mark.parametrize("where", ["document", "operation"])
def test_signing_in_may_take_the_place_of_a_parameter(place: str, name: str, scheme: Any, breaking: bool, where: str) -> None:
    components = {"securitySchemes": {"key": scheme}}
    given = {"parameters": [parameter(name, place, required=True)]}
    before, own = {"/a": {"get": given}, "/b": {"get": {**given, "security": []}}}, {} if where == "document" else SIGNED
    after = {"/a": {"get": own}, "/b": {"get": given if where == "operation" else {**given, "security": []}}}
    diff = difference(compiled(before, components=components), compiled(after, components=components, **({} if own else SIGNED)))
    changed = [one for one in diff.changed if one.path == "/a"]
    assert len(changed) == 1
    assert diff.breaking == breaking


def test_signing_in_takes_no_place_of_a_parameter_that_some_did_not_have_or_need_not_give() -> None:
    components = {"securitySchemes": {"key": KEY}}
    for other in ({}, {"parameters": [parameter("X-Key", "header")]}):
        before = {"/a": {"get": {"parameters": [parameter("X-Key", "header", required=True)]}}, "/b": {"get": other}}
        after = compiled({"/a": {"get": {}}, "/b": {"get": other}}, components=components, **SIGNED)
        diff = difference(compiled(before, components=components), after)
        assert [(one.breaking, one.field) for one in diff.document] == [(True, "security")]


def test_what_is_sent_in_several_forms_is_told_of_json_first() -> None:
    def of(kind: str) -> Any:
        media = {"schema": {"type": kind}}
        return {"requestBody": {"content": {"application/xml": media, "application/json; charset=utf-8": media}}}

    assert told(compared(of("string"), of("integer")))[0][1] == "body (application/json)"


def test_the_same_written_for_another_version_is_the_same() -> None:
    paths = {"/users": {"post": {**taking(user(properties={"name": {"type": "string", "nullable": True}})), **answering(USER)}}}
    after = {
        "/users": {
            "post": {
                **taking(
                    user(
                        properties={
                            "name": {"type": ["string", "null"]},
                        }
                    )
                ),
                **answering(USER),
            }
        }
    }
    diff = difference(compiled(paths, openapi="3.0.3"), compiled(after, openapi="3.1.0"))
    assert [one[:2] for one in told(diff)] == []


def test_a_schema_that_holds_itself_is_compared_once() -> None:
    def components(kind: str) -> dict[str, Any]:
        node = fields(
            value={"type": kind},
            parent={"$ref": "#/components/schemas/Node"},
            children={"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        )
        return {"schemas": {"Node": node, "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]}}}

    paths = {"/nodes": {"get": answering({"$ref": "#/components/schemas/Node"}), "put": taking({"$ref": "#/components/schemas/Loop"})}}
    diff = difference(compiled(paths, components=components("string")), compiled(paths, components=components("integer")))
    assert told(diff) == [(True, "response 200/value", "The type changed from string to integer.")]


def test_what_did_not_change_is_known_without_expanding_it() -> None:
    paths: dict[str, Any] = {f"/things{n}": {"get": answering({"$ref": f"#/components/schemas/T{n}"})} for n in range(3)}
    schemas = {f"T{n}": fields(a={"$ref": "#/components/schemas/Leaf"}) for n in range(2)} | {"T2": fields(a=TEXT), "Leaf": TEXT}
    before = compiled(paths, components={"schemas": schemas})
    after = compiled(paths, components={"schemas": {**schemas, "T2": fields(a={"type": "integer"})}})
    unchanged = Unchanged(before, after)
    assert [n for n in range(3) if not unchanged.operation(f"get_things{n}", f"get_things{n}")] == [2]
    assert unchanged.definitions == {"T0", "T1", "Leaf"}
    assert [one.path for one in difference(before, after).changed] == ["/things2"]


def test_a_reference_to_a_whole_section_is_compared_like_any_other() -> None:
    paths = {"/a": {"get": answering({"$ref": "#/components/schemas"})}, "/b": {"get": answering({"$ref": "#"})}}
    before, after = (compiled(paths, components={"schemas": {"A": schema}}) for schema in (TEXT, {"type": "integer"}))
    assert difference(before, after).breaking is False
    assert Unchanged(before, before).definitions
    assert not Unchanged(before, after).definitions


def test_at_most_so_many_changes_are_told_of_one_operation_the_breaking_first() -> None:
    many = {f"f{n:03}": TEXT for n in range(300)}
    diff = compared(taking(fields(z=TEXT)), taking(fields(**many)))
    assert len(diff.changed[0].changes) == MOST_CHANGES + 1
    assert diff.changed[0].changes[0].breaking
    assert diff.changed[0].changes[-1].message == "201 more changes are not listed."


def test_an_entangled_document_ends_at_its_limit() -> None:
    schemas = {
        f"S{n}": {
            "allOf": [
                fields(**{f"p{k}": {"$ref": f"#/components/schemas/S{(n * 7 + k) % 40}"} for k in range(20)}),
                {"$ref": f"#/components/schemas/S{n + 1}"},
            ]
        }
        for n in range(39)
    }
    schemas["S39"] = fields(p1={"$ref": "#/components/schemas/S0"})
    paths = {"/a": {"put": taking({"$ref": "#/components/schemas/S0"})}}
    before = compiled(paths, components={"schemas": schemas})
    after = compiled(paths, components={"schemas": {**schemas, "S39": fields(p1={"$ref": "#/components/schemas/S1"})}})
    (changed,) = difference(before, after, most=5_000).changed
    assert changed.breaking
    assert changed.changes[0].message.startswith("The documents are too entangled")


def test_the_json_has_its_shape() -> None:
    diff = difference(compiled({"/a": {"get": {}}, "/b": {"get": {}}}), compiled({"/b": {"get": {"summary": "B"}}, "/c": {"get": {}}}))
    change = {"breaking": False, "field": "summary", "message": "The summary changed."}
    assert diff.as_json() == {
        "added": [["GET", "/c"]],
        "removed": [["GET", "/a"]],
        "changed": [{"method": "GET", "path": "/b", "breaking": False, "changes": [change]}],
        "document": [],
        "breaking": True,
    }


SCHEMA_WORDS = (
    "$ref",
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "allOf",
    "oneOf",
    "anyOf",
    "items",
    "format",
    "minLength",
    "not",
    "nullable",
)
OTHER_WORDS = (
    "a",
    "schema",
    "content",
    "application/json",
    "200",
    "name",
    "in",
    "A",
    "additionalProperties",
    "readOnly",
    "prefixItems",
    "parameters",
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["string", "x", "#/components/schemas/A", "#", "null", "200"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from((*SCHEMA_WORDS, *OTHER_WORDS)),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(*[ODD] * 4)
def test_no_document_makes_it_fail(one: Any, two: Any, schema: Any, other: Any) -> None:
    def made(operation: Any, named: Any) -> Any:
        root = tree({"/a/{id}": {"post": operation}, "/b": {"put": {**taking(named), **answering({"$ref": "#/components/schemas/A"})}}})
        return compile_document(orjson.dumps({**root, "components": {"schemas": {"A": named}, "securitySchemes": operation}, "servers": operation}))

    try:
        before, after = made(one, schema), made(two, other)
    except DocumentRefused:
        return
    diff = difference(before, after)
    assert isinstance(diff.as_json()["breaking"], bool)
    assert difference(before, made(one, schema)) == Diff()


@pytest.mark.parametrize("name", ["github.json", "stripe.json", "petstore3.yaml"])
def test_a_published_document_does_not_differ_from_itself_and_does_from_one_with_less(name: str) -> None:
    if not any(name in str(one) for one in published()):
        pytest.skip("the published documents are not here")
    (path,) = (EVAL / "specs" / "real").glob(f"{name}*")
    document = compile_document(path.read_bytes())
    again = compile_document(orjson.dumps(document.tree.plain()))
    began = time.process_time()
    assert difference(document, again).as_json() == Diff().as_json()
    assert time.process_time() - began < 10
