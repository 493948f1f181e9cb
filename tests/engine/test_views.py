"""Which of a turn's results are shown when nobody chose: the answers, and not what was only looked up on the way."""

import pytest

from engine.events import CallApproved, Source
from engine.views import default_views
from tests.engine.talk import Talk

GROUPS = [{"id": "grp_1", "name": "Finance"}, {"id": "grp_2", "name": "Night"}]


def shown(talk: Talk) -> list[str]:
    return [view.result for view in default_views(talk.reply_facts())]


@pytest.mark.parametrize("first", [True, False])
def test_a_list_asked_for_beside_a_change_is_shown(first: bool):
    talk, wanted = Talk("Lock user1 and show me the groups"), []
    if first:
        wanted.append(talk.read("listUserGroups", GROUPS, {"username": "user1"}, rows=2))
    wanted.append(talk.change("lockUser", {"username": "user1"}, {"username": "user1"}))
    if not first:
        wanted.append(talk.read("listUserGroups", GROUPS, {"username": "user1"}, rows=2))
    assert shown(talk) == wanted


def test_two_lists_are_both_shown():
    talk = Talk("list groups in Finance and in Night")
    lists = [talk.read("listGroups", [group], {"name": group["name"]}, rows=1) for group in GROUPS]
    assert shown(talk) == lists


def test_a_list_that_gave_an_id_is_not_shown():
    talk = Talk("delete the group Night")
    looked = talk.read("listGroups", GROUPS, {"name": "Night"}, rows=2)
    members = talk.wish("listGroupMembers", {"group_id": "grp_2"})
    talk.add(CallApproved(call_id=members, arguments={"group_id": "grp_2"}, sources={"/group_id": Source(kind="response", call=looked)}))
    talk.returned(members, [{"username": "user1"}], rows=1)
    assert shown(talk) == [members]
