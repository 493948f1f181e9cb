"""What a text says was done: past forms of changing verbs, "the deletion is complete", "bob is gone", and the same in Korean. Pure; knows no call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.korean import DOING
from engine.moods import base_of
from engine.words import QUOTED, QUOTES
from tools.korean import HANGUL
from tools.verbs import DETERMINERS, names

SENTENCES = re.compile(r"(?<=[.!?。])\s+|\n+")
PARTS = re.compile(
    r"\s*[,;—–]\s*|\s+\b(?:and|but|while|whereas|although|though|however)\b\s+|(?<=지만)[ ,]+|(?<=으나)[ ,]+|(?<!그리고)(?<=[고며])[ ,]+",
    re.IGNORECASE,
)
EXCEPTIONS = re.compile(r"\b(?:except|excluding|other than|apart from|but not|(?<=all )but|instead of)\b.*|(?<!\S)\S+ ?제외\S*", re.IGNORECASE)
WORD = re.compile(r"[^\W_][\w'-]*|[,;:(—–]")
PAST = {
    "sent": "send", "paid": "pay", "made": "make", "built": "build", "bought": "buy", "sold": "sell", "gave": "give", "given": "give",
    "wrote": "write", "written": "write", "drew": "draw", "drawn": "draw", "left": "leave", "set": "set", "put": "put", "reset": "reset",
    "cancelled": "cancel", "labelled": "label", "unsent": "send",
}  # fmt: skip
ALIKE = names("set put reset")  # the past is as the present: only an auxiliary or a subject tells it
BE = names("is are was were be been being am got gets get isn't")
HAVE = names("has have had i've we've you've")
OURS = names("i we i've we've")
ADVERBS = names(
    "now just also already successfully permanently completely fully since recently both all then properly correctly indeed been therefore",
    "thus automatically immediately finally hereby safely again",
)
DENIED = names(
    "not never cannot no nothing none nobody neither nor without unable fail failed fails refused can could may might will would should must",
    "shall i'll we'll don't unless before",
)
CONDITIONS = names("if unless whether")
TIMES = names("when once until after")
# A finite verb (or who, which) before a bare participle: it says more about a thing, and not that something was done.
FINITE = names(
    "is are was were has have had here there found shows show lists list see contains includes who which that whose did does do",
)
BOUNDARIES = names(", ; : ( — – but so because however although though while")
# "is assigned to", "are shared with": how things are; said of what was just done, it says "now" or "has been".
STANDING = names(
    "assign share link connect attach set put make give mark tag label place schedule record log note sign order join register enroll report",
    "design build draw leave sell",
)
PARTICLES = {
    "logged": ("in", "out", "on"), "signed": ("in", "out"), "ordered": ("by",), "followed": ("by",), "given": ("that", "the"),
    "left": ("of", "out", "over", "open", "to"),
}  # fmt: skip
TOLD_BY = names("by on at in since")
DEEDS = {
    "deletion": "delete", "removal": "remove", "creation": "create", "update": "update", "change": "change", "modification": "modify",
    "payment": "pay", "transfer": "transfer", "refund": "refund", "cancellation": "cancel", "registration": "register", "assignment": "assign",
    "activation": "activate", "deactivation": "deactivate", "reset": "reset", "purchase": "purchase", "booking": "book",
    "reservation": "reserve", "upload": "upload", "renewal": "renew", "termination": "terminate", "suspension": "suspend", "lock": "lock",
    "submission": "submit", "order": "order", "request": "", "operation": "", "action": "", "task": "", "it": "", "this": "", "that": "",
    "everything": "", "all": "", "job": "", "changes": "", "updates": "",
}  # fmt: skip
COMPLETE = re.compile(
    rf"\b(?P<deed>{'|'.join(DEEDS)})(?:'s)?\b(?P<of>[^.!?,;]{{0,80}}?)\s"
    r"(?P<state>complete|completed|done|finished|successful|processed|executed|carried out|taken care of|handled|in effect|gone through|went through"
    r"|succeeded|took effect|taken effect|has been applied|was applied|is applied)\b(?!\s+(?:list|set|record))",
    re.IGNORECASE,
)
DONE = re.compile(
    r"^\W*(?:(?:ok|okay|great|sure|yes|perfect|and)\W+)?(?:all\s+)?(?:done|set|finished|completed)\b(?=\W|$)"
    r"|\b(?:I|we)(?:'ve| have)?\s+(?:just\s+|now\s+)?(?:done|did|completed|finished|processed|handled|carried out|taken care of)\b",
    re.IGNORECASE,
)
GONE = re.compile(
    r"\b(?:is|are|was|were|'s|has|have)\s+(?:now\s+|already\s+|all\s+|both\s+)*gone\b(?!\s+(?:through|over|to))"
    r"|\bno longer\s+(?:exists?|there|available|present|in|on|an? (?:part|member)|part|has|have)\b"
    r"|\b(?:does not|doesn't|do not|don't) exist any ?more\b",
    re.IGNORECASE,
)
KOREAN_ENDING = (
    r"(?:을|를|이|가|은|는|도)? ?(?:(?:성공적으로|정상적으로|모두|이미|방금|바로|잘) ?)*(?:처리(?:를|가)? ?)?"
    r"(?:했|하였|됐|되었|완료|마쳤|끝났|끝냈|해 ?(?:드렸|놨|놓았|뒀|두었)|되어 ?(?:있|졌)|돼 ?있|된 상태)"
)
KOREAN_OPEN = r"(?!(?:는지|은지|을지|나요|습니까|을까|다면|으면|던|었던|다고 (?:하|볼)|지 (?:않|못)))"  # not said as done
KOREAN_PAST = {
    "만들(?:었|어 ?(?:드렸|졌|놨))": "create", "(?:지웠|지워 ?(?:드렸|졌))": "delete", "(?:바꿨|바꾸었|바꿔 ?드렸|바뀌었|바뀐 상태)": "change",
    "(?:고쳤|고쳐 ?(?:드렸|졌))": "fix", "(?:보냈|보내 ?드렸|보내졌)": "send", "(?:옮겼|옮겨 ?(?:드렸|졌))": "move",
    "(?:잠갔|잠궜|잠겼|잠가 ?드렸)": "lock", "(?:올렸|올려 ?드렸)": "upload", "(?:넣었|넣어 ?드렸)": "add", "(?:뺐|빼 ?드렸)": "remove",
    "(?:없앴|없애 ?드렸|없어졌|사라졌)": "delete", "(?:껐|꺼 ?드렸)": "disable", "(?:켰|켜 ?드렸)": "enable", "(?:풀었|풀어 ?드렸|풀렸)": "unlock",
    "(?:닫았|닫혔)": "close", "(?:늘렸|줄였)": "update", "더 ?이상 (?:존재하지|없)": "delete",
}  # fmt: skip
KOREAN_DONE = r"(?:완료|처리|반영|적용|수행)(?:를|가|이)? ?(?:했|하였|됐|되었|해 ?드렸)|(?:작업|요청)\S* ?(?:마쳤|끝났|끝냈)|(?:^|[\s.!])완료[.!]?$"


def parts(text: str) -> list[str]:
    """Each that says something of its own, with what it names: "Locked a, b and c" is one, "a is locked and b is not" are two. Without exceptions."""
    # With one space between words: many in a row would be tried from each of them.
    sentences = (" ".join(sentence.split()) for sentence in SENTENCES.split(text.translate(QUOTES)))
    return [part for sentence in sentences for part in parts_of(PARTS.split(EXCEPTIONS.sub("", sentence)))]


def parts_of(pieces: Sequence[str]) -> list[str]:
    """What only names something belongs to what is said before it and after it: either may be meant."""
    found: list[str] = []
    named: list[str] = []
    for piece in filter(str.strip, pieces):
        if says_something(piece):
            found.append(", ".join([*named, piece]))
            named = []
        else:
            named.append(piece)
            found[-1:] = [f"{part}, {piece}" for part in found[-1:]]
    return found or [", ".join(named)]


def says_something(part: str) -> bool:
    words = [word.lower() for word in WORD.findall(QUOTED.sub(" x ", part))]
    said = BE | HAVE | OURS | DENIED
    return bool(HANGUL.search(part)) or any(word in said or word.endswith(("ed", "n't")) or past_of(word) is not None for word in words)


@dataclass(frozen=True, slots=True)
class Claim:
    """`verb`: what was done; "" where it is only said that it is done. `ours`: it is said of what was done here, just now; no data can say that."""

    words: str
    verb: str
    sentence: str
    ours: bool


def claims(text: str) -> list[Claim]:
    found = []
    for sentence in SENTENCES.split(text.translate(QUOTES)):
        plain = QUOTED.sub(" x ", sentence)
        if plain.strip() and not plain.rstrip(" \"')").endswith("?"):
            found += [*english(plain, sentence), *(korean(plain, sentence) if HANGUL.search(plain) else ())]
    return found


def english(plain: str, sentence: str) -> Iterator[Claim]:
    written = [match.group() for match in WORD.finditer(plain)]
    words = [each if each == "May" else each.lower() for each in written]  # the month is no auxiliary
    for at, word in enumerate(words):
        verb = past_of(word)
        if verb and (ours := said_as_done(words, at, verb)) is not None:
            yield Claim(" ".join(written[max(0, at - 3) : at + 2]), verb, sentence, ours)
    for match in COMPLETE.finditer(plain):
        if not denied(match.group().lower().split()) and not denied(plain[: match.start()].lower().split()):
            yield Claim(match.group().strip(), DEEDS[match["deed"].lower()], sentence, False)
    for pattern, verb, ours in ((GONE, "delete", False), (DONE, "", True)):
        for match in pattern.finditer(plain):
            if not denied(plain[: match.start()].lower().split()):
                yield Claim(match.group().strip(), verb, sentence, ours)


def past_of(word: str) -> str | None:
    """The changing verb of which a word is a past form."""
    return PAST[word] if word in PAST else base_of(word) if word.endswith("ed") and len(word) > 4 else None


def said_as_done(words: Sequence[str], at: int, verb: str) -> bool | None:
    """None: it is only spoken of (denied, possible, wished, or more about a thing). Else whether it is said of what was done here."""
    before, after = scope(words, at), next(iter(words[at + 1 :]), "")
    head = bare(before)
    led = head[-1] if head else ""
    ours = bool(OURS & set(before[-6:])) or "successfully" in (*before[-1:], after)
    if after in PARTICLES.get(words[at], ()) or spoken_of(words[:at], before, ours=ours):
        return None
    if led in BE or led in HAVE or ours:
        standing = verb in STANDING and led in ("is", "are") and "now" not in before[len(head) :]
        return None if (standing or head[-2:-1] == ["to"]) and not ours else ours
    if verb in ALIKE or FINITE & set(before) or led in DETERMINERS or led[:1].isdigit():
        return None
    if not head:
        return None if after in BE or listed(words, at) else after not in TOLD_BY and not after[:1].isdigit()
    return False


def scope(words: Sequence[str], at: int) -> Sequence[str]:
    """What stands before it in its part of the sentence; "and" begins a part where a new auxiliary or subject follows."""
    start = at
    while start and words[start - 1] not in BOUNDARIES:
        if words[start - 1] in ("and", "or", "then") and (BE | HAVE | OURS) & set(words[start:at]):
            break
        start -= 1
    return words[start:at]


def bare(before: Sequence[str]) -> Sequence[str]:
    """Without the adverbs next to the verb."""
    end = len(before)
    while end and (before[end - 1] in ADVERBS - {"been"} or (before[end - 1] == "and" and end < len(before))):
        end -= 1
    return before[:end]


def spoken_of(all_before: Sequence[str], before: Sequence[str], *, ours: bool) -> bool:
    """Denied, possible, or under a condition. One of several verbs in a row has what stands before the first."""
    led = all_before if all(word in ("and", "or") or past_of(word) for word in before) else before
    return bool(denied(led) or CONDITIONS & set(all_before) or (TIMES & set(before) and not ours))


def denied(words: Sequence[str]) -> bool:
    """ "no longer" denies what was, and says that it was changed."""
    plain = [word for at, word in enumerate(words) if not (word == "no" and words[at + 1 : at + 2] == ["longer"])]
    return any(word in DENIED or word.endswith(("n't", "'ll")) for word in plain)


def listed(words: Sequence[str], at: int) -> bool:
    """ "Locked users: ..." names a list."""
    return any(word in (":", "(") for word in words[at + 1 : at + 4]) and words[at + 1 : at + 2] != [":"]


def korean(plain: str, sentence: str) -> Iterator[Claim]:
    rest = plain
    for noun, verb in DOING.items():
        pattern = re.compile(noun.replace(" ", " ?") + KOREAN_ENDING + KOREAN_OPEN)
        yield from (Claim(match.group(), verb, sentence, False) for match in pattern.finditer(rest))
        rest = pattern.sub("·", rest)
    for form, verb in KOREAN_PAST.items():
        pattern = re.compile(form + KOREAN_OPEN)
        yield from (Claim(match.group(), verb, sentence, False) for match in pattern.finditer(rest))
    yield from (Claim(match.group().strip(), "", sentence, True) for match in re.finditer(f"(?:{KOREAN_DONE}){KOREAN_OPEN}", rest))
