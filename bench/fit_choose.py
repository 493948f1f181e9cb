"""Learns the weights by which the built-in model chooses an operation, and by which it says that none is meant. Writes engine/builtin/choosing.json.

    .venv/bin/python -m bench.fit_choose [--eval DIR] [--dry]

Only rows of sources and documents that are for tuning are read (bench/played.py, bench/selection.py), the rows of our own for tuning
(korean.jsonl and english_turns), and chosen.jsonl: sentences about the small products of the tests. Two models, both linear over the features of
engine/builtin/features.py, both by Newton's method with a ridge, so that the same rows give the same weights:

choosing: a softmax over the operations offered for a sentence; a source counts by the root of its rows, so that no large one decides.
meaning: a logistic for the best one. Sentences with their operations offered, and with the right one alone, against sentences for which a set says
that nothing fits, and against sentences about one document asked of another.

Printed: how many rows have the right operation first, for each group of sources as it is learned and with that group left out.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import exp
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson

from bench.korean import read as document_of
from bench.parts import ROOT, table
from bench.played import Stage, plain, tuned_on
from bench.selection import held_out, rows
from engine.ask import tool_json
from engine.builtin import hangul, toolbox
from engine.builtin.choose import ORDER, WIDE, Ranked, alone, rank
from engine.builtin.toolbox import Tool
from specs.document import Document
from tools.search import offer

FILE = ROOT / "engine" / "builtin" / "choosing.json"
CHOOSING = (
    "words by rules", "verb", "mood", "shape", "values", "words in its name", "words anywhere", "words anywhere, the same", "name said",
    "summary said", "object anywhere", "values missing", "names left", "time taken", "place taken", "address taken", "required", "required found",
    "own verb", "other deed", "foreign", "sets", "pointed",
)  # fmt: skip
MEANING = (
    "words by rules", "shape", "words anywhere", "strangers", "summary said", "name or summary said", "object anywhere", "time taken",
    "complete", "values left", "margin", "always", "own verb", "foreign", "sets",
)  # fmt: skip
RIDGE = 0.5
OURS, KOREAN, ENGLISH = "ours", "Korean", "English"
PLAIN = 3.0  # how much more than others a sentence counts that somebody types to a product of everyday
ELSEWHERE = ("demo", "real/github.json.gz", "real/slack_v2.json.gz")  # documents of products that no sentence for tuning is about
HALF = 0.5  # what a sentence of our own counts for `meaning`: most are plain, and all of them mean something
SHARES = {"offered": 1.0, "alone": 0.5, "nothing fits": 3.0, "other document": 1.0}  # what one row of a kind counts for `meaning`
Vector = list[float]
Operation = tuple[str, str]


@dataclass
class Sample:
    """A sentence and what it is compared with: features of each tool that is offered, by the operation."""

    group: str
    text: str
    gold: frozenset[Operation]
    found: dict[Operation, Mapping[str, float]]
    kind: str = "offered"
    weight: float = 1.0
    best: Vector = field(default_factory=list)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    options.add_argument("--dry", action="store_true", help="write nothing")
    given = options.parse_args()
    stage = Stage(given.eval / "specs")
    own = [*ours()]
    samples = [*wanted(given.eval, stage), *(sample for sample in own if sample.gold), *korean(stage)]
    everyday = [*english()]
    samples += [sample for sample in everyday if sample.gold]
    weigh(samples)
    choosing = fit_choosing(samples)
    meant = [*judged(samples, given.eval, stage), *(sample for sample in (*own, *everyday) if not sample.gold)]
    meaning = fit_meaning(meant, choosing)
    print(shown(samples, choosing), told(meant, choosing, meaning), sep="\n\n")
    if not given.dry:
        found = {"choosing": named(CHOOSING, choosing), "meaning": named(MEANING, meaning)}
        FILE.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")


def named(names: Sequence[str], weights: Vector) -> dict[str, float]:
    return {name: round(weight, 2) for name, weight in zip(names, weights, strict=True)}


def group_of(source: str) -> str:
    return " ".join(source.replace(",", " ").split()[:1])


def wanted(folder: Path, stage: Stage) -> Iterator[Sample]:
    """Sentences whose operation is known, each once."""
    seen: set[tuple[str, frozenset[Operation]]] = set()
    for name in ("call", "clarify", "select"):
        for case in rows(folder / f"{name}.jsonl"):
            if not tuned_on(case["source"]) or (name == "select" and held_out(case["spec"])):
                continue
            sample = compared(group_of(case["source"]), case["utterance"], golden(case), stage.document(case))
            if sample.gold & sample.found.keys() and (sample.text, sample.gold) not in seen:
                seen.add((sample.text, sample.gold))
                yield sample


def ours() -> Iterator[Sample]:
    """Of the small products of the tests, as they are handed to the model: in one order, whatever is said."""
    products: dict[str, Mapping[str, Tool]] = {}
    for row in rows(ROOT / "bench" / "chosen.jsonl"):
        if "product" in row:
            products[row["product"]] = toolbox.read(row["tools"])
            continue
        found: dict[Operation, Mapping[str, float]] = {("", one.tool.name): one.features for one in by_name(row["text"], products[row["of"]])}
        gold = frozenset([("", row["tool"])]) if row["tool"] else frozenset[Operation]()
        yield Sample(OURS, row["text"], gold, found, "offered" if gold else "nothing fits")


def korean(stage: Stage) -> Iterator[Sample]:
    for name, cases in groupby((row for row in rows(ROOT / "bench" / "korean.jsonl") if row["split"] == "tune"), key=itemgetter("spec")):
        document = document_of(name, stage.folder)
        for case in cases:
            sample = compared(KOREAN, case["utterance"], frozenset(plain(*one) for one in case["gold"]), document)
            if sample.gold & sample.found.keys():
                yield sample


def english() -> Iterator[Sample]:
    """What customers type to a product, and what they type to the wrong one."""
    stage = Stage(ROOT)
    for name in ("call", "clarify", "outofscope"):
        for case in rows(ROOT / "bench" / "english_turns" / f"{name}.jsonl"):
            gold = golden(case)
            sample = compared(ENGLISH, case["utterance"], gold, stage.document(case)) if case["split"] != "held" else None
            if sample and (not gold or gold & sample.found.keys()):
                yield sample if gold else kind("nothing fits", sample)


def by_name(text: str, tools: Mapping[str, Tool]) -> list[Ranked]:
    """In an order that no weight changes: sums would differ in their last digits."""
    return sorted(rank(text, tools), key=lambda one: one.tool.name)


def golden(case: Mapping[str, Any]) -> frozenset[Operation]:
    """Several needed operations have an order in `select`, where any of them may be thought of first."""
    if "gold_operation" in case:
        return frozenset([plain(*case["gold_operation"])])
    if "gold_operations" in case:
        return frozenset(plain(*one) for one in case["gold_operations"][:1])
    return frozenset(plain(*one) for one in (*(case.get("gold") or ()), *(case.get("gold_alternatives") or ())))


def compared(group: str, text: str, gold: frozenset[Operation], document: Document, only: frozenset[Operation] | None = None) -> Sample:
    offered = offer(document, text).tools
    operations = {tool.name: plain(document.entry(tool.name).method, document.entry(tool.name).path) for tool in offered}
    tools = toolbox.read([tool_json(tool, True) for tool in offered if only is None or operations[tool.name] in only])
    return Sample(group, text, gold, {operations[one.tool.name]: one.features for one in by_name(hangul.english(text), tools)})


def weigh(samples: Sequence[Sample]) -> None:
    counts = Counter(sample.group for sample in samples)
    for sample in samples:
        sample.weight = (PLAIN if sample.group == ENGLISH else 1.0) * 10 / counts[sample.group] ** 0.5


def fit_choosing(samples: Sequence[Sample]) -> Vector:
    known = [([(vector(found), ORDER * found["offered early"], one in s.gold) for one, found in s.found.items()], s.weight) for s in samples]

    def step(weights: Vector, gradient: Vector, hessian: list[Vector]) -> None:
        for options, share in known:
            scores = [exp(min(50.0, dot(weights, values) + order)) for values, order, _ in options]
            total, right = sum(scores), sum(score for score, (_, _, gold) in zip(scores, options, strict=True) if gold)
            chances = [score / total for score in scores]
            mean = [sum(p * values[n] for p, (values, _, _) in zip(chances, options, strict=True)) for n in range(len(weights))]
            for p, score, (values, _, gold) in zip(chances, scores, options, strict=True):
                off = [v - m for v, m in zip(values, mean, strict=True)]
                add(gradient, values, share * (p - (score / right if gold else 0.0)))
                outer(hessian, off, share * p)

    return newton(len(CHOOSING), step)


def judged(samples: Sequence[Sample], folder: Path, stage: Stage) -> Iterator[Sample]:
    """Sentences that mean something that is offered, and such as do not."""
    cases = {case["utterance"]: case for name in ("select", "clarify", "call") for case in rows(folder / f"{name}.jsonl") if tuned_on(case["source"])}
    others = sorted({case["spec"] for case in cases.values() if case.get("spec") and not held_out(case["spec"])})
    elsewhere = {name: stage.document({"spec": name}) for name in others} | {name: document_of(name, stage.folder) for name in ELSEWHERE}
    draw = random.Random(1)
    for sample in samples:
        yield sample
        if (case := cases.get(sample.text)) is None:
            continue
        yield kind("alone", compared(sample.group, sample.text, sample.gold, stage.document(case), sample.gold))
        for names in (others, ELSEWHERE):
            other = elsewhere[draw.choice([name for name in names if name != case.get("spec")])]
            yield kind("other document", compared(sample.group, sample.text, frozenset(), other))
    for case in rows(folder / "outofscope.jsonl"):
        if tuned_on(case["source"]):
            yield kind("nothing fits", compared(group_of(case["source"]), case["utterance"], frozenset(), stage.document(case)))


def kind(name: str, sample: Sample) -> Sample:
    sample.kind = name
    return sample


def fit_meaning(samples: Sequence[Sample], choosing: Vector) -> Vector:
    own = {OURS: HALF, KOREAN: HALF}
    known = [(best(s, choosing), bool(s.gold), SHARES[s.kind] * (own.get(s.group, 1.0) if s.gold else 1.0)) for s in samples if s.found]

    def step(weights: Vector, gradient: Vector, hessian: list[Vector]) -> None:
        for vector, gold, share in known:
            p = sigmoid(dot(weights, vector))
            add(gradient, vector, share * (p - gold))
            outer(hessian, vector, share * p * (1 - p))

    return newton(len(MEANING), step)


def best(sample: Sample, choosing: Vector) -> Vector:
    """The features of the best tool, as `choose` makes them."""
    ordered = sorted(((score(choosing, found), n, found) for n, found in enumerate(sample.found.values())), reverse=True)
    margin = min(ordered[0][0] - ordered[1][0], WIDE) / WIDE if len(ordered) > 1 else 0.5
    features = {**ordered[0][2], **alone(ordered[0][2]), "margin": margin, "always": 1.0}
    return [features[name] for name in MEANING]


def vector(features: Mapping[str, float]) -> Vector:
    return [features[name] for name in CHOOSING]


def score(weights: Vector, features: Mapping[str, float]) -> float:
    return dot(weights, vector(features)) + ORDER * features["offered early"]


def newton(size: int, step: Callable[[Vector, Vector, list[Vector]], None]) -> Vector:
    weights = [0.0] * size
    for _ in range(12):
        gradient = [2 * RIDGE * weight for weight in weights]
        hessian = [[2 * RIDGE if row == column else 0.0 for column in range(size)] for row in range(size)]
        step(weights, gradient, hessian)
        weights = [weight - change for weight, change in zip(weights, solved(hessian, gradient), strict=True)]
    return weights


def solved(matrix: list[Vector], vector: Vector) -> Vector:
    """By Gauss: the matrix is positive definite."""
    rows_of = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for n, row in enumerate(rows_of):
        rows_of[n] = pivot = [value / row[n] for value in row]
        for other, values in enumerate(rows_of):
            if other != n and values[n]:
                rows_of[other] = [a - values[n] * b for a, b in zip(values, pivot, strict=True)]
    return [row[-1] for row in rows_of]


def dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def add(into: Vector, vector: Vector, share: float) -> None:
    for n, value in enumerate(vector):
        into[n] += share * value


def outer(into: list[Vector], vector: Vector, share: float) -> None:
    for row, value in zip(into, vector, strict=True):
        if value:
            add(row, vector, share * value)


def sigmoid(value: float) -> float:
    return 1 / (1 + exp(-max(-50.0, min(50.0, value))))


def shown(samples: Sequence[Sample], weights: Vector) -> str:
    lines = []
    for group in sorted({sample.group for sample in samples}):
        own = [sample for sample in samples if sample.group == group]
        apart = fit_choosing([sample for sample in samples if sample.group != group])
        lines.append([f"{group} ({len(own)})", *(f"{share(own, each):.3f}" for each in (weights, apart))])
    return table(["the right operation first", "learned", "left out"], [*lines, [f"all ({len(samples)})", f"{share(samples, weights):.3f}", ""]])


def share(samples: Sequence[Sample], weights: Vector) -> float:
    return sum(max(s.found, key=lambda one: score(weights, s.found[one])) in s.gold for s in samples) / len(samples)


def told(samples: Iterable[Sample], choosing: Vector, meaning: Vector) -> str:
    """How many of each kind are taken for meant, by where the line is drawn."""
    found: dict[str, list[float]] = defaultdict(list)
    for sample in samples:
        found[f"{sample.kind}"].append(sigmoid(dot(meaning, best(sample, choosing))) if sample.found else 0.0)
    lines = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
    return table(
        ["taken for meant above", *map(str, lines)],
        [[f"{k} ({len(v)})", *(f"{sum(p > t for p in v) / len(v):.3f}" for t in lines)] for k, v in sorted(found.items())],
    )


if __name__ == "__main__":
    main()
