"""Where an operation that is alone in its group belongs: with what is nearest to it by name, path, noun or schema. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from specs.catalogue import Raw
from specs.resources import Parts, nouns, schemas
from specs.tags import LARGEST
from specs.titles import key, listed, sentence, spelling, title

Groups: TypeAlias = dict[str, list[int]]  # name -> places in the list of operations; "" for those that nothing is known of
Homes: TypeAlias = dict[int, str]

REST, EVERYTHING = "Other", "General"
_NEAR = 3  # parts of a path
_LOOKED_AT = 10  # operations of a group, for their schemas
MANY = 5000  # operations alone: as many are looked at closely
_COMMON = 3  # groups: a schema of more says nothing
_NAMED = 3  # of operations that belong nowhere: as many are named
_READABLE = 45  # characters of names in a row
_KEEPS_ALL = frozenset(("other", "others", "misc", "miscellaneous", "general", "utilities", "utility", "meta", "various"))


@dataclass(frozen=True, slots=True)
class Facts:
    """`paths` are those of `raws`, without what leads to most of them."""

    raws: Sequence[Raw]
    paths: Sequence[Parts]

    def order(self, one: int) -> tuple[str, str]:
        return (self.raws[one].path, self.raws[one].method)


@dataclass(frozen=True, slots=True)
class Joining:
    """`lone` operations by the name they had for themselves, and the `groups` there are to join."""

    lone: Mapping[int, str]
    groups: Groups
    facts: Facts

    def nearest(self, votes: Mapping[str, float]) -> str:
        """The group with most votes; one that is full comes last."""
        return min(votes, key=lambda name: (len(self.groups[name]) == LARGEST, -votes[name], name))


def joined(groups: Groups, facts: Facts) -> Groups:
    """No group of one operation: those find a home by name, path, words or schemas, and else with each other."""
    nameless = dict.fromkeys(groups.get("", ()), "")
    alone = {members[0]: name for name, members in groups.items() if len(members) == 1} | nameless
    lone = dict(sorted(alone.items(), key=lambda item: facts.order(item[0])))
    kept = {name: members for name, members in groups.items() if len(members) > 1 and name}
    steps: tuple[Callable[[Joining], Homes], ...] = (_by_name, _by_path, _by_noun, _by_schema) if len(lone) <= MANY else (_by_path,)
    for step in steps:
        if lone:
            homes = step(Joining(lone, kept, facts))
            lone = {one: name for one, name in lone.items() if one not in homes}
            kept = _with(kept, homes)
    return _with_rest(kept, Joining(lone, kept, facts)) if lone else kept


def _with(groups: Groups, homes: Homes) -> Groups:
    moved = {name: [one for one in members if one not in homes] for name, members in groups.items()}
    grown = {name: members for name, members in moved.items() if members}
    known = {name.casefold(): name for name in grown}
    for one, name in homes.items():
        grown.setdefault(known.setdefault(name.casefold(), name), []).append(one)
    return grown


def _by_name(joining: Joining) -> Homes:
    """ "Facet search" joins "Search", "Storage" joins "Storage v1"."""
    whole = {key(name): name for name in sorted(joining.groups, reverse=True)}
    begun: dict[Parts, dict[str, float]] = {}
    for name, members in joining.groups.items():
        for count in range(1, len(key(name))):
            begun.setdefault(key(name)[:count], {})[name] = len(members)
    homes: Homes = {}
    for one, name in joining.lone.items():
        own = key(name) if name else ()
        pieces = [piece for count in range(len(own), 0, -1) for piece in (own[-count:], own[:count])]
        found = next((whole[piece] for piece in pieces if piece in whole), None)
        alike = next((begun[piece] for count in range(len(own), 0, -1) if (piece := own[:count]) in begun), {})
        if found or 0 < len(alike) <= (_COMMON if own not in begun else len(alike)):
            homes[one] = found or joining.nearest(alike)
    return homes


def _by_path(joining: Joining) -> Homes:
    """With those whose paths begin alike. Lone ones of one resource make a group, also out of a group that lies there and is smaller."""
    paths = joining.facts.paths
    lying: defaultdict[Parts, Counter[str]] = defaultdict(Counter)
    for name, members in joining.groups.items():
        for one in members:
            for near in _beginnings(paths[one]):
                lying[near][name] += 1
    beside: dict[str, list[int]] = {}
    for one in joining.lone:
        if paths[one]:
            beside.setdefault(paths[one][0], []).append(one)
    homes: Homes = {}
    for resource, alone in beside.items():
        there = lying.get((resource,), Counter())
        inside = {name for name, count in there.items() if count == len(joining.groups[name])}
        if len(alone) > max(1, there.total()) and len(inside) == len(there):
            homes |= dict.fromkeys([*alone, *(one for name in inside for one in joining.groups[name])], title(resource))
        else:
            homes |= {one: joining.nearest(lying[near]) for one in alone for near in _beginnings(paths[one]) if near in lying}  # the longest is last
    return homes


def _beginnings(path: Parts) -> list[Parts]:
    return [path[:count] for count in range(1, min(len(path), _NEAR) + 1)]


def _by_noun(joining: Joining) -> Homes:
    return by_noun({one: name or " ".join(joining.facts.paths[one]) for one, name in joining.lone.items()}, joining.groups)


def by_noun(names: Mapping[int, str], groups: Groups) -> Homes:
    """Functions about one thing: "get_weather", "list_weather_alerts". Groups that are named by one noun take part."""
    said = {one: dict(nouns(name)) for one, name in names.items()}
    spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pairs in said.values():
        for noun, word in pairs.items():
            spelt[noun][word] += 1
    named = {key(name)[0]: name for name in groups if len(key(name)) == 1}
    counts = {noun: spellings.total() + len(groups.get(named.get(noun, ""), ())) for noun, spellings in spelt.items()}
    chosen = {one: _leading(pairs, counts) for one, pairs in said.items()}
    sizes = Counter(filter(None, chosen.values()))
    enough = 2 if len(names) <= LARGEST else 3  # among many names two share a word by chance
    there = {noun: size for noun, size in sizes.items() if size >= enough} | dict.fromkeys(named, 2)
    settled = {one: noun if noun in there else _leading(said[one], there) for one, noun in chosen.items()}
    return {one: named.get(noun) or sentence([spelling(spelt[noun])]) for one, noun in settled.items() if noun}


def _leading(said: Iterable[str], counts: Mapping[str, int]) -> str:
    """The noun that most have, but not too many; "" where nobody shares one."""
    shared = [noun for noun in said if counts.get(noun, 0) > 1]
    return min(shared, key=lambda noun: (counts[noun] > LARGEST, -counts[noun], noun), default="")


def _by_schema(joining: Joining) -> Homes:
    """With those that take and give the same; what most groups know (errors, pages) says nothing."""
    raws = joining.facts.raws
    own = {one: sorted(schemas(raws[one].operation)) for one in joining.lone}
    known: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, members in joining.groups.items() if any(own.values()) else ():
        for one in sorted(members, key=joining.facts.order)[:_LOOKED_AT]:
            for schema in schemas(raws[one].operation):
                known[schema][name] += 1
    shared = Counter(schema for found in own.values() for schema in found)
    knowing = {schema: len(known.get(schema, ())) + count for schema, count in shared.items()}
    most = max(2, (len(joining.groups) + len(own)) // 2)
    homes: Homes = {}
    for one, found in own.items():
        votes: Counter[str] = Counter()
        for schema in found:
            if len(known.get(schema, ())) <= _COMMON and knowing[schema] <= most:
                votes.update(known.get(schema, {}))
        if votes:
            homes[one] = joining.nearest(votes)
    alone = {one: found for one, found in own.items() if one not in homes}
    pairs = {one: next((schema for schema in found if 1 < shared[schema] <= LARGEST and schema not in known), "") for one, found in alone.items()}
    counts = Counter(pairs.values())
    return homes | {one: title(schema) for one, schema in pairs.items() if title(schema) and counts[schema] > 1}


def _with_rest(groups: Groups, joining: Joining) -> Groups:
    """What belongs nowhere: with a group for such things, else together, else with the smallest group."""
    lone = list(joining.lone)
    catching = min((name for name in groups if name.casefold() in _KEEPS_ALL), default="")
    if catching:
        return _with(groups, dict.fromkeys(lone, catching))
    names = list(dict.fromkeys(filter(None, joining.lone.values())))
    told = listed(names) if 0 < len(names) <= _NAMED and all(joining.lone.values()) and sum(map(len, names)) <= _READABLE else REST
    if not groups:
        return {told if len(lone) < 3 and told != REST else EVERYTHING: lone}
    if len(lone) > 1:
        return _with(groups, dict.fromkeys(lone, told))
    smallest = min(groups, key=lambda name: (len(groups[name]), name))
    both = listed((smallest, told))
    name = smallest if told == REST or " and " in smallest or both in groups or len(smallest) + len(told) > _READABLE else both
    return {(name if one == smallest else one): [*members, *lone] if one == smallest else members for one, members in groups.items()}
