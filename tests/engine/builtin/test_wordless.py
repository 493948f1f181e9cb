"""Messages without a single word, after a result that "it" could mean: they are answered like any other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.builtin import words
from tests.engine.builtin.office import Talk

WORDLESS = st.text(st.characters(exclude_categories=["L", "N", "Cs"]), min_size=1, max_size=12).filter(lambda text: not words.tokens(text))


@pytest.mark.parametrize("text", ["👍", "...", "?", "!!", "\u200b", " "])
def test_a_mark_after_a_result_is_answered(text: str):
    assert Talk().say("list all persons").done({"items": [{"login": "anna"}]}, rows=1).say(text).call is None


@given(WORDLESS)
def test_no_text_without_words_breaks_a_turn(text: str):
    talk = Talk().say("show person1").done({"login": "person1"})
    assert talk.say(text).text
