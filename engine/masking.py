"""Secrets that a customer types into the chat, masked where they can be recognised, before anything is kept (design.md, 5). Pure.

Rather one too few: what is masked cannot be used, and the promise covers hidden fields only.
"""

import re

from engine.phrases import say
from engine.session import Turn
from tools.request import MASK

KEY = r"(?:api|secret|access|private|auth|encryption)[ _-]?key|client[ _-]?secret|(?:access|auth|api|bearer|refresh|secret|security)[ _-]?token"
LABEL = rf"(?<![\w-])(?:{KEY}|password|passwd|passphrase|passcode|pwd|credentials?|secret|token|비밀번호|암호|패스워드)"
NUMBER = r"(?<![\w-])(?:pin(?:[ -]?(?:code|number))?|cvv|cvc|otp|핀 ?번호)"
QUOTED = r""""[^"\n]{1,200}"|“[^”\n]{1,200}”|'[^'\n]{1,200}'(?!\w)"""
END = r"(?=[.,;:!?)\]}\"'”]*(?:\s|$))"
ANY = rf"(?P<value>{QUOTED}|[^\s\"',;]\S*?){END}"
# A digit or a sign inside: no ordinary word.
ODD = rf"(?P<value>{QUOTED}|(?=[^\s\"']*[\d!#$%^&*+=~])[^\s\"'(]\S{{3,199}}?){END}"
DIGITS = r"(?P<value>\d{3,8})(?![\w.,-]*\d)(?!\s+(?:to|on|in|at)\b)"
VENDORS = r"sk[-_][\w-]{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}\b|AIza[\w-]{30,}"
CHANGES = r"\b(?:set|change|reset|update|make)\b(?:(?!\b(?:send|mail|email|give|share|forward)\b)[^.!?\n]){0,60}?"
# "reset password user1": the word after it is whose password it is.
VERB = "".join(rf"(?<!\b{verb} )" for verb in "reset change update set revoke delete show get rotate expire of".split())  # noqa: SIM905
KOREAN_END = r"(?=(?:으로|로|이야|야|입니다|예요|이에요)?[.,!]?(?:\s|$))"
# "The password is strict": said of it, and not what it is.
PLAIN = (
    "strict missing wrong weak strong old new known lost short long empty blank safe secure unsafe fine ok okay good bad correct incorrect "
    "right valid invalid unique secret public private hidden mine there here gone stale stolen forgotten also still now too not never always "
    "only really very the a an what that which my your their his her set unset due null none optional mandatory temporary broken out no in on "
    "at of for to by from with same different common easy hard simple complex stored kept case as like about one where how who why being "
    "going because so and or but must should can will needed unknown default it this sent shown "
)
SAID = rf"\s+(?:is|was|will be|should be|shall be|=)\s+(?!(?:{'|'.join(PLAIN.split())})\b)(?![a-z]+(?:ed|ing|ble|ive|ory|ent|ant)\b)"
PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<value>-----BEGIN [A-Z ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?s:.*?)(?:-----END [A-Z ]{0,60}-----|\Z))",
        r"(?P<value>(?-i:\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?))",
        r"\b(?:bearer|basic)\s+(?P<value>(?=\S*\d)[\w.~+/=-]{16,})",
        rf"(?P<value>(?<![\w-])(?-i:{VENDORS}))",
        rf"(?<!page )(?<!next )(?<!cursor )(?:{LABEL}|{NUMBER})[\"']?\s*[:=]\s*{ANY}",
        rf"{LABEL}{SAID}{ANY}",
        rf"{NUMBER}(?:\s+(?:is|was|to))?\s+{DIGITS}",
        rf"{VERB}{LABEL}\s+{ODD}",
        rf"{CHANGES}{LABEL}[^.!?\n\"']{{0,40}}?\s(?:to|as)\s+{ODD}",
        rf"(?:비밀번호|암호|패스워드)(?:는|은|를|을|이|가)?\s*(?P<value>{QUOTED}|[\x21-\x7e]{{4,}}?){KOREAN_END}",
    )
]  # fmt: skip
REST = re.compile(re.escape(MASK) + r"[!?#$%^&*]+(?=\s|$)")  # a "!" at the end may be the secret's own
CARD = re.compile(r"(?<![\w.-])(?:[3-6]\d{3}([ -]?)(?:\d{4}\1){2}\d{4}|3[47]\d{2}([ -]?)\d{6}\2\d{5})(?![\w-])")
NO_CARD = re.compile(
    r"\b(?:order|invoice|tracking|reference|ticket|shipment|parcel|imei|id|user|customer|serial)\W*(?:number|no|id)?\W*$", re.IGNORECASE
)


def masked(text: str) -> str:
    """The text with a mask for each secret in it; quotes around one are kept."""
    for pattern in PATTERNS:
        text = pattern.sub(hide, text)
    text = REST.sub(MASK, text)
    return CARD.sub(lambda found: MASK if luhn(found.group()) and not NO_CARD.search(text[: found.start()]) else found.group(), text)


def typed_secret(turn: Turn, *, korean: bool) -> list[str]:
    """Where secrets belong, said once a turn to a customer whose message held one."""
    told = any(event.type == "QuestionAsked" and event.question.kind == "values" for _, event in turn.trail)
    return [say("typed_secret", korean=korean)] if MASK in turn.said.text and not told else []


def hide(found: re.Match[str]) -> str:
    value, start = found["value"], found.start("value") - found.start()
    if MASK in value:
        return found.group()
    left, right = ("", "")
    if value[0] in "\"'“" and len(value) > 1:
        left, right = value[0], value[len(value[:-1].rstrip(".,!?")) :]  # "abcd1234." ends a sentence
    return found.group()[:start] + left + MASK + right + found.group()[start + len(value) :]


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B: the check digit of a card's number."""
    digits = [int(each) for each in reversed(number) if each.isdigit()]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * each, 10)) for each in digits[1::2]) % 10
