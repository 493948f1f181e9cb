"""A stored document is the compiled one, operation by operation, and both are what the whole tree says."""

from dataclasses import fields
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocess.compile import compile_document
from runtime.errors import Unavailable
from specs import record
from specs.catalogue import operations, raw_operation
from specs.definitions import Definitions, Reached
from specs.document import Document
from specs.expand import expand
from specs.head import read_head
from specs.load import read
from specs.model import Entry
from tests.specs.documents import answering, compiled, taking, tree
from tests.specs.test_document import MESS, WORDS
from tests.specs.test_tree import ODD

KNOWN = ("hash", "title", "version", "openapi", "description", "servers", "security", "security_schemes", "services", "catalogue", "problems")
A, PATH = {"$ref": "#/components/schemas/A"}, {"$ref": "#/paths/~1a"}
REFERRING = tree(
    {
        "/a": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}], **answering(A)}, "summary": "of the path"},
        "/b": PATH,
        "/c": {**PATH, "post": {"tags": ["T"], **taking(A)}},
        "/d": {"$ref": "#/components/pathItems/D"},
        "/e": {"get": answering({"$ref": "#/paths/~1a/get/responses/200/content/application~1json/schema"})},
        "bad": 1,
    },
    components={
        "schemas": {"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}, "B": {"items": A}, "C": "x"},
        "parameters": {"P": {"name": "q", "in": "query", "schema": A}},
        "pathItems": {"D": {"delete": {"operationId": "drop it!", "responses": {"200": {"$ref": "#/components/responses/none"}}}}},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "login": {"type": "oauth2", "flows": {"authorizationCode": {"tokenUrl": "/t", "scopes": {"a": ""}}}},
            "bad": 5,
        },
    },
    security=[{"key": []}],
    tags=[{"name": "T", "description": "things"}],
)


def stored(document: Document) -> Document:
    return record.loads(record.dumps(document))


def check(data: bytes) -> None:
    document = compile_document(data)
    found = stored(document)
    for name in KNOWN:
        assert getattr(found, name) == getattr(document, name), name
    root = read(data)
    head = read_head(root)
    raws, _ = operations(root)
    assert [entry.id for entry in found.catalogue] == [raw.id for raw in raws]
    for raw in raws:
        whole, problems = expand(root, raw, head, Definitions(root, old=head.old))
        assert isinstance(whole.definitions, Reached)
        for one in (document, found):
            assert {**vars_of(one.operation(raw.id)), "suppliers": {}} == vars_of(whole)
            assert one.operation_problems(raw.id) == (*problems, *whole.definitions.problems(set()))


def vars_of(value: Any) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


@given(st.dictionaries(WORDS, MESS, max_size=6))
def test_whatever_was_compiled_comes_back(mess: dict[str, Any]) -> None:
    check(orjson.dumps({**mess, "openapi": "3.0.3"}))


@pytest.mark.parametrize("odd", [*ODD, REFERRING])
def test_odd_documents_come_back(odd: dict[str, Any]) -> None:
    check(orjson.dumps({**odd, "openapi": "3.1.0"}))


def test_an_operation_is_found_without_reading_the_others() -> None:
    found = stored(compiled({f"/{n}": {"get": {"operationId": f"get{n}", "summary": f"{n} " * 40_000}} for n in range(9)}))
    raw = raw_operation(found.tree.root, found.entry("get5"))
    assert raw.summary.startswith("5 5 5")
    read_paths = [value for value in dict.values(found.tree.root["paths"]) if isinstance(value, dict)]
    assert read_paths == [raw.item]


def test_a_catalogue_is_a_sequence_of_entries() -> None:
    catalogue = stored(compiled({"/a": {"get": {"summary": "A", "tags": ["t"]}, "post": {}}, "/b": {"get": {}}})).catalogue
    assert catalogue[0] == Entry("get_a", "GET", "/a", "A", ("t",), catalogue[0].service)
    assert catalogue[-1].path == "/b"
    assert list(catalogue[1:]) == [catalogue[1], catalogue[2]]
    assert len(catalogue) == 3
    assert catalogue.has("post_a")
    assert not catalogue.has("x")
    with pytest.raises(KeyError):
        catalogue.number("x")
    with pytest.raises(IndexError):
        catalogue[3]


def test_the_uploaded_bytes_are_stored_and_not_opened_with_the_document() -> None:
    document = compile_document(b"  " + orjson.dumps(tree({"/a": {"get": {}}})))
    fields = record.dumps(document)
    assert record.unpacked(fields["source"]).startswith(b'  {"openapi"')
    assert record.loads(fields).source is None
    assert set(record.dumps(record.loads(fields))) == set(record.FIELDS)


def test_another_version_is_told_apart() -> None:
    fields = record.dumps(compiled({"/a": {"get": {}}}))
    with pytest.raises(Unavailable) as caught:
        record.loads({"head": orjson.dumps({"format": 1, "hash": "x"})})
    assert caught.value.code == "document_format_unknown"
    assert orjson.loads(fields["head"])["format"] == record.FORMAT
