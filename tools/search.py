"""Which operations fit a text, and which of them a model is shown: by words, by what was used, by who supplies the ids needed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from weakref import WeakKeyDictionary

import orjson

from specs.document import Document
from specs.words import tokens
from tools.korean import english
from tools.schema import definition
from tools.settings import DocumentSettings

# What people say for what documents say. A word brings the others of its row in, at a lower weight.
_ALIKE = (
    "create add new make register post open insert",
    "get show find read fetch retrieve see tell view give look display check",
    "list all every many",
    "search find query look filter",
    "delete remove erase drop clear",
    "update change edit modify set rename adjust replace make turn promote",
    "cancel stop abort end",
    "send email mail message notify",
    "buy purchase order book reserve reservation booking",
    "movie film",
    "tv show series",
    "person people",
    "picture image photo poster logo",
    "user member person account customer client",
    "meeting event appointment calendar",
    "cost price fare amount",
    "log history record audit",
    "sold sale",
    "sign login signin log logon logged signed",
    "fail failed failure error",
    "succeed success successful",
    "repo repository",
    "org organization organisation",
    "app application",
    "doc document",
    "config configuration",
)
_WEIGHT = 0.35
_INSTEAD = 0.6  # where the document does not know the word at all
_LEADING = 5  # of the ranked operations: these bring their suppliers with them
_USED = 5
# Questions want operations that read; words for a time those that tell what happened then.
_QUESTION = re.compile(r"^\W*(?:who|what|when|where|which|how (?:many|much|long|often)|is|are|was|were|does|did|has|have)\b", re.IGNORECASE)
_WHICH = re.compile(r"^\W*(?:who|which|how many)\b", re.IGNORECASE)
_SPAN = r"(?:hours?|days?|weeks?|months?|quarters?|years?)"
_TIME = re.compile(
    rf"\b(?:yesterday|today|(?:last|past|previous|this) (?:\d+ )?(?:{_SPAN}|weekend|\w+day)|{_SPAN} ago|since)\b",
    re.IGNORECASE,
)
_RECOUNT = re.compile(
    r"\bwhat (?:happened|occurred|changed|\w+ did|(?:did|has|have|had)\b.{1,80}\b(?:do|done|changed?))\b|^\W*who (?:(?:has|have|had|last) )?\w+ed\b",
    re.IGNORECASE,
)
_MYSELF = re.compile(r"\b(?:who am i|my (?:own )?(?:profile|user|account|details|settings|name|email))\b", re.IGNORECASE)
_IMPLIED = (
    (_RECOUNT, "log event history activity audit"),
    (_QUESTION, "get"),
    (_WHICH, "list"),
    (_TIME, "time date log event"),
    (_MYSELF, "get current authenticated authorised authorized user"),
)
# anna/notes: names, which describe no operation
PAIR = re.compile(r"(?<![\w./:@-])(?P<first>[A-Za-z][\w.-]*)/(?P<second>[A-Za-z0-9](?:[\w.-]*\w)?)(?![\w/])")
_SETTINGS = DocumentSettings()


@dataclass(frozen=True, slots=True)
class Offer:
    """`operations` best first; `scores` of those found by words; `tokens` of their definitions, about."""

    operations: tuple[str, ...]
    scores: Mapping[str, float]
    tokens: int


def rank(document: Document, text: str, limit: int) -> list[tuple[str, float]]:
    """Operation ids by the words of a text, best first."""
    return document.words.weighted(_query(document, text), limit)


def offer(document: Document, text: str, used: Sequence[str], limit: int = 15, budget: int = 4000) -> Offer:
    """At most `limit` operations whose definitions take at most `budget` tokens; the best one is always among them."""
    ranked = rank(document, text, 2 * limit)
    chosen: list[str] = []
    spent = 0
    for identifier in dict.fromkeys(_in_order(document, [one for one, _ in ranked], used)):
        if len(chosen) == limit:
            break
        cost = estimate(document, identifier)
        if spent + cost <= budget or not chosen:
            chosen.append(identifier)
            spent += cost
    scores = dict(ranked)
    return Offer(tuple(chosen), {one: scores[one] for one in chosen if one in scores}, spent)


def estimate(document: Document, identifier: str) -> int:
    """Tokens of an operation's tool definition without a team's settings: a quarter of its characters."""
    known = _estimates.setdefault(document, {})
    if identifier not in known:
        tool = definition(document.operation(identifier), _SETTINGS)
        shown = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        known[identifier] = len(orjson.dumps(shown)) // 4
    return known[identifier]


_estimates: "WeakKeyDictionary[Document, dict[str, int]]" = WeakKeyDictionary()


def _in_order(document: Document, ranked: Sequence[str], used: Sequence[str]) -> Iterator[str]:
    """The leading ones, what is in use, who supplies their ids, and then the rest: lazily, since a supplier costs an expansion."""
    leading = ranked[:_LEADING]
    recent = [one for one in dict.fromkeys(reversed(used)) if _known(document, one)][:_USED]
    return chain(leading, recent, _suppliers(document, [*leading[:3], *recent]), ranked[_LEADING:])


def _suppliers(document: Document, identifiers: Iterable[str]) -> Iterator[str]:
    for identifier in identifiers:
        for suppliers in document.operation(identifier).suppliers.values():
            if suppliers:
                yield suppliers[0].operation


def _known(document: Document, identifier: str) -> bool:
    try:
        document.entry(identifier)
    except KeyError:
        return False
    return True


def _query(document: Document, text: str) -> dict[str, float]:
    text = english(text)
    said = tokens(PAIR.sub(" ", text))
    names = tokens(" ".join(found.group() for found in PAIR.finditer(text)))
    query = {**dict.fromkeys(names, _WEIGHT), **dict.fromkeys(said, 1.0)}
    for token in dict.fromkeys(said):
        weight = _WEIGHT if token in document.words else _INSTEAD
        for other in _LIKE.get(token, ()):
            query[other] = max(query.get(other, 0.0), weight)
    implied = [more for pattern, more in _IMPLIED if pattern.search(text)]
    for token in tokens(" ".join(implied)):
        query[token] = max(query.get(token, 0.0), _WEIGHT)
    return query


def _like() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for row in _ALIKE:
        words = tuple(dict.fromkeys(tokens(row)))
        for word in words:
            table[word] = tuple(dict.fromkeys((*table.get(word, ()), *(other for other in words if other != word))))
    return table


_LIKE = _like()
