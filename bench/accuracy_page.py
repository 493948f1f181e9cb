"""accuracy.md from what was measured. Every figure is made by code; the same figures make the same page, but for the line with the times."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bench import mistakes

JSON = Any
HEAD = """# How well the built-in model does

Made by `make accuracy` (bench/accuracy.py) at commit {commit}; never edited by hand. What is measured and how: [README.md](README.md).
*tuned on*: sources (for `select` documents) whose rows were looked at; *held out*: those of which only totals ever were.
"""
TIMES = "Differs from run to run: planning the first step of a turn takes, in ms of CPU, p50 / p95 / max: {0}."
ASKED = "call: ends in a question, which no row needs"
GOALS = {  # issue 6
    "call: operation": ">= 0.93", "call: operation and all arguments": ">= 0.60", "call: slot recall": ">= 0.80",
    "call: slot precision": ">= 0.80", ASKED: "<= 0.10", "action: macro F1": ">= 0.75", "action: F1 of call": ">= 0.65",
    "action: F1 of clarify": ">= 0.65", "action: F1 of refuse": ">= 0.65", "values without a source": "0", "RestBench: called in order": ">= 0.50",
}  # fmt: skip
BY_SOURCE = {
    "call": {"operation": "operation", "call_lenient": "all right", "slot_recall_lenient": "slot recall", "slot_precision_lenient": "slot precision"},
    "clarify": {
        "clarified": "asked", "called_anyway": "called", "refused": "refused", "asked_for_a_missing_value": "for a missing value",
        "right_operation_in_mind": "right operation",
    },
    "outofscope": {"refused": "refused", "called_anyway": "called", "clarified": "asked"},
}  # fmt: skip


class Called(NamedTuple):
    """Of one source: rows, and in how many all operations were called in their order, nothing else was, and anything was."""

    source: str
    tuned: bool
    rows: int
    in_order: int
    exactly: int
    called: int


class Dialogues(NamedTuple):
    rows: int
    operation: float
    call_lenient: float


@dataclass(frozen=True)
class Measured:
    """`scores`, `mistakes`, `sources`, `dialogues`: by split; `found`: of the ranking, by split of documents."""

    name: str
    scores: Mapping[str, Mapping[str, JSON]]
    mistakes: Mapping[str, Mapping[str, Counter[str]]]
    sources: Mapping[str, tuple[int, int]]
    found: Mapping[str, Sequence[str]] = field(default_factory=dict)
    paths: Sequence[Called] = ()
    dialogues: Mapping[str, Dialogues | None] = field(default_factory=dict)


def written(measured: Sequence[Measured], times: Mapping[int, Sequence[str]], commit: str) -> str:
    parts = [HEAD.format(commit=commit)]
    for each in measured:
        parts += [f"## {each.name} rows\n", totals(each), *by_source(each), *found(each), *paths(each), confusion(each), *classes(each)]
    parts += ["## Time\n", TIMES.format("; ".join(f"up to {size:,} operations {' / '.join(each[1:])}" for size, each in times.items()))]
    return "\n".join(parts).rstrip() + "\n"


def totals(measured: Measured) -> str:
    """What the issue asks for, split by split, and how much better the rows are that were not looked at."""
    each = {split: figures(measured, split) for split in measured.scores}
    names = dict.fromkeys(name for found in each.values() for name in found)
    lines = [[name, *(found.get(name, "-") for found in each.values()), gap(name, each), GOALS.get(name, "")] for name in names]
    return table(["", *each, "held out - tuned on", "goal"], lines)


def gap(name: str, each: Mapping[str, Mapping[str, str]]) -> str:
    two = [each.get(split, {}).get(name, "-") for split in ("tuned on", "held out")]
    return f"{float(two[1]) - float(two[0]):+.3f}" if all("." in one for one in two) else ""


def figures(measured: Measured, split: str) -> dict[str, str]:
    scores, found = measured.scores[split], {}
    if call := scores.get("call", {}).get("all"):
        asked = sum(number for name, number in measured.mistakes[split]["call"].items() if name.startswith("asked"))
        wanted = {"operation": "operation", "operation and all arguments": "call_lenient", "slot recall": "slot_recall_lenient"}
        found = {"call: rows": str(call["n"]), **{f"call: {name}": share(call[key]) for name, key in wanted.items()}}
        found |= {"call: slot precision": share(call["slot_precision_lenient"]), ASKED: share(asked / call["n"])}
    if action := scores.get("action"):
        found |= {"action: macro F1": share(action["macro"]["f1"])}
        found |= {f"action: F1 of {name}": share(action[name]["f1"]) for name in ("call", "clarify", "refuse")}
    none, values = measured.sources[split]
    found |= {"values without a source": f"{none} of {values:,}"}
    for title, begins in (("several operations", ""), ("RestBench", "RestBench")):
        chosen = [each for each in measured.paths if each.source.startswith(begins) and split in ("all", "tuned on" if each.tuned else "held out")]
        if number := sum(each.rows for each in chosen):
            found |= {f"{title}: rows": str(number), f"{title}: called in order": share(sum(each.in_order for each in chosen) / number)}
    if inject := scores.get("inject", {}).get("all"):
        found |= {"inject: rows": str(inject["n"]), "inject: resisted": share(inject["resisted"])}
        found |= {"inject: the attacker's operation or text sent": share(inject["attack_succeeded"])}
    if talks := measured.dialogues.get(split):
        found |= {"dialogues, message by message: rows": str(talks.rows), "dialogues, message by message: operation": share(talks.operation)}
        found |= {"dialogues, message by message: operation and all arguments": share(talks.call_lenient)}
    return found


def by_source(measured: Measured) -> list[str]:
    found = []
    for name, columns in BY_SOURCE.items():
        lines = [line for split in ("tuned on", "held out") for line in sources(measured.scores[split].get(name, {}), split, columns)]
        if lines:
            found += [f"### {name}, by source\n", table(["", "", "rows", *columns.values()], lines)]
    return found


def sources(groups: Mapping[str, Mapping[str, JSON]], split: str, columns: Mapping[str, str]) -> list[list[str]]:
    last = ("mean of groups",) if "mean of groups" in groups else ()
    names = [*(name for name in groups if name not in ("all", *last)), *last]
    return [[name, split, str(groups[name]["n"]), *(share(groups[name].get(column)) for column in columns)] for name in names]


def found(measured: Measured) -> list[str]:
    if not measured.found:
        return []
    lines = [[name, *each] for name, each in measured.found.items()]
    return ["### select: rows / mean of documents\n", table(["documents", "recall@10", "hit@1", "all offered"], lines)]


def paths(measured: Measured) -> list[str]:
    """Responses are made from the document's schemas (tools/made_up.py)."""
    if not measured.paths:
        return []
    lines = [[each.source, "tuned on" if each.tuned else "held out", str(each.rows), *(share(number / each.rows) for number in each[3:])]
             for each in measured.paths]  # fmt: skip
    return [
        "### select: what was called where several operations are needed\n",
        table(["", "", "rows", "in order", "nothing else", "anything"], lines),
    ]


def confusion(measured: Measured) -> str:
    lines = []
    for split, scores in measured.scores.items():
        for name in ("call", "clarify", "refuse"):
            each = scores.get("action", {}).get(name)
            if each and each["n"]:
                went = [str(each[f"went_{said}"]) for said in ("call", "clarify", "refuse")]
                lines.append([name, split, str(each["n"]), *went, share(each["precision"]), share(each["recall"]), share(each["f1"])])
    heads = ["wanted", "", "rows", "called", "asked", "refused", "precision", "recall", "F1"]
    return "\n".join(["### Action\n", table(heads, lines)])


def classes(measured: Measured) -> list[str]:
    known = {"call": mistakes.CALL, "values": mistakes.VALUES, "clarify": mistakes.CLARIFY, "outofscope": mistakes.REFUSE, "inject": mistakes.INJECT}
    titles = {"values": "Values, where the right operation was called"}
    found = []
    for name, names in known.items():
        counts = {split: each[name] for split, each in measured.mistakes.items() if name in each}
        if any(counts.values()):
            found += [f"### {titles.get(name, f'What became of the rows of {name}')}\n", table(["", *counts], mistakes.counted(names, counts))]
    return found


def table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *lines)) + "\n"


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
