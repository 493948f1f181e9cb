"""A compiled document: what is known of all operations at once, and each whole operation when it is asked for."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import orjson

from specs.catalogue import Raw, operations
from specs.definitions import Definitions
from specs.expand import expand
from specs.head import Head, Requirements, read_head
from specs.load import gc_paused
from specs.model import Entry, Operation, Problem, SecurityScheme, Server, Service
from specs.suppliers import Suppliers
from specs.words import WordIndex


class Tree:
    """The document's JSON, kept packed; opened when the first operation is expanded, and then kept."""

    def __init__(self, packed: bytes, root: dict[str, Any] | None = None) -> None:
        self.packed = packed
        self._given = root
        self._operations: dict[str, tuple[Operation, tuple[Problem, ...]]] = {}

    def operation(self, identifier: str) -> tuple[Operation, tuple[Problem, ...]]:
        known = self._operations.get(identifier)
        if known is None:
            operation, problems = expand(self.root, self._raws[identifier], self._head, self._definitions)
            known = self._operations[identifier] = (replace(operation, suppliers=self._suppliers.of(operation)), problems)
        return known

    @cached_property
    def root(self) -> dict[str, Any]:
        if self._given is not None:
            return self._given
        with gc_paused():
            root: dict[str, Any] = orjson.loads(zlib.decompress(self.packed))
        return root

    @cached_property
    def _raws(self) -> dict[str, Raw]:
        return {raw.id: raw for raw in operations(self.root)[0]}

    @cached_property
    def _head(self) -> Head:
        return read_head(self.root)

    @cached_property
    def _definitions(self) -> Definitions:
        return Definitions(self.root, old=self._head.old)

    @cached_property
    def _suppliers(self) -> Suppliers:
        return Suppliers(self.root, self._raws)


@dataclass(frozen=True, eq=False)
class Document:
    """`hash` is that of the uploaded bytes. `problems` are those found without expanding operations."""

    hash: str
    title: str
    version: str
    openapi: str
    description: str
    servers: tuple[Server, ...]
    security: Requirements
    security_schemes: Mapping[str, SecurityScheme]
    services: tuple[Service, ...]
    catalogue: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    words: WordIndex
    tree: Tree

    def operation(self, identifier: str) -> Operation:
        """The whole operation; KeyError when the document has none of this id."""
        return self.tree.operation(identifier)[0]

    def operation_problems(self, identifier: str) -> tuple[Problem, ...]:
        return self.tree.operation(identifier)[1]

    def has(self, identifier: str) -> bool:
        return identifier in self._entries

    def entry(self, identifier: str) -> Entry:
        """The operation's line in the catalogue; KeyError likewise."""
        return self._entries[identifier]

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self.catalogue}
