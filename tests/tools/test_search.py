"""What a model is offered for a text."""

from typing import Any

import pytest

from specs.document import Document
from tests.specs.documents import answering, compiled, taking
from tools.rank import rank
from tools.search import Room, estimate, offer
from tools.settings import DocumentSettings

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
    assert offer(shop, "erase bob", room=Room(limit=2)).operations == ("deleteUser", "listUsers")


def test_what_was_used_is_offered_again_the_latest_first(shop: Document) -> None:
    assert offer(shop, "quite something else", ["listUsers", "unknown", "refundOrder"]).operations == ("refundOrder", "listUsers")


def test_nothing_is_offered_for_nothing(shop: Document) -> None:
    assert offer(shop, "", ()).operations == ()
    assert rank(shop, "the of a", 5) == []


def test_an_offer_keeps_its_limit_and_its_budget(shop: Document) -> None:
    whole = offer(shop, "user order")
    assert whole.tokens == sum(estimate(shop, one) for one in whole.operations) <= 4000
    assert len(offer(shop, "user order", room=Room(limit=3)).operations) == 3
    small = offer(shop, "user order", room=Room(budget=whole.tokens // 2))
    assert 0 < len(small.operations) < len(whole.operations)
    assert small.tokens <= whole.tokens // 2


def test_the_best_one_is_offered_also_when_it_is_larger_than_the_budget(shop: Document) -> None:
    assert offer(shop, "create a user", room=Room(budget=1)).operations == ("createUser",)


def test_what_a_team_switched_off_takes_no_place(shop: Document) -> None:
    settings = DocumentSettings(off=("deleteUser",))
    assert "deleteUser" not in offer(shop, "delete the user", settings=settings).operations
    assert len(offer(shop, "delete the user", settings=settings, room=Room(limit=2)).operations) == 2


@pytest.fixture
def wide() -> Document:
    """Twenty operations of fifty fields each: no two of them fit into the budget in full."""
    fields = {f"field_{n}": {"type": "string", "description": "A field that is told at length, so that it takes its place."} for n in range(48)}
    body = {"required": ["title"], "properties": {**fields, "title": {"type": "string"}, "colour": {"enum": ["crimson", "azure"]}}}
    paths = {f"/things{n}": {"post": operation(f"createThing{n}", "Create a thing", **taking(body))} for n in range(20)}
    return compiled(paths)


def test_operations_with_many_fields_leave_room_for_others(wide: Document) -> None:
    found = offer(wide, "create a thing")
    assert len(found.operations) == 15
    assert found.tokens <= 4000


def test_a_field_there_was_no_room_for_is_shown_when_it_is_mentioned(wide: Document) -> None:
    assert "colour" not in offer(wide, "create a thing").tools[0].parameters["properties"]
    assert "colour" in offer(wide, "create an azure thing").tools[0].parameters["properties"]


def test_what_is_required_and_what_is_mentioned_stays_and_the_rest_is_named(wide: Document) -> None:
    *_, last = offer(wide, "create a crimson thing").tools
    shown = last.parameters["properties"]
    assert {"title", "colour"} <= shown.keys()
    assert len(shown) < 10
    assert "field_9" in last.parameters["description"]
    assert last.parameters["required"] == ["title"]
    assert {each.name for each in last.fields} >= {"field_0", "field_47"}, "what is not shown is still accepted"
