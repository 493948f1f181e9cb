"""What the customer's words ask for: only to read, a change, or neither clearly; and whether they ask for an operation. Pure.

It authorises nothing: it refuses, or says that a step was the model's idea (design.md, 5).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from engine import korean
from engine.clauses import Clause, negates, read_as, says_more
from engine.moods import INFORMATION
from engine.words import QUOTED, QUOTES, read
from specs.model import Operation
from specs.words import tokens
from tools.fields import words as parts_of
from tools.korean import HANGUL
from tools.purpose import WORD, names_of, same_verb, says, things, verbs_of, verbs_of_id
from tools.verbs import CHANGING, NEGATIONS_UNDONE, PRONOUNS, READ, STATIVE, names

BOUNDS = names("more less fewer over under above below beyond exceed exceeds exceeding")  # "not more than 50" means 50
Kind = Literal["reads", "changes", "unclear"]
Support = Literal["yes", "perhaps", "no"]
CONTRASTS = re.compile(r"(?<=[.?!;])\s+|\n+|\bbut\b(?!\s+(?:not|never)\b)|\binstead\b(?!\s+of)|\b(?:and|,)\s+(?:then|please)\b", re.IGNORECASE)
EXCEPT = frozenset(["except", "excluding", "besides"])
SAVE_FOR = re.compile(
    r"\b(?:apart|aside) from\b|\bother than\b|\bwith the exception of\b"
    r"|(?<=\bone )but\b|(?<=\bbody )but\b|(?<=\beveryone )but\b|(?<=\beverybody )but\b|(?<=\beverything )but\b|(?<=\ball )but\b",
    re.IGNORECASE,
)
ALL_BUT = re.compile(r"(\b(?:all|every|any)\s+(?:\w+\s+){1,3}?)but(?=\s+(\w+))", re.IGNORECASE)
# What is not possible is no refusal: "I can't reach bob".
UNABLE = names("can't cannot cant couldn't unable isn't doesn't didn't")
AFTER_BUT = names("not never do don't please only just leave keep i we he she it they you")
PARTICLE = "(?:이|가|은|는|을|를|만|에게|한테|님은|님)?"
LEFT_OUT = re.compile(
    rf"{PARTICLE}\s*(?:말고|빼고|빼놓고|제외(?!\s?(?:해 ?(?:줘|주|달)|시켜|부탁)))|{PARTICLE}\s+(?!잊|까먹|빠뜨|빼)[가-힣]+지\s*(?:마|말)"
    r"|\s+(?:(?:should|must|shall|may)\s*(?:not|never)|shouldn't|mustn't|(?:is|are)\s+not\s+to|ought not to)\s+be\s+(?:\w+ed|sent|paid|put|made)\b"
    r"(?!.*\b(?:him|her|it|them)\b)",
    re.IGNORECASE | re.DOTALL,
)
CONDITION = re.compile(r"\W*(?:if|unless|when|since|because)\b[^,]*?\bnot\b(?P<rest>[^,]*)$", re.IGNORECASE)
LET_BE = re.compile(r"\s+(?:alone|out|untouched|unchanged|as (?:he|she|it) is)\b", re.IGNORECASE)
NEAR = 400  # letters before a name, in which it may be turned down
ANEW = re.compile(r",\s+(?:(?:so|and|then|please|just|now)\s+)*(\w+)")
KNOWN = frozenset(["have", "know", "think", "believe", "remember", "work", "works", "able", "log", "sign"])
# "I have a role that I want to assign to bob. Please do this and tell me": what is to be done was said in passing.
DO_SO = re.compile(
    r"\b(?:please|you|and|then|just) do (?:this|that|it|so)\b"
    r"|(?:^|[,.?!;]\s+)do (?:this|that|it|so)(?=\W*$|[,.!;]|\s+(?:now|please|then|right|at once)\b)",
    re.IGNORECASE | re.MULTILINE,
)
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
SETS_UP = re.compile(r"\bset(?:\s+up)?\s+(?:me\s+)?(?:an?|another|a new)\s", re.IGNORECASE)
# What is counted is the thing: neither "for three days" nor "10 dollars" asks for more than one.
SEVERAL = re.compile(
    r"\b(?:all|each|every|both|several|many|multiple|these|those|them)\b"
    r"|(?<!\bfor )(?<!\bin )(?<!\bafter )(?<!\bwithin )(?<!\bat )(?<!\bby )(?<!\bsince )\b"
    r"(?:(?:two|three|four|five|six|seven|eight|nine|ten)\b|(?:[2-9]|\d\d+)\s+(?=[a-z]+s\b))"
    r"(?!\s*(?:seconds|minutes|hours|days|weeks|months|years|times|dollars|euros|pounds|cents|points|degrees|percent)\b)"
    r"|모두|모든|전부|각각|여러|[둘두세] ?(?:개|명|건)|들[을의에]",
    re.IGNORECASE,
)
ALL_OF_THEM = re.compile(r"\W*(?:all|both|each|every|these|those)\b", re.IGNORECASE)
# What begins a part of a sentence that says more about one thing, and not the next of several.
MORE_OF_ONE = re.compile(
    r"\W*(?:with|in|for|to|as|on|at|by|from|who|that|which|using|having|named|called|whose|where|because|since|please|thanks?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that the words ask for: its verb, and what stands in its part of the sentence; all of the text, where that part speaks of "him".

    `sure`: it stands where a request stands. `several`: for more than one thing. `counted`: it says so itself, and is not only read as a list.
    """

    verb: str
    nouns: frozenset[str]
    text: str
    sure: bool
    several: bool
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    kind: Kind
    asked: tuple[Asked, ...] = ()


@lru_cache(maxsize=512)
def intent(text: str) -> Intent:
    text = text.translate(QUOTES)
    found = read_as(text)
    if HANGUL.search(text):
        plain = QUOTED.sub(" ", text)
        found.append(Clause((*korean.verbs_of(plain), *korean.further_verbs(plain)), korean.asks_to_read(plain), text))
    asked = tuple(planned(found, text))
    if any(each.sure for each in asked):
        return Intent("changes", asked)
    if not asked and DO_SO.search(text):
        return Intent("unclear", tuple(planned([wondered(clause) for clause in found], text)))
    only_to_read = any(clause.reads for clause in found) and not asked
    return Intent("reads") if only_to_read else Intent("unclear", asked)


def wondered(clause: Clause) -> Clause:
    """What a question speaks of is perhaps what is to be done: "is it possible to lock bob? If so, do it". Not what is forbidden."""
    words = WORD.findall(clause.text.lower())
    if not INFORMATION.search(clause.text) or any(negates(words, at) for at in range(len(words))):
        return clause
    return replace(clause, verbs=tuple((verb, "doubtful") for verb, _ in clause.verbs))


def planned(found: Sequence[Clause], text: str) -> Iterator[Asked]:
    """A clause without a verb belongs to the one before it ("create user a, in group b")."""
    for at, clause in enumerate(found):
        if not clause.verbs:
            continue
        rest = [clause, *takewhile(lambda after: not (after.verbs or after.reads), found[at + 1 :])]
        span = " ".join(each.text for each in rest)
        meant = text if PRONOUNS & set(WORD.findall(span.lower())) else span
        counted, listed = says_several(rest), any(each.listed and not MORE_OF_ONE.match(each.text) for each in same_sentence(rest)[1:])
        for verb, reading in dict.fromkeys(clause.verbs):
            if reading != "not":
                nouns = nouns_of(meant) - set(tokens(verb))
                yield Asked(verb, nouns, meant, sure=reading == "asked", several=counted or listed, counted=counted)


def same_sentence(rest: Sequence[Clause]) -> list[Clause]:
    return [rest[0], *takewhile(lambda after: not after.begins, rest[1:])]


def says_several(rest: Sequence[Clause]) -> bool:
    """Of another sentence only "all of them" counts: "he failed to sign in three times" is about one."""
    first = " ".join(QUOTED.sub(" x ", each.text) for each in same_sentence(rest) if each is rest[0] or not says_more(each.text))
    return SEVERAL.search(first) is not None or any(ALL_OF_THEM.match(each.text) and not says_more(each.text) for each in rest[1:])


@lru_cache(maxsize=512)
def nouns_of(text: str) -> frozenset[str]:
    plain = QUOTED.sub(" ", text)
    known = korean.names_in(plain) if HANGUL.search(plain) else []
    return things(" ".join((plain, *known)))


def supports(asked_for: Intent, operation: Operation, values: Collection[str] = (), others: Collection[str] = ()) -> Support:
    """Do the words ask for this operation? `values`: what the call's arguments hold; naming one of them names what is meant.

    `others`: ids of the operations beside it. "perhaps": it does what is asked, and the words name its thing in no way this document does.
    """
    sure = [each for each in asked_for.asked if each.sure] or list(asked_for.asked)
    verbs, nouns = verbs_of(operation), names_of(operation)
    meant = [each for each in sure if same_verb(each.verb, verbs) or named(each, operation) or any(same_verb(other, verbs) for other in also(each))]
    if any(each.nouns & nouns or names_value(each, values) for each in meant):
        return "yes"
    return "perhaps" if any(not named_elsewhere(each, others, says(each.verb, verbs)) for each in meant) else "no"


def asks_anew(text: str) -> bool:
    """Whether a text is a request of its own, and no value: "Water the plants" may be the title of a task."""
    found = intent(text)
    return found.kind == "reads" or text.rstrip().endswith("?") or any(each.sure and each.verb in CHANGING for each in found.asked)


def named(asked: Asked, operation: Operation) -> bool:
    """Whether a verb that no table knows stands in the operation's own name: "preheat the oven", preheatOven."""
    return asked.verb not in CHANGING and bool(set(tokens(asked.verb)) & set(tokens(f"{operation.id} {operation.summary}")))


def also(asked: Asked) -> Iterator[str]:
    """What a verb means beside itself: "make user1 an auditor", "turn the lights blue" change something, and "make a user" does not;
    "set an alarm" makes one, and "set the note of user1" does not."""
    if asked.verb in ("make", "turn") and BECOMES.search(asked.text):
        yield "change"
    if asked.verb == "set" and SETS_UP.search(asked.text):
        yield "create"


def named_elsewhere(asked: Asked, others: Collection[str], exactly: bool) -> bool:
    """Whether another operation does what is asked to a thing the words do name. `exactly`: one that only may do it ("update" for "lock") is none."""
    does = says if exactly else same_verb
    return any(does(asked.verb, verbs_of_id(other)) and asked.nouns & things(" ".join(parts_of(other))) for other in others)


def names_value(asked: Asked, values: Collection[str]) -> bool:
    words = read(asked.text)
    return any(len(value) > 1 and words.find(value) is not None for value in values)


def about(text: str, operation: Operation) -> bool:
    return bool(nouns_of(text) & names_of(operation))


def ruled_out(span: str, text: str) -> bool:
    """Whether the words name this only to say that it is not meant: "pay 10 to bob, but never to eve", "admins except bob"."""
    named = re.compile(rf"(?<!\w){re.escape(span)}(?!\w(?<![가-힣]))", re.IGNORECASE)
    found = [
        turned_down(clause[: held.start()]) or left_out(clause[: held.start()], clause[held.end() :])
        for clause in contrasted(text)
        for held in named.finditer(clause)
    ]
    return bool(found) and all(found)


def left_out(before: str, after: str) -> bool:
    """By what follows the name: "leave bob alone", "bob should not be locked", "eve 말고"."""
    return LEFT_OUT.match(after) is not None or (before.lower().split()[-1:] in (["leave"], ["keep"]) and LET_BE.match(after) is not None)


def save_for(found: re.Match[str]) -> str:
    """ "All users but bob", and not "all users, but lock bob"."""
    after = found[2].lower()
    return found[0] if after in AFTER_BUT | CHANGING | READ else f"{found[1]}except"


@lru_cache(maxsize=256)
def contrasted(text: str) -> tuple[str, ...]:
    return tuple(CONTRASTS.split(SAVE_FOR.sub("except", ALL_BUT.sub(save_for, text.translate(QUOTES)))))


def turned_down(before: str) -> bool:
    """Whether what stands right before a name turns it down. "I do not see bob" does not."""
    before = own_clause(before)
    words = [word.lower() for word in WORD.findall(before)][-6:]
    places = [at for at in range(len(words)) if (negates(words, at) and words[at] not in UNABLE) or words[at] in EXCEPT]
    if not places or (words[places[-1]] == "instead" and words[places[-1] + 1 : places[-1] + 2] != ["of"]):
        return False
    between = words[places[-1] + 1 :]
    return not set(between) & (BOUNDS | NEGATIONS_UNDONE | READ | STATIVE | KNOWN) and sum(word in CHANGING for word in between) < 2


def own_clause(before: str) -> str:
    """Without what was said before another request began: "he is not here, lock". Two verbs in a row are one request."""
    before = before[-NEAR:]
    for found in reversed(list(ANEW.finditer(before))):
        said = [word.lower() for word in WORD.findall(before[: found.start()])][-1:]
        if found[1].lower() in CHANGING and said and said[0] not in CHANGING:
            before = before[found.start(1) :]
            break
    if (condition := CONDITION.match(before)) and [word for word in WORD.findall(condition["rest"].lower()) if word in CHANGING]:
        return condition["rest"]
    return before


def asks_copy(text: str) -> bool:
    return COPY.search(text.translate(QUOTES)) is not None


def asks_to_write(text: str) -> bool:
    return WRITE.search(text) is not None
