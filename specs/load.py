"""Bytes to a JSON tree: JSON or YAML, gzip or not, within limits. Knows nothing of OpenAPI and fetches nothing."""

import gc
import re
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from runtime.errors import DocumentRefused

MAX_BYTES = 32 * 1024 * 1024
MAX_NODES = 3_000_000
MAX_CHARACTERS = 2 * MAX_BYTES  # of all scalars once YAML aliases are expanded
MAX_DEPTH = 250  # orjson writes 254 levels: what passes here can always be written back


def read(data: bytes) -> dict[str, Any]:
    """The document's tree; every key is a string, every value is JSON."""
    text = plain(data)
    with gc_paused():
        tree = _json(text) if _looks_like_json(text) else _yaml(text)
    if not isinstance(tree, dict):
        raise DocumentRefused("The document is not an object with fields such as 'openapi' and 'paths'.", code="document_not_object", pointer="")
    return tree


def canonical(tree: Any) -> bytes:
    """The tree, or a part of it, as compact JSON. Writing it is also the check of its depth, in C."""
    try:
        return orjson.dumps(tree)
    except TypeError as error:
        raise _too_deep() from error


def plain(data: bytes) -> bytes:
    """Unpacked, without byte order mark, UTF-8 if it is text at all: the parsers check that."""
    if data[:2] == b"\x1f\x8b":
        data = _unzip(data)
    if len(data) > MAX_BYTES:
        raise _too_large()
    if data.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        data = _text(data, "utf-16").encode()
    data = data.removeprefix(BOM_UTF8)
    if _BEGINNING.search(data) is None:
        raise DocumentRefused("The document is empty.", code="document_empty")
    return data


@contextmanager
def gc_paused() -> Iterator[None]:
    """The collector would scan the growing tree again and again: four times the time on large documents.

    What was built is old at once (freeze and thaw move it there unscanned), or the first collection would walk it all: 20 ms for 13 MB.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


_BEGINNING = re.compile(rb"\S")


def _looks_like_json(text: bytes) -> bool:
    first = _BEGINNING.search(text)
    return first is not None and first.group() in (b"{", b"[", b'"')


def _json(text: bytes) -> Any:
    # A value takes two bytes. Commas inside texts count too: an upper bound that costs 12 ms for 13 MB, before anything is built.
    if len(text) > 2 * MAX_NODES and text.count(b",") + text.count(b"[") + text.count(b"{") > MAX_NODES:
        raise _too_large()
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if "depth" in str(error) or "ecursion" in str(error):
            raise _too_deep() from error
        _text(text, "utf-8")
        return _flow_yaml(text, error)


def _flow_yaml(text: bytes, error: orjson.JSONDecodeError) -> Any:
    """YAML may open with a brace as well; what is neither is reported as the JSON it looks like."""
    try:
        return _yaml(text)
    except DocumentRefused as refused:
        if refused.code not in ("document_not_yaml", "document_alias_loop"):
            raise
        detail = f"The document is not valid JSON: {error.msg}, line {error.lineno}, column {error.colno}."
        raise DocumentRefused(detail, code="document_not_json", line=error.lineno) from error


def _yaml(text: bytes) -> Any:
    from specs.yaml_core import Limits, read_yaml  # PyYAML is needed for YAML only

    _text(text, "utf-8")
    return read_yaml(text, Limits(nodes=MAX_NODES, characters=MAX_CHARACTERS, depth=MAX_DEPTH))


def _unzip(data: bytes) -> bytes:
    """Every member of a gzip file, never more than one byte over the limit."""
    out = bytearray()
    try:
        while data and len(out) <= MAX_BYTES:
            member = zlib.decompressobj(wbits=31)
            out += member.decompress(data, MAX_BYTES + 1 - len(out))
            if not member.eof and len(out) <= MAX_BYTES:
                raise DocumentRefused("The gzip file ends too early.", code="document_not_gzip")
            data = member.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise DocumentRefused("The gzip file is damaged.", code="document_not_gzip") from error
    return bytes(out)


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentRefused("The document is not text in UTF-8 or UTF-16.", code="document_not_text", line=line) from error


def _too_large() -> DocumentRefused:
    return DocumentRefused(f"The document is over {MAX_BYTES // 1024**2} MB or {MAX_NODES:,} values.", code="document_too_large")


def _too_deep() -> DocumentRefused:
    return DocumentRefused(f"The document is nested more than {MAX_DEPTH} levels deep.", code="document_too_deep")
