"""Taking back what was done: which changes of a turn can be, how that is offered, and which of them a message asks to undo. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.context import FULL_TURNS
from engine.context import words as said
from engine.events import JSON, Replied, TurnFailed
from engine.facts import ReplyFacts, leaves
from engine.inverse import Change, Inverse, inverse, restored
from engine.phrases import listed, say, shortened
from engine.receipts import outcome_of, what_of
from engine.report import in_part, to_hear
from engine.session import Call, Session, Turn
from engine.support import held, joined
from specs.document import Document
from specs.model import Operation
from tools.fields import words
from tools.own import OWN
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

OFFERED = 4
LONGEST = 1_000  # characters of a message that asks for nothing else
_UNDO = r"(?:undo|revert|roll back|take back|reverse|되돌(?:려|리)|원래대로)"
_ALL = (
    r"(?:that|this|it|them|these|those|all|everything|all of (?:it|that|them)|the (?:last )?changes?|what (?:was|you|you've|you have) (?:did|done)"
    r"|모두|전부|다)"
)
ALL = re.compile(
    rf"\W*(?:(?:no|ok(?:ay)?|please|can you|could you)\W+)*(?:{_UNDO}(?:\s+{_ALL})?|(?:take|put|change|turn)\s+{_ALL}\s+back|{_ALL}\s*{_UNDO})"
    r"(?:기|\s?놔|\s?놓아|\s?해)?(?:\s?(?:줘|주세요|줄래|again|please))*\W*",
    re.IGNORECASE,
)
ONE = re.compile(r"^\W*(?:please\W+)?(?:undo|revert|roll back|take back|reverse)\b|되돌(?:려|리)|원래대로 ?(?:해|돌려|바꿔)", re.IGNORECASE)
TOKEN = re.compile(r"[\w.@:+/-]{1,100}")
ENDINGS = "\"'“”.!?"


@dataclass(frozen=True, slots=True)
class Undo:
    """A change and the call that takes it back. `words`: what the customer can say for it; "" where its values may not stand among our own words."""

    call: Call
    inverse: Inverse
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What this is found in. `bodies`: of results, by call, as far as they are loaded."""

    session: Session
    document: Document
    settings: DocumentSettings
    bodies: Mapping[str, JSON]

    def definition(self, operation: Operation) -> ToolDefinition:
        return definition(operation, self.settings)

    def body(self, call: Call) -> JSON:
        result = call.returned.result if call.returned else None
        return self.bodies.get(call.id) or (result.data if result and result.whole else None)

    def operation(self, call: Call) -> Operation | None:
        """Of a call that the product carried out."""
        name = call.wish.tool
        return self.document.operation(name) if name not in OWN and outcome_of(call) == "done" and self.document.has(name) else None


def undos(turn: Turn, known: Known) -> list[Undo]:
    """The changes of a turn that can be taken back and were not yet, the last first."""
    found = []
    for call in reversed(turn.calls):
        operation = known.operation(call)
        back = taking_back(call, operation, known) if operation and not operation.safe else None
        if back is not None and back.operation.id not in known.settings.off and not made_since(call, back, known.session):
            found.append(Undo(call, back, worded(back, name_of(call, known.session)) if plain(back, known.session) else ""))
    return found


def taking_back(call: Call, operation: Operation, known: Known) -> Inverse | None:
    change = Change(operation, known.definition(operation), call.arguments, call.returned.status if call.returned else None, known.body(call))
    return inverse(known.document, change, known.definition) or restored(change, before(call, operation, known))


def before(call: Call, operation: Operation, known: Known) -> JSON:
    """The record as it was last read before a call, if nothing else changed it since."""
    found: JSON = None
    after = False
    for each in (each for turn in known.session.turns for each in turn.calls):
        other = known.operation(each)
        if each.id == call.id:
            after = True
        elif other is None or other.path != operation.path or places(other, each) != places(operation, call):
            continue
        elif other.method != "GET":
            found = None
        elif not after:
            found = known.body(each)
    return found


def places(operation: Operation, call: Call) -> dict[str, JSON]:
    return {each.name: call.arguments.get(each.name) for each in operation.parameters if each.location == "path"}


def made_since(call: Call, back: Inverse, session: Session) -> bool:
    calls = [each for turn in session.turns for each in turn.calls]
    later = calls[calls.index(call) + 1 :]
    return any(each.wish.tool == back.operation.id and dict(each.arguments) == back.arguments and outcome_of(each) == "done" for each in later)


def name_of(call: Call, session: Session) -> str:
    """What the customer calls the thing; "" where only the product does, and in a sentence."""
    what = what_of(call)
    return what if TOKEN.fullmatch(what) or held(what, joined(text for _, text in said(session))) else ""


def plain(back: Inverse, session: Session) -> bool:
    """No value can be a sentence, since what a customer clicks are the customer's words; and none is masked for the model."""
    calls = [call for turn in session.turns for call in turn.calls]
    results = [call.returned.result.data for call in calls if call.returned and call.returned.result]
    seen = {str(value) for given in (*(dict(call.arguments) for call in calls), *results) for _, value in leaves(given)}
    return all(isinstance(each, str | int) and TOKEN.fullmatch(str(each)) and str(each) in seen for each in back.arguments.values())


def worded(back: Inverse, name: str) -> str:
    """ "Unlock the user hkim", "Delete the group g7 (Ops)"; of several values: "Remove the user from a group: group_id g1, username ann"."""
    summary = back.operation.summary.strip().rstrip(".") or " ".join(words(back.operation.id)).capitalize()
    named = {name: str(value) for name, value in back.arguments.items()}
    text = re.sub(r"^(\w+) an? ", r"\1 the ", shortened(summary, 100))
    called = f" ({name})" if name and name not in named.values() else ""
    if len(named) == 1:
        return f"{text} {next(iter(named.values()))}{called}"
    return f"{text}: {', '.join(f'{each} {value}' for each, value in named.items())}{called}"


def asked(known: Known) -> list[Undo] | None:
    """What the newest message asks to undo; None: it asks for something else."""
    turn = known.session.turn
    text = turn.said.text if turn else ""
    offered = [words for each in lately(known.session) if isinstance(each.ended, Replied) for words in each.ended.suggestions]
    exactly = any(same(text, words) for words in offered)
    if len(text) > LONGEST or not (exactly or ALL.fullmatch(text) or ONE.search(text)):
        return None
    past = replace(known, session=replace(known.session, turns=known.session.turns[:-1]))  # what this turn undoes stays among what it is to undo
    if ALL.fullmatch(text):
        newest = next((each for each in lately(known.session) if changed(each, known)), None)
        return undos(newest, past) if newest else []
    found = [each for turn in lately(known.session) for each in undos(turn, past)]
    if exactly:
        return [each for each in found if same(text, each.words)][:1]
    named = [each for each in found if held(what_of(each.call), joined([text]))]
    return named or None  # perhaps the product itself has an operation for it


def changed(turn: Turn, known: Known) -> bool:
    return any((operation := known.operation(call)) and not operation.safe for call in turn.calls)


def lately(session: Session) -> Iterator[Turn]:
    yield from reversed(session.turns[:-1][-FULL_TURNS:])


def same(text: str, other: str) -> bool:
    return text.strip().strip(ENDINGS).casefold() == other.strip().strip(ENDINGS).casefold()


def told(found: list[Undo]) -> list[dict[str, JSON]]:
    """For the model, among our own words."""
    known = {each.call.id: {"arguments": each.inverse.arguments} for each in found if each.words}
    return [{"undoes": each.call.id, "tool": each.inverse.operation.id, **known.get(each.call.id, {})} for each in found]


def worth_offering(facts: ReplyFacts, *, early: bool) -> bool:
    """Some of several changes were not done, or the turn ended before everything was."""
    calls = to_hear(facts)
    return any(outcome_of(call) == "done" for call in calls) and (early or in_part(calls))


def offer(event: Replied | TurnFailed, found: list[Undo], *, korean: bool) -> Replied | TurnFailed:
    """The reply with what to say to take back what was done."""
    lines = [line for line in dict.fromkeys(each.words for each in found) if line][:OFFERED]
    if not lines:
        return event
    whole = [say("undo_all", korean=korean)] if len(lines) > 1 or korean else []
    lines = [] if korean else lines  # those are English
    quoted = listed([f"“{line}”" for line in (*whole, *lines)], korean=korean, last="or")
    text = f"{event.text}\n{say('undo', korean=korean, words=quoted)}"
    return event.model_copy(update={"text": text, **({"suggestions": (*whole, *lines)} if isinstance(event, Replied) else {})})
