"""What says itself where it belongs: an id that begins with its kind (safe_12), a count before the things that are listed (5 users). Pure."""

import re
from collections.abc import Iterator

from engine.builtin import words
from engine.builtin.affinity import Request
from engine.builtin.mentions import Mention, unquoted
from engine.builtin.toolbox import Field, Tool

ID = re.compile(r"(?<![\w@./-])(?P<kind>[A-Za-z]+)[_-]\w*\d\w*(?![\w@/-]|\.\w)")
COUNT = re.compile(rf"(?<![\w.,-])(?P<count>\d{{1,4}}|{'|'.join(words.NUMBERS)})\s+(?P<thing>[A-Za-z]+s)\b", re.IGNORECASE)
OF_TIME = frozenset("seconds minutes hours days weeks months quarters years times".split())  # noqa: SIM905
SIZES = frozenset({"limit", "count", "size", "top", "max"})


def identified(request: Request) -> Iterator[tuple[Field, Mention]]:
    """The one field of the kind that an id begins with, where one id of that kind is said."""
    places = [f for f in request.tool.fields if f.role == "identifier" and not f.many and len(f.path) == 1]
    found = list(ID.finditer(unquoted(request.text)))
    for match in found:
        own = [f for f in places if _of_kind(f, match["kind"])]
        if len(own) == 1 and sum(_of_kind(own[0], other["kind"]) for other in found) == 1 and own[0].formed(match.group()):
            yield own[0], Mention(match.group(), "code", *match.span())


def _of_kind(field: Field, kind: str) -> bool:
    return any(words.abbreviates(kind.lower(), word) for word in field.own_words)


def counted(tool: Tool, text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """show me 5 users: how many of a list."""
    sizes = [f for f in tool.fields if f.role in ("page", "number") and SIZES & set(words.parts(f.name)) and "integer" in f.kinds]
    for match in COUNT.finditer(unquoted(text)):
        count = sizes[0].value(match["count"]) if len(sizes) == 1 and tool.reads and tool.plural else None
        thing = match["thing"].lower()
        bounds = sizes[0].item if sizes else {}
        if count and thing not in OF_TIME and words.stem(thing) in tool.nouns and bounds.get("minimum", 1) <= count <= bounds.get("maximum", count):
            yield sizes[0].path, count
