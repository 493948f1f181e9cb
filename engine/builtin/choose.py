"""Which tool a request asks for, and how sure it is that any is meant: what tells for each, weighed by weights that were learned.

bench/fit_choose.py makes the weights; `choosing.json` holds them by the names of the features.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp

from engine.builtin.choosing import CHOOSING, MEANING
from engine.builtin.features import compared, said
from engine.builtin.gist import traits
from engine.builtin.mentions import pair
from engine.builtin.rules import Ruled, rarities, ruled
from engine.builtin.toolbox import Tool, paired, which
from engine.builtin.wanted import Things, implied, nouns_of, understand
from engine.wholes import asks_for_all
from specs.words import tokens

WHOLE = 1.5  # points of an operation for all of a kind, where all are asked for
POINTS, MANY = 2.0, 5.0  # of the rules, that count as one
EARLY = 3  # places in the offer; behind them the place tells nothing
ORDER = 2.5  # what the first of them counts: set by hand, since what was used lately does not stand in the order of the words
CERTAIN, BARRED = 3.0, -10.0  # what grammar alone settles
WIDE = 3.0  # a margin above which more tells nothing


@dataclass(frozen=True, slots=True)
class Ranked:
    tool: Tool
    score: float
    rules: Ruled
    meant: float  # how sure it is, from 0 to 1, that it is meant rather than nothing that is offered
    features: Mapping[str, float]

    @property
    def support(self) -> float:
        return self.rules.support

    @property
    def unplaced(self) -> float:
        """The score by the words alone."""
        return self.score - ORDER * self.features["offered early"]


def rank(text: str, tools: Mapping[str, Tool], spoken: Sequence[str] = ()) -> list[Ranked]:
    """Best first. `spoken` are stems of what "it" in the text stands for."""
    return list(_ranked(text, tuple(tools.items()), tuple(spoken)))


@lru_cache(maxsize=32)  # of one turn: the same words are looked at as a whole, by clauses, and for what comes second
def _ranked(text: str, offered: tuple[tuple[str, Tool], ...], spoken: tuple[str, ...]) -> tuple[Ranked, ...]:
    tools = dict(offered)
    halves = (pair(text) or ()) if any(paired(tool.fields) for tool in tools.values()) else ()
    own = frozenset(verb for tool in tools.values() if not tool.reads for verb in tool.verbs)
    wanted = understand(text, Things(nouns_of(tools.values()), own), frozenset(spoken), halves)
    wanted = replace(wanted, implied=implied(wanted, tools.values()))
    rare, sentence = rarities(tools.values()), said(wanted)
    found: list[Ranked] = []
    for place, tool in enumerate(tools.values()):
        whole = _one(tool, tools) is not None
        if not whole or asks_for_all(text, tokens(tool.name)):
            rules = ruled(wanted, tool, rare)
            features = {**_by_rules(rules, place, WHOLE if whole else 0.0), **compared(sentence, traits(tool))}
            score = _learned(features) + (BARRED if rules.barred else CERTAIN if rules.certain else 0.0)
            found.append(Ranked(tool, score, rules, 0.0, features))
    return tuple(_sure(sorted(found, key=lambda r: (-r.score, len(r.tool.name), r.tool.name))))


def _learned(features: Mapping[str, float]) -> float:
    return sum(weight * features[name] for name, weight in CHOOSING.items()) + ORDER * features["offered early"]


def _by_rules(rules: Ruled, place: int, more: float) -> dict[str, float]:
    """Tools are offered best first by a search over the whole document, which knows more words than their definitions."""
    return {
        "offered early": 1 - min(place, EARLY) / EARLY,
        "words by rules": rules.words / MANY,
        "verb": rules.verb / POINTS,
        "mood": rules.mood,
        "shape": (rules.shape + more) / POINTS,
        "values": rules.values / POINTS,
        "own verb": float(rules.own_verb),
        "other deed": float(rules.other_deed),
        "foreign": float(rules.foreign),
        "sets": float(rules.sets),
        "pointed": float(rules.pointed),
    }


def _sure(ranked: Sequence[Ranked]) -> list[Ranked]:
    others = [ranked[1 if n == 0 else 0].score if len(ranked) > 1 else None for n in range(len(ranked))]
    return [one if one.rules.barred else replace(one, meant=_meant(one, other)) for one, other in zip(ranked, others, strict=True)]


def _meant(one: Ranked, other: float | None) -> float:
    if one.rules.certain or one.rules.pointed:
        return 1.0
    features = {**one.features, **alone(one.features), "margin": min(one.score - other, WIDE) / WIDE if other is not None else 0.5, "always": 1.0}
    return 1 / (1 + exp(-sum(weight * features[name] for name, weight in MEANING.items())))


def alone(features: Mapping[str, float]) -> dict[str, float]:
    return {"name or summary said": max(features["name said"], features["summary said"])}


def _one(tool: Tool, tools: Mapping[str, Tool]) -> Tool | None:
    """Of an operation that changes all of a kind at once: the one for one of them."""
    if not tool.changes or tool.action == "create":
        return None
    required = {f.path for f in tool.fields if f.required}
    doing = (t for t in tools.values() if t.action == tool.action and (tool.action or t.verbs & tool.verbs))
    alike = (t for t in doing if t.nouns and {*t.nouns} <= {*tool.nouns} and required < {f.path for f in t.fields if f.required})
    return next((t for t in alike if any(f.path not in required for f in which(t))), None)


def spoken_about(text: str, tools: Mapping[str, Tool]) -> frozenset[str]:
    """Stems of what has the details that a text names, where it names no thing itself."""
    return implied(understand(text, Things(nouns_of(tools.values()), frozenset()), frozenset(), ()), tools.values())
