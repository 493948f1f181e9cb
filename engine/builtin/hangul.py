"""Requests in Korean put into the English that the rules read: the verb first, then what is named, in order. Pure."""

import re
from collections.abc import Iterator

from engine.builtin.mentions import QUOTED
from engine.korean import DOING, READS, VERBS, verbs_of
from engine.tokens import PARTICLES
from tools.korean import HANGUL, words_in

NAMES: dict[str, str] = {
    "사용자": "user", "유저": "user", "회원": "user", "그룹": "group", "계정": "account", "비밀번호": "password", "이메일": "email",
    "메일": "email", "주문": "order", "로그": "log", "감사": "audit", "세션": "session", "예약": "reservation",
    "회의": "meeting", "일정": "event", "파일": "file", "메시지": "message", "역할": "role", "권한": "permission",
    "프로젝트": "project", "이슈": "issue", "댓글": "comment", "고객": "customer", "상품": "product", "제품": "product",
    "결제": "payment", "환불": "refund", "금고": "safe", "멤버": "member", "구성원": "member", "팀": "team", "문서": "document",
    "폴더": "folder", "채널": "channel", "방": "room", "호텔": "hotel", "항공": "flight", "펫": "pet", "반려동물": "pet",
    "저장소": "repository", "송장": "invoice", "청구": "invoice", "구독": "subscription", "쿠폰": "coupon", "작업": "task",
    "할 일": "task", "알림": "notification", "테이블": "table", "티켓": "ticket", "노트": "note", "이름": "name",
    "설명": "description", "게시물": "post", "글": "post", "사진": "photo",
}  # fmt: skip
TIMES = {
    "그저께": "day before yesterday", "어제": "yesterday", "오늘": "today", "내일": "tomorrow", "지난주": "last week", "지난 주": "last week",
    "이번 주": "this week", "지난달": "last month", "지난 달": "last month", "이번 달": "this month",
}  # fmt: skip
SIGNS = {"로그인": "signed in", "로그아웃": "signed out"}
MANY = re.compile(r"몇 ?(?:명|개|건)|얼마나 많")
WHO = re.compile(r"누가|누구")
LATIN = re.compile(r"['\"“‘]?[A-Za-z0-9][\w.@:/+-]*(?:[A-Za-z0-9])?['\"”’]?(?=(?P<after>[가-힣]{0,2}))", re.ASCII)
ENGLISH = re.compile(r"[A-Za-z]{2,}\s+\S")
ALL = re.compile(r"모두|모든|전부|전체|싹|들(?=[을의에은이도]|\s|$)")
LITTLE = frozenset("모든 모두 전체 전부 새로운 해당 다음 이번 지난 최근 그리고 우리".split())  # noqa: SIM905
PER = re.compile(r"(?<![가-힣])(?P<column>[가-힣]{1,6}?)별(?:로|의)?(?![가-힣])")
PERIODS = {"일": "day", "날짜": "day", "주": "week", "월": "month", "분기": "quarter", "연도": "year", "년": "year", "연": "year"}
FIGURES = {"평균": "average", "합계": "sum", "총합": "sum", "중앙값": "median"}
CHART = re.compile(r"(?:막대|선|원형|원|파이|꺾은선)?\s*(?:그래프|차트|도표)")
CHARTS = {"막대": "bar", "꺾은선": "line", "선": "line", "원": "pie", "파이": "pie"}
ASKING = re.compile("|".join([*DOING, *VERBS, r"주세요|줘|해라|하자|부탁|바랍|하고|해서|다시"]))
TO, IN = ("로", "으로", "에게"), ("에", "에서")
ORDER = re.compile("|".join(sorted([*NAMES, *TIMES, *SIGNS], key=len, reverse=True)))


def english(text: str) -> str:
    """The text itself where it holds no Korean outside of quotation marks."""
    plain = QUOTED.sub("", text)
    verb = _verb(text)
    if not HANGUL.search(plain) or (not verb and (ENGLISH.search(plain) or not ORDER.search(plain))):
        return text  # an English request with a Korean name in it
    names = _called(text) if verb not in ("", "show", "who", "how many") else []
    all_of_it = ALL.search(plain) is not None
    single = bool(names) or (verb == "delete" and not all_of_it)
    things, values = [*_things(text, single=single), *_further(text, single=single)], [*_values(text), *names]
    named = sorted([*_before_names(text, things, values), *values])
    verb = f"{verb} all" if all_of_it and verb == "delete" else verb
    return " ".join([verb, *(word for _, word in named), *_grouped(plain)]).strip()


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


def _called(text: str) -> list[tuple[int, str]]:
    """김철수 사용자: a word beside the thing it names, in quotation marks so that it is taken as it is."""
    found = []
    spans = [(m.start(), m.group()) for m in re.finditer(r"\S+", QUOTED.sub(lambda m: "·" * len(m.group()), text))]
    for n, (start, word) in enumerate(spans):
        bare = PARTICLES.sub("", word) if PARTICLES.search(word) and len(word) > 2 else word
        beside = any(ORDER.match(spans[k][1]) for k in (n - 1, n + 1) if 0 <= k < len(spans))
        if beside and re.fullmatch(r"[가-힣]{2,5}", bare) and bare not in LITTLE and not ORDER.search(word) and not ASKING.search(word):
            found.append((start, f"'{bare}'"))
    return found


def _before_names(text: str, things: list[tuple[int, str]], values: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """prod 네임스페이스의 web-1 파드: namespace prod pod web-1, so that each thing stands beside its own name and no other's."""
    ends = {start + len(word): start for start, word in values}
    named = {at: ends[at - 1] for at, _ in things if at - 1 in ends and text[at - 1] == " "}
    return [(named[at] - 1 if at in named and len(named) > 1 else at, word) for at, word in things]


def as_said(time: str, text: str) -> str:
    """The customer's own words for a time: what they typed counts, not what the rules made of it."""
    return next((korean for korean, known in TIMES.items() if known == time and korean in text), time)


def _verb(text: str) -> str:
    plain = QUOTED.sub(" ", text)
    changes = [(reading, verb) for verb, reading in verbs_of(plain) if reading != "not"]
    asked = next((verb for reading, verb in changes if reading == "asked"), next((verb for _, verb in changes), ""))
    if asked:
        return asked
    if MANY.search(plain):
        return "how many"
    return "who" if WHO.search(plain) else "show" if READS.search(plain) else ""


def _things(text: str, *, single: bool) -> list[tuple[int, str]]:
    """Things, times and sign-ins; several of a thing where no single one is named."""
    single = single or (next(iter(_values(text)), None) is not None and not MANY.search(text) and "목록" not in text)
    found = []
    for match in ORDER.finditer(QUOTED.sub(lambda m: "·" * len(m.group()), text)):
        word = match.group()
        if len(word) == 1 and HANGUL.fullmatch(text[match.start() - 1 : match.start()]):
            continue  # the end of another word
        thing = NAMES.get(word, "")
        found.append((match.start(), TIMES.get(word) or SIGNS.get(word) or (thing if single or word == "감사" else f"{thing}s")))
    return found


def _further(text: str, *, single: bool) -> Iterator[tuple[int, str]]:
    """Things that only the glossary knows, where the words name none that is known here: 노드."""
    plain = QUOTED.sub(lambda m: "·" * len(m.group()), text)
    if ORDER.search(plain):
        return
    single = single or next(iter(_values(text)), None) is not None
    for word in words_in(plain):
        if word.kind == "things" and re.fullmatch("[a-z]{3,}", word.english) and word.english not in ("all", "every", "whole", "list"):
            yield word.start, word.english if single else f"{word.english}s"


def _values(text: str) -> list[tuple[int, str]]:
    """What is written in Latin letters, figures or quotation marks, with the little word that its particle stands for."""
    found = [(m.start(), m.group()) for m in QUOTED.finditer(text)]
    plain = QUOTED.sub(lambda m: " " * len(m.group()), text)
    for match in LATIN.finditer(plain):
        after = match["after"]
        bracketed = plain[: match.start()].endswith("(")
        mark = "to " if after.startswith(TO) else "in " if bracketed or after.startswith(IN) else ""
        found.append((match.start(), mark + match.group()))
    return found
