"""Requests in Korean put into the English that the rules read: the verb first, then what is named, in the document's own words. Pure."""

import re
from collections.abc import Iterator, Sequence

from engine.builtin.hangul_clause import Clause, without_pointing
from engine.builtin.hangul_forms import QUOTED
from engine.builtin.hangul_items import Item, goes_on, items
from engine.builtin.hangul_meant import WHO, Meant
from engine.builtin.hangul_times import times
from engine.builtin.offered import NOTHING, Offered
from engine.korean import READS, further_verbs
from engine.korean_words import DEEDS
from tools.korean import HANGUL, words_in

ENGLISH = re.compile(r"[A-Za-z]+\s+[A-Za-z]{2,}")
DETAILS = re.compile(r"(?:정보|상세|세부)\s*(?:좀|요)?\W*$")
PER = re.compile(r"(?<![가-힣])(?P<column>[가-힣]{1,6}?)별(?:로|의)?(?![가-힣])")
PERIODS = {"일": "day", "날짜": "day", "주": "week", "월": "month", "분기": "quarter", "연도": "year", "년": "year", "연": "year"}
FIGURES = {"평균": "average", "합계": "sum", "총합": "sum", "중앙값": "median"}
CHART = re.compile(r"(?:막대|선|원형|원|파이|꺾은선)?\s*(?:그래프|차트|도표)")
CHARTS = {"막대": "bar", "꺾은선": "line", "선": "line", "원": "pie", "파이": "pie"}
DID = re.compile(r"(?P<who>[A-Za-z0-9][\w.@-]*|[가-힣]{2,4})(?:이|가|은|는)\s?(?:\S+\s)?(?:한\s?(?:일|짓|작업|활동)|뭘?\s?뭐?\s?했)")
HAPPENED = re.compile(r"무슨\s?일|(?:뭐|무엇)(?:가|이)?\s?(?:바뀌|있었|일어났)|변경\s?(?:사항|내역|이력)")


def english(text: str, known: Offered = NOTHING) -> str:
    """The text itself where it holds no Korean outside of quotation marks."""
    plain = QUOTED.sub("", text)
    if not HANGUL.search(plain):
        return text
    found = _with_deed(items(_without_groups(without_pointing(text))), plain)
    speaks = any(item.kind in ("deed", "read", "many") for item in found) or WHO.search(plain) or READS.search(plain) or DETAILS.search(plain)
    if not speaks and (ENGLISH.search(plain) or not any(item.kind in ("thing", "state") for item in found)):
        return text  # an English request with a Korean name in it
    if told := _was_done(plain, found):
        return told
    if known.facets and not _pointed(text) and not Meant(text, found, known).grounded:
        return text  # nothing of it is in the document: no translation, that something in it might resemble
    parts = [Clause(Meant(text, clause, known)).english() for clause in _clauses(found, text)]
    parts = [f"{part} it" if n and " " not in part else part for n, part in enumerate(parts)]  # ... 바꾼 다음 잠가줘
    return " ".join([", then ".join(filter(None, parts)), *_grouped(plain)]).strip()


def _pointed(text: str) -> bool:
    return without_pointing(text) != text


def _without_groups(text: str) -> str:
    """부서별, 원 그래프로: said by `_grouped`, and no names."""
    for pattern in (PER, CHART):
        text = pattern.sub(lambda m: "·" * len(m.group()), text)
    return text


def _with_deed(found: tuple[Item, ...], plain: str) -> tuple[Item, ...]:
    """담당자를 kate로 돌려줘, 티켓을 kate에게 넘겨줘: what a verb of no table asks for, by what goes where."""
    if any(item.kind in ("deed", "read", "many") for item in found) or not found:
        return found
    asked = [verb for verb, reading in further_verbs(plain) if reading == "asked"]
    if not asked:
        return found
    roles = {item.role for item in found}
    known = tuple(verb for verb in asked if verb.isascii())
    meant = (*known, *(DEEDS["변경"] if "toward" in roles else DEEDS["할당"] + DEEDS["전송"] if "to" in roles else ()))
    end = max(found[-1].end, found[-1].stop)
    return (*found, Item("deed", asked[-1], end, end, meanings=meant)) if meant else found


def asks(text: str) -> bool:
    """Whether something is asked for in Korean, whatever else is said: 안녕하세요, 사용자 목록 보여주세요."""
    return HANGUL.search(text) is not None and any(item.kind in ("deed", "read", "many") for item in items(text))


def as_said(time: str, text: str) -> str:
    """The customer's own words for a time: what they typed counts, not what the rules made of it."""
    wanted = time.removeprefix("in ")
    found = (each for each in times(QUOTED.sub(lambda m: "·" * len(m.group()), text)))
    return next((text[each.start : each.end] for each in found if each.english.removeprefix("in ") == wanted), time)


def own_words(said: Sequence[str], text: str) -> list[str]:
    """Of the words that narrowed nothing those that are the customer's own: of a Korean sentence the rules read a translation."""
    return [each for each in said if not HANGUL.search(text) or each in text]


def _was_done(plain: str, found: Sequence[Item]) -> str:
    """user1이 한 일, 어제 무슨 일이 있었어, 누가 user1을 삭제했어: questions about what was done."""
    when = "".join(f" {item.text}" for item in found if item.kind == "time")
    who = re.search(r"누가\s?(?P<rest>.*?)(?P<deed>삭제|생성|수정|변경|추가|잠금|잠갔|만들었|지웠|바꿨)(?:했|하였|한\s|$|어|나|는)", plain)
    if who:
        deeds = {"삭제": "deleted", "지웠": "deleted", "생성": "created", "만들었": "created", "추가": "added", "잠금": "locked", "잠갔": "locked"}
        named = [f"'{item.text}'" if item.kind == "quote" else item.text for item in found if item.value and item.kind != "time"]
        things = [item.meanings[0] for item in found if item.kind == "thing"]
        return " ".join(["who", deeds.get(who["deed"], "changed"), *things, *named]) + when
    if (did := DID.search(plain)) and not did["who"].startswith("누"):
        return f"what did {did['who'] if did['who'].isascii() else chr(39) + did['who'] + chr(39)} do{when}"
    return f"what happened{when}" if HAPPENED.search(plain) and not any(i.kind == "deed" for i in found) else ""


def _clauses(found: Sequence[Item], text: str) -> list[list[Item]]:
    """What goes with each deed; what follows the last one goes with it, too."""
    clauses: list[list[Item]] = [[]]
    ends = [n for n, item in enumerate(found) if item.kind in ("deed", "read") and goes_on(item, text)]
    for n, item in enumerate(found):
        clauses[-1].append(item)
        later = any(i.kind in ("deed", "read") for i in found[n + 1 :])
        if n in ends and later and any(i.kind != "read" for i in clauses[-1]):
            clauses.append([])
    return [clause for clause in clauses if clause]


def _grouped(text: str) -> Iterator[str]:
    """상태별, 월별; 평균 금액; 원 그래프."""
    found = PER.search(text)
    columns = [PERIODS.get(found["column"]) or next((w.english for w in words_in(found["column"])), "")] if found else []
    if not columns or not columns[0]:
        return
    yield f"per {columns[0]}"
    for korean, figure in FIGURES.items():
        if about := re.search(rf"{korean}\s+([가-힣]+)", text) or re.search(rf"([가-힣]+)\s*{korean}", text):
            yield f"{figure} {next((w.english for w in words_in(about[1])), '')}".strip()
            break
    if chart := CHART.search(text):
        yield f"{next((kind for korean, kind in CHARTS.items() if korean in chart.group()), '')} chart".strip()
