"""The texts an operation is found by, with their weights."""

from collections.abc import Sequence
from itertools import islice

from specs.catalogue import Raw
from specs.head import text
from specs.outline import Input, Records
from specs.words import Fields

_ID, _SUMMARY, _PATH, _VERB, _TAGS, _SERVICE, _DESCRIPTION, _NAMES, _HELP, _VALUES, _RESPONSE = 3.0, 3.0, 2.0, 0.5, 1.0, 0.5, 0.5, 1.0, 0.6, 1.0, 0.6
_LONGEST, _PATH_LENGTH, _DESCRIPTION_LENGTH, _HELP_LENGTH, _INPUTS, _GIVEN = 300, 1000, 500, 160, 60, 60
_ALL_INPUTS = 500_000  # of all operations; many operations may share one body, and the index of their words would fill the memory
_VERBS = {"get": "get", "post": "create", "put": "update", "patch": "update", "delete": "delete"}


def inputs_of_each(operations: int) -> int:
    """How many inputs of an operation count where there are so many operations."""
    return min(_INPUTS, _ALL_INPUTS // max(1, operations))


def fields(raw: Raw, inputs: Sequence[Input], records: Sequence[Records], service: str) -> Fields:
    """`inputs`: those that count."""
    operation = raw.operation
    return [
        (_ID, text(operation.get("operationId"))[:_LONGEST]),
        (_SUMMARY, raw.summary[:_LONGEST]),
        (_PATH, raw.path[:_PATH_LENGTH]),
        (_VERB, _VERBS.get(raw.method, "")),
        (_TAGS, " ".join(raw.tags)),
        (_SERVICE, service),
        (_DESCRIPTION, raw.description[:_DESCRIPTION_LENGTH]),
        (_NAMES, " ".join(one.name for one in inputs)),
        (_HELP, "\n".join(one.help[:_HELP_LENGTH] for one in inputs)),  # by lines, since they repeat: the index takes each apart once
        (_VALUES, " ".join(value for one in inputs for value in one.values)[:_HELP_LENGTH]),
        (_RESPONSE, given(records)),
    ]


def given(records: Sequence[Records]) -> str:
    """The names of what is answered: "when was she born" is told by "birthday"."""
    names: dict[str, None] = {}
    for one in records:
        names |= dict.fromkeys(one.types)
        if len(names) >= _GIVEN:
            break
    return " ".join(islice(names, _GIVEN))
