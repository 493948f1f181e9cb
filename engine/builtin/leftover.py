"""Words of a request for a list that narrowed nothing: suspended users, where no field knows that word. They are told, never dropped. Pure."""

import re
from collections.abc import Iterator, Mapping

from engine.builtin import dates, present, recount, verbs, words
from engine.builtin.choices import negated
from engine.builtin.conversation import Step
from engine.builtin.desk import Desk, filled
from engine.builtin.mentions import Mention, find, unquoted
from engine.builtin.records import rows
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Tool
from engine.builtin.words import Token

NAMES = frozenset({"code", "name", "quoted", "email", "uuid"})
SHORT = 24  # words; a longer story names much that is no filter
MOST, LOOKED_AT = 3, 20
LITTLE = frozenset({*words.STOP, *words.EMPTY, *words.NUMBERS, *words.ORDINALS, *words.NOWHERE, *words.SOFT, "think", "sort", "again", "instead"})
ENOUGH = 0.5  # a word of the tool's name, summary, fields or listed values


def unused(desk: Desk, goal: Goal, step: Step) -> list[str]:
    """What the customer said about the ones wanted and neither an argument nor a column's name carries, in order."""
    if not (goal.tool.reads and goal.tool.plural):
        return []
    text, compared = unquoted(goal.text), present.compared(unquoted(goal.text), step)
    for start, end in (*((s, e) for _, s, e in dates.phrases(goal.text)), *((c.start, c.end) for c in compared), *present.orders(text)):
        text = text[:start] + "·" * (end - start) + text[end:]
    tokens = [t for t in words.tokens(text) if t.text.strip("·")]
    if len(tokens) > SHORT:
        return []
    sent = [str(value) for value in step.arguments.values()]
    used = [(m.start, m.end) for path, m in filled(desk, goal).mentions.items() if path[0] in step.arguments or m.text in sent]
    known = _carried(desk, goal, step)
    free = {t.start: t.text for t in tokens if _says(t, known) and not _within(t, used) and not _taken_up(t, goal)}
    free |= {m.start: m.text for m in _names(goal.text, desk) if not _taken(m, used, goal.text) and not _known(m.text, desk, goal.tool)}
    free |= dict(_negated(tokens, goal.tool))
    free |= {c.start: c.said for c in compared if not (c.shown or c.carried)}
    return list(dict.fromkeys(_whole(free)))[:MOST]


def _carried(desk: Desk, goal: Goal, step: Step) -> frozenset[str]:
    """Stems that the operation's name, the arguments, the columns or the product's name account for."""
    values = [v for value in step.arguments.values() for v in (value if isinstance(value, list) else [value])]
    arguments = {stem for v in values for stem in (*words.stems(str(v)), words.stem(str(v)))}
    chosen = {f for f in goal.tool.fields if f.path[0] in step.arguments}
    # "not locked" was asked for as "active", "disabled" as a switch
    others = {stem for f in chosen if f.role == "choice" for v in f.choices if len(f.choices) == 2 for stem in words.stems(str(v))}
    switches = {words.stem(w) for w in words.SWITCHES} if any(f.role == "switch" for f in chosen) else set()
    columns = {stem for row in rows(step.data)[:LOOKED_AT] for name in row for stem in words.stems(name)}
    named = {stem for f in goal.tool.fields for stem in f.words} | set(goal.tool.nouns) | set(goal.tool.topics)
    return frozenset((*arguments, *others, *switches, *columns, *named, *words.stems(desk.talk.product)))


def _taken_up(token: Token, goal: Goal) -> bool:
    """A word that chose the operation, the log for "what did anna do", or that a tool's two-word value joins."""
    return recount.asked(goal.text) and recount.answers(goal.tool) and (verbs.is_form(token) or token.text.lower() in words.DOES)


def _whole(free: Mapping[int, str]) -> list[str]:
    """In order, without what stands inside of something longer."""
    spans = [(start, start + len(text)) for start, text in free.items()]
    inner = {a for a in spans for b in spans if a != b and b[0] <= a[0] and a[1] <= b[1]}
    return [text for start, text in sorted(free.items()) if (start, start + len(text)) not in inner]


def _names(text: str, desk: Desk) -> Iterator[Mention]:
    """What is named, but for times and for words of the trade."""
    times = tuple((start, end) for _, start, end in dates.phrases(text))
    for mention in find(text, desk.nouns, times):
        plain = mention.text in words.ACRONYMS or dates.CALENDAR.fullmatch(mention.text) or not re.search(r"[^\W\d_]", mention.text)
        if mention.kind in NAMES and not plain:
            yield mention


def _taken(mention: Mention, used: list[tuple[int, int]], text: str) -> bool:
    """In an argument, or only telling more of one: Springfield, IL."""
    return any(mention.overlaps(*span) or (text[span[1] : mention.start] == ", " and mention.text.isupper()) for span in used)


def _negated(tokens: list[Token], tool: Tool) -> Iterator[tuple[int, str]]:
    """not admins: a filter says what is wanted, and what is not only where there are two values."""
    many = {stem for f in tool.fields if f.role == "choice" and len(f.choices) != 2 for v in f.choices for stem in words.stems(str(v))}
    for n, token in enumerate(tokens):
        if token.stem in many and negated(tokens, n):
            yield token.start, f"not {token.text}"


def _says(token: Token, known: frozenset[str]) -> bool:
    """Whether the word is about which ones are wanted, and nothing carries it."""
    plain = token.text in words.ACRONYMS or dates.CALENDAR.fullmatch(token.text) is not None
    little = plain or token.lower in LITTLE or token.stem in words.COPY_STEMS | words.GENERIC_STEMS or not re.search(r"[a-z]", token.lower)
    stems = {token.stem, *words.stems(token.text), words.joined(token.text)}
    return not little and not verbs.reads(token) and len(token.text) > 2 and not stems & known


def _in(text: str, vocabulary: Mapping[str, float]) -> bool:
    stems = {words.stem(text), *words.stems(text)}
    return any(vocabulary.get(stem, 0.0) >= ENOUGH for stem in stems)


def _known(name: str, desk: Desk, tool: Tool) -> bool:
    """A name that is part of what the product and its operations are called: no filter is meant."""
    said = {word for word in words.parts(name) if word not in words.STOP}
    product = set(words.parts(desk.talk.product))
    return all(word in product or _in(word, tool.vocabulary) or word.isdigit() for word in said) and not name[-1:].isdigit()


def _within(token: Token, spans: list[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)
