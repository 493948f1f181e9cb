"""A document in pieces reads like the document: whatever is done with it, and however odd it is."""

import copy
import json
import pickle
from collections.abc import Callable
from operator import eq, ne
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import DocumentRefused
from specs import tree as module
from specs.load import canonical
from specs.tree import Members, Tree, pack
from tests.specs.documents import tree
from tests.specs.test_document import MESS, WORDS

SECTION = {"b": {"type": "string"}, "a": {"$ref": "#/components/schemas/b"}, "": None, "n/a~": [1, 2]}


def opened(root: dict[str, Any]) -> Tree:
    return Tree(pack(root).data)


def section() -> Members:
    found = opened(tree(components={"schemas": SECTION})).root["components"]["schemas"]
    assert isinstance(found, Members)
    return found


def updated(known: dict[str, Any], node: Any) -> dict[str, Any]:
    known.update(node)
    return known


def matched(node: Any) -> Any:
    match node:
        case {"b": {"type": kind}, **rest}:
            return kind, rest


@pytest.mark.parametrize(
    "use",
    [
        lambda node: node["b"],
        lambda node: (node.get("b"), node.get("x"), node.get("x", 1), node.get("")),
        lambda node: ("b" in node, "x" in node, len(node), bool(node), isinstance(node, dict)),
        list,
        sorted,
        lambda node: list(reversed(node)),
        lambda node: list(node.keys()),
        lambda node: list(node.values()),
        lambda node: list(node.items()),
        lambda node: [(key, node[key]) for key in node],
        dict,
        lambda node: {**node},
        lambda node: {**node, "b": 1},
        lambda node: node | {"c": 1},
        lambda node: {"c": 1} | node,
        lambda node: updated({"c": 1}, node),
        lambda node: node.copy(),
        copy.copy,
        copy.deepcopy,
        lambda node: pickle.loads(pickle.dumps(node)),
        json.dumps,
        repr,
        str,
        matched,
        lambda node: (node == SECTION, node != SECTION, eq(SECTION, node), ne(SECTION, node), node == {}, node != {}),
        lambda node: node == section(),
        lambda node: dict(sorted(node.items())),
        lambda node: [*node],
        lambda node: dict(zip(node, node.values(), strict=True)),
    ],
)
def test_a_section_is_used_like_the_dict_it_was(use: Callable[[Any], Any]) -> None:
    assert use(section()) == use(SECTION)


def test_what_is_read_is_kept() -> None:
    node = section()
    assert node["b"] is node["b"]


@pytest.mark.parametrize("write", [orjson.dumps, canonical])
def test_what_reads_behind_the_accessors_fails_loudly(write: Callable[[Any], bytes]) -> None:
    with pytest.raises((TypeError, DocumentRefused)):
        write(section())


@pytest.mark.parametrize(
    "change",
    [
        lambda node: node.pop("b"),
        lambda node: node.popitem(),
        lambda node: node.clear(),
        lambda node: node.update({"b": 1}),
        lambda node: node.setdefault("b", 1),
        lambda node: node.__setitem__("b", 1),
        lambda node: node.__delitem__("b"),
        lambda node: node.__ior__({"b": 1}),
    ],
)
def test_a_section_is_not_changed(change: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="not changed"):
        change(section())


ODD: list[dict[str, Any]] = [
    {},
    {"paths": []},
    {"paths": "text", "components": "text"},
    {"paths": {}, "components": {}},
    {"components": {"schemas": {}, "parameters": [], "responses": None, "x": 1, "examples": {"": {}}}},
    {"paths": None, "definitions": {"a": None}, "parameters": {"p": {}}, "responses": {"r": 1}, "webhooks": {"w": {"get": {}}}},
    {"paths": {f"/{n}": {"get": {"description": "x" * n * 100}} for n in range(100)}, "components": {"schemas": {str(n): n for n in range(100)}}},
    {"paths": {"/a": {"d": "x" * 200_000}, "/b": {}, "/c": {"d": "y" * 200_000}, "/d": 0}, "z": {"paths": {"/a": 1}}},
    {"é": "\u0000", "paths": {"/~1/é\n": {"get": {"summary": "\U0001f600" * 40_000}}}},
]


@pytest.mark.parametrize("root", ODD)
def test_a_document_comes_back_with_everything_in_its_order(root: dict[str, Any]) -> None:
    found = opened(root)
    assert canonical(found.plain()) == canonical(root)
    assert found.root == root
    assert list(found.root) == list(root)


@given(st.dictionaries(WORDS, MESS, max_size=6))
def test_any_mess_comes_back(root: dict[str, Any]) -> None:
    found = opened(root)
    assert canonical(found.plain()) == canonical(root)
    assert found.root == root


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", range(246, 257))
@pytest.mark.parametrize("wrap", [lambda v: {"x": v}, lambda v: {"paths": {"/a": v}}, lambda v: {"components": {"schemas": {"A": v}}}])
def test_the_limit_of_depth_is_that_of_the_whole(depth: int, wrap: Callable[[Any], dict[str, Any]]) -> None:
    root = wrap(nested(depth))
    try:
        canonical(root)
    except DocumentRefused:
        with pytest.raises(DocumentRefused):
            pack(root)
    else:
        assert opened(root).plain() == root


def test_a_look_at_one_member_reads_neither_the_others_nor_their_chunks() -> None:
    paths = {f"/{n}": {"get": {"description": f"{n} " * 20_000}} for n in range(100)}
    found = opened(tree(paths))
    assert found.root["paths"]["/50"] == paths["/50"]
    assert sum(value is not module._UNREAD for value in dict.values(found.root["paths"])) == 1
    assert len(found._open) <= 2  # the outline's and this one's


def test_the_text_holds_every_piece() -> None:
    root = tree({"/a": {"get": {"summary": "é"}}}, components={"schemas": SECTION, "responses": {"$ref": "x"}}, x=[1, 2], y={"$ref": "z"})
    text = pack(root).text
    assert all(canonical(piece) in text for piece in (root["paths"]["/a"], *SECTION.values(), root["x"], root["y"], {"$ref": "x"}))


def test_only_so_many_chunks_stay_open() -> None:
    found = opened(tree({f"/{n}": {"get": {"description": f"{n} " * 20_000}} for n in range(100)}))
    assert len(found.root["paths"].values()) == 100
    assert len(found._open) <= module._OPEN
