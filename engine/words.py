"""What the customer typed, as whole tokens that values can be found in. Pure; knows no schema and no call."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'", "`": "'"})
LEAD = "([{<\"'*~#@$€£¥₩¿¡"
TRAIL = ".,;:!?)]}>\"'*~…。、，！？"
DIALLED = re.compile(r"(?<![\w+])\+\d{1,3}(?:[ .\u00a0-]?\(?\d{1,5}\)?){2,6}(?!\w)")  # +49 (30) 123-456: one number, however it is spaced
QUOTED = re.compile(r"""(?<![^\s(\[{,:=])(?:"([^"\n]{1,400})"|'([^'\n]{1,400})')(?![A-Za-z0-9])""")
SLUGS = re.compile(r"[\w.-]+/[\w.-]+")
HOSTED = re.compile(r"@|^[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/")
LABELLED = re.compile(r"([^\W\d][\w.-]*)[=:](?!//)(\S+)")
SEPARATORS = re.compile(r"[;()\[\]{}<>|]|,(?!\d{3}(?!\d))")
POSSESSIVE = re.compile(r"(?:'s|s')$")
PARTICLES = re.compile(r"(?:이라는|라는|이라고|라고|이란|으로|에게|한테|에서|까지|부터|에는|에|을|를|은|는|이|가|의|와|과|랑|로|도|만|님|씨|란)$")
AFTER_CONSONANT, AFTER_VOWEL = "을은이과으", "를는가와라란로"
UNITS = re.compile(
    r"([-+]?[\d.,]+)(?:st|nd|rd|th|%|[kmgt]?b|px|ms|s|secs?|m|mins?|h|hrs?|d|days?|km|cm|mm|kg|g|usd|eur|€|\$"
    r"|원|개|명|건|일|월|년|시|분|번|장|잔)",
    re.IGNORECASE,
)
DIGITS = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
ONES = {word: number for number, word in enumerate(SMALL.split())}
TENS = {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
MOST_WORDS = 8  # of one number
THOUSANDS = re.compile(r"[1-9]\d{0,2}")
NOT_COUNTING = frozenset("that this the other another which each every any no last next new first right wrong same".split())  # noqa: SIM905
# Words of the grammar: they are a value only where they are quoted or written as no such word is ("IT", "US").
GRAMMAR = frozenset(
    word
    for line in (
        "a an the it its i me my mine we us our you your he him his she her they them their this that these those who whom whose which what one ones",
        "in on at to of for from by with without into onto up down out off over under about as than and or but nor so if then else because while",
        "is are was were be been am do does did has have had can could will would shall should may might must let not no yes ok please also just",
        "everyone everybody everything anyone anybody anything someone somebody something nobody nothing",
        "all any each every both some such same other another more most less few here there where when why how too very only",
    )
    for word in line.split()
)
OTHERS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "once": 1, "twice": 2, "both": 2, "couple": 2, "dozen": 12,
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """`core` is casefolded and has no punctuation at its ends; that stands in `lead` and `trail`. `typed`: the core as it was typed."""

    core: str
    lead: str = ""
    trail: str = ""
    typed: str = ""

    def forms(self) -> Iterator[str]:
        """The token itself, and what it is without a possessive or a Korean particle."""
        yield self.core
        if (possessed := POSSESSIVE.sub("", self.core)) and possessed != self.core:
            yield possessed
        particle = PARTICLES.search(self.core)
        if particle and particle.start() and follows(self.core[particle.start() - 1], particle.group()):
            yield self.core[: particle.start()]


def follows(last: str, particle: str) -> bool:
    """Whether a particle can stand after this syllable: 을 after a final consonant, 를 after a vowel. So 김가은 is no 김가 with a particle."""
    if not "가" <= last <= "힣" or particle[0] not in AFTER_CONSONANT + AFTER_VOWEL:
        return True
    final = (ord(last) - ord("가")) % 28  # Unicode, 3.12: syllables are ordered by initial, vowel, final; 8 is a final ㄹ
    if particle in ("로", "으로"):
        return (particle == "로") == (final in (0, 8))
    return (final != 0) == (particle[0] in AFTER_CONSONANT)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One text as token runs: as typed, and taken apart at commas, brackets and "label: value"."""

    text: str
    runs: tuple[tuple[Token, ...], ...]
    places: tuple[Mapping[str, tuple[int, ...]], ...]  # of each run: form -> where
    numbers: Mapping[Decimal, str]

    def find(self, value: str, *, bare: bool = False) -> str | None:
        """The span that is `value`: whole tokens, case and punctuation at the ends apart. `bare`: also without characters inside a token."""
        wanted = [token(part) for part in dialled(value.translate(QUOTES)).split()]
        if not wanted or not any(each.core for each in wanted):
            return None
        for run, places in zip(self.runs, self.places, strict=True):
            starts = range(len(run)) if bare else places.get(wanted[0].core, ())
            for start in starts:
                span = run[start : start + len(wanted)]
                if len(span) == len(wanted) and same_run(wanted, span, bare) and meant(wanted, span):
                    return value.strip()
        return None

    def number(self, value: float, *, exact: bool = False) -> str | None:
        """The span that is this number. `exact`: "the second one" and "both" are no 2."""
        try:
            span = self.numbers.get(Decimal(str(value)).normalize())
        except InvalidOperation:
            return None
        return None if exact and span in OTHERS else span


def same_run(wanted: list[Token], found: tuple[Token, ...], bare: bool) -> bool:
    return all(same(w, f, last=at == len(wanted) - 1, bare=bare) for at, (w, f) in enumerate(zip(wanted, found, strict=True)))


def meant(wanted: list[Token], span: tuple[Token, ...]) -> bool:
    """ "Do it now" names no country IT; "countries: IT" and "call it 'it'" do. A name of grammar's words only is never met by chance then."""
    if any(each.core not in GRAMMAR for each in wanted):
        return True
    quoted = span[0].lead.endswith(('"', "'")) and span[-1].trail.startswith(('"', "'"))
    return quoted or all(w.typed == f.typed and proper(f, alone=len(span) == 1) for w, f in zip(wanted, span, strict=True))


def proper(found: Token, *, alone: bool) -> bool:
    return found.core != "i" and (found.typed.isupper() if alone else found.typed[:1].isupper())


def same(wanted: Token, found: Token, *, last: bool, bare: bool) -> bool:
    """Punctuation at the ends may be missing from a value; it may not be added to it."""
    if not (found.lead.endswith(wanted.lead) and found.trail.replace('"', "").replace("'", "").startswith(wanted.trail.strip("\"'"))):
        return False
    if wanted.core == found.core or (last and wanted.core in found.forms()):
        return True
    return bare and alphanumeric(wanted.core) == alphanumeric(found.core) != ""


def alphanumeric(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def token(raw: str) -> Token:
    rest = raw.lstrip(LEAD)
    core = rest.rstrip(TRAIL)
    return Token(core.casefold(), raw[: len(raw) - len(rest)], rest[len(core) :], core)


@lru_cache(maxsize=1_024)
def read(text: str) -> Words:
    plain = dialled(QUOTED.sub(lambda found: f" {found.group()} ", text.translate(QUOTES)))
    parts = plain.split()
    whole, finer = tuple(map(token, parts)), tuple(piece for part in parts for piece in pieces(part))
    runs = (whole,) if finer == whole else (whole, finer)
    return Words(text, runs, tuple(map(places_of, runs)), numbers_in(runs[-1]) | numbers_in(runs[0]))


def dialled(text: str) -> str:
    """Numbers that are dialled as one token of digits: a part of one is no number."""
    return DIALLED.sub(lambda found: "+" + "".join(c for c in found.group() if c.isdecimal()), text)


def pieces(part: str) -> list[Token]:
    """The tokens of what stands between two spaces. Where it was taken apart, one ends: "2,300 rows" is one number, "page 2, 300 rows" are two."""
    found = [token(piece) for piece in apart(part)]
    if len(found) == 1 and found[0].core == part.casefold():
        return found
    end = token(part).trail
    return [replace(each, trail=each.trail or (end if at == len(found) - 1 else ",")) for at, each in enumerate(found)]


def apart(part: str) -> list[str]:
    """user1,user2 · owner/name · name=bob; an address (with "://" or "@", or a host before its path) stays whole."""
    labels: list[str] = []
    while labelled := LABELLED.fullmatch(part):
        labels, part = [*labels, labelled[1]], labelled[2]
    if "://" in part or (part.startswith(("{", "[")) and len(part) >= 200):
        return [*labels, part]
    return [*labels, *(name for piece in SEPARATORS.split(part) if piece for name in named(piece))]


def named(piece: str) -> list[str]:
    labelled = LABELLED.fullmatch(piece)
    label, value = ([labelled[1]], labelled[2]) if labelled else ([], piece)
    return label + (value.split("/") if SLUGS.fullmatch(value) and not HOSTED.search(value) else [value])


def places_of(run: tuple[Token, ...]) -> Mapping[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for at, each in enumerate(run):
        for form in each.forms():
            places.setdefault(form, []).append(at)
    return {form: tuple(found) for form, found in places.items()}


def numbers_in(run: tuple[Token, ...]) -> dict[Decimal, str]:
    """Each number that is typed, in digits or spelled, with its span. A part of one is none: no 5 stands in "twenty five" or "5 million"."""
    found: dict[Decimal, str] = {}
    at = 0
    while at < len(run):
        value, count = number_at(run, at)
        if value is not None:
            span, known = " ".join(each.core for each in run[at : at + count]), found.get(value.normalize())
            found[value.normalize()] = span if known is None or known in OTHERS else known
        at += count
    return found


def number_at(run: tuple[Token, ...], at: int) -> tuple[Decimal | None, int]:
    """The longest number that begins here, and how many tokens it takes."""
    end = at + 1
    while end < min(len(run), at + MOST_WORDS) and not run[end - 1].trail and not run[end].lead:
        end += 1
    if (digits := next((form for form in run[at].forms() if numeric(form) is not None), None)) is not None:
        return with_digits(numeric(digits) or Decimal(0), run[at:end])
    for count in range(end - at, 0, -1):
        number = spelled([word for each in run[at : at + count] for word in each.core.split("-")])
        if number is not None and not (count == 1 and run[at].core == "one" and at and run[at - 1].core in NOT_COUNTING):
            return Decimal(number), count
    return None, 1


def with_digits(value: Decimal, run: tuple[Token, ...]) -> tuple[Decimal, int]:
    """5, 5 million, 10 000."""
    if "-" in run[0].lead:
        value = -value
    if len(run) > 1 and run[1].core in SCALES:
        return value * SCALES[run[1].core], 2
    count = 1
    while THOUSANDS.fullmatch(run[0].core) and count < len(run) and re.fullmatch(r"\d{3}", run[count].core):
        value, count = value * 1_000 + (int(run[count].core) if value >= 0 else -int(run[count].core)), count + 1
    return value, count


def numeric(core: str) -> Decimal | None:
    if len(core) > 40:
        return None
    united = UNITS.fullmatch(core)
    digits = united[1] if united else core
    if not DIGITS.fullmatch(digits):
        return None
    try:
        return Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None


def spelled(words: list[str]) -> int | None:
    """Five; twenty five; three hundred and two; a hundred."""
    if len(words) == 1 and words[0] in OTHERS:
        return OTHERS[words[0]]
    words = ["one" if word in ("a", "an") and len(words) > 1 and words[1] in SCALES else word for word in words if word != "and"]
    total, current = 0, 0
    if not words or any(word not in ONES and word not in TENS and word not in SCALES for word in words) or words[0] in SCALES:
        return None
    for before, word in zip(["", *words], words, strict=False):
        if word in SCALES:
            current *= SCALES[word]
            total, current = (total + current, 0) if SCALES[word] > 100 else (total, current)
        elif before in ONES or (before in TENS and word in TENS):
            return None  # "one two": two numbers, not one
        else:
            current += ONES.get(word, 0) + TENS.get(word, 0)
    return total + current
