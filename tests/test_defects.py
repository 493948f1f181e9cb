"""The defects that bench/defects.py seeds can still be seeded: it is run by hand, and must not rot meanwhile."""

import ast

import pytest

from bench.defects import DEFECTS, ROOT, Defect


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_has_its_place_in_the_source(defect: Defect) -> None:
    for file, text, instead in defect.edits:
        source = (ROOT / file).read_text(encoding="utf-8")
        assert source.count(text) == 1, file
        ast.parse(source.replace(text, instead))


def test_there_are_a_dozen_of_them_at_least() -> None:
    assert len({defect.name for defect in DEFECTS}) >= 12
