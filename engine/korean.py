"""Requests in Korean: which changes they ask for, whether they ask to read, and what things they name. Pure."""

import re
from collections.abc import Iterator
from typing import Literal

from tools.korean import words_in

Reading = Literal["asked", "not", "doubtful"]

# Nouns that become verbs with 하다; longer ones first where one holds the other.
DOING: dict[str, str] = {
    "비활성화": "disable", "활성화": "enable", "재설정": "reset", "재시작": "restart",
    "생성": "create", "추가": "add", "등록": "register", "삭제": "delete", "제거": "remove", "수정": "update", "변경": "change",
    "업데이트": "update", "갱신": "update", "설정": "set", "취소": "cancel", "전송": "send", "발송": "send", "초대": "invite",
    "예약": "book", "주문": "order", "결제": "pay", "환불": "refund", "송금": "transfer", "이체": "transfer", "잠금": "lock",
    "차단": "block", "해제": "unlock", "이동": "move", "부여": "grant", "할당": "assign", "업로드": "upload", "저장": "save",
    "복사": "copy", "복제": "copy", "초기화": "reset", "시작": "start", "중지": "stop", "종료": "end", "승인": "approve",
    "거절": "reject", "게시": "publish", "공유": "share", "발급": "issue", "가입": "register", "탈퇴": "leave", "작성": "write",
    "교체": "replace", "실행": "run", "폐기": "revoke", "회수": "revoke", "배포": "deploy",
}  # fmt: skip
# What 해제 or 해지 makes of such a noun: 잠금을 해제, 예약 해지.
ENDED: dict[str, str] = {
    "잠금": "unlock", "차단": "unblock", "비활성화": "enable", "활성화": "disable", "등록": "remove", "예약": "cancel", "주문": "cancel",
    "결제": "cancel", "이체": "cancel", "설정": "remove", "공유": "remove", "할당": "unassign", "게시": "unpublish", "초대": "cancel",
    "중지": "resume", "가입": "leave", "부여": "revoke",
}  # fmt: skip
ENDING_IT = re.compile(rf"(?P<noun>{'|'.join(ENDED)})(?:을|를)? ?(?:해제|해지)")
# In the order in which they are cut out of a sentence; ENDING_IT says by its noun which verb it is.
NOUNS = ((ENDING_IT, ""), *((re.compile(noun), verb) for noun, verb in DOING.items()))
# Verbs in the forms that ask (or go on to something else that is asked).
VERBS: dict[str, str] = {
    "만들(?:어(?!진|졌)|고(?! ?있)|자|래)": "create", "지(?:워(?!진|졌)|우고|우자)": "delete", "바(?:꿔|꾸고|꾸자)": "change",
    "고(?:쳐|치고)": "fix", "보내(?:고|(?!진|졌|는|면|지|온))": "send", "옮(?:겨(?!진|졌)|기고)": "move",
    "잠(?:가 ?(?:줘|주)|궈|그고)": "lock", "올려 ?(?:줘|주)": "upload", "넣(?:어(?! ?있)|고)": "add", "빼 ?(?:줘|주|고)": "remove",
    "없애": "delete", "꺼 ?(?:줘|주)": "disable", "켜 ?(?:줘|주)": "enable", "풀어 ?(?:줘|주)": "unlock", "닫아 ?(?:줘|주)": "close",
    "늘려 ?(?:줘|주)": "update", "줄여 ?(?:줘|주)": "update", "써 ?(?:줘|주)": "write",
}  # fmt: skip
FORMS = tuple((re.compile(rf"(?:^|\s){form}"), verb) for form, verb in VERBS.items())
ASKED = re.compile(
    r"(?:을|를)? ?(?:좀 ?|다시 ?)?(?:해(?!도|제|지|결|외|당|임|약)|하고(?! ?있)|하세요|하십|하라|하자|할래|할게|한 ?(?:다음|뒤|후)|하여|하도록|하려고"
    r"|부탁|시켜|바랍|바라|요청|원해|줘|주세요)"
)
STOPS = re.compile(r"\s|$|[.!?]")
FORBIDDEN = re.compile(r"(?:을|를)? ?하지")
PART = re.compile(
    r"(?:을|를|이|가|의)? ?(?:하지 ?(?:마|말|않)|안 |된|되었|됐|되어|되는|한|했|하는|하면|하기|내역|이력|기록|목록|로그|현황|상태"
    r"|일자|일시|날짜|시간|방법|여부|권한|정보|사항|값|횟수|건수|할 수|도|해도|화|량|자|서)"
)
FORBIDS = re.compile(r"[가-힣]지\s?(?:는\s?)?(?:마(?![가-힣])|마세요|말아|말라|마요|마십|않)")
READS = re.compile(
    r"보여|조회|알려|찾아|검색|목록|확인|몇|누구|누가|무엇|뭐|뭔|무슨|언제|어디|어떤|어느|얼마|출력|가져와|가져다|있나|있어|있니|인가"
    r"|읽어|요약|비교|설명해|나열|리스트|궁금|보고 ?싶|보자|어떻게|방법|왜"
)
INFORMATION = re.compile(r"어떻게|방법|(?:하|끄|켜|는|우) ?는? 법|왜 |절차")
SENTENCES = re.compile(r"(?<=[.?!])\s+|\n+")
# 해 줘 and its politer forms; 해조 is how it is typed.
GIVING = r"(?:줘(?!서|도)|조(?![가-힣])|둬(?!서)|놔(?!서)|줄래|줄 ?수|주세|주시|주십|주실|주겠|주면|주길|달라(?!고))"
# What shows that somebody is asked to do something: 해 줘, 부탁, 하고 싶어, 했으면 해요, 하려고 해요.
REQUESTED = re.compile(
    rf"{GIVING}|부탁|바랍|바라요|고 ?싶(?!지|대|다고)|려고 ?(?:해|합|하는)|으면 ?(?:해|합|좋|하겠)|[하우꾸]자(?:\W|$)|요청(?:드|합)|할게|시켜"
)
# 하려고 했는데, 하고 싶지 않아, 하라고 했어: tried, not wanted, said by somebody else.
NOT_ASKED = re.compile(
    r"(?:을|를)? ?(?:좀 ?)?(?:하려고 ?했|하려다|하고 ?싶(?:지|대|다고)"
    r"|해 ?(?:뒀|놨|놓았|두었|봤|줬|줘서|주셔서|주셨|주신(?!다면)|준(?!다면)|버렸)|하라[고는]|하래|해 ?달라고|해야|할 ?필요|안 ?할|요청했)"
)
WONDERED = re.compile(r"(?:을|를)? ?(?:할까|해요(?![가-힣])|해도 ?(?:돼|되|될|괜찮))")
UNWANTED = re.compile(r" ?(?:싶(?:지|대|다고)|준|줘서|줬|주셔서|주신)")
WONDERED_OF = re.compile(r"도 ?(?:돼|되|될|괜찮)")
NOT_FORGOTTEN = re.compile(r"(?:을|를)? ?(?:하|내|보내|지우)는 ?(?:거|것)(?:을|를)? ?(?:잊지|까먹지) ?(?:마|말)")
GOES_ON = re.compile(r"(?:을|를)? ?(?:좀 ?|다시 ?)?(?:하고(?! ?싶)|한 ?(?:다음|뒤|후)|하여(?! ?주))")
NOUN = re.compile(
    rf"(?P<noun>[가-힣A-Za-z]{{1,12}}?)(?:을|를|만|도)? ?(?:좀 )?(?:(?:해|하여|시켜) ?{GIVING}|부탁|바랍"
    r"|하고 ?싶(?!지|대|다고)|하려고 ?(?:해|합)|했으면 ?(?:해|합|좋)|요청(?:드|합))"
)
NATIVE = re.compile(rf"(?P<verb>[가-힣]{{1,6}}) ?(?:좀 )?{GIVING}|(?P<wish>[가-힣]{{1,5}}[았었냈꿨웠겼렸쳤])으면 ?(?:해|합|좋)")
ENDING = re.compile(r"(?P<verb>[가-힣]{1,6})[^가-힣A-Za-z0-9?]*$")
READ_NOUNS = re.compile(
    r"(?:조회|확인|검색|설명|비교|요약|번역|추천|나열|정렬|계산|출력|안내|분석|리스트|list|show|말|대답|예측|추정|소개|체크|해석|진단|얘기|이야기|도움|공부)$"
)
READ_VERBS = re.compile(r"(?:보여|알려|찾아|읽어|세어|뽑아|가르쳐|말해|골라|가져와|가져다|들어|와|도와|봐|해|말아|통해)$")
TO_SEE = re.compile(
    r"보여|(?:list|show|check|search) ?해|알려(?! ?(?:드|줘서|주셔서|준|줬|주신))"
    r"|가르쳐|찾아|찾고 ?있|검색(?![된했])|조회(?![된했])|읽어|세어|뽑아|나열|출력|요약"
    r"|비교|설명해|추천|번역|정렬|계산|궁금|알고 ?싶|보고 ?싶|볼래|보자|리스트|말해 ?(?:줘|주)|확인(?![된했])|가져와|가져다"
)
WH = re.compile(r"몇|누구|누가(?!군)|무엇|뭐(?!라)|뭔(?!가)|무슨|언제(?!나|든|가)|어디(?!든|선가)|어떤|어느|얼마|왜|어떻게|어때|어떠")
# 해도 돼?, 할까?: the customer wonders. 제가 취소할 수 있을까요?: may be meant as a request.
UNDECIDED = re.compile(r"(?:까요?|도 ?(?:돼|되|될|괜찮)\S*|래요?)\W*$|(?:제가|내가|저도|나도) .{0,60}수 ?있")
WHETHER = re.compile(r"[어아여야요니나까지가냐해돼져와워려음데]\s*\?+\W*$|(?:나요|는지|는가요?|인가요?|ㄴ가요)\W*$")


def verbs_of(text: str) -> Iterator[tuple[str, Reading]]:
    """The changes a text (without its quoted parts) names, and whether it asks for each."""
    for sentence in SENTENCES.split(text):
        yield from known_verbs(sentence)


def known_verbs(text: str) -> Iterator[tuple[str, Reading]]:
    told = INFORMATION.search(text) is not None or (WH.search(text) is not None and not REQUESTED.search(text))
    sees = asks_to_see(text)
    for pattern, verb in NOUNS:
        for match in pattern.finditer(text):
            reading = reading_of(text[match.end() : match.end() + 160])
            yield verb or ENDED[match["noun"]], "not" if told or (sees and reading == "doubtful") else reading
        text = pattern.sub(lambda found: "·" * len(found.group()), text)
    for form, verb in FORMS:
        for match in form.finditer(text):
            wondered, unwanted = WONDERED_OF.match(text, match.end()), UNWANTED.match(text, match.end())
            yield verb, "not" if told or unwanted else "doubtful" if wondered else "asked"


def reading_of(rest: str) -> Reading:
    """By what follows the noun: 삭제해줘 asks, 삭제된 and 삭제 내역 do not, 삭제 alone may."""
    if NOT_FORGOTTEN.match(rest):
        return "asked"
    if WONDERED.match(rest):
        return "doubtful"
    if NOT_ASKED.match(rest) or (GOES_ON.match(rest) and not REQUESTED.search(rest)):
        return "not"
    if ASKED.match(rest[:16]) and not FORBIDDEN.match(rest):
        return "asked"
    return "doubtful" if STOPS.match(rest) and not PART.match(rest) else "not"


def further_verbs(text: str) -> Iterator[tuple[str, Reading]]:
    """Changes whose verb is in no table here, by the form that asks: 롤백해 줘, 미뤄 줘, 불 꺼. In English where the glossary knows it."""
    for sentence in SENTENCES.split(text):
        if INFORMATION.search(sentence):
            continue
        for found in NOUN.finditer(sentence):
            noun = found["noun"]
            if not READ_NOUNS.search(noun) and not noun.endswith(tuple(DOING)) and (len(noun) > 1 or noun.isascii()):
                yield english_of(noun), "asked"
        for found in NATIVE.finditer(sentence):
            verb = found["verb"] or found["wish"]
            if asking_form(verb) and not READ_VERBS.search(verb):
                yield english_of(verb), "asked"
        if (last := ENDING.search(sentence)) and (verb := verb_at_end(last["verb"])) and not WH.search(sentence):
            known = next((each for form, each in FORMS if form.match(last["verb"])), verb)  # 보내줘 holds 내 줘, "pay"
            yield known, "asked"


def english_of(word: str) -> str:
    """What the glossary says of the longest end of a word that is a verb; else the word itself."""
    if word.isascii():
        return word.lower()
    return verb_at_end(word) or next((each.english.split()[0] for each in words_in(word) if each.kind in ("acts", "deeds", "things")), word)


def verb_at_end(word: str) -> str:
    """꺼 in 불꺼."""
    for start in range(len(word)):
        for end in (word[start:], word[start:].removesuffix("아").removesuffix("어")):  # 꺼; 닫아
            known = list(words_in(end))
            if len(known) == 1 and known[0].kind == "verbs" and known[0].end == len(end) and asking_form(word):
                return known[0].english.split()[0]
    return ""


def asking_form(verb: str) -> bool:
    """Whether it ends as a verb before 줘 does: in 아, 어 or what they become, and in no consonant."""
    vowel, final = divmod((ord(verb[-1]) - ord("가")) % 588, 28)  # Unicode, 3.12
    return final != 0 if verb[-1] in "았었냈꿨웠겼렸쳤" else final == 0 and vowel in (0, 1, 4, 5, 6, 9, 10, 14)


def asks_to_read(text: str) -> bool:
    """Whether a sentence asks to be shown or told something; a question mark alone does not."""
    return any(asks_to_see(sentence) for sentence in SENTENCES.split(text))


def asks_to_see(sentence: str) -> bool:
    if TO_SEE.search(sentence):
        return True
    if len(sentence.split()) < 2:
        return False
    if WH.search(sentence):
        return True
    return UNDECIDED.search(sentence) is None and WHETHER.search(sentence) is not None


def only_forbids(text: str) -> bool:
    """user1 삭제하지 마: every change it speaks of is one that is not wanted."""
    asked = any(reading == "asked" for _, reading in (*verbs_of(text), *further_verbs(text)))
    return FORBIDS.search(text) is not None and not asked and not asks_to_read(text)


def names_in(text: str) -> list[str]:
    """English for the things a text names, since most documents are in English."""
    return [name for word in words_in(text) if word.kind in ("things", "acts") for name in word.english.split()]
