"""The texts an operation is found by, with their weights."""

from collections.abc import Sequence

from specs.catalogue import Raw
from specs.head import text
from specs.outline import Input, Records
from specs.words import Fields

_ID, _SUMMARY, _PATH, _VERB, _TAGS, _SERVICE, _DESCRIPTION, _NAMES, _HELP, _VALUES, _RESPONSE = 3.0, 3.0, 2.0, 0.5, 1.0, 0.5, 0.5, 1.0, 0.6, 1.0, 0.6
_DESCRIPTION_LENGTH, _HELP_LENGTH, _INPUTS, _GIVEN = 1500, 160, 60, 60
_VERBS = {"get": "get", "post": "create", "put": "update", "patch": "update", "delete": "delete"}


def fields(raw: Raw, inputs: Sequence[Input], records: Sequence[Records], service: str) -> Fields:
    operation = raw.operation
    named = inputs[:_INPUTS]
    return [
        (_ID, text(operation.get("operationId"))),
        (_SUMMARY, raw.summary[:300]),
        (_PATH, raw.path),
        (_VERB, _VERBS.get(raw.method, "")),
        (_TAGS, " ".join(raw.tags)),
        (_SERVICE, service),
        (_DESCRIPTION, raw.description[:_DESCRIPTION_LENGTH]),
        (_NAMES, " ".join(one.name for one in named)),
        (_HELP, "\n".join(one.help[:_HELP_LENGTH] for one in named)),  # by lines, since they repeat: the index takes each apart once
        (_VALUES, " ".join(value for one in named for value in one.values)[:_HELP_LENGTH]),
        (_RESPONSE, given(records)),
    ]


def given(records: Sequence[Records]) -> str:
    """The names of what is answered: "when was she born" is told by "birthday"."""
    names = dict.fromkeys(name for one in records for name in one.types)
    return " ".join(list(names)[:_GIVEN])
