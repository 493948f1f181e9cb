"""Which tool a request asks for: words in common, weighed by how rare they are, the class of the verb, and what the words could fill."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log

from engine.builtin import recount, verbs, words
from engine.builtin.choices import can_switch, picked
from engine.builtin.dates import phrases
from engine.builtin.mentions import Mention, find, pair, unquoted
from engine.builtin.records import SOMEBODY
from engine.builtin.toolbox import Field, Tool, paired, which
from engine.builtin.verbs import ASKING, JOINING, TOWARD
from engine.wholes import asks_for_all
from specs.words import tokens

CONTRARY = -3.0
VALUE, TIMED, WHO = 0.8, 0.6, 1.2
MYSELF = re.compile(r"\bwho am i\b|\bmy (?:own )?(?:profile|user|details)\b", re.IGNORECASE)
WISHES = frozenset({"want", "need", "like", "please", "let", "gonna", "going", "help"})
TOLD = 4.0  # a list of what happened, for the question what happened
ONE_OF_MANY = 3.0  # a tool for one, where many are asked for
WHO_IS = re.compile(r"^\W*who(?:\s+is|\s+was|'s)\s+(?!the\b|in\b|a\b|an\b|my\b)\S+(?:\s+\S+)?\W*$", re.IGNORECASE)
MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
OFF_TOPIC = 0.6  # what the verb is about is none of the tool's things
WHOLE = 1.5  # an operation for all of a kind, where all are asked for
FIRST = 1.0  # what the place in the offer is worth


@dataclass(frozen=True, slots=True)
class Ranked:
    tool: Tool
    score: float
    support: float  # the share of the score that words of its name, summary or fields give: none means out of scope


@dataclass(frozen=True, slots=True)
class Things:
    """Stems of what the tools are about, and of the verbs of those that change something."""

    nouns: frozenset[str]
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the words ask for, before a tool is known."""

    stems: tuple[str, ...]
    verb: str | None
    action: words.Action | None
    things: frozenset[str]  # stems of what the tools are about, that the words speak of
    plural: frozenset[str]
    mentions: tuple[Mention, ...]
    timed: bool  # words for a time are among them
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
    named: bool = False  # something is, in whatever way
    implied: frozenset[str] = frozenset()  # what has such a detail or state, where no thing is named: the phone number of anna


def nouns_of(tools: Iterable[Tool]) -> frozenset[str]:
    """Stems of the things that the tools are about."""
    return frozenset(n for t in tools for n in (*t.nouns, *(w for f in t.identifiers if f.role == "identifier" for w in f.own_words)) if len(n) > 2)


def rank(text: str, tools: Mapping[str, Tool], spoken: Sequence[str] = ()) -> list[Ranked]:
    """Best first. `spoken` are stems of what "it" in the text stands for."""
    halves = (pair(text) or ()) if any(paired(tool.fields) for tool in tools.values()) else ()
    own = frozenset(verb for tool in tools.values() if not tool.reads for verb in tool.verbs)
    wanted = understand(text, Things(nouns_of(tools.values()), own), frozenset(spoken), halves)
    wanted = replace(wanted, implied=implied(wanted, tools.values()))
    rare = _rarity(tools.values())
    # Tools are offered best first by a search over the whole document, which knows more words than their definitions.
    found: list[Ranked] = []
    for place, tool in enumerate(tools.values()):
        whole = _one(tool, tools) is not None
        if not whole or asks_for_all(text, tokens(tool.name)):
            found.append(_score(wanted, tool, rare, FIRST / (1 + place) + (WHOLE if whole else 0.0)))
    return sorted(found, key=lambda r: (-r.score, len(r.tool.name), r.tool.name))


def _one(tool: Tool, tools: Mapping[str, Tool]) -> Tool | None:
    """Of an operation that changes all of a kind at once: the one for one of them."""
    if not tool.changes or tool.action == "create":
        return None
    required = {f.path for f in tool.fields if f.required}
    doing = (t for t in tools.values() if t.action == tool.action and (tool.action or t.verbs & tool.verbs))
    alike = (t for t in doing if t.nouns and {*t.nouns} <= {*tool.nouns} and required < {f.path for f in t.fields if f.required})
    return next((t for t in alike if any(f.path not in required for f in which(t))), None)


def spoken_about(text: str, tools: Mapping[str, Tool]) -> frozenset[str]:
    """Stems of what has the details that a text names, where it names no thing itself."""
    return implied(understand(text, Things(nouns_of(tools.values()), frozenset()), frozenset(), ()), tools.values())


def understand(text: str, known: Things, spoken: frozenset[str], halves: tuple[Mention, ...]) -> Wanted:
    nouns = known.nouns
    plain = words.tokens(unquoted(text))
    verb = verbs.place(plain, nouns)
    times = tuple((start, end) for _, start, end in phrases(text))
    named = (*halves, *find(text, nouns, (*times, *((m.start, m.end) for m in halves))))
    mentions = tuple(m for m in named if m.kind not in ("phrase", "number") or (m.kind == "number" and len(m.text) > 3))
    content = [t for t in plain if t.lower not in words.STOP and not t.lower.isdigit() and not any(m.overlaps(t.start, t.end) for m in halves)]
    return Wanted(
        stems=tuple(dict.fromkeys((*(s for t in content for s in (t.stem, *words.stems(t.text))), *_prefixes(mentions), *_oneself(text)))),
        verb=plain[verb].stem if verb is not None else None,
        action=_action(plain, verb) if verb is not None else None,
        things=frozenset(t.stem for t in content) & nouns,
        plural=frozenset(t.stem for t in content if words.is_plural(t.text)),
        mentions=mentions,
        timed=bool(times),
        spoken=spoken,
        tokens=plain,
        halves=halves,
        recounts=recount.asked(text) and bool(times or mentions or any(t.stem in nouns for t in content)),
        owned=verb is not None and plain[verb].stem in known.verbs,
        subject=any(before.lower in words.DOES | words.IS and token.start == m.start for before, token in pairwise(plain) for m in mentions),
        owner=any(_possessed(plain, n, nouns) and t.start == m.start for n, t in enumerate(plain) for m in mentions if m.kind == "word"),
        single=WHO_IS.search(text) is not None,
        counts=MANY.search(text) is not None or (any(words.is_plural(t.text) and t.stem in nouns for t in content) and not mentions),
        joins=verb is not None and plain[verb].stem in JOINING and _both_named(named, plain[verb + 1 :]),
        named=bool(named),
        wishes=any(t.lower in WISHES for t in plain),
        object=_object(plain[verb + 1 :], nouns) if verb is not None else None,
    )


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


def _oneself(text: str) -> tuple[str, ...]:
    """Who am I: the user who is signed in, by the names that documents have for it."""
    return tuple(words.stem(w) for w in ("current", "authenticated", "authorised", "authorized")) if MYSELF.search(text) else ()


def _prefixes(mentions: Sequence[Mention]) -> list[str]:
    """user1 speaks of a user."""
    return [stem for m in mentions if m.kind in ("code", "quoted") for stem in words.stems(m.text)[:1] if m.text[-1:].isdigit() and len(stem) > 2]


def _rarity(tools: Iterable[Tool]) -> dict[str, float]:
    seen: dict[str, int] = {}
    count = 0
    for tool in tools:
        count += 1
        for word, weight in tool.vocabulary.items():
            if weight >= 0.5:
                seen[word] = seen.get(word, 0) + 1
    return {word: 0.5 + log(1 + count / times) for word, times in seen.items()}


def _score(wanted: Wanted, tool: Tool, rare: Mapping[str, float], head_start: float) -> Ranked:
    most = max(rare.values(), default=1.0)
    hits = {s: tool.vocabulary[s] for s in map(tool.known, wanted.stems) if s in tool.vocabulary and not _is_verb(s, tool)}
    overlap = sum(weight * rare.get(s, most) for s, weight in hits.items())
    missed = min(sum(rare.get(n, most) for n in set(nouns) - set(wanted.stems)) for nouns in (tool.nouns, tool.topics or tool.nouns))
    unserved = sum(rare.get(n, most) for n in wanted.things if tool.vocabulary.get(n, 0.0) < 0.5)
    verb = _verb(wanted, tool)
    score = overlap - (0.45 if tool.reads else 0.7) * missed - 0.3 * unserved + verb + _shape(wanted, tool) + _values(wanted, tool) + head_start
    off_topic = wanted.object is not None and tool.vocabulary.get(wanted.object, 0.0) < 0.5
    unpaired = bool(wanted.halves) and paired(tool.fields) is None
    return Ranked(tool, score - OFF_TOPIC * (off_topic + unpaired), _support(wanted, tool, hits, verb))


def _values(wanted: Wanted, tool: Tool) -> float:
    """Words that are listed values of its fields, and words for a time where it takes one, speak for a tool."""
    chosen = _chosen(wanted, tool)
    timed = wanted.timed and any(f.role == "time" for f in tool.fields)
    if wanted.mentions and wanted.verb in ASKING:
        chosen = 0  # "is anna locked" is about anna, not about all that are
    score = VALUE * min(chosen, 2) + (TIMED if timed else -TIMED / 2 if wanted.timed and tool.reads else 0.0)
    asks_who = not wanted.single and tool.plural and tool.reads and tool.identifiers and any(t.lower == "who" for t in wanted.tokens)
    if wanted.recounts and recount.answers(tool):
        score += TOLD + (VALUE if tool.plural else 0.0)
    return score + (WHO if asks_who and set(tool.nouns) & words.PERSON_STEMS else 0.0)


def _chosen(wanted: Wanted, tool: Tool) -> int:
    """Of how many fields the words name a listed value."""
    about = frozenset(tool.nouns)
    return sum(bool(picked(f, wanted.tokens, about | tool.verbs, wanted.things - about)) for f in tool.fields if f.role == "choice")


def _support(wanted: Wanted, tool: Tool, hits: Mapping[str, float], verb: float) -> float:
    if verb <= CONTRARY or (wanted.action == "delete" and tool.reads):
        return 0.0  # a verb that the tool cannot carry out
    if tool.action == "delete" and _only_where(wanted, tool):
        return 0.0
    if wanted.recounts and recount.answers(tool):
        return 1.0
    if wanted.verb in tool.verbs and (wanted.action is None or (wanted.joins and len(tool.identifiers) == 2)):
        return 1.0  # "lock it", "add anna to editors": the verb alone names the tool
    if tool.reads and tool.nouns and set(tool.nouns) <= wanted.implied and (_chosen(wanted, tool) if tool.plural else wanted.named):
        return 1.0  # the phone number of anna: of a user
    return sum(weight for weight in hits.values() if weight >= 0.5)


def _only_where(wanted: Wanted, tool: Tool) -> bool:
    """drop the pvc data-0 in namespace prod: the namespace says where it is, and is not what is deleted."""
    at = next((n for n, t in enumerate(wanted.tokens) if t.stem == wanted.verb), len(wanted.tokens))
    cut = next((n for n, t in enumerate(wanted.tokens) if n > at and t.lower in words.PLACE_MARKS), len(wanted.tokens))
    said = [t for t in wanted.tokens[at + 1 : cut] if t.lower not in words.STOP]
    stems, where = {stem for t in said for stem in (t.stem, *words.stems(t.text))}, {t.stem for t in wanted.tokens[cut:]}
    if not said or len(tool.identifiers) != 1 or stems & {*tool.nouns, *tool.topics}:
        return False
    kind_said = len(said) > 1 and said[0].text.isalpha() and said[0].text.islower() and not said[-1].text.isalpha()  # pvc data-0: no pod
    return bool({*tool.nouns[0 if kind_said else -1 :]} & where)


def _is_verb(stem: str, tool: Tool) -> bool:
    return stem not in tool.nouns and any(stem in verbs for verbs in words.VERB_STEMS.values())


def _verb(wanted: Wanted, tool: Tool) -> float:
    if wanted.verb is None and tool.changes and not wanted.wishes:
        return CONTRARY  # "users created this month" names things
    if wanted.verb and (wanted.verb in tool.verbs or (tool.known(wanted.verb) in tool.nouns and wanted.verb not in tool.vocabulary)):
        return 2.0
    if wanted.action is None:
        return _special(wanted.verb, tool)
    if {wanted.action, tool.action} == {"create", "delete"}:
        return CONTRARY
    if tool.action is None:
        return CONTRARY if tool.verbs & words.CHANGING_STEMS else 0.0
    if wanted.action == tool.action:
        return 1.2 if wanted.owned and not tool.reads else 1.5  # the document's own verb beats one that means the same
    return -2.0 if wanted.action in ("read", "update") or tool.action == "read" else -1.0


def _special(verb: str | None, tool: Tool) -> float:
    """A verb outside of the four classes needs a tool of that verb, or an update with a field for it."""
    if verb not in words.CHANGING_STEMS:
        return 0.0
    if tool.vocabulary.get(verb, 0.0) >= 0.5 and not tool.reads:
        return 1.0
    return 1.0 if tool.action == "update" and any(can_switch(f, verb) for f in tool.fields) else CONTRARY


def names(field: Field, noun: str) -> bool:
    """username and user_id name a user."""
    return noun in field.words or field.name.lower().startswith(noun)


def _shape(wanted: Wanted, tool: Tool) -> float:
    """One or many: a named thing fits a tool that needs to know which one; none named fits a list."""
    meant = any(names(f, noun) for f in tool.identifiers for noun in wanted.spoken)
    one_of = {f.path for f in (*tool.identifiers, *((paired(tool.fields) or ()) if wanted.halves else ()))}
    needs, named = len(one_of), len(wanted.mentions) + (meant or (bool(wanted.spoken) and not tool.identifiers))
    named = max(named, 2) if wanted.joins else named
    score = -1.2 * max(0, needs - named) if tool.action != "create" else 0.0
    score += 0.3 * max(0, min(needs, named) - 1)
    if needs > 1 and named > 1 and not tool.reads and wanted.verb in JOINING:
        score += 1.3 + (0.8 if wanted.joins and needs == 2 and sum(f.required for f in tool.fields) == 2 else 0.0)  # add anna to the editors
    if needs and named and wanted.verb in ASKING:
        score += 1.2  # is anna locked
    if needs and not tool.reads and any(t.lower in SOMEBODY for t in wanted.tokens):
        score += 1.5 if any(_of_person(f) for f in tool.identifiers) else -1.5  # delete her: no team
    if tool.plural and wanted.plural & set(tool.nouns):
        score += 0.8
    elif tool.reads and needs and len(wanted.mentions) == 1 and wanted.plural & set(tool.nouns):
        score -= 0.5  # sessions of anna: more than one
    elif tool.reads and named and not needs and not wanted.subject:
        score -= 0.4 if any(f.role in ("search", "name") for f in tool.fields) else 0.8
    score += _asked(wanted, tool)
    if tool.reads:
        score += 0.6 if needs and named else 0.4 if not needs and not named else 0.0
    return score


def _asked(wanted: Wanted, tool: Tool) -> float:
    """A question about somebody wants what takes a person; one about how many wants a list; "who is anna" wants one."""
    if not tool.reads:
        return 0.0
    score = 1.0 if tool.nouns and set(tool.nouns) <= wanted.implied else 0.0
    score -= ONE_OF_MANY if wanted.counts and not tool.plural and tool.identifiers else 0.0
    if wanted.single and tool.plural:
        score -= 1.0
    if wanted.owner:
        score += 0.5 if tool.identifiers else 0.0 if any(_of_person(f) for f in tool.fields) else -1.2
    if wanted.subject:
        fits = any(_of_person(f) for f in (tool.identifiers or tool.fields))
        score += 0.8 if fits else -1.5
    return score


def _of_person(field: Field) -> bool:
    return bool(set(words.parts(field.name)) & (words.PERSON_WORDS | {"login"}))
