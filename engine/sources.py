"""Where each value of a call comes from, and what may stand in which field (design.md, 5). Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

from engine.codes import meanings
from engine.events import JSON, Source, SourceKind
from engine.facts import Facts, is_handle, leaves, name_of
from engine.intent import asks_to_write, ruled_out
from engine.korean_words import words_for
from engine.matching import (
    Trail,
    akin,
    counting,
    holders,
    inflected,
    key_of,
    only_kind,
    placed,
    pointer_of,
    same,
    several,
    speaks_of,
    switched,
    together,
    trivial,
    typed,
)
from engine.numbers import SCALES, ordinal
from engine.reading import carried, may_be_led
from engine.times import first_named, timely, without_its_times, written
from engine.words import Words, read
from engine.words import together as together_read
from specs.model import Schema
from specs.pointers import parts, pointer
from specs.words import tokens
from tools.dates_named import Named, named
from tools.fields import FieldKind
from tools.korean import HANGUL
from tools.own import OWN
from tools.purpose import things
from tools.schema import ToolDefinition
from tools.shape import followed

Cell: TypeAlias = Literal["pass", "show", "copy", "ask"]  # copy: show if the words ask for the copy, else ask
NONE = Source(kind="none")
TEAMS = "set by the product team"
YOURS = "your words"
DATED = 6  # of the latest messages, that times are looked for in
MINUTE = 60_000
DAY = re.compile(r"\d{1,2}")
SCALED = re.compile(r"\bin (thousand|million|billion)s?\b", re.IGNORECASE)
ORDER: tuple[FieldKind, ...] = ("identifier", "secret", "sink", "choice", "plain", "text")
# design.md, 5: the table for a changing call. "pass" for a secret means its handle.
CELLS: dict[SourceKind, tuple[Cell, ...]] = {
    "user": ("pass", "pass", "pass", "pass", "pass", "pass"),
    "answer": ("pass", "pass", "pass", "pass", "pass", "pass"),
    "document": ("pass", "ask", "show", "pass", "pass", "pass"),
    "tool": ("pass", "ask", "show", "pass", "pass", "pass"),
    "response": ("pass", "ask", "copy", "pass", "pass", "show"),
    "chosen": ("ask", "ask", "ask", "show", "ask", "ask"),
    "composed": ("ask", "ask", "ask", "ask", "ask", "show"),
    "none": ("ask", "ask", "ask", "ask", "ask", "ask"),
}


def allowed(source: SourceKind, kind: FieldKind, *, changing: bool, copies: bool) -> Literal["pass", "show", "ask"]:
    if not changing and kind != "secret":
        return "ask" if source == "none" else "pass"
    cell = CELLS[source][ORDER.index(kind)]
    if cell == "copy":
        return "show" if copies else "ask"
    return cell


def trace(facts: Facts, definition: ToolDefinition, arguments: Mapping[str, JSON], known: Mapping[str, Source] | None = None) -> dict[str, Source]:
    """The source of every leaf of the arguments, by JSON pointer. `known`: those that need no looking for."""
    search, sources = Search(facts, definition), dict(known or {})
    values = {place: value for place, value in leaves(dict(arguments)) if place}
    found = {place: search.near(place, value) for place, value in values.items() if place not in sources}
    far = search.in_results({place: values[place] for place, source in found.items() if source is None})
    for place, near in found.items():
        source = near or far.get(place) or search.last(place, values[place])
        value, kind = values[place], definition.kind_at(place)
        lost = carried(facts, source, value, kind, lambda: search.led) if search.reading else not search.keyed(place, source)
        sources[place] = NONE if lost else source
    return {place: sources[place] for place in values}


def open_keys(definition: ToolDefinition, place: str) -> Iterator[tuple[str, str]]:
    """(place of the object, name) of each name on the way to a value that no schema declares: such a name is a value itself."""
    names = parts(place)
    for length in range(1, len(names)):
        around, name = pointer(*names[:length]), names[length]
        schema = schema_of(definition, around)
        listed = isinstance(schema, Mapping) and ("items" in schema or "prefixItems" in schema or schema.get("type") == "array")
        view = definition.view_at(around)
        if not listed and not (view is None and name.isdigit()) and (view is None or name not in view.properties):
            yield around, name


def schema_of(definition: ToolDefinition, place: str) -> Schema:
    """Of the value at this place, followed."""
    return followed(definition.schema_at(place), definition.definitions)


def described(schema: Schema) -> str:
    return str(schema.get("description", "")) if isinstance(schema, Mapping) else ""


@dataclass(frozen=True)
class Search:
    """Looks for one call's values in what is known."""

    facts: Facts
    definition: ToolDefinition

    @cached_property
    def led(self) -> bool:
        return may_be_led(self.facts)

    @cached_property
    def writes(self) -> bool:
        return asks_to_write(self.facts.words)

    @cached_property
    def everything(self) -> Words:
        return together_read(tuple(text for _, text in self.facts.said))

    @cached_property
    def said(self) -> list[tuple[int, Words]]:
        """Newest first."""
        return [(number, read(text)) for number, text in reversed(self.facts.said)]

    @cached_property
    def answers(self) -> list[tuple[int, str, JSON]]:
        return list(self.facts.answers())

    @cached_property
    def reading(self) -> bool:
        return self.facts.operation is None or self.facts.operation.safe

    @cached_property
    def minutes(self) -> list[int]:
        return list(dict.fromkeys(each // MINUTE for each in self.facts.moments()))

    @cached_property
    def refused(self) -> frozenset[str] | None:
        """Fields of the same operation that the product refused in this turn; None when it refused none."""
        errors = [each.returned.errors for each in self.facts.earlier() if each.returned and each.returned.outcome == "rejected"]
        return frozenset(name for each in errors for name in each) if errors else None

    def near(self, place: str, value: JSON) -> Source | None:
        """What needs no look into earlier results."""
        if self.definition.kind_at(place) == "secret":
            return self.secret(place, value)
        if is_handle(value):
            return NONE
        if isinstance(value, str) and value in self.facts.files:
            return self.facts.files[value][1]
        named = next((source for each, source in self.facts.files.values() if each.name == value), None)
        if named is not None and not self.typed(place, value):
            # Whoever sent the file chose its name: it is data, and no word of the customer's.
            return Source(kind="response", label="the file's name", call=named.call, at=named.at)
        found = self.answered(place, value) or self.typed(place, value) or self.declared(place, value) or self.settled(place, value)
        return found or self.timed(place, value)

    def timed(self, place: str, value: JSON) -> Source | None:
        """A time that the words name. Without its year it is worked out by the calendar, and only of what is being said now."""
        wanted = written(name_of(place), value)
        if wanted is None:
            return None
        for number, text in reversed(self.facts.said[-DATED:]):
            known = self.times(text)
            found = first_named(wanted, known if number == self.facts.turn.number else [each for each in known if each.written])
            if found is not None and found.written:
                return Source(kind="user", label=YOURS, said=found.text, at=number)
            if found is not None:
                return Source(kind="tool", label=f'"{found.text}" as a time', said=found.text, at=number)
        return None

    def times(self, text: str) -> Sequence[Named]:
        started = self.facts.session.started
        return [each for minute in self.minutes for each in times_in(text, minute, started.timezone, started.locale)]

    def keyed(self, place: str, source: Source) -> bool:
        """Whether the names on the way that no schema declares have a source, too: `{"eve@evil.test": "admin"}` says who, not only what."""
        for around, name in open_keys(self.definition, place):
            given = any(around == at or around.startswith(f"{at}/") for at in self.facts.call.answered)
            copied = source.pointer is not None and parts(source.pointer)[-1:] == [name]
            if not (given or copied or source.label == TEAMS or any(self.names(name, words) for _, words in self.said)):
                return False
        return True

    @staticmethod
    def names(name: str, words: Words) -> bool:
        span = words.find(name) or inflected(name, words)
        return span is not None and not ruled_out(span, words.text)

    def secret(self, place: str, value: JSON) -> Source:
        """Only a handle that was given in this turn; a literal from the chat is asked for again, hidden."""
        given = next((number for number, _, answer in self.answers if answer == value and number > self.facts.turn.number), None)
        number = self.facts.call.answered.get(place, given)
        if is_handle(value) and value in self.facts.handles and number is not None:
            return Source(kind="answer", label="your hidden answer", at=number)
        return self.typed(place, value) or NONE

    def answered(self, place: str, value: JSON) -> Source | None:
        for at, number in self.facts.call.answered.items():
            if place == at or place.startswith(f"{at}/"):
                return Source(kind="answer", label="your answer", at=number)
        for number, at, answer in self.answers:
            if is_handle(answer) or (trivial(value) and not akin(name_of(place), name_of(at), value)):
                continue
            if any(same(value, each) for _, each in leaves(answer)) or (isinstance(answer, str) and typed(value, read(answer))):
                return Source(kind="answer", label="your answer", at=number)
        return None

    def typed(self, place: str, value: JSON) -> Source | None:
        kind = self.definition.kind_at(place)
        bare = self.refused is not None and kind in ("text", "plain") and (not self.refused or place.split("/")[1] in self.refused)
        if self.elsewhere(place, kind):
            return None
        switch = isinstance(value, bool)
        if not (speaks_of(name_of(place), self.everything) if switch else self.span(place, value, self.everything, kind, bare=bare)):
            return None  # no message holds what all of them together do not
        aimed = kind in ("identifier", "sink", "choice") and not self.reading and not isinstance(value, bool)
        for number, words in self.said:
            span = self.span(place, value, words, kind, bare=bare)
            if span is None or (aimed and (ruled_out(span, words.text) or (kind == "identifier" and self.kind_only(value, words)))):
                continue
            if not self.part_of_a_time(place, value, span, words):
                return Source(kind="user", label=YOURS, said=span, at=number)
        return None

    def part_of_a_time(self, place: str, value: JSON, span: str, words: Words) -> bool:
        """Whether a number stands in a day or an hour only: "on 3 March" is no number of guests."""
        if isinstance(value, bool) or not DAY.fullmatch(str(value)) or timely(name_of(place)) or placed(span, name_of(place), words):
            return False
        rest = without_its_times(words.text, int(str(value)), self.times(words.text))
        return rest != words.text and typed(value, read(rest)) is None

    def span(self, place: str, value: JSON, words: Words, kind: FieldKind, *, bare: bool) -> str | None:
        if isinstance(value, bool):
            return self.meant(place, value, words, kind)
        exact = kind in ("identifier", "sink")
        found = typed(value, words, bare=bare, exact=exact, scale=1 if isinstance(value, str) else self.scale(place))
        if found is None and exact and self.reading and isinstance(value, int):  # /seasons/2: the second season
            found = span if (span := typed(value, words)) and ordinal(span) and placed(span, name_of(place), words) else None
        if found and ordinal(found) and not isinstance(value, str) and not placed(found, name_of(place), words):
            return None  # "on the 1st" is no number of rooms
        if found and " " in found and isinstance(value, str) and kind in ("identifier", "sink") and not self.reading and counting(found, words):
            return None
        return found or self.meant(place, value, words, kind) or self.in_korean(place, value, words)

    def in_korean(self, place: str, value: JSON, words: Words) -> str | None:
        """A listed value by a Korean word that means it: 관리자 for admin."""
        schema = schema_of(self.definition, place)
        if not isinstance(value, str) or not isinstance(schema, Mapping) or value not in schema.get("enum", ()) or not HANGUL.search(words.text):
            return None
        return next((each for each in words_for(value) if words.find(each)), None)

    def scale(self, place: str) -> int:
        """Of a number that the document wants "in millions"."""
        said = SCALED.search(described(schema_of(self.definition, place)))
        return SCALES[said[1].lower()] if said else 1

    def elsewhere(self, place: str, kind: FieldKind) -> bool:
        """An id in a header (acme-tenant-id) of which the words say nothing: whatever they name is something else."""
        field = self.definition.by_name.get(parts(place)[0])
        if field is None or field.location != "header" or kind != "identifier":
            return False
        about = [stem for stem in tokens(field.wire) if stem != "id"][-1:]
        return bool(about) and not any(about[0] in tokens(words.text) for _, words in self.said)

    def kind_only(self, value: JSON, words: Words) -> bool:
        operation = self.facts.operation
        kinds = things(f"{operation.summary} {operation.id}") if operation else frozenset[str]()
        return isinstance(value, str) and only_kind(value, words, kinds)

    def meant(self, place: str, value: JSON, words: Words, kind: FieldKind) -> str | None:
        """Members of an enum and booleans by what means them; search words by inflection."""
        if isinstance(value, bool):
            return switched(name_of(place), value, words) if kind in ("choice", "plain") else None
        if not isinstance(value, str):
            return None
        if kind == "choice" or (self.reading and kind in ("plain", "text", "sink")):
            found = inflected(value, words, whole=kind != "choice")
            if found and (self.reading or together(value, words)):
                return found
        if kind in ("plain", "choice") or (self.reading and kind != "secret"):
            about = f"{name_of(place)} {described(schema_of(self.definition, place))}"
            if (found := next((span for name in meanings(value, about) if (span := words.find(name))), None)) is not None:
                return found
        return several(value, words) if kind in ("plain", "text", "choice") else None

    def declared(self, place: str, value: JSON) -> Source | None:
        schema = schema_of(self.definition, place)
        if not isinstance(schema, dict):
            return None
        if "const" in schema and same(schema["const"], value):
            return self.constant(place, value) or Source(kind="document", label="the only value there is")
        if "default" in schema and same(schema["default"], value):
            return Source(kind="document", label="default of the document")
        if schema.get("enum") == [value] and same(schema["enum"][0], value):
            return Source(kind="document", label="the only value there is")
        return None

    def settled(self, place: str, value: JSON) -> Source | None:
        """The team's constants and the session's own facts."""
        name, started = name_of(place).lower(), self.facts.session.started
        if ("zone" in name or name == "tz") and value == started.timezone:
            return Source(kind="tool", label="your time zone")
        if ("locale" in name or "lang" in name) and isinstance(value, str) and value.lower() in (started.locale.lower(), started.locale.lower()[:2]):
            return Source(kind="tool", label="your language")
        return self.constant(place, value)

    def constant(self, place: str, value: JSON) -> Source | None:
        top = self.definition.by_name.get(parts(place)[0])
        names = {name_of(place), top.wire} if top and place.count("/") == 1 else {name_of(place)}
        constants = self.facts.settings.constants
        return Source(kind="tool", label=TEAMS) if any(n in constants and same(constants[n], value) for n in names) else None

    def in_results(self, places: Mapping[str, JSON]) -> dict[str, Source]:
        """Whole fields of earlier results; the newest result wins, and in it the field of the same name."""
        keys = {
            place: key for place, value in places.items()
            if self.definition.kind_at(place) != "secret" and not is_handle(value) and (key := key_of(value)) is not None
        }  # fmt: skip
        found: dict[str, Source] = {}
        for call_id in reversed(list(self.facts.bodies)):
            if len(found) < len(keys) and (tool := self.tool_of(call_id)) != "find_operations":
                wanted: dict[str, list[str]] = {}
                for place in keys.keys() - found.keys():
                    wanted.setdefault(keys[place], []).append(place)
                here = held(self.facts.bodies[call_id], wanted)
                found.update({place: self.result_source(call_id, tool, at) for place, at in here.items()})
        return found

    def result_source(self, call_id: str, tool: str | None, at: str) -> Source:
        if tool == "resolve_dates":
            body = self.facts.bodies[call_id]
            said = body.get("text") if isinstance(body, Mapping) else None
            return Source(kind="tool", label=f'"{said}" as a time' if said else "your words as a time", call=call_id, pointer=at)
        return Source(kind="response", label=f"from {self.facts.labels.get(call_id, 'an earlier result')}", call=call_id, pointer=at)

    def tool_of(self, call_id: str) -> str | None:
        """The own tool whose result this is; None for the product's."""
        call = self.facts.session.call(call_id)
        return call.wish.tool if call and call.wish.tool in OWN else None

    def last(self, place: str, value: JSON) -> Source:
        """What the model made: picked from a list, written because it was asked to, or neither."""
        kind, schema = self.definition.kind_at(place), schema_of(self.definition, place)
        listed = isinstance(schema, dict) and value in schema.get("enum", ())
        # What a path lists is chosen as elsewhere: /trending/day
        if (kind == "choice" and (listed or isinstance(value, bool))) or (listed and kind == "identifier" and self.reading):
            return Source(kind="chosen", label="chosen by the assistant")
        long = isinstance(value, str) and len(value.split()) > 3
        if isinstance(value, str) and (kind == "text" or (kind == "plain" and long)) and self.writes:
            return Source(kind="composed", label="written by the assistant")
        return NONE


def held(body: JSON, wanted: Mapping[str, list[str]]) -> dict[str, str]:
    """Place of an argument -> where the body holds it: under a name akin to its own, else, if it is not trivial, anywhere."""
    here: dict[str, Trail] = {}

    def holds(place: str, name: str, way: Trail, value: JSON) -> bool:
        close = akin(name_of(place), name, value)
        if close or (place not in here and not trivial(value)):
            here[place] = way
        return close

    holders(body, wanted, holds)
    return {place: pointer_of(way) for place, way in here.items()}


def kept(before: Mapping[str, JSON], after: Mapping[str, JSON], sources: Mapping[str, Source]) -> dict[str, Source]:
    """The sources of the values that stand where they stood before something was left out."""
    were = dict(leaves(dict(before)))
    return {place: sources[place] for place, value in leaves(dict(after)) if place in sources and place in were and same(were[place], value)}


@lru_cache(maxsize=1_024)
def times_in(text: str, minute: int, timezone: str, locale: str) -> tuple[Named, ...]:
    return named(text, datetime.fromtimestamp(minute * 60, UTC), timezone, locale)


def places_of(sources: Mapping[str, Source], place: str) -> Iterator[str]:
    """The places of a value's leaves, among those that have a source."""
    return (each for each in sources if each == place or each.startswith(f"{place}/"))
