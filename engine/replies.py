"""What a reply must pass before the customer sees it, and the replies that code makes from results. Pure."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from engine.clauses import only_forbids
from engine.events import Replied, ReplyRejected, TurnFailed
from engine.evidence import false_claims
from engine.facts import ReplyFacts
from engine.korean import only_forbids as only_forbids_in_korean
from engine.masking import typed_secret
from engine.orders import tame
from engine.phrases import listed, lowered, say, stopped
from engine.receipts import noun_of, outcome_of, receipt, what_of
from engine.report import changing, made_good, sentences, to_hear, told_lines, untold
from engine.session import Call
from engine.support import from_results, speaks, unplain, unsupported
from engine.typed import STOPPING
from engine.undo import ALL
from engine.views import default_views, shown_views, worth_showing
from tools.own import OWN

__all__ = ["CHECKPOINTS", "ReplyFacts", "check_reply", "compose", "failed", "left_open", "receipt"]

THANKS = re.compile(
    r"(?:ok(?:ay)?\W+)?(?:thanks?|thank you)(?: (?:a lot|very much|so much))?\W*"
    r"|(?:네|넵|아|오케이)?[ ,]*(?:정말 |너무 )?(?:고마워요?|고맙습니다|감사합니다|감사해요|감사드려요)\W*",
    re.IGNORECASE,
)
STOP = re.compile(
    rf"(?:please\W+)?(?:no\W+)?(?:{STOPPING}|cancel (?:it|that|this)|no|nope)\W*"
    r"|(?:아니 ?|아니요 ?|이제 )?(?:취소|그만|됐어|됐습니다|멈춰|중지)\S*(?: ?할게요?| ?하자| ?주세요| ?줘)?\W*|(?:아니|아니요|아뇨)\W*",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"(?:(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|thanks|thank you(?: very much)?|ok|okay|help|help me|please"
    r"|what can (?:you|i) do(?: here)?|what (?:do you do|is this)|who are you|how does this work"
    r"|안녕|안녕하세요|반가워요?|도움말|도와줘|도와주세요|고마워|고마워요|감사합니다|수고하세요|사용법|너는? 누구야|누구세요"
    r"|(?:여기서 |넌 |너는 )?(?:뭘|뭐|무엇을|무슨 일을|어떤 일을) 할 수 있(?:어|어요|나요|니|습니까)) ?(?:there|again|all)? ?)+"
)
Checkpoint: TypeAlias = Callable[[str, ReplyFacts], Replied | ReplyRejected | None]
SERVICES_NAMED = 8


def used_a_tool(text: str, facts: ReplyFacts) -> Replied | ReplyRejected | None:
    """An answer from the model's own knowledge is replaced by what can be done here."""
    if carried_out(facts) or to_tell(facts):
        return None
    supported_here = not unsupported(text, facts)
    if supported_here and from_results(text, facts):
        return None  # about data of an earlier turn
    if supported_here and text.rstrip().endswith(("?", "？")) and not facts.turn.rejected:
        reason = "Ask the customer with ask_user, or call an operation; text alone answers nothing here."
        return ReplyRejected(checkpoint="used_a_tool", reason=reason)
    return refusal(facts)


def carried_out(facts: ReplyFacts) -> bool:
    """Whether the product returned something in this turn; showing an earlier result of it counts."""
    done = [call for call in facts.turn.calls if call.returned and call.returned.outcome == "done"]
    return any(call.wish.tool not in OWN or (call.returned and call.returned.view) for call in done)


def to_tell(facts: ReplyFacts) -> bool:
    """Whether something became of a call that the customer must hear of."""
    return bool(told_lines(facts)) or any(line.outcome != "done" for line in receipt(facts.turn, facts.summaries, facts.safe))


def supported(text: str, facts: ReplyFacts) -> ReplyRejected | None:
    """Numbers, dates, ids and names occur somewhere, and nothing is called done that was not."""
    if wrong := unsupported(text, facts):
        reason = f"{quoted(wrong)}: in no result and not said by the customer. Leave it out; the customer sees the data itself beside your reply."
        return ReplyRejected(checkpoint="supported", reason=reason)
    if claims := false_claims(text, facts):
        return ReplyRejected(checkpoint="supported", reason=f"{quoted(claims)}: no call of this turn did that. Say only what the results say.")
    return None


def quoted(texts: list[str]) -> str:
    return ", ".join(f"“{each}”" for each in dict.fromkeys(texts[:6]))


def formatted(text: str, facts: ReplyFacts) -> ReplyRejected | None:
    why = unplain(text, facts)
    return ReplyRejected(checkpoint="formatted", reason=f"The reply {why}. Write short plain text.") if why else None


def moderated(text: str, facts: ReplyFacts) -> ReplyRejected | None:
    """The tenant's own words, and the verdict of its service, which is handed in. Without a verdict nothing of the model's is shown."""
    why = facts.moderation.objection([text])
    return ReplyRejected(checkpoint="moderated", reason=why, final=facts.moderation.unavailable) if why else None


CHECKPOINTS: tuple[Checkpoint, ...] = (used_a_tool, supported, moderated, formatted)


def worth_moderating(text: str, facts: ReplyFacts) -> bool:
    """Whether only a service's verdict keeps this text from the customer: what nobody will see is sent to nobody."""
    return bool(text.strip()) and all(checkpoint(text, facts) is None for checkpoint in CHECKPOINTS)


def check_reply(text: str, facts: ReplyFacts) -> Replied | ReplyRejected:
    """The model's last text, with the data beside it and what code knows of the calls."""
    if not text.strip():
        return compose(facts, None)
    for checkpoint in CHECKPOINTS:
        verdict = checkpoint(text, facts)
        if verdict is not None:
            return verdict
    more = [*told_lines(facts), *untold(text, facts)]
    more += [*warnings(facts), *typed_secret(facts.turn, korean=facts.korean)]
    whole = "\n\n".join([text.strip(), *(line for line in dict.fromkeys(more) if line and line not in text)])
    return Replied(text=whole, views=shown_views(facts) or default_views(facts), receipt=receipt(facts.turn, facts.summaries, facts.safe))


def speakable(text: str, facts: ReplyFacts) -> bool:
    """Whether followers may see this part of a reply while the rest is still being written: only what a finished reply could hold.

    Nothing where replies are moderated: the whole of it is, and a phrase may begin in one part and end in the next.
    """
    if facts.moderation.on:
        return False
    said = bool(carried_out(facts) or to_tell(facts)) and unplain(text, facts) is None
    return said and not unsupported(text, facts) and not false_claims(text, facts)


def compose(facts: ReplyFacts, limit: str | None) -> Replied:
    """A reply made by code: a sentence for each thing that happened, the data and the receipt."""
    lines = receipt(facts.turn, facts.summaries, facts.safe)
    texts = [*told_of(facts, facts.product_calls()), *told_lines(facts)]
    if limit is not None:
        texts.append(stopped(limit, korean=facts.korean))
    elif not texts and not carried_out(facts):
        return refusal(facts)
    text = "\n".join(dict.fromkeys(texts)) or say("nothing", korean=facts.korean)
    text = "\n".join([text, *(each for each in warnings(facts) if each not in text), *typed_secret(facts.turn, korean=facts.korean)])
    return Replied(text=text, views=shown_views(facts) or default_views(facts), receipt=lines)


def told_of(facts: ReplyFacts, calls: Sequence[Call]) -> list[str]:
    """What was found, what became of each change, and what could not be read, in order."""
    shown, hear = worth_showing(facts), to_hear(facts)
    failed_reads = [call for call in calls if call.wish.tool in facts.safe and outcome_of(call) != "done" and not made_good(call, facts)]
    lines = sentences([call for call in calls if call in hear or call in failed_reads], facts)
    texts = [found(call, facts) if is_read(call, facts) and call in shown else lines.get(call.id) for call in calls]
    return [text for text in texts if text]


def is_read(call: Call, facts: ReplyFacts) -> bool:
    return call.wish.tool in facts.safe and outcome_of(call) == "done"


def warnings(facts: ReplyFacts) -> list[str]:
    """What code has to say of the results that are shown: that a list was not read to its end, that an answer could not be read."""
    results = [call.returned.result for call in worth_showing(facts) if call.returned and call.returned.result]
    found = dict.fromkeys(tame(each) for result in results for each in result.warnings)
    told = [each if each.endswith((".", "!")) else f"{each}." for each in found if each]
    return [*told, say("data_speaks", korean=facts.korean)] if speaks(facts) else told


def found(call: Call, facts: ReplyFacts) -> str:
    """ "Found 23 audit logs."; "Here is user user1."."""
    result, korean = call.returned.result if call.returned else None, facts.korean
    noun = noun_of(facts.summary(call))
    if result is not None and result.rows is not None:
        if result.total is not None and result.total > result.rows:
            return say("found_part", korean=korean, noun=noun, rows=f"{result.rows:,}", total=f"{result.total:,}")
        one = noun[:-1] if result.rows == 1 and noun.endswith("s") and not noun.endswith("ss") and " of " not in noun else noun
        return say("found_rows" if result.rows else "found_none", korean=korean, noun=one, rows=f"{result.rows:,}")
    what = what_of(call)
    return say("here_is", korean=korean, label=f"{noun} {what}" if what else noun if korean else f"the {noun}")


def refusal(facts: ReplyFacts) -> Replied:
    """What can be done here, instead of an answer from a model's own knowledge."""
    names = [name for name in facts.services if name.strip()]
    more = ["…"] if len(names) > SERVICES_NAMED else []
    services = say("services", korean=facts.korean, names=", ".join(names[:SERVICES_NAMED] + more)) if names else ""
    said = facts.turn.said.text
    what = smalltalk(said) or "refusal"
    text = say(what, korean=facts.korean, title=facts.title, services=services)
    text = "\n".join([text, *typed_secret(facts.turn, korean=facts.korean)])
    return Replied(text=text, kind="refusal" if what == "refusal" else "answer", receipt=receipt(facts.turn, facts.summaries, facts.safe))


def smalltalk(text: str) -> str | None:
    """The phrase that answers a message which asks nothing of the product; None when it asks something."""
    if THANKS.fullmatch(text.strip()):
        return "thanks"
    if STOP.fullmatch(text.strip()):
        return "stopped"
    if ALL.fullmatch(text):
        return "no_undo"
    return "welcome" if greets(text) else "forbidden" if only_forbids(text) or only_forbids_in_korean(text) else None


def greets(text: str) -> bool:
    """A greeting, thanks or the question what can be done, and nothing else."""
    plain = " ".join(re.findall(r"[\w']+", text.lower()))
    return GREETING.fullmatch(plain) is not None


def left_open(facts: ReplyFacts, *, values: bool = False) -> Replied:
    """Ends a turn whose questions were closed by a new request, or by `values` that go on with this one."""
    lines = receipt(facts.turn, facts.summaries, facts.safe)
    closed = [call for call in facts.product_calls() if call.refused is not None]
    names = [lowered(facts.summary(call)) + (f" ({what})" if (what := what_of(call)) else "") for call in closed]
    done = told_of(facts, [call for call in facts.product_calls() if call.refused is None])
    if names:
        done.append(say("not_yet" if values else "left_open", korean=facts.korean, names=listed(list(dict.fromkeys(names)), korean=facts.korean)))
    return Replied(text="\n".join(done) or say("nothing", korean=facts.korean), receipt=lines)


def failed(code: str, text: str, facts: ReplyFacts) -> TurnFailed:
    """The turn ends with an error, and with what was done before it."""
    more = dict.fromkeys(told_of(facts, changing(facts)))
    return TurnFailed(code=code, text="\n".join([text, *more]), receipt=receipt(facts.turn, facts.summaries, facts.safe))
