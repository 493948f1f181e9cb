"""Requests in Korean: which changes they ask for, whether they ask to read, and what things they name. Pure."""

import re
from collections.abc import Iterator
from typing import Literal

from tools.korean import words_in

Reading = Literal["asked", "not", "doubtful"]

# Nouns that become verbs with 하다; longer ones first where one holds the other.
DOING: dict[str, str] = {
    "잠금 해제": "unlock", "차단 해제": "unblock", "비활성화": "disable", "활성화": "enable", "재설정": "reset", "재시작": "restart",
    "생성": "create", "추가": "add", "등록": "register", "삭제": "delete", "제거": "remove", "수정": "update", "변경": "change",
    "업데이트": "update", "갱신": "update", "설정": "set", "취소": "cancel", "전송": "send", "발송": "send", "초대": "invite",
    "예약": "book", "주문": "order", "결제": "pay", "환불": "refund", "송금": "transfer", "이체": "transfer", "잠금": "lock",
    "차단": "block", "해제": "unlock", "이동": "move", "부여": "grant", "할당": "assign", "업로드": "upload", "저장": "save",
    "복사": "copy", "복제": "copy", "초기화": "reset", "시작": "start", "중지": "stop", "종료": "end", "승인": "approve",
    "거절": "reject", "게시": "publish", "공유": "share", "발급": "issue", "가입": "register", "탈퇴": "leave", "작성": "write",
    "교체": "replace", "실행": "run", "폐기": "revoke", "회수": "revoke", "배포": "deploy",
}  # fmt: skip
# Verbs in the forms that ask (or go on to something else that is asked).
VERBS: dict[str, str] = {
    "만들(?:어(?!진|졌)|고(?! ?있)|자|래)": "create", "지(?:워(?!진|졌)|우고|우자)": "delete", "바(?:꿔|꾸고|꾸자)": "change",
    "고(?:쳐|치고)": "fix", "보내(?:고|(?!진|졌|는|면|지|온))": "send", "옮(?:겨(?!진|졌)|기고)": "move",
    "잠(?:가 ?(?:줘|주)|궈|그고)": "lock", "올려 ?(?:줘|주)": "upload", "넣(?:어(?! ?있)|고)": "add", "빼 ?(?:줘|주|고)": "remove",
    "없애": "delete", "꺼 ?(?:줘|주)": "disable", "켜 ?(?:줘|주)": "enable", "풀어 ?(?:줘|주)": "unlock", "닫아 ?(?:줘|주)": "close",
    "늘려 ?(?:줘|주)": "update", "줄여 ?(?:줘|주)": "update", "써 ?(?:줘|주)": "write",
}  # fmt: skip
ASKED = re.compile(
    r"(?:을|를)? ?(?:좀 ?|다시 ?)?(?:해(?!도)|하고(?! ?있)|하세요|하십|하라|하자|할래|할게|한 ?(?:다음|뒤|후)|하여|하도록|하려고"
    r"|부탁|시켜|바랍|바라|요청|원해|줘|주세요)"
)
FORBIDDEN = re.compile(r"(?:을|를)? ?하지")
PART = re.compile(
    r"(?:을|를|이|가|의)? ?(?:하지 ?(?:마|말|않)|안 |된|되었|됐|되어|되는|한|했|하는|하면|하기|내역|이력|기록|목록|로그|현황|상태"
    r"|일자|일시|날짜|시간|방법|여부|권한|정보|사항|값|횟수|건수|할 수|도|해도|화|량|자|서)"
)
READS = re.compile(
    r"보여|조회|알려|찾아|검색|목록|확인|몇|누구|누가|무엇|뭐|뭔|무슨|언제|어디|어떤|어느|얼마|출력|가져와|가져다|있나|있어|있니|인가"
    r"|읽어|요약|비교|설명해|나열|리스트|궁금|보고 ?싶|보자|어떻게|방법|왜"
)
INFORMATION = re.compile(r"어떻게|방법|하는 법|왜 ")


def verbs_of(text: str) -> Iterator[tuple[str, Reading]]:
    """The changes a text (without its quoted parts) names, and whether it asks for each."""
    information = INFORMATION.search(text) is not None
    for noun, verb in DOING.items():
        pattern = re.compile(noun.replace(" ", " ?"))
        for match in pattern.finditer(text):
            reading = reading_of(text[match.end() : match.end() + 16])
            yield verb, "not" if information else reading
        text = pattern.sub(lambda found: "·" * len(found.group()), text)
    yield from ((verb, "not" if information else "asked") for form, verb in VERBS.items() if re.search(rf"(?:^|\s){form}", text))


def reading_of(rest: str) -> Reading:
    """By what follows the noun: 삭제해줘 asks, 삭제된 and 삭제 내역 do not, 삭제 alone may."""
    if ASKED.match(rest) and not FORBIDDEN.match(rest):
        return "asked"
    return "doubtful" if re.match(r"\s|$|[.!?]", rest) and not PART.match(rest) else "not"


def names_in(text: str) -> list[str]:
    """English for the things a text names, since most documents are in English."""
    return [name for word in words_in(text) if word.kind in ("things", "acts") for name in word.english.split()]
