"""Values that a schema lists: which of them the words pick, and which way a switch is meant. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.builtin import words
from engine.builtin.implied import kin
from engine.builtin.mentions import QUOTED
from engine.builtin.toolbox import Field
from engine.builtin.words import Token
from specs.words import stem as plain_stem
from tools.thesaurus import likeness

ALIKE = 0.5  # of words of a switch


def picked(field: Field, tokens: Sequence[Token], about: frozenset[str], foreign: frozenset[str]) -> list[Any]:
    """The listed values that the words name, in the order they are said.

    `about` holds the stems of what the tool is about: a value of that name ("user" among roles) needs the field's own name beside it.
    `foreign` are nouns that make the next word a name of their own: in "group admins" nobody is made an admin.
    """
    counted = bool(field.kinds) and field.kinds <= {"integer", "number"}
    said = [str(words.NUMBERS.get(t.lower, t.stem)) if counted else t.stem for t in tokens]
    found: list[tuple[int, int, Any]] = []
    for value in field.choices:
        value_stems = words.stems(str(value)) if isinstance(value, str) else [str(value)]
        found += [(place, -2, value) for place in (*_tailed(field, value, tokens), *_turned(value, said))]
        for place in _places(said, value_stems):
            near = _near(field, said, place, len(value_stems))
            plain = len(value_stems) == 1 and (value_stems[0] in about or len(str(value)) < 3 or value_stems[0] in words.STOP)
            named = place > 0 and said[place - 1] in foreign - set(field.words) and not str(value).endswith("ly")  # they run daily
            several = place > 0 and _several(tokens[place].text, value)
            beside = near and (not plain or _near(field, said, place, len(value_stems), behind=1))
            if beside or not (plain or named or several):
                found += [(place, -len(value_stems), meant) for meant in (_others(field, value) if negated(tokens, place) else [value])]
    return list(dict.fromkeys(value for _, _, value in sorted(_longest(found), key=lambda f: f[0])))


def negated(tokens: Sequence[Token], place: int) -> bool:
    """not locked, aren't locked, except admins"""
    return any(t.lower in words.NEGATIONS or t.text.lower() in ("aren", "isn", "weren", "wasn") for t in tokens[max(0, place - 2) : place])


def _others(field: Field, value: Any) -> list[Any]:
    """What "not locked" asks for: the other one of two; of more, no single one."""
    return [v for v in field.choices if v != value] if len(field.choices) == 2 else []


def _places(said: Sequence[str], value: Sequence[str]) -> Iterator[int]:
    size = len(value)
    return (n for n in range(len(said) - size + 1) if size and list(said[n : n + size]) == list(value))


def _several(said: str, value: Any) -> bool:
    """Auditors, of "auditor", is rather the name of a group."""
    return said[:1].isupper() and words.is_plural(said) and said.lower() != str(value).lower()


def _tailed(field: Field, value: Any, tokens: Sequence[Token]) -> Iterator[int]:
    """sign-ins -> user.signed_in: what stands behind the last dot says it where it has two words and no other value ends so."""
    tail = str(value).rpartition(".")[2]
    if len(words.parts(tail)) < 2 or [str(v).rpartition(".")[2] for v in field.choices].count(tail) > 1:
        return
    wanted = words.joined(tail)
    for n, token in enumerate(tokens):
        pair = f"{token.text} {tokens[n + 1].text}" if n + 1 < len(tokens) else token.text
        if wanted in (words.joined(token.text), words.joined(pair)):
            yield n


def _turned(value: Any, said: Sequence[str]) -> Iterator[int]:
    """deleted a group -> group.deleted: the parts in the other order, with little words between."""
    parts = [words.stems(part) for part in str(value).split(".")]
    if len(parts) != 2 or any(len(part) != 1 for part in parts):
        return
    for n, stem in enumerate(said):
        following = [words.stem(s.rstrip("0123456789")) for s in said[n + 1 : n + 4] if s not in ("a", "the", "any", "all", "some")]
        if [stem] == parts[1] and parts[0] == following[:1]:
            yield n


def _near(field: Field, said: Sequence[str], place: int, size: int, behind: int = 2) -> bool:
    around = [*said[max(0, place - 3) : place], *said[place + size : place + size + behind]]
    return any(word in around or (len(word) > 2 and any(other.startswith(word) for other in around)) for word in field.own_words or field.words)


def _longest(found: list[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    """Without those that lie inside a longer one at the same place."""
    return [f for f in found if not any(o[0] <= f[0] and f[0] - f[1] <= o[0] - o[1] and o[1] < f[1] for o in found)]


def switched(field: Field, tokens: Sequence[Token]) -> bool | None:
    """A boolean by the words of its name and their polarity; None when the words do not speak of it."""
    wanted = [w for w in field.own_words or field.words if w not in words.SWITCH_STEMS] or list(field.own_words or field.words)
    said = [_parts(t) for t in tokens]
    named = all(any(_speaks(w, s) for stems in said for s in stems) for w in wanted)
    for n, token in enumerate(tokens):
        switch = words.SWITCHES.get(token.lower)
        if switch and _turns(field, switch[0]):
            return switch[1]
        if words.OPPOSITES.get(token.stem) in wanted:
            return _negated(tokens, n)
        if named and any(_speaks(w, s) for w in wanted for s in said[n]):
            return not _negated(tokens, n)
    return None


def _parts(token: Token) -> tuple[str, ...]:
    """kid-friendly is about kids, too."""
    return (token.stem, *words.stems(token.text)) if "-" in token.text else (token.stem,)


def _speaks(wanted: str, said: str) -> bool:
    """kids and child, entry and entrance: the same, with another ending, or a word that is nearly the same."""
    return kin(wanted, said) or (len(said) > 3 and likeness(plain_stem(wanted), plain_stem(said)) >= ALIKE)


def _negated(tokens: Sequence[Token], place: int) -> bool:
    return any(t.lower in words.NEGATIONS for t in tokens[max(0, place - 4) : place]) or any(
        t.lower in ("false", "off", "no") for t in tokens[place + 1 : place + 3]
    )


def state(field: Field, verb: Token) -> list[Any]:
    """The listed value that a verb leads to: suspend -> suspended, remove -> delete; none without one."""
    found = [v for v in field.choices if words.stem(str(v)) == verb.stem] if verb.lower in words.SWITCHES else []
    action = words.action_of(verb.lower)
    # "place an order" is no order in the state "placed": only verbs as they are stand for what is done.
    plain = [v for v in field.choices if not str(v).lower().endswith("ed") and not _things(str(v))]
    return (found or [v for v in plain if action not in (None, "read") and words.action_of(str(v)) == action])[:1]


def _things(value: str) -> bool:
    """books: what there is several of, and no deed."""
    return words.is_plural(value) and words.stem(value) in words.DOUBLE_STEMS


def quoted(field: Field, text: str) -> list[Any]:
    """A listed value given as a whole in quotation marks."""
    said = {m.group()[1:-1].lower() for m in QUOTED.finditer(text)}
    return [v for v in field.choices if str(v).lower() in said]


def can_switch(field: Field, verb: str) -> bool:
    """Whether the field can take what a verb such as "suspend" wants."""
    if field.role == "choice":
        return any(words.stem(str(v)) == verb for v in field.choices)
    return field.role == "switch" and any(words.stem(word) == verb and _turns(field, switch[0]) for word, switch in words.SWITCHES.items())


def _turns(field: Field, stem: str) -> bool:
    return any(w.startswith(stem) or stem.startswith(w) for w in field.words if len(w) > 2)
