"""Predictions for evaluation rows, written as they come; a run that broke off goes on where it stopped. What plays a turn is handed in."""

import asyncio
import multiprocessing
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import orjson

from feedback.prediction import Prediction, prediction
from feedback.progress import Progress
from feedback.rows import Bad, Row, document_bytes, predicted, rows
from runtime.errors import InvalidRequest, ParlanceError, Unavailable
from specs.document import Document
from tools.scene import Play

AT_ONCE = 20  # rows that another process plays before it hands them back
_KEPT = 8  # compiled documents of a process

Keep: TypeAlias = "Callable[[Prediction | Bad], None]"


@dataclass(frozen=True, slots=True)
class Stage:
    """What rows are played with. It goes to other processes, so its functions are those of modules.

    `waits`: the model is elsewhere, so one process plays many rows at once; else each process plays one.
    """

    folder: Path
    compiled: Callable[[bytes], Document]
    rehearsing: Callable[[], AbstractAsyncContextManager[Play]]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """How many predictions were there before, how many came to them, and the rows that could not be played."""

    known: int
    added: int
    bad: tuple[Bad, ...]


def predict(cases: Path, out: Path, stage: Stage, workers: int, note: Callable[[str], None]) -> Summary:
    """Predictions stand in the order of the cases, whatever the number of workers."""
    found = rows(cases.read_bytes().splitlines())
    if out.exists() and out.samefile(cases):
        raise InvalidRequest(f"{out.name} holds the rows: name another file for their predictions.", code="out_holds_rows")
    done = predicted(out)
    due = [row for row in found if isinstance(row, Row) and row.id not in done]
    bad = [row for row in found if isinstance(row, Bad)]
    known = len(found) - len(bad) - len(due)
    for each in bad:
        note(told(each))
    progress = Progress(len(due), "rows", note)
    with out.open("ab") as file:

        def keep(answer: Prediction | Bad) -> None:
            if isinstance(answer, Bad):
                bad.append(answer)
                note(told(answer))
            else:
                file.write(orjson.dumps(answer) + b"\n")
                file.flush()
            progress.step()

        _play_all(due, stage, workers, keep)
    return Summary(known, len(found) - known - len(bad), tuple(bad))


def told(bad: Bad) -> str:
    return f"line {bad.line}{f' ({bad.id[:80]})' if bad.id else ''}: {bad.code}: {bad.message}"


def _play_all(due: Sequence[Row], stage: Stage, workers: int, keep: Keep) -> None:
    """In this process one answer after the other is kept; other processes hand back a portion at a time."""
    portions = [due[at : at + AT_ONCE] for at in range(0, len(due), AT_ONCE)]
    if stage.waits or workers == 1 or len(portions) < 2:
        asyncio.run(_play(stage, due, keep, workers if stage.waits else 1))
        return
    # Spawned: a fork would share the sockets and threads of whoever calls.
    pool = ProcessPoolExecutor(min(workers, len(portions)), mp_context=multiprocessing.get_context("spawn"))
    try:
        for answers in pool.map(partial(_portion, stage), portions):
            for answer in answers:
                keep(answer)
    except BrokenProcessPool as error:
        raise Unavailable("A worker process died. What was predicted is kept; the same command goes on.") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _portion(stage: Stage, portion: Sequence[Row]) -> list[Prediction | Bad]:
    answers: list[Prediction | Bad] = []
    asyncio.run(_play(stage, portion, answers.append))
    return answers


async def _play(stage: Stage, portion: Sequence[Row], keep: Keep, at_once: int = 1) -> None:
    """Kept in their order; when it breaks off, what is ready is kept too."""
    async with AsyncExitStack() as stack:
        play = await stack.enter_async_context(stage.rehearsing()) if any(row.plays for row in portion) else None
        gate = asyncio.Semaphore(at_once)
        tasks = deque(asyncio.create_task(_answer(stage, row, play, gate)) for row in portion)
        try:
            while tasks:
                await asyncio.wait([tasks[0]])
                keep(tasks.popleft().result())
        finally:
            for task in tasks:
                if task.done() and not task.cancelled() and task.exception() is None:
                    keep(task.result())
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _answer(stage: Stage, row: Row, play: Play | None, gate: asyncio.Semaphore) -> Prediction | Bad:
    async with gate:
        await asyncio.sleep(0)  # what came before is written first
        try:
            return await prediction(row, _document(stage, row), play)
        except ParlanceError as error:
            return Bad(row.id, row.line, error.code, error.detail)


_documents: dict[str, Document] = {}  # of this process, by the hash of their bytes; the last used is last


def _document(stage: Stage, row: Row) -> Document:
    data = document_bytes(row, stage.folder)
    digest = sha256(data).hexdigest()
    document = _documents.pop(digest, None) or stage.compiled(data)
    _documents[digest] = document
    if len(_documents) > _KEPT:
        del _documents[next(iter(_documents))]
    return document
