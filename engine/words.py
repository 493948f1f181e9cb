"""What the customer typed, as whole tokens that values can be found in. Pure; knows no schema and no call."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeAlias

from engine.numbers import COMMA, loose, numbers_in
from engine.tokens import Token, token
from tools.fields import words as parted
from tools.verbs import names

MOST_PARTS = 8
Places: TypeAlias = Sequence[tuple[int, int]]  # (number of the run, place in it)
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'", "’": "'", "`": "'"})
DIALLED = re.compile(r"(?<![\w+])\+\d{1,3}(?:[ .\u00a0-]?\(?\d{1,5}\)?){2,6}(?!\w)")  # +49 (30) 123-456: one number, however it is spaced
QUOTED = re.compile(r"""(?<![^\s(\[{,:=])(?:"([^"\n]{1,400})"|'([^'\n]{1,400})')(?![A-Za-z0-9])""")
SLUGS = re.compile(r"[\w.-]+/[\w.-]+")
HOSTED = re.compile(r"@|^[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/")
LABELLED = re.compile(r"([^\W\d][\w.-]*)[=:](?!//)(\S+)")
SEPARATORS = re.compile(r"[;()\[\]{}<>|]|,(?!\d{3}(?!\d))")
# Words of the grammar: they are a value only where they are quoted or written as no such word is ("IT", "US").
GRAMMAR = names(
    "a an the it its i me my mine we us our you your he him his she her they them their this that these those who whom whose which what one ones",
    "in on at to of for from by with without into onto up down out off over under about as than and or but nor so if then else because while",
    "is are was were be been am do does did has have had can could will would shall should may might must let not no yes ok please also just",
    "everyone everybody everything anyone anybody anything someone somebody something nobody nothing",
    "all any each every both some such same other another more most less few here there where when why how too very only",
)
ESCAPED = re.compile(r"\\[nrt]")  # of a text pasted with its escapes
DRIVE = re.compile(r"(?<!\w)[A-Za-z]:\\")
SPELLED = re.compile(r"[\w-]*[^\W_][\w-]*")  # a name as people spell it apart: user1, ID-42, without_joker
COUNTED = re.compile(r"(?:times?|more|%|percent|(?:second|minute|hour|day|week|month|year)s?)")


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One text as token runs: as typed, and taken apart at commas, brackets and "label: value"."""

    text: str
    runs: tuple[tuple[Token, ...], ...]
    places: Mapping[str, Places]  # of each form
    heads: Mapping[str, Places]  # of the first part of a token
    numbers: Mapping[Decimal, str]

    def find(self, value: str, *, bare: bool = False) -> str | None:
        """The span that is `value`: whole tokens, case and punctuation at the ends apart. `bare`: also without characters inside a token."""
        wanted = wanted_in(value)
        if not wanted:
            return None
        starts = everywhere(self.runs) if bare else self.places.get(wanted[0].core, ())
        for number, start in starts:
            span = self.runs[number][start : start + len(wanted)]
            if len(span) == len(wanted) and same_run(wanted, span, bare) and meant(wanted, span):
                return written(span)
        return None

    def spelled(self, value: str) -> str | None:
        """The span that spells this name apart or together: "user 1" is user1, "id42" is ID-42, "without joker" is without_joker. Whole tokens."""
        wanted = parts_of(value)
        for number, start in self.heads.get(wanted[0], ()) if wanted else ():
            run = self.runs[number]
            end = spelled_to(wanted, run, start)
            counted = wanted[-1].isdecimal() and end < len(run) and not run[end - 1].trail and COUNTED.fullmatch(run[end].core)
            if end > start and not counted:
                return written(run[start:end])
        return None

    def number(self, value: float, *, exact: bool = False) -> str | None:
        """The span that is this number. `exact`: "the second one" and "both" are no 2."""
        try:
            span = self.numbers.get(Decimal(str(value)).normalize())
        except InvalidOperation:
            return None
        return None if exact and span is not None and loose(span) else span


@lru_cache(maxsize=1_024)
def wanted_in(value: str) -> tuple[Token, ...]:
    """The tokens of a value; none where there is nothing to find."""
    found = tuple(token(part) for part in dialled(value.translate(QUOTES)).split())
    return found if any(each.core for each in found) else ()


@lru_cache(maxsize=1_024)
def parts_of(value: str) -> tuple[str, ...]:
    """What a name is joined of; none where it is no such name, or one of the grammar's words only."""
    found = parted(value) if SPELLED.fullmatch(value) else ()
    return found if 1 < len(found) <= MOST_PARTS and not all(each in GRAMMAR or each.isdecimal() for each in found) else ()


def everywhere(runs: tuple[tuple[Token, ...], ...]) -> Iterator[tuple[int, int]]:
    return ((number, at) for number, run in enumerate(runs) for at in range(len(run)))


def spelled_to(wanted: tuple[str, ...], run: tuple[Token, ...], start: int) -> int:
    """Where the tokens end that spell this from `start` on; `start` itself where none do."""
    found: tuple[str, ...] = ()
    for at in range(start, min(len(run), start + len(wanted))):
        if not SPELLED.fullmatch(run[at].core) or (at > start and run[at - 1].trail):
            return start
        if any(wanted == (*found, *parted(form)) for form in (run[at].typed, *run[at].forms())):
            return at + 1
        found = (*found, *parted(run[at].typed))
    return start


def written(span: tuple[Token, ...]) -> str:
    """As it was typed, without the punctuation around it."""
    inner = [f"{each.lead if at else ''}{each.typed}{each.trail if at < len(span) - 1 else ''}" for at, each in enumerate(span)]
    return " ".join(inner)


def same_run(wanted: Sequence[Token], found: tuple[Token, ...], bare: bool) -> bool:
    return all(same(w, f, last=at == len(wanted) - 1, bare=bare) for at, (w, f) in enumerate(zip(wanted, found, strict=True)))


def meant(wanted: Sequence[Token], span: tuple[Token, ...]) -> bool:
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


@lru_cache(maxsize=1_024)
def read(text: str) -> Words:
    plain = dialled(QUOTED.sub(lambda found: f" {found.group()} ", text.translate(QUOTES)))
    parts, sums = plain.split(), frozenset(each.casefold() for each in COMMA.findall(plain)) if "," in plain else ()
    whole, finer = tuple(map(token, parts)), tuple(piece for part in parts for piece in pieces(part, sums))
    runs = (whole,) if finer == whole else (whole, finer)
    if ESCAPED.search(plain) and not DRIVE.search(plain):
        runs = (*runs, tuple(map(token, ESCAPED.sub(" ", plain).split())))
    numbers = {number: span for run in runs[::-1] for number, span in numbers_in(run).items()}
    return Words(text, runs, places_of(runs, Token.forms), places_of(runs, heads), numbers)


@lru_cache(maxsize=64)
def together(texts: tuple[str, ...]) -> Words:
    """All of these as one, the newest last: what it does not hold, none of them holds."""
    read_ones = [read(text) for text in texts]
    places: dict[str, list[tuple[int, int]]] = {}
    first_parts: dict[str, list[tuple[int, int]]] = {}
    before = 0
    for each in read_ones:
        for mine, theirs in ((places, each.places), (first_parts, each.heads)):
            for form, found in theirs.items():
                mine.setdefault(form, []).extend((number + before, at) for number, at in found)
        before += len(each.runs)
    runs = tuple(run for each in read_ones for run in each.runs)
    numbers = {number: span for each in read_ones for number, span in each.numbers.items()}
    return Words("\n".join(texts), runs, places, first_parts, numbers)


def dialled(text: str) -> str:
    """Numbers that are dialled as one token of digits: a part of one is no number."""
    return DIALLED.sub(lambda found: "+" + "".join(c for c in found.group() if c.isdecimal()), text)


def pieces(part: str, sums: Collection[str]) -> list[Token]:
    """The tokens of what stands between two spaces. Where it was taken apart, one ends: "2,300 rows" is one number, "page 2, 300 rows" are two.

    `sums`: numbers with a decimal comma, which stay whole.
    """
    if sums and (one := token(part)).core in sums:
        return [one]
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


def places_of(runs: tuple[tuple[Token, ...], ...], named: Callable[[Token], Iterable[str]]) -> Mapping[str, Places]:
    places: dict[str, list[tuple[int, int]]] = {}
    for number, run in enumerate(runs):
        for at, each in enumerate(run):
            for form in named(each):
                places.setdefault(form, []).append((number, at))
    return places


def heads(found: Token) -> tuple[str, ...]:
    return parted(found.typed)[:1]
