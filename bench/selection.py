"""How well operations are found, from predictions for `select.jsonl`: all documents, those the weights were tuned on, those held out, each alone.

    parlance eval predict ../shared/eval/select.jsonl --specs ../shared/eval/specs --out pred.jsonl
    python -m bench.selection pred.jsonl [--cases ../shared/eval/select.jsonl]

Rows / mean of documents of: recall@10, hit@1, rows with all needed operations among those offered. Counts as `score.py` beside the cases does.
"""

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.parts import ROOT, table
from specs.catalogue import unnamed

Figures = tuple[float, float, float]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("predictions", type=Path)
    options.add_argument("--cases", type=Path, default=ROOT.parent / "shared" / "eval" / "select.jsonl")
    given = options.parse_args()
    predicted = {one["id"]: one for one in rows(given.predictions)}
    found: dict[str, list[Figures]] = defaultdict(list)
    for case in rows(given.cases):
        found[case["spec"]].append(judged(case, predicted.get(case["id"], {})))
    sets = {"all": list(found), "tuned on": [one for one in found if not held_out(one)], "held out": [one for one in found if held_out(one)]}
    lines = [line(f"{name} ({len(specs)})", found, specs) for name, specs in sets.items()]
    print(table(["documents", "recall@10", "hit@1", "all offered"], [*lines, *(line(spec, found, [spec]) for spec in sorted(found))]))


def rows(path: Path) -> Iterable[Any]:
    return map(orjson.loads, filter(None, path.read_bytes().splitlines()))


def held_out(spec: str) -> bool:
    """Settled before the first weight was tried."""
    return int(hashlib.sha256(spec.encode()).hexdigest()[:8], 16) % 3 == 0


def judged(case: Mapping[str, Any], predicted: Mapping[str, Any]) -> Figures:
    gold = operations(case["gold"])
    instead = operations(case.get("gold_alternatives") or [])
    ranked, offered = ([gold[0] if one in instead else one for one in operations(predicted.get(name, []))] for name in ("operations", "offered"))
    needed = set(gold)
    return len(needed & set(ranked[:10])) / len(needed), float(needed.issuperset(ranked[:1]) and bool(ranked)), float(needed <= set(offered))


def operations(listed: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Placeholders unnamed, each once."""
    return list(dict.fromkeys((method.upper(), unnamed(path).rstrip("/") or "/") for method, path in listed))


def line(name: str, found: Mapping[str, Sequence[Figures]], specs: Sequence[str]) -> list[str]:
    every = [one for spec in specs for one in found[spec]]
    by_row = [sum(each) / len(every) for each in zip(*every, strict=True)]
    means = [[sum(each) / len(found[spec]) for each in zip(*found[spec], strict=True)] for spec in specs]
    return [name, *(f"{row:.3f} / {sum(each) / len(specs):.3f}" for row, each in zip(by_row, zip(*means, strict=True), strict=True))]


if __name__ == "__main__":
    main()
