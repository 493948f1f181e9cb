"""How Korean writes what the reading of a sentence looks for: particles, numbers with counters, verbs that read, endings. Patterns only."""

import re
from typing import Literal

from engine.korean_words import BOUNDS, COUNTED

Role = Literal["", "of", "to", "toward", "from", "at", "than", "object", "topic", "subject", "and", "called", "is"]
ROLES: tuple[tuple[Role, str], ...] = (
    ("called", r"이?라는|이?라고(?: ?하는)?|이?란"), ("to", "에게서?|한테서?|께"), ("from", "에서(?:는|만)?|부터"), ("toward",
    "으로(?:만|는)?|로(?:만|는)?"),
    ("at", "에(?:는|만|도)?"), ("of", "의"), ("than", "보다"), ("object", "[을를]"), ("topic", "[은는]|만(?:은)?|도"), ("subject", "[이가]"),
    ("is", r"이?고|이?며|인데요?|인|이야|야|이에요|예요|입니다|이요|요|이구요|까지"), ("and", "와|과|이?랑|하고"),
)  # fmt: skip
TAIL = re.compile(
    r"(?:들)?(?:님|씨|군|양)?(?: ?번호)?(?:별)?(?:"
    + "|".join(rf"(?P<{role}>{form})" for role, form in ROLES)
    + r")?(?:요|만|도)?(?![가-힣A-Za-z0-9])"
)
# A particle may follow the closing mark: '배송 누락'으로.
QUOTED = re.compile(r"(?<![A-Za-z0-9])'[^'\n]+'(?![A-Za-z0-9])|\"[^\"\n]+\"|“[^”\n]+”|‘[^’\n]+’|「[^」\n]+」|『[^』\n]+』|《[^》\n]+》|`[^`\n]+`")
WORD = re.compile(r"[^\s,.!?;:()\[\]“”\"'~…·]+(?:[.@:/+'_-][^\s,.!?;()\[\]“”\"'~…·]+)*")
LATIN = re.compile(r"[A-Za-z0-9#+](?:[\w.@:/+#%&-]*[A-Za-z0-9%])?", re.ASCII)
_DIGITS = r"\d[\d,]*(?:\.\d+)?"
_SCALED = rf"{_DIGITS}\s?[억만천백]+(?:\s?{_DIGITS}\s?[억만천백]+|\s?\d{{1,4}}(?=\s?원))*"
_NATIVE = r"스물(?:하나|한|두|세|네|다섯)?|스무|서른|마흔|쉰|열[한두세네]?|하나|둘|셋|넷|한|두|세|네|다섯|여섯|일곱|여덟|아홉"
_UNITS = "|".join(sorted({*COUNTED, "번", "호"}, key=len, reverse=True))
NUMBER = re.compile(
    rf"(?<![\w가-힣.-])(?:(?P<sino>(?:[일이삼사오육칠팔구]?[십백천만억])+[일이삼사오육칠팔구]?)\s?(?P<u1>원|명|개|건|달러|퍼센트)"
    rf"|(?P<digits>{_SCALED}|{_DIGITS})\s?(?P<u2>{_UNITS})?|(?P<native>{_NATIVE})(?P<u3>\s?(?:개|명|분|사람|장|권|병|잔|판|벌|대|건|박|시간|살)|(?<=하나|다섯|여섯|일곱|여덟|아홉)(?=[\s,.]|$)|(?<=[둘셋넷])(?=[\s,.]|$)))"
    rf"(?:씩|쯤|정도|짜리)?(?:\s?(?P<bound>{'|'.join(BOUNDS)}))?"
)
READS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(form), english)
    for form, english in (
        ("검색", "search"), ("찾(?:아|고|을|기|습)", "find"), ("추천", "recommend"), ("번역", "translate"), ("요약", "summarize"), ("비교",
        "compare"),
        ("설명(?=해|좀| )", "explain"), ("계산", "calculate"), ("다운로드|다운받", "download"),
        (r"보여|알려|조회|확인|열람|읽어|뽑아|골라|추려|가르쳐|궁금|볼(?:래|까|수| 수|게)|보(?:고|자|기|여)(?:\s?싶)?", "show"),
        ("나열|출력|체크해|목록|리스트|명단|파악|가져와", "show"),
    )
)  # fmt: skip
MANY = re.compile(
    r"(?:총\s?)?몇\s?(?:명|개|건|분|대|권|장|곳|편|원|시|살|점)[가-힣]*|얼마나\s?많[가-힣]*|개수[가-힣]*|(?<=\s)수(?:[를는가](?=\s)|(?=\s?(?:보여|알려|좀)|$))"
)
WITH = re.compile(r"(?:해서|하여|해)(?![가-힣])")
ABOUT = re.compile(r"(?:에\s?)?(?:관련된?|관한|대한|대해)")
LEFT_OUT = re.compile(r"\s?(?:[을를은는]\s?)?(?:제외(?:하고|한)|빼고|말고)")
# A verb or an adjective in one of its endings: nobody is called so.
ENDING = re.compile(
    r".*(?:[했됐었았였렸겠왔갔봤났졌꼈겼켰]\S*|습니다|[합입됩]니다|[아어여해와줘돼]요|세요|나요|까요|는데요?|은데요?|지만|니까|려고|으면|하면|네요|군요|거든요?|다고|다면|면서|"
    r"[하되]는|하지|말고|마세요|는지|[해어아]서|[가-힣]{2,}(?:[된되]|시킨|하는|하던)|길래|할게|하게|[하되]고|싶\S*|같\S*|없\S*|있\S*|\S*[^가-힣]?줘요?|해|돼|이?야|[나까]요|줄래요?|줄까요?|주실래?요?|주시\S*|달래|달라\S*)$"
)
RELATIONS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(form), fields)
    for form, fields in (
        ("(?:소유|보유)(?:한|하|중)", ("owner", "owned")), ("(?:담당|관리)(?:한|하|중)|맡[은고]", ("assignee", "owner", "agent", "manager",
        "responsible")),
        ("(?:작성|게시)(?:한|하)|[쓴올린]+$", ("author", "creator", "reporter", "by")), ("속[한해]|소속[된인]?", ("member", "group", "team",
        "department")),
        ("(?:배정|할당|지정|위임)된", ("assignee", "owner", "agent", "user")), ("(?:요청|신청|신고)한", ("requester", "reporter", "author")),
    )
)  # fmt: skip
DONE = {
    "바꾼": "바꿔", "지운": "지워", "만든": "만들어", "보낸": "보내", "옮긴": "옮겨", "잠근": "잠가", "넣은": "넣어", "뺀": "빼", "닫은": "닫아",
    "올린": "올려", "고친": "고쳐", "푼": "풀어", "끈": "꺼", "켠": "켜", "남긴": "남겨", "끝낸": "끝내",
}  # fmt: skip
GOES_ON = re.compile(r"[가-힣]{0,4}?(?:고(?!\s?싶)(?:\s?나서)?|[ㄴ]?\s?(?:다음|뒤|후)에?|한\s?(?:다음|뒤|후)(?:에)?|해서|고서)(?=[\s,]|$)")
CARRIED = re.compile(r"(?:하|시키|해)(?:고|여|서|며|기만|기)|하고|\s?처리|시켜|좀\s?해|으로\s?처리|하면\s?(?:돼(?!\?)|됩니다|좋)|요\W*$")
PLAIN_END = re.compile(r"(?:[을를은는이가의]|된|되[는어고]|한|하[는던며면]|당한|했|됐|중|시킨|할)?[가-힣]{0,3}(?![가-힣])")
