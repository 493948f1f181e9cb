"""A product's answer as the event it becomes: what a model may see of it, and what is kept beside it for the customer. No I/O."""

import math

import orjson

from engine.artifacts import Artifact
from engine.attached import attached
from engine.events import CallReturned, Result
from specs.model import Operation
from tools.call import Returned
from tools.redact import for_model, nameable, secret_names, without_personal
from tools.response import outline, sample
from tools.schema import definition
from tools.settings import DocumentSettings

WHOLE = 4000  # bytes up to which a body is kept in the event itself, so that most turns need no artifact
SAMPLE_CHARACTERS = 2000
LONG = 4  # seconds
SPANS = ((172_800, 86_400, "day"), (7_200, 3_600, "hour"), (120, 60, "minute"), (0, 1, "second"))  # from so many seconds on; its length


def secrets_of(operation: Operation, settings: DocumentSettings) -> frozenset[str]:
    return secret_names(operation, definition(operation, settings))


def waits(seconds: float | None) -> str:
    """What is told of a wait that is longer than a turn's."""
    if seconds is None or seconds < LONG:
        return ""
    size, unit = next((size, unit) for least, size, unit in SPANS if seconds >= least)
    number = math.ceil(seconds / size)
    return f"It can be tried again in {number} {unit}{'' if number == 1 else 's'}."


def returned(call_id: str, found: Returned, hidden: frozenset[str]) -> tuple[CallReturned, Artifact | None]:
    """The event, and the artifact where the event does not hold everything. `hidden`: names of fields that a model must not see."""
    body = orjson.dumps(found.data)
    result = result_of(call_id, found, hidden, small=len(body) <= WHOLE)
    errors = {name: str(for_model(text, hidden)) for name, text in found.errors.items()}
    message = str(for_model(" ".join(filter(None, (found.message, waits(found.retry_in)))), hidden))
    about = {"outcome": found.outcome, "accepted": found.accepted, "status": found.status}
    event = CallReturned(call_id=call_id, result=result, message=message, errors=errors, **about)
    if found.file:
        return event, Artifact("file", found.file.body, found.file.name, found.file.media_type)
    return event, None if result.whole else Artifact("data", body)


def result_of(call_id: str, found: Returned, hidden: frozenset[str], *, small: bool) -> Result:
    known = found.data if small else sample(found.data, SAMPLE_CHARACTERS)
    seen = for_model(known, hidden)
    # By its own name it is handed out; in the event stands what a model may read.
    file = attached(found.file).model_copy(update={"name": without_personal(found.file.name, "")}) if found.file else None
    return Result(
        id=call_id, data=seen, whole=small and seen is known, masked=seen is not known, outline=outline(found.data), rows=found.rows,
        total=found.total, path=found.rows_path if nameable(found.rows_path) else "", media_type=found.media_type,
        warnings=tuple(without_personal(each, "") for each in found.warnings), file=file,
    )  # fmt: skip
