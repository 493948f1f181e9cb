"""One request read for filling: its words around each span, and what names and descriptions of the fields say. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine import codes
from engine.builtin import words
from engine.builtin.affinity import Request
from engine.builtin.spans import Span
from engine.builtin.toolbox import Field
from engine.builtin.words import Token
from specs.words import stem as plain_stem
from tools.thesaurus import nearest

END = re.compile(r"[.!?;\n](?:\s|$)|\n")
AROUND = " '\"“‘`("
PASSED_BEHIND = frozenset({"s", "of", "in", "the", "and"})
MOST_PASSED = 6
CLASSES: Mapping[str, frozenset[str]] = {
    "place": words.PLACE_WORDS, "person": words.PERSON_WORDS, "origin": words.ORIGIN_WORDS, "target": words.TARGET_WORDS, "when": words.WHEN,
    "quantity": words.QUANTITY_WORDS, "prose": words.PROSE, "named": words.NAME_WORDS, "group": words.GROUP_WORDS, "search": words.SEARCH_WORDS,
    "money": words.MONEY_WORDS, "id": words.CODE_WORDS, "least": words.LEAST_WORDS, "most": words.MOST_WORDS, "street": words.STREET_WORDS,
    "zip": words.ZIP_WORDS, "region": words.REGION_WORDS, "sort": words.SORT_WORDS, "command": words.COMMAND_WORDS,
}  # fmt: skip
EXAMPLES = re.compile(
    r"['\"‘“`]([^'\"’”`]{1,60})['\"’”`]|(?:e\.g\.?,?|for example,?|for instance,?|such as|like|example:)\s+([A-Z\d][^.;)]{0,60})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a span, whichever field it goes into."""

    begin: int  # its first token, and the one behind its last
    end: int
    mark: str  # the little word before it
    before: tuple[tuple[str, int, str], ...]  # words before it, nearest first: stem, how many were passed, " comma" if one was
    near: frozenset[str]  # stems right before it
    earlier: frozenset[str]  # of the same sentence
    later: frozenset[str]
    behind: tuple[str, ...]  # the next stem behind it, and the one after that; none where the clause ends
    linked: str
    stems: tuple[str, ...]
    content: frozenset[str]
    kinds: tuple[codes.Kind, ...]  # what it is a name for that has a code
    listed: bool  # a part of a list
    sentence: str  # whether it stands in the one that asks
    form: str  # what it looks like
    case: str  # whether its words begin with capitals
    digits: bool
    left: Token | None  # a word that the run goes on with
    right: Token | None


@dataclass(frozen=True, slots=True)
class Aspects:
    """What a field's name and description say, as stems."""

    own: frozenset[str]
    around: frozenset[str]  # the name of the object it is in
    said: frozenset[str]
    alike: frozenset[str]
    plain: tuple[str, ...]  # its own words as the thesaurus has them
    classes: tuple[str, ...]
    examples: frozenset[str]
    shown: tuple[str, ...]  # words of the examples
    commas: bool  # an example has a comma in it: "San Francisco, CA"
    kind: codes.Kind | None


@dataclass(frozen=True, slots=True)
class Scene:
    """One request, and what all its pairs of field and span share."""

    request: Request
    tokens: tuple[Token, ...]
    gaps: tuple[str, ...]  # before each token, and behind the last one
    said: frozenset[str]
    thing: frozenset[str]  # stems of what the tool is about and of its verbs
    fields: tuple[Field, ...]
    aspects: tuple[Aspects, ...]
    numeric: tuple[int, ...]  # which fields are numbers
    needed: tuple[int, ...]  # those of them that are required
    numbers: tuple[int, ...]  # where numbers stand
    last_line: int
    latest: frozenset[str]  # stems of it
    sentences: tuple[int, ...]  # of each token
    weights: tuple[int, ...]  # of each sentence: how many words it has in common with the tool
    owners: Mapping[str, frozenset[int]]  # stem -> the fields that have it in their name
    tellers: Mapping[str, frozenset[int]]  # stem -> the fields that have it in their description

    def weight(self, token: int) -> str:
        """Whether the sentence of a token is the one that asks."""
        if len(self.weights) == 1 or token >= len(self.tokens):
            return "only"
        own = self.weights[self.sentences[token]]
        return "best" if own == max(self.weights) else "some" if own else "none"

    def ends_before(self, token: int) -> bool:
        return END.search(self.gaps[token]) is not None


def scene(request: Request, fields: Sequence[Field], found: Sequence[Span]) -> Scene:
    text, tokens = request.text, request.tokens
    gaps = tuple(text[end:start] for end, start in zip([0, *(t.end for t in tokens)], [*(t.start for t in tokens), len(text)], strict=True))
    thing = frozenset((*request.tool.nouns, *request.tool.verbs))
    sentences: list[int] = []
    weights = [0]
    for token, gap in zip(tokens, gaps, strict=False):
        if sentences and END.search(gap):
            weights.append(0)
        sentences.append(len(weights) - 1)
        weights[-1] += token.stem in thing
    numeric = tuple(n for n, f in enumerate(fields) if f.role in ("number", "page"))
    last, aspects = text.rstrip().rfind("\n"), tuple(map(aspects_of, fields))
    return Scene(
        request, tokens, gaps, frozenset(t.stem for t in tokens), thing, tuple(fields), aspects,
        numeric, tuple(n for n in numeric if fields[n].required), tuple(s.start for s in found if s.kind == "number"),
        last, frozenset(t.stem for t in tokens if t.start > last), tuple(sentences), tuple(weights),
        _places([a.own for a in aspects]), _places([a.said for a in aspects]),
    )  # fmt: skip


def _places(stems: Sequence[frozenset[str]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, each in enumerate(stems):
        for stem in each:
            found.setdefault(stem, set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}


def around(scene: Scene, span: Span, lists: Sequence[Span]) -> Around:
    tokens = scene.tokens
    begin = bisect_left(tokens, span.start, key=lambda t: t.start)
    end = bisect_right(tokens, span.end, key=lambda t: t.end)
    inner = tokens[begin:end]
    here = scene.sentences[begin] if begin < len(tokens) else -1
    first, last = bisect_left(scene.sentences, here), bisect_right(scene.sentences, here)
    before = tuple(_before(scene, begin))
    behind, linked = _behind(scene, end)
    return Around(
        begin, end, _mark(scene, begin), before, frozenset(t.stem for t in tokens[max(0, begin - 8) : begin]),
        frozenset(t.stem for t in tokens[first:begin]), frozenset(t.stem for t in tokens[end : max(end, last)]), behind, linked,
        tuple(t.stem for t in inner), frozenset(t.stem for t in inner if t.lower not in words.STOP),
        tuple(kind for kind in codes.KINDS if codes.code_of(kind, span.text)),
        not span.items and any(o.start <= span.start and span.end <= o.end for o in lists), scene.weight(begin), _form(span.text),
        _case(scene, begin, inner), any(c.isdigit() for c in span.text),
        tokens[begin - 1] if begin > 0 and begin < len(tokens) and scene.gaps[begin] == " " and tokens[begin - 1].lower not in words.STOP else None,
        tokens[end] if end < len(tokens) and scene.gaps[end] == " " and tokens[end].lower not in words.STOP else None,
    )  # fmt: skip


def _case(scene: Scene, begin: int, inner: Sequence[Token]) -> str:
    if not all(t.text[0].isupper() for t in inner if t.lower not in words.STOP):
        return "small"
    return "opening" if begin == 0 or scene.ends_before(begin) else "capital"


def _form(text: str) -> str:
    """What a text looks like."""
    if text.isdigit():
        return f"{min(len(text), 6)} digits"
    if text.isupper() and text.isalpha():
        return "two capitals" if len(text) == 2 else "capitals"
    if text[0].isdigit():
        return "digits first"
    if any(c.isdigit() for c in text):
        return "with digits"
    return "Capital" if text[0].isupper() else "small"


def _mark(scene: Scene, begin: int) -> str:
    place = begin - 1
    while place >= 0 and scene.tokens[place].lower in words.ARTICLES and not scene.gaps[place + 1].strip(AROUND):
        place -= 1
    if place < 0 or scene.ends_before(place + 1):
        return "start"
    sign, token = scene.gaps[place + 1].strip(AROUND), scene.tokens[place]
    if sign in (",", ":", "-", "=", "–"):
        return sign
    return token.lower if token.lower in words.MARKS else "verb" if token.stem in words.COMMAND_STEMS else "word"


def _before(scene: Scene, begin: int) -> list[tuple[str, int, str]]:
    """Each word back to the first that is no link: the name of the field may be one of those, too."""
    found: list[tuple[str, int, str]] = []
    comma = ""
    for passed in range(min(MOST_PASSED, begin)):
        place = begin - 1 - passed
        if scene.ends_before(place + 1):
            break
        comma = " comma" if "," in scene.gaps[place + 1] else comma
        found.append((scene.tokens[place].stem, passed, comma))
        if scene.tokens[place].lower not in words.PASSED:
            break
    return found


def _behind(scene: Scene, end: int) -> tuple[tuple[str, ...], str]:
    place = end
    while place < len(scene.tokens) and scene.tokens[place].lower in PASSED_BEHIND and not scene.ends_before(place):
        place += 1
    if place >= len(scene.tokens) or scene.ends_before(place) or "," in scene.gaps[place]:
        return (), ""
    after = scene.tokens[place : place + 2]
    both = len(after) == 2 and not scene.gaps[place + 1].strip()
    return tuple(t.stem for t in after[: 1 + both]), "near" if place == end else "linked"


def aspects_of(field: Field) -> Aspects:
    return _aspects(field.path, field.own_words or field.words, field.said)


@lru_cache(maxsize=4_000)
def _aspects(path: tuple[str, ...], own: tuple[str, ...], said: str) -> Aspects:
    name, described = set(words.parts(path[-1])), words.parts(said)
    classes = [c for c, members in CLASSES.items() if name & members]
    classes = classes or [f"~{c}" for c, members in CLASSES.items() if set(described[:8]) & members][:2] or ["none"]
    examples = [one or other for one, other in EXAMPLES.findall(said)]
    plain = tuple(plain_stem(o) for o in own)
    kinds = codes.kinds_in(path[-1]) or codes.kinds_in(said.partition(". ")[0])
    return Aspects(
        frozenset(own), frozenset(words.stems(path[-2])) - frozenset(own) if len(path) > 1 else frozenset(),
        frozenset(words.stem(w) for w in described[:30] if w not in words.STOP) - set(own),
        frozenset(words.stem(w) for o in plain for w, _ in nearest(o)) - set(own), plain, tuple(classes),
        frozenset(map(squashed, examples)), tuple(plain_stem(w) for each in examples for w in words.parts(each) if w not in words.STOP)[:4],
        any("," in each for each in examples), kinds[0] if kinds else None,
    )  # fmt: skip


def squashed(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
