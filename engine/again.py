"""Messages that mean the one before them: the same again, or the same with another value. Pure."""

import re

from engine.purpose import is_verb
from engine.verbs import FILLERS, NEGATIONS, PRONOUNS, QUESTION
from engine.words import GRAMMAR

AGAIN = re.compile(
    r"\W*(?:please\s+)?(?:(?:try|do)\s+(?:it|that|this)?\s*(?:again|once more|one more time)|retry|again|once more|repeat(?:\s+(?:it|that|this))?"
    r"|다시(?:\s*(?:해|시도)\S*)?)(?:\W+please)?\W*",
    re.IGNORECASE,
)
NO_VALUES = GRAMMAR | FILLERS | NEGATIONS | PRONOUNS | QUESTION | {"wait", "stop", "cancel", ""}
_LEAD = r"(?:no|nope|sorry|oops|wait|actually|아니)\b[\s,.!-]*"
_VALUE = r"(?:(?:the )?(?:user|one|group) )?(?P<{name}>['\"]?[^\s,.!?]+?['\"]?)"
CORRECTS = re.compile(
    rf"\W*(?:(?:{_LEAD})*(?:i|we)\s+mean(?:t)?\s+{_VALUE.format(name='meant')}|(?:{_LEAD})+{_VALUE.format(name='said')}"
    rf"|(?:{_LEAD})*{_VALUE.format(name='rather')}\s+(?:instead|rather))(?:[\s,]+(?:instead|please|sorry))*\W*",
    re.IGNORECASE,
)


def asks_again(text: str) -> bool:
    """The message only says that the one before it is meant once more."""
    return AGAIN.fullmatch(text) is not None


def corrected(text: str) -> str | None:
    """The value of a message that only says another one than before: "no, I meant tsingh", "tsingh instead"."""
    found = CORRECTS.fullmatch(text)
    value = (found["meant"] or found["said"] or found["rather"]).strip("'\"") if found else ""
    plain = value.lower()
    return value if plain not in NO_VALUES and not is_verb(plain) else None
