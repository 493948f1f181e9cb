"""Numbers as people write them: in digits or spelled, English and Korean, with units, scales and signs. Pure; knows no text, only its tokens."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from engine.tokens import Token
from tools.verbs import names

# What is written behind a number, in digits or spelled.
COUNTED_IN = "원 개 명 건 일 년 분 번 장 잔 살 세 인 박 주 호 층 권 병 대 마리 시간 시 개월 주일 달러 유로 퍼센트 프로"
# What may be written right behind the digits, and behind a hyphen: 20ft, 0°C, 30-year-old.
UNITS = re.compile(
    r"([-+]?[\d.,]+)(?:st|nd|rd|th|%|[kmgt]?b|px|ms|s|secs?|m|mins?|h|hrs?|d|days?|km|cm|mm|kg|g|usd|eur|€|\$"
    r"|°|°?[cf]|℃|℉|ft|in|lbs?|oz|mi|ml|l|kw|kwh|w|v|hz|[kmg]hz|am|pm|x"
    r"|-(?:years?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|stars?|pages?|points?|inch(?:es)?|f(?:oo|ee)t|miles?|met(?:er|re)s?"
    r"|km|kg|pounds?|grams?|people|persons?|pieces?|items?|seats?|beds?|bedrooms?|rooms?|stor(?:e?y|ies)|digits?|characters?|words?|lines?|players?"
    r"|steps?|degrees?|percent|dollars?|euros?|gallons?|lit(?:er|re)s?|fold|%)(?:-old|-long)?"
    rf"|(?:{'|'.join(COUNTED_IN.split())}|월|일간|번째|킬로|미터)(?:짜리|씩)?)",
    re.IGNORECASE,
)
DIGITS = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
GROUPED = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2}|\d+,\d{1,2})")  # 1.000,50 and 1.234.567 and 1,5; four groups: an address
EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.500: one and a half, or fifteen hundred
MONEY = "€|eur|euros?|usd|dollars?|gbp|pounds?|krw|won|원|jpy|yen|chf|francs?|kronor|kroner|유로|달러"
MONEYS = re.compile(MONEY)
SIGNS = tuple("$€£¥₩")
SHORT_SCALES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000, "b": 1_000_000_000}
SHORT = re.compile(r"([\d.,]+)(k|mn?|bn?)")
# A decimal comma that is no comma of a list: 1.000,50 and €1,5 and 1,5 kg.
COMMA = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?:\.\d{3})+,\d+(?:€|[a-z]{1,3})?|(?<=[$€£¥₩])\d+,\d{1,2}(?:k|mn?|bn?)?"
    rf"|\d+,\d{{1,2}}(?:(?= ?(?:{MONEY}|%|percent|퍼센트)(?![^\W\d_]))|(?:€|%|[kcm]?[gm]|kwh?|ml|l|h|°c|℃)))(?![\w€]|[.,]\d)",
    re.IGNORECASE,
)
NUMBERED = names(  # what is told apart by a number: "table 5 300 people" are two
    "table room order user page line row gate seat item ticket case issue task invoice step id number no nr flat apartment unit house bus flight "
    "platform channel chapter section level floor box lot group team building version day week customer account device server node port"
)
RANGE = re.compile(r"([1-9]\d{0,2})[-–~]([1-9]\d{0,2})(?:세|살|명|개|일|월|년|시|분|원)?")
ORDINAL = re.compile(r"(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|.{1,9}번째)", re.IGNORECASE)
SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
ONES = {word: number for number, word in enumerate(SMALL.split())}
ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * number for number, word in enumerate(ROUND.split(), 2)}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
MOST_WORDS = 8  # of one number
THOUSANDS = re.compile(r"[1-9]\d{0,2}")
NOT_COUNTING = names("that this the other another which each every any no last next new first right wrong same")
NOT_COUNTED = frozenset(["way", "another", "by"])  # one way, one another, one by one: no number
OTHERS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "once": 1, "twice": 2, "both": 2, "couple": 2, "dozen": 12,
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip
BEGINS = frozenset([*ONES, *TENS, *OTHERS, "a", "an"])  # what a number in words begins with
NATIVE_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90}
NATIVE = re.compile(rf"({'|'.join(NATIVE_TENS)})?(하나|한|둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|아홉)?")
SINO = {digit: number for number, digit in enumerate("일이삼사오육칠팔구", 1)}
SINO_SCALES = {"십": 10, "백": 100, "천": 1_000, "만": 10_000, "억": 100_000_000}
COUNTERS = (*COUNTED_IN.split(), "사람")
COUNTED = re.compile(rf"(.+?)(?:{'|'.join(sorted(COUNTERS, key=len, reverse=True))})")
SCALED, REST = re.compile(r"\d[\d,]*[천만억]+"), re.compile(r"\d[\d,]*(?:[백천만]|원)")
MIXED = re.compile(r"(?:[\d,.]*[십백천만억]|[일이삼사오육칠팔구])+[\d,]*")


def numbers_in(run: tuple[Token, ...]) -> dict[Decimal, str]:
    """Each number that is typed, in digits or spelled, with its span. A part of one is none: no 5 stands in "twenty five" or "5 million"."""
    found: dict[Decimal, str] = {}
    at = 0
    while at < len(run):
        value, count = number_at(run, at)
        count += at + count < len(run) and run[at + count].core.startswith("번째") and value is not None
        span = " ".join(each.typed for each in run[at : at + count])
        for meant in meanings(value, run[at : at + count + 1], count) if value is not None else ends_of(run[at].core):
            known = found.get(meant)
            found[meant] = span if known is None or loose(known) else known
        at += count
    return found


def loose(span: str) -> bool:
    """ "The second one", "both" and one end of "20-30": a number, but not how many of what, and nobody's name."""
    return span.casefold() in OTHERS or ORDINAL.fullmatch(span) is not None or RANGE.fullmatch(span.casefold()) is not None


def ordinal(span: str) -> bool:
    """What may be a day or a place in a row; nobody counts to the 93rd."""
    digits = re.match(r"\d+", span)
    return ORDINAL.fullmatch(span) is not None and (digits is None or int(digits[0]) <= 31)


def ends_of(core: str) -> list[Decimal]:
    """ "Aged 20-30" names both ends; what does not rise is no range."""
    found = RANGE.fullmatch(core)
    return [Decimal(found[1]), Decimal(found[2])] if found and int(found[1]) < int(found[2]) else []


def meanings(value: Decimal, run: tuple[Token, ...], count: int) -> Iterator[Decimal]:
    """5% is 5 and 0.05; 119.5 W is a longitude of -119.5, too; 1.500 euro is either."""
    yield value.normalize()
    if count == 1 and "." in run[0].core and any(EITHER.fullmatch(digits_of(form)) for form in run[0].forms()):
        yield (value * 1_000).normalize()
    after = run[count] if count < len(run) and not run[count - 1].trail else None
    written = run[count - 1].core + run[count - 1].trail
    if written.endswith(("%", "퍼센트")) or (after and after.core in ("%", "percent", "퍼센트")):
        yield (value / 100).normalize()
    west = re.search(r"\d°?[ws]$", written) or (after and (after.typed in ("W", "S") or after.core in ("west", "south")))
    if value > 0 and "." in written and west:
        yield -value.normalize()


def number_at(run: tuple[Token, ...], at: int) -> tuple[Decimal | None, int]:
    """The longest number that begins here, and how many tokens it takes."""
    end = at + 1
    while end < min(len(run), at + MOST_WORDS) and not run[end - 1].trail and not run[end].lead:
        end += 1
    if (value := scaled(run[at:end])) is not None:
        return value, 1
    if (whole := scaled_apart(run[at:end])) is not None:
        return Decimal(whole), 2
    if (digits := next((each for form in run[at].forms() if (each := numeric(form)) is not None), None)) is not None:
        return with_digits(digits, run[at:end], numbered=at > 0 and run[at - 1].core in NUMBERED and not run[at - 1].trail)
    for count in range(end - at, 0, -1) if run[at].core.partition("-")[0] in BEGINS else ():
        number = spelled([word for each in run[at : at + count] for word in each.core.split("-")])
        if number is not None and not (count == 1 and run[at].core == "one" and not counts(run, at)):
            return Decimal(number), count
    behind = run[at + 1].core if at + 1 < end else ""
    return next((Decimal(found) for form in run[at].forms() if (found := korean(form, behind)) is not None), None), 1


def scaled_apart(run: tuple[Token, ...]) -> int | None:
    """3만 5천 원: not "3만", which is "only 3"."""
    if len(run) < 2 or not SCALED.fullmatch(run[0].core) or not REST.match(run[1].core):
        return None
    return korean(f"{run[0].core}{run[1].core}", run[2].core if len(run) > 2 else "")


def counts(run: tuple[Token, ...], at: int) -> bool:
    """Whether this "one" is a number: "that one" and "one way" hold none."""
    before, after = run[at - 1].core if at else "", run[at + 1].core if at + 1 < len(run) else ""
    return before not in NOT_COUNTING and after not in NOT_COUNTED


def scaled(run: tuple[Token, ...]) -> Decimal | None:
    """$1.5m and 2bn euros: of money these are scales, and no minutes."""
    found = SHORT.fullmatch(run[0].core) if run[0].core[:1].isdecimal() else None
    if found is None or not (run[0].lead.endswith(SIGNS) or (len(run) > 1 and MONEYS.fullmatch(run[1].core))):
        return None
    value = numeric(found[1])
    return None if value is None else value * SHORT_SCALES[found[2]]


def with_digits(value: Decimal, run: tuple[Token, ...], *, numbered: bool) -> tuple[Decimal, int]:
    """5, 5 million, 10 000. `numbered`: behind a word for what has a number; only "000" goes on with that."""
    if "-" in run[0].lead:
        value = -value
    if len(run) > 1 and run[1].core in SCALES:
        return value * SCALES[run[1].core], 2
    count = 1
    while THOUSANDS.fullmatch(run[0].core) and count < len(run) and re.fullmatch(r"0\d{2}" if numbered else r"\d{3}", run[count].core):
        value, count = value * 1_000 + (int(run[count].core) if value >= 0 else -int(run[count].core)), count + 1
    return value, count


def digits_of(core: str) -> str:
    """What stands before a unit."""
    united = UNITS.fullmatch(core)
    return united[1] if united else core


def numeric(core: str) -> Decimal | None:
    if len(core) > 40 or not any(map(str.isdecimal, core[:2])):
        return None
    digits = digits_of(core)
    if DIGITS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif GROUPED.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    else:
        return None
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def spelled(words: list[str]) -> int | None:
    """Five; twenty five; three hundred and two; a hundred."""
    if len(words) == 1 and words[0] in OTHERS:
        return OTHERS[words[0]]
    words = ["one" if word in ("a", "an") and len(words) > 1 and words[1] in SCALES else word for word in words if word != "and"]
    total, current = 0, 0
    if not words or any(word not in ONES and word not in TENS and word not in SCALES for word in words) or words[0] in SCALES:
        return None
    for before, word in zip(["", *words], words, strict=False):
        if word in SCALES:
            current *= SCALES[word]
            total, current = (total + current, 0) if SCALES[word] > 100 else (total, current)
        elif before in ONES or (before in TENS and word in TENS):
            return None  # "one two": two numbers, not one
        else:
            current += ONES.get(word, 0) + TENS.get(word, 0)
    return total + current


def korean(core: str, behind: str) -> int | None:
    """스물다섯; 열두 명; 삼만 원; 1만2천원. Short ones only before what they count: 이번 is "this time", 사장 a boss, 이천 a town."""
    if not "가" <= core[-1:] <= "힣":
        return None
    counted = COUNTED.fullmatch(core)
    before_counter = any(behind.startswith(each) for each in COUNTERS)
    if core in NATIVE_TENS:
        return NATIVE_TENS[core] if core == "열" or before_counter else None
    for text, sure in ((core, before_counter), (counted[1] if counted else "", True)):
        native = NATIVE.fullmatch(text)
        if native and native.group() and (native[1] or sure):
            return NATIVE_TENS.get(native[1] or "", 0) + OTHERS.get(native[2] or "", 0)
        least = (2 if text[0].isdecimal() else 3) if not sure else 1 if before_counter or core.endswith("원") else 2
        if MIXED.fullmatch(text) and any(each in text for each in SINO_SCALES) and len(text) >= least:
            return sino(text)
    return None


def sino(text: str) -> int | None:
    """삼만오천, 3만5천, 1억: ten thousands part the number, what stands before a scale multiplies it."""
    total = small = 0
    digits = ""
    for each in text.replace(",", ""):
        if each.isdecimal() or each in SINO:
            digits += each if each.isdecimal() else str(SINO[each])
            continue
        if (scale := SINO_SCALES.get(each)) is None:
            return None
        if scale < 10_000:
            small += int(digits or 1) * scale
        else:
            total += (small + int(digits or (0 if small else 1))) * scale
            small = 0
        digits = ""
    return total + small + int(digits or 0)
