"""Words that mean nearly the same."""

import struct
from itertools import accumulate

import pytest

from specs.words import tokens
from tests.specs.documents import compiled
from tools.rank import rank
from tools.thesaurus import Thesaurus, _thesaurus, like, rarity


def table(**rows: list[tuple[str, int]]) -> bytes:
    words = list(rows)
    pairs = [pair for row in rows.values() for pair in row]
    ends, last = accumulate(len(word) + 1 for word in words), accumulate(map(len, rows.values()))
    which = b"".join(struct.pack("<H", words.index(word)) for word, _ in pairs)
    places = b"".join(struct.pack("<I", number) for number in (*ends, *last))
    text = "\n".join(("", *words, "")).encode()
    return struct.pack("<III", 2, len(words), len(pairs)) + places + which + bytes(value for _, value in pairs) + text


def test_a_token_brings_its_neighbours_best_first_and_says_how_alike_they_are():
    thesaurus = Thesaurus(table(film=[("movi", 255), ("cinema", 102)], movi=[], cinema=[("film", 51)]))
    assert list(thesaurus.like("film")) == [("movi", 1.0), ("cinema", 0.4)]
    assert list(thesaurus.like("cinema")) == [("film", 0.2)]
    assert not list(thesaurus.like("movi"))
    assert not list(thesaurus.like("zebra"))
    assert not list(thesaurus.like("fil"))
    assert not list(thesaurus.like("film\nmovi"))


def test_a_table_of_another_format_is_refused():
    with pytest.raises(ValueError, match="format 1"):
        Thesaurus(struct.pack("<III", 1, 0, 0))


def test_the_table_that_comes_with_the_package_holds_together():
    thesaurus = _thesaurus()
    assert len(thesaurus) > 15_000
    for token in ("film", "weather", "payment", "cancel"):
        found = list(thesaurus.like(token))
        shares = [share for _, share in found]
        assert token not in dict(found)
        assert shares == sorted(shares, reverse=True)
        assert min(shares) > 0.29
        assert max(shares) <= 1


@pytest.mark.parametrize(("said", "meant"), [("temperature", "weather"), ("physician", "doctor"), ("lyrics", "songs"), ("postpone", "delays")])
def test_everyday_words_meet_those_of_the_same_meaning(said: str, meant: str):
    (token,), (other,) = tokens(said), tokens(meant)
    assert [word for word, _ in like(token, {other, "zebra"})] == [other]


def test_only_words_that_the_document_knows_are_brought_and_only_a_few():
    every = [word for word, _ in _thesaurus().like("payment")]
    assert [word for word, _ in like("payment", every)] == every[:3]
    assert [word for word, _ in like("payment", every[5:])] == every[5:8]
    assert like("payment", ()) == []


def test_between_words_that_have_rows_of_synonyms_only_the_rows_count():
    # To the table "new" is like "update".
    assert "updat" in dict(_thesaurus().like("new"))
    shown = {"updateUser": "Update a user", "createUser": "Create a user"}
    document = compiled({f"/{name}": {"post": {"operationId": name, "summary": summary, "responses": {}}} for name, summary in shown.items()})
    assert rank(document, "please add a new user", 1)[0][0] == "createUser"


def test_a_sentence_finds_an_operation_that_uses_none_of_its_words():
    shown = [("getForecast", "Weather for a city"), ("listInvoices", "Invoices of a customer"), ("playTrack", "Play a song")]
    document = compiled({f"/{name}": {"get": {"operationId": name, "summary": summary, "responses": {}}} for name, summary in shown})
    assert [one for one, _ in rank(document, "will there be rainfall?", 1)] == ["getForecast"]
    assert [one for one, _ in rank(document, "is there a melody for it?", 1)] == ["playTrack"]


def test_a_rare_word_tells_more_than_a_common_one_and_an_unknown_one_most():
    school, museum, shouted = (rarity(one) for one in ("school", "museum", "qwrtzpl"))
    assert 0 < school < museum < shouted == 1.0
    assert rarity("a\nb") == 1.0
