"""What `parlance specs check` and `specs search` report of a document's bytes. Expands every operation, so it takes its time."""

from dataclasses import asdict
from typing import Any

from preprocess.compile import compile_document, without_operations
from preprocess.worker import service_lines
from specs.document import Document
from specs.lines import with_lines
from specs.load import plain
from specs.model import Problem
from tools.rank import rank
from tools.search import estimate, offer

_SEVERITIES = ("error", "warning", "info")
_MOST = 500  # problems
NOT_ADDED = "It can be read, but not added: describe at least one operation."


def report(data: bytes) -> dict[str, Any]:
    document = compile_document(data)
    if any(problem.code == "paths_missing" for problem in document.problems):
        raise without_operations(document)
    costs = [estimate(document, entry.id) for entry in document.catalogue]
    problems = with_lines(all_problems(document)[:_MOST], plain(data))
    return {
        "title": document.title,
        "version": document.version,
        "openapi": document.openapi,
        "operations": len(document.catalogue),
        "services": [{"name": line.name, "operations": [list(one) for one in line.operations]} for line in service_lines(document)],
        "webhooks": [asdict(one) for one in document.webhooks],
        "callbacks": [asdict(one) for one in document.callbacks],
        "problems": [asdict(problem) for problem in problems],
        "tokens": {"total": sum(costs), "largest": max(costs, default=0)},
    }


def all_problems(document: Document) -> list[Problem]:
    """Those of the whole document and those of every operation, worst first, each once."""
    found = {(problem.code, problem.pointer): problem for problem in document.problems}
    if not document.catalogue:  # OpenAPI 3.1 allows webhooks alone, or components alone
        found["operations_missing", "/paths"] = Problem("warning", "operations_missing", "/paths", without_operations(document).detail, NOT_ADDED)
    for problem in document.all_operation_problems():
        if not problem.code.startswith("reference_"):  # found already, where the reference stands
            found.setdefault((problem.code, problem.pointer), problem)
    return sorted(found.values(), key=lambda problem: _SEVERITIES.index(problem.severity))


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
