"""Whether a value is the expected one as a person would see it: numbers by amount, texts without case and spacing, times by moment. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)")
_QUOTES = str.maketrans("‘’“”", "''\"\"")


def same(got: Any, wanted: Any) -> bool:
    """The rules, of which the first that fits counts:

    - {any_of: [...]} is each of its values, at any depth; null is also what was not given.
    - True and False are themselves and their words in any case, and no numbers.
    - Where one side is a number, both are compared by amount: 1000, 1000.0, "1,000" and "1000.00".
    - Two texts that are moments with an offset are compared as moments;
      other texts by their letters and marks (NFKC), without case, number of blanks and form of quotes.
    - Lists are as long and the same item by item. Of an object the named keys count, others may be there.
    """
    if isinstance(wanted, Mapping) and wanted.keys() == {"any_of"}:
        return any(same(got, each) for each in wanted["any_of"])
    if got is None or wanted is None:
        return got is wanted
    if isinstance(got, bool) or isinstance(wanted, bool):
        return isinstance(got, bool | str) and isinstance(wanted, bool | str) and str(got).strip().lower() == str(wanted).strip().lower()
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(same(got.get(name), each) for name, each in wanted.items())
    if isinstance(wanted, list | tuple):
        return _listed(got) and len(got) == len(wanted) and all(same(*pair) for pair in zip(got, wanted, strict=True))
    return _scalar(got, wanted)


def _listed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _scalar(got: Any, wanted: Any) -> bool:
    if isinstance(got, str) and isinstance(wanted, str):
        moments = _moment(got), _moment(wanted)
        return moments[0] == moments[1] if None not in moments else folded(got) == folded(wanted)
    amount = _amount(got)
    return amount is not None and amount == _amount(wanted)


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().split())


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, int | float):
        return Decimal(str(value))
    return Decimal(value.strip().replace(",", "")) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else None


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text.strip()):
        return None
    try:
        return datetime.fromisoformat(text.strip().upper())
    except ValueError:
        return None
