"""Overlays: what is merged, appended and removed, what is said of actions that do nothing, and what is refused."""

import time
from typing import Any

import orjson
import pytest

from runtime.errors import DocumentRefused
from specs.overlay import MAX_ACTIONS, Action, Applied, Limits, apart, apply, opened, read_overlay, together, written

TREE: dict[str, Any] = {
    "info": {"title": "Shop", "contact": {"name": "Ann"}},
    "tags": ["a", "b", "a"],
    "paths": {"/users": {"get": {"parameters": [{"name": "Accept"}, {"name": "q"}, {"name": "limit", "schema": {"type": "string"}}]}}},
}


def applied(*actions: Action) -> Applied:
    before = orjson.dumps(TREE)
    result = apply(TREE, actions)
    assert orjson.dumps(TREE) == before
    return result


def head(*actions: dict[str, Any], **more: Any) -> bytes:
    return orjson.dumps({"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": list(actions), **more})


def test_objects_merge_deeply_and_keep_what_they_had() -> None:
    tree = applied(Action("$", update={"info": {"title": "New", "contact": {"url": "u"}}})).tree
    assert tree["info"] == {"title": "New", "contact": {"name": "Ann", "url": "u"}}
    assert tree["tags"] == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("action", "tags"),
    [
        (Action("$.tags", update="c"), ["a", "b", "a", "c"]),
        (Action("$.tags", update=["c", "d"]), ["a", "b", "a", "c", "d"]),
        (Action("$", update={"tags": ["c"]}), ["a", "b", "a", "c"]),
        (Action("$", update={"tags": "c"}), "c"),
        (Action("$.tags[?@ == 'a']", remove=True), ["b"]),
        (Action("$.tags[0, 2]", remove=True), ["b"]),
        (Action("$.tags", remove=True), None),
    ],
)
def test_lists_get_longer_and_lose_items(action: Action, tags: Any) -> None:
    assert applied(action).tree.get("tags") == tags


def test_each_action_sees_what_the_one_before_left() -> None:
    actions = (Action("$.info", remove=True), Action("$", update={"info": {"title": "New"}}), Action("$.info", update={"version": "2"}))
    assert applied(*actions).tree["info"] == {"title": "New", "version": "2"}


def test_one_update_on_two_places_is_not_shared_by_them() -> None:
    tree = applied(Action("$.paths..parameters[*]", update={"x": {"n": 1}}), Action("$.paths..parameters[0]", update={"x": {"n": 2}})).tree
    assert [one["x"]["n"] for one in tree["paths"]["/users"]["get"]["parameters"]] == [2, 1, 1]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (Action("$.paths['/gone']", update={}), "overlay_target_missing"),
        (Action("$.paths['/gone']", remove=True), "overlay_target_missing"),
        (Action("$.info.title", update="x"), "overlay_target_unfit"),
        (Action("$.info", update=["x"]), "overlay_target_unfit"),
        (Action("$", remove=True), "overlay_target_unfit"),
    ],
)
def test_an_action_that_does_nothing_is_said_with_its_number(action: Action, code: str) -> None:
    result = applied(Action("$.info", update={"version": "1"}), action)
    (problem,) = result.problems
    assert (problem.code, "Action 1 " in problem.message) == (code, True)
    assert result.tree == {**TREE, "info": {**TREE["info"], "version": "1"}}


@pytest.mark.parametrize("data", [b"[]", b"just words", b"7"])
def test_what_is_no_overlay_at_all_is_told_in_the_words_of_overlays(data: bytes) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_overlay(data)
    assert refused.value.code == "overlay_refused"
    assert refused.value.detail == "The overlay cannot be used. It is not an object with the fields 'overlay' and 'actions'."


def test_pointers_lead_back_to_the_document_that_was_uploaded() -> None:
    actions = (Action("$..parameters[?@.name == 'Accept']", remove=True), Action("$..parameters", update={"name": "new"}))
    base = "/paths/~1users/get/parameters"
    back = applied(*actions).original
    assert [back(f"{base}/{place}") for place in ("0", "1/schema/type", "2/name", "9", "x")] == [
        f"{base}/1",
        f"{base}/2/schema/type",
        base,
        base,
        base,
    ]
    assert back("/info/title") == "/info/title"
    assert back("") == ""


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        (b"[]", ""),
        (b"{}", ""),
        (orjson.dumps({"overlay": "2.0.0", "actions": [{}]}), "/overlay"),
        (orjson.dumps({"overlay": 1.0, "actions": [{}]}), "/overlay"),
        (orjson.dumps({"overlay": "1.0.0"}), "/actions"),
        (orjson.dumps({"overlay": "1.0.0", "actions": {"a": 1}}), "/actions"),
        (head(), "/actions"),
        (head({"target": "$", "update": {}}, *[{"target": "$", "update": {}}] * MAX_ACTIONS), "/actions"),
        (head(7), "/actions/0"),
        (head({"update": {}}), "/actions/0"),
        (head({"target": 3, "update": {}}), "/actions/0"),
        (head({"target": "$"}), "/actions/0"),
        (head({"target": "$", "remove": "yes"}), "/actions/0/remove"),
        (head({"target": "$", "update": {}}, {"target": "paths", "update": {}}), "/actions/1/target"),
    ],
)  # fmt: skip
def test_what_is_no_overlay_is_refused_with_its_place(data: bytes, pointer: str) -> None:
    with pytest.raises(DocumentRefused) as caught:
        read_overlay(data)
    assert caught.value.more["pointer"] == pointer


def test_yaml_bombs_and_depth_are_refused_by_the_rules_of_documents() -> None:
    bomb = b"a: &a [1,1,1,1,1,1,1,1]\n" + b"".join(b"%c: &%c [%s]\n" % (i + 1, i + 1, b",".join([b"*%c" % i] * 9)) for i in range(97, 110))
    for data in (bomb, b"a: [", b"[" * 1000, b"", b"\xff\x00"):
        with pytest.raises(DocumentRefused) as caught:
            read_overlay(data)
        assert caught.value.code == "overlay_refused"


def test_an_overlay_cannot_grow_the_document_without_end() -> None:
    many = {"a": [{} for _ in range(100)]}
    with pytest.raises(DocumentRefused, match="too large"):
        apply(many, [Action("$.a[*]", update={"text": "x" * 2_000})], Limits(characters=100_000))


def test_an_overlay_cannot_search_without_end() -> None:
    nested: dict[str, Any] = {}
    for _ in range(100):
        nested = {"a": nested, "b": 1}
    with pytest.raises(DocumentRefused, match="too many places"):
        apply(nested, [Action("$..*..*..*", update={})], Limits(visits=10_000))


def test_an_overlay_cannot_rebuild_long_lists_without_end() -> None:
    actions = [Action("$.x[0]", remove=True)] * 100
    with pytest.raises(DocumentRefused, match="too many places"):
        apply({"x": [0] * 10_000}, actions, Limits(visits=10_000))


def test_many_items_go_in_one_pass() -> None:
    """Item by item this takes minutes."""
    began = time.process_time()
    result = apply({"x": list(range(200_000))}, [Action("$.x[::2]", remove=True)])
    assert result.tree["x"] == list(range(1, 200_000, 2))
    assert result.original("/x/7") == "/x/15"
    assert time.process_time() - began < 5


def test_a_document_and_its_overlay_travel_as_one() -> None:
    both = together(b"{}", b"overlay: 1.0.0")
    assert apart(both) == (b"{}", b"overlay: 1.0.0")
    assert apart(b"{}") == (b"{}", None)
    assert opened(b'{"a": 1}').tree == {"a": 1}
    assert opened(together(b'{"a": 1}', head({"target": "$", "update": {"b": 2}}))).tree == {"a": 1, "b": 2}
    for odd in (both[:9], both[:12], b"\x00overlay\x00" + b"\xff" * 20):
        with pytest.raises(DocumentRefused):
            opened(odd)


def test_what_is_written_is_read_again() -> None:
    actions = (Action("$.paths['/é']", "why", {"a": [1, None]}), Action("$.x", remove=True), Action("$", "", {"y": "no"}))
    assert read_overlay(written(actions, "Fixes")) == actions


@pytest.mark.parametrize(
    "text", ["1e5", "-1E+3", "0o17", "+.5", "0x1F", "012", "1.", "yes", "NULL", "~", "", "=", "<<", ".inf", "2020-01-01", "\x85", "# a"]
)
def test_texts_that_look_like_something_else_stay_texts(text: str) -> None:
    actions = (Action("$", description=text, update={text: [text]}),)
    assert read_overlay(written(actions, text)) == actions
