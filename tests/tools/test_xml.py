"""Values as XML in the shape their schemas describe."""

from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.calls import STRING, TARGET, body, built, refused
from tools.request import Request, build
from tools.schema import definition
from tools.settings import DocumentSettings

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def sent(schema: dict[str, Any], value: Any, **components: Any) -> str:
    more = {"components": {"schemas": components}} if components else {}
    request = built(body({"application/xml": {"schema": {"type": "object", "properties": {"a": schema}}}}, **more), {"a": value})
    text = (request.body or b"").decode()
    assert text.startswith(f"{HEAD}<root>")
    return text.removeprefix(f"{HEAD}<root>").removesuffix("</root>")


def array(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **({"xml": more} if more else {})}


def named(name: str, **more: Any) -> dict[str, Any]:
    return {**STRING, "xml": {"name": name, **more}}


# The examples of OpenAPI 3.1, 4.8.26, under "XML Arrays", and one of each other word.
@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        (STRING, "x<&>\r", "<a>x&lt;&amp;&gt;&#13;</a>"),
        ({}, True, "<a>true</a>"), ({}, 614.0, "<a>614</a>"), ({}, "", "<a></a>"), ({}, None, ""),
        (named("b"), "x", "<b>x</b>"),
        (named("b", prefix="p", namespace="http://x.test/?a&b"), "x", '<p:b xmlns:p="http://x.test/?a&amp;b">x</p:b>'),
        ({**STRING, "xml": {"namespace": "http://x.test"}}, "x", '<a xmlns="http://x.test">x</a>'),
        (array(STRING), ["1", "2"], "<a>1</a><a>2</a>"),
        (array(named("one")), ["1", "2"], "<one>1</one><one>2</one>"),
        (array(named("one"), name="all"), ["1", "2"], "<one>1</one><one>2</one>"),
        (array(STRING, wrapped=True), ["1", "2"], "<a><a>1</a><a>2</a></a>"),
        (array(STRING, wrapped=True, name="all"), ["1", "2"], "<all><all>1</all><all>2</all></all>"),
        (array(named("one"), wrapped=True), ["1"], "<a><one>1</one></a>"),
        (array(named("one"), wrapped=True, name="all"), ["1", None], "<all><one>1</one></all>"),
        (array(STRING, wrapped=True), [], "<a></a>"), (array(STRING), [], ""),
        ({"properties": {"id": {"xml": {"attribute": True}}, "t": STRING}}, {"t": "x", "id": 'a"\n'}, '<a id="a&quot;&#10;"><t>x</t></a>'),
        ({"properties": {"b": {"xml": {"attribute": True, "prefix": "p", "namespace": "u", "name": "i"}}}}, {"b": 1}, '<a xmlns:p="u" p:i="1"></a>'),
        ({"type": "object"}, {"b": {"c": [1, {"d": 2}]}}, "<a><b><c>1</c><c><d>2</d></c></b></a>"),
        ({"type": "object", "additionalProperties": array(named("one"), wrapped=True)}, {"b": ["1"]}, "<a><b><one>1</one></b></a>"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_its_xml_object_says(schema: dict, value: object, text: str) -> None:
    assert sent(schema, value) == text


def test_the_root_has_the_name_of_its_schema() -> None:
    schemas = {
        "Pet": {"type": "object", "properties": {"name": STRING}},
        "Dog": {"type": "object", "properties": {"name": STRING}, "xml": {"name": "hound"}},
    }
    for name, root in (("Pet", "Pet"), ("Dog", "hound")):
        content = {"application/xml": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        request = built(body(content, components={"schemas": schemas}), {"name": "x"})
        assert request.body == f"{HEAD}<{root}><name>x</name></{root}>".encode()
    listed = {"application/xml": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Dog"}, "xml": {"name": "hounds"}}}}
    request = built(body(listed, components={"schemas": schemas}), {"body": [{"name": "x"}]})
    assert request.body == f"{HEAD}<hounds><hound><name>x</name></hound></hounds>".encode()
    assert built(body({"application/xml": {"schema": STRING}}), {"body": "x"}).body == f"{HEAD}<root>x</root>".encode()


def test_a_referenced_schema_brings_its_own_words() -> None:
    reference = {"$ref": "#/components/schemas/Tag"}
    assert (
        sent(reference, {"id": 1}, Tag={"type": "object", "xml": {"name": "tag"}, "properties": {"id": {"xml": {"attribute": True}}}})
        == '<tag id="1"></tag>'
    )


@pytest.mark.parametrize("value", ["\0", "\x0b", {"a b": 1}, {"": 1}, {"1": 1}, {"a:b": 1}, {"a><b": 1}])
def test_what_xml_cannot_hold_is_refused(value: object) -> None:
    assert refused(body({"application/xml": {"schema": {"type": "object", "properties": {"a": {}}}}}), {"a": value})


OPEN = body({"application/xml": {"schema": {"type": "object", "properties": {"a": {}}}}})


@settings(max_examples=500, deadline=None)
@given(st.text() | st.dictionaries(st.sampled_from(["b", "c-d", "é", "_x"]), st.text(), max_size=3))
def test_what_was_written_as_xml_is_read_back(value: Any) -> None:
    request = build(OPEN, definition(OPEN, DocumentSettings()), {"a": value}, TARGET)
    if isinstance(request, Request):
        (found,) = ElementTree.fromstring(request.body or b"")
        inner = {each.tag: each.text or "" for each in found}
        assert (inner if isinstance(value, dict) else found.text or "") == value
