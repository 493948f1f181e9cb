"""Which word of a clause says what is to be done: a thing that is called like a verb, or what was done to it, does not. Pure."""

from collections.abc import Sequence

from engine.builtin import words
from engine.builtin.words import Token

ASKING = frozenset({"is", "are", "was", "were", "does", "did", "has", "have"})
# add anna to the editors: one thing, a little word, and what it becomes a part of
JOINING = frozenset(words.stem(w) for w in ("add", "remove", "assign", "invite", "attach", "put", "take", "move", "kick"))
TOWARD = frozenset({"to", "into", "from", "in", "of"})
# Before a participle these ask for the deed: I want user1 deleted, it should be closed.
_WISHES = frozenset({"want", "need", "get", "have", "be", "like"})
_OBJECTS = frozenset({"a", "an", "the", "me", "us", "my", "our", "some", "another", "it", "this", "that", "him", "her", "them", "these", "those"})
_THINGS_FOLLOW = frozenset({"a", "an", "the", "my", "our", "your", "his", "her", "their", "its", "this", "that", "all", "any", "some", "no", "new"})


def place(tokens: Sequence[Token], nouns: frozenset[str]) -> int | None:
    """Where the verb stands; None for a bare noun phrase. `nouns` are stems of what the document is about."""
    if tokens and tokens[0].lower in ASKING:
        return 0
    return next((n for n, token in enumerate(tokens) if is_form(token) and (reads(token) or _commands(tokens, n, nouns))), None)


def is_form(token: Token) -> bool:
    """Whether the word can be a verb at all."""
    return words.action_of(token.lower) is not None or token.stem in words.COMMAND_STEMS


def reads(token: Token) -> bool:
    return words.action_of(token.lower) == "read"


def _commands(tokens: Sequence[Token], n: int, nouns: frozenset[str]) -> bool:
    token = tokens[n]
    named = token.stem in nouns & words.DOUBLE_STEMS
    if token.lower.endswith("ing"):
        return False  # the following, I am starting a blog
    if token.lower.endswith("ed") or (not named and words.is_plural(token.text)):
        return any(t.lower in _WISHES for t in tokens[max(0, n - 4) : n])
    return not named or _acts(tokens, n, nouns)


def _acts(tokens: Sequence[Token], n: int, nouns: frozenset[str]) -> bool:
    """order 2 copies, order book 2, book the flight; but not: orders of Kim, order 7, the cheapest book."""
    before, following = tokens[:n], tokens[n + 1 : n + 3]
    if words.is_plural(tokens[n].text) or any(t.lower not in words.STOP for t in before) or (before and before[-1].lower in _THINGS_FOLLOW):
        return False
    counted = following and (following[0].lower.isdigit() or following[0].lower in words.NUMBERS)
    if counted and len(following) > 1 and following[1].lower in ("to", "from") and any(t.lower == "to" for t in tokens[n:]):
        return True  # transfer 100 from A to B
    if counted:
        return len(following) > 1 and following[1].lower not in words.STOP
    named = len(following) > 1 and following[0].stem in nouns and (following[1].text[:1].isupper() or following[1].text[-1:].isdigit())
    return named or (bool(following) and (following[0].lower in _OBJECTS or following[0].text[:1].isupper()))
