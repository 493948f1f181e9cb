"""What stands between two spaces: its core, its punctuation, and what it is without a possessive or a particle. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LEAD = "([{<\"'*~#@$€£¥₩¿¡"
TRAIL = ".,;:!?)]}>\"'*~…。、，！？"
POSSESSIVE = re.compile(r"(?:'s|s')$")
PARTICLES = re.compile(
    r"(?:이라는|라는|이라고|라고|이란|이에요|예요|입니다|이야|이고|이며|인데|인|으로|에게|한테|에서|까지|부터|에는|에"
    r"|을|를|은|는|이|가|의|와|과|랑|로|도|만|님|씨|란|번)$"
)
AFTER_CONSONANT, AFTER_VOWEL = "을은이과으인", "를는가와라란로예"


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


def token(raw: str) -> Token:
    rest = raw.lstrip(LEAD)
    core = rest.rstrip(TRAIL)
    return Token(core.casefold(), raw[: len(raw) - len(rest)], rest[len(core) :], core)
