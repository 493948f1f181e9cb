"""Which operations and definitions two documents have in common, told from their text: nothing is normalised or expanded for it. Pure."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import orjson

from specs.catalogue import Raw, operations
from specs.document import Document
from specs.references import Found, locate
from specs.schema import name

_REFERENCE = re.compile(rb'"\$ref":("(?:[^"\\]|\\.)*")')
_ITEM = ("parameters", "servers", "summary", "description")  # what an operation takes from its path item
# Root fields by which operations are read; servers and security are compared by access_diff.py.
_READ_BY = ("swagger", "consumes", "produces", "jsonSchemaDialect")


class Unchanged:
    """`definitions`: the names, as in Operation.definitions, of those that are the same with everything they reach."""

    def __init__(self, before: Document, after: Document) -> None:
        self._roots = before.tree.plain(), after.tree.plain()
        self._raws = tuple({raw.id: raw for raw in operations(root)[0]} for root in self._roots)
        self._comparable = _read_by(self._roots[0]) == _read_by(self._roots[1])

    def operation(self, before: str, after: str) -> bool:
        """Whether these two, by id, need not be looked at."""
        old, new = self._texts[0].get(before), self._texts[1].get(after)
        return self._comparable and old is not None and old == new and not (_references(old) & self._changed)

    @cached_property
    def definitions(self) -> frozenset[str]:
        return frozenset(name(pointer) for pointer in self._reached - self._changed) if self._comparable else frozenset()

    @cached_property
    def _texts(self) -> tuple[dict[str, bytes], ...]:
        return tuple({identifier: _text(raw) for identifier, raw in raws.items()} for raws in self._raws)

    @cached_property
    def _walked(self) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
        """What each pointer refers to, and the pointers whose own text differs."""
        waiting = list(frozenset().union(*(_references(text) for text in self._texts[1].values())))
        edges: dict[str, frozenset[str]] = {}
        differing = set()
        for pointer in waiting:
            if pointer in edges:
                continue
            old, new = (_at(root, pointer) for root in self._roots)
            edges[pointer] = _references(new)
            waiting.extend(edges[pointer] - edges.keys())
            if old != new:
                differing.add(pointer)
        return edges, frozenset(differing)

    @cached_property
    def _reached(self) -> frozenset[str]:
        return frozenset(self._walked[0])

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Also those that reach one that differs."""
        edges, differing = self._walked
        users: dict[str, list[str]] = {}
        for pointer, targets in edges.items():
            for target in targets:
                users.setdefault(target, []).append(pointer)
        found, waiting = set(differing), list(differing)
        while waiting:
            new = [user for user in users.get(waiting.pop(), ()) if user not in found]
            found.update(new)
            waiting.extend(new)
        return frozenset(found)


def _read_by(root: Mapping[str, Any]) -> tuple[Any, ...]:
    return str(root.get("openapi"))[:3], *(orjson.dumps(root.get(field)) for field in _READ_BY)


def _text(raw: Raw) -> bytes:
    return orjson.dumps([raw.operation, *(raw.item.get(field) for field in _ITEM)])


def _at(root: Mapping[str, Any], pointer: str) -> bytes:
    found = locate(root, pointer)
    return orjson.dumps(found.node) if isinstance(found, Found) else b""


def _references(text: bytes) -> frozenset[str]:
    """The pointers into this document. What only looks like a reference, in an example, does no harm."""
    targets: Iterable[str] = (orjson.loads(one) for one in set(_REFERENCE.findall(text)))
    return frozenset(unquote(one[1:]) for one in targets if one.startswith("#"))
