"""Whether what a reply says was done is borne out: by a call that did it, or by a record that says so. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.claims import Claim, claims, parts, past_of
from engine.events import JSON
from engine.facts import ReplyFacts
from engine.intent import intent
from engine.receipts import outcome_of, verbs_in, what_of
from engine.report import names, to_hear
from engine.session import Call
from engine.support import CLOCK, DAY, ISO, KOREAN_DAY, held, joined
from tools.fields import words
from tools.own import OWN
from tools.purpose import says, verbs_of_id
from tools.verbs import CHANGING, DELETING

MOST = 20_000  # values looked at
LONG = 60  # a longer text tells a story, and is no state
STATES = {"active": "activate", "inactive": "deactivate", "gone": "delete", "complete": "complete", "done": "complete", "finished": "complete"}
REFUSING = frozenset({"reject", "decline", "cancel", "stop"})
DATED = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (ISO, DAY, KOREAN_DAY, CLOCK)) + r"|\bby\s+\S", re.IGNORECASE)
GONE = frozenset({404, 410})
ALL = re.compile(r"\b(?:all|both|every|everything|everyone|each)\b|모두|모든|전부|다 (?=[가-힣])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """An object of a result. `states`: verbs its values say were done; `times`: verbs of which it says when or by whom (created_at, locked_by)."""

    values: frozenset[str]  # its texts, and those that named it to the call that read it
    states: frozenset[str]
    times: frozenset[str]


def false_claims(text: str, facts: ReplyFacts) -> list[str]:
    """What the text says was done, where nothing bears it out."""
    found = claims(text)
    evidence = Evidence(facts)
    return [claim.words for claim in found if not evidence.bears_out(claim)] + overclaimed(text, evidence)


def overclaimed(text: str, evidence: "Evidence") -> list[str]:
    """What a text calls done of several changes of which some were not: it may name those that were, and none of the others."""
    calls = to_hear(evidence.facts)
    if all(outcome_of(call) == "done" for call in calls):
        return []
    return [part for part in parts(text) if any(evidence.too_much(claim, part, calls) for claim in claims(part))]


@dataclass(frozen=True)
class Evidence:
    facts: ReplyFacts

    def bears_out(self, claim: Claim) -> bool:
        """A call of this turn did it; or it is told of what was before, the words do not ask for it now, and a call or a record holds it."""
        if claim.verb and any(says(claim.verb, verbs) or (not verbs and claim.verb not in DELETING) for verbs in self.did):
            return True
        if not claim.verb:
            return bool(self.did) or (self.asked is None and self.read) or (not claim.ours and self.recorded(claim))
        if claim.verb in REFUSING and self.refused:
            return True
        if claim.ours or any(says(claim.verb, frozenset([verb])) for verb in self.asked or ()):
            return False
        return self.done_before(claim) or self.recorded(claim)

    def too_much(self, claim: Claim, part: str, calls: Sequence[Call]) -> bool:
        """Whether a part of a text calls all done where some of it was left, or names what was left."""
        meant = [call for call in calls if not claim.verb or says(claim.verb, self.verbs(call))]
        done = [call for call in meant if outcome_of(call) == "done"]
        again = [dict(call.arguments) for call in done]  # tried once more, and done then
        left = [call for call in meant if dict(call.arguments) not in again]
        if not left or not done:
            return False  # nothing of it was done: that is no matter of how much
        if ALL.search(part) or any(names(part, call, calls) for call in left):
            return True
        return all(map(what_of, done)) and not any(names(part, call, calls) for call in done)

    @cached_property
    def asked(self) -> frozenset[str] | None:
        """The changes the words ask for; None: they ask to read."""
        asked = intent(self.facts.turn.said.text)
        return None if asked.kind == "reads" else frozenset(each.verb for each in asked.asked)

    @cached_property
    def did(self) -> list[frozenset[str]]:
        return [self.verbs(call) for call in self.changes("done")]

    def verbs(self, call: Call) -> frozenset[str]:
        return verbs_in(self.facts.summary(call)) | verbs_in(" ".join(words(call.wish.tool)))

    @cached_property
    def read(self) -> bool:
        """Whether the product gave anything in this turn."""
        return any(outcome_of(call) == "done" for call in self.facts.product_calls())

    def done_before(self, claim: Claim) -> bool:
        """An earlier turn's call did it, to what the sentence names."""
        sentence = joined([claim.sentence])
        calls = (call for turn in self.facts.session.turns[:-1] for call in turn.calls if call.started and call.returned)
        done = [call for call in calls if call.returned and call.returned.outcome == "done" and not call.returned.accepted]
        fitting = [call for call in done if says(claim.verb, verbs_of_id(call.wish.tool))]
        return any(held(value, sentence) for call in fitting for value in texts(call.arguments.values()))

    @cached_property
    def refused(self) -> bool:
        return bool(self.changes("rejected", "declined", "refused"))

    def changes(self, *outcomes: str) -> list[Call]:
        calls = self.facts.product_calls()
        return [call for call in calls if call.wish.tool not in self.facts.safe and outcome_of(call) in outcomes]

    def recorded(self, claim: Claim) -> bool:
        """Whether a record says so that holds all that the sentence names."""
        if claim.verb == "delete" and any(call.returned and call.returned.status in GONE for call in self.facts.product_calls()):
            return True
        sentence = joined([claim.sentence])
        named = {value for record in self.records for value in record.values if not verbs_said(value) and held(value, sentence)}
        dated = DATED.search(claim.sentence) is not None
        about = [record for record in self.records if named <= record.values]
        return any(says(claim.verb or "complete", record.states | (record.times if dated else frozenset())) for record in about)

    @cached_property
    def records(self) -> list[Record]:
        calls = {call.id: call for turn in self.facts.session.turns for call in turn.calls}
        found: list[Record] = []
        for call_id, body in self.facts.bodies.items():
            call = calls.get(call_id)
            if call is None or call.wish.tool not in OWN:
                given = texts(call.arguments.values()) if call else frozenset[str]()
                found += [record_of(each, frozenset() if among else given) for each, among in objects(body)]
        return found


def objects(body: JSON) -> Iterator[tuple[Mapping[str, JSON], bool]]:
    """(object, whether it is one of a list)"""
    waiting, seen = [(body, False)], 0
    while waiting and seen < MOST:
        value, among = waiting.pop()
        seen += 1
        if isinstance(value, Mapping):
            yield value, among
            waiting.extend((each, among) for each in value.values())
        elif isinstance(value, list):
            waiting.extend((each, True) for each in value)


def record_of(found: Mapping[str, JSON], given: frozenset[str]) -> Record:
    states: set[str] = set()
    times: set[str] = set()
    for name, value in found.items():
        if isinstance(value, str) and len(value) <= LONG:
            states |= verbs_said(value)
        if value is True:
            states |= verbs_said(name)
        elif value and isinstance(value, str | int | float):
            times |= verbs_said(name)
    return Record(texts(found.values()) | given, frozenset(states), frozenset(times))


def texts(values: Iterable[JSON]) -> frozenset[str]:
    return frozenset(joined([value]) for value in values if isinstance(value, str) and value.strip())


def verbs_said(text: str) -> set[str]:
    """deletedAt, "Deleted", user.delete, LOCK_USER -> the verb."""
    found = (STATES.get(word) or past_of(word) or (word if word in CHANGING else None) for word in words(text))
    return {verb for verb in found if verb}
