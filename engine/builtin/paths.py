"""Several reading calls in order: the path through the operations that supply each other's ids which explains the words best. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.builtin.places import LEAST, SAME, Fillable, Place, asking, places
from engine.builtin.sought import Sought
from engine.builtin.toolbox import Tool

LONGEST = 4  # operations
MOST = 2_000  # paths looked at
UNNAMED = 2.5  # what is named goes into no operation
NAMED, KIND, ANOTHER = 1.0, 1.6, -2.5  # the name is looked for at all, among its own kind, among another
ANSWERS = 0.9  # the last operation answers with what is asked for
OTHERWISE = 0.5  # a kind of thing that nobody spoke of
MISSED = 0.7  # a kind of thing was spoken of, and no stop has to do with it
TURNED = 0.5  # two words in the order of another path
USELESS = 1.0  # all about one thing, where nothing of it is asked for
ALIKE, SPOKEN = 0.6, 0.85  # how near a word must come to what is read
CLEARLY = 0.7  # of the best: as much explains a word as well
SURE = 0.1  # so much better than one call alone


@dataclass(frozen=True, slots=True)
class Path:
    stops: tuple[Place, ...]  # in the order of their calls
    score: float


def best(found: Sought, tools: Mapping[str, Tool], fillable: Fillable) -> Path | None:
    """The path that explains the words best; None where one call alone does."""
    rated = rate(found, places(found, tools, fillable), fillable)
    single = max((p.score for p in rated if len(p.stops) == 1), default=0.0)
    several = max((p for p in rated if len(p.stops) > 1), key=lambda p: p.score, default=None)
    return several if several is not None and several.score > single + SURE and _supported(found, several.stops) else None


def toward(end: Tool, found: Sought, tools: Mapping[str, Tool], fillable: Fillable) -> Path | None:
    """The path to the id of what is to be changed: the latest order of Anna. None where it is looked up by its own name, or is not spoken of so."""
    rated = [p for p in rate(found, places(found, tools, fillable, end), fillable) if p.stops[-1].tool is end]
    best = max(rated, key=lambda p: p.score, default=None)
    if best is None or len(best.stops) < 2 or (len(best.stops) == 2 and asking(best.stops[0].tool)):
        return None
    return best if _supported(found, best.stops) else None


def rate(found: Sought, known: Mapping[str, Place], fillable: Fillable) -> list[Path]:
    spoken = frozenset(p.kind for p in known.values() if p.kind and found.near(p.kind) >= SAME)
    return [Path(stops, _score(found, stops, spoken)) for stops in _all(known, fillable, named=bool(found.names))]


def _supported(found: Sought, stops: Sequence[Place]) -> bool:
    """Whether the words speak of what the last operation reads, rather than of anything in the world, and say which one is meant."""
    first, last = stops[0], stops[-1]
    about = {*last.tool.nouns, *last.gives} if last.detail else {*last.tool.nouns} - {last.kind}
    spoken, which = (max((found.near(stem) for stem in stems), default=0.0) for stems in (about, first.own))
    named = bool(found.names) and first.takes
    return spoken >= ALIKE and (named or (which >= ALIKE and which + spoken >= ALIKE + SAME))


def _all(known: Mapping[str, Place], fillable: Fillable, *, named: bool) -> Iterator[tuple[Place, ...]]:
    """All paths, each found from its end."""
    left = MOST
    stack: list[tuple[Place, ...]] = [(place,) for place in reversed(list(known.values()))]
    while stack and left:
        stops = stack.pop()
        first = stops[0]
        if first.link is None or first.link.name in fillable.get(first.tool.name, ()):
            asks = asking(first.tool)
            if asks is None or not asks.required or named:
                left -= 1
                yield stops
        elif len(stops) < LONGEST:
            stack += [(known[name], *stops) for name in known if name in first.before and known[name] not in stops]


def _score(found: Sought, stops: Sequence[Place], spoken: frozenset[str]) -> float:
    explained = sum(map(max, zip(*(p.weights for p in stops), strict=True)))
    ordered = (found.ordered & spoken) - {kind for p in stops for kind in p.gives}  # the latest issue: of some that are listed
    missed = ordered | spoken - {stem for p in stops for stem in (p.kind, *p.gives, *p.tool.nouns)}
    score: float = explained + sum(p.worth for p in stops) - TURNED * _turned(stops) - MISSED * len(missed)
    return score + _begun(found, stops[0]) + _answered(found, stops[-1])


def _turned(stops: Sequence[Place]) -> int:
    """What is asked for is said first, and whose it is behind it."""
    chosen: list[int] = []
    for weights in zip(*(p.weights for p in stops), strict=True):
        top = max(weights)
        if top >= LEAST and sum(w >= CLEARLY * top for w in weights) == 1:
            chosen.append(weights.index(top))
    return sum(a < b for a, b in pairwise(chosen))


def _begun(found: Sought, root: Place) -> float:
    """Whether what is named is looked for, and among things of its kind."""
    if not found.names:
        return 0.0
    if not root.takes:
        return -UNNAMED
    name, kinds = found.names[0], root.gives if asking(root.tool) else {root.kind}
    if not asking(root.tool) and any(f.name.lower().startswith(kind) for f in root.tool.fields if f.required for kind in name.kinds):
        return NAMED + KIND  # username: of a user
    near = max((name.kinds.get(kind, 0.0) for kind in kinds), default=0.0)
    told = KIND * near**2 if near else ANOTHER if name.kinds else 0.0
    return NAMED + told + (ANOTHER if kinds & name.others else 0.0)


def _answered(found: Sought, last: Place) -> float:
    """Whether the last answer is of the kind that is asked for, or tells the detail that is."""
    kinds = {last.kind} if last.link else last.gives
    answers = any(found.asked.get(kind, 0.0) >= SPOKEN for kind in last.gives) or any(found.asked.get(stem, 0.0) >= SAME for stem in last.own)
    told = any(weight > 0 for weight, word in zip(last.weights, found.words, strict=True) if word.detail)
    score = ANSWERS if answers else 0.0
    if last.detail and not answers and not told:
        score -= USELESS
    meant = found.names[0].kinds if found.names else {}
    if kinds and not kinds & meant.keys() and max(map(found.near, kinds)) < SPOKEN:
        score -= OTHERWISE
    return score
