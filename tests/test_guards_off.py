"""The texts that bench/guards_off.py replaces are still there."""

from collections import Counter

import pytest

from bench.guards_off import GUARDS, ROOT, Off


@pytest.mark.parametrize("guard", GUARDS, ids=lambda each: each.name)
def test_what_switches_a_guard_off_is_found_exactly_once(guard: Off) -> None:
    assert (ROOT / guard.file).read_text().count(guard.old) == 1


def test_each_guard_has_a_name_of_its_own() -> None:
    assert max(Counter(each.name for each in GUARDS).values()) == 1
