"""How an English clause speaks: it asks to be told, wishes, wonders, states; and which verb a form of it is. Pure."""

import re
from collections.abc import Iterator, Sequence

from engine.words import GRAMMAR
from tools.verbs import CHANGING, DETERMINERS, FILLERS, LEADS_TO, NEGATIONS, PRONOUNS, QUESTION, READ, READING, STATIVE, names

INFORMATION = re.compile(
    r"\bhow (?:do|can|could|would|should|does|did|to|i|one)\b|\bwhat (?:happens|would happen|will happen|if)\b|\bis it possible\b"
    r"|\bis there (?:a|any) (?:way|option)\b|\bam i (?:able|allowed)\b|\b(?:should|shall|will|would|am|was|have) i\b"
    r"|\b(?:do|does|did) i (?:have|need|get|lose)\b"
    r"|^\W*should we\b|^\W*why\b(?! (?:don't|dont|not) (?:you|we)\b)|\bways? to\b|\bsteps to\b|\bexplain how\b",
    re.IGNORECASE,
)
POLITE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|ok|okay|so|and|then|now|please|kindly)\W+)*(?:can|could|would|will|may|might|shall|can't|won't|couldn't|wouldn't)\b"
    r"|\bplease\b|\bwould it be\b|\b(?:think|chance|if) you (?:could|can|would)\b"
    r"|\bi ask you to\b|^\W*why (?:don't|dont|not) (?:you|we)\b|^\W*how about you\b",
    re.IGNORECASE,
)
CAPABILITY = re.compile(r"^\W*(?:\w+,? )?(?:can|may|could|might) i\b", re.IGNORECASE)
# "I could cancel it myself", "if I were you I would delete it": thought of, not asked for.
MUSING = re.compile(
    r"(?<!so )\b(?:i|we) (?:could|might|may|can)\b(?! (?:ask|request|have|get)\b)|\bif i were\b"
    r"|\b(?:i|we) (?:will|should|guess|suppose)\b(?! (?:have|take|need)\b)|\b(?:i|we)'ll\b(?! (?:have|take|need)\b)|\bmight be best\b"
    r"|\bi (?:have |already )*(?:asked|told) (?:you|them|him|her) to\b"
    r"|\bi would (?!like\b|love\b|want\b|need\b|prefer\b|appreciate\b|ask\b|be\b|request\b)",
    re.IGNORECASE,
)
PASSIVE = re.compile(
    r"(?:\b(?:want|need|like|have|get)\s+(?:\S+\s+){1,6}?(?:to be |be )?|\b(?:should|must|needs? to|has to|have to|ought to|to)\s+(?:be|get)\s+"
    r"|\bmake sure\s+(?:\S+\s+){1,6}?(?:is|are|gets?)\s+)(?P<verb>\w+ed|sent|set|put|paid|made|built|written)\b"
    r"(?=\W*$|\W+(?:by|to|from|at|before|on|in|into|for|with|up|please|now|today|tomorrow|tonight|again|and|as|until|within|off|out|right|immediately)\b)",
    re.IGNORECASE,
)
CHOSEN = re.compile(r"^\W+(?:by|from|at|before|on|in|for|with|as|until|within)\b(?! (?:today|tomorrow|tonight|me|us)\b)", re.IGNORECASE)
# "Would you mind closing it?", "it needs unlocking"; "I'd appreciate it if you stopped it".
GERUND = re.compile(r"\bmind (?:please )?(?P<verb>\w+ing)\b|\bneeds?\s+(?P<needed>\w+ing)\b", re.IGNORECASE)
KINDLY = re.compile(r"\b(?:appreciate|great|nice|kind|grateful|glad|good)\b.{0,20}\bif (?:you|someone) (?P<verb>\w+ed)\b", re.IGNORECASE)
GIVEN = re.compile(
    r"\b(?:give|provide) (?:me|us)\b|\b(?:need|want|like|have|get(?: me| us)?)\s+(?:a|an|the|all|some)\s+(?:\w+\s+)?"
    r"(?:list|overview|details?|report|information|info|data|count|number|summary|status|history|name|address)\b"
    r"|\b(?:i'm|i am|we're|we are) (?:looking|searching) for\b|\binterested in\b|\bcurious\b|\bi wonder\b|\bwondering\b"
    r"|\bhelp me (?:understand|see)\b|\b(?:take|have) a (?:quick )?look\b|\bmind (?:telling|showing|checking|explaining|giving|finding)\b"
    r"|\b(?:(?:pull|bring|dig) up|dig out|break down|figure out)\b",
    re.IGNORECASE,
)
WISHED_NEW = re.compile(
    r"\b(?:need|want|like|get me|i get|we get|open)\b(?:\s+\w+)?\s+(?:a new|another|one more|an additional|an extra)\b"
    r"|^\W*(?:please\s+)?(?:(?:a\s+)?new\b(?=.*\bplease\b)|new|another|one more)\s(?!\w+s\W*$)",
    re.IGNORECASE,
)
LET_KNOW = re.compile(r"\blet (?!me\b|us\b|you\b)(?:\S+ ){1,3}know\b", re.IGNORECASE)
IRREGULAR = {"sent": "send", "set": "set", "put": "put", "paid": "pay", "made": "make", "built": "build", "written": "write"}
CONTRACTED = re.compile(r"\b(who|what|where|when|how|why)(?:'s|s)\b")
CHAT = {
    "u": "you", "ur": "your", "pls": "please", "plz": "please", "teh": "the", "lemme": "let me", "gimme": "give me", "wanna": "want to",
}  # fmt: skip
CHATTED = re.compile(rf"(?<![\w.@/-])(?:{'|'.join(CHAT)})(?![\w.@/-])")
PLACES = re.compile(r"\bnew (york|zealand|delhi|orleans|jersey|mexico|england|hampshire|south wales)\b")
WHY_NOT = re.compile(r"^(\W*(?:\w+\W+)?)(?:why (?:don't|dont|not)|how about|can't|won't|couldn't|wouldn't) (?:you|we)\b")
# "I was wondering if you could ...", "do you think you can ...", "could I ask you to ..."
EMBEDDED = re.compile(
    r"\b(?:(?:do you think|wondering if|wonder if|(?:any|a) chance|hoping|\bif) you (?:could|can|would)|(?:could|may|can) i ask you to"
    r"|would it be (?:ok|okay|fine|alright|all right|possible)(?: for you)? to)\b"
    r"(?! (?:know|have|see)\b)"
)
ASKED_BACK = re.compile(
    r"^\W*(?:and |so )?(?:what|how) about\b(?! you\b)|^\W*(?:why|what|how|who|where|when)(?: (?:not|now|then|exactly|cares?|do you mean))?\W*$"
    r"|^\W*(?:how are you|is that (?:all|so|it)|am i right|do you agree|who cares)\W*$",
    re.IGNORECASE,
)
FINITE = names("is are was were isn't aren't wasn't weren't has doesn't didn't does did works seems looks")
JOINING = GRAMMAR - names("the a an in on at of to for from by with my our your his her their") | names(
    "whether whatever whoever whichever why how everything anything nothing"
)
MODALS = names("can could may might would")
AUXILIARIES = names("can could will would do does did has have had")
# After an auxiliary: somebody who may well be meant to do it.
ASKED_PERSONS = names("you i we someone somebody anyone anybody one please kindly me us")
KNOWING = names("know tell see")
ANYTHING = names("anything anybody anyone")
LISTS = names("list count view look search")
GETTING = names("a an some")
# What may stand before an object and commands nothing, though no other table holds it.
NO_COMMANDS = GRAMMAR | NEGATIONS | QUESTION | STATIVE | DETERMINERS | PRONOUNS | names(
    "near during after before behind between through against per via within across along around besides despite inside outside past toward",
    "upon unlike thank nice happy good great sorry love hate mean guess hope feel hear got said told saw went was had bought sold paid sent",
    "lost forgot broke left took gave found made kept knew thought wrote until unless although though whether once except instead rather",
    "subject fw fwd re dear regards what same not half most such whenever ignore forget excuse forgive pardon trust believe wait try imagine",
    "consider suppose assume solve classify name track sort rank group test think calculate convert quote ask say let help keep bye lol wow",
    "damn today tomorrow yesterday tonight given include return perform understand plan use assist ensure select advise watch yield prefer",
    "visit heard offer arrive happen matter according unfortunately however since best kind here there yeah yep nope plus times minus",
    "way lots none wish hereby see",
)  # fmt: skip
READS_TOO = names(
    "preview translate analyze analyse predict evaluate detect outline define provide gather explore locate assess extract access obtain collect",
)
FOUND = frozenset((("pull", "up"), ("bring", "up"), ("dig", "up"), ("dig", "out"), ("break", "down"), ("figure", "out"), ("work", "out")))
MOVING = names("take bring")  # "take the last ten and give me their sum" moves nothing
OBJECTS = names("the my our his her their this that these those all every each it me us them him a an both everyone everybody everything")
PARTICLES = names("up off out back down over away")
AFTER_A_PARTICLE = OBJECTS | names("in on from to for at")


def spoken(plain: str) -> str:
    """In lower case, "who's" as two words, and without what only makes a request of a question ("why don't you ...")."""
    words = CHATTED.sub(lambda found: CHAT[found.group()], PLACES.sub(r"new\1", plain.lower()))
    words = EMBEDDED.sub("please", words)
    return WHY_NOT.sub(r"\1please", CONTRACTED.sub(r"\1 is", words))


def is_filler(words: Sequence[str], at: int) -> bool:
    if words[at] == "like" and not set(words[:at]) & {"i'd", "we'd", "would", "you", "i", "we"}:
        return False  # "like the last post"
    if words[at] == "may":
        return "you" in words[:at] or words[at + 1 : at + 2] in (["i"], ["we"])
    return words[at] in FILLERS or (words[at] == "make" and words[at + 1 : at + 2] == ["sure"])


def asks_something(words: Sequence[str], first: int) -> bool:
    """Who, what, is there ..., do you have ...; a condition is no request either."""
    head = words[0] if words else ""
    lead, after = (*words[first : first + 2], "", "")[:2]
    stated = {"i", "we", "you", "that", "this", "it"} & set(words[:first])  # "I was thinking of ..."
    if subordinate(words, first):
        return False
    if lead in QUESTION | ANYTHING or head in QUESTION | STATIVE or (lead in STATIVE and not stated):
        return True
    return (lead == "do" and after in {"you", "i", "we", "they", "any", "all"}) or of_others(words)


def of_others(words: Sequence[str]) -> bool:
    """ "Can users delete comments?", "have the backups been deleted": an auxiliary before somebody else asks whether it is so."""
    at = next((at for at, word in enumerate(words) if word in AUXILIARIES or word not in FILLERS), len(words))
    if at + 2 >= len(words) or words[at] not in AUXILIARIES or words[at + 1] in ASKED_PERSONS | NEGATIONS:
        return False
    if words[at] in ("have", "had"):
        return "been" in words[at:] or words[at + 1] in {"they", "he", "she", "it"}
    return words[at + 1] not in FILLERS and words[at + 1] not in CHANGING | READ and "be" not in words[at:]


def subordinate(words: Sequence[str], first: int) -> bool:
    """ "When the price falls, buy ten": no question, but a condition."""
    lead, after = (*words[first : first + 2], "", "")[:2]
    return (
        lead in {"if", "unless", "whenever"}
        or words[:2] == ["in", "case"]
        or (lead == "when" and after in DETERMINERS | PRONOUNS | {"i", "we", "you", "he", "she"})
    )


def told(words: Sequence[str], first: int) -> bool:
    """Whether what a question would be told is really asked for: "are you sure", "there is no need" and "and the other one?" ask for nothing."""
    lead, after = (*words[first : first + 2], "", "")[:2]
    return lead != "there" and not (lead in STATIVE | {"isn't", "aren't"} and after == "you") and not ASKED_BACK.search(" ".join(words))


def states(words: Sequence[str], at: int) -> bool:
    """ "Order 55 is late", "search does not work": what looks like a verb is what something is said of."""
    ends = at + 2 < len(words) and words[-1] in {"failed", "fails"}
    finite = next((place for place in range(at + 1, min(len(words), at + 6)) if words[place] in FINITE), len(words) - 1 if ends else None)
    return finite is not None and not set(words[at + 1 : finite]) & JOINING and words[at + 1] not in OBJECTS


def shows(words: Sequence[str], first: int) -> bool:
    """Whether a verb of reading stands where a request stands."""
    if words[first : first + 1] and words[first] in READS_TOO:
        return True
    return any(word in READ and reads_at(words, at, first) for at, word in enumerate(words))


def reads_at(words: Sequence[str], at: int, first: int) -> bool:
    word, before, after = words[at], words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    if at == first and states(words, at):
        return False
    if word in KNOWING and not knows(word, before, after, modal=bool(MODALS & set(words[:at]))):
        return False
    if (word in LISTS and after == "of" and at == 0) or (word == "see" and after == "to") or does_other(word, words[at + 1 :]):
        return False  # "list of charges", "see to it"
    if NEGATIONS & set(words[max(0, at - 3) : at]) and words[0] not in {"instead", "rather", "without"}:
        return before in {"only", "just"}
    return at == first or before in {"please", "kindly", "to", "just", "now", "then", "also", "only", "you"} or after in {"me", "us"}


def does_other(word: str, rest: Sequence[str]) -> bool:
    """ "Get me a taxi", "get the deposit back", "get Bob off the list", "check me in": reads nothing."""
    someone = rest[:1] in (["me"], ["us"], ["him"], ["her"], ["them"])
    if word == "check":
        return someone and bool({"in", "out"} & set(rest[1:3]))
    return word == "get" and (bool(GETTING & set(rest[someone : someone + 1])) or bool({"back", "off"} & set(rest)))


def knows(word: str, before: str, after: str, *, modal: bool) -> bool:
    """ "Tell me", "let me know", "I want to know", "may I see it"; not "just to let you know", "tell Anna that ...", "I see"."""
    if word == "tell":
        return after in {"me", "us"}
    if word == "see":
        return before not in {"i", "you", "we"} or modal
    return before in {"me", "us", "to", "would"} or (before == "you" and after not in {"that", "i", "we"})


def commands(words: Sequence[str], first: int) -> Iterator[str]:
    """Verbs that no table knows, by their place: "preheat the oven", "top up my phone", "clock me out", "tell Anna that ..."."""
    if aims(words, first):
        return  # "I want to watch a film" asks for no film
    for at in sorted({first, *(place + 1 for place, word in enumerate(words) if word == "please" and place + 2 < len(words))}):
        word, after, then = (*words[at : at + 3], "", "", "")[:3]
        if word == "tell" and after and after not in PRONOUNS - {"him", "her", "them"} | {"me", "us", "you", "about", "how"}:
            yield "notify"
        elif word == "check" and after in OBJECTS and {"in", "out"} & {then}:
            yield "check"
        elif word == "get" and "off" in words[at + 2 : at + 4]:
            yield "remove"
        elif may_command(word) and acts_on(word, words[at + 1 :]):
            yield word


def aims(words: Sequence[str], first: int) -> bool:
    """Whether somebody says what he wants to do himself, which may be why he asks for something else."""
    before = words[:first]
    wants = any(word in {"i", "we", "want", "need", "wish"} or word.startswith(("i'", "we'")) for word in before)
    return wants and not {"can", "could", "shall", "you"} & set(before)


def may_command(word: str) -> bool:
    """Whether it may be the base form of a verb: no known word of another kind, and without an ending."""
    ended = (len(word) > 4 and word.endswith(("ing", "ed", "ly"))) or (word.endswith("s") and not word.endswith("ss"))
    return word in MOVING or (word.isalpha() and len(word) >= 3 and not ended and word not in KNOWN)


def acts_on(word: str, rest: Sequence[str]) -> bool:
    """ "Empty the", "roll back the", "take Jonas off", "strike item 4 off"."""
    after, then = (*rest[:2], "", "")[:2]
    if after in PARTICLES:
        return then in AFTER_A_PARTICLE and (word, after) not in FOUND
    if word in MOVING and after in OBJECTS:
        return any(each in PARTICLES for each in rest[1:4])
    return after in OBJECTS or (after not in GRAMMAR and any(each in PARTICLES for each in rest[1:4]))


def wished(plain: str, words: Sequence[str], first: int) -> Iterator[str]:
    """ "I want user1 deleted", "user1 should be deleted", "would you mind deleting user1", "I need a new user"."""
    if NEGATIONS & set(words) or (first < len(words) and words[first] in READ - {"get"}):
        return
    found = PASSIVE.search(plain) or KINDLY.search(plain)
    if found and words[first:] and words[first] == "get" and CHOSEN.search(plain[found.end() :]):
        return  # "get orders placed in May"
    gerund = GERUND.search(plain)
    if (found and (verb := base_of(found["verb"].lower()))) or (gerund and (verb := base_of_gerund((gerund["verb"] or gerund["needed"]).lower()))):
        yield verb
    elif LET_KNOW.search(plain):
        yield "notify"
    elif WISHED_NEW.search(plain):
        yield "create"


def base_of(participle: str) -> str | None:
    """deleted -> delete, stopped -> stop, copied -> copy."""
    if participle in IRREGULAR:
        return IRREGULAR[participle]
    stem = participle[:-2]
    return next((form for form in (stem, participle[:-1], stem[:-1], stem[:-1] + "y") if form in CHANGING), None)


def base_of_gerund(gerund: str) -> str | None:
    """deleting -> delete, putting -> put."""
    stem = gerund[:-3]
    return next((form for form in (stem, stem + "e", stem[:-1]) if form in CHANGING), None)


def led(words: Sequence[str], at: int) -> bool:
    """Whether what stands before shows that a verb follows, and no noun."""
    return at > 0 and words[at - 1] in {"to", "you", "we", "please", "kindly", "let's", "someone", "just", "now"}


def mended(word: str) -> str:
    """A verb or a question word that was mistyped by one slip: two letters changed places, one is missing or one too many. Else the word itself."""
    if len(word) < 4 or word.endswith(("ed", "s", "ing", "er", "ly")) or not (word.isascii() and word.isalpha()) or word in KNOWN:
        return word
    slips = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)} | {
        word[:at] + word[at + 1 :] for at in range(1, len(word))
    }
    found = slips & VERBS or {
        verb for verb in VERBS if len(verb) == len(word) + 1 and word in {verb[:at] + verb[at + 1 :] for at in range(1, len(verb))}
    }
    return min(found) if len(found) == 1 else word


VERBS = frozenset(word for word in READ | CHANGING | QUESTION if len(word) > 3)
KNOWN = VERBS | CHANGING | NO_COMMANDS | FILLERS | LEADS_TO | READING | READS_TOO
