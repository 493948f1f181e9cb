"""The reading operations as stops of a path: what each needs an id of, which its answer holds, which words of a question it explains. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from engine.builtin import words
from engine.builtin.sought import Sought, Word
from engine.builtin.toolbox import Field, Tool

STEP = 0.8  # what one more operation must explain
LATER = 0.02  # what a place further down the offer costs
UNSAID = 1.0  # the words of an operation's name that nobody said
DETAIL = 0.7  # how well a detail of one thing is explained by what reads all about it
GIVEN = 0.7  # how well a kind of thing is explained by an answer that holds some
UNKNOWN = 1.8  # how much a word says that no operation has
ORDERED = 0.4  # of somebody's things "the latest" is found by their order
LEAST, OFTEN = 0.35, 0.5  # less does not explain a word; tells of such things
SAME = 0.9  # as near as a word of the same stem
NEUTRAL = frozenset(words.stem(w) for w in ("detail", "details", "info", "information", "list", "all", "by", "id"))
ADJECTIVES = frozenset(words.stem(w) for w in (*words.EMPTY, *words.ORDINALS, "random", "popular", "trending", "featured", "me", "my"))

Fillable = Mapping[str, frozenset[str]]  # of each operation the required fields that the words fill


@dataclass(frozen=True, slots=True)
class Place:
    """An operation as a stop of a path."""

    tool: Tool
    link: Field | None  # the required id that another operation supplies
    kind: str  # what that id is of
    before: frozenset[str] = frozenset()  # the operations that supply it
    gives: frozenset[str] = frozenset()  # kinds of things whose ids its answer holds
    takes: bool = False  # a name that was said
    own: tuple[str, ...] = ()  # stems of its name that tell it from others of its kind
    detail: bool = False  # reads all about one thing
    weights: tuple[float, ...] = ()  # how well it explains each word, by how much the word says
    worth: float = 0.0  # of itself, wherever it stands


def asking(tool: Tool) -> Field | None:
    """The field that takes a name to look for."""
    plain = words.SEARCH_WORDS | words.NAME_WORDS
    found = [f for f in tool.fields if f.role in ("search", "name") and len(f.path) == 1 and not f.suppliers]
    return min((f for f in found if plain.issuperset(words.parts(f.name))), key=lambda f: f.role != "search", default=None)


def linking(tool: Tool, said: frozenset[str] = frozenset()) -> Field | None:
    """The required id that another operation supplies: the first that was not said, of an issue's in anna/notes the number."""
    linked = [f for f in tool.fields if f.required and f.suppliers]
    return next((f for f in linked if f.name not in said), next(iter(linked), None))


def places(found: Sought, tools: Mapping[str, Tool], fillable: Fillable, end: Tool | None = None) -> dict[str, Place]:
    """The operations that a path can lead through, by name. `end`: one that changes something, to which it is to lead."""
    reading = [t for t in tools.values() if (t.reads or t is end) and _whole(t, fillable)]
    links = {t.name: linking(t, fillable.get(t.name, frozenset())) for t in reading}
    bare = {t.name: Place(t, links[t.name], _kind(links[t.name], t, tools), takes=_takes(t, fillable)) for t in reading}
    linked = {name: replace(place, before=frozenset(_suppliers(place, reading, found))) for name, place in bare.items()}
    given = {name: frozenset(p.kind for p in linked.values() if name in p.before) for name in linked}
    named = {name: _named(replace(place, gives=given[name]), found, n) for n, (name, place) in enumerate(linked.items())}
    rare = [_rarity(word, tools, named=bool(found.names)) for word in found.words]
    return {name: replace(place, weights=_weights(place, named, found, rare)) for name, place in named.items()}


def _whole(tool: Tool, fillable: Fillable) -> bool:
    """Whether all that it requires is said, but for a name to look for and the id that comes from elsewhere."""
    said = fillable.get(tool.name, frozenset())
    open_fields = (linking(tool, said), asking(tool))
    return all(f in open_fields or f.name in said for f in tool.fields if f.required)


def _takes(tool: Tool, fillable: Fillable) -> bool:
    """To look for it, for an id to be looked up, or as it is."""
    said = fillable.get(tool.name, frozenset())
    return bool(asking(tool) or linking(tool)) or any(f.name in said and f.role not in ("choice", "number") for f in tool.fields)


def _kind(field: Field | None, tool: Tool, tools: Mapping[str, Tool]) -> str:
    """What its id is of: movie of movie_id; of a mere "id" what the operation and its supplier are both about."""
    if field is None:
        return ""
    if field.own_words:
        return field.own_words[-1]
    others = [set(tools[s.operation].nouns) for s in field.suppliers if s.operation in tools]
    return next((n for n in tool.nouns if any(n in o for o in others)), next(iter(tool.nouns), ""))


def _suppliers(place: Place, reading: Sequence[Tool], found: Sought) -> Iterator[str]:
    """Those that the document tells; those that an argument tells to answer with such things (type=album), and those that find one by themselves."""
    if place.link is None:
        return
    told = {s.operation for s in place.link.suppliers}
    spoken = found.near(place.kind) >= SAME
    for tool in reading:
        free = spoken and linking(tool) is None and (place.kind in listed(tool) or _is_one(tool, place.kind))
        if tool.reads and tool is not place.tool and (tool.name in told or free):
            yield tool.name


def listed(tool: Tool) -> set[str]:
    """Stems of the values that its required arguments can have."""
    return {words.stem(str(v)) for f in tool.fields if f.required and f.role == "choice" for v in f.choices}


def _is_one(tool: Tool, kind: str) -> bool:
    """latestMovie, currentUser: one thing, that is found without an id."""
    return not any(f.required for f in tool.fields) and kind in tool.nouns and set(tool.nouns) - {kind} <= ADJECTIVES


def _named(place: Place, found: Sought, order: int) -> Place:
    """With what its name says beside the kind of thing, and what it costs that nobody said it."""
    plain = NEUTRAL | {place.kind} | {w for f in place.tool.fields if f.required for w in f.words}
    nouns = [n for n in dict.fromkeys(place.tool.nouns) if n not in plain and words.action_of(n) is None]
    own = tuple(n for n in nouns if n not in place.gives)
    unsaid = sum(found.near(n) < LEAST for n in own) / len(own) if own else 0.0
    bridges = any(found.near(kind) >= SAME for kind in place.gives)
    worth = -STEP - LATER * order - UNSAID * unsaid * (0.5 if bridges else 1.0)
    return replace(place, own=own, detail=place.link is not None and not nouns, worth=worth)


def _weights(place: Place, others: Mapping[str, Place], found: Sought, rare: Sequence[float]) -> tuple[float, ...]:
    beside = [p.tool for p in others.values() if p.kind == place.kind and p is not place] if place.detail else []
    kinds = frozenset(p.kind for p in others.values())
    known = (max(_explains(w, place.tool, place.gives), _detail(w, place.kind, beside, kinds) if place.detail else 0.0) for w in found.words)
    return tuple(weight * said for weight, said in zip(known, rare, strict=True))


def _explains(word: Word, tool: Tool, gives: frozenset[str] = frozenset()) -> float:
    known = max((factor * tool.vocabulary.get(stem, 0.0) for stem, factor in word.like.items()), default=0.0)
    chosen = 1.0 if not word.same.isdisjoint(listed(tool)) else 0.0
    return max(known, chosen, max((GIVEN * word.like.get(kind, 0.0) for kind in gives), default=0.0))


def _detail(word: Word, kind: str, beside: Sequence[Tool], kinds: frozenset[str]) -> float:
    """The budget of a movie, where no other operation of movies tells of budgets."""
    if not word.detail or not kinds.isdisjoint(word.same) or (word.owner & kinds and kind not in word.owner):
        return 0.0
    return 0.0 if any(_explains(word, tool) >= OFTEN for tool in beside) else DETAIL


def _rarity(word: Word, tools: Mapping[str, Tool], *, named: bool) -> float:
    holders = sum(_explains(word, tool) >= LEAST for tool in tools.values())
    said = 0.5 + log(1 + len(tools) / holders) if holders else UNKNOWN
    return said * ORDERED if word.order and named else said
