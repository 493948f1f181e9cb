"""The words of the tools at hand: what another language is put into, so that it speaks as the document does. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.builtin import words
from engine.builtin.toolbox import Field, Tool, which


@dataclass(frozen=True, slots=True)
class Facet:
    """What one operation is called by: stems of its verbs, its things and its fields; `core`: the things of its name, `one`: what its id is of."""

    verbs: frozenset[str]
    nouns: frozenset[str]
    fields: frozenset[str]
    core: frozenset[str]
    one: str
    verb: str
    pair: tuple[str, str] | None  # add a user to a group: what comes to what
    identified: bool  # it is for one that is there already


def _facet(tool: Tool) -> Facet:
    ones = [next((noun for noun in tool.nouns if noun in f.own_words or f.name.lower().startswith(noun)), "") for f in which(tool)]
    fields = frozenset(w for f in tool.fields for w in f.words)
    said = words.parts(tool.summary)
    mark = next((n for n, word in enumerate(said) if word in ("to", "into", "from")), len(said))
    whole = {words.stem(word) for word in said[mark:]}
    both = [
        next((noun for noun in (*tool.nouns, *tool.topics) if noun in f.own_words or f.name.lower().startswith(noun)), "") for f in tool.identifiers
    ]
    sides = (next((one for one in both if one and one not in whole), ""), next((one for one in both if one in whole), ""))
    return Facet(
        verbs=frozenset() if tool.reads else tool.verbs,
        nouns=frozenset((*tool.nouns, *tool.topics)),
        fields=fields,
        core=frozenset(tool.nouns),
        one=next(filter(None, ones), ""),
        verb=next(iter(words.parts(tool.name)), ""),
        pair=sides if all(sides) else None,
        identified=bool(which(tool)) and tool.action != "create",
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """The words of the tools at hand, by stem; listed values as they are written."""

    facets: tuple[Facet, ...] = ()
    nouns: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()  # things that can be listed
    single: frozenset[str] = frozenset()  # things that an id tells apart
    names: tuple[str, ...] = ()  # of the fields, in words
    choosers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of a listed value: the fields that list it
    owners: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # of a listed value: what is listed by it, and by which field
    searched: tuple[str, ...] = ()  # what can be searched for a word
    kinds: frozenset[frozenset[str]] = frozenset()  # values that are listed together
    spelled: frozenset[str] = frozenset()  # the words as they are written: who asks for a book wants no booking

    def thing(self, meanings: Sequence[str]) -> str | None:
        """The first meaning that the document knows, if it is a thing of it: a department that is a field is no group."""
        found = next((each for each in meanings if set(words.stems(each)) <= self.nouns | self.fields and self.written(each)), None)
        return found if found is not None and set(words.stems(found)) <= self.nouns else None

    def written(self, meaning: str) -> bool:
        return all({each, f"{each}s", f"{each}es", f"{each[:-1]}ies"} & self.spelled for each in meaning.lower().split())

    def field(self, meanings: Sequence[str]) -> str | None:
        return next((each for each in meanings if set(words.stems(each)) <= self.fields and self.written(each)), None)

    def listed(self, meanings: Sequence[str]) -> str | None:
        return next((self.values[key] for each in meanings if (key := plain(each)) in self.values), None)

    def bounded(self, name: str, *, lower: bool) -> str | None:
        """The field for one end of such a number: price, at most: max price."""
        ends = words.BEGIN_WORDS if lower else words.FINISH_WORDS
        return next((each for each in self.names if set(words.stems(name)) < {*words.stems(each)} and ends & set(each.split())), None)

    def has(self, verb: str, things: frozenset[str] = frozenset()) -> bool:
        """Whether an operation has the verb, for one of the things if any are given."""
        wanted = set(words.stems(verb))
        return any(wanted & facet.verbs and (not things or things & facet.nouns) for facet in self.facets)

    def near(self, verb: str, things: frozenset[str]) -> frozenset[str]:
        """Fields of the operations that the verb and the things speak of."""
        wanted = set(words.stems(verb))
        fitting = [f for f in self.facets if (wanted & f.verbs or not wanted) and (not things or things & f.nouns)]
        return frozenset(stem for facet in fitting for stem in facet.fields)


def offered(tools: Iterable[Tool]) -> Offered:
    known = list(tools)
    fields = [f for tool in known for f in tool.fields]
    return Offered(
        tuple(map(_facet, known)),
        frozenset(noun for tool in known for noun in (*tool.nouns, *tool.topics)),
        frozenset(stem for f in fields for stem in f.words),
        {plain(str(v)): str(v) for f in fields for v in f.choices if isinstance(v, str)},
        frozenset(stem for f in fields if f.role == "switch" for stem in f.words),
        frozenset(noun for tool in known if tool.plural and tool.reads for noun in tool.nouns),
        frozenset(
            stem
            for tool in known
            for f in tool.fields
            if f in which(tool)
            for stem in (*f.own_words, *(n for n in tool.nouns if f.name.lower().startswith(n)))
        ),
        tuple(dict.fromkeys(" ".join(words.parts(f.name)) for f in fields)),
        _choosers(fields),
        {
            str(v): (t.nouns[-1], " ".join(words.parts(f.name)))
            for t in known
            if t.plural and t.reads and t.nouns
            for f in t.fields
            for v in f.choices
        },
        tuple(t.nouns[-1] for t in known if t.plural and t.reads and t.nouns and any(f.role == "search" for f in t.fields)),
        frozenset(frozenset(str(v) for v in f.choices) for f in fields if f.choices),
        frozenset(
            (
                *(w for t in known for name in (t.name, t.summary) for w in words.parts(name) if words.stem(w) not in t.verbs),
                *(w for f in fields for w in words.parts(f.name)),
            )
        ),
    )


def _choosers(fields: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for each in fields:
        for value in map(str, each.choices):
            found[value] = (*found.get(value, ()), " ".join(words.parts(each.name)))
    return found


def plain(text: str) -> str:
    return re.sub(r"[\s_-]", "", text).lower()


NOTHING = Offered()
