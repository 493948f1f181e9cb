"""The pieces of a Korean clause in English: a thing beside its name, a detail behind its field, places and owners with a little word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.builtin import words
from engine.builtin.hangul_forms import LEFT_OUT
from engine.builtin.hangul_items import Item
from engine.builtin.hangul_meant import PERSONS, UPDATES, Meant
from engine.korean_words import BOUNDS, COUNTED, PLACES, THINGS

IMPLIED = (("식당", "식당"), ("식집", "식당"), ("국집", "식당"), ("룸", "방"))  # 한식당, 중국집: what kind, and of what
PLACED = re.compile(r"^\s?(?:에\s?)?(?:사는|살고|있는|위치한|소재|거주|지역|근처|출신)")
DEPARTED = re.compile(r"[가-힣A-Za-z]{1,8}(?:팀|부서|본부|실|부)$")
FREE = frozenset("주소 배송지 배송_주소 제목 내용 본문 설명 사유 이유 메시지 비고 적요 메모 참고사항 이름 성함 성명".replace("_", " ").split())
NAMES = ("이름", "성함", "성명")
OFF = re.compile(r"(?:[을를은는이가]?\s?)(?:빼|제외|없이|말고|꺼|끄|안\s|필요\s?없|미포함|불포함|해제|중단|취소)")

# How many items are used up, and what they say: of which thing, and what more.
Said: TypeAlias = tuple[int, list[str], list[str]]


def _ahead(left: Sequence[Item]) -> tuple[Item, Item | None]:
    return left[0], left[1] if len(left) > 1 else None


def _together(details: Sequence[str]) -> list[str]:
    """Names, then places and owners, then what else it has: called X in Y with a price of ... and ..."""
    ordered = sorted(details, key=lambda each: 0 if each.startswith("called ") else 2 if each.startswith("with ") else 1)
    joined: list[str] = []
    for each in ordered:
        again = each.startswith("with ") and joined and joined[-1].startswith(("with ", "and "))
        verb = words.action_of(each.split()[1]) is not None if again else True  # "and check out" would be one more request
        joined.append(each if verb else f"and {each.removeprefix('with ')}")
    return joined


@dataclass(frozen=True, slots=True)
class Parts:
    meant: Meant

    def pieces(self) -> Iterator[str]:
        """In order; what a field is to be, or what is only told of a thing, behind the thing."""
        left = [item for item in self.meant.found if item.kind not in ("deed", "read", "many")]
        heads: list[str] = []
        details: list[str] = []
        while left:
            used, head, detail = self._next(left)
            heads += head
            details += detail
            left = left[used:]
        listed = {*self.meant.states, *(each for i in self.meant.found if i.kind == "latin" and (each := self.meant.known.listed((i.text,))))}
        kinds = self.meant.known.kinds
        twice = self.meant.deed and any({name, value} <= kind for kind in kinds for name in self.meant.names for value in listed if name != value)
        details = _together(details)
        # "the role operator of the user hlee": the first of two listed values counts
        yield from ((*details, *(f"of {head}" for head in heads)) if twice else (*heads, *details))

    def _next(self, left: Sequence[Item]) -> Said:
        """How many items are used up, and what they say: of which thing, and what more."""
        for reading in (
            self._left_out,
            self._about,
            self._labelled,
            self._kind,
            self._relation,
            self._holding,
            self._field,
            self._owned,
            self._named,
        ):
            found = reading(left)
            if found is not None:
                return found
        return 1, *self._alone(left[0])

    def _left_out(self, left: Sequence[Item]) -> Said | None:
        """user1 말고 user2; admin 빼고."""
        item = left[0]
        if item.kind == "except":
            return 1, [], []
        if (
            not (item.value or item.kind == "state")
            or not LEFT_OUT.match(self.meant.text, item.end)
            or (self.meant.deed and self.meant.deed.start == item.end)
        ):
            return None
        return 1, [], [f"except {self.meant.value(item)}"] if self.meant.reads else []

    def _about(self, left: Sequence[Item]) -> Said | None:
        """환불 관련 티켓: whatever the words are, they are searched for."""
        item, following = _ahead(left)
        if following is None or following.kind != "about":
            return None
        return 2, [], [f"about '{self.meant.text[item.start : item.end]}'"]

    def _labelled(self, left: Sequence[Item]) -> Said | None:
        """X라는 이름의, 'X' 제목으로: the value stands before the field."""
        item, following = _ahead(left)
        if following is None or not item.value or following.kind != "thing" or item.role not in ("", "called"):
            return None
        name, thing = self.meant.field_of(following.meanings), self.meant.known.thing(following.meanings)
        named = following.role in ("toward", "of", "called") and (thing is None or following.text in FREE)
        if name and (named or (item.role == "called" and not thing) or (item.kind == "time" and not thing and not following.role)):
            return 2, [], [self._detail(self._field_name(name, following), self.meant.value(item))]
        if item.kind in ("quote", "name") and thing and self.meant.deed and self._prose(following):
            return 2, [f"{thing} {self.meant.value(item)}"], []
        return None

    def _kind(self, left: Sequence[Item]) -> Said | None:
        """골드 등급 고객, 책 카테고리: a listed value before the field of that kind."""
        item, following = _ahead(left)
        value = self.meant.known.listed(item.states) if following is not None and not item.role else None
        name = self.meant.field_of(following.meanings) if value and following and following.kind == "thing" else None
        if value is None or name is None or following is None or self.meant.known.thing(following.meanings):
            return None
        if not any(set(words.stems(name)) & set(words.stems(each)) for each in self.meant.known.choosers.get(value, ())):
            return None
        return 2, [], [self._detail(name, value)]

    def _detail(self, name: str, value: str) -> str:
        """with price 20; called X; from account X is only from X."""
        first = name.partition(" ")[0]
        if self.meant.reads and first in ("city", "town", "location", "region", "country"):
            return f"in {value}"
        if name == "called" or first in ("from", "to"):
            return f"{first} {value}"
        mark = ":" if name.endswith((" in", " out")) else ""  # "check in 2027-01-05" would be in the year 2027
        return f"with {name}{mark} {value}"

    def _prose(self, item: Item) -> bool:
        return item.text in ("댓글", "코멘트", "메모", "노트", "답글")

    def _field_name(self, name: str, item: Item) -> str:
        creates = self.meant.deed is not None and self.meant.chosen.split()[0] in ("create", "add", "make", "register")
        return "called" if item.text in ("이름", "성함", "명칭") and (self.meant.reads or (creates and name == "name")) else name

    def _relation(self, left: Sequence[Item]) -> Said | None:
        """gmoreno가 소유한 금고, jiwon 담당 티켓."""
        item, following = _ahead(left)
        if following is None or not item.value:
            return None
        person = following.kind == "thing" and following.text in ("담당", "담당자", "소유", "작성자") and item.role == "" and not following.role
        if following.kind != "relation" and not person:
            return None
        name = self.meant.field_of(following.meanings)
        if name is None or following.meanings[0] == "member":
            mark = "in" if item.kind == "name" else "of"  # 인사팀에 속한 사용자; user6이 속한 그룹
            return 2, [], [f"{mark} {self.meant.value(item)}" if following.kind == "relation" else self.meant.value(item)]
        return 2, [], [self._detail(self._to_whom(name), self.meant.value(item))]

    def _to_whom(self, name: str) -> str:
        """Assigned to somebody: the little word of the operation's own verb."""
        return "to" if self.meant.chosen == "assign" and name == "assignee" else name

    def _field(self, left: Sequence[Item]) -> Said | None:
        """이메일은 X, 부서를 X로, 가격 X: the field and what it is."""
        item, following = _ahead(left)
        if item.kind != "thing" or (name := self.meant.field_of(item.meanings)) is None:
            return None
        if self.meant.is_switch(name):
            deed = next((i for i in self.meant.found if i.kind == "deed" and i.start >= item.end), None)
            off = OFF.search(self.meant.text[item.end : deed.end + 2 if deed else item.end + 6]) is not None
            return 1, [], [f"{'without' if off else 'with'} {name}"]
        third = left[2] if len(left) > 2 else None
        if following and following.text in ("이름", "번호", "정보") and third and third.value and self.meant.known.thing(item.meanings) is None:
            return 3, [], [self._detail(name, self.meant.value(third))]
        if following is None or not (following.value or following.kind == "state" or (following.kind == "thing" and item.text in FREE)):
            return None
        if self.meant.known.thing(item.meanings) and item.role not in ("topic", "object", "subject", "toward") and not self._unit_of(following, name):
            return None
        return self._told(item, name, left)

    def _holding(self, left: Sequence[Item]) -> Said | None:
        """이름에 kim이 들어가는: searched for."""
        item, following = _ahead(left)
        if self.meant.deed or item.kind != "thing" or item.role != "at" or following is None or not following.value:
            return None
        return (2, [], [f"with '{following.text}'"]) if re.search("들어|포함|있는", self.meant.text[following.end : following.end + 12]) else None

    def _told(self, item: Item, name: str, left: Sequence[Item]) -> Said:
        following = left[1]
        if item.text in FREE and following.kind in ("name", "latin", "number", "thing", "state"):
            end = self._free(left, item.text)
            said = self.meant.text[following.start : left[end - 1].end].strip("'\"")
            return end, [], [self._detail(self._field_name(name, item), f"'{said}'")]
        value = self.meant.state(following) if following.kind == "state" else self.meant.value(following)
        if following.bound:
            return 1, [], []  # told with the number
        return 2, [], [self._detail(self._to_whom(self._field_name(name, item)), value)]

    def _free(self, left: Sequence[Item], field_text: str) -> int:
        """Where a text that is told without quotation marks ends."""
        end = 2
        names_only = field_text in NAMES
        if field_text in ("주소", "배송지", "배송 주소"):
            rest: tuple[str, ...] = ("", "of", "at", "from", "and", "toward", "topic", "subject")
        else:
            rest = ("", "of", "at", "from", "and", *(("toward",) if left[0].role != "object" else ()))
        while end < len(left) and not left[end - 1].marked and left[end - 1].role in rest:
            if (
                left[end].kind not in (("name",) if names_only else ("name", "latin", "number", "thing", "state"))
                or left[end].start - left[end - 1].end > 6
            ):
                break
            if left[end].kind == "thing" and left[end].role in ("topic", "object"):
                break
            end += 1
        return end

    def _unit_of(self, item: Item, name: str) -> bool:
        return item.kind == "number" and name in COUNTED.get(item.unit, ())

    def _owned(self, left: Sequence[Item]) -> Said | None:
        """user2의 세션, grp_7 그룹 멤버, 티켓 31 댓글: whose it is, said behind it."""
        item, following = _ahead(left)
        if item.value and item.kind != "number" and item.role == "of":
            return 1, [], [f"of {self.meant.value(item)}"] if self.meant.reads else [self.meant.value(item)]
        pair = self._pair(item, following)
        third = left[2] if len(left) > 2 else None
        if pair is None or third is None or third.kind != "thing" or left[1].role not in ("", "of") or left[1].marked:
            return None
        thing = self.meant.known.thing(third.meanings)
        if thing is None or (self.meant.known.field(third.meanings) and third.role in ("object", "topic", "toward") and not self.meant.reads):
            return None
        mark = "of" if self.meant.reads or third.role == "object" else "to" if self._prose(third) else "of"
        value = [self.meant.value(left[3])] if len(left) > 3 and left[3].kind == "quote" and self._prose(third) else []
        return 3 + len(value), [self.meant.number(thing, left), *value], [f"{mark} {pair}"]

    def _pair(self, item: Item, following: Item | None) -> str | None:
        """A thing and its own name, whichever stands first."""
        if following is None:
            return None
        if item.value and item.kind in ("latin", "quote", "name") and following.kind == "thing" and item.role in ("", "called"):
            named = self.meant.thing_name(following)
            detail = following.role in ("topic", "subject") and self.meant.field_of(following.meanings)
            if self.meant.deed and detail and named and not set(words.stems(named)) & self.meant.known.single:
                return None  # 고객 박지민 등록, 메일은 ...: what follows speaks of itself
            thing, value = following, item
        elif item.kind == "thing" and item.role == "" and (following.kind in ("latin", "quote") or self._called_so(following)):
            thing, value = item, following
        else:
            return None
        named = self.meant.thing_name(thing)
        if named is None and self.meant.known.facets:
            return None
        if named and value is item and value.kind == "latin" and not self._tells_apart(named, value):
            if self.meant.reads:
                return f"{self.meant.number(named, (item,))} of {self.meant.value(value)}"
            if following.role not in ("from", "to", "toward", "at"):
                return None
        return f"{named or thing.meanings[0]} {'called ' if value.role == 'called' and self.meant.deed else ''}{self.meant.value(value)}"

    def _called_so(self, item: Item) -> bool:
        """고객 박지민 등록."""
        return self.meant.deed is not None and item.kind == "name" and not item.meanings

    def _tells_apart(self, named: str, value: Item) -> bool:
        """Whether the value can be the id of such a thing: grp_7 of a group, aud_12 of an audit log."""
        known = self.meant.known
        prefix = re.match(r"[a-z]{3,}(?=[_-])", value.text)
        kinds = {noun for facet in known.facets if set(words.stems(named)) & facet.core for noun in facet.core}
        return bool(set(words.stems(named)) & known.single) or (prefix is not None and any(noun.startswith(prefix.group()) for noun in kinds))

    def _named(self, left: Sequence[Item]) -> Said | None:
        """grp_7 그룹에, 서울 호텔, 재무팀 사용자, 박서준 고객."""
        item, following = _ahead(left)
        if item.kind == "name" and (place := self._placed(item, following)):
            return 1, [], [place]
        if item.kind == "latin" and following is not None and following.kind == "thing" and self.meant.known.listed((item.text,)):
            return 1, [self.meant.value(item)], []
        pair = self._pair(item, following)
        if pair is None or following is None:
            return None
        role = following.role
        if self.meant.deed and role in ("at", "to", "toward", "from"):
            ends = {name for name in self.meant.known.names if name.startswith(("from ", "to "))}
            value = item if item.value else following
            known = f"{self._toward(role)} {self.meant.thing_name(following if item.value else item)}" in ends
            return 2, [], [f"{self._toward(role)} {self.meant.value(value) if known else pair}"]
        return 2, [pair], []

    def _toward(self, role: str) -> str:
        """그룹에 추가: to; 그룹에서 빼: from."""
        return "from" if role == "from" else "to"

    def _placed(self, item: Item, following: Item | None) -> str | None:
        after = self.meant.text[item.end : item.end + 8]
        if item.text in PLACES or PLACED.match(after) or PLACED.match(after[1:]):
            return f"in {self.meant.value(item)}"
        person = following is not None and following.kind == "thing" and (self.meant.known.thing(following.meanings) or "") in PERSONS
        return f"in {self.meant.value(item)}" if person and DEPARTED.fullmatch(item.text) and item.role in ("", "of") else None

    def _alone(self, item: Item) -> tuple[list[str], list[str]]:
        """What stands by itself, with what its particle makes of it."""
        if item.kind == "time":
            return [], [self._time(item)]
        if item.kind == "number":
            return [], [self._counted(item)] if self._counted(item) else []
        if item.kind == "state":
            implied = next((form for ending, form in IMPLIED if item.text.endswith(ending)), "")
            thing = self.meant.known.thing(THINGS[implied]) if implied and not self.meant.names else None
            return [each for each in (self.meant.state(item), self.meant.number(thing, ()) if thing else "") if each], []
        if item.kind == "thing":
            return self._thing(item)
        if not item.value:
            return [], []
        if item.kind == "name" and item.meanings and item.role in (("",) if self.meant.reads else ("", "object")):
            return [item.meanings[0]], []
        following = next((i for i in self.meant.found if i.start > item.start), None)
        if self.meant.deed and item.kind == "name" and not item.role and not item.marked and following and following.kind in ("latin", "quote"):
            return [], []  # 퇴사자 user1: only tells more of it
        if item.kind == "name" and item.role in ("", "is") and self._stray(item):
            return [], []
        value = self.meant.value(item)
        listed = item.role == "and" or (item.kind == "latin" and item.marked)
        if listed and following and following.kind == item.kind:
            return [f"{value} and"], []
        if self.meant.reads and item.kind == "latin" and item.role in ("", "subject") and self._whose(item):
            return [], [f"of {value}"]
        mark = {"to": "to", "from": "from", "at": "in", "toward": "to", "than": "than"}.get(item.role, "")
        if item.role == "to" and self.meant.deed and self.meant.chosen in UPDATES:
            mark = ""
        if item.kind == "latin" and item.role == "at":
            mark = ("to" if self.meant.joins else "") if self.meant.deed else "in"
        return ([], [f"{mark} {value}"]) if mark else ([value], [])

    def _stray(self, item: Item) -> bool:
        """A word of no table that stands beside no thing, where the sentence holds more: rather a verb or an adverb than a name."""
        at = self.meant.found.index(item)
        beside = [self.meant.found[n] for n in (at - 1, at + 1) if 0 <= n < len(self.meant.found)]
        content = [each for each in self.meant.found if each.kind not in ("deed", "read", "many")]
        return len(content) > 1 and not any(each.kind == "thing" for each in beside)

    def _whose(self, item: Item) -> bool:
        """yoon77이 들어있는 그룹: some of a kind are asked for, and they are somebody's."""
        things = [name for i in self.meant.found if i.kind == "thing" and i.start > item.end and (name := self.meant.thing_name(i))]
        values = [i for i in self.meant.found if i.value and i.kind in ("latin", "quote", "name")]
        return len(values) == 1 and any(set(words.stems(name)) & self.meant.known.several for name in things)

    def _time(self, item: Item) -> str:
        """2027-01-08 19:00, for an operation that takes the day and the time of the day apart."""
        if (
            self.meant.deed
            and item.text.startswith("until ")
            and (name := self.meant.field_of(("expires on", "expires", "expiry", "due", "deadline")))
        ):
            return f"with {name} {item.text.removeprefix('until ')}"
        name = "time" if re.fullmatch(r"\d{2}:\d{2}", item.text) else "date" if re.fullmatch(r"\d{4}-\d{2}-\d{2}", item.text) else ""
        return f"with {name} {item.text}" if self.meant.deed and name and self.meant.field_of((name,)) == name else item.text

    def _thing(self, item: Item) -> tuple[list[str], list[str]]:
        thing = self.meant.thing_name(item)
        if thing is None and item.text in ("내역", "이력", "기록") and self.meant.names:
            return [], []
        if thing is None and self.meant.known.facets and (state := self.meant.known.listed(item.states)):
            return [state], []
        if thing is None and item.text == "내용" and self.meant.reads:
            return [], []
        if thing is None:
            thing = self.meant.field_of(item.meanings) or (
                item.text if set(words.stems(item.meanings[0])) <= self.meant.known.nouns else item.meanings[0]
            )
            if self.meant.deed and self.meant.known.facets:
                return [], [thing]
        if self.meant.reads and any({thing, value} <= kind for kind in self.meant.known.kinds for value in self.meant.states if value != thing):
            return [], []  # "users with the role admin" name two roles
        named = self.meant.number(thing, ())
        if self.meant.deed and item.role in ("at", "to", "from") and self.meant.joins:
            return [], [f"{self._toward(item.role)} {named}"]
        return [named], []

    def _counted(self, item: Item) -> str:
        """5만원 이하: price at most 50000; 3명: guests 3; 고객 한 명: a customer."""
        candidates = COUNTED.get(item.unit, ("price", "amount", "total") if item.bound else ("quantity", "count"))
        if self.meant.reads and not item.bound and item.unit in ("개", "명", "건") and "limit" in self.meant.known.fields:
            return f"with limit {item.text}"
        if not self.meant.deed and not self.meant.names and not any(i.kind == "state" for i in self.meant.found):
            return item.text
        name = self.meant.field_of(candidates) or (
            "limit" if self.meant.reads and "limit" in self.meant.known.fields and item.unit in ("개", "명", "건") else None
        )
        if item.bound:
            bounded = self.meant.known.bounded(name, lower=BOUNDS[item.bound] in ("at least", "over")) if name else None
            return f"with {bounded} {item.text}" if bounded else " ".join(filter(None, (name, BOUNDS[item.bound], item.text)))
        if item.text == "1" and not item.unit and self.meant.deed and not self.meant.takes_number:
            return ""
        if item.text == "1" and name is None:
            return ""
        return f"with {name} {item.text}" if name else item.text
