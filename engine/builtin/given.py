"""What the words of a question give a reading operation by themselves, and what they speak of among the operations at hand. Pure."""

import re
from typing import Any

from engine.builtin import sought, verbs, words
from engine.builtin.desk import Desk, filled
from engine.builtin.fill import Path
from engine.builtin.lookup import needed
from engine.builtin.mentions import unquoted
from engine.builtin.places import LEAST, asking
from engine.builtin.requests import Goal
from engine.builtin.sought import Sought
from engine.builtin.toolbox import Field, Tool
from engine.builtin.words import Token

STRONG = 0.9  # a word of an operation's name or summary
OFTEN = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly", "hour": "hourly"}
PAIRED = re.compile(r"/")  # anna/notes
BEHIND = re.compile(r"\W{0,2}(?:number |no\.? ?)?(\d{1,6})\b", re.IGNORECASE)
BEFORE = re.compile(rf"\b(?:(?P<word>{'|'.join(words.ORDINALS)})|(?P<digits>\d{{1,6}})(?:st|nd|rd|th))\s+$", re.IGNORECASE)


def spoken(desk: Desk, text: str) -> Sought:
    known = frozenset(stem for t in desk.tools.values() for stem, weight in t.vocabulary.items() if weight >= STRONG)
    return sought.read(text, desk.nouns, known, frozenset(stem for t in desk.tools.values() for stem in t.vocabulary))


def gone_into(desk: Desk, goal: Goal, said: str) -> bool:
    """Whether these words chose a way of several calls, or a record on it: a name, a verb, the highest, what the operations on the way are about."""
    found = spoken(desk, goal.text)
    if any(said in name.mention.text or name.mention.text in said for name in found.names):
        return True
    heard = [word for word in found.words if word.text in said.split()]
    known = {stem: weight for tool in (*goal.through, goal.tool) for stem, weight in tool.vocabulary.items()}
    verb = any(verbs.is_form(token) and not words.is_plural(token.text) for token in words.tokens(said))
    near = all(word.order or word.detail or any(f * known.get(stem, 0.0) >= LEAST for stem, f in word.like.items()) for word in heard)
    return verb or (bool(heard) and near)


def whole(desk: Desk, goal: Goal) -> bool:
    """Whether the words give this operation what it requires, and with it say which one is meant: nothing need be called before."""
    asks, required = asking(goal.tool), [f for f in goal.tool.fields if f.required]
    which = [f for f in required if f is not asks and f.role != "choice"]
    return bool(which) and {f.path for f in required} <= values(desk, goal, spoken(desk, goal.text)).keys()


def each_named(desk: Desk, goal: Goal) -> bool:
    """add hkim to the group auditors: every id of a change has a name of its own, and is looked up by that."""
    which, mentions = goal.tool.identifiers, filled(desk, goal).mentions
    return len(which) > 1 and all(field.path in mentions for field in which)


def fillable(desk: Desk, text: str, found: Sought, end: Tool | None = None) -> dict[str, frozenset[str]]:
    """Of each operation the required fields that the words fill by themselves."""
    known: dict[str, frozenset[str]] = {}
    for tool in desk.tools.values():
        required = [f for f in tool.fields if f.required]
        if (tool.reads or tool is end) and required:
            given = values(desk, Goal(tool, text), found)
            known[tool.name] = frozenset(f.name for f in required if f.path in given)
    return known


def values(desk: Desk, goal: Goal, found: Sought) -> dict[Path, Any]:
    """What the words give an operation, without the names of things whose id is wanted and the numbers of titles: 2 Broke Girls."""
    said = filled(desk, goal)
    kept = {path: value for path, value in said.values.items() if value is not None}
    for field in goal.tool.fields:
        mention = said.mentions.get(field.path)
        if mention is not None:
            around = (n.mention for n in found.names if n.mention.overlaps(mention.start, mention.end))
            part = any(mention.text not in PAIRED.split(name.text) for name in around)
            if part or needed(field, mention):
                kept.pop(field.path, None)
    return {**chosen(goal), **kept, **placed(goal)}


def placed(goal: Goal) -> dict[Path, Any]:
    """Required numbers that the words count: season 2, the third episode."""
    found = {f.path: _count(f, goal.text) for f in goal.tool.fields if f.required}
    return {path: value for path, value in found.items() if value is not None}


def chosen(goal: Goal) -> dict[Path, Any]:
    """Required listed values that other words than their own stand for: today's, weekly."""
    tokens = words.tokens(unquoted(goal.text))
    found = {f.path: next((v for v in f.choices if any(_stands(t, str(v).lower()) for t in tokens)), None) for f in goal.tool.fields if f.required}
    return {path: value for path, value in found.items() if value is not None}


def _stands(token: Token, value: str) -> bool:
    return len(value) > 1 and (token.stem == words.stem(value) or token.lower in (OFTEN.get(value), f"to{value}" if len(value) > 2 else None))


def _count(field: Field, text: str) -> int | None:
    if not field.kinds or not field.kinds <= {"integer", "number"} or field.suppliers:
        return None
    for token in words.tokens(unquoted(text)):
        if token.stem not in field.own_words:
            continue
        if (behind := BEHIND.match(text, token.end)) is not None:
            return int(behind[1])
        if (before := BEFORE.search(text[: token.start])) is not None:
            return int(before["digits"]) if before["digits"] else words.ORDINALS[before["word"].lower()] + 1 or None
    return None
