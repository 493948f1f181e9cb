"""What a question speaks of, before any operation is chosen: its words with what is like them, what it names and of which kind that is. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.builtin import verbs, words
from engine.builtin.dates import phrases
from engine.builtin.mentions import Mention, find, pair, unquoted
from engine.builtin.words import Token
from specs.words import stem as plain_stem
from tools.alike import ALIKE
from tools.thesaurus import like

ALMOST = 0.6  # what a word of one row says for another of it
NEARLY = 0.5
PHRASES = ((re.compile(r"\blooks? like\b", re.IGNORECASE), "picture"), (re.compile(r"\bknown for\b", re.IGNORECASE), "credit"))
BY = frozenset({"by", "starring", "featuring"})
HIS = frozenset({"his", "her", "he", "she"})
THAT = frozenset({"that", "which", "who"})
OF = frozenset({"of", "for", "in", "from"})
TITLES = frozenset({" of the ", " and the ", " of a ", ": "})
UTMOST = frozenset({"highest", "lowest", "most", "least", "best", "worst"})
ADVERBS = frozenset({"right", "ever", "again", "together", "exactly", "recently"})
ASKS = frozenset({"when", "where", "how", "what"})
ARTICLES = frozenset({"the", "a", "an", "its", "his", "her", "their", "my", "s", "many", "much", "which", "what", "and"})
ENDS = frozenset({"in", "by", "on", "at", "and", "or"})
NUMBERED = re.compile(r"([a-z]{3,})\d+")
OPENING = re.compile(r"\W*([A-Z]\w*) ")
WHO = re.compile(r"\W*who\b", re.IGNORECASE)
WHEN = re.compile(r"\b(?:when|where)\b", re.IGNORECASE)
DATES = (words.stem("date"), words.stem("time"))
FEW = 60  # words
PERSON, NEARLY_SAME = words.stem("person"), 0.85


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    like: Mapping[str, float]  # stem -> how well it stands for the word
    detail: bool = False  # may be a detail of something: its budget, when it was founded
    order: bool = False  # the latest, the most popular: which of several
    owner: frozenset[str] = frozenset()  # stems of what the detail is said to be of

    @property
    def same(self) -> set[str]:
        return {stem for stem, factor in self.like.items() if factor == 1.0}


@dataclass(frozen=True, slots=True)
class Name:
    """What is called by its name. `kinds`: stems of what it is said to be, with how surely; `others`: of what it is said not to be."""

    mention: Mention
    kinds: Mapping[str, float]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sought:
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    asked: Mapping[str, float]  # stems of what the answer is to be
    ordered: frozenset[str] = frozenset()  # stems of what is said to be the first, the latest

    def near(self, stem: str) -> float:
        """How near the words come to one of an operation's."""
        return max((word.like.get(stem, 0.0) for word in self.words), default=0.0)


def read(text: str, nouns: frozenset[str], known: frozenset[str], trade: frozenset[str]) -> Sought:
    """`known`: all stems of the operations' names; `trade`: of all that is said of them."""
    mentions = _names(text, nouns, trade)
    tokens = words.tokens(_worded(unquoted(text)))[:FEW]
    said = tuple(_words(tokens, mentions, known))
    named = tuple(_named(m, text, words.tokens(unquoted(text))[:FEW]) for m in mentions)
    return Sought((*said, *_when(tokens)), named, _asked(text, said, mentions), _ordered(said))


def _ordered(said: Sequence[Word]) -> frozenset[str]:
    """the comments of the latest issue: an issue"""
    return frozenset(stem for word, following in pairwise(said) if word.order and not following.order for stem in following.same)


def _asked(text: str, said: Sequence[Word], mentions: Sequence[Mention]) -> Mapping[str, float]:
    """What the answer is to be: the reviews of, some movie reviews, Anna's groups. When and where ask for no thing."""
    who = {PERSON: NEARLY_SAME} if WHO.match(text) else {}
    kinds = [w for w in said if not w.order and not any(text[w.start + len(w.text) : m.start] == " " for m in mentions)]
    if not kinds or WHEN.search(text):
        return who
    run = [kinds[0]]
    for word in kinds[1:]:
        if word.start != run[-1].start + len(run[-1].text) + 1:
            break
        run.append(word)
    return {**run[-1].like, **who}


def _when(tokens: Sequence[Token]) -> Iterator[Word]:
    """When was it: a date."""
    yield from (Word(t.text, t.start, dict.fromkeys(DATES, NEARLY_SAME)) for t in tokens if t.lower == "when")


def _worded(text: str) -> str:
    """Turns of phrase as the one word they stand for, of the same length."""
    for pattern, word in PHRASES:
        for match in pattern.finditer(text):
            text = text[: match.start()] + word.ljust(len(match.group())) + text[match.end() :]
    return text


def _names(text: str, nouns: frozenset[str], known: frozenset[str]) -> list[Mention]:
    spans = tuple((start, end) for _, start, end in phrases(text))
    halves = pair(text) or ()
    whole = [Mention(text[halves[0].start : halves[1].end], "code", halves[0].start, halves[1].end)] if halves else []
    found = (*whole, *find(text, nouns, (*spans, *((m.start, m.end) for m in whole))))
    plain = ("code", "word", "uuid", "email")
    named = [m for m in found if m in whole or m.kind in ("quoted", "name") or (m.kind in plain and not _ordinary(m, known))]
    return _titled([_begun(_counted(m, found, text), text, known) for m in named], text)


def _begun(mention: Mention, text: str, known: frozenset[str]) -> Mention:
    """Anna Smith's groups: a name may begin the sentence."""
    first = OPENING.fullmatch(text[: mention.start])
    if first is None or mention.kind != "name" or first[1].lower() in words.STOP or words.stem(first[1]) in known | words.COMMAND_STEMS:
        return mention
    return Mention(text[first.start(1) : mention.end], "name", first.start(1), mention.end)


def _titled(named: Sequence[Mention], text: str) -> list[Mention]:
    """Lord of the Rings, The Fast and the Furious: one name in two parts."""
    joined: list[Mention] = []
    for mention in named:
        last = joined[-1] if joined else None
        if last is not None and last.kind == mention.kind == "name" and text[last.end : mention.start] in TITLES:
            joined[-1] = Mention(text[last.start : mention.end], "name", last.start, mention.end)
        else:
            joined.append(mention)
    return joined


def _counted(mention: Mention, found: Sequence[Mention], text: str) -> Mention:
    """2 Broke Girls: the number is a part of the name."""
    number = next((m for m in found if m.kind == "number" and mention.kind == "name" and text[m.end : mention.start] == " "), None)
    return Mention(text[number.start : mention.end], "name", number.start, mention.end) if number else mention


def _ordinary(mention: Mention, known: frozenset[str]) -> bool:
    """TV, top-1: words of the trade. A plain word that is like one of them, or a participle, names nothing."""
    said = [w for w in words.parts(mention.text) if not w.isdigit()]
    if NUMBERED.fullmatch(mention.text):
        return False  # user1
    plain = mention.kind == "word" and mention.text.islower()
    if plain and (mention.text in ADVERBS or mention.text.endswith(("ed", "ing", "est")) or not known.isdisjoint(alike(mention.text, known))):
        return True
    return all(words.stem(w) in known or w in words.EMPTY | words.STOP for w in said)


def _words(tokens: Sequence[Token], mentions: Sequence[Mention], known: frozenset[str]) -> Iterator[Word]:
    asks = any(t.lower in ASKS for t in tokens)
    for n, token in enumerate(tokens):
        inside = any(m.overlaps(token.start, token.end) for m in mentions)
        if inside or token.lower in words.STOP | ADVERBS or token.lower.isdigit() or verbs.reads(token) or len(token.text) < 2:
            continue
        near, utmost = alike(token.lower, known), n > 0 and tokens[n - 1].lower in UTMOST
        if utmost:  # the highest rated: nobody asks for ratings
            near = {stem: factor for stem, factor in near.items() if factor == 1.0}
        order = utmost or token.lower in words.ORDINALS or token.lower in UTMOST
        yield Word(token.text, token.start, near, not order and _detail(tokens, n, known, asks), order, _owner(tokens, n))


def _detail(tokens: Sequence[Token], n: int, known: frozenset[str], asks: bool) -> bool:
    """the budget of, its budget, how many seasons; when was it founded, where was she born"""
    token, before, following = tokens[n], tokens[n - 1].lower if n else "", tokens[n + 1] if n + 1 < len(tokens) else None
    if token.lower.endswith("ed") or token.lower == "born":
        return asks and (following is None or following.lower in ENDS)
    modifies = following is not None and not known.isdisjoint(alike(following.lower, known))  # the lead actor
    little = token.lower in words.EMPTY or token.lower in words.SOFT or token.lower in words.WHEN or not token.text.isalpha()
    introduced = before in ARTICLES or (following is not None and following.lower in OF)
    return introduced and not modifies and not little and not token.lower.endswith("ing")


def _owner(tokens: Sequence[Token], n: int) -> frozenset[str]:
    """The headquarters of the company that ...: of a company."""
    rest = tokens[n + 1 : n + 6]
    if tokens[n].lower.endswith("ed") or tokens[n].lower == "born":
        return _kinds([t for t in tokens[:n] if t.lower not in words.STOP and _noun(t)][:1])
    if not rest or rest[0].lower not in OF:
        return frozenset()
    return _kinds([t for t in rest[1:] if t.lower not in words.STOP][:2])


def alike(word: str, known: frozenset[str]) -> dict[str, float]:
    """Stems that may stand for the word."""
    own, plain = words.stem(word), plain_stem(word)
    found = {stem: sim * NEARLY for stem, sim in ((words.stem(s), sim) for s, sim in like(plain, known)) if stem in known}
    for other in ALIKE.get(plain, ()):
        found[words.stem(other)] = ALMOST
    if word.startswith("to") and len(word) > 4:
        found[words.stem(word[2:])] = 1.0  # today, tonight
    if "person" in ALIKE.get(plain, ()):
        found[PERSON] = NEARLY_SAME
    return {**found, own: 1.0}


def _named(mention: Mention, text: str, tokens: Sequence[Token]) -> Name:
    before = [t for t in tokens if t.end <= mention.start]
    after = [t for t in tokens if t.start >= mention.end]
    kinds: dict[str, float] = {}
    for token in (*_beside(text, before, mention), *_behind(text, after, mention)):
        kinds |= {stem: factor for stem, factor in alike(token.lower, frozenset()).items() if factor >= ALMOST}
    if (numbered := NUMBERED.fullmatch(mention.text)) is not None:
        kinds[words.stem(numbered[1])] = 1.0
    if (before and before[-1].lower in BY) or any(t.lower in HIS for t in after):
        kinds |= dict.fromkeys(words.PERSON_STEMS, 1.0)
    return Name(mention, kinds, _kinds(_related(before, after), NEARLY_SAME) - kinds.keys())


def _kinds(tokens: Iterable[Token], least: float = ALMOST) -> frozenset[str]:
    return frozenset(stem for token in tokens for stem, factor in alike(token.lower, frozenset()).items() if factor >= least)


def _beside(text: str, before: Sequence[Token], mention: Mention) -> Sequence[Token]:
    """the movie Titanic, a TV show called Friends"""
    named = [t for t in before if t.lower not in words.INTRODUCERS and t.lower != "the"]
    last = named[-1] if named else None
    return [last] if last is not None and _noun(last) and not re.search(r"[,.;:]", text[last.end : mention.start]) else []


def _behind(text: str, after: Sequence[Token], mention: Mention) -> Sequence[Token]:
    """the Star Wars collection"""
    first = after[0] if after else None
    near = first is not None and text[mention.end : first.start] == " " and _noun(first)
    return [first] if first is not None and near else []


def _noun(token: Token) -> bool:
    verb = verbs.is_form(token) and token.stem not in words.DOUBLE_STEMS  # a book, an order
    return token.lower not in words.STOP and not token.lower.endswith("ed") and not verb


def _related(before: Sequence[Token], after: Sequence[Token]) -> Iterator[Token]:
    """the company that made X, the actor of X, X's latest movie: X is none of these."""
    if len(before) > 2 and before[-2].lower in THAT:
        yield before[-3]
    if after and after[0].lower == "s":
        yield from (t for t in after[1:4] if t.lower not in words.STOP)
    elif len(before) > 1 and before[-1].lower in OF:
        yield before[-2]
