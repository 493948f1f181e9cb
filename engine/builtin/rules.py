"""What grammar says for a tool: words in common by how rare they are, the class of the verb, one or many, whose and who. Pure.

The strongest of what `choose` weighs; its own weights were set by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from engine.builtin import assigning, recount, words
from engine.builtin.choices import can_switch, picked
from engine.builtin.records import SOMEBODY
from engine.builtin.toolbox import Field, Tool, paired
from engine.builtin.verbs import ASKING, JOINING, TOWARD
from engine.builtin.wanted import MINE, Wanted

DEEDS = frozenset({"create", "update", "delete"})
CONTRARY = -3.0
VALUE, TIMED, WHO = 0.8, 0.6, 1.2
ONE_OF_TWO = 1.0  # what is listed, of the two things that a list is about
TOLD = 4.0  # a list of what happened, for the question what happened
ONE_OF_MANY = 3.0  # a tool for one, where many are asked for
NOT_READ = -2.9  # a tool that reads, where a verb asks for a change
MORE_THAN_ONE = 3.0  # what is shown by its id, where the words are about all of somebody's
OFF_TOPIC = 0.6  # what the verb is about is none of the tool's things


@dataclass(frozen=True, slots=True)
class Ruled:
    words: float  # in common, by how rare they are, without those of its name that were not said
    verb: float
    mood: float  # 1 where reading or changing is what is asked for, -1 where the other is
    shape: float  # one or many, whose and who
    values: float  # listed values and times
    support: float  # how much words of its name, summary or fields speak for it: none means out of scope
    barred: bool  # the verb asks for something that the tool cannot do
    certain: bool  # the form of the sentence asks for just this
    own_verb: bool  # the verb is the tool's own
    other_deed: bool  # it creates, changes or deletes, where another of these is asked for
    foreign: bool  # an id that is said begins with the kind of something else
    sets: bool  # the words set a detail of it
    pointed: bool  # what has the detail or state that is asked for


def rarities(tools: Iterable[Tool]) -> dict[str, float]:
    seen: dict[str, int] = {}
    count = 0
    for tool in tools:
        count += 1
        for word, weight in tool.vocabulary.items():
            if weight >= 0.5:
                seen[word] = seen.get(word, 0) + 1
    return {word: 0.5 + log(1 + count / times) for word, times in seen.items()}


def ruled(wanted: Wanted, tool: Tool, rare: Mapping[str, float]) -> Ruled:
    """`rare`: of each word, how few of the tools have it."""
    most = max(rare.values(), default=1.0)
    hits = {s: tool.vocabulary[s] for s in map(tool.known, wanted.stems) if s in tool.vocabulary and not _is_verb(s, tool)}
    overlap = sum(weight * rare.get(s, most) for s, weight in hits.items())
    missed = min(sum(rare.get(n, most) for n in set(nouns) - set(wanted.stems)) for nouns in (tool.nouns, tool.topics or tool.nouns))
    unserved = sum(rare.get(n, most) for n in wanted.things if tool.vocabulary.get(n, 0.0) < 0.5)
    verb = _verb(wanted, tool)
    off_topic = wanted.object is not None and tool.vocabulary.get(wanted.object, 0.0) < 0.5
    unpaired = bool(wanted.halves) and paired(tool.fields) is None
    barred = _barred(wanted, tool, verb)
    return Ruled(
        words=overlap - (0.45 if tool.reads else 0.7) * missed - 0.3 * unserved - OFF_TOPIC * off_topic,
        verb=verb,
        mood=_mood(wanted, tool),
        shape=_shape(wanted, tool) - OFF_TOPIC * unpaired,
        values=_values(wanted, tool),
        support=0.0 if barred else _support(wanted, tool, hits),
        barred=barred,
        certain=not barred and _certain(wanted, tool),
        own_verb=wanted.verb is not None and (wanted.verb in tool.verbs or same_deed(wanted.verb, tool)),
        other_deed={wanted.action, tool.action} <= DEEDS and wanted.action != tool.action and wanted.verb not in tool.verbs,
        foreign=any(not _about(kind, tool) for kind in wanted.kinds),
        sets=assigning.sets(tool, wanted.text),
        pointed=not barred and _pointed(wanted, tool),
    )


def _mood(wanted: Wanted, tool: Tool) -> float:
    if wanted.mood == "unclear" or not (tool.reads or tool.changes):
        return 0.0
    return 1.0 if (wanted.mood == "reads") == tool.reads else -1.0


def _certain(wanted: Wanted, tool: Tool) -> bool:
    """What happened, who am I, add anna to editors."""
    if wanted.recounts and recount.answers(tool):
        return True
    if wanted.myself:
        return tool.reads and bool(MINE & tool.vocabulary.keys())
    return wanted.joins and len(tool.identifiers) == 2 and wanted.verb in tool.verbs


def _barred(wanted: Wanted, tool: Tool, verb: float) -> bool:
    """A verb that the tool cannot carry out, or a thing it is not about."""
    if verb <= CONTRARY or (wanted.action == "delete" and tool.reads):
        return True
    if wanted.mood == "reads" and tool.changes:
        return True  # a checkpoint would stop it
    if wanted.number and tool.reads and tool.identifiers and not tool.plural:
        return True  # how many there are is not told by one of them
    return tool.action == "delete" and _only_where(wanted, tool)


def _values(wanted: Wanted, tool: Tool) -> float:
    """Words that are listed values of its fields, and words for a time where it takes one, speak for a tool."""
    chosen = _chosen(wanted, tool)
    timed = wanted.times and any(f.role == "time" for f in tool.fields)
    if wanted.mentions and wanted.verb in ASKING:
        chosen = 0  # "is anna locked" is about anna, not about all that are
    score = VALUE * min(chosen, 2) + (TIMED if timed else -TIMED / 2 if wanted.times and tool.reads else 0.0)
    asks_who = not wanted.single and tool.plural and tool.reads and tool.identifiers and any(t.lower == "who" for t in wanted.tokens)
    if wanted.recounts and recount.answers(tool):
        score += TOLD + (VALUE if tool.plural else 0.0)
    return score + (WHO if asks_who and set(tool.nouns) & words.PERSON_STEMS else 0.0)


def _chosen(wanted: Wanted, tool: Tool) -> int:
    """Of how many fields the words name a listed value."""
    about = frozenset(tool.nouns)
    return sum(bool(picked(f, wanted.tokens, about | tool.verbs, wanted.things - about)) for f in tool.fields if f.role == "choice")


def _support(wanted: Wanted, tool: Tool, hits: Mapping[str, float]) -> float:
    if _certain(wanted, tool) or (wanted.action is None and (wanted.verb in tool.verbs or same_deed(wanted.verb, tool))):
        return 1.0  # "lock it": the verb alone names the tool
    if _pointed(wanted, tool):
        return 1.0
    return sum(weight for weight in hits.values() if weight >= 0.5)


def _pointed(wanted: Wanted, tool: Tool) -> bool:
    """The phone number of anna: of a user; who is anna: one, where such are what it is about."""
    if wanted.single and tool.reads and tool.identifiers and not tool.plural and tool.nouns and {*tool.nouns} <= words.PERSON_STEMS:
        return True
    implied = tool.reads and bool(tool.nouns) and set(tool.nouns) <= wanted.implied
    return implied and bool(_chosen(wanted, tool) if tool.plural else wanted.named)


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
    if tool.reads:
        return NOT_READ  # order a book: no list of them, but nothing contrary either
    return -2.0 if wanted.action in ("read", "update") else -1.0


def _about(kind: str, tool: Tool) -> bool:
    return tool.vocabulary.get(kind, 0.0) >= 0.5 or any(names(f, kind) for f in tool.fields)


def _special(verb: str | None, tool: Tool) -> float:
    """A verb outside of the four classes needs a tool of that verb, or an update with a field for it."""
    if verb not in words.CHANGING_STEMS:
        return 0.0
    if same_deed(verb, tool):
        return 1.5
    if tool.vocabulary.get(verb, 0.0) >= 0.5 and not tool.reads:
        return 1.0
    return 1.0 if tool.action == "update" and any(can_switch(f, verb) for f in tool.fields) else CONTRARY


def same_deed(verb: str | None, tool: Tool) -> bool:
    """suspend jdoe: what locks does it, too."""
    return not tool.reads and any(verb in deeds and tool.verbs & deeds for deeds in words.SAME_DEED_STEMS)


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
    if needs > 1 and wanted.verb in JOINING and not any(t.lower in TOWARD for t in wanted.tokens):
        score -= 1.5  # remove user1: from nothing
    if needs > 1 and named > 1 and not tool.reads and wanted.verb in JOINING:
        score += 1.3 + (0.8 if wanted.joins and needs == 2 and sum(f.required for f in tool.fields) == 2 else 0.0)  # add anna to the editors
    if needs and named and wanted.verb in ASKING:
        score += 1.2  # is anna locked
    if needs and not tool.reads and any(t.lower in SOMEBODY for t in wanted.tokens):
        score += 1.5 if any(_of_person(f) for f in tool.identifiers) else -1.5  # delete her: no team
    if tool.plural and wanted.plural & set(tool.nouns):
        score += 0.8
    elif tool.reads and needs and len(wanted.mentions) == 1 and wanted.plural & set(tool.nouns):
        score -= MORE_THAN_ONE  # sessions of anna
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
    score += _listed(wanted, tool)
    score -= ONE_OF_MANY if wanted.counts and not tool.plural and tool.identifiers else 0.0
    if wanted.single and tool.plural:
        score -= 1.0
    if wanted.owner:
        score += 0.5 if tool.identifiers else 0.0 if any(_of_person(f) for f in tool.fields) else -1.2
    if wanted.subject:
        fits = any(_of_person(f) for f in (tool.identifiers or tool.fields))
        score += 0.8 if fits else -1.5
    return score


def _listed(wanted: Wanted, tool: Tool) -> float:
    """the groups of anna: no members of groups. Everybody in Sales: people."""
    things = [words.stem(w) for w in words.parts(tool.name) if words.is_plural(w)]
    if tool.plural and any(t.lower in ("everybody", "everyone", "anybody", "anyone") for t in wanted.tokens):
        return WHO if set(things) & words.PERSON_STEMS else 0.0
    if len(set(tool.nouns)) < 2 or len(things) != 1 or wanted.object not in wanted.plural & set(tool.nouns):
        return 0.0
    return ONE_OF_TWO if things[0] == wanted.object else -ONE_OF_TWO


def _of_person(field: Field) -> bool:
    return bool(set(words.parts(field.name)) & (words.PERSON_WORDS | {"login"}))
