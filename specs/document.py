"""A compiled document: what is known of all operations at once, and each whole operation when it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from specs.catalogue import Raw, operations, raw_operation
from specs.definitions import Definitions
from specs.entries import Catalogue
from specs.expand import Expanded, expand
from specs.head import Head, Requirements, read_head
from specs.model import Entry, Operation, Problem, SecurityScheme, Server, Service
from specs.suppliers import Suppliers
from specs.tree import Tree
from specs.words import WordIndex


@dataclass(frozen=True, eq=False)
class Document:
    """`hash` is that of the uploaded bytes. `problems` are those found without expanding operations.

    `source` is what was uploaded, packed: only while the document is being stored, since few ever ask for it.
    """

    hash: str
    title: str
    version: str
    openapi: str
    description: str
    servers: tuple[Server, ...]
    security: Requirements
    security_schemes: Mapping[str, SecurityScheme]
    services: tuple[Service, ...]
    catalogue: Catalogue
    problems: tuple[Problem, ...]
    words: WordIndex
    tree: Tree
    source: bytes | None = None
    _expanded: dict[str, Expanded] = field(default_factory=dict, init=False, repr=False)

    def operation(self, identifier: str) -> Operation:
        """The whole operation; KeyError when the document has none of this id."""
        return self._expansion(identifier).operation

    def operation_problems(self, identifier: str) -> tuple[Problem, ...]:
        found = self._expansion(identifier)
        return (*found.problems, *found.reached.problems())

    def has(self, identifier: str) -> bool:
        return self.catalogue.has(identifier)

    def entry(self, identifier: str) -> Entry:
        """The operation's line in the catalogue; KeyError likewise."""
        return self.catalogue[self.catalogue.number(identifier)]

    def _expansion(self, identifier: str) -> Expanded:
        known = self._expanded.get(identifier)
        if known is None:
            raw = raw_operation(self.tree.root, self.entry(identifier))
            found = expand(self.tree.root, raw, self._head, self._definitions)
            known = found._replace(operation=replace(found.operation, suppliers=self._suppliers.of(found.operation)))
            self._expanded[identifier] = known
        return known

    @cached_property
    def _head(self) -> Head:
        return read_head(self.tree.root)

    @cached_property
    def _definitions(self) -> Definitions:
        return Definitions(self.tree.root, old=self._head.old)

    @cached_property
    def _suppliers(self) -> Suppliers:
        raws: dict[str, Raw] = {raw.id: raw for raw in operations(self.tree.root)[0]}
        return Suppliers(self.tree.root, raws)
