"""A turn that a customer rated down, as a case that can be played: what was said, what the product answered, what came of it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from feedback.cases import Expected
from feedback.masks import HANDLE, Masks
from feedback.store import Rating
from runtime.errors import Conflict, DocumentRefused
from specs.document import Document
from specs.yaml_core import Limits, read_yaml
from tools.redact import secret_names
from tools.schema import definition
from tools.settings import DocumentSettings

Event = Mapping[str, Any]
WRITTEN = Limits(nodes=1_000, characters=10_000, depth=20)  # of an expectation in a correction
WRONG = "The customer rated this turn down; `happened` is what it came to."
FILL_IN = "Say in `expect` what would have been right."
READ = "`expect` was read from the customer's correction: check it."


@dataclass(frozen=True, slots=True)
class Recording:
    """`earlier`: the session's events before the rated turn, as far as they are kept. `bodies`: whole results by their ids, likewise."""

    rating: Rating
    document: Document
    settings: DocumentSettings
    earlier: tuple[Event, ...] = ()
    bodies: Mapping[str, Any] = field(default_factory=dict)

    @property
    def events(self) -> tuple[Event, ...]:
        return (*self.earlier, *self.rating.events)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.rating.events[0]["at"] / 1000, UTC)

    def operation(self, call: str) -> str | None:
        """The operation that a call was of; None: one of our own tools, or none of the document."""
        wishes = (wish for event in self.events if event["type"] == "ModelReplied" for wish in event.get("calls", ()))
        tool = next((wish["tool"] for wish in wishes if wish["id"] == call), "")
        return tool if self.document.has(tool) else None


def refuse_without_words(rating: Rating) -> None:
    if rating.rating != "down":
        raise Conflict(f"The rating {rating.id} is a thumbs-up: it has nothing to mend.", code="rating_not_down")
    if not rating.consent:
        detail = "The customer did not agree that words are kept: only what kinds of things happened was copied, and no case can be made of that."
        raise Conflict(detail, code="rating_without_consent")


def whole_results(events: Sequence[Event]) -> list[str]:
    """The ids of results of which the events hold a part only."""
    results = [event.get("result") or {} for event in events if event["type"] == "CallReturned"]
    return [each["id"] for each in results if each and not each.get("whole", True) and not each.get("file")]


def case_file(recording: Recording, document: str, corrected: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`document`: its path from the file. `corrected`: what a rehearsal of the customer's correction came to (a report of `ask --dry-run`)."""
    rating = recording.rating
    expected, notes = expectation(rating, corrected)
    case = {
        "id": rating.id,
        "set": "rated down",
        "say": messages(recording.events),
        "expect": expected,
        "happened": happened(recording),
        "responses": list(responses(recording)),
        "approves": approves(recording.events),
        "note": " ".join([WRONG, *notes, *gaps(recording)]),
    }
    head = {"format": 1, "document": document, "now": recording.now.isoformat(), "timezone": rating.timezone, "locale": rating.locale}
    return {**head, "cases": [masked(case, hidden(recording), [event.get("values", {}) for event in recording.events])]}


def masked(case: dict[str, Any], names: frozenset[str], answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Only in data does a name say what its value is: the case's own keys are ours. What is empty is left out."""
    masks, expected = Masks(names), case["expect"] or {}
    data = [case["happened"].get("arguments"), expected.get("arguments"), [each["body"] for each in case["responses"]], list(map(dict, answers))]
    masks.learn([data, case["say"], case["happened"]["text"], case["note"]])
    made = case | {
        "say": [masks.text(each) for each in case["say"]],
        "expect": {name: masks.of(value) if name in ("arguments", "says") else value for name, value in expected.items()},
        "happened": {name: masks.of(value) if name in ("arguments", "text") else value for name, value in case["happened"].items()},
        "responses": [each | {"body": masks.of(each["body"])} for each in case["responses"]],
        "note": masks.text(case["note"]),
    }
    return {name: value for name, value in made.items() if value not in (None, [], {}, False)}


def expectation(rating: Rating, corrected: Mapping[str, Any] | None) -> tuple[dict[str, Any] | None, list[str]]:
    """From the correction: written as an expectation, or as words that say what to do. Else it is to be filled in."""
    said = [f'The customer wrote: "{text}".' for text in (rating.comment, rating.correction) if text]
    if rating.correction and (written := as_expected(rating.correction)) is not None:
        return written, said
    if corrected is not None and corrected["action"] in ("call", "confirm") and corrected["calls"]:
        calls = corrected["calls"]
        names = [f"{call['method']} {call['path']}" for call in calls]
        arguments = [known(call) for call in calls]
        return {"action": "call", "operation": names, "arguments": arguments}, [*said, READ]
    return None, [*said, FILL_IN]


def as_expected(correction: str) -> dict[str, Any] | None:
    """Customers write it, so it is read as documents are: no tags, and aliases count as what they stand for."""
    try:
        given = read_yaml(correction.encode(), WRITTEN)
        return given if isinstance(given, dict) and Expected.model_validate(given) else None
    except (DocumentRefused, ValidationError):
        return None


def known(call: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that the words give; a hidden one has no value that may be kept."""
    return {
        name: value for name, value in call["arguments"].items()
        if call["sources"].get(name, {}).get("kind") != "none" and not HANDLE.match(str(value))
    }  # fmt: skip


def messages(events: Sequence[Event]) -> list[str]:
    """What was typed. A form's one answer is what is typed next, several are added to the request; hidden ones are nowhere."""
    found: list[str] = []
    for event in events:
        if event["type"] == "UserSaid":
            found.append(event["text"])
        elif event["type"] == "QuestionAnswered" and not event.get("closed"):
            values = {name: value for name, value in event.get("values", {}).items() if not HANDLE.match(str(value))}
            if len(values) == 1:
                found.append(str(next(iter(values.values()))))
            elif values and found:
                found[-1] += "".join(f", {name.strip('/').replace('/', '.')}: {value}" for name, value in values.items())
    return found


def approves(events: Sequence[Event]) -> bool:
    return any(event["type"] == "QuestionAnswered" and event.get("approved") for event in events)


def responses(recording: Recording) -> Iterator[dict[str, Any]]:
    """What the product answered, in order: the whole body where it is still kept, else what the events hold."""
    for event in recording.events:
        operation = recording.operation(event["call_id"]) if event["type"] == "CallReturned" else None
        if operation is None or (event.get("status") is None and event.get("outcome") != "done"):
            continue
        entry, result = recording.document.entry(operation), event.get("result") or {}
        body = recording.bodies.get(result.get("id", ""), result.get("data"))
        if not result and (event.get("message") or event.get("errors")):
            body = {"message": event.get("message", ""), "errors": event.get("errors", {})}
        yield {"operation": f"{entry.method} {entry.path}", "status": event.get("status") or 200, "body": body}


def happened(recording: Recording) -> dict[str, Any]:
    """The calls of the rated turn, as they were made or waited for a yes, and how it ended."""
    turn = recording.rating.events
    calls = {call: arguments for call, arguments in wished(turn).items() if recording.operation(call) is not None}
    entries = [recording.document.entry(recording.operation(call) or "") for call in calls]
    ended: Event = next((event for event in reversed(turn) if event["type"] in ("Replied", "TurnFailed")), {})
    about = {"operation": [f"{each.method} {each.path}" for each in entries], "arguments": [dict(each) for each in calls.values()]}
    return {"action": action(turn, calls, ended), **(about if calls else {}), "text": ended.get("text", "")}


def wished(turn: Sequence[Event]) -> dict[str, Mapping[str, Any]]:
    """Call id -> the arguments it was approved or asked about with, in order. One that was refused for good is none."""
    found: dict[str, Mapping[str, Any]] = {}
    for event in turn:
        if event["type"] == "CallApproved":
            found[event["call_id"]] = event["arguments"]
        elif event["type"] == "QuestionAsked":
            found[event["question"]["call"]] = event.get("arguments", {})
        elif event["type"] == "CallRejected":
            found.pop(event["call_id"], None)
    return found


def action(turn: Sequence[Event], calls: Mapping[str, Any], ended: Event) -> str:
    kinds = [event["question"]["kind"] for event in turn if event["type"] == "QuestionAsked"]
    sent = {event["call_id"] for event in turn if event["type"] in ("CallReturned", "CallUnknown", "CallStarted")} & calls.keys()
    if sent or "approval" in kinds:
        return "call"
    if "values" in kinds:
        return "clarify"
    return "refuse" if ended.get("kind") == "refusal" or ended.get("type") == "TurnFailed" else "reply"


def gaps(recording: Recording) -> Iterator[str]:
    """What of it a replay cannot do as it was."""
    events = recording.events
    if recording.rating.turn > 1 and not recording.earlier:
        yield "What was said before in the session is no longer kept."
    if any(each not in recording.bodies for each in whole_results(events)):
        yield "Of a large result only a sample is kept."
    if any(event.get("edits") for event in events):
        yield "The customer edited a request before the yes."
    if any(HANDLE.match(str(value)) for event in events for value in event.get("values", {}).values()):
        yield "A hidden answer was given, which is kept nowhere."
    if any(event["type"] == "CallUnknown" for event in events):
        yield "Of a change nobody knows whether it was made; no response stands for it."
    if any(event.get("files") or (event.get("result") or {}).get("file") for event in events):
        yield "A file is not in the case."


def hidden(recording: Recording) -> frozenset[str]:
    """Names of secret and sensitive fields of what was called."""
    wishes = {wish["id"] for event in recording.events if event["type"] == "ModelReplied" for wish in event.get("calls", ())}
    operations = {operation for call in wishes if (operation := recording.operation(call)) is not None}
    found = [recording.document.operation(each) for each in operations]
    return frozenset().union(*(secret_names(each, definition(each, recording.settings)) for each in found))
