"""The order of operations for a text."""

import time
from typing import Any

import pytest

from specs.document import Document
from tests.specs.documents import answering, compiled, taking
from tools.rank import rank

MUSIC = {"type": "array", "items": {"properties": {"id": {"type": "string"}, "title": {"type": "string"}}}}


def operation(identifier: str, summary: str, **more: Any) -> dict[str, Any]:
    return {"operationId": identifier, "summary": summary, **more}


def path(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


@pytest.fixture(scope="module")
def library() -> Document:
    return compiled(
        {
            "/songs": {
                "get": operation("listSongs", "List songs", **answering(MUSIC)),
                "post": operation("createSong", "Create a song", **taking({})),
            },
            "/songs/{song_id}": {
                "get": operation("getSong", "Get a song", parameters=path("song_id"), **answering(MUSIC["items"])),
                "delete": operation("deleteSong", "Delete a song", parameters=path("song_id")),
            },
            "/songs/search": {
                "get": operation("searchSongs", "Search songs", parameters=[{"name": "query", "in": "query"}], **answering(MUSIC)),
            },
            "/songs/{song_id}/lyrics": {"get": operation("getLyrics", "Get the lyrics", parameters=path("song_id"))},
            "/audit": {"get": operation("readHistory", "History of what was changed")},
            "/users/{user_id}": {"get": operation("getUser", "Get a user", parameters=path("user_id"))},
            "/people": {"get": operation("listPeople", "List people")},
        }
    )


def best(document: Document, text: str, count: int = 1) -> list[str]:
    return [one for one, _ in rank(document, text, count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("delete a song", "deleteSong"),
        ("add a song", "createSong"),
        ("make a new track", "createSong"),  # another word for a song
        ("which songs are there?", "listSongs"),
        ("erase the song 'Yesterday'", "deleteSong"),
        ("look for songs", "searchSongs"),
        ("what happened yesterday?", "readHistory"),
        ("show user 5", "getUser"),
        ("노래를 삭제해 줘", "deleteSong"),
    ],
)
def test_what_is_asked_for_comes_first(library: Document, text: str, expected: str) -> None:
    assert best(library, text) == [expected]


@pytest.mark.parametrize(
    ("text", "wanted", "other"),
    [
        ("who am I?", "Get the current user", "Get a user"),
        ("what happened to the users since Monday?", "Log of users", "Get users"),
        ("who changed the users?", "History of users", "Get users"),
        ("which users are there?", "List users", "Count users"),
        ("what does the user look like?", "Get the image of a user", "Get the team of a user"),
        ("teams by Anna", "Teams of a person", "Teams of a product"),
        ("are there users?", "Get users", "Add users"),
        ("delete the user", "Delete a user", "Get the user"),
        ("send a message to the user", "Create a message", "Get a message"),
        ("if users are old, show teams", "Show teams", "Old users"),
    ],
)
def test_what_a_sentence_implies_tells_two_alike_apart(text: str, wanted: str, other: str) -> None:
    def method(summary: str) -> str:
        return {"Add": "post", "Create": "post", "Delete": "delete"}.get(summary.partition(" ")[0], "get")

    for first, second in (("a", "b"), ("b", "a")):
        assert best(
            compiled({f"/{first}": {method(wanted): operation("right", wanted)}, f"/{second}": {method(other): operation("wrong", other)}}), text
        ) == ["right"]


def test_what_holds_the_needed_id_is_lifted_and_stays_under_what_needs_it(library: Document) -> None:
    found = rank(library, "get the lyrics", 9)
    order = [one for one, _ in found]
    assert order[0] == "getLyrics"
    assert "listSongs" in order
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)


def test_for_what_is_called_by_its_name_the_operation_that_searches_is_lifted(library: Document) -> None:
    def place(text: str) -> int:
        return best(library, text, 9).index("searchSongs")

    assert place("give me the lyrics of Yesterday") <= place("give me the lyrics of it")


def test_the_limit_is_kept_and_nothing_is_found_for_unknown_words(library: Document) -> None:
    assert len(rank(library, "song", 3)) == 3
    assert rank(library, "xyzzy", 3) == []
    assert rank(library, "", 3) == []


def test_a_word_that_all_of_very_many_operations_have_still_gives_an_order() -> None:
    many = compiled({f"/{n}": {"get": {}} for n in range(20_000)})
    assert len(rank(many, "get", 5)) == 5
    assert len(rank(many, "what is this?", 5)) == 5


def test_two_versions_of_a_document_are_ranked_each_by_its_own_words() -> None:
    first, second = (compiled({"/a": {"get": operation("one", told)}, "/b": {"get": operation("two", "Read")}}) for told in ("Cats", "Dogs"))
    for _ in range(2):
        assert best(first, "cats and whatever is read") == best(second, "dogs and whatever is read") == ["one"]
        assert best(first, "dogsled and whatever is read") == best(second, "catsuit and whatever is read") == ["two"]


def test_braces_of_paths_that_never_close_are_read_once() -> None:
    many = compiled({f"/{n}" + "{" * 7_900: {"get": operation(f"list{n}", "List users")} for n in range(60)})
    begun = time.process_time()
    assert best(many, "list users") == ["list0"]
    assert time.process_time() - begun < 0.8
