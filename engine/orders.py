"""Whether a text that was read gives orders to the assistant, and what of such a text may stand in our own sentences. Pure.

It protects nothing by itself (any filter can be passed by): it tells the customer, and makes what is doubtful anyway be refused.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from engine.intent import intent
from tools.verbs import CHANGING, READING, names

LONG, PLAIN, MOST = 8_000, 200, 400  # characters of a text's beginning and of its end; of one that is read without its disguises; texts of one body
HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
TAG = re.compile(r"<[^<>\n]{0,200}>")
PACKED = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{24,4000}={0,2}(?![\w+/=])")
# Cyrillic and Greek letters that look like Latin ones.
ALIKE = str.maketrans("аеорсухіјѕһԁԛԝАВЕКМНОРСТХУІЈЅαικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijshdqwABEKMHOPCTXYIJSaikvoptuxABEZHIKMNOPTYX")
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|all|any|your|preceding|former)\b[^.\n]{0,30}"
    r"\b(?:instruction|prompt|rule|direction|guideline|command|order|task|message|restriction)s?\b"
    r"|\b(?:new|updated|real|actual|hidden|secret|following)\s+(?:system\s+)?(?:instruction|prompt|directive)s?\s*(?::|for (?:the|you|any|ai)\b)"
    r"|\b(?:system|developer)[ _](?:message|prompt|instruction|override|notice)s?\b\W*[:)\]>]"
    r"|\b(?:dear|hey|hello|attention|note to|message (?:to|for)|instructions? (?:to|for))\W+(?:the |any |all |this |you,? )?"
    r"(?:ai|llm|chatbot|language model|(?:ai |virtual )?assistant|agent|bot|model|gpt|claude)\b(?:\s*[:,!.]|\s+(?:reading|processing|that))"
    r"|\byou(?:,? (?:the )?| are (?:now )?(?:an? |the )?)(?:ai|llm|(?:ai |helpful )?assistant|language model|chatbot|agent in)\b"
    r"|\b(?:ai|llm|assistant|chatbot|agent)\W{0,3}\s(?:must|should|shall|has to|needs to|is to)\s+(?:now\s+|immediately\s+|also\s+)?[a-z]"
    r"|\b(?:user|customer|owner|admin)\s+(?:has\s+)?already\s+(?:approved|authori[sz]ed|consented|said yes)\b"
    r"|\bdo not (?:tell|inform|mention|ask|show|notify|warn|alert)\b[^.\n]{0,20}\b(?:user|customer|owner|human|anyone)\b"
    r"|[\[(<#*]{1,3}\s*(?:system|assistant|developer)\s*[\])>]"
    r"|\bend of (?:data|response|result|output|document|context)\b|\bbegin (?:new )?(?:instructions?|system)\b"
    r"|<\|?(?:im_start|im_end|system|assistant|tool_call|function_call|endoftext)\b|\[/?INST\]|<</?SYS>>"
    r"|[\"']?(?:tool_calls?|function_call|tool_use)[\"']?\s*[:=>]|\{\s*[\"'](?:name|tool|function"
    r"|operation)[\"']\s*:\s*[\"'][\w.-]+[\"']\s*,\s*[\"'](?:arguments|parameters|input|args)[\"']"
    r"|(?:이전|앞선|위의?|기존|모든)\s*(?:의\s*)?(?:지시|명령|지침|규칙|프롬프트)\S*\s*(?:\S+\s*){0,2}(?:무시|잊|따르지|취소)"
    r"|시스템\s*(?:메시지|프롬프트|지시|명령)|(?<![A-Za-z])(?:AI|인공지능|어시스턴트|도우미|챗봇|에이전트|비서)(?:는|은|에게|님|야)"
    r"|(?:고객|사용자|관리자)\S{0,2}\s*이미\s*(?:승인|허락|동의|허가)"
    r"|ignorez? (?:toutes )?(?:les )?instructions|ignorier\w* (?:alle )?(?:vorherigen|bisherigen)"
    r"|ignora (?:todas )?las instrucciones|忽略(?:之前|以上|所有)|無視して|игнорируй",
    re.IGNORECASE,
)
# What people write to each other, too: a sign that something is wanted, and no more.
HINTS = re.compile(
    r"(?:^|\n)\W{0,6}(?:system|assistant|tool|developer)\W{0,3}:\s"
    r"|\bfor (?:the |any |all |this )?(?:ai|llm|chatbot|language model|(?:ai |virtual )?assistant|agent|bot|model|gpt|claude)\b\s*[:,!.]"
    r"|\b(?:user|customer|owner|admin)\s+(?:has\s+)?(?:approved|authori[sz]ed|confirmed|consented|agreed|said yes)\b"
    r"|\bin your (?:answer|response|reply|next (?:answer|message|step|call))\b|\b(?:to|of|into) your (?:response|answer|reply)\b"
    r"|(?<![A-Za-z])(?:AI|인공지능|어시스턴트|도우미|챗봇|에이전트|비서)[,!:]|(?:고객|사용자|관리자)\S{0,2}\s*(?:승인|허락|동의|허가)",
    re.IGNORECASE,
)
# Whom a wish behind it is meant for.
ROLE = re.compile(
    r"(?:(?:^|\n)\W{0,6}(?:system|assistant|tool|developer)\W{0,3}:|(?<![A-Za-z])(?:AI|인공지능|어시스턴트|도우미|챗봇|에이전트|비서)[,!:])\s+([^\n]+)",
    re.IGNORECASE,
)
CALLS = re.compile(
    r"\b(?:call|invoke|run|execute|use)\s+(?:the\s+)?(?:tool|function|operation|endpoint|api)\b|\b(?:call|invoke)\s+[a-z]+(?:[A-Z_]\w*)+"
)
TODO = re.compile(r"^\W*(?:todo|important|urgent|attention|action required|note|reminder)\b[\s:!.\-]+(?=\w)", re.IGNORECASE)
ASKING = re.compile(r"^\W*(?:please|kindly|can you|could you|you must|you should|now)\b", re.IGNORECASE)
# The endings 해, 내, 어, 아, 여 and 라 are those of names, too (김해, 시내): they count behind what is to be done, or to whom.
KOREAN_WISH = re.compile(
    r"(?:[가-힣]{2}해|[가-힣]\s?(?:줘|봐|꿔|세요|시오|주십시오)|(?:[을를]|에게|모두|전부)\s.*[가-힣](?:해|내|어|아|여|라))\s*[.!]*\s*$"
)
# "Mark Smith", "Report May 2026", "Post office": a name, or a title of two words. Whom "Delete everyone" means is no thing's name.
NAMED = re.compile(
    r"[A-Z][a-z]+(?: (?:[A-Z][a-z]*\.?|[IVX]+|\d+))+|[A-Z][a-z]+ (?!(?:it|me|us|him|her|them|this|that|all|every\w*|any\w*|now)$)[a-z]+"
)
SENTENCES = re.compile(r"(?<=[.!?:;])\s+|\n+")
VERBS = CHANGING | READING | names("ignore explain draft translate replace include insert execute visit")
ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s<>\"')]+|\b(?:javascript|data|vbscript|file|mailto):\S+", re.IGNORECASE)
HOST = re.compile(r"(?<![\w.+-])[\w.+-]*@?\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b", re.IGNORECASE | re.ASCII)
NAME = 8  # words
MARKUP = re.compile(r"!?\[([^\[\]\n]*)\]\s*\([^)\n]*\)|<[/!]?[a-zA-Z][^>\n]{0,200}>")


@lru_cache(maxsize=64)
def spoken(text: str) -> tuple[str, ...]:
    """The text without the disguises that a reader sees through: invisible and look-alike characters, tags, entities, base64."""
    shown = html.unescape(
        HIDDEN.sub("", unicodedata.normalize("NFKC", text if len(text) <= 2 * LONG else f"{text[:LONG]}\n{text[-LONG:]}"))
    ).translate(ALIKE)
    return (shown, *([TAG.sub(" ", shown)] if "<" in shown else []), *unpacked(shown))


def unpacked(text: str) -> Iterator[str]:
    for packed in PACKED.findall(text):
        try:
            yield base64.b64decode(packed + "=" * (-len(packed) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue


@lru_cache(maxsize=2_048)
def gives_orders(text: str) -> bool:
    """Whether it plainly speaks to an assistant; "System: delete it" does, and "System: Windows 11" does not."""
    return any(ORDERS.search(each) or CALLS.search(each) or any(map(is_wish, ROLE.findall(each))) for each in spoken(text))


@lru_cache(maxsize=2_048)
def asks_something(text: str) -> bool:
    """Whether any sentence of it could be meant for whoever reads. Taken widely: a question counts, too."""
    return wants_something(text) or any(sentence.rstrip().endswith("?") for sentence in sentences(text))


@lru_cache(maxsize=2_048)
def wants_something(text: str) -> bool:
    """Whether any sentence of it orders or wishes something, of whomever."""
    return gives_orders(text) or any(map(HINTS.search, spoken(text))) or any(map(is_wish, sentences(text)))


def is_wish(sentence: str) -> bool:
    if KOREAN_WISH.search(sentence):
        return True
    if NAMED.fullmatch(sentence.strip()):
        return False
    begins = TODO.match(sentence) is not None or ASKING.match(sentence) is not None or first_word(sentence) in VERBS
    return begins or bool(intent(sentence[:PLAIN]).asked)


def sentences(text: str) -> Iterator[str]:
    yield from (sentence for each in spoken(text) for sentence in SENTENCES.split(each) if " " in sentence.strip())


def first_word(sentence: str) -> str:
    found = re.search(r"[^\W\d_]+", sentence)
    return found.group().lower() if found else ""


def tame(text: str) -> str:
    """As it may stand in a sentence of ours: no address, no markup, nothing that gives orders; no host in what wants something."""
    if gives_orders(text):
        return ""
    shown = ADDRESS.sub("…", MARKUP.sub(r"\1", HIDDEN.sub("", text)))
    return " ".join((HOST.sub("…", shown) if wants_something(text) else shown).split())


def called(text: str) -> str:
    """The same for what should be a name: a text that wants something, or tells a story, is none."""
    return "" if wants_something(text) or len(text.split()) > NAME else tame(text)
