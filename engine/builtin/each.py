"""One goal for each of several things: those that are named, those of a list that is read first, those of a list that was read before. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.builtin import dates, reply, verbs, words
from engine.builtin.affinity import Request
from engine.builtin.conversation import Step
from engine.builtin.desk import Call, Desk, Say, filled
from engine.builtin.fill import Path, assemble, picks
from engine.builtin.mentions import Mention, find, together, unquoted
from engine.builtin.records import meant, rows
from engine.builtin.requests import OF_LIST, Goal
from engine.builtin.toolbox import Field, Tool
from engine.builtin.walk import EACH, everywhere

WORDS = frozenset({"word", "run", "phrase"})  # kinds of mentions that are plain words
MOST = 8  # of a list in one turn: a turn has twelve steps
ALL = re.compile(r"\b(?:all|each|every|everyone|everybody|both)\b", re.IGNORECASE)
ITEM = r"(?:[\w.@-]*\w)"
LISTED = re.compile(
    rf"(?P<noun>[A-Za-z]+s)\s+(?P<items>{ITEM}(?:\s*,\s*{ITEM})*\s*,?\s+(?:and|or)\s+{ITEM})"
    r"(?=\s*(?:$|[.!?]|\b(?:to|from|in|on|of|with)\b))"
)
BETWEEN = re.compile(r"\s*,?\s+(?:and|or)\s+|\s*,\s*")


@dataclass(frozen=True, slots=True)
class Several:
    """`left`: of how many more nothing is done in this turn."""

    goals: tuple[Goal, ...]
    left: str = ""


def named(text: str, nouns: frozenset[str]) -> str:
    """Lock users a, b and c: each in quotation marks, so that no word of a list is taken for a little one."""
    found = LISTED.search(unquoted(text))
    if found is None or words.stem(found["noun"]) not in nouns:
        return text
    items = BETWEEN.split(found["items"])
    if any(words.stem(item) in nouns | words.COMMAND_STEMS or (len(item) > 1 and item.lower() in words.STOP) for item in items):
        return text
    quoted = " and ".join(f"'{item}'" for item in items)
    return f"{text[: found.start('items')]}{quoted}{text[found.end('items') :]}"


def each(desk: Desk, goal: Goal) -> Several | Call | Say:
    """The goals in the place of this one, or the list that must be read first."""
    if goal.through and EACH.search(goal.text):
        found = everywhere(desk, goal)
        several = _goals(desk, goal, *found) if isinstance(found, tuple) else found
        return several or Several((goal,))
    if goal.through or goal.given:
        return Several((goal,))
    before = _of_earlier(desk, goal)
    if before is not None:
        return before
    joined = _joined(desk, goal)
    if joined:
        start, end = joined[0].start, joined[-1].end
        return Several(tuple(Goal(goal.tool, goal.text[:start] + goal.text[m.start : m.end] + goal.text[end:]) for m in joined))
    return _listed(desk, goal) or Several(tuple(Goal(goal.tool, text) for text in _each_choice(desk, goal)))


def _joined(desk: Desk, goal: Goal) -> list[Mention]:
    """What is named where the tool takes one at a time: delete user1 and user2, users in Sales or Support."""
    mentions = filled(desk, goal).mentions
    wanted = goal.tool.fields if goal.tool.reads else goal.tool.identifiers
    first = [mentions[f.path] for f in wanted if f.path in mentions and not f.many]
    several = (together(one, find(goal.text, desk.nouns), goal.text) for one in first)
    # "between a and b" names two where two are wanted: only what no other field takes is one more of the same.
    taken = {(m.start, m.end) for m in mentions.values()}
    joined = next((found for found in several if len(found) > 1 and not any((m.start, m.end) in taken for m in found[1:])), [])
    alike = len({m.kind for m in joined}) == 1 or all(m.kind in WORDS and " " not in m.text for m in joined)
    return joined if alike else []


def _each_choice(desk: Desk, goal: Goal) -> list[str]:
    """locked or suspended users: the words once for each listed value of a field that takes one."""
    for field in goal.tool.fields if goal.tool.reads else ():
        if field.role == "choice" and not field.many and len(values := picks(field, Request(goal.text, goal.tool, desk.nouns))) > 1:
            return [_without(goal.text, [other for other in values if other != value]) for value in values]
    return [goal.text]


def _without(text: str, values: Sequence[Any]) -> str:
    stems = {stem for value in values for stem in words.stems(str(value))}
    for token in reversed(words.tokens(text)):
        if token.stem in stems:
            text = text[: token.start] + "·" * (token.end - token.start) + text[token.end :]
    return text


def _which(tool: Tool, values: Mapping[Path, Any]) -> Field | None:
    """The one id that is open."""
    ids = [f for f in tool.fields if f.required and f.path not in values and (f.suppliers or f in tool.identifiers)]
    return ids[0] if len(ids) == 1 else None


def _of_earlier(desk: Desk, goal: Goal) -> Several | None:
    """lock both of them, delete the first two: of the list that was read last."""
    found = OF_LIST.search(unquoted(goal.text))
    step = next((s for s in reversed(desk.talk.earlier) if s.done and rows(s.data)), None)
    if found is None or step is None:
        return None
    said = filled(desk, goal)
    words_of_list = {path for path, mention in said.mentions.items() if mention.overlaps(*found.span())}
    field = _which(goal.tool, {path: value for path, value in said.values.items() if path not in words_of_list})
    if field is None:
        return None
    records = rows(step.data)
    if found["side"]:
        count = words.NUMBERS.get(found["n"].lower()) or int(found["n"])
        records = records[:count] if found["side"].lower() == "first" else records[-count:]
    return _goals(desk, goal, field, step, records)


def _listed(desk: Desk, goal: Goal) -> Several | Call | Say | None:
    """for each group list its members, lock all users in Finance: the list is read, narrowed by the same words."""
    text = unquoted(goal.text)
    said = {path: value for path, value in filled(desk, goal).values.items() if value is not None}
    field = _which(goal.tool, said) if ALL.search(text) else None
    source = next((t for t in _lists(desk, goal, field)), None) if field else None
    if field is None or source is None:
        return None
    narrowed = _narrowed(desk, Goal(source, _without_verb(desk, goal)))
    if not narrowed and not goal.tool.reads:
        return None  # all there are: which one is asked
    step = next((s for s in desk.talk.steps if s.tool == source.name and s.result and dict(s.arguments) == narrowed), None)
    if step is None:
        return Call(source.name, narrowed)
    if not step.done:
        return Say(reply.failed(step))
    if not rows(step.data):
        return Say(reply.outcome(Goal(source, goal.text), step, one_of_several=True))
    return _goals(desk, goal, field, step, rows(step.data))


def _without_verb(desk: Desk, goal: Goal) -> str:
    """lock all active users: what is to be done to them does not say what they are like now, and locked ones are not meant."""
    tokens = words.tokens(unquoted(goal.text))
    at = verbs.place(tokens, desk.nouns)
    return goal.text if at is None or goal.tool.reads else goal.text[: tokens[at].start] + "list" + goal.text[tokens[at].end :]


def _lists(desk: Desk, goal: Goal, field: Field) -> list[Tool]:
    """What supplies the id without needing anything; where the document does not say, what lists such things."""
    told = [desk.tools[s.operation] for s in field.suppliers if s.operation in desk.tools]
    known = told or [t for t in desk.tools.values() if t.plural and set(t.nouns) <= set(goal.tool.nouns)]
    tokens = words.tokens(unquoted(goal.text))
    said, everyone = {t.stem for t in tokens}, any(t.lower in words.EVERYONE for t in tokens)  # of whatever the call is for
    free = (t for t in known if t.reads and t is not goal.tool and not any(f.required for f in t.fields))
    return [t for t in free if said & set(t.nouns) or (everyone and set(t.nouns) <= set(goal.tool.nouns))]


def _narrowed(desk: Desk, goal: Goal) -> dict[str, Any]:
    timed = {f.path for f in dates.timed(goal.tool.fields, goal.text)}
    values = {path: value for path, value in filled(desk, goal).values.items() if value is not None and path not in timed}
    return assemble(values)


def _goals(desk: Desk, goal: Goal, field: Field, step: Step, records: Sequence[Mapping[str, Any]]) -> Several | None:
    found = [(value, row) for row in records if (value := meant(field, step, row, desk.tools)) is not None]
    if not found:
        return None
    goals = tuple(replace(goal, given=((field.path, value),), called=reply.called(row)) for value, row in found[:MOST])
    total = max(step.count or 0, len(found)) if len(records) == len(rows(step.data)) else len(found)
    return Several(goals, reply.left(goal.tool, total - len(goals)) if total > len(goals) else "")
