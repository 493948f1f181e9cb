"""Cases: what customers say and what should come of it, as a file states them (feedback/case_file.py reads it). Pure."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

Action: TypeAlias = Literal["call", "clarify", "refuse", "reply"]


def _several(value: Any) -> Any:
    """One is written without a list."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _operation(text: str) -> str:
    method, _, path = text.strip().partition(" ")
    if not method.isalpha() or not path.strip().startswith("/"):
        raise ValueError('an operation is written as "POST /users/{username}/lock"')
    return f"{method.upper()} {path.strip()}"


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, LookupError, OSError) as error:
        raise ValueError('a time zone is named as "Europe/Berlin"') from error


def _locale(tag: str) -> str:
    if not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        raise ValueError("a locale is a language tag, such as en or ko-KR")
    return tag


Zone = Annotated[str, AfterValidator(_zone)]
Locale = Annotated[str, AfterValidator(_locale)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(min_length=1)]
OperationName = Annotated[str, AfterValidator(_operation)]
OperationNames = Annotated[tuple[OperationName, ...], BeforeValidator(_several)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wanted(_Strict):
    """The values an argument may have. null: it may be left out, or be null."""

    any_of: tuple[Any, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def one(cls, value: Any) -> Any:
        if not (isinstance(value, dict) and value.keys() == {"any_of"}):
            return {"any_of": (value,)}
        return {"any_of": tuple(value["any_of"])} if isinstance(value["any_of"], list) else value


Arguments = Annotated[tuple[dict[Name, Wanted], ...], BeforeValidator(_several)]


class Expected(_Strict):
    """What one turn, the last of a case, should come to. The arguments are those that matter; others may be given as well.

    One mapping of arguments belongs to the last operation; a list has one for each.
    """

    action: Action
    operation: OperationNames = ()
    arguments: Arguments = ()
    asked: Annotated[tuple[Name, ...] | None, BeforeValidator(lambda value: None if value is None else _several(value))] = None
    says: Annotated[tuple[Text, ...], BeforeValidator(_several)] = ()

    @model_validator(mode="after")
    def consistent(self) -> "Expected":
        if self.action == "call" and not self.operation:
            raise ValueError("a case that expects a call says which `operation`")
        if self.action in ("refuse", "reply") and self.operation:
            raise ValueError(f"{self.action} calls nothing: leave out `operation`")
        if self.asked is not None and self.action != "clarify":
            raise ValueError("`asked` goes with the action clarify")
        if len(self.arguments) > 1 and len(self.arguments) != len(self.operation):
            raise ValueError("`arguments` is one mapping, for the last operation, or a list with one for each operation")
        if self.arguments and not self.operation:
            raise ValueError("`arguments` are those of an `operation`")
        return self

    @property
    def calls(self) -> list[tuple[str, Mapping[str, Wanted]]]:
        """The operations in order, each with what its arguments should be."""
        given = (*({} for _ in range(len(self.operation) - len(self.arguments))), *self.arguments)
        return list(zip(self.operation, given, strict=True))


class Happened(_Strict):
    """What came of it when it was recorded: for whoever writes the expectation. Nothing is held against it."""

    action: str
    operation: OperationNames = ()
    arguments: tuple[dict[str, Any], ...] = ()  # of each operation
    text: str = ""


class Recorded(_Strict):
    """A response of the product: served in order to the calls of its operation."""

    operation: OperationName
    status: Annotated[int, Field(ge=100, le=599)] = 200
    body: Any = None


class Case(_Strict):
    """What a customer says, turn by turn, and what should come of the last. Without `expect` it is played and not judged.

    `document`, `now`, `timezone` and `locale` are the file's, where the case does not say.
    """

    id: Name
    set: Name = "cases"
    document: Name | None = None
    now: AwareDatetime | None = None
    timezone: Zone | None = None
    locale: Locale | None = None
    say: Texts
    expect: Expected | None = None
    happened: Happened | None = None
    responses: tuple[Recorded, ...] = ()
    approves: bool = False
    rubric: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def to_be_judged(self) -> "Case":
        if self.expect is None and self.happened is None:
            raise ValueError("a case says in `expect` what should come of it")
        return self


class CaseFile(_Strict):
    """`document` is a path from the file's own folder. With `now` the clock stands still there, else it is the machine's."""

    format: Literal[1]
    document: Name | None = None
    now: AwareDatetime | None = None
    timezone: Zone = "UTC"
    locale: Locale = "en"
    cases: tuple[Case, ...] = Field(min_length=1)
