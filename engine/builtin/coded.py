"""Fields that want a code where people say a name: which field does, and which code a name has. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from engine import codes
from engine.builtin.toolbox import Field

STATED = re.compile(r"\bcodes?\b|\babbreviat|\biso\b|\btwo-(?:letter|character)|\bISO[ -]?\d{3,4}", re.IGNORECASE)
SHOWN = re.compile(r"['\"‘“`(]([A-Za-z]{2,3}(?:[-_][A-Za-z]{2})?)['\"’”`)]|\be\.g\.,? ([A-Z]{2,3})\b")
SHORT = 3  # letters of the longest of them


@dataclass(frozen=True, slots=True)
class Coded:
    kind: codes.Kind
    small: bool  # in lower case

    def code(self, text: str) -> str | None:
        """The code of a name, or of what is a code itself."""
        found = codes.code_of(self.kind, text) or (
            text if text.upper() in codes.names_of(self.kind) or text.lower() in codes.names_of(self.kind) else None
        )
        return None if found is None else found.lower() if self.small else found.upper()


def coded(field: Field) -> Coded | None:
    """Of a field that asks for a code by its name, its description, its length or by examples."""
    return _coded(field.name, field.said, int(field.item.get("maxLength", 100)) <= SHORT) if field.role != "choice" else None


@lru_cache(maxsize=4_000)
def _coded(name: str, said: str, short: bool) -> Coded | None:
    first = said.partition(". ")[0]
    kinds = codes.kinds_in(name) or codes.kinds_in(first)
    shown = [one or other for one, other in SHOWN.findall(said)]
    known = [one for one in shown if kinds and (one.upper() in codes.names_of(kinds[0]) or one.lower() in codes.names_of(kinds[0]))]
    if not kinds or not (short or known or STATED.search(f"{' '.join(re.findall('[A-Z]?[a-z]+', name))} {said}")):
        return None
    return Coded(kinds[0], (kinds[0] == "language") if not known else known[0].islower())


def among(field: Field, text: str) -> list[str]:
    """The listed values that are the code of a name: French of "fr-FR" and "fr-CA"."""
    kinds = codes.kinds_in(f"{field.name} {field.said}")
    found = [code for kind in kinds if (code := codes.code_of(kind, text))]
    return [v for v in field.choices if isinstance(v, str) and v.replace("_", "-").partition("-")[0].lower() in {c.lower() for c in found}]
