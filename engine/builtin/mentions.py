"""What a text names: quoted and unquoted names, numbers, addresses, codes, with the place where each stands. Knows no tool."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Literal

from engine.builtin import words
from engine.builtin.words import Token
from engine.words import DIALLED
from specs.words import tokens as plain_tokens
from tools.asked import PAIR
from tools.thesaurus import likes

Kind = Literal["quoted", "url", "email", "uuid", "number", "code", "name", "word", "phrase", "reported", "run", "rest", "amount", "list", "id"]

QUOTED = re.compile(r"""(?<!\w)(?:'(?P<a>[^\n]+?)'(?!\w)|"(?P<b>[^"]+)"|“(?P<c>[^“”]+)”|‘(?P<d>[^’\n]+)’(?!\w)|`(?P<e>[^`]+)`|«(?P<f>[^«»]+)»)""")
# Letters and digits in one word, words joined by underscores, ranges such as 2020-2021, capitals such as AVL, names of files, annaSmith.
_CODES = (
    r"(?<!\w)(?=[\w./:-]*\d)(?=[\w./:-]*[A-Za-z])\w+(?:[./:_-]\w+)*",
    r"(?<!\w)[A-Za-z]+(?:_\w+)+",
    r"(?<![\w.])\d+(?:[-/:.]\d+)+(?!\w)",
    r"(?<![\w'’])[A-Z]{2,}[A-Z0-9]*(?!\w)",
    r"\b\w+\.[a-z]{2,4}\b",
    r"(?<![\w.'’-])[a-z]+(?:[._'’-][a-z]+)*[._'’-]?[A-Z]\w*(?:[._'’-]\w+)*",
)
_HIDDEN = r"(?:pass(?:word|phrase|code|wd)|pin(?: code)?|secret(?: key)?|api[ _-]?key)"
PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("url", re.compile(r"https?://[^\s'\"<>]+[^\s'\"<>.,;:!?)]")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("code", DIALLED),
    ("uuid", re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b")),
    ("code", re.compile(r"(?<![\w)./-])[(\d][\d\s().]{0,99}[*+^/](?![\d]+[./-]\d)[\d\s().*/+^-]{0,199}[\d)](?![\w(./-])")),  # (5*6)/2
    ("number", re.compile(r"(?<![\w.,/:-])[-+]?[$€£]?\d+(?:,\d{3})*(?:\.\d+)?%?(?![\w]|[-/:.]\d|,\d{3})")),
    ("code", re.compile("|".join(_CODES))),
)
SECRET = re.compile(rf"\b{_HIDDEN}\W{{0,3}}(?:\s*\b(?:is|was|as|to|be|should be|will be|equals)\b\W{{0,3}})?$", re.IGNORECASE)
SECRET_TOLD = re.compile(
    rf"^\W*(?:(?:and|ok(?:ay)?|well|so|use|with|the|my|his|her|its|their|new)\W+)*{_HIDDEN}\s*(?:is|will be|should be|[:=])\W*\S", re.IGNORECASE
)
EITHER = frozenset({"and/or", "he/she", "she/he", "his/her", "him/her", "either/or", "yes/no", "on/off", "w/o"})
_CAPITAL = r"(?:(?:Mr|Mrs|Ms|Dr|St|Prof)\. ?)*[A-Z](?:[\w'’&-]|\.(?=\w))*"
CAPITALISED = re.compile(rf"(?<!\w)(?<!\w[._'’-]){_CAPITAL}(?:(?: (?:of|the|de|&) | ){_CAPITAL})*")
REPORTED = re.compile(
    r"\b(?:(?:that|which) (?:just |simply |only )?(?:says?|states?|reads?|tells)|saying|stating)(?: that)?:?\s+(?P<clause>[^\s'\"“‘`«,;][^,;\n]*?)"
    r"(?=\s+and then\b|\s*(?:[,;\n]|[.!?](?:\s|$)|$))",
    re.IGNORECASE,
)
JOINED = re.compile(r"\s*(?:[,;&/]\s*)?(?:(?:and|or)\s+)?")
NUMBER_WORD = re.compile(rf"\b({'|'.join(words.NUMBERS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    text: str
    kind: Kind
    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


@lru_cache(maxsize=64)  # each tool that is filled asks for the same
def find(text: str, nouns: frozenset[str], taken: tuple[tuple[int, int], ...] = ()) -> tuple[Mention, ...]:
    """All that the text names, in order; the surest kinds take their place first.

    `nouns` are stems of what the tools are about: "group admins" names admins. `taken` are spans used already.
    """
    found: list[Mention] = []
    named = (_introduced(text), _number_words(text), _capitalised(text), _after_nouns(text, nouns), _subjects(text, nouns), _no_words(text, nouns))
    used = bytearray(len(text))
    for start, end in taken:
        used[start:end] = b"\1" * (end - start)
    for mention in chain(_reported(text), _quoted(text), _patterns(text), *named, _phrases(text, nouns)):
        if not any(used[mention.start : mention.end]):
            found.append(mention)
            used[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    return tuple(sorted(found, key=lambda m: m.start))


def pair(text: str) -> tuple[Mention, Mention] | None:
    """anna/notes: what belongs to somebody, and whom, in one word."""
    found = next((m for m in PAIR.finditer(unquoted(text)) if m.group().lower() not in EITHER), None)
    if found is None:
        return None
    first, second = (Mention(found[name], "code", found.start(name), found.end(name)) for name in ("first", "second"))
    return first, second


@lru_cache(maxsize=64)  # planning one turn asks for the same many times
def unquoted(text: str) -> str:
    """The text with what is quoted or reported blanked out, so that its words choose nothing: a note that says she is an admin."""
    for pattern in (QUOTED, REPORTED):
        text = pattern.sub(lambda m: "·" * len(m.group()), text)
    return text


def secret(mention: Mention, text: str) -> bool:
    """The password is X: whatever it looks like, X is nothing else than that."""
    return SECRET.search(text[: mention.start].rstrip("'\"“‘`«")) is not None


def together(first: Mention, mentions: Sequence[Mention], text: str) -> list[Mention]:
    """a, b and c: the first and what is joined to it."""
    found = [first]
    for mention in mentions:
        if mention.start >= found[-1].end and JOINED.fullmatch(text[found[-1].end : mention.start]):
            found.append(mention)
    return found


def _quoted(text: str) -> Iterator[Mention]:
    for match in QUOTED.finditer(text):
        name = match.lastgroup or "a"
        if match.group(name).strip():
            yield Mention(match.group(name), "quoted", match.start(), match.end())


def _reported(text: str) -> Iterator[Mention]:
    """A note that says she is an admin: the customer's own words for a text."""
    for match in REPORTED.finditer(text):
        clause = match.group("clause")
        yield Mention(clause[:1].upper() + clause[1:], "reported", match.start(), match.end())


def _patterns(text: str) -> Iterator[Mention]:
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            yield Mention(match.group(), kind, match.start(), match.end())


def _number_words(text: str) -> Iterator[Mention]:
    for match in NUMBER_WORD.finditer(text):
        if match.group().lower() != "one":  # "the second one", "create one"
            yield Mention(match.group(), "number", match.start(), match.end())


def _introduced(text: str) -> Iterator[Mention]:
    """called blue sky, named anna: up to the next little word."""
    tokens = words.tokens(text)
    for n, token in enumerate(tokens[:-1]):
        if token.lower in ("called", "named", "titled", "labelled", "labeled", "entitled"):
            run = _run(text, tokens, n + 1)
            if run:
                yield Mention(text[run[0].start : run[-1].end], "word", run[0].start, run[-1].end)


def _run(text: str, tokens: tuple[Token, ...], start: int, ends: frozenset[str] = frozenset(), most: int = 5) -> list[Token]:
    """Neighbouring words from `start` on, up to a little word, a mark or one of the stems `ends`."""
    run: list[Token] = []
    for token in tokens[start : start + most]:
        following = tokens[start + len(run) + 1].lower if start + len(run) + 1 < len(tokens) else ""
        told = run and token.lower.endswith("ed") and following in ("by", "with", "in", "from", "to")  # a safe called Vault owned by ...
        if token.lower in words.STOP | words.EVERYONE or token.stem in ends or told or (run and text[run[-1].end : token.start].strip()):
            break
        run.append(token)
    return run


def _capitalised(text: str) -> Iterator[Mention]:
    for match in CAPITALISED.finditer(text):
        start, name = match.start(), match.group()
        while name and (first := name.split(" ")[0]) and _ordinary(text, start, first.rstrip(",.'’")):
            start += len(first) + 1
            name = name[len(first) + 1 :]
            if not name[:1].isupper():
                name = ""
        name = re.sub(r"(?:['’]s?|[.,])$", "", name)
        if name:
            yield Mention(name, "name", start, start + len(name))


def _ordinary(text: str, start: int, word: str) -> bool:
    """A capital that says nothing: the first word of a sentence, or "I"."""
    lower = word.lower()
    begins = not text[:start].strip() or text[:start].rstrip()[-1:] in ".!?:\n\"'“"
    if re.split("['’]", lower)[0] == "i":
        return True
    if begins and lower in words.STOP:
        return True
    alone = not text[start + len(word) :].startswith(" ")
    return begins and (words.stem(lower) in words.COMMAND_STEMS or words.action_of(lower) is not None or not alone)


def _after_nouns(text: str, nouns: frozenset[str]) -> Iterator[Mention]:
    """group admins -> admins; the admins group -> admins."""
    tokens = words.tokens(text)
    for before, token in pairwise(tokens):
        if text[before.end : token.start] != " ":
            continue
        last_said = token.stem in words.COPY_STEMS and token is tokens[-1] and any(words.action_of(t.lower) == "delete" for t in tokens[:1])
        if before.stem in nouns and not words.is_plural(before.text) and (_may_name(token, nouns) or last_said):
            last = _second(text, tokens, token, nouns)
            yield Mention(text[token.start : last.end], "word", token.start, last.end)
        elif token.stem in nouns and not words.is_plural(token.text) and _may_name(before, nouns) and _definite(tokens, before):
            yield Mention(before.text, "word", before.start, before.end)


def _second(text: str, tokens: tuple[Token, ...], token: Token, nouns: frozenset[str]) -> Token:
    """delete user soo lee: with what ends the request as its second word. Half a name is somebody else's."""
    following = tokens[tokens.index(token) + 1 :]
    made = any(words.action_of(t.lower) in ("read", "create") for t in tokens[: tokens.index(token)])
    plain = len(following) == 1 and following[0].text.isalpha() and token.text.isalpha() and text[token.end : following[0].start] == " "
    return following[0] if plain and not made and _may_name(following[0], nouns) and following[0].text.islower() else token


def _subjects(text: str, nouns: frozenset[str]) -> Iterator[Mention]:
    """what did anna do, is anna locked, which groups is anna in: the one a question is about."""
    tokens = words.tokens(text)
    for n in range(1, len(tokens) - (tokens[0].lower[:3] != "who" if tokens else 0)):  # who is anna
        asking, token = tokens[n - 1].lower, tokens[n]
        if asking not in words.DOES | words.IS:
            continue
        opens = all(t.lower in words.STOP or t.stem in nouns or words.action_of(t.lower) == "read" for t in tokens[: n - 1])
        questions = n == 1 or any(t.lower in words.QUESTIONS for t in tokens[: n - 1])
        asked = questions and (asking in words.DOES or (asking in words.IS and opens))
        if asked and _may_name(token, nouns) and not token.lower.endswith(("ed", "ing")) and token.lower not in words.EMPTY:
            yield Mention(token.text, "word", token.start, token.end)
    yield from _made(text, nouns)


def _made(text: str, nouns: frozenset[str]) -> Iterator[Mention]:
    """make anna an editor, the phone number of anna: one plain word at the place of a name."""
    tokens = words.tokens(text)
    for n, token in enumerate(tokens):
        before, following = (tokens[n - 1].lower if n else ""), (tokens[n + 1].lower if n + 1 < len(tokens) else "")
        made = before in ("make", "turn", "promote", "appoint") and following in ("a", "an", "into", "to", "the")
        last = before in ("of", "for") and token.lower not in words.EMPTY and not following and n > 1 and tokens[n - 2].lower not in words.STOP
        if (made or last) and _may_name(token, nouns) and token.text.islower() and not words.is_plural(token.text):
            yield Mention(token.text, "word", token.start, token.end)


def _no_words(text: str, nouns: frozenset[str]) -> Iterator[Mention]:
    """jdoe, pgreen: what is no word of the language is what somebody is called."""
    for token in words.tokens(text):
        known = len(token.text) < 4 or not (token.text.isascii() and token.text.isalpha() and token.text.islower())
        if not known and _may_name(token, nouns) and not any(likes(each) for each in plain_tokens(token.text)):
            yield Mention(token.text, "word", token.start, token.end)


def _may_name(token: Token, nouns: frozenset[str]) -> bool:
    """Whether a word beside a noun can be a name: neither a little word nor one that belongs to the sentence."""
    little = token.lower in words.STOP | words.INTRODUCERS | words.LINKS or token.lower in words.ORDINALS
    return not little and token.stem not in nouns | words.COMMAND_STEMS | words.COPY_STEMS


def _definite(tokens: tuple[Token, ...], token: Token) -> bool:
    """The word follows "the": the admins group, but not: a new group."""
    place = tokens.index(token)
    return place > 0 and tokens[place - 1].lower == "the"


def _phrases(text: str, nouns: frozenset[str]) -> Iterator[Mention]:
    """Runs of ordinary words between those of the sentence and the tools' nouns: weak candidates, for what is searched for."""
    tokens = words.tokens(text)
    n = 0
    while n < len(tokens):
        run = _run(text, tokens, n, nouns | words.COMMAND_STEMS)
        if run:
            yield Mention(text[run[0].start : run[-1].end], "phrase", run[0].start, run[-1].end)
        n += max(len(run), 1)
