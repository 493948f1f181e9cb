"""Messages that mean the one before them: the same again, or the same with another value. Pure."""

import re
from dataclasses import dataclass

from engine.words import GRAMMAR
from tools.purpose import is_verb
from tools.verbs import FILLERS, NEGATIONS, PRONOUNS, QUESTION, names

AGAIN = re.compile(
    r"\W*(?:please\s+|ok(?:ay)?,?\s+|no,?\s+|just\s+)*(?:(?:try|do|run|send)\s+(?:(?:it|that|this|so)\s+)?(?:again|once more|one more time)"
    r"|retry|again|once more|one more time|same again|repeat(?:\s+(?:it|that|this))?|다시(?:\s*(?:해|시도)\S*)?)(?:\W+please)?\W*",
    re.IGNORECASE,
)
LONGEST = 200  # characters: a longer message says more than that
NO_VALUES = (
    GRAMMAR
    | FILLERS
    | NEGATIONS
    | PRONOUNS
    | QUESTION
    | names(
        "wait stop cancel problem worries way idea good hurry need nevermind later typo wrong mistake right correct great fine perfect cool bad",
        "됐어 됐어요 취소 그만 아니 괜찮아 괜찮아요",
    )
    | {""}
)
_LEAD = r"(?:no|nope|sorry|oops|wait|actually|아니)\b[\s,.!-]{0,4}"
_CUT = r"(?:no|nope|sorry|oops|wait|actually|아니)\s{0,3}[,.!-]\s{0,3}"  # "no problem" is no correction
_VALUE = r"(?:(?:the )?(?:user|one|group) )?(?P<{name}>['\"]?[^\s,.!?]+?['\"]?)"
CORRECTS = re.compile(
    rf"\W*(?:(?:{_LEAD})*(?:i|we)\s+mean(?:t)?\s+{_VALUE.format(name='meant')}|(?:{_LEAD})*{_CUT}{_VALUE.format(name='said')}"
    rf"|(?:{_LEAD})*{_VALUE.format(name='rather')}\s+(?:instead|rather))(?:[\s,]+(?:instead|please|sorry))*\W*",
    re.IGNORECASE,
)
_NAME = r"(?P<{name}>'[^'\n]{{1,60}}'|\"[^\"\n]{{1,60}}\"|[^\s,.!?'\"]+(?: [A-Z][^\s,.!?]*){{0,3}})"
_OPEN = r"(?:(?:and|now|then|also|please|ok(?:ay)?|do|can you|could you)\b[\s,]*){0,4}"
FOLLOWS = re.compile(
    rf"\W*(?:{_OPEN}(?:(?:do )?(?:the )?same(?: thing)?|that|it|likewise)(?: again| too)? (?:for|with|to|on|in) (?:the )?(?:(?P<kind>[a-z]+) )?"
    rf"{_NAME.format(name='same')}|(?:and|(?:and )?(?:what|how) about|now)(?: (?P<mark>for|in|with|of|from|at|to|on))? (?:the )?"
    rf"(?:(?P<sort>[a-z]+) )?{_NAME.format(name='next')})\W*"
)
ENDING = re.compile(r"(?:[\s,]+(?:too|as well|please|then|instead))+\W*$", re.IGNORECASE)
OTHER = re.compile(
    r"\W*(?:(?:no|nope|sorry|wait|actually|and|now)\b[\s,.!-]*)*(?:i meant |do )?the other (?P<noun>[a-z]+)(?:[\s,]+(?:instead|please|too))*\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Follows:
    """The message before is meant once more, with another value: "the same for Anna", "and in Finance?"."""

    value: str
    kind: str  # what the value is said to be
    mark: str  # the little word before it


def follows(text: str) -> Follows | None:
    text = ENDING.sub("", text[:1].lower() + text[1:])
    found = FOLLOWS.fullmatch(text) if 0 < len(text) <= LONGEST else None
    if found is None:
        return None
    value, kind, mark = (found["same"] or found["next"]).strip("'\""), found["kind"] or found["sort"] or "", found["mark"] or ""
    plain = value.lower()
    usable = plain not in NO_VALUES and kind not in NO_VALUES - {""} and not is_verb(plain) and not is_verb(kind)
    return Follows(value, kind, mark) if usable else None


def other(text: str) -> str | None:
    """The kind of thing of which the other one is meant: "no, the other group"."""
    found = OTHER.fullmatch(text) if len(text) <= LONGEST else None
    return found["noun"].lower() if found else None


def leans_back(text: str) -> bool:
    """Whether the message says what is to be done only together with the one before it."""
    return bool(asks_again(text) or corrected(text) or follows(text) or other(text))


def asks_again(text: str) -> bool:
    """The message only says that the one before it is meant once more."""
    return len(text) <= LONGEST and AGAIN.fullmatch(text) is not None


def corrected(text: str) -> str | None:
    """The value of a message that only says another one than before: "no, I meant tsingh", "tsingh instead"."""
    found = CORRECTS.fullmatch(text) if len(text) <= LONGEST else None
    value = (found["meant"] or found["said"] or found["rather"]).strip("'\"") if found else ""
    plain = value.lower()
    return value if plain not in NO_VALUES and not is_verb(plain) else None
