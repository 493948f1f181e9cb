"""Uploaded bytes to a compiled document. Pure work, no I/O; fast enough to be used on its own: schemas stay packed."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from runtime.errors import DocumentRefused
from specs.catalogue import operations
from specs.document import Document
from specs.entries import Catalogue
from specs.fields import fields, inputs_of_each
from specs.graph import Graph
from specs.head import read_head
from specs.lines import placed
from specs.load import gc_paused
from specs.model import Entry
from specs.outline import Outlines
from specs.overlay import REFUSED as OVERLAY_REFUSED
from specs.overlay import apart, opened
from specs.problems import reference_problems
from specs.record import packed
from specs.services import service_names, services
from specs.tree import Tree, pack
from specs.words import WordIndex


def digest(data: bytes) -> str:
    """The document's hash: of the bytes as they were uploaded, with those of the overlay that came with them."""
    return sha256(data).hexdigest()[:32]


def without_operations(document: Document) -> DocumentRefused:
    """For whoever needs something to call: there is none."""
    missing = next((problem for problem in document.problems if problem.code == "paths_missing"), None)
    detail = missing.message if missing else "The document describes no operation, so there is nothing to call."
    return DocumentRefused(detail, code="document_without_operations", pointer=missing.pointer if missing else "/paths")


def compile_document(data: bytes, progress: Callable[[float], object] = float) -> Document:
    """Raises DocumentRefused, with the line where there is one. `progress` is told the share that is done."""
    try:
        with gc_paused():
            applied = opened(data)
            progress(0.4)
            document = compile_tree(applied.tree, digest(data), progress)
            return replace(document, problems=(*applied.problems, *document.problems), source=packed(data))
    except DocumentRefused as refused:
        if refused.code == OVERLAY_REFUSED:
            raise
        raise placed(refused, apart(data)[0]) from refused


def compile_tree(root: dict[str, Any], named: str, progress: Callable[[float], object] = float) -> Document:
    """The same for a tree that has been read."""
    head = read_head(root)
    tree = pack(root)
    raws, problems = operations(root)
    names = service_names(raws, root)
    progress(0.6)
    outlines = Outlines(root, len(raws))
    inputs = [outlines.inputs(raw) for raw in raws]
    graph = Graph.build(root, raws, inputs, outlines)
    progress(0.7)
    most = inputs_of_each(len(raws))
    words = WordIndex.build((raw.id, fields(raw, inputs[n][:most], outlines.records(raw), names[raw.id])) for n, raw in enumerate(raws))
    progress(0.9)
    return Document(
        hash=named,
        title=head.title[:300],
        version=head.version[:100],
        openapi=head.openapi,
        description=head.description[:10_000],
        servers=head.servers,
        security=head.security,
        security_schemes=head.security_schemes,
        services=services(root, raws, names),
        catalogue=Catalogue.of(Entry(raw.id, raw.method.upper(), raw.path, raw.summary[:300], raw.tags, names[raw.id]) for raw in raws),
        problems=(*head.problems, *problems, *reference_problems(root, tree.text)),
        words=words,
        graph=graph,
        tree=Tree(tree.data),
    )
