"""Which use cases are to be written for a document: a spread over its services, reading and changing, whole, wanting and outside. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, cycle, zip_longest
from typing import Literal, TypeAlias

from specs.document import Document
from tools.fields import Field
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

Kind: TypeAlias = Literal["call", "clarify", "refuse"]
PATTERN: tuple[Kind, ...] = ("call", "call", "clarify", "call", "refuse")  # in this order, over and over
ROUNDS = 20  # of one operation and kind; no document has more ways to say it that are not alike


@dataclass(frozen=True, slots=True)
class Task:
    """One use case to be written. `withheld`: the required argument that the sentence must not give; `more`: whether it names optional ones, too."""

    id: str
    kind: Kind
    operation: str | None = None
    withheld: str | None = None
    more: bool = False


def shown(document: Document, operation: str) -> ToolDefinition:
    """The operation as a model sees it before a team has set anything."""
    return definition(document.operation(operation), DocumentSettings())


def tasks(document: Document) -> Iterator[Task]:
    """Always the same ones for a document, so that a run can go on with what an earlier one left. They end with what there is to call."""
    order = spread(document)
    queues: dict[Kind, Iterator[Task]] = {
        "call": calls(document, order), "clarify": clarifications(document, order), "refuse": refusals(),
    }  # fmt: skip
    for kind in cycle(PATTERN):
        task = next(queues[kind], None)
        if task is not None:
            yield task
        elif kind == "call":
            return


def spread(document: Document) -> list[str]:
    """One operation of each service after the other, and of a service reading and changing ones in turn."""
    services = [alternating(document, service.operations) for service in document.services]
    return [each for each in chain.from_iterable(zip_longest(*services)) if each is not None]


def alternating(document: Document, operations: Sequence[str]) -> list[str]:
    reading = [each for each in operations if document.entry(each).method in ("GET", "HEAD", "OPTIONS", "QUERY")]
    changing = [each for each in operations if each not in set(reading)]
    return [each for each in chain.from_iterable(zip_longest(changing, reading)) if each is not None]


def can_be_said(tool: ToolDefinition) -> bool:
    """A file is attached, not said."""
    return tool.unsupported is None and not any(each.required and each.file for each in tool.fields)


def calls(document: Document, order: Sequence[str]) -> Iterator[Task]:
    """Not of what takes a secret: that is asked for, hidden, whatever the sentence says."""
    for number in range(1, ROUNDS + 1):
        for each in order:
            tool = shown(document, each)
            if can_be_said(tool) and not any(field.required and field.secret for field in tool.fields):
                yield Task(f"{each}-call-{number}", "call", each, more=number % 2 == 0)


def clarifications(document: Document, order: Sequence[str]) -> Iterator[Task]:
    """Each required argument in its turn."""
    for number in range(1, ROUNDS + 1):
        for each in order:
            tool = shown(document, each)
            if can_be_said(tool) and (fields := withholdable(tool)):
                yield Task(f"{each}-clarify-{number}", "clarify", each, fields[(number - 1) % len(fields)].name)


def withholdable(tool: ToolDefinition) -> list[Field]:
    """Required arguments that no default stands in for; secrets last, which nobody gives anyway."""
    found = [each for each in tool.fields if each.required and not each.constant and not supplied_by_itself(each)]
    return sorted(found, key=lambda each: each.secret)


def supplied_by_itself(field: Field) -> bool:
    schema = field.schema
    return isinstance(schema, dict) and ("default" in schema or "const" in schema or len(schema.get("enum", (1, 2))) == 1)


def refusals() -> Iterator[Task]:
    return (Task(f"outside-{number}", "refuse") for number in count(1))
