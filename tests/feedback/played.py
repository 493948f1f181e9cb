"""Cases, reports and results for tests of evaluation: as short as a test can say them."""

import json
from typing import Any

from feedback.cases import Case, CaseFile
from feedback.outcomes import Outcome, outcome
from feedback.verdict import Missed

USER, LOCK, USERS = "GET /users/{username}", "POST /users/{username}/lock", "GET /users"
NOTHING = {"calls": 1, "input_tokens": 10, "output_tokens": 2, "cost": 0.5}


def case(identifier: str = "c", **more: Any) -> Case:
    """`more`: `expect` and what else a case says."""
    told = {"id": identifier, "say": "Do it", "expect": {"action": "reply"}, **more}
    return CaseFile.model_validate_json(json.dumps({"format": 1, "cases": [told]}), strict=True).cases[0]


def call(operation: str, sources: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    method, path = operation.split(" ")
    found = {name: {"kind": "user", "said": str(value)} for name, value in arguments.items()} if sources is None else sources
    return {"method": method, "path": path, "arguments": arguments, "sources": found, "request": None}


def report(action: str, *calls: dict[str, Any], asked: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    question = {"fields": [{"name": name} for name in asked]} if asked or action in ("clarify", "confirm") else None
    told = {"action": action, "calls": list(calls), "question": question, "text": "", "failed": None, "executed": [], "requests": []}
    return {**told, "seconds": 0.25, "usage": NOTHING, **more}


def result(identifier: str, *, passed: bool, **more: Any) -> Outcome:
    """Of a case that expects a call of USERS."""
    missed = () if passed else (Missed(kind="action", expected="call", got="refuse"),)
    told = report("call" if passed else "refuse", *([call(USERS)] if passed else []))
    about = {"repeat": 0, "model": "m", "digest": "d", **{name: more.pop(name) for name in ("repeat", "model", "digest") if name in more}}
    made = outcome(case(identifier, expect={"action": "call", "operation": USERS}), told, missed, **about)
    return made.model_copy(update=more)
