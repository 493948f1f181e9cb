"""Whether values without a source pass, and whether values with one are asked for: `python -m bench.inventing [--eval DIR] [--rows N] [--tuning]`

A model that invents fills every gap of the rows of clarify.jsonl; another gives the gold arguments of call.jsonl. Neither is a language model:
both are scripts, and what is measured is the engine's checkpoints. README.md beside it says what counts as what.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.gaps import ROUNDS, filled, known_values
from bench.held import Words, gold_values, held_by
from bench.parts import ROOT, table
from bench.played import Played, Stage, tuned_on
from engine.facts import leaves

SETS = {"tuned on": True, "held out": False}


@dataclass(frozen=True, slots=True)
class Invented:
    """One row filled in once: how many of its invented values came to which end."""

    source: str
    changing: bool
    ends: Counter[str]  # of values: passed, chosen, shown, asked, left out
    verdict: str
    asks: bool  # for a value that is missing


@dataclass(frozen=True, slots=True)
class Given:
    """One row with the gold arguments. `asked`: the leaves that were asked for, each with whether the words hold it."""

    source: str
    row: str
    asked: tuple[tuple[str, Any, str], ...]
    dropped: int  # values that the words hold and the call went on without
    verdict: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    options.add_argument("--rows", type=int, default=20, help="how many rows of each kind are printed")
    options.add_argument("--tuning", action="store_true", help="print no rows of the sources held out")
    given = options.parse_args()
    begun = time.monotonic()
    stage = Stage(given.eval / "specs")
    inventions = list(invented(stage, rows(given.eval / "clarify.jsonl")))
    golds = [each for row in rows(given.eval / "call.jsonl") if (each := gold(stage, row))]
    print(inventing_report(inventions))
    print(gold_report(golds, given.rows, given.tuning))
    print(f"\n{time.monotonic() - begun:.0f} s", file=sys.stderr)


def rows(path: Path) -> list[Mapping[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]


def invented(stage: Stage, cases: Iterable[Mapping[str, Any]]) -> Iterator[Invented]:
    """Every row whose missing values are known, filled in several ways."""
    for case in cases:
        played = stage.played(case, (case.get("gold_operations") or [None])[0]) if case.get("missing") else None
        if played is None:
            continue
        words = Words(case["utterance"])
        known = known_values(case.get("known", {}))
        for number in range(ROUNDS):
            arguments, made = filled(played.definition, known, words, number)
            ended = played.judged(arguments)
            ends = Counter(ended.end(place, value) for place, value in made.items())
            asks = any({played.wire(place.split("/")[1]), *place.split("/")} & set(case["missing"]) for place in ended.asked_places)
            yield Invented(case["source"], not played.operation.safe, ends, ended.verdict, asks)


def gold(stage: Stage, case: Mapping[str, Any]) -> Given | None:
    played = stage.played(case, case["gold_operation"])
    if played is None:
        return None
    arguments = played.named(gold_values(case["gold_arguments"]))
    ended = played.judged(arguments)
    words = Words(case["utterance"], played.now)
    asked = tuple((place, value, held(played, place, value, words)) for place, value in ended.asked(arguments))
    gone = [place for place, value in leaves(arguments) if ended.end(place, value) == "left out" and held(played, place, value, words) == "literally"]
    return Given(case["source"], case["id"], asked, len(gone), ended.verdict)


def held(played: Played, place: str, value: Any, words: Words) -> str:
    """Secrets are asked for again by design, in a hidden field, wherever they were typed."""
    return "secret" if played.definition.kind_at(place) == "secret" else held_by(value, played.definition.schema_at(place), words)


ENDS = ("passed", "default", "chosen", "shown", "asked", "left out", "refused")


def inventing_report(found: list[Invented]) -> str:
    lines = []
    for name, group in groups(found):
        for kind, part in (("changing", [each for each in group if each.changing]), ("reading", [each for each in group if not each.changing])):
            if part:
                ends = sum((each.ends for each in part), Counter[str]())
                verdicts = Counter(each.verdict for each in part)
                lines.append([
                    f"{name}: {kind}", str(len(part)), str(ends.total()), *(str(ends[each]) for each in ENDS),
                    f"{sum(each.asks for each in part)} ({sum(each.asks for each in part) / len(part):.0%})", str(verdicts["rejected"]),
                ])  # fmt: skip
    heads = ["a model that invents", "rounds", "invented", *ENDS, "asks for what is missing", "rejected"]
    return table(heads, lines)


def gold_report(found: list[Given], many: int, tuning: bool) -> str:
    lines = []
    for name, group in groups(found):
        asked = [each for each in group if each.asked]
        needless = [each for each in asked if needlessly(each)]
        literal = sum(held == "literally" for each in asked for _, _, held in each.asked)
        verdicts = Counter(each.verdict for each in group)
        lines.append([
            name, str(len(group)), f"{len(asked)} ({len(asked) / len(group):.1%})", str(len(asked) - len(needless)),
            f"{len(needless)} ({len(needless) / len(group):.1%})", str(literal), str(sum(each.dropped for each in group)), str(verdicts["rejected"]),
        ])  # fmt: skip
    heads = ["a model that gives the gold", "rows", "with a question", "none in the words", "needless", "literal: asked", "left out", "rejected"]
    out = ["", table(heads, lines)]
    for title, wanted in (("needless", True), ("what the words do not hold, and secrets", False)):
        listed = [each for each in found if each.asked and needlessly(each) is wanted and (not tuning or tuned_on(each.source))]
        out += ["", f"{title} ({len(listed)} rows):"]
        out += [f"  {each.row}: " + "; ".join(f"{place} = {json.dumps(value, ensure_ascii=False)[:70]} ({held})" for place, value, held in each.asked)
                for each in listed[:many]]  # fmt: skip
    return "\n".join(out)


def needlessly(each: Given) -> bool:
    """A question in which some value is held by the words, and no secret. One that is asked anyway costs no question more, but it is counted."""
    return any(held in ("literally", "partly") for _, _, held in each.asked)


def groups(found: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    for name, tuned in SETS.items():
        yield f"all {name}", [each for each in found if tuned_on(each.source) is tuned]
    yield "all", found
    for source in sorted({each.source for each in found}):
        yield f"{source}{'' if tuned_on(source) else ' (held out)'}", [each for each in found if each.source == source]


if __name__ == "__main__":
    main()
