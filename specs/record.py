"""A compiled document as the fields of a Redis hash and back. Only the head is read at once; every other part opens what it is asked for."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import zstandard
from pydantic import BaseModel, ConfigDict

from runtime.errors import Unavailable
from specs.document import Document
from specs.entries import Catalogue
from specs.graph import Graph
from specs.head import Requirements
from specs.model import Problem, SecurityScheme, Server, Service
from specs.tree import Tree
from specs.words import WordIndex

FORMAT = 2
_LEVEL = 1
# Each part of a document beside head and catalogue: it has dumps(), and opens from that and the catalogue.
_PARTS: Mapping[str, Callable[[bytes, Catalogue], Any]] = {
    "words": lambda data, catalogue: WordIndex.loads(data, catalogue.ids),
    "graph": lambda data, catalogue: Graph.loads(data, catalogue.ids),
    "tree": lambda data, _: Tree(data),
}
FIELDS = ("head", "catalogue", *_PARTS)  # what a document is opened from; `source` is stored beside them and asked for alone


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True)

    hash: str
    title: str
    version: str
    openapi: str
    description: str
    servers: tuple[Server, ...]
    security: Requirements
    security_schemes: dict[str, SecurityScheme]
    problems: tuple[Problem, ...]


def dumps(document: Document) -> dict[str, bytes]:
    number = document.catalogue.number
    services = [(one.name, one.description, list(map(number, one.operations))) for one in document.services]
    head = {name: getattr(document, name) for name in _Head.model_fields} | {"security_schemes": dict(document.security_schemes)}
    fields = {
        "head": orjson.dumps({"format": FORMAT, "services": services, **_Head(**head).model_dump(mode="json")}),
        "catalogue": packed(document.catalogue.dumps()),
        **{name: packed(getattr(document, name).dumps()) for name in _PARTS},
    }
    return fields if document.source is None else {**fields, "source": document.source}


def loads(fields: Mapping[str, bytes]) -> Document:
    """From what `dumps` made; raises Unavailable when another version made it."""
    head = orjson.loads(fields["head"])
    if head["format"] != FORMAT:
        detail = f"The stored document has format {head['format']}; this version reads {FORMAT}. Upload it again."
        raise Unavailable(detail, code="document_format_unknown")
    known = _Head.model_validate(head)
    catalogue = Catalogue.loads(unpacked(fields["catalogue"]))
    services = tuple(Service(name, description, tuple(map(catalogue.ids.__getitem__, numbers))) for name, description, numbers in head["services"])
    parts = {name: opened(unpacked(fields[name]), catalogue) for name, opened in _PARTS.items()}
    return Document(**{name: getattr(known, name) for name in _Head.model_fields}, services=services, catalogue=catalogue, **parts)


def packed(data: bytes) -> bytes:
    return zstandard.compress(data, _LEVEL)


def unpacked(data: bytes) -> bytes:
    return zstandard.decompress(data)
