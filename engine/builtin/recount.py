"""Questions about what was done, by whom and when, and the operations that answer them: logs, events, histories. Pure."""

import re

from engine.builtin import words
from engine.builtin.mentions import unquoted
from engine.builtin.toolbox import Tool

_HAVE = r"(?:did|has|have|had)"
_OPENING = r"^\W*(?:(?:please|can you|could you|show|tell|list|give|me|us)\s+)*"
WHAT = re.compile(
    rf"{_OPENING}what(?:\s+(?:all|else))?\s+(?:(?:{_HAVE}\s+)?(?:happen|occur|chang)(?:ed|s|es)?\b|(?:was|were)\s+(?:done|changed)\b"
    rf"|\w+(?:\s+\w+)?\s+(?:did|has done|have done|has been doing)\b(?!\s+(?:not|n[o']))"
    rf"|{_HAVE}\b.{{1,80}}?\b(?:do|done|been doing|change|changed|been up to)\b(?!\s+to\s+be))",
    re.IGNORECASE,
)
WHO = re.compile(
    rf"{_OPENING}(?:who|which\s+(?P<noun>\w+))\s+(?:(?:has|have|had|all|else|last|recently|just|also)\s+)*(?P<verb>\w+ed)\b", re.IGNORECASE
)
SUFFERED = re.compile(r"\b(?:happen(?:ed|s)?|occur(?:red|s)?|done)\s+(?:to|with)\b", re.IGNORECASE)
TELLING = frozenset(words.stem(w) for w in ("log", "event", "activity", "history", "audit", "trail", "journal"))
TRYING = frozenset(words.stem(w) for w in ("failed", "tried", "attempted", "succeeded", "managed"))


def asked(text: str) -> bool:
    """what did anna do, what happened, who deleted a group"""
    plain = unquoted(text)
    return bool(WHAT.search(plain)) or asks_who(plain)


def asks_who(text: str) -> bool:
    """Whether the one who did something is asked for: whoever is named is then not that one."""
    found = WHO.search(text)
    if found is None or (found["noun"] and words.stem(found["noun"]) not in words.PERSON_STEMS):
        return False
    return words.stem(found["verb"]) in words.COMMAND_STEMS | TRYING


def asks_doer(text: str) -> bool:
    """Whether those named are whom something was done to: who locked anna, what happened to anna."""
    return asks_who(unquoted(text)) or bool(SUFFERED.search(text))


def answers(tool: Tool) -> bool:
    """Whether the operation lists what happened."""
    return tool.reads and not tool.identifiers and bool(TELLING & {*tool.nouns, *tool.topics})
