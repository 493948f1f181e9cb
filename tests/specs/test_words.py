"""Words and the index over them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.words import Lines, WordIndex, tokens

TEXTS = st.lists(st.lists(st.text(alphabet="abc de_fG1", max_size=20), min_size=2, max_size=2), max_size=6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("listUserGroups", ["list", "user", "group"]),
        ("list_user_groups", ["list", "user", "group"]),
        ("GET /audit-logs/{entry_id}", ["get", "audit", "log", "entry", "id"]),
        ("HTTPServer2", ["http", "server", "2"]),
        ("the of a", []),
        ("사용자 목록", ["사용자", "목록"]),
    ],
)
def test_names_fall_into_words(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@given(st.text(alphabet="aB1_é사.\n", max_size=20) | st.text(max_size=20))
def test_a_text_taken_apart_by_lines_has_the_same_words(text: str) -> None:
    lines = Lines()
    assert list(lines.tokens(text)) == list(lines.tokens(text)) == tokens(text)


@pytest.mark.parametrize(
    "family",
    [
        "create creates created creating",
        "user users",
        "category categories",
        "delete deleted deleting",
        "box boxes",
        "status",
        "address addresses",
        "stop stopped stopping",
    ],
)
def test_forms_of_a_word_meet(family: str) -> None:
    assert len(set(tokens(family))) == 1


def index(**texts: tuple[str, str]) -> WordIndex:
    return WordIndex.build((name, [(3.0, title), (1.0, text)]) for name, (title, text) in texts.items())


def test_a_title_counts_more_than_a_description_and_rare_words_more_than_common_ones() -> None:
    found = index(a=("list users", "get"), b=("list orders", "of users get"), c=("list", "get")).search("users", 10)
    assert [name for name, _ in found] == ["a", "b"]


def test_a_short_title_that_says_just_this_wins() -> None:
    found = index(a=("create an issue reaction for a team discussion", ""), b=("create an issue", ""))
    assert found.search("create issue", 2)[0][0] == "b"


def test_equal_ones_stand_in_the_documents_order() -> None:
    assert [name for name, _ in index(b=("x", ""), a=("x", ""), c=("x", "")).search("x", 2)] == ["b", "a"]


@given(TEXTS, st.text(alphabet="abc de", max_size=10))
def test_an_index_survives_being_stored(texts: list[list[str]], query: str) -> None:
    built = WordIndex.build((str(number), [(3.0, title), (1.0, text)]) for number, (title, text) in enumerate(texts))
    assert WordIndex.loads(built.dumps(), [str(number) for number in range(len(texts))]).search(query, 10) == built.search(query, 10)


def test_among_many_places_the_words_that_say_most_still_decide() -> None:
    """Of five words each in 6,000 to 24,000 operations: the best are those of an index in which every place is read."""
    common = ("list", "get", "item", "page", "user")
    held = [[word for n, word in enumerate((*common, *[""] * 694, "rare"), 1) if word and number % n == 0] for number in range(24_000)]
    texts = [" ".join([*words, *["filler"] * (6 - len(words))]) for words in held]  # all of one length, which would count too
    built = WordIndex.build((str(number), [(1.0, text)]) for number, text in enumerate(texts))
    found = [int(name) for name, _ in built.search("rare list get item page user", 20)]
    assert found == sorted(range(0, 24_000, 700), key=lambda number: (-sum(number % n == 0 for n in range(1, 6)), number))[:20]


def test_an_index_of_many_operations_survives_being_stored() -> None:
    built = WordIndex.build((str(number), [(1.0, f"word{number % 1000}")]) for number in range(70_000))
    found = WordIndex.loads(built.dumps(), [str(number) for number in range(70_000)])
    assert found.search("word999", 70)[-1][0] == "69999"
