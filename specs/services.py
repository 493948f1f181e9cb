"""Operations that belong together, under a name a person would give: by tags, else by what paths are about, else by words and shared schemas."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from specs.catalogue import Raw
from specs.grouping import MANY, Facts, Groups, joined
from specs.model import Service
from specs.parting import parted
from specs.resources import Parts, led, parts
from specs.tags import descriptions, labels
from specs.titles import singular, spelling, title

_NOTHING: Mapping[str, Any] = {}


def service_names(raws: Sequence[Raw], root: Mapping[str, Any] = _NOTHING) -> dict[str, str]:
    """The service's name of every operation id: 2 to 60 operations each, where the document has as many. Their order does not matter."""
    facts = Facts(raws, led([parts(raw.path) for raw in raws]))
    told = labels(raws, facts.paths, root)
    groups = _gathered(_completed(told, facts.paths))
    return {raws[one].id: name for name, members in parted(joined(groups, facts), facts).items() for one in members}


def services(root: Mapping[str, Any], raws: Sequence[Raw], names: Mapping[str, str]) -> tuple[Service, ...]:
    members: dict[str, list[str]] = {}
    for one in raws:
        members.setdefault(names[one.id], []).append(one.id)
    described = descriptions(raws, root)
    return tuple(Service(name, described.get(name, ""), tuple(ids)) for name, ids in members.items())


def _completed(told: Sequence[str], paths: Sequence[Parts]) -> list[str]:
    """Operations without a label get that of most others on the same resource, else the resource's name."""
    keys = {part: singular(part.lower()) for part in {path[0] for path in paths if path}}
    spelt: dict[str, Counter[str]] = {}
    labelled: dict[str, Counter[str]] = {}
    for label, path in zip(told, paths, strict=True):
        if path:
            counts = labelled if label else spelt
            counts.setdefault(keys[path[0]], Counter())[label or path[0]] += 1
    if sum(spellings.total() == 1 for spellings in spelt.values()) > MANY:  # nobody would read so many names
        spelt = {one: spellings for one, spellings in spelt.items() if spellings.total() > 1}
    names = {one: title(spelling(spellings)) for one, spellings in spelt.items()} | {one: most(found) for one, found in labelled.items()}
    return [label or (names.get(keys[path[0]], "") if path else "") for label, path in zip(told, paths, strict=True)]


def _gathered(told: Iterable[str]) -> Groups:
    """Titles that differ in capitals only are one."""
    spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)
    members: dict[str, list[int]] = {}
    for number, label in enumerate(told):
        spelt[label.casefold()][label] += 1
        members.setdefault(label.casefold(), []).append(number)
    return {most(spelt[one]): numbers for one, numbers in members.items()}


def most(counts: Mapping[str, int]) -> str:
    """The most frequent; of equals the first by alphabet, whatever the document's order."""
    return min(counts, key=lambda one: (-counts[one], one))
