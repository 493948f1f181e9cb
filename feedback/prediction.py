"""One evaluation row played, and what it came to as a prediction (the format: ../shared/eval/README.md, beside the rows)."""

import time
from collections.abc import Mapping
from typing import Any, TypeAlias

from feedback.rows import Row
from runtime.errors import Unavailable
from specs.document import Document
from tools.rank import rank
from tools.scene import Play
from tools.search import offer

RANKED = 50
NOTHING = {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cost": 0.0}  # of a row that asked no model
ACTIONS = {"call": "call", "confirm": "call", "clarify": "clarify"}  # a request for approval is a call that would be made; all else does nothing

Prediction: TypeAlias = dict[str, Any]


async def prediction(row: Row, document: Document, play: Play | None) -> Prediction:
    """`play` is needed by all rows but those that are only ranked."""
    began = time.perf_counter()
    report = _sound(await play(document, row.scene)) if play is not None and row.plays else None
    made = ranked(document, row.text) if row.kind == "select" else answered(report or {})
    if report and row.kind == "select":
        made["path"] = report["executed"]
    if report and row.kind == "inject":
        made |= {"executed": report["executed"], "requests": report["requests"]}
    return {"id": row.id, **made, "seconds": round(time.perf_counter() - began, 3), "usage": report["usage"] if report else NOTHING}


def _sound(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """No answer of the model, or a fault of ours, says nothing about the row: it is tried again."""
    if report["failed"]:
        raise Unavailable(report["text"], code=report["failed"])
    return report


def ranked(document: Document, text: str) -> Prediction:
    """What a model would be shown comes first, then whatever else the words find."""
    shown = offer(document, text, ())
    best = dict.fromkeys((*shown.operations, *(one for one, _ in rank(document, text, RANKED))))
    return {
        "operations": [_pair(document, one) for one in best][:RANKED],
        "offered": [_pair(document, one) for one in shown.operations],
        "tokens": shown.tokens,
    }


def _pair(document: Document, identifier: str) -> tuple[str, str]:
    entry = document.entry(identifier)
    return entry.method, entry.path


def answered(report: Mapping[str, Any]) -> Prediction:
    """`sources`: of the first call's values, by argument, or by JSON pointer inside one."""
    calls, question = report["calls"], report["question"]
    action = ACTIONS.get(report["action"], "refuse")
    return {
        "action": action,
        "operations": list(dict.fromkeys((call["method"], call["path"]) for call in calls)),
        "arguments": calls[0]["arguments"] if calls else {},
        "asked": [each["name"] for each in question["fields"]] if action == "clarify" and question else [],
        "sources": {name: source["kind"] for name, source in calls[0]["sources"].items()} if calls else {},
    }
