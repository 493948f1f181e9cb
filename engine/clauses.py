"""The clauses of an English text: which changing verbs each holds, whether it asks for them, and whether it asks to read. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.korean import Reading
from engine.moods import (
    CAPABILITY,
    FINITE,
    GIVEN,
    INFORMATION,
    MUSING,
    OBJECTS,
    PARTICLES,
    POLITE,
    aims,
    asks_something,
    commands,
    is_filler,
    led,
    mended,
    shows,
    spoken,
    states,
    subordinate,
    told,
    wished,
)
from engine.words import QUOTED
from tools.purpose import WORD
from tools.verbs import (
    AMBIGUOUS,
    CHANGING,
    COMPOUNDS,
    DETERMINERS,
    LEADS_TO,
    NEGATIONS,
    NEGATIONS_UNDONE,
    NO,
    NOTHING,
    QUESTION,
    READ,
    READ_OUT,
    REPORTS,
    names,
)

SENTENCES = re.compile(r"(?<=[.?!;])\s+|\n+")
CLAUSES = re.compile(r",\s+|:\s+|\s+-\s+|\b(?:and then|and|then|but|or)\b", re.IGNORECASE)
REFUSED = re.compile(r"\W*(?:no|nope|never|of course not|absolutely not|better not|rather not)\b\W*", re.IGNORECASE)
AFTER_A_REQUEST = OBJECTS | names("one")
THEY = names("they he she")
FORESEEN = names("will would should must might")
SUBJECTS = frozenset(["i", "we", "they", "he", "she", "who", "can"])
REPORTED = REPORTS | names("told reads wants wanted telling asking saying")
HEADED = names("subject fw fwd re")  # of a mail: what follows was written by somebody
INVERTED = re.compile(r"^\W*should (?=(?:i|we|you|he|she|it|they|there|the|my|our)\b)", re.IGNORECASE)  # "should it rain, cancel the trip"
SPEAKER = re.compile(r"\W*[A-Z]\w+\W*")  # "Tom: delete it"
NO_SPEAKERS = names("urgent note todo task reminder ps important also please request hi hello hey question")
JOINED = names("and or then") | {"and then"}
LISTING = names(", and")
NAMING = names("called named titled labelled labeled")
BEING = names("is are was were be been am isn't aren't i'm we're")
SAYING = FINITE | BEING | names("i you he she it we they he's she's it's that's there there's have had will would")
TEACHING, PERSONS = names("remind teach notify tell show allow"), names("me us")
WORDING = names("create add make write compose draft send post email message text notify reply comment note log record insert put tell remind say")
INSTEAD = names("instead rather without")
LEADING = LEADS_TO | names("hesitate fail as")
PARTS = names(
    "button link policy fee option key page screen form date code icon menu price title rate line point plan size"
)  # "delete button": a thing that is named by what it does
ASKED = re.compile(r"\?[\s.!?)\]…]*$")  # "?!", "?." ask as much as "?"; a quotation that ends in one does not
ADJECTIVES = names("correct clear open set new like")


@dataclass(frozen=True, slots=True)
class Clause:
    """The readings of its changing verbs, and whether it asks to read.

    `opens`: what follows is somebody else's text. `aims`: it says what the customer wants to do.
    `mused`: it is only thought of ("I could ..."), and so is what is joined to it.
    `listed`: it may be the next of several: it goes on with a sentence after a comma or "and", and says nothing of its own.
    `begins`: it begins a sentence.
    """

    verbs: tuple[tuple[str, Reading], ...]
    reads: bool
    text: str
    opens: bool = False
    aims: bool = False
    mused: bool = False
    listed: bool = False
    begins: bool = False

    def doubted(self) -> "Clause":
        return replace(self, verbs=tuple((verb, "doubtful" if reading == "asked" else reading) for verb, reading in self.verbs))

    def refused(self) -> "Clause":
        return replace(self, verbs=tuple((verb, "not") for verb, _ in self.verbs))


def read_as(text: str) -> list[Clause]:
    """The clauses of a text: "Delete user1? No." asks for nothing, and what follows "he said:" or "summarise this:" perhaps for nothing."""
    found: list[Clause] = []
    foreign = False
    sentences = SENTENCES.split(text)
    for sentence, after in zip(sentences, [*sentences[1:], ""], strict=True):
        begun = len(found)
        taken_back = ASKED.search(sentence) is not None and REFUSED.fullmatch(after)
        for clause in clauses(sentence):
            found.append(clause.refused() if taken_back else clause.doubted() if foreign else clause)
            foreign = foreign or clause.opens
        if any(clause.reads for clause in found[begun:]):
            # "I want to cancel it. Can you tell me what that costs?": what he wants is why he asks.
            found[:begun] = [clause.doubted() if clause.aims else clause for clause in found[:begun]]
    return found


def clauses(sentence: str) -> Iterator[Clause]:
    """Quoted words are left out of the reading: they are values."""
    asked_whether = ASKED.search(sentence) is not None
    if not asked_whether:
        sentence = INVERTED.sub("If ", sentence)
    information = INFORMATION.search(sentence) is not None
    doubtful = asked_whether and (not POLITE.search(sentence) or CAPABILITY.search(sentence) is not None)
    plain = QUOTED.sub(lambda found: " " + "\x00" * (len(found.group()) - 1), sentence)
    start, questioned, mused, before, worded = 0, False, False, "", False
    for cut in [*CLAUSES.finditer(plain), None]:
        end = cut.start() if cut else len(plain)
        if plain[start:end].strip("\x00 .?!;"):
            alone = end - start < len(plain.strip()) and len(plain[start:end].split()) == 1
            found = clause_of(plain[start:end].replace("\x00", ""), sentence[start:end], information=information)
            if alone and (questioned or cut is not None):
                found = found.refused() if questioned else found.doubted()  # "the difference between archive and delete"; "stop, wait"
            mused = found.mused or mused
            questioned = found.reads and all(reading == "not" for _, reading in found.verbs)
            worded = worded and before not in JOINED - {"and", "or"}
            found = found.doubted() if doubtful or mused or worded else found
            opens = found.opens or (SPEAKER.fullmatch(found.text) is not None and found.text.strip().lower() not in NO_SPEAKERS)
            ends = cut is not None and cut.group().startswith(":")
            worded = worded or (ends and any(verb in WORDING and reading == "asked" for verb, reading in found.verbs))
            opens = opens and ends
            yield replace(found, opens=opens, listed=before in LISTING and not says_more(found.text), begins=not before)
        before = cut.group().strip().lower() if cut else ""
        mused = mused and before in JOINED
        start = cut.end() if cut else end


def says_more(text: str) -> bool:
    """ "It is urgent", "he left yesterday": a sentence of its own, and no further thing."""
    return bool(SAYING & set(WORD.findall(spoken(QUOTED.sub(" ", text)))))


def clause_of(plain: str, text: str, *, information: bool) -> Clause:
    words = WORD.findall(spoken(plain))
    first = next((at for at in range(len(words)) if not is_filler(words, at)), len(words))
    if first + 1 < len(words):
        words[first] = mended(words[first])
    if words[first : first + 3] == ["get", "rid", "of"]:
        return Clause((("delete", "asked"),), reads=False, text=text)
    first = after_instead(words, first)
    questioned = information or asks_something(words, first)
    said = " ".join(words)
    mused, given = MUSING.search(said), GIVEN.search(plain) is not None
    asking = range(len(words) if mused is None else len(said[: mused.start()].split()))
    found = [(at, reading_of(words, at, first, questioned=questioned)) for at in range(len(words)) if is_changing(words, at)]
    verbs: list[tuple[str, Reading]] = [(words[at], "doubtful" if reading == "asked" and at not in asking else reading) for at, reading in found]
    if not questioned and mused is None and not any(reading == "asked" for _, reading in verbs):
        verbs += [(verb, "asked") for verb in (*commands(words, first), *wished(plain, words, first))]
    if given:
        verbs = [(verb, "not" if reading == "doubtful" and verb in AMBIGUOUS else reading) for verb, reading in verbs]
    others = any(word in REPORTED or word in READ or word in READ_OUT or word in HEADED for word in words)
    reads = (questioned and told(words, first)) or shows(words, first) or given
    clause = Clause(tuple(verbs), reads=reads, text=text, opens=others, aims=aims(words, first), mused=mused is not None)
    return clause.doubted() if CAPABILITY.search(plain) else clause


def after_instead(words: Sequence[str], first: int) -> int:
    """Where the request begins in "instead of deleting the user show me his groups"."""
    if not words[first:] or words[first] not in INSTEAD:
        return first
    verbs = (at for at in range(first + 3, len(words)) if (words[at] in READ or words[at] in CHANGING) and words[at - 1] not in DETERMINERS)
    return next(verbs, first)


def is_changing(words: Sequence[str], at: int) -> bool:
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at] in CHANGING and not (words[at] == "make" and after == "sure") and not (words[at] == "give" and after in {"me", "us"})


def reading_of(words: Sequence[str], at: int, first: int, *, questioned: bool) -> Reading:
    """Whether this verb asks, is part of something else, or could be either."""
    if subordinate(words, min(first, len(words) - 1)) and not questioned:
        return reading_after_if(words, at)
    if questioned or at < first or words[first] in INSTEAD or denied(words, at, first):
        return "not"
    after = words[at + 1] if at + 1 < len(words) else ""
    if after in NOTHING or (words[at] == "stop" and after.endswith("ing") and words[at + 2 : at + 3] not in (["me"], ["us"])):
        return "not"  # "delete nothing", "stop deleting users"
    if at == first and words[at] in AMBIGUOUS and at and words[at - 1] in BEING:
        return "not"  # "I'm new here"
    if at == first:
        named = not led(words, at) and (names_a_thing(words, at) or states(words, at))
        return "doubtful" if after == "no" or named or told_of_oneself(words, at) else "asked"
    return reading_inside(words, at, first)


def told_of_oneself(words: Sequence[str], at: int) -> bool:
    """ "We open at nine": says what is done, unlike "can we open it"."""
    return at > 0 and words[at - 1] in {"i", "we"} and not {"can", "could", "shall", "let's", "may"} & set(words[:at])


def denied(words: Sequence[str], at: int, first: int) -> bool:
    negated = [place for place in range(max(0, at - 4), at) if negates(words, place) and not (words[place] in INSTEAD and first > place)]
    return bool(negated) and not NEGATIONS_UNDONE & set(words[negated[-1] : at])


def names_a_thing(words: Sequence[str], at: int) -> bool:
    """ "update log", "release notes", "delete button", "message from Anna": a noun that looks like a verb."""
    rest = words[at + 1 :]
    if rest and rest[0] in PARTS and len(rest) == 1:
        return True
    if words[at] not in AMBIGUOUS:
        return False
    if not rest:
        return words[at] in ADJECTIVES
    # "release notes", but "delete users" and "update his notes"
    plural = len(rest) == 1 and rest[0].endswith("s") and not rest[0].endswith("ss") and rest[0] not in OBJECTS
    return rest[0] in COMPOUNDS or plural or (rest[0] == "from" and "to" not in rest)


def negates(words: Sequence[str], at: int) -> bool:
    return words[at] in NEGATIONS or (words[at] == "no" and words[at + 1 : at + 2] != [] and words[at + 1] in NO)


def reading_after_if(words: Sequence[str], at: int) -> Reading:
    """ "If visits were below 21 make a task" asks; "if I delete user1" does not."""
    before, after, then = words[at - 1], *(*words[at + 1 : at + 3], "", "")[:2]
    if before in SUBJECTS or before in {"you", "to"} or before in DETERMINERS or before in BEING:
        return "not"
    return "asked" if after in AFTER_A_REQUEST or (after in PARTICLES | {"on"} and then in AFTER_A_REQUEST) else "doubtful"


def reading_inside(words: Sequence[str], at: int, first: int) -> Reading:
    """Of a verb that does not begin its clause."""
    before, last, after = words[:at], words[at - 1], words[at + 1] if at + 1 < len(words) else ""
    shown = any(word in READ or word in QUESTION or word == "that" for word in before[first:])
    if last == "to" and len(before) > 1:
        return "not" if shown else "asked" if before[-2] in LEADING and not (reported(before) or THEY & set(before) or later(before)) else "doubtful"
    if first and before[first - 1 : first] == ["let"]:
        return "doubtful"  # "let bob delete tasks": he is to do it
    if last in DETERMINERS or last.endswith("'s") or last in NAMING or (last in BEING and words[at] in AMBIGUOUS):
        return "not"
    if reported(before) or (last in FORESEEN and before[-2:-1] and before[-2] not in {"you", "please"}):
        return "doubtful"  # "the team will deploy it tomorrow"
    if shown:
        return "not" if words[at] in AMBIGUOUS or last in {"can", "could", "may", "who", "that"} else "doubtful"
    object_follows = after in {"it", "them", "him", "her"} or words[at + 1 :] == ["that"]
    if words[at] in AMBIGUOUS and ((object_follows and last not in SUBJECTS) or last == "please"):
        return "asked"
    return "doubtful" if words[at] in AMBIGUOUS or last in SUBJECTS or at == len(words) - 1 else "asked"


def later(before: Sequence[str]) -> bool:
    """Whether what stands before "to" has it done by somebody else or at another time: "remind me to", "make a plan to", "user1 to be able to"."""
    if before[-2] == "able":
        return not (before[-3:-2] == ["be"] and before[-4:-3] == ["you"])
    return before[-2] == "plan" or (before[-2] in PERSONS and before[-3:-2] != [] and before[-3] in TEACHING)


def reported(before: Sequence[str]) -> bool:
    """Whether somebody else says it."""
    return any(word in REPORTED and not {"i", "we"} & set(before[max(0, place - 1) : place]) for place, word in enumerate(before))


def only_forbids(text: str) -> bool:
    """ "Please do not delete user1": every change it speaks of is one that is not wanted."""
    readings = [reading for sentence in SENTENCES.split(text) for clause in clauses(sentence) for _, reading in clause.verbs]
    negated = NEGATIONS & set(re.findall(r"[\w']+", text.lower().replace("’", "'")))
    return bool(negated and readings) and all(reading == "not" for reading in readings)
