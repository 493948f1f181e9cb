"""What a checkpoint is told about a call, and what it can say. Pure data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from engine.again import leans_back
from engine.context import FULL_TURNS
from engine.decide import Limits
from engine.events import JSON, Attached, ModelReplied, Question, QuestionAnswered, Source
from engine.moderation import UNMODERATED, Moderation
from engine.session import Call, Session, Turn
from engine.typed import going_on
from specs.model import Operation
from specs.pointers import escape, parts, pointer
from tools.korean import is_korean
from tools.own import OWN
from tools.request import Target
from tools.schema import ToolDefinition
from tools.settings import DocumentSettings

HANDLE = "secret:"


def speaks_korean(locale: str, turn: Turn | None) -> bool:
    """Whether the customer is answered in Korean: who has it for a locale, or writes in it now."""
    return locale.lower().startswith("ko") or (turn is not None and is_korean(turn.said.text))


@dataclass(frozen=True, slots=True)
class Facts:
    """`said`: (event number, text) of the customer's own words, oldest first; the last is this turn's message."""

    session: Session
    turn: Turn
    call: Call
    operation: Operation | None  # None: one of the engine's own tools, or unknown
    definition: ToolDefinition | None  # None: not offered, or unknown
    settings: DocumentSettings
    target: Target
    offered: frozenset[str]
    bodies: Mapping[str, JSON]  # call id -> whole body of an earlier result
    labels: Mapping[str, str]  # call id -> what people call that result
    said: tuple[tuple[int, str], ...]
    handles: frozenset[str]  # secrets that exist in the session
    sign: Callable[[bytes], str]
    connection: str | None
    now: int  # epoch ms
    limits: Limits
    secrets: frozenset[str] = frozenset()  # plain names of the offered operations' secret fields
    lost: frozenset[str] = frozenset()  # handles of secrets that are past their lifetime
    files: Mapping[str, tuple[Attached, Source]] = field(default_factory=dict)  # by handle, with what an argument's source is that holds it
    for_one: str | None = None  # of an operation that deletes a whole collection: the one that deletes one of it
    gets: frozenset[str] = frozenset()  # the offered operations that are GETs
    near: frozenset[str] = frozenset()  # operations that fit this turn's words best
    leads: frozenset[str] = frozenset()  # these, and what supplies their ids
    many: str | None = None  # the collection that it changes as a whole, where the document knows single ones
    moderation: Moderation = UNMODERATED  # of what the model would ask
    undoes: tuple[tuple[str, Mapping[str, JSON]], ...] = ()  # the calls that take back what the customer asks to undo

    @property
    def words(self) -> str:
        """What this turn's message says; the one before it, too, where it only says "again", another value, or what was asked for."""
        text = "\n".join(going_on(self.session, self.turn))
        earlier = next((text for number, text in reversed(self.said) if number < self.turn.number), "")
        return f"{earlier}\n{text}" if earlier and leans_back(text) else text

    @property
    def tool(self) -> str:
        return self.call.wish.tool

    @property
    def korean(self) -> bool:
        return speaks_korean(self.session.started.locale, self.turn)

    def undo(self, arguments: Mapping[str, JSON]) -> bool:
        """Whether the call with these arguments is exactly what takes back a change that the customer asks to undo."""
        return any(tool == self.tool and dict(values) == dict(arguments) for tool, values in self.undoes)

    def earlier(self) -> list[Call]:
        """Calls of the same tool in this turn that were wished before this one."""
        found: list[Call] = []
        for each in self.turn.calls:
            if each.id == self.call.id:
                break
            if each.wish.tool == self.tool:
                found.append(each)
        return found

    def changed_before(self) -> list[Call]:
        """Changes of this turn, by whatever operation, that were started or wait for a yes and were wished before this call."""
        place = next((number for number, each in enumerate(self.turn.calls) if each.id == self.call.id), 0)
        return [each for each in self.turn.calls[:place] if each.started or (each.question and each.question.kind == "approval")]

    def read_before(self) -> bool:
        """Whether a product's response was in front of the model when it wished this call."""
        products = {each.id for each in self.turn.calls if each.wish.tool not in OWN or each.wish.tool == "show"}
        for _, event in self.turn.trail:
            if isinstance(event, ModelReplied) and any(each.id == self.call.id for each in event.calls):
                return False
            if event.type in ("CallReturned", "CallUnknown") and event.call_id in products:
                return True
        return False

    def moments(self) -> list[int]:
        """When this turn's relative times may be reckoned from (epoch ms): the message, what the model was asked after, and its wish.

        All are in events, so that a time means after an answer or a yes what it meant when it was asked about.
        """
        events = [event for _, event in self.turn.trail]
        wish = next((at for at, each in enumerate(events) if isinstance(each, ModelReplied) and any(c.id == self.call.id for c in each.calls)), 0)
        known = (events[0].at, events[max(wish - 1, 0)].at, events[wish].at)
        return [each for each in dict.fromkeys(known) if each] or [self.now]

    def read_lately(self) -> bool:
        """Whether a response of an earlier turn was still in front of the model."""
        shown = [turn for turn in self.session.turns[-FULL_TURNS:] if turn.number < self.turn.number]
        return any(call.returned and (call.wish.tool not in OWN or call.returned.view) for turn in shown for call in turn.calls)

    def answers(self) -> Iterator[tuple[int, str, JSON]]:
        """(event number, place, value) of what the customer answered, newest first."""
        for turn in reversed(self.session.turns):
            for number, event in reversed(turn.trail):
                if isinstance(event, QuestionAnswered):
                    given = {name if name.startswith("/") else pointer(name): value for name, value in event.values.items()}
                    yield from ((number, place, value) for place, value in (given | event.edits).items())


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """What a reply is made of and checked against. `services`: names of what can be done here. `safe`: tools of this turn that change nothing."""

    turn: Turn
    session: Session
    bodies: Mapping[str, JSON]
    summaries: Mapping[str, str]
    safe: frozenset[str]
    services: tuple[str, ...]
    title: str
    moderation: Moderation = UNMODERATED  # of the model's text

    @property
    def korean(self) -> bool:
        return speaks_korean(self.session.started.locale, self.turn)

    def summary(self, call: Call) -> str:
        return self.summaries.get(call.wish.tool, call.wish.tool).strip().rstrip(".")

    def product_calls(self) -> list[Call]:
        return [call for call in self.turn.calls if call.wish.tool not in OWN]


@dataclass(frozen=True, slots=True)
class Draft:
    """A call on its way down the ladder. `lacking`: places whose value must be asked for, and why where there is more to say than "missing"."""

    arguments: dict[str, JSON]
    sources: Mapping[str, Source] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)
    idea: bool = False  # the step was the model's: the words do not ask for it
    unclear: Literal["whether", "what"] | None = None  # whether a change is asked for, or of what


@dataclass(frozen=True, slots=True)
class Passed:
    arguments: dict[str, JSON]
    sources: dict[str, Source]
    repairs: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """`reason` is for the model, `told` for the customer, where it concerns them."""

    checkpoint: str
    reason: str
    told: str | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class NeedsAnswer:
    question: Question
    arguments: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    question: Question
    arguments: dict[str, JSON]


Verdict: TypeAlias = Passed | Rejected | NeedsAnswer | NeedsApproval


def question_id(facts: Facts) -> str:
    """Deterministic, and unique in the session: an event number is used once."""
    return f"q{facts.session.length}_{facts.call.id}"


def leaves(value: JSON, at: str = "") -> Iterator[tuple[str, JSON]]:
    """(JSON pointer, value) of every scalar, in order; an empty list or object is one, too. No recursion: a model's nesting has no limit here."""
    waiting: list[tuple[str, JSON]] = [(at, value)]
    while waiting:
        at, value = waiting.pop()
        kind = value.__class__  # what is a scalar is seen at once: a check walks its arguments a dozen times
        if kind is str or not value:
            yield at, value
        elif isinstance(value, Mapping):
            waiting.extend([(f"{at}/{escape(str(name))}", each) for name, each in reversed(list(value.items()))])
        elif isinstance(value, list):
            waiting.extend((f"{at}/{number}", value[number]) for number in range(len(value) - 1, -1, -1))
        else:
            yield at, value


def name_of(place: str) -> str:
    """The last name of a place; items of a list have the name of the list."""
    return next((part for part in reversed(parts(place)) if not part.isdigit()), "")


def is_handle(value: JSON) -> bool:
    return isinstance(value, str) and value.startswith(HANDLE)
