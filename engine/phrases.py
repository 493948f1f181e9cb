"""What the engine says to customers in its own words: English, and Korean for sessions whose locale asks for it. Pure."""

import re
from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "said_only_to_read": "Your words ask only to see or to know something, so I did not {do}. If you want it done, ask me to do it.",
    "data_asked": "What I read asked me to {do}. I did not do that, because you did not ask for it. If you want it, say so in your own words.",
    "data_speaks": "Something that I read gives instructions to an assistant. It counts as data only: nothing is done because of it.",
    "not_asked": "I did not {do}: your words do not ask for it. If you want it, say so in your own words.",
    "switched_off": "{name} is switched off here.",
    "unsupported": "{name}: this is what your words ask for, but it needs a kind of request that cannot be sent from here yet. Nothing was sent.",
    "too_many": "I stopped after {count} calls in one turn.",
    "not_clean": "{label} cannot be used: {why}.",
    "need": "I need {fields}{purpose}.",
    "purpose": " for: {summary}",
    "wrong": "{label}: {why}",
    "typed_secret": "Please type secrets into hidden fields only: what looked like one in your message was masked and not kept.",
    "go_ahead": "{summary}: shall I send this?",
    "not_signed_in": "you did not sign in",
    "sign_in": "Please sign in to {title}. What you asked for goes on where it stopped.",
    "idea": "This step was the assistant's idea: your words do not ask for it.",
    "unclear_whether": "Your words do not say clearly that something is to be changed.",
    "unclear_what": "Your words do not name what this is about, so please look whether this is meant.",
    "rule": "{field} {is_so}: your team asks for a yes.",
    "rule_>": "is more than {value}",
    "rule_>=": "is {value} or more",
    "rule_<": "is less than {value}",
    "rule_<=": "is {value} or less",
    "rule_=": "is {value}",
    "rule_!=": "is not {value}",
    "rule_in": "is one of {value}",
    "rule_matches": "has a form that is to be looked at ({value})",
    "rule_missing": "is not given",
    "rule_incomparable": "cannot be compared with {value}",
    "first_try": "The product refused the first try: {why}",
    "left_out_now": "Left out now: {names}.",
    "changed_since": "The request is not the one you said yes to, so please look at it again.",
    "needs_a_press": "A typed yes approves nothing, whoever wrote it. The request is still open: press Approve or Decline on it.",
    "needs_the_field": "If this is the secret that was asked for, type it into the hidden field. Nothing of this message was kept.",
    "too_late": "The yes came too late, so please look at it again.",
    "refusal": "I can't help with that here. I work with {title}, and only with what it can do{services}.",
    "forbidden": "I did nothing.",
    "thanks": "You are welcome.",
    "stopped": "All right. Nothing more is done.",
    "welcome": "Hello. I work with {title}{services}. Say what you want to see or to have done, in your own words.",
    "services": ": {names}",
    "done": "Done: {summary}{what}.",
    "accepted": "The product has accepted this and works on it still: {summary}{what}.",
    "found_rows": "Found {rows} {noun}.",
    "found_part": "Found {total} {noun}; {rows} of them were read.",
    "found_none": "Found no {noun}.",
    "here_is": "Here is {label}.",
    "rejected": "Not done: {summary}{what}. The product refused it{why}.",
    "not_executed": "Not done: {summary}{what}{why}.",
    "unknown": "I sent the request for “{summary}{what}” but cannot know whether it took effect. Look before you try it again.",
    "declined": "Not done: {summary}{what}, as you declined.",
    "refused": "Not done: {summary}{what}.",
    "left_open": "Left undone: {names}. Nothing of it was sent.",
    "not_yet": "Not done yet: {names}. Nothing of it was sent.",
    "times": "{text} ({count} times)",
    "limit": "I stopped here, because the limit of {limit} for one turn was reached.",
    "limit_today": "I stopped here, because the limit of {limit} for today was reached.",
    "price": "I stopped here, because money is limited here and the price of the language model is not known.",
    "nothing": "I could not get this done.",
    "cannot_ask": "I need more from you for this, but could not ask for it. Please say it again with all that belongs to it.",
    "because": ": {why}",
    "and": " and ",
    "or": " or ",
    "undo": "To take back what was done, say {words}.",
    "undo_all": "Undo that",
    "no_undo": "Nothing that was done lately can be taken back here.",
}
KOREAN: Mapping[str, str] = {
    "said_only_to_read": "조회 요청이나 문의로 보여 “{do}” 작업은 하지 않았습니다. 실행을 원하시면 해 달라고 말씀해 주세요.",
    "data_asked": "읽은 데이터에 “{do}” 요청이 들어 있었지만, 고객님이 요청하신 것이 아니므로 하지 않았습니다. 원하시면 직접 말씀해 주세요.",
    "data_speaks": "읽은 데이터에 도우미에게 지시하는 내용이 들어 있습니다. 데이터로만 다루며, 그 지시에 따라 하는 일은 없습니다.",
    "not_asked": "“{do}” 작업은 요청하지 않으셨으므로 하지 않았습니다. 원하시면 직접 말씀해 주세요.",
    "switched_off": "{name} 작업은 여기에서 꺼져 있습니다.",
    "unsupported": "{name}: 요청하신 작업이지만 아직 여기에서 보낼 수 없는 형식입니다. 아무것도 보내지 않았습니다.",
    "too_many": "한 번에 {count}건의 호출에 도달하여 멈췄습니다.",
    "not_clean": "{label} 값을 사용할 수 없습니다: {why}.",
    "need": "다음 값이 필요합니다{purpose}: {fields}.",
    "purpose": " ({summary})",
    "wrong": "{label}: {why}",
    "typed_secret": "비밀 값은 숨김 입력란에만 입력해 주세요. 메시지에서 비밀 값으로 보이는 부분은 가리고 저장하지 않았습니다.",
    "go_ahead": "{summary}: 이대로 보낼까요?",
    "not_signed_in": "로그인하지 않으셨습니다",
    "sign_in": "{title}에 로그인해 주세요. 요청하신 작업은 멈춘 곳에서 이어집니다.",
    "idea": "이 단계는 도우미가 제안한 것입니다. 말씀하신 내용에는 없습니다.",
    "unclear_whether": "변경을 원하시는지 말씀만으로는 분명하지 않습니다.",
    "unclear_what": "말씀만으로는 대상이 분명하지 않으니, 이것이 맞는지 확인해 주세요.",
    "rule": "{field}: {is_so}. 담당 팀에서 승인을 요청하도록 정했습니다.",
    "rule_>": "{value} 초과",
    "rule_>=": "{value} 이상",
    "rule_<": "{value} 미만",
    "rule_<=": "{value} 이하",
    "rule_=": "값이 {value}",
    "rule_!=": "{value} 아님",
    "rule_in": "다음 중 하나 ({value})",
    "rule_matches": "확인이 필요한 형식 ({value})",
    "rule_missing": "값이 주어지지 않음",
    "rule_incomparable": "{value:과} 비교할 수 없는 값",
    "first_try": "제품이 첫 번째 시도를 거절했습니다: {why}",
    "left_out_now": "이번에는 제외된 항목: {names}.",
    "changed_since": "승인하신 요청과 달라졌으니 다시 확인해 주세요.",
    "needs_a_press": "입력한 글로는 승인되지 않습니다. 요청은 아직 열려 있으니 승인 또는 거절 버튼을 눌러 주세요.",
    "needs_the_field": "요청한 비밀 값이라면 숨김 입력란에 입력해 주세요. 이 메시지는 저장하지 않았습니다.",
    "too_late": "승인 시간이 지났으니 다시 확인해 주세요.",
    "refusal": "여기에서는 도와드릴 수 없는 요청입니다. 저는 {title}에서 할 수 있는 일만 도와드립니다{services}.",
    "forbidden": "아무것도 하지 않았습니다.",
    "thanks": "천만에요.",
    "stopped": "네, 더 이상 진행하지 않겠습니다.",
    "welcome": "안녕하세요. {title} 업무를 도와드립니다{services}. 보고 싶은 것이나 하고 싶은 일을 편하게 말씀해 주세요.",
    "services": ": {names}",
    "done": "완료: {summary}{what}.",
    "accepted": "제품이 접수했고 아직 처리 중입니다: {summary}{what}.",
    "found_rows": "{noun}: {rows}건을 찾았습니다.",
    "found_part": "{noun}: 전체 {total}건 중 {rows}건을 읽었습니다.",
    "found_none": "{noun}: 찾은 것이 없습니다.",
    "here_is": "{label}입니다.",
    "rejected": "하지 못함: {summary}{what}. 제품이 거절했습니다{why}.",
    "not_executed": "하지 못함: {summary}{what}{why}.",
    "unknown": "“{summary}{what}” 요청을 보냈지만 처리되었는지 알 수 없습니다. 다시 시도하기 전에 확인해 주세요.",
    "declined": "거절하셔서 하지 않음: {summary}{what}.",
    "refused": "하지 않음: {summary}{what}.",
    "left_open": "하지 않은 작업: {names}. 아무것도 보내지 않았습니다.",
    "not_yet": "아직 하지 않은 작업: {names}. 아무것도 보내지 않았습니다.",
    "times": "{text} ({count}회)",
    "limit": "한 번에 허용된 {limit} 한도에 도달하여 여기에서 멈췄습니다.",
    "limit_today": "오늘 허용된 {limit} 한도에 도달하여 여기에서 멈췄습니다.",
    "price": "비용 한도가 있지만 언어 모델의 가격을 알 수 없어 여기에서 멈췄습니다.",
    "nothing": "요청을 처리하지 못했습니다.",
    "cannot_ask": "더 필요한 정보가 있지만 여쭤볼 수 없었습니다. 필요한 내용을 모두 넣어 다시 말씀해 주세요.",
    "because": ": {why}",
    "and": ", ",
    "or": ", ",
    "undo": "되돌리려면 {words:이라}고 말씀해 주세요.",
    "undo_all": "되돌려 줘",
    "no_undo": "최근에 한 작업 중 여기에서 되돌릴 수 있는 것이 없습니다.",
}
LIMITS_KOREAN = {"model calls": "모델 호출", "tool calls": "도구 호출", "time": "시간", "tokens": "토큰", "money": "비용"}

# What tools/ says of a product's answer, in its own words there (outcome.py, following.py, pages.py, reading.py), and what it gives as reasons.
WARNINGS_KOREAN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), korean)
    for pattern, korean in (
        (r"Done, but the answer could not be read: (.*?)\.?", "완료되었지만 응답을 읽지 못했습니다: {0}."),
        (r"Done, but what came of it could not be read: (.*?)\.?", "완료되었지만 결과를 읽지 못했습니다: {0}."),
        (
            r"The product has accepted this; whether it has been carried out is not known yet\.",
            "제품이 접수했습니다. 처리되었는지는 아직 알 수 없습니다.",
        ),
        (r"Accepted, but how it goes on could not be read: (.*?)\.?", "접수되었지만 진행 상황을 읽지 못했습니다: {0}."),
        (r"Accepted, still running: the product does not say how far it is\.", "접수되어 아직 처리 중입니다. 제품이 진행 상황을 알려 주지 않습니다."),
        (r"Accepted, still running: (.*?)\.?", "접수되어 아직 처리 중입니다: {0}."),
        (r"([\d,]+) of ([\d,]+) read", "전체 {1}건 중 {0}건을 읽었습니다."),
        (r"([\d,]+) read; there are more", "{0}건을 읽었습니다. 더 있습니다."),
        (r"([\d,]+) of ([\d,]+) read: (.*?)\.?", "전체 {1}건 중 {0}건을 읽었습니다: {2}."),
        (r"([\d,]+) read: (.*?)\.?", "{0}건을 읽었습니다: {1}."),
    )
)
REASONS_KOREAN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), korean)
    for pattern, korean in (
        (r"it is larger than (.*?), too large to be kept", "{0}보다 커서 보관할 수 없습니다"),
        (r"it is larger than (.*?), too large to be kept; fewer rows can be asked for with (.*)",
         "{0}보다 커서 보관할 수 없습니다. 행 수를 줄이는 항목: {1}"),
        (r"it is packed as (.*)", "{0} 방식으로 압축되어 있습니다"),
        ("it cannot be unpacked", "압축을 풀 수 없습니다"),
        ("it is too large", "너무 큽니다"),
        ("it broke off", "중간에 끊겼습니다"),
        ("it is nested too deeply", "너무 깊이 중첩되어 있습니다"),
        ("it holds too many (?:lists and objects|elements)", "항목이 너무 많습니다"),
        ("it declares a document type, which is not read", "문서 형식 선언이 있어 읽지 않습니다"),
        (r"it is not valid (\S+)", "올바른 {0} 형식이 아닙니다"),
        ("the answer is empty", "응답이 비어 있습니다"),
        ("a further page could not be read, or was too large with those before it", "다음 페이지를 읽지 못했거나 앞의 것과 합쳐 너무 큽니다"),
        (r"The product could not be reached: (.*?)", "제품에 연결하지 못했습니다: {0}"),
        (r"The product did not answer: (.*?)", "제품이 응답하지 않았습니다: {0}"),
        ("it did not answer in time", "제시간에 응답하지 않았습니다"),
        ("the connection broke before the answer came", "응답이 오기 전에 연결이 끊겼습니다"),
        ("The access token was refused", "액세스 토큰이 거절되었습니다"),
        (r"The product answered (\d+)", "제품이 {0} 응답을 보냈습니다"),
        (r"The product's address is not known\. The product team sets.*",
        "제품의 주소를 알 수 없습니다. 담당 팀이 문서 설정에서 기본 URL을 정해야 합니다"),
        (r"This address may not be called: (.*?)\. The product team sets.*",
        "호출할 수 없는 주소입니다: {0}. 담당 팀이 문서 설정에서 허용해야 합니다"),
        (r"The request was held back: getting ready took too long", "준비가 오래 걸려 요청을 보내지 않았습니다"),
        (r"The product no longer accepts this sign-in; sign in again", "제품이 이 로그인을 더 이상 받지 않습니다. 다시 로그인해 주세요"),
        (r"The product accepted this, but it failed: (.*?)", "제품이 접수했지만 실패했습니다: {0}"),
        ("The product accepted this, but it failed", "제품이 접수했지만 실패했습니다"),
        (r"The product finds nothing for (.*?); look (?:it|them) up again: (.*)", "제품에서 찾을 수 없는 값이 있습니다. 다시 확인해 주세요 ({1})"),
        (r"The product finds nothing for (.*?); look (?:it|them) up again", "제품에서 찾을 수 없는 값이 있습니다. 다시 확인해 주세요 ({0})"),
        ("the connection could not be made", "연결할 수 없습니다"),
        ("holds control characters", "제어 문자가 들어 있습니다"),
        ("holds characters that turn the direction of text", "글의 방향을 바꾸는 문자가 들어 있습니다"),
        ("would lead to another address", "다른 주소로 이어질 수 있습니다"),
        ("is too long", "너무 깁니다"),
        (r"must be one of (.*), not (.*)", "다음 중 하나여야 합니다: {0} (입력: {1})"),
        (r"must be (.*?), not (.*)", "{0} 형식이어야 합니다 (입력: {1})"),
        (r"has a form that (.*) does not fit", "{0} 값은 형식에 맞지 않습니다"),
        ("fits more than one of its forms, of which only one can be given", "여러 형식에 해당합니다. 하나만 입력할 수 있습니다"),
        (r"fits none of its forms \(.*\)", "맞는 형식이 없습니다"),
        (r"cannot be (.*): it is one part of an address", "{0} 값은 주소의 일부로 쓸 수 없습니다"),
        (r"is not right: (.*) is less than the minimum of (.*)", "{1} 이상이어야 합니다 (입력: {0})"),
        (r"is not right: (.*) is greater than the maximum of (.*)", "{1} 이하여야 합니다 (입력: {0})"),
        (r"is not right: (.*) is shorter than (\d+) characters?", "{1}자 이상이어야 합니다 (입력: {0})"),
        (r"is not right: (.*) is longer than (\d+) characters?", "{1}자 이하여야 합니다 (입력: {0})"),
        (r"is not right: (.*) is not an? \"(.*)\"", "{1} 형식이 아닙니다 (입력: {0})"),
    )
)  # fmt: skip


def warned(warning: str) -> str:
    """A warning of tools/ in Korean. What a product said itself stays in its own language."""
    return _put(warning, WARNINGS_KOREAN) or warning


def reasoned(reason: str, *, korean: bool = True) -> str:
    """Why something was not done, in Korean where the words are ours. What a product said itself stays in its own language."""
    if not korean:
        return reason
    text = reason.rstrip(".")
    # "username is too long": the field is named beside it.
    return _put(text, REASONS_KOREAN) or _put(text.partition(" ")[2], REASONS_KOREAN) or reason


def _put(text: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, korean in table:
        if found := pattern.fullmatch(text):
            parts = [part or "" for part in found.groups()]
            return korean.format(*(_put(part.rstrip("."), REASONS_KOREAN) or part for part in parts))
    return ""


class Particled(str):
    """A word that takes its particle: "{label:을}" is "user1을" or "그룹을", whichever its last sound wants."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return f"{self}{particle(self, spec)}" if spec in PAIRS else super().__format__(spec)


PAIRS = {"을": "를", "이": "가", "은": "는", "과": "와", "으로": "로", "이라": "라"}
# How the digits and letters are read that may end a name: 1 일, 3 삼, 6 육; l 엘, m 엠, n 엔, r 알.
CLOSED, ON_L = "013678lmnr", "178lr"


def particle(word: str, after_consonant: str) -> str:
    last = next((c for c in reversed(word.lower()) if c.isalnum()), "")
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28  # Unicode, 3.12: 8 is a final ㄹ
        closed, on_l = final != 0, final == 8
    else:
        closed, on_l = last != "" and last in CLOSED, last != "" and last in ON_L
    return after_consonant if closed and not (on_l and after_consonant == "으로") else PAIRS[after_consonant]


def say(key: str, *, korean: bool, **values: object) -> str:
    if not korean:
        return ENGLISH[key].format(**values)
    return KOREAN[key].format(**{name: Particled(value) if isinstance(value, str) else value for name, value in values.items()})


def stopped(limit: str, *, korean: bool) -> str:
    """Why a turn was ended before its time: `limit` as decide.py, run.py and spending.py name it."""
    if limit in ("cancelled", "price"):
        return say("stopped" if limit == "cancelled" else "price", korean=korean)
    name = limit.removesuffix(" today")
    return say("limit" if name == limit else "limit_today", korean=korean, limit=LIMITS_KOREAN.get(name, name) if korean else name)


def listed(names: list[str], *, korean: bool, last: str = "and") -> str:
    """a, b and c."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + say(last, korean=korean) + names[-1] if names else ""


def lowered(summary: str) -> str:
    """As a part of a sentence: "Create a user." -> "create a user"; "SSO login" stays."""
    text = summary.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def shortened(text: str, limit: int = 200) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
