"""What a sentence asks for, before a tool is known: its verb, the things it speaks of, who or what is named, and how it asks. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.builtin import recount, verbs, words
from engine.builtin.dates import phrases
from engine.builtin.mentions import Mention, find, unquoted
from engine.builtin.toolbox import Tool
from engine.builtin.verbs import ASKING, JOINING, TOWARD
from engine.intent import Kind, intent

MYSELF = re.compile(r"\bwho am i\b|\bmy (?:own )?(?:profile|user|details)\b", re.IGNORECASE)
MINE = frozenset(words.stem(w) for w in ("current", "authenticated", "authorised", "authorized"))  # names of documents for the one who is signed in
WISHES = frozenset({"want", "need", "like", "please", "let", "gonna", "going", "help"})
WHO_IS = re.compile(r"^\W*who(?:\s+is|\s+was|'s)\s+(?!the\b|in\b|a\b|an\b|my\b)\S+(?:\s+\S+)?\W*$", re.IGNORECASE)
SENTENCE = re.compile(r"\S.*?(?:[.!?]+(?=\s|$)|\n|$)")
ASKS = re.compile(r"\b(?:(?:can|could|would|will) you|help me|please)\b", re.IGNORECASE)
# bob should be an admin, user4 works in Sales now: what is to hold from now on.
DECLARES = re.compile(
    r"\bshould (?:be|have|get)\b|\b(?:is|are|has) (?:now|no longer)\b|['’]s new\b|\b(?:now|from now on|any ?more)\W*$", re.IGNORECASE
)
QUESTION = re.compile(r"^\W*(?:is|are|was|were|do|does|did|has|have|who|what|which|when|where|why|how)\b|\?", re.IGNORECASE)
KIND = re.compile(r"([A-Za-z]+)[_-]?\d+")
MANY = re.compile(r"\bhow many\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Things:
    """Stems of what the tools are about, and of the verbs of those that change something."""

    nouns: frozenset[str]
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words ask for, before a tool is known."""

    text: str
    stems: tuple[str, ...]
    verb: str | None
    action: words.Action | None
    things: frozenset[str]  # stems of what the tools are about, that the words speak of
    plural: frozenset[str]
    mentions: tuple[Mention, ...]
    times: int  # phrases for a time
    tokens: tuple[words.Token, ...]
    spoken: frozenset[str]  # what "it" stands for
    halves: tuple[Mention, ...]  # of anna/notes, where a tool takes such
    owned: bool  # the verb is one of the document's own
    subject: bool  # what did anna do, is anna locked: a question about somebody
    owner: bool  # the groups of anna
    single: bool  # who is anna
    counts: bool  # how many
    joins: bool  # add anna to the editors: two names, whatever they look like
    object: str | None  # the thing that the verb is about
    recounts: bool  # asks what was done
    wishes: bool  # I need a taxi: a deed without its verb
    kinds: frozenset[str] = frozenset()  # what the ids that are said begin with
    named: tuple[Mention, ...] = ()  # all that is, in whatever way
    verb_at: int | None = None  # among the tokens
    asked: tuple[int, int] = (0, 0)  # the part of the text that says what is to be done; the rest tells why
    myself: bool = False  # who am I
    number: bool = False  # how many, of nothing that is named
    mood: Kind = "unclear"  # as the checkpoints will read it
    implied: frozenset[str] = frozenset()  # what has such a detail or state, where no thing is named: the phone number of anna


def nouns_of(tools: Iterable[Tool]) -> frozenset[str]:
    """Stems of the things that the tools are about."""
    return frozenset(n for t in tools for n in (*t.nouns, *(w for f in t.identifiers if f.role == "identifier" for w in f.own_words)) if len(n) > 2)


def understand(text: str, known: Things, spoken: frozenset[str], halves: tuple[Mention, ...]) -> Wanted:
    nouns = known.nouns
    plain = words.tokens(unquoted(text))
    asked, myself = asking(text), MYSELF.search(text) is not None
    verb = _verb_at(plain, asked, nouns)
    times = tuple((start, end) for _, start, end in phrases(text))
    named = (*halves, *find(text, nouns, (*times, *((m.start, m.end) for m in halves))))
    mentions = tuple(m for m in named if m.kind not in ("phrase", "number") or (m.kind == "number" and len(m.text) > 3))
    kinds = _kinds(mentions, nouns)
    starts, plainly = {m.start for m in mentions}, {m.start for m in mentions if m.kind == "word"}
    content = [t for t in plain if t.lower not in words.STOP and not t.lower.isdigit() and not any(m.overlaps(t.start, t.end) for m in halves)]
    declared = verb is None and DECLARES.search(text) is not None and QUESTION.search(text) is None
    return Wanted(
        text=text,
        stems=tuple(
            dict.fromkeys((*(s for t in content for s in (t.stem, *words.stems(t.text))), *sorted(kinds), *_prefixes(mentions), *_mine(myself)))
        ),
        verb=plain[verb].stem if verb is not None else None,
        action=_action(plain, verb) if verb is not None else "update" if declared else None,
        things=frozenset(t.stem for t in content) & nouns,
        plural=frozenset(t.stem for t in content if words.is_plural(t.text)),
        mentions=mentions,
        times=len(times),
        spoken=spoken,
        tokens=plain,
        halves=halves,
        recounts=recount.asked(text) and bool(times or mentions or any(t.stem in nouns for t in content)),
        owned=verb is not None and plain[verb].stem in known.verbs,
        subject=any(token.start in starts and before.lower in words.DOES | words.IS for before, token in pairwise(plain)),
        owner=any(t.start in plainly and _possessed(plain, n, nouns) for n, t in enumerate(plain)),
        single=WHO_IS.search(text) is not None,
        counts=MANY.search(text) is not None or (any(words.is_plural(t.text) and t.stem in nouns for t in content) and not mentions),
        joins=verb is not None and plain[verb].stem in JOINING and _both_named(named, plain[verb + 1 :]),
        named=named,
        verb_at=verb,
        asked=asked,
        myself=myself,
        mood=intent(text).kind,
        number=MANY.search(text) is not None and not mentions,
        wishes=declared or any(t.lower in WISHES for t in plain),
        kinds=kinds,
        object=_object(plain[verb + 1 :], nouns) if verb is not None else None,
    )


def asking(text: str) -> tuple[int, int]:
    """I write a blog. Can you find me a joke? The sentences that turn to whoever reads them; all, where none does."""
    spans = [(m.start(), m.end()) for m in SENTENCE.finditer(unquoted(text))]
    turned = [span for span in spans if ASKS.search(text, *span)]
    return (turned[0][0], turned[-1][1]) if turned and len(turned) < len(spans) else (0, len(text))


def _verb_at(tokens: Sequence[words.Token], asked: tuple[int, int], nouns: frozenset[str]) -> int | None:
    """Where the verb stands: in what turns to the reader, before anything else."""
    first = next((n for n, t in enumerate(tokens) if t.start >= asked[0]), 0)
    there = verbs.place([t for t in tokens if asked[0] <= t.start < asked[1]], nouns)
    return first + there if there is not None else verbs.place(tokens, nouns)


def implied(wanted: Wanted, tools: Iterable[Tool]) -> frozenset[str]:
    """Nouns of the operations whose fields, listed values or verbs the words name."""
    if wanted.things:
        return frozenset()
    little = words.STOP | words.EMPTY | words.ORDINALS.keys()
    said = {t.stem for t in wanted.tokens if not words.action_of(t.lower) and t.lower not in little}
    found: set[str] = set()
    for tool in tools:
        details = [f.own_words for f in tool.fields] + [words.stems(str(v)) for f in tool.fields for v in f.choices]
        named = any(detail and said.issuperset(detail) for detail in details) or bool(tool.verbs & words.CHANGING_STEMS & said)
        if tool.action in ("create", "update", None) and named:
            found |= set(tool.nouns)
    return frozenset(found)


def _possessed(tokens: Sequence[words.Token], n: int, nouns: frozenset[str]) -> bool:
    """groups of: what stands right before a name."""
    return n > 1 and tokens[n - 1].lower == "of" and tokens[n - 2].stem in nouns and words.is_plural(tokens[n - 2].text)


def _both_named(named: Sequence[Mention], following: Sequence[words.Token]) -> bool:
    """anna to editors: a name on each side of the little word."""
    mark = next((t for t in following if t.lower in TOWARD), None)
    sides = {m.start > mark.start for m in named if following[0].start <= m.start} if mark else set()
    return len(sides) == 2


def _object(following: Sequence[words.Token], nouns: frozenset[str]) -> str | None:
    """list the open issues of anna: issues. What stands behind a preposition only says which."""
    end = next((n for n, t in enumerate(following) if t.lower in words.TOPIC_MARKS | words.PLACE_MARKS), len(following))
    return next((t.stem for t in reversed(following[:end]) if t.stem in nouns), None)


def _action(tokens: Sequence[words.Token], place: int) -> words.Action | None:
    """make a list: create; make Anna an editor, turn it into one, give her the role: update."""
    if place == 0 and tokens[0].lower in ASKING:
        return "read"
    verb, following = tokens[place].lower, [t.lower for t in tokens[place + 1 : place + 2]]
    if verb == "make" and following not in (["a"], ["an"], ["me"], ["new"], ["another"]):
        return "update"
    if verb == "give" and following and following[0] not in words.STOP and tokens[place + 1].stem not in words.COPY_STEMS:
        return "update"
    if verb == "turn" and any(t.lower == "into" for t in tokens[place:]):
        return "update"
    return words.action_of(tokens[place].lower)


def _mine(myself: bool) -> list[str]:
    return sorted(MINE) if myself else []


def _kinds(mentions: Sequence[Mention], nouns: frozenset[str]) -> frozenset[str]:
    """grp_7 is a group, c_81 a customer where no other thing begins so."""
    codes = [m.text for m in mentions if m.kind == "code"]
    alike = [[noun for noun in nouns if words.abbreviates(found[1].lower(), noun)] for code in codes if (found := KIND.fullmatch(code))]
    return frozenset(each[0] for each in alike if len(each) == 1)


def _prefixes(mentions: Sequence[Mention]) -> list[str]:
    """user1 speaks of a user."""
    return [stem for m in mentions if m.kind in ("code", "quoted") for stem in words.stems(m.text)[:1] if m.text[-1:].isdigit() and len(stem) > 2]
