"""What is personal or secret by its form alone: cards, accounts, national numbers, tokens. Spans of a text, each proved by its checksum. Pure."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from tools.fields import names

# Fields that hold such a number whatever it looks like, as plain names.
PERSONAL_NAMES = names(
    "ssn socialsecuritynumber residentregistrationnumber residentnumber rrn juminno jumin alienregistrationnumber nationalid nationalidnumber",
    "nationalidentitynumber passportnumber passportno driverlicensenumber driverslicensenumber cardnumber creditcardnumber cvv cvc iban",
    "주민등록번호 주민번호 외국인등록번호 여권번호 운전면허번호 카드번호 계좌번호",
)
EDGE, END = r"(?<![A-Za-z0-9_.+-])", r"(?![A-Za-z0-9_]|[.-][0-9])"
ONE_BY_ONE = re.compile(r"[^0-9A-Za-z]")
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28,
    "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25,
    "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
# By the first digits and the lengths that networks hand out: sixteen digits that are no card pass Luhn one time in ten.
CARDS = re.compile(
    r"4(\d{15}|\d{18})|(5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d*|3[47]\d{13}"
    r"|3(0[0-5]|[68]\d)\d{11}|35(2[89]|[3-8]\d)\d{12}|(6011|65\d\d|64[4-9]\d|62\d\d)\d{12,15}"
)
TOKENS = re.compile(
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"  # JWT, RFC 7519
    r"|\b[Bb]earer [A-Za-z0-9._~+/-]{16,}=*|\b[Bb]asic [A-Za-z0-9+/]{16,}={1,2}"
    r"|\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{22,}|\bglpat-[A-Za-z0-9_-]{20,}"
    r"|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[0-9]-[A-Za-z0-9-]{10,}"
    r"|\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{16,}"
    r"|\bsk-[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}"
    r"|\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|\bnpm_[A-Za-z0-9]{36}|\bpypi-[A-Za-z0-9_-]{50,}|\bhf_[A-Za-z0-9]{30,}"
    r"|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----))*(?:-----END [A-Z ]{1,40}-----)?"
    r"|(?<=://)[^\s/:@]{1,100}:[^\s/@]{3,200}(?=@)"  # a user and a password in an address
)
# Said to be one: password=..., "api_key": "...". What follows has a digit, so that "token: required" stays.
SAID = re.compile(
    r"(?i)\b(?:(?:api|access|secret|private)[_-]?key|client[_-]?secret|(?:access|auth|refresh)[_-]?token|passw(?:or)?d|비밀번호)"
    r"""["']?\s{0,3}[:=]\s{0,3}["']?((?=[^\s"',;&]{0,100}[0-9])[^\s"',;&]{8,200})"""
)


def spans(text: str, named_id: bool = False) -> list[tuple[int, int]]:
    """Where something is to be masked. `named_id`: of a field that holds an identifier, whose plain digits are just that."""
    found = [match.span() for match in TOKENS.finditer(text)] + [match.span(1) for match in SAID.finditer(text)]
    if any(character.isdigit() for character in text):
        found += [span for shape, proof in SHAPES for span in proved(text, shape, proof) if not (named_id and text[slice(*span)].isalnum())]
    return sorted(found)


def proved(text: str, shape: re.Pattern[str], proof: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    for match in shape.finditer(text):
        if proof(match.group()):
            yield match.span()


def compact(text: str) -> str:
    return ONE_BY_ONE.sub("", text)


def luhn(digits: str) -> bool:
    total = sum(int(digit) if place % 2 == 0 else sum(divmod(2 * int(digit), 10)) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def is_card(text: str) -> bool:
    digits = compact(text)
    return CARDS.fullmatch(digits) is not None and len(set(digits)) > 1 and luhn(digits) and (not digits.startswith(("5", "2")) or len(digits) == 16)


def is_iban(text: str) -> bool:
    """ISO 13616: moved to the end, the first four make the whole 1 modulo 97."""
    plain = compact(text).upper()
    if IBAN_LENGTHS.get(plain[:2]) != len(plain):
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_resident_number(text: str) -> bool:
    """Korea, citizens and foreigners: the day of birth, then the century and sex. Numbers since October 2020 have no check digit.

    Without its hyphen a number needs that digit, or one in thirty counts of milliseconds would be a person.
    """
    digits = compact(text)
    century = 2000 if digits[6] in "3478" else 1900
    if digits[6] not in "12345678" or not is_day(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6])):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=False))
    return "-" in text or (11 - total % 11) % 10 == int(digits[12])


def is_ssn(text: str) -> bool:
    """USA: no area 000, 666 or 9xx, no group 00, no serial 0000; and not the ones that were printed in advertisements."""
    area, group, serial = re.split("[ -]", text)
    return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000" and text not in {"078-05-1120", "219-09-9999"}


def is_cpf(text: str) -> bool:
    """Brazil: two check digits."""
    digits = [int(digit) for digit in compact(text)]
    checks = [10 * sum(digit * (place - number) for number, digit in enumerate(digits[: place - 1])) % 11 % 10 for place in (10, 11)]
    return len(set(digits)) > 1 and checks == digits[9:]


def is_dni(text: str) -> bool:
    """Spain, citizens and foreigners: the letter is the number modulo 23."""
    plain = compact(text).upper()
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdecimal() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == plain[-1]


def is_chinese_id(text: str) -> bool:
    """ISO 7064, MOD 11-2, over area, day of birth and serial."""
    known = is_day(int(text[6:10]), int(text[10:12]), int(text[12:14])) and 1900 <= int(text[6:10]) <= 2100
    return known and "10X98765432"[sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17])) % 11] == text[17].upper()


def is_nir(text: str) -> bool:
    """France: 97 less the number modulo 97."""
    plain = compact(text)
    return int(plain[13:]) == 97 - int(plain[:13]) % 97


ODD_PLACES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)  # of A to Z, and of 0 to 9


def is_fiscal_code(text: str) -> bool:
    """Italy: the last letter over the others, by a table of its own for every other place."""
    signs = [int(sign) if sign.isdecimal() else ord(sign) - 65 for sign in text.upper()]
    return sum(ODD_PLACES[sign] if place % 2 == 0 else sign for place, sign in enumerate(signs[:15])) % 26 == signs[15]


SHAPES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(EDGE + r"\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}" + END), is_card),
    (re.compile(EDGE + r"3\d{3}[ -]?\d{6}[ -]?\d{4,5}" + END), is_card),
    (re.compile(EDGE + r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?" + END), is_iban),
    (re.compile(EDGE + r"\d{6}-?[1-8]\d{6}" + END), is_resident_number),
    (re.compile(EDGE + r"\d{3}-\d{2}-\d{4}" + END), is_ssn),
    (re.compile(EDGE + r"\d{3}\.\d{3}\.\d{3}-\d{2}" + END), is_cpf),
    (re.compile(EDGE + r"(?:\d{8}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z]" + END), is_dni),
    (re.compile(EDGE + r"[1-9]\d{16}[\dXx]" + END), is_chinese_id),
    (re.compile(EDGE + r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}" + END), is_nir),
    (re.compile(EDGE + r"[A-Za-z]{6}\d{2}[A-EHLMPRSTa-ehlmprst]\d{2}[A-Za-z]\d{3}[A-Za-z]" + END), is_fiscal_code),
)
