"""What `parlance specs check` and `specs search`, and the report over HTTP, say of an upload. Expands every operation, so it takes its time."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from preprocess.compile import compile_document, without_operations
from preprocess.doctor import Diagnosis, diagnose
from preprocess.doctor_facts import Going
from preprocess.doctor_why import RULES
from preprocess.worker import service_lines
from specs.document import Document
from specs.lines import duplicate_keys, placed, with_lines
from specs.load import plain
from specs.model import Problem
from specs.overlay import apart, opened, written
from tools.rank import rank
from tools.search import estimate, offer

SECONDS = 45.0  # of the doctor: hostile documents only need as many
_MOST = 500  # problems
_LARGEST = 50  # operations listed with their tokens


def report(data: bytes) -> dict[str, Any]:
    return checked(data)[0]


def checked(data: bytes, seconds: float = SECONDS) -> tuple[dict[str, Any], bytes]:
    """The report on an upload, and the overlay that it proposes: empty if none."""
    end = time.monotonic() + seconds
    document = compile_document(data)
    if any(problem.code == "paths_missing" for problem in document.problems):
        raise placed(without_operations(document), apart(data)[0])
    found = diagnose(document, lambda: time.monotonic() < end)
    return judged(document, found, data, going=lambda: time.monotonic() < end), proposal(document, found)


def judged(document: Document, found: Diagnosis, data: bytes | None, further: Sequence[Problem] = (), going: Going = lambda: True) -> dict[str, Any]:
    """`data`: the upload, for the lines. `further`: problems that others found. `going`: asked where the doctor did not come to an end."""
    finished = "doctor_unfinished" not in found.counts
    problems = [*found.problems(), *further]
    listed = problems if data is None else [*lined(problems, data), *_duplicates(data)]
    return {
        "title": document.title,
        "version": document.version,
        "openapi": document.openapi,
        "operations": len(document.catalogue),
        "services": [{"name": line.name, "operations": [list(one) for one in line.operations]} for line in service_lines(document)],
        "webhooks": [asdict(one) for one in document.webhooks],
        "callbacks": [asdict(one) for one in document.callbacks],
        "problems": [asdict(problem) for problem in listed[:_MOST]],
        "counts": dict(found.counts),
        "proposed": len(found.actions()),
        "tokens": _tokens(document, (lambda: True) if finished else going),
    }


def _duplicates(data: bytes) -> list[Problem]:
    """What the text says and the tree no longer shows."""
    return [replace(one, why=RULES[one.code].why) for one in duplicate_keys(plain(apart(data)[0]))]


def proposal(document: Document, found: Diagnosis) -> bytes:
    actions = found.actions()
    return written(actions, f"Proposed changes to {document.title}") if actions else b""


def lined(problems: Iterable[Problem], data: bytes) -> list[Problem]:
    """With lines in the text as it was uploaded, also where an overlay has moved things."""
    given = list(problems)
    text, overlay = apart(data)
    if overlay is None:
        return with_lines(given, plain(text))
    back = opened(data).original
    there = with_lines((replace(problem, pointer=back(problem.pointer)) for problem in given), plain(text))
    return [replace(problem, line=moved.line) for problem, moved in zip(given, there, strict=True)]


def _tokens(document: Document, going: Going) -> dict[str, Any]:
    """Of the tool definitions: of all, and of the largest."""
    costs = {entry.id: estimate(document, entry.id) for entry in document.catalogue if going()}
    largest = sorted(costs, key=lambda identifier: -costs[identifier])[:_LARGEST]
    return {
        "total": sum(costs.values()),
        "largest": max(costs.values(), default=0),
        "operations": [{**_line(document, identifier), "tokens": costs[identifier]} for identifier in largest],
    }


def found_for(data: bytes, text: str, top: int) -> dict[str, Any]:
    document = compile_document(data)
    shown = offer(document, text, ())
    return {
        "operations": [{**_line(document, one), "score": score} for one, score in rank(document, text, top)],
        "offered": [list(_line(document, one).values()) for one in shown.operations],
        "tokens": shown.tokens,
    }


def _line(document: Document, identifier: str) -> dict[str, str]:
    entry = document.entry(identifier)
    return {"method": entry.method, "path": entry.path}
