"""What the form of a sentence sets to what: the mail of user1 to X, bob's department to X, rename group 7 to X. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from engine.builtin import words
from engine.builtin.mentions import Mention, unquoted
from engine.builtin.toolbox import Field, Tool, which
from engine.builtin.words import Token

OF = frozenset({"of", "for", "on"})
BESIDE_NAME = frozenset({"address", "number", "field", "value"})  # the email address, the phone number
ROLES = frozenset({"text", "name", "email", "url", "number", "identifier", "search"})
OPENING = "'\"“‘`«"
TO = re.compile(r"\s*(?:[=:]\s*|(?:to|as|into)\s+|is(?:\s+now)?\s+|should\s+be\s+)(?:be\s+)?", re.IGNORECASE)
# Where a value ends that is not quoted: at the end of the sentence, or where the next detail or a mere politeness begins.
VALUE = re.compile(
    r"(?P<value>\S.*?)(?=\s*(?:[.!?;]?\s*$|[.!?;]\s|\n|,?\s+(?:and|but)\s+\S+|,?\s+(?:please|now|instead|today|thanks|thank you|because|since)\b))",
    re.IGNORECASE | re.DOTALL,
)
RENAMES = re.compile(r"\b(?:rename|retitle|relabel)\s+(?P<what>\S+(?:\s+\S+)?)\s+(?:to|as|into)\s+", re.IGNORECASE)
CALLED = frozenset(words.stem(word) for word in ("name", "title", "label"))


@lru_cache(maxsize=256)
def settings(tool: Tool, text: str) -> tuple[tuple[Field, Mention], ...]:
    """Fields of a change with what they are set to, and the one that is changed where the same words name it."""
    if tool.reads:
        return ()
    plain, found = unquoted(text), dict[Field, Mention]()
    ones = which(tool)
    open_fields = [f for f in tool.fields if f not in ones and len(f.path) == 1 and f.role in ROLES and not f.many]
    for field in open_fields:
        for each in _set(tool, field, plain, text):
            found.setdefault(*each)
    renamed = [f for f in open_fields if set(f.words) & CALLED and len(f.words) == 1]
    if len(renamed) == 1 and (match := RENAMES.search(plain)) and (value := _value(renamed[0], text, match.end())):
        found.setdefault(renamed[0], value)
    return tuple(found.items())


def sets(tool: Tool, text: str) -> bool:
    return bool(settings(tool, text))


def _set(tool: Tool, field: Field, plain: str, text: str) -> Iterator[tuple[Field, Mention]]:
    tokens = words.tokens(plain)
    for n in range(len(tokens) - len(field.words)):
        end = n + len(field.words)
        if tuple(t.stem for t in tokens[n:end]) != field.words:
            continue
        end += tokens[end].lower in BESIDE_NAME
        after, whose = _whose(tool, tokens, end)
        whose = whose or _owner(tokens, n, plain)
        at = tokens[after - 1].end
        mark = TO.match(plain, at)
        value = _value(field, text, mark.end()) if mark else None
        if value is not None:
            yield field, value
            if whose is not None and len(which(tool)) == 1 and which(tool)[0].value(whose.text) is not None:
                yield which(tool)[0], Mention(whose.text, "word", whose.start, whose.end)


def _whose(tool: Tool, tokens: Sequence[Token], end: int) -> tuple[int, Token | None]:
    """of the user bob: up to where it goes on, and who."""
    if end >= len(tokens) or tokens[end].lower not in OF:
        return end, None
    last = end + 1
    while last < len(tokens) - 1 and (tokens[last].lower in words.ARTICLES or tokens[last].stem in tool.nouns):
        last += 1
    return (last + 1, tokens[last]) if last < len(tokens) else (end, None)


def _owner(tokens: Sequence[Token], n: int, plain: str) -> Token | None:
    """bob's department."""
    owned = n > 1 and tokens[n - 1].text == "s" and plain[tokens[n - 2].end : tokens[n - 1].start] in ("'", "’")
    return tokens[n - 2] if owned else None


def _value(field: Field, text: str, start: int) -> Mention | None:
    if text[start : start + 1] and text[start] in OPENING:
        return None  # what is quoted stands out enough
    found = VALUE.match(text, start)
    if found is None:
        return None
    value = found["value"]
    if field.role in ("number", "email", "url", "identifier"):
        value = value.split()[0].rstrip(",")
        if field.role == "email" and "@" not in value:
            return None
    return Mention(value, "word", start, start + len(value)) if field.value(value) is not None else None
