"""The ladder every tool call climbs before it runs: pure functions in a row, the first refusal wins. Never raises on what a model wrote."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias

from engine import approval
from engine.again import corrected
from engine.events import JSON, Source
from engine.facts import Draft, Facts, NeedsAnswer, NeedsApproval, Passed, Rejected, Verdict, leaves, question_id
from engine.fitting import decided, fitted
from engine.intent import about, intent, supports
from engine.matching import key_of, only_kind, typed
from engine.phrases import lowered, reasoned, say, shortened
from engine.questions import ASKED_AT_MOST, label_of, own_question, times_asked, values_question, was_answered
from engine.reading import MOST_LEAVES, from_prose, kinds_in, may_be_led, read_elsewhere, reads_within, single
from engine.session import Call
from engine.support import foreign_addresses, joined, marked_up
from engine.wholes import asks_for_all, kinds_of, named_one
from engine.words import read
from specs.model import Operation
from specs.pointers import parts
from specs.words import tokens
from tools.arguments import check as check_arguments
from tools.own import OWN
from tools.purpose import may_read, only_reads, same_verb, verbs_of, verbs_of_id
from tools.request import Unbuildable, build

__all__ = ["CHECKPOINTS", "Facts", "NeedsAnswer", "NeedsApproval", "Passed", "Rejected", "Verdict", "check", "question_id"]

Checkpoint: TypeAlias = Callable[[Facts, Draft], Draft | Passed | Rejected | NeedsAnswer | NeedsApproval]
LONG = 2_000
MOST_TEXTS = 200  # of all bodies, since each costs a reading
LONG_TEXT = 20_000
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LINES = re.compile(r"[\n\r\t]")
OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # they make an approval read differently from what is sent
CLIMB = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)")
REFUSED = {
    "approval": ("approved", "The customer declined this."), "values": ("sourced", "The customer did not answer the question."),
    "sign_in": ("signed_in", "The customer did not sign in to the product."),
}  # fmt: skip
NOW = frozenset(tokens("today now tonight current currently")) | {"오늘", "지금", "현재"}


def known_operation(facts: Facts, draft: Draft) -> Draft | Rejected:
    if facts.tool in facts.offered and facts.definition is not None and (facts.operation is not None or facts.tool in OWN):
        return draft
    reason = f"{facts.tool[:80]} was not offered. Use one of the tools you were given, or find_operations to look for others."
    return Rejected("known_operation", reason)


def permitted(facts: Facts, draft: Draft) -> Draft | Rejected:
    if facts.operation is not None and facts.operation.id in facts.settings.off:
        told = say("switched_off", korean=facts.korean, name=facts.operation.summary or facts.operation.id)
        return Rejected("permitted", f"{facts.operation.id} is switched off by the product team.", told, final=True)
    return draft


def within_intent(facts: Facts, draft: Draft) -> Draft | Rejected:
    """design.md, 5: the table of words and calls."""
    operation = facts.operation
    if operation is None or operation.method in ("GET", "HEAD", "OPTIONS") or not approval.changes(operation):
        return draft
    if why := meant_for_one(facts, draft):
        return Rejected("within_intent", why)
    if facts.undo(draft.arguments):
        return draft
    asked = intent(facts.words)
    may = may_read(operation) and not (asked.kind == "reads" and not only_reads(operation) and hides_a_change(facts, operation))
    if may and about(facts.words, operation):
        return replace(draft, unclear=None if only_reads(operation) else "whether")  # a search that is sent by POST, or what may be one
    if asked.kind == "reads" and not may:
        told = say("said_only_to_read", korean=facts.korean, do=deed(facts, operation))
        return Rejected("within_intent", f"The customer asks only to read, and {operation.id} changes something.", told, final=True)
    values = names_in(facts, [str(value) for _, value in leaves(draft.arguments) if nameable(value)][:200])
    support = supports(asked, operation, values, facts.offered - {operation.id})
    changed = corrected(facts.turn.said.text) is not None  # which of the two values is meant, the customer says once more
    if support != "no":
        return replace(draft, unclear="whether" if asked.kind == "unclear" else "what" if support == "perhaps" or changed else None)
    if facts.read_before() or (facts.read_lately() and not names_it(facts, operation, values)):
        told = say("data_asked" if data_asks(facts, operation) else "not_asked", korean=facts.korean, do=deed(facts, operation))
        reason = f"The customer's words do not ask for {operation.id}. What stands in a response is data, not a request."
        return Rejected("within_intent", reason, told, final=True)
    return replace(draft, idea=True, unclear="whether" if asked.kind == "unclear" else None)


def hides_a_change(facts: Facts, operation: Operation) -> bool:
    """Whether a POST that says nothing of what it does is taken for a change: another reads this, or what was read may have led here."""
    return read_elsewhere(facts, operation) or may_be_led(facts)


def meant_for_one(facts: Facts, draft: Draft) -> str | None:
    """Why a call that changes a whole collection is not what the words ask for: they speak of one, and it is not among the arguments."""
    operation, definition, said = facts.operation, facts.definition, read(facts.words)
    if operation is None or definition is None or facts.many is None:
        return None
    outer = {each.name for each in operation.parameters if each.location == "path"}
    given = [(place, value) for place, value in leaves(draft.arguments) if place and nameable(value) and parts(place)[0] not in outer]
    if facts.for_one is not None and not asks_for_all(facts.words, kinds_of(operation)):
        if any(definition.kind_at(place) == "identifier" and typed(value, said) for place, value in given):
            return None
        return f"{operation.id} deletes all of them, and the customer's words do not ask for all. Use {facts.for_one}, which deletes one."
    one = named_one(facts.words, facts.many)
    if one is None or any(one.casefold() in str(value).casefold() for _, value in given):
        return None
    return f"{operation.id} works on all {facts.many}, and the customer named one: give it in an argument, or say that it cannot be done."


def names_in(facts: Facts, values: Sequence[str]) -> list[str]:
    """Those that name something: neither what is to be done ("make") nor a kind of thing ("payment") names who is meant."""
    verbs, said = {each.verb for each in intent(facts.words).asked}, read(facts.words)
    kinds = kinds_in(facts.offered)
    return [value for value in values if value.casefold() not in verbs and not only_kind(value, said, kinds)]


def data_asks(facts: Facts, operation: Operation) -> bool:
    """Whether a text in what was read asks for this, so that the customer is told so; else the step was the model's mistake."""
    texts = (value for body in facts.bodies.values() for _, value in islice(leaves(body), MOST_LEAVES) if isinstance(value, str) and " " in value)
    return any(supports(intent(text[:LONG]), operation) != "no" for text in islice(texts, MOST_TEXTS))


def names_it(facts: Facts, operation: Operation, values: Sequence[str]) -> bool:
    """Whether the words are at all about what the call is about: its kind of thing, or a value of it."""
    return about(facts.words, operation) or any(typed(value, read(facts.words)) for value in values)


def deed(facts: Facts, operation: Operation) -> str:
    """delete a user (user1); never with a value that only a response holds."""
    named = [facts.call.arguments.get(each.name) for each in operation.parameters if each.location == "path"]
    texts = [shortened(str(value), 60) for value in named if nameable(value) and any(typed(value, read(words)) for _, words in facts.said)]
    return lowered(operation.summary or operation.id) + (f" ({', '.join(texts)})" if texts else "")


def nameable(value: JSON) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool) and not huge(value))


def huge(value: JSON) -> bool:
    """Longer than Python writes out (4,300 digits), or than any product's number."""
    return isinstance(value, int) and value.bit_length() > 512


def well_formed(facts: Facts, draft: Draft) -> Draft | Rejected:
    assert facts.definition is not None
    if "$malformed" in facts.call.wish.arguments:
        return Rejected("well_formed", "The arguments are no JSON object. Write them again as one JSON object that fits the tool's schema.")
    if any(huge(value) for _, value in leaves(facts.call.wish.arguments | draft.arguments)):
        return Rejected("well_formed", "A number in the arguments is too large.")
    if facts.operation is not None and facts.definition.unsupported:
        told = say("unsupported", korean=facts.korean, name=facts.operation.summary or facts.operation.id)
        return Rejected("well_formed", facts.definition.unsupported, told, final=True)
    if facts.operation is not None:
        return fitted(facts, facts.definition, draft)
    checked = check_arguments(facts.definition, facts.call.wish.arguments)
    if checked.problems:
        return Rejected("well_formed", " ".join(each.message for each in checked.problems))
    return replace(draft, arguments=checked.arguments, repairs=checked.repairs)


def sourced(facts: Facts, draft: Draft) -> Draft | Passed | Rejected | NeedsAnswer:
    assert facts.definition is not None
    if facts.operation is None:
        return own_tool(facts, draft)
    found = decided(facts, facts.definition, draft)
    if not found.lacking:
        return found
    if times_asked(facts) >= ASKED_AT_MOST:
        return Rejected("sourced", f"The customer was asked {ASKED_AT_MOST} times and gave nothing that fits.", final=True)
    return values_question(facts, facts.definition, found.arguments, found.lacking)


def own_tool(facts: Facts, draft: Draft) -> Draft | Passed | Rejected | NeedsAnswer:
    match facts.tool:
        case "ask_user":
            return asked_user(facts, draft)
        case "resolve_dates" if not said_so(facts, str(draft.arguments["text"])):
            return Rejected("sourced", "resolve_dates takes the customer's own words for the time. If they named no time, ask them.")
        case "show" if draft.arguments["result"] not in facts.bodies:
            known = ", ".join(list(facts.bodies)[-5:]) or "none yet"
            return Rejected("sourced", f"There is no result {shortened(str(draft.arguments['result']), 40)}; there are: {known}.")
        case _:
            return draft


def asked_user(facts: Facts, draft: Draft) -> Passed | Rejected | NeedsAnswer:
    if was_answered(facts):
        return Passed(dict(facts.call.arguments), {})
    names = [each["name"] for each in draft.arguments["fields"]]
    if len(set(names)) < len(names) or any(name.startswith("/") for name in names):
        return Rejected("sourced", "Each field of a question needs a name of its own, which is an argument's name.")
    if why := not_plain(facts, draft.arguments):
        return Rejected("clean", f"The question {why}. Ask in plain words.")
    if why := facts.moderation.objection(texts_of(draft.arguments)):
        final = facts.moderation.unavailable or any(each.rejected and each.rejected.checkpoint == "moderated" for each in facts.earlier())
        return Rejected("moderated", f"The question: {why}", say("cannot_ask", korean=facts.korean) if final else None, final=final)
    return own_question(facts, draft.arguments)


def not_plain(facts: Facts, question: Mapping[str, Any]) -> str | None:
    """A question is read as ours: no markup, and no web address but the customer's own. Choices may be addresses."""
    asked = [str(question["question"]), *(str(each["label"]) for each in question["fields"])]
    said = joined(words for _, words in facts.said)
    if from_prose(facts, choices_of(question)):
        return "offers a choice that stands in a text of the product only"
    strange = "holds an address that the customer did not give"
    markup = next(filter(None, map(marked_up, texts_of(question))), None)
    return markup or next((strange for text in asked if foreign_addresses(text, said)), None)


def texts_of(question: Mapping[str, Any]) -> list[str]:
    """All that the model words in a question of its own."""
    return [str(question["question"]), *(str(each["label"]) for each in question["fields"]), *choices_of(question)]


def choices_of(question: Mapping[str, Any]) -> list[str]:
    return [str(choice) for each in question["fields"] for choice in each.get("choices") or ()]


def said_so(facts: Facts, text: str) -> bool:
    said = [*(words for _, words in facts.said), *(value for _, _, value in facts.answers() if isinstance(value, str))]
    known = {token for words in said for token in tokens(words)} | NOW
    wanted = tokens(text)
    return all(token in known or (not token.isascii() and any(each.startswith(token) for each in known)) for token in wanted)


def clean(facts: Facts, draft: Draft) -> Draft | Rejected:
    if facts.operation is None or facts.definition is None:
        return draft
    locations = {each.name: each.location for each in facts.definition.fields}
    for place, value in leaves(draft.arguments):
        names = parts(place) if place else []
        texts = [*([value] if isinstance(value, str) else []), *names[1:]]
        located = locations.get(names[0], "body") if names else ""
        why = next(filter(None, (unclean(text, located, facts.definition.kind_at(place)) for text in texts)), None) if names else None
        if why:
            label = label_of(facts.definition, place)
            why_told = reasoned(why, korean=facts.korean)
            told = say("not_clean", korean=facts.korean, label=label, why=why_told) if own(draft.sources.get(place)) else None
            return Rejected("clean", f"{'.'.join(parts(place))} {why}.", told)
    built = build(facts.operation, facts.definition, draft.arguments, facts.target)
    return Rejected("clean", built.reason) if isinstance(built, Unbuildable) else draft


def own(source: Source | None) -> bool:
    return source is not None and source.kind in ("user", "answer")


def unclean(text: str, location: str, kind: str) -> str | None:
    """What is wrong with a text at this place; None when nothing is."""
    if CONTROL.search(text) or (LINES.search(text) and (location != "body" or kind in ("identifier", "sink", "choice"))):
        return "holds control characters"
    if OVERRIDES.search(text) and kind != "text":
        return "holds characters that turn the direction of text"
    if location == "path" and (CLIMB.search(text) or "\\" in text):
        return "would lead to another address"
    return "is too long" if len(text) > (LONG_TEXT if kind == "text" and location == "body" else LONG) else None


def within_limits(facts: Facts, draft: Draft) -> Draft | Rejected:
    """Too many calls, the same call again, and a planned change used twice."""
    place = next((number for number, each in enumerate(facts.turn.calls) if each.id == facts.call.id), 0)
    if place >= facts.limits.tool_calls:
        told = say("too_many", korean=facts.korean, count=facts.limits.tool_calls)
        return Rejected("within_limits", f"There are at most {facts.limits.tool_calls} calls in a turn.", told, final=True)
    if facts.operation is None:
        return draft
    earlier = facts.earlier()
    if facts.operation.safe:
        return again_read(facts, draft, earlier) or draft
    return again_changed(facts, draft, earlier) or (replace(draft, idea=True) if taken(facts, draft) else draft)


def again_read(facts: Facts, draft: Draft, earlier: list[Call]) -> Rejected | None:
    """A reading call is worth repeating only after a change."""
    for each in earlier:
        if each.returned is None or dict(each.arguments) != draft.arguments or each.returned.outcome == "not_executed":
            continue
        since = facts.turn.calls[facts.turn.calls.index(each) + 1 :]
        if not any(later.started for later in since):
            return Rejected("within_limits", f"This call was made before in this turn; its result is {each.id}.")
    return None


def again_changed(facts: Facts, draft: Draft, earlier: list[Call]) -> Rejected | None:
    another = facts.undo(draft.arguments)  # several changes are undone one by one
    for each in earlier:
        equal = alike(each.arguments, draft.arguments)
        if another and not equal:
            continue
        if used(each) and (equal or not wished_too(facts, draft, each)):
            return Rejected("within_limits", f"The customer asked for this once, and call {each.id} did it or is about to.", final=True)
        if each.refused and (equal or not wished_too(facts, draft, each)):
            return Rejected("within_limits", f"The customer declined call {each.id}; do not try it again.", final=True)
        if equal and each.returned and each.returned.outcome == "rejected":
            why = shortened(each.returned.message or "; ".join(f"{n}: {t}" for n, t in each.returned.errors.items()))
            return Rejected("within_limits", f"The product refused exactly this call before ({why}); change what it refused, or tell the customer.")
    return None


def used(call: Call) -> bool:
    """Done, unknown, on its way or waiting for a yes: the plan for it is spent."""
    if call.rejected:
        return False
    return not (call.returned and call.returned.outcome != "done")


def alike(one: Mapping[str, JSON], other: Mapping[str, JSON]) -> bool:
    """Equal but for the spelling: BOB is bob, 10.0 is 10."""
    first, second = dict(leaves(dict(one))), dict(leaves(dict(other)))
    return first.keys() == second.keys() and all(plain(value) == plain(second[place]) for place, value in first.items())


def plain(value: JSON) -> str | None:
    found = key_of(value)
    return found and found.strip("\"' ").casefold()


def wished_too(facts: Facts, draft: Draft, other: Call) -> bool:
    """The words ask for more than one, or name another value where the earlier call has one. What is only added makes no second wish."""
    before = {place: value for place, value in leaves(dict(other.arguments)) if own(sources_of(other).get(place))}
    named = any(
        place in before
        and plain(before[place]) != plain(value)
        and own(draft.sources.get(place))
        and typed(value, read(facts.words))
        and names_in(facts, [str(value)])
        for place, value in leaves(draft.arguments)
    )
    verbs = verbs_of(facts.operation) if facts.operation else frozenset[str]()
    wishes = [each for each in intent(facts.words).asked if each.several and same_verb(each.verb, verbs)]
    return named or any(each.counted for each in wishes) or (bool(wishes) and named_too(facts, draft, other))


def named_too(facts: Facts, draft: Draft, other: Call) -> bool:
    """Whether the words name what this is about and the earlier call is not: its value, or what its record is called."""
    before = dict(leaves(dict(other.arguments)))
    told = {name for source in sources_of(other).values() for name in approval.names_said(facts, source)}
    spent = told | {plain(value) for value in before.values()}
    for place, value in leaves(draft.arguments):
        if not single(facts, place) or plain(value) == plain(before.get(place)):
            continue
        source = draft.sources.get(place)
        if source is None or not (own(source) or approval.names_said(facts, source) - spent):
            return False
    return True


def sources_of(call: Call) -> Mapping[str, Source]:
    """Of a call that passed, or waits for its yes."""
    asked = call.question or call.refused
    return call.approved.sources if call.approved else {value.name: value.source for value in asked.values} if asked else {}


def taken(facts: Facts, draft: Draft) -> bool:
    """Whether another operation's change has used all that this one stands on: "pay 10 to bob" asks for one payment, made in this way or that."""
    operation = facts.operation
    mine = {plain(value) for place, value in leaves(draft.arguments) if own(draft.sources.get(place))}
    if operation is None or not mine:
        return False
    wishes = [each for each in intent(facts.words).asked if same_verb(each.verb, verbs_of(operation))]
    for other in facts.changed_before():
        theirs = {plain(value) for place, value in leaves(dict(other.arguments)) if own(sources_of(other).get(place))}
        if other.wish.tool != facts.tool and used(other) and mine <= theirs:
            return all(not each.several and same_verb(each.verb, verbs_of_id(other.wish.tool)) for each in wishes)
    return False


def approved(facts: Facts, draft: Draft) -> Draft | Rejected | NeedsApproval:
    operation = facts.operation
    if operation is None or facts.definition is None or not approval.needed(facts, operation, draft, facts.definition):
        return draft
    because = None
    if facts.call.consent is not None:
        because = approval.consented(facts, operation, draft)
        if because is None:
            return draft
    return approval.ask(facts, operation, draft, because) or Rejected("approved", "No request can be made of these arguments.")


CHECKPOINTS: tuple[Checkpoint, ...] = (known_operation, permitted, within_intent, well_formed, reads_within, sourced, clean, within_limits, approved)


def check(facts: Facts) -> Verdict:
    """The call's way down the ladder."""
    if facts.call.refused is not None:
        name, reason = REFUSED[facts.call.refused.kind]
        return Rejected(name, f"{reason} Do not try it again in this turn.", final=True)
    draft = Draft(arguments=dict(facts.call.arguments))
    for checkpoint in CHECKPOINTS:
        verdict = checkpoint(facts, draft)
        if not isinstance(verdict, Draft):
            return verdict
        draft = verdict
    return Passed(draft.arguments, dict(draft.sources), draft.repairs, draft.omitted)
