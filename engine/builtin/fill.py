"""Arguments from the words of one request: which mention goes to which field. Never a value that the words do not hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.builtin import choices, words
from engine.builtin.mentions import Mention, find, unquoted
from engine.builtin.toolbox import Field, Tool
from engine.builtin.words import Token

Path = tuple[str, ...]
ENOUGH = 1.0  # the least affinity that puts a mention into a field


@dataclass(frozen=True, slots=True)
class Request:
    """The words that ask for one call. `spans` of times are left to `dates`."""

    text: str
    tool: Tool
    nouns: frozenset[str]
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def tokens(self) -> tuple[Token, ...]:
        return words.tokens(self.text)


@dataclass(frozen=True, slots=True)
class Filled:
    """Values by the path of their field, and the mention that each came from."""

    values: Mapping[Path, Any]
    mentions: Mapping[Path, Mention]


def fill(request: Request) -> Filled:
    values: dict[Path, Any] = dict(_chosen(request))
    found = find(request.text, request.nouns, request.spans)
    assigned = _assign(request, [f for f in request.tool.fields if f.path not in values], found)
    for field, mention in assigned:
        values[field.path] = _listed(field, mention, found, request.text) if field.many else convert(field, mention.text)
    return Filled(values, {field.path: mention for field, mention in assigned})


def _chosen(request: Request) -> Iterator[tuple[Path, Any]]:
    """Lists of values and switches, by the words outside of quotation marks."""
    tokens = words.tokens(unquoted(request.text))
    about = frozenset((*request.tool.nouns, *request.tool.verbs))
    for field in request.tool.fields:
        if field.role == "choice":
            picked = choices.picked(field, tokens, about) or _one(choices.state(field, tokens))
            if picked:
                yield field.path, (picked if field.many else picked[0])
        elif field.role == "switch" and not field.many:
            on = choices.switched(field, tokens)
            if on is not None:
                yield field.path, on


def _one(value: Any) -> list[Any]:
    return [] if value is None else [value]


def _assign(request: Request, fields: Sequence[Field], mentions: Sequence[Mention]) -> list[tuple[Field, Mention]]:
    """The best pairs first; each field and each mention once."""
    pairs = [(affinity(request, f, m), -n, -k) for n, f in enumerate(fields) for k, m in enumerate(mentions)]
    taken: list[tuple[Field, Mention]] = []
    used_fields: set[int] = set()
    used_mentions: set[int] = set()
    for score, n, k in sorted(pairs, reverse=True):
        if score < ENOUGH:
            break
        if n not in used_fields and k not in used_mentions:
            used_fields.add(n)
            used_mentions.add(k)
            taken.append((fields[-n], mentions[-k]))
    return taken


def affinity(request: Request, field: Field, mention: Mention) -> float:
    """How well a mention fits a field: what kind it is, and what stands around it. Below ENOUGH it is left out."""
    fit = _kind(field, mention)
    if fit is None:
        return 0.0
    cue = _cue(request, field, mention)
    if mention.kind == "phrase" and not cue and not (request.tool.reads and field.required):
        return 0.0
    score = fit + cue + _prepositions(request, field, mention)
    if not cue and not field.required and fit < 2:
        return 0.0
    return score + (0.5 if field.required else 0.0) + _heads(request, field, mention)


def _kind(field: Field, mention: Mention) -> float | None:
    """What the kinds of field and mention alone say; None when they exclude each other."""
    match field.role:
        case "secret" | "switch" | "choice" | "time":
            return None
        case "number" | "page":
            return (1.0 if field.role == "number" else 0.0) if mention.kind == "number" and convert(field, mention.text) is not None else None
        case "email":
            return 3.0 if mention.kind == "email" else None
        case "url":
            return 3.0 if mention.kind == "url" else None
    if not _fits(field, mention.text):
        return None
    return _text_kind(field, mention)


def _text_kind(field: Field, mention: Mention) -> float | None:
    if mention.kind in ("email", "url"):
        return 1.0 if field.required or field.role in ("identifier", "name") else 0.2
    if field.role == "identifier":
        return {"uuid": 3.0, "code": 2.0, "quoted": 2.0, "number": 1.5, "name": 1.0, "word": 1.0}.get(mention.kind)
    if field.role == "search":
        return {"quoted": 2.5, "name": 2.0, "code": 1.5, "word": 1.0}.get(mention.kind, 0.3)
    if field.role == "name":
        return {"quoted": 1.5, "name": 1.2, "code": 1.2, "word": 1.0, "phrase": 0.2}.get(mention.kind)
    return {"quoted": 1.0, "name": 1.0, "code": 0.8, "word": 0.8, "number": 0.1, "phrase": 0.6}.get(mention.kind, 0.2)


def _fits(field: Field, value: str) -> bool:
    """Whether the schema could take the value as it stands."""
    schema = field.item
    if field.kinds and "string" not in field.kinds:
        return convert(field, value) is not None
    if schema.get("format") == "uuid" and not re.fullmatch(r"[0-9a-fA-F-]{36}", value):
        return bool(field.suppliers)
    return len(value) <= schema.get("maxLength", len(value))


def _cue(request: Request, field: Field, mention: Mention) -> float:
    """The field's own name beside the mention: description 'X', email to X, X years, 70% forward."""
    tokens = request.tokens
    before = [t for t in tokens if t.end <= mention.start][-7:]
    links = 0
    while before and before[-1].lower in words.LINKS and before[-1].stem not in field.words:
        before, links = before[:-1], links + 1
    if before and before[-1].stem in field.words and not _marked(request.text, before[-1].end, mention.start):
        return 4.0 + 3.0 * _share(field, before) - 0.1 * links
    if before and field.role in ("name", "identifier") and not links and before[-1].stem in request.tool.nouns:
        return 2.5
    if field.role in ("name", "identifier") and _introduced(request.text, mention):
        return 4.0 if not _words_between(request, field) else 2.0
    after = [t for t in tokens if t.start >= mention.end and t.lower not in ("s", "of")][:2]
    if after and after[0].stem in field.words and after[0].stem not in words.GENERIC_FIELD_WORDS and not _marked(request.text, mention.end, after[0].start):
        return 3.0 + 2.0 * _share(field, after)
    return 0.0


def _words_between(request: Request, field: Field) -> bool:
    """Whether the field is named after something else than the tool is about: the owner's name of a new safe."""
    return any(w not in request.tool.nouns for w in field.own_words) and field.role != "name"


def _marked(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in ",;.!?")


def _introduced(text: str, mention: Mention) -> bool:
    return bool(re.search(r"\b(?:called|named|titled|labell?ed|entitled|name)\s+[\"'“‘]?$", text[: mention.start] + text[mention.start : mention.start + 1][:0], re.IGNORECASE))


def _share(field: Field, near: Sequence[Token]) -> float:
    said = {t.stem for t in near[-len(field.words) - 1 :]}
    return sum(w in said for w in field.words) / len(field.words)


def _prepositions(request: Request, field: Field, mention: Mention) -> float:
    before = [t for t in request.tokens if t.end <= mention.start][-1:]
    mark = before[0].lower if before else ""
    names = set(field.words) | set(words.parts(field.name))
    score = 0.0
    if names & words.PLACE_WORDS and mark in words.PLACE_MARKS and mention.kind in ("name", "word", "quoted", "phrase", "code"):
        score += 1.5
    if names & words.ORIGIN_WORDS:
        score += 2.0 if mark in words.ORIGIN_MARKS else -1.0
    if names & words.TARGET_WORDS:
        score += 2.0 if mark in words.TARGET_MARKS else -1.0
    return score


def _heads(request: Request, field: Field, mention: Mention) -> float:
    """The noun right before or after a mention says what it names: "group admins" is no user."""
    head = head_of(request, mention)
    if not head or field.role not in ("identifier", "name"):
        return 0.0
    own = set(field.own_words) or set(request.tool.nouns)
    return 2.0 if head in own or field.name.lower().startswith(head) else -2.0


def head_of(request: Request, mention: Mention) -> str | None:
    """The stem of the noun that a mention stands beside."""
    before = [t for t in request.tokens if t.end <= mention.start][-1:]
    after = [t for t in request.tokens if t.start >= mention.end][:1]
    for token in (*before, *after):
        if token.stem in request.nouns and not words.is_plural(token.text):
            return token.stem
    return None


def _listed(field: Field, first: Mention, mentions: Sequence[Mention], text: str) -> list[Any]:
    """a, b and c: what stands beside the first mention and is joined to it."""
    found, end = [convert(field, first.text)], first.end
    for mention in mentions:
        if mention.start >= end and re.fullmatch(r"[\s,;&/]*(?:and|or)?\s*", text[end : mention.start]):
            value = convert(field, mention.text)
            if value is None:
                break
            found.append(value)
            end = mention.end
    return found


def convert(field: Field, text: str) -> Any:
    """The value as the schema's type wants it; None when it cannot be."""
    kinds = field.kinds
    if not kinds or "string" in kinds:
        return text
    if not kinds & {"integer", "number"}:
        return None
    bare = words.NUMBERS.get(text.lower(), text)
    try:
        number = float(re.sub(r"[$€£,%]", "", str(bare)))
    except ValueError:
        return None
    if number.is_integer() and "integer" in kinds:
        return int(number)
    return number if "number" in kinds else None


def assemble(values: Mapping[Path, Any]) -> dict[str, Any]:
    """Arguments out of values by path."""
    arguments: dict[str, Any] = {}
    for path, value in values.items():
        place = arguments
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = value
    return arguments
