"""What bench/defects.py and bench/guards_off.py put out of work is still there: they are run by hand, and must not rot meanwhile."""

import ast
from collections import Counter
from subprocess import CompletedProcess

import pytest

from bench.defects import DEFECTS, Defect
from bench.edits import ROOT, Edit, failures, replaced
from bench.guards_off import GUARDS, Off


@pytest.mark.parametrize("each", [*DEFECTS, *GUARDS], ids=lambda each: each.name)
def test_the_text_is_found_exactly_once_and_what_comes_of_it_is_python(each: Defect | Off) -> None:
    for file, text in replaced(ROOT, each.edits).items():
        assert text != (ROOT / file).read_text(encoding="utf-8")
        if file.endswith(".py"):
            ast.parse(text)


@pytest.mark.parametrize("table", [DEFECTS, GUARDS], ids=["defects", "guards"])
def test_each_has_a_name_of_its_own_and_there_are_a_dozen_of_them_at_least(table: tuple[Defect | Off, ...]) -> None:
    assert len(table) >= 12
    assert max(Counter(each.name for each in table).values()) == 1


@pytest.mark.parametrize("old", ["this stands nowhere in it: \u0001", "import "])
def test_a_text_that_is_not_there_once_is_not_replaced(old: str) -> None:
    with pytest.raises(AssertionError, match=r"bench/edits\.py holds"):
        replaced(ROOT, [Edit("bench/edits.py", old, "")])


def test_only_a_failure_of_a_test_is_one() -> None:
    said = "FAILED tests/a.py::test_b[in Redis-1] - assert 1 == 2\nFAILED tests/a.py::test_c\n2 failed"
    assert failures(CompletedProcess([], 1, said, "")) == ["tests/a.py::test_b[in Redis-1]", "tests/a.py::test_c"]
    assert failures(CompletedProcess([], 0, "3 passed", "")) == []
    for code, out in ((1, "ERROR tests/a.py::test_b"), (1, ""), (2, said), (4, "no tests"), (5, "no tests ran")):
        with pytest.raises(RuntimeError):
            failures(CompletedProcess([], code, out, ""))
