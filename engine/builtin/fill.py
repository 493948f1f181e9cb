"""Arguments from the words of one request: which mention goes to which field. Never a value that the words do not hold."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.builtin import choices, verbs, words
from engine.builtin.affinity import ENOUGH, Request, affinity
from engine.builtin.mentions import Mention, find, pair, secret, together, unquoted
from engine.builtin.toolbox import Field, Tool, paired

Path: TypeAlias = tuple[str, ...]
NAMED = r"(?:\bwith|\band|,)\s+(?:an?\s+|the\s+)?{name}\s+(?:of\s+|is\s+|as\s+|[=:]\s*)?(?P<value>[\w.@/-]*\w)(?=\s*(?:$|[.,;!?]|(?:and|with)\b))"


@dataclass(frozen=True, slots=True)
class Filled:
    """Values by the path of their field, and the mention that each came from."""

    values: Mapping[Path, Any]
    mentions: Mapping[Path, Mention]


def fill(request: Request) -> Filled:
    values: dict[Path, Any] = dict(_chosen(request))
    chosen = {tuple(words.stems(str(v))) for value in values.values() for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)}
    halves = _halves(request)
    values |= {field.path: mention.text for field, mention in halves}
    spans = (*request.spans, *((m.start, m.end) for _, m in halves))
    found = [m for m in find(request.text, request.nouns, spans) if m.kind == "quoted" or tuple(words.stems(m.text)) not in chosen]
    if not _about_secrets(request.tool):
        found = [m for m in found if not secret(m, request.text)]
    assigned = _assign(request, [f for f in request.tool.fields if f.path not in values], found)
    for field, mention in assigned:
        value = _listed(field, mention, found, request.text) if field.many else field.value(mention.text)
        values |= {field.path: value} if value is not None else {}  # a name for a number is looked up
    values |= dict(_told(request, values))
    return Filled(values, {field.path: mention for field, mention in (*halves, *assigned)})


def _told(request: Request, values: Mapping[Path, Any]) -> Iterator[tuple[Path, Any]]:
    """with caption hello, currency eur: of a change, a word beside the field that it names. What is given must not be lost without a word."""
    if request.tool.reads:
        return
    text = unquoted(request.text)
    open_fields = (f for f in request.tool.fields if f.path not in values and not f.many and f.role in ("text", "name", "choice", "number"))
    for field in open_fields:
        found = re.search(NAMED.format(name=r"[\s_-]+".join(map(re.escape, words.parts(field.name)))), text, re.IGNORECASE)
        value = field.value(found["value"]) if found else None
        if value is not None and (not field.choices or value in field.choices):
            yield field.path, value


def _about_secrets(tool: Tool) -> bool:
    """The secret db-login is a thing that is deleted or read by its name, and no password."""
    return "secret" in tool.nouns and tool.action in ("read", "delete") and not any(f.role == "secret" for f in tool.fields)


def _halves(request: Request) -> list[tuple[Field, Mention]]:
    """anna/notes, for a tool that takes both one after the other."""
    fields, mentions = paired(request.tool.fields), pair(request.text)
    return list(zip(fields, mentions, strict=True)) if fields and mentions else []


def _chosen(request: Request) -> Iterator[tuple[Path, Any]]:
    """Lists of values and switches, by the words outside of quotation marks."""
    tokens = words.tokens(unquoted(request.text))
    about = frozenset((*request.tool.nouns, *request.tool.verbs))
    verb = None if request.tool.reads else verbs.place(tokens, request.nouns)
    for field in request.tool.fields:
        if field.role == "choice":
            picked = choices.quoted(field, request.text) or choices.picked(field, tokens, about, request.nouns - about)
            if not picked and verb is not None:
                picked = choices.state(field, tokens[verb])
            if picked:
                yield field.path, (picked if field.many else picked[0])
        elif field.role == "switch" and not field.many:
            on = choices.switched(field, tokens)
            if on is not None:
                yield field.path, on


def picks(field: Field, request: Request) -> list[Any]:
    """Listed values of a field that the words name, all of them."""
    about = frozenset((*request.tool.nouns, *request.tool.verbs))
    return choices.picked(field, words.tokens(unquoted(request.text)), about, request.nouns - about)


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


def _listed(field: Field, first: Mention, mentions: Sequence[Mention], text: str) -> list[Any]:
    values = (field.value(m.text) for m in together(first, mentions, text))
    return [value for value in values if value is not None]


def assemble(values: Mapping[Path, Any]) -> dict[str, Any]:
    """Arguments out of values by path."""
    arguments: dict[str, Any] = {}
    for path, value in values.items():
        place = arguments
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = value
    return arguments
