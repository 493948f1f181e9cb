"""Uploaded bytes to a compiled document. Pure work, no I/O; fast enough to be used on its own: schemas stay packed."""

from collections.abc import Callable
from hashlib import sha256

from runtime.errors import DocumentRefused
from specs.catalogue import operations
from specs.document import Document
from specs.entries import Catalogue
from specs.fields import fields
from specs.head import read_head
from specs.load import gc_paused
from specs.model import Entry
from specs.overlay import opened
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
    """Raises DocumentRefused. `progress` is told the share that is done."""
    with gc_paused():
        applied = opened(data)
        root = applied.tree
        progress(0.4)
        head = read_head(root)
        tree = pack(root)
        raws, problems = operations(root)
        names = service_names(raws)
        progress(0.6)
        words = WordIndex.build((raw.id, fields(root, raw)) for raw in raws)
        progress(0.9)
        return Document(
            hash=digest(data),
            title=head.title[:300],
            version=head.version[:100],
            openapi=head.openapi,
            description=head.description[:10_000],
            servers=head.servers,
            security=head.security,
            security_schemes=head.security_schemes,
            services=services(root, raws, names),
            catalogue=Catalogue.of(Entry(raw.id, raw.method.upper(), raw.path, raw.summary[:300], raw.tags, names[raw.id]) for raw in raws),
            problems=(*applied.problems, *head.problems, *problems, *reference_problems(root, tree.text)),
            words=words,
            tree=Tree(tree.data),
            source=packed(data),
        )
