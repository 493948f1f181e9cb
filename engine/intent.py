"""What the customer's words ask for: only to read, a change, or neither clearly; and whether they ask for an operation. Pure.

It authorises nothing: it refuses, or says that a step was the model's idea (design.md, 5).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.verbs import (
    AMBIGUOUS, CHANGING, COMPOUNDS, COPY, DELETING, DETERMINERS, FILLERS, GROUPS, KOREAN_ASKED, KOREAN_NAMES, KOREAN_NOT, KOREAN_NOUNS_THAT_DO,
    KOREAN_READ, KOREAN_VERBS, LEADS_TO, NEGATIONS, NEGATIONS_UNDONE, PRONOUNS, QUESTION, READ, READING, SEVERAL, STATIVE, WRITE,
)  # fmt: skip
from engine.words import QUOTED, QUOTES, read
from specs.model import Operation
from specs.words import tokens
from tools.fields import words as parts_of

Kind = Literal["reads", "changes", "unclear"]
Reading = Literal["asked", "not", "doubtful"]
METHODS = {"POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
SENTENCES = re.compile(r"(?<=[.?!;])\s+|\n+")
CLAUSES = re.compile(r",\s+|:\s+|\s+-\s+|\b(?:and then|and|then|but|or)\b", re.I)
WORD = re.compile(r"[\w][\w'@.\-]*[\w]|\w")
HANGUL = re.compile(r"[가-힣]")
INFORMATION = re.compile(
    r"\bhow (?:do|can|could|would|should|does|did|to|i)\b|\bwhat (?:happens|would happen|if)\b|\bis it possible\b|\bis there (?:a|any) way\b|\bam i (?:able|allowed)\b"
    r"|\bshould i\b|\bdo i (?:have|need)\b|^\W*why\b|\bways? to\b|\bsteps to\b|\bexplain how\b",
    re.I,
)
CAPABILITY = re.compile(r"^\W*(?:\w+,? )?(?:can|may|could|might) i\b", re.I)
PASSIVE = re.compile(
    r"(?:\b(?:want|need|like|have|get)\s+(?:\S+\s+){1,6}?(?:to be |be )?|\b(?:should|must|needs? to|has to|have to|ought to|to)\s+be\s+|\bmake sure\s+(?:\S+\s+){1,6}?(?:is|are|gets?)\s+)"
    r"(?P<verb>\w+ed|sent|set|put|paid|made|built|written)\b",
    re.I,
)
GIVEN = re.compile(r"\bgive (?:me|us)\b|\b(?:need|want|like|have)\s+(?:a|an|the|all|some)\s+(?:\w+\s+)?(?:list|overview|details?|report|information|info|data|count|number)\b", re.I)
WISHED_NEW = re.compile(r"\b(?:need|want|like|get me|open)\b(?:\s+\w+)?\s+(?:a new|another|one more|an additional|an extra)\b|^\W*(?:please\s+)?(?:a\s+)?(?:new|another|one more)\s", re.I)
STEMS = frozenset(tokens(" ".join(CHANGING | READING)))  # verbs as `tokens` makes them: no names of things
IRREGULAR = {"sent": "send", "set": "set", "put": "put", "paid": "pay", "made": "make", "built": "build", "written": "write"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that the words ask for: its verb, and what stands in its part of the sentence. `sure`: it stands where a request stands."""

    verb: str
    nouns: frozenset[str]
    text: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Intent:
    kind: Kind
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One clause: the readings of its changing verbs, and whether it shows that something is to be read."""

    verbs: tuple[tuple[str, Reading], ...]
    reads: bool
    text: str


@lru_cache(maxsize=512)
def intent(text: str) -> Intent:
    text = text.translate(QUOTES)
    found = [clause for sentence in SENTENCES.split(text) for clause in clauses(sentence)]
    if HANGUL.search(text):
        found.append(korean(text))
    asked = tuple(planned(found, text))
    if any(each.sure for each in asked):
        return Intent("changes", asked)
    if asked or not (any(clause.reads for clause in found) or text.rstrip().endswith("?")):
        return Intent("unclear", asked)
    return Intent("reads")


def planned(found: list[Found], text: str) -> Iterator[Asked]:
    """A clause without a verb belongs to the one before it ("create user a, in group b")."""
    for at, clause in enumerate(found):
        rest = [clause.text]
        for after in found[at + 1 :]:
            if after.verbs or after.reads:
                break
            rest.append(after.text)
        span = " ".join(rest)
        meant = text if PRONOUNS & set(span.lower().split()) else span
        for verb, reading in clause.verbs:
            if reading != "not":
                yield Asked(verb, nouns_of(meant), span, reading == "asked")


def nouns_of(text: str) -> frozenset[str]:
    plain = QUOTED.sub(" ", text)
    known = [name for word, meaning in KOREAN_NAMES.items() if word in plain for name in meaning.split()] if HANGUL.search(plain) else []
    return frozenset(tokens(f"{plain} {' '.join(known)}")) - STEMS


def clauses(sentence: str) -> Iterator[Found]:
    information = bool(INFORMATION.search(sentence))
    plain = QUOTED.sub(lambda found: " " + "\x00" * (len(found.group()) - 1), sentence)
    start = 0
    for cut in [*CLAUSES.finditer(plain), None]:
        end = cut.start() if cut else len(plain)
        if plain[start:end].strip():
            yield clause_of(plain[start:end].replace("\x00", ""), sentence[start:end], information=information)
        start = cut.end() if cut else end


def clause_of(plain: str, text: str, *, information: bool) -> Found:
    words = [word.lower() for word in WORD.findall(plain)]
    first = next((at for at, word in enumerate(words) if word not in FILLERS and not (word == "make" and words[at + 1 : at + 2] == ["sure"])), len(words))
    if words[first : first + 3] == ["get", "rid", "of"]:
        return Found((("delete", "asked"),), False, text)
    questioned = information or question(words, first)
    verbs = [(words[at], reading_of(words, at, first, questioned)) for at in range(len(words)) if is_verb(words, at)]
    if not any(reading == "asked" for _, reading in verbs) and not questioned:
        verbs += [(verb, "asked") for verb in wished(plain, words, first)]
    if CAPABILITY.search(plain):
        verbs = [(verb, "doubtful" if reading == "asked" else reading) for verb, reading in verbs]
    reads = questioned or any(word in READ and (at == first or words[at - 1] in FILLERS) for at, word in enumerate(words)) or GIVEN.search(plain) is not None
    return Found(tuple(verbs), reads, text)


def question(words: list[str], first: int) -> bool:
    """The clause asks something: who, what, is there ..., do you have ..."""
    head = words[0] if words else ""
    lead = words[first] if first < len(words) else ""
    stated = {"i", "we", "you"} & set(words[:first])  # "I was thinking of ..."
    asks = lead in QUESTION or head in QUESTION or (lead in STATIVE and not stated) or head in STATIVE or lead == "if"
    return asks or (lead == "do" and words[first + 1 : first + 2] != [] and words[first + 1] in {"you", "i", "we", "they", "any", "all"})


def is_verb(words: list[str], at: int) -> bool:
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at] in CHANGING and not (words[at] == "make" and after == "sure") and not (words[at] == "give" and after in {"me", "us"})


def reading_of(words: list[str], at: int, first: int, questioned: bool) -> Reading:
    """Whether this verb asks, is part of something else, or could be either."""
    before = words[:at]
    negated = [place for place in range(max(0, at - 4), at) if words[place] in NEGATIONS]
    if (negated and not NEGATIONS_UNDONE & set(words[negated[-1] : at])) or questioned:
        return "not"
    if at < first:
        return "not"
    if at == first:
        after = words[at + 1] if at + 1 < len(words) else ""
        return "doubtful" if words[at] in AMBIGUOUS and after in COMPOUNDS else "asked"
    shown = any(word in READ or word in QUESTION or word == "that" for word in before[first:])
    if before[-1] == "to" and len(before) > 1:
        return "not" if shown else "asked" if before[-2] in LEADS_TO else "doubtful"
    if before[-1] in DETERMINERS or before[-1].endswith("'s"):
        return "not"
    if shown:
        return "not" if words[at] in AMBIGUOUS or before[-1] in {"can", "could", "may", "who", "that"} else "doubtful"
    doubtful = words[at] in AMBIGUOUS or before[-1] in {"i", "we", "they", "he", "she", "who", "can"} or at == len(words) - 1
    return "doubtful" if doubtful else "asked"


def wished(plain: str, words: list[str], first: int) -> Iterator[str]:
    """ "I want user1 deleted", "user1 should be deleted", "I need a new user"."""
    if first < len(words) and words[first] in READ or NEGATIONS & set(words):
        return
    passive = PASSIVE.search(plain)
    if passive and (verb := base_of(passive["verb"].lower())):
        yield verb
    elif WISHED_NEW.search(plain):
        yield "create"


def base_of(participle: str) -> str | None:
    """deleted -> delete, stopped -> stop, copied -> copy."""
    if participle in IRREGULAR:
        return IRREGULAR[participle]
    stem = participle[:-2]
    return next((form for form in (stem, participle[:-1], stem[:-1], stem[:-1] + "y") if form in CHANGING), None)


def korean(text: str) -> Found:
    plain = QUOTED.sub(" ", text)
    verbs: list[tuple[str, Reading]] = []
    for noun, verb in KOREAN_NOUNS_THAT_DO.items():
        for match in re.finditer(noun.replace(" ", " ?"), plain):
            rest = plain[match.end() : match.end() + 16]
            if re.match(KOREAN_ASKED, rest) and not re.match(r"(?:을|를)? ?하지", rest):
                verbs.append((verb, "asked"))
            elif not re.match(KOREAN_NOT, rest) and not re.match(r"(?:을|를)? ?(?:할 수|도|해도|화|량|자|서)", rest):
                verbs.append((verb, "doubtful" if re.match(r"\s|$|[.!?]", rest) else "not"))
        plain = re.sub(noun.replace(" ", " ?") + ("" if " " in noun else r"(?=\b|[가-힣])"), lambda found: "·" * len(found.group()), plain)
    verbs += [(verb, "asked") for pattern, verb in KOREAN_VERBS.items() if re.search(rf"(?:^|\s){pattern}", plain)]
    reads = re.search(KOREAN_READ, plain) is not None
    if re.search(r"어떻게|방법|하는 법|왜 ", plain):
        verbs = [(verb, "not") for verb, _ in verbs]
    return Found(tuple(verbs), reads, text)


def supports(asked_for: Intent, operation: Operation, values: Collection[str] = ()) -> bool:
    """Do the words ask for this operation? `values`: what the call's arguments hold; naming one of them names what is meant."""
    if asked_for.kind == "reads":
        return False
    sure = [each for each in asked_for.asked if each.sure] or list(asked_for.asked)
    verbs, nouns = verbs_of(operation), names_of(operation)
    return any(same_verb(each.verb, verbs) and (bool(each.nouns & nouns) or names_value(each, values)) for each in sure)


def names_value(asked: Asked, values: Collection[str]) -> bool:
    words = read(asked.text)
    return any(len(value) > 1 and words.find(value) is not None for value in values)


def same_verb(verb: str, verbs: frozenset[str]) -> bool:
    return verb in verbs or any(verb in group and group & verbs for group in GROUPS)


def verbs_of(operation: Operation) -> frozenset[str]:
    """The verbs its own name says: summary, id, last part of the path; else what its method means."""
    changing = [word for word in named_verbs(operation) if word in CHANGING]
    return frozenset(changing or ([METHODS[operation.method]] if operation.method in METHODS else []))


def named_verbs(operation: Operation) -> tuple[str, ...]:
    return _named_verbs(operation.id, operation.summary, operation.path)


@lru_cache(maxsize=4_096)
def _named_verbs(operation_id: str, summary: str, path: str) -> tuple[str, ...]:
    said = [singular(word.lower()) for word in WORD.findall(summary)[:2]]
    last = path.rstrip("/").rpartition("/")[2]
    names = [list(parts_of(operation_id)[:3]), [] if last.startswith("{") else list(parts_of(last)[:3])]
    # An id made from method and path begins with the method, which says nothing.
    named = [word for name in names for word in name if not (word == "post" and name[0] == "post")]
    return tuple(word for word in (*said, *named) if word in CHANGING or word in READING)


def singular(word: str) -> str:
    """Creates -> create: summaries are written in both ways."""
    return word[:-1] if word.endswith("s") and word[:-1] in CHANGING | READING else word


def names_of(operation: Operation) -> frozenset[str]:
    return _names_of(operation.id, operation.summary, operation.path, operation.tags)


@lru_cache(maxsize=4_096)
def _names_of(operation_id: str, summary: str, path: str, tags: tuple[str, ...]) -> frozenset[str]:
    literal = re.sub(r"\{[^}]*\}", " ", path)
    return frozenset(tokens(" ".join((operation_id, summary, literal, *tags)))) - STEMS


def only_reads(operation: Operation) -> bool:
    """A POST whose own name says that it searches, and nothing in it that it changes."""
    found = named_verbs(operation)
    return may_read(operation) and bool(found) and not any(word in CHANGING for word in found)


def may_read(operation: Operation) -> bool:
    """A POST that says nothing about what it does, or says that it reads."""
    found = named_verbs(operation)
    return operation.method == "POST" and (not found or found[0] in READING)


def destructive(operation: Operation) -> bool:
    return operation.method == "DELETE" or bool(verbs_of(operation) & DELETING)


def about(text: str, operation: Operation) -> bool:
    return bool(nouns_of(text) & names_of(operation))


def asks_copy(text: str) -> bool:
    return re.search(COPY, text.translate(QUOTES), re.I | re.M) is not None


def asks_to_write(text: str) -> bool:
    return re.search(WRITE, text, re.I) is not None


def names_several(text: str) -> bool:
    return re.search(SEVERAL, QUOTED.sub(" x ", text), re.I) is not None
