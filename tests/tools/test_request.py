"""Arguments become a request that is exactly its template, whatever the values are."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specs.model import Operation, Server, ServerVariable
from tests.tools.product import operation
from tools.request import Held, Request, Target, Unbuildable, address_problem, build, honours_key, idempotency_header, target_of
from tools.schema import definition
from tools.settings import DocumentSettings

BASE = "https://api.example.test/v1"
TARGET = Target(BASE, {})
STRING = {"type": "string"}


def parameter(name: str, place: str, schema: object = None, **more: object) -> dict:
    return {"name": name, "in": place, "required": place == "path", "schema": schema or STRING, **more}


def one(path: str, *parameters: dict, method: str = "get", **more: object) -> Operation:
    return operation({path: {method: {"parameters": list(parameters), **more}}})


def built(found: Operation, arguments: dict, target: Target = TARGET, **secrets: str) -> Request:
    request = build(found, definition(found, DocumentSettings()), arguments, target, Held(secrets))
    assert isinstance(request, Request), request
    return request


def refused(found: Operation, arguments: dict, target: Target = TARGET) -> Unbuildable:
    request = build(found, definition(found, DocumentSettings()), arguments, target)
    assert isinstance(request, Unbuildable), request
    return request


USER = one("/users/{id}/keys/{key}.json", parameter("id", "path"), parameter("key", "path"), parameter("q", "query"), parameter("X-Note", "header"))
ADJACENT = one("/a/{x}{y}/b", parameter("x", "path"), parameter("y", "path"))
ANY = (
    st.text(max_size=20)
    | st.text(alphabet="./\\%?#&=;:@ \r\n\t\0{}2eEfF5cC", max_size=12)
    | st.sampled_from(
        ["..", ".", "%2e%2e", "%2e", "../..", "..%2f", "a/../b", "/", "//", "http://evil.test/", "@evil.test", "x?y=1", "x#y", "\u2025", "．．", ""]
    )
)


@settings(max_examples=5_000, deadline=None)
@given(ANY, ANY, ANY, ANY)
def test_no_value_leaves_its_place(identifier: str, key: str, query: str, note: str) -> None:
    arguments = {"id": identifier, "key": key, "q": query, "X-Note": note}
    request = build(USER, definition(USER, DocumentSettings()), arguments, TARGET)
    if isinstance(request, Unbuildable):
        return
    parts = urlsplit(request.url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "api.example.test", "")
    segments = parts.path.split("/")
    assert [segments[n] for n in (0, 1, 2, 4)] == ["", "v1", "users", "keys"]
    assert len(segments) == 6
    assert (unquote(segments[3]), unquote(segments[5])) == (identifier, f"{key}.json")
    assert segments[3] not in {".", ".."}
    assert parse_qsl(parts.query, keep_blank_values=True) == [("q", query)]
    for name, value in request.headers:
        assert not set(name + value) & set("\r\n\0")
    assert request.method == "GET"


@settings(max_examples=1_000, deadline=None)
@given(ANY, ANY)
def test_two_values_of_one_segment_cannot_make_it_a_dot_segment(x: str, y: str) -> None:
    request = build(ADJACENT, definition(ADJACENT, DocumentSettings()), {"x": x, "y": y}, TARGET)
    if isinstance(request, Request):
        segments = urlsplit(request.url).path.split("/")
        assert len(segments) == 5
        assert segments[3] not in {".", ".."}


@settings(max_examples=1_000, deadline=None)
@given(st.dictionaries(st.sampled_from(["name", "tags", "n"]), st.recursive(ANY | st.integers() | st.floats() | st.none(), st.lists, max_leaves=5)))
def test_a_body_is_what_was_given_or_is_refused(values: dict) -> None:
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"name": {}, "tags": {}, "n": {}}}}}}
    found = one("/x", method="post", requestBody=body)
    request = build(found, definition(found, DocumentSettings()), values, TARGET)
    if isinstance(request, Request) and values:
        assert request.body is not None
        assert json.loads(request.body) == {name: values[name] for name in values}


@pytest.mark.parametrize("value", ["..", ".", "", "a\nb", "a\0b", "\ud800", None])
def test_a_path_value_that_would_reach_elsewhere_is_refused(value: object) -> None:
    found = one("/users/{id}", parameter("id", "path"))
    assert refused(found, {"id": value})
    assert refused(found, {})


@pytest.mark.parametrize("value", ["a\r\nX: 1", "a\nb", "a\0b", "\x7f", "한국어"])
def test_a_header_value_with_a_line_break_or_beyond_latin_1_is_refused(value: str) -> None:
    assert refused(one("/x", parameter("X-Note", "header")), {"X-Note": value}).field == "X-Note"


@pytest.mark.parametrize(
    ("schema", "explode", "value", "query"),
    [
        (STRING, True, "a b&c=d", "q=a%20b%26c%3Dd"),
        ({"type": "integer"}, True, 5, "q=5"),
        ({"type": "boolean"}, True, True, "q=true"),
        ({"type": "number"}, True, 1.5, "q=1.5"),
        ({"type": "array", "items": STRING}, True, ["a", "b,c"], "q=a&q=b%2Cc"),
        ({"type": "array", "items": STRING}, False, ["a", "b,c"], "q=a,b%2Cc"),
        ({"type": "object"}, True, {"a": 1, "b": "x&y"}, "a=1&b=x%26y"),
        ({"type": "object"}, False, {"a": 1, "b": "x"}, "q=a,1,b,x"),
        ({"type": "array", "items": STRING}, True, [], ""),
    ],
)
def test_query_values_are_written_in_style_form(schema: dict, explode: bool, value: object, query: str) -> None:
    assert urlsplit(built(one("/x", parameter("q", "query", schema, explode=explode)), {"q": value}).url).query == query


@pytest.mark.parametrize(
    ("schema", "explode", "value", "segment"),
    [
        ({"type": "array", "items": STRING}, False, ["a", "b/c"], "a,b%2Fc"),
        ({"type": "object"}, False, {"r": 1, "g": 2}, "r,1,g,2"),
        ({"type": "object"}, True, {"r": 1, "g": 2}, "r=1,g=2"),
        ({"type": "integer"}, False, 7, "7"),
    ],
)
def test_path_values_are_written_in_style_simple(schema: dict, explode: bool, value: object, segment: str) -> None:
    assert built(one("/x/{v}", parameter("v", "path", schema, explode=explode)), {"v": value}).url == f"{BASE}/x/{segment}"


def test_a_query_behind_a_path_is_sent_as_it_stands() -> None:
    found = one("/search?beta=true&q={q}", parameter("q", "path"), parameter("n", "query"))
    assert built(found, {"q": "a&b=../#", "n": "1"}).url == f"{BASE}/search?beta=true&q=a%26b%3D..%2F%23&n=1"
    assert built(found, {"q": "x"}).url == f"{BASE}/search?beta=true&q=x"


def test_an_object_where_a_single_value_belongs_is_refused_with_its_field() -> None:
    assert refused(one("/x", parameter("q", "query", {"type": "array"})), {"q": [{"a": 1}]}).field == "q"


def test_a_handle_is_masked_in_a_preview_and_put_in_when_sent() -> None:
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"password": STRING, "in": {"type": "object"}}}}}}
    found = one("/x", parameter("X-Secret", "header"), parameter("token", "query"), method="post", requestBody=body)
    arguments = {"password": "secret:abc-1", "in": {"password": "secret:abc-1"}, "X-Secret": "secret:abc-1", "token": "secret:abc-1"}
    preview = built(found, arguments)
    assert json.loads(preview.body or b"") == {"password": "••••••••", "in": {"password": "••••••••"}}
    assert preview.url == f"{BASE}/x?token=••••••••"
    assert dict(preview.headers)["X-Secret"] == "••••••••"
    sent = built(found, arguments, **{"secret:abc-1": "p&w"})
    assert json.loads(sent.body or b"") == {"password": "p&w", "in": {"password": "p&w"}}
    assert sent.url == f"{BASE}/x?token=p%26w"


def test_a_secret_that_looks_like_a_mask_is_sent_as_it_is() -> None:
    found = one("/x", parameter("token", "query"), parameter("other", "query"))
    arguments = {"token": "secret:a", "other": "secret:b"}
    assert built(found, arguments, **{"secret:a": "masked", "secret:b": "x"}).url == f"{BASE}/x?token=masked&other=x"
    assert built(found, arguments, **{"secret:a": "masked"}).url == f"{BASE}/x?token=masked&other=••••••••"


def test_a_secret_is_masked_in_every_kind_of_body() -> None:
    schema = {"schema": {"type": "object", "properties": {"password": STRING}}}
    for media_type in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"):
        found = one("/x", method="post", requestBody={"content": {media_type: schema}})
        preview = (built(found, {"password": "secret:a"}).body or b"").decode()
        assert "••••••••" in preview
        assert "masked" not in preview.replace("••••••••", "")
        assert b"p-w" in (built(found, {"password": "secret:a"}, **{"secret:a": "p-w"}).body or b"")


PIN = {"pin": {"type": "integer"}, "codes": {"type": "array", "items": {"$ref": "#/components/schemas/Code"}}, "on": {"type": ["boolean", "null"]}}


@pytest.mark.parametrize(
    ("arguments", "typed", "sent"),
    [
        ({"pin": "secret:a"}, "1234", {"pin": 1234}),
        ({"pin": "secret:a"}, "0123", {"pin": "0123"}),  # as a number it would be another one
        ({"codes": ["secret:a"]}, "2.5", {"codes": [2.5]}),
        ({"codes": "secret:a"}, "[1,2]", {"codes": [1, 2]}),
        ({"on": "secret:a"}, "true", {"on": True}),
        ({"password": "secret:a"}, "1234", {"password": "1234"}),
        ({"any": "secret:a"}, "1234", {"any": "1234"}),
    ],
)
def test_a_hidden_value_is_sent_in_the_type_of_its_place(arguments: dict, typed: str, sent: dict) -> None:
    schema = {"type": "object", "properties": {**PIN, "password": STRING, "any": {}}}
    code = {"components": {"schemas": {"Code": {"type": "number"}}}}
    found = operation({"/x": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}}, **code)
    assert json.loads(built(found, arguments, **{"secret:a": typed}).body or b"") == sent


@pytest.mark.parametrize(
    "base",
    [
        *("https://u:p@a.test", "https://a.test/?x=1", "https://a.test/#x", "https://a.test/../b", "ftp://a.test", "https://a.test\\b"),
        *("https://a.test/ b", "https://a.test:99999", "https://{missing}.test", "javascript:alert(1)", "https://a.te\rst", "https://[::1"),
    ],
)
def test_a_base_url_with_more_than_an_address_is_refused(base: str) -> None:
    assert refused(one("/x", parameter("q", "query")), {}, Target(base, {}))
    assert address_problem(Target(base, {}))


def test_server_variables_come_from_settings_then_from_the_document() -> None:
    server = Server("https://{region}.a.test/{version}", {"region": ServerVariable("eu"), "version": ServerVariable("v1")})
    found = replace(one("/x", parameter("q", "query")), servers=())
    target = target_of(found, (server,), DocumentSettings(server_variables={"version": "v2"}))
    assert built(found, {}, target).url == "https://eu.a.test/v2/x"
    assert target_of(found, (server,), DocumentSettings(base_url="https://b.test"), "https://c.test").base_url == "https://c.test"
    assert refused(found, {}, target_of(found, (server,), DocumentSettings(server_variables={"region": "evil.test/?"})))


@pytest.mark.parametrize("name", ["Idempotency-Key", "idempotency-key", "X-Idempotency-Key", "IDEMPOTENCY_KEY"])
def test_the_idempotency_header_is_the_one_the_document_declares(name: str) -> None:
    found = one("/x", parameter(name, "header"), method="post")
    assert idempotency_header(found) == name
    assert dict(built(found, {}, Target(BASE, {}, "k1")).headers)[name] == "k1"
    assert honours_key(found, DocumentSettings())
    assert not honours_key(found, DocumentSettings(honours_idempotency_key=False))
    plain = one("/x", parameter("X-Request-Id", "header"), method="post")
    assert idempotency_header(plain) is None
    assert not honours_key(plain, DocumentSettings())
    assert honours_key(plain, DocumentSettings(honours_idempotency_key=True))


def test_what_is_not_given_is_not_sent() -> None:
    found = one("/x", parameter("q", "query"), parameter("X-Note", "header"))
    assert built(found, {"unknown": "x"}) == Request("GET", f"{BASE}/x", (("Accept", "application/json, */*;q=0.5"),), None)


@pytest.mark.parametrize(
    ("declared", "sent"),
    [("application/json", "application/json"), ("application/vnd.api+json", "application/vnd.api+json"), ("*/*", "application/json")],
)
def test_a_json_body_is_named_as_declared(declared: str, sent: str) -> None:
    body = {"required": True, "content": {declared: {"schema": {"type": "array", "items": STRING}}}}
    request = built(one("/x", method="put", requestBody=body), {"body": ["a", "ü"]})
    assert (request.body, dict(request.headers)["Content-Type"]) == ('["a","ü"]'.encode(), sent)
