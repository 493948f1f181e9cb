"""Several reading calls in order, where an id must be looked up first."""

import pytest

from tests.engine.builtin.library import SHELVES, Reader

CHAINS = [
    ("Show me the reviews of the book The Grey Harbour", [("searchBooks", {"q": "The Grey Harbour"}), ("listBookReviews", {"book_id": 31})]),
    ("which books are similar to 'Low Tide'?", [("searchBooks", {"q": "Low Tide"}), ("listSimilarBooks", {"book_id": 33})]),
    ("list the books by Ursula Stone", [("searchAuthors", {"q": "Ursula Stone"}), ("listAuthorBooks", {"author_id": 7})]),
    ("Ursula Stone's books", [("searchAuthors", {"q": "Ursula Stone"}), ("listAuthorBooks", {"author_id": 7})]),
    ("Where was the author Ulla Stone born?", [("searchAuthors", {"q": "Ulla Stone"}), ("getAuthor", {"author_id": 8})]),
    ("how many pages does the book Low Tide have?", [("searchBooks", {"q": "Low Tide"}), ("getBook", {"book_id": 33})]),
    (
        "show the reviews of the first book that is similar to The Grey Harbour",
        [("searchBooks", {"q": "The Grey Harbour"}), ("listSimilarBooks", {"book_id": 31}), ("listBookReviews", {"book_id": 41})],
    ),
    (
        "show the reviews of the second book that is similar to The Grey Harbour",
        [("searchBooks", {"q": "The Grey Harbour"}), ("listSimilarBooks", {"book_id": 31}), ("listBookReviews", {"book_id": 42})],
    ),
    (
        "reviews of Ursula Stone's latest book",
        [("searchAuthors", {"q": "Ursula Stone"}), ("listAuthorBooks", {"author_id": 7}), ("listBookReviews", {"book_id": 32})],
    ),
    (
        "where do the copies of the highest rated book by Ursula Stone stand?",
        [("searchAuthors", {"q": "Ursula Stone"}), ("listAuthorBooks", {"author_id": 7}), ("listBookCopies", {"book_id": 32})],
    ),
    ("show the reviews of the most popular book", [("listPopularBooks", {}), ("listBookReviews", {"book_id": 32})]),
    (
        "show me the third chapter of the book Low Tide",
        [("searchBooks", {"q": "Low Tide"}), ("getBookChapter", {"chapter_number": 3, "book_id": 33})],
    ),
]


@pytest.mark.parametrize(("text", "calls"), CHAINS, ids=[text for text, _ in CHAINS])
def test_what_is_named_is_looked_up_and_its_id_is_gone_on_with(text, calls):
    assert [call for call in Reader().say(text).calls if call[0] != "show"] == calls


SINGLE = [
    ("search for books called Low Tide", ["searchBooks"]),
    ("list the newest books", ["listNewestBooks"]),
    ("which books are popular?", ["listPopularBooks"]),
    ("show the reviews of book 31", ["listBookReviews"]),
    ("get book 31", ["getBook"]),
]


@pytest.mark.parametrize(("text", "path"), SINGLE, ids=[text for text, _ in SINGLE])
def test_one_call_stays_one_call(text, path):
    assert Reader().say(text).path == path


def test_what_nobody_finds_ends_the_way_and_is_said():
    shelves = {**SHELVES, "searchBooks": {"items": []}}
    reader = Reader(answer=lambda operation, _: shelves[operation]).say("show the reviews of the book Nowhere Land")
    assert reader.path == ["searchBooks"]
    assert "matching Nowhere Land" in reader.text


def test_what_a_search_calls_a_little_otherwise_is_taken():
    reader = Reader().say("show the reviews of the book The Gray Harbor")
    assert reader.calls[1] == ("listBookReviews", {"book_id": 31})


def test_a_refused_step_ends_the_way_with_its_reason():
    refused = {"outcome": "rejected", "status": 400, "message": "too many requests"}
    reader = Reader(answer=lambda operation, _: refused if operation == "searchBooks" else SHELVES[operation]).say("reviews of the book Low Tide")
    assert reader.path == ["searchBooks"]
    assert "too many requests" in reader.text


def test_a_question_about_the_world_is_no_chain():
    assert Reader().say("What is the capital of the country Norway?").path == []
    assert Reader().say("What is the weather in Paris?").path == []
