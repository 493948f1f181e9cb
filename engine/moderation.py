"""What a tenant lets no assistant say: its own words, and what a service said of a text, as values. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

SPACED = re.compile(r"[\s_]+")
# Korean puts particles right behind a noun, a few at most (without a bound, "이나이나이나" would be tried in every division); Chinese and
# Japanese put no spaces at all, so that a word of theirs has no end to look for.
PARTICLES = "(?:은|는|이|가|을|를|의|에|도|와|과|로|으로|만|에서|에게|께|이나|나|부터|까지|처럼|보다|이다|입니다|들){0,4}"
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
HANGUL = re.compile(r"[가-힣]$")


@dataclass(frozen=True, slots=True)
class Moderation:
    """`on`: what the model words is moderated. `flagged`, `unavailable`: what the service said of the very texts in question."""

    on: bool = False
    words: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    unavailable: bool = False

    def objection(self, texts: Sequence[str]) -> str | None:
        """Why these texts may not be shown, worded so that the model can mend them."""
        if self.unavailable:
            return "It could not be moderated."
        if found := [word for word in self.words if any(says(text, word) for text in texts)]:
            return f"{', '.join(f'“{word}”' for word in found[:6])}: may not be said here. Say it in other words, or leave it out."
        return f"It was flagged ({', '.join(self.flagged)}). Leave that out." if self.flagged else None


UNMODERATED = Moderation()


def says(text: str, word: str) -> bool:
    """Whether the text holds the word or phrase, whole, whatever its case, width, spacing and invisible characters."""
    pattern = looked_for(word)
    return pattern is not None and pattern.search(plain(text)) is not None


@lru_cache(maxsize=10_000)
def looked_for(word: str) -> re.Pattern[str] | None:
    wanted = plain(word).split()
    if not wanted:
        return None
    inner = r"[\W_]+".join(map(re.escape, wanted))
    if UNSPACED.search(wanted[0]):
        return re.compile(inner)
    ending = PARTICLES if HANGUL.search(wanted[-1]) else ""
    return re.compile(rf"(?<!\w){inner}{ending}(?!\w)")


@lru_cache(maxsize=32)
def plain(text: str) -> str:
    shown = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return SPACED.sub(" ", unicodedata.normalize("NFKC", shown.casefold())).strip()
