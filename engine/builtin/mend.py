"""A refused value made acceptable by what the refusal says about it, where removing or folding is enough. Invents nothing."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.builtin import words

CLASSES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (r"\balphanumeric", str.isalnum),
    (r"\bletters?\b|\balphabetic", str.isalpha),
    (r"\bdigits?\b|\bnumbers?\b|\bnumeric\b", str.isdigit),
    (r"\bspaces?\b|\bblanks?\b|\bwhitespace", str.isspace),
    (r"\bhyphens?\b|\bdash(?:es)?\b", "-".__eq__),
    (r"\bunderscores?\b", "_".__eq__),
    (r"\b(?:full stops?|dots?|periods?)\b", ".".__eq__),
    (r"\bcommas?\b", ",".__eq__),
)
MARKS: Mapping[str, str] = {
    "exclamation mark": "!", "question mark": "?", "space": " ", "comma": ",", "dot": ".", "period": ".", "hyphen": "-", "dash": "-",
    "underscore": "_", "slash": "/", "apostrophe": "'", "quote": "\"'", "punctuation": ".,;:!?'\"-()", "line break": "\n", "digit": "0123456789",
    "number": "0123456789",
}  # fmt: skip
_HOLD = r"(?:hold|contain|consist of|be)"
ALLOWED = re.compile(rf"\b(?:only|may (?:only )?{_HOLD}|(?:can|must|should) (?:only )?{_HOLD}|allowed(?: characters)?(?: are)?:?)\b", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"\b(?:must not|may not|can ?not|can't|should not|not allowed|without|no|invalid|illegal|forbidden|unsupported)\b", re.IGNORECASE
)
AT_MOST = re.compile(r"(?:at most|no more than|max(?:imum)?(?: length)?(?: of| is)?|up to|longer than|shorter than|exceed)\s*(\d+)", re.IGNORECASE)
COUNTED = re.compile(r"character|letter|long", re.IGNORECASE)
ONE_OF = re.compile(
    r"(?:one of|allowed values?(?: are| is)?|valid (?:values|options)(?: are)?|choose (?:from|between)|expected|accepts?)\W*(?P<list>\w[^;\n]*)",
    re.IGNORECASE,
)
APART = re.compile(r"\s*(?:,|\||/|\bor\b|\band\b)\s*")
MOMENT = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}")
DATE_ONLY = re.compile(r"YYYY-MM-DD|\b(?:a|valid|only) date\b|\bdate\b", re.IGNORECASE)
LOWER = re.compile(r"lower[- ]?case", re.IGNORECASE)
UPPER = re.compile(r"upper[- ]?case|capital letters only", re.IGNORECASE)


def mended(value: Any, message: str) -> Any:
    """The value as the message wants it; None when that cannot be had by leaving out or folding letters."""
    if not isinstance(value, str):
        return None
    for change in (_listed, _dated, _folded, _only, _without, _shortened):
        changed = change(value, message)
        if changed is not None and changed.strip() and changed != value:
            return re.sub(r" {2,}", " ", changed).strip()
    return None


def _listed(value: str, message: str) -> str | None:
    """must be one of: low, medium, high: the one that the value is spelled like."""
    found = ONE_OF.search(message)
    known = [each.strip(" '\"`“”‘’.()[]") for each in APART.split(found["list"])] if found else []
    said = words.stems(value)
    like = [each for each in known if each and (each.lower() == value.lower() or (said and words.stems(each) == said))]
    return like[0] if len(like) == 1 else None


def _dated(value: str, message: str) -> str | None:
    """must be a date (YYYY-MM-DD): a moment's day."""
    found = MOMENT.match(value)
    return found["day"] if found and DATE_ONLY.search(message) and not re.search(r"time", message, re.IGNORECASE) else None


def _folded(value: str, message: str) -> str | None:
    if LOWER.search(message):
        return value.lower()
    return value.upper() if UPPER.search(message) else None


def _only(value: str, message: str) -> str | None:
    """may hold letters, digits and spaces only"""
    if not ALLOWED.search(message) or (FORBIDDEN.search(message) and "only" not in message.lower()):
        return None
    kinds = [fits for pattern, fits in CLASSES if re.search(pattern, message, re.IGNORECASE)]
    return "".join(c for c in value if any(fits(c) for fits in kinds)) if kinds else None


def _without(value: str, message: str) -> str | None:
    """must not contain "!" or exclamation marks"""
    if not FORBIDDEN.search(message):
        return None
    quoted = "".join(re.findall(r"['\"“‘`]([^\w\s]{1,8})['\"”’`]", message))
    named = "".join(marks for name, marks in MARKS.items() if name in message.lower())
    bare = "" if quoted or named else "".join(re.findall(r"(?<=\s)[^\w\s.,'\"](?=[\s.,]|$)", message))
    drop = quoted + named + bare
    return "".join(c for c in value if c not in drop) if drop else None


def _shortened(value: str, message: str) -> str | None:
    """at most 20 characters: cut at a word's end"""
    found = AT_MOST.search(message)
    if not found or not COUNTED.search(message):
        return None
    most = int(found.group(1)) - (1 if "shorter" in found.group().lower() else 0)
    if len(value) <= most:
        return None
    cut = value[: most + 1].rsplit(" ", 1)[0] if " " in value[:most] else value[:most]
    return cut[:most]
