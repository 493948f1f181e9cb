"""Has a model write use cases for a document, a few at a time, and keeps those that pass every check. What asks the model is handed in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from feedback.asking import Ask, Spending
from feedback.drafts import Draft, Dropped, Ground, Said, checked, read, without_values
from feedback.tasks import Task, shown, tasks
from runtime.prompts import load
from specs.pointers import parts
from tools.arguments import check
from tools.own import own

AT_ONCE = 5  # cases of one question
TRIES = 2  # of one task; the second is told what was wrong
FRUITLESS = 3  # for each wanted case so many tasks are begun at most
LANGUAGES: Mapping[str, str] = {"en": "English", "ko": "Korean"}
WRITE_CASES = own(
    "write_cases",
    "Hand in the cases, one for each task.",
    {
        "cases": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "task": {"type": "integer", "description": "The task's number."},
                    "say": {"type": "string", "description": "What the customer says."},
                    # As text, since some vendors take no object without properties.
                    "arguments": {"type": "string", "description": 'A JSON object as text: {"name": "value"}. {} where there are none.'},
                },
                "required": ["task", "say", "arguments"],
            },
        }
    },
    ["cases"],
)


@dataclass(slots=True)
class Making:
    """One run: what is there, what was dropped for good, and what it took. `save` is called with all cases after each question."""

    ask: Ask
    ground: Ground
    save: Callable[[Sequence[Mapping[str, Any]]], None]
    spending: Spending
    cases: list[Mapping[str, Any]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    known: Said = field(default_factory=Said)

    async def make(self, wanted: int) -> None:
        """Until there are so many cases, or the tasks or the budget are used up."""
        done = {case["id"] for case in self.cases}
        coming = (task for task in islice(tasks(self.ground.document), FRUITLESS * wanted) if task.id not in done)
        again: list[tuple[Task, Dropped | None]] = []
        while (room := wanted - len(self.cases)) > 0 and not self.spending.over:
            batch = again[:AT_ONCE] + [(task, None) for task in islice(coming, max(0, min(AT_ONCE, room) - len(again)))]
            if not batch:
                return
            again = again[AT_ONCE:] + await self._one(batch)
            self.save(self.cases)

    async def _one(self, batch: Sequence[tuple[Task, Dropped | None]]) -> list[tuple[Task, Dropped | None]]:
        """Asks for these; gives those that are worth another try."""
        answer = await self.ask(told(self.ground), asked(self.ground, batch), WRITE_CASES)
        self.spending.add(answer)
        again: list[tuple[Task, Dropped | None]] = []
        for (task, before), draft in zip(batch, read(answer["arguments"], [task for task, _ in batch]), strict=True):
            found = self._judged(draft)
            if isinstance(found, Draft):
                self._keep(found)
                continue
            self.dropped.append(found)
            if before is None:
                again.append((task, found))
        return again

    def _judged(self, draft: Draft | Dropped) -> Draft | Dropped:
        found = checked(draft, self.ground) if isinstance(draft, Draft) else draft
        if isinstance(found, Draft) and (like := self.known.like(without_values(found, "x"))) is not None:
            return Dropped(found.task, "near_duplicate", f"It says the same as {like}.", found.say, dict(found.arguments))
        return found

    def _keep(self, draft: Draft) -> None:
        self.known.add(draft.task.id, without_values(draft, "x"))
        self.cases.append(case_of(draft, self.ground))

    def reasons(self) -> dict[str, int]:
        """How often what was the reason, the most frequent first."""
        found: dict[str, int] = {}
        for each in self.dropped:
            found[each.code] = found.get(each.code, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))


def told(ground: Ground) -> str:
    when, timezone, _ = ground.at
    values = {"language": LANGUAGES[ground.language], "now": when.isoformat(timespec="minutes"), "timezone": timezone}
    return load(Path(__file__).parent / "prompts", "generate").fill(values)


def asked(ground: Ground, batch: Sequence[tuple[Task, Dropped | None]]) -> str:
    services = [{"name": each.name, "description": each.description[:200]} for each in ground.document.services[:40]]
    wanted = [dict(about(ground, number, task, before)) for number, (task, before) in enumerate(batch, 1)]
    return orjson.dumps({"product": ground.document.title, "does": services, "tasks": wanted}, option=orjson.OPT_INDENT_2).decode()


def about(ground: Ground, number: int, task: Task, before: Dropped | None) -> Iterator[tuple[str, Any]]:
    yield from (("task", number), ("kind", task.kind))
    if task.operation is not None:
        tool = shown(ground.document, task.operation)
        yield from (("operation", tool.description), ("parameters", without_extensions(tool.parameters)))
    if task.withheld is not None:
        yield "withheld", task.withheld
    if task.more:
        yield "more", True
    if before is not None:
        yield "before", {"say": before.say, "wrong": before.why}


def without_extensions(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: without_extensions(value) for name, value in schema.items() if not name.startswith("x-")}
    return [without_extensions(each) for each in schema] if isinstance(schema, list) else schema


def case_of(draft: Draft, ground: Ground) -> dict[str, Any]:
    """As the case file has it."""
    task = draft.task
    if task.operation is None:
        return {"id": task.id, "set": "outside", "say": draft.say, "expect": {"action": "refuse"}}
    entry = ground.document.entry(task.operation)
    expected: dict[str, Any] = {"action": task.kind, "operation": f"{entry.method} {entry.path}"}
    if draft.arguments:
        expected["arguments"] = dict(draft.arguments)
    if task.kind == "clarify":
        missing = (each.pointer for each in check(shown(ground.document, task.operation), draft.arguments).problems)
        expected["asked"] = [steps[0] if len(steps := parts(place)) == 1 else place for place in missing]
    return {"id": task.id, "set": entry.service or "generated", "say": draft.say, "expect": expected}
