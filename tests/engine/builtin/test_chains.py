"""Several reading calls in order, where an id must be looked up first."""

from typing import Any

import pytest

from engine.builtin.meant import by_words, pairs_of
from tests.engine.builtin.library import SHELVES, Reader, at, listed, query, reading, record, ref

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


def test_two_things_of_one_are_read_after_it_was_found_once():
    reader = Reader().say("what are the reviews and the copies of the book Low Tide?")
    assert reader.path == ["searchBooks", "listBookReviews", "listBookCopies"]
    assert reader.text == "Found 1 review of Low Tide. Found 1 copy of Low Tide."


def test_of_each_record_on_the_way_the_end_is_read():
    reader = Reader().say("list the reviews of each book by Ursula Stone")
    assert [call for call in reader.calls if call[0] == "listBookReviews"] == [("listBookReviews", {"book_id": n}) for n in (31, 32, 33)]


def test_its_is_of_what_was_found_by_name():
    assert Reader().say("find the book Low Tide and then show its reviews").calls[-1] == ("listBookReviews", {"book_id": 33})


def test_the_id_of_a_review_is_no_books():
    reader = Reader().say("search for books called Low Tide").say("show the reviews of the second one")
    assert reader.calls == [("listBookReviews", {"book_id": 32})]
    assert reader.say("and its copies").calls == [("listBookCopies", {"book_id": 32})]


def test_the_record_that_says_what_it_is_goes_on():
    staff = {"cast": [{"id": 5, "name": "A"}], "crew": [{"id": 6, "job": "Cook"}, {"id": 7, "job": "Director"}]}
    pairs = pairs_of(staff, "/cast/*/id", "person_id")
    assert by_words("where was the director born?", pairs, staff, frozenset()) == 7
    assert by_words("where was the lead actor born?", pairs, staff, frozenset()) == 5


def test_words_that_chose_the_way_are_not_said_to_be_left_out():
    assert Reader().say("which of Ursula Stone's books has the most pages?").text == "Here is the book: Low Tide."


def order(operation: str, summary: str) -> dict[str, Any]:
    return {"operationId": operation, "summary": summary, "parameters": [at("order_id")], "responses": {"200": {"description": ""}}}


SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/customers": reading("listCustomers", "List customers", listed("Customer"), query("search")),
        "/customers/{customer_id}/orders": reading("listCustomerOrders", "List the orders of a customer", listed("Order"), at("customer_id")),
        "/orders": reading("listOrders", "List orders", listed("Order"), query("status", enum=["open", "paid", "sent"])),
        "/orders/{order_id}": {
            **reading("getOrder", "Get an order", ref("Order"), at("order_id")),
            "delete": order("deleteOrder", "Delete an order"),
        },
        "/orders/{order_id}/refund": {"post": order("refundOrder", "Refund an order")},
        "/orders/{order_id}/shipments": reading("listShipments", "List the shipments of an order", listed("Shipment"), at("order_id")),
    },
    "components": {
        "schemas": {
            "Customer": record(id="integer", name="string", city="string"),
            "Order": record(id="integer", customer_id="integer", placed_at="string", total="number", status="string"),
            "Shipment": record(id="integer", carrier="string"),
        }
    },
}
ORDERS = [{"id": 11, "placed_at": "2026-01-02", "total": 90}, {"id": 12, "placed_at": "2026-03-02", "total": 20}]
STOCK = {
    "listCustomers": {"items": [{"id": 1, "name": "Kim Lee", "city": "Busan"}]},
    "listCustomerOrders": {"items": ORDERS},
    "listOrders": {"items": ORDERS},
    "getOrder": ORDERS[0],
    "listShipments": {"items": [{"id": 5, "carrier": "Post"}]},
    "refundOrder": {},
    "deleteOrder": {},
}
LATEST = [("listCustomers", {"search": "Kim Lee"}), ("listCustomerOrders", {"customer_id": 1})]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("Refund the latest order of Kim Lee", [*LATEST, ("refundOrder", {"order_id": 12})]),
        ("refund Kim Lee's latest order", [*LATEST, ("refundOrder", {"order_id": 12})]),
        ("show the shipments of the latest order of Kim Lee", [*LATEST, ("listShipments", {"order_id": 12})]),
        ("delete order 11", [("deleteOrder", {"order_id": 11})]),
        ("refund the order 12", [("refundOrder", {"order_id": 12})]),
    ],
)
def test_a_change_may_be_of_what_is_found_on_the_way(text, calls):
    reader = Reader(SHOP, lambda operation, _: STOCK[operation]).say(text)
    assert [call for call in reader.calls if call[0] != "show"] == calls


def of_repository(operation: str, summary: str, schema: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    return reading(operation, summary, schema, at("owner", "string"), at("repo", "string"), *more)


CODE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Code", "version": "1"},
    "paths": {
        "/repos/{owner}/{repo}/issues": of_repository("listIssues", "List the issues of a repository", listed("Issue")),
        "/repos/{owner}/{repo}/comments": of_repository("listRepositoryComments", "List the comments of a repository", listed("Comment")),
        "/repos/{owner}/{repo}/issues/{issue_number}/comments": of_repository(
            "listIssueComments", "List the comments of an issue", listed("Comment"), at("issue_number")
        ),
        "/repos/{owner}/{repo}/issues/{issue_number}": of_repository("getIssue", "Get an issue", ref("Issue"), at("issue_number")),
    },
    "components": {
        "schemas": {
            "Issue": record(issue_number="integer", title="string", created_at="string"),
            "Comment": record(id="integer", body="string"),
        }
    },
}
ISSUES = {"items": [{"issue_number": 3, "created_at": "2026-01-01"}, {"issue_number": 9, "created_at": "2026-02-01"}]}
PLACE = {"owner": "anna", "repo": "notes"}


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("show the comments of the latest issue in anna/notes", [("listIssues", PLACE), ("listIssueComments", {**PLACE, "issue_number": 9})]),
        ("show the comments of issue 3 in anna/notes", [("listIssueComments", {**PLACE, "issue_number": 3})]),
        ("list the issues of anna/notes", [("listIssues", PLACE)]),
    ],
)
def test_of_several_ids_only_the_one_that_was_not_said_is_looked_for(text, calls):
    reader = Reader(CODE, lambda operation, _: ISSUES if operation == "listIssues" else {"items": []}).say(text)
    assert [call for call in reader.calls if call[0] != "show"] == calls
