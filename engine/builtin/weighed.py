"""Which span goes into which field: traits weighed by numbers that `bench/fit_fill.py` learned, and each span used once."""

import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.builtin import traits, words
from engine.builtin.affinity import Request, bounded
from engine.builtin.coded import coded
from engine.builtin.mentions import secret
from engine.builtin.scene import Around, Scene, around, scene
from engine.builtin.spans import Span, spans
from engine.builtin.toolbox import Field

TOLD = re.compile(r"\b(?:id|ids|identifier|uuid)\W{0,3}(?:(?:is|of|=|:)\W{0,3})?$", re.IGNORECASE)
ORDERED = re.compile(
    r"(?P<before>[A-Za-z_]+?)_?(?:[1-9]|(?<=_)(?:one|two|three|first|second|third|a|b|c))(?P<behind>_\w+)?|(?:first|second|third)_?(?P<rest>[A-Za-z_]+)"
)
MANY = re.compile(r"\b(?:all|every|each|both)(?: of)?(?: the)?\s+(?P<which>[a-z]+(?: [a-z]+)?)\s+(?P<thing>[a-z]+)")
OFFERS, KEPT = 8, 24  # spans looked at for a field, and ways to fill the fields so far
UNWEIGHED = frozenset({"secret", "switch", "choice", "time", "file"})


@cache
def weights() -> Mapping[str, float]:
    """Trait -> how much it speaks for a pair."""
    found: dict[str, float] = json.loads(Path(__file__).with_name("filling.json").read_text(encoding="utf-8"))
    return found


def value_of(field: Field, span: Span) -> Any:
    """What the field would take of a span; None when it cannot be that."""
    if field.many:
        found = [value for item in (span.items or (span,)) if (value := field.value(item.text)) is not None]
        return found or None
    if span.items:
        return None
    wanted = coded(field)
    return (wanted.code(span.text) if wanted else None) or field.value(span.text)


def fits(field: Field, span: Span, place: Around) -> bool:
    if field.many and place.listed:
        return False  # all of it, or nothing
    if span.kind in ("run", "word") and span.text.islower() and {*place.stems} <= {*field.own_words}:
        return False  # what the field is called
    value = value_of(field, span)
    if value is None and field.numbered and field.suppliers:
        return span.kind in ("name", "quoted", "word")  # its number is looked up
    if value is None or (field.role in ("email", "url") and span.kind != field.role):
        return False
    if isinstance(value, int | float):
        return bool(field.item.get("minimum", value) <= value <= field.item.get("maximum", value))
    if not field.many and not field.formed(span.text) and not field.suppliers:
        return False
    return len(span.text) <= int(field.item.get("maxLength", len(span.text))) or value != span.text


def assigned(request: Request, fields: Sequence[Field], chosen: Container[tuple[str, ...]] = ()) -> list[tuple[Field, Span]]:
    """The surest pairs first; no word is used twice. `chosen`: stems of listed values, which are nothing else then."""
    here, places = staged(request, fields)
    places = [(span, place) for span, place in places if span.kind == "quoted" or tuple(words.stems(span.text)) not in chosen]
    offers: list[list[tuple[float, Span]]] = []
    for number, field in enumerate(here.fields):
        least = worth(traits.of_none(here, number))
        fitting = [(span, place) for span, place in places if fits(field, span, place) and (bounded(request, field, span) or 0.0) >= 0]
        worths = ((worth(traits.of_pair(here, number, span, place)) - least, span) for span, place in fitting)
        offers.append(sorted((each for each in worths if each[0] > 0), key=lambda each: -each[0])[:OFFERS])
    taken = _best(offers)
    ordered = _in_order(here.fields, taken)
    return [(here.fields[number], _identified(request, here.fields[number], span)) for number, span in ordered.items()]


def _best(offers: Sequence[Sequence[tuple[float, Span]]]) -> dict[int, Span]:
    """The spans that are worth the most together, none of them over another: by number of the field. The fields with the surest offers first."""
    kept: list[tuple[float, dict[int, Span]]] = [(0.0, {})]
    for number in sorted(range(len(offers)), key=lambda n: -offers[n][0][0] if offers[n] else 0.0):
        more = [
            (total + much, {**taken, number: span})
            for total, taken in kept
            for much, span in offers[number]
            if not any(span.overlaps(other.start, other.end) for other in taken.values())
        ]
        kept = sorted((*more, *kept), key=lambda each: -each[0])[:KEPT]
    return kept[0][1]


def _in_order(fields: Sequence[Field], taken: Mapping[int, Span]) -> dict[int, Span]:
    """Fields that only a number or a letter tells apart (num1 and num2, point_a and point_b) are filled in the order of the words."""
    found = dict(taken)
    rows: dict[str, list[int]] = {}
    for number in sorted(taken):
        if row := ORDERED.fullmatch(fields[number].name):
            rows.setdefault(f"{row['before']} {row['behind'] or row['rest']}", []).append(number)
    for numbers in rows.values():
        found.update(zip(numbers, sorted((taken[n] for n in numbers), key=lambda s: s.start), strict=True))
    return found


def _identified(request: Request, field: Field, span: Span) -> Span:
    """The role with the ID "role123": it is the id that is said, and no name for it."""
    told = field.role == "identifier" and TOLD.search(request.text[: span.start])
    return replace(span, kind="id") if told and " " not in span.text and value_of(field, span) is not None and field.formed(span.text) else span


def staged(request: Request, fields: Sequence[Field]) -> tuple[Scene, list[tuple[Span, Around]]]:
    """What is weighed: the fields that take words, and the spans with what is around them."""
    said = {t.stem for t in request.tokens}
    open_fields = [f for f in fields if f.role not in UNWEIGHED and not _unsaid(f, said)]
    taken = (*request.spans, *_of_many(request))
    heads = frozenset(f.own_words[-1] for f in open_fields if f.required and f.role == "text" and not f.many and f.own_words)
    found = [span for span in spans(request.text, request.nouns, taken, heads) if not _hidden(request, span)]
    here = scene(request, open_fields, found)
    lists = [span for span in found if span.items and span.close]
    return here, [(span, around(here, span, lists)) for span in found] if here.fields else []


def _of_many(request: Request) -> list[tuple[int, int]]:
    """lock all active users: what the many are like names none of them."""
    if request.tool.reads:
        return []
    return [match.span("which") for match in MANY.finditer(request.text) if words.stem(match["thing"]) in request.tool.nouns]


def worth(found: Iterable[str]) -> float:
    known = weights()
    return sum(known.get(trait, 0.0) for trait in dict.fromkeys(found))


def _hidden(request: Request, span: Span) -> bool:
    """What is said to be a password is nothing else; but the secret db-login is a thing that is deleted or read by its name."""
    tool = request.tool
    named = "secret" in tool.nouns and tool.action in ("read", "delete") and not any(f.role == "secret" for f in tool.fields)
    return not named and secret(span, request.text)


def _unsaid(field: Field, said: set[str]) -> bool:
    """A header such as acme-tenant-id, of which nothing was said."""
    return field.role == "identifier" and "-" in field.name and not {*field.own_words[-1:]} & said
