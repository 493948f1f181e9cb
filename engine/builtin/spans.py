"""Every span of a text that a field could take as its value, more of them than can be meant. Pure; knows no tool."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from engine.builtin import words
from engine.builtin.mentions import CAPITALISED, QUOTED, Kind, Mention, find
from engine.builtin.words import Token
from engine.numbers import ONES, SCALES, TENS

WHOLE = frozenset({"quoted", "url", "email", "uuid", "reported"})  # nothing inside of these is a value of its own
UNSAYING = words.STOP | words.EVERYONE | words.BETWEEN | words.ORDINALS.keys()  # of these alone no value is made
LONGEST, PARTS = 7, 4  # words of a run, and of a part of one
MOST = 240
CLOSE = 12  # characters between two items
BESIDE = re.compile(r" |['’&]| & |-|\. (?=[A-Z])")
JOINTS = frozenset({"of", "of the", "and", "&", "the", "to"})  # between two runs that may be one name
_WORD = r"[A-Z](?:[\w'’-]+|\.(?=\w))*+"
_NAME = rf"{_WORD}(?: {_WORD}){{0,9}}"  # ten words: without an end, a text of capitals takes for ever
_NUMBER = r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?"
_WORDED = "|".join(sorted((*ONES, *TENS, *SCALES), key=len, reverse=True))
SPELLED = re.compile(
    rf"\b(?:{_NUMBER} (?:{'|'.join(SCALES)})|(?:a |{_WORDED})(?:[ -](?:and )?(?:{_WORDED}))+)\b", re.IGNORECASE
)  # 5 million, twenty five
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("name", re.compile(rf"(?<!\w){_NAME}(?:, {_NAME})+(?!\w)")),  # San Diego, CA
    ("name", re.compile(r"(?<!\w)(?:[A-Z][\w&-]* ){0,9}[A-Z][\w&-]*['’]s(?=[.,;!?]|$| (?:for|in|at|on|and|with|from|to|near)\b)")),  # at Trader Joe's
    ("name", re.compile(rf"(?<!\w){_NAME} \d+[A-Z]?(?!\w|[-/:.,]\d)")),  # Pier 39
    ("name", CAPITALISED),
    ("amount", re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:\s|-)?(?:[a-zA-Z°µ]+(?:/[a-zA-Z]+)?|%)(?!\w)")),  # 6 months
    ("code", re.compile(r"(?<![\w.])-?\d+\.\d+°?,\s*-?\d+\.\d+°?(?![\w.])")),  # coordinates
    ("number", re.compile(rf"(?<![\w.,/:-]){_NUMBER}(?=[a-zA-Z°%]{{1,3}}(?!\w))|(?<=[$€£]){_NUMBER}(?!\w|[.,]\d)")),  # 60kg, $250
    ("number", SPELLED),
    ("run", re.compile(r"\bone\b(?=[ -][a-z])|\b(?:no|new|without|extra) (?=[a-z])\w+(?: \w+)?", re.IGNORECASE)),
)
POSSESSED = re.compile(r"['’]s?$")
REST = re.compile(r"(?:: ?|(?<=\w) [-–] )(?P<rest>[^\s`].*?)(?=\s*(?:$|\n|[.?!](?:\s|$)))")
FENCED = re.compile(r"```\s*(?P<rest>.+?)\s*```", re.DOTALL)
LOOSE = re.compile(r",| (?:and|of|to|the) ", re.IGNORECASE)  # what has one of these is no item of a list
SEPARATED = re.compile(r"\s*(?:[,;&]\s*(?:and\s+|or\s+)?|(?:and|or)\s+|\n\s*[-*•]?\s*)(?:(?:an?|the|some)\s+)?", re.IGNORECASE)
APART = re.compile(r"[.!?;\n](?:\s|$)")
BRACKETS = re.compile(r"\[(?P<items>[^\[\]{}]+)\]")
ITEM = re.compile(r"\s*(?P<quote>['\"]?)(?P<item>[^,]+?)(?P=quote)\s*(?:,|$)")
PERCENT = re.compile(r" ?(?:%|percent\b)", re.IGNORECASE)
TAIL = re.compile(r"\W{0,3}(?P<rest>[^\s'\"“‘`].*?)\W*(?=$|\n)")


@dataclass(frozen=True, slots=True)
class Span(Mention):
    """A mention, or a list of them. `known`: as the rules of `affinity` find it."""

    items: tuple[Mention, ...] = ()
    known: Mention | None = None

    @property
    def close(self) -> bool:
        """Of a list: that nothing but commas and such stands between its items."""
        return all(other.start - one.end < CLOSE for one, other in pairwise(self.items))


@lru_cache(maxsize=64)
def spans(text: str, nouns: frozenset[str], taken: tuple[tuple[int, int], ...] = (), heads: frozenset[str] = frozenset()) -> tuple[Span, ...]:
    """In the order of the text; of two at the same place the one whose kind is surer. What follows one of `heads` may be a value up to its end."""
    brackets = tuple(_bracketed(text))
    closed = [(m.start, m.end) for m in brackets]
    named = [m for m in find(text, nouns, taken) if not any(m.overlaps(*each) for each in closed)]
    closed = sorted([*closed, *((m.start, m.end) for m in named if m.kind in WHOLE or m.kind == "number")])
    known = (_of(m, text) for m in named if m.kind in WHOLE or not _empty(m.text))
    found = {(span.start, span.end): span for span in known}
    whole = sorted((m.start, m.end) for m in (*brackets, *(m for m in named if m.kind in WHOLE)))
    tokens = [t for t in words.tokens(text) if not _inside(whole, t.start, t.end)]
    for span in (*_patterns(text), *_rests(text), *_tails(text, tokens, heads), *_runs(text, tokens)):
        inside = span.kind != "rest" and _inside(closed, span.start, span.end)
        if not inside and not _empty(span.text) and not any(span.overlaps(*each) for each in taken):
            found.setdefault((span.start, span.end), span)
    singles = sorted(found.values(), key=lambda m: (m.start, m.end))[:MOST]
    return (*singles, *brackets, *_lists(text, singles), *_scattered(text, singles))


def _inside(apart: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of these, in order and none over another, holds it all."""
    place = bisect_right(apart, start, key=lambda each: each[0]) - 1
    return place >= 0 and end <= apart[place][1]


def _of(mention: Mention, text: str) -> Span:
    """A number with its "percent"."""
    more = PERCENT.match(text, mention.end) if mention.kind == "number" else None
    end = more.end() if more else mention.end
    said = text[mention.start : end] if more else mention.text
    return Span(said, "run" if mention.kind == "phrase" else mention.kind, mention.start, end, known=mention)


def _empty(text: str) -> bool:
    return all(word.lower() in UNSAYING and not (word.isupper() and len(word) > 1) for word in re.split(r"['’ ]", text))


def _patterns(text: str) -> Iterator[Span]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            found = POSSESSED.sub("", match.group()) if pattern is CAPITALISED else match.group()
            yield Span(found, kind, match.start(), match.start() + len(found))


def _rests(text: str) -> Iterator[Span]:
    """What follows a colon or a dash, and what stands in a fence."""
    for match in (*FENCED.finditer(text), *REST.finditer(QUOTED.sub(lambda m: "·" * len(m.group()), text))):
        start, end = match.span("rest")
        yield Span(text[start:end], "rest", start, end)


def _tails(text: str, tokens: Sequence[Token], heads: frozenset[str]) -> Iterator[Span]:
    """the command git status: all that follows the name of a field."""
    for token in tokens:
        found = TAIL.match(text, token.end) if token.stem in heads else None
        if found:
            yield Span(found["rest"], "rest", *found.span("rest"))


def _runs(text: str, tokens: Sequence[Token]) -> Iterator[Span]:
    """Neighbouring words without little ones, whole and in parts, and two such runs around one "of" or "and"."""
    runs = list(_whole_runs(text, tokens))
    for run in runs:
        for start in range(len(run)):
            for end in range(start + 1, min(start + PARTS, len(run)) + 1):
                yield _span(text, run[start:end])
        if PARTS < len(run) <= LONGEST:
            yield _span(text, run)
    for first, second in pairwise(runs):
        between = text[first[-1].end : second[0].start].strip().lower()
        if between in JOINTS and len(first) + len(second) <= LONGEST:
            yield _span(text, [*first, *second])
            yield _span(text, [first[-1], *second])


def _span(text: str, run: Sequence[Token]) -> Span:
    start, end = run[0].start, run[-1].end
    return Span(text[start:end], "run", start, end)


def _whole_runs(text: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    run: list[Token] = []
    for token in tokens:
        if run and (_little(token) or not BESIDE.fullmatch(text[run[-1].end : token.start])):
            yield run
            run = []
        if not _little(token):
            run.append(token)
    if run:
        yield run


def _little(token: Token) -> bool:
    return token.lower in words.STOP | words.BETWEEN and not (token.text.isupper() and len(token.text) > 1)


def _bracketed(text: str) -> Iterator[Span]:
    """[1, 2, 3] and ['a', 'b']"""
    for match in BRACKETS.finditer(text):
        items = [found for part in ITEM.finditer(text, match.start("items"), match.end("items")) if (found := _item(part)) is not None]
        yield Span(match.group(), "list", match.start(), match.end(), tuple(items))


def _item(part: re.Match[str]) -> Mention | None:
    start, end = part.span("item")
    kind: Kind = "number" if re.fullmatch(_NUMBER, part["item"]) else "quoted"
    return Mention(part["item"], kind, start, end) if part["item"].strip() else None


def _scattered(text: str, singles: Sequence[Span]) -> Iterator[Span]:
    """latitude 40.7 and longitude -74: the numbers of one sentence, for a field that takes several."""
    numbers = [span for span in singles if span.kind == "number"]
    while numbers:
        row = [numbers.pop(0)]
        while numbers and not APART.search(text[row[-1].end : numbers[0].start]):
            row.append(numbers.pop(0))
        if len(row) > 1 and not all(SEPARATED.fullmatch(text[one.end : other.start]) for one, other in pairwise(row)):
            yield Span(text[row[0].start : row[-1].end], "list", row[0].start, row[-1].end, tuple(row))


def _lists(text: str, singles: Sequence[Span]) -> Iterator[Span]:
    """a, b and c: the longest item at each place counts. Of the first one, the last word alone may be meant: the labels a, b and c."""
    widest: dict[int, Span] = {}
    for span in singles:
        if span.kind not in ("rest", "amount") and not LOOSE.search(span.text):
            widest[span.start] = max(span, widest.get(span.start, span), key=lambda s: s.end)
    ordered = sorted(widest.values(), key=lambda s: s.start)
    while ordered:
        chain = [ordered.pop(0)]
        for span in ordered:
            between = text[chain[-1].end : span.start] if span.start >= chain[-1].end else ""
            if SEPARATED.fullmatch(between) and (span.kind == "number") == (chain[0].kind == "number"):
                chain.append(span)
        if len(chain) > 1:
            ordered = [span for span in ordered if span.start >= chain[-1].end]
            for first in (
                chain[0],
                *(s for s in singles if s.kind == "run" and s.end == chain[0].end and s.start > chain[0].start and " " not in s.text),
            ):
                yield Span(text[first.start : chain[-1].end], "list", first.start, chain[-1].end, (first, *chain[1:]))
