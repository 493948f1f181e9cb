"""What can be said of a span beside a field: by name, a trait holds or it does not. What each is worth is learned (`weighed.py`). Pure."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.builtin import words
from engine.builtin.affinity import ENOUGH, affinity
from engine.builtin.mentions import Mention
from engine.builtin.scene import Around, Aspects, Scene, squashed
from engine.builtin.spans import Span
from engine.builtin.toolbox import Field
from specs.words import stem as plain_stem
from tools.thesaurus import likeness

MONEY = re.compile(r"[$€£]|\b(?:dollars?|usd|eur|euros?|pounds?)\b", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
ENDING = re.compile(r"[a-z]{2}(ing|ed|ly)$")
CORRECTED = re.compile(r"\b(?:instead|actually|rather|change|sorry|correct(?:ion)?|not? the)\b", re.IGNORECASE)
MISSING = "none must"  # a needed value is left out
UNIT = re.compile(r"[-+]?[\d.,]*\d[ -]?([a-zA-Z°µ%]+)")
UNITS: Mapping[str, str] = {
    words.stem(each) if len(each) > 3 else each: unit
    for unit, names in {
        "kg": "kg kilo kilogram kilograms", "g": "g gram grams", "lb": "lb lbs pounds", "km": "km kilometer kilometre", "m": "m meter metre",
        "cm": "cm centimeter centimetre", "mm": "mm millimeter millimetre", "mi": "mi mile", "ft": "ft feet foot", "in": "inch inches",
        "s": "s sec second", "min": "min mins minute", "h": "h hr hrs hour", "day": "day", "week": "week", "month": "month", "year": "yr yrs year",
        "l": "l liter litre", "ml": "ml milliliter millilitre", "%": "% percent percentage", "degree": "° °c °f c f degree celsius fahrenheit",
        "k": "k kelvin", "w": "w watt", "v": "v volt", "a": "amp ampere", "j": "j joule", "n": "newton", "px": "px pixel", "hz": "hz hertz",
        "gb": "gb gigabyte", "mb": "mb megabyte", "person": "person people guest adult passenger", "mol": "mol mole", "pa": "pa pascal",
    }.items()
    for each in names.split()
}  # fmt: skip
NOBODY: frozenset[int] = frozenset()
LEVELS = (1, 2, 3, 4, 6)  # of what the rules say


def of_none(scene: Scene, number: int) -> Iterator[str]:
    """The traits of leaving a field out."""
    field, about = scene.fields[number], scene.aspects[number]
    must = MISSING if field.required else "none may"
    yield must
    yield f"{must} {_role(field)}"
    yield f"{must} {'reads' if scene.request.tool.reads else 'changes'}"
    for each in about.classes:
        yield f"{must} {each}"
    if about.own <= scene.said:
        yield f"{must} named"
    elif about.own & scene.said:
        yield f"{must} partly named"
    if about.alike & scene.said:
        yield f"{must} alike named"
    if len(scene.fields) == 1:
        yield f"{must} only field"
    if not any(f.required for f in scene.request.tool.fields):
        yield f"{must}, none needed"


def of_pair(scene: Scene, number: int, span: Span, place: Around) -> Iterator[str]:
    """The traits of putting a span into a field."""
    field, about = scene.fields[number], scene.aspects[number]
    must = "must" if field.required else "may"
    yield from _kinds(_role(field), must, span.kind, about.classes)
    yield f"sentence {place.sentence} {must}"
    yield from _looks(place.mark, place.form, about.classes)
    if place.listed:
        yield f"in list {field.many}"
    yield from _coded(about, place)
    yield from _before(scene, number, place)
    yield from _behind(scene, number, place)
    yield from _inside(scene, number, span, place)
    yield from _shape(scene, number, span, place)
    if span.kind == "number" or (span.items and span.items[0].kind == "number"):
        yield from _counted(scene, number, span, place.end)
    if span.known is not None:
        yield from _rules(scene, field, span.known)


@lru_cache(maxsize=2_000)  # few there are, and each is asked for at many pairs
def _kinds(role: str, must: str, kind: str, classes: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{role} {kind}", f"{must} {kind}", *(f"{kind} {each}" for each in classes))


@lru_cache(maxsize=2_000)
def _looks(mark: str, form: str, classes: tuple[str, ...]) -> tuple[str, ...]:
    return (f"after {mark}", *(f"after {mark} {each}" for each in classes), *(f"{form} {each}" for each in classes))


def _role(field: Field) -> str:
    return f"many {field.role}" if field.many else field.role


def _rules(scene: Scene, field: Field, known: Mention) -> Iterator[str]:
    """What the rules say. Of a run of plain words they know little more than when it is meant."""
    score = affinity(scene.request, field, known)
    if known.kind == "phrase":
        if score >= ENOUGH:
            yield f"rules run {min(int(score), 3)}"
        return
    level = sum(score >= each for each in LEVELS) if score > 0 else -1
    yield f"rules {level}"
    yield f"rules {level} {field.role if field.role in ('identifier', 'name', 'email', 'number') else 'other'}"


def _coded(about: Aspects, place: Around) -> Iterator[str]:
    """Whether a field for countries, languages and such is offered one."""
    if about.kind:
        yield f"{about.kind} wanted, {'one' if about.kind in place.kinds else 'another' if place.kinds else 'none'} offered"
    elif place.kinds:
        yield f"{place.kinds[0]} offered{' place' if any('place' in c for c in about.classes) else ''}"


def _named(scene: Scene, number: int, stem: str) -> str | None:
    """Whose word this is: the field's own, one like it, one of its description, or another field's."""
    about = scene.aspects[number]
    if stem in about.own:
        return "own"
    if stem in about.around:
        return "around"
    if stem in scene.owners:
        return "other"
    if stem in about.alike:
        return "alike"
    if stem in about.said:
        return "said"
    return "said of other" if stem in scene.tellers else None


def _before(scene: Scene, number: int, place: Around) -> Iterator[str]:
    about, found = scene.aspects[number], None
    if place.before:
        stem, passed, comma = next((each for each in place.before if each[0] in about.own), place.before[-1])
        found = _named(scene, number, stem)
        if found:
            yield f"{found} before{comma}"
            yield f"{found} before {'linked' if passed else 'near'}{comma}"
            yield f"{found} before {'linked' if passed else 'near'}, {'more' if place.linked == 'near' else 'end'} behind"
        if found == "own" and len(about.own) > 1:
            yield f"own before {'whole' if about.own <= place.near else 'part'}"
    if found != "own" and about.own & place.earlier:
        yield "own earlier" if about.own <= place.earlier else "own partly earlier"
    if not found and about.alike & place.earlier:
        yield "alike earlier"


def _behind(scene: Scene, number: int, place: Around) -> Iterator[str]:
    about = scene.aspects[number]
    if not place.behind:
        yield "ends"
        return
    found = _named(scene, number, place.behind[0])
    if found:
        yield f"{found} behind {place.linked}"
    elif len(place.behind) > 1 and (second := _named(scene, number, place.behind[1])) in ("own", "other"):
        yield f"{second} behind second"
    if place.linked == "near" and place.behind[0] in scene.thing:
        yield "thing behind"
    if found != "own" and about.own <= place.later:
        yield "own later"


def _inside(scene: Scene, number: int, span: Span, place: Around) -> Iterator[str]:
    about, known = scene.aspects[number], place.content
    if about.examples and squashed(span.text) in about.examples:
        yield "example"
    if "," in span.text and not span.items:
        yield f"comma, {about.commas} in examples"
    if span.items:
        yield f"{'close' if span.close else 'scattered'} list"
    if span.items and place.stems[:1] and place.stems[0] in about.own:
        yield "list begins with its name"
    if span.kind in ("quoted", "rest", "reported", "list") or not known:
        return
    yield from _alike(about, place)
    if known <= about.own:
        yield "own only"
    elif known & about.own:
        yield "own last" if place.stems[-1] in about.own else "own within"
    yield from _part("said", known, about.said)
    if known <= about.said:
        yield f"said only, {place.form}"
    if known <= about.alike:
        yield "alike only"
    others = [scene.owners.get(stem, NOBODY) - {number} for stem in known]
    if frozenset.intersection(*others):
        yield "other's only"
    elif any(others):
        yield "other's within"
    yield from _part("thing", known, scene.thing)
    if known <= scene.request.nouns:
        yield "noun only"
    first = scene.tokens[place.begin]
    if first.stem in words.COMMAND_STEMS or words.action_of(first.lower):
        yield "verb first"
    if known & words.EMPTY_STEMS:
        yield "empty within"
    if len(place.stems) == 1 and (ending := ENDING.search(first.lower)):
        yield f"ends in {ending[1]}"


def _part(name: str, known: frozenset[str], of: frozenset[str]) -> Iterator[str]:
    if known <= of:
        yield f"{name} only"
    elif known & of:
        yield f"{name} within"


def _alike(about: Aspects, place: Around) -> Iterator[str]:
    """How near its words are to the field's name and to the examples of its description."""
    inner = [plain_stem(stem) for stem in place.stems[:3] if stem in place.content]
    for name, others in (("own", about.plain), ("example", about.shown)):
        if others and inner:
            yield f"near {name} {min(int(5 * max(likeness(one, other) for one in inner for other in others)), 3)}"


def _shape(scene: Scene, number: int, span: Span, place: Around) -> Iterator[str]:
    if scene.last_line > 0:
        line = "last line" if span.start > scene.last_line else "earlier line"
        yield line
        if CORRECTED.search(scene.request.text, scene.last_line):
            yield f"{line}, corrected"
        if scene.aspects[number].own <= scene.latest:
            yield f"{line}, named on the last"
    inner = scene.tokens[place.begin : place.end]
    if not inner or span.kind in ("quoted", "rest", "list"):
        return
    role, size = _role(scene.fields[number]), f"{min(len(inner), 4)} words"
    yield f"{role} {size}"
    if "prose" in scene.aspects[number].classes:
        yield f"prose {size}"
    yield f"{role} {place.case}"
    if place.digits:
        yield f"{role} digits"
    yield from _open(scene, scene.aspects[number], place)


def _open(scene: Scene, about: Aspects, place: Around) -> Iterator[str]:
    """Whether the run of words goes on beyond the span, and whether with words of the field or the tool."""
    begin, end, tokens, gaps, left, right = place.begin, place.end, scene.tokens, scene.gaps, place.left, place.right
    known = (about.own, scene.thing)
    verb = left is not None and left.stem in words.COMMAND_STEMS
    yield f"left {'closed' if left is None else 'known' if any(left.stem in each for each in known) else 'verb' if verb else 'open'}"
    yield f"right {'closed' if right is None else 'known' if any(right.stem in each for each in known) else 'open'}"
    first, last = tokens[begin].text[0].isupper(), tokens[end - 1].text[0].isupper()
    if left is not None and first and left.text[0].isupper():
        yield "capital goes on left"
    if right is not None and last and right.text[0].isupper():
        yield "capital goes on right"
    if end < len(tokens) and gaps[end] == ", " and first and tokens[end].text[0].isupper():
        yield f"capital behind comma, {about.commas} in examples"


def _counted(scene: Scene, number: int, span: Span, end: int) -> Iterator[str]:
    field, text, tokens = scene.fields[number], scene.request.text, scene.tokens
    costs = any(c.endswith("money") for c in scene.aspects[number].classes)
    yield f"money {MONEY.search(text[max(0, span.start - 1) : span.end + 9]) is not None} {costs}"
    name = field.name.lower()
    if span.text.endswith("%"):
        yield f"percent {any(each in f'{name} {field.said.lower()}' for each in ('percent', 'rate'))}"
    yield f"year {YEAR.fullmatch(span.text) is not None} {'year' in words.parts(field.name)}"
    if end < len(tokens) and scene.gaps[end] in (" ", "-") and tokens[end].stem in scene.aspects[number].said:
        yield "unit said"
    yield from _measured(scene.aspects[number], text[span.start :])
    after = [t.stem for t, gap in zip(tokens[end : end + 3], scene.gaps[end : end + 3], strict=False) if not gap.strip(" -")]
    for each in after:
        if each in scene.thing:
            yield f"thing counted {field.role} {'quantity' in scene.aspects[number].classes}"
    if number in scene.needed:
        same = span.start in scene.numbers and scene.needed.index(number) == scene.numbers.index(span.start)
        yield f"needed order {same} {len(scene.needed) == len(scene.numbers)}"
    if number in scene.numeric:
        same = span.start in scene.numbers and scene.numeric.index(number) == scene.numbers.index(span.start)
        yield f"order {same} {len(scene.numeric) == len(scene.numbers)}"


def _measured(about: Aspects, text: str) -> Iterator[str]:
    """Whether a number has the unit that the field states, another one, or none: 60 kg, for a weight in kilograms."""
    stated = {unit for word in (*about.own, *about.said) if (unit := UNITS.get(word))}
    found = UNIT.match(text)
    unit = UNITS.get(words.stem(found[1].lower())) or UNITS.get(found[1].lower()) if found else None
    if stated or unit:
        yield f"unit {'none' if unit is None else 'unasked' if not stated else 'stated' if unit in stated else 'another'}"
