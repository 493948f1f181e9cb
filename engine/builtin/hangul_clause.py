"""One Korean clause as an English one, with what a Korean sentence may leave out: of which thing an id is, what is listed, what goes where. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.builtin import words
from engine.builtin.hangul_items import Item
from engine.builtin.hangul_meant import UPDATES, Meant
from engine.builtin.hangul_parts import Parts

# 그거 삭제해줘, 두 번째 거, 그 사용자: what was spoken of before.
IT = re.compile(
    r"(?<![가-힣])(?:[그이저]\s?(?:거|것|건|걸)|걔|[그이]\s?(?:사람|사용자|유저|고객|주문|상품|티켓|예약|그룹|계정))(?:[을를은는이가도만의]|에게|한테)?(?![가-힣])"
)
THEM = re.compile(r"(?<![가-힣])(?:[그이]\s?(?:것|사람)들|걔네)(?:을|은|이|도)?(?![가-힣])")
NTH = re.compile(
    r"(?<![가-힣\d])(?:(?P<nth>첫|두|세|네|다섯|[1-5])\s?번\s?째|(?P<last>마지막)(?=\s?[거것건걸]))"
    r"\s?(?:거|것|건|걸|사용자|항목|줄)?(?:을|를|은|는|이|가)?(?![가-힣])"
)
NTHS = {
    "1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "첫": "first", "두": "second", "세": "third", "네": "fourth",
    "다섯": "fifth", "마지막": "last",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """One deed or question, and what is said of it."""

    meant: Meant

    def english(self) -> str:
        verb, pieces = self.meant.verb, list(Parts(self.meant).pieces())
        if asked := self._unvalued(verb):
            return asked
        if detail := self._asked_detail():
            return detail
        pieces = self._of_what(pieces)
        pointed = pointing(self._span())
        if pointed and not any(p.startswith("the ") for p in pieces):
            pieces = [pointed, *(pieces if self.meant.deed else [])]
        return " ".join([verb, *pieces]).strip()

    def _asked_detail(self) -> str:
        """user1 이메일 뭐야?: one detail of one thing."""
        fields = [name for i in self.meant.found if i.kind == "thing" and not self.meant.thing_name(i) and (name := self.meant.field_of(i.meanings))]
        values = [item for item in self.meant.found if item.value]
        if self.meant.deed or len(fields) != 1 or len(values) != 1 or values[0].kind not in ("latin", "quote", "name") or self.meant.several:
            return ""
        persons = any(i.kind == "relation" or i.text in ("담당", "담당자", "소유", "작성자") for i in self.meant.found)
        if persons or values[0].role not in ("", "of") or values[0].start > next(i.start for i in self.meant.found if i.kind == "thing"):
            return ""
        thing = next(iter(self.meant.names), "")
        prefix = re.match("[a-z]+", values[0].text)
        if not thing and not (prefix and set(words.stems(prefix.group())) & self.meant.known.nouns):
            return ""  # an id that does not say of what it is
        return f"what is the {fields[0]} of {thing} {self.meant.value(values[0])}".replace("  ", " ")

    def _unvalued(self, verb: str) -> str:
        """고객 등급 올려줘: a detail that is to change, without whose it is and what to."""
        told = [
            name
            for item in self.meant.found
            if item.kind == "thing" and (name := self.meant.field_of(item.meanings)) and not self.meant.known.thing(item.meanings)
        ]
        if verb not in UPDATES or not told or any(item.value or item.kind == "state" for item in self.meant.found) or pointing(self._span()):
            return ""
        thing = next(iter(self.meant.names), "") or next((f.one for f in self.meant.facets if f.one and {*words.stems(told[0])} <= f.fields), "")
        return f"{verb} the {told[0]} of a {thing}" if thing else ""

    def _of_what(self, pieces: list[str]) -> list[str]:
        """With what is listed, what an id is of, or what goes where, in the document's words, where the sentence leaves it out."""
        if self.meant.deed is None:
            states = [each for each in self.meant.states if each in self.meant.known.owners] if not self.meant.names else []
            if states and (owner := self.meant.known.owners[states[0]]):
                if any({owner[0], states[0]} <= kind for kind in self.meant.known.kinds):
                    return [f"{owner[1]} {states[0]}", *(p for p in pieces if p != states[0])]  # "users" would be the role user
                named = self.meant.number(owner[0], (self.meant.found[0],))
                return [f"{named} {owner[1]} {states[0]}", *(p for p in pieces if p not in (states[0], named))]
            return self._searched(pieces)
        if paired := self._paired():
            return paired
        if one := self._unnamed(pieces):
            return [pieces[0] if pieces[0].startswith(one) and pieces[0][len(one) :][:1].isdigit() else f"{one} {pieces[0]}", *pieces[1:]]
        return pieces

    def _searched(self, pieces: list[str]) -> list[str]:
        """이어폰 있어요?, '텀블러' 검색해줘: a mere name, where only one kind of thing can be searched for it."""
        told = [item for item in self.meant.found if item.kind != "read"]
        only = len(told) == 1 and told[0].kind in ("name", "quote") and not told[0].meanings and len(self.meant.known.searched) == 1
        asked = re.search("있[어나니는을습]", self.meant.text) is not None or self.meant.verb in ("search", "find")
        return [f"{self.meant.known.searched[0]}s {pieces[0]}"] if only and asked and pieces else pieces

    def _paired(self) -> list[str]:
        """user8을 grp_4에서 빼줘: user user8 from group grp_4."""
        pair = next((facet.pair for facet in self.meant.facets if facet.pair), None)
        values = [item for item in self.meant.found if item.value]
        if pair is None or len(values) != 2 or len(self.meant.names) > 1:
            return []
        whole = next((v for v in values if v.role in ("from", "to", "at")), None) or next((v for v in values if self._stands_by(v, pair[1])), None)
        if whole is None:
            return []
        part = values[0] if values[1] is whole else values[1]
        mark = "from" if "remove" in self.meant.verb else "to"
        return [self.meant.with_kind(pair[0], part), f"{mark} {self.meant.with_kind(pair[1], whole)}"]

    def _stands_by(self, value: Item, noun: str) -> bool:
        at = self.meant.found.index(value)
        beside = [self.meant.found[n] for n in (at - 1, at + 1) if 0 <= n < len(self.meant.found) and self.meant.found[n].kind == "thing"]
        return any(noun in words.stems(name) for item in beside if (name := self.meant.thing_name(item)))

    def _unnamed(self, pieces: Sequence[str]) -> str:
        """user1 부서 변경: what the id is of, where only one operation with that verb has such a field."""
        first = self.meant.found[0] if self.meant.found else None
        aside = any(i.value and i.role in ("to", "from", "at") for i in self.meant.found)
        if (
            self.meant.deed is None
            or first is None
            or not pieces
            or aside
            or self.meant.things & self.meant.known.single
            or first.kind not in ("latin", "name", "quote")
            or self.meant.value(first) != pieces[0]
        ):
            return ""
        verb = set(words.stems(self.meant.chosen))
        details = [item for item in self.meant.found if item.kind == "thing" and not self.meant.known.thing(item.meanings)]
        told = {stem for item in details if (name := self.meant.field_of(item.meanings)) for stem in words.stems(name)}
        prefix = re.match("[a-z]+(?=[_-])", pieces[0])
        if prefix and set(words.stems(prefix.group())) & self.meant.known.single:
            return prefix.group()  # safe_3 says it
        fitting = [f for f in self.meant.known.facets if verb & f.verbs and f.identified]
        ones = {f.one for f in fitting if told <= f.fields | f.nouns} or {f.one for f in fitting}
        return next(iter(ones)) if len(ones) == 1 else ""

    def _span(self) -> str:
        first = 0 if len(self.meant.found) == 0 else max(0, self.meant.found[0].start - 12)
        return self.meant.text[first:] if self.meant.found else self.meant.text


def without_pointing(text: str) -> str:
    """Words for what was spoken of say it to `pointing`, and are nobody's name."""
    for pattern in (THEM, IT, NTH):
        text = pattern.sub(lambda m: "·" * len(m.group()), text)
    return text


def pointing(text: str) -> str:
    if THEM.search(text):
        return "them"
    if nth := NTH.search(text):
        return f"the {NTHS[nth['nth'] or nth['last']]} one"
    return "it" if IT.search(text) else ""
