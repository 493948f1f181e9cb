"""What a Korean clause means in a document: its verb, its things, states and details, by the names that the document has for them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.builtin import words
from engine.builtin.hangul_forms import QUOTED
from engine.builtin.hangul_items import Item
from engine.builtin.offered import Facet, Offered
from engine.korean_words import DEEDS, THINGS

WHO = re.compile(r"누가|누구")
ALL = re.compile(r"모두|모든|전부|전체|싹|들(?=[을의에은이도]|\s|$)")
GENERAL = frozenset({"create", "add", "make", "update", "change", "set", "delete", "remove", "post"})
UPDATES = frozenset({"update", "change", "set", "edit", "modify", "adjust"})
PERSONS = ("user", "member", "employee", "person", "staff", "agent", "customer")


@dataclass(frozen=True)
class Meant:
    """`found`: what the clause holds; `text`: the whole of what the customer said."""

    text: str
    found: Sequence[Item]
    known: Offered

    @cached_property
    def deed(self) -> Item | None:
        return next((item for item in reversed(self.found) if item.kind == "deed"), None)

    @property
    def reads(self) -> bool:
        return self.deed is None

    @cached_property
    def verb(self) -> str:
        deed = self.deed
        if deed is None:
            numbered = [item for item in self.found if item.kind == "latin" and item.text.isdigit()]
            shown = "get" if len(numbered) == 1 and self.names and not self.states else "show"  # order 9001: one of them
            asked = next((item.text for item in self.found if item.kind == "read" and item.text != "show"), shown)
            who = WHO.search(self.text) and not any(item.kind in ("thing", "state") for item in self.found)
            person = self.known.thing(PERSONS)
            return "how many" if any(item.kind == "many" for item in self.found) else (f"show {person}" if person else "who is") if who else asked
        verb = self.chosen
        every = ALL.search(QUOTED.sub("", self.text)) and verb in ("delete", "remove")
        about = self.known.thing(THINGS.get(deed.text, ())) if deed.meanings is DEEDS.get(deed.text) else None
        named = about and set(words.stems(about)).isdisjoint(words.stems(verb)) and about not in self.names
        return f"{verb} all" if every else f"{verb} {about}" if named else verb

    @cached_property
    def chosen(self) -> str:
        """The verb for the deed; "create transfer" where a transfer is also a thing that is created."""
        verb = self.choice(self.deed) if self.deed else ""
        if not verb:
            return ""
        made = {*words.stems(verb)} <= self.known.nouns and self.known.has("create", frozenset(words.stems(verb)))
        return f"create {self.known.thing(THINGS.get(self.deed.text if self.deed else '', ())) or verb}" if made else verb

    def choice(self, deed: Item) -> str:
        """The verb that the document has for what is named, else one it has at all, else the likeliest."""
        before = self.found[self.found.index(deed) - 1] if self.found.index(deed) else None
        switch = before is not None and before.kind == "thing" and (name := self.known.field(before.meanings)) and self.is_switch(name)
        if switch and {"remove", "disable", "enable", "add"} & set(deed.meanings):
            return "update"
        own = self.own_thing(deed)
        if (told := self.told_fields) and (fitting := self.with_fields(deed, told)):
            return fitting
        if not any(item.role in ("at", "to", "from") for item in self.found) and (exact := self.exact(deed, self.things | own)):
            return exact
        plain = [each for each in deed.meanings if each not in GENERAL]
        ways = [(plain, self.things), (plain, own), (deed.meanings, own), (deed.meanings, self.things), (deed.meanings, frozenset[str]())]
        known = (each for meanings, things in ways if things or meanings is deed.meanings for each in meanings if self.known.has(each, things))
        return next(known, deed.meanings[0])

    @cached_property
    def told_fields(self) -> frozenset[str]:
        """Stems of the details that are given a value."""
        pairs = zip(self.found, self.found[1:], strict=False)
        told = (i.meanings for i, j in pairs if i.kind == "thing" and (j.value or j.kind == "state") and i.role in ("object", "topic", "subject"))
        beside = (j.meanings for i, j in zip(self.found, self.found[1:], strict=False) if i.value and not i.role and j.text in ("담당", "담당자"))
        names = (name for meanings in (*told, *beside) if (name := self.known.field(meanings)) and not self.known.thing(meanings))
        return frozenset(stem for name in names for stem in words.stems(name))

    def with_fields(self, deed: Item, told: frozenset[str]) -> str | None:
        """담당자를 kate로 바꿔: the verb of an operation that takes such a detail; if none with these verbs does, of the only other one."""
        having = [f for f in self.known.facets if told <= f.fields and f.verbs and (not self.things or self.things & f.nouns)]
        for meaning in deed.meanings:
            if any(set(words.stems(meaning)) & facet.verbs for facet in having):
                return meaning
        others = [f for f in having if f.one and "create" not in f.verbs]
        return others[0].verb if len(others) == 1 and deed.meanings[0] in UPDATES else None

    def exact(self, deed: Item, things: frozenset[str]) -> str | None:
        """그룹 추가: the verb of an operation that is about nothing but what is named."""
        general = [each for each in deed.meanings if each in GENERAL]
        if len(general) < len(deed.meanings) and deed.meanings[0] not in GENERAL:
            return None
        fitting = (m for m in deed.meanings for f in self.known.facets if set(words.stems(m)) & f.verbs and f.core and f.core <= things)
        return next(fitting, None)

    def own_thing(self, deed: Item) -> frozenset[str]:
        """주문하다, 예약하다: what is made by the deed itself."""
        thing = self.known.thing(THINGS.get(deed.text, ())) if deed.meanings is DEEDS.get(deed.text) else None
        return frozenset(words.stems(thing)) if thing else frozenset()

    @cached_property
    def grounded(self) -> bool:
        """Whether the words speak of what the document has (a thing, a detail, a listed value, a deed of its own), or name one of something."""
        vocabulary = self.known.nouns | self.known.fields
        said = (item for item in self.found if item.kind in ("thing", "name") and item.meanings)
        spoken = any(set(words.stems(each)) <= vocabulary and self.known.written(each) for item in said for each in item.meanings)
        named = any(item.kind in ("latin", "quote") or (item.kind == "number" and item.unit == "원") for item in self.found)
        own = self.deed is not None and any(self.known.has(each) for each in self.deed.meanings if each not in GENERAL)
        return spoken or bool(self.states) or named or own or self._searches

    @property
    def _searches(self) -> bool:
        """이어폰 있어요?: a name, where only one kind of thing can be searched."""
        return len(self.known.searched) == 1 and any(item.kind == "name" and not item.meanings for item in self.found)

    @cached_property
    def names(self) -> list[str]:
        """The document's words for the things that are named."""
        return [each for item in self.found if item.kind == "thing" and (each := self.known.thing(item.meanings))]

    def thing_name(self, item: Item) -> str | None:
        """What the document calls it: of several meanings, one that the verb's operations are about."""
        about = frozenset(stem for facet in self.facets for stem in facet.nouns)
        fitting = (each for each in item.meanings if about and set(words.stems(each)) <= about & self.known.nouns)
        first = self.known.thing(item.meanings)
        return next(fitting, first) if first else None

    @cached_property
    def states(self) -> list[str]:
        return [each for item in self.found if (each := self.known.listed(item.states))]

    @cached_property
    def things(self) -> frozenset[str]:
        return frozenset(stem for name in self.names for stem in words.stems(name))

    def field_of(self, meanings: Sequence[str]) -> str | None:
        """A field of the operation that is meant, as far as it is known, else of any."""
        verb = self.chosen.removeprefix("create ")
        near = self.known.near(verb, (self.own_thing(self.deed) if self.deed and verb in GENERAL else frozenset()) or self.things)
        return next((each for each in meanings if set(words.stems(each)) <= near and self.known.written(each)), None) or self.known.field(meanings)

    @cached_property
    def facets(self) -> list[Facet]:
        """The operations that have the verb."""
        verb = set(words.stems(self.chosen.removeprefix("create ")))
        return [facet for facet in self.known.facets if verb & facet.verbs]

    @cached_property
    def takes_number(self) -> bool:
        verb = self.chosen.removeprefix("create ")
        own = self.own_thing(self.deed) if self.deed else frozenset[str]()
        return bool({words.stem("quantity"), "count"} & self.known.near(verb, own or self.things))

    @cached_property
    def several(self) -> bool:
        return ALL.search(QUOTED.sub("", self.text)) is not None or any(i.kind == "many" for i in self.found) or "목록" in self.text

    def number(self, thing: str, left: Sequence[Item]) -> str:
        """Several of a thing, where no single one is named."""
        plural = f"{thing[:-1]}ies" if re.search("[^aeiou]y$", thing) else f"{thing}es" if thing.endswith(("s", "sh", "ch", "x")) else f"{thing}s"
        if self.reads:
            if self.known.facets and not set(words.stems(thing)) & self.known.several:
                return thing
            return thing if not left and self._named_one() else plural
        return plural if self.several else thing

    def _named_one(self) -> bool:
        """Whether the clause names one of the things, and not only whose they are or what they hold."""
        found = any(i.kind == "relation" or (i.kind == "read" and i.text in ("search", "find")) for i in self.found)
        person = any(i.kind == "thing" and i.text in ("담당", "담당자", "소유", "작성자") for i in self.found)
        values = [i for i in self.found if i.kind in ("latin", "quote") and i.role not in ("at", "from") and not self.known.listed((i.text,))]
        return not (found or person or self.several) and bool(values)

    def with_kind(self, kind: str, item: Item) -> str:
        """grp_7: group grp_7; but user1 says itself that it is a user."""
        value = self.value(item)
        return value if value.lower().startswith(kind) else f"{kind} {value}"

    def plain_word(self, text: str) -> bool:
        """A word of letters in a Korean sentence is a name, if the document does not know it."""
        known = self.known.listed((text,)) or set(words.stems(text)) <= self.known.nouns | self.known.fields
        return text.isalpha() and not known and bool(self.known.facets)

    def value(self, item: Item) -> str:
        dated = re.fullmatch(r"\d{1,3}(?:-\d+)+", item.text) is not None and self.known.facets  # 55-66-7788 is no day
        if item.kind in ("time", "number") or (item.kind == "latin" and not dated and not self.plain_word(item.text)):
            return item.text
        return f"“{item.text}”" if "'" in item.text else f"'{item.text}'"

    def state(self, item: Item) -> str:
        return self.known.listed(item.states) or ("" if self.known.facets and item.states[0] in words.NUMBERS else item.states[0])

    def is_switch(self, name: str) -> bool:
        return set(words.stems(name)) <= self.known.switches

    @cached_property
    def joins(self) -> bool:
        deed = self.deed
        return deed is not None and bool({"add", "remove"} & set(deed.meanings))
