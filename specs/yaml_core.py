"""YAML to JSON values, by the core schema of YAML 1.2: string keys, no timestamps, no tags that make objects.

Built from libyaml's events, so that aliases are counted before they could multiply: twice as fast as PyYAML's loader.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from yaml import YAMLError
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not re-export it
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from runtime.errors import DocumentRefused

_INT = re.compile(r"[-+]?[0-9]{1,19}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TAG = "tag:yaml.org,2002:"
_TEXT_TAGS = {"!", _TAG + "str", _TAG + "timestamp", _TAG + "binary"}
_PLAIN_TAGS = {_TAG + name for name in ("int", "float", "bool", "null")}
_COLLECTION_TAGS = {"!", _TAG + "map", _TAG + "seq"}
_MERGE = "<<"


@dataclass(frozen=True, slots=True)
class Limits:
    nodes: int
    characters: int
    depth: int


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come: where it goes, and what was counted before it."""

    value: Any
    anchor: str | None
    nodes: int
    characters: int
    height: int = 1  # levels of collections, this one included
    key: str | None = None
    merges: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    nodes: int
    characters: int
    height: int


def read_yaml(text: bytes, limits: Limits) -> Any:
    builder = _Builder(limits)
    try:
        for event in events(text):
            builder.take(event)
    except YAMLError as error:
        raise _unreadable(error, text) from error
    return builder.root


def events(text: bytes) -> Iterator[Any]:
    parser = CParser(text)
    next_event: Callable[[], Any] = parser.get_event
    while True:
        event = next_event()
        yield event
        if type(event) is StreamEndEvent:
            return


def scalar(event: ScalarEvent) -> Any:
    """A scalar's value; what core schema does not know is text."""
    text: str = event.value
    if event.tag is None:
        return resolved(text) if event.implicit[0] else text
    if event.tag in _PLAIN_TAGS:
        return resolved(text)
    if event.tag in _TEXT_TAGS:
        return text
    raise _refused("document_yaml_tag", f"The YAML tag {event.tag[:60]!r} is not allowed.", event)


def resolved(text: str) -> Any:
    """YAML 1.2.2, 10.3.2. Numbers that JSON cannot hold stay text (.inf) or lose precision as in JSON (over 64 bits)."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INT.fullmatch(text):
        number = int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        return number if -(2**63) <= number < 2**64 else float(number)
    if _FLOAT.fullmatch(text):
        value = float(text)
        return value if abs(value) < float("inf") else text
    return text


class _Builder:
    """Takes events, keeps the open collections on a stack of its own: no recursion."""

    def __init__(self, limits: Limits) -> None:
        self.root: Any = None
        self._limits = limits
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0
        self._characters = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is ScalarEvent:
            self._scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._open(event, {} if kind is MappingStartEvent else [])
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._close(event)
        elif kind is AliasEvent:
            self._alias(event)
        elif kind is DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                raise _refused("document_not_yaml", "The file holds more than one YAML document.", event)

    def _scalar(self, event: ScalarEvent) -> None:
        self._count(1, len(event.value), event)
        top = self._stack[-1] if self._stack else None
        is_key = top is not None and type(top.value) is dict and top.key is None
        value = event.value if is_key else scalar(event)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, 1, len(event.value), 0)
        self._put(value, event)

    def _open(self, event: Any, value: Any) -> None:
        if event.tag is not None and event.tag not in _COLLECTION_TAGS:
            raise _refused("document_yaml_tag", f"The YAML tag {event.tag[:60]!r} is not allowed.", event)
        if len(self._stack) >= self._limits.depth:
            raise _refused("document_too_deep", f"The document is nested more than {self._limits.depth} levels deep.", event)
        self._stack.append(_Open(value, event.anchor, self._nodes, self._characters))
        self._count(1, 0, event)

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        for merged in done.merges:
            for key, value in merged.items():
                done.value.setdefault(key, value)
        if done.anchor:
            self._anchors[done.anchor] = _Anchored(done.value, self._nodes - done.nodes, self._characters - done.characters, done.height)
        self._deepen(done.height, event)
        self._put(done.value, event)

    def _deepen(self, height: int, event: Any) -> None:
        """A collection of this height goes into the open one."""
        if self._stack and self._stack[-1].height <= height:
            self._stack[-1].height = height + 1
        if len(self._stack) + height > self._limits.depth:
            raise _refused("document_too_deep", f"The document is nested more than {self._limits.depth} levels deep.", event)

    def _alias(self, event: AliasEvent) -> None:
        name = event.anchor or ""
        anchored = self._anchors.get(name)
        if anchored is None:
            raise _refused("document_alias_loop", f"The YAML alias *{name[:60]} is unknown here, or part of itself.", event)
        self._count(anchored.nodes, anchored.characters, event)
        self._deepen(anchored.height, event)
        self._put(anchored.value, event)

    def _put(self, value: Any, event: Any) -> None:
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if type(top.value) is list:
            top.value.append(value)
        elif top.key is None:
            top.key = _key(value, event)
        else:
            if top.key == _MERGE and (merged := _mergeable(value)):
                top.merges.extend(merged)
            else:
                top.value[top.key] = value
            top.key = None

    def _count(self, nodes: int, characters: int, event: Any) -> None:
        self._nodes += nodes
        self._characters += characters
        if self._nodes > self._limits.nodes or self._characters > self._limits.characters:
            by_alias = type(event) is AliasEvent
            limits = f"{self._limits.nodes:,} values or {self._limits.characters:,} characters"
            if by_alias:
                raise _refused("document_too_many_aliases", f"YAML aliases multiply the document beyond {limits}.", event)
            raise _refused("document_too_large", f"The document has more than {limits}.", event)


def _key(value: Any, event: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | int | float):
        return str(value)  # an alias to a scalar
    raise _refused("document_key_not_text", "A key of a mapping is a list or a mapping; keys must be text.", event)


def _mergeable(value: Any) -> list[Any]:
    """The mappings that a merge key brings in; nothing if "<<" is an ordinary key here."""
    several = value if isinstance(value, list) else [value]
    return several if all(isinstance(one, dict) for one in several) else []


def _refused(code: str, detail: str, event: Any) -> DocumentRefused:
    return DocumentRefused(detail, code=code, line=event.start_mark.line + 1)


def _unreadable(error: YAMLError, text: bytes) -> DocumentRefused:
    mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
    line = mark.line + 1 if mark is not None else None
    if line is None and isinstance(position, int):  # of a character that YAML does not allow
        line = text.count(b"\n", 0, position) + 1
    what = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "not readable")[:200]
    where = f", line {line}" if line else ""
    return DocumentRefused(f"The document is not valid YAML: {what}{where}.", code="document_not_yaml", line=line)
