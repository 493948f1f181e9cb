"""What the customer's words ask for: only to read, a change, or neither clearly; and whether they ask for an operation. Pure.

It authorises nothing: it refuses, or says that a step was the model's idea (design.md, 5).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from engine import korean
from engine.korean import Reading
from engine.words import QUOTED, QUOTES, read
from specs.model import Operation
from specs.words import tokens
from tools.fields import words as parts_of
from tools.korean import HANGUL
from tools.purpose import WORD, names_of, same_verb, says, things, verbs_of, verbs_of_id
from tools.verbs import (
    AMBIGUOUS,
    CHANGING,
    COMPOUNDS,
    DETERMINERS,
    FILLERS,
    LEADS_TO,
    NEGATIONS,
    NEGATIONS_UNDONE,
    NO,
    NOTHING,
    PRONOUNS,
    QUESTION,
    READ,
    READ_OUT,
    REPORTS,
    STATIVE,
)

Kind = Literal["reads", "changes", "unclear"]
Support = Literal["yes", "perhaps", "no"]
SENTENCES = re.compile(r"(?<=[.?!;])\s+|\n+")
CLAUSES = re.compile(r",\s+|:\s+|\s+-\s+|\b(?:and then|and|then|but|or)\b", re.IGNORECASE)
INFORMATION = re.compile(
    r"\bhow (?:do|can|could|would|should|does|did|to|i)\b|\bwhat (?:happens|would happen|if)\b|\bis it possible\b|\bis there (?:a|any) way\b"
    r"|\bam i (?:able|allowed)\b|\bshould i\b|\bdo i (?:have|need)\b|^\W*why\b|\bways? to\b|\bsteps to\b|\bexplain how\b",
    re.IGNORECASE,
)
CONTRASTS = re.compile(
    r"(?<=[.?!;])\s+|\n+|\bbut\b(?!\s+(?:not|never)\b)|\binstead\b(?!\s+of)|\b(?:and|,)\s+(?:then|please)\b", re.IGNORECASE
)
EXCEPT = frozenset(["except", "excluding", "besides"])
KNOWN = frozenset(["have", "know", "think", "believe", "remember", "work", "works", "able", "log", "sign"])
REFUSED = re.compile(r"\W*(?:no|nope|never|of course not|absolutely not|better not|rather not)\b\W*", re.IGNORECASE)
POLITE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|ok|okay|so|and|then|now|please|kindly)\W+)*(?:can|could|would|will|may|might|shall)\b|\bplease\b", re.IGNORECASE
)
CAPABILITY = re.compile(r"^\W*(?:\w+,? )?(?:can|may|could|might) i\b", re.IGNORECASE)
PASSIVE = re.compile(
    r"(?:\b(?:want|need|like|have|get)\s+(?:\S+\s+){1,6}?(?:to be |be )?|\b(?:should|must|needs? to|has to|have to|ought to|to)\s+be\s+"
    r"|\bmake sure\s+(?:\S+\s+){1,6}?(?:is|are|gets?)\s+)(?P<verb>\w+ed|sent|set|put|paid|made|built|written)\b",
    re.IGNORECASE,
)
GIVEN = re.compile(
    r"\bgive (?:me|us)\b|\b(?:need|want|like|have)\s+(?:a|an|the|all|some)\s+(?:\w+\s+)?"
    r"(?:list|overview|details?|report|information|info|data|count|number)\b",
    re.IGNORECASE,
)
WISHED_NEW = re.compile(
    r"\b(?:need|want|like|get me|open)\b(?:\s+\w+)?\s+(?:a new|another|one more|an additional|an extra)\b"
    r"|^\W*(?:please\s+)?(?:a\s+)?(?:new|another|one more)\s",
    re.IGNORECASE,
)
IRREGULAR = {"sent": "send", "set": "set", "put": "put", "paid": "pay", "made": "make", "built": "build", "written": "write"}
AFTER_A_REQUEST = frozenset(["a", "an", "the", "my", "our", "their", "his", "her", "him", "them", "it", "all", "every"])
SUBJECTS = frozenset(["i", "we", "they", "he", "she", "who", "can"])
COPY = re.compile(
    r"\bthe same\b|\bsame as\b|\bcop(?:y|ies|ied|ying)\b|\bclon(?:e|ing)\b|\bduplicat\w*|\bidentical\b|\bbased on\b|\bjust like\b|\bmirror"
    r"|\blike\s+\S+\s*(?:'s)?$|\b(?:those|these|that|this|his|her|their|its|'s)\s+(?:\w+\s+){0,2}(?:details?|data|values?|settings?"
    r"|attributes?|propert(?:y|ies)|information|info|fields?|profile|record|address|email|phone|roles?|permissions?)\b"
    r"|\bwith (?:those|these|them|that)\b|\blike (?:user|that|this|him|her|it)\w*|\bfrom (?:his|her|their|its|that|this|\w+'s)\b"
    r"|그대로|같은|복사|복제|동일|똑같|(?:그|이|해당|저) ?(?:정보|내용|값|세부)",
    re.IGNORECASE | re.MULTILINE,
)
WRITE = re.compile(
    r"\bwrit(?:e|es|ing)\b|\bcompos|\bdraft|\bdescri(?:be|bing|ption)\b|\bsummar|\bsay(?:s|ing)?\b|\btell(?:s|ing)?\b|\bexplain|\bmention"
    r"|\bremind|\bthank|\binvit|\bapologi|\bcongratulat|\btranslat|\bphrase|\bgenerate\b|\bcome up with\b|\bmake up\b|\binform|\bnotify"
    r"|\bmessage\b|\babout\b|\bannounc|\basking\b|\bsuitable\b|\bappropriate\b|작성|써|쓰고|적어|설명|알려|전해|요약|소개|안내|메시지|문구",
    re.IGNORECASE,
)
BECOMES = re.compile(r"\b(?:make|turn)\s+(?!(?:a|an|another|new|some|me|us|one)\b)\S+\s+\S", re.IGNORECASE)
SEVERAL = re.compile(
    r"\b(?:all|each|every|both|several|many|multiple|these|those|them|two|three|four|five|six|seven|eight|nine|ten)\b|\b(?:[2-9]|\d\d+)\s+[a-z]+s\b"
    r"|모두|모든|전부|각각|여러|[둘두세] ?(?:개|명|건)|들[을의에]",
    re.IGNORECASE,
)
# What begins a part of a sentence that says more about one thing, and not the next of several.
MORE_OF_ONE = re.compile(
    r"\W*(?:with|in|for|to|as|on|at|by|from|who|that|which|using|having|named|called|whose|where|because|since|please|thanks?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that the words ask for: its verb, and what stands in its part of the sentence; all of the text, where that part speaks of "him".

    `sure`: it stands where a request stands. `several`: for more than one thing.
    """

    verb: str
    nouns: frozenset[str]
    text: str
    sure: bool
    several: bool


@dataclass(frozen=True, slots=True)
class Intent:
    kind: Kind
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """The readings of its changing verbs, and whether it shows that something is to be read. `opens`: what follows is somebody else's text."""

    verbs: tuple[tuple[str, Reading], ...]
    reads: bool
    text: str
    opens: bool = False

    def doubted(self) -> "Clause":
        return replace(self, verbs=tuple((verb, "doubtful" if reading == "asked" else reading) for verb, reading in self.verbs))

    def refused(self) -> "Clause":
        return replace(self, verbs=tuple((verb, "not") for verb, _ in self.verbs))


@lru_cache(maxsize=512)
def intent(text: str) -> Intent:
    text = text.translate(QUOTES)
    found = read_as(text)
    if HANGUL.search(text):
        plain = QUOTED.sub(" ", text)
        found.append(Clause(tuple(korean.verbs_of(plain)), korean.READS.search(plain) is not None, text))
    asked = tuple(planned(found, text))
    if any(each.sure for each in asked):
        return Intent("changes", asked)
    if asked or not (any(clause.reads for clause in found) or text.rstrip().endswith("?")):
        return Intent("unclear", asked)
    return Intent("reads")


def read_as(text: str) -> list[Clause]:
    """The clauses of a text: "Delete user1? No." asks for nothing, and what follows "he said:" or "summarise this:" perhaps for nothing."""
    found: list[Clause] = []
    foreign = False
    sentences = SENTENCES.split(text)
    for sentence, after in zip(sentences, [*sentences[1:], ""], strict=True):
        for clause in clauses(sentence):
            taken_back = sentence.rstrip().endswith("?") and REFUSED.fullmatch(after)
            found.append(clause.refused() if taken_back else clause.doubted() if foreign else clause)
            foreign = foreign or clause.opens
    return found


def planned(found: Sequence[Clause], text: str) -> Iterator[Asked]:
    """A clause without a verb belongs to the one before it ("create user a, in group b")."""
    for at, clause in enumerate(found):
        if not clause.verbs:
            continue
        rest = [clause.text]
        for after in found[at + 1 :]:
            if after.verbs or after.reads:
                break
            rest.append(after.text)
        span = " ".join(rest)
        meant = text if PRONOUNS & set(WORD.findall(span.lower())) else span
        several = any(not MORE_OF_ONE.match(each) for each in rest[1:]) or SEVERAL.search(QUOTED.sub(" x ", span)) is not None
        for verb, reading in dict.fromkeys(clause.verbs):
            if reading != "not":
                yield Asked(verb, nouns_of(meant) - set(tokens(verb)), meant, sure=reading == "asked", several=several)


@lru_cache(maxsize=512)
def nouns_of(text: str) -> frozenset[str]:
    plain = QUOTED.sub(" ", text)
    known = korean.names_in(plain) if HANGUL.search(plain) else []
    return things(" ".join((plain, *known)))


def clauses(sentence: str) -> Iterator[Clause]:
    """Quoted words are left out of the reading: they are values."""
    information = INFORMATION.search(sentence) is not None
    wondering = sentence.rstrip().endswith("?") and not POLITE.search(sentence)
    plain = QUOTED.sub(lambda found: " " + "\x00" * (len(found.group()) - 1), sentence)
    start = 0
    for cut in [*CLAUSES.finditer(plain), None]:
        end = cut.start() if cut else len(plain)
        if plain[start:end].strip():
            found = clause_of(plain[start:end].replace("\x00", ""), sentence[start:end], information=information)
            found = found.doubted() if wondering else found
            yield replace(found, opens=found.opens and cut is not None and cut.group().startswith(":"))
        start = cut.end() if cut else end


def clause_of(plain: str, text: str, *, information: bool) -> Clause:
    words = [word.lower() for word in WORD.findall(plain)]
    first = next((at for at, word in enumerate(words) if not is_filler(words, at)), len(words))
    if words[first : first + 3] == ["get", "rid", "of"]:
        return Clause((("delete", "asked"),), reads=False, text=text)
    questioned = information or asks_something(words, first)
    verbs = [(words[at], reading_of(words, at, first, questioned=questioned)) for at in range(len(words)) if is_changing(words, at)]
    if not questioned and not any(reading == "asked" for _, reading in verbs):
        verbs += [(verb, "asked") for verb in wished(plain, words, first)]
    if CAPABILITY.search(plain):
        verbs = [(verb, "doubtful" if reading == "asked" else reading) for verb, reading in verbs]
    shows = any(word in READ and (at == first or words[at - 1] in FILLERS) for at, word in enumerate(words))
    others = any(word in REPORTS or word in READ or word in READ_OUT for word in words)
    return Clause(tuple(verbs), reads=questioned or shows or GIVEN.search(plain) is not None, text=text, opens=others)


def is_filler(words: Sequence[str], at: int) -> bool:
    return words[at] in FILLERS or (words[at] == "make" and words[at + 1 : at + 2] == ["sure"])


def asks_something(words: Sequence[str], first: int) -> bool:
    """Who, what, is there ..., do you have ...; a condition is no request either."""
    head = words[0] if words else ""
    lead, after = (*words[first : first + 2], "", "")[:2]
    stated = {"i", "we", "you"} & set(words[:first])  # "I was thinking of ..."
    if lead in QUESTION or head in QUESTION or head in STATIVE or (lead in STATIVE and not stated):
        return True
    return lead == "do" and after in {"you", "i", "we", "they", "any", "all"}


def is_changing(words: Sequence[str], at: int) -> bool:
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at] in CHANGING and not (words[at] == "make" and after == "sure") and not (words[at] == "give" and after in {"me", "us"})


def reading_of(words: Sequence[str], at: int, first: int, *, questioned: bool) -> Reading:
    """Whether this verb asks, is part of something else, or could be either."""
    negated = [place for place in range(max(0, at - 4), at) if negates(words, place)]
    if words[first] == "if" and not questioned:
        return reading_after_if(words, at)
    if questioned or at < first or (negated and not NEGATIONS_UNDONE & set(words[negated[-1] : at])):
        return "not"
    after = words[at + 1] if at + 1 < len(words) else ""
    if after in NOTHING or (words[at] == "stop" and after.endswith("ing") and base_of(f"{after[:-3]}ed")):
        return "not"  # "delete nothing", "stop deleting users"
    if at == first:
        return "doubtful" if after == "no" or (words[at] in AMBIGUOUS and after in COMPOUNDS) else "asked"
    return reading_inside(words, at, first)


def negates(words: Sequence[str], at: int) -> bool:
    return words[at] in NEGATIONS or (words[at] == "no" and words[at + 1 : at + 2] != [] and words[at + 1] in NO)


def reading_after_if(words: Sequence[str], at: int) -> Reading:
    """ "If visits were below 21 make a task" asks; "if I delete user1" does not."""
    if words[at - 1] in SUBJECTS or words[at - 1] in {"you", "to"} or words[at - 1] in DETERMINERS:
        return "not"
    return "asked" if words[at + 1 : at + 2] and words[at + 1] in AFTER_A_REQUEST else "doubtful"


def reading_inside(words: Sequence[str], at: int, first: int) -> Reading:
    """Of a verb that does not begin its clause."""
    before, last = words[:at], words[at - 1]
    shown = any(word in READ or word in QUESTION or word == "that" for word in before[first:])
    if last == "to" and len(before) > 1:
        return "not" if shown else "asked" if before[-2] in LEADS_TO else "doubtful"
    if last in DETERMINERS or last.endswith("'s"):
        return "not"
    if any(word in REPORTS and not {"i", "we"} & set(before[max(0, place - 1) : place]) for place, word in enumerate(before)):
        return "doubtful"
    if shown:
        return "not" if words[at] in AMBIGUOUS or last in {"can", "could", "may", "who", "that"} else "doubtful"
    return "doubtful" if words[at] in AMBIGUOUS or last in SUBJECTS or at == len(words) - 1 else "asked"


def wished(plain: str, words: Sequence[str], first: int) -> Iterator[str]:
    """ "I want user1 deleted", "user1 should be deleted", "I need a new user"."""
    if (first < len(words) and words[first] in READ) or NEGATIONS & set(words):
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


def supports(asked_for: Intent, operation: Operation, values: Collection[str] = (), others: Collection[str] = ()) -> Support:
    """Do the words ask for this operation? `values`: what the call's arguments hold; naming one of them names what is meant.

    `others`: ids of the operations beside it. "perhaps": it does what is asked, and the words name its thing in no way this document does.
    """
    sure = [each for each in asked_for.asked if each.sure] or list(asked_for.asked)
    verbs, nouns = verbs_of(operation), names_of(operation)
    meant = [each for each in sure if same_verb(each.verb, verbs) or (turns_into(each) and same_verb("change", verbs))]
    if any(each.nouns & nouns or names_value(each, values) for each in meant):
        return "yes"
    return "perhaps" if any(not named_elsewhere(each, others, says(each.verb, verbs)) for each in meant) else "no"


def turns_into(asked: Asked) -> bool:
    """Something that is there is to become something: "make user1 an auditor", "turn the lights blue"; not "make a user"."""
    return asked.verb in ("make", "turn") and BECOMES.search(asked.text) is not None


def named_elsewhere(asked: Asked, others: Collection[str], exactly: bool) -> bool:
    """Whether another operation does what is asked to a thing the words do name. `exactly`: one that only may do it ("update" for "lock") is none."""
    does = says if exactly else same_verb
    return any(does(asked.verb, verbs_of_id(other)) and asked.nouns & things(" ".join(parts_of(other))) for other in others)


def names_value(asked: Asked, values: Collection[str]) -> bool:
    words = read(asked.text)
    return any(len(value) > 1 and words.find(value) is not None for value in values)


def about(text: str, operation: Operation) -> bool:
    return bool(nouns_of(text) & names_of(operation))


def only_forbids(text: str) -> bool:
    """ "Please do not delete user1": every change it speaks of is one that is not wanted."""
    readings = [reading for sentence in SENTENCES.split(text) for clause in clauses(sentence) for _, reading in clause.verbs]
    negated = NEGATIONS & set(re.findall(r"[\w']+", text.lower().translate(QUOTES)))
    return bool(negated and readings) and all(reading == "not" for reading in readings)


def ruled_out(span: str, text: str) -> bool:
    """Whether the words name this only to say that it is not meant: "pay 10 to bob, but never to eve", "admins except bob"."""
    named = re.compile(rf"(?<!\w){re.escape(span)}(?!\w)", re.IGNORECASE)
    found = [turned_down(clause[: held.start()]) for clause in CONTRASTS.split(text.translate(QUOTES)) for held in named.finditer(clause)]
    return bool(found) and all(found)


def turned_down(before: str) -> bool:
    """Whether what stands right before a name turns it down. "I do not see bob" does not."""
    words = [word.lower() for word in WORD.findall(before)][-6:]
    places = [at for at in range(len(words)) if negates(words, at) or words[at] in EXCEPT]
    if not places or (words[places[-1]] == "instead" and words[places[-1] + 1 : places[-1] + 2] != ["of"]):
        return False
    between = words[places[-1] + 1 :]
    return not set(between) & (NEGATIONS_UNDONE | READ | STATIVE | KNOWN) and sum(word in CHANGING for word in between) < 2


def asks_copy(text: str) -> bool:
    return COPY.search(text.translate(QUOTES)) is not None


def asks_to_write(text: str) -> bool:
    return WRITE.search(text) is not None
