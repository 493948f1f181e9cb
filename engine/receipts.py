"""What was done in a turn, by code from its events: the receipt, and a sentence for each call. Pure."""

import re
from collections.abc import Mapping

from engine.events import JSON, Receipt
from engine.facts import HANDLE, ReplyFacts, is_handle
from engine.orders import called, tame
from engine.phrases import lowered, reasoned, say, shortened
from engine.session import Call, Turn
from tools.own import OWN
from tools.purpose import WORD, singular
from tools.verbs import CHANGING, READING

IRREGULAR = {
    "send": "sent", "make": "made", "build": "built", "pay": "paid", "buy": "bought", "write": "wrote", "run": "ran", "give": "gave", "sell": "sold",
}  # fmt: skip
SAME = frozenset({"set", "put", "reset", "read"})
DOUBLED = frozenset(["stop", "drop", "ship", "submit", "tag", "ban", "pin", "plan", "cancel", "swap"])
REASON = 300
NAMING = ("username", "user_name", "name", "title", "login", "email", "subject", "slug", "key", "id")


def receipt(turn: Turn, names: Mapping[str, str], safe: frozenset[str] = frozenset()) -> tuple[Receipt, ...]:
    """One line for each call of the product that came to something. A call that was mended before it ran is none."""
    lines = []
    for call in turn.calls:
        outcome = outcome_of(call) if call.wish.tool not in OWN else None
        if outcome is not None:
            changing = call.wish.tool not in safe if safe else changed(call)
            summary = which(call, names.get(call.wish.tool, call.wish.tool))
            status = call.returned.status if call.returned else None
            lines.append(Receipt(call=call.id, operation=call.wish.tool, summary=summary, changing=changing, outcome=outcome, status=status))
    return tuple(lines)


def which(call: Call, summary: str) -> str:
    """What was done to what: as the customer was asked about it, else by an argument. Never by the answer, which may hold a new secret."""
    asked = call.consent or call.refused
    if asked and asked.kind == "approval" and asked.summary:
        return asked.summary
    what = "" if call.rejected else name_in(call.approved.arguments if call.approved else call.arguments)
    return f"{summary.rstrip('.')}: {what}" if what else summary


def outcome_of(call: Call) -> str | None:
    """As far as it is known now, and for good when the turn ends. None: nothing that a receipt names."""
    if call.returned:
        return "accepted" if call.returned.accepted else call.returned.outcome
    if call.unknown or call.started:
        return "unknown"
    if call.refused:
        return "not_executed" if call.refused.kind == "sign_in" else "declined"
    if call.rejected:  # the same change once more is told with the first
        final = call.rejected.final and call.rejected.checkpoint != "within_limits"
        return "refused" if final or call.rejected.told else None
    return "not_executed"


def changed(call: Call) -> bool:
    return bool(call.started or (call.refused and call.refused.kind == "approval") or (call.rejected and call.rejected.checkpoint == "within_intent"))


def sentence(call: Call, facts: ReplyFacts, what: str) -> str | None:
    """What became of a call that changes something, or that came to nothing. `what` it was about."""
    korean, summary = facts.korean, facts.summary(call)
    outcome = outcome_of(call)
    unsigned = call.refused is not None and call.refused.kind == "sign_in"
    why = reasoned(reason(call), korean=korean) or (say("not_signed_in", korean=korean) if unsigned else "")
    because = say("because", korean=korean, why=why) if why else ""
    named = f" ({what})" if what else ""
    match outcome:
        case None:
            return None
        case "done":
            return done(summary, what, korean=korean)
        case "refused":
            return call.rejected.told if call.rejected and call.rejected.told else say("refused", korean=korean, summary=summary, what=named)
        case "rejected" | "not_executed":
            return say(outcome, korean=korean, summary=summary, what=named, why=because)
        case _:
            return say(outcome, korean=korean, summary=lowered(summary), what=f" {what}" if what else "")


def reason(call: Call) -> str:
    """The product's own words, bounded; its field errors where it names fields, after what it says of the whole."""
    if not call.returned:
        return ""
    errors, message = "; ".join(f"{name}: {text}" for name, text in call.returned.errors.items()), call.returned.message.rstrip(".: ")
    if errors and (not message or any(message in text or text in message for text in call.returned.errors.values())):
        message = ""  # it says the same
    said = ": ".join(part for part in (message, errors) if part)
    return shortened(tame(said) or (str(call.returned.status) if call.returned.status else ""), REASON).rstrip(".")


def done(summary: str, what: str, *, korean: bool) -> str:
    """ "Create a user" and user2: "Created user user2."."""
    words = summary.split()
    verb = singular(words[0].lower()) if words else ""
    if korean or (verb not in CHANGING and verb not in READING):
        return say("done", korean=korean, summary=summary, what=f" ({what})" if what else "")
    rest = [word for at, word in enumerate(words[1:]) if not (at < 2 and word.lower() in ("a", "an", "the", "new"))]
    rest = [word.lower() if word[1:].islower() else word for word in rest]
    named = [what] if what and len(rest) <= 2 else [f"({what})"] if what else []
    return " ".join([past(verb).capitalize(), *rest, *named]) + "."


def past(verb: str) -> str:
    if verb in SAME:
        return verb
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb in DOUBLED:
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if re.search(r"[^aeiou]y$", verb) else f"{verb}ed"


def noun_of(summary: str) -> str:
    """ "List audit logs" -> "audit logs"; "Get a user" -> "user"."""
    words = summary.split()
    if words and singular(words[0].lower()) in READING:
        words = words[1:]
    if words and words[0].lower() in ("a", "an", "the", "all"):
        words = words[1:]
    return lowered(" ".join(words)) or summary


def what_of(call: Call) -> str:
    """What the call is about, by one of its arguments or by the answer's own name or id."""
    arguments = call.approved.arguments if call.approved else dict(call.arguments)
    found = name_in(arguments)
    data = call.returned.result.data if call.returned and call.returned.result else None
    return found or (name_in(data) if isinstance(data, Mapping) else "")


def name_in(values: Mapping[str, JSON]) -> str:
    scalars = {name.lower(): value for name, value in values.items() if isinstance(value, str | int) and not isinstance(value, bool)}
    known = {name: value for name, value in scalars.items() if not is_handle(value)}
    keys = [name for name in NAMING if name in known] or [name for name in known if is_naming(name)]
    return shortened(called(str(known[keys[0]])), 80) if keys else ""


def is_naming(name: str) -> bool:
    return name.lower() in NAMING or name.lower().endswith(("name", "id"))


def verbs_in(summary: str) -> frozenset[str]:
    return frozenset(singular(word.lower()) for word in WORD.findall(summary)) & CHANGING


def without_handles(values: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: value for name, value in values.items() if HANDLE not in str(value)}
