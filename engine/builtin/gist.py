"""What of a tool is compared with a sentence: its words by the place they stand in, and how many values of which kind it takes. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engine.builtin import words
from engine.builtin.toolbox import Field, Tool
from specs.words import tokens

Kind = Literal["number", "time", "text"]
NAME, SUMMARY, CHOICE, FIELD, DESCRIPTION, TOLD = 1.0, 0.9, 0.7, 0.6, 0.5, 0.4  # what a word says about a tool, by its place
LONG, LONGER = 300, 600  # characters of a field's and of the tool's description that are looked at
_COMMANDS = frozenset(t for word in words.COMMANDS - words.VERBS["read"] for t in tokens(word))
_ASKED = ("want", "need", "like", "help", "please", "find", "get", "show", "tell", "give", "can", "know", "look")
# Words of every request, and of every second name; "ordered" is little, to order is not.
PLAIN = (frozenset(t for word in words.STOP | words.EMPTY for t in tokens(word)) - _COMMANDS) | {t for word in _ASKED for t in tokens(word)}


@dataclass(frozen=True, slots=True)
class Traits:
    name: tuple[str, ...]
    summary: tuple[str, ...]
    named: Mapping[str, float]  # words of the two
    every: Mapping[str, float]  # and of its fields and listed values
    takes: Mapping[Kind, int]
    needs: Mapping[Kind, int]  # the same of the required fields
    secrets: tuple[frozenset[str], ...]  # the words of each that is required, or that the tool is named for
    required: int
    somewhere: bool  # a field says where
    addresses: frozenset[str]  # kinds of those it takes


@lru_cache(maxsize=1_000)
def traits(tool: Tool) -> Traits:
    name, summary = tuple(tokens(tool.name)), tuple(tokens(tool.summary))
    plain = PLAIN - {*tool.nouns}
    named = {**dict.fromkeys(summary, SUMMARY), **dict.fromkeys(name, NAME)}
    every: dict[str, float] = {}
    for weight, said in (
        (TOLD, _told(tool.fields)),
        (DESCRIPTION, [tool.told[:LONGER]]),
        (FIELD, _names(tool.fields)),
        (CHOICE, _choices(tool.fields)),
    ):
        every |= dict.fromkeys(tokens(" ".join(said)), weight)
    return Traits(
        name=tuple(t for t in dict.fromkeys(name) if t not in plain),
        summary=tuple(t for t in dict.fromkeys(summary) if t not in plain),
        named=named,
        every={**every, **named},
        takes=_kinds(tool.fields),
        needs=_kinds(f for f in tool.fields if f.required),
        secrets=tuple(own for f in tool.fields if f.role == "secret" and (own := frozenset(tokens(f.name))) and (f.required or own <= {*name})),
        required=sum(f.required for f in tool.fields),
        somewhere=any({*words.parts(f.name), *words.parts(f.said)} & words.PLACE_WORDS for f in tool.fields),
        addresses=frozenset(f.role for f in tool.fields if f.role in ("url", "email")),
    )


def _names(fields: Iterable[Field]) -> list[str]:
    return [field.name for field in fields]


def _told(fields: Iterable[Field]) -> list[str]:
    return [field.said[:LONG] for field in fields]


def _choices(fields: Iterable[Field]) -> list[str]:
    return [str(value) for field in fields for value in field.choices]


def _kinds(fields: Iterable[Field]) -> Mapping[Kind, int]:
    return Counter(kind for field in fields if (kind := _kind(field)) is not None)


def _kind(field: Field) -> Kind | None:
    if field.role in ("switch", "choice", "page", "secret"):
        return None
    if field.role == "time":
        return "time"
    return "number" if field.kinds and field.kinds <= {"integer", "number"} else "text"
