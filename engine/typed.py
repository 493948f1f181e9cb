"""What a customer types while something is asked for: whether it says a value, and which. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from engine.intent import asks_anew
from engine.session import Session, Turn
from engine.words import QUOTED
from specs.pointers import parts
from specs.words import tokens
from tools.fields import format_of, kind_of

LEADS = re.compile(
    r"\A\W*(?:(?:sure|yes|yeah|yep|ok(?:ay)?|of course|certainly|well|sorry|actually|no|oh|ah|right|please|here (?:it is|you go|they are)"
    r"|네|예|응|아|그럼요|물론이죠|아니요?)(?:\s*[,.!:;-]\s*|\s+))+",
    re.IGNORECASE,
)
# To the one who is helping, not to the product: "cancel order 7" is a request, "cancel" is none.
STOPPING = r"cancel|stop(?: (?:it|that))?|abort|quit|enough|never ?mind|forget (?:about )?(?:it|that)|leave it"
STOPS = re.compile(
    rf"\W*(?:(?:please|ok(?:ay)?|no|just)\W+)*(?:{STOPPING}|cancel (?:it|that|this)|skip|later|back|no(?:pe)?"
    r"|(?:취소|그만|됐어|아니)\S*)(?:\W+(?:please|now|then|주세요|줘))*\W*",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"(?<=[.!?;,])\s+|\n+")
STATES = re.compile(
    r"(?:(?:the|my|our|its|his|her|their|this|that)\s+)?(?:(?P<named>[\w-]+(?:\s+[\w-]+){0,4})\s+(?:is|are|=|(?:should|would|will) be)"
    r"|it(?:['’]?s| is)|that(?:['’]?s| is)|make it|let['’]?s (?:say|take)|use|take)\s+(?:(?:called|named)\s+)?(?P<value>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
STATES_KOREAN = re.compile(
    r"(?:(?:[가-힣]+\s+){0,2}[가-힣]+[은는]\s+)?(?P<value>\S.*?)\s?(?:이에요|예요|이요|입니다|이고요|요|(?:으로|로) 해 ?(?:줘|주세요))", re.DOTALL
)
SAYS_MORE = re.compile(r"[.!?;,]\s+\S|\s(?:and|그리고)\s|\b(?:is|are|should be)\b", re.IGNORECASE)
SHORT = re.compile(r"\b(?:inc|ltd|co|corp|llc|jr|sr|st|no|[a-z])\.$", re.IGNORECASE)
DATED = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}")
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
PLACE = re.compile(rf"\W*(?:the\s+)?(?P<which>{'|'.join(PLACES)}|last|#?\d+(?:st|nd|rd|th)?)(?:\s+(?:one|of them|please))*\W*", re.IGNORECASE)
TURNS_DOWN = re.compile(r"\b(?:not|no|never|neither|either)\b|n't\b|말고", re.IGNORECASE)
MEMBER_WORDS = 8  # a longer text does more than name one of the choices


def stops(text: str) -> bool:
    return STOPS.fullmatch(text) is not None


def says_values(text: str) -> bool:
    """Whether a text asks for nothing of its own: by its first clause, for what comes after "the id is 7" says more of the same."""
    plain = QUOTED.sub(" x ", LEADS.sub("", text))
    first = next((each for each in CLAUSE.split(plain) if each.strip()), "")
    return bool(first) and not stops(text) and not asks_anew(first) and not text.rstrip().endswith("?")


def going_on(session: Session, turn: Turn) -> Iterator[str]:
    """The words of a turn and, before them, those that it goes on with: it left a form of the turn before it open, and says values instead."""
    before = next((each for each in reversed(session.turns) if each.number < turn.number), None)
    if before is not None and left_form(before, turn.said.message_id) and says_values(turn.said.text):
        yield from going_on(session, before)
    yield turn.said.text


def left_form(turn: Turn, message_id: str) -> bool:
    asked = {call.refused.id for call in turn.calls if call.refused is not None and call.refused.kind == "values"}
    closed = [event for _, event in turn.trail if event.type == "QuestionAnswered" and event.closed and event.message_id == message_id]
    return any(event.question_id in asked for event in closed)


def member(text: str, choices: list[Any]) -> Any:
    """The one of the choices that a text names: by its name, by words that no other has, by its place in the list. None for none or several."""
    said = LEADS.sub("", text).strip().rstrip(".!").strip("'\"")
    exact = [each for each in choices if str(each).casefold() == said.casefold()]
    if exact or asks_anew(text) or len(said.split()) > MEMBER_WORDS or TURNS_DOWN.search(text):
        return exact[0] if exact else None
    if (place := PLACE.fullmatch(said)) is not None:
        return _placed(place["which"].lower(), choices)
    words = set(tokens(said))
    named = [each for each in choices if (own := set(tokens(str(each)))) and own <= words]
    part = [each for each in choices if words and words <= set(tokens(str(each)))]
    found = named or part
    return found[0] if len(found) == 1 else None


def _placed(which: str, choices: list[Any]) -> Any:
    number = PLACES.index(which) if which in PLACES else len(choices) - 1 if which == "last" else int(re.sub(r"\D", "", which)) - 1
    return choices[number] if 0 <= number < len(choices) else None


def value_in(text: str, name: str, label: str, form: dict[str, Any]) -> str | None:
    """The value that a sentence says for a field: "the id is 7", "it's anna". A text that is to be written is taken as it stands; None where the
    sentence says more than one value, or a time in words."""
    own = parts(name)[-1] if name.startswith("/") else name
    if kind_of(own, form, "query") == "text":
        return text.strip()
    said = LEADS.sub("", text).strip()
    found = STATES.fullmatch(said)
    if found is not None and (found["named"] is None or set(tokens(found["named"])) & set(tokens(f"{label} {own}"))):
        said = found["value"].strip()
    elif (korean := STATES_KOREAN.fullmatch(said.rstrip(" .!"))) is not None and re.search("[가-힣]", said):
        said = korean["value"]
    if said.endswith(".") and not SHORT.search(said):
        said = said[:-1].strip()
    said = said[1:-1] if len(said) > 2 and said[0] == said[-1] and said[0] in "'\"" else said
    timed = format_of(form) in ("date", "date-time", "time") and not DATED.match(said)
    several = kind_of(own, form, "query") != "plain" and SAYS_MORE.search(said)
    return None if timed or several or not said else said
