"""Whether the words of a row hold a value: written apart from the engine's own search, so that one can judge the other. Pure.

literally: the value stands in the words as it is, whole, case apart; every leaf of it.
no: no token of the value occurs in the words (inflections and numbers in words apart), no time that the words name is it, and the document has no
default or only value that it is. Such a value is knowledge of the world or a choice: nobody can find it in the words.
partly: the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from engine.events import JSON
from specs.words import stem, tokens
from tools.dates import resolve

Held = Literal["literally", "partly", "no"]
NUMBERS = dict(zip("zero one two three four five six seven eight nine ten eleven twelve".split(), range(13), strict=True))  # noqa: SIM905
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


@dataclass(frozen=True)
class Words:
    text: str
    now: int = 0

    @cached_property
    def plain(self) -> str:
        return " ".join(self.text.casefold().split())

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(normal(each) for each in TOKEN.findall(self.text))

    @cached_property
    def days(self) -> str:
        found = resolve(self.text, datetime.fromtimestamp(self.now / 1000, UTC), "UTC", "en")
        return " ".join(str(each) for each in (found or {}).values())

    def literal(self, value: JSON) -> bool:
        """As whole tokens; a boolean is never said literally, nor a word of the grammar ("IT")."""
        if isinstance(value, bool) or value is None or isinstance(value, list | dict) or (str(value).isalpha() and not tokens(str(value))):
            return False
        text = " ".join(str(value).casefold().split())
        return bool(text) and re.search(rf"(?<![\w.@-]){re.escape(text)}(?![\w@-]|\.\w)", self.plain) is not None


def normal(token: str) -> str:
    token = token.casefold().replace(",", "")
    number = NUMBERS.get(token)
    if number is None and re.fullmatch(r"\d+(?:\.\d+)?", token):
        return f"{float(token):g}"
    return stem(token) if number is None else f"{number:g}"


def held_by(value: JSON, schema: Any, words: Words) -> Held:
    if words.literal(value):
        return "literally"
    if isinstance(schema, Mapping) and (schema.get("default") == value or schema.get("const") == value or schema.get("enum") == [value]):
        return "partly"
    if isinstance(value, str) and len(value) >= 8 and re.match(r"\d{4}-\d\d-\d\d", value) and value[:10] in words.days:
        return "partly"
    return "partly" if any(normal(each) in words.tokens for each in TOKEN.findall(str(value))) else "no"


def known_value(spec: Mapping[str, Any]) -> JSON:
    """The first value that the set allows, None where there is none."""
    return next((found for each in spec.get("any_of", ()) if (found := whole(each)) not in ("", None, [], {})), None)


def whole(value: Any) -> JSON:
    if isinstance(value, dict) and "$fields" in value:
        return {name: found for name, each in value["$fields"].items() if (found := known_value(each)) is not None}
    if isinstance(value, dict) and "$items" in value:
        return [whole(each) for each in value["$items"]]
    return value


def gold_values(gold: Mapping[str, Any]) -> dict[str, JSON]:
    return {name: value for name, each in gold.items() if (value := known_value(each)) is not None}
