"""A Korean sentence taken apart: things, states, deeds, values, times, each with what its particle makes of it. Knows no English grammar."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, pairwise
from typing import Literal

from engine.builtin.hangul_forms import (
    ABOUT,
    CARRIED,
    DONE,
    ENDING,
    GOES_ON,
    LATIN,
    MANY,
    NUMBER,
    PLAIN_END,
    QUOTED,
    READS,
    RELATIONS,
    ROLES,
    TAIL,
    WITH,
    WORD,
    Role,
)
from engine.builtin.hangul_times import times
from engine.korean import reading_of
from engine.korean_words import DEEDS, LITTLE, NATIVE, PLACES, STATES, TAKEN_BACK, THINGS
from engine.numbers import NATIVE as NATIVE_NUMBER
from engine.numbers import OTHERS, sino
from engine.numbers import korean as number_of
from engine.tokens import follows
from tools.korean import words_in

Kind = Literal["quote", "latin", "number", "time", "thing", "state", "deed", "read", "name", "called", "about", "except", "many", "relation", "maybe"]
LONG = 60  # letters of a word that its ending is looked for in


@dataclass(frozen=True, slots=True)
class Item:
    """`text`: a value as it was typed, without its particle; `meanings`: what a word may be called in a document, the likeliest first."""

    kind: Kind
    text: str
    start: int
    end: int
    role: Role = ""
    meanings: tuple[str, ...] = ()
    unit: str = ""
    bound: str = ""
    marked: bool = False  # a comma or the end of a sentence follows
    states: tuple[str, ...] = ()  # what it may be as a state
    may: tuple[str, ...] = ()  # a deed, if nothing else is asked: 주문 77 취소
    stop: int = 0  # with what belongs to it: 정지 풀어줘

    @property
    def value(self) -> bool:
        return self.kind in ("quote", "latin", "number", "time", "name")


def goes_on(item: Item, text: str) -> bool:
    """바꾸고, 삭제한 다음, 보여주고: something else is asked after it."""
    stop = max(item.end, item.stop)
    if GOES_ON.match(text, stop):
        return True
    return text[item.start : stop].endswith("고") and not re.match(r"\s?싶", text[stop:])


def items(text: str) -> tuple[Item, ...]:
    """All that says something, in order."""
    plain = QUOTED.sub(lambda m: "·" * len(m.group()), text)
    found: list[Item] = []
    for start, end, item in _fixed(text, plain):
        plain = plain[:start] + "·" * (end - start) + plain[end:]
        found.append(item)
    stop = 0
    for match in WORD.finditer(plain):
        words = list(_word(plain, match.start(), match.end())) if match.start() >= stop else []
        stop = max((stop, *(max(each.stop, each.end) for each in words)))
        found += words
    ordered = [replace(item, marked=_marked(text, item)) for item in sorted(found, key=lambda i: i.start)]
    return tuple(_settled(_about(tuple(_called(_merged(_bounded(ordered), text), text)), text), text))


def _bounded(found: Sequence[Item]) -> list[Item]:
    """2만원에서 4만원 사이: from the one up to the other."""
    bounded = list(found)
    for n, (one, other) in enumerate(pairwise(found)):
        if one.kind == other.kind == "number" and one.role == "from" and not one.bound and not other.bound:
            bounded[n : n + 2] = replace(one, bound="이상", role="", unit=one.unit or other.unit), replace(other, bound="이하")
    return bounded


_TO_BE = re.compile(r"['\"”’]?(?:으로|로)\s?(?:해|하자|하죠|할게|부탁|처리|\W*$)")


def _settled(found: Sequence[Item], text: str) -> list[Item]:
    """A bare noun of a deed in the middle (머그컵 상품 추가 가격 9000원) asks for it where nothing else is asked."""
    asked = any(item.kind in ("deed", "read", "many") for item in found)
    if not asked and found and found[-1].role == "toward" and _TO_BE.match(text, found[-1].end):
        place = found[-1].end  # 재고 0으로 해줘
        return [*(i for i in found if i.kind != "maybe"), Item("deed", "변경", place, place, meanings=DEEDS["변경"])]
    last = next((n for n in range(len(found) - 1, -1, -1) if found[n].may), None)
    kept = [replace(item, kind="deed", meanings=item.may) if n == last and not asked else item for n, item in enumerate(found)]
    return [item for item in kept if item.kind != "maybe"]


def _about(found: Sequence[Item], text: str) -> list[Item]:
    """로그인 오류 관련 티켓: all that stands before it, back to where something else ends."""
    kept: list[Item] = []
    for item in found:
        start = len(kept)
        while item.kind == "about" and start and kept[start - 1].kind in ("name", "thing", "state", "maybe", "quote") and not kept[start - 1].marked:
            if start < len(kept) and kept[start - 1].role:
                break
            start -= 1
        if start < len(kept):
            first, last = kept[start], kept[-1]
            kept[start:] = [Item("quote", text[first.start : last.end].strip("'\""), first.start, last.end)]
        kept.append(item)
    return kept


def _marked(text: str, item: Item) -> bool:
    rest = text[item.end : item.end + 12]
    return re.match(r"['\"”’)]?[가-힣]{0,5}\s?[,.!?;\n](?!\d)", rest) is not None


def _fixed(text: str, plain: str) -> Iterator[tuple[int, int, Item]]:
    """Quoted texts, times and numbers, with the particles behind them."""
    for quote in QUOTED.finditer(text):
        yield _with_tail(text, plain, Item("quote", quote.group()[1:-1], quote.start(), quote.end()))
    for many in MANY.finditer(plain):
        yield many.start(), many.end(), Item("many", many.group(), many.start(), many.end())
        plain = plain[: many.start()] + "·" * len(many.group()) + plain[many.end() :]
    for time in times(plain):
        yield _with_tail(text, plain, Item("time", time.english, time.start, time.end))
        plain = plain[: time.start] + "·" * (time.end - time.start) + plain[time.end :]
    for match in NUMBER.finditer(plain):
        if (item := _number(match, plain)) is not None:
            yield _with_tail(text, plain, item)


def _with_tail(text: str, plain: str, item: Item) -> tuple[int, int, Item]:
    tail = TAIL.match(text, item.end) if not plain[item.end : item.end + 1].isspace() else None
    return item.start, tail.end() if tail else item.end, replace(item, role=_role(tail)) if tail else item


def _role(tail: re.Match[str] | None) -> Role:
    return next((role for role, _ in ROLES if tail and tail[role]), "")


def _number(match: re.Match[str], plain: str) -> Item | None:
    unit = match["u1"] or match["u2"] or (match["u3"] or "").strip()
    behind = plain[match.end() : match.end() + 1]
    if match["digits"] and not unit and not match["bound"] and re.match(r"[A-Za-z_@%가-힣]|[-/:.]\w", plain[match.end() : match.end() + 2]):
        return None  # part of an id
    if unit == "번" and (match["native"] or behind == "째"):
        return None  # the second one; twice
    value = _value_of(match)
    if value is None or (unit and re.match("[가-힣]", behind) and not match["bound"] and TAIL.match(plain, match.end()) is None):
        return None
    if unit in ("번", "호") or (match["digits"] and not unit and not match["bound"]):
        return Item("latin", match["digits"], match.start(), match.end(), unit=unit)
    return Item("number", value, match.start(), match.end(), unit=unit, bound=match["bound"] or "")


def _value_of(match: re.Match[str]) -> str | None:
    if match["native"]:
        found = NATIVE_NUMBER.fullmatch(match["native"])
        number = number_of(match["native"], "명") if found is None or match["native"] not in OTHERS else OTHERS[match["native"]]
        return None if number is None else str(number)
    written = re.sub(r"\s", "", match["sino"] or match["digits"])
    if re.fullmatch(r"[\d,.]+", written):
        return written.replace(",", "")
    head = re.fullmatch(r"(\d+\.\d+)([억만천백]+)", written)
    value = round(float(head[1]) * (sino(f"1{head[2]}") or 0)) if head else sino(written)
    return None if not value else str(value)


def _word(plain: str, start: int, end: int) -> Iterator[Item]:
    """What stands between two spaces."""
    written = plain[start:end].strip("·")
    if not written or plain[start] == "·":
        return
    if latin := LATIN.match(plain, start, end):
        tail = TAIL.match(plain, latin.end())
        yield Item("latin", latin.group(), start, latin.end(), _role(tail))
        if tail is None and latin.end() < end:
            yield from _hangul(plain, latin.end(), end)
        return
    yield from _hangul(plain, start, end)


def _hangul(plain: str, start: int, end: int) -> Iterator[Item]:
    written = plain[start:end]
    known = [] if written in LITTLE and plain[end : end + 1] != " " else _known(plain, start, end)
    if written in LITTLE and not any(item.end > end for item in known):
        return
    if about := ABOUT.fullmatch(written):
        yield Item("about", about.group(), start, end)
    elif relation := next((fields for form, fields in RELATIONS if form.match(written)), ()):
        yield Item("relation", written, start, end, meanings=relation)
    elif re.fullmatch("이?라(?:고|는)", written):
        yield Item("called", written, start, end, "called")
    elif re.fullmatch("제외(?:하고|한)|빼고|말고", written):
        yield Item("except", written, start, end)
    else:
        yield from known or _unknown(plain, start, end)


def _known(plain: str, start: int, end: int) -> list[Item]:
    """Words of the tables, one or several written as one; none where a part is in no table."""
    if (read := next((english for form, english in READS if form.match(plain, start)), None)) and not _things_only(plain, start):
        return [Item("read", read, start, end)]
    for size in _sizes(plain, start):
        word, stop = plain[start : start + size], start + size
        if (deed := _deed(word, plain, stop)) is not None:
            thing = [Item("thing", word, start, stop, "", THINGS[word])] if deed.stop and word in THINGS else []
            return [*thing, replace(deed, start=start, end=stop)]
        if word not in THINGS and word not in STATES:
            continue
        item = Item("thing" if word in THINGS else "state", word, start, stop, "", THINGS.get(word, ()), states=STATES.get(word, ()))
        if plain[stop : stop + 1] == "명" and (named := TAIL.match(plain, stop + 1)):  # 상품명: its name
            return [item, Item("thing", "이름", start, stop + 1, _role(named), THINGS["이름"])]
        if re.match(r"(?:한|하는|하던|했던)(?![가-힣])", plain[stop:]):
            return [Item("maybe", word, start, stop)]  # 로그인한: only tells more of what follows
        if tail := TAIL.match(plain, stop) or WITH.match(plain, stop):
            return [replace(item, role=_role(tail) if tail.re is TAIL else "")]
        if stop < end and (rest := _known(plain, stop, end)):
            return [item, *rest]
    return []


def _things_only(plain: str, start: int) -> bool:
    return any(TAIL.match(plain, start + size) and plain[start : start + size] in THINGS for size in _sizes(plain, start))


def _deed(word: str, plain: str, stop: int) -> Item | None:
    """Where it is asked for: 삭제해 줘, 잠금 해제, 지워; not: 삭제된, 주문 목록."""
    rest = plain[stop : stop + 160]
    if word in DONE and re.match(r"\s?(?:다음|뒤|후)", rest):  # 바꾼 다음
        return Item("deed", word, stop, stop, meanings=NATIVE[DONE[word]])
    if word in NATIVE and not re.match(r"지\s?(?:마|말|않)|[진졌]|\s?있", rest):
        return Item("deed", word, stop, stop, meanings=NATIVE[word])
    taken = re.match(r"[을를]?\s?(?:해제|해지|풀(?=[어고자래])|취소)", rest) if word in TAKEN_BACK else None
    if taken and (taken.group().endswith("풀") or reading_of(rest[taken.end() :]) != "not"):
        return Item("deed", word, stop, stop, meanings=TAKEN_BACK[word], stop=stop + taken.end())
    if word not in DEEDS:
        return None
    reading = reading_of(rest)
    if reading == "asked" or (CARRIED.match(rest) is not None and "싶" not in rest[:4]):
        return Item("deed", word, stop, stop, meanings=DEEDS[word])
    last = re.match(r"(?:\s?(?:좀|요|처리|부탁\S*|바람|바랍니다|요망))*\s*(?:[.,:!?]|$|\()", rest) is not None
    may = DEEDS[word] if reading == "doubtful" or (last and rest[:1] in (",", ":")) else ()
    if word in THINGS or word in STATES:
        return Item("thing", word, stop, stop, "", THINGS.get(word, ()), states=STATES.get(word, ()), may=may) if last and may else None
    return Item("maybe", word, stop, stop, may=may) if PLAIN_END.match(rest) else None


def _unknown(plain: str, start: int, end: int) -> Iterator[Item]:
    """A word that may be a name. One of the glossary stays what it is there."""
    written = plain[start:end]
    tails = (m for n in range(2, len(written) + 1) if (m := TAIL.match(plain, start + n)) and _follows(plain, start + n, m))
    tail = None if written in PLACES else next(tails, None)
    stop = tail.start() if tail else end
    if tail and tail["is"] == "인" and stop - start < 3:
        tail, stop = None, end
    if (
        (ENDING.fullmatch(written[-LONG:]) and not (tail and tail["is"] and tail["is"] not in ("요", "이요")))
        or re.match("처리|부탁|진행해|비싸|비싼|저렴|싸|크|큰|작|많|적은|새로운", written)
        or len(written) < 2
        or written in LITTLE
        or plain[start:stop] in LITTLE
    ):
        return
    for n in (1, 2):
        size = next((k for k in _sizes(plain, start + n) if plain[start + n : start + n + k] in DEEDS), 0)
        deed = _deed(plain[start + n : start + n + size], plain, start + n + size) if size else None
        if deed is not None:  # 일괄삭제
            yield replace(deed, start=start)
            return
    known = [word.english for word in words_in(plain[start:end]) if word.kind in ("things", "acts") and word.start == start]
    yield Item("name", plain[start:stop], start, stop, _role(tail), tuple(known[:1]))


def _follows(plain: str, at: int, tail: re.Match[str]) -> bool:
    return not tail.group() or follows(plain[at - 1], tail.group())


def _merged(found: Sequence[Item], text: str) -> list[Item]:
    """무선 마우스: names that follow each other are one."""
    merged: list[Item] = []
    for item in found:
        before = merged[-1] if merged else None
        if before and item.kind == "latin" and before.kind == "name" and text[before.end : item.start] == "(":
            merged[-1] = replace(item, role=before.role or "at")  # 재무팀(Finance): as the document has it
        elif before and not before.role and not before.marked and _one_name(before, item):
            merged[-1] = replace(item, kind="name", text=text[before.start : item.end], start=before.start)
        else:
            merged.append(item)
    return merged


def _one_name(before: Item, item: Item) -> bool:
    """무선 마우스; 인천 남동구 논현로 3."""
    if before.kind != "name" or before.meanings or item.meanings or item.text in PLACES:
        return False
    if item.kind == "latin":
        return re.fullmatch(r"\d+(?:-\d+)?", item.text) is not None and re.search("[로길동가]$", before.text) is not None and item.unit != "번"
    return item.kind == "name" and (before.text not in PLACES or re.search("[시군구동읍면로길]$", item.text) is not None)


def _called(found: Sequence[Item], text: str) -> Iterator[Item]:
    """확인했습니다 라고: all that is said, back to where something else ends."""
    kept: list[Item] = []
    for item in found:
        if item.role == "called" and item.kind != "quote":
            start = len(kept)
            while start and not _ends(kept[start - 1]):
                start -= 1
            begin = kept[start].start if start < len(kept) else _begin(text, kept, item)
            end = item.end if item.kind != "called" else item.start
            kept[start:] = []
            said = text[begin:end].strip()
            kept.append(Item("quote", said.strip("'\""), begin, end, "called") if said else item)
        else:
            kept.append(item)
    yield from kept


def _begin(text: str, kept: Sequence[Item], item: Item) -> int:
    """Where what is said begins, when no word of it is known: behind the last item and its particle."""
    if item.kind != "called":
        return item.start
    after = kept[-1].end if kept else 0
    gap = re.match(r"[가-힣,.!?]*\s*(?:좀\s|그냥\s)?", text[after:]) if kept else None
    return after + (gap.end() if gap else 0)


def _ends(item: Item) -> bool:
    """Whether what somebody is called cannot reach back over this."""
    if item.marked or item.kind in ("deed", "read", "called", "except", "time", "quote"):
        return True
    if item.kind == "thing" and item.role in ("subject", "topic", "object", "of", "at", "to", "from"):
        return item.role != "subject" or item.text in ("이름", "제목", "코드", "성함", "내용")
    return item.kind in ("latin", "number") or item.role in ("of", "to", "from", "at", "object")


def _table_of(*tables: Mapping[str, object]) -> dict[str, list[int]]:
    sizes: dict[str, set[int]] = {}
    for word in chain.from_iterable(tables):
        sizes.setdefault(word[0], set()).add(len(word))
    return {first: sorted(found, reverse=True) for first, found in sizes.items()}


_TABLES = (THINGS, STATES, DEEDS, NATIVE, TAKEN_BACK, DONE)
_SIZES = _table_of(*_TABLES)


@lru_cache(maxsize=4_096)
def _sizes_at(begin: str) -> tuple[int, ...]:
    return tuple(n for n in _SIZES.get(begin[:1], ()) if any(begin[:n] in table for table in _TABLES))


def _sizes(plain: str, start: int) -> tuple[int, ...]:
    """How long the words of the tables are that begin here, the longest first."""
    return _sizes_at(plain[start : start + 12])
