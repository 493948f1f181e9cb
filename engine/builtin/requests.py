"""A message of the customer taken apart: which calls it asks for, in order, and in which words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

from engine.again import asks_again, corrected, follows
from engine.builtin import verbs, words
from engine.builtin.choose import Ranked, rank
from engine.builtin.mentions import unquoted
from engine.builtin.rules import names
from engine.builtin.toolbox import Tool
from engine.builtin.wanted import nouns_of
from engine.typed import STOPPING

_VERBS = "|".join(sorted(words.COMMANDS, key=len, reverse=True))
JOINT = re.compile(
    rf"(?<!\s)(?:(?:\s*[,;]\s*|\s*\.\s+)(?:(?:and|but)\s+)?(?:then\s+)?|\s+(?:and|but)\s+(?:then\s+)?|\s+then\s+)(?:also\s+|please\s+)*"
    rf"(?=(?:{_VERBS}|do not|don['’]?t|never)\b)",
    re.IGNORECASE,
)
MEANT, SURELY = 0.25, 0.6  # less says that no tool has to do with the words; and none that changes something, without support
MARGIN = 0.5  # less between two changes tells nothing
EXPLAINED = 0.1  # more of the sentence that only one of them has to do with tells enough
LEAST_SUPPORT = 0.5
GREETING = re.compile(r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|안녕\S*)\b[^?]{0,20}$", re.IGNORECASE)
THANKS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|great|perfect|cool|nice|super)\W*)?"
    r"(?:thanks?|thank you|thx|cheers|고마워\S*|고맙\S*|감사(?:합|해|드|하)\S*)\b[^?]{0,30}$",
    re.IGNORECASE,
)
# A clause that begins so asks for nothing.
_NOT = r"do(?:es)? not|don['’]?t|never|not|must not|mustn['’]?t|should not|shouldn['’]?t|(?:cannot|can['’]?t|won['’]?t)(?! you)"
_POLITE = r"(?:(?:please|kindly|but|and|ok(?:ay)?|so|also|just|now|you|we|i|should|must|shall|will|would|could|can)[\s,]+)*"
NEGATED = re.compile(
    rf"^\W*{_POLITE}(?:{_NOT}|avoid|refrain from|(?:there is )?no need to|make sure (?:not to|you do not|you don['’]?t))\s+"
    r"(?:(?:ever|please|yet|want(?: you| me| us)? to|need to|have to|go ahead and|try to|try and|you dare)\s+)*(?P<verb>[a-z]+)",
    re.IGNORECASE,
)
NOTHING = re.compile(r"^\W*(?:no|nope|no,? thanks?|(?:no,? )?(?:please )?don['’]?t|nothing)\W*$", re.IGNORECASE)
STOPPED = re.compile(rf"^\W*(?:(?:please|ok(?:ay)?|no|just)\W+)*(?:{STOPPING})(?:\W+(?:please|now|then))*\W*$", re.IGNORECASE)
# A clause that tells something, with whom it is about before its verb.
TELLS = re.compile(r"\W*(?!what|who|which|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|please)\w", re.IGNORECASE)
PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(words.PRONOUNS))})\b", re.IGNORECASE)
TWO_LISTS = re.compile(
    r"(?P<verb>\W*(?:please\s+)?(?:list|show|get|find|give)\s+(?:me\s+)?(?:all\s+|the\s+)*)(?P<one>\w+s)\s+and\s+(?:all\s+|the\s+)*(?P<other>\w+s)\W*",
    re.IGNORECASE,
)
BOTH_OF = re.compile(
    r"(?P<head>(?:.*?\s)?)(?:the\s+)?(?P<one>\w+s)\s+and\s+(?:the\s+)?(?P<other>\w+s)\s+(?P<rest>(?:of|for|from)\s+.+)", re.IGNORECASE | re.DOTALL
)
OF_LIST = re.compile(
    r"\b(?:all(?: of)? (?:them|those|these)|both(?: of them)?|each (?:one|of them)|every one"
    rf"|the (?P<side>first|last) (?P<n>\d|{'|'.join(words.NUMBERS)}))\b",
    re.IGNORECASE,
)
AND = re.compile(r",?\s+and\s+(?=the\b|an?\b|\w)", re.IGNORECASE)
ABOUT = re.compile(r"\b(?:what can you do|what do you do|who are you|how (?:can|do) you (?:help|work)|help me\W*$|^\W*help\W*$)", re.IGNORECASE)


HOW_TO = re.compile(
    r"^\W*(?:(?:please|tell me|show me|explain)\W+)*how (?:(?:do|can|could|should|would) (?:i|we|one|you)|to)\s+(?P<deed>\w+\b.*?)[\s?.!]*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Goal:
    """One call that the customer wants, and the words that ask for it.

    `through`: what must be called first, in order, for its id. `given`: what is known of it beside the words; `called`: what people call that.
    """

    tool: Tool
    text: str
    through: tuple[Tool, ...] = ()
    given: tuple[tuple[tuple[str, ...], Any], ...] = ()
    called: str | None = None


def is_greeting(text: str) -> bool:
    return bool(GREETING.search(text)) and not _commands(text)


def is_thanks(text: str) -> bool:
    return bool(THANKS.search(text)) and not _commands(text)


def _commands(text: str) -> bool:
    return any(t.stem in words.COMMAND_STEMS for t in words.tokens(text) if t.lower not in words.STOP)


def is_stop(text: str) -> bool:
    return bool(STOPPED.search(text))


def is_about(text: str) -> bool:
    return bool(ABOUT.search(text))


def how_to(text: str) -> str | None:
    """How do I delete user1: the deed that is asked about, as a command."""
    found = HOW_TO.search(text)
    return found["deed"] if found else None


def repeated(said: str, before: Sequence[str]) -> str:
    """What "try again" stands for: the newest thing said before that was not such words itself."""
    if not asks_again(said):
        return said
    return next((earlier for earlier in reversed(before) if not asks_again(earlier)), said)


def put_right(said: str, before: Sequence[str], last: Mapping[str, Any]) -> str:
    """What "no, I meant tsingh" stands for: the message before with that value, where one value of the call it led to stands in it."""
    value, earlier = corrected(said), before[-1] if before else ""
    used = [str(v) for v in last.values() if isinstance(v, str | int) and len(re.findall(_alone(str(v)), earlier)) == 1]
    if value is None or not used:
        return said
    named = next((v for v in used if not v.isdigit()), used[0]) if not value.isdigit() else next((v for v in used if v.isdigit()), used[0])
    return re.sub(_alone(named), lambda _: value, earlier)


def followed(said: str, before: Sequence[str], used: Sequence[str], nouns: frozenset[str], listed: frozenset[str]) -> str:
    """What "the same for Anna", "and in Finance?" stands for: the message before with that value in the place of the one like it, or behind it.

    `used`: values of the calls that the message before led to; `listed`: values that stand in a list of a tool, and are nobody's name.
    """
    found, earlier = follows(said), before[-1] if before else ""
    if found is None or not earlier or words.stem(found.value) in nouns:
        return said
    once = [v for v in dict.fromkeys(used) if len(re.findall(_alone(v), earlier)) == 1]
    of_kind = [v for v in once if found.kind and re.search(rf"\b{found.kind}s?\s+['\"]?{re.escape(v)}(?!\w)", earlier, re.IGNORECASE)]
    fitting = of_kind or once
    if fitting:
        best = max(fitting, key=lambda v: ((v in listed) == (found.value in listed), _likeness(v, found.value)))
        return re.sub(_alone(best), lambda _: found.value, earlier)
    return f"{earlier.rstrip(' ?.!')} {found.mark} {found.value}" if found.mark else said


def _likeness(one: str, other: str) -> tuple[bool, bool, int]:
    """By what they are made of, and how they begin: user1 is more like user2 than admins is."""
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one.lower(), other.lower(), strict=False))))
    return any(c.isdigit() for c in one) == any(c.isdigit() for c in other), one[:1].isupper() == other[:1].isupper(), same


def _alone(value: str) -> str:
    return rf"(?<!\w){re.escape(value)}(?!\w)"


def wished(text: str) -> str:
    """The message without the clauses that say what is not to be done."""
    if NOTHING.search(text):
        return ""
    found = clauses(text)
    kept = [clause for clause in found if not _negated(clause)]
    return text if len(kept) == len(found) else ", ".join(clause.strip(" ,;") for clause in kept)


def _negated(clause: str) -> bool:
    found = NEGATED.search(unquoted(clause))
    if found is None or (re.match(r"\W*(?:i|we)\b", clause, re.IGNORECASE) and not re.search(r"\b(?:want|need|have)\b", found.group())):
        return False  # "I can't find user1" tells something
    return bool(words.stem(found["verb"]) in words.COMMAND_STEMS or words.action_of(found["verb"]))


def clauses(text: str) -> list[str]:
    """The message cut where a new command begins, outside of quotation marks."""
    plain, found, start = unquoted(text), [], 0
    for match in JOINT.finditer(plain):
        if plain[start : match.start()].strip():
            found.append(text[start : match.start()])
            start = match.end()
    return [*found, text[start:]]


def joined(parts: Sequence[str], nouns: frozenset[str]) -> list[str]:
    """user1 is leaving, remove him: what only tells something, with the command about whom it tells it of."""
    found: list[str] = []
    for part in parts:
        if found and TELLS.match(found[-1]) and PRONOUN.search(unquoted(part)) and verbs.place(words.tokens(found[-1]), nouns) is None:
            found[-1] = f"{found[-1].rstrip(' ,;')}, {part}"
        else:
            found.append(part)
    return found


def apart(clause: str, nouns: frozenset[str]) -> list[str]:
    """delete the group A and the user b: one request for each, where both parts have a thing and a name of their own."""
    tokens, plain = words.tokens(clause), unquoted(clause)
    verb = verbs.place(tokens, nouns)
    joint = AND.search(plain)
    if verb is None or joint is None or joint.start() < tokens[verb].end:
        return [clause]
    parts = [[t for t in tokens[verb + 1 :] if t.end <= joint.start()], [t for t in tokens if t.start >= joint.end()]]
    heads = [[t.stem for t in part if t.stem in nouns and not words.is_plural(t.text)] for part in parts]
    named = all(any(t.stem not in nouns and t.lower not in words.STOP for t in part) for part in parts)
    loose = any(t.lower in verbs.TOWARD | words.TOPIC_MARKS or t.lower in words.PRONOUNS for part in parts for t in part)
    if loose or not named or [len(found) for found in heads] != [1, 1] or heads[0] == heads[1]:
        return [clause]
    return [clause[: joint.start()], f"{clause[tokens[verb].start : tokens[verb].end]} {clause[joint.end() :]}"]


def goals(text: str, tools: Mapping[str, Tool], before: Sequence[str] = ()) -> list[Goal]:
    """What is asked for, in order; empty when no tool supports it. `before` names the tools used lately, for "delete it"."""
    lately = [tools[name] for name in before[-1:] if name in tools]
    if (deed := how_to(text)) and (asked := goals(deed, tools, before)) and asked[0].tool.changes:
        return asked  # a checkpoint stops it, and tells the customer that it can be done and by which words
    if both := _both_lists(text, tools):
        return both
    found: list[Goal] = []
    for clause in (part for whole in joined(clauses(text), nouns_of(tools.values())) for part in apart(whole, nouns_of(tools.values()))):
        context = [found[-1].tool] if found else lately
        best = _best(clause, tools, context)
        if best is None or (found and best.tool is found[-1].tool and not _another(clause)):
            found = [*found[:-1], Goal(found[-1].tool, f"{found[-1].text}, {clause}")] if found else found
        else:
            found.append(Goal(best.tool, clause))
    if len(found) != 1:
        return found
    whole = _best(text, tools, lately)
    return [Goal(whole.tool if whole else found[0].tool, text)]


def both_of(text: str) -> tuple[tuple[str, str], ...]:
    """the reviews and the copies of the book X: (what is asked for, the request for it), for each."""
    found = BOTH_OF.fullmatch(text)
    if found is None or "'" in found["head"] or '"' in found["head"]:
        return ()
    return tuple((words.stem(found[name]), f"{found['head']}{found[name]} {found['rest']}") for name in ("one", "other"))


def _both_lists(text: str, tools: Mapping[str, Tool]) -> list[Goal]:
    """list users and groups: two lists, where there is one of each."""
    named = TWO_LISTS.fullmatch(text)
    wanted = [f"{named['verb']}{thing}" for thing in (named["one"], named["other"])] if named else []
    ranked = [(_best(one, tools, []), one) for one in wanted]
    found = [Goal(best.tool, one) for best, one in ranked if best and best.tool.plural and best.tool.reads and not best.tool.identifiers]
    return found if len(found) == 2 and found[0].tool is not found[1].tool else []


def _best(clause: str, tools: Mapping[str, Tool], context: Sequence[Tool]) -> Ranked | None:
    """The tool for a clause. What "it" stands for is among its words."""
    spoken = _spoken(context[0], clause, nouns_of(tools.values())) if context and refers_back(clause) else ()
    ranked = rank(" ".join((clause, *spoken)), tools, spoken)
    if not ranked:
        return None
    best = ranked[0]
    supported = best.support >= LEAST_SUPPORT or not best.tool.changes
    sure = best.meant >= (MEANT if supported else SURELY)
    return best if sure else None


def _spoken(before: Tool, clause: str, nouns: frozenset[str]) -> tuple[str, ...]:
    """What the operation before was about; behind "and its copies" only whose reviews it read."""
    owners = tuple(noun for noun in before.nouns if any(names(field, noun) for field in before.fields if field.required))
    other = {t.stem for t in words.tokens(unquoted(clause)) if words.is_plural(t.text)} & nouns - {*before.nouns}
    return owners if other and owners else before.nouns


def rivals(goal: Goal, tools: Mapping[str, Tool]) -> tuple[Tool, ...]:
    """The two operations that a change could be, where neither fits clearly better."""
    ranked = rank(goal.text, tools)[:2]
    close = (
        len(ranked) == 2
        and abs(ranked[0].unplaced - ranked[1].unplaced) < MARGIN
        and ranked[1].features["strangers"] - ranked[0].features["strangers"] < EXPLAINED
        and all(r.support >= LEAST_SUPPORT and r.tool.changes for r in ranked)
    )
    return tuple(r.tool for r in ranked) if close and ranked[0].tool is goal.tool else ()


def refers_back(text: str) -> bool:
    """it, that one, the second one: words for something that was spoken of before."""
    said = [t.lower for t in words.tokens(unquoted(text))]
    if OF_LIST.search(unquoted(text)) or any(w in words.PRONOUNS or w == "its" for w in said):
        return True
    if said[-1:] in (["that"], ["this"], ["those"], ["these"]):
        return True
    return any(w in words.ORDINALS and following in ("one", "of", "") for w, following in pairwise([*said, ""]))


def _another(clause: str) -> bool:
    """Whether a second clause for the same tool asks for one more: create a group, create another ..."""
    said = [t.lower for t in words.tokens(clause)[:3]]
    return any(w in ("a", "an", "another") for w in said)
