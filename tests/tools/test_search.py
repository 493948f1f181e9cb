"""What a model is offered for a text."""

from typing import Any

import pytest

from specs.document import Document
from tests.specs.documents import answering, compiled, taking
from tools.search import estimate, offer, rank

USER = {"type": "array", "items": {"properties": {"id": {"type": "string"}, "name": {"type": "string"}}}}


def operation(identifier: str, summary: str, **more: Any) -> dict[str, Any]:
    return {"operationId": identifier, "summary": summary, **more}


@pytest.fixture
def shop() -> Document:
    wanted = [{"name": "user_id", "in": "path", "required": True, "schema": {"type": "string"}}]
    return compiled(
        {
            "/users": {
                "get": operation("listUsers", "List users", **answering(USER)),
                "post": operation("createUser", "Create a user", **taking({"properties": {"name": {}}})),
            },
            "/users/{user_id}": {
                "delete": operation("deleteUser", "Delete a user", parameters=wanted),
                "patch": operation("updateUser", "Update a user", parameters=wanted),
            },
            "/orders": {"get": operation("listOrders", "List orders"), "post": operation("createOrder", "Create an order")},
            "/orders/refund": {"post": operation("refundOrder", "Pay an order back", description="Gives the money of an order back to who paid it.")},
        }
    )


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("create a user", "createUser"),
        ("please add a new user", "createUser"),
        ("remove the user 'bob'", "deleteUser"),
        ("show me all users", "listUsers"),
        ("change the user's name", "updateUser"),
        ("turn the user into something", "updateUser"),
        ("list the orders", "listOrders"),
        ("give the money back", "refundOrder"),
    ],
)
def test_the_words_of_a_request_find_the_operation(shop: Document, text: str, best: str) -> None:
    assert rank(shop, text, 3)[0][0] == best


def test_what_supplies_a_needed_id_is_offered_too(shop: Document) -> None:
    offered = offer(shop, "erase bob", (), limit=2)
    assert offered.operations == ("deleteUser", "listUsers")
    assert set(offered.scores) == {"deleteUser"}


def test_what_was_used_is_offered_again_the_latest_first(shop: Document) -> None:
    assert offer(shop, "quite something else", ["listUsers", "unknown", "refundOrder"]).operations == ("refundOrder", "listUsers")


def test_nothing_is_offered_for_nothing(shop: Document) -> None:
    assert offer(shop, "", ()).operations == ()
    assert rank(shop, "the of a", 5) == []


def test_an_offer_keeps_its_limit_and_its_budget(shop: Document) -> None:
    whole = offer(shop, "user order", ())
    assert whole.tokens == sum(estimate(shop, one) for one in whole.operations) <= 4000
    assert len(offer(shop, "user order", (), limit=3).operations) == 3
    small = offer(shop, "user order", (), budget=whole.tokens // 2)
    assert 0 < len(small.operations) < len(whole.operations)
    assert small.tokens <= whole.tokens // 2


def test_the_best_one_is_offered_also_when_it_is_larger_than_the_budget(shop: Document) -> None:
    assert offer(shop, "create a user", (), budget=1).operations == ("createUser",)


def test_values_that_a_parameter_allows_are_words_too() -> None:
    status = {"name": "status", "in": "query", "schema": {"type": "array", "items": {"enum": ["available", "sold"]}}}
    colour = {"name": "tag", "in": "query", "schema": {"type": "string"}}
    paths = {
        "/byTag": {"get": operation("byTag", "Find pets", parameters=[colour])},
        "/byState": {"get": operation("byState", "Find pets", parameters=[status])},
    }
    assert rank(compiled(paths), "find pets that are sold", 1)[0][0] == "byState"


def test_making_somebody_something_is_a_change(shop: Document) -> None:
    assert "updateUser" in offer(shop, "make the user an owner", (), limit=3).operations


def test_failed_and_failure_are_one_word_and_a_time_asks_for_what_happened_then() -> None:
    since = {"name": "since", "in": "query", "description": "Only entries after this time.", "schema": {"type": "string"}}
    outcome = {"name": "outcome", "in": "query", "schema": {"enum": ["success", "failure"]}}
    paths = {
        "/devices": {"get": operation("listDevices", "List devices"), "post": operation("createDevice", "Create a device")},
        "/entries": {"get": operation("listEntries", "List log entries", parameters=[since, outcome])},
    }
    assert rank(compiled(paths), "what failed", 1)[0][0] == "listEntries"
    assert rank(compiled(paths), "what happened yesterday", 1)[0][0] == "listEntries"


def test_names_with_a_slash_between_describe_no_operation():
    paths = {"/cats": {"get": operation("getCat", "Get the cat")}, "/notes": {"get": operation("listNotes", "List the notes of a shelf")}}
    assert rank(compiled(paths), "list the notes of cat/get-cat", 2)[0][0] == "listNotes"


@pytest.mark.parametrize("text", ["what did anna do yesterday?", "who deleted a group last month?", "what happened to the group?"])
def test_what_was_done_is_looked_for_in_logs(text: str):
    paths = {"/groups": {"get": operation("listGroups", "List groups")}, "/log": {"get": operation("listLog", "List the log")}}
    assert "listLog" in offer(compiled(paths), text, ()).operations
