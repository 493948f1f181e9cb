"""What came of played cases, one JSON object a line: written as it comes, read again to go on and to compare."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeAlias

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from feedback.cases import Action, Case, CaseFile
from feedback.progress import resumed
from feedback.verdict import Missed, action_of, asked_in, calls_of
from runtime.errors import InvalidRequest
from specs.document import Document

PlayKey: TypeAlias = tuple[str, int]  # a case's id and which repeat of it

_BEGINS = b'{"format":1,"id":'  # as every line does


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Called(_Frozen):
    operation: str
    arguments: dict[str, Any]
    sources: dict[str, dict[str, Any]]


class Usage(_Frozen):
    """What a model was asked. `cost`: US dollars; None where a price is not known."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


class Outcome(_Frozen):
    """One play of a case. `digest` is that of all it was played with, so that a changed case is played again."""

    format: Literal[1] = 1
    id: str
    set: str
    repeat: int
    model: str
    digest: str
    say: tuple[str, ...]
    expected: dict[str, Any] | None  # None: nothing was expected, so nothing is judged
    action: Action
    calls: tuple[Called, ...]
    asked: tuple[str, ...]
    executed: tuple[tuple[str, str], ...]
    text: str
    missed: tuple[Missed, ...]
    seconds: float
    usage: Usage

    @property
    def passed(self) -> bool:
        return not self.missed


def digest(file: CaseFile, case: Case, document: Document) -> str:
    """Of what decides how a case is played and judged; its note and set do neither."""
    about = case.model_dump(mode="json", exclude={"note", "set"})
    around = file.model_dump(mode="json", include={"now", "timezone", "locale"})
    return sha256(orjson.dumps((about, around, document.hash), option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def outcome(case: Case, report: Mapping[str, Any], missed: Iterable[Missed], **about: Any) -> Outcome:
    """`about`: repeat, model, digest."""
    return Outcome(
        id=case.id,
        set=case.set,
        say=case.say,
        expected=case.expect.model_dump(mode="json", exclude_defaults=True) if case.expect else None,
        action=action_of(report),
        calls=tuple(Called(operation=call.operation, arguments=dict(call.arguments), sources=dict(call.sources)) for call in calls_of(report)),
        asked=tuple(asked_in(report)),
        executed=tuple((method, path) for method, path in report["executed"]),
        text=report["text"],
        missed=tuple(missed),
        seconds=report["seconds"],
        usage=Usage(**report["usage"]),
        **about,
    )


def kept(path: Path) -> dict[PlayKey, Outcome]:
    """What a file of results holds, the last of each."""
    strange = InvalidRequest(f"{path.name} holds something else than results of `eval run`.", code="results_unreadable")
    return resumed(path, _BEGINS, lambda data: _read(data, path.name), strange)


def read(path: Path) -> list[Outcome]:
    """The results in a file, which must be of one model; nothing is changed in it."""
    found = list(_read(path.read_bytes(), path.name).values())
    models = sorted({each.model for each in found})
    if len(models) != 1:
        told = f"results of {len(models)} models ({', '.join(models)})" if models else "no results"
        raise InvalidRequest(f"{path.name} holds {told}; those of one model are needed.", code="results_of_one_model")
    return found


def _read(data: bytes, name: str) -> dict[PlayKey, Outcome]:
    found: dict[PlayKey, Outcome] = {}
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            each = Outcome.model_validate_json(line)
        except ValidationError as error:
            raise InvalidRequest(f"{name}, line {number}, is no result of `eval run`.", code="results_unreadable") from error
        found[each.id, each.repeat] = each
    return found
