"""XML becomes plain data, by its schema where there is one; what could blow up or reach out is refused."""

import tracemalloc

import pytest

from specs.model import MediaType, Operation, Response, Schema
from tools.elements import MAX_NODES
from tools.response import Content, Source, content_of


def read(body: str | bytes, schema: Schema = True, kind: str = "application/xml", **definitions: Schema) -> Content:
    operation = Operation("get", "GET", "/x", responses=(Response("200", "", (MediaType("application/xml", schema),)),), definitions=definitions)
    return content_of(body if isinstance(body, bytes) else body.encode(), kind, Source(operation))


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ("<a>text</a>", "text"),
        ("<a/>", None),
        ("<user id='7'><name>Ann</name><nick/></user>", {"id": "7", "name": "Ann", "nick": None}),
        ("<user name='x'><name>Ann</name></user>", {"@name": "x", "name": "Ann"}),
        ("<users><user><id>1</id></user><user><id>2</id></user></users>", [{"id": "1"}, {"id": "2"}]),
        ("<users><user><id>1</id></user></users>", [{"id": "1"}]),
        ("<r><total>2</total><tag>a</tag><tag>b</tag></r>", {"total": "2", "tag": ["a", "b"]}),
        ("<price currency='EUR'>3.50</price>", {"currency": "EUR", "text": "3.50"}),
        ("<s:e xmlns:s='http://x' xmlns='http://y' s:id='1'><s:a>1</s:a></s:e>", {"id": "1", "a": "1"}),
        ("<a><![CDATA[<b>&amp;]]> &lt;c&gt; &#54620;</a>", "<b>&amp; <c> 한"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xe9</a>".encode("latin-1"), "café"),
        ("<?xml version='1.0' encoding='euc-kr'?><a>한국</a>".encode("euc-kr"), "한국"),
        ("<a>한국</a>".encode("utf-16"), "한국"),
    ],
)
def test_xml_is_read_as_plain_data(body: str | bytes, data: object) -> None:
    content = read(body)
    assert (content.data, content.problem) == (data, "")


PET: Schema = {
    "type": "object",
    "xml": {"name": "pet"},
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "price": {"type": "number"},
        "sold": {"type": "boolean"},
        "code": {"type": "string"},
        "photos": {"type": "array", "xml": {"wrapped": True}, "items": {"type": "string", "xml": {"name": "photoUrl"}}},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/Tag"}},
        "owner": {"$ref": "#/$defs/Pet"},
        "weight": {"type": "number", "xml": {"name": "w", "nodeType": "attribute"}},
    },
}
TAG: Schema = {
    "type": "object",
    "xml": {"name": "tag"},
    "properties": {"name": {"type": "string"}, "rank": {"type": "integer", "xml": {"nodeType": "text"}}},
}


def test_the_declared_schema_says_what_is_a_list_an_attribute_and_a_number() -> None:
    body = """<pet id="7" w="2.5" extra="x"><price>3.5</price><sold>1</sold><code>007</code><photos><photoUrl>a</photoUrl></photos>
        <tag><name>t</name>5</tag><owner id="8"><photos/></owner><more>m</more></pet>"""
    assert read(body, {"$ref": "#/$defs/Pet"}, Pet=PET, Tag=TAG).data == {
        "id": 7, "price": 3.5, "sold": True, "code": "007", "photos": ["a"], "tags": [{"name": "t", "rank": 5}], "owner": {"id": 8, "photos": []},
        "weight": 2.5, "extra": "x", "more": "m",
    }  # fmt: skip


def test_a_list_at_the_top_is_one_also_with_one_item_or_none() -> None:
    schema: Schema = {"type": "array", "items": {"$ref": "#/$defs/Pet"}}
    assert read("<all><pet id='1'/></all>", schema, Pet=PET, Tag=TAG).data == [{"id": 1}]
    assert read("<all/>", schema, Pet=PET, Tag=TAG).data == []


def test_a_value_that_is_not_of_its_declared_type_stays_text() -> None:
    body = "<pet id='many'><price>free</price><sold>perhaps</sold></pet>"
    assert read(body, {"$ref": "#/$defs/Pet"}, Pet=PET, Tag=TAG).data == {"id": "many", "price": "free", "sold": "perhaps"}


BILLION_LAUGHS = '<!DOCTYPE a [<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)) + "]><a>&l9;</a>"
QUADRATIC = f'<!DOCTYPE a [<!ENTITY x "{"x" * 50_000}">]><a>{"&x;" * 50_000}</a>'


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (BILLION_LAUGHS, "document type"),
        (QUADRATIC, "document type"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "document type"),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]><a/>', "document type"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>', "document type"),
        ("<!DOCTYPE a><a/>", "document type"),
        ("<a>&undeclared;</a>", "not valid"),
        ("<a>" * 50_000, "nested too deeply"),
        ("<a>" + "<b/>" * (MAX_NODES + 1) + "</a>", "too many elements"),
        ("<a><b></a>", "not valid"),
        ("\x00", "not valid"),
        ("nothing", "not valid"),
    ],
    ids=lambda value: value[:30],
)
def test_bombs_and_broken_texts_are_refused_with_a_reason(body: str, problem: str) -> None:
    content = read(body)
    assert content.data is None
    assert problem in content.problem
    assert content.file is not None  # the customer may still have it


def test_a_bomb_costs_no_memory() -> None:
    tracemalloc.start()
    read(BILLION_LAUGHS)
    read(QUADRATIC)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * len(QUADRATIC) + 2_000_000
