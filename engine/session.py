"""A conversation as data: its events, and the session they make. Pure; knows no Redis, model, clock or web.

The stored format: one JSON object an event, tagged by `type`. FORMAT is its number; a reader refuses numbers it does not know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tools.show import View

FORMAT = 1
JSON: TypeAlias = Any  # JSON that belongs to the customer, the product or the model
Outcome = Literal["done", "rejected", "not_executed"]
SourceKind = Literal["user", "answer", "document", "tool", "response", "chosen", "composed", "none"]
Mark = Literal["", "show"]  # "show": allowed only through an approval that marks the value and where it came from


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")


class ToolCall(Frozen):
    """A model's wish. `tool` is an operation id of the document, or one of the engine's own tools."""

    id: str
    tool: str
    arguments: dict[str, JSON]


class Source(Frozen):
    """Where one value of an argument comes from.

    user, answer: `said` is the span of words; `at` the number of the event that holds them.
    response, tool: `call` is the call whose result holds the value, `pointer` the JSON pointer into that result.
    `label` is for people: "from user1's record", "your words", "default of the document".
    """

    kind: SourceKind
    label: str = ""
    said: str | None = None
    at: int | None = None
    call: str | None = None
    pointer: str | None = None
    mark: Mark = ""


class Preview(Frozen):
    """The exact request as it will be sent; secret values stand as their handle's mask, credentials are not in it."""

    method: str
    url: str
    headers: dict[str, str] = {}
    body: JSON = None


class PreviewValue(Frozen):
    """One argument on an approval card. `before` is the value of the approval that this one mends, if it differs."""

    name: str
    label: str
    value: JSON
    source: Source
    before: JSON = None
    changed: bool = False
    form: dict[str, JSON] = {}  # the field's JSON Schema, for editing


class QuestionField(Frozen):
    """One field of a form. `name` is an argument's name, or a JSON pointer ("/address/city") inside the arguments.

    `form` is the field's JSON Schema (type, enum, format, description, default); `hidden` for secrets.
    """

    name: str
    label: str
    form: dict[str, JSON]
    hidden: bool = False
    required: bool = True


class Question(Frozen):
    """What the customer is asked. kind "values": a form (`fields`); kind "approval": a yes to `preview`.

    `call` is the call that waits for the answer. `seal` is the approval's HMAC (engine/approval.py), never shown to a model.
    """

    id: str
    kind: Literal["values", "approval"]
    call: str
    text: str
    fields: tuple[QuestionField, ...] = ()
    operation: str | None = None
    summary: str | None = None
    preview: Preview | None = None
    values: tuple[PreviewValue, ...] = ()
    notes: tuple[str, ...] = ()  # "This step was the model's idea", "The product refused the first try: ..."
    seal: str | None = None
    expires: int | None = None  # epoch ms


class Result(Frozen):
    """What came of a call, as far as events hold it. `id` names the artifact with the whole body (the call's id).

    `data` is the body itself when it is small, else a sample; `whole` says which. `outline` describes the shape with counts.
    `rows` is how many were read, `total` how many the product says there are. `path` is the JSON pointer of the rows in the body.
    """

    id: str
    data: JSON = None
    whole: bool = True
    outline: str = ""
    rows: int | None = None
    total: int | None = None
    path: str = ""
    media_type: str = "application/json"
    warnings: tuple[str, ...] = ()


class Receipt(Frozen):
    """One line of what was done in a turn, made from events by code."""

    call: str
    operation: str
    summary: str
    changing: bool
    outcome: Literal["done", "rejected", "not_executed", "unknown", "declined", "refused"]
    status: int | None = None


class Usage(Frozen):
    input_tokens: int = 0
    output_tokens: int = 0


class SessionStarted(Frozen):
    type: Literal["SessionStarted"] = "SessionStarted"
    format: int = FORMAT
    document: str  # hash: the version this session keeps
    spec: str  # the document's id: its settings
    tenant: str
    user: str
    connection: str | None = None
    locale: str = "en"
    timezone: str = "UTC"
    consent: bool = False  # to keep what was said for improvement
    at: int = 0  # epoch ms, as everywhere


class UserSaid(Frozen):
    type: Literal["UserSaid"] = "UserSaid"
    message_id: str
    text: str
    at: int = 0


class ModelReplied(Frozen):
    type: Literal["ModelReplied"] = "ModelReplied"
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    model: str = ""
    usage: Usage = Usage()
    at: int = 0


class CallApproved(Frozen):
    """The call passed every checkpoint. `arguments` is what will be sent: repaired, answered, with secrets as handles."""

    type: Literal["CallApproved"] = "CallApproved"
    call_id: str
    arguments: dict[str, JSON]
    sources: dict[str, Source] = {}  # by JSON pointer into arguments: "/name", "/address/city"
    repairs: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()  # optional arguments without a source, left out
    at: int = 0


class CallRejected(Frozen):
    type: Literal["CallRejected"] = "CallRejected"
    call_id: str
    checkpoint: str
    reason: str  # for the model: worded so that it can mend the call
    told: str | None = None  # for the customer, where it concerns them
    final: bool = False  # the model must not try this again in this turn (declined, refused for intent)
    at: int = 0


class QuestionAsked(Frozen):
    type: Literal["QuestionAsked"] = "QuestionAsked"
    question: Question
    arguments: dict[str, JSON] = {}  # the call's arguments as known when it was asked
    at: int = 0


class QuestionAnswered(Frozen):
    """`values`: by the question field's name; a hidden field's value is its handle ("secret:..."). `edits`: by JSON pointer into arguments."""

    type: Literal["QuestionAnswered"] = "QuestionAnswered"
    question_id: str
    message_id: str
    approved: bool | None = None
    values: dict[str, JSON] = {}
    edits: dict[str, JSON] = {}
    closed: bool = False  # not answered: a new request closed it as declined
    at: int = 0


class CallStarted(Frozen):
    """Saved before a changing request leaves. `key` is its idempotency key; `attempt` counts from 1."""

    type: Literal["CallStarted"] = "CallStarted"
    call_id: str
    key: str
    attempt: int = 1
    at: int = 0


class CallReturned(Frozen):
    """A product's answer, or an engine tool's result. outcome "rejected": the product refused (4xx), nothing changed."""

    type: Literal["CallReturned"] = "CallReturned"
    call_id: str
    outcome: Outcome
    status: int | None = None
    result: Result | None = None
    message: str = ""  # for the model and the customer, when there is no result to show
    errors: dict[str, str] = {}  # the product's field errors, by argument name
    view: View | None = None  # of `show`
    offered: tuple[str, ...] = ()  # operations that find_operations adds to the offer
    at: int = 0


class CallUnknown(Frozen):
    """A changing request was sent and its outcome cannot be known."""

    type: Literal["CallUnknown"] = "CallUnknown"
    call_id: str
    reason: str
    at: int = 0


class ReplyRejected(Frozen):
    type: Literal["ReplyRejected"] = "ReplyRejected"
    checkpoint: str
    reason: str
    at: int = 0


class Replied(Frozen):
    type: Literal["Replied"] = "Replied"
    text: str
    views: tuple[View, ...] = ()
    receipt: tuple[Receipt, ...] = ()
    kind: Literal["answer", "refusal"] = "answer"
    at: int = 0


class TurnFailed(Frozen):
    type: Literal["TurnFailed"] = "TurnFailed"
    code: str
    text: str
    receipt: tuple[Receipt, ...] = ()
    at: int = 0


class Fact(Frozen):
    """An older turn in a few words: what was asked, what was called, what changed."""

    at: int  # number of the turn's UserSaid
    said: str
    did: tuple[str, ...] = ()
    reply: str = ""


class Snapshot(Frozen):
    """What the events before it still matter for, so that a worker reads this and the tail only."""

    type: Literal["Snapshot"] = "Snapshot"
    started: SessionStarted
    tail: int  # number of the first event that is still loaded: the turns from there on stay whole
    facts: tuple[Fact, ...] = ()
    said: tuple[tuple[int, str], ...] = ()  # (event number, text): the customer's own words that may still be sources, newest last
    results: tuple[tuple[str, str], ...] = ()  # (call id, label) of results whose artifacts may still be sources
    used: tuple[str, ...] = ()  # operations already used, newest last
    handles: tuple[str, ...] = ()  # secrets that exist
    turns: int = 0
    at: int = 0


Event: TypeAlias = Annotated[
    SessionStarted | UserSaid | ModelReplied | CallApproved | CallRejected | QuestionAsked | QuestionAnswered | CallStarted
    | CallReturned | CallUnknown | ReplyRejected | Replied | TurnFailed | Snapshot,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call of the running turn with everything that happened to it, derived from events."""

    wish: ToolCall
    arguments: Mapping[str, JSON]  # as wished, answered and edited so far
    answered: Mapping[str, int] = field(default_factory=dict)  # JSON pointer -> event number of the answer that gave the value
    approved: CallApproved | None = None
    question: Question | None = None  # open
    consent: Question | None = None  # the approval the customer said yes to
    refused: Question | None = None
    started: CallStarted | None = None
    returned: CallReturned | None = None
    rejected: CallRejected | None = None
    unknown: CallUnknown | None = None

    @property
    def id(self) -> str:
        return self.wish.id

    @property
    def settled(self) -> bool:
        return bool(self.returned or self.rejected or self.unknown)

    @property
    def waiting(self) -> bool:
        return self.question is not None and not self.settled


@dataclass(frozen=True, slots=True)
class Turn:
    """The events from one message of the user to the final reply. `number` is that of its UserSaid."""

    number: int
    said: UserSaid
    calls: tuple[Call, ...] = ()
    replies: tuple[ModelReplied, ...] = ()
    rejected: tuple[ReplyRejected, ...] = ()
    trail: tuple[tuple[int, Event], ...] = ()
    ended: Replied | TurnFailed | None = None

    def call(self, call_id: str) -> Call | None:
        return next((c for c in self.calls if c.id == call_id), None)

    def questions(self) -> list[Question]:
        return [c.question for c in self.calls if c.question is not None and not c.settled]


@dataclass(frozen=True, slots=True)
class Session:
    """A session as far as it is loaded: the last snapshot's content and the turns since. `length` is the next event's number."""

    id: str
    started: SessionStarted
    epoch: int = 0
    length: int = 1
    turns: tuple[Turn, ...] = ()
    past: Snapshot | None = None
    tail: int = 0  # number of the first event that is loaded

    @property
    def turn(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def running(self) -> Turn | None:
        """The turn that has not ended, if there is one."""
        return self.turn if self.turn and self.turn.ended is None else None

    def add(self, event: Event) -> "Session":
        number, grown = self.length, replace(self, length=self.length + 1)
        match event:
            case SessionStarted():
                return replace(grown, started=event)
            case Snapshot():
                return replace(grown, past=event, tail=event.tail, turns=tuple(t for t in self.turns if t.number >= event.tail))
            case UserSaid():
                return replace(grown, turns=(*self.turns, Turn(number, event, trail=((number, event),))))
        if not self.turns:
            raise ValueError(f"event {number}, {event.type}, belongs to no turn")
        place = _place(self.turns, event)
        turn = _turn_with(self.turns[place], number, event)
        return replace(grown, turns=(*self.turns[:place], turn, *self.turns[place + 1 :]))


def _place(turns: tuple[Turn, ...], event: Event) -> int:
    """The turn an event belongs to: the last one, but for a late result of an older call."""
    if isinstance(event, CallReturned):
        for place in range(len(turns) - 1, -1, -1):
            if turns[place].call(event.call_id):
                return place
    return len(turns) - 1


def _turn_with(turn: Turn, number: int, event: Event) -> Turn:
    turn = replace(turn, trail=(*turn.trail, (number, event)))
    match event:
        case ModelReplied():
            calls = tuple(Call(wish, wish.arguments) for wish in event.calls)
            return replace(turn, replies=(*turn.replies, event), calls=turn.calls + calls)
        case ReplyRejected():
            return replace(turn, rejected=(*turn.rejected, event))
        case Replied() | TurnFailed():
            return replace(turn, ended=event)
        case SessionStarted() | Snapshot() | UserSaid():
            return turn
        case QuestionAsked():
            return _changed(turn, event.question.call, number, event)
        case QuestionAnswered():
            asked = next((c for c in turn.calls if c.question and c.question.id == event.question_id), None)
            return _changed(turn, asked.id, number, event) if asked else turn
        case CallApproved() | CallRejected() | CallStarted() | CallReturned() | CallUnknown():
            return _changed(turn, event.call_id, number, event)


def _changed(turn: Turn, call_id: str, number: int, event: Event) -> Turn:
    return replace(turn, calls=tuple(_call_with(c, number, event) if c.id == call_id else c for c in turn.calls))


def _call_with(call: Call, number: int, event: Event) -> Call:
    match event:
        case CallApproved():
            return replace(call, approved=event, arguments=event.arguments)
        case CallRejected():
            return replace(call, rejected=event, question=None)
        case CallStarted():
            return replace(call, started=event, returned=None)
        case CallReturned():
            return replace(call, returned=event, unknown=None)
        case CallUnknown():
            return replace(call, unknown=event)
        case QuestionAsked():
            return replace(call, question=event.question, arguments=event.arguments, consent=None)
        case QuestionAnswered():
            return _answered(call, number, event)
        case _:
            return call


def _answered(call: Call, number: int, event: QuestionAnswered) -> Call:
    asked = call.question
    if event.closed or event.approved is False:
        return replace(call, question=None, refused=asked)
    arguments, answered = dict(call.arguments), dict(call.answered)
    given = {name if name.startswith("/") else pointer(name): value for name, value in event.values.items()}
    for place, value in (given | event.edits).items():
        arguments = with_value(arguments, place, value)
        answered[place] = number
    consent = asked if event.approved and not event.edits else None
    return replace(call, question=None, arguments=arguments, answered=answered, consent=consent)


def pointer(*parts: str | int) -> str:
    """The JSON pointer (RFC 6901) of a place."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def with_value(document: JSON, place: str, value: JSON) -> JSON:
    """`document` with the value at a JSON pointer replaced or added; the original stays as it is."""
    if not place:
        return value
    head, _, rest = place[1:].partition("/")
    head, rest = head.replace("~1", "/").replace("~0", "~"), f"/{rest}" if _ else ""
    if isinstance(document, list):
        at = int(head)
        return [*document[:at], with_value(document[at], rest, value), *document[at + 1 :]]
    whole = dict(document or {})
    whole[head] = with_value(whole.get(head), rest, value)
    return whole
