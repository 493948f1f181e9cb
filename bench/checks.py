"""What the checkpoints cost: one changing call, checked again and again. `python -m bench.checks [--json]`

A call with the values of a record at the second turn, and one with twenty arguments at the fiftieth: with forty messages and ten results of fifty
records in view and snapshots as the engine makes them, its values from the words, from a result, from the document and from nowhere.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openapi_schema_validator import OAS31Validator

from bench.calls import ARGUMENTS, TREE
from bench.parts import table
from engine import context
from engine.checkpoints import NeedsAnswer, NeedsApproval, Passed, check
from engine.events import Replied
from engine.facts import Facts
from engine.sources import times_in, trace
from engine.words import read
from preprocess.compile import compile_document
from tests.engine.talk import NOW, Talk
from tools.schema import definition
from tools.settings import DocumentSettings

RECORD = {
    "username": "user1", "first_name": "Ada", "last_name": "Brandt", "email": "ada@x.test", "phone": "+44 20 7946 0118", "role": "operator",
    "department": "Finance", "job_title": "Payments Analyst", "description": "Covers payments",
}  # fmt: skip
ROUNDS, TURNS, ROWS = 300, 50, 50
AIM, AIM_SOURCES = 3.0, 2.0  # ms: all checkpoints, sources alone


def short() -> Facts:
    conversation = Talk("Get the user details of 'user1' and create a new user 'user2' with those details")
    conversation.read("getUser", RECORD, {"username": "user1"}, label="user1's record")
    return conversation.facts(conversation.wish("createUser", {**RECORD, "username": "user2"}))


def long() -> Facts:
    """Turn 50. What the call holds was said partly now, partly before, partly returned; a quarter of it nobody gave."""
    operation = compile_document(json.dumps(TREE).encode()).operation("createOrder")
    talk = Talk("Show me the orders of day 0", operations={operation.id: operation})
    for number in range(TURNS - 1):
        talk.read("listUsers", {"users": [row(number, at) for at in range(ROWS)]}, label=f"the users, page {number}")
        talk.add(Replied(text=f"Here is page {number}.", kind="answer"))
        due = context.snapshot(talk.session, talk.labels, NOW)
        if due is not None:
            talk.add(due)
        talk.say(f"Now show me the orders of customer {number} in the week after, please, with all that was paid since May {number % 28 + 1}")
    talk.say(
        "Create an order of customer cus_1 at shop 7 with state new and priority 3, due on 31 May 2026, total 614.5, in EUR; ship it to High Street "
        "1, Ulm, and bill it there, 89073; lines are two A-1 and one B-2, expand customer and lines"
    )
    facts = talk.facts(talk.wish(operation.id, ARGUMENTS))
    return replace(facts, bodies={each: talk.bodies[each] for each in context.readable(talk.session)})


def row(number: int, at: int) -> dict[str, Any]:
    named = {"id": number * 1000 + at, "note": "Leave it at the door." if at == 7 else f"note {at}"}
    return {**RECORD, **named, "username": f"user{number}-{at}", "active": at % 2 == 0, "theme": "dark", "tags": ["a", "b"]}


def timed(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Median ms of CPU."""
    spent = []
    for _ in range(ROUNDS):
        before()
        begun = time.process_time_ns()
        work()
        spent.append((time.process_time_ns() - begun) / 1e6)
    return statistics.median(spent)


def forget() -> None:
    """As in a worker that never saw these words."""
    read.cache_clear()
    times_in.cache_clear()


def measured() -> dict[str, float]:
    facts, early = long(), short()
    assert facts.definition is not None
    assert isinstance(check(facts), NeedsApproval)
    assert isinstance(check(early), Passed | NeedsAnswer | NeedsApproval)
    tool = definition(facts.operation, DocumentSettings()) if facts.operation else facts.definition
    theirs = OAS31Validator({"type": "object", "properties": {each.name: each.schema for each in tool.fields}, "$defs": dict(tool.definitions)})
    return {
        f"{len(RECORD)} values, turn 2: all checkpoints": timed(lambda: check(early)),
        f"{len(ARGUMENTS)} arguments, turn {TURNS}: all checkpoints": timed(lambda: check(facts)),
        f"{len(ARGUMENTS)} arguments, turn {TURNS}: sources alone": timed(lambda: trace(facts, tool, ARGUMENTS)),
        "all checkpoints, by a worker new to the words": timed(lambda: check(facts), forget),
        "openapi-schema-validator, the schema alone": timed(lambda: list(theirs.iter_errors(ARGUMENTS))),
    }


def main() -> None:
    found = measured()
    if "--json" in sys.argv:
        print(json.dumps(found))
        return
    fixed = list(found.values())[-1]
    print(table(["one call", "ms of CPU", "ratio"], [[name, f"{spent:.2f}", f"{spent / fixed:.1f}"] for name, spent in found.items()]))
    _, everything, sources, *_ = found.values()
    reached = "reached" if everything < AIM and sources < AIM_SOURCES else "not reached"
    print(f"aims: all checkpoints under {AIM} ms, sources under {AIM_SOURCES} ms: {reached}")


if __name__ == "__main__":
    main()
