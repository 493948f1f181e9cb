"""Words of a request for a list that narrowed nothing: suspended users, where no field knows that word. They are told, never dropped. Pure."""

import re
from collections.abc import Iterator, Mapping

from engine.builtin import dates, words
from engine.builtin.choices import negated
from engine.builtin.desk import Desk, filled
from engine.builtin.mentions import Mention, find, unquoted
from engine.builtin.requests import Goal
from engine.builtin.toolbox import Tool
from engine.builtin.words import Token

NAMES = frozenset({"code", "name", "quoted", "email", "uuid"})
SHORT = 24  # words; a longer story names much that is no filter
ENOUGH = 0.5  # a word of the tool's name, summary, fields or listed values


def unused(desk: Desk, goal: Goal) -> list[str]:
    """What the customer said about the ones wanted and no argument carries."""
    if not (goal.tool.reads and goal.tool.plural):
        return []
    text = unquoted(goal.text)
    for _, start, end in dates.phrases(goal.text):
        text = text[:start] + "·" * (end - start) + text[end:]
    tokens = [t for t in words.tokens(text) if t.text.strip("·")]
    if len(tokens) > SHORT:
        return []
    used = [(m.start, m.end) for m in filled(desk, goal).mentions.values()]
    adjectives = {t.start: t.text for t in (*_before(tokens, goal.tool), *_behind(tokens, goal.tool)) if _says(t, goal.tool) and not _within(t, used)}
    adjectives |= dict(_negated(tokens, goal.tool))
    names = (m for m in _names(goal.text, desk) if not _taken(m, used, goal.text))
    free = {m.start: m.text for m in names if not _known(m.text, desk, goal.tool)}
    return list(dict.fromkeys(text for _, text in sorted({**adjectives, **free}.items())))[:3]


def _before(tokens: list[Token], tool: Tool) -> Iterator[Token]:
    """suspended users: the words right before the thing, up to a little word."""
    for n, token in enumerate(tokens):
        if token.stem in tool.nouns and words.is_plural(token.text):
            for earlier in reversed(tokens[:n]):
                if earlier.lower in words.STOP or not earlier.text.islower() or words.action_of(earlier.lower) == "read":
                    break
                yield earlier


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


def _behind(tokens: list[Token], tool: Tool) -> Iterator[Token]:
    """users are suspended: the last word of the clause, or one before a little word."""
    for n, token in enumerate(tokens):
        if token.lower in words.IS and n and (tokens[n - 1].stem in tool.nouns or tokens[n - 1].lower in ("that", "which", "who")):
            rest = [t for t in tokens[n + 1 : n + 4] if t.lower not in words.SOFT]
            following = rest[1].lower if len(rest) > 1 else "in"
            if rest and rest[0].text.islower() and following in words.STOP - {"by", "to"}:
                yield rest[0]


def _negated(tokens: list[Token], tool: Tool) -> Iterator[tuple[int, str]]:
    """not admins: a filter says what is wanted, and what is not only where there are two values."""
    many = {stem for f in tool.fields if f.role == "choice" and len(f.choices) != 2 for v in f.choices for stem in words.stems(str(v))}
    for n, token in enumerate(tokens):
        if token.stem in many and negated(tokens, n):
            yield token.start, f"not {token.text}"


def _says(token: Token, tool: Tool) -> bool:
    """Whether the word is about which ones are wanted, and not known to the tool."""
    little = token.lower in words.STOP | words.EMPTY | words.NUMBERS.keys() | words.ORDINALS.keys() or not re.search(r"[a-z]", token.lower)
    return not little and token.stem not in words.COPY_STEMS and not _in(token.text, tool.vocabulary) and len(token.text) > 2


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
