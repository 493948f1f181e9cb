"""What a sentence asks for: its words by weight (commands count most, conditions less, what is quoted least) and the verbs it commands with. Pure."""

import re
from dataclasses import dataclass

from specs.words import tokens
from tools.verbs import CHANGING, FILLERS, LEADS_TO, QUESTION, READING, STATIVE

# Each run of signs or spaces is tried once, from its first one on: else a long row of dots or spaces would be tried from every one of them.
_CLAUSE = re.compile(r"(?<![.!?;:\n])[.!?;:\n]+\s+|,\s+|(?<!\s)\s+(?:and|then|otherwise|but)\s+", re.IGNORECASE)
_QUOTED = re.compile(r"(?<!\w)'[^'\n]{1,200}'(?!\w)|\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|‘[^’\n]{1,300}’|`[^`\n]{1,300}`")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CONDITION = frozenset(("if", "when", "unless", "because", "since", "while", "although", "whether"))
_IN_CONDITION, _IN_QUOTES, _IN_PAIR = 0.6, 0.3, 0.2
_NEAR = 6  # words of a clause in which its verb is looked for
# anna/notes: names, which describe no operation
PAIR = re.compile(r"(?<![\w./:@-])(?P<first>[A-Za-z][\w.-]*)/(?P<second>[A-Za-z0-9](?:[\w.-]*\w)?)(?![\w/])")
_NAME = re.compile(r"(?<=[\w,'] )[A-Z][\w'-]+|['\"“‘`]|[^\x00-\u024F]")


@dataclass(frozen=True, slots=True)
class Asked:
    """`words`: stem -> weight up to 1. `changes`: verbs that command a change. `reads`: a question or a reading verb is among the clauses.

    `names`: something is called by its name, as far as can be seen, so that somebody has to look it up.
    """

    words: dict[str, float]
    changes: tuple[str, ...]
    reads: bool
    names: bool


def asked(text: str) -> Asked:
    words: dict[str, float] = {}
    changes: list[str] = []
    reads = False
    for clause in _CLAUSE.split(PAIR.sub(" ", _QUOTED.sub(" ", text))):
        spoken = [word.lower() for word in _WORD.findall(clause)]
        conditional = bool(spoken) and spoken[0] in _CONDITION
        weight = _IN_CONDITION if conditional else 1.0
        for token in tokens(clause):
            words[token] = max(words.get(token, 0.0), weight)
        verb = None if conditional else _command(spoken)
        if verb in CHANGING:
            changes.append(verb)
        reads = reads or (not conditional and (verb in READING or _questions(spoken)))
    for pattern, weight in ((_QUOTED, _IN_QUOTES), (PAIR, _IN_PAIR)):
        for found in pattern.finditer(text):
            for token in tokens(found.group()):
                words.setdefault(token, weight)
    return Asked(words, tuple(dict.fromkeys(changes)), reads, _NAME.search(text) is not None)


def _command(spoken: list[str]) -> str:
    """The first word that is neither courtesy nor wish, if it is a verb."""
    for word in spoken[:_NEAR]:
        if word in CHANGING or word in READING:
            return word
        if word not in FILLERS and word not in LEADS_TO:
            break
    return ""


def _questions(spoken: list[str]) -> bool:
    return bool(spoken) and (spoken[0] in QUESTION or spoken[0] in STATIVE)
