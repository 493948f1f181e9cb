"""What our own labelled sentences ask for, as the decider reads them, and the published sentences as an outside check. `python -m bench.intents`

The rows held back are counted, and never printed: rules are made from the others.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.korean import read
from bench.parts import ROOT, table
from engine.intent import intent
from runtime.errors import DocumentRefused
from specs.document import Document
from tools.purpose import may_read, says
from tools.verbs import CHANGING

SENTENCES = Path(__file__).parent / "intents.jsonl"
EVAL = ROOT.parent / "shared" / "eval"
KINDS = ("reads", "changes", "unclear")
Row = dict[str, Any]


def held(row: Mapping[str, Any]) -> bool:
    """Settled before the first sentence was measured."""
    return int(hashlib.sha256(row["id"].encode()).hexdigest()[:8], 16) % 3 == 0


def rows(path: Path) -> list[Row]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines() if line]


def judged(row: Row) -> Row:
    """`verb`: whether a change that is asked for is heard as the one it is."""
    found = intent(row["text"])
    known = any(each.sure and each.verb in CHANGING for each in found.asked)
    heard = any(each.sure and says(row.get("verb", ""), frozenset([each.verb])) for each in found.asked)
    return {
        **row,
        "split": "held" if held(row) else "tune",
        "said": found.kind,
        "heard": heard,
        "known": known,
        "asked": [each.verb for each in found.asked],
    }


def figures(found: Sequence[Row]) -> dict[str, Any]:
    counted = Counter((row["kind"], row["said"]) for row in found)
    of = {kind: sum(counted[kind, said] for said in KINDS) for kind in KINDS}

    def share(kinds: Sequence[str], said: str) -> float:
        return round(sum(counted[kind, said] for kind in kinds) / max(1, sum(of[kind] for kind in kinds)), 4)

    return {
        "rows": len(found),
        "right": round(sum(counted[kind, kind] for kind in KINDS) / max(1, len(found)), 4),
        "changes read as reads": share(["changes"], "reads"),
        "others read as changes": share(["reads", "unclear"], "changes"),
        "by a verb of our tables": share_of_known(found, of["reads"] + of["unclear"]),
        "unclear read as reads": share(["unclear"], "reads"),
        "changes heard": share(["changes"], "changes"),
        "with their verb": round(sum(row["heard"] for row in found if row["kind"] == "changes") / max(1, of["changes"]), 4),
        "reads heard": share(["reads"], "reads"),
        "table": {kind: {said: counted[kind, said] for said in KINDS} for kind in KINDS},
    }


def share_of_known(found: Sequence[Row], of: int) -> float:
    """Of what asks for no change, how much is read as one that may support an operation of another name."""
    return round(sum(row["known"] and row["said"] == "changes" and row["kind"] != "changes" for row in found) / max(1, of), 4)


def own() -> tuple[list[Row], dict[str, dict[str, Any]]]:
    found = [judged(row) for row in rows(SENTENCES)]
    return found, {
        f"{language} {split}": figures([row for row in found if row["id"].startswith(language) and row["split"] == split])
        for language in ("en", "ko")
        for split in ("tune", "held")
    }


def golden(row: Mapping[str, Any], document: Document, known: Mapping[tuple[str, str], str]) -> str:
    """What the row's operations are: one that changes makes a change. A POST that may read says nothing of the words."""
    wanted = [tuple(each) for each in row.get("gold") or [row["gold_operation"]]]
    others = [document.operation(known[each]) for each in wanted if each[0] != "GET" and each in known]
    if any(not may_read(operation) for operation in others):
        return "changing"
    return "may read" if others or any(each[0] != "GET" for each in wanted) else "GET"


def published(folder: Path) -> list[Row]:
    """The rows of `select` and `call`, each sentence once a source."""
    found: dict[tuple[str, str], Row] = {}
    documents: dict[str, tuple[Document, dict[tuple[str, str], str]]] = {}
    for row in [*rows(folder / "select.jsonl"), *rows(folder / "call.jsonl")]:
        name = row["spec"]
        if name not in documents:
            try:
                document = read(name, folder / "specs")
            except (DocumentRefused, FileNotFoundError) as refused:
                sys.exit(f"{name}: {refused}")
            documents[name] = document, {(entry.method, entry.path): entry.id for entry in document.catalogue}
        said = intent(row["utterance"])
        found[row["source"], row["utterance"]] = {**row, "golden": golden(row, *documents[name]), "said": said.kind}
    return list(found.values())


def sources(found: Iterable[Row]) -> list[list[str]]:
    """Of each source: rows that change, read as reads; rows that only GET, read as changes; both also as unclear."""
    by: dict[str, list[Row]] = {}
    for row in found:
        by.setdefault(row["source"], []).append(row)
    every = [row for each in by.values() for row in each]
    return [[name, *counts(each)] for name, each in [*sorted(by.items()), ("all", every)]]


def counts(found: Sequence[Row]) -> list[str]:
    counted = Counter((row["golden"], row["said"]) for row in found)
    cells: list[str] = []
    for golden, wrong in (("changing", "reads"), ("GET", "changes"), ("may read", "changes")):
        of = sum(counted[golden, said] for said in KINDS)
        cells += [f"{of:,}", f"{counted[golden, wrong]}", f"{counted[golden, 'unclear']}"]
    return cells


def show(measured: Mapping[str, Mapping[str, Any]]) -> None:
    names = [name for name in next(iter(measured.values())) if name != "table"]
    print(table(["", *measured], [[name, *(str(each[name]) for each in measured.values())] for name in names]))
    for name, each in measured.items():
        print("\n" + table([f"{name}: label \\ read as", *KINDS], [[kind, *(str(each["table"][kind][said]) for said in KINDS)] for kind in KINDS]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--eval", type=Path, default=EVAL, help="the published sentences; left out where there are none")
    options.add_argument("--errors", action="store_true", help="print the rows for tuning, and the published ones, that are read wrongly")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    found, measured = own()
    outside = published(given.eval) if given.eval.is_dir() else []
    columns = ["source", "changing", "as reads", "unclear", "GET", "as changes", "unclear", "may read", "as changes", "unclear"]
    if given.json:
        print(json.dumps({"own": measured, "published": sources(outside)}, indent=1))
    else:
        show(measured)
        if outside:
            print("\n" + table(columns, sources(outside)))
    if given.errors:
        for row in found:
            if row["split"] == "tune" and row["kind"] != row["said"]:
                print(row["kind"], row["said"], row["group"], row["id"], row["asked"], row["text"], sep="\t")
        for row in outside:
            if (row["golden"], row["said"]) in (("changing", "reads"), ("GET", "changes")):
                print(row["golden"], row["said"], row["source"], row["utterance"][:200], sep="\t")


if __name__ == "__main__":
    main()
