"""The verbs of requests and of operations, as tables: what asks to read, what asks for a change, and which verbs mean the same. Pure."""


def names(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# Verbs that can ask for the same operation. A verb may stand in several groups; sharing one is enough.
GROUPS: tuple[frozenset[str], ...] = tuple(
    names(group)
    for group in (
        "create add make register generate insert new post enroll open build submit onboard establish write draft compose put upload import issue log",
        "create book reserve schedule order buy purchase place post send invite",
        "update change set edit modify rename replace patch adjust correct alter move assign reassign switch save configure promote demote fix extend put mark reset",
        "delete remove erase destroy drop clear purge discard wipe unassign detach cancel revoke terminate end kill close disconnect uninstall kick leave unlink",
        "send email message text notify forward post reply share invite dispatch write",
        "pay charge transfer wire deposit send refund",
        "buy purchase order book reserve",
        "assign grant give add set promote attach link put tag label",
        "enable activate unlock unblock resume turn start restore switch",
        "disable deactivate lock block suspend pause turn stop end archive ban mute switch",
        "start run execute trigger launch play restart reboot deploy sync",
        "cancel stop end close terminate revoke reject decline withdraw",
        "copy clone duplicate fork create",
        "reset change update rotate renew",
        "comment note reply post add",
        "apply request submit confirm approve accept",
        "follow subscribe join enroll register star like vote rate",
        "unfollow unsubscribe leave unstar remove",
        "reschedule move update change",
        "publish release deploy unarchive",
        "unpublish archive hide",
        "merge convert ship retry expire hire fire report sign connect sell trade",
    )
)
CHANGING = frozenset[str]().union(*GROUPS) - names("hide request")
DELETING = names("delete remove erase destroy drop clear purge discard wipe uninstall")
# Also nouns, adjectives or parts of a question: they ask for something only where a verb stands.
AMBIGUOUS = names(
    "update change set edit order book post open move start stop end close play pause run share pay charge star text message email call release log sign mark",
    "report rate vote comment note label tag link like sync transfer schedule reset import upload copy clone build new draft put place issue fix patch fork",
    "block lock switch fire hire ship ban trade wire deposit reply forward trigger purchase buy invite drop leave approve sell give execute expire",
    "clear correct save extend promote refund restore turn reserve convert insert duplicate cancel write compose generate make launch apply confirm",
)
READ = names(
    "show list get find fetch display view see look search check count read describe summarise summarize compare explain retrieve browse print download lookup",
    "identify determine calculate compute know tell query inspect review examine enumerate export estimate recommend suggest monitor verify validate",
)
QUESTION = names("who what which when where whose whom why how")
STATIVE = names("is are was were does did has any there")
# What a POST may also be: an operation whose own name says that it reads.
READING = READ | names("preview filter evaluate predict analyze analyse detect translate simulate ping parse quote ask")

NEGATIONS = names("don't dont not never without cannot can't cant won't doesn't didn't isn't shouldn't avoid instead")
NEGATIONS_UNDONE = names("forget fail hesitate only")
DETERMINERS = names(
    "the a an last latest recent my your our their his its this that any all each every of new first no next which what some these those pending by for in on",
    "with per from at as previous current",
)
FILLERS = names(
    "please kindly just now also then and but so ok okay hey hi hello well yes no sure thanks first next finally afterwards quickly immediately can could would",
    "will you we i i'd i'll want need wish have to let's lets let us help me go ahead try trying be am i'm we'd we'll like must should would sure or after that",
    "additionally moreover furthermore therefore plus simply maybe perhaps proceed again actually only",
)
LEADS_TO = names(
    "want wants wanted need needs like love wish have has try trying going you please remember forget sure ask us me ahead begin start continue proceed time plan",
    "planning intend prefer ready hope able",
)
COMPOUNDS = names("history status list log logs details detail info information count id ids number date time type name report overview summary stats statistics of for")
PRONOUNS = names("it him her them those these that this one ones same his their its they again both")

# Korean: a noun that becomes a verb with 하다, and its verb; what a native verb looks like when it asks.
KOREAN_NOUNS_THAT_DO: dict[str, str] = {
    "잠금 해제": "unlock", "차단 해제": "unblock", "비활성화": "disable", "활성화": "enable", "재설정": "reset", "재시작": "restart", "생성": "create", "추가": "add",
    "등록": "register", "삭제": "delete", "제거": "remove", "수정": "update", "변경": "change", "업데이트": "update", "갱신": "update", "설정": "set", "취소": "cancel",
    "전송": "send", "발송": "send", "초대": "invite", "예약": "book", "주문": "order", "결제": "pay", "환불": "refund", "송금": "transfer", "이체": "transfer",
    "잠금": "lock", "차단": "block", "해제": "unlock", "이동": "move", "부여": "grant", "할당": "assign", "업로드": "upload", "저장": "save", "복사": "copy",
    "복제": "copy", "초기화": "reset", "시작": "start", "중지": "stop", "종료": "end", "승인": "approve", "거절": "reject", "게시": "publish", "공유": "share",
    "발급": "issue", "가입": "register", "탈퇴": "leave", "작성": "write", "교체": "replace", "실행": "run", "폐기": "revoke", "회수": "revoke", "배포": "deploy",
}  # fmt: skip
KOREAN_VERBS: dict[str, str] = {
    "만들(?:어(?!진|졌)|고(?! ?있)|자|래)": "create", "지(?:워(?!진|졌)|우고|우자)": "delete", "바(?:꿔|꾸고|꾸자)": "change", "고(?:쳐|치고)": "fix",
    "보내(?:(?!진|졌|는|면|지|온)|고)": "send", "옮(?:겨(?!진|졌)|기고)": "move", "잠(?:가 ?(?:줘|주)|궈|그고)": "lock", "올려 ?(?:줘|주)": "upload",
    "넣(?:어(?! ?있)|고)": "add", "빼 ?(?:줘|주|고)": "remove", "없애": "delete", "꺼 ?(?:줘|주)": "disable", "켜 ?(?:줘|주)": "enable", "풀어 ?(?:줘|주)": "unlock",
    "닫아 ?(?:줘|주)": "close", "늘려 ?(?:줘|주)": "update", "줄여 ?(?:줘|주)": "update", "써 ?(?:줘|주)": "write",
}  # fmt: skip
KOREAN_ASKED = (
    r"(?:을|를)? ?(?:좀 ?|다시 ?)?(?:해(?!도)|하고(?! ?있)|하세요|하십|하라|하자|할래|할게|한 ?(?:다음|뒤|후)|하여|하도록|하려고|부탁|시켜|바랍|바라|요청|원해|줘|주세요)"
)
KOREAN_NOT = (
    r"(?:을|를|이|가|의)? ?(?:하지 ?(?:마|말|않)|안 |된|되었|됐|되어|되는|한|했|하는|하면|하기|내역|이력|기록|목록|로그|현황|상태|일자|일시|날짜|시간|방법|여부|권한|정보|사항|값|횟수|건수)"
)
KOREAN_READ = (
    "보여|조회|알려|찾아|검색|목록|확인|몇|누구|누가|무엇|뭐|뭔|무슨|언제|어디|어떤|어느|얼마|출력|가져와|가져다|있나|있어|있니|인가|읽어|요약|비교|설명해|나열|리스트|궁금|보고 ?싶|보자|어떻게|방법|왜"
)
KOREAN_NAMES: dict[str, str] = {
    "사용자": "user", "유저": "user", "회원": "user member", "그룹": "group", "계정": "account", "비밀번호": "password", "이메일": "email", "메일": "email mail",
    "주문": "order", "로그": "log", "감사": "audit", "세션": "session", "예약": "reservation booking", "회의": "meeting event", "일정": "event schedule",
    "파일": "file", "메시지": "message", "역할": "role", "권한": "permission", "프로젝트": "project", "이슈": "issue", "댓글": "comment", "고객": "customer",
    "상품": "product item", "제품": "product", "결제": "payment", "환불": "refund", "금고": "safe", "멤버": "member", "구성원": "member", "팀": "team",
    "문서": "document", "폴더": "folder", "채널": "channel", "방": "room", "호텔": "hotel", "항공": "flight", "펫": "pet", "반려동물": "pet", "저장소": "repository",
    "송장": "invoice", "청구": "invoice", "구독": "subscription", "쿠폰": "coupon", "작업": "task job", "할 일": "task todo", "알림": "notification alert", "테이블": "table",
    "티켓": "ticket", "노트": "note", "이름": "name", "설명": "description", "게시물": "post", "글": "post", "사진": "photo image",
}  # fmt: skip
COPY = (
    r"\bthe same\b|\bsame as\b|\bcop(?:y|ies|ied|ying)\b|\bclon(?:e|ing)\b|\bduplicat\w*|\bidentical\b|\bbased on\b|\bjust like\b|\blike\s+\S+\s*(?:'s)?$|\bmirror"
    r"|\b(?:those|these|that|this|his|her|their|its|'s)\s+(?:\w+\s+){0,2}(?:details?|data|values?|settings?|attributes?|propert(?:y|ies)|information|info|fields?|profile|record|address|email|phone|role|roles|permissions?)\b"
    r"|\bwith (?:those|these|them|that)\b|\blike (?:user|that|this|him|her|it)\w*|\bfrom (?:his|her|their|its|that|this|\w+'s)\b|그대로|같은|복사|복제|동일|똑같|(?:그|이|해당|저) ?(?:정보|내용|값|세부)"
)
WRITE = (
    r"\bwrit(?:e|es|ing)\b|\bcompos|\bdraft|\bdescri(?:be|bing|ption)\b|\bsummar|\bsay(?:s|ing)?\b|\btell(?:s|ing)?\b|\bexplain|\bmention|\bremind|\bthank|\binvit|\bapologi"
    r"|\bcongratulat|\btranslat|\bphrase|\bgenerate\b|\bcome up with\b|\bmake up\b|\binform|\bnotify|\bmessage\b|\bnote\b|\babout\b|\bannounc|\basking\b|\bsuitable\b|\bappropriate\b"
    r"|작성|써|쓰고|적어|설명|알려|전해|요약|소개|안내|메시지|문구"
)
SEVERAL = (
    r"\b(?:all|each|every|both|several|many|multiple|these|those|them|two|three|four|five|six|seven|eight|nine|ten|\d+)\b|,|\band\b|모두|모든|전부|각각|각|여러|둘|두|세|들"
)
