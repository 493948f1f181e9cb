"""What became of the calls of a turn, each told once, in their order, and with what it was about. Pure."""

from collections import Counter
from collections.abc import Sequence

from engine.facts import ReplyFacts, is_handle, leaves
from engine.phrases import reasoned, say, shortened
from engine.receipts import is_naming, outcome_of, reason, sentence, what_of
from engine.session import Call
from engine.support import held, joined

LATER = ("done", "accepted", "rejected", "unknown", "declined")  # outcomes of a later try that say more than the refusal before it
SAID_OF_ONE = 3  # arguments


def sentences(calls: Sequence[Call], facts: ReplyFacts) -> dict[str, str]:
    """By call. What still reads alike is told once, with how many times."""
    found = {call.id: text for call in calls if (text := sentence(call, facts, ", ".join(about(call, calls))))}
    often, told = Counter(found.values()), told_lines(facts)
    counted = {text: say("times", korean=facts.korean, text=text, count=count) for text, count in often.items() if count > 1 and text not in told}
    return {call: counted.get(text, text) for call, text in found.items()}


def told_lines(facts: ReplyFacts) -> list[str]:
    """What checkpoints have to tell the customer; one line may be about several calls."""
    return list(dict.fromkeys(call.rejected.told for call in facts.turn.calls if call.rejected and call.rejected.told))


def about(call: Call, calls: Sequence[Call]) -> list[str]:
    """What a call is about; with what tells it from another of these calls, of the same operation, that is about the same."""
    what = what_of(call)
    others = [dict(leaves(dict(each.arguments))) for each in calls if each.wish.tool == call.wish.tool and what_of(each) == what]
    own = dict(leaves(dict(call.arguments)))
    telling = [value for place, value in own.items() if any(other.get(place) != value for other in others) and not is_handle(value)]
    return list(dict.fromkeys(filter(None, [what, *(shortened(str(value), 40) for value in telling[:SAID_OF_ONE])])))


def changing(facts: ReplyFacts) -> list[Call]:
    return [call for call in facts.product_calls() if call.wish.tool not in facts.safe]


def made_good(call: Call, facts: ReplyFacts) -> bool:
    """A later call of the same operation, about the same thing, was done or tells the customer more."""
    later = facts.turn.calls[facts.turn.calls.index(call) + 1 :]
    return any(each.wish.tool == call.wish.tool and outcome_of(each) in LATER and mends(call, each) for each in later)


def mends(refused: Call, later: Call) -> bool:
    """Whether the later call is the refused one in another form, and not the next of several: all that names something is the same, or was minded."""
    one, other = dict(refused.arguments), dict(later.arguments)
    minded = refused.returned.errors.keys() if refused.returned else frozenset()
    differing = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} - minded
    return not differing or (what_of(refused) != "" and not any(is_naming(name) for name in differing))


def to_hear(facts: ReplyFacts) -> list[Call]:
    """The changes that came to something, without those that a later call made good."""
    found = [call for call in changing(facts) if outcome_of(call)]
    return [call for call in found if outcome_of(call) not in ("rejected", "not_executed") or not made_good(call, facts)]


def in_part(calls: Sequence[Call]) -> bool:
    """Several changes, of which some were done and others not."""
    outcomes = [outcome_of(call) for call in calls]
    return len(outcomes) > 1 and any(each != "done" for each in outcomes)


def untold(text: str, facts: ReplyFacts) -> list[str]:
    """Of the changes what the customer must hear and the text does not say: what was not done always, what was done if something else was not."""
    calls = to_hear(facts)
    lines, partly = sentences(calls, facts), in_part(calls)
    found = []
    for call in calls:
        match outcome_of(call):
            case "done":
                said = not partly or names(text, call, calls)
            case "declined" | "refused":
                said = names(text, call, calls)
            case "unknown" | "accepted":
                said = False
            case _:
                said = gives_reason(text, call) and (not partly or names(text, call, calls))
        if not said and call.id in lines:
            found.append(lines[call.id])
    return list(dict.fromkeys(found))


def names(text: str, call: Call, calls: Sequence[Call]) -> bool:
    """Whether a text names all that tells which of these calls is meant."""
    named, ground = about(call, calls), joined([text])
    return bool(named) and all(held(each, ground) for each in named)


def gives_reason(text: str, call: Call) -> bool:
    """Whether a text already gives the product's own reason."""
    said = [call.returned.message, *call.returned.errors.values()] if call.returned else []
    known = [each.rstrip(".").lower() for each in (reason(call), reasoned(reason(call)), *said) if each]
    return any(each in text.lower() for each in known)
