"""A session and its turns, derived from events. Pure; knows no Redis, model, clock or web."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.events import (
    JSON,
    CallApproved,
    CallRejected,
    CallReturned,
    CallStarted,
    CallUnknown,
    Event,
    ModelReplied,
    Question,
    QuestionAnswered,
    QuestionAsked,
    Replied,
    ReplyRejected,
    SessionStarted,
    Snapshot,
    ToolCall,
    TurnFailed,
    UserSaid,
)
from specs.pointers import pointer, with_value


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

    def call(self, call_id: str | None) -> Call | None:
        """Of any turn that is loaded."""
        return next((found for turn in self.turns for found in turn.calls if found.id == call_id), None)

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
        if place is None:
            return grown
        turn = _turn_with(self.turns[place], number, event)
        return replace(grown, turns=(*self.turns[:place], turn, *self.turns[place + 1 :]))


def _place(turns: tuple[Turn, ...], event: Event) -> int | None:
    """The turn an event belongs to: the last one, but for a late result of an older call. None: of a call that is no longer loaded."""
    if isinstance(event, CallReturned):
        return next((place for place in range(len(turns) - 1, -1, -1) if turns[place].call(event.call_id)), None)
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
        case QuestionAsked() if event.question.kind == "sign_in":  # nothing was carried out, and what was approved still is
            return replace(call, question=event.question, started=None)
        case QuestionAsked():
            return replace(call, question=event.question, arguments=event.arguments, consent=None, approved=None)
        case QuestionAnswered():
            return _answered(call, number, event)
        case _:
            return call


def _answered(call: Call, number: int, event: QuestionAnswered) -> Call:
    asked = call.question
    if event.closed or event.approved is False:
        return replace(call, question=None, refused=asked, approved=None)
    if asked and asked.kind == "sign_in":
        return replace(call, question=None)
    arguments, answered = dict(call.arguments), dict(call.answered)
    given = {name if name.startswith("/") else pointer(name): value for name, value in event.values.items()}
    for place, value in (given | event.edits).items():
        arguments = with_value(arguments, place, value)
        answered[place] = number
    consent = asked if event.approved and not event.edits else None
    return replace(call, question=None, arguments=arguments, answered=answered, consent=consent)
