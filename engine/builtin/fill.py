"""Arguments from the words of one request: which mention goes to which field. Never a value that the words do not hold."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

from engine.builtin import assigning, choices, implied, telling, verbs, weighed, words
from engine.builtin.affinity import Request
from engine.builtin.mentions import Mention, pair, unquoted
from engine.builtin.toolbox import Field, paired

Path: TypeAlias = tuple[str, ...]
NAMED = r"(?:\bwith|\band|,)\s+(?:an?\s+|the\s+)?{name}\s+(?:of\s+|is\s+|as\s+|[=:]\s*)?(?P<value>[\w.@/-]*\w)(?=\s*(?:$|[.,;!?]|(?:and|with)\b))"


@dataclass(frozen=True, slots=True)
class Filled:
    """Values by the path of their field, and the mention that each came from."""

    values: Mapping[Path, Any]
    mentions: Mapping[Path, Mention]


@lru_cache(maxsize=256)  # planning one turn asks for the same several times
def fill(request: Request) -> Filled:
    values: dict[Path, Any] = dict(_chosen(request))
    chosen = {tuple(words.stems(str(v))) for value in values.values() for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)}
    told = dict((*telling.identified(request), *assigning.settings(request.tool, request.text)))
    halves = _halves(request) or [(field, mention) for field, mention in told.items() if field.path not in values]
    values |= {field.path: value for field, mention in halves if (value := field.value(mention.text)) is not None}
    free = replace(request, spans=(*request.spans, *((m.start, m.end) for _, m in halves)))
    assigned = weighed.assigned(free, [f for f in request.tool.fields if f.path not in values], chosen)
    for field, span in assigned:
        value = weighed.value_of(field, span)
        values |= {field.path: value} if value is not None else {}  # a name for a number is looked up
    values |= {**dict(telling.counted(request.tool, request.text)), **dict(_told(request, values))}
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


def _halves(request: Request) -> list[tuple[Field, Mention]]:
    """anna/notes, for a tool that takes both one after the other."""
    fields, mentions = paired(request.tool.fields), pair(request.text)
    return list(zip(fields, mentions, strict=True)) if fields and mentions else []


def _chosen(request: Request) -> Iterator[tuple[Path, Any]]:
    """Lists of values and switches, by the words outside of quotation marks. What is said on a later line puts right what was said before."""
    lines = [line for line in request.text.split("\n") if line.strip()]
    for field in request.tool.fields:
        if field.role not in ("choice", "switch"):
            continue
        found = (value for line in reversed(lines) if (value := _choice(request, field, line)) is not None)
        if (value := next(found, None)) is not None:
            yield field.path, value
        elif field.role == "choice" and field.required and request.tool.reads and not field.many:
            yield from ((field.path, near) for near in implied.nearest(field, words.tokens(unquoted(request.text))))


def _choice(request: Request, field: Field, line: str) -> Any:
    tokens, tool = words.tokens(unquoted(line)), request.tool
    if field.role == "switch" and not field.many:
        return choices.switched(field, tokens)
    if field.role != "choice":
        return None
    about = frozenset((*tool.nouns, *tool.verbs))
    picked = choices.quoted(field, line) or choices.picked(field, tokens, about, request.nouns - about)
    verb = None if tool.reads else verbs.place(tokens, request.nouns)
    if not picked and verb is not None:
        picked = choices.state(field, tokens[verb])
    picked = picked or implied.meant(field, tokens, about)
    return (picked if field.many else picked[0]) if picked else None


def picks(field: Field, request: Request) -> list[Any]:
    """Listed values of a field that the words name, all of them."""
    about = frozenset((*request.tool.nouns, *request.tool.verbs))
    return choices.picked(field, words.tokens(unquoted(request.text)), about, request.nouns - about)


def assemble(values: Mapping[Path, Any]) -> dict[str, Any]:
    """Arguments out of values by path."""
    arguments: dict[str, Any] = {}
    for path, value in values.items():
        place = arguments
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = value
    return arguments
