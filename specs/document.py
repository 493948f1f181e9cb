"""A compiled document: what is known of all operations at once, and each whole operation when it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from specs.catalogue import collections, operations, raw_operation
from specs.definitions import Definitions, Reached
from specs.entries import Catalogue
from specs.expand import expand
from specs.graph import Graph
from specs.head import Head, Requirements, read_head, requirements
from specs.model import Entry, Operation, Problem, SecurityScheme, Server, Service, Webhook
from specs.tree import Tree
from specs.webhooks import callbacks, webhooks
from specs.words import WordIndex

_KEPT = 10_000  # expanded operations; all of a hundred thousand would be half a gigabyte


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
    graph: Graph
    tree: Tree
    source: bytes | None = None
    _expanded: dict[str, tuple[Operation, tuple[Problem, ...]]] = field(default_factory=dict, init=False, repr=False)

    def operation(self, identifier: str) -> Operation:
        """The whole operation; KeyError when the document has none of this id."""
        return self._expansion(identifier)[0]

    def operation_problems(self, identifier: str, seen: set[str] | None = None) -> tuple[Problem, ...]:
        """Of an operation and of the schemas it reaches, but for those at pointers that were `seen` before: several reach one schema."""
        operation, problems = self._expansion(identifier)
        reached = operation.definitions
        return (*problems, *reached.problems(set() if seen is None else seen)) if isinstance(reached, Reached) else problems

    def has(self, identifier: str) -> bool:
        return self.catalogue.has(identifier)

    def number(self, identifier: str) -> int:
        """The operation's place in the catalogue; KeyError likewise."""
        return self.catalogue.number(identifier)

    def entry(self, identifier: str) -> Entry:
        """The operation's line in the catalogue; KeyError likewise."""
        return self.catalogue[self.number(identifier)]

    def at(self, path: str) -> list[Entry]:
        """The operations of exactly this path."""
        return [self.catalogue[number] for number in self._paths.get(path, ())]

    @cached_property
    def _paths(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, entry in enumerate(self.catalogue):
            found.setdefault(entry.path, []).append(number)
        return found

    @cached_property
    def collections(self) -> Mapping[str, str]:
        return collections(self.catalogue)

    @cached_property
    def webhooks(self) -> tuple[Webhook, ...]:
        return webhooks(self.tree.root)

    @cached_property
    def callbacks(self) -> tuple[Webhook, ...]:
        return callbacks(self.tree.root, operations(self.tree.root)[0])

    @cached_property
    def secured(self) -> bool:
        """Whether anything in it says that it needs credentials."""
        own = (requirements(raw.operation.get("security")) or () for raw in operations(self.tree.root)[0])
        return any(self.security) or any(any(alternatives) for alternatives in own)

    def _expansion(self, identifier: str) -> tuple[Operation, tuple[Problem, ...]]:
        known = self._expanded.get(identifier)
        if known is None:
            raw = raw_operation(self.tree.root, self.entry(identifier))
            operation, problems = expand(self.tree.root, raw, self._head, self._definitions)
            if len(self._expanded) >= _KEPT:
                self._expanded.clear()
            known = self._expanded[identifier] = (replace(operation, suppliers=self.graph.suppliers(self.number(identifier))), problems)
        return known

    @cached_property
    def _head(self) -> Head:
        return read_head(self.tree.root)

    @cached_property
    def _definitions(self) -> Definitions:
        return Definitions(self.tree.root, old=self._head.old)
