"""What it costs to find the operations for a sentence, beside word searches in Rust and numpy. See README.md beside it.

    .venv/bin/python bench/retrieval.py [--eval DIR] [--only WORD] [--sentences 300] [--json]
"""

import argparse
import gzip
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson

from bench.parts import ROOT, child, others, table
from bench.synthetic import document, sentences

SYNTHETIC = (10_000, 100_000)
ENGINES = ("tantivy", "bm25s")
WHOLE = "Parlance, the whole offer"
OURS = {"offer": WHOLE, "rank": "Parlance, the ranking", "words": "Parlance, words alone"}
HEADS = ["what", "operations", "build s", "stored MB", "open ms", "first ms", "p50 ms", "p99 ms", "again p50", "again p99", "MB"]
MOST = {1_223: 3.0, 100_000: 20.0}  # ms of a query
FIRST = {10_000: 10.0}  # ms in a process that did not build


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="the folder with specs/real/github.json.gz")
    options.add_argument("--only", default="", help="only sizes whose number contains this")
    options.add_argument("--sentences", type=int, default=300)
    options.add_argument("--json", action="store_true", help="print the figures as one JSON document")
    given = options.parse_args()
    python = others()
    figures: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size, root in trees(given.eval):
            if given.only in str(size):
                asked = prepared(Path(folder), root, size, given.sentences)
                del root
                figures[str(size)] = measured(asked, python)
    print(json.dumps(figures, indent=2) if given.json else report(figures))


def trees(folder: Path) -> Any:
    """One at a time: the largest takes a few hundred MB."""
    github = folder / "specs" / "real" / "github.json.gz"
    if github.exists():
        yield 1_223, orjson.loads(gzip.decompress(github.read_bytes()))
    else:
        print(f"no {github}: say where with --eval DIR", file=sys.stderr)
    for size in SYNTHETIC:
        yield size, document(size)


def prepared(folder: Path, root: dict[str, Any], size: int, count: int) -> dict[str, Any]:
    """The files that the processes read: the tree, the same texts for every engine, the sentences."""
    from specs.catalogue import operations
    from specs.fields import fields
    from specs.outline import Outlines
    from specs.services import service_names

    print(f"preparing {size:,} operations ...", file=sys.stderr, flush=True)
    asked = {name: str(folder / f"{size}.{name}") for name in ("tree", "texts", "sentences", "record", "index")}
    Path(asked["tree"]).write_bytes(orjson.dumps(root))
    raws, outlines = operations(root)[0], Outlines(root)
    names = service_names(raws, root)
    indexed = (fields(raw, outlines.inputs(raw), outlines.records(raw), names[raw.id]) for raw in raws)
    texts = [" ".join(text for _, text in one) for one in indexed]
    Path(asked["texts"]).write_bytes(orjson.dumps(texts))
    Path(asked["sentences"]).write_bytes(orjson.dumps(sentences(root, count)))
    return {**asked, "size": size}


def measured(asked: dict[str, Any], python: str | None) -> dict[str, Any]:
    """Built in one process, opened and asked in another."""
    found: dict[str, Any] = {}
    for name, interpreter in (("parlance", sys.executable), *((engine, python) for engine in ENGINES)):
        if interpreter:
            print(f"measuring {name} at {asked['size']:,} ...", file=sys.stderr, flush=True)
            built = child("bench.retrieval_child", json.dumps({**asked, "what": "build", "engine": name}), interpreter)
            for what, title in OURS.items() if name == "parlance" else {"words": name}.items():
                found[title] = built | child("bench.retrieval_child", json.dumps({**asked, "what": what, "engine": name}), interpreter)
    return found


def report(figures: dict[str, dict[str, Any]]) -> str:
    shown = ("build", "stored", "open", "first", "p50", "p99", "p50_again", "p99_again", "memory")
    each = [(int(size), title, one) for size, titles in figures.items() for title, one in titles.items()]
    rows = [[title, f"{size:,}", *(f"{one[name]:.2f}" for name in shown)] for size, title, one in each]
    return "\n".join([table(HEADS, rows), "", *aims({size: one for size, title, one in each if title == WHOLE})])


def aims(whole: dict[int, dict[str, float]]) -> list[str]:
    lines = []
    for size, most in MOST.items():
        if size in whole:
            new, again = (f"{whole[size][f'p50{at}']:.1f}, p99 {whole[size][f'p99{at}']:.1f}" for at in ("", "_again"))
            lines.append(f"a sentence at {size:,} operations under {most:.0f} ms: {again}; while operations are new to the process {new}")
    for size, most in FIRST.items():
        if size in whole:
            opened, first = whole[size]["open"], whole[size]["first"]
            lines.append(f"the first one in a process that did not build, at {size:,}, within {most:.0f} ms: {first:.1f}, after {opened:.1f} to open")
    return lines


if __name__ == "__main__":
    main()
