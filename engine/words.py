"""What the customer typed, as whole tokens that values can be found in. Pure; knows no schema and no call."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'", "`": "'"})
LEAD = "([{<\"'*~#@$€£¥₩¿¡"
TRAIL = ".,;:!?)]}>\"'*~…。、，！？"
QUOTED = re.compile(r"""(?<![^\s(\[{,:=])(?:"([^"\n]{1,400})"|'([^'\n]{1,400})')(?![A-Za-z0-9])""")
SLUGS = re.compile(r"[\w.-]+/[\w.-]+")
LABELLED = re.compile(r"([^\W\d][\w.-]*)[=:](?!//)(\S+)")
SEPARATORS = re.compile(r"[;()\[\]{}<>|]|,(?!\d{3}(?!\d))")
POSSESSIVE = re.compile(r"(?:'s|s')$")
PARTICLES = re.compile(r"(?:이라는|라는|이라고|라고|이란|으로|에게|한테|에서|까지|부터|에는|에|을|를|은|는|이|가|의|와|과|랑|로|도|만|님|씨|란)$")
UNITS = re.compile(
    r"([-+]?[\d.,]+)(?:st|nd|rd|th|%|[kmgt]?b|px|ms|s|secs?|m|mins?|h|hrs?|d|days?|km|cm|mm|kg|g|usd|eur|€|\$"
    r"|원|개|명|건|일|월|년|시|분|번|장|잔)",
    re.IGNORECASE,
)
DIGITS = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
ONES = {word: number for number, word in enumerate(SMALL.split())}
TENS = {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
OTHERS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "once": 1, "twice": 2, "both": 2, "couple": 2, "dozen": 12,
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """`core` is casefolded and has no punctuation at its ends; that stands in `lead` and `trail`."""

    core: str
    lead: str = ""
    trail: str = ""

    def forms(self) -> Iterator[str]:
        """The token itself, and what it is without a possessive or a Korean particle."""
        yield self.core
        for ending in (POSSESSIVE, PARTICLES):
            bare = ending.sub("", self.core)
            if bare and bare != self.core:
                yield bare


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One text as token runs: as typed, and taken apart at commas, brackets and "label: value"."""

    text: str
    runs: tuple[tuple[Token, ...], ...]
    places: tuple[Mapping[str, tuple[int, ...]], ...]  # of each run: form -> where
    numbers: Mapping[Decimal, str]

    def find(self, value: str, *, bare: bool = False) -> str | None:
        """The span that is `value`: whole tokens, case and punctuation at the ends apart. `bare`: also without characters inside a token."""
        wanted = [token(part) for part in value.translate(QUOTES).split()]
        if not wanted or not any(each.core for each in wanted):
            return None
        for run, places in zip(self.runs, self.places, strict=True):
            starts = range(len(run)) if bare else places.get(wanted[0].core, ())
            for start in starts:
                if start + len(wanted) <= len(run) and same_run(wanted, run[start : start + len(wanted)], bare):
                    return value.strip()
        return None

    def number(self, value: float) -> str | None:
        try:
            return self.numbers.get(Decimal(str(value)).normalize())
        except InvalidOperation:
            return None


def same_run(wanted: list[Token], found: tuple[Token, ...], bare: bool) -> bool:
    return all(same(w, f, last=at == len(wanted) - 1, bare=bare) for at, (w, f) in enumerate(zip(wanted, found, strict=True)))


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
    rest = raw.casefold()
    start = 0
    while start < len(rest) and rest[start] in LEAD:
        start += 1
    end = len(rest)
    while end > start and rest[end - 1] in TRAIL:
        end -= 1
    return Token(rest[start:end], rest[:start], rest[end:])


@lru_cache(maxsize=1_024)
def read(text: str) -> Words:
    plain = QUOTED.sub(lambda found: f" {found.group()} ", text.translate(QUOTES))
    parts = plain.split()
    finer = [piece for part in parts for piece in apart(part)]
    runs = (tuple(map(token, parts)),) if finer == parts else (tuple(map(token, parts)), tuple(map(token, finer)))
    return Words(text, runs, tuple(map(places_of, runs)), numbers_in(runs[-1]) | numbers_in(runs[0]))


def apart(part: str) -> list[str]:
    """user1,user2 · owner/name · name=bob; an address (with "://" or "@") stays whole."""
    if labelled := LABELLED.fullmatch(part):
        return [labelled[1], *apart(labelled[2])]
    if "://" in part:
        return [part]
    pieces = [piece for piece in SEPARATORS.split(part) if piece] if not part.startswith(("{", "[")) or len(part) < 200 else [part]
    return [name for piece in pieces for name in (piece.split("/") if SLUGS.fullmatch(piece) and "@" not in piece else [piece])]


def places_of(run: tuple[Token, ...]) -> Mapping[str, tuple[int, ...]]:
    places: dict[str, list[int]] = {}
    for at, each in enumerate(run):
        for form in each.forms():
            places.setdefault(form, []).append(at)
    return {form: tuple(found) for form, found in places.items()}


def numbers_in(run: tuple[Token, ...]) -> dict[Decimal, str]:
    """Each number that is typed, in digits or spelled, with its span."""
    found: dict[Decimal, str] = {}
    for at, each in enumerate(run):
        value = numeric(each.core)
        if value is not None and "-" in each.lead:
            value = -value
        if value is None:
            value = next((numeric(form) for form in each.forms() if numeric(form) is not None), None)
        if value is not None:
            found.setdefault(value.normalize(), each.core)
        for count in range(1, 5):
            words = [w for each in run[at : at + count] for w in each.core.split("-")]
            number = spelled(words)
            if number is not None:
                found.setdefault(Decimal(number).normalize(), " ".join(words))
    return found


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
