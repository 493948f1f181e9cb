"""What an operation is for, by its own names: the verbs it does, the things it does them to. Pure; knows no words of a customer."""

import re
from functools import lru_cache

from specs.model import Operation
from specs.words import tokens
from tools.fields import words
from tools.verbs import CHANGING, DELETING, DONE_BY, GROUPS, READING, THINGS, THINGS_ALIKE

METHODS = {"POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
WORD = re.compile(r"[\w][\w'@.\-]*[\w]|\w")
ALIKE = tuple(frozenset(tokens(" ".join(group))) for group in THINGS_ALIKE)
STEMS = frozenset(tokens(" ".join((CHANGING | READING) - THINGS)))  # verbs as `tokens` makes them: no names of things


def verbs_of(operation: Operation) -> frozenset[str]:
    """The changing verbs its own name says: summary, id, last part of the path; else what its method means."""
    changing = [word for word in named_verbs(operation) if word in CHANGING]
    return frozenset(changing or ([METHODS[operation.method]] if operation.method in METHODS else []))


def named_verbs(operation: Operation) -> tuple[str, ...]:
    return naming_verbs(operation.id, operation.summary, operation.path)


@lru_cache(maxsize=4_096)
def naming_verbs(operation_id: str, summary: str, path: str) -> tuple[str, ...]:
    return tuple(word for name in _naming(operation_id, summary, path) for word in name if is_verb(word))


def _naming(operation_id: str, summary: str, path: str) -> list[list[str]]:
    """The words that may hold a verb: the first ones of the summary, of the id, of the path's last part."""
    last = path.rstrip("/").rpartition("/")[2]
    summarised = [singular(word.lower()) for word in WORD.findall(summary)[:2]]
    named = [summarised, list(words(operation_id)[:3]), [] if last.startswith("{") else list(words(last)[:3])]
    # An id made from method and path begins with the method, which says nothing.
    return [name[1:] if name[:1] == ["post"] else name for name in named]


def verbs_of_id(operation_id: str) -> frozenset[str]:
    """The verbs in an operation's id, where only that is known."""
    return frozenset(word for word in words(operation_id) if is_verb(word) and word not in THINGS)


def is_verb(word: str) -> bool:
    return word in CHANGING or word in READING


def singular(word: str) -> str:
    """Creates -> create, fetches -> fetch: summaries are written in both ways."""
    return next((form for form in (word.removesuffix("s"), word.removesuffix("es")) if is_verb(form)), word)


def names_of(operation: Operation) -> frozenset[str]:
    """The things it is about."""
    return _names_of(operation.id, operation.summary, operation.path, operation.tags)


@lru_cache(maxsize=4_096)
def _names_of(operation_id: str, summary: str, path: str, tags: tuple[str, ...]) -> frozenset[str]:
    literal = re.sub(r"\{[^{}]*\}", " ", path)
    verbs = {name[0] for name in _naming(operation_id, summary, path) if name and is_verb(name[0]) and name[0] not in THINGS}
    return frozenset(tokens(" ".join((operation_id, summary, literal, *tags)))) - STEMS - set(tokens(" ".join(verbs)))


def things(text: str) -> frozenset[str]:
    """The stems of the things a text names, with other words for them."""
    found = frozenset(tokens(text)) - STEMS
    return found.union(*(group for group in ALIKE if group & found))


def says(asked: str, verbs: frozenset[str]) -> bool:
    """Whether one of these verbs is the one that is asked for, or another word for it."""
    return asked in verbs or any(asked in group and group & verbs for group in GROUPS)


def same_verb(asked: str, verbs: frozenset[str]) -> bool:
    """Whether an operation with these verbs does what is asked."""
    return says(asked, verbs) or any(asked in special and general & verbs for special, general in DONE_BY)


def may_read(operation: Operation) -> bool:
    """A POST that says nothing about what it does, or says that it reads."""
    found = named_verbs(operation)
    return operation.method == "POST" and (not found or found[0] in READING)


def only_reads(operation: Operation) -> bool:
    """A POST whose own name says that it searches, and nothing in it that it changes."""
    found = named_verbs(operation)
    return may_read(operation) and bool(found) and not any(word in CHANGING for word in found)


def destructive(operation: Operation) -> bool:
    return operation.method == "DELETE" or bool(verbs_of(operation) & DELETING)
