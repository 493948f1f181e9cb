"""Slips of the pen: a word that nobody knows and that lies beside a verb or one of the document's own things. Pure."""

from collections.abc import Iterable, Mapping

from engine.builtin import verbs, words
from engine.builtin.mentions import unquoted
from engine.builtin.toolbox import Tool
from engine.builtin.words import Token

LONG = 7  # letters; two of them may be wrong then
KNOWN = frozenset({*words.STOP, *words.EMPTY, *words.NUMBERS, *words.ORDINALS, *words.SOFT})


def verb_mended(text: str, nouns: frozenset[str]) -> str:
    """The text with its first word as the verb it resembles, where it has no verb."""
    tokens = words.tokens(unquoted(text))
    if len(tokens) < 2 or verbs.place(tokens, nouns) is not None:
        return text
    first = next((t for t in tokens if t.lower not in KNOWN), None)
    if first is None or not _unknown(first, nouns):
        return text
    after, verb = next((t for t in tokens if t.start > first.start), None), _nearest(first.lower, words.COMMANDS)
    slipped = verb is not None and (sorted(first.lower) == sorted(verb) or len(first.text) < len(verb))
    if after is not None and after.stem in nouns and words.is_plural(after.text) and not slipped:
        return text  # "dead users": which ones, and not "read users"
    return _with(text, first, verb)


def things_mended(text: str, tools: Mapping[str, Tool]) -> str:
    """The text with the things of the document as the document spells them."""
    nouns = frozenset(noun for tool in tools.values() for noun in tool.nouns)
    said = {word for tool in tools.values() for word in (*words.parts(tool.name), *words.parts(tool.summary)) if words.stem(word) in nouns}
    known = said | {f"{word}s" for word in said}
    for token in reversed(words.tokens(unquoted(text))):
        if _unknown(token, nouns):
            text = _with(text, token, _nearest(token.lower, known))
    return text


def parted(text: str, tools: Mapping[str, Tool]) -> str:
    """The text with "lunchbox" as "lunch box" where an operation is named getLunchBox and no field is named lunchbox."""
    apart: dict[str, str] = {}
    for tool in tools.values():
        names = words.parts(tool.name)
        runs = (names[n : n + size] for size in (2, 3, 4) for n in range(len(names) - size + 1))
        apart |= {"".join(run): " ".join(run) for run in runs if not any(part.isdigit() for part in run)}
    known = {stem for tool in tools.values() for field in tool.fields for stem in field.words} | {n for tool in tools.values() for n in tool.nouns}
    for token in reversed(words.tokens(unquoted(text))):
        found = next((apart[word] for word in (token.text, token.text.removesuffix("s")) if word in apart), None)
        if found and token.stem not in known and not verbs.is_form(token):
            text = _with(text, token, found if token.text in apart else f"{found}s")
    return text


def _unknown(token: Token, nouns: frozenset[str]) -> bool:
    """No name, no id, and no word of the tables or the document."""
    plain = token.text.isalpha() and token.text.isascii() and token.text.islower() and len(token.text) > 2
    return plain and token.lower not in KNOWN and token.stem not in nouns and not verbs.is_form(token)


def _with(text: str, token: Token, word: str | None) -> str:
    return text if word is None else text[: token.start] + word + text[token.end :]


def _nearest(word: str, known: Iterable[str]) -> str | None:
    """The only known word within reach; None where several are as near."""
    reach = 2 if len(word) >= LONG else 1
    near = (other for other in known if abs(len(other) - len(word)) <= reach and len(other) > 2 and may_be(word, other, reach))
    ranked = sorted((distance(word, other), other) for other in near)
    best = [other for far, other in ranked if far == ranked[0][0] <= reach]
    return best[0] if best and len({words.stem(other) for other in best}) == 1 else None


def may_be(one: str, other: str, reach: int) -> bool:
    """Each letter that only one of them has is a slip of its own: counted before the rest, since few words come that near."""
    return len({*one} - {*other}) <= reach and len({*other} - {*one}) <= reach


def distance(one: str, other: str) -> int:
    """Letters left out, added, changed or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            swapped = i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]
            row.append(min(best, rows[-2][j - 2] + 1) if swapped else best)
        rows.append(row)
    return rows[-1][-1]
