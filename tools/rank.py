"""The operations for a text, best first: words, how well an operation's own name is covered, its verb, and the dependency graph. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from specs.catalogue import placeholders
from specs.document import Document
from specs.graph import Graph, Role
from specs.model import Entry
from specs.words import tokens
from tools.alike import ALIKE
from tools.asked import Asked, asked
from tools.korean import english
from tools.purpose import naming_verbs, same_verb
from tools.thesaurus import like
from tools.verbs import CHANGING

# The weights below were found on a part of public sentences (docs/retrieval.md says which); each can be halved or doubled without much harm.
_LIKE = 0.2  # another word for what was said
_INSTEAD = 0.6  # the same where the document does not know the word at all
_NEARLY = 0.7  # a word that the thesaurus finds like it, times how alike they are
_COVERED, _NAMED = 0.3, 0.3  # how much of an operation's own name was said: as a share of its score, and on top of it
_VERB, _OTHER_VERB, _ONLY_READS, _CHANGES = 1.35, 0.8, 0.6, 0.9
_UNSAID = 0.8  # for each id it needs of which nothing is said
_CANDIDATES = 45
_KEPT = 10_000  # operations of a document whose traits are kept
_LEADING = 12  # operations that lift those that supply them
_HOPS = 2
_SUPPLIED, _FIRST, _LOOKED_UP, _UNDER = 0.7, 0.6, 0.5, 0.98
_SHARES = (1.0, 0.6, 0.4)  # the best, second and third supplier of a field
_WHOLE = 0.4  # the operation that reads the whole record a needed id leads to

_KEYS = frozenset(tokens("id ids uuid guid sid identifier"))
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

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
_SOMEBODY = re.compile(r"\b[Ww]ho(?:se)?\b|\bby [A-Z]\w+|\b[A-Z]\w+ [A-Z]\w+['’]s\b")
_LOOKS = re.compile(r"\blooks? like\b", re.IGNORECASE)
_IMPLIED = (
    (_RECOUNT, "log event history activity audit"),
    (_QUESTION, "get"),
    (_WHICH, "list"),
    (_TIME, "time date log event"),
    (_MYSELF, "get current authenticated authorised authorized user"),
    (_SOMEBODY, "person people"),
    (_LOOKS, "image photo picture"),
)


@dataclass(frozen=True, slots=True)
class _Traits:
    """What of an operation is compared with a sentence. `name`: the stems of its summary and path by how rare they are; `mass`: their sum."""

    name: Mapping[str, float]
    mass: float
    verbs: frozenset[str]
    changes: bool
    named_change: bool
    ids: tuple[frozenset[str], ...]  # of each placeholder the stems that name it


def rank(document: Document, text: str, limit: int) -> list[tuple[str, float]]:
    """Operation ids with their scores: what is asked for, and under it what supplies it, by how well they fit."""
    text = english(text)
    said = asked(text)
    query = _query(document, text, said)
    found = document.words.weighted(query, max(limit, _CANDIDATES))
    if not found:
        return []
    best = found[0][1] or 1.0  # of words that all of very many operations have, nothing is left
    scores = {document.number(one): _fit(_traits_of(document, one), score / best, query, said) for one, score in found}
    top = max(scores.values()) or 1.0
    lifted = _spread(document.graph, {number: score / top for number, score in scores.items()}, said.names)
    order = sorted(lifted, key=lambda number: (-lifted[number], number))[:limit]
    return [(document.catalogue[number].id, round(lifted[number], 4)) for number in order]


def _query(document: Document, text: str, said: Asked) -> dict[str, float]:
    query = dict(said.words)
    for token, weight in said.words.items():
        share = weight * (_LIKE if token in document.words else _INSTEAD)
        for other in ALIKE.get(token, ()):
            query[other] = max(query.get(other, 0.0), share)
        for other, alike in like(token, document.words):
            if token not in ALIKE or other not in ALIKE:  # our own rows know better: to the table, "new" is like "update"
                query[other] = max(query.get(other, 0.0), _NEARLY * share * alike)
    implied = [more for pattern, more in _IMPLIED if pattern.search(text)]
    for token in tokens(" ".join(implied)):
        query[token] = max(query.get(token, 0.0), _LIKE)
    return query


def _fit(traits: _Traits, words: float, query: Mapping[str, float], said: Asked) -> float:
    """`words`: its share of the best score by words."""
    said_of_name = sum(weight * min(1.0, query.get(token, 0.0)) for token, weight in traits.name.items())
    covered = said_of_name / traits.mass if traits.mass else 0.0
    score = words * (1 - _COVERED + _COVERED * covered) + _NAMED * covered
    unsaid = sum(1 for names in traits.ids if not any(name in query for name in names))
    return score * _verb(traits, said) * _UNSAID**unsaid


def _verb(traits: _Traits, said: Asked) -> float:
    if not said.changes:
        return _CHANGES if said.reads and traits.named_change else 1.0
    share = 1.0 if traits.changes else _ONLY_READS
    if any(same_verb(verb, traits.verbs) for verb in said.changes):
        return share * _VERB
    return _OTHER_VERB if traits.named_change else share


_known: "WeakKeyDictionary[Document, dict[str, _Traits]]" = WeakKeyDictionary()


def _traits_of(document: Document, identifier: str) -> _Traits:
    known = _known.setdefault(document, {})
    traits = known.get(identifier)
    if traits is None:
        if len(known) >= _KEPT:
            known.clear()
        traits = known[identifier] = _looked_at(document, document.entry(identifier), document.graph.role(document.number(identifier)))
    return traits


def _looked_at(document: Document, entry: Entry, role: Role) -> _Traits:
    literal = _PLACEHOLDER.sub(" ", entry.path)
    name = {token: document.words.rarity(token) for token in tokens(f"{entry.summary or entry.id} {literal}")}
    verbs = frozenset(naming_verbs(entry.id, entry.summary, entry.path) or ([role] if role in CHANGING else []))
    named_change = bool(verbs & CHANGING)
    safe = entry.method in ("GET", "HEAD", "OPTIONS")
    return _Traits(
        name=name,
        mass=sum(name.values()),
        verbs=verbs,
        changes=not safe and (named_change or not verbs or entry.method != "POST"),  # a POST may search
        named_change=named_change and not safe,
        ids=tuple(frozenset(tokens(one)) - _KEYS for one in placeholders(entry.path)),
    )


def _spread(graph: Graph, scores: Mapping[int, float], names: bool) -> dict[int, float]:
    """Lifts what supplies the ids that the leading operations need, to just under them at most, and then what supplies those."""
    lifted = dict(scores)
    leading = sorted(scores, key=lambda number: (-scores[number], number))[:_LEADING]
    for _ in range(_HOPS):
        raised: dict[int, float] = {}
        for number in leading:
            for supplier, share in _supply(graph, number, scores, names):
                own = scores.get(supplier, 0.0)
                score = max(own, min(own + lifted[number] * share, _UNDER * lifted[number]))
                if score > max(lifted.get(supplier, 0.0), raised.get(supplier, 0.0)):
                    raised[supplier] = score
        lifted |= raised
        leading = sorted(raised, key=lambda number: (-raised[number], number))[:_LEADING]
    return lifted


def _supply(graph: Graph, number: int, scores: Mapping[int, float], names: bool) -> Iterator[tuple[int, float]]:
    """Operations that go with this one, and by what share of its score. What is called by its name has to be looked up."""
    for place in graph.needs(number).values():
        fits = []
        for order, (supplier, _) in enumerate(graph.supply(place)):
            searches = _LOOKED_UP if names and graph.searches(supplier) else 0.0
            fits.append((min(1.0, scores.get(supplier, 0.0) + _FIRST / (1 + order) + searches), -supplier))
        best = sorted(fits, reverse=True)[: len(_SHARES)]
        yield from ((-supplier, _SUPPLIED * fit * share) for (fit, supplier), share in zip(best, _SHARES, strict=False))
        whole = graph.reader(place)
        if whole is not None:
            yield whole, _WHOLE
