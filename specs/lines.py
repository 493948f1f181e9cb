"""Lines of JSON pointers, by reading the text once more when somebody asks. YAML by its events, JSON by a scan of its own."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from specs.model import Problem
from specs.pointers import escape

_LEXEME = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(slots=True)
class _Level:
    """An open collection: the pointer it has and where in it we are."""

    pointer: str
    mapping: bool
    key: str | None = None
    index: int = 0

    def child(self) -> str:
        return f"{self.pointer}/{escape(self.key or '') if self.mapping else self.index}"

    def next(self) -> None:
        self.key, self.index = None, self.index + 1


def with_lines(problems: Iterable[Problem], text: bytes) -> list[Problem]:
    """The problems with lines, counted from 1; what has no place of its own gets its parent's."""
    given = list(problems)
    lines = lines_of(text, {problem.pointer for problem in given}) if given else {}
    return [replace(problem, line=_nearest(problem.pointer, lines)) for problem in given]


def lines_of(text: bytes, pointers: Iterable[str]) -> Mapping[str, int]:
    """Of these pointers and their parents, as far as they occur."""
    wanted = {parent for pointer in pointers for parent in _parents(pointer)}
    places = _json_places(text.decode()) if text.lstrip()[:1] in (b"{", b"[") and _is_json(text) else _yaml_places(text)
    return {pointer: line for pointer, line in places if pointer in wanted}


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


def _json_places(text: str) -> Iterator[tuple[str, int]]:
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
            top.key = orjson.loads(lexeme)
            yield top.child(), line
        elif lexeme != ":":
            if top and not top.mapping:
                yield top.child(), line
            if lexeme in "{[":
                stack.append(_Level(top.child() if top else "", lexeme == "{"))


def _yaml_places(text: bytes) -> Iterator[tuple[str, int]]:
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
                top.key = _yaml_key(event)
                yield top.child(), line
                continue
            if top and not top.mapping:
                yield top.child(), line
            if isinstance(event, CollectionStartEvent):
                stack.append(_Level(top.child() if top else "", isinstance(event, MappingStartEvent)))
            elif top:
                top.next()


def _yaml_key(event: Any) -> str:
    return str(getattr(event, "value", ""))
