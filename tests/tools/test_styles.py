"""A value in every style, read back by decoders that know nothing of how it was written."""

from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from specs.model import Operation
from tests.tools.calls import BASE, TARGET, built, parameter, refused
from tools.request import Request, build
from tools.schema import definition
from tools.settings import DocumentSettings
from tools.styles import Refused, number, scalar

LIST, OBJECT = ["blue", "bl,ack"], {"R": 100, "G": 2.5}


@pytest.mark.parametrize(
    ("style", "explode", "value", "segment"),
    [
        ("simple", False, "a/b", "a%2Fb"), ("simple", False, LIST, "blue,bl%2Cack"), ("simple", True, LIST, "blue,bl%2Cack"),
        ("simple", False, OBJECT, "R,100,G,2.5"), ("simple", True, OBJECT, "R=100,G=2.5"),
        ("label", False, "a.b", ".a.b"), ("label", False, LIST, ".blue,bl%2Cack"), ("label", True, LIST, ".blue.bl%2Cack"),
        ("label", False, OBJECT, ".R,100,G,2.5"), ("label", True, OBJECT, ".R=100.G=2.5"),
        ("matrix", False, True, ";a=true"), ("matrix", False, LIST, ";a=blue,bl%2Cack"), ("matrix", True, LIST, ";a=blue;a=bl%2Cack"),
        ("matrix", False, OBJECT, ";a=R,100,G,2.5"), ("matrix", True, OBJECT, ";R=100;G=2.5"),
        ("simple", False, ["a", None, "b"], "a,b"), ("matrix", True, {"x": None, "y": 0}, ";y=0"),
    ],
)  # fmt: skip
def test_a_path_value_is_written_in_its_style(style: str, explode: bool, value: object, segment: str) -> None:
    assert built(parameter("path", style=style, explode=explode), {"a": value}).url == f"{BASE}/x/{segment}/y"


@pytest.mark.parametrize(
    ("style", "explode", "value", "query"),
    [
        ("form", True, LIST, "a=blue&a=bl%2Cack"), ("form", False, LIST, "a=blue,bl%2Cack"), ("form", False, OBJECT, "a=R,100,G,2.5"),
        ("form", True, OBJECT, "R=100&G=2.5"),
        ("spaceDelimited", False, LIST, "a=blue%20bl%2Cack"), ("spaceDelimited", False, OBJECT, "a=R%20100%20G%202.5"),
        ("spaceDelimited", True, LIST, "a=blue&a=bl%2Cack"), ("spaceDelimited", True, OBJECT, "R=100&G=2.5"),
        ("pipeDelimited", False, LIST, "a=blue%7Cbl%2Cack"), ("pipeDelimited", False, OBJECT, "a=R%7C100%7CG%7C2.5"),
        ("pipeDelimited", True, LIST, "a=blue&a=bl%2Cack"), ("pipeDelimited", False, 5, "a=5"),
        ("deepObject", True, OBJECT, "a%5BR%5D=100&a%5BG%5D=2.5"), ("deepObject", False, OBJECT, "a%5BR%5D=100&a%5BG%5D=2.5"),
        ("deepObject", True, {"b": {"c": 1}, "d": [1, 2]}, "a%5Bb%5D%5Bc%5D=1&a%5Bd%5D%5B%5D=1&a%5Bd%5D%5B%5D=2"),
        ("deepObject", True, {"l": [{"x": 1}, {"x": 2}]}, "a%5Bl%5D%5B0%5D%5Bx%5D=1&a%5Bl%5D%5B1%5D%5Bx%5D=2"),
        ("deepObject", True, [1, 2], "a%5B%5D=1&a%5B%5D=2"),
        ("form", True, "", "a="), ("form", True, False, "a=false"), ("form", True, 0, "a=0"), ("form", True, None, ""),
        ("form", True, [], ""), ("form", True, {}, ""), ("form", False, [None], ""), ("form", True, [1, None], "a=1"),
        ("deepObject", True, {"b": None, "c": {}}, ""), ("form", True, {"b": None, "c": 1}, "c=1"),
    ],
)  # fmt: skip
def test_a_query_value_is_written_in_its_style(style: str, explode: bool, value: object, query: str) -> None:
    assert urlsplit(built(parameter("query", style=style, explode=explode), {"a": value}).url).query == query


@pytest.mark.parametrize(
    ("explode", "value", "header"), [(False, LIST, "blue,bl,ack"), (False, OBJECT, "R,100,G,2.5"), (True, OBJECT, "R=100,G=2.5"), (False, "ü%", "ü%")]
)
def test_a_header_is_written_in_style_simple_as_it_is(explode: bool, value: object, header: str) -> None:
    assert dict(built(parameter("header", explode=explode), {"a": value}).headers)["a"] == header


@pytest.mark.parametrize(
    ("explode", "value", "cookie"),
    [
        (True, "a;b=c, d\r\n", "a=a%3Bb%3Dc%2C%20d%0D%0A"), (True, ["1", "2"], "a=1; a=2"), (False, ["1", "2"], "a=1,2"),
        (True, {"x": 1, "y;z": 2}, "x=1; y%3Bz=2"), (False, {"x": 1}, "a=x,1"),
    ],
)  # fmt: skip
def test_cookies_stand_in_one_header(explode: bool, value: object, cookie: str) -> None:
    assert [text for name, text in built(parameter("cookie", explode=explode), {"a": value}).headers if name == "Cookie"] == [cookie]


@pytest.mark.parametrize("value", [None, [], {}])
def test_a_cookie_or_header_of_nothing_is_left_out(value: object) -> None:
    assert [name for name, _ in built(parameter("cookie"), {"a": value}).headers] == ["Accept"]
    assert [name for name, _ in built(parameter("header"), {"a": value}).headers] == ["Accept"]


JSON = {"content": {"application/json": {"schema": {}}}}


@pytest.mark.parametrize(
    ("place", "written"),
    [("path", f"{BASE}/x/%7B%22b%22%3A%5B%22u%20%22%2Cnull%5D%7D/y"), ("query", f"{BASE}/x?a=%7B%22b%22%3A%5B%22u%20%22%2Cnull%5D%7D")],
)
def test_a_parameter_of_a_media_type_is_that_text_encoded(place: str, written: str) -> None:
    assert built(parameter(place, **JSON), {"a": {"b": ["u ", None]}}).url == written


def test_what_is_empty_has_a_text_in_a_media_type() -> None:
    assert built(parameter("query", **JSON), {"a": []}).url == f"{BASE}/x?a=%5B%5D"
    assert built(parameter("path", **JSON), {"a": {"b": None}}).url == f"{BASE}/x/%7B%22b%22%3Anull%7D/y"
    assert built(parameter("query", **JSON), {"a": None}).url == f"{BASE}/x"


def test_a_header_or_cookie_of_a_media_type_is_that_text() -> None:
    assert dict(built(parameter("header", **JSON), {"a": {"b": [1, "é"]}}).headers)["a"] == '{"b":[1,"é"]}'
    assert dict(built(parameter("cookie", **JSON), {"a": {"b": 1}}).headers)["Cookie"] == "a=%7B%22b%22%3A1%7D"
    assert refused(parameter("header", **JSON), {"a": "한"}).field == "a"


@pytest.mark.parametrize(
    ("media_type", "value", "text"),
    [("text/plain", "a b", "a%20b"), ("application/x-www-form-urlencoded", {"x": "1&"}, "x%3D1%2526"), ("application/xml", 5, "%3Ca%3E5%3C%2Fa%3E")],
)
def test_a_parameter_can_be_of_any_type_that_is_text(media_type: str, value: object, text: str) -> None:
    assert built(parameter("query", content={media_type: {"schema": {}}}), {"a": value}).url.endswith(text)


def test_reserved_characters_stay_only_where_they_are_allowed() -> None:
    given = "a:/?@!$'()*,;&=+#[]% é"
    assert built(parameter("query", allowReserved=True), {"a": given}).url == f"{BASE}/x?a=a:/?@!$'()*,;%26%3D%2B%23%5B%5D%25%20%C3%A9"
    assert built(parameter("query"), {"a": "!$'()*,;:@/?"}).url == f"{BASE}/x?a=%21%24%27%28%29%2A%2C%3B%3A%40%2F%3F"


def test_a_json_query_is_the_whole_query() -> None:
    whole = parameter("querystring", content={"application/json": {"schema": {"type": "object"}}})
    assert built(whole, {"a": {"x": "1&2"}}).url == f"{BASE}/x?%7B%22x%22%3A%221%262%22%7D"


@pytest.mark.parametrize(
    ("place", "style"), [("path", "simple"), ("path", "label"), ("path", "matrix"), ("query", "form"), ("query", "pipeDelimited")]
)
@pytest.mark.parametrize("value", [[[1]], [{"x": 1}], {"x": [1]}, {"x": {"y": 1}}])
def test_a_list_or_object_inside_is_refused_where_the_style_knows_none(place: str, style: str, value: object) -> None:
    assert refused(parameter(place, style=style), {"a": value}).field == "a"


@pytest.mark.parametrize("style", ["simple", "label", "matrix"])
@pytest.mark.parametrize("explode", [True, False])
@pytest.mark.parametrize("value", ["", ".", "..", ["."], [".."], [""], [], {}, [None], "a\0", ["a", "b\n"], {"a\r": "b"}])
def test_a_path_value_that_would_reach_elsewhere_is_refused_in_every_style(style: str, explode: bool, value: object) -> None:
    assert refused(parameter("path", style=style, explode=explode), {"a": value}).field == "a"


def test_a_label_cannot_become_a_dot_segment() -> None:
    assert refused(parameter("path", style="label", explode=True), {"a": ["", ""]})


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5, "1.5"), (614.0, "614"), (-0.0, "-0"), (1e-7, "0.0000001"), (1e22, "10000000000000000000000"), (0.1, "0.1"), (1.25e-5, "0.0000125")],
)
def test_a_number_has_no_exponent(value: float, text: str) -> None:
    assert number(value) == text
    assert float(text) == value


@pytest.mark.parametrize("value", [{}, [], None, b"x"])
def test_what_is_no_single_value_is_refused(value: object) -> None:
    with pytest.raises(Refused):
        scalar(value, "a")


# Decoders.

WORD = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


def without(letters: str) -> st.SearchStrategy[str]:
    """RFC 6570 has no escape for its own delimiter where that is an unreserved character, nor OpenAPI for those it writes encoded."""
    return st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=letters), max_size=8)


def paired(texts: list[str]) -> dict[str, str]:
    return dict(zip(texts[::2], texts[1::2], strict=True))


def equals(texts: list[str]) -> dict[str, str]:
    return {unquote(name): unquote(value) for name, _, value in (text.partition("=") for text in texts)}


def decoded_path(raw: str, style: str, explode: bool, kind: str) -> Any:
    if style == "matrix":
        texts = [text.partition("=") for text in raw.removeprefix(";").split(";")]
        if explode and kind == "object":
            return {unquote(name): unquote(value) for name, _, value in texts}
        assert {name for name, _, _ in texts} == {"a"}
        values = [value for _, _, value in texts] if explode else texts[0][2].split(",")
    elif style == "label":
        assert raw.startswith(".")
        values = raw[1:].split("." if explode else ",")
    else:
        values = raw.split(",")
    if kind == "object":
        return equals(values) if explode else paired([unquote(value) for value in values])
    return [unquote(value) for value in values]


def decoded_pairs(raw: list[str], style: str, explode: bool, kind: str) -> Any:
    texts = [text.partition("=") for text in raw]
    if explode and kind == "object":
        return {unquote(name): unquote(value) for name, _, value in texts}
    assert {name for name, _, _ in texts} == {"a"}
    if explode:
        return [unquote(value) for _, _, value in texts]
    delimiter = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}[style]
    values = [unquote(value) for value in texts[0][2].split(delimiter)]
    return paired(values) if kind == "object" else values


def decoded_deep(raw: list[str]) -> Any:
    found: dict[str, Any] = {}
    for name, _, value in (text.partition("=") for text in raw):
        assert name.startswith("a%5B")
        *outer, last = [unquote(part) for part in name.removeprefix("a%5B").removesuffix("%5D").split("%5D%5B")]
        at = found
        for step in outer if last else outer[:-1]:
            at = at.setdefault(step, {})
        if last:
            at[last] = unquote(value)
        else:
            at.setdefault(outer[-1], []).append(unquote(value))
    return found


@cache
def styled(place: str, style: str, explode: bool) -> Operation:
    return parameter(place, style=style, explode=explode)


def sent(place: str, style: str, explode: bool, value: object) -> Request:
    found = styled(place, style, explode)
    request = build(found, definition(found, DocumentSettings()), {"a": value}, TARGET)
    assume(isinstance(request, Request))
    assert isinstance(request, Request)
    return request


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(["simple", "label", "matrix"]), st.booleans(), st.data())
def test_what_was_written_into_a_path_is_read_back(style: str, explode: bool, data: st.DataObject) -> None:
    text = without(".") if (style, explode) == ("label", True) else WORD
    value = data.draw(st.lists(text, min_size=1, max_size=4) | st.dictionaries(text, text, min_size=1, max_size=4))
    url = sent("path", style, explode, value).url
    assert (url[: len(BASE) + 3], url[-2:]) == (f"{BASE}/x/", "/y")
    segment = url[len(BASE) + 3 : -2]
    assert not set(segment) & set("/?#\\ ")
    assert decoded_path(segment, style, explode, "object" if isinstance(value, dict) else "array") == value


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from([("form", ""), ("spaceDelimited", " "), ("pipeDelimited", "|")]), st.booleans(), st.sampled_from(["query", "cookie"]), st.data()
)
def test_what_was_written_as_pairs_is_read_back(style: tuple[str, str], explode: bool, place: str, data: st.DataObject) -> None:
    assume(place == "query" or style[0] == "form")
    text = without("" if explode else style[1])
    value = data.draw(st.lists(text, min_size=1, max_size=4) | st.dictionaries(text, text, min_size=1, max_size=4))
    request = sent(place, style[0], explode, value)
    raw = request.url.partition("?")[2].split("&") if place == "query" else dict(request.headers)["Cookie"].split("; ")
    assert decoded_pairs(raw, style[0], explode, "object" if isinstance(value, dict) else "array") == value


NAME = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="[]"), min_size=1, max_size=6)


@settings(max_examples=500, deadline=None)
@given(
    st.recursive(
        st.dictionaries(NAME, WORD | st.lists(WORD, min_size=1, max_size=3), min_size=1, max_size=3),
        lambda inner: st.dictionaries(NAME, inner, min_size=1, max_size=2),
        max_leaves=4,
    )
)
def test_what_was_written_deep_is_read_back(value: dict) -> None:
    assert decoded_deep(sent("query", "deepObject", True, value).url.partition("?")[2].split("&")) == value


STYLES = {
    "path": ("simple", "label", "matrix"), "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"), "header": ("simple",),
    "cookie": ("form",),
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["query", "header", "cookie", "path"]), st.recursive(st.text(max_size=9), lambda i: st.lists(i) | st.dictionaries(st.text(), i))
)
def test_no_value_leaves_its_place_in_any_style(place: str, value: object) -> None:
    for style in STYLES[place]:
        for explode in (True, False):
            found = styled(place, style, explode)
            request = build(found, definition(found, DocumentSettings()), {"a": value}, TARGET)
            if not isinstance(request, Request):
                continue
            parts = urlsplit(request.url)
            assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "api.example.test", "")
            segments = parts.path.split("/")
            assert (segments[:3], segments[4:]) == (["", "v1", "x"], ["y"] if place == "path" else [])
            assert not set(segments) & {".", ".."}
            assert {name for name, _ in request.headers} <= {"Accept", "Cookie", "a"}
            assert not set("".join(text for _, text in request.headers)) & set("\r\n\0")
            assert len(request.headers) <= 2
