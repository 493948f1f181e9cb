"""Whether a change is for all of a kind at once, and whether the customer's words ask for all. Pure; knows no call."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from engine.words import QUOTED, QUOTES
from specs.model import Operation
from specs.words import tokens
from tools.fields import words
from tools.purpose import things
from tools.verbs import DELETING, names

ALL = re.compile(
    r"\b(?:all|every|each|everyone|everybody|everything|entire|whole|them|these|those|bulk)\b|모두|모든|전부|전체|싹|들(?=[을의에은이도]|\s|$)",
    re.IGNORECASE,
)
EMPTYING = re.compile(r"\b(?:clear|empty|purge|prune|wipe|flush|truncate|reset|clean)\b|비워|비우", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+(?:[_.@+/:-]?[^\W_]+)*")
PLURALS = frozenset(["people", "children", "men", "women"])
NEXT = re.compile(r"[\s:]+(?:(?:called|named)\s+)?(['\"]?\w\S*)")
FURTHER = re.compile(r"(?:,|,?\s+(?:and|or)\b)\s+(['\"]?\w\S*)", re.IGNORECASE)
ENDING = DELETING | names("prune cancel stop end close kill terminate restart lock block disable deactivate suspend archive reset expire")
# What goes on after "the nodes" without naming one of them; so does what ends in -ed, -ing or -ly.
ONWARD = names(
    "in on of from at by to for with without within under over after before since until between than older newer larger smaller",
    "that which who whose where when as if and or but is are was were has have not please now today again too there here then",
)


def deletes_one(operation: Operation, known: Mapping[str, str]) -> str | None:
    """Of an operation that deletes a whole collection: the one that deletes one of it, if there is one. `known`: the document's collections."""
    path = operation.path.rstrip("/")
    return known.get(path) or None if operation.method == "DELETE" and not path.endswith("}") else None


def kinds_of(operation: Operation) -> frozenset[str]:
    """Stems of what stands in the collection."""
    return things(" ".join([*literal_parts(operation.path)[-1:], *words(operation.id)[-1:]]))


def literal_parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part and not part.startswith("{")]


def changes_many(operation: Operation, known: Mapping[str, str]) -> str | None:
    """The collection that an operation changes as a whole (DELETE /tasks, POST /tasks/cancel), where the document knows single ones (/tasks/{id})."""
    path = operation.path.rstrip("/")
    if operation.method == "POST" and ENDING & {*words(path.rpartition("/")[2])[:1]}:
        path = path.rpartition("/")[0]
    elif operation.method != "DELETE":
        return None
    last = path.rpartition("/")[2]
    return last if last and not last.startswith("{") and path in known else None


def named_one(text: str, kind: str) -> str | None:
    """12 of "delete the task 12": what stands right behind the thing, in the singular."""
    return next(iter(names_behind(text, kind)), None)


@lru_cache(maxsize=1_024)
def names_behind(text: str, kind: str) -> tuple[str, ...]:
    """All that stand so: "the server a-1 and the server a-2", "the server a-1 and a-2". What follows "and" may be anything else, too."""
    return tuple(_names_behind(text, kind))


def _names_behind(text: str, kind: str) -> Iterator[str]:
    plain, wanted = text.translate(QUOTES), set(tokens(kind))
    if not wanted:  # "to" and "from" are no things
        return
    for found in WORD.finditer(QUOTED.sub(lambda each: "\x00" * len(each.group()), plain)):
        if set(tokens(found.group())) == wanted and not is_plural(found.group()) and names_some(plain[found.end() :]):
            after = NEXT.match(plain, found.end())
            while after:
                yield after[1].strip(".,;!?'\"")
                after = FURTHER.match(plain, after.end() - after[1].endswith(","))


def asks_for_all(text: str, kinds: Collection[str]) -> bool:
    """all nodes, the nodes, 모든 노드; but neither "node worker-3" nor "nodes worker-3 and worker-4"."""
    plain = QUOTED.sub(" x ", text.translate(QUOTES))
    if ALL.search(plain):
        return True
    said = [found for found in WORD.finditer(plain) if set(tokens(found.group())) & set(kinds) and len(tokens(found.group())) == 1]
    if not said:
        return EMPTYING.search(plain) is not None
    return any(is_plural(found.group()) and not names_some(plain[found.end() :]) for found in said)


def names_some(after: str) -> bool:
    """worker-3 and worker-4, right behind "nodes"."""
    found = NEXT.match(after)
    word = found[1].lower().strip(".,;!?") if found else ""
    return bool(word) and word not in ONWARD and not (len(word) > 3 and word.endswith(("ed", "ing", "ly")))


def is_plural(word: str) -> bool:
    word = word.lower()
    return word in PLURALS or (len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")))
