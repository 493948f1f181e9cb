"""What the engine says in its own words is said in Korean too, also what tools/ says of a product's answer."""

import re

import pytest

from engine.phrases import ENGLISH, KOREAN, warned
from tools.links import ACCEPTED
from tools.pages import THERE_ARE_MORE, partly

ENGLISH_WORD = re.compile(r"[A-Za-z]{4,}")
UNREAD = "Done, but the answer could not be read: {}."
REASONS = [
    "it is too large", "it broke off", "it is nested too deeply", "it holds too many lists and objects", "it holds too many elements",
    "it declares a document type, which is not read", "it is not valid XML", "it cannot be unpacked", "it is packed as br",
    "it is larger than 2 MB, too large to be kept", "it is larger than 2 MB, too large to be kept; fewer rows can be asked for with top or max",
]  # fmt: skip
WARNINGS = [
    ACCEPTED, partly(3, 10, ""), partly(1_000, None, THERE_ARE_MORE), partly(3, 10, "The product did not answer: it did not answer in time."),
    partly(3, None, "a further page could not be read, or was too large with those before it"),
    "Done, but what came of it could not be read: the answer is empty.", "Accepted, still running: the product does not say how far it is.",
    "Accepted, but how it goes on could not be read: The product could not be reached: the connection broke before the answer came.",
    *map(UNREAD.format, REASONS),
]  # fmt: skip


def test_each_phrase_is_there_in_both_languages() -> None:
    assert ENGLISH.keys() == KOREAN.keys()


@pytest.mark.parametrize("warning", WARNINGS)
def test_a_warning_about_an_answer_is_said_in_korean(warning: str) -> None:
    said = warned(warning)
    assert re.search("[가-힣]", said)
    assert not ENGLISH_WORD.search(said), said


def test_the_products_own_words_stay_as_they_are() -> None:
    assert warned("Accepted, still running: 40 % of the rows.") == "접수되어 아직 처리 중입니다: 40 % of the rows."
    assert warned("Something new") == "Something new"
