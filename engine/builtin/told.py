"""Sentences of the built-in model in both languages: English, and the same in Korean beside it, for customers who are answered in that. Pure."""

from collections.abc import Iterable, Mapping
from typing import Self

from engine.korean_words import name_in_korean
from engine.phrases import Particled

ENGLISH: Mapping[str, str] = {
    "what_to_change": "What should be changed, and to what?",
    "which_operation": "Which of these is meant?",
    "nothing_changed": "Nothing was changed.",
    "nothing_done": "Nothing was done.",
    "nothing_to_undo": "There is nothing that can be undone here.",
    "not_in_words": "Please do not write a secret here: ask for what it is needed for, and there will be a field that keeps it hidden.",
    "no_other": "There is no other one.",
    "also_needed": "{names} is needed, too.",
    "all_needed": "{names} are needed, too.",
    "which_one": "Which {thing} is meant?",
    "one": "one",
    "a_record": "record",
    "left_one": "{count} more {thing} was left: say it again to go on with it.",
    "left": "{count} more {thing} were left: say it again to go on with them.",
    "stopped": "All right. Nothing more is done.",
    "thanks": "You are welcome.",
    "filtered": "Found {count} {thing} {where}.",
    "first": "Here is the {thing}: {label}.",
    "first_unnamed": "Here is the {thing}.",
    "some": "Here are {count} {thing}.",
    "there_is": "There is {count}.",
    "there_are": "There are {count}.",
    "cannot_show": "This cannot be shown.",
    "here": "Here it is.",
    "none": "There is none.",
    "them": "Here are {count} of them.",
    "changed": "{verb} {label}.",
    "file": "Here is the file {file}.",
    "counted_one": "There is {count} {thing}.",
    "counted": "There are {count} {thing}.",
    "found_none": "Found no {thing}{filters}.",
    "found": "Found {count} {thing}{filters}.",
    "value": "The {name} of {label} is {value}.",
    "record": "Here is {label}.",
    "unknown": "It is not known whether this was carried out.",
    "not_done": "This was not done.",
    "not_done_why": "This was not done: {why}.",
    "may_be": "{question} It may be: {names}.",
    "time_unused": "This cannot be narrowed by a time, so {phrase} was left out.",
    "words_unused": "This list cannot be narrowed by {said}, so that was left out.",
    "what_is": "What is {name}?",
    "one_at_a_time": "This can only be done for one {thing} at a time. Which {thing} is meant?",
    "several_called": "Several are called {said}. Which {thing} is meant?",
    "none_called": "There is no {thing} called {said}.",
    "only_here": "I can only help with {product}.{examples}",
    "hello": "Hello. Say what you want done in {product}, in your own words.{examples}",
    "about": "I look things up and change them in {product}, and ask before I change anything.{examples}",
    "examples": " For example: {names}.",
    "this_product": "this product",
    "refused": "the product refused it",
    "kind": "Kind",
    "meant": "What is meant",
    "detail": "What to change",
    "new_value": "New value",
}
KOREAN: Mapping[str, str] = {
    "what_to_change": "무엇을 어떻게 바꿀까요?",
    "which_operation": "다음 중 어느 것인가요?",
    "nothing_changed": "아무것도 바꾸지 않았습니다.",
    "nothing_done": "아무것도 하지 않았습니다.",
    "nothing_to_undo": "여기에서 되돌릴 수 있는 것이 없습니다.",
    "not_in_words": "비밀 값은 여기에 적지 말아 주세요. 필요한 작업을 요청하시면 숨김 입력란이 나타납니다.",
    "no_other": "다른 것은 없습니다.",
    "also_needed": "{names}도 필요합니다.",
    "all_needed": "{names}도 필요합니다.",
    "which_one": "어느 {thing}인가요?",
    "one": "것",
    "a_record": "항목",
    "left_one": "{thing} {count:이} 남았습니다. 계속하려면 다시 말씀해 주세요.",
    "left": "{thing} {count:이} 남았습니다. 계속하려면 다시 말씀해 주세요.",
    "stopped": "네, 더 이상 진행하지 않겠습니다.",
    "thanks": "천만에요.",
    "filtered": "{where} {thing:은} {count}입니다.",
    "first": "{thing} {label}입니다.",
    "first_unnamed": "해당 {thing}입니다.",
    "some": "{thing} {count}입니다.",
    "there_is": "모두 {count}건입니다.",
    "there_are": "모두 {count}건입니다.",
    "cannot_show": "이 결과는 표시할 수 없습니다.",
    "here": "결과입니다.",
    "none": "해당하는 것이 없습니다.",
    "them": "그중 {count}건입니다.",
    "changed": "{label:을} {verb}.",
    "file": "파일 {file}입니다.",
    "counted_one": "{thing:은} 모두 {count}입니다.",
    "counted": "{thing:은} 모두 {count}입니다.",
    "found_none": "{filters}{thing:을} 찾지 못했습니다.",
    "found": "{filters}{thing} {count:을} 찾았습니다.",
    "value": "{label}의 {name:은} {value}입니다.",
    "record": "{label}입니다.",
    "unknown": "처리되었는지 알 수 없습니다.",
    "not_done": "하지 않았습니다.",
    "not_done_why": "하지 못했습니다: {why}.",
    "may_be": "{question} 바꿀 수 있는 항목: {names}.",
    "time_unused": "기간으로는 좁힐 수 없어 “{phrase}” 조건은 적용하지 않았습니다.",
    "words_unused": "이 목록에는 {said} 조건을 적용할 수 없어 제외했습니다.",
    "what_is": "{name:은} 무엇인가요?",
    "one_at_a_time": "한 번에 {thing} 하나씩만 할 수 있습니다. 어느 {thing}인가요?",
    "several_called": "{said:이라}는 이름이 여럿입니다. 어느 {thing}인가요?",
    "none_called": "{said:이라}는 {thing:이} 없습니다.",
    "only_here": "{product} 안에서 할 수 있는 일만 도와드립니다.{examples}",
    "hello": "안녕하세요. {product}에서 하고 싶은 일을 편하게 말씀해 주세요.{examples}",
    "about": "{product}의 정보를 찾아 드리고 변경도 해 드립니다. 변경하기 전에는 먼저 여쭤봅니다.{examples}",
    "examples": " 예: {names}.",
    "this_product": "이 제품",
    "refused": "제품이 거절했습니다",
    "kind": "종류",
    "meant": "원하시는 작업",
    "detail": "바꿀 항목",
    "new_value": "새 값",
}
# What was done, by the operation's own verb; another verb of the same meaning is said the same way.
DONE_KOREAN = {
    "create": "만들었습니다", "add": "추가했습니다", "register": "등록했습니다", "update": "변경했습니다", "change": "변경했습니다",
    "set": "설정했습니다",
    "delete": "삭제했습니다", "remove": "제거했습니다", "lock": "잠갔습니다", "unlock": "잠금 해제했습니다", "block": "차단했습니다",
    "unblock": "차단 해제했습니다", "cancel": "취소했습니다", "send": "보냈습니다", "end": "종료했습니다", "close": "닫았습니다",
    "stop": "중지했습니다",
    "start": "시작했습니다", "enable": "활성화했습니다", "disable": "비활성화했습니다", "reset": "초기화했습니다", "assign": "할당했습니다",
    "approve": "승인했습니다", "reject": "거절했습니다", "refund": "환불했습니다", "pay": "결제했습니다", "invite": "초대했습니다",
    "book": "예약했습니다",
    "reserve": "예약했습니다", "order": "주문했습니다", "place": "주문했습니다", "transfer": "이체했습니다", "rotate": "교체했습니다",
    "replace": "교체했습니다", "move": "이동했습니다", "share": "공유했습니다", "publish": "게시했습니다", "grant": "부여했습니다",
    "revoke": "회수했습니다", "copy": "복사했습니다", "upload": "업로드했습니다", "save": "저장했습니다", "run": "실행했습니다",
    "deploy": "배포했습니다",
    "restart": "재시작했습니다", "issue": "발급했습니다",
}  # fmt: skip
PERSONS = frozenset({"사용자", "회원", "멤버", "고객", "직원", "상담원", "환자", "학생", "사람"})


class Told(str):
    """A sentence in English, with the same in Korean beside it."""

    __slots__ = ("korean",)
    korean: str

    def __new__(cls, english: str, korean: str) -> Self:
        made = super().__new__(cls, english)
        made.korean = korean
        return made


def told(key: str, **values: object) -> Told:
    """Values that are `Told` themselves stand in each language as that has them."""
    korean = {name: Particled(in_korean(value)) if isinstance(value, str) else value for name, value in values.items()}
    return Told(ENGLISH[key].format(**values), KOREAN[key].format(**korean))


def in_korean(text: str) -> str:
    return text.korean if isinstance(text, Told) else text


def joined(texts: Iterable[str], between: str = " ", korean: str | None = None) -> Told:
    found = list(texts)
    return Told(between.join(found).strip(), (korean if korean is not None else between).join(map(in_korean, found)).strip())


def thing(english: str, nouns: Iterable[str]) -> Told:
    """audit logs: 감사 로그. What no table knows keeps the document's own word."""
    whole = name_in_korean(english)
    return Told(english, whole if whole != english else " ".join(map(name_in_korean, nouns)) or english)


def named(english: str) -> Told:
    """The name of a field: price, 가격."""
    return Told(english, name_in_korean(english))


def counted(count: int, of: Told) -> Told:
    """3, 세 명: with what things of that kind are counted in."""
    return Told(str(count), f"{count}{'명' if of.korean.rpartition(' ')[2] in PERSONS else '건'}")
