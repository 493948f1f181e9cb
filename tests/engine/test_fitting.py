"""What is left out of a call and what is asked for: a question always asks for a place that is there, and never moves a value into another's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.checkpoints import NeedsAnswer, Passed, Rejected
from specs.model import MediaType, Operation, RequestBody
from specs.pointers import parts, value_at
from tests.engine.talk import Talk
from tools.settings import DocumentSettings

STRING = {"type": "string"}
ITEM = {"type": "object", "properties": {"sku": STRING, "weight": {"type": "number"}, "note": STRING}, "required": ["sku", "weight"]}
ADDRESS = {"type": "object", "properties": {"city": STRING, "street": STRING}, "required": ["city"]}


def order(*required, **properties):
    schema = {"type": "object", "properties": properties, "required": list(required)}
    content = (MediaType("application/json", schema),)
    return Operation(id="createOrder", method="POST", path="/orders", summary="Create an order", body=RequestBody(required=True, content=content))


ITEMS = order("items", items={"type": "array", "items": ITEM})


def wished(arguments, operation=ITEMS, text="Create an order with 'abc' and 'def'"):
    conversation = Talk(text, operations={"createOrder": operation}, settings=DocumentSettings(approval="never"))
    return conversation, conversation.call("createOrder", arguments)


def asked(verdict):
    assert isinstance(verdict, NeedsAnswer), verdict
    return [field.name for field in verdict.question.fields]


def test_a_question_asks_for_an_item_where_it_is_after_others_were_left_out():
    items = [{"sku": "zzz9", "weight": 771}, {"sku": "abc", "weight": 882}, {"sku": "yyy9", "weight": 773}, {"sku": "def", "weight": 884}]
    conversation, verdict = wished({"items": items})
    assert asked(verdict) == ["/items/0/weight", "/items/1/weight"]
    verdict = conversation.answer(**{"/items/0/weight": 5, "/items/1/weight": 6})
    assert verdict.arguments == {"items": [{"sku": "abc", "weight": 5}, {"sku": "def", "weight": 6}]}


def test_what_is_missing_of_an_item_that_is_left_out_is_not_asked_for():
    _, verdict = wished({"items": [{"sku": "zzz9"}, {"sku": "abc"}]})
    assert asked(verdict) == ["/items/0/weight"]


def test_a_list_of_which_nothing_is_left_is_asked_for_as_a_whole():
    _, verdict = wished({"items": [{"sku": "zzz9"}, {"sku": "zzz8", "weight": 1234}]})
    assert asked(verdict) == ["items"]


@pytest.mark.parametrize(("required", "fields"), [((), []), (("address",), ["/address/city"])])
def test_a_part_of_an_object_is_asked_for_only_where_the_object_cannot_be_missing(required, fields):
    _, verdict = wished({"address": {"street": "Nowhere 1"}}, order(*required, address=ADDRESS))
    assert (asked(verdict) if fields else verdict.omitted) == (fields or ("/address/street",))


def test_an_item_that_does_not_fit_is_asked_for_with_its_whole_list():
    tags = order("tags", tags={"type": "array", "items": {"type": "string", "maxLength": 3}})
    _, verdict = wished({"tags": ["abc", "abcd", "def", "defg"]}, tags, "Create an order with 'abc', 'abcd', 'def' and 'defg'")
    assert asked(verdict) == ["tags"]


def test_of_a_list_of_secrets_that_were_typed_none_is_sent():
    codes = order("codes", codes={"type": "array", "items": {"type": "string", "format": "password"}})
    _, verdict = wished({"codes": ["abc", "def", "ghi"]}, codes)
    assert asked(verdict) == ["codes"]
    assert verdict.arguments == {}


SKU = st.sampled_from(["abc", "def", "zzz9", None])
ITEM_OF = st.builds(lambda sku, more: {**({"sku": sku} if sku else {}), **more}, SKU, st.sampled_from([{}, {"weight": 771}, {"note": "n0te"}]))


@given(st.lists(ITEM_OF, max_size=5))
def test_every_question_can_be_answered_at_the_places_it_asks_for(items):
    conversation, verdict = wished({"items": items})
    if not isinstance(verdict, NeedsAnswer):
        return
    values = {name: "abc" if name.endswith("sku") else 5 for name in asked(verdict) if name != "items"}
    if not values:
        assert asked(verdict) == ["items"]
        return
    kept = verdict.arguments
    after = conversation.answer(**values).arguments
    assert all(value_at(after, place) == value for place, value in values.items())
    assert len(after["items"]) == len(kept["items"])
    assert all(item.items() <= now.items() for item, now in zip(kept["items"], after["items"], strict=True))
    assert all(int(parts(place)[1]) < len(kept["items"]) for place in values)


@pytest.mark.parametrize("name", ["²", "9" * 5_000, "٣", ""])
def test_a_name_made_of_strange_digits_is_a_name(name):
    free = Operation(
        "setLabels", "POST", "/labels", "Set labels", body=RequestBody(True, (MediaType("application/json", {
            "type": "object", "properties": {"labels": {"type": "object"}, "size": {"type": "integer"}}}),)),
    )  # fmt: skip
    verdict = Talk("Set labels of size 5", operations={"setLabels": free}).call("setLabels", {"size": 5, "labels": {name: {name: "x"}}})
    assert not isinstance(verdict, Rejected)


UUID = "8c4f2a10-1c1d-4c8e-9f1e-0123456789ab"
KEYED = order("shelf", shelf={"type": "string", "format": "uuid"}, box={"type": "string", "format": "uuid"})


def test_a_name_is_no_uuid():
    _, verdict = wished({"shelf": "Blue", "box": "555-1234"}, KEYED, "Create an order for the shelf 'Blue' and the box 555-1234")
    assert asked(verdict) == ["shelf", "box"]
    assert "UUID" in str(verdict.question)
    _, verdict = wished({"shelf": "Blue", "box": "red"}, KEYED, "Create an order")
    assert asked(verdict) == ["shelf"]


def test_a_uuid_that_was_said_passes():
    _, verdict = wished({"shelf": UUID}, KEYED, f"Create an order for the shelf {UUID}")
    assert isinstance(verdict, Passed)


def test_an_id_of_the_products_own_is_taken_whatever_its_form():
    conversation = Talk("Create an order for the blue shelf", operations={"createOrder": KEYED}, settings=DocumentSettings(approval="never"))
    conversation.read("listUsers", {"items": [{"shelf": "shelf-17"}]})
    assert isinstance(conversation.call("createOrder", shelf="shelf-17"), Passed)
