"""Messages that mean the one before them: the same again, or the same with another value. Pure."""

import re

from engine.words import GRAMMAR
from tools.purpose import is_verb
from tools.verbs import FILLERS, NEGATIONS, PRONOUNS, QUESTION, names

AGAIN = re.compile(
    r"\W*(?:please\s+|ok(?:ay)?,?\s+|no,?\s+|just\s+)*(?:(?:try|do|run|send)\s+(?:(?:it|that|this|so)\s+)?(?:again|once more|one more time)"
    r"|retry|again|once more|one more time|same again|repeat(?:\s+(?:it|that|this))?|다시(?:\s*(?:해|시도)\S*)?)(?:\W+please)?\W*",
    re.IGNORECASE,
)
LONGEST = 200  # characters: a longer message says more than that
NO_VALUES = GRAMMAR | FILLERS | NEGATIONS | PRONOUNS | QUESTION | names(
    "wait stop cancel problem worries way idea good hurry need nevermind later typo wrong mistake right correct great fine perfect cool bad",
    "됐어 됐어요 취소 그만 아니 괜찮아 괜찮아요",
) | {""}
_LEAD = r"(?:no|nope|sorry|oops|wait|actually|아니)\b[\s,.!-]{0,4}"
_CUT = r"(?:no|nope|sorry|oops|wait|actually|아니)\s{0,3}[,.!-]\s{0,3}"  # "no problem" is no correction
_VALUE = r"(?:(?:the )?(?:user|one|group) )?(?P<{name}>['\"]?[^\s,.!?]+?['\"]?)"
CORRECTS = re.compile(
    rf"\W*(?:(?:{_LEAD})*(?:i|we)\s+mean(?:t)?\s+{_VALUE.format(name='meant')}|(?:{_LEAD})*{_CUT}{_VALUE.format(name='said')}"
    rf"|(?:{_LEAD})*{_VALUE.format(name='rather')}\s+(?:instead|rather))(?:[\s,]+(?:instead|please|sorry))*\W*",
    re.IGNORECASE,
)


def asks_again(text: str) -> bool:
    """The message only says that the one before it is meant once more."""
    return len(text) <= LONGEST and AGAIN.fullmatch(text) is not None


def corrected(text: str) -> str | None:
    """The value of a message that only says another one than before: "no, I meant tsingh", "tsingh instead"."""
    found = CORRECTS.fullmatch(text) if len(text) <= LONGEST else None
    value = (found["meant"] or found["said"] or found["rather"]).strip("'\"") if found else ""
    plain = value.lower()
    return value if plain not in NO_VALUES and not is_verb(plain) else None
