"""How long the built-in model takes to plan the first step of a turn: what is offered, the messages, and its answer. CPU milliseconds.

    python -m bench.planning [--eval DIR] [--sentences 40]

Sentences are the rows' own for their documents, else the summaries of the document's operations; each is new to a process that knows the document.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.parts import ROOT, table
from bench.selection import rows
from engine import context
from engine.ask import ask
from engine.builtin.model import BuiltinModel
from engine.events import SessionStarted, UserSaid
from engine.session import Session
from engine.work import nobody
from feedback.statistics import quantile
from preprocess.compile import compile_document
from runtime.errors import DocumentRefused
from specs.document import Document
from tools.own import OWN
from tools.search import offer

LARGEST = 1_500  # operations
SIZES = (15, 60, 500, LARGEST)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
FOLDERS = ("real", "sets")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval")
    options.add_argument("--sentences", type=int, default=40, help="of one document")
    given = options.parse_args()
    lines = [[f"up to {size:,}", *figures(taken)] for size, taken in planned(given.eval, given.sentences).items()]
    print(table(["operations", "sentences", "p50", "p95", "max"], lines))


def figures(taken: Sequence[float]) -> list[str]:
    return [f"{len(taken)}", *(f"{quantile(taken, share):.1f}" for share in (0.5, 0.95, 1))]


def planned(evaluation: Path, most: int) -> dict[int, list[float]]:
    """By the size of the document."""
    said = utterances(evaluation)
    found: dict[int, list[float]] = defaultdict(list)
    for name, document in documents(evaluation / "specs"):
        sentences = spread(said.get(name) or [entry.summary for entry in document.catalogue if entry.summary], most)
        size = next(each for each in SIZES if len(document.catalogue) <= each)
        found[size] += asyncio.run(timed(document, sentences))
    return dict(sorted(found.items()))


def documents(folder: Path) -> Iterator[tuple[str, Document]]:
    for path in sorted(path for name in FOLDERS for path in (folder / name).iterdir()):
        try:
            document = compile_document(path.read_bytes())
        except DocumentRefused:
            continue
        if 0 < len(document.catalogue) <= LARGEST:
            yield str(path.relative_to(folder)), document


def utterances(evaluation: Path) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in ("select", "call"):
        for row in rows(evaluation / f"{name}.jsonl"):
            if row.get("spec"):
                found[row["spec"]].append(row["utterance"])
    return {spec: list(dict.fromkeys(each)) for spec, each in found.items()}


def spread(sentences: Sequence[str], most: int) -> list[str]:
    return [sentences[at * len(sentences) // most] for at in range(most)] if len(sentences) > most else list(sentences)


async def timed(document: Document, sentences: Sequence[str]) -> list[float]:
    model, found = BuiltinModel(), []
    around = context.Surroundings("", document.title, NOW.isoformat(), frozenset(OWN))
    for text in sentences:
        begun = time.process_time()
        session = Session("s", SessionStarted(document="d", spec="s", tenant="t", user="u")).add(UserSaid(message_id="m", text=text))
        tools = [*OWN.values(), *offer(document, text, ()).tools]
        await ask(model, context.messages(session, around), tools, nobody)
        found.append((time.process_time() - begun) * 1000)
    return found


if __name__ == "__main__":
    main()
