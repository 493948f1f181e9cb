"""Evaluation rows as cases: what they expect, and that a set is whole or refused."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from feedback.cases import Case
from feedback.row_cases import load_rows
from feedback.verdict import missed
from preprocess.compile import compile_document
from runtime.errors import InvalidRequest
from tests.feedback.played import call, report
from tests.specs.documents import tree

SHOP = tree({"/orders": {"get": {"summary": "List orders"}, "post": {"summary": "Create an order"}}})
ROW = {"id": "r", "spec": "shop.json", "utterance": "New order", "gold_operation": ["post", "/orders/"]}


def loaded(folder: Path, *told: Any) -> tuple[Case, ...]:
    (folder / "shop.json").write_bytes(orjson.dumps(SHOP))
    (folder / "rows.jsonl").write_bytes(b"\n".join(orjson.dumps(each) for each in told))
    return load_rows(folder / "rows.jsonl", folder, compile_document).file.cases


def test_a_row_expects_its_gold(tmp_path: Path) -> None:
    gold = {
        "n": {"any_of": [1, 2]},
        "note": {"any_of": ["x"], "optional": True},
        "to": {"any_of": [{"$fields": {"city": {"any_of": ["Rome", "Roma"]}, "zip": {"any_of": ["1"], "optional": True}}}]},
        "lines": {"any_of": [{"$items": [{"$fields": {"sku": {"any_of": ["a"]}}}]}]},
    }
    (found,) = loaded(tmp_path, {**ROW, "gold_arguments": gold, "context": "Today is 2026-03-04."})
    assert (found.set, str(found.now)) == ("call", "2026-03-04 12:00:00+00:00")

    def kinds(**arguments: Any) -> list[str]:
        return [each.about for each in missed(found, report("confirm", call("POST /orders", **arguments)), lambda _: False)]

    assert kinds(n="2", to={"city": "roma", "street": "x"}, lines=[{"sku": "A"}]) == []
    assert kinds(n=3, note="y", to={"city": "Rom"}, lines=[]) == ["n", "note", "to", "lines"]


def test_questions_and_refusals_are_expected_by_action(tmp_path: Path) -> None:
    rows = [{**ROW, "id": action, "action": action, "gold_operations": [["POST", "/orders"]]} for action in ("clarify", "refuse")]
    for each in rows:
        del each["gold_operation"]
    ask, refuse = loaded(tmp_path, *rows)
    assert (ask.set, ask.expect and ask.expect.action) == ("clarify", "clarify")
    assert (refuse.set, refuse.expect and refuse.expect.action) == ("outofscope", "refuse")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**ROW, "gold_arguments": {}, "gold_operation": ["GET", "/nothing"]}, "row_operation_unknown"),
        ({**ROW, "gold_arguments": {"n": 1}}, "row_invalid"),
        (ROW, "row_invalid"),
        ({**ROW, "gold_arguments": {}, "spec": "none.json"}, "document_not_found"),
        ({"id": "r", "spec": "shop.json", "utterance": "x", "gold": []}, "row_not_a_case"),
        ({**ROW, "utterance": ""}, "row_without_utterance"),
    ],
)
def test_a_set_of_which_a_row_cannot_be_run_is_refused(tmp_path: Path, row: Any, code: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        loaded(tmp_path, {**ROW, "id": "good", "gold_arguments": {}}, row)
    assert caught.value.code == code
    assert "line 2" in caught.value.detail


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest) as caught:
        loaded(tmp_path)
    assert caught.value.code == "rows_missing"
