"""One of several is chosen: weights of traits, so that the right one gets the most (conditional logit, L2, L-BFGS). The same every time."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MEMORY, STEPS, ENOUGH = 10, 120, 1e-6


@dataclass(frozen=True)
class Choice:
    """Alternatives by their traits, and which of them are right."""

    traits: Sequence[frozenset[str]]
    right: Sequence[bool]
    weight: float = 1.0


@dataclass(frozen=True)
class Prepared:
    """The same with numbers for traits."""

    names: list[str]
    choices: list[tuple[list[list[int]], Sequence[bool], float]]


def fitted(choices: Sequence[Choice], penalty: float, least: int = 3) -> dict[str, float]:
    """Weights of the traits that occur at least so often."""
    ready = _prepared([c for c in choices if any(c.right)], least)
    weights = _descended(ready, penalty)
    return {name: round(weight, 3) for name, weight in zip(ready.names, weights, strict=True) if abs(weight) > 0.005}


def share_right(choices: Sequence[Choice], weights: dict[str, float]) -> float:
    good = 0
    for choice in choices:
        worth = [sum(weights.get(t, 0.0) for t in traits) for traits in choice.traits]
        good += choice.right[worth.index(max(worth))]
    return good / len(choices) if choices else 0.0


def _prepared(choices: Sequence[Choice], least: int) -> Prepared:
    counts = Counter(t for choice in choices for traits in choice.traits for t in traits)
    names = sorted(name for name, count in counts.items() if count >= least)
    number = {name: n for n, name in enumerate(names)}
    return Prepared(names, [([sorted(number[t] for t in traits if t in number) for traits in c.traits], c.right, c.weight) for c in choices])


def _loss(ready: Prepared, weights: list[float], penalty: float) -> tuple[float, list[float]]:
    """The negative log-likelihood of what is right, and its gradient."""
    loss = 0.5 * penalty * sum(w * w for w in weights)
    gradient = [penalty * w for w in weights]
    for alternatives, right, much in ready.choices:
        worth = [sum([weights[t] for t in traits]) for traits in alternatives]
        top = max(worth)
        powers = [math.exp(w - top) for w in worth]
        total, good = sum(powers), sum(p for p, ok in zip(powers, right, strict=True) if ok) + 1e-300
        loss -= much * math.log(good / total)
        for traits, power, ok in zip(alternatives, powers, right, strict=True):
            push = much * (power / total - (power / good if ok else 0.0))
            if push:
                for t in traits:
                    gradient[t] += push
    return loss, gradient


def _descended(ready: Prepared, penalty: float) -> list[float]:
    weights = [0.0] * len(ready.names)
    loss, gradient = _loss(ready, weights, penalty)
    past: list[tuple[list[float], list[float]]] = []
    for _ in range(STEPS):
        way = _direction(gradient, past)
        slope, size = _dot(gradient, way), 1.0 if past else 1.0 / max(1.0, sum(map(abs, gradient)))
        while True:
            moved = [w + size * d for w, d in zip(weights, way, strict=True)]
            lower, steeper = _loss(ready, moved, penalty)
            if lower <= loss + 1e-4 * size * slope or size < 1e-10:
                break
            size /= 2
        step, change = [b - a for a, b in zip(weights, moved, strict=True)], [b - a for a, b in zip(gradient, steeper, strict=True)]
        if _dot(step, change) > 1e-10:
            past = [*past, (step, change)][-MEMORY:]
        done = abs(loss - lower) < ENOUGH * abs(loss)
        weights, loss, gradient = moved, lower, steeper
        if done:
            break
    return weights


def _direction(gradient: list[float], past: Sequence[tuple[list[float], list[float]]]) -> list[float]:
    """Two-loop recursion (Nocedal and Wright, algorithm 7.4)."""
    way, shares = list(gradient), []
    for step, change in reversed(past):
        share = _dot(step, way) / _dot(change, step)
        shares.append(share)
        way = [w - share * c for w, c in zip(way, change, strict=True)]
    if past:
        step, change = past[-1]
        scale = _dot(step, change) / _dot(change, change)
        way = [scale * w for w in way]
    for (step, change), share in zip(past, reversed(shares), strict=True):
        other = _dot(change, way) / _dot(change, step)
        way = [w + (share - other) * s for w, s in zip(way, step, strict=True)]
    return [-w for w in way]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))
