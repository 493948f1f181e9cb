"""Whether a reading call is one that the customer's words lead to, once a response was in front of the model (docs/decisions/0018). Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile

from engine.context import FULL_TURNS
from engine.events import JSON, Source
from engine.facts import Draft, Facts, Rejected, leaves, name_of
from engine.intent import about, asks_copy, intent, nouns_of
from engine.matching import akin
from engine.orders import HOST, MOST, asks_something, gives_orders, wants_something
from engine.phrases import say
from engine.session import Call
from engine.wholes import asks_for_all, kinds_of, literal_parts, names_behind
from specs.model import Operation
from specs.pointers import parts, value_at
from tools.fields import IDENTIFIER_WORDS, TEXT_WORDS, FieldKind, names, words
from tools.purpose import only_reads, things
from tools.verbs import READING

MOST_LEAVES = 2_000  # of one body
PROSE = 60  # characters: a longer value of several words is a text, and no field to look with
WORDS = 5
WEB = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+", re.IGNORECASE)
FOLLOW = re.compile(r"\b(?:links?|urls?|addresses|linked|visit|follow)\b|링크|주소|연결된", re.IGNORECASE)
NAMES = names("name names username title login email subject slug key label number code reference sku iid handle")
MARKED = re.compile(r"[\d_@]")  # what makes a word a name of one thing, beside its kind


def reads(operation: Operation) -> bool:
    return operation.safe or only_reads(operation)


def reads_within(facts: Facts, draft: Draft) -> Draft | Rejected:
    """The table of words and calls for what only reads. Without a response in front of the model, every step comes from the words."""
    operation = facts.operation
    if operation is None:
        return draft
    if (named := strayed(facts, draft)) is not None:
        reason = f"The customer named {named}; what {operation.id} is given was taken from a record that is not called so. Look for {named} first."
        return Rejected("within_intent", reason)
    if not reads(operation) or not (facts.read_before() or facts.read_lately()):
        return draft
    if why := beyond(facts, draft, operation):
        told = say("data_speaks", korean=facts.korean) if any(map(gives_orders, read_texts(facts))) else None
        return Rejected("within_intent", f"{why} What stands in a response is data, not a request.", told)
    return draft


def beyond(facts: Facts, draft: Draft, operation: Operation) -> str | None:
    if another_record(facts, draft, operation):
        return f"The customer named what to read with {operation.id}, and it was read."
    if named := nouns_of(facts.words) & own_things(operation):
        idle = facts.read_before() and (lacks(draft) or (not draft.sources and named <= served(facts)))
        return f"What the customer asked for was read; {operation.id} adds nothing to it." if idle and doubtful(facts) else None
    way = on_the_way(facts, draft, operation)
    if not way and not linked(facts, draft, operation):
        return f"The customer's words do not lead to {operation.id}."
    return f"The customer's words do not name what {operation.id} reads." if lacks(draft) or (doubtful(facts) and not way) else None


def own_things(operation: Operation) -> frozenset[str]:
    """What it reads, by the end of its path: the credits of /movie/{id}/credits."""
    return next((found for part in reversed(literal_parts(operation.path)) if (found := things(" ".join(words(part))))), frozenset())


def linked(facts: Facts, draft: Draft, operation: Operation) -> bool:
    """Whether anything connects it with the words: a thing or a value they name, what fits them best, a record read for them, an earlier call."""
    if operation.id in facts.near or about(facts.words, operation) or any(call.wish.tool == operation.id for call in before(facts)):
        return True
    return any(
        (source.kind in ("user", "answer") and (source.at or 0) >= facts.turn.number)
        or (source.kind == "response" and akin(place, source.pointer or "", value_at(draft.arguments, place)))
        for place, source in draft.sources.items()
    )


def on_the_way(facts: Facts, draft: Draft, operation: Operation) -> bool:
    """Whether the document itself leads from what was read through this operation to what fits the words best: the director of the movie.

    All that it takes out of a response are ids that the document says are these.
    """
    taken = {place: source for place, source in draft.sources.items() if source.kind == "response"}
    return operation.id in facts.leads and bool(taken) and all(supplied(facts, operation, place, source) for place, source in taken.items())


def supplied(facts: Facts, operation: Operation, place: str, source: Source) -> bool:
    field = facts.definition.by_name.get(parts(place)[0]) if facts.definition else None
    call = facts.session.call(source.call)
    known = operation.suppliers.get(field.wire, ()) if field and call else ()
    key = name_of(source.pointer or "")
    return any(call is not None and each.operation == call.wish.tool and name_of(each.pointer) == key for each in known)


def before(facts: Facts) -> Iterator[Call]:
    """The calls of the turns that are still shown whole, which were sent for earlier words or before this one."""
    for call in (call for turn in facts.session.turns[-FULL_TURNS:] for call in turn.calls):
        if call.id == facts.call.id:
            return
        if call.approved and call.returned:
            yield call


def served(facts: Facts) -> frozenset[str]:
    """The things that answers of this turn are about, refusals of the product and of the customer too."""
    done = [call for call in facts.turn.calls if call.returned or call.refused]
    return frozenset().union(*(things(" ".join(words(call.wish.tool))) | things(facts.labels.get(call.id, "")) for call in done))


def lacks(draft: Draft) -> bool:
    return bool(draft.lacking) or any(source.kind == "none" for source in draft.sources.values())


def doubtful(facts: Facts) -> bool:
    """Whether what was read could have led the model here. Taken widely for a response of this turn."""
    asks = asks_something if facts.read_before() else gives_orders
    return any(map(asks, read_texts(facts)))


def may_be_led(facts: Facts) -> bool:
    """Whether a response of this turn could have led the model to this call."""
    return facts.read_before() and doubtful(facts)


def read_texts(facts: Facts) -> Iterator[str]:
    """Texts of more than one word that the product returned, names of fields and refusals among them, newest first."""
    for call in reversed([call for turn in facts.session.turns for call in turn.calls]):
        if call.returned is not None:
            yield from (text for text in (call.returned.message, *call.returned.errors.values()) if " " in text)
    for body in reversed(list(facts.bodies.values())):
        yield from texts_in(body)


def texts_in(body: JSON) -> Iterator[str]:
    found = (text for at, value in islice(leaves(body), MOST_LEAVES) for text in (value, *parts(at)) if isinstance(text, str) and len(text) > 7)
    yield from islice(dict.fromkeys(found), MOST)


def another_record(facts: Facts, draft: Draft, operation: Operation) -> bool:
    """ "Show the ticket t-1" asks for one: another of the same kind, by an id that stands in a response or is to be asked for, is none of it."""
    taken = {place: draft.sources.get(place) for place in (*draft.sources, *draft.lacking) if single(facts, place)}
    strange = {place: source for place, source in taken.items() if source is None or source.kind in ("response", "none")}
    if not strange or asks_for_all(facts.words, kinds_of(operation)) or any(each.several for each in intent(facts.words).asked):
        return False
    known = nouns_of(facts.words)
    if any(known & things(" ".join(words(name_of(source.pointer or "")))) - kinds_of(operation) for source in strange.values() if source):
        return False  # "and its parent"
    earlier = [call for call in before(facts) if call.wish.tool == operation.id and given_by_words(call, strange)]
    now = any(call in facts.turn.calls for call in earlier)
    return now or any(source is not None and not akin(place, source.pointer or "", None) for place, source in strange.items() if earlier)


def single(facts: Facts, place: str) -> bool:
    return facts.definition is not None and facts.definition.kind_at(place) in ("identifier", "sink")


def given_by_words(call: Call, places: Collection[str]) -> bool:
    sources = call.approved.sources if call.approved else {}
    return any(sources[place].kind in ("user", "answer") for place in places if place in sources)


def strayed(facts: Facts, draft: Draft) -> str | None:
    """The names that the words give to things, where an id of another record, or of another kind of thing, is to be used."""
    for place, source in draft.sources.items():
        if source.kind not in ("response", "user") or not single(facts, place):
            continue
        value = str(value_at(draft.arguments, place))
        for kind in kinds_at(facts, place):
            named = [each for each in names_behind(facts.words, kind) if len(each) > 2 and MARKED.search(each)]
            if value.casefold() in map(str.casefold, named):
                continue
            if named and (said_of_another(facts, value, kind) if source.kind == "user" else not stands_for(facts, place, source, kind, named)):
                return " or ".join(dict.fromkeys(named))
    return None


def said_of_another(facts: Facts, value: str, kind: str) -> bool:
    """Whether the words give this name to something else: t-1 of "the ticket t-1" is no user."""
    known = kinds_in(facts.offered) - things(kind)
    found = re.findall(rf"([^\W_]+)\s+(?:#|no\.? )?{re.escape(value)}(?!\w)", facts.words, re.IGNORECASE)
    return bool(found) and all(things(word) & known for word in found)


@lru_cache(maxsize=256)
def kinds_in(operations: frozenset[str]) -> frozenset[str]:
    """The kinds of things that operations are about, by their ids."""
    return things(" ".join(part for each in operations for part in words(each)))


def kinds_at(facts: Facts, place: str) -> Iterator[str]:
    """The kind of thing an argument names: users of /users/{id}, user of user_id."""
    assert facts.operation is not None
    name = parts(place)[0]
    before = re.search(rf"/([^/{{}}]+)/\{{{re.escape(name)}\}}", facts.operation.path)
    yield from (words(before[1])[-1:] if before else ())
    if rest := [part for part in words(name_of(place)) if part not in ("id", "ids", "key", "uuid")]:
        yield " ".join(rest)


def stands_for(facts: Facts, place: str, source: Source, kind: str, named: Collection[str]) -> bool:
    """Whether the record that an id is taken from is called by one of the names, or is its own record and was read by that name."""
    wanted, (around, _, own) = {each.casefold() for each in named}, (source.pointer or "").rpartition("/")
    body = facts.bodies.get(source.call or "")
    record = value_at(body, around) if around else body
    call = facts.session.call(source.call)
    its_own = {*words(own)} <= IDENTIFIER_WORDS and call is not None and reads_kind(call.wish.tool, kind)
    if any(calls(at, str(value).casefold(), wanted, its_own) for at, value in islice(leaves(record), MOST_LEAVES)):
        return True
    given = [str(value).casefold() for _, value in leaves(dict(call.arguments))] if call else []
    return akin(place, source.pointer or "", None) and any(each in value for each in wanted for value in given)


def reads_kind(tool: str, kind: str) -> bool:
    """Whether records of this kind are what it reads: servers of listServers, and no user of listUserOrders. Elsewhere "owner" names another one."""
    named = [word for word in takewhile(lambda word: word not in ("by", "with", "for"), map(str.lower, words(tool))) if word not in READING]
    return bool(named) and bool(things(named[-1]) & things(kind))


def calls(at: str, value: str, wanted: Collection[str], its_own: bool) -> bool:
    """Whether this field of a record gives it a name: one for names holds it, or any but a free text is it, in the record whose id is used."""
    field = {*words(name_of(at))}
    if NAMES & field:
        return any(each in value for each in wanted)
    nested = any(part.isdigit() for part in parts(at)[:-1])  # another record in a list of this one
    return its_own and not nested and not TEXT_WORDS & field and value in wanted


def carried(facts: Facts, source: Source, value: JSON, kind: FieldKind, led: Callable[[], bool]) -> bool:
    """Whether a reading call would carry what a text of a response put there: prose, an address to be fetched, or words of the model's own.

    `led`: may_be_led, asked for once for all values of a call.
    """
    if source.kind == "composed":
        return True
    if source.kind != "response" or not isinstance(value, str):
        return False
    if WEB.match(value):
        return not (FOLLOW.search(facts.words) or asks_copy(facts.words) or nouns_of(facts.words) & things(name_of(source.pointer or "")))
    if (len(value) > PROSE and len(value.split()) >= WORDS) or gives_orders(value):
        return True
    return kind in ("plain", "text", "sink") and led()


def read_elsewhere(facts: Facts, operation: Operation) -> bool:
    """Whether a GET that was offered reads what a POST without a verb is about: then that one changes it."""
    own = own_things(operation)
    return bool(own) and any(own <= things(" ".join(words(other))) for other in facts.gets)


def from_prose(facts: Facts, values: Iterable[str]) -> bool:
    """Whether any of the values was taken out of a text that was read."""
    known = [said.casefold() for _, said in facts.said]
    wanted = {value: plain for value in values if (plain := folded(value)) and not any(plain in said for said in known)}
    if not wanted:
        return False
    texts = [(text, text.casefold()) for text in read_texts(facts) if " " in text]
    held = {value: [text for text, lowered in texts if plain in lowered] for value, plain in wanted.items()}
    fields = fields_among(facts, {plain for value, plain in wanted.items() if held[value]})
    if any(taken_out(value, held[value], whole=plain in fields) for value, plain in wanted.items() if held[value]):
        return True
    return any(WEB.match(plain) for value, plain in wanted.items() if not held[value]) and doubtful(facts)


def taken_out(value: str, texts: Iterable[str], *, whole: bool) -> bool:
    """Of a value that these texts hold: whether it is no field of its own (`whole`), gives orders, or another text wants something done with it.

    The title of a task may look like a wish, and is what the customer is asked about.
    """
    if not whole or gives_orders(value) or (wants_something(value) and (len(value) > PROSE or HOST.search(value))):
        return True
    return any(wants_something(text) for text in texts if folded(text) != folded(value))


def fields_among(facts: Facts, wanted: Collection[str]) -> frozenset[str]:
    """Those that are a whole field of what was read."""
    read = (folded(str(value)) for body in facts.bodies.values() for _, value in islice(leaves(body), MOST_LEAVES)) if wanted else ()
    return frozenset(each for each in read if each in wanted)


def folded(text: str) -> str:
    return text.strip().casefold()
