"""JSON pointers: what is written can be read, and no place or document makes any of it raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.pointers import join, parts, pointer, value_at, with_value, without

NAMES = st.text(max_size=5) | st.sampled_from(["a", "0", "1", "~1", "a/b", "²", "-1", "01", "9" * 5000])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
PLACES = st.lists(NAMES, max_size=4).map(lambda names: pointer(*names))
DOCUMENT = {"a": [{"b/c": 1}, 2], "": {"~": 3}}


@given(st.lists(NAMES))
def test_names_come_back_from_a_pointer_as_they_were(names):
    assert parts(pointer(*names)) == names
    assert join(pointer(*names), "x/y", 0) == pointer(*names, "x/y", "0")


@pytest.mark.parametrize(
    ("place", "value"),
    [("", DOCUMENT), ("/a/0/b~1c", 1), ("/a/1", 2), ("//~0", 3), ("/a/2", None), ("/a/-", None), ("/a/01", None), ("/a/²", None), ("/a/1/b", None),
     ("/b", None)],
)  # fmt: skip
def test_a_value_is_read_where_it_stands(place, value):
    assert value_at(DOCUMENT, place) == value


def test_a_value_is_put_at_its_place_and_nothing_else_changes():
    before = {"a": [{"b/c": 1}, 2]}
    assert with_value(before, "/a/0/b~1c", 3) == {"a": [{"b/c": 3}, 2]}
    assert with_value(before, "/d/e", 4) == {**before, "d": {"e": 4}}
    assert before == {"a": [{"b/c": 1}, 2]}


@pytest.mark.parametrize("place", ["/a/2/weight", "/a/-", "/a/x", "/a/²", f"/a/{'9' * 5000}", "/a/1/b"])
def test_a_place_that_leads_nowhere_takes_no_value(place):
    assert with_value(DOCUMENT, place, 5) == DOCUMENT
    assert without(DOCUMENT, place) == DOCUMENT


def test_what_is_taken_away_is_gone_and_the_rest_stays():
    assert without(DOCUMENT, "/a/0") == {**DOCUMENT, "a": [2]}
    assert without(DOCUMENT, "/a/0/b~1c") == {**DOCUMENT, "a": [{}, 2]}
    assert without(DOCUMENT, "/") == {"a": DOCUMENT["a"]}
    assert without(DOCUMENT, "") == DOCUMENT


@given(JSON, PLACES, JSON)
def test_every_document_and_every_place_has_an_answer(document, place, value):
    known = value_at(document, place)
    put = with_value(document, place, value)
    assert put == document or value_at(put, place) == value
    assert known is None or with_value(document, place, known) == document
    without(document, place)
