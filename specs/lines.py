"""Lines of JSON pointers, and keys that stand twice, by reading the text again when somebody asks: YAML by its events, JSON by a scan of its own."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import orjson

from runtime.errors import DocumentRefused
from specs.load import MAX_DEPTH, plain
from specs.model import Problem
from specs.pointers import escape

_LEXEME = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_BRACKET = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]')
_MOST = 100  # keys that stand twice


@dataclass(slots=True)
class _Level:
    """An open collection: the pointer it has and where in it we are."""

    pointer: str
    mapping: bool
    key: str | None = None
    index: int = 0
    keys: set[str] = field(default_factory=set)

    def child(self) -> str:
        return f"{self.pointer}/{escape(self.key or '') if self.mapping else self.index}"

    def next(self) -> None:
        self.key, self.index = None, self.index + 1

    def named(self, key: str) -> bool:
        """Takes the next key; True when it stood here before."""
        again = key in self.keys
        self.keys.add(key)
        self.key = key
        return again


def with_lines(problems: Iterable[Problem], text: bytes) -> list[Problem]:
    """The problems with lines, counted from 1; what has no place of its own gets its parent's."""
    given = list(problems)
    lines = lines_of(text, {problem.pointer for problem in given}) if given else {}
    return [replace(problem, line=_nearest(problem.pointer, lines)) for problem in given]


def lines_of(text: bytes, pointers: Iterable[str]) -> Mapping[str, int]:
    """Of these pointers and their parents, as far as they occur."""
    wanted = {parent for pointer in pointers for parent in _parents(pointer)}
    return {pointer: line for pointer, line, _ in _places(text) if pointer in wanted}


def duplicate_keys(text: bytes) -> list[Problem]:
    """Keys that stand twice in one object: of JSON and YAML alike the last counts, and whoever wrote the first does not know."""
    message, fix = "This key stands twice in one object; only the last one counts.", "Take one of them away."
    again = (Problem("warning", "key_duplicate", pointer, message, fix, line) for pointer, line, twice in _places(text) if twice)
    return list(islice(again, _MOST))


def placed(refused: DocumentRefused, data: bytes) -> DocumentRefused:
    """With the line, where a place is known and the line is not."""
    pointer, line = refused.more["pointer"], refused.more["line"]
    if line is None and refused.code == "document_too_deep":
        line = _deep(plain(data))
    elif line is None and pointer is not None:
        wanted = set(_parents(pointer))
        found = {place: number for place, number in _until(pointer, plain(data)) if place in wanted}
        line = _nearest(pointer, found)
    return DocumentRefused(refused.detail, code=refused.code, pointer=pointer, line=line)


def _until(pointer: str, text: bytes) -> Iterator[tuple[str, int]]:
    for place, line, _ in _places(text) if pointer else ():
        yield place, line
        if place == pointer:
            return


def _deep(text: bytes) -> int | None:
    """The line where JSON is nested too deep."""
    depth = 0
    for match in _BRACKET.finditer(text):
        sign = match.group()
        depth += (sign in (b"{", b"[")) - (sign in (b"}", b"]"))
        if depth > MAX_DEPTH:
            return text.count(b"\n", 0, match.start()) + 1
    return None


def _places(text: bytes) -> Iterator[tuple[str, int, bool]]:
    """Every pointer with its line, and whether it is a key that stood there before."""
    return _json_places(text.decode()) if text.lstrip()[:1] in (b"{", b"[") and _is_json(text) else _yaml_places(text)


def _is_json(text: bytes) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _parents(pointer: str) -> Iterator[str]:
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def _nearest(pointer: str, lines: Mapping[str, int]) -> int | None:
    return next((lines[parent] for parent in _parents(pointer) if parent in lines), None if pointer else 1)


def _json_places(text: str) -> Iterator[tuple[str, int, bool]]:
    stack: list[_Level] = []
    line, at = 1, 0
    for match in _LEXEME.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        lexeme = match.group()
        top = stack[-1] if stack else None
        if lexeme in "}]":
            stack.pop()
        elif lexeme == ",":
            stack[-1].next()
        elif top and top.mapping and top.key is None:
            again = top.named(orjson.loads(lexeme))
            yield top.child(), line, again
        elif lexeme != ":":
            if top and not top.mapping:
                yield top.child(), line, False
            if lexeme in "{[":
                stack.append(_Level(top.child() if top else "", lexeme == "{"))


def _yaml_places(text: bytes) -> Iterator[tuple[str, int, bool]]:
    from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, MappingStartEvent, ScalarEvent

    from specs.yaml_core import events

    stack: list[_Level] = []
    for event in events(text):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, CollectionEndEvent):
            stack.pop()
            if stack:
                stack[-1].next()
        elif isinstance(event, ScalarEvent | AliasEvent | CollectionStartEvent):
            top = stack[-1] if stack else None
            if top and top.mapping and top.key is None:
                again = top.named(_yaml_key(event)) and isinstance(event, ScalarEvent) and top.key != "<<"
                yield top.child(), line, again
                continue
            if top and not top.mapping:
                yield top.child(), line, False
            if isinstance(event, CollectionStartEvent):
                stack.append(_Level(top.child() if top else "", isinstance(event, MappingStartEvent)))
            elif top:
                top.next()


def _yaml_key(event: Any) -> str:
    return str(getattr(event, "value", ""))
