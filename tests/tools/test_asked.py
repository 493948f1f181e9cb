"""What a sentence asks for."""

import time

import pytest

from tools.asked import Asked, asked

LONG = 100_000


@pytest.mark.parametrize(
    ("text", "changes", "reads"),
    [
        ("delete the user", ("delete",), False),
        ("Please could you delete the user", ("delete",), False),
        ("I want to cancel my order", ("cancel",), False),
        ("show me the users", (), True),
        ("who is in the team?", (), True),
        ("is there a free room", (), True),
        ("list the orders and delete the last one", ("delete",), True),
        ("create a team, then create a channel", ("create",), False),
        ("if the order is late, cancel it", ("cancel",), False),
        ("delete when show fails", ("delete",), False),
        ("when you delete it tell me", (), False),
        ("the quick brown order was deleted", (), False),
        ("post 'delete the user' to the channel", ("post",), False),
        ("", (), False),
    ],
)
def test_the_verbs_that_are_commanded_and_whether_something_is_read(text: str, changes: tuple[str, ...], reads: bool) -> None:
    found = asked(text)
    assert (found.changes, found.reads) == (changes, reads)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("delete the user", {"delet": 1.0, "user": 1.0}),
        ("if it is late, stop", {"lat": 0.6, "stop": 1.0}),
        ("stop if late. late", {"stop": 1.0, "lat": 1.0}),
        ("send 'red paint'", {"send": 1.0, "red": 0.3, "paint": 0.3}),
        ("star anna/notes", {"star": 1.0, "anna": 0.2, "not": 0.2}),
        ("wait... stop", {"wait": 1.0, "stop": 1.0}),
        ("it's the user's turn", {"s": 1.0, "user": 1.0, "turn": 1.0}),
        ("!?", {}),
    ],
)
def test_what_is_conditional_quoted_or_a_name_counts_less(text: str, words: dict[str, float]) -> None:
    assert asked(text).words == words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("call Anna", True),
        ("call 'anna'", True),
        ("전화 걸어 줘", True),
        ("Call her", False),
        ("call the user", False),
        ("call café", False),
    ],
)
def test_something_called_by_its_name_is_seen(text: str, names: bool) -> None:
    assert asked(text).names is names


@pytest.mark.parametrize("piece", [".", " ", "\n", "'", '"a', "a/", "a.", "A b ", ", ", ". ", "a-", "and ", "가", "가'"])
def test_the_time_of_a_long_text_grows_with_its_length(piece: str) -> None:
    begun = time.process_time()
    found = asked("show" + piece * (LONG // len(piece)) + "x")
    assert time.process_time() - begun < 2  # were each place tried against all that follow, half a minute and more
    assert isinstance(found, Asked)
