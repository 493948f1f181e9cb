"""Whether a value is one that words, a document or a response hold. Pure; knows no call."""

import re
from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeAlias

from engine.events import JSON
from engine.numbers import COUNTERS
from engine.words import GRAMMAR, Words
from specs.pointers import pointer
from specs.words import split, stem, tokens
from tools.fields import plain_name
from tools.fields import words as parted
from tools.verbs import names

Key: TypeAlias = str
MAX_WALK = 200_000  # values of one body
SMALL = 100
MOST_ITEMS = 20
CALLED = frozenset(["called", "named", "is", "name", "id", "username", "login"])
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(?:Z|[+-]\d{2}:\d{2})")
JOINED = re.compile(r"(?<!\w)[^\W_]*(?:[a-z][A-Z]|_|(?:[.@-]|['’](?!s\b))(?=\w))\w*(?:(?:[.@-]|['’](?!s\b))\w+)*")
NEGATED = r"(?:\bno|\bnot|\bnon|\bwithout|n't|\bnever|\bun)[\s-]*(?:\w+\s+){0,3}"
OPPOSITES: dict[str, tuple[str, ...]] = {
    "enabl": ("disable", "disabled", "off", "deactivate"), "disabl": ("enable", "enabled", "on"),
    "activ": ("inactive", "deactivate", "deactivated", "disabled"), "lock": ("unlock", "unlocked"), "public": ("private",),
    "privat": ("public",), "visibl": ("hidden", "hide", "invisible"), "hidden": ("visible", "show"), "open": ("closed", "close"),
    "clos": ("open", "reopen"), "archiv": ("unarchive", "unarchived"), "available": ("unavailable",), "verify": ("unverified",),
    "read": ("unread",), "paid": ("unpaid",), "publish": ("unpublish", "unpublished"),
}  # fmt: skip
# Words of one number: with an "s" they are another word, or a verb.
UNCOUNTED = GRAMMAR | names(
    "new good mean short odd blue custom single double high low great small large big old young long wide narrow right wrong left main open close",
    "free full empty early late fast slow first last next same real true false public private general special common direct clear clean",
)
COUNTS = "|".join(each for each in COUNTERS if each not in ("번", "호"))  # those say which: 2 번 is number two
PLURAL = re.compile(rf"[a-z-]{{2,}}[^siu\W\d]s|(?:{COUNTS})(?:을|를|이|가|은|는|에게|의|만|도|까지|씩)?", re.IGNORECASE)
NO_PLURAL = names("always does perhaps besides sometimes whereas needs wants says asks keeps gets lets thanks regards")
FUNCTION_WORDS = frozenset(["is", "has", "can", "should", "include", "with", "allow", "enable", "enabled", "flag", "only"])
SYNONYMS: dict[str, tuple[str, ...]] = {
    "asc": ("ascending", "oldest", "lowest", "cheapest", "alphabetical", "alphabetically", "smallest", "오름차순"),
    "ascending": ("asc", "oldest", "lowest", "cheapest"), "desc": ("descending", "newest", "latest", "highest", "recent", "largest", "내림차순"),
    "descending": ("desc", "newest", "latest", "highest", "recent"), "available": ("free",), "open": ("unresolved", "active"),
    "closed": ("resolved", "done", "finished"), "sold": ("purchased", "bought"), "pending": ("waiting",), "active": ("enabled",),
    "inactive": ("disabled",), "low": ("minor",), "high": ("important",), "critical": ("urgent",), "urgent": ("critical",),
    "metric": ("celsius",), "imperial": ("fahrenheit",), "female": ("woman", "women"), "male": ("man", "men"),
    "daily": ("day", "every day"), "weekly": ("week",), "monthly": ("month",), "yearly": ("year", "annual"),
    "success": ("successful", "succeeded"), "failure": ("failed", "unsuccessful"), "failed": ("failure", "unsuccessful"),
    "locked": ("잠긴", "잠금"), "disabled": ("비활성",),
}  # fmt: skip


def typed(value: JSON, words: Words, *, bare: bool = False, exact: bool = False, scale: int = 1) -> str | None:
    """The span of the words that is this value: whole tokens, or a number in digits or spelled. `exact`: no ordinal, no "both".

    `scale`: what the value is counted in.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return words.number(value, exact=exact) or (words.number(value * scale, exact=exact) if scale > 1 else None)
    if not isinstance(value, str):
        return None
    found = words.find(value, bare=bare)
    if found is None and re.fullmatch(r"[-+]?\d{1,15}(?:\.\d+)?", value) and not re.match(r"0\d", value):
        return words.number(float(value) if "." in value else int(value), exact=exact)
    return found or words.spelled(value)


def together(value: str, words: Words) -> bool:
    """Whether the words of a value stand beside each other, inflections apart; of one word they do."""
    wanted, said = stems(value), stems(words.text)
    return len(wanted) < 2 or any(said[at : at + len(wanted)] == wanted for at in range(len(said)))


@lru_cache(maxsize=1_024)
def stems(text: str) -> tuple[str, ...]:
    """All of them, those of the grammar, too: POWER_ON is not said by "power"."""
    return tuple(stem(word) for word in split(text))


def several(value: str, words: Words) -> str | None:
    """One or many of it: "coral reefs" speak of a coral reef. And a list as one text, each part of which is typed: "yoga, reading"."""
    for one in counted(value):
        if (found := words.find(one)) is not None:
            return found
    items = [each.strip() for each in value.split(",")]
    spans = [words.find(each) if each else None for each in items] if 1 < len(items) <= MOST_ITEMS else []
    return ", ".join(filter(None, spans)) if spans and all(spans) else None


def counted(value: str) -> tuple[str, ...]:
    """The value in the other number; no adjective and no word of the grammar has one: news are not "new", and means not "mean"."""
    if len(value) < 4 or not value[-1].isascii() or not value[-1].isalpha() or value.casefold() in UNCOUNTED:
        return ()
    if value.endswith("ies"):
        found: tuple[str, ...] = (f"{value[:-3]}y", value[:-1])
    elif value.endswith("es"):
        found = (value[:-1], value[:-2])
    elif value.endswith("s"):
        found = (value[:-1],)
    else:
        return (f"{value[:-1]}ies",) if value.endswith("y") else (f"{value}s", f"{value}es")
    return tuple(each for each in found if each.casefold() not in UNCOUNTED)


def placed(span: str, name: str, words: Words) -> bool:
    """Whether an ordinal counts what the field is about: the second page, the 3rd floor; a day of the month by itself."""
    about = set(tokens(name))
    if {"day", "date"} & set(parted(name)):  # "days" are counted
        return True
    beside = re.findall(rf"(\w*)\W*(?<!\w){re.escape(span)}(?!\w)\W*(\w*)", words.text, re.IGNORECASE)
    return any(about & set(tokens(word)) for pair in beside for word in pair)


def counting(span: str, words: Words) -> bool:
    """Whether the number at the end of this span counts what follows wherever it stands: "send the user 2 reminders" names no user 2.

    A noun in the plural or a Korean counter says so; "user 1 details" cannot count, and "user 2 needs it" speaks of the user.
    """
    *kind, number = span.split()
    if not kind or not number.isdecimal() or number == "1":
        return False
    spaced = r"[ \t]+".join(map(re.escape, span.split()))
    found = re.findall(rf"(?<!\w){spaced}(?!\w)(?:[ \t]+([\w'’-]+))?", words.text, re.IGNORECASE)
    return bool(found) and all(PLURAL.fullmatch(behind) and behind.casefold() not in NO_PLURAL for behind in found)


def inflected(value: str, words: Words, *, whole: bool = True) -> str | None:
    """Every word of the value is one of the words, inflections and synonyms apart. `whole`: no part of a joined word, as "user" is of johnUser."""
    wanted = tokens(value) or ([value.casefold()] if value.strip() else [])
    said, apart, joined = stems_in(words.text)
    if whole:
        said = apart.union(*(each for each in joined if each <= set(wanted)))
    if wanted and all(each in said for each in wanted):
        return value
    meanings = SYNONYMS.get(value.casefold(), ())
    return next((each for each in meanings if words.find(each)), None)


@lru_cache(maxsize=1_024)
def stems_in(text: str) -> tuple[frozenset[str], frozenset[str], tuple[frozenset[str], ...]]:
    """All stems; those outside of joined words; and those of each joined word."""
    joined = tuple(frozenset(tokens(each)) for each in JOINED.findall(text))
    return frozenset(tokens(text)), frozenset(tokens(JOINED.sub(" ", text))), joined


def only_kind(value: str, words: Words, kinds: Collection[str]) -> bool:
    """Whether the words hold this value only as the kind of thing: "delete user johnUser" names nobody called User. `kinds`: stems.

    Beside another such word, after "called", in quotation marks or with a capital of its own it can be a name: the user admin, user "User".
    """
    if len(value.split()) != 1 or value.casefold() not in {word for kind in kinds for word in (kind, f"{kind}s", f"{kind}e", f"{kind}es")}:
        return False
    run, before, found = words.runs[-1], "", []
    for at, each in enumerate(run):
        if value.casefold() in each.forms():
            after = run[at + 1].core if at + 1 < len(run) else ""
            beside = any(set(tokens(word)) & set(kinds) and len(tokens(word)) == 1 for word in (before, after))
            quoted = each.lead.endswith(('"', "'"))
            found.append(not (beside or quoted or before in CALLED or (each.typed == value and not value.islower())))
        before = each.core
    return bool(found) and all(found)


@lru_cache(maxsize=1_024)
def meant_by(name: str) -> tuple[str, ...]:
    return tuple(stem for stem in tokens(name) if stem not in FUNCTION_WORDS) or tuple(tokens(name))


def speaks_of(name: str, words: Words) -> bool:
    """Whether there can be words that switch this: so that not every message is searched."""
    said = words_by_stem(words.text)
    return any(stem in said or any(each in words.places for each in OPPOSITES.get(stem, ())) for stem in meant_by(name))


@lru_cache(maxsize=1_024)
def words_by_stem(text: str) -> Mapping[str, str]:
    return {stem: word for word in re.findall(r"\w+", text.lower()) for stem in tokens(word)}


def switched(name: str, value: bool, words: Words) -> str | None:
    """The words that turn a boolean on or off: its own name, negated or not, or its opposite."""
    stems, said = meant_by(name), words_by_stem(words.text)
    opposite = next((each for stem in stems for each in OPPOSITES.get(stem, ()) if words.find(each)), None)
    if opposite:
        return opposite if value is False else None
    if not stems or any(stem not in said for stem in stems):
        return None
    negated = re.search(NEGATED + re.escape(said[stems[0]]), words.text, re.IGNORECASE) is not None
    return said[stems[0]] if value is not negated else None


def same(one: JSON, other: JSON) -> bool:
    """Equal as JSON: true is not 1."""
    return type(one) is type(other) and bool(one == other) if isinstance(one, bool) or isinstance(other, bool) else bool(one == other)


def key_of(value: JSON) -> Key | None:
    """17 and "17" are the same id, and one instant is the same in every time zone. None: nothing to match."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        try:
            return str(Decimal(str(value)).normalize())
        except InvalidOperation:
            return None
    if not isinstance(value, str):
        return None
    if INSTANT.fullmatch(value):
        try:
            return f"@{datetime.fromisoformat(value).timestamp()}"
        except ValueError:
            return value
    return str(Decimal(value).normalize()) if re.fullmatch(r"[1-9]\d{0,17}", value) else value


def trivial(value: JSON) -> bool:
    """So common that equality alone says nothing."""
    if isinstance(value, bool) or value is None or value in ("", [], {}):
        return True
    if isinstance(value, int | float):
        return abs(value) < SMALL
    if not isinstance(value, str):
        return False
    return len(value) < 3 or value.lower() in ("true", "false", "null", "none")


def akin(name: str, other: str, value: JSON) -> bool:
    """user_id and id name one thing; for what is only true or false, the names must be the same."""
    one, two = plain(name), plain(other)
    if isinstance(value, bool) or value is None or value in ("", [], {}):
        return one == two
    return bool(one and two) and (one == two or one.endswith(two) or two.endswith(one))


plain = lru_cache(maxsize=4_096)(plain_name)


def holders(body: JSON, wanted: Mapping[Key, Collection[str]], found: Callable[[str, str, "Trail", JSON], bool]) -> None:
    """Calls `found(place of the wanted value, name in the body, way to it, value)` for each whole scalar of the body that is wanted.

    In the order of the body, level by level, and once for all that are equal under one name. `found` says whether the place needs no other.
    What is not wanted costs one look: a session has thousands of values in view.
    """
    open_places = {place for places in wanted.values() for place in places}
    seeds, instants = spellings(wanted), any(key.startswith("@") for key in wanted)
    waiting: deque[tuple[Trail, str, dict[str, JSON] | list[JSON]]] = deque([(None, "", body if isinstance(body, dict | list) else [body])])
    tried: set[tuple[str, object, JSON]] = set()
    seen = 0
    while waiting and open_places and seen < MAX_WALK:
        trail, around, value = waiting.popleft()
        seen += len(value)
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            kind: object = each.__class__
            if kind is dict or kind is list:
                waiting.append(((trail, step), step if isinstance(step, str) else around, each))
            elif each in seeds or (instants and kind is str and each[10:11] == "T"):
                name = step if isinstance(step, str) else around
                if (name, kind, each) not in tried:
                    tried.add((name, kind, each))
                    way, key = (trail, step), key_of(each)
                    open_places -= {place for place in wanted.get(key or "", ()) if place in open_places and found(place, name, way, each)}


Trail: TypeAlias = "tuple[Trail, str | int] | None"


def pointer_of(trail: Trail) -> str:
    steps: list[str] = []
    while trail is not None:
        trail, step = trail
        steps.append(str(step))
    return pointer(*reversed(steps))


def spellings(wanted: Collection[Key]) -> frozenset[JSON]:
    """The scalars that can have one of these keys, and some that only look so."""
    found: set[JSON] = set()
    for key in wanted:
        found.add(key)
        if key in ("True", "False", "None"):
            found.add({"True": True, "False": False, "None": None}[key])
        try:
            number = Decimal(key)
            found.update((float(number), int(number), str(int(number))) if number == number.to_integral_value() else (float(number),))
        except (ArithmeticError, ValueError):
            continue
    return frozenset(found)
