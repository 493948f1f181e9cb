"""Korean sentences against English documents: how often the right operation is found, without and with the glossary. `python -m bench.korean`"""

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from preprocess.compile import compile_document
from runtime.errors import DocumentRefused
from specs.document import Document
from tools.rank import rank
from tools.search import offer

HERE = Path(__file__).parent
SPECS = HERE.parents[1] / "shared" / "eval" / "specs"
DEMO = HERE.parent / "specs" / "examples" / "identity.yaml"
# The documents are in English: without Hangul a sentence finds what it found before there was any Korean.
WAYS: Mapping[str, Callable[[str], str]] = {"no Korean support": lambda text: re.sub("[가-힣]+", " ", text), "glossary": str}
MEASURES = ("recall@1", "recall@10", "recall@offered")
SPLITS = ("tune", "held", "all")
Row = dict[str, Any]


def rows() -> list[Row]:
    return [json.loads(line) for line in (HERE / "korean.jsonl").read_text(encoding="utf-8").splitlines()]


def read(name: str, specs: Path) -> Document:
    path = DEMO if name == "demo" else specs / name
    data = path.read_bytes()
    return compile_document(gzip.decompress(data) if path.suffix == ".gz" else data)


def gold(row: Row, document: Document) -> set[str]:
    """The operations that are right, each of them alone. A row that names one the document does not have is a mistake in the row."""
    wanted = {(method, path) for method, path in row["gold"]}
    known = {(entry.method, entry.path): entry.id for entry in document.catalogue}
    if missing := wanted - known.keys():
        raise SystemExit(f"{row['id']}: not in {row['spec']}: {sorted(missing)}")
    return {known[one] for one in wanted}


def judged(row: Row, document: Document, text: str) -> Row:
    """Where the first right operation stands, from 1, or None; whether one is offered."""
    right = gold(row, document)
    begun = time.perf_counter()
    ranked = [identifier for identifier, _ in rank(document, text, 10)]
    spent = (time.perf_counter() - begun) * 1000
    place = next((n for n, identifier in enumerate(ranked, 1) if identifier in right), None)
    offered = right & set(offer(document, text, ()).operations)
    return {**row, "text": text, "place": place, "offered": bool(offered), "first": ranked[:3], "ms": spent}


def measure(found: Iterable[Row]) -> dict[str, float]:
    found = list(found)
    hits = {"recall@1": [row["place"] == 1 for row in found], "recall@10": [row["place"] is not None for row in found],
            "recall@offered": [row["offered"] for row in found]}  # fmt: skip
    return {"rows": len(found), **{name: round(sum(hit) / len(hit), 3) if hit else 0.0 for name, hit in hits.items()}}


def table(found: Sequence[Row]) -> dict[str, dict[str, dict[str, float]]]:
    """By document and over all, by split."""
    names = [*dict.fromkeys(row["spec"] for row in found), "all"]
    return {name: {split: measure(row for row in found if name in ("all", row["spec"]) and split in ("all", row["split"])) for split in SPLITS}
            for name in names}  # fmt: skip


def run(specs: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {way: [] for way in WAYS}
    asked = rows()
    for name in dict.fromkeys(row["spec"] for row in asked):
        try:
            document = read(name, specs)
        except (DocumentRefused, FileNotFoundError) as refused:
            print(f"{name} is left out: {refused}", file=sys.stderr)
            continue
        for way, said in WAYS.items():
            found[way] += [judged(row, document, said(row["utterance"])) for row in asked if row["spec"] == name]
    return found


def show(found: Mapping[str, Sequence[Row]]) -> None:
    print(f"{'':28}{'':20}" + "".join(f"{split + ' ' + name:>22}" for split in SPLITS[:2] for name in MEASURES))
    tables = {way: table(each) for way, each in found.items()}
    for name in next(iter(tables.values())):
        for way, known in tables.items():
            print(f"{name:28}{way:20}" + "".join(f"{known[name][split][measure]:22.3f}" for split in SPLITS[:2] for measure in MEASURES))
    for way, each in found.items():
        print(f"{way}: {statistics.median(row['ms'] for row in each):.2f} ms to rank, median of {len(each)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=Path, default=SPECS, help="the published documents (eval/specs)")
    parser.add_argument("--errors", action="store_true", help="print the rows for tuning whose right operation is not the first")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = run(options.specs)
    if options.json:
        print(json.dumps({way: table(each) for way, each in found.items()}, indent=1))
    else:
        show(found)
    if options.errors:
        for row in found["glossary"]:
            if row["split"] == "tune" and row["place"] != 1:
                print(json.dumps({name: row[name] for name in ("id", "utterance", "place", "offered", "gold", "first")}, ensure_ascii=False))


if __name__ == "__main__":
    main()
