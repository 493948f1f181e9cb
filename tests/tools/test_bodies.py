"""A body in the media type that its arguments need."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.specs.documents import compiled, only
from tests.tools.calls import STRING, STRINGS, TARGET, body, built, media_type, properties, refused
from tests.tools.product import operation
from tools.arguments import check
from tools.files import File, handle_of
from tools.request import Held, Request, build
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

JSON, FORM, MULTIPART, XML = "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"
BINARY, BYTES = {"type": "string", "format": "binary"}, {"type": "string", "format": "byte"}
OBJECT: dict[str, Any] = {"type": "object"}
PHOTO = File("me.png", "image/png", b"\x89PNG\0masked")
HANDLE = handle_of(PHOTO)
FILES = {HANDLE: PHOTO}


def tool(content: dict[str, Any], **more: Any) -> ToolDefinition:
    return definition(body(content, **more), DocumentSettings())


@pytest.mark.parametrize(
    ("declared", "chosen"),
    [
        ([XML, MULTIPART, FORM, JSON], JSON), ([XML, MULTIPART, FORM], FORM), ([XML, MULTIPART], MULTIPART), ([XML], XML),
        ([FORM, "application/vnd.api+json"], "application/vnd.api+json"), (["application/merge-patch+json", JSON], JSON),
        (["application/merge-patch+json", "application/vnd.a+json"], "application/vnd.a+json"),
        (["application/merge-patch+json"], "application/merge-patch+json"),
        (["application/*+json"], JSON), (["*/*"], JSON), (["application/yaml"], "application/yaml"), (["application/yaml", XML], XML),
        (["application/json; charset=utf-8"], "application/json; charset=utf-8"), (["application/json; a=\r\nX: 1"], JSON),
    ],
)  # fmt: skip
def test_the_preferred_of_the_declared_types_is_taken(declared: list[str], chosen: str) -> None:
    request = built(body(dict.fromkeys(declared, properties(name=STRING)), method="patch"), {"name": "x"})
    assert media_type(request).partition("; boundary")[0] == chosen


TWO = {JSON: properties(name=STRING, since=STRING), MULTIPART: properties(name=STRING, photo=BINARY)}


def test_the_type_is_the_one_that_carries_all_arguments() -> None:
    found = body(TWO)
    assert built(found, {"name": "x"}).body == b'{"name":"x"}'
    assert media_type(built(found, {"name": "x", "photo": HANDLE}, FILES)).startswith(MULTIPART)
    assert media_type(built(found, {"name": "x", "photo": "as text"})).startswith(MULTIPART)
    assert refused(found, {"since": "1", "photo": "x"}).field in {"since", "photo"}


def test_what_cannot_be_sent_together_is_a_problem() -> None:
    problems = check(tool(TWO), {"since": "1", "photo": "x"}).problems
    assert [each.code for each in problems] == ["not_together"]
    assert problems[0].message == "photo cannot be sent together with the others: application/json has no place for it."


def test_the_type_is_one_whose_required_arguments_are_there() -> None:
    strict = {"schema": {"type": "object", "required": ["name", "mail"], "properties": {"name": STRING, "mail": STRING}}}
    found = body({JSON: strict, FORM: properties(name=STRING)})
    assert media_type(built(found, {"name": "x"})) == FORM
    assert media_type(built(found, {"name": "x", "mail": "y"})) == JSON
    assert check(definition(found, DocumentSettings()), {"name": "x"}).problems == ()


def test_a_property_stands_once_and_is_required_only_where_each_type_requires_it() -> None:
    strict = {"schema": {"type": "object", "required": ["a", "b"], "properties": {"a": STRING, "b": STRING}}}
    loose = {"schema": {"type": "object", "required": ["a"], "properties": {"a": STRING, "b": STRING, "c": BINARY}}}
    made = tool({JSON: strict, MULTIPART: loose})
    assert [(each.name, each.required, each.file) for each in made.fields] == [("a", True, False), ("b", False, False), ("c", False, True)]
    assert "file:" in made.parameters["properties"]["c"]["description"]


def test_a_whole_body_stands_beside_the_parts_of_another_type() -> None:
    found = body({JSON: properties(body=STRING), "text/plain": {"schema": STRING}})
    made = definition(found, DocumentSettings())
    assert [(each.name, each.wire) for each in made.fields] == [("body", "body"), ("body_body", "")]
    assert built(found, {"body": "x"}).body == b'{"body":"x"}'
    assert built(found, {"body_body": "x"}).body == b"x"


def test_a_patch_is_a_list_of_changes_or_the_change_itself() -> None:
    found = body({f"application/{name}+json": {"schema": {}} for name in ("json-patch", "merge-patch")}, method="patch")
    assert media_type(built(found, {"body": [{"op": "remove", "path": "/a"}]})) == "application/json-patch+json"
    assert media_type(built(found, {"body": {"a": None}})) == "application/merge-patch+json"


def test_null_takes_a_member_away_in_a_merge_patch_and_is_left_out_elsewhere() -> None:
    schema = properties(name=STRING, in_={"type": "object", "properties": {"a": STRING}})
    given_ = {"name": None, "in_": {"a": None}}
    merge = check(tool({"application/merge-patch+json": schema}, method="patch"), given_)
    assert (merge.arguments, merge.problems, merge.repairs) == (given_, (), ())
    assert check(tool({JSON: schema}), given_).arguments == {"in_": {}}


@pytest.mark.parametrize(
    ("schema", "arguments", "sent"),
    [
        (properties(a=STRING, b={}), {"a": "ü \n", "b": [1, None, {"c": 1.5}]}, '{"a":"ü \\n","b":[1,null,{"c":1.5}]}'),
        (properties(a={"type": ["string", "null"]}), {"a": None}, '{"a":null}'),
        (properties(a=STRING), {}, "{}"),
        (properties(a=BYTES), {"a": HANDLE}, '{"a":"iVBORwBtYXNrZWQ="}'),
        (properties(a={"type": "string", "contentEncoding": "base64"}), {"a": HANDLE}, '{"a":"iVBORwBtYXNrZWQ="}'),
        (properties(a={"type": "array", "items": BYTES}), {"a": [HANDLE]}, '{"a":["iVBORwBtYXNrZWQ="]}'),
        ({"schema": STRINGS}, {"body": ["a"]}, '["a"]'),
        ({"schema": {"type": "boolean"}}, {"body": False}, "false"),
    ],
)
def test_json_is_written_without_spaces_and_without_escapes(schema: dict, arguments: dict, sent: str) -> None:
    request = built(body({JSON: schema}), arguments, FILES)
    assert (media_type(request), (request.body or b"").decode()) == (JSON, sent)


def test_an_optional_body_of_nothing_is_none() -> None:
    for method in ("get", "delete", "post"):
        request = built(body({JSON: properties(a=STRING)}, method=method, required=False), {})
        assert (request.body, media_type(request)) == (None, "")
    assert built(body({FORM: properties(a=STRING)}), {}).body is None


@pytest.mark.parametrize(
    "content", [{JSON: properties(a=STRING, o=OBJECT)}, {FORM: properties(a=STRING, o=OBJECT)}, {XML: properties(a=STRING, o=OBJECT)}]
)
@pytest.mark.parametrize("arguments", [{"a": HANDLE}, {"o": {"x": HANDLE}}])
def test_a_file_is_refused_where_only_text_can_be(content: dict, arguments: dict) -> None:
    assert refused(body(content), arguments, FILES).field == next(iter(arguments))


def test_a_file_inside_of_an_object_of_a_form_is_refused() -> None:
    assert refused(body({MULTIPART: properties(o=OBJECT)}), {"o": {"x": HANDLE}}, FILES)


def test_what_only_answers_have_is_left_out_and_what_only_requests_have_is_kept() -> None:
    read, write = {"type": "integer", "readOnly": True}, {"type": "string", "writeOnly": True}
    inner = {"type": "object", "required": ["id"], "properties": {"id": read, "name": STRING, "code": write}}
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}}
    schema = properties(id=read, name=STRING, code=write, owner={"$ref": "#/components/schemas/Inner"}, all=listed)
    found = body({JSON: schema}, components={"schemas": {"Inner": inner}})
    given_ = {"id": 1, "name": "x", "code": "y", "owner": {"id": 2, "name": "z"}, "all": [{"id": 3, "code": "w"}]}
    kept = {"name": "x", "code": "y", "owner": {"name": "z"}, "all": [{"code": "w"}]}
    assert json.loads(built(found, given_).body or b"") == kept
    checked = check(definition(found, DocumentSettings()), given_)
    assert (checked.arguments, checked.problems) == (kept, ())
    assert {each.partition(":")[0] for each in checked.repairs} == {"/id", "/owner/id", "/all/0/id"}


CAT = {"type": "object", "required": ["kind"], "properties": {"kind": STRING, "meow": STRING}}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": STRING, "bark": STRING}}
PETS = {"schemas": {"Cat": CAT, "Dog": DOG, "Fox": {"type": "object", "properties": {"kind": {"const": "fox"}, "tail": STRING}}}}
EITHER = {
    "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in PETS["schemas"]],
    "discriminator": {"propertyName": "kind", "mapping": {"dog": "#/components/schemas/Dog"}},
}


@pytest.mark.parametrize(("given_", "kind"), [({"bark": "w"}, "dog"), ({"meow": "m"}, "Cat"), ({"tail": "long"}, "fox")])
def test_a_discriminator_is_set_where_the_others_leave_one_branch(given_: dict, kind: str) -> None:
    whole, inner = body({JSON: {"schema": EITHER}}, components=PETS), body({JSON: properties(pet=EITHER)}, components=PETS)
    assert json.loads(built(whole, given_).body or b"") == {**given_, "kind": kind}
    assert json.loads(built(inner, {"pet": given_}).body or b"") == {"pet": {**given_, "kind": kind}}
    for found, arguments, expected in ((whole, given_, {**given_, "kind": kind}), (inner, {"pet": given_}, {"pet": {**given_, "kind": kind}})):
        checked = check(definition(found, DocumentSettings()), arguments)
        assert (checked.arguments, checked.problems, len(checked.repairs)) == (expected, (), 1)


@pytest.mark.parametrize("given_", [{}, {"bark": "w", "meow": "m"}, {"kind": "Cat", "bark": "w"}])
def test_a_discriminator_is_not_guessed(given_: dict) -> None:
    request = built(body({JSON: {"schema": EITHER}}, components=PETS), given_)
    assert json.loads(request.body or b"") == given_


@pytest.mark.parametrize(
    ("schema", "encoding", "value", "sent"),
    [
        (STRING, None, "x y~*é&=", "a=x+y%7E*%C3%A9%26%3D"),
        (STRING, None, "", "a="),
        (STRINGS, None, ["1", "2"], "a=1&a=2"),
        (STRINGS, {"explode": False}, ["1", "2"], "a=1,2"),
        (STRINGS, {"style": "pipeDelimited", "explode": False}, ["1", "2"], "a=1%7C2"),
        (STRINGS, {"style": "spaceDelimited", "explode": False}, ["1", "2"], "a=1+2"),
        (OBJECT, None, {"x": "1 é"}, "a=%7B%22x%22%3A%221+%C3%A9%22%7D"),
        (OBJECT, {"style": "deepObject"}, {"x": {"y": 1}}, "a%5Bx%5D%5By%5D=1"),
        (OBJECT, {"style": "form"}, {"x": 1}, "x=1"),
        (STRINGS, {"contentType": "application/json"}, ["1"], "a=%5B%221%22%5D"),
        ({"type": "array", "items": OBJECT}, None, [{"x": 1}], "a=%7B%22x%22%3A1%7D"),
        (STRING, {"allowReserved": True}, "a/b?c&d", "a=a/b?c%26d"),
        (STRINGS, None, [], ""),
        (BYTES, None, HANDLE, "a=iVBORwBtYXNrZWQ%3D"),
        ({}, None, None, ""),
        ({}, None, False, "a=false"),
    ],
)
def test_a_form_is_written_by_its_encoding(schema: dict, encoding: dict | None, value: object, sent: str) -> None:
    content = {FORM: {**properties(a=schema), **({"encoding": {"a": encoding}} if encoding else {})}}
    request = built(body(content), {"a": value}, FILES)
    assert (media_type(request), (request.body or b"").decode()) == (FORM, sent)


def test_a_form_of_any_members_is_one_argument() -> None:
    assert built(body({FORM: {"schema": {"type": "object", "additionalProperties": STRING}}}), {"body": {"x": "1", "y": "2"}}).body == b"x=1&y=2"
    assert refused(body({FORM: {"schema": {}}}), {"body": [1]}).field == "body"


@settings(max_examples=500, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.text(), min_size=1, max_size=3), min_size=1
    )
)
def test_a_form_is_read_back(values: dict) -> None:
    request = build(FORMED, definition(FORMED, DocumentSettings()), values, TARGET)
    pairs = [(name, text) for name in "abc" if name in values for text in (values[name] if isinstance(values[name], list) else [values[name]])]
    assert isinstance(request, Request)
    assert parse_qsl((request.body or b"").decode(), keep_blank_values=True, strict_parsing=True) == pairs


FORMED = body({FORM: properties(a={}, b={}, c={})})


@pytest.mark.parametrize(
    ("declared", "schema", "value", "sent", "kind"),
    [
        ("text/plain", STRING, "plain", b"plain", "text/plain"),
        ("text/plain", STRING, "ü", "ü".encode(), "text/plain; charset=utf-8"),
        ("text/plain; charset=latin1", STRING, "ü", "ü".encode(), "text/plain; charset=utf-8"),
        ("text/*", STRING, "x", b"x", "text/plain"),
        ("text/plain", {"type": "integer"}, 5, b"5", "text/plain"),
        ("text/csv", STRINGS, "a,b", b"a,b", "text/csv"),
        ("application/octet-stream", BINARY, HANDLE, PHOTO.body, "application/octet-stream"),
        ("application/octet-stream", BINARY, "tëxt", "tëxt".encode(), "application/octet-stream"),
        ("application/octet-stream", {}, HANDLE, PHOTO.body, "application/octet-stream"),
        ("image/*", BINARY, HANDLE, PHOTO.body, "image/png"),
        ("application/pdf", STRING, HANDLE, PHOTO.body, "application/pdf"),
        ("text/plain", STRING, HANDLE, PHOTO.body.decode("utf-8", "replace").encode(), "text/plain; charset=utf-8"),
    ],
)
def test_a_text_or_a_file_is_the_whole_body(declared: str, schema: dict, value: object, sent: bytes, kind: str) -> None:
    request = built(body({declared: {"schema": schema}}), {"body": value}, FILES)
    assert (request.body, media_type(request)) == (sent, kind)


def test_a_file_that_is_not_held_stands_there_as_its_handle() -> None:
    assert built(body({"application/octet-stream": {}}), {"body": HANDLE}).body == HANDLE.encode()
    assert HANDLE.encode() in (built(body(TWO), {"photo": HANDLE}).body or b"")


@pytest.mark.parametrize(
    ("arguments", "known", "code"),
    [
        ({"photo": HANDLE}, True, None), ({"photo": HANDLE}, False, "file_unknown"), ({"photo": "some text"}, False, None),
        ({"name": HANDLE}, True, "file_misplaced"), ({"name": "file:abc"}, False, None),
    ],
)  # fmt: skip
def test_a_files_handle_fits_a_field_for_files_and_must_be_known(arguments: dict, known: bool, code: str | None) -> None:
    found = check(tool(TWO), arguments, frozenset({HANDLE} if known else ()))
    assert [each.code for each in found.problems] == ([code] if code else [])


def test_a_handle_fits_a_short_field_for_files_of_a_list() -> None:
    made = tool({MULTIPART: properties(all={"type": "array", "items": {**BINARY, "maxLength": 3}})})
    assert check(made, {"all": [HANDLE]}, frozenset({HANDLE})).problems == ()
    assert check(made, {"all": ["long"]}).problems


@pytest.mark.parametrize(
    ("declared", "accept"),
    [
        ([], "application/json, */*;q=0.5"), (["text/csv"], "text/csv, */*;q=0.5"), (["*/*"], "application/json, */*;q=0.5"),
        (["text/csv", "application/hal+json", JSON], "application/hal+json, application/json, text/csv, */*;q=0.5"),
        (["a\r\nX: 1", "text/csv"], "text/csv, */*;q=0.5"),
    ],
)  # fmt: skip
def test_what_a_success_is_declared_to_be_is_accepted_json_first(declared: list[str], accept: str) -> None:
    responses = {"200": {"description": "", "content": {name: {} for name in declared}}, "400": {"description": "", "content": {"text/html": {}}}}
    assert dict(built(operation({"/x": {"get": {"responses": responses}}}), {}).headers)["Accept"] == accept


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(HANDLE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
MANY = body({
    JSON: properties(name={}, tags=STRINGS, inner={"type": "object", "properties": {"id": {"readOnly": True}}}),
    FORM: properties(name={}, tags=STRINGS, note=STRING), MULTIPART: properties(name={}, photo=BINARY, all={"type": "array", "items": BINARY}),
    "text/plain": {"schema": STRING}, "image/*": {"schema": BINARY},
})  # fmt: skip


@settings(max_examples=1_000, deadline=None)
@example({"name": [[HANDLE]]})
@given(st.dictionaries(st.sampled_from([*definition(MANY, DocumentSettings()).by_name, "id", "x"]), VALUES, max_size=4))
def test_what_passes_the_check_can_be_built(arguments: dict) -> None:
    made = definition(MANY, DocumentSettings())
    checked = check(made, arguments, frozenset(FILES))
    if not checked.problems:
        assert isinstance(build(MANY, made, checked.arguments, TARGET, Held(files=FILES)), Request)
        assert isinstance(build(MANY, made, checked.arguments, TARGET), Request)
        again = check(made, checked.arguments, frozenset(FILES))
        assert (again.arguments, again.problems) == (checked.arguments, ())


def test_a_query_has_a_body() -> None:
    found = only(compiled({"/a": {"query": {"requestBody": {"content": {JSON: properties(name=STRING)}}}}}, openapi="3.2.0"))
    request = built(found, {"name": "x"})
    assert (request.method, request.body, found.safe) == ("QUERY", b'{"name":"x"}', True)
