"""A call for all of a kind needs words that ask for all."""

import pytest

from engine.checkpoints import NeedsApproval, Passed, Rejected
from engine.wholes import asks_for_all, changes_many, deletes_one, kinds_of
from specs.catalogue import collections
from specs.model import Operation, Parameter
from tests.engine.talk import Talk

NAME = Parameter("name", "path", True, {"type": "string"})
SHELF = Parameter("shelf_id", "path", True, {"type": "string"})
IDS = Parameter("box_id", "query", False, {"type": "array", "items": {"type": "string"}})
ALL = Operation("deleteCollectionBox", "DELETE", "/shelves/{shelf_id}/boxes", parameters=(SHELF, IDS))
ONE = Operation("deleteBox", "DELETE", "/shelves/{shelf_id}/boxes/{name}", parameters=(SHELF, NAME))
CACHE = Operation("deleteCache", "DELETE", "/cache")
BOXES = {each.id: each for each in (ALL, ONE, CACHE)}

WORDS = [
    ("delete all boxes on shelf s-1", True),
    ("delete every box on shelf s-1", True),
    ("delete the boxes on shelf s-1", True),
    ("delete the boxes", True),
    ("delete them", True),
    ("empty shelf s-1", True),
    ("s-1의 모든 박스를 삭제해줘", True),
    ("박스들을 삭제해줘", True),
    ("delete box b-1 on shelf s-1", False),
    ("delete the box 'red' on shelf s-1", False),
    ("delete the red box", False),
    ("delete boxes b-1 and b-2", False),
    ("delete the boxes 'red' and 'blue'", False),
    ("delete the box called 'all boxes'", False),
    ("delete boxes red and blue", False),
    ("delete the boxes created on shelf s-1", True),
    ("clear the box b-1", False),
    ("b-1 박스를 삭제해줘", False),
]


@pytest.mark.parametrize(("text", "wanted"), WORDS, ids=[text for text, _ in WORDS])
def test_all_is_asked_for_by_a_word_for_it_or_a_plural_that_names_none(text: str, wanted: bool):
    assert asks_for_all(text, kinds_of(ALL)) is wanted


def test_the_operation_for_one_has_one_more_placeholder():
    assert deletes_one(ALL, collections(BOXES.values())) == "deleteBox"
    assert deletes_one(ONE, collections(BOXES.values())) is None
    assert deletes_one(CACHE, collections(BOXES.values())) is None
    deeper = Operation("deleteLid", "DELETE", "/shelves/{shelf_id}/boxes/{name}/lid")
    assert deletes_one(ALL, collections([deeper])) is None


@pytest.mark.parametrize(("text", "wanted"), [case for case in WORDS if "s-1" in case[0]], ids=[text for text, _ in WORDS if "s-1" in text])
def test_a_whole_collection_is_deleted_only_if_the_words_ask_for_it(text: str, wanted: bool):
    verdict = Talk(text, operations=BOXES).call("deleteCollectionBox", shelf_id="s-1")
    if wanted:
        assert isinstance(verdict, NeedsApproval)
    else:
        assert isinstance(verdict, Rejected)
        assert (verdict.checkpoint, verdict.final) == ("within_intent", False)
        assert "deleteBox" in verdict.reason


def test_the_same_path_with_the_ids_that_were_named_is_for_those():
    conversation = Talk("delete box b-1 on shelf s-1", operations=BOXES)
    assert isinstance(conversation.call("deleteCollectionBox", shelf_id="s-1", box_id=["b-1"]), NeedsApproval)


def test_what_has_no_single_ones_is_deleted_as_a_whole():
    assert isinstance(Talk("delete the cache", operations=BOXES).call("deleteCache"), NeedsApproval | Passed)


UIDS = Parameter("uids", "query", False, {"type": "array", "items": {"type": "integer"}})
JOBS = {
    each.id: each
    for each in (
        Operation("cancelJobs", "POST", "/jobs/cancel", "Cancel jobs", parameters=(UIDS,)),
        Operation("deleteJobs", "DELETE", "/jobs", "Delete jobs", parameters=(UIDS,)),
        Operation("getJob", "GET", "/jobs/{uid}", "Get a job", parameters=(Parameter("uid", "path", True, {"type": "integer"}),)),
        Operation("startJob", "POST", "/jobs/{uid}/start", "Start a job", parameters=(Parameter("uid", "path", True, {"type": "integer"}),)),
        Operation("startJobs", "POST", "/jobs/create", "Create a job"),
        Operation("clearLog", "DELETE", "/log", "Clear the log"),
    )
}


def test_a_change_of_many_is_known_by_the_single_ones_beside_it():
    found = {name: changes_many(each, collections(JOBS.values())) for name, each in JOBS.items()}
    assert found == {"cancelJobs": "jobs", "deleteJobs": "jobs", "getJob": None, "startJob": None, "startJobs": None, "clearLog": None}


@pytest.mark.parametrize("tool", ["cancelJobs", "deleteJobs"])
def test_a_change_of_many_is_not_made_for_one_that_is_left_out(tool: str):
    verb = JOBS[tool].summary.split()[0]
    for named in ("job 12", "the job 12", "the job '12'"):
        verdict = Talk(f"{verb} {named}", operations=JOBS).call(tool)
        assert isinstance(verdict, Rejected)
        assert (verdict.checkpoint, verdict.final) == ("within_intent", False)
        assert isinstance(Talk(f"{verb} {named}", operations=JOBS).call(tool, uids=[12]), NeedsApproval)
    for several in ("the jobs", "all jobs", "every job", "the job now"):
        assert isinstance(Talk(f"{verb} {several}", operations=JOBS).call(tool), NeedsApproval)
