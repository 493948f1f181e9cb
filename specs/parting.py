"""Groups that are too large, parted by what lies below them: "Repos" into "Repo branches", "Repo hooks" and what is left. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TypeAlias

from specs.grouping import EVERYTHING, MANY, REST, Facts, Groups, by_noun
from specs.resources import Parts, led
from specs.tags import LARGEST
from specs.titles import LONGEST, compound, key, shortened, singular, spelling, title

_ENOUGH = 10  # operations: a part that stands for itself
Piece: TypeAlias = tuple[str, list[int]]


def parted(groups: Groups, facts: Facts) -> Groups:
    """No group of more than LARGEST operations, and no two of one name."""
    made: Groups = {name: members for name, members in groups.items() if len(members) <= LARGEST}
    numbers = {name.casefold(): 1 for name in made}
    others = {key(name) for name in groups}
    for name, members in sorted(groups.items()):
        if len(members) > LARGEST:
            ordered = sorted(members, key=facts.order)
            for part, some in _pieces(name, name, ordered, _below(name, [facts.paths[one] for one in ordered], others)):
                made[_free(part, numbers)] = some
    return made


def _free(name: str, numbers: dict[str, int]) -> str:
    """The name, or the next number of it that is free; takes it."""
    found, number = name, numbers.get(name.casefold(), 0) + 1
    while number > 1 and (found := f"{shortened(name, LONGEST - 8)} {number}").casefold() in numbers:
        number += 1
    numbers[name.casefold()] = number
    numbers.setdefault(found.casefold(), 1)
    return found


def _below(whole: str, paths: Sequence[Parts], others: Collection[Parts]) -> list[Parts]:
    """What comes behind the group's own name, else behind that of another group: "actions" of an org and of a repo are actions."""
    if whole in (REST, EVERYTHING):
        return list(paths)
    own = key(whole)
    found = []
    for path in paths:
        place = next((number for number, part in enumerate(path, 1) if key(part) == own), 0)
        found.append(path[place or int(len(path) > 1 and key(path[0]) in others) :])
    return found


def _pieces(whole: str, name: str, members: Sequence[int], paths: Sequence[Parts]) -> list[Piece]:
    """By the next part of the paths: large parts stand for themselves, and as many of the others as must."""
    if len(members) <= LARGEST:
        return [(name, list(members))]
    inner = led(paths)
    below: dict[str, list[int]] = {}  # places in `members`
    for place, path in enumerate(inner):
        below.setdefault(singular(path[0].lower()) if path else "", []).append(place)
    made: list[Piece] = []
    left = set(range(len(members)))
    for part, places in sorted(below.items(), key=lambda item: (-len(item[1]), item[0])):
        if part and (len(places) >= _ENOUGH or (len(places) > 1 and len(left) > LARGEST)):
            left -= set(places)
            spelt = Counter(inner[one][0] for one in places)
            sub = _inside(whole, title(spelling(spelt)))
            made += _pieces(whole, sub, [members[one] for one in places], [inner[one][1:] for one in places])
    return _with_left(whole, name, made, {members[one]: inner[one] for one in sorted(left)})


def _inside(whole: str, part: str) -> str:
    return part if whole in (REST, EVERYTHING) else compound(whole, part)


def _with_left(whole: str, name: str, made: list[Piece], left: dict[int, Parts]) -> list[Piece]:
    """What no part took: by its nouns where it is too much, else in even portions. One alone goes to the smallest part."""
    homes = by_noun({one: " ".join(path) for one, path in left.items()}, {}) if LARGEST < len(left) <= MANY else {}
    found: Groups = {}
    for one in left:
        found.setdefault(_inside(whole, homes[one]) if one in homes else name, []).append(one)
    pieces = [*made, *((label, portion) for label, members in found.items() for portion in _portions(members))]
    alone = [piece for piece in pieces if len(piece[1]) == 1]
    pieces = [piece for piece in pieces if len(piece[1]) > 1]
    for _, (one,) in alone:
        place = min(range(len(pieces)), key=lambda place: (len(pieces[place][1]), pieces[place][0]))
        pieces[place] = (pieces[place][0], [*pieces[place][1], one])
    return pieces


def _portions(members: list[int]) -> list[list[int]]:
    count = -(-len(members) // LARGEST)
    return [members[len(members) * n // count : len(members) * (n + 1) // count] for n in range(count)]
