"""Small documents for tests, built from the part that matters."""

from pathlib import Path
from typing import Any

import orjson

from preprocess.compile import compile_document
from specs.document import Document
from specs.model import Operation

EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"


def tree(paths: dict[str, Any] | None = None, *, openapi: str = "3.1.0", **more: Any) -> dict[str, Any]:
    return {"openapi": openapi, "info": {"title": "Shop", "version": "1"}, "paths": paths or {}, **more}


def compiled(paths: dict[str, Any] | None = None, **more: Any) -> Document:
    return compile_document(orjson.dumps(tree(paths, **more)))


def only(document: Document) -> Operation:
    """The document's one operation."""
    (entry,) = document.catalogue
    return document.operation(entry.id)


def answering(schema: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}}


def taking(schema: Any) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def published() -> list[dict[str, Any]]:
    """The published documents beside the repository, where they are: [] elsewhere, so that nothing is collected for them."""
    index = EVAL / "specs" / "index.jsonl"
    return [orjson.loads(line) for line in index.read_bytes().splitlines()] if index.exists() else []
