"""Accuracy of the built-in model on every set of rows, written to accuracy.md beside this file. Only totals: rows of held out sources stay unread.

    make accuracy [EVAL=DIR]       (.venv/bin/python -m bench.accuracy [--eval DIR] [--out FILE] [--workers 2] [--keep FOLDER])

`parlance eval predict` plays the rows, `score.py` beside them says what is right, bench/mistakes.py what went wrong. --keep: leaves the predictions
there, and takes those that it finds (of the same code, or the figures are a mixture).
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import parlance
from bench import accuracy_page as page
from bench import planning, selection
from bench.mistakes import Judge, refuse, scorer
from bench.parts import ROOT
from bench.played import Stage as Documents
from bench.played import tuned_on
from feedback.predict import predict
from feedback.prediction import prediction
from feedback.rows import Row as Case
from feedback.rows import rows as cases

JSON = Any
Row = Mapping[str, JSON]
SETS = ("select", "call", "clarify", "outofscope", "inject")
SPLITS = ("all", "tuned on", "held out")
SENTENCES = 40  # of one document, for the time that planning takes


@dataclass(frozen=True)
class Rows:
    """A folder of rows, one file a set. `tuned`: whether a row was looked at while the model was made."""

    name: str
    folder: Path
    specs: Path
    tuned: Callable[[Row], bool]


def collections(evaluation: Path) -> list[Rows]:
    """Ours are there or not: whoever has none gets the table of the others."""
    every = [
        Rows("English", evaluation, evaluation / "specs", lambda row: tuned_on(row["source"])),
        Rows("Korean", ROOT / "bench" / "korean_turns", ROOT, lambda row: row["split"] != "held"),
        Rows("own products, English", ROOT / "bench" / "english_turns", ROOT, lambda row: row["split"] != "held"),
    ]
    return [each for each in every if each.folder.is_dir()]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="where the rows, specs/ and score.py are")
    options.add_argument("--out", type=Path, default=ROOT / "bench" / "accuracy.md")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = [measure(each, given.eval, given.keep or Path(folder), given.workers) for each in collections(given.eval)]
    taken = planning.planned(given.eval, SENTENCES)
    given.out.write_text(page.written(measured, {size: planning.figures(each) for size, each in taken.items()}, commit()), encoding="utf-8")


def measure(rows: Rows, evaluation: Path, kept: Path, workers: int) -> page.Measured:
    told = {name: list(selection.rows(path)) for name in SETS if (path := rows.folder / f"{name}.jsonl").exists()}
    predicted = {}
    for name in told:
        out = kept / f"{rows.name}-{name}.jsonl"
        out.parent.mkdir(parents=True, exist_ok=True)
        done = predict(rows.folder / f"{name}.jsonl", out, parlance.stage(rows.specs, "builtin"), workers, said)
        if done.bad:
            sys.exit(f"{len(done.bad)} rows of {name} could not be played; run the command again")
        predicted |= {one["id"]: one for one in selection.rows(out)}
    splits = {
        "all": told,
        "tuned on": {name: [row for row in each if rows.tuned(row)] for name, each in told.items()},
        "held out": {name: [row for row in each if not rows.tuned(row)] for name, each in told.items()},
    }
    judge = Judge(scorer(evaluation), Documents(rows.specs))
    return page.Measured(
        rows.name, {name: scored(each, predicted, evaluation / "score.py") for name, each in splits.items()},
        {name: mistakes(each, predicted, judge) for name, each in splits.items()},
        sources={name: without_source(each, predicted) for name, each in splits.items()},
        found=found(told.get("select", ()), predicted), paths=paths(told.get("select", ()), predicted),
        dialogues={name: asyncio.run(apart(rows, each.get("call", ()), judge)) for name, each in splits.items()},
    )  # fmt: skip


def said(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def scored(told: Mapping[str, Sequence[Row]], predicted: Mapping[str, Row], program: Path) -> dict[str, Any]:
    """What `score.py` says of these rows, by the first word of its titles: select, call ..., action."""
    with tempfile.TemporaryDirectory() as folder:
        for name, each in told.items():
            (Path(folder) / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in each))
        file = Path(folder) / "predictions"
        file.write_text("".join(json.dumps(predicted[row["id"]]) + "\n" for each in told.values() for row in each))
        command = [sys.executable, str(program), "--pred", str(file), "--data", folder, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = {title.split()[0]: groups for title, groups in json.loads(done.stdout).items()}
    for name, each in told.items():  # it lists no group of which there is only one
        if len(sources := {row["source"] for row in each}) == 1:
            found[name][sources.pop()] = found[name]["all"]
    return found


def mistakes(told: Mapping[str, Sequence[Row]], predicted: Mapping[str, Row], judge: Judge) -> dict[str, Counter[str]]:
    """By set, and `values` of those rows of call whose operation was called."""
    judges = {"call": judge.call, "clarify": judge.clarify, "outofscope": refuse, "inject": judge.inject}
    classes = {name: Counter(judges[name](row, predicted[row["id"]]) for row in told[name]) for name in judges if name in told}
    values: Counter[str] = Counter()
    for row in told.get("call", ()):
        if judge.score.call_row(row, predicted[row["id"]])["operation"]:
            values.update(judge.values(row, predicted[row["id"]]))
    return {**classes, "values": values}


def without_source(told: Mapping[str, Sequence[Row]], predicted: Mapping[str, Row]) -> tuple[int, int]:
    """Of all calls that would be made: values without a source, and values."""
    ready = [predicted[row["id"]] for name, each in told.items() if name != "select" for row in each]
    kinds = [kind for one in ready if one["action"] == "call" for kind in one["sources"].values()]
    return kinds.count("none"), len(kinds)


def found(told: Iterable[Row], predicted: Mapping[str, Row]) -> dict[str, list[str]]:
    """recall@10, hit@1 and all offered, as rows / mean of documents; here documents are held out, not sources."""
    by_document: dict[str, list[selection.Figures]] = defaultdict(list)
    for row in told:
        by_document[row["spec"]].append(selection.judged(row, predicted[row["id"]]))
    held = [one for one in by_document if selection.held_out(one)]
    sets = {"all": list(by_document), "tuned on": [one for one in by_document if one not in held], "held out": held}
    return {name: selection.line(name, by_document, specs)[1:] for name, specs in sets.items() if specs}


def paths(told: Iterable[Row], predicted: Mapping[str, Row]) -> list[page.Called]:
    """Of rows that need several operations, by source: how often what was called holds them in their order, and is nothing else. Of `select` the
    documents are held out, and not the sources."""
    by_source: dict[tuple[str, bool], list[tuple[bool, bool, bool]]] = defaultdict(list)
    for row in told:
        if "path" in predicted[row["id"]]:
            by_source[row["source"], not selection.held_out(row["spec"])].append(in_order(row["gold"], predicted[row["id"]]["path"]))
    lines = [(*key, len(each), *(sum(column) for column in zip(*each, strict=True))) for key, each in sorted(by_source.items())]
    return [page.Called(*line) for line in lines]


def in_order(gold: Sequence[Sequence[str]], path: Sequence[Sequence[str]]) -> tuple[bool, bool, bool]:
    """Next pages of one list are one step."""
    wanted, called = selection.operations(gold), named(path)
    left = iter(called)
    return all(each in left for each in wanted), called == wanted, bool(called)


def named(path: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    each = [selection.operations([one])[0] for one in path]
    return [one for at, one in enumerate(each) if not at or one != each[at - 1]]


async def apart(rows: Rows, told: Sequence[Row], judge: Judge) -> page.Dialogues | None:
    """The dialogues among these rows, played one message after the other instead of as one message. The last one counts."""
    talks = {row["id"]: row for row in told if len(spoken(row)) > 1}
    if not talks:
        return None
    results = []
    stage = parlance.stage(rows.specs, "builtin")
    async with stage.rehearsing() as play:
        for case in cases(json.dumps(row).encode() for row in talks.values()):
            assert isinstance(case, Case)
            row = talks[case.id]
            scene = replace(case.scene, messages=tuple(spoken(row)))
            made = await prediction(replace(case, scene=scene), judge.stage.document(row), play)
            results.append(judge.score.call_row(row, made))
    return page.Dialogues(len(results), *(sum(each[name] for each in results) / len(results) for name in ("operation", "call_lenient")))


def spoken(row: Row) -> list[str]:
    return [each["content"] for each in row.get("turns") or () if each["role"] == "user"]


def commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    changed = [line for line in git("status", "--porcelain").splitlines() if not line.endswith("bench/accuracy.md")]
    return git("rev-parse", "--short", "HEAD") + (" with changes that are not committed" if changed else "")


if __name__ == "__main__":
    main()
